"""Errors of files: they are not there, cannot be opened, or are not what their name says."""

from supportkpi.errors.error import KpiError


class FileMissing(KpiError):
    """No file or folder of that name is there.

    Check the spelling and the folder you are in. A pattern that matches nothing (``exports/*.csv``) is this error too.
    """

    slug = "file-not-found"


class FileUnreadable(KpiError):
    """The file is there but the system does not let it be read: no permission, or another program holds it open.

    Close the program that has it open (a spreadsheet on Windows locks its workbook), or copy the file.
    """

    slug = "file-unreadable"


class FileEmpty(KpiError):
    """The file has no bytes, or nothing but blank lines.

    An export that ran into a time limit often ends like this. Export again.
    """

    slug = "file-empty"


class FormatUnknown(KpiError):
    """The bytes are none of CSV, TSV, JSON, NDJSON, XLSX, XLS, ODS, Parquet, nor any of these in gzip, zstd or zip.

    A PDF, a document of a word processor and a web page without a table end here.
    Open the file in the program that it belongs to and save it as CSV (UTF-8) or XLSX.
    """

    slug = "format-unknown"


class ArchiveBroken(KpiError):
    """A compressed file or a workbook ends too early, is damaged or locked, or expands beyond what any export needs.

    A zip archive without an export in it, or with names that lead out of it, is this error too.
    Download it again; if it is sound, unpack it yourself and give the file inside.
    """

    slug = "archive-broken"


class EncodingUnclear(KpiError):
    """The text is not UTF-8 and its bytes fit several old encodings about equally well.

    Say which one it is with ``--encoding``, for example ``--encoding cp1251``, or export as UTF-8.
    """

    slug = "encoding-unclear"


class EncodingWrong(KpiError):
    """The file cannot be read in the encoding that was asked for, or no encoding has that name.

    Leave ``--encoding`` out to let the program find it, or give another one.
    """

    slug = "encoding-wrong"


class TableBroken(KpiError):
    """The file opens but no table can be found in it: no header row, or one column only where several are needed.

    Give the delimiter with ``--delimiter``, the sheet with ``--sheet``, or remove title lines above the header.
    """

    slug = "table-broken"


class JsonBroken(KpiError):
    """The file starts like JSON but does not continue as JSON, or holds no list of records.

    A record for each ticket is needed: a list, an object with a list inside, or one object a line.
    """

    slug = "json-broken"


class SheetUnknown(KpiError):
    """The workbook has no sheet of that name, or several sheets that look like ticket tables.

    Name one with ``--sheet``.
    """

    slug = "sheet-unknown"


class DatasetBroken(KpiError):
    """A folder that ``convert`` wrote is damaged: a file is missing, cut or changed, or a later version wrote it.

    Convert the export again. Files of such a folder belong together: copy or edit none of them alone.
    """

    slug = "dataset-broken"

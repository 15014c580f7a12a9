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
    """The bytes are none of CSV, TSV, JSON, NDJSON, XLSX, nor any of these in gzip.

    A page of HTML with the name of a spreadsheet, a PDF and an old binary workbook end here.
    Open the file in the program that it belongs to and save it as CSV (UTF-8) or XLSX.
    """

    slug = "format-unknown"


class ArchiveBroken(KpiError):
    """A compressed file ends too early, is damaged, or expands beyond what any export needs.

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

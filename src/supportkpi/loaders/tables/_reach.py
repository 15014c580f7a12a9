"""How far the sheets of a workbook reach: a lone value far away would make its reader lay out billions of cells."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from supportkpi.errors import ArchiveBroken, TableBroken, Where
from supportkpi.loaders.tables._bytes import titled
from supportkpi.loaders.tables._old_office import Torn, reach

CELLS = 1_000_000  # that nobody asks about
ROWS, COLUMNS = 1_048_576, 16_384  # of the largest sheet that there can be
SPARSE = 10  # cells a byte of a sheet's XML; a cell that is there takes ten bytes or more
_IS = rb"""(?<![\w:])r\s*=\s*["']\s*"""  # small letters, single quotes and blanks are read as well as what Excel writes
_FAR = re.compile(_IS + rb"(?:[A-Za-z]{3}|[A-Za-z]{0,2}\d{5})")
_ROW = re.compile(_IS + rb"[A-Za-z]*(\d+)")
_COLUMN = re.compile(_IS + rb"([A-Za-z]{2,})")
_CODED = re.compile(_IS + rb"[^\"'>]*&")
_ROWS = re.compile(rb"""number-rows-repeated\s*=\s*["']\s*(\d+)""")
_COLUMNS = re.compile(rb"""number-columns-repeated\s*=\s*["']\s*(\d{3,})\s*["'](?![^>]*/>\s*</table:table-row>)""")


def check_reach(data: bytes, kind: str, path: str) -> int:
    """How many cells hold a fault of a formula, where no sheet reaches much further than what is in it.

    Raises:
        TableBroken: one does.
        ArchiveBroken: a part of the workbook cannot be unpacked.
    """
    if kind == "xls":
        try:
            _check(*reach(data), len(data), path)
        except Torn:
            raise damaged(path, kind) from None
        return 0
    faults = 0
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            for entry in book.infolist():
                if kind == "xlsx" and "worksheets/" in entry.filename and entry.filename.endswith(".xml"):
                    faults += _check_sheet(book.read(entry), path)
                elif kind == "ods" and entry.filename == "content.xml":
                    _check_repeats(book.read(entry), path)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, NotImplementedError):
        raise damaged(path, kind) from None
    return faults


def damaged(path: str, kind: str) -> ArchiveBroken:
    """The error about a workbook that cannot be opened."""
    what = "is a damaged workbook"
    if kind == "xls":
        what = "is a workbook with a password, a damaged old one (.xls), or another old document of Office"
    hint = "open it and save it again, as XLSX or CSV"
    return ArchiveBroken(f"{titled(path)} {what}", hint=hint, where=Where(path=path))


def _check_sheet(xml: bytes, path: str) -> int:
    if _CODED.search(xml) is not None:  # nobody writes a place in signs that stand for other signs
        raise ValueError("a place that is written in codes")
    if _FAR.search(xml) is not None:
        rows = max((int(number[:9]) for number in _ROW.findall(xml)), default=1_000)
        columns = max(map(_place, set(_COLUMN.findall(xml))), default=26)
        if rows > ROWS or columns > COLUMNS:
            raise _far(rows, columns, path)
        _check(rows, columns, len(xml), path)
    return xml.count(b't="e"')


def _check(rows: int, columns: int, size: int, path: str) -> None:
    if rows * columns > CELLS and rows * columns > SPARSE * size:
        raise _far(rows, columns, path)


def _far(rows: int, columns: int, path: str) -> TableBroken:
    return TableBroken(
        f"a sheet has a value far away from all others: it reaches to row {rows:,} and column {columns:,}",
        hint="delete what stands there, or copy the table to a sheet of its own",
        where=Where(path=path),
    )


def _place(letters: bytes) -> int:
    """The number of a column: A is 1, AA is 27."""
    number = 0
    for letter in letters[:9].upper():
        number = number * 26 + letter - 64
    return number


def _check_repeats(xml: bytes, path: str) -> None:
    """Rows and cells that say how many of them there are, up to the last value of each sheet."""
    for sheet in xml.split(b"<table:table ")[1:]:
        held = sheet[: sheet.rfind(b"value-type") + 1]
        rows = held.count(b"<table:table-row") + sum(int(times[:9]) for times in _ROWS.findall(held))
        columns = 26 + max((int(times[:9]) for times in _COLUMNS.findall(held)), default=0)
        _check(rows, columns, len(held), path)

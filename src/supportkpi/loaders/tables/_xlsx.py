"""Workbooks to tables: which sheets, where the header stands, cells with their types."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

import fastexcel
import polars as pl

from supportkpi.decisions import Reading
from supportkpi.errors import SheetUnknown, TableBroken, Where
from supportkpi.loaders.tables._bytes import Source
from supportkpi.loaders.tables._choices import gathered
from supportkpi.loaders.tables._delimited import LOOK, Layout, Record, lay_out
from supportkpi.loaders.tables._footers import DEEP, footer_from, is_blank
from supportkpi.loaders.tables._reach import check_reach, damaged
from supportkpi.loaders.tables._table import ROW, Table

# The reader says through logging that a column is empty; without a handler Python would print that.
for _name in ("fastexcel", "calamine"):
    logging.getLogger(_name).addHandler(logging.NullHandler())


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    layout: Layout
    rows: int  # rows that the sheet has, blank ones and those above the header among them


def read_xlsx(source: Source, reading: Reading, kind: str = "xlsx") -> list[Table]:
    """One table for each sheet that looks like one, or for the sheet asked for; of ``xlsx``, ``xls`` or ``ods``.

    Raises SheetUnknown, TableBroken, ArchiveBroken.
    """
    faults = check_reach(source.everything(), kind, source.name)
    try:
        book = fastexcel.read_excel(source.everything())
        names = _asked(book.sheet_names, reading.sheet, source.name) if reading.sheet is not None else book.sheet_names
        sheets = [found for name in names if (found := _look(book, name, source.name, reading.sheet is not None))]
        several = len(book.sheet_names) > 1
        likely = _likely(sheets, source.name)
        read = [replace(_table(source, book, sheet, several), format=kind) for sheet in likely]
        left = [name for name in names if name not in {sheet.name for sheet in likely}]
        said = (*_passed_over(left), *_faulty(faults))
        return [replace(read[0], notes=(*read[0].notes, *said)), *read[1:]]
    except (fastexcel.FastExcelError, pl.exceptions.PolarsError):
        raise damaged(source.name, kind) from None
    except BaseException as fault:
        if type(fault).__name__ != "PanicException":  # each library has a class of that name, and none shows it
            raise
        raise damaged(source.name, kind) from None


def _passed_over(names: Sequence[str]) -> Iterator[str]:
    if names:
        noun = "sheet that is hidden or holds" if len(names) == 1 else "sheets that are hidden or hold"
        listed = ", ".join(names[:5]) + (" …" if len(names) > 5 else "")
        yield f"{len(names)} {noun} no table of tickets passed over: {listed}"


def _faulty(count: int) -> Iterator[str]:
    if count:
        yield f"{count:,} {'cell holds' if count == 1 else 'cells hold'} a fault of a formula, such as #REF!: no value"


def _asked(names: Sequence[str], asked: str, path: str) -> list[str]:
    found = [name for name in names if name == asked] or [
        name for name in names if name.casefold() == asked.strip().casefold()
    ]
    if not found and asked.isdecimal() and 0 < int(asked) <= len(names):
        found = [names[int(asked) - 1]]
    if not found:
        listed = ", ".join(names)
        raise SheetUnknown(f"no sheet is called {asked!r}", hint=f"the workbook has: {listed}", where=Where(path=path))
    return found


def _look(book: fastexcel.ExcelReader, name: str, path: str, asked: bool) -> _Sheet | None:
    """The sheet with its header, or None for one that is hidden or holds no table."""
    sheet = book.load_sheet(name, header_row=None, skip_rows=0, n_rows=LOOK, dtypes="string")
    if sheet.visible != "visible" and not asked:
        return None
    top = sheet.to_polars()
    found = [
        Record(at, ["" if cell is None else cell for cell in row]) for at, row in enumerate(top.iter_rows(), start=1)
    ]
    if all(is_blank(record.cells) for record in found):
        return None
    try:
        return _Sheet(name, lay_out(found, path=path, delimiter="\t"), sheet.total_height)
    except TableBroken:
        if asked:
            raise
        return None


def _likely(sheets: Sequence[_Sheet], path: str) -> Sequence[_Sheet]:
    """Those that look like tables of tickets, else all that hold anything. Raises TableBroken for none."""
    wide = [sheet for sheet in sheets if sheet.layout.width > 2 and sheet.rows >= sheet.layout.first_line]
    likely = wide or [sheet for sheet in sheets if sheet.layout.width > 1] or sheets
    if not likely:
        raise TableBroken(
            "no sheet of the workbook holds a table", hint="name one with --sheet", where=Where(path=path)
        )
    return likely


def _table(source: Source, book: fastexcel.ExcelReader, sheet: _Sheet, several: bool) -> Table:
    layout = sheet.layout
    frame = _cells(book, sheet, None)
    end = frame.height - min(DEEP, frame.height)
    last = [["" if cell is None else str(cell) for cell in row] for row in frame[end:].drop(ROW).iter_rows()]
    end += footer_from(last, layout.width)
    footers = sum(not is_blank(cells) for cells in last[footer_from(last, layout.width) :])
    if footers:  # once more without it: a word under numbers makes text of the whole column
        frame = _cells(book, sheet, end)
    frame = frame.filter(~pl.all_horizontal(pl.exclude(ROW).is_null()))
    note = (
        [f"{footers} total or footer {'line' if footers == 1 else 'lines'} below the data skipped"] if footers else []
    )
    made = Table(
        name=f"{source.name}[{sheet.name}]" if several else source.name,
        path=source.name,
        format="xlsx",
        columns=tuple(frame.columns[1:]),
        frame=frame.lazy(),
        rows=frame.height,
        sha256=source.digest(),
        first_line=layout.first_line,
        questions=layout.questions,
        zone=layout.zone,
        excluded={"footer": footers} if footers else {},
        notes=(*source.notes, *layout.notes, *note),
    )
    return gathered(made, layout.choices)


def _unnamed(columns: Sequence[str]) -> set[str]:
    """The columns without a header."""
    return {name for place, name in enumerate(columns, start=1) if name == f"column {place}"}


def _cells(book: fastexcel.ExcelReader, sheet: _Sheet, rows: int | None) -> pl.DataFrame:
    """The cells below the header, typed by column, with the number of their row; empty text is null.

    A column without a header is left out where it holds nothing: a sheet may be sixteen thousand columns wide.
    """
    columns = sheet.layout.columns
    try:
        loaded = _load(book, sheet, rows)
    except fastexcel.UnsupportedColumnTypeCombinationError:
        loaded = _load(book, sheet, rows, text=_mixed(book, sheet, rows))
    made = [pl.Series(ROW, range(loaded.height), dtype=pl.UInt32)]
    empty, unnamed = pl.Series([None], dtype=pl.String).new_from_index(0, loaded.height), _unnamed(columns)
    for name, cells in zip_longest(columns, loaded.get_columns()[: len(columns)]):
        hollow = cells is None or cells.null_count() == loaded.height
        if not hollow or name not in unnamed:
            made.append((empty if hollow else cells).alias(name))
    return pl.DataFrame(made)


def _mixed(book: fastexcel.ExcelReader, sheet: _Sheet, rows: int | None) -> list[int]:
    """Places of the columns whose cells have kinds that no one type holds: spans of time beside plain numbers."""
    found = []
    for place in range(sheet.layout.width):
        try:
            _load(book, sheet, rows, places=[place])
        except fastexcel.UnsupportedColumnTypeCombinationError:
            found.append(place)
        except fastexcel.ColumnNotFoundError:  # a row that ends early: no cell has this column
            break
    return found


def _load(
    book: fastexcel.ExcelReader,
    sheet: _Sheet,
    rows: int | None,
    *,
    text: Sequence[int] = (),
    places: list[int] | None = None,
) -> pl.DataFrame:
    kinds: dict[str | int, fastexcel.DType] = dict.fromkeys(text, "string")
    return book.load_sheet(
        sheet.name,
        header_row=None,
        skip_rows=sheet.layout.first_line - 1,
        n_rows=rows,
        schema_sample_rows=None,
        whitespace_as_null=True,
        use_columns=places,
        dtypes=kinds or None,
    ).to_polars()

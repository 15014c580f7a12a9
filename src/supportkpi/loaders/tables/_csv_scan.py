"""A large CSV as a lazy scan of its bytes, once it is proven that the scan says what a careful reading would say.

A scan reads only the columns that are asked for, and so it cannot see what is wrong with the others; nor does it tell a
cell that is absent from one that is empty. So before it is trusted, totals over the whole file must come out even.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from supportkpi.loaders.tables._delimited import NO_DELIMITER, Layout
from supportkpi.loaders.tables._footers import DEEP, footer_from, is_blank
from supportkpi.loaders.tables._table import ROW, TOP, Doubted, Top

TAIL = 1 << 16  # bytes at the end that are searched for a footer
LONGEST = 1 << 20  # bytes that a few long rows may take
OVERFLOW = "_beyond"  # a column behind the last: what it holds is too much


@dataclass(frozen=True, slots=True)
class Scan:
    """A scan that can be trusted: its frame, how many rows it has, how many footer lines stand below them."""

    frame: pl.LazyFrame
    rows: int
    footers: int


@dataclass(frozen=True, slots=True)
class _Counted:
    """Totals below the header: records, values beyond the last column, rows that may be blank, delimiters.

    ``wide`` are columns with a cell so long that it could have swallowed a whole row.
    """

    records: int
    beyond: int
    hollow: int
    delimiters: int
    wide: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _End:
    """The records at the end of a file that are no rows: blank lines and a footer."""

    records: int = 0
    footers: int = 0
    hollow: int = 0
    delimiters: int = 0


def hopeful_scan(body: Path | bytes, layout: Layout) -> Scan | None:
    """The scan of a UTF-8 text without quotes that looks at every row while it is read; None where totals are off.

    Without quotes a line is a record, so records and delimiters can be counted without telling cells apart. Whether a
    long row makes up for a short one shows when the rows are read: whoever collects ``_row`` gets Doubted then.
    """
    end = _end_of(body, layout) if _is_plain(layout) else None
    if end is None or end.records:
        return None
    records, cells = pl.collect_all([_scan(body, layout).select(pl.len()), _cells(body, layout).select(pl.len())])
    rows = int(records.item())
    if rows * (layout.width - 1 + layout.spare) != int(cells.item()) - 1 - layout.delimiters_above:
        return None
    return Scan(_watched(body, layout), rows, 0)


def _watched(body: Path | bytes, layout: Layout) -> pl.LazyFrame:
    watched = [pl.col(name) for name in (ROW, OVERFLOW, *layout.fullest)]
    row = pl.map_batches(watched, _undoubted, return_dtype=pl.UInt32(), is_elementwise=True)
    return _scan(body, layout).select(row.alias(ROW), *layout.columns)


def _undoubted(watched: Sequence[pl.Series]) -> pl.Series:
    row, beyond, one, other = watched
    if beyond.null_count() < len(beyond) or (one.null_count() and (one.is_null() & other.is_null()).any()):
        raise Doubted
    return row


def top_of(body: Path, layout: Layout, scan: Scan, *, hopeful: bool) -> Top | None:
    """The first rows of a scan that has more, out of as many bytes as they should take.

    None where those hold fewer, or where one of them leaves a ``hopeful`` scan in doubt.
    """
    size = round(1.25 * TOP / scan.rows * body.stat().st_size) + LONGEST
    with body.open("rb") as stream:
        start = stream.read(size)
    lines = start[: start.rfind(b"\n") + 1]
    try:
        records = (_watched(lines, layout) if hopeful else _scan(lines, layout)).head(TOP + 1).collect()
    except (Doubted, pl.exceptions.PolarsError):
        return None
    whole = records.height > TOP  # the last may be a part of one in quotes, and no other
    return Top(scan.frame, records.select(ROW, *layout.columns).head(TOP)) if whole else None


def _is_plain(layout: Layout) -> bool:
    """Whether all rows must have one number of cells."""
    spared = layout.needed < layout.width or layout.spare > 1
    return layout.delimiter != NO_DELIMITER and not spared and OVERFLOW not in layout.columns


def trusted_scan(body: Path | bytes, layout: Layout, *, quotes: bool) -> Scan | None:
    """The scan of a UTF-8 file or text, or None where anything at all is off and only a careful reading will do.

    The delimiters outside quotes must be as many as that many whole rows have, and no row may have a value beyond
    its last cell: a short row breaks the one, a long row the other. With ``quotes`` every cell is tried, because a
    stray quote shows only when its own column is decoded, and long cells of several lines are looked into.
    """
    try:
        return _trusted(body, layout, quotes=quotes)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        return None


def _trusted(body: Path | bytes, layout: Layout, *, quotes: bool) -> Scan | None:
    end = _end_of(body, layout) if _is_plain(layout) else None
    if end is None:
        return None
    counted = _count(body, layout, quotes=quotes)
    rows = counted.records - end.records
    even = rows * (layout.width - 1 + layout.spare) + end.delimiters == counted.delimiters
    if rows < 0 or not even or counted.beyond > 0:
        return None
    if counted.hollow > end.hollow and _blank_rows(body, layout) > end.hollow:
        return None
    many = (
        counted.wide
        and int(_physical(body).select(pl.len()).collect().item()) != counted.records + layout.first_line - 1
    )
    if many and _swallows_rows(body, layout, counted.wide):
        return None
    frame = _scan(body, layout, overflow=False)
    if end.records > 0:
        frame = frame.filter(pl.col(ROW) < rows)
    return Scan(frame, rows, end.footers)


def _scan(body: Path | bytes, layout: Layout, *, overflow: bool = True) -> pl.LazyFrame:
    """Every record below the header as strings, an empty cell null; with what stands beyond the last column."""
    return pl.scan_csv(
        body if isinstance(body, bytes) else body.absolute(),
        has_header=False,
        skip_lines=layout.first_line - 1,
        separator=layout.delimiter,
        schema=dict.fromkeys((*layout.columns, *([OVERFLOW] if overflow else [])), pl.String),
        missing_columns="insert",
        extra_columns="ignore",
        null_values="",  # a quoted empty cell is as empty as a bare one
        row_index_name=ROW,
        raise_if_empty=False,
        glob=False,
    )


def _count(body: Path | bytes, layout: Layout, *, quotes: bool) -> _Counted:
    """Count in one pass."""
    first, last = pl.col(layout.columns[0]), pl.col(layout.columns[-1])
    wanted = [pl.len(), pl.col(OVERFLOW).count(), (first.is_null() & last.is_null()).sum().alias("hollow")]
    if quotes:
        for place, name in enumerate(layout.columns):
            size = pl.col(name).str.len_bytes()
            wanted += [size.fill_null(0).min().alias(f"min {place}"), size.max().fill_null(0).alias(f"max {place}")]
    records, beyond, hollow, *sizes = _scan(body, layout).select(wanted).collect().row(0)
    delimiters = _delimiters(body, layout)
    least = (sum(size or 0 for size in sizes[::2]) + layout.width) // 2  # doubled quotes are halved in a cell
    wide = tuple(name for name, size in zip(layout.columns, sizes[1::2], strict=False) if size >= least)
    return _Counted(records, beyond, hollow, delimiters, wide)


def _swallows_rows(body: Path | bytes, layout: Layout, wide: Sequence[str]) -> bool:
    """Whether a cell of several lines looks like rows that an unescaped quote has glued together.

    Glued rows keep all totals even. But inside the cell there is the end of one quoted cell or the start of another,
    or on its line stands a lone quote in the middle of text, which a writer of CSV would have doubled.
    """
    mark = layout.delimiter
    seams = [f'"{mark}', f'{mark}"', '"\n', '"\r', '\n"']
    cells = (pl.col(name) for name in wide)
    seamed = [cell.filter(cell.str.contains("\n", literal=True)).str.contains_any(seams).any() for cell in cells]
    found = _scan(body, layout).select(seam.alias(f"{place}") for place, seam in enumerate(seamed)).collect()
    text = rf'[^{re.escape(mark)}"]'
    lone = pl.col("line").str.contains(rf'{text}(?:"")*"{text}')
    return any(found.row(0)) or bool(_physical(body).select(lone.any()).collect().item())


def _physical(body: Path | bytes) -> pl.LazyFrame:
    """The physical lines, whatever quotes say."""
    return pl.scan_csv(
        body if isinstance(body, bytes) else body.absolute(),
        has_header=False,
        schema={"line": pl.String},
        separator="\x00",  # a file with this byte is not scanned at all
        quote_char=None,
        glob=False,
    )


def _delimiters(body: Path | bytes, layout: Layout) -> int:
    """The delimiters outside quotes below the header."""
    return int(_cells(body, layout).select(pl.len()).collect().item()) - 1 - layout.delimiters_above


def _cells(body: Path | bytes, layout: Layout) -> pl.LazyFrame:
    """What stands between delimiters outside quotes, as if each ended a line: the cheapest count there is."""
    return pl.scan_csv(
        body if isinstance(body, bytes) else body.absolute(),
        has_header=False,
        schema={"cell": pl.String},
        eol_char=layout.delimiter,
        separator="\n",
        missing_columns="insert",
        extra_columns="ignore",
        glob=False,
    )


def _blank_rows(body: Path | bytes, layout: Layout) -> int:
    blank = pl.all_horizontal(pl.col(name).is_null() for name in layout.columns)
    return int(_scan(body, layout).select(blank.sum().alias("blank")).collect().item())


def _end_of(body: Path | bytes, layout: Layout) -> _End | None:
    """What the last lines are; None where only a careful reading can tell."""
    tail = _tail(body)
    whole = tail.endswith(b"\n")
    if tail.endswith(layout.delimiter.encode()) or b"\n" not in tail[:-1]:
        return None
    lines = tail[tail.find(b"\n") + 1 :].decode("utf-8", errors="replace").removesuffix("\n").split("\n")
    last = [_alone(line.removesuffix("\r"), layout.delimiter) for line in lines[-DEEP:]]
    if not whole and (last[-1] is None or len(last[-1]) < layout.needed):
        return None  # cut off inside a record, perhaps
    start = max((at for at, cells in enumerate(last, start=1) if cells is None), default=0)
    rows = [cells for cells in last[start:] if cells is not None]
    end = rows[footer_from(rows, layout.width) :]
    return _End(
        records=len(end),
        footers=sum(not is_blank(cells) for cells in end),
        hollow=sum(not cells or (not cells[0] and (len(cells) < layout.width or not cells[-1])) for cells in end),
        delimiters=sum(max(len(cells) - 1, 0) for cells in end),
    )


def _tail(body: Path | bytes) -> bytes:
    if isinstance(body, bytes):
        return body[-TAIL:]
    with body.open("rb") as stream:
        stream.seek(-min(TAIL, body.stat().st_size), io.SEEK_END)
        return stream.read()


def _alone(line: str, delimiter: str) -> list[str] | None:
    """The cells of a line that is a record by itself; None for a part of a longer record."""
    if line.count('"') % 2:
        return None
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return None

"""What a spreadsheet did to a file on its way: said of every kind of table, and refused where rows would become one.

A spreadsheet rounds long numbers, drops zeros in front of numbers and seconds behind times, turns some dates of a
column into serial numbers, and writes ``########`` for what is wider than its column.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import time

import polars as pl

from supportkpi.loaders._part import Part
from supportkpi.loaders.generic._headers import synonyms
from supportkpi.loaders.mapping._fields import FIELDS, Sort
from supportkpi.loaders.tables import Table
from supportkpi.loaders.wide._rows import refuse_damaged
from supportkpi.loaders.wide._sample import SIZE, Sample, words_of

SCIENTIFIC = r"^[-+]?\d(?:[.,]\d+)?[eE]\+?\d+$"
FAULT = r"^#(?:[A-ZА-Я]{3,6}[!?]|DIV/0!|ДЕЛ/0!|¡[A-Z]{3,6}!)$"
NARROW = r"^#{3,}$"
_WHO = ("requester_id", "organization_id", "assignee_id")
_SERIAL = r"^[3-5]\d{4}(?:[.,]\d+)?$"
_CLOCK = r"^\d{1,2}:\d{2}(?:[:.]\d+)*(?:\s?[AaPp][Mm])?$"
_ENOUGH = 20


def examined(part: Part, sample: Sample) -> Part:
    """The part with a sentence about each kind of damage; without names that were rounded, which are no one's.

    ``sample`` holds the first rows of its table, unless that was changed on the way.

    Raises:
        IdsDamaged: ids of tickets were rounded, or are not shown.
    """
    table = part.table
    columns = {
        reading.field: reading.column
        for reading in part.provenance.columns
        if reading.field is not None and reading.field in FIELDS and reading.column in table.columns
    }
    if table.format in ("json", "ndjson", "parquet") or not columns or not table.rows:
        return part
    cells = _cells(table, list(columns.values()), sample)
    if "ticket_id" in columns:
        refuse_damaged(cells[columns["ticket_id"]], columns["ticket_id"], table)
    said = [*_zeros(cells, columns), *_faults(cells, columns), *_dates(cells, columns), *_seconds(cells, columns)]
    said += _times(part, columns, sample)
    part, rounded = _without_rounded(part, cells, columns)
    return replace(part, assumptions=(*part.assumptions, *said, *rounded)) if said or rounded else part


def _cells(table: Table, columns: list[str], sample: Sample) -> pl.DataFrame:
    """The first rows of the columns as text."""
    head = sample.frame.lazy() if table.frame is sample.table.frame else table.head(SIZE)
    schema = head.collect_schema()
    cells = [
        pl.col(name) if schema[name].is_temporal() else words_of(name, schema[name]).alias(name)
        for name in dict.fromkeys(columns)
    ]
    return head.select(cells).collect()


def _zeros(cells: pl.DataFrame, columns: Mapping[str, str]) -> Iterator[str]:
    """Ids of one length with zeros in front, and shorter ones without: of those a spreadsheet has taken them."""
    column = columns.get("ticket_id")
    if column is None:
        return
    ids = cells[column].drop_nulls()
    numbers = ids.filter(ids.str.contains(r"^\d+$"))
    padded = numbers.filter(numbers.str.starts_with("0") & (numbers.str.len_chars() > 1))
    sizes = padded.str.len_chars().unique()
    if len(sizes) == 1:
        short = numbers.filter(numbers.str.len_chars() < sizes[0])
        if len(short):
            yield (
                f"{len(short):,} values of {column!r}, such as {short[0]}, are shorter than {padded[0]}: a spreadsheet "
                "seems to have taken their zeros in front, so that the same ticket may stand there as two"
            )


def _faults(cells: pl.DataFrame, columns: Mapping[str, str]) -> Iterator[str]:
    """Formulas that came to nothing, and cells that were too narrow."""
    for column in dict.fromkeys(columns.values()):
        if cells.schema[column] != pl.String:
            continue
        marks = cells[column].drop_nulls()
        marks = marks.filter(marks.str.contains(FAULT) | marks.str.contains(NARROW))
        if len(marks):
            noun = "value is" if len(marks) == 1 else "values are"
            yield f"{len(marks):,} {noun} {marks[0]} in {column!r}: a spreadsheet has lost them, export again"


def _dates(cells: pl.DataFrame, columns: Mapping[str, str]) -> Iterator[str]:
    """Serial numbers among written dates."""
    for field, column in columns.items():
        if FIELDS[field].sort is not Sort.instant or cells.schema[column] != pl.String:
            continue
        dates = cells[column].drop_nulls()
        serials = dates.filter(dates.str.contains(_SERIAL))
        if 0 < len(serials) < len(dates) / 2:
            yield (
                f"{len(serials):,} of {len(dates):,} dates in {column!r} are serial numbers of a spreadsheet, such as "
                f"{serials[0]}: it may have turned their day and month around, export again"
            )


def _times(part: Part, columns: Mapping[str, str], sample: Sample) -> Iterator[str]:
    """Columns with the name of an instant that nobody could read: a spreadsheet shows ``10:15`` of a date and time."""
    for reading in part.provenance.columns if part.provenance.helpdesk == "generic" else ():
        names = synonyms().matches(reading.column) if reading.field is None else {}
        instants = {name: score for name, score in names.items() if FIELDS[name].sort is Sort.instant}
        best = max(instants, key=lambda name: instants[name], default=None)
        if best is None or best in columns or "due" in best:  # what a plan allows, or how long a call took
            continue
        values = _cells(part.table, [reading.column], sample)[reading.column].drop_nulls()
        clocks = values.filter(values.str.contains(_CLOCK)) if values.dtype == pl.String else values.clear()
        if len(clocks) and len(clocks) > len(values) / 2:
            yield f"{reading.column!r} holds times without a day, such as {clocks[0]}: it is not used, export again"


def _seconds(cells: pl.DataFrame, columns: Mapping[str, str]) -> Iterator[str]:
    """Columns of whole minutes beside others that have seconds."""
    clocks = {column: exact for field, column in columns.items() if (exact := _exact(cells, field, column)) is not None}
    if any(clocks.values()):
        for column in (column for column, exact in clocks.items() if not exact):
            yield (
                f"{column!r} has no seconds, as other dates of the file do: a spreadsheet seems to have cut them off, "
                "and times are off by up to a minute"
            )


def _exact(cells: pl.DataFrame, field: str, column: str) -> bool | None:
    """Whether the instants of a column have seconds; None where they are too few, or have no time of day."""
    if FIELDS[field].sort is not Sort.instant or "due" in field:  # a deadline may stand at a whole minute
        return None
    values = cells[column].drop_nulls()
    if values.dtype == pl.Datetime:
        timed, exact = values.filter(values.dt.time() != time()), values.filter(values.dt.second() != 0)
    elif values.dtype == pl.String:
        timed = values.filter(values.str.contains(r"\d{1,2}:\d{2}"))
        exact = values.filter(values.str.contains(r"\d{1,2}:\d{2}:(?:[1-5]\d|0[1-9])"))
    else:
        return None
    return len(exact) > 0 if len(timed) >= _ENOUGH else None


def _without_rounded(part: Part, cells: pl.DataFrame, columns: Mapping[str, str]) -> tuple[Part, list[str]]:
    """The part without people whose ids were rounded: many would have become one."""
    said, gone = [], []
    for field in _WHO:
        column = columns.get(field)
        if column is None or field not in part.frame.columns or cells.schema[column] != pl.String:
            continue
        rounded = cells[column].drop_nulls()
        rounded = rounded.filter(rounded.str.contains(SCIENTIFIC))
        if len(rounded):
            gone.append(field)
            said.append(
                f"{len(rounded):,} values of {column!r}, such as {rounded[0]}, are in scientific notation: "
                "a spreadsheet has rounded them, and they are taken for unknown"
            )
    if not gone:
        return part, said
    kept = [
        pl.when(~pl.col(field).cast(pl.String).str.contains(SCIENTIFIC)).then(pl.col(field)).alias(field)
        for field in gone
    ]
    return replace(part, frame=part.frame.with_columns(kept)), said

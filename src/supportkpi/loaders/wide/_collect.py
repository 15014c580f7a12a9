"""One pass over the file: only the columns that are needed, dates and numbers parsed on the way, rows in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from supportkpi.loaders.tables import ROW
from supportkpi.loaders.wide._sample import Sample
from supportkpi.loaders.wide._settle import Settled
from supportkpi.loaders.wide._ways import bad, kept, kept_way, odd, raw, twice, way_of

__all__ = ["Cells", "bad", "collect", "kept", "twice"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """The table's rows: ``_row``, one column a field under its name, one a kept column under ``kept.``, and for each
    instant or number ``bad.FIELD``: whether the cell has a value that could not be read.
    """

    frame: pl.DataFrame
    bad: tuple[str, ...]
    numerals: frozenset[str] = frozenset()  # fields whose every cell is a whole number as it stands
    twice: int = 0  # instants in an hour that the clock ran twice


def collect(settled: Settled, sample: Sample, keep: Sequence[str]) -> Cells:
    """The needed columns of a table, read in one pass; rows in the order of the file."""
    fields = {claim.column: claim.field for claim in reversed(settled.claims)}
    ways = [way_of(claim, settled, sample) for claim in settled.claims]
    ways += [kept_way(column, sample, fields.get(column)) for column in keep]
    marks = {name: mark for way in ways for name, mark in way.marks.items()}
    rows = read_whole(
        sample.table.frame.select(pl.col(ROW), *(way.cell.alias(raw(way.name)) for way in ways))
        .with_columns(way.value.alias(way.name) for way in ways)
        .select(pl.col(ROW), *(way.name for way in ways), *(mark.alias(name) for name, mark in marks.items()))
    )
    whole = [way.name for way in ways if odd(way.name) in marks]
    numerals = frozenset(name for name in whole if not rows[odd(name)].any())
    rows = rows.with_columns(column for way in ways for column in way.finish(rows))
    doubled = [twice(way.name) for way in ways if twice(way.name) in marks]
    return Cells(
        frame=rows.drop(doubled, map(odd, whole)),
        bad=tuple(way.name for way in ways if bad(way.name) in marks),
        numerals=numerals,
        twice=sum(int(rows[name].sum()) for name in doubled),
    )


def read_whole(frame: pl.LazyFrame) -> pl.DataFrame:
    """The rows in the order of the file (ROW), a column in one piece: one by one, so that only one is there twice."""
    columns = frame.collect().get_columns()
    for place, column in enumerate(columns):
        columns[place] = column.rechunk()
    rows = pl.DataFrame(columns)
    return rows if rows[ROW].is_sorted() else rows.sort(ROW)

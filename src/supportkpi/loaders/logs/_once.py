"""Rows of a log that say in every cell what another one says: exported twice, or pages that overlap in one file."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from supportkpi.loaders.logs._gather import Rows
from supportkpi.loaders.tables import ROW
from supportkpi.loaders.wide._sample import Sample

_PRIME, _NULL = 0x9E3779B97F4A7C15, 0x2545F4914F6CDD1D


def once(rows: Rows, sample: Sample) -> tuple[Rows, int]:
    """The rows without those of which every cell stands in an earlier row, and how many there were.

    What is read of a row tells which may be such; of these alone the whole rows are looked at, with their texts and
    numbers of messages, in which two replies of one minute differ.
    """
    marks = rows.frame.select(_mark(rows.frame).alias("mark"))["mark"]
    if marks.n_unique() == len(marks):
        return rows, 0
    some = rows.frame.filter(marks.is_duplicated())[ROW]
    cells = sample.table.frame.filter(pl.col(ROW).is_in(some.implode())).collect().sort(ROW)
    again = cells.filter(~pl.struct(pl.exclude(ROW)).is_first_distinct())[ROW]
    if not len(again):
        return rows, 0
    return replace(rows, frame=rows.frame.filter(~pl.col(ROW).is_in(again.implode()))), len(again)


def _mark(frame: pl.DataFrame) -> pl.Expr:
    """A number of each row out of its codes: rows alike have the same one, and few others share it by chance."""
    mark = pl.lit(0, pl.UInt64)
    for name in frame.columns:
        if name != ROW:
            code = pl.col(name).to_physical().cast(pl.Int64).reinterpret(signed=False)
            mark = mark * _PRIME + code.fill_null(_NULL)
    return mark

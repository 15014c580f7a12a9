"""Rows of a log that say in every cell what another one says: exported twice, or pages that overlap in one file."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from supportkpi.loaders.logs._gather import Rows
from supportkpi.loaders.logs._order import Order
from supportkpi.loaders.tables import ROW
from supportkpi.loaders.wide._sample import Sample

_PRIME, _NULL = 0x9E3779B97F4A7C15, 0x2545F4914F6CDD1D


def once(rows: Rows, order: Order, sample: Sample) -> tuple[Rows, int]:
    """The rows without those of which every cell stands in an earlier row, and how many there were.

    What is read of a row tells which may be such; of these alone the whole rows are looked at, with their texts and
    numbers of messages, in which two replies of one minute differ.
    """
    near = _near(rows.frame, order)
    marks = near.select(_mark(near).alias("mark"))["mark"]
    if marks.n_unique() == len(marks):
        return rows, 0
    some = near.filter(marks.is_duplicated())[ROW]
    cells = sample.table.frame.filter(pl.col(ROW).is_in(some.implode())).collect().sort(ROW)
    again = cells.filter(~pl.struct(pl.exclude(ROW)).is_first_distinct())[ROW]
    if not len(again):
        return rows, 0
    return replace(rows, frame=rows.frame.filter(~pl.col(ROW).is_in(again.implode()))), len(again)


def _near(frame: pl.DataFrame, order: Order) -> pl.DataFrame:
    """The rows beside which another of their ticket and instant stands, where rows alike stand together at all."""
    if not (order.is_by_time or order.is_by_ticket):
        return frame
    again = pl.col("at") == pl.col("at").shift(1)
    if not order.is_by_time:
        again = again & (pl.col("ticket_id") == pl.col("ticket_id").shift(1))
    told = frame.select(again.fill_null(value=False).alias("again"))["again"]
    return frame.filter(told | told.shift(-1, fill_value=False))


def _mark(frame: pl.DataFrame) -> pl.Expr:
    """A number of each row out of its codes: rows alike have the same one, and few others share it by chance."""
    mark = pl.lit(0, pl.UInt64)
    for name in frame.columns:
        if name != ROW:
            code = pl.col(name).to_physical().cast(pl.Int64).reinterpret(signed=False)
            mark = mark * _PRIME + code.fill_null(_NULL)
    return mark

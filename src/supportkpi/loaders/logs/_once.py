"""Rows of a log that say in every cell what another one says: exported twice, or pages that overlap in one file."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from supportkpi.loaders._sample import Sample
from supportkpi.loaders.logs._gather import Rows
from supportkpi.loaders.tables import ROW


def once(rows: Rows, sample: Sample) -> tuple[Rows, int]:
    """The rows without those of which every cell stands in an earlier row, and how many there were.

    What is read of a row tells which may be such; of these alone the whole rows are looked at, with their texts and
    numbers of messages, in which two replies of one minute differ.
    """
    told = [pl.col(name) for name in rows.frame.columns if name != ROW]
    alike = rows.frame.select(pl.struct(told).hash().is_duplicated().alias("_alike"))["_alike"]
    if not alike.any():
        return rows, 0
    some = rows.frame.filter(alike)[ROW]
    cells = sample.table.frame.filter(pl.col(ROW).is_in(some.implode())).collect().sort(ROW)
    again = cells.filter(~pl.struct(pl.exclude(ROW)).is_first_distinct())[ROW]
    if not len(again):
        return rows, 0
    return replace(rows, frame=rows.frame.filter(~pl.col(ROW).is_in(again.implode()))), len(again)

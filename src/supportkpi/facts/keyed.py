"""The events of a history under one integer a ticket, whatever type its ids have: what sorting and grouping go by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import polars as pl

from supportkpi.schema import INSTANT, Dataset, log

KEY = "_key"
"""Name of the integer (UInt32) that stands for a ticket while its history is folded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyed:
    """The history of a dataset: ``events`` have the columns of EVENTS, ``KEY`` for ticket_id, in no order.

    ``keys`` are those of the tickets, row for row. Events of tickets that the dataset lacks may be among them.
    """

    dataset: Dataset
    events: pl.LazyFrame
    keys: pl.Series

    def until(self, as_of: datetime | None) -> pl.LazyFrame:
        """The events that are seen: those at ``as_of`` or before."""
        return self.events if as_of is None else self.events.filter(pl.col("at") <= pl.lit(as_of, INSTANT))


def keyed(dataset: Dataset) -> Keyed:
    """The events of either form of a history, keyed: by the code of a Categorical id, else by the row of the ticket."""
    events, ids = log(dataset), dataset.tickets["ticket_id"]
    dtype = events.collect_schema()["ticket_id"]
    if isinstance(dtype, pl.Categorical):
        keys = ids.cast(dtype).to_physical().cast(pl.UInt32).alias(KEY)
        code = pl.col("ticket_id").to_physical().cast(pl.UInt32).alias(KEY)
        return Keyed(dataset=dataset, events=events.with_columns(code).drop("ticket_id"), keys=keys)
    keys = pl.Series(KEY, range(len(ids)), dtype=pl.UInt32)
    rows = pl.DataFrame([ids, keys]).lazy()
    return Keyed(dataset=dataset, events=events.join(rows, on="ticket_id").drop("ticket_id"), keys=keys)


def placed(values: pl.DataFrame, keys: pl.Series) -> pl.DataFrame:
    """The columns of a frame of one row a key, row for row with the tickets that ``keys`` are of."""
    beside = keys.to_frame().join(values, on=KEY, how="left", maintain_order="left")
    return beside.drop(KEY)


def text(column: str) -> pl.Expr:
    """A column of words that a log may hold as String or Categorical, as String."""
    return pl.col(column).cast(pl.String)

"""What stands beside tickets: series, activity, and customers whose columns their tickets take."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from supportkpi.loaders._part import Part
from supportkpi.schema import ACTIVITY, SERIES, TICKETS


def series_of(parts: Sequence[Part]) -> pl.DataFrame:
    """The series of all parts (columns of SERIES)."""
    made = [part.side.series for part in parts if part.side is not None and part.side.series is not None]
    return pl.concat(made) if made else pl.DataFrame(schema=dict(SERIES))


def activity_of(parts: Sequence[Part]) -> pl.DataFrame:
    """The activity of all parts (columns of ACTIVITY)."""
    made = [part.side.activity for part in parts if part.side is not None and part.side.activity is not None]
    return pl.concat(made) if made else pl.DataFrame(schema=dict(ACTIVITY))


def with_customers(tickets: pl.DataFrame, parts: Sequence[Part]) -> pl.DataFrame:
    """The tickets with the columns of their customers: canonical ones where they lack a value, others beside them."""
    sides = [part.side for part in parts if part.side is not None]
    made = [side.customers for side in sides if side.customers is not None]
    if not made or "requester_id" not in tickets.columns:
        return tickets
    customers = pl.concat(made, how="diagonal_relaxed").unique("requester_id", keep="last", maintain_order=True)
    beside = tickets.join(customers, on="requester_id", how="left", suffix="_customer", maintain_order="left")
    both = [name for name in customers.columns if name in tickets.columns and name != "requester_id"]
    filled = [pl.coalesce(name, f"{name}_customer").alias(name) for name in both if name in TICKETS]
    return beside.with_columns(filled).drop(f"{name}_customer" for name in both)

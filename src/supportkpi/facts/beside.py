"""Rows of tickets beside the columns of these, found a run of rows at a time: those of one ticket stand together."""

from __future__ import annotations

import polars as pl


def beside_tickets(rows: pl.DataFrame, tickets: pl.DataFrame) -> pl.DataFrame:
    """The rows (ticket_id) of tickets that there are, in their order, beside the other columns of these."""
    at = _places(rows["ticket_id"], tickets["ticket_id"])
    if at.has_nulls():
        known = at.is_not_null()
        rows, at = rows.filter(known), at.filter(known)
    return rows.hstack([column.gather(at) for column in tickets.drop("ticket_id")])


def _places(ids: pl.Series, among: pl.Series) -> pl.Series:
    """The row of each id ``among`` ids that differ (UInt32); null where it is none of them."""
    first = (ids != ids.shift(1)).fill_null(value=True)
    runs = ids.filter(first)
    place = pl.int_range(len(among), dtype=pl.UInt32, eager=True).alias("place")
    if not runs.equals(among):  # as those are of which every ticket has some
        known = pl.DataFrame([among.alias("id"), place])
        place = runs.alias("id").to_frame().join(known, on="id", how="left", maintain_order="left")["place"]
    return place.gather(first.cum_sum().cast(pl.UInt32) - 1)

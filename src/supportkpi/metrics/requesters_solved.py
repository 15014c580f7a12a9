"""Requesters with a solved ticket (method 2.14)."""

import polars as pl

from supportkpi.metrics import Metric, Requesters

METRIC = Metric(
    name="requesters_solved",
    title="Customers with a solution",
    abbr="Requesters solved",
    unit="requesters",
    direction="none",
    definition="Different requesters of the tickets whose last solution lies in the period and still stands.",
    why="How many people were helped. Far fewer than tickets solved: much asking by few, or closing too early.",
    over="tickets",
    dated_by="solved",
    measure=Requesters(which=pl.col("is_resolved").fill_null(value=False)),
    rank=75,
    owner="solver",
    reads=("requester_id", "resolved_at"),
    caveats=("Tickets without a requester are counted as unlinkable and stand for no customer.",),
    shown_with=("tickets_solved",),
)

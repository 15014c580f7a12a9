"""Requesters (method 2.14)."""

import polars as pl

from supportkpi.metrics import Metric, Requesters

METRIC = Metric(
    name="requesters",
    title="Customers who wrote",
    abbr="Requesters",
    unit="requesters",
    direction="none",
    definition="Different requesters of the tickets created in the period; letter case does not tell two apart.",
    why="How many people needed help: a rise in tickets may be more customers, or the same ones writing again.",
    over="tickets",
    dated_by="created",
    measure=Requesters(which=pl.lit(value=True)),
    rank=74,
    headline=True,
    reads=("requester_id", "created_at"),
    caveats=("Tickets without a requester are counted as unlinkable and stand for no customer.",),
    shown_with=("tickets_created",),
)

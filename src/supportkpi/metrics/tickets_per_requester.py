"""Tickets for each requester (method 2.14)."""

import polars as pl

from supportkpi.metrics import Metric, Requesters

METRIC = Metric(
    name="tickets_per_requester",
    title="Tickets per customer",
    abbr="Tickets / requester",
    unit="tickets",
    direction="none",
    definition="Tickets created in the period whose requester is known, divided by their different requesters.",
    why="Near one it is many people with one question; far above, a few who write all day: people, bots or a defect.",
    over="tickets",
    dated_by="created",
    measure=Requesters(which=pl.lit(value=True), for_each=True),
    rank=76,
    reads=("requester_id", "created_at"),
    caveats=(
        "The count busiest is of the tickets of the customer who has most: a large part of all may be a machine.",
    ),
    shown_with=("requesters",),
)

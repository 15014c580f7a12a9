"""Requester wait time (method 2.2)."""

import polars as pl

from supportkpi.metrics import DURATION_STATS, Distribution, Metric

METRIC = Metric(
    name="requester_wait_time",
    title="Requester wait time",
    abbr="Wait time",
    unit="s",
    direction="lower",
    definition=(
        "The time in which a ticket was new, open or on hold, up to its last solution: all that the customer waited "
        "for."
    ),
    why="Fair to customers: waiting for their own answer is left out, waiting for a third party is not.",
    over="tickets",
    dated_by="created",
    measure=Distribution(span="requester_wait", given="requester_wait"),
    rank=33,
    owner="solver",
    stats=DURATION_STATS,
    counts={"invalid": pl.col("requester_wait_invalid")},
    caveats=("The time in which a ticket stood solved before it was reopened is no waiting.",),
    sources=("Zendesk: requester wait time",),
    shown_with=("resolution_time", "agent_wait_time"),
)

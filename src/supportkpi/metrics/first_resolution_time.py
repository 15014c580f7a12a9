"""First resolution time (method 2.2)."""

import polars as pl

from supportkpi.metrics import DURATION_STATS, Distribution, Metric

METRIC = Metric(
    name="first_resolution_time",
    title="First resolution time",
    abbr="First RT",
    unit="s",
    direction="lower",
    definition="From the creation of a ticket to the first time it was solved.",
    why="Speed of the process. It rewards closing too early: read it with RT and with the share reopened.",
    over="tickets",
    dated_by="created",
    measure=Distribution(span="first_resolution", given="first_resolution"),
    rank=30,
    owner="solver",
    stats=DURATION_STATS,
    counts={"invalid": pl.col("first_resolution_invalid")},
    caveats=("An export that has only the last date of solution cannot show it.",),
    sources=("Zendesk: first resolution time",),
    shown_with=("resolution_time",),
)

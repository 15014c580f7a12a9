"""Resolution time without solved gaps (method 2.2)."""

import polars as pl

from supportkpi.metrics import DURATION_STATS, Distribution, Metric

METRIC = Metric(
    name="net_resolution_time",
    title="Resolution time without solved gaps",
    abbr="Net RT",
    unit="s",
    direction="lower",
    definition=(
        "From the creation of a ticket to its last solution, without the time in which it stood solved before it was "
        "reopened."
    ),
    why="What the work took when a customer comes back after a week: the full time counts the week as well.",
    over="tickets",
    dated_by="created",
    measure=Distribution(span="net_resolution"),
    rank=31,
    owner="solver",
    stats=DURATION_STATS,
    counts={
        "invalid": pl.col("net_resolution_invalid"),
        "reopened": pl.col("net_resolution_s") < pl.col("resolution_s"),
    },
    caveats=("Needs the history of the status.",),
    sources=("Zoho: resolution time less the time in Closed",),
    shown_with=("resolution_time",),
)

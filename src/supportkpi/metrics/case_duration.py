"""Case duration (method 2.2)."""

import polars as pl

from supportkpi.metrics import DURATION_STATS, Distribution, Metric

METRIC = Metric(
    name="case_duration",
    title="Case duration",
    abbr="Case",
    unit="s",
    direction="none",
    definition="From the first to the last event of a case, whatever the events mean.",
    why="All that a log says whose statuses nobody understands: a case may be open still, or long done.",
    over="tickets",
    dated_by="created",
    measure=Distribution(span="case"),
    rank=37,
    owner="assignee",
    stats=DURATION_STATS,
    counts={"invalid": pl.col("case_invalid"), "single_event": pl.col("first_event_at") == pl.col("last_event_at")},
    caveats=(
        "It is no resolution time: where statuses are understood read that one.",
        "Every case counts as it is, open or not.",
    ),
    sources=("Process mining: throughput time of a case",),
    shown_with=("resolution_time",),
)

"""Tickets solved (engine: distinct tickets whose last solve lies in the period)."""

import polars as pl

from supportkpi.metrics import Count, Metric

METRIC = Metric(
    name="tickets_solved",
    title="Tickets solved",
    abbr="Solved",
    unit="tickets",
    direction="none",
    definition="Tickets whose last solution lies in the period and still stands.",
    why="What left the desk. Beside the tickets created it tells whether the team keeps up.",
    over="tickets",
    dated_by="solved",
    measure=Count(which=pl.col("is_resolved").fill_null(value=False)),
    rank=71,
    headline=True,
    owner="solver",
    reads=("resolved_at",),
    shown_with=("tickets_created",),
)

"""Tickets created (method 2.14)."""

import polars as pl

from supportkpi.metrics import Count, Metric

METRIC = Metric(
    name="tickets_created",
    title="Tickets created",
    abbr="Created",
    unit="tickets",
    direction="none",
    definition="Tickets created in the period; spam, deleted, merged and test tickets are left out and counted.",
    why="The demand. More of it may mean interest, or something broken: look at what it is about.",
    over="tickets",
    dated_by="created",
    measure=Count(which=pl.lit(value=True)),
    rank=70,
    headline=True,
    reads=("created_at",),
)

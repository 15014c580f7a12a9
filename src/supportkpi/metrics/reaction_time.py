"""Reaction time (method 2.9)."""

import polars as pl

from supportkpi.metrics import DURATION_STATS, Distribution, Metric

METRIC = Metric(
    name="reaction_time",
    title="Reaction time",
    abbr="Reaction",
    unit="s",
    direction="lower",
    definition=(
        "From the creation of a ticket until it is taken into work: first given to somebody, or first moved on by an "
        "agent."
    ),
    why="Shows whether tickets lie before anybody looks at them, even where nobody answers yet.",
    over="tickets",
    dated_by="created",
    measure=Distribution(span="reaction"),
    rank=14,
    owner="assignee",
    stats=DURATION_STATS,
    counts={"invalid": pl.col("reaction_invalid"), "at_creation": pl.col("reaction_s") == 0},
    caveats=(
        "A ticket that a rule assigns as it is created counts as taken at once: at_creation says how many.",
        "It is no answer: the customer sees the first response.",
    ),
    sources=("Zammad, OTRS: time until a ticket is locked or owned",),
    shown_with=("first_response_time",),
)

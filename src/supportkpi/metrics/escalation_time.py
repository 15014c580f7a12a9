"""Time to escalation (method 2.9)."""

import polars as pl

from supportkpi.metrics import DURATION_STATS, Distribution, Metric

METRIC = Metric(
    name="escalation_time",
    title="Time to escalation",
    abbr="Escalation time",
    unit="s",
    direction="lower",
    definition="From the creation of a ticket to the first time that it stood on a higher support line than its first.",
    why="How fast a ticket finds those who can solve it. Only escalated tickets have one.",
    over="tickets",
    dated_by="created",
    measure=Distribution(span="escalation"),
    rank=38,
    owner="tier1_owner",
    stats=DURATION_STATS,
    counts={"invalid": pl.col("escalation_invalid")},
    caveats=(
        "A flag that says a ticket was escalated does not say when: the history of the line or of the group does.",
        "The reaction to critical tickets is another figure: first response time by priority.",
    ),
    sources=("ITIL: functional escalation",),
    shown_with=("escalation_rate",),
)

"""Agent work time (method 2.2)."""

import polars as pl

from supportkpi.metrics import DURATION_STATS, Distribution, Metric

METRIC = Metric(
    name="agent_work_time",
    title="Agent work time",
    abbr="Work time",
    unit="s",
    direction="lower",
    definition="The time in which a ticket was new or open, up to its last solution.",
    why="The part of the resolution that is in the team's own hands: neither the customer nor a third party holds it.",
    over="tickets",
    dated_by="created",
    measure=Distribution(span="agent_work"),
    rank=32,
    owner="solver",
    stats=DURATION_STATS,
    counts={"invalid": pl.col("agent_work_invalid")},
    caveats=(
        "It is the time on the desk, not the time somebody was typing.",
        "Needs the history of the status.",
    ),
    sources=("Zendesk: agent work time",),
    shown_with=("resolution_time",),
)

"""Agent wait time (method 2.2)."""

import polars as pl

from supportkpi.metrics import DURATION_STATS, Distribution, Metric

METRIC = Metric(
    name="agent_wait_time",
    title="Agent wait time",
    abbr="Pending time",
    unit="s",
    direction="none",
    definition="The time in which a ticket was pending, waiting for the customer, up to its last solution.",
    why="Long times mean questions that customers cannot answer at once, or tickets parked there to stop a clock.",
    over="tickets",
    dated_by="created",
    measure=Distribution(span="agent_wait", given="agent_wait"),
    rank=34,
    owner="solver",
    stats=DURATION_STATS,
    counts={"invalid": pl.col("agent_wait_invalid"), "never": pl.col("agent_wait_s") == 0},
    caveats=("Tickets that were never pending count with 0: never says how many.",),
    sources=("Zendesk: agent wait time",),
    shown_with=("requester_wait_time",),
)

"""Time on hold (method 2.2)."""

import polars as pl

from supportkpi.metrics import DURATION_STATS, Distribution, Metric

METRIC = Metric(
    name="hold_time",
    title="Time on hold",
    abbr="Hold time",
    unit="s",
    direction="lower",
    definition="The time in which a ticket was on hold, waiting for a third party, up to its last solution.",
    why="What suppliers and other departments add to the time that the customer waits.",
    over="tickets",
    dated_by="created",
    measure=Distribution(span="hold"),
    rank=35,
    owner="solver",
    stats=DURATION_STATS,
    counts={"invalid": pl.col("hold_invalid"), "never": pl.col("hold_s") == 0},
    caveats=(
        "Tickets that were never on hold count with 0: never says how many.",
        "Needs the history of the status.",
    ),
    sources=("Zendesk: on-hold time",),
    shown_with=("requester_wait_time",),
)

"""Escalation rate (method 2.9)."""

import polars as pl

from supportkpi.metrics import Metric, Rate

METRIC = Metric(
    name="escalation_rate",
    title="Escalation rate",
    abbr="Escalated",
    unit="ratio",
    direction="lower",
    definition=(
        "Tickets that came to a higher support line than their first, or that the export calls escalated, as a share "
        "of the tickets that anybody handled; each ticket counts once."
    ),
    why="What the first line could not solve. A low share with slow solutions may be a line that does not let go.",
    over="tickets",
    dated_by="created",
    measure=Rate(
        success=pl.col("is_escalated"),
        decided=pl.col("is_escalated").is_not_null() & pl.col("counts_in_escalation"),
        cluster="requester_id",
    ),
    rank=65,
    headline=True,
    owner="tier1_owner",
    counts={
        "direct": (pl.col("first_level") > 1) & pl.col("counts_in_escalation"),
        "ping_pong": pl.col("escalations") > 1,
        "unhandled": ~pl.col("counts_in_escalation"),
    },
    caveats=(
        "Moves within a line are transfers, and moves down are no escalation.",
        "A ticket that starts on a higher line was not escalated: it is counted as direct.",
        "A ticket that rose twice or more is counted as ping_pong.",
    ),
    sources=("ITIL: functional escalation", "Wilson 1927"),
    shown_with=("escalation_time",),
)

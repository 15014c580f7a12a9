"""Transfer rate (method 1.4, 003-10)."""

import polars as pl

from supportkpi.metrics import Metric, Rate

METRIC = Metric(
    name="transfer_rate",
    title="Transfer rate",
    abbr="Transferred",
    unit="ratio",
    direction="lower",
    definition=(
        "Tickets that went from one group to another at least once, as a share of the tickets that had a group; where "
        "the export does not show groups, from one assignee to another."
    ),
    why="The rest came to the right team at once. Every transfer is a wait, and a story told again.",
    over="tickets",
    dated_by="created",
    measure=Rate(success=pl.col("transfers") > 0, decided=pl.col("transfers").is_not_null(), cluster="requester_id"),
    rank=66,
    counts={"twice_or_more": pl.col("transfers") > 1, "nobody": pl.col("transfers").is_null()},
    caveats=("Tickets that never had a group (an assignee) are counted as nobody.",),
    sources=("ServiceNow: reassignment count", "Wilson 1927"),
    shown_with=("escalation_rate",),
)

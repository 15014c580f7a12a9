"""First contact resolution, returns-aware (method 2.3)."""

import polars as pl

from supportkpi.metrics import Metric, Rate

_ESCALATED = pl.col("escalated").fill_null(value=False)
_DECIDED = pl.col("is_resolved") & pl.col("requester_id").is_not_null() & pl.col("is_return_mature")

METRIC = Metric(
    name="first_contact_resolution",
    title="First contact resolution",
    abbr="FCR",
    unit="ratio",
    direction="higher",
    definition=(
        "Tickets solved with at most one human reply, not reopened, not escalated and not followed by another ticket "
        "of the same customer on the same category within 7 days; as a share of the solved tickets that can be judged."
    ),
    why="Solved once and for all. Figures that look inside one ticket only cannot see the customer who writes again.",
    over="tickets",
    dated_by="created",
    measure=Rate(
        success=(pl.col("replies") <= 1)
        & ~pl.col("is_reopened_soon")
        & ~_ESCALATED
        & pl.col("next_contact_at").is_null(),
        decided=_DECIDED,
        cluster="requester_id",
        net=pl.col("eligible").fill_null(value=True),
    ),
    rank=40,
    owner="solver",
    stats=("value", "net"),
    eligible=~pl.col("is_outbound"),
    counts={
        "immature": pl.col("is_resolved") & ~pl.col("is_return_mature"),
        "unlinkable": pl.col("is_resolved") & pl.col("requester_id").is_null(),
        "ineligible": pl.col("is_resolved") & ~pl.col("eligible").fill_null(value=True),
    },
    reads=("replies", "reopens", "resolved_at", "requester_id"),
    caveats=("Tickets solved within the last 7 days of the data cannot be judged yet and are counted as immature.",),
    sources=("MetricNet and HDI: gross and net first contact resolution", "Wilson 1927"),
)

"""Resolution time (method 2.2)."""

import polars as pl

from supportkpi.metrics import RMST, SURVIVAL_STATS, Distribution, Metric

METRIC = Metric(
    name="resolution_time",
    title="Resolution time",
    abbr="RT",
    unit="s",
    direction="lower",
    definition="From the creation of a ticket to the last time it was solved, if it is still solved.",
    why="What the customer came for. The median hides the hard cases: read p90 and the slowest tenth with it.",
    over="tickets",
    dated_by="created",
    measure=Distribution(span="resolution", given="resolution"),
    rank=20,
    headline=True,
    owner="solver",
    stats=SURVIVAL_STATS,
    counts={
        "invalid": pl.col("resolution_invalid"),
        "end_unknown": pl.col("is_resolved") & pl.col("resolved_at").is_null(),
        "status_unknown": pl.col("is_resolved").is_null(),
    },
    caveats=(
        "Closing a solved ticket later is bookkeeping and does not lengthen it.",
        "Open tickets count as unfinished in km_median and rmst; the other figures are of solved tickets only.",
        RMST,
    ),
    sources=("Zendesk: full resolution time", "Kaplan and Meier 1958"),
    shown_with=("first_response_time",),
)

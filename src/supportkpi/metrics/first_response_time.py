"""First response time (method 2.1)."""

import polars as pl

from supportkpi.metrics import RMST, SURVIVAL_STATS, Distribution, Metric

METRIC = Metric(
    name="first_response_time",
    title="First response time",
    abbr="FRT",
    unit="s",
    direction="lower",
    definition="From the creation of a ticket to the first public message of a human agent.",
    why=(
        "How long a customer waits for a sign of life. Fast first replies with slow solutions help nobody: "
        "read it with RT."
    ),
    over="tickets",
    dated_by="created",
    measure=Distribution(span="first_response", given="first_response"),
    rank=10,
    headline=True,
    owner="first_replier",
    stats=SURVIVAL_STATS,
    eligible=pl.col("has_first_response"),
    counts={
        "invalid": pl.col("first_response_invalid"),
        "solved_unanswered": pl.col("is_resolved") & pl.col("first_reply_at").is_null(),
    },
    caveats=(
        "Replies of bots, automatic replies and internal notes do not stop the clock.",
        "Tickets that an agent opened are left out and counted.",
        "Tickets still waiting count in the median with open tickets (km_median) and in rmst, not in the mean.",
        RMST,
    ),
    sources=("Zendesk: first reply time", "Intercom: first response time", "Kaplan and Meier 1958"),
    shown_with=("resolution_time",),
)

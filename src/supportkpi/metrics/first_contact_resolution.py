"""First contact resolution, returns-aware (method 2.3)."""

import polars as pl

from supportkpi.metrics import Metric, Rate

_UNJUDGED = pl.col("is_resolved") & pl.col("is_first_contact").is_null()

METRIC = Metric(
    name="first_contact_resolution",
    title="First contact resolution",
    abbr="FCR",
    unit="ratio",
    direction="higher",
    definition=(
        "Tickets solved with at most one contact, not reopened, not escalated and not followed by another ticket of "
        "the same customer on the same category within 7 days; as a share of the solved tickets that can be judged."
    ),
    why="Solved once and for all. Figures that look inside one ticket only cannot see the customer who writes again.",
    over="tickets",
    dated_by="created",
    measure=Rate(
        success=pl.col("is_first_contact"),
        decided=pl.col("is_first_contact").is_not_null(),
        cluster="requester_id",
        net=pl.col("eligible").fill_null(value=True),
    ),
    rank=40,
    headline=True,
    owner="solver",
    stats=("value", "net"),
    eligible=~pl.col("is_outbound"),
    counts={
        "immature": _UNJUDGED & ~pl.col("is_return_mature"),
        "unlinkable": _UNJUDGED & pl.col("requester_id").is_null(),
        "ineligible": pl.col("is_resolved") & ~pl.col("eligible").fill_null(value=True),
    },
    reads=("is_resolved",),
    caveats=(
        "A contact is a human reply; on chat, messenger, phone and SMS a conversation, which ends when the ticket is "
        "closed or after 24 hours of silence.",
        "Tickets solved within the last days of the data, fewer than the window, cannot be judged yet and are counted "
        "as immature.",
        "The option fcr sets the window and what a return is, or takes another rule: one_touch (solved with fewer than "
        "two replies), intercom (closed once, by one agent) or freshservice (the customer wrote once).",
        "These rules look inside one ticket only: on the same tickets they are usually higher.",
    ),
    sources=(
        "MetricNet and HDI: gross and net first contact resolution",
        "Zendesk: one-touch tickets",
        "Intercom and Freshservice: first contact resolution",
        "Wilson 1927",
    ),
    revision=3,
)

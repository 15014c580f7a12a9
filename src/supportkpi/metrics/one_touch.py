"""One-touch share (method 2.3)."""

import polars as pl

from supportkpi.metrics import Given, Metric, Rate

_SOLVED = pl.col("is_resolved")

METRIC = Metric(
    name="one_touch",
    title="Solved with one reply",
    abbr="One-touch",
    unit="ratio",
    direction="higher",
    definition="Solved tickets with exactly one public reply of a human, as a share of the solved tickets.",
    why="Cheap to count and easy to please: it does not see the customer who comes back. Read it with FCR.",
    over="tickets",
    dated_by="created",
    measure=Rate(
        success=pl.col("replies") == 1,
        decided=_SOLVED,
        cluster="requester_id",
    ),
    rank=41,
    owner="solver",
    eligible=~pl.col("is_outbound"),
    counts={"no_reply": _SOLVED & (pl.col("replies") == 0)},
    given=Given(
        measure=Rate(
            success=pl.col("given_replies") == 1,
            decided=_SOLVED & pl.col("given_replies").is_not_null(),
            cluster="requester_id",
        ),
        counts={"no_reply": _SOLVED & (pl.col("given_replies") == 0)},
    ),
    caveats=(
        "Tickets solved without any reply stay among the solved ones and are counted as no_reply.",
        "Tickets that an agent opened are left out: their first message is no reply.",
    ),
    sources=("Zendesk: one-touch tickets", "Wilson 1927"),
    shown_with=("first_contact_resolution",),
)

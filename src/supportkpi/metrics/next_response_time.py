"""Next response time (method 2.1)."""

import polars as pl

from supportkpi.metrics import DURATION_STATS, Metric, WaitTimes

METRIC = Metric(
    name="next_response_time",
    title="Next response time",
    abbr="NRT",
    unit="s",
    direction="lower",
    definition=(
        "From the first message with which a customer asks again to the next public message of a human agent; the wait "
        "for the first response is left out."
    ),
    why="A fast first sign of life hides long silences afterwards: this is the wait of those who wrote again.",
    over="waits",
    dated_by="created",
    measure=WaitTimes(),
    rank=12,
    stats=DURATION_STATS,
    counts={"ended_by_solve": pl.col("is_ended_by_solve")},
    reads=("wait_s",),
    caveats=(
        "Waits are counted, not tickets: several messages in a row are one wait, from the first of them on.",
        "A wait that ends with a solution has no response: it is counted apart.",
        "Replies of bots and internal notes do not end a wait.",
    ),
    sources=("Zendesk: next reply time", "Intercom: response time", "Chatwoot: reply time"),
    shown_with=("first_response_time",),
)

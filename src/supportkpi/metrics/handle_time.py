"""Handle time (method 2.10)."""

from supportkpi.metrics import DURATION_STATS, Distribution, Metric

METRIC = Metric(
    name="handle_time",
    title="Handle time",
    abbr="Handle time",
    unit="s",
    direction="none",
    definition="The working time that was logged on a ticket, as the export gives it.",
    why=(
        "What a ticket costs in people's time. A short one says nothing good of an answer that brings the customer "
        "back."
    ),
    over="tickets",
    dated_by="created",
    measure=Distribution(span="handle", given="handle"),
    rank=36,
    owner="solver",
    stats=DURATION_STATS,
    caveats=(
        "Only what was logged: no times between events stand for it.",
        "Tickets on which nothing was logged are not in it.",
    ),
    sources=("HDI and MetricNet: handle time",),
    shown_with=("first_contact_resolution",),
)

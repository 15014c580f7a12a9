"""Backlog (method 2.11)."""

from supportkpi.metrics import Metric, Stock

METRIC = Metric(
    name="backlog",
    title="Open tickets",
    abbr="Backlog",
    unit="tickets",
    direction="lower",
    definition="Tickets created and not solved at the end of the period.",
    why="Work that waits, and customers with it. Its age says more than its size.",
    over="tickets",
    dated_by="instant",
    measure=Stock(),
    rank=80,
    headline=True,
    stats=("value", "days_of_work"),
    stat_units={"days_of_work": "days"},
    reads=("is_resolved",),
    caveats=(
        "An export without status history shows a ticket that was reopened since as open throughout: for past instants "
        "the value is then an upper bound.",
        "days_of_work divides it by the solutions a day in the period; without a period in the last 28 days.",
    ),
    shown_with=("backlog_age",),
)

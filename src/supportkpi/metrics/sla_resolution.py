"""Solved in time (method 2.8)."""

from supportkpi.metrics import SLA_STATS, SLA_UNITS, Compliance, Metric

METRIC = Metric(
    name="sla_resolution",
    title="Solved in time",
    abbr="SLA resolution",
    unit="ratio",
    direction="higher",
    definition=(
        "Clocks of resolution that ended within the limit of their rule, as a share of those decided. Time in which a "
        "ticket stands solved does not count, nor in statuses that were agreed to pause."
    ),
    why="What contracts are about. Open tickets that are late count as missed, or the backlog would hide them.",
    over="clocks",
    dated_by="created",
    measure=Compliance(timed="resolution"),
    rank=63.2,
    headline=True,
    stats=SLA_STATS,
    stat_units=SLA_UNITS,
    caveats=(
        "Exactly at the limit is met; overdue open clocks are missed, running ones are undecided and bound the value.",
        "External causes that were agreed are set aside; with_external counts them in.",
    ),
    sources=("Zendesk: SLA target states", "Wilson 1927"),
    shown_with=("resolution_time",),
)

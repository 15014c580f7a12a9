"""Escalated in time (method 2.8)."""

from supportkpi.metrics import SLA_STATS, SLA_UNITS, Compliance, Metric

METRIC = Metric(
    name="sla_escalation",
    title="Escalated in time",
    abbr="SLA escalation",
    unit="ratio",
    direction="higher",
    definition=(
        "Tickets passed on to a higher support line within the limit of their rule, as a share of those passed on."
    ),
    why="A critical ticket that waits on the first line is lost time.",
    over="clocks",
    dated_by="created",
    measure=Compliance(timed="escalation"),
    rank=63.4,
    headline=True,
    stats=SLA_STATS,
    stat_units=SLA_UNITS,
    caveats=(
        "Exactly at the limit is met; overdue open clocks are missed, running ones are undecided and bound the value.",
        "External causes that were agreed are set aside; with_external counts them in.",
    ),
    sources=("Zendesk: SLA target states", "Wilson 1927"),
    shown_with=("escalation_time",),
)

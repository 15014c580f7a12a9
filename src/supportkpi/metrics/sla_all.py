"""All limits of a ticket met (method 2.8)."""

from supportkpi.metrics import SLA_STATS, SLA_UNITS, Compliance, Metric

METRIC = Metric(
    name="sla_all",
    title="All limits of a ticket met",
    abbr="SLA, all limits",
    unit="ratio",
    direction="higher",
    definition=("Tickets all of whose limits were met, as a share of the tickets all of whose limits are decided."),
    why="A customer has one ticket, not five clocks.",
    over="clocks",
    dated_by="created",
    measure=Compliance(timed=None),
    rank=63.5,
    stats=SLA_STATS,
    stat_units=SLA_UNITS,
    caveats=(
        "Exactly at the limit is met; overdue open clocks are missed, running ones are undecided and bound the value.",
        "External causes that were agreed are set aside; with_external counts them in.",
    ),
    sources=("Zendesk: SLA target states", "Wilson 1927"),
    shown_with=("sla_resolution",),
)

"""First response in time (method 2.8)."""

from supportkpi.metrics import SLA_STATS, SLA_UNITS, Compliance, Metric

METRIC = Metric(
    name="sla_first_response",
    title="First response in time",
    abbr="SLA first response",
    unit="ratio",
    direction="higher",
    definition=("Clocks of first response that ended within the limit of their rule, as a share of those decided."),
    why="Agreed answers. A fast first reply promises nothing about the solution: read both limits.",
    over="clocks",
    dated_by="created",
    measure=Compliance(timed="first_response"),
    rank=63.0,
    headline=True,
    stats=SLA_STATS,
    stat_units=SLA_UNITS,
    caveats=(
        "Exactly at the limit is met; overdue open clocks are missed, running ones are undecided and bound the value.",
        "External causes that were agreed are set aside; with_external counts them in.",
    ),
    sources=("Zendesk: SLA target states", "Wilson 1927"),
    shown_with=("first_response_time",),
)

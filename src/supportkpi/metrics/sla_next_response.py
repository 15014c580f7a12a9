"""Next response in time (method 2.8)."""

from supportkpi.metrics import SLA_STATS, SLA_UNITS, Compliance, Metric

METRIC = Metric(
    name="sla_next_response",
    title="Next response in time",
    abbr="SLA next response",
    unit="ratio",
    direction="higher",
    definition=("Waits for a further answer that ended within the limit of their rule, as a share of those decided."),
    why="A desk that answers once and falls silent passes the first limit and fails this one.",
    over="clocks",
    dated_by="created",
    measure=Compliance(timed="next_response"),
    rank=63.1,
    headline=True,
    stats=SLA_STATS,
    stat_units=SLA_UNITS,
    caveats=(
        "Exactly at the limit is met; overdue open clocks are missed, running ones are undecided and bound the value.",
        "External causes that were agreed are set aside; with_external counts them in.",
    ),
    sources=("Zendesk: SLA target states", "Wilson 1927"),
    shown_with=("next_response_time",),
)

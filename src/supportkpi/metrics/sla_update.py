"""News in time (method 2.8)."""

from supportkpi.metrics import SLA_STATS, SLA_UNITS, Compliance, Metric

METRIC = Metric(
    name="sla_update",
    title="News in time",
    abbr="SLA updates",
    unit="ratio",
    direction="higher",
    definition=(
        "Silences between answers to an unsolved ticket within the limit of their rule, as a share of those decided."
    ),
    why="Silence is what customers complain of.",
    over="clocks",
    dated_by="created",
    measure=Compliance(timed="update"),
    rank=63.3,
    headline=True,
    stats=SLA_STATS,
    stat_units=SLA_UNITS,
    caveats=(
        "Exactly at the limit is met; overdue open clocks are missed, running ones are undecided and bound the value.",
        "External causes that were agreed are set aside; with_external counts them in.",
    ),
    sources=("Zendesk: SLA target states", "Wilson 1927"),
    shown_with=("sla_resolution",),
)

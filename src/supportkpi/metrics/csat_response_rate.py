"""Survey response rate (method 2.4)."""

from supportkpi.metrics import Metric, ResponseShare

METRIC = Metric(
    name="csat_response_rate",
    title="Surveys answered",
    abbr="Answered",
    unit="ratio",
    direction="higher",
    definition=(
        "Ratings received as a share of surveys offered; of solved tickets where the export does not show the offers."
    ),
    why="Below one answer in ten CSAT speaks for those who answer, not for the customers.",
    over="surveys",
    dated_by="rated",
    measure=ResponseShare(instrument="csat"),
    rank=52,
    headline=True,
    owner="rated_agent",
    sources=("Simplesat and Zendesk: surveys answered of surveys sent",),
    shown_with=("csat",),
)

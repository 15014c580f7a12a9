"""Mean rating (method 2.4)."""

from supportkpi.metrics import MeanScore, Metric

METRIC = Metric(
    name="csat_mean",
    title="Mean satisfaction rating",
    abbr="CSAT mean",
    unit="score",
    direction="higher",
    definition="Mean of the valid ratings on their scale; the last rating of a ticket counts.",
    why="Familiar, but two very different distributions can share a mean: CSAT leads.",
    over="surveys",
    dated_by="rated",
    measure=MeanScore(instrument="csat"),
    rank=51,
    owner="rated_agent",
    shown_with=("csat",),
)

"""Customer effort score (method 2.6)."""

from supportkpi.metrics import Effort, Metric

METRIC = Metric(
    name="ces",
    title="Customer effort score, share at ease",
    abbr="CES",
    unit="ratio",
    direction="higher",
    definition=(
        "Answers on the easy side of the middle of the scale as a share of all valid ones: 5 to 7 of 7 where the "
        "question is whether it was made easy (version 2.0), 1 and 2 of 5 where it is how much effort it took (1.0)."
    ),
    why="Effort drives customers away even when the matter was solved.",
    over="surveys",
    dated_by="rated",
    measure=Effort(instrument="ces"),
    rank=62,
    headline=True,
    owner="rated_agent",
    stats=("value", "mean", "net"),
    stat_units={"mean": "score", "net": "points"},
    caveats=(
        "Which end of the scale is easy differs between versions: version and scale are printed, and asked for where "
        "they are not known.",
        "net is the share of the easy end (6 and 7 of 7) less the share on the hard side of the middle, in points.",
        "The option ces: {easy_from, hard_to} takes other scores for easy and for hard; value and net go by them.",
        "Under version 1.0 a low mean is good; value and net are high when it was easy in either version.",
    ),
    sources=("CEB 2010 (1.0) and 2013 (2.0)", "Gartner: share at 5 or above", "adjusted Wald interval: Rocks 2016"),
    shown_with=("csat",),
)

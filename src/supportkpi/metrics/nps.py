"""Net promoter score (method 2.5)."""

from supportkpi.metrics import Metric, NetShare

METRIC = Metric(
    name="nps",
    title="Net promoter score",
    abbr="NPS",
    unit="points",
    direction="higher",
    definition=(
        "Share of 9 and 10 less share of 0 to 6, in points from -100 to +100; the last answer of a customer counts."
    ),
    why=(
        "The whole experience, not one contact. Answers within a day of a solution are another number: they "
        "stand apart."
    ),
    over="surveys",
    dated_by="rated",
    measure=NetShare(instrument="nps"),
    rank=60,
    headline=True,
    owner="rated_agent",
    stats=("value", "transactional", "relational"),
    caveats=("Whole numbers from 0 to 10 only; a 1 to 10 question has no zero and must be declared.",),
    sources=("Reichheld 2003", "adjusted Wald interval: Rocks 2016"),
    shown_with=("csat",),
)

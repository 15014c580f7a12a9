"""Solved with a satisfied rating (methods 2.12 and 2.4)."""

from supportkpi.metrics import Metric, SatisfiedCount

METRIC = Metric(
    name="solved_with_high_csat",
    title="Solved with high satisfaction",
    abbr="Solved and satisfied",
    unit="tickets",
    direction="higher",
    definition="Tickets whose last solution lies in the period, still stands, and was rated as satisfied, whenever.",
    why="Work done and felt as done: many closed tickets are worth no more than those whose customers say so.",
    over="tickets",
    dated_by="solved",
    measure=SatisfiedCount(instrument="csat"),
    rank=53,
    owner="solver",
    reads=("is_resolved", "resolved_at"),
    caveats=(
        "Tickets without a rating are not in it: the counts solved and rated say how many could be.",
        "Ratings of no ticket cannot be counted.",
    ),
    sources=("Satisfied as in csat",),
    shown_with=("tickets_solved", "csat"),
)

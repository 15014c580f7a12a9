"""Closure ratio (method 2.11)."""

from supportkpi.metrics import Closure, Metric

METRIC = Metric(
    name="closure_ratio",
    title="Solved per ticket created",
    abbr="Solved / created",
    unit="ratio",
    direction="higher",
    definition="Solutions in the period divided by tickets created in the period: two different sets of tickets.",
    why="Below 95 % over weeks the backlog grows.",
    over="tickets",
    dated_by="solved",
    measure=Closure(),
    rank=72,
    reads=("created_at", "last_solved_at"),
    sources=("ITIL: incident queue rate",),
    shown_with=("backlog",),
)

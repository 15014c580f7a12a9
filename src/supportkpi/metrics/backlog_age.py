"""Age of open tickets (method 2.11)."""

from supportkpi.metrics import Metric, StockAge

METRIC = Metric(
    name="backlog_age",
    title="Age of open tickets",
    abbr="Open for",
    unit="s",
    direction="lower",
    definition="How long the tickets that are open at the end of the period have been open, since their creation.",
    why="An old backlog is a promise broken quietly: resolution times never show it.",
    over="tickets",
    dated_by="instant",
    measure=StockAge(),
    rank=81,
    headline=True,
    stats=("median", "mean", "p90", "p95", "hardest_decile_mean"),
    reads=("created_at", "is_resolved"),
    shown_with=("backlog",),
)

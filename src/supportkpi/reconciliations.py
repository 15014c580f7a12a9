"""Reconciliations: figures that an export carries beside those worked out from its history, and why they differ."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from supportkpi.dialects import Dialect
from supportkpi.schema import Provenance

ROWS = {
    "figure": pl.String(),
    "ticket_id": pl.String(),
    "theirs": pl.Float64(),
    "ours": pl.Float64(),
    "difference": pl.Float64(),
    "rule": pl.String(),
}
"""A row a ticket and figure: both values (seconds, numbers, or 1 for met), theirs minus ours, the rule between them."""

SAME, ROUNDED, UNEXPLAINED = "same", "rounded", "unexplained"
ONLY_THEIRS, ONLY_OURS = "only_theirs", "only_ours"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One rule, and the tickets whose difference it explains; ``text`` says what theirs counts otherwise."""

    rule: str
    text: str
    n: int
    tickets: tuple[str, ...]  # the first few, the largest differences first


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One figure: how often both are there, agree and differ, and the middle of each where both are there.

    ``unit``: s, number or flag. ``columns``: those of the export. ``clock``: whose clock the export's figure ran on.
    ``grain``: theirs are whole multiples of it, None where it is no span. ``says``: how the dialect counts it.
    ``ours``: why there is nothing of ours at all, else None.
    """

    figure: str
    unit: str
    clock: str | None
    columns: tuple[str, ...]
    n_same: int
    n_rounded: int
    n_differ: int
    n_only_theirs: int
    n_only_ours: int
    theirs_median: float | None
    ours_median: float | None
    grain: float | None
    says: str | None
    ours: str | None
    reasons: tuple[Reason, ...]

    @property
    def n_both(self) -> int:
        """Tickets that have both figures."""
        return self.n_same + self.n_rounded + self.n_differ


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """All figures that the export carries, and a row (ROWS) for each ticket and figure."""

    figures: tuple[Compared, ...]
    rows: pl.DataFrame
    n: int
    dialect: Dialect | None
    calendar: str | None
    timezone: str
    inputs: tuple[Provenance, ...]
    assumptions: tuple[str, ...]

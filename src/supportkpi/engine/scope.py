"""What one run measures: the facts that passed the filters, the period, the breakdowns; and groups, computed once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from supportkpi.decisions import Settings, Window
from supportkpi.engine.groups import Groups, grouped
from supportkpi.engine.rows import Frame
from supportkpi.facts import Facts
from supportkpi.metrics import Metric
from supportkpi.report import Row, State
from supportkpi.schema import INSTANT

DATES: Mapping[str, str] = {"created": "created_at", "solved": "resolved_at", "rated": "dated_at"}
Breakdown = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The facts after ``where``, and everything that all measures of a run share."""

    facts: Facts
    tickets: pl.DataFrame
    surveys: pl.DataFrame
    settings: Settings
    window: Window | None
    breakdowns: tuple[Breakdown, ...]  # () is the total, always first
    memo: dict[str, object] = field(default_factory=dict)  # what several KPIs share, computed once
    _groups: dict[tuple[str, str, Breakdown], Groups] = field(default_factory=dict)

    def groups(self, name: str, frame: pl.DataFrame, dated: str, dims: Breakdown) -> Groups:
        """The groups of a frame that is called ``name`` throughout the run."""
        key = (name, dated, dims)
        if key not in self._groups:
            self._groups[key] = grouped(frame, dims, dated, self.settings.timezone)
        return self._groups[key]

    def inside(self, column: str) -> pl.Expr:
        """Whether an instant lies in the period; without a period every row does, dated or not."""
        return within(column, self.window)

    def frame(self, metric: Metric, attribution: str | None) -> Frame:
        """What the rows of a KPI share."""
        return Frame(metric=metric, attribution=attribution, window=self.window, settings=self.settings)

    def reasons(self, metric: Metric, *, but: str | None = None) -> tuple[str, ...]:
        """Why the export cannot show a KPI; empty when it can. ``but`` names a fact that it can do without."""
        missing = self.facts.unobserved
        return tuple(dict.fromkeys(missing[fact] for fact in metric.facts if fact in missing and fact != but))


def within(column: str, window: Window | None) -> pl.Expr:
    """Half-open: start <= instant < end; null is outside of every period."""
    if window is None:
        return pl.lit(value=True)
    inside = pl.col(column).is_not_null()
    if window.start is not None:
        inside = inside & (pl.col(column) >= pl.lit(window.start, INSTANT))
    if window.end is not None:
        inside = inside & (pl.col(column) < pl.lit(window.end, INSTANT))
    return inside


def absent(frame: Frame, reasons: Sequence[str], state: State = State.not_observed, **rest: object) -> Iterator[Row]:
    """One row in total that says why a KPI has no value, a row a stat."""
    for stat in frame.metric.stats:
        yield frame.row(stat, {}, n=0, state=state, reason=tuple(reasons), **rest)

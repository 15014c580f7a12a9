"""From a number to a row of the report: its state, its target, its verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from operator import eq, ge, gt, le, lt
from typing import Literal

from supportkpi.decisions import Settings, Target, Window
from supportkpi.metrics import Distribution, Metric, StockAge
from supportkpi.report import Row, RowTarget, State

Clock = Literal["calendar", "business"]
ENOUGH = {"p90": 36, "p95": 72}
"""Fewest observations with which the upper end of a percentile's interval is finite (method 3.3)."""
_OPERATORS = {"<": lt, "<=": le, ">": gt, ">=": ge, "=": eq}


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What all rows of one KPI and one group share."""

    metric: Metric
    attribution: str | None
    window: Window | None
    settings: Settings

    def row(self, stat: str, group: Mapping[str, str | None], *, n: int, **rest: object) -> Row:
        """One row in its final state, held against its target if it has one."""
        window = self.window
        row = Row(
            kpi=self.metric.name,
            stat=stat,
            group=group,
            n=n,
            attribution=self.attribution,
            period=window.label if window else "all",
            period_start=window.start_date if window else None,
            period_end=window.end_date if window else None,
            **{"clock": None, "unit": self.metric.unit_of(stat), **rest},  # type: ignore[arg-type]
        )
        return judged(_stated(row, self.metric), self.metric, self.settings)


def _stated(row: Row, metric: Metric) -> Row:
    if row.state is not State.ok:
        return row
    if row.value is None and row.n == 0:
        return replace(row, state=State.empty)
    if row.unit in ("tickets", "days"):
        return row
    if row.n < max(metric.min_sample, ENOUGH.get(row.stat, 0)):
        return replace(row, state=State.too_few)
    return row


def judged(row: Row, metric: Metric, settings: Settings) -> Row:
    """The row with target, verdict and certainty, where a target is meant for it."""
    for target in settings.targets:
        if target.kpi == row.kpi and _meant(target, row, metric, settings):
            return _verdict(row, target, metric)
    return row


def _meant(target: Target, row: Row, metric: Metric, settings: Settings) -> bool:
    stat = target.stat or metric.stats[0]
    if target.stat is None and isinstance(metric.measure, Distribution) and row.n_open:
        stat = "km_median"
    if row.stat != stat:
        return False
    if row.clock is None:
        return True
    default = "business" if settings.calendars and row.basis == "derived" else "calendar"
    return row.clock == (target.clock or default)


def _verdict(row: Row, target: Target, metric: Metric) -> Row:
    op = target.op or ("<=" if metric.direction == "lower" else ">=")
    shown = RowTarget(op=op, value=target.value, text=target.text)
    if row.value is None:
        return replace(row, target=shown, verdict="no_data")
    verdict = "met" if _OPERATORS[op](row.value, target.value) else "missed"
    inside = row.low is None or row.high is None or row.low <= target.value <= row.high
    return replace(row, target=shown, verdict=verdict, certainty="uncertain" if inside else "sure")  # type: ignore[arg-type]


def clocks(metric: Metric, settings: Settings) -> tuple[Clock, ...]:
    """Clocks that a KPI has rows on: calendar time, and business time where a calendar is set."""
    if not isinstance(metric.measure, Distribution | StockAge):
        return ()
    return ("calendar", "business") if settings.calendars else ("calendar",)

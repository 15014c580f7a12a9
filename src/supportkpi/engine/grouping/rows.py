"""From a number to a row of the report: its state, its target, its verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from operator import eq, ge, gt, le, lt
from typing import Literal

from supportkpi.decisions import Settings, Target, Window
from supportkpi.metrics import Distribution, Metric, StockAge
from supportkpi.periods import lengths, window
from supportkpi.report import WHOLE_DAYS, Row, RowTarget, State
from supportkpi.schema import BY_DAY

Clock = Literal["calendar", "business"]
ENOUGH = {"p90": 36, "p95": 72}
"""Fewest observations with which the upper end of a percentile's interval is finite (method 3.3)."""
OPERATORS = {"<": lt, "<=": le, ">": gt, ">=": ge, "=": eq}
_STRETCHES = ("day", "week", "month", "quarter")
Days = tuple[date, date]  # the first and the last day inside


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What all rows of one KPI and one group share."""

    metric: Metric
    attribution: str | None
    window: Window | None
    settings: Settings
    days: Sequence[Days] = ()  # of the period, those that the data covers: what a target for each month counts by

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
        return judged(_stated(row, self.metric), self.metric, self.settings, self.days)


def _stated(row: Row, metric: Metric) -> Row:
    if row.state is not State.ok:
        return row
    if row.value is None and row.n == 0:
        return replace(row, state=State.empty)
    if row.unit in ("tickets", "requesters", "days") or metric.over == "series":  # a figure that was given is no sample
        return row
    if row.n < max(metric.min_sample, ENOUGH.get(row.stat, 0)):
        return replace(row, state=State.too_few)
    return row


def judged(row: Row, metric: Metric, settings: Settings, days: Sequence[Days] = ()) -> Row:
    """The row with target, verdict and certainty, where a target is meant for it.

    ``days`` are those that the data covers: a target for each month is held against as many months as they are.
    """
    for target in settings.targets:
        if target.kpi == row.kpi and _is_asked_of(row, target, metric) and headline(target, row, metric, settings):
            return held(row, target, metric, days)
    return row


def _is_asked_of(row: Row, target: Target, metric: Metric) -> bool:
    """Whether a row of that group can be held against the target: a number of all is none of a part of them.

    A month may be held against a target for each month, a channel or an hour of the day may not.
    """
    return not row.group or not metric.adds_up or (target.per is not None and all(d in _STRETCHES for d in row.group))


def headline(target: Target, row: Row, metric: Metric, settings: Settings) -> bool:
    """Whether a target is about a row: its statistic, else the KPI's first, on its clock, else the report's."""
    stat = target.stat or metric.stats[0]
    if target.stat is None and isinstance(metric.measure, Distribution) and row.n_open:
        stat = "km_median"
    if target.stat is None and target.per == "month" and "per_month" in metric.stats:
        stat = "per_month"
    if row.stat != stat:
        return False
    if row.clock is None:
        return True
    days = stat == "rmst"  # of days of the wall clock: there is none of working hours
    default = "business" if settings.calendars and row.basis == "derived" and not days else "calendar"
    return row.clock == (target.clock or default)


def held(row: Row, target: Target, metric: Metric, days: Sequence[Days] = ()) -> Row:
    """The row held against a target."""
    op = target.op or ("<=" if metric.direction == "lower" else ">=")
    shown = RowTarget(op=op, value=target.value, text=target.text)
    if target.per is not None and row.stat != "per_month":
        periods = _periods(row, target, days)
        shown = replace(shown, per=target.per)
        if periods is None:  # no day of it is covered
            return replace(row, target=shown, verdict="no_data")
        shown = replace(shown, periods=float(periods), value=float(Fraction(repr(target.value)) * periods))
    if row.value is None:
        unit = target.currency or row.unit if row.unit == "money" else row.unit
        return replace(row, target=shown, verdict="no_data", unit=unit)
    if target.currency is not None and row.unit not in ("money", target.currency):
        why = f"the target is in {target.currency}, the costs are in {row.unit}: nothing is converted"
        return replace(row, target=shown, verdict="no_data", reason=(*(row.reason or ()), why))
    verdict = "met" if OPERATORS[op](row.value, shown.value) else "missed"
    inside = row.low is None or row.high is None or row.low <= shown.value <= row.high
    unsure = inside or abs(row.value - shown.value) < coarseness(row)
    return replace(row, target=shown, verdict=verdict, certainty="uncertain" if unsure else "sure")  # type: ignore[arg-type]


def coarseness(row: Row) -> float:
    """How far the value may be off because instants are no more exact: a day of whole days, clocks near their limit."""
    if WHOLE_DAYS in row.counts:
        return BY_DAY
    return row.counts.get("uncertain", 0) / row.n if row.unit == "ratio" and row.n else 0.0


def _periods(row: Row, target: Target, days: Sequence[Days]) -> Fraction | None:
    """How many of the target's stretches the days of a row are: those of its group, where it is one of a month."""
    labels = [row.group[dim] for dim in _STRETCHES if row.group.get(dim) is not None]
    for inside in (window(str(label), timezone="UTC") for label in labels):
        begin, end = inside.start_date or date.min, inside.end_date or date.max
        days = [(max(first, begin), min(last, end)) for first, last in days]
    found = [lengths(first, last, target.per) for first, last in days if target.per is not None and first <= last]
    return sum(found, Fraction()) if found else None


def clocks(metric: Metric, settings: Settings) -> tuple[Clock, ...]:
    """Clocks that a KPI has rows on: calendar time, and business time where a calendar is set."""
    if not isinstance(metric.measure, Distribution | StockAge):
        return ()
    return ("calendar", "business") if settings.calendars else ("calendar",)

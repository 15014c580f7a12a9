"""What one run measures: the facts that passed the filters, the period, the breakdowns; and groups, computed once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from threading import RLock
from typing import TypeVar, cast

import polars as pl

from supportkpi.calendars import zone_of
from supportkpi.decisions import Settings, Window
from supportkpi.engine.grouping.derived import owned
from supportkpi.engine.grouping.groups import Groups, grouped
from supportkpi.engine.grouping.people import People
from supportkpi.engine.grouping.rows import Days, Frame
from supportkpi.facts import Facts
from supportkpi.metrics import Metric
from supportkpi.report import Row, State
from supportkpi.schema import INSTANT

DATES: Mapping[str, str] = {"created": "created_at", "solved": "resolved_at", "rated": "dated_at"}
Breakdown = tuple[str, ...]
T = TypeVar("T")
NEAR = timedelta(days=7)
"""How far from the edge of a period the first or last of something may lie without the days between being unseen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The facts after ``where``, and everything that all measures of a run share."""

    facts: Facts
    tickets: pl.DataFrame
    surveys: pl.DataFrame
    settings: Settings
    window: Window | None
    breakdowns: tuple[Breakdown, ...]  # () is the total, always first
    owner: str = "assignee"  # whom the dimension agent means to the KPI that is measured
    people: People = field(default_factory=People)
    clocks: pl.DataFrame | None = None  # the ledger of their service levels, by ``place`` among the tickets
    deaf: tuple[str, ...] = ()  # filters that the user's own figures cannot be asked
    figures: pl.DataFrame | None = None  # all of these, those that the filters leave out among them
    memo: dict[object, object] = field(default_factory=dict)  # what several KPIs share, computed once
    _lock: RLock = field(default_factory=RLock)

    def groups(self, name: str, frame: pl.DataFrame, dated: str, dims: Breakdown) -> Groups:
        """The groups of a frame that is called ``name`` throughout the run."""
        columns = tuple(owned(dim, self.owner) for dim in dims)
        zone, people = self.settings.timezone, self.people
        found = self.once((name, dated, columns), lambda: grouped(frame, columns, dated, zone, people))
        if columns == dims:
            return found
        labels = tuple(dict(zip(dims, label.values(), strict=True)) for label in found.labels)
        return Groups(codes=found.codes, labels=labels)

    def once(self, key: object, make: Callable[[], T]) -> T:
        """What several KPIs share, made by the first that asks, while the others wait.

        Made twice, a frame could have its rows in two orders, and groups of the one would be laid over the other.
        """
        with self._lock:
            if key not in self.memo:
                self.memo[key] = make()
            return cast("T", self.memo[key])

    def inside(self, column: str) -> pl.Expr:
        """Whether an instant lies in the period; without a period every row does, dated or not."""
        return within(column, self.window)

    def frame(self, metric: Metric, attribution: str | None) -> Frame:
        """What the rows of a KPI share."""
        return Frame(
            metric=metric,
            attribution=attribution,
            window=self.window,
            settings=self.settings,
            days=[self.days] if self.days is not None and any(target.per for target in self.settings.targets) else (),
        )

    @property
    def days(self) -> Days | None:
        """The first and the last local day of the period that the data covers; None where it covers none."""
        return self.once("days", lambda: covered(self.facts, self.window, self.settings.timezone))

    def reasons(self, metric: Metric, *, but: str | None = None) -> tuple[str, ...]:
        """Why the export cannot show a KPI; empty when it can. ``but`` names a fact that it can do without."""
        missing = self.facts.unobserved
        whys = [missing[fact] for fact in metric.facts if fact in missing and fact != but]
        return _apart(whys, set(missing.values()))


def _apart(whys: Sequence[str], known: Set[str]) -> tuple[str, ...]:
    """Each reason once: one that joins others is taken apart, and one that another says as well is left out."""
    parts = [why.split("; ") for why in whys]
    once = dict.fromkeys(
        why for each, whole in zip(parts, whys, strict=True) for why in (each if known >= set(each) else [whole])
    )
    return tuple(why for why in once if not any(why != other and why in other for other in once))


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


def covered(facts: Facts, window: Window | None, timezone: str) -> Days | None:
    """The days of a period that the data covers, whole days of the zone; None where there are none.

    Days after the newest instant are not, unless it lies near the end of the period: a quiet weekend is no gap. Without
    a period they begin with the first creation.
    """
    start, end = edges(window, timezone)
    first, last = start or _day(facts.tickets["created_at"].min(), timezone), _day(facts.as_of, timezone)
    if end is not None and last is not None:
        last = end if end - NEAR < last else last
    return (first, last) if first is not None and last is not None and first <= last else None


def edges(window: Window | None, timezone: str) -> tuple[date | None, date | None]:
    """The first and the last day of a period in the zone; None where it has no such end."""
    if window is None:
        return None, None
    last = window.end_date
    if last is None and window.end is not None:
        last = _day(window.end - timedelta(microseconds=1), timezone)
    return window.start_date or _day(window.start, timezone), last


def _day(instant: object, timezone: str) -> date | None:
    return instant.astimezone(zone_of(timezone)).date() if isinstance(instant, datetime) else None


def absent(frame: Frame, reasons: Sequence[str], state: State = State.not_observed, **rest: object) -> Iterator[Row]:
    """One row in total that says why a KPI has no value, a row a stat."""
    for stat in frame.metric.stats:
        yield frame.row(stat, {}, n=0, state=state, reason=tuple(reasons), **rest)

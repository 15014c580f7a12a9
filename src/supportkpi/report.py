"""Report: numbers with n, interval, target and state; no formatting.

Rows follow the key (kpi, stat, clock, attribution, group, period). The group ``{}`` is the total; a null value in a
group stands for the tickets without a value of that dimension.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

import polars as pl

from supportkpi.schema import FileLedger, Provenance
from supportkpi.sla import Limit

RMST_DAYS = 7
"""The stretch of time that the statistic ``rmst`` is of (method 4.3)."""
WHOLE_DAYS = "whole_days"
"""The count of a row whose times are numbers of days, because the export has no time of the day."""


class State(StrEnum):
    """What a row's value is worth."""

    ok = "ok"
    too_few = "too_few"  # value and interval stand, print counts
    empty = "empty"  # observed, but nothing to measure: value is null
    not_observed = "not_observed"  # this export cannot show it; reason says what would
    needs_answer = "needs_answer"  # a scale or a unit is missing; reason holds the option to give


@dataclass(frozen=True, slots=True, kw_only=True)
class RowTarget:
    """The target a row is held against: operator, value in the row's unit, the user's words.

    A target for each month (or another stretch, ``per``) is held against the whole period: ``value`` is what the
    ``periods`` months in it come to, value / periods what was asked for.
    """

    op: str
    value: float
    text: str
    per: str | None = None
    periods: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One number of the report; value, low, high are in ``unit`` (s, ratio, points, score, tickets, days, …)."""

    kpi: str
    stat: str
    clock: Literal["calendar", "business"] | None
    attribution: str | None  # created | solved | rated | instant | None
    group: Mapping[str, str | None]
    period: str
    period_start: date | None
    period_end: date | None  # last day inside
    unit: str
    n: int
    x: float | None = None
    n_open: int | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    basis: Literal["derived", "given"] = "derived"
    target: RowTarget | None = None
    verdict: Literal["met", "missed", "no_data"] | None = None
    certainty: Literal["sure", "uncertain"] | None = None
    state: State = State.ok
    reason: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """What a chart is drawn from: ``points`` are rows under ``columns``."""

    id: str
    kpi: str
    kind: str  # load | trend | distribution | survival | compliance | ageing | mix | agents
    columns: tuple[str, ...]
    points: tuple[tuple[float | int | str | None, ...], ...]
    group: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A remark that the numbers force: severity high, medium or low, and the numbers and tickets it rests on."""

    id: str
    severity: Literal["high", "medium", "low"]
    text: str
    numbers: Mapping[str, float] = field(default_factory=dict)
    tickets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """How a KPI was computed, for a reader of the report alone."""

    kpi: str
    title: str
    abbr: str
    unit: str
    direction: str
    definition: str
    why: str
    stats: tuple[str, ...]
    revision: int
    caveats: tuple[str, ...] = ()
    shown_with: tuple[str, ...] = ()
    headline: bool = True  # on the one screen
    sources: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()  # facts that it reads


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One limit of one rule: the KPI that judges it, the share that should be met, where and from when it holds.

    ``calendar`` None: around the clock; ``version`` is the date from which it holds, empty: undated.
    """

    kpi: str
    rule: str
    limit: Limit
    goal: float | None
    calendar: str | None
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """The service levels that hold for the tickets of a report: versions by their dates, limits in order of rules."""

    versions: tuple[str, ...]
    promises: tuple[Promise, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """Under which rules the report was made: enough to repeat it, and to see whether two reports compare."""

    timezone: str
    as_of: datetime | None
    period_label: str
    period_start: date | None
    period_end: date | None
    calendar: str | None  # None: only calendar time
    definitions: Mapping[str, Definition]
    fingerprint: str
    assumptions: tuple[str, ...]
    where: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()  # KPIs that were named; empty: all
    created_from: datetime | None = None  # first and last creation among the used tickets
    created_to: datetime | None = None
    sla: Agreement | None = None  # None: nothing was agreed; what the export judged itself has basis given


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """What became of every data row of every file: rows_read = used + excluded + rejected.

    ``by_agents``: of the used rows those of tickets that an agent opened; None where not every row is a ticket, or
    nobody can tell.
    """

    files: tuple[FileLedger, ...]
    by_agents: int | None = None

    @property
    def rows_read(self) -> int:
        """Data rows of all files."""
        return sum(file.rows_read for file in self.files)

    @property
    def used(self) -> int:
        """Rows that the report rests on."""
        return sum(file.used for file in self.files)

    @property
    def excluded(self) -> dict[str, int]:
        """Rows that left for a named reason."""
        return _added(file.excluded for file in self.files)

    @property
    def rejected(self) -> dict[str, int]:
        """Rows that could not be read, by the slug of why."""
        return _added(file.rejected for file in self.files)


def _added(parts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for part in parts:
        for name, count in part.items():
            total[name] = total.get(name, 0) + count
    return total


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The numbers of one run; ``cells`` in catalogue order, then group, period, stat."""

    cells: tuple[Row, ...]
    ledger: Ledger
    method: Method
    inputs: tuple[Provenance, ...] = ()
    series: tuple[Series, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def rows(self) -> pl.DataFrame:
        """The rows as a frame: ``by``, one column a dimension, then the row's fields, ``counts`` as count_NAME."""
        return pl.DataFrame(flat(self), infer_schema_length=None)

    def get(self, kpi: str, stat: str | None = None, *, clock: str | None = None, **group: str | None) -> Row:
        """The one row of a KPI: by default its first stat and clock, in total.

        Raises:
            KeyError: no such row.
        """
        for row in self.cells:
            if row.kpi == kpi and stat in (None, row.stat) and clock in (None, row.clock) and dict(row.group) == group:
                return row
        raise KeyError(f"{kpi} {stat or ''} {clock or ''} {group or ''}".strip())


FIXED = (
    *("kpi", "stat", "clock", "attribution", "period", "period_start", "period_end", "unit", "n", "x", "n_open"),
    *("value", "low", "high", "basis", "target", "verdict", "certainty", "state", "reason"),
)


def dimensions(report: Report) -> list[str]:
    """Names of the dimensions that occur in groups, in order of appearance."""
    return list(dict.fromkeys(name for row in report.cells for name in row.group))


def count_names(report: Report) -> list[str]:
    """Names of the counts that occur, in order of appearance."""
    return list(dict.fromkeys(name for row in report.cells for name in row.counts))


def flat(report: Report) -> list[dict[str, object]]:
    """Rows as flat records of the same keys: kpi, stat, …, by, one key a dimension, count_NAME a count."""
    dims, counts = dimensions(report), count_names(report)
    return [_flat(row, dims, counts) for row in report.cells]


def _flat(row: Row, dims: list[str], counts: list[str]) -> dict[str, object]:
    record: dict[str, object] = {name: getattr(row, name) for name in FIXED[:4]}
    record["by"] = ",".join(row.group)
    record |= {_free(name): row.group.get(name) for name in dims}
    record |= {name: getattr(row, name) for name in FIXED[4:]}
    record["target"] = f"{row.target.op} {row.target.value!r}" if row.target else None
    record["state"] = row.state.value
    record["reason"] = "; ".join(row.reason) if row.reason else None
    return record | {f"count_{name}": row.counts.get(name) for name in counts}


def _free(dimension: str) -> str:
    """A dimension's column name that cannot hide one of the row's own fields."""
    return f"group.{dimension}" if dimension in FIXED or dimension == "by" else dimension

"""How many tickets were answered or solved within an hour, a day, a week: a series for each, on every clock (4.5)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import polars as pl

from supportkpi.engine.grouping.rows import Clock, clocks
from supportkpi.engine.grouping.scope import Scope
from supportkpi.engine.statistics.incidence import incidence
from supportkpi.facts import ON_CALENDAR
from supportkpi.facts.clock import SECOND, clock_over
from supportkpi.metrics import catalogue
from supportkpi.report import Series

KIND = "survival"
COLUMNS = ("clock", "within_s", "share", "low", "high", "otherwise", "open")
WITHIN = (900.0, 3_600.0, 14_400.0, 28_800.0, 86_400.0, 259_200.0, 604_800.0)
"""A quarter of an hour, one, four, eight hours, one, three, seven days."""
_BUSINESS = (900.0, 3_600.0, 14_400.0, 28_800.0, 57_600.0, 144_000.0)
"""The same up to eight hours, then two days and five of eight hours each."""
READS = ("anchor_at", "last_solve_at")
"""Columns of tickets beyond those that the KPIs themselves read."""
_IN_POPULATION = pl.col("exclusion").is_null()
_UNANSWERED = pl.col("is_resolved") & pl.col("first_response_s").is_null() & ~pl.col("first_response_invalid")


def curves(scopes: Mapping[str, Scope], kpis: Collection[str]) -> Iterator[Series]:
    """The shares of tickets that had been answered, or solved, by some times; of the whole, open ones included.

    Columns COLUMNS. ``otherwise`` ended in another way: solved without an answer; closed without a solution, where most
    tickets of the desk are solved before they are closed. ``open`` are neither. All are null behind the longest time
    that the data knows of.
    """
    known = catalogue()
    for name, other in (("first_response_time", _unanswered), ("resolution_time", _closed)):
        metric = known[name]
        if name not in kpis or scopes[metric.owner].reasons(metric):
            continue
        scope = scopes[metric.owner]  # a filter for an agent means whose work the KPI is
        fits = _IN_POPULATION & metric.eligible & scope.inside("created_at")
        rows = scope.tickets.select(*_read(scope.tickets), fits=fits).filter("fits")
        points = [
            point
            for clock in clocks(metric, scope.settings)
            for point in _points(other(rows, scope, clock), scope, clock)
        ]
        if points:
            yield Series(id=f"survival.{name}", kpi=name, kind=KIND, columns=COLUMNS, points=tuple(points))


def _read(tickets: pl.DataFrame) -> list[str]:
    """The columns that the shares are told by: the less is filtered, the quicker."""
    known = (*READS, "is_resolved", "resolved_at", ON_CALENDAR)
    return [name for name in tickets.columns if name in known or name.startswith(("first_response_", "resolution_"))]


def _points(seen: pl.DataFrame, scope: Scope, clock: Clock) -> Iterator[tuple[float | str | None, ...]]:
    rows = seen.filter(pl.col("s").is_not_null())
    if rows.is_empty():
        return
    for share in incidence(rows, WITHIN if clock == "calendar" else _BUSINESS, scope.settings.conf):
        yield (clock, share.within, share.share, share.low, share.high, share.otherwise, share.open)


def _unanswered(rows: pl.DataFrame, scope: Scope, clock: Clock) -> pl.DataFrame:
    """s, solved: a ticket that was solved without an answer ended when it was solved."""
    ended, age = _columns("first_response", clock)
    places = [name for name in (ON_CALENDAR,) if name in rows.columns]
    silent = rows.with_row_index("row").filter(_UNANSWERED & pl.col("resolved_at").is_not_null())
    spans = _seconds(silent.select("anchor_at", *places, at="resolved_at"), scope, clock)
    told = silent.select("row", s=spans).filter(pl.col("s") >= 0)
    late = pl.repeat(None, rows.height, dtype=pl.Float64, eager=True).scatter(told["row"], told["s"]).alias("late")
    answered = pl.col(ended).is_not_null()
    known = answered | late.is_not_null()
    return rows.select(s=pl.coalesce(ended, age, late), solved=pl.when(known).then(answered))


def _closed(rows: pl.DataFrame, scope: Scope, clock: Clock) -> pl.DataFrame:
    """s, solved: a ticket that was closed and never solved ended otherwise, where closing is not how tickets end."""
    ended, age = _columns("resolution", clock)
    by_solution = pl.col("last_solve_at").is_not_null() if "last_solve_at" in rows.columns else pl.lit(value=True)
    over = rows.select(pl.col(ended).is_not_null().alias("over"), by_solution.alias("by"))
    usual = over.filter("over")["by"].mean()
    if not isinstance(usual, float) or usual < 0.5:
        by_solution = pl.lit(value=True)
    return rows.select(s=pl.coalesce(ended, age), solved=pl.when(pl.col(ended).is_not_null()).then(by_solution))


def _columns(span: str, clock: Clock) -> tuple[str, str]:
    middle = "_business" if clock == "business" else ""
    return f"{span}{middle}_s", f"{span}{middle}_age_s"


def _seconds(instants: pl.DataFrame, scope: Scope, clock: Clock) -> pl.Series:
    """From ``anchor_at`` to ``at`` on a clock."""
    start, end = pl.col("anchor_at"), pl.col("at")
    if clock == "calendar":
        return instants.select(s=(end - start).dt.total_microseconds() / SECOND).to_series()
    turn = clock_over(instants.select("anchor_at", "at"), scope.settings.calendars)
    return instants.select(s=pl.when(end >= start).then((turn(end) - turn(start)) / SECOND)).to_series()

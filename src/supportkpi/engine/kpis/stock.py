"""Stocks and flows: what is open at an instant, how old it is, and whether solutions keep up with creations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import polars as pl

from supportkpi.engine.grouping.groups import GROUPING, STRETCHES, TIMES, Groups, grouped
from supportkpi.engine.grouping.rows import Clock, clocks
from supportkpi.engine.grouping.scope import Breakdown, Scope, absent, within
from supportkpi.engine.statistics.ordered import ordered
from supportkpi.engine.statistics.quantiles import summaries
from supportkpi.facts import (
    ON_CALENDAR,
    Facts,
    elapsed_until,
    open_spans,
    population,
    reopen_events,
    solve_events,
)
from supportkpi.metrics import Metric
from supportkpi.report import Row, State
from supportkpi.schema import INSTANT

CLASSES_H: Mapping[str, float] = {
    "under_24h": 24,
    "under_72h": 72,
    "under_168h": 168,
    "under_720h": 720,
    "from_720h": float("inf"),
}
"""Age classes by their upper bound in hours; a class begins where the one before ends (method 2.11)."""
RECENT = timedelta(days=28)
_DAY = 86_400.0
_READ = ("ticket_id", "exclusion", "created_at", "resolved_at", "is_resolved", ON_CALENDAR)
_UNKNOWN = ("which tickets are open is not known: name their status words under statuses in the config",)
_LAST_ONLY = ("reopenings are not shown: only the last solution of each ticket counts",)
_UPPER_BOUND = ("at most: reopenings are not shown",)  # what was solved before counts as open until its last solution
_NO_PACE = ("nothing was solved in the time that the pace is taken from",)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moment:
    """The instant a stock is taken at, and the stretch of time that ends there (none: the report's own end).

    ``outside``: the instant is the end of a half-open period, so what happened at it is not seen yet; else it is seen.
    """

    at: datetime
    outside: bool
    dim: str | None = None
    label: str | None = None

    def seen(self, column: str) -> pl.Expr:
        """Whether an instant had come by then."""
        at = pl.lit(self.at, INSTANT)
        return pl.col(column) < at if self.outside else pl.col(column) <= at

    def standing(self) -> pl.Expr:
        """Whether a stretch had begun and not ended by then; one of unknown beginning has begun."""
        return self.seen("start").fill_null(value=True) & ~self.seen("end").fill_null(value=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Yard:
    """What stands, what comes and what goes, each row with its ticket's columns."""

    spans: pl.DataFrame
    solved: pl.DataFrame
    tickets: pl.DataFrame


def _yard(scope: Scope) -> _Yard:
    return scope.once("yard", lambda: _laid_out(_counted_by(scope)))


def _laid_out(facts: Facts) -> _Yard:
    return _Yard(spans=open_spans(facts), solved=solve_events(facts), tickets=population(facts))


def _counted_by(scope: Scope) -> Facts:
    """The facts with what stocks and flows are counted by alone: the rest need not be carried beside each event."""
    tickets = scope.facts.tickets
    names = [name for name in tickets.columns if name in _READ or name.startswith(GROUPING)]
    return replace(scope.facts, tickets=tickets.select(names))


def _end(scope: Scope) -> _Moment | None:
    as_of, end = scope.facts.as_of, scope.window.end if scope.window is not None else None
    if end is not None and (as_of is None or end <= as_of):
        return _Moment(at=end, outside=True)
    return None if as_of is None else _Moment(at=as_of, outside=False)


def backlog(metric: Metric, scope: Scope) -> Iterator[Row]:
    """Rows of the open tickets at the end of the period, and of each stretch of time asked for."""
    frame, reasons, end = scope.frame(metric, "instant"), scope.reasons(metric), _end(scope)
    undated = scope.facts.unobserved.get("created_at")
    if undated and scope.window is not None:
        reasons = (*reasons, undated)
    if reasons or end is None:
        yield from absent(frame, reasons or ("no dates",))
        return
    for dims in scope.breakdowns:
        plain = tuple(dim for dim in dims if dim not in TIMES)
        times = [dim for dim in dims if dim in TIMES]
        if len(times) > 1 or any(dim not in STRETCHES for dim in times):
            continue  # a stock has no hour of the day and no weekday
        moments = _moments(scope, times[0], end) if times else [end]
        for row in _stocks(metric, scope, plain, moments):
            yield replace(row, group={dim: row.group[dim] for dim in dims})


def _moments(scope: Scope, dim: str, end: _Moment) -> list[_Moment]:
    """The ends of the stretches in which tickets were created, none later than what is known."""
    created = scope.tickets.filter(scope.inside("created_at") & pl.col("created_at").is_not_null())
    if created.is_empty():
        return []
    groups = grouped(created, (dim,), "created_at", scope.settings.timezone)
    lasts = dict(
        created.select("created_at", code=groups.codes).group_by("code").agg(pl.col("created_at").max()).iter_rows()
    )
    zone = scope.settings.timezone
    stretches = [(_stretch_end(lasts[code], dim, zone), label[dim]) for code, label in enumerate(groups.labels)]
    return [
        _Moment(at=after, outside=True, dim=dim, label=label) if after <= end.at else replace(end, dim=dim, label=label)
        for after, label in stretches
    ]


def _stretch_end(inside: datetime, dim: str, timezone: str) -> datetime:
    """The end of the local day, week, month or quarter that an instant lies in."""
    every = {"day": "1d", "week": "1w", "month": "1mo", "quarter": "1q"}[dim]
    local = pl.Series([inside], dtype=INSTANT).dt.convert_time_zone(timezone)
    end = local.dt.truncate(every).dt.offset_by(every).dt.convert_time_zone("UTC").item()
    return end if isinstance(end, datetime) else inside


def _stocks(metric: Metric, scope: Scope, dims: Breakdown, moments: list[_Moment]) -> Iterator[Row]:
    yard, frame = _yard(scope), scope.frame(metric, "instant")
    groups = _codes(scope, "population", yard.tickets, dims)
    spans = yard.spans.select("start", "end", code=_codes(scope, "spans", yard.spans, dims, like=groups).codes)
    solved = yard.solved.select("at", code=_codes(scope, "solved", yard.solved, dims, like=groups).codes)
    puzzling = yard.tickets.select("created_at", "is_resolved", code=groups.codes).filter(
        pl.col("is_resolved").is_null()
    )
    for moment in moments:
        unknown = _counts(puzzling.filter(moment.seen("created_at").fill_null(value=True)))
        standing = _counts(spans.filter(moment.standing()))
        begin = _pace_from(scope, moment)
        days = max(0.0, (moment.at - begin).total_seconds() / _DAY)
        gone = _counts(solved.filter((pl.col("at") >= pl.lit(begin, INSTANT)) & moment.seen("at")))
        for code, label in enumerate(groups.labels):
            group = {**label, **({moment.dim: moment.label} if moment.dim else {})}
            n, pace = standing.get(code, 0), gone.get(code, 0) / days if days else 0.0
            counts = {"status_unknown": unknown.get(code, 0)}
            if n == 0 and counts["status_unknown"]:  # none is known to be open: that is not nought
                for stat in ("value", "days_of_work"):
                    yield frame.row(stat, group, n=0, counts=counts, state=State.empty, reason=_UNKNOWN)
                continue
            remark = _UPPER_BOUND if moment.outside and "reopens" in scope.facts.unobserved else None
            yield frame.row("value", group, n=n, value=float(n), counts=counts, reason=remark)
            work: dict[str, object] = {"value": n / pace} if pace else {"state": State.empty, "reason": _NO_PACE}
            yield frame.row("days_of_work", group, n=n, counts=counts, **work)


def _codes(scope: Scope, name: str, frame: pl.DataFrame, dims: Breakdown, *, like: Groups | None = None) -> Groups:
    """The groups of a frame; with ``like`` by the codes of another frame's groups, null for groups that it lacks."""
    found = scope.groups(name, frame, "created_at", dims)
    if like is None or found.labels == like.labels:
        return found
    place = {tuple(label.values()): code for code, label in enumerate(like.labels)}
    same = pl.Series([place.get(tuple(label.values())) for label in found.labels], dtype=pl.UInt32)
    return Groups(codes=same.gather(found.codes), labels=like.labels)


def _counts(rows: pl.DataFrame) -> dict[int, int]:
    return dict(rows.group_by("code").len().iter_rows())


def _pace_from(scope: Scope, moment: _Moment) -> datetime:
    """From when on solutions count for the pace: the period's start, else 28 days before; never before the data."""
    window = scope.window
    begin = window.start if window is not None and window.start is not None else moment.at - RECENT
    instants = [scope.facts.tickets[name].min() for name in ("created_at", "resolved_at", "first_reply_at")]
    known = [instant for instant in instants if isinstance(instant, datetime)]
    return max(begin, min(known)) if known else begin


def ages(metric: Metric, scope: Scope) -> Iterator[Row]:
    """Rows of the age of the tickets that are open at the end of the period."""
    frame, reasons, end = scope.frame(metric, "instant"), scope.reasons(metric), _end(scope)
    if reasons or end is None:
        yield from absent(frame, reasons or ("no dates",), clock="calendar")
        return
    standing = _yard(scope).spans.filter(end.standing() & pl.col("created_at").is_not_null())
    for clock in clocks(metric, scope.settings):
        seconds = elapsed_until(standing, end.at, scope.settings if clock == "business" else None)
        for dims in scope.breakdowns:
            if not any(dim in TIMES for dim in dims):
                yield from _aged(metric, scope, standing, seconds, dims=dims, clock=clock)


def _aged(
    metric: Metric, scope: Scope, standing: pl.DataFrame, seconds: pl.Series, *, dims: Breakdown, clock: Clock
) -> Iterator[Row]:
    frame = scope.frame(metric, "instant")
    groups = scope.groups("standing", standing, "created_at", dims)
    rows = pl.DataFrame({"code": groups.codes, "s": seconds}).with_columns(ended=pl.lit(value=True))
    rows = rows.drop_nulls("s")  # a ticket that no calendar claims has no business age
    found, classes = summaries(ordered(rows), scope.settings.conf), _classes(rows)
    for code, label in enumerate(groups.labels):
        summary = found.get(code)
        for stat in metric.stats:
            value, low, high = summary.stat(stat) if summary else (None, None, None)
            counts = classes.get(code, dict.fromkeys(CLASSES_H, 0))
            n = summary.n if summary else 0
            yield frame.row(stat, label, n=n, clock=clock, counts=counts, value=value, low=low, high=high)


def _classes(rows: pl.DataFrame) -> dict[int, dict[str, int]]:
    """code -> how many tickets are in each age class."""
    hours, low, marks = pl.col("s") / 3600, 0.0, []
    for name, high in CLASSES_H.items():
        marks.append(((hours >= low) & (hours < high)).sum().alias(name))
        low = high
    return {row.pop("code"): row for row in rows.group_by("code").agg(marks).iter_rows(named=True)}


def closure(metric: Metric, scope: Scope) -> Iterator[Row]:
    """Rows of solutions per ticket created, each side by its own date."""
    frame = scope.frame(metric, "solved")
    reasons = scope.reasons(metric)
    if reasons:
        yield from absent(frame, reasons)
        return
    yard, reopened = _yard(scope), reopen_events(_counted_by(scope))
    sides = {"created": (yard.tickets, "created_at"), "solve_events": (yard.solved, "at")}
    if reopened is not None:
        sides["reopened"] = (reopened, "at")
    for dims in scope.breakdowns:
        found = {name: _labelled(name, rows, dims, dated, scope=scope) for name, (rows, dated) in sides.items()}
        for key in sorted({key for side in found.values() for key in side} or {()}, key=_last_unknown):
            counts = {name: side.get(key, 0) for name, side in found.items()}
            if reopened is not None:
                counts["net_growth"] = counts["created"] + counts["reopened"] - counts["solve_events"]
            n, x = counts["created"], counts["solve_events"]
            group = dict(zip(dims, key, strict=bool(key)))
            share, remark = x / n if n else None, _LAST_ONLY if reopened is None else None
            yield frame.row("value", group, n=n, x=float(x), value=share, counts=counts, reason=remark)


def _last_unknown(group: tuple[str | None, ...]) -> list[tuple[bool, str]]:
    return [(label is None, label or "") for label in group]


def _labelled(
    name: str, rows: pl.DataFrame, dims: Breakdown, dated: str, *, scope: Scope
) -> dict[tuple[str | None, ...], int]:
    """Rows inside the period by the labels of their group."""
    groups = scope.groups(f"{name} of closure", rows, dated, dims)
    inside = rows.select(code=groups.codes, inside=within(dated, scope.window)).filter("inside")
    return {tuple(groups.labels[code].values()): count for code, count in _counts(inside).items()}


def standing(scope: Scope) -> pl.DataFrame | None:
    """The tickets that are open at the end of the period, a row each with its columns; None where no date is known."""
    end = _end(scope)
    return None if end is None else open_spans(scope.facts).filter(end.standing())

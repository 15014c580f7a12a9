"""Stocks and flows: what is open at an instant, how old it is, and whether solutions keep up with creations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl

from supportkpi.engine.groups import STRETCHES, TIMES, grouped
from supportkpi.engine.ordered import ordered
from supportkpi.engine.quantiles import summaries
from supportkpi.engine.rows import Clock, clocks
from supportkpi.engine.scope import Breakdown, Scope, absent, within
from supportkpi.facts import elapsed_until, open_spans, reopen_events, solve_events
from supportkpi.metrics import Metric
from supportkpi.report import Row
from supportkpi.schema import INSTANT

BUCKETS_H = (24, 72, 168, 720)
"""Bounds of the age classes in hours (method 2.11)."""
RECENT = timedelta(days=28)
_DAY = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moment:
    """The instant a stock is taken at, and the time label it stands for (None: the report's own end)."""

    at: datetime
    label: str | None
    dim: str | None = None


def _population(scope: Scope) -> pl.DataFrame:
    return scope.tickets.filter(pl.col("exclusion").is_null())


def _end(scope: Scope) -> datetime | None:
    as_of, window = scope.facts.as_of, scope.window
    if window is None or window.end is None:
        return as_of
    return window.end if as_of is None else min(window.end, as_of)


def backlog(metric: Metric, scope: Scope) -> Iterator[Row]:
    """Rows of the open tickets at the end of the period, and of each stretch of time asked for."""
    frame = scope.frame(metric, "instant")
    reasons, end = scope.reasons(metric), _end(scope)
    undated = scope.facts.unobserved.get("created_at")
    if reasons or (undated and scope.window is not None):
        yield from absent(frame, reasons or (undated or "",))
        return
    spans = open_spans(scope.facts)
    for dims in scope.breakdowns:
        plain = tuple(dim for dim in dims if dim not in TIMES)
        times = [dim for dim in dims if dim in TIMES]
        if len(times) > 1 or any(dim not in STRETCHES for dim in times):
            continue  # a stock has no hour of the day and no weekday
        for moment in _moments(scope, times[0] if times else None, end):
            yield from _at(metric, scope, spans, plain, moment)


def _moments(scope: Scope, dim: str | None, end: datetime | None) -> list[_Moment]:
    if dim is None or end is None:
        return [_Moment(at=end or datetime.max.replace(tzinfo=None), label=None)] if end is not None else []
    created = scope.tickets.filter(scope.inside("created_at") & pl.col("created_at").is_not_null())
    groups = grouped(created, (dim,), "created_at", scope.settings.timezone)
    lasts = created.select(pl.col("created_at"), code=groups.codes).group_by("code").agg(pl.col("created_at").max())
    last_of = dict(lasts.iter_rows())
    return [
        _Moment(at=min(_stretch_end(last_of[code], dim, scope.settings.timezone), end), label=label[dim], dim=dim)
        for code, label in enumerate(groups.labels)
        if code in last_of
    ]


def _stretch_end(inside: datetime, dim: str, timezone: str) -> datetime:
    """The end of the local day, week, month or quarter that an instant lies in."""
    every = {"day": "1d", "week": "1w", "month": "1mo", "quarter": "1q"}[dim]
    local = pl.Series([inside], dtype=INSTANT).dt.convert_time_zone(timezone)
    end = local.dt.truncate(every).dt.offset_by(every).dt.convert_time_zone("UTC")
    return end.item()  # type: ignore[no-any-return]


def _at(metric: Metric, scope: Scope, spans: pl.DataFrame, dims: Breakdown, moment: _Moment) -> Iterator[Row]:
    frame = scope.frame(metric, "instant")
    tickets = _population(scope)
    at = pl.lit(moment.at, INSTANT)
    begun = pl.col("start").is_null() | (pl.col("start") <= at)
    is_open = spans.filter(begun & (pl.col("end").is_null() | (pl.col("end") > at)))
    standing = tickets.join(is_open.select("ticket_id").unique(), on="ticket_id", how="semi", maintain_order="left")
    unknown = tickets.filter(pl.col("is_resolved").is_null())
    groups = grouped(tickets, dims, "created_at", scope.settings.timezone)
    codes = tickets.select("ticket_id", code=groups.codes)
    opened = _by_code(codes, standing)
    puzzling = _by_code(codes, unknown)
    speed, days = _solved_a_day(scope, codes, moment.at)
    for code, label in enumerate(groups.labels):
        group = {**label, **({moment.dim: moment.label} if moment.dim else {})}
        n = opened.get(code, 0)
        counts = {"status_unknown": puzzling.get(code, 0)}
        yield frame.row("value", group, n=n, value=float(n), counts=counts)
        pace = speed.get(code, 0) / days if days else 0.0
        yield frame.row("days_of_work", group, n=n, value=n / pace if pace else None, unit="days", counts=counts)


def _by_code(codes: pl.DataFrame, chosen: pl.DataFrame) -> dict[int, int]:
    return dict(codes.join(chosen.select("ticket_id"), on="ticket_id", how="semi").group_by("code").len().iter_rows())


def _solved_a_day(scope: Scope, codes: pl.DataFrame, at: datetime) -> tuple[dict[int, int], float]:
    """Solutions of every group in the period (without one: in the 28 days) before an instant, and its length in days."""
    window = scope.window
    created = scope.tickets["created_at"].min()
    begin = window.start if window is not None and window.start is not None else at - RECENT
    if isinstance(created, datetime):
        begin = max(begin, created)
    events = solve_events(scope.facts).filter(
        (pl.col("at") >= pl.lit(begin, INSTANT)) & (pl.col("at") <= pl.lit(at, INSTANT))
    )
    solved = dict(events.join(codes, on="ticket_id").group_by("code").len().iter_rows())
    return solved, max(0.0, (at - begin).total_seconds() / _DAY)


def ages(metric: Metric, scope: Scope) -> Iterator[Row]:
    """Rows of the age of the tickets that are open at the end of the period."""
    frame = scope.frame(metric, "instant")
    reasons, end = scope.reasons(metric), _end(scope)
    if reasons or end is None:
        yield from absent(frame, reasons or ("no dates",), clock="calendar")
        return
    spans = open_spans(scope.facts)
    at = pl.lit(end, INSTANT)
    standing = (
        spans.filter((pl.col("start") <= at) & (pl.col("end").is_null() | (pl.col("end") > at)))
        .select("ticket_id")
        .unique()
    )
    tickets = _population(scope).join(standing, on="ticket_id", how="semi", maintain_order="left")
    for clock in clocks(metric, scope.settings):
        for dims in scope.breakdowns:
            if not any(dim in TIMES for dim in dims):
                yield from _aged(metric, scope, tickets, end, dims=dims, clock=clock)


def _aged(
    metric: Metric, scope: Scope, tickets: pl.DataFrame, end: datetime, *, dims: Breakdown, clock: Clock
) -> Iterator[Row]:
    frame = scope.frame(metric, "instant")
    groups = grouped(tickets, dims, "created_at", scope.settings.timezone)
    seconds = elapsed_until(tickets, end, scope.settings if clock == "business" else None)
    rows = pl.DataFrame({"code": groups.codes, "s": seconds}).with_columns(ended=pl.lit(value=True))
    found = summaries(ordered(rows), scope.settings.conf)
    classes = _classes(rows)
    for code, label in enumerate(groups.labels):
        summary = found.get(code)
        for stat in metric.stats:
            yield frame.row(
                stat,
                label,
                n=summary.n if summary else 0,
                clock=clock,
                counts=classes.get(code, dict.fromkeys(_CLASS_NAMES, 0)),
                **_valued(summary.stat(stat) if summary else (None, None, None)),
            )


def _valued(stat: tuple[float | None, float | None, float | None]) -> dict[str, float | None]:
    return dict(zip(("value", "low", "high"), stat, strict=True))


_CLASS_NAMES = ("under_24h", "under_72h", "under_168h", "under_720h", "from_720h")


def _classes(rows: pl.DataFrame) -> dict[int, dict[str, int]]:
    """code -> how many tickets are in each age class; a class begins where the one before ends."""
    hours, low = pl.col("s") / 3600, 0
    marks = []
    for name, high in zip(_CLASS_NAMES, (*BUCKETS_H, None), strict=True):
        inside = hours >= low if high is None else (hours >= low) & (hours < high)
        marks.append(inside.sum().alias(name))
        low = high or 0
    return {row.pop("code"): row for row in rows.group_by("code").agg(marks).iter_rows(named=True)}


def closure(metric: Metric, scope: Scope) -> Iterator[Row]:
    """Rows of solutions per ticket created, each side by its own date."""
    frame = scope.frame(metric, "solved")
    reasons = scope.reasons(metric)
    if reasons:
        yield from absent(frame, reasons)
        return
    tickets = _population(scope)
    reopened = reopen_events(scope.facts)
    sides = {
        "created": (tickets.filter(scope.inside("created_at")), "created_at"),
        "solve_events": (_dated(solve_events(scope.facts), tickets, scope), "at"),
    }
    if reopened is not None:
        sides["reopened"] = (_dated(reopened, tickets, scope), "at")
    for dims in scope.breakdowns:
        found = {name: _labelled(rows, dims, dated, scope) for name, (rows, dated) in sides.items()}
        for key in sorted({key for side in found.values() for key in side} or {()}, key=_last_unknown):
            counts = {name: side.get(key, 0) for name, side in found.items()}
            if reopened is not None:
                counts["net_growth"] = counts["created"] + counts["reopened"] - counts["solve_events"]
            n, x = counts["created"], counts["solve_events"]
            group = dict(zip(dims, key, strict=bool(key)))
            yield frame.row("value", group, n=n, x=float(x), value=x / n if n else None, counts=counts)


def _last_unknown(group: tuple[str | None, ...]) -> list[tuple[bool, str]]:
    return [(label is None, label or "") for label in group]


def _dated(events: pl.DataFrame, tickets: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    inside = events.filter(within("at", scope.window))
    return inside.join(tickets, on="ticket_id", maintain_order="left")


def _labelled(rows: pl.DataFrame, dims: Breakdown, dated: str, scope: Scope) -> dict[tuple[str | None, ...], int]:
    groups = grouped(rows, dims, dated, scope.settings.timezone)
    sizes = groups.codes.value_counts()
    return {tuple(groups.labels[code].values()): count for code, count in sizes.iter_rows()}

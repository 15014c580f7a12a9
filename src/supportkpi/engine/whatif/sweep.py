"""A row of limits over the same clocks, and the limit that a share would have met (method 7.2, 7.3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import polars as pl

from supportkpi.clocks.replay import Replay
from supportkpi.engine.grouping.groups import RULE
from supportkpi.engine.statistics.intervals import wilson
from supportkpi.engine.statistics.solve import Solved, needs, solved, step_up
from supportkpi.engine.whatif.asked import Row as Limits
from supportkpi.engine.whatif.asked import Wanted, with_limit
from supportkpi.engine.whatif.tally import SET_ASIDE, Bench, Count, Dims, by
from supportkpi.sla import Limit, Sla, Timed
from supportkpi.whatifs import Crossing, Point, Solve, Sweep

_SECOND = 1_000_000
_TICK = 1e-6
ROUND_THE_CLOCK = "24x7"


def sweep(bench: Bench, replay: Replay, sla: Sla, row: Limits, conf: float) -> Sweep:
    """The share of BASE's tickets of a rule that each limit would have had met."""
    points = []
    for limit in row.limits:
        mine = replay.judged(with_limit(sla, row.rule, row.target, limit), row.target)
        found = by(bench.counts(mine), bench.counted.labels, (RULE,), bench.rules)
        points.append(_point(found.get((row.rule,), Count(pairs={})), limit, row.present, conf))
    return Sweep(rule=row.rule, target=row.target, points=tuple(points))


def crossing(bench: Bench, replay: Replay, sla: Sla, first: Limits, second: Limits) -> Crossing:
    """The share of all of BASE's tickets at every pair of limits of two rules: what is judged once is kept."""
    found = []
    for row in first.limits:
        one = with_limit(sla, first.rule, first.target, row)
        mine = [
            replay.judged(with_limit(one, second.rule, second.target, limit), first.target) for limit in second.limits
        ]
        found.append([by(bench.counts(each), bench.counted.labels, (), bench.rules)[()] for each in mine])
    return Crossing(
        target=first.target,
        rules=(first.rule, second.rule),
        rows=tuple(limit.text for limit in first.limits),
        columns=tuple(limit.text for limit in second.limits),
        n=tuple(tuple(count.n for count in line) for line in found),
        x=tuple(tuple(count.x for count in line) for line in found),
        present=(_place(first), _place(second)),
    )


def _place(row: Limits) -> int:
    """The place of the present limit."""
    return next(place for place, limit in enumerate(row.limits) if _same(limit, row.present))


def _same(one: Limit, other: Limit) -> bool:
    return (one.seconds, one.days, one.deadline) == (other.seconds, other.days, other.deadline)


def _point(count: Count, limit: Limit, present: Limit, conf: float) -> Point:
    low, high = wilson(count.x, count.n, conf) or (None, None)
    return Point(
        limit=limit.text,
        seconds=limit.seconds,
        n=count.n,
        x=count.x,
        n_open=count.running,
        value=count.value,
        low=low,
        high=high,
        is_present=_same(limit, present),
    )


def solves(
    bench: Bench, sla: Sla, timed: Timed, asked: Wanted, *, views: Sequence[Dims], per: str | None, conf: float
) -> Iterator[Solve]:
    """The limit that a share of every group would have met: by rule and what was asked for, then of all; by stretch.

    Read on each clock as BASE counts it; a clock that a change of its ticket judges by a later rule counts from there.
    """
    clocks = _observed(bench, sla, timed)
    exclusive = any(version.boundary == "exclusive" for version in sla.versions)
    ordered = [*(dims for dims in views if dims), (), *([(per,)] if per is not None else [])]
    for dims in dict.fromkeys(ordered):
        groups, codes = _coded(clocks, dims, bench)
        coded = clocks.select(codes.alias("code"), "s", "ended", "hours")
        found = solved(coded.drop("hours"), asked.share, conf)
        mixed = set(coded.group_by("code").agg(pl.col("hours").n_unique()).filter(pl.col("hours") > 1)["code"])
        for code, labels in enumerate(groups):
            group = dict(zip(dims, labels, strict=True))
            answer = _solve(found[code], timed, group, asked.share, conf=conf, exclusive=exclusive)
            yield _apart(answer) if code in mixed else answer


def _solve(
    found: Solved, timed: Timed, group: dict[str, str | None], share: float, *, conf: float, exclusive: bool
) -> Solve:
    least = needs(share, conf)
    value, high = ((None if s is None else s + _TICK if exclusive else s) for s in (found.value, found.high))
    reason = ""
    if value is None:
        reason = f"more than {(1 - share) * 100:g} % of these clocks still run"
    elif found.n < least:
        reason = f"{found.n} clocks are too few to promise by: it takes {least}"
    elif high is None:
        reason = "too many clocks still run to promise by"
    return Solve(
        target=timed,
        group=group,
        share=share,
        n=found.n,
        n_open=found.n_open,
        needs=least,
        seconds=value,
        low=found.low,
        high=high,
        safe_s=None if high is None else step_up(high),
        reason=reason,
    )


def _apart(answer: Solve) -> Solve:
    """Without a limit: an hour of one calendar is none of another."""
    reason = "their clocks run on different hours: see each rule"
    return replace(answer, seconds=None, low=None, high=None, safe_s=None, reason=reason)


def _observed(bench: Bench, sla: Sla, timed: Timed) -> pl.DataFrame:
    """cell, rule, s (what the clock showed against its rule's limit), ended, hours of the clocks that have a limit."""
    assert bench.base is not None  # noqa: S101 - asked only where BASE limits the target
    clocks = bench.clocks(bench.base).with_columns(
        ended=bench.base.clocks.filter(bench.counted.cell.gather(bench.base.clocks["row"]).is_not_null())["is_stopped"]
    )
    kept = clocks.with_columns(_later=_later(clocks, bench, sla, timed)).filter(~pl.col("base").is_in(SET_ASIDE))
    shown = (pl.col("elapsed_us") - pl.col("_later")).clip(0) / _SECOND
    return kept.select("cell", "rule", "ended", s=shown, hours=_hours(bench, sla, timed).gather(kept["rule"]))


def _hours(bench: Bench, sla: Sla, timed: Timed) -> pl.Series:
    """On whose hours the clocks of each of BASE's rules run: a number for each that differs."""
    named: dict[str, str] = {}
    for version in sla.versions:
        for rule in version.rules:
            if timed in rule.limits:
                name = rule.calendar or version.calendar or ROUND_THE_CLOCK
                named[rule.name] = name if named.get(rule.name, name) == name else f"{named[rule.name]}, {name}"
    hours = [named.get(name, "") for name in (*bench.rules, "")]
    return pl.Series([hours.index(name) for name in hours], dtype=pl.UInt32)


def _later(clocks: pl.DataFrame, bench: Bench, sla: Sla, timed: Timed) -> pl.Series:
    """By how much the limit of each clock ends later than its rule says: a change while it ran moved its start."""
    nothing = pl.repeat(0, clocks.height, dtype=pl.Int64, eager=True)
    if len(sla.versions) > 1:  # a rule has not one limit then
        return nothing
    limits = {rule.name: rule.limits[timed].seconds for rule in sla.versions[0].rules if timed in rule.limits}
    own = [limits.get(name) for name in (*bench.rules, "")]
    plain = pl.Series([None if s is None else round(s * _SECOND) for s in own], dtype=pl.Int64)
    return (clocks["was_us"] - plain.gather(clocks["rule"])).fill_null(0)


def _coded(clocks: pl.DataFrame, dims: Dims, bench: Bench) -> tuple[list[tuple[str | None, ...]], pl.Series]:
    """The groups that occur, and the place of each clock's among them."""
    if not dims:
        return [()] if clocks.height else [], pl.repeat(0, clocks.height, dtype=pl.UInt32, eager=True)
    labels = {**bench.counted.labels, RULE: (*bench.rules, None)}
    beside = clocks.join(bench.counted.cells, on="cell", how="left", maintain_order="left")
    groups = beside.select(dims).unique().sort(dims).with_row_index("code")
    codes = beside.select(dims).join(groups, on=list(dims), how="left", maintain_order="left")["code"]
    named = [tuple(labels[dim][code] for dim, code in zip(dims, row[1:], strict=True)) for row in groups.iter_rows()]
    return named, codes

"""Service levels: clocks met among those decided, the bounds of running ones, how late the late ones are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

import polars as pl

from supportkpi.clocks import State as Clock
from supportkpi.clocks import unobserved
from supportkpi.decisions import Target
from supportkpi.engine.grouping.groups import RULE
from supportkpi.engine.grouping.rows import Frame, held
from supportkpi.engine.grouping.scope import Breakdown, Scope, absent
from supportkpi.engine.kpis.tickets import Share, share_of
from supportkpi.engine.statistics.ordered import ordered
from supportkpi.engine.statistics.quantiles import Summary, summaries
from supportkpi.metrics import Compliance, Metric
from supportkpi.report import Row
from supportkpi.sla import Rule, Sla, Timed

_DECIDED = (Clock.met, Clock.breached_closed, Clock.breached_open)
_OPEN = (Clock.running, Clock.paused)
_NO_SLA = 'no targets given or in the file: --sla "first_response=4h"'
_TOO_FINE = "the limits are finer than the dates, which are days without a time of the day"
_READ = ("state", "judged", "is_mature", "late_s", "is_unanswered", "is_uncertain", "is_good", "rigid")
_LATE = {"late_median": "median", "late_p90": "p90"}
_GOOD = (pl.col("elapsed_s") <= pl.col("good_s")).alias("is_good")


def chosen_clocks(clocks: pl.DataFrame, tickets: pl.DataFrame) -> pl.DataFrame:
    """The part of a ledger whose tickets passed the filters; ``place`` is the ticket's row among them."""
    places = tickets.select("ticket_id").with_row_index("place")
    return clocks.drop("row").join(places, on="ticket_id", maintain_order="left")


def compliance(metric: Metric, scope: Scope) -> Iterator[Row]:
    """Rows of one target's compliance, of all targets of a ticket together where the metric names none."""
    measure = metric.measure
    assert isinstance(measure, Compliance)  # noqa: S101 - the registry of measures says so
    frame = scope.frame(metric, "created")
    if (reasons := _reasons(measure, scope)) or scope.clocks is None:
        yield from absent(frame, reasons or (_NO_SLA,))
        return
    basis: Literal["given", "derived"] = "given" if scope.settings.sla is None else "derived"
    judged = scope.clocks.with_columns(_GOOD, *_rigid(scope.clocks))
    clocks = _joint(judged) if measure.timed is None else judged.filter(pl.col("target") == measure.timed)
    # A column of the export may be called as one of ours; its groups are known by then.
    beside = scope.tickets.select(pl.exclude(*_READ, RULE).gather(pl.lit(clocks["place"])))
    wide = beside.hstack(clocks.select(*_READ, RULE))
    inside = wide.filter(scope.inside("created_at"))
    rules = _in_force(scope.settings.sla, inside["created_at"])
    if scope.facts.by_day("created_at") and _all_uncertain(inside):
        yield from absent(frame, (_TOO_FINE,))
        return
    for dims in _breakdowns(scope):
        groups = scope.groups(f"clocks of {metric.name}", inside, "created_at", dims)
        coded = inside.with_columns(code=groups.codes)
        found = _found(coded, scope.settings.conf)
        for code, label in _in_order(groups.labels, scope.settings.sla):
            for row in _rows(frame, code, label, found):
                yield replace(_with_goal(row, metric, rules, measure), basis=basis)


def _all_uncertain(clocks: pl.DataFrame) -> bool:
    """Whether all clocks that are decided were nearer to their limits than their instants are exact."""
    decided = clocks.filter(_among("state", _DECIDED))["is_uncertain"]
    return bool(len(decided)) and bool(decided.all())


def _rigid(clocks: pl.DataFrame) -> list[pl.Expr]:
    """The states as if no limit went by load: none where no limit does."""
    return [] if "rigid" in clocks.columns else [pl.lit(None, clocks.schema["state"]).alias("rigid")]


def _in_order(
    labels: Sequence[Mapping[str, str | None]], sla: Sla | None
) -> list[tuple[int, Mapping[str, str | None]]]:
    """The groups by code; rules as they are tried."""
    rank = {name: place for place, name in enumerate(sla.rules() if sla is not None else ())}
    return sorted(enumerate(labels), key=lambda each: rank.get(each[1].get(RULE) or "", len(rank)))


def _breakdowns(scope: Scope) -> Sequence[Breakdown]:
    """Those asked for, and by rule: a share over rules of different limits says little."""
    if scope.settings.sla is None:  # what the export judged itself has no rules
        return tuple(dims for dims in scope.breakdowns if RULE not in dims)
    return tuple(dict.fromkeys((*scope.breakdowns[:1], (RULE,), *scope.breakdowns[1:])))


def _reasons(measure: Compliance, scope: Scope) -> tuple[str, ...]:
    sla = scope.settings.sla
    if sla is None:
        own = () if scope.clocks is None else scope.clocks["target"].unique().to_list()
        return () if own and measure.timed in (None, *own) else (_NO_SLA,)
    asked: tuple[Timed, ...] = sla.timed() if measure.timed is None else (measure.timed,)
    if measure.timed is not None and measure.timed not in sla.timed():
        return (f"no rule sets a limit for {measure.timed}",)
    missing = [unobserved(scope.facts, timed, sla) for timed in asked]
    if measure.timed is None:
        return () if any(not reasons for reasons in missing) else missing[0]
    return missing[0]


def _joint(clocks: pl.DataFrame) -> pl.DataFrame:
    """One row a ticket: met when all its clocks are, decided when all are; set aside when a cause touches any."""
    both = clocks.group_by("place", maintain_order=True).agg(
        state=_together("state"),
        judged=_together("judged"),
        rigid=pl.when(pl.col("rigid").is_not_null().any()).then(_together("rigid")),
        is_good=pl.lit(None, pl.Boolean),
        is_mature=pl.col("is_mature").filter(pl.col("target_s").is_not_null()).all(),
        late_s=pl.col("late_s").max(),
        is_unanswered=pl.col("is_unanswered").any(),
        is_uncertain=pl.col("is_uncertain").any(),
        rule=pl.col("rule").drop_nulls().first(),
    )
    return both.with_columns(pl.col("state", "judged", "rigid").cast(clocks.schema["state"]))


def _together(column: str) -> pl.Expr:
    """The state of all clocks of a ticket: the first of these that any has; what has no target does not count."""
    order = (Clock.excluded, Clock.running, Clock.paused, Clock.breached_open, Clock.breached_closed, Clock.met)
    found = pl.lit(Clock.no_target.value)
    for state in reversed(order):
        found = pl.when((pl.col(column) == state.value).any()).then(pl.lit(state.value)).otherwise(found)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What the clocks of one breakdown come to, by the code of the group."""

    counts: Mapping[int, Mapping[str, int]]
    shares: Mapping[str, Mapping[int, Share]]
    late: Mapping[int, Summary]
    sometimes: frozenset[str]  # statistics that these clocks have, and others may not


def _found(clocks: pl.DataFrame, conf: float) -> _Found:
    states = [(pl.col("state") == state.value).sum().alias(state.value) for state in Clock]
    summed = clocks.group_by("code").agg(
        *states,
        pl.col("is_unanswered").sum().alias("solved_unanswered"),
        pl.col("is_uncertain").sum().alias("uncertain"),
    )
    counts = {row.pop("code"): row for row in summed.iter_rows(named=True)}
    late = clocks.filter(pl.col("late_s").is_not_null() & _among("state", _DECIDED))
    seconds = late.select("code", s="late_s", ended=pl.lit(value=True))
    shares = {stat: share_of(_marks(clocks, stat), conf) for stat in _STATS}
    apart = {"good": clocks["is_good"], "rigid": clocks["rigid"]}
    return _Found(
        counts=counts,
        shares=shares,
        late=summaries(ordered(seconds), conf),
        sometimes=frozenset(stat for stat, values in apart.items() if values.null_count() < len(values)),
    )


def _among(column: str, states: Sequence[Clock]) -> pl.Expr:
    return pl.col(column).is_in([state.value for state in states])


_MET = pl.col("state") == Clock.met.value
_STATS: Mapping[str, tuple[pl.Expr, pl.Expr]] = {  # stat -> (success, decided)
    "value": (_MET, _among("state", _DECIDED)),
    "pessimistic": (_MET, _among("state", (*_DECIDED, *_OPEN))),
    "optimistic": (_among("state", (Clock.met, *_OPEN)), _among("state", (*_DECIDED, *_OPEN))),
    "mature": (_MET, _among("state", _DECIDED) & pl.col("is_mature")),
    "closed_only": (_MET, _among("state", (Clock.met, Clock.breached_closed))),
    "with_external": (pl.col("judged") == Clock.met.value, _among("judged", _DECIDED)),
    "coverage": (pl.col("state") != Clock.no_target.value, pl.lit(value=True)),
    "good": (_MET & pl.col("is_good"), _among("state", _DECIDED) & pl.col("is_good").is_not_null()),
    "rigid": (pl.col("rigid") == Clock.met.value, _among("rigid", _DECIDED)),
}
_SOMETIMES = ("good", "rigid")


def _marks(clocks: pl.DataFrame, stat: str) -> pl.DataFrame:
    success, decided = _STATS[stat]
    return clocks.select("code", success=success, decided=decided, cluster=pl.col("requester_id").str.to_lowercase())


def _rows(frame: Frame, code: int, label: Mapping[str, str | None], found: _Found) -> Iterator[Row]:
    tallied = dict(found.counts.get(code, dict.fromkeys((*Clock, "solved_unanswered", "uncertain"), 0)))
    tallied["external"] = tallied.pop(Clock.excluded.value)
    waiting = sum(tallied[state.value] for state in _OPEN)
    for stat in frame.metric.stats:
        if stat in _LATE:
            summary = found.late.get(code)
            value, low, high = summary.stat(_LATE[stat]) if summary else (None, None, None)
            n = summary.n if summary else 0
            yield frame.row(stat, label, n=n, counts=tallied, value=value, low=low, high=high)
        elif not label or stat not in _SOMETIMES or stat in found.sometimes:
            share = found.shares[stat].get(code, {"n": 0, "x": 0.0})
            if not label or stat != "good" or share["n"]:  # most rules have one limit and no range
                yield frame.row(stat, label, counts=tallied, n_open=waiting, **share)


def _in_force(sla: Sla | None, created: pl.Series) -> Sequence[Rule]:
    """The rules that hold for tickets created then, the newest version's first."""
    first, last = created.min(), created.max()
    known = isinstance(first, datetime) and isinstance(last, datetime)
    versions = () if sla is None else sla.between(first, last) if known else sla.versions  # type: ignore[arg-type]
    return [rule for version in reversed(versions) for rule in version.rules]


def _with_goal(row: Row, metric: Metric, rules: Sequence[Rule], measure: Compliance) -> Row:
    """The row of a rule, held against that rule's own goal rather than the one for all tickets."""
    timed = measure.timed
    if row.stat != metric.stats[0] or RULE not in row.group or timed is None:
        return row
    for rule in rules:
        if rule.name == row.group[RULE] and timed in rule.goals:
            goal = rule.goals[timed]
            return held(row, Target(kpi=row.kpi, value=goal, op=">=", text=f"{goal * 100:g} %"), metric)
    return row

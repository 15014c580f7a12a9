"""Judging checks: every comparison on unrounded numbers, nothing that was asked for passes for want of data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from math import ceil, floor

import polars as pl

from supportkpi.checks import Checked, Gate, Late, Result
from supportkpi.clocks import ledger, unknown
from supportkpi.decisions import Check, Settings, Target, Window
from supportkpi.engine.definitions import selected
from supportkpi.engine.grouping.groups import RULE, TIMES, source_of
from supportkpi.engine.grouping.rows import OPERATORS, coarseness, headline, held
from supportkpi.engine.grouping.scope import DATES, within
from supportkpi.engine.grouping.views import view
from supportkpi.engine.kpis.series import own_kpis
from supportkpi.engine.measure import measure
from supportkpi.errors import KpiUnknown, OptionWrong, ValueUnknown
from supportkpi.facts import Facts
from supportkpi.metrics import Compliance, Distribution, Metric, catalogue
from supportkpi.periods import bucket
from supportkpi.report import Report, Row, State
from supportkpi.sla import Sla
from supportkpi.texts import meant

_WORST = 4
_LATE = ("breached_open", "breached_closed")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bench:
    """What judging looks at beside the report: the tickets that pass the filters, the period, the clocks, the time."""

    facts: Facts
    tickets: pl.DataFrame
    settings: Settings
    window: Window | None
    now: datetime | None
    clocks: Callable[[], pl.DataFrame]


def judge(
    facts: Facts,
    checks: Sequence[Check],
    *,
    settings: Settings,
    window: Window | None = None,
    where: Sequence[str] = (),
    per: str | None = None,
    now: datetime | None = None,
) -> Gate:
    """Every check in every group that it asks for; ``per`` is a stretch of time that each is judged by, too.

    Raises:
        KpiUnknown, DimensionUnknown, ConfigValue: a check asks for what is not there.
    """
    if settings.sla is not None:
        _refuse_unknown(facts, settings.sla)
    asked = [check if per is None or not check.kpi else replace(check, by=(*check.by, per)) for check in checks]
    reports = {
        conf: _measured(facts, asked, settings, conf, window=window, where=where) for conf in _levels(asked, settings)
    }
    bench = _Bench(
        facts=facts,
        tickets=view(facts, settings, window=window, by=(), where=where).passed("assignee")[0],
        settings=settings,
        window=window,
        now=now,
        clocks=cache(lambda: ledger(facts, settings.sla) if settings.sla is not None else pl.DataFrame()),
    )
    done = [each for check in asked for each in _checked(check, reports[check.confidence or settings.conf], bench)]
    first = reports[settings.conf]
    return Gate(
        checks=tuple(done), exit_code=_code(done), method=first.method, ledger=first.ledger, inputs=first.inputs
    )


def _refuse_unknown(facts: Facts, sla: Sla) -> None:
    """A rule for a value that nobody knows is a misspelt one: a pipeline must not go on without it."""
    said = next(iter(unknown(facts, sla)), None)
    if said is not None:
        raise ValueUnknown(said, hint="mend it under sla: in the config")


def _levels(checks: Sequence[Check], settings: Settings) -> list[float]:
    return list(dict.fromkeys([settings.conf, *(check.confidence for check in checks if check.confidence is not None)]))


def _measured(
    facts: Facts,
    checks: Sequence[Check],
    settings: Settings,
    conf: float,
    *,
    window: Window | None,
    where: Sequence[str],
) -> Report:
    """The report of all KPIs that are asked for, in all breakdowns that are, without targets of its own."""
    kpis = list(dict.fromkeys(check.kpi for check in checks if check.kpi)) or ["tickets_created"]
    by = list(dict.fromkeys(check.by for check in checks if check.by and check.by != (RULE,)))
    bare = replace(settings, targets=(), conf=conf)
    return measure(
        facts, settings=bare, window=window, by=[list(dims) for dims in by], where=where, kpis=kpis, detail=False
    )


def _checked(check: Check, report: Report, bench: _Bench) -> Iterator[Checked]:
    if check.max_age_s is not None:
        yield _aged(check, bench.facts, bench.now)
        return
    metric = selected([check.kpi], own_kpis(bench.facts.series))[0]
    if isinstance(metric.measure, Compliance) and bench.settings.sla is None:
        _refuse_without_limits(check, report)
    rows = [row for row in report.cells if row.kpi == check.kpi and _asked(row, check, metric, bench.settings)]
    counts = sorted({name for row in rows for name in row.counts})
    if check.count is not None and counts and check.count not in counts:
        hint = meant(check.count, counts) or f"it has {', '.join(counts)}"
        raise KpiUnknown(f'{check.kpi} counts no "{check.count}"', hint=hint, where=check.where)
    for row in rows:
        yield _judged(check, row, metric, bench)
    yield from _silent(check, rows, report, bench.settings)


def _refuse_without_limits(check: Check, report: Report) -> None:
    """A service level without limits is a mistake in the pipeline, not a lack of data."""
    if all(row.state is State.not_observed for row in report.cells if row.kpi == check.kpi):
        hint = 'write sla: in the config, or --sla "first_response=4h"'
        raise OptionWrong(f"{check.kpi} has no limits: neither the config nor the export has any", hint=hint)


def _asked(row: Row, check: Check, metric: Metric, settings: Settings) -> bool:
    """Whether a check is about a row: its group, its statistic, its clock."""
    if tuple(row.group) != check.by:
        return False
    if check.count is not None:
        return row.stat == metric.stats[0] and (check.clock or row.clock) == row.clock
    wanted = Target(kpi=check.kpi, value=0.0, stat=check.stat, clock=check.clock)
    return headline(wanted, row, metric, settings)


def _silent(check: Check, rows: Sequence[Row], report: Report, settings: Settings) -> Iterator[Checked]:
    """What was asked for and has no row: a KPI that the export cannot show, a rule that no ticket fits."""
    if not rows:
        head = next((row for row in report.cells if row.kpi == check.kpi), None)
        reason = "; ".join(head.reason) if head is not None and head.reason else "no ticket has it"
        yield _nothing(check, {}, reason)
    elif check.by == (RULE,) and settings.sla is not None:
        shown = {row.group[RULE] for row in rows}
        timed = _timed(check)
        for rule in dict.fromkeys(r.name for v in settings.sla.versions for r in v.rules if timed in (None, *r.limits)):
            if rule not in shown:
                yield _nothing(check, {RULE: rule}, "no ticket fits this rule")


def _timed(check: Check) -> str | None:
    measure = catalogue()[check.kpi].measure
    return measure.timed if isinstance(measure, Compliance) else None


def _nothing(check: Check, group: Mapping[str, str | None], reason: str) -> Checked:
    return Checked(
        check=check, group=group, expr=_text(check.expr), warn=_text(check.warn), result=Result.no_data, reason=reason
    )


def _judged(check: Check, row: Row, metric: Metric, bench: _Bench) -> Checked:
    """One row against a check."""
    expr = check.expr if check.expr is not None else _goal(row)
    if expr is None:
        return _nothing(check, row.group, "the rule has no goal")
    counted = check.count is not None
    value, n = (_counted(row, check.count), _population(row)) if check.count is not None else (row.value, row.n)
    base = Checked(
        check=check,
        group=row.group,
        row=row if counted else held(row, expr, metric),
        expr=_text(expr),
        warn=_text(check.warn),
        value=value,
        unit="tickets" if counted else row.unit,
        n=n,
        result=Result.no_data,
    )
    if value is None or row.state in (State.not_observed, State.needs_answer):
        return replace(base, reason="; ".join(row.reason or ()) or "nothing to measure")
    if n < check.min_n and not counted:
        return replace(base, reason=f"n {n} is under {check.min_n}")
    return _decided(base, expr, value, metric=metric, bench=bench)


def _decided(base: Checked, expr: Target, value: float, *, metric: Metric, bench: _Bench) -> Checked:
    check, row = base.check, base.row
    assert row is not None  # noqa: S101 - a row that was judged
    if _holds(value, expr, metric):
        warned = check.warn is not None and not _holds(value, check.warn, metric)
        return replace(base, result=Result.warn if warned else Result.passed, certainty=row.certainty)
    inside = row.low is not None and row.high is not None and row.low <= expr.value <= row.high
    inside = inside or abs(value - expr.value) < coarseness(row)
    doubtful = check.confidence is not None and check.count is None and inside
    return replace(
        base,
        result=Result.warn if doubtful else Result.fail,
        certainty="uncertain" if inside and check.count is None else "sure",
        short=_short(row, expr, metric) if check.count is None else None,
        tickets=tuple(_worst(base, metric, bench)),
    )


def _goal(row: Row) -> Target | None:
    """The rule's own goal, which the row was held against already."""
    if row.target is None:
        return None
    return Target(kpi=row.kpi, value=row.target.value, op=row.target.op, text=row.target.text)  # type: ignore[arg-type]


def _holds(value: float, target: Target, metric: Metric) -> bool:
    op = target.op or ("<=" if metric.direction == "lower" else ">=")
    return bool(OPERATORS[op](value, target.value))


def _counted(row: Row, name: str) -> float | None:
    found = row.counts.get(name)
    return None if found is None else float(found)


def _population(row: Row) -> int:
    return row.n + (row.n_open or 0)


def _short(row: Row, target: Target, metric: Metric) -> int | None:
    """How many more tickets would have had to succeed (or fewer to fail) for the share to hold."""
    if row.unit != "ratio" or row.x is None or not row.n:
        return None
    op = target.op or ("<=" if metric.direction == "lower" else ">=")
    exact = target.value * row.n
    wanted = {
        ">=": ceil(exact - 1e-9),
        ">": floor(exact + 1e-9) + 1,
        "<=": floor(exact + 1e-9),
        "<": ceil(exact - 1e-9) - 1,
    }
    return abs(wanted[op] - int(row.x)) if op in wanted else None


def _worst(base: Checked, metric: Metric, bench: _Bench) -> Iterator[Late]:
    """The tickets to look at first: the latest clocks, the slowest spans."""
    if not isinstance(metric.measure, Compliance | Distribution) or metric.over not in ("tickets", "clocks"):
        return
    members = _members(base.group, DATES.get(metric.dated_by, "created_at"), bench)
    if members is None:
        return
    if isinstance(metric.measure, Compliance) and bench.settings.sla is not None:
        chosen = _late_clocks(base, metric.measure, bench).join(members, on="ticket_id", how="semi")
        worst = chosen.sort("late_s", "ticket_id", descending=[True, False]).select("ticket_id", "late_s", "state")
        for name, late, state in worst.head(_WORST).iter_rows():
            yield Late(ticket=name, seconds=late, is_open=state == "breached_open")
    elif isinstance(metric.measure, Distribution):
        clock = "_business" if base.row is not None and base.row.clock == "business" else ""
        column = f"{metric.measure.span}{clock}_s"
        if column in bench.tickets.columns:
            slow = bench.tickets.join(members, on="ticket_id", how="semi").drop_nulls(column)
            ordered = slow.sort(column, "ticket_id", descending=[True, False]).select("ticket_id", column)
            for name, took in ordered.head(_WORST).iter_rows():
                yield Late(ticket=name, seconds=took)


def _late_clocks(base: Checked, measure: Compliance, bench: _Bench) -> pl.DataFrame:
    """The clocks that missed, of the target and the rule; where one count is asked, of that state alone."""
    states = [base.check.count] if base.check.count in _LATE else list(_LATE)
    clocks = bench.clocks().filter(pl.col("state").is_in(states))
    if measure.timed is not None:
        clocks = clocks.filter(pl.col("target") == measure.timed)
    return clocks if base.group.get(RULE) is None else clocks.filter(pl.col("rule") == base.group[RULE])


def _members(group: Mapping[str, str | None], dated: str, bench: _Bench) -> pl.DataFrame | None:
    """The tickets of a group in the period; None where tickets have no column of what the group is by."""
    fits = pl.col("exclusion").is_null() & within(dated, bench.window)
    for dim, label in group.items():
        column = source_of(dim)
        if dim in TIMES:
            said = bucket(pl.col(dated), dim, bench.settings.timezone).cast(pl.String)
        elif column in bench.tickets.columns:
            said = pl.col(column).cast(pl.String)
        elif dim == RULE:
            continue
        else:
            return None
        fits = fits & said.eq_missing(pl.lit(label, pl.String))
    return bench.tickets.filter(fits).select("ticket_id")


def _text(target: Target | None) -> str:
    if target is None:
        return ""
    return target.text if any(sign in target.text for sign in "<>=≤≥") else f"{target.op or ''} {target.text}".strip()


def _aged(check: Check, facts: Facts, now: datetime | None) -> Checked:
    """How old the export is: from its newest instant to now."""
    limit = check.max_age_s or 0.0
    base = Checked(check=check, unit="s", expr="", result=Result.no_data)
    if facts.as_of is None or now is None:
        return replace(base, reason="the files have no dates")
    age = (now - facts.as_of).total_seconds()
    return replace(base, value=age, n=1, result=Result.passed if age <= limit else Result.fail, certainty="sure")


def _code(done: Sequence[Checked]) -> int:
    """1 when one failed, else 3 when one had no data and must have some, else 0."""
    silent = [each.check.no_data for each in done if each.result is Result.no_data]
    if any(each.result is Result.fail for each in done) or "fail" in silent:
        return 1
    return 3 if "error" in silent else 0

"""Judging checks: every comparison on unrounded numbers, nothing that was asked for passes for want of data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from math import ceil, floor

import polars as pl

from supportkpi.checks import Checked, Gate, Late, Result
from supportkpi.clocks import ledger
from supportkpi.decisions import Check, Settings, Target, Window
from supportkpi.engine.groups import RULE
from supportkpi.engine.measure import measure
from supportkpi.engine.rows import OPERATORS, headline, held
from supportkpi.errors import KpiUnknown
from supportkpi.facts import Facts
from supportkpi.metrics import Compliance, Distribution, Metric, catalogue
from supportkpi.report import Report, Row, State
from supportkpi.texts import meant

_WORST = 4
_LATE = ("breached_open", "breached_closed")


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
    asked = [check if per is None or not check.kpi else replace(check, by=(*check.by, per)) for check in checks]
    reports = {
        conf: _measured(facts, asked, settings, conf, window=window, where=where) for conf in _levels(asked, settings)
    }
    done = [
        each
        for check in asked
        for each in _checked(check, reports[check.confidence or settings.conf], facts, settings, now=now)
    ]
    first = reports[settings.conf]
    return Gate(
        checks=tuple(done), exit_code=_code(done), method=first.method, ledger=first.ledger, inputs=first.inputs
    )


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


def _checked(
    check: Check, report: Report, facts: Facts, settings: Settings, *, now: datetime | None
) -> Iterator[Checked]:
    if check.max_age_s is not None:
        yield _aged(check, facts, now)
        return
    metric = catalogue()[check.kpi]
    rows = [row for row in report.cells if row.kpi == check.kpi and _asked(row, check, metric, settings)]
    if check.count is not None and rows and not any(check.count in row.counts for row in rows):
        counts = sorted({name for row in rows for name in row.counts})
        if counts:
            hint = meant(check.count, counts) or f"it has {', '.join(counts)}"
            raise KpiUnknown(f'{check.kpi} counts no "{check.count}"', hint=hint, where=check.where)
    for row in rows:
        yield _judged(check, row, metric, facts, settings)
    yield from _silent(check, rows, report, settings)


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


def _judged(check: Check, row: Row, metric: Metric, facts: Facts, settings: Settings) -> Checked:
    """One row against a check."""
    expr = check.expr if check.expr is not None else _goal(row)
    if expr is None:
        return _nothing(check, row.group, "the rule has no goal")
    value, n = (row.value, row.n) if check.count is None else (_counted(row, check.count), _population(row))
    base = Checked(
        check=check,
        group=row.group,
        row=held(row, expr, metric) if check.count is None else row,
        expr=_text(expr),
        warn=_text(check.warn),
        value=value,
        unit=row.unit if check.count is None else "tickets",
        n=n,
        result=Result.no_data,
    )
    if (
        value is None
        or (n < check.min_n and check.count is None)
        or row.state in (State.not_observed, State.needs_answer)
    ):
        few = (
            f"n {n} is under {check.min_n}"
            if value is not None
            else "; ".join(row.reason or ()) or "nothing to measure"
        )
        return replace(base, reason=few)
    return _decided(base, expr, value, metric=metric, facts=facts, settings=settings)


def _decided(base: Checked, expr: Target, value: float, *, metric: Metric, facts: Facts, settings: Settings) -> Checked:
    check, row = base.check, base.row
    assert row is not None  # noqa: S101 - a row that was judged
    if _holds(value, expr, metric):
        warned = check.warn is not None and not _holds(value, check.warn, metric)
        return replace(base, result=Result.warn if warned else Result.passed, certainty=row.certainty)
    inside = row.low is not None and row.high is not None and row.low <= expr.value <= row.high
    doubtful = check.confidence is not None and check.count is None and inside
    return replace(
        base,
        result=Result.warn if doubtful else Result.fail,
        certainty="uncertain" if inside else "sure",
        short=_short(row, expr, metric) if check.count is None else None,
        tickets=tuple(_worst(base, metric, facts, settings)),
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


def _worst(base: Checked, metric: Metric, facts: Facts, settings: Settings) -> Iterator[Late]:
    """The tickets to look at first: the latest clocks, the slowest spans."""
    where = _members(facts, base.group)
    if isinstance(metric.measure, Compliance) and settings.sla is not None and where is not None:
        clocks = ledger(facts, settings.sla).filter(pl.col("state").is_in(list(_LATE)))
        if metric.measure.timed is not None:
            clocks = clocks.filter(pl.col("target") == metric.measure.timed)
        if base.group.get(RULE) is not None:
            clocks = clocks.filter(pl.col("rule") == base.group[RULE])
        chosen = clocks.join(where, on="ticket_id", how="semi").sort("late_s", "ticket_id", descending=[True, False])
        for name, late, state in chosen.select("ticket_id", "late_s", "state").head(_WORST).iter_rows():
            yield Late(ticket=name, seconds=late, is_open=state == "breached_open")
    elif isinstance(metric.measure, Distribution) and where is not None:
        clock = "_business" if base.row is not None and base.row.clock == "business" else ""
        column = f"{metric.measure.span}{clock}_s"
        if column in facts.tickets.columns:
            slow = facts.tickets.join(where, on="ticket_id", how="semi").filter(pl.col(column).is_not_null())
            for name, took in (
                slow.sort(column, "ticket_id", descending=[True, False])
                .select("ticket_id", column)
                .head(_WORST)
                .iter_rows()
            ):
                yield Late(ticket=name, seconds=took)


def _members(facts: Facts, group: Mapping[str, str | None]) -> pl.DataFrame | None:
    """The tickets of a group; None where the group is by something that tickets have no column of."""
    fits = pl.col("exclusion").is_null()
    for dim, label in group.items():
        if dim == RULE:
            continue
        if dim not in facts.tickets.columns:
            return None
        fits = fits & pl.col(dim).cast(pl.String).eq_missing(pl.lit(label, pl.String))
    return facts.tickets.filter(fits).select("ticket_id")


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

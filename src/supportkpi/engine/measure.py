"""``measure``: facts in, a report of numbers out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import polars as pl

from supportkpi.clocks import assumed, given, given_notes, idle, ledger, rigid
from supportkpi.decisions import Settings, Window
from supportkpi.engine.definitions import fingerprint, labelled, selected
from supportkpi.engine.grouping.derived import AGENT
from supportkpi.engine.grouping.groups import GROUPING, Made, parsed, source_of
from supportkpi.engine.grouping.scope import Scope, absent, covered
from supportkpi.engine.grouping.slices import after_the_end, seen_only
from supportkpi.engine.grouping.views import View, view
from supportkpi.engine.kpis.agents import KPIS as TABLE
from supportkpi.engine.kpis.agents import agents
from supportkpi.engine.kpis.compliance import chosen_clocks, compliance
from supportkpi.engine.kpis.cost import cost
from supportkpi.engine.kpis.curves import READS as OF_CURVES
from supportkpi.engine.kpis.curves import curves
from supportkpi.engine.kpis.customers import requesters
from supportkpi.engine.kpis.effort import effort
from supportkpi.engine.kpis.given import or_given
from supportkpi.engine.kpis.load import load
from supportkpi.engine.kpis.promised import agreement
from supportkpi.engine.kpis.ratings import mean_score, net_share, response, satisfaction
from supportkpi.engine.kpis.ratio import per_ticket
from supportkpi.engine.kpis.returns import repeats, returned
from supportkpi.engine.kpis.satisfied import solved_satisfied
from supportkpi.engine.kpis.series import filtered, own_figures, own_kpis
from supportkpi.engine.kpis.stock import ages, backlog, closure
from supportkpi.engine.kpis.tags import tag_share
from supportkpi.engine.kpis.tickets import counted, durations, shares
from supportkpi.engine.kpis.waits import wait_times
from supportkpi.facts import ON_CALENDAR, Facts
from supportkpi.metrics import (
    Closure,
    Compliance,
    CostPerContact,
    Count,
    Distribution,
    Effort,
    Figures,
    MeanScore,
    Metric,
    NetShare,
    Owner,
    Rate,
    Ratio,
    RepeatShare,
    Requesters,
    ResponseShare,
    ReturnedShare,
    Satisfaction,
    SatisfiedCount,
    Stock,
    StockAge,
    TagShare,
    WaitTimes,
    catalogue,
)
from supportkpi.report import Ledger, Method, Report, Row, Series, State
from supportkpi.sla import Sla
from supportkpi.workers import workers

_MEASURES: Mapping[type, Callable[[Metric, Scope], Iterator[Row]]] = {
    Distribution: durations,
    Rate: or_given(shares),
    Ratio: or_given(per_ticket),
    WaitTimes: wait_times,
    Count: counted,
    Satisfaction: satisfaction,
    MeanScore: mean_score,
    ResponseShare: response,
    NetShare: net_share,
    Closure: closure,
    Stock: backlog,
    StockAge: ages,
    SatisfiedCount: solved_satisfied,
    Effort: effort,
    RepeatShare: repeats,
    ReturnedShare: returned,
    Requesters: requesters,
    TagShare: tag_share,
    Figures: own_figures,
    CostPerContact: cost,
    Compliance: compliance,
}

_ANSWERED = frozenset(
    ("instrument", "ticket_id", "score", "answer", "scale", "dated_at", "customer", "is_excluded", "is_transactional")
)
"""What the measures read of answers, beside their groups."""


def measure(
    facts: Facts,
    *,
    settings: Settings,
    window: Window | None = None,
    by: Sequence[str | Sequence[str]] = (),
    where: Sequence[str] = (),
    kpis: Sequence[str] = (),
    detail: bool = True,
) -> Report:
    """Every KPI (or those named) in total and for every breakdown; a breakdown is a dimension or several crossed.

    ``detail`` makes the series that one screen does not show, too: the load of work, and the table of agents.

    Raises:
        KpiUnknown, DimensionUnknown, ValueUnknown, OptionWrong: an argument names what is not there.
    """
    metrics = selected(kpis, own_kpis(facts.series))
    seen = view(facts, settings, window=window, by=by, where=_of_tickets(where, facts), table=detail and not kpis)
    scopes = _scopes(seen, metrics, where)
    scope = next(iter(scopes.values()))
    order = {metric.name: rank for rank, metric in enumerate(metrics)}
    beyond = _beyond(scope)
    with workers() as pool:  # one KPI's rows are made while the columns of another are sorted
        measured = [pool.submit(_rows, metric, scopes[metric.owner], seen, beyond) for metric in metrics]
        series = pool.submit(_series, scopes, order, detail=detail) if beyond is None else None
    rows = [row for each in measured for row in each.result()]
    cells = [row for row in rows if tuple(row.group) not in seen.beside]
    stats = {metric.name: {stat: rank for rank, stat in enumerate(metric.stats)} for metric in metrics}
    ranked = sorted(cells, key=lambda row: (order[row.kpi], len(row.group), ",".join(row.group)))
    return Report(
        cells=tuple(_by_stat(ranked, stats)),
        ledger=_ledger(facts),
        method=replace(_method(scope, metrics, seen, where), asked=tuple(kpis)),
        inputs=facts.dataset.provenance,
        series=() if series is None else (*series.result(), *_table(scope, rows)),
    )


def _ledger(facts: Facts) -> Ledger:
    """The rows of the files; with those by agents, where every used row is a ticket of the population."""
    whole = Ledger(files=facts.dataset.ledger)
    of_population = facts.tickets.select("exclusion", "is_outbound").filter(pl.col("exclusion").is_null())
    opened = int(of_population["is_outbound"].sum())
    return replace(whole, by_agents=opened) if opened and whole.used == of_population.height else whole


def _series(scopes: Mapping[str, Scope], kpis: Collection[str], *, detail: bool) -> list[Series]:
    """The series that are made of tickets: the load of work, and the shares by time."""
    by_hour = load(next(iter(scopes.values())), detail=detail) if "tickets_created" in kpis else ()
    return [*by_hour, *(curves(scopes, kpis) if detail else ())]


def _table(scope: Scope, rows: Sequence[Row]) -> Iterable[Series]:
    """The table of agents, which is made of rows."""
    return agents(rows, scope) if (AGENT,) in scope.breakdowns else ()


def _rows(metric: Metric, scope: Scope, seen: View, beyond: str | None) -> list[Row]:
    """The rows of a KPI; of a breakdown that the export cannot show one row that says why."""
    clock = "calendar" if metric.unit == "s" else None
    if beyond is not None and not isinstance(metric.measure, Figures):
        return list(absent(scope.frame(metric, metric.dated_by), (beyond,), clock=clock))
    missing = seen.missing(metric)
    silent = {*missing, *(() if metric.name in TABLE else seen.beside)}
    shown = tuple(dims for dims in scope.breakdowns if dims not in silent)
    measured = _MEASURES[type(metric.measure)](metric, replace(scope, breakdowns=shown))
    rows = list(seen_only(metric, measured, scope))
    if all(row.state in (State.not_observed, State.needs_answer) for row in rows):
        return rows
    frame, absence = scope.frame(metric, rows[0].attribution), {"state": State.not_observed, "clock": clock}
    for dims, why in missing.items():
        if dims not in seen.beside:
            rows.append(frame.row(metric.stats[0], dict.fromkeys(dims), n=0, reason=(why,), **absence))
    return rows


def _beyond(scope: Scope) -> str | None:
    """Why a period has no data at all: nought would be a claim about days that nobody has seen."""
    start, as_of = scope.window.start if scope.window else None, scope.facts.as_of
    if start is None or as_of is None or start <= as_of:
        return after_the_end(scope)
    return f"the data ends on {as_of:%Y-%m-%d}, before the period begins"


def _by_stat(rows: list[Row], stats: Mapping[str, Mapping[str, int]]) -> list[Row]:
    """Rows of one KPI and breakdown by group in its natural order, then stat, then clock."""
    place: dict[tuple[object, ...], int] = {}
    for row in rows:
        place.setdefault((row.kpi, tuple(row.group.items())), len(place))
    clock = {None: 0, "calendar": 0, "business": 1}
    return sorted(
        rows, key=lambda row: (place[(row.kpi, tuple(row.group.items()))], stats[row.kpi][row.stat], clock[row.clock])
    )


def _of_tickets(where: Sequence[str], facts: Facts) -> list[str]:
    """The filters that tickets can be asked: a currency that no ticket has is one of the user's own figures."""
    if facts.tickets["currency"].count():
        return list(where)
    _, deaf = filtered(facts.series, where)
    return [text for text in where if parsed(text)[0].casefold() != "currency" or text in deaf]


def _scopes(seen: View, metrics: Sequence[Metric], where: Sequence[str]) -> dict[str, Scope]:
    """What is measured, for each kind of owner that the KPIs have: one and the same unless an agent is filtered for."""
    owners = dict.fromkeys(metric.owner for metric in metrics)
    sla = seen.settings.sla if any(metric.over == "clocks" for metric in metrics) else None
    clocks = rigid(seen.facts, sla, ledger(seen.facts, sla)) if sla is not None else None
    if seen.settings.sla is None and any(metric.over == "clocks" for metric in metrics):
        clocks = given(seen.facts)
    if seen.by_owner:
        of = {owner: [metric for metric in metrics if metric.owner == owner] for owner in owners}
        found: dict[str, Scope] = {owner: _scope(seen, of[owner], owner, where) for owner in owners}
    else:
        scope = _scope(seen, metrics, next(iter(owners)), where)
        found = {owner: replace(scope, owner=owner) for owner in owners}
    if clocks is None:
        return found
    return {owner: replace(scope, clocks=chosen_clocks(clocks, scope.tickets)) for owner, scope in found.items()}


def _scope(seen: View, metrics: Sequence[Metric], owner: Owner, where: Sequence[str]) -> Scope:
    tickets, surveys = seen.passed(owner)
    intervals = seen.facts.intervals
    if seen.where:
        intervals = intervals.join(tickets.select("ticket_id"), on="ticket_id", how="semi", maintain_order="left")
    series, deaf = filtered(seen.facts.series, where)
    days = covered(seen.facts, seen.window, seen.settings.timezone)
    made: Made = []
    tickets = seen.grouped(tickets.select(_needed(tickets, metrics, seen.columns(metrics))), metrics, made)
    surveys = seen.grouped(surveys, metrics, made)
    surveys = surveys.select(name for name in surveys.columns if name in _ANSWERED or name.startswith(GROUPING))
    return Scope(
        facts=replace(seen.facts, tickets=tickets, surveys=surveys, intervals=intervals, series=series),
        tickets=tickets,
        surveys=surveys,
        settings=seen.settings,
        window=seen.window,
        breakdowns=seen.breakdowns,
        owner=owner,
        people=seen.people,
        deaf=tuple(seen.said(text) for text in deaf),
        figures=seen.facts.series,
        memo={"days": days},
    )


def _needed(tickets: pl.DataFrame, metrics: Sequence[Metric], dims: Sequence[str]) -> list[str]:
    """The columns that the measures read: filtering a narrow frame costs a tenth of filtering all that is known."""
    wanted = {"ticket_id", "requester_id", "exclusion", "is_resolved", "until", ON_CALENDAR, *map(source_of, dims)}
    wanted |= {"created_at", "resolved_at", "first_reply_at", "category"}  # category: what crowds of customers are by
    wanted |= set(OF_CURVES)
    for metric in metrics:
        roots = [root for expr in (metric.eligible, *metric.counts.values()) for root in expr.meta.root_names()]
        wanted |= {*metric.facts, *roots, *(metric.given.columns if metric.given else ())}
        if isinstance(metric.measure, Distribution):
            wanted |= {
                name
                for name in tickets.columns
                if name.startswith((f"{metric.measure.span}_", f"given_{metric.measure.given}_"))
            }
        if isinstance(metric.measure, Rate) and metric.measure.cluster:
            wanted.add(metric.measure.cluster)
    return [name for name in tickets.columns if name in wanted]


def _method(scope: Scope, metrics: Sequence[Metric], seen: View, where: Sequence[str]) -> Method:
    window, dated = scope.window, scope.tickets.select("exclusion", "created_at")
    used = dated.filter(pl.col("exclusion").is_null() & scope.inside("created_at"))
    first, last = used["created_at"].min(), used["created_at"].max()
    return Method(
        timezone=scope.settings.timezone,
        as_of=scope.facts.as_of,
        period_label=window.label if window else "all",
        period_start=window.start_date if window else None,
        period_end=window.end_date if window else None,
        calendar=scope.facts.calendar,
        definitions={metric.name: labelled(metric, scope.settings) for metric in metrics},
        fingerprint=fingerprint([metric for metric in metrics if metric.name in catalogue()], scope.settings),
        assumptions=(
            *scope.facts.assumptions,
            *seen.assumptions,
            *(_agreed(seen.facts, scope.settings.sla) if scope.clocks is not None else ()),
            *(() if where or first is not None else _beside(scope)),
        ),
        where=tuple(seen.said(text) for text in where),
        created_from=_instant(first),
        created_to=_instant(last),
        sla=agreement(scope.settings.sla, _instant(first), _instant(last)) if scope.clocks is not None else None,
    )


def _instant(value: object) -> datetime | None:
    return value if isinstance(value, datetime) else None


def _agreed(facts: Facts, sla: Sla | None) -> tuple[str, ...]:
    """What is said of service levels: whose they are, what they ask for that is not there."""
    return tuple(given_notes(facts)) if sla is None else (*idle(facts, sla), *assumed(facts, sla))


def _beside(scope: Scope) -> Iterator[str]:
    """That no ticket was created in the period, though the files have some."""
    created = scope.tickets.select(pl.col("created_at").dt.convert_time_zone(scope.settings.timezone)).to_series()
    first, last = created.min(), created.max()
    if scope.window is not None and isinstance(first, datetime) and isinstance(last, datetime):
        span = f"{first:%Y-%m-%d} to {last:%Y-%m-%d}"
        yield f"no ticket was created in {scope.window.label}: those of the files are of {span}"

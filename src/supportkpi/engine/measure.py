"""``measure``: facts in, a report of numbers out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime

import polars as pl

from supportkpi.decisions import SECTIONS, Settings, Window
from supportkpi.engine.groups import chosen, known_as, named, source_of
from supportkpi.engine.ratings import mean_score, net_share, response, satisfaction
from supportkpi.engine.scope import Breakdown, Scope, absent
from supportkpi.engine.stock import ages, backlog, closure
from supportkpi.engine.tickets import counted, durations, shares
from supportkpi.errors import KpiUnknown
from supportkpi.facts import ON_CALENDAR, Facts
from supportkpi.metrics import (
    Closure,
    Count,
    Distribution,
    MeanScore,
    Metric,
    NetShare,
    Rate,
    ResponseShare,
    Satisfaction,
    Stock,
    StockAge,
    catalogue,
)
from supportkpi.report import Definition, Ledger, Method, Report, Row
from supportkpi.schema import SURVEYS
from supportkpi.texts import nearest
from supportkpi.version import MINOR

_MEASURES: Mapping[type, Callable[[Metric, Scope], Iterator[Row]]] = {
    Distribution: durations,
    Rate: shares,
    Count: counted,
    Satisfaction: satisfaction,
    MeanScore: mean_score,
    ResponseShare: response,
    NetShare: net_share,
    Closure: closure,
    Stock: backlog,
    StockAge: ages,
}


def measure(
    facts: Facts,
    *,
    settings: Settings,
    window: Window | None = None,
    by: Sequence[str | Sequence[str]] = (),
    where: Sequence[str] = (),
    kpis: Sequence[str] = (),
) -> Report:
    """Every KPI (or those named) in total and for every breakdown; a breakdown is a dimension or several crossed.

    Raises:
        KpiUnknown, DimensionUnknown, ValueUnknown, OptionWrong: an argument names what is not there.
    """
    metrics = selected(kpis)
    scope = _scope(facts, metrics, settings, window=window, breakdowns=_breakdowns(by, facts), where=where)
    order = {metric.name: rank for rank, metric in enumerate(metrics)}
    beyond = _beyond(scope)
    cells = [row for metric in metrics for row in _rows(metric, scope, beyond)]
    stats = {metric.name: {stat: rank for rank, stat in enumerate(metric.stats)} for metric in metrics}
    ranked = sorted(cells, key=lambda row: (order[row.kpi], len(row.group), ",".join(row.group)))
    return Report(
        cells=tuple(_by_stat(ranked, stats)),
        ledger=Ledger(files=facts.dataset.ledger),
        method=_method(scope, metrics, where),
        inputs=facts.dataset.provenance,
    )


def _rows(metric: Metric, scope: Scope, beyond: str | None) -> Iterator[Row]:
    if beyond is None:
        return _MEASURES[type(metric.measure)](metric, scope)
    return absent(scope.frame(metric, metric.dated_by), (beyond,), clock="calendar" if metric.unit == "s" else None)


def _beyond(scope: Scope) -> str | None:
    """Why a period has no data at all: nought would be a claim about days that nobody has seen."""
    start, as_of = scope.window.start if scope.window else None, scope.facts.as_of
    if start is None or as_of is None or start <= as_of:
        return None
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


def selected(kpis: Sequence[str]) -> list[Metric]:
    """Metrics by id in catalogue order; all without ids.

    Raises:
        KpiUnknown: an id is not in the catalogue.
    """
    known = catalogue()
    for name in kpis:
        if name not in known:
            close = nearest(name, list(known))
            raise KpiUnknown(
                f"no KPI is called {name!r}", hint=f"did you mean {close}?" if close else "supportkpi kpis lists them"
            )
    return [metric for name, metric in known.items() if not kpis or name in kpis]


def _breakdowns(by: Sequence[str | Sequence[str]], facts: Facts) -> tuple[Breakdown, ...]:
    asked: list[Breakdown] = [()]
    for entry in by:
        names = [part.strip() for part in entry.split(",")] if isinstance(entry, str) else list(entry)
        asked.append(tuple(dict.fromkeys(known_as(name, *_frames(facts)) for name in names)))
    return tuple(dict.fromkeys(asked))


def _frames(facts: Facts) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Where dimensions and their values are looked for: all tickets of the files, then what a survey file kept."""
    return facts.dataset.tickets, facts.dataset.surveys.select(pl.exclude(*SURVEYS))


def _scope(
    facts: Facts,
    metrics: Sequence[Metric],
    settings: Settings,
    *,
    window: Window | None,
    breakdowns: tuple[Breakdown, ...],
    where: Sequence[str],
) -> Scope:
    tickets, surveys, intervals = facts.tickets, facts.surveys, facts.intervals
    if where:
        tickets, surveys = chosen((tickets, surveys), where, settings.timezone, among=_frames(facts))
        intervals = intervals.join(tickets.select("ticket_id"), on="ticket_id", how="semi", maintain_order="left")
    dims = list(dict.fromkeys(name for names in breakdowns for name in names))
    tickets = named(tickets.select(_needed(tickets, metrics, dims)), dims, settings.timezone)
    surveys = named(surveys, dims, settings.timezone)
    return Scope(
        facts=replace(facts, tickets=tickets, surveys=surveys, intervals=intervals),
        tickets=tickets,
        surveys=surveys,
        settings=settings,
        window=window,
        breakdowns=breakdowns,
    )


def _needed(tickets: pl.DataFrame, metrics: Sequence[Metric], dims: Sequence[str]) -> list[str]:
    """The columns that the measures read: filtering a narrow frame costs a tenth of filtering all that is known."""
    wanted = {"ticket_id", "requester_id", "exclusion", "is_resolved", "until", ON_CALENDAR, *map(source_of, dims)}
    wanted |= {"created_at", "resolved_at", "first_reply_at"}
    for metric in metrics:
        roots = [root for expr in (metric.eligible, *metric.counts.values()) for root in expr.meta.root_names()]
        wanted |= {*metric.facts, *roots}
        if isinstance(metric.measure, Distribution):
            wanted |= {
                name
                for name in tickets.columns
                if name.startswith((f"{metric.measure.span}_", f"given_{metric.measure.given}_"))
            }
        if isinstance(metric.measure, Rate) and metric.measure.cluster:
            wanted.add(metric.measure.cluster)
    return [name for name in tickets.columns if name in wanted]


def _method(scope: Scope, metrics: Sequence[Metric], where: Sequence[str]) -> Method:
    window, used = scope.window, scope.tickets.filter(pl.col("exclusion").is_null() & scope.inside("created_at"))
    first, last = used["created_at"].min(), used["created_at"].max()
    return Method(
        timezone=scope.settings.timezone,
        as_of=scope.facts.as_of,
        period_label=window.label if window else "all",
        period_start=window.start_date if window else None,
        period_end=window.end_date if window else None,
        calendar=scope.facts.calendar,
        definitions={metric.name: labelled(metric, scope.settings) for metric in metrics},
        fingerprint=fingerprint(metrics, scope.settings),
        assumptions=(*scope.facts.assumptions, *(() if where or first is not None else _beside(scope))),
        where=tuple(where),
        created_from=first if isinstance(first, datetime) else None,
        created_to=last if isinstance(last, datetime) else None,
    )


def _beside(scope: Scope) -> Iterator[str]:
    """That no ticket was created in the period, though the files have some."""
    created = scope.tickets.select(pl.col("created_at").dt.convert_time_zone(scope.settings.timezone)).to_series()
    first, last = created.min(), created.max()
    if scope.window is not None and isinstance(first, datetime) and isinstance(last, datetime):
        span = f"{first:%Y-%m-%d} to {last:%Y-%m-%d}"
        yield f"no ticket was created in {scope.window.label}: those of the files are of {span}"


def labelled(metric: Metric, settings: Settings) -> Definition:
    """A metric as plain words, under the company's own name for it if the settings have one."""
    own = settings.labels.get(metric.name)
    return defined(metric) if own is None else replace(defined(metric), title=own, abbr=own)


def defined(metric: Metric) -> Definition:
    """A metric as plain words, for the report and the catalogue."""
    return Definition(
        kpi=metric.name,
        title=metric.title,
        abbr=metric.abbr,
        unit=metric.unit,
        direction=metric.direction,
        definition=metric.definition,
        why=metric.why,
        stats=metric.stats,
        revision=metric.revision,
        caveats=metric.caveats,
        shown_with=metric.shown_with,
        sources=metric.sources,
        reads=metric.facts,
    )


def fingerprint(metrics: Sequence[Metric], settings: Settings) -> str:
    """SHA-256 of what decides the numbers, apart from the data: definitions, stats, settings, calendars, minor version.

    Two reports of the same fingerprint compare; inputs, period, as_of and names do not enter it.
    """
    definitions = [[metric.name, metric.revision, metric.stats, metric.definition] for metric in metrics]
    options = {
        "timezone": settings.timezone,
        **{name: asdict(getattr(settings, name)) for name in SECTIONS},
        "conf": settings.conf,
        "statuses": dict(settings.statuses),
        "calendars": [
            [choice.name, choice.rules or choice.calendar.describe(), dict(choice.when)]
            for choice in settings.calendars
        ],
    }
    text = json.dumps([MINOR, definitions, options], sort_keys=True, default=str, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()

"""What-if: the same clocks judged under other service levels, counted and held against BASE (method 7)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import polars as pl

from supportkpi.clocks import assumed, idle, unobserved
from supportkpi.clocks.exported import Exported
from supportkpi.clocks.replay import Judged, Replay
from supportkpi.decisions import Settings, Target, Window
from supportkpi.engine.definitions import fingerprint
from supportkpi.engine.grouping.derived import owned
from supportkpi.engine.grouping.groups import RULE
from supportkpi.engine.grouping.rows import Frame, held
from supportkpi.engine.grouping.scope import within
from supportkpi.engine.grouping.views import View, view
from supportkpi.engine.whatif.asked import Row as Limits
from supportkpi.engine.whatif.asked import Wanted
from supportkpi.engine.whatif.changes import NEWLY_BREACHED, NEWLY_MET, change, moved, named
from supportkpi.engine.whatif.credits import runs
from supportkpi.engine.whatif.sweep import crossing, solves, sweep
from supportkpi.engine.whatif.tally import Bench, Count, Dims, by, population
from supportkpi.facts import Facts
from supportkpi.metrics import Metric, Owner, catalogue
from supportkpi.report import Ledger, Method, Row
from supportkpi.sla import TIMED, Sla, Timed
from supportkpi.whatifs import Alternative, Change, Crossing, Group, Run, Scenario, Solve, Sweep, Term, WhatIf

_OWNER: Owner = "assignee"
_AS_EXPORTED = "held against the export's own deadlines and verdicts, as the helpdesk counted them"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked: breakdowns, filters, stretches of time, limits to sweep, shares to solve for."""

    window: Window | None = None
    by: Sequence[str | Sequence[str]] = ()
    where: Sequence[str] = ()
    per: str | None = None
    sweeps: Sequence[Limits] = ()
    solves: Sequence[Wanted] = ()
    crossed: bool = False  # the first two of ``sweeps`` crossed
    with_tickets: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Side:
    """A scenario with the facts that it is judged over."""

    name: str
    settings: Settings
    sla: Sla
    replay: Replay | Exported

    @property
    def rules(self) -> tuple[str, ...]:
        """The names of its rules; of the export's own clocks the one that stands for all."""
        return self.replay.rules if isinstance(self.replay, Exported) else self.sla.rules()


@dataclass(slots=True, kw_only=True)
class _Answers:
    """What is found, target by target, scenario by scenario."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    sweeps: list[Sweep] = field(default_factory=list)
    crossings: list[Crossing] = field(default_factory=list)
    solves: list[Solve] = field(default_factory=list)
    moved: list[pl.DataFrame] = field(default_factory=list)


def whatif(base: tuple[Alternative, Facts], others: Sequence[tuple[Alternative, Facts]], asked: Question) -> WhatIf:
    """The clocks of BASE's tickets under every alternative; each comes with its facts, those of BASE wherever they fit.

    Rows are BASE's rules by name, tickets are matched by their place: all facts are of the same dataset.

    Raises:
        DimensionUnknown, ValueUnknown, OptionWrong: ``by`` or ``where`` names what is not there.
    """
    (first, facts), sides = base, _sides((base, *others))
    usual = ["priority"] if others else []
    seen = view(facts, first.settings, window=asked.window, by=[*usual, *asked.by], where=asked.where)
    views = _views(seen, facts)
    dims = [dim for names in views for dim in names if dim != RULE]
    tickets = _tickets(seen, asked.window)
    counted = population(
        tickets.rename({owned(dim, _OWNER): dim for dim in dims if owned(dim, _OWNER) != dim}),
        list(dict.fromkeys([*dims, *([asked.per] if asked.per else [])])),
        of=facts.tickets.height,
        settings=first.settings,
        people=seen.people,
    )
    found = _Answers(rows={side.name: [] for side in sides})
    for timed in _targets(sides, facts):
        bench = Bench(counted, sides[0].replay.judged(sides[0].sla, timed), sides[0].rules)
        _answer(found, bench, timed, sides, _Asked(question=asked, views=views, seen=seen, facts=facts))
    return WhatIf(
        scenarios=tuple(_scenario(side, found.rows[side.name]) for side in sides),
        changes=tuple(found.changes),
        runs=tuple(found.runs),
        sweeps=tuple(found.sweeps),
        crossings=tuple(found.crossings),
        solves=tuple(found.solves),
        per=asked.per,
        method=_method(seen, tickets, facts),
        ledger=Ledger(files=facts.dataset.ledger),
        notes=tuple(_notes(sides, facts)),
        inputs=facts.dataset.provenance,
        moved=pl.concat(found.moved) if found.moved else pl.DataFrame(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    question: Question
    views: tuple[Dims, ...]
    seen: View
    facts: Facts


def _answer(found: _Answers, bench: Bench, timed: Timed, sides: Sequence[_Side], asked: _Asked) -> None:
    """All that is said of one target."""
    question, conf = asked.question, sides[0].settings.conf
    before: Mapping[Dims, dict[tuple[str | None, ...], Count]] = {}
    for number, side in enumerate(sides):
        mine = bench.base if number == 0 else side.replay.judged(side.sla, timed)
        counts = bench.counts(mine)
        grouped = {dims: by(counts, bench.counted.labels, dims, bench.rules) for dims in asked.views}
        before = before or grouped
        found.rows[side.name] += _rows(side, timed, grouped, asked)
        if number:
            found.changes += _changes(side, timed, grouped, before, bench=bench, mine=mine, asked=asked)
        if number and question.with_tickets:
            found.moved.append(moved(bench, mine, asked.facts.tickets, scenario=side.name, timed=timed))
        if question.per is not None:
            stretches = {
                **by(counts, bench.counted.labels, (question.per,), bench.rules),
                **by(counts, bench.counted.labels, (question.per, RULE), bench.rules),
            }
            found.runs += runs(_scenario(side, ()), timed, stretches, question.per, conf)
    first = sides[0]
    if isinstance(first.replay, Exported):  # there are no limits of which to try others
        return
    rules = [row for row in question.sweeps if row.target == timed]
    found.sweeps += [sweep(bench, first.replay, first.sla, row, conf) for row in rules]
    if question.crossed and len(rules) > 1:
        found.crossings.append(crossing(bench, first.replay, first.sla, *rules[:2]))
    wanted = [each for each in question.solves if each.target in (None, timed)]
    if bench.base is not None:
        views = [dims for dims in asked.views if dims != ("priority",)]
        for each in wanted:
            found.solves += solves(bench, first.sla, timed, each, views=views, per=question.per, conf=conf)


def _sides(given: Sequence[tuple[Alternative, Facts]]) -> list[_Side]:
    """The scenarios; those over the same facts share what is read of them."""
    replays: dict[int, Replay] = {}
    sides = []
    for each, facts in given:
        sla, exported = each.settings.sla or Sla(versions=()), each.settings.sla is None
        replay = Exported(facts) if exported else replays.setdefault(id(facts), Replay(facts))
        sides.append(_Side(name=each.name, settings=each.settings, sla=sla, replay=replay))
    return sides


def _views(seen: View, facts: Facts) -> tuple[Dims, ...]:
    """Total, by rule, by priority where the export has any, then what was asked for."""
    has_priority = "priority" in facts.tickets.columns and facts.tickets["priority"].null_count() < facts.tickets.height
    shown = [dims for dims in seen.breakdowns if dims != ("priority",) or has_priority]
    silent = {dims for dims in shown if any(owned(dim, _OWNER) in seen.unobserved for dim in dims)}
    return tuple(dict.fromkeys([(), (RULE,), *(dims for dims in shown if dims and dims not in silent)]))


def _tickets(seen: View, window: Window | None) -> pl.DataFrame:
    """The tickets that passed the filters and were created in the period; ``_row`` is their place among the facts'."""
    rows = seen.facts.tickets.with_row_index("_row")
    passed, _ = replace(seen, facts=replace(seen.facts, tickets=rows)).passed(_OWNER)
    return passed.filter(within("created_at", window) & pl.col("exclusion").is_null())


def _targets(sides: Sequence[_Side], facts: Facts) -> list[Timed]:
    limited = {timed for side in sides for timed in side.sla.timed() if not unobserved(facts, timed, side.sla)}
    limited |= {timed for side in sides if isinstance(side.replay, Exported) for timed in side.replay.targets}
    return [timed for timed in TIMED if timed in limited]


def _scenario(side: _Side, rows: Sequence[Row]) -> Scenario:
    terms = {
        (rule.name, timed): Term(
            rule=rule.name,
            target=timed,
            limit=limit.text,
            seconds=limit.seconds,
            calendar=rule.calendar or version.calendar,
            goal=rule.goals.get(timed),
        )
        for version in side.sla.versions
        for rule in version.rules
        for timed, limit in rule.limits.items()
    }
    return Scenario(name=side.name, rows=tuple(rows), terms=tuple(terms.values()), credits=side.settings.credits)


def _rows(
    side: _Side, timed: Timed, grouped: Mapping[Dims, Mapping[tuple[str | None, ...], Count]], asked: _Asked
) -> Iterator[Row]:
    """A row a group: of BASE's rules by name, each held against the goal that its rule has here."""
    metric = catalogue()[f"sla_{timed}"]
    frame = Frame(metric=metric, attribution="created", window=asked.question.window, settings=side.settings)
    terms = _scenario(side, ())
    for dims, groups in grouped.items():
        for labels, count in groups.items():
            group = dict(zip(dims, labels, strict=True))
            if dims == (RULE,) and labels == (None,) and not count.n + count.running:
                continue  # nobody was promised anything by no rule
            row = frame.row(
                metric.stats[0],
                group,
                n=count.n,
                x=float(count.x),
                n_open=count.running,
                value=count.value,
                counts=_states(count),
            )
            row = _with_goal(row, terms, timed, metric) if dims == (RULE,) else row
            yield replace(row, certainty=None)


def _states(count: Count) -> dict[str, int]:
    names = ("met", "breached_closed", "breached_open", "running", "paused", "external", "no_target", "absent")
    return {name: count.of((code,)) for code, name in enumerate(names)}


def _with_goal(row: Row, scenario: Scenario, timed: Timed, metric: Metric) -> Row:
    term = scenario.term(row.group[RULE], timed)
    if term is None or term.goal is None:
        return row
    return held(row, Target(kpi=row.kpi, value=term.goal, op=">=", text=f"{term.goal * 100:g} %"), metric)


def _changes(
    side: _Side,
    timed: Timed,
    grouped: Mapping[Dims, Mapping[tuple[str | None, ...], Count]],
    before: Mapping[Dims, Mapping[tuple[str | None, ...], Count]],
    *,
    bench: Bench,
    mine: Judged | None,
    asked: _Asked,
) -> Iterator[Change]:
    """What becomes of each group, with the tickets that stand out."""
    total = grouped[()][()]
    tickets = asked.facts.tickets
    met, breached = (
        named(bench, mine, turn, total, tickets, views=asked.views) for turn in (NEWLY_MET, NEWLY_BREACHED)
    )
    for dims, groups in grouped.items():
        for labels, count in groups.items():
            group: Group = dict(zip(dims, labels, strict=True))
            was = before[dims].get(labels)
            found = change(side.name, timed, group, count, was.value if was is not None else None)
            place = (dims, labels)
            yield replace(found, met=met.get(place, ()), breached=breached.get(place, ()))


def _method(seen: View, tickets: pl.DataFrame, facts: Facts) -> Method:
    window, settings = seen.window, seen.settings
    first, last = tickets["created_at"].min(), tickets["created_at"].max()
    metrics = [metric for name, metric in catalogue().items() if name.startswith("sla_")]
    return Method(
        timezone=settings.timezone,
        as_of=facts.as_of,
        period_label=window.label if window else "all",
        period_start=window.start_date if window else None,
        period_end=window.end_date if window else None,
        calendar=facts.calendar,
        definitions={},
        fingerprint=fingerprint(metrics, settings),
        assumptions=(*facts.assumptions, *seen.assumptions),
        where=tuple(seen.said(text) for text in seen.where),
        created_from=first if isinstance(first, datetime) else None,
        created_to=last if isinstance(last, datetime) else None,
    )


def _notes(sides: Sequence[_Side], facts: Facts) -> Iterator[str]:
    """What of the past cannot be replayed, and what rules ask for in vain, a sentence each (method 7.1)."""
    said = [_AS_EXPORTED] if isinstance(sides[0].replay, Exported) else []
    said += [f"{timed} is not rescored: {why}" for timed in TIMED if (why := _silent(timed, sides, facts))]
    own = [side for side in sides if not isinstance(side.replay, Exported)]
    different = {_asks(side.sla): side.sla for side in reversed(own)}  # other limits raise no other questions
    said += [text for sla in reversed(different.values()) for text in (*assumed(facts, sla), *idle(facts, sla))]
    yield from dict.fromkeys(said)


def _asks(sla: Sla) -> str:
    """An agreement without the times of its limits, its goals and its calendars."""
    rules = [[(rule.name, rule.when, sorted(rule.limits)) for rule in version.rules] for version in sla.versions]
    return repr(([replace(version, rules=(), calendar=None) for version in sla.versions], rules, sla.exclusions))


def _silent(timed: Timed, sides: Sequence[_Side], facts: Facts) -> str:
    """Why no scenario can judge a target; empty when one can, or none has a limit for it."""
    why = [unobserved(facts, timed, side.sla) for side in sides if timed in side.sla.timed()]
    return "; ".join(why[0]) if why and all(why) else ""

"""What-if as CSV: one record a scenario, target and group; behind them every sweep, solve and stretch of time.

``kind`` says what a record is: scenario, sweep, grid, solve, or the stretch that was asked for (month).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from supportkpi.report import Row
from supportkpi.reporters._options import RenderOptions
from supportkpi.reporters.to_csv import line
from supportkpi.sla import Timed
from supportkpi.whatifs import Scenario, WhatIf

FORMAT = "csv"
SUFFIXES = (".csv",)
_CHANGED = ("newly_met", "newly_breached", "newly_judged", "no_longer_judged", "undecided", "delta")
_BEGIN = ("scenario", "target", "by", "group", "limit", "n", "x", "n_open", "value", "goal", "verdict")
_MORE = ("kind", "period", "low", "high", "seconds", "safe_s", "share", "may_miss", "credit", "reason")
_POINT = ("limit", "seconds", "n", "x", "n_open", "value", "low", "high")
_SOLVE = ("target", "share", "n", "n_open", "seconds", "low", "high", "safe_s")
_STRETCH = ("n", "x", "n_open", "value", "may_miss", "credit")
_HEAD = (*_BEGIN, *_CHANGED, *_MORE)


def render(found: WhatIf, options: RenderOptions) -> str:
    """The rows of all scenarios under a header, those of BASE without changes; then what else was asked for."""
    records = (*_scenarios(found), *_sweeps(found), *_solves(found), *_stretches(found))
    return line(_HEAD) + "".join(line([record.get(name) for name in _HEAD]) for record in records)


def _scenarios(found: WhatIf) -> Iterator[Mapping[str, object]]:
    for timed in found.targets:
        for scenario in found.scenarios:
            for row in scenario.rows:
                if row.kpi == f"sla_{timed}":
                    cells = (*_record(scenario, timed, row), *_turned(found, scenario, timed, row), "scenario")
                    yield dict(zip((*_BEGIN, *_CHANGED, "kind"), cells, strict=True))


def _sweeps(found: WhatIf) -> Iterator[Mapping[str, object]]:
    base = found.base.name
    for sweep in found.sweeps:
        about = {"kind": "sweep", "scenario": base, "target": sweep.target, "by": "rule", "group": sweep.rule}
        for point in sweep.points:
            yield {**about, **{name: getattr(point, name) for name in _POINT}}
    for each in found.crossings:
        about = {"kind": "grid", "scenario": base, "target": each.target, "by": "rule", "group": " / ".join(each.rules)}
        for ns, xs, row in zip(each.n, each.x, each.rows, strict=True):
            for n, x, column in zip(ns, xs, each.columns, strict=True):
                yield {**about, "limit": f"{row} / {column}", "n": n, "x": x, "value": x / n if n else None}


def _solves(found: WhatIf) -> Iterator[Mapping[str, object]]:
    for each in found.solves:
        about = {"kind": "solve", "scenario": found.base.name, "by": ",".join(each.group), "group": _named(each.group)}
        yield {**about, **{name: getattr(each, name) for name in _SOLVE}, "reason": each.reason or None}


def _stretches(found: WhatIf) -> Iterator[Mapping[str, object]]:
    for run in found.runs:
        about = {"kind": found.per, "scenario": run.scenario, "target": run.target, "goal": run.goal}
        about |= {"by": ",".join(run.group), "group": _named(run.group)}
        for each in run.stretches:
            verdict = None if each.is_met is None else "met" if each.is_met else "missed"
            shown = {name: getattr(each, name) for name in _STRETCH}
            yield {**about, **shown, "period": each.label, "verdict": verdict}


def _named(group: Mapping[str, str | None]) -> str:
    return " / ".join(label if label is not None else "" for label in group.values())


def _record(scenario: Scenario, timed: Timed, row: Row) -> list[object]:
    term = scenario.term(row.group["rule"], timed) if tuple(row.group) == ("rule",) else None
    group = _named(row.group)
    goal = row.target.value if row.target is not None else None
    head = [scenario.name, timed, ",".join(row.group), group, term.limit if term is not None else None]
    return [*head, row.n, row.x, row.n_open, row.value, goal, row.verdict]


def _turned(found: WhatIf, scenario: Scenario, timed: Timed, row: Row) -> list[object]:
    change = found.change(scenario.name, timed, row.group)
    return [getattr(change, name) if change is not None else None for name in _CHANGED]

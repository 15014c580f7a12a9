"""What-if as CSV: one record a scenario, target and group, with what changed against BASE."""

from __future__ import annotations

from collections.abc import Iterator

from supportkpi.report import Row
from supportkpi.reporters._options import RenderOptions
from supportkpi.reporters.to_csv import line
from supportkpi.sla import Timed
from supportkpi.whatifs import Scenario, WhatIf

FORMAT = "csv"
SUFFIXES = (".csv",)
_CHANGED = ("newly_met", "newly_breached", "newly_judged", "no_longer_judged", "undecided", "delta")
_HEAD = ("scenario", "target", "by", "group", "limit", "n", "x", "n_open", "value", "goal", "verdict", *_CHANGED)


def render(found: WhatIf, options: RenderOptions) -> str:
    """The rows of all scenarios under a header; those of BASE have no changes."""
    return line(_HEAD) + "".join(line(record) for record in _records(found))


def _records(found: WhatIf) -> Iterator[list[object]]:
    for timed in found.targets:
        for scenario in found.scenarios:
            for row in scenario.rows:
                if row.kpi == f"sla_{timed}":
                    yield [*_record(scenario, timed, row), *_turned(found, scenario, timed, row)]


def _record(scenario: Scenario, timed: Timed, row: Row) -> list[object]:
    term = scenario.term(row.group["rule"], timed) if tuple(row.group) == ("rule",) else None
    group = " / ".join(label if label is not None else "" for label in row.group.values())
    goal = row.target.value if row.target is not None else None
    head = [scenario.name, timed, ",".join(row.group), group, term.limit if term is not None else None]
    return [*head, row.n, row.x, row.n_open, row.value, goal, row.verdict]


def _turned(found: WhatIf, scenario: Scenario, timed: Timed, row: Row) -> list[object]:
    change = found.change(scenario.name, timed, row.group)
    return [getattr(change, name) if change is not None else None for name in _CHANGED]

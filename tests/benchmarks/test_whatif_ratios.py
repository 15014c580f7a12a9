"""Twenty what-if scenarios against one: ratios of CPU over whole runs, from the columns of an export to the answers.

    pytest tests/benchmarks/test_whatif.py -n0 --benchmark-only -s

``budget`` is what the product promises itself, ``ceiling`` what a change may not exceed unnoticed.
"""

from __future__ import annotations

import statistics
import time
from dataclasses import replace
from pathlib import Path

import pytest
import wide

import supportkpi as sk
from supportkpi.schema import Dataset
from supportkpi.sla import limit
from supportkpi.whatifs import Alternative

TICKETS, PAIRS, MANY = 1_000_000, 5, 20
RULES = [
    {"name": "urgent", "when": {"priority": "urgent"}, "first_response": "30m", "resolution": "8h", "goal": "95%"},
    {"name": "high", "when": {"priority": "high"}, "first_response": "1h", "resolution": "16h", "goal": "92%"},
    {"name": "normal", "when": {"priority": "normal"}, "first_response": "4h", "resolution": "24h", "goal": "90%"},
    {"name": "low", "first_response": "8h", "resolution": "40h", "goal": "90%"},
]
CALENDARS = {
    "office": {"hours": {"mon-fri": ["09:00-18:00"]}},
    **{f"{7 + n // 4}-{n}": {"hours": {"mon-fri": [f"{7 + n // 4:02}:{n % 4 * 15:02}-19:00"]}} for n in range(MANY)},
}


def settings(calendar: str) -> sk.Settings:
    sla = {"calendar": calendar, "pause_on": ["pending", "hold"], "rules": RULES}
    return sk.settings({"timezone": "Europe/Berlin", "calendars": CALENDARS, "sla": sla})


BASE = settings("office")


def targets(number: int) -> Alternative:
    """BASE with all limits changed."""
    assert BASE.sla is not None
    version = BASE.sla.versions[0]
    rules = tuple(
        replace(rule, limits={name: limit(f"{(place + 1) * 30 + number * 7}m") for name in rule.limits})
        for place, rule in enumerate(version.rules)
    )
    sla = replace(BASE.sla, versions=(replace(version, rules=rules),))
    return Alternative(name=f"targets {number}", settings=replace(BASE, sla=sla))


def calendar(number: int) -> Alternative:
    """BASE on another calendar."""
    name = list(CALENDARS)[number + 1]
    return Alternative(name=name, settings=settings(name))


ALTERNATIVES = {
    "targets": [targets(number) for number in range(MANY)],
    "calendars": [calendar(number) for number in range(MANY)],
}
BUDGETS = {"targets": (1.2, 1.6), "calendars": (2.2, 3.5)}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return wide.write(tmp_path_factory.mktemp("exports") / "million.csv", TICKETS)


def run(path: Path, alternatives: list[Alternative]) -> float:
    """CPU seconds from the file to the answers."""
    start = time.process_time()
    data: Dataset = sk.load(str(path))
    found = sk.whatif(sk.fold(data, BASE), base=BASE, alternatives=alternatives)
    assert len(found.scenarios) == len(alternatives) + 1
    return time.process_time() - start


def ratio(path: Path, kind: str) -> float:
    run(path, ALTERNATIVES[kind][:1])
    pairs = [(run(path, ALTERNATIVES[kind]), run(path, ALTERNATIVES[kind][:1])) for _ in range(PAIRS)]
    many, one = (statistics.median(side) for side in zip(*pairs, strict=True))
    quotients = [a / b for a, b in pairs]
    print(
        f"\n{MANY} {kind} / 1: {many / one:.2f} (pairs {min(quotients):.2f}-{max(quotients):.2f}; "
        f"{many:.2f} s / {one:.2f} s of CPU), budget {BUDGETS[kind][0]}"
    )
    return many / one


@pytest.mark.slow
@pytest.mark.parametrize("kind", list(BUDGETS))
def test_many_scenarios(benchmark, path, kind):
    found = benchmark.pedantic(ratio, args=(path, kind), rounds=1)
    budget, ceiling = BUDGETS[kind]
    benchmark.extra_info.update(ratio=round(found, 2), budget=budget)
    assert found <= ceiling

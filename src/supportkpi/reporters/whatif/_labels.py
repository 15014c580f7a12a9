"""What the page calls each scenario, and which targets it has tables for."""

from __future__ import annotations

from supportkpi.reporters._words import Words
from supportkpi.sla import Timed
from supportkpi.whatifs import Scenario, WhatIf

_LONG = 28


def labels(found: WhatIf, words: Words) -> dict[str, str]:
    """The name of each scenario as its lines have it: options that are too long for a column by their number."""
    known: dict[str, str] = {}
    for place, scenario in enumerate(found.scenarios):
        is_long = len(scenario.name) > _LONG and "=" in scenario.name
        known[scenario.name] = words.gettext("option {n}").format(n=place) if is_long else scenario.name
    return known


def told_of(found: WhatIf) -> tuple[Timed, ...]:
    """The targets that any scenario changes; without scenarios those that were asked about, else all."""
    if len(found.scenarios) > 1:
        return tuple(timed for timed in found.targets if _touched(found, timed)) or found.targets
    asked: set[Timed] = {*(each.target for each in found.sweeps), *(each.target for each in found.solves)}
    return tuple(timed for timed in found.targets if timed in asked) or found.targets


def _touched(found: WhatIf, timed: Timed) -> bool:
    """Whether a target has other limits anywhere, or other clocks met."""
    terms = _terms(found.base, timed)
    for scenario in found.scenarios[1:]:
        change = found.change(scenario.name, timed, {})
        if _terms(scenario, timed) != terms:
            return True
        turns = (change.newly_met, change.newly_breached, change.newly_judged) if change is not None else ()
        if change is not None and (any(turns) or change.no_longer_judged or change.undecided):
            return True
    return False


def _terms(scenario: Scenario, timed: Timed) -> list[tuple[object, ...]]:
    return [(term.rule, term.limit, term.calendar, term.goal) for term in scenario.terms if term.target == timed]

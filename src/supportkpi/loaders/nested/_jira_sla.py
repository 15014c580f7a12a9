"""The cycles of Jira Service Management's targets: verdicts, deadlines and times on the clock of their calendar.

A target is a field of its own with the cycles that are over and the one that runs; what it is about, its name says. The
first cycle of the first response counts, as answers are given once; of resolutions every one, as issues are reopened.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from supportkpi.loaders.nested._history import History, Records
from supportkpi.loaders.nested._values import Record, first, ident, inner, number, objects, truth

_FIRST = re.compile(
    r"first (?:response|reply)|primera respuesta|primeira resposta|premi[eè]re r[eé]ponse|erste\w* (?:antwort|reaktion)"
    r"|перв\w+ (?:ответ\w*|реакц\w+)",
    re.IGNORECASE,
)
_LAST = re.compile(r"resol|solution|to done|l[oö]sung|решени", re.IGNORECASE)
_NAMES = {"first_response": _FIRST, "resolution": _LAST}


def targets(records: Records, history: History) -> None:
    """Put what the targets of each issue tell into the values of the history."""
    names = inner(records.beside.get("names"))
    fields = [inner(issue.get("fields")) for issue in records.rows]
    history.never |= {f"fields.{key}" for one in fields for key, value in one.items() if is_target(value)}
    for target, pattern in _NAMES.items():
        found = [_cycles(one, names, pattern) for one in fields]
        if not any(found):
            continue
        values = history.values
        values[f"given_sla_{target}_met"] = [_met(one, target) for one in found]
        spans = [_elapsed(one, target) for one in found]
        if any(span is not None for span in spans):
            values[f"given_{target}_business_s"] = [*spans]
        due = [_due(one, target) for one in found]
        if any(at is not None for at in due):
            values[f"{target}_due_at"] = [*due]


def is_target(value: object) -> bool:
    """Whether the value of a field holds the cycles of a target."""
    return isinstance(value, dict) and ("completedCycles" in value or "ongoingCycle" in value)


def _cycles(fields: Record, names: Record, pattern: re.Pattern[str]) -> list[tuple[Record, bool]]:
    """The cycles of the target that is called so, oldest first, and whether each is over."""
    for key, value in fields.items():
        if not is_target(value):
            continue
        field = inner(value)
        called = ident(field.get("name")) or ident(names.get(key)) or ""
        if pattern.search(called):
            return [*_done(field), *((one, False) for one in [inner(field.get("ongoingCycle"))] if one)]
    return []


def _done(field: Record) -> Iterator[tuple[Record, bool]]:
    held = field.get("completedCycles")
    yield from ((one, True) for one in (objects(held) if isinstance(held, list) else [inner(held)]) if one)


def _counting(cycles: Sequence[tuple[Record, bool]], target: str) -> list[tuple[Record, bool]]:
    return [*(cycles[:1] if target == "first_response" else cycles)]


def _met(cycles: Sequence[tuple[Record, bool]], target: str) -> bool | None:
    """Whether it was in time: missed as soon as one cycle was, met when all are over and none was."""
    told = _counting(cycles, target)
    breached = [truth(cycle.get("breached")) for cycle, _ in told]
    if any(breached):
        return False
    return True if told and all(over for _, over in told) and None not in breached else None


def _elapsed(cycles: Sequence[tuple[Record, bool]], target: str) -> float | None:
    """The seconds that the clock of the target ran in cycles that are over."""
    told = _counting(cycles, target)
    spans = [number(inner(cycle.get("elapsedTime")).get("millis")) for cycle, over in told if over]
    known = [span for span in spans if span is not None]
    return sum(known) / 1000 if known and len(known) == len(spans) == len(told) else None


def _due(cycles: Sequence[tuple[Record, bool]], target: str) -> object:
    """The deadline of the first cycle of a response, of the newest of a resolution, where the export has it."""
    told = _counting(cycles, target)
    at = told[-1][0].get("breachTime") if told else None
    return first(at, "iso8601", "jira", "epochMillis") if isinstance(at, dict) else at

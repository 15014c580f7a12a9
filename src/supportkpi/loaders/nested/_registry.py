"""Which nested export the records of a file are: the registry is the listing of this folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from supportkpi.errors import HelpdeskAmbiguous, Where
from supportkpi.loaders._recognise import by_header, normal, specificity
from supportkpi.loaders.nested._history import Nested
from supportkpi.loaders.nested._values import Record

_LOOKED_AT = 200
_INSIDE = 3
_ROOM = "supportkpi.loaders.nested"


@cache
def readers() -> Mapping[str, Nested]:
    """The readers of nested exports by id: one file each in this folder, none to be entered anywhere."""
    room = import_module(_ROOM)
    names = sorted(found.name for found in iter_modules(room.__path__) if not found.name.startswith("_"))
    modules = [import_module(f"{_ROOM}.{name}") for name in names]
    found: dict[str, Nested] = {}
    for module in modules:
        reader = module.NESTED
        if isinstance(reader, Nested):
            found[reader.id] = reader
    return found


def keys_of(rows: Sequence[Record]) -> frozenset[str]:
    """The keys of the records as rules name them: ``status``, ``via.channel``, ``audits[].events``; normal."""
    step = max(1, len(rows) // _LOOKED_AT)
    found: set[str] = set()
    for row in rows[::step]:
        for key, value in row.items():
            found.add(key)
            if isinstance(value, dict):
                found.update(f"{key}.{name}" for name in value)
            elif isinstance(value, list):
                found.update(f"{key}[].{name}" for one in value[:_INSIDE] if isinstance(one, dict) for name in one)
    return frozenset(by_header(found))


def scores(rows: Sequence[Record]) -> dict[str, int]:
    """How specific the rules of each reader are that the records meet; readers without one are left out."""
    keys = keys_of(rows)
    found = {name: max(specificity(rule, keys) for rule in reader.recognise) for name, reader in readers().items()}
    return {name: score for name, score in found.items() if score}


def recognised(mine: Mapping[str, int], others: Mapping[str, int], *, path: str) -> Nested | None:
    """The reader with the best score; None where a mapping (``others``) fits the records better.

    Raises:
        HelpdeskAmbiguous: two fit equally well.
    """
    every = {**others, **mine}
    best = max(every.values())
    winners = [name for name, score in every.items() if score == best]
    if not any(name in mine for name in winners):
        return None
    if len(winners) > 1:
        raise HelpdeskAmbiguous(
            f"the records fit {' and '.join(sorted(winners))} equally well",
            hint=f"say which one it is: --helpdesk {min(winners)}",
            where=Where(path=path),
        )
    return readers()[winners[0]]


def holds(reader: Nested, rows: Sequence[Record]) -> bool:
    """Whether the records have an id where the reader looks for it, and another thing that it reads."""
    keys = keys_of(rows)
    found = {name for name, paths in reader.columns.items() if any(normal(path) in keys for path in paths)}
    return "ticket_id" in found and (len(found) > 1 or any(normal(path) in keys for path in reader.reads))

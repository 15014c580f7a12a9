"""Which nested export the records of a file are: the registry is the listing of this folder."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from supportkpi.errors import HelpdeskAmbiguous, Where
from supportkpi.loaders.mapping._mapping import Recognise
from supportkpi.loaders.mapping._recognise import by_header, normal, rules, specificity
from supportkpi.loaders.mapping._shelf import Shelf
from supportkpi.loaders.nested._by_system import nested_of
from supportkpi.loaders.nested._history import Nested
from supportkpi.loaders.nested._system import System
from supportkpi.loaders.nested._values import Record

_LOOKED_AT = 200
_INSIDE = 3
_ROOM = "supportkpi.loaders.nested"


SYSTEMS = Shelf(Path(__file__).parent)
"""The systems that a YAML file says how to read."""


class _Readers(Mapping[str, Nested]):
    """The readers by id; each is made when it is asked for."""

    def __init__(self, modules: Collection[str]) -> None:
        self._modules = frozenset(modules)
        self._names = tuple(sorted((*self._modules, *SYSTEMS.texts)))

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __getitem__(self, name: str) -> Nested:
        if name not in self._names:
            raise KeyError(name)
        return _module(name) if name in self._modules else _system(name)

    @property
    def written(self) -> Iterator[Nested]:
        """The readers that are modules: those of YAML files tell nothing but tickets."""
        yield from (_module(name) for name in self._names if name in self._modules)

    def likely(self, keys: Collection[str]) -> Iterator[tuple[str, tuple[Recognise, ...]]]:
        """The rules of each reader that the keys may meet."""
        yield from ((name, _module(name).recognise) for name in self._names if name in self._modules)
        yield from ((name, rules(SYSTEMS, name)) for name in SYSTEMS.likely(keys))


@cache
def readers() -> _Readers:
    """The readers of nested exports by id: one file each in this folder, none to be entered anywhere."""
    room = import_module(_ROOM)
    return _Readers([found.name for found in iter_modules(room.__path__) if not found.name.startswith("_")])


def written() -> tuple[Nested, ...]:
    """The readers that are modules."""
    return tuple(readers().written)


@cache
def _module(name: str) -> Nested:
    reader = import_module(f"{_ROOM}.{name}").NESTED
    assert isinstance(reader, Nested)  # noqa: S101 - each module of this folder holds one
    return reader


@cache
def _system(name: str) -> Nested:
    return nested_of(System.model_validate(SYSTEMS.page(name)))


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
    likely = readers().likely(keys)
    found = {name: max((specificity(rule, keys) for rule in own), default=0) for name, own in likely}
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

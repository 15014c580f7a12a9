"""Records that stand under keys: each under its own id, each column under its name, things under their class."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

Held = Mapping[str, object]
_STORES = ("assets", "entities")
"""Keys of what holds objects by their class and their id."""
_FEWEST = 3  # keys that records have in common
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_OF = ("tickets", "record_ids", "result", "ticket_id")
"""Keys of an answer that say which objects of a store were asked for."""


def keyed(value: Held, named: frozenset[str]) -> list[object] | None:
    """The records of an object that has each under its key, which becomes the id of those without any in ``named``.

    None for an object whose values are not alike: the parts of a record.
    """
    inner = [one for one in value.values() if isinstance(one, dict) and one]
    if len(inner) < 2 or len(inner) < len(value) or not _alike(inner):
        return None
    return [one if named & one.keys() else {"id": key, **one} for key, one in zip(value, inner, strict=True)]


def _alike(inner: Sequence[Held]) -> bool:
    """Whether most keys are those of most objects, and no numbers: these would be rows below the name of a column."""
    counts = Counter(key for one in inner for key in one)
    common = [key for key, count in counts.items() if 2 * count > len(inner)]
    if len(common) < _FEWEST or all(key.isdecimal() for key in common):
        return False
    return all(2 * sum(key in one for key in common) > len(common) for one in inner)


def columnar(value: Held) -> list[object] | None:
    """The records of an object of columns, each of them an object of the same row numbers: a frame as it is dumped."""
    columns = {name: one for name, one in value.items() if isinstance(one, dict) and one}
    if len(columns) < _FEWEST or len(columns) < len(value):
        return None
    numbers = dict.fromkeys(key for one in columns.values() for key in one)
    first = next(iter(columns.values()))
    if len(numbers) != len(first) or not all(key.isdecimal() for key in numbers):
        return None
    return [{name: one.get(number) for name, one in columns.items()} for number in numbers]


def stored(value: Held) -> tuple[list[object], dict[str, list[object]]] | None:
    """The tickets of an answer that gives numbers, and beside them objects by class and id; and what else it holds.

    Lists are called after their class: ``TicketArticle`` is ``ticket_articles``.
    """
    store = next((one for key in _STORES if isinstance(one := value.get(key), dict) and one), None)
    if store is None or not all(_is_class(one) for one in store.values()):
        return None
    lists: dict[str, list[object]] = {
        _plural(name): [*one.values()] for name, one in store.items() if isinstance(one, dict)
    }
    tickets = lists.pop("tickets", None)
    if tickets is None:
        return None
    asked = {str(one) for key in _OF for one in _listed(value.get(key))}
    wanted: list[object] = [one for one in tickets if isinstance(one, dict) and str(one.get("id")) in asked]
    return wanted if asked else tickets, lists


def _is_class(held: object) -> bool:
    """Whether an object holds objects under their own ids."""
    if not isinstance(held, dict):
        return False
    return all(isinstance(one, dict) and str(one.get("id")) == key for key, one in held.items())


def _listed(value: object) -> list[object]:
    """What a key names: one thing, or several."""
    listed = value if isinstance(value, list) else [value]
    return [one for one in listed if one is not None and not isinstance(one, dict | list)]


def _plural(name: str) -> str:
    """A class as a list of its things is called."""
    word = _WORD.sub("_", name).casefold()
    if word.endswith("s"):
        return word
    return f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"

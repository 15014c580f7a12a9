"""What stands beside the records of an envelope: names of ids, and lists whose rows belong to a ticket each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from supportkpi.loaders.nested._history import Records
from supportkpi.loaders.nested._values import Record, at_path, ident, listed, objects

_NAMES = ("name", "title", "display_name", "displayName", "full_name", "fullName", "contact.name", "label")
_HALVES = (("first_name", "last_name"), ("firstName", "lastName"), ("first", "last"))
_ADDRESS = "email"
CALLS = frozenset(name.casefold() for name in (*_NAMES, *(half for pair in _HALVES for half in pair), _ADDRESS))
"""Keys, in small letters, under one of which an object says what it is called."""


def thing(one: Record) -> Record:
    """A named object as it is: ``{"group": {"group_id": 1, "group_title": "A"}}`` has an id and a title."""
    if len(one) != 1:
        return one
    ((sort, within),) = one.items()
    if not isinstance(within, dict):
        return one
    return {key.removeprefix(f"{sort}_"): value for key, value in within.items()}


def labels(named: Sequence[Record], *keys: str, alike: bool = False) -> dict[str | None, str]:
    """What the objects are called, by their ids; one that two share has the id beside it unless ``alike``."""
    names = {ident(one.get("id")): _name(one, keys) for one in map(thing, named)}
    shared = {name for name, count in Counter(names.values()).items() if count > 1}
    return {
        key: f"{name} ({key})" if name in shared and not alike else name
        for key, name in names.items()
        if key is not None and name is not None
    }


def _name(one: Record, keys: Sequence[str]) -> str | None:
    """What an object is called: by its own name, by a first and a last one, else by an address."""
    whole = (ident(at_path(one, key)) for key in (*keys, *_NAMES))
    halves = (" ".join(filter(None, (ident(one.get(half)) for half in pair))) for pair in _HALVES)
    return next((name for several in (whole, halves) for name in several if name), None) or ident(one.get(_ADDRESS))


def singular(name: str) -> str:
    """What a list is of: agents, companies, mailboxes."""
    for ending, single in (("ies", "y"), ("xes", "x"), ("ses", "s"), ("s", "")):
        if name.endswith(ending) and len(name) > len(ending) + 1:
            return name.removesuffix(ending) + single
    return name


def of_tickets(records: Records, *names: str) -> list[list[Record] | None]:
    """Of each record the objects of its own list of that name, else those beside the records that name its id.

    None where there is neither. A list beside a lone record belongs to it even if it names no id.
    """
    own = [_own(row, names) for row in records.rows]
    apart = [one for name in names for one in objects(records.beside.get(name))]
    if not apart:
        return own
    grouped: dict[str | None, list[Record]] = {}
    for one in apart:
        grouped.setdefault(ident(one.get("ticket_id")), []).append(one)
    if len(records.rows) == 1 and None in grouped:
        return [own[0] if own[0] is not None else apart]
    return [
        mine if mine is not None else grouped.get(ident(row.get("id")))
        for mine, row in zip(own, records.rows, strict=True)
    ]


def _own(row: Record, names: Sequence[str]) -> list[Record] | None:
    for name in names:
        if row.get(name) is not None:
            return listed(row[name], *names)
    return None


def one_of_ticket(records: Records, own: Sequence[str], apart: Sequence[str]) -> list[Record]:
    """Of each record its own object of one of those names, else the one beside the records that names its id."""
    beside = {ident(one.get("ticket_id")): one for name in apart for one in objects(records.beside.get(name))}
    beside.pop(None, None)
    found = []
    for row in records.rows:
        mine = next((value for name in own if isinstance(value := row.get(name), dict)), None)
        found.append(mine if mine is not None else beside.get(ident(row.get("id")), {}))
    return found

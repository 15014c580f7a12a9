"""Lists inside records of a system that nobody knows: messages and changes of tickets, as tables beside the tickets.

A table made so is judged as a file of its own would be: what no reader of logs knows stays where it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import polars as pl

from supportkpi.decisions import Reading
from supportkpi.errors import KpiError
from supportkpi.loaders._part import ROLES_GUESSED, Request
from supportkpi.loaders.generic._generic import guess
from supportkpi.loaders.generic._headers import folded
from supportkpi.loaders.logs._audits import audited
from supportkpi.loaders.logs._headers import has_changes
from supportkpi.loaders.logs._plan import planned
from supportkpi.loaders.logs._sides import sided
from supportkpi.loaders.mapping._claims import Plan, plan_of
from supportkpi.loaders.mapping._recognise import recognise
from supportkpi.loaders.nested._lists import members
from supportkpi.loaders.nested._registry import scores
from supportkpi.loaders.nested._values import Record, at_path, ident, words
from supportkpi.loaders.tables import Table
from supportkpi.loaders.tables._json_columns import columns_of
from supportkpi.loaders.wide._sample import Sample

_LOOKED_AT = 500
_FEWEST = 2
_TICKET, _ROLE = "ticket_id", "author role"
_WORK = re.compile(r"\b(?:time ?(?:entr|log|spent|track|sheet)\w*|times|work ?logs?|attachments?|files?|uploads?)\b")
"""Names of lists whose elements have an author and a text, and are no messages."""


def lists_apart(table: Table, reading: Reading) -> tuple[Table, ...]:
    """The tables of the lists that tell of tickets; none for records that a reader knows."""
    if table.format not in ("json", "ndjson") or len(table.records) < 1 or reading.helpdesk or reading.mapping:
        return ()
    paths = list(_paths(table.records))
    if not paths or scores(table.records):
        return ()
    try:
        if planned(Sample(table), Request(table=table, reading=reading)) is not None:
            return ()  # records that are events have no messages of their own
        known = recognise(table.columns, path=table.name)
        plan = guess(Sample(table), {}) if known is None else plan_of(known, table.columns)
    except KpiError:
        return ()
    found = (_apart(table, path, plan, reading) for path in paths)
    return tuple(one for one in found if one is not None)


def _paths(rows: Sequence[Record]) -> Iterator[str]:
    """Where records hold lists of objects: at a key, or at a key of an object of theirs."""
    found: dict[str, None] = {}
    step = max(1, len(rows) // _LOOKED_AT)
    for row in rows[::step]:
        for key, value in row.items():
            if isinstance(value, dict):
                found |= {f"{key}.{name}": None for name, inner in value.items() if _is_list(inner)}
            elif _is_list(value):
                found[key] = None
    yield from found


def _is_list(value: object) -> bool:
    return isinstance(value, list) and any(isinstance(one, dict) for one in value)


def _apart(table: Table, path: str, plan: Plan, reading: Reading) -> Table | None:
    """The table of one list, where its elements are messages or changes of the tickets; None for any other."""
    own = plan.claim("ticket_id")
    if own is None or _WORK.search(folded(path)):
        return None
    places, elements = _elements(table, path, own.column)
    if len(elements) < _FEWEST:
        return None
    made = _table(table, path, elements)
    told = _judged(made, reading)
    if told is None:
        return None
    if told.log != "message" or told.claim("role") is not None or told.claim("activity") is not None:
        return made
    asker, author = plan.claim("requester_id"), told.claim("actor")
    if asker is None or author is None:
        return None
    return _with_roles(table, made, places, elements, (asker.column, author.column))


def _elements(table: Table, path: str, own: str) -> tuple[list[int], list[Record]]:
    """The elements of the list with the id of their ticket, and the record that each stands in."""
    places: list[int] = []
    elements: list[Record] = []
    for place, row in enumerate(table.records):
        name = ident(at_path(row, own))
        for one in members(at_path(row, path)) or () if name is not None else ():
            inner = one.get("node")
            for held in _changes(inner if isinstance(inner, dict) and len(one) <= _FEWEST else one):
                places.append(place)
                elements.append({_TICKET: name} | {key: held[key] for key in held if folded(key) != "ticket id"})
    return places, elements


def _changes(one: Record) -> Iterator[Record]:
    """An element once for each of the changes that it lists: their keys above those around them."""
    inner = next((key for key, value in one.items() if _is_list(value) and _has_ends(value)), None)
    if inner is None:
        yield one
        return
    around = {key: value for key, value in one.items() if key != inner}
    yield from ({**around, **change} for change in members(one[inner]) or ())


def _has_ends(value: object) -> bool:
    """Whether the objects of a list say what was changed and into what."""
    keys = {key for one in members(value) or () for key in one}
    return has_changes(tuple(keys))


def _table(table: Table, path: str, elements: Sequence[Record]) -> Table:
    columns, frame = columns_of(elements, table.path)
    name = path.rpartition(".")[0] if path.rpartition(".")[2] in ("nodes", "edges", "items", "records") else path
    called = f"{table.name}[{name}]"
    return replace(
        table,
        name=called,
        path=f"{table.path}[{name}]",
        columns=columns,
        frame=frame,
        rows=len(elements),
        records=(),
        beside={},
        rejects=(),
        excluded={},
        notes=(),
    )


def _judged(made: Table, reading: Reading) -> Plan | None:
    """How the rows would be read as a log; of one ticket, for a list may hold a single element of each."""
    bare = replace(made, frame=made.frame.with_columns(pl.lit("1").alias(_TICKET)))
    try:
        retold = audited(Sample(bare)) or sided(Sample(bare))
        bare = retold[0] if retold is not None else bare
        return planned(Sample(bare), Request(table=bare, reading=reading))
    except KpiError:
        return None


def _with_roles(
    table: Table, made: Table, places: Sequence[int], elements: Sequence[Record], paths: tuple[str, str]
) -> Table | None:
    """The messages with the roles of their authors: a customer is who the record names so; None where none is."""
    asker, author = paths
    askers = [{*_names(at_path(row, asker))} for row in table.records]
    roles = [
        ("customer" if name in askers[place] else "agent") if (name := ident(at_path(one, author))) else None
        for place, one in zip(places, elements, strict=True)
    ]
    if "customer" not in roles:
        return None
    told = [{**one, _ROLE: role} for one, role in zip(elements, roles, strict=True)]
    columns, frame = columns_of(told, table.path)
    return replace(made, columns=columns, frame=frame, notes=(ROLES_GUESSED,))


def _names(value: object) -> list[str]:
    if isinstance(value, list):
        return [one for one in words(value) or () if one is not None]
    name = ident(value)
    return [name] if name is not None else []

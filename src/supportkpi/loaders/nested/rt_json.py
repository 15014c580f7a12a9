"""Request Tracker tickets of REST 2, with their transactions where the export has them.

Transactions tell of queues and owners by number, tickets call them by name: what the numbers of queues are called
stands in the other tickets of the file, those of owners in what they took themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from supportkpi.loaders.nested._by_system import nested_of, tell
from supportkpi.loaders.nested._history import History, Nested, Records
from supportkpi.loaders.nested._lists import elements_of
from supportkpi.loaders.nested._system import Listed, System
from supportkpi.loaders.nested._values import Record, at_path, first, ident, number

_WHERE = ("Transactions", "transactions", "History", "history")
_TOOK = ("Take", "Steal")
_TRANSACTIONS: dict[str, object] = {
    "name": "their transactions",
    "where": _WHERE,
    "ticket": ["ObjectId", "Object.id", "Ticket", "ticket"],
    "ours": ["id", "EffectiveId.id"],
    "file": {
        "all": ["Type", "Created", "Creator.id"],
        "any": 1,
        "of": ["Object.id", "ObjectId", "OldValue", "NewValue", "Field"],
    },
    "columns": {
        "at": ["Created", "created"],
        "actor": ["Creator.id", "Creator", "creator"],
        "activity": ["Type", "type"],
        "field": ["Field", "field"],
        "old": ["OldValue", "old_value"],
        "new": ["NewValue", "new_value"],
    },
    "values": {
        "activity": {"Create": "message", "Correspond": "message", "Comment": "note", "Status": "status"},
        "field": {"Status": "status", "Priority": "priority", "Queue": "group", "Owner": "assignee"},
    },
    "otherwise": "nothing",
}
_RT = System.model_validate(
    {
        "id": "rt_json",
        "title": "Request Tracker tickets as JSON",
        "confidence": "partial",
        "recognise": [
            {
                "all": ["LastUpdated"],
                "any": 3,
                "of": [
                    *("Requestor", "Queue", "Queue.id", "Resolved", "Started", "Owner", "Owner.id", "TimeWorked"),
                    *("InitialPriority", "FinalPriority", "EffectiveId", "CustomFields", "Told"),
                ],
            }
        ],
        "columns": {
            "ticket_id": "id",
            "requester_id": ["Requestor", "Requestors"],
            "assignee_id": ["Owner.Name", "Owner.id"],
            "group": ["Queue.Name", "Queue.id", "Queue"],
            "status": "Status",
            "priority": "Priority",
            "created_at": "Created",
            "updated_at": "LastUpdated",
            "solved_at": "Resolved",
            "resolution_due_at": "Due",
        },
        "values": {
            "status": {"new": "new", "open": "open", "stalled": "hold", "resolved": "solved", "rejected": "closed"}
            | {"deleted": "deleted"},
        },
        "missing": ["1970-01-01T00:00:00Z", "1970-01-01 00:00:00", "Not set", "Nobody"],
        "dates": {"zone": "UTC"},
        "lists": _TRANSACTIONS,
        "began": {"status": "new"},
        "never": ["Subject", "Description"],
    }
)
_LIST: Listed = _RT.lists[0]
_SPOKEN = _RT.model_copy(
    update={
        "lists": (
            _LIST.model_copy(
                update={
                    "columns": {name: paths for name, paths in _LIST.columns.items() if name != "field"},
                    "values": {name: table for name, table in _LIST.values.items() if name != "field"},
                }
            ),
        )
    }
)
"""The same for transactions that do not say which field they set."""


def _tell(records: Records) -> History:
    """What the vocabulary tells, once the transactions call queues and owners as the tickets do."""
    found = elements_of(_LIST, records, _RT.columns["ticket_id"])
    if all(one is None for one in found):
        return tell(_RT, records)
    queues, owners = dict(_queues(records.rows)), dict(_owners(found))
    rows = [
        row if told is None else {**row, _WHERE[0]: [_called(one, queues, owners) for one in _in_order(told)]}
        for row, told in zip(records.rows, found, strict=True)
    ]
    beside = {key: value for key, value in records.beside.items() if key not in _WHERE}
    system = _SPOKEN if any(_is_bare(one) for told in found for one in told or ()) else _RT
    return tell(system, replace(records, rows=rows, beside=beside))


def _in_order(told: Sequence[Record]) -> list[Record]:
    """Transactions in the order of their numbers: several of one second happened in that order."""
    return sorted(told, key=lambda one: number(one.get("id")) or 0.0)


def _is_bare(one: Record) -> bool:
    return first(one, "Type", "type") == "Set" and first(one, "Field", "field") is None


def _queues(rows: Sequence[Record]) -> Iterator[tuple[str, str]]:
    for row in rows:
        number, name = ident(at_path(row, "Queue.id")), ident(at_path(row, "Queue.Name"))
        if number is not None and name is not None:
            yield number, name


def _owners(found: Sequence[list[Record] | None]) -> Iterator[tuple[str, str | None]]:
    """The names behind the numbers of owners: who takes a ticket owns it, and nobody owned it before."""
    for one in (one for told in found for one in told or () if one.get("Field", one.get("field")) == "Owner"):
        sort, who = first(one, "Type", "type"), ident(at_path(one, "Creator.id"))
        old, new = ident(first(one, "OldValue", "old_value")), ident(first(one, "NewValue", "new_value"))
        if sort in _TOOK and new is not None and who is not None:
            yield new, who
        if sort == "Take" and old is not None:
            yield old, None
        if sort == "Untake" and new is not None:
            yield new, None


def _called(one: Record, queues: Mapping[str, str], owners: Mapping[str, str | None]) -> Record:
    """A transaction with names for the numbers that are known."""
    names = {"Queue": queues, "Owner": owners}.get(str(first(one, "Field", "field")))
    if names is None:
        return one
    values = {key: ident(one[key]) for key in ("OldValue", "NewValue", "old_value", "new_value") if key in one}
    return {**one, **{key: None if value is None else names.get(value, value) for key, value in values.items()}}


NESTED: Nested = replace(nested_of(_RT), tell=_tell)
"""Request Tracker's JSON."""

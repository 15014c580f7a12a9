"""Yandex Tracker issues as its interface gives them, with their changelog and comments where the export has them.

Of a desk that answers by e-mail the comments that went out are replies and those that came in are the customer's; what
was written in the interface stays inside. Where no comment came by e-mail, customers use the interface as agents do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from supportkpi.loaders.nested._by_system import nested_of, tell
from supportkpi.loaders.nested._history import History, Nested, Records
from supportkpi.loaders.nested._lists import elements_of
from supportkpi.loaders.nested._system import System
from supportkpi.loaders.nested._values import Record, ident, inner, objects

_BY_MAIL = ("incoming", "outcoming")
_IS_PUBLIC = "_public"
_ASSUMED = "comments are taken for replies that the author of the issue can see: nothing in them says otherwise"
_ASSUMED_INSIDE = "comments that were not sent by e-mail are taken for notes that the author of the issue does not see"
_TRACKER = System.model_validate(
    {
        "id": "yandex_tracker_json",
        "title": "Yandex Tracker issues as JSON",
        "recognise": {
            "all": ["self", "key"],
            "any": 2,
            "of": [
                *("queue.key", "queue.display", "previousStatus", "previousStatus.key", "createdAt"),
                *("statusStartTime", "lastCommentUpdatedAt", "aliases", "favorite", "createdBy.display"),
                "status.display",
            ],
        },
        "columns": {
            "ticket_id": "key",
            "requester_id": ["createdBy.display", "createdBy.id"],
            "assignee_id": ["assignee.display", "assignee.id"],
            "group": ["queue.display", "queue.key"],
            "status": ["status.key", "status.display"],
            "priority": ["priority.key", "priority.display"],
            "category": ["type.display", "type.key"],
            "tags": "tags",
            "created_at": "createdAt",
            "updated_at": "updatedAt",
            "solved_at": "resolvedAt",
            "resolution_due_at": "deadline",
        },
        "values": {
            "status": {"open": "open", "inProgress": "open", "needInfo": "pending", "onHold": "hold", "new": "new"}
            | {"resolved": "solved", "closed": "closed", "rejected": "closed", "cancelled": "closed"},
            "priority": {"blocker": "urgent", "critical": "high", "normal": "normal", "minor": "low"}
            | {"trivial": "lowest"},
        },
        "opening": True,  # an issue begins with what its author wrote
        "lists": [
            # of one instant what was said stands before what it changed
            {
                "name": "their comments",
                "where": "comments",
                "ticket": ["issue.key", "issue.id"],
                "ours": ["key", "id"],
                "columns": {
                    "at": "createdAt",
                    "actor": ["createdBy.display", "createdBy.id"],
                    "role": "type",
                    "public": _IS_PUBLIC,
                },
                "values": {
                    "role": {"incoming": "customer", "outcoming": "agent"},
                    "public": {"true": "true", "false": "false"},
                },
                "file": {
                    "all": ["self", "id", "text", "createdAt"],
                    "any": 1,
                    "of": ["createdBy.display", "createdBy.id", "transport", "updatedBy.display"],
                    "none": ["key", "queue.key"],
                },
            },
            {
                "name": "their changelog",
                "where": "changelog",
                "file": {"all": ["id", "issue.key", "updatedAt", "fields[].field"]},
                "ticket": ["issue.key", "issue.id"],
                "ours": ["key", "id"],
                "items": "fields",
                "columns": {
                    "at": "updatedAt",
                    "actor": ["updatedBy.display", "updatedBy.id"],
                    "field": "field.id",
                    "old": ["from.key", "from.display", "from.id"],
                    "new": ["to.key", "to.display", "to.id"],
                },
                "values": {
                    "field": {"status": "status", "priority": "priority", "assignee": "assignee", "queue": "group"}
                },
            },
        ],
        "never": [
            *("summary", "description", "self", "version", "aliases", "votes", "favorite", "id"),
            *(f"{name}.self" for name in ("status", "queue", "type", "priority")),
            *(f"{name}.self" for name in ("createdBy", "updatedBy", "assignee", "previousStatus")),
            *("updatedBy.id", "updatedBy.display", "createdBy.id", "assignee.id", "queue.id", "type.id"),
            *("priority.id", "status.id", "previousStatus.id"),
        ],
    }
)
_COMMENTS, _CHANGES = _TRACKER.lists


def _tell(records: Records) -> History:
    """What the vocabulary tells, queues called by their names, comments that stay inside marked as such."""
    ids = _TRACKER.columns["ticket_id"]
    changes, said = (elements_of(one, records, ids) for one in (_CHANGES, _COMMENTS))
    by_mail = any(one.get("type") in _BY_MAIL for several in said for one in several or ())
    rows = [
        {**row, **_told("changelog", _named(changed)), **_told("comments", _marked(spoken, by_mail=by_mail))}
        for row, changed, spoken in zip(records.rows, changes, said, strict=True)
    ]
    beside = {key: value for key, value in records.beside.items() if key not in ("changelog", "comments")}
    history = tell(_TRACKER, replace(records, rows=rows, beside=beside))
    if any(one is not None for one in said):
        history.assumptions.append(_ASSUMED_INSIDE if by_mail else _ASSUMED)
    return history


def _told(name: str, found: list[Record] | None) -> Record:
    return {} if found is None else {name: found}


def _named(changes: Sequence[Record] | None) -> list[Record] | None:
    """Changes of the queue under the names that issues have for their queues."""
    if changes is None:
        return None
    return [{**one, "fields": [_by_name(field) for field in objects(one.get("fields"))]} for one in changes]


def _by_name(field: Record) -> Record:
    if inner(field.get("field")).get("id") != "queue":
        return field
    ends = {end: inner(field.get(end)) for end in ("from", "to")}
    return {**field, **{end: {"key": ident(one.get("display")) or ident(one.get("key"))} for end, one in ends.items()}}


def _marked(comments: Sequence[Record] | None, *, by_mail: bool) -> list[Record] | None:
    if comments is None or not by_mail:
        return None if comments is None else [*comments]
    return [{**one, _IS_PUBLIC: "true" if one.get("type") in _BY_MAIL else "false"} for one in comments]


NESTED: Nested = replace(nested_of(_TRACKER), tell=_tell)
"""Yandex Tracker's JSON."""

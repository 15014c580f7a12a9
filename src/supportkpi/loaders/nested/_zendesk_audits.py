"""Tickets out of their audits alone: the first one says how a ticket began, the later ones what was changed.

The stream of ticket events tells the same otherwise: the events are ``child_events``, the kind of each its
``event_type``, and what is set or changed stands under the name of its field.
"""

from __future__ import annotations

from collections.abc import Iterator

from supportkpi.loaders.nested._values import Record, at_path, chronological, first, ident, objects

_FIELDS = frozenset(
    (
        *("requester_id", "status", "priority", "assignee_id", "group_id", "organization_id", "tags", "type"),
        *("brand_id", "ticket_form_id"),
    )
)
_SET = ("Create", "Change")
_CHILDREN = "child_events"
_OWN = frozenset(("id", "via", "via_reference_id", "event_type", "type", "previous_value", "system", "author_id"))
"""Keys of an event of the stream that are no field of the ticket."""


def as_audit(record: Record) -> Record:
    """An audit as it is; an element of the stream of ticket events as the audit that it tells of."""
    if _CHILDREN not in record:
        return record
    events = [event for child in objects(record[_CHILDREN]) for event in _events(child)]
    return {
        "id": record.get("id"),
        "ticket_id": record.get("ticket_id"),
        "created_at": first(record, "created_at", "timestamp"),
        "author_id": first(record, "updater_id", "author_id"),
        "via": _via(record.get("via")),
        "events": events,
    }


def _events(child: Record) -> Iterator[Record]:
    """The events of an audit that one of the stream stands for: one a field."""
    kind, via = child.get("event_type"), child.get("via")
    beside = {} if via is None else {"via": _via(via)}
    if kind not in _SET:
        yield {**child, **beside, "type": kind, "public": first(child, "public", "comment_public")}
        return
    for field, value in child.items():
        if field not in _OWN and not isinstance(value, dict | list):
            yield {**beside, "type": kind, "field_name": field, "value": value}


def _via(via: object) -> object:
    """The channel as an audit has it: the stream calls it by its name."""
    return {"channel": via.casefold()} if isinstance(via, str) else via


def ticket_of(name: str, audits: list[Record]) -> Record | None:
    """The record of a ticket, its audits in it, as they leave it; None where none of them creates it."""
    told = chronological([as_audit(one) for one in audits], "created_at")
    begun = next((one for one in told if any(map(_creates, objects(one.get("events"))))), None)
    if begun is None:
        return None
    found: dict[str, object] = {}
    custom: dict[str, object] = {}
    for audit in told:
        for event in objects(audit.get("events")):
            field = event.get("field_name")
            if event.get("type") in _SET and isinstance(field, str) and field in _FIELDS:
                found[field] = event.get("value")
            elif event.get("type") in _SET and field == "satisfaction_score":
                found["satisfaction_rating"] = event.get("value")
            elif event.get("type") in _SET and isinstance(field, str) and field.isdecimal():
                custom[field] = event.get("value")
    author = begun.get("author_id")
    return {
        "id": name,
        "created_at": begun.get("created_at"),
        "updated_at": told[-1].get("created_at"),
        "submitter_id": author,
        "requester_id": author,
        "via": {"channel": ident(at_path(begun, "via.channel"))},
        "status": first(found, "status") or "new",
        **{key: value for key, value in found.items() if value is not None},
        "custom_fields": [{"id": key, "value": value} for key, value in custom.items()],
        "audits": told,
    }


def _creates(event: Record) -> bool:
    return event.get("type") == "Create"

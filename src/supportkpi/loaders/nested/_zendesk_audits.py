"""Tickets out of their audits alone: the first one says how a ticket began, the later ones what was changed."""

from __future__ import annotations

from supportkpi.loaders.nested._values import Record, at_path, chronological, first, ident, objects

_FIELDS = frozenset(
    (
        *("requester_id", "status", "priority", "assignee_id", "group_id", "organization_id", "tags", "type"),
        *("brand_id", "ticket_form_id"),
    )
)
_SET = ("Create", "Change")


def ticket_of(name: str, audits: list[Record]) -> Record | None:
    """The record of a ticket, its audits in it, as they leave it; None where none of them creates it."""
    told = chronological(audits, "created_at")
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

"""SolarWinds Service Desk (Samanage): incidents as the interface lists them."""

from __future__ import annotations

from layouts.layout import FLAT, NO_REPLIES, NO_TAGS, Layout
from layouts.writing import Files, json_of, person_id, rows
from supportkpi.demo.model import Desk, Person, Ticket
from supportkpi.demo.summary import Summary

_STATES = {"new": "New", "open": "Assigned", "pending": "Awaiting Input", "hold": "On Hold", "solved": "Resolved"}
_PRIORITIES = {"urgent": "Critical", "normal": "Medium"}


def _at(desk: Desk, minute: int) -> str:
    """An instant with the offset that its owner's clock has then."""
    return desk.hours.local(minute).isoformat(timespec="milliseconds")


def _person(person: Person | None) -> dict[str, object] | None:
    if person is None:
        return None
    return {"id": person_id(person), "name": person.name, "email": person.email, "disabled": False, "is_user": True}


def _incident(desk: Desk, ticket: Ticket, row: Summary) -> dict[str, object]:
    firm = ticket.requester.organization
    return {
        "id": 7_000_000 + ticket.number,
        "number": ticket.number,
        "name": "…",
        "description": "…",
        "description_no_html": "…",
        "state": _STATES.get(row.status, "Closed"),
        "priority": _PRIORITIES.get(row.priority, row.priority.capitalize()),
        "category": {"id": 1, "name": desk.words.categories[ticket.category], "default_tags": None},
        "subcategory": None,
        "assignee": _person(row.assignee),
        "group_assignee": {"id": 5, "name": row.group, "is_user": False},
        "requester": _person(ticket.requester),
        "created_by": _person(ticket.requester),
        "site": {"id": 2, "name": "Boston"},
        "department": {"id": 4, "name": firm} if firm else None,
        "is_service_request": False,
        "origin": {"messenger": "chat"}.get(ticket.channel, ticket.channel),
        "tags": [{"id": place, "name": tag} for place, tag in enumerate(ticket.tags)],
        "sla_violations": [],
        "number_of_comments": sum(event.kind == "message" for event in ticket.events) - 1,
        "resolution_code": None,
        "resolution_description": None,
        "resolved_by": _person(row.assignee) if row.solved else None,
        "due_at": None,
        "created_at": _at(desk, ticket.created),
        "updated_at": _at(desk, row.updated),
        "statistics": [],
    }


def samanage_json(desk: Desk) -> Files:
    """Incidents of the interface: a bare list, newest first."""
    return {"incidents.json": json_of([_incident(desk, ticket, row) for ticket, row in reversed(rows(desk))])}


LAYOUTS = (
    Layout(
        write=samanage_json,
        helpdesk="samanage",
        silent=(FLAT | NO_REPLIES | {"closure_ratio", "repeat_contact_rate", "resolution_time"}) - NO_TAGS,
    ),
)

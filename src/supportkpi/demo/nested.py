"""The made-up helpdesk as Zendesk's API lists it: tickets with their audits, and the users that these name."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import groupby

from supportkpi.demo.hours import instant
from supportkpi.demo.model import Desk, Event, Person, Ticket
from supportkpi.demo.summary import summary

_SYSTEM_ID = -1
_AGENT_IDS, _GROUP_IDS, _FIELD_IDS, _COMPANY_IDS = 380_000, 361_000, 24_000, 27_000
_AUDIT_IDS = 1_000_000
_FIELDS = {"status": "status", "priority": "priority", "assignee": "assignee_id", "group": "group_id"}
_VIA = {"email": "email", "web": "web", "chat": "chat", "messenger": "native_messaging", "phone": "voice"}


def zendesk_json(desk: Desk) -> bytes:
    """One object: ``tickets`` with ``audits``, and the users, groups and organizations that these name by id."""
    companies = _companies(desk)
    tickets = [_ticket(ticket, desk, companies) for ticket in desk.tickets]
    page = {
        "tickets": tickets,
        "users": [_user(person, companies) for person in desk.people.values() if person.role != "system"],
        "groups": [{"id": _GROUP_IDS + place, "name": name} for place, name in enumerate(desk.words.groups)],
        "organizations": [{"id": number, "name": name} for name, number in companies.items()],
        "ticket_fields": [
            {"id": _FIELD_IDS + 1, "type": "tagger", "title": "Category"},
            {"id": _FIELD_IDS + 2, "type": "tagger", "title": "Customer tier"},
        ],
        "count": len(tickets),
        "next_page": None,
        "previous_page": None,
    }
    return json.dumps(page, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _companies(desk: Desk) -> dict[str, int]:
    names = sorted({person.organization for person in desk.people.values() if person.organization})
    return {name: _COMPANY_IDS + place for place, name in enumerate(names)}


def _id(person: Person) -> int:
    if person.role == "system":
        return _SYSTEM_ID
    return person.number if person.role == "customer" else _AGENT_IDS + person.number


def _user(person: Person, companies: Mapping[str, int]) -> Mapping[str, object]:
    role = {"customer": "end-user", "bot": "bot"}.get(person.role, "agent")
    return {
        "id": _id(person),
        "name": person.name,
        "email": person.email,
        "role": role,
        "organization_id": companies.get(person.organization or ""),
    }


def _ticket(ticket: Ticket, desk: Desk, companies: Mapping[str, int]) -> Mapping[str, object]:
    row, person = summary(ticket, desk), ticket.requester
    return {
        "id": ticket.number,
        "created_at": _iso(ticket.created),
        "updated_at": _iso(row.updated),
        "type": "incident" if ticket.category == "bug" else "question",
        "subject": f"{desk.words.categories[ticket.category]} {ticket.number}",
        "status": row.status,
        "priority": row.priority,
        "requester_id": _id(person),
        "submitter_id": _id(ticket.events[0].by),
        "assignee_id": _id(row.assignee) if row.assignee else None,
        "organization_id": companies.get(person.organization or ""),
        "group_id": _GROUP_IDS + desk.words.groups.index(row.group),
        "brand_id": 1,
        "tags": list(ticket.tags),
        "custom_fields": [
            {"id": _FIELD_IDS + 1, "value": desk.words.categories[ticket.category]},
            {"id": _FIELD_IDS + 2, "value": desk.words.tiers["vip" if person.is_vip else "standard"]},
        ],
        "via": {"channel": _VIA[ticket.channel]},
        "satisfaction_rating": {"score": ticket.rating or "unoffered"},
        "audits": _audits(ticket, desk),
    }


def _audits(ticket: Ticket, desk: Desk) -> list[Mapping[str, object]]:
    """What happened at one minute by one hand is one audit."""
    made: list[Mapping[str, object]] = []
    for (at, author), events in groupby(ticket.events, key=lambda event: (event.at, _id(event.by))):
        number = _AUDIT_IDS + ticket.number * 100 + len(made)
        changes = [_change(event, place, number, desk) for place, event in enumerate(events) if _is_told(event)]
        if changes:
            made.append(
                {
                    "id": number,
                    "ticket_id": ticket.number,
                    "created_at": _iso(at),
                    "author_id": author,
                    "events": changes,
                }
            )
    return made


def _is_told(event: Event) -> bool:
    """The creation is the ticket's own date; lines of support and hand-offs have no field in Zendesk."""
    return event.kind == "message" or event.kind in _FIELDS


def _change(event: Event, place: int, audit: int, desk: Desk) -> Mapping[str, object]:
    number = audit * 10 + place
    if event.kind == "message":
        return {"id": number, "type": "Comment", "author_id": _id(event.by), "public": event.public, "body": "…"}
    first = {"id": number, "type": "Change" if event.old else "Create", "field_name": _FIELDS[event.kind]}
    told = {**first, "value": _value(event.kind, event.value, desk)}
    return {**told, "previous_value": _value(event.kind, event.old, desk)} if event.old else told


def _value(kind: str, value: str | None, desk: Desk) -> str | None:
    if value is None or kind in ("status", "priority"):
        return value
    return str(_id(desk.people[value]) if kind == "assignee" else _GROUP_IDS + desk.words.groups.index(value))


def _iso(at: int) -> str:
    return f"{instant(at):%Y-%m-%dT%H:%M:%SZ}"

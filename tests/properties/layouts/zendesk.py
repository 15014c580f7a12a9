"""Zendesk: the tables of a warehouse."""

from __future__ import annotations

from itertools import count

from layouts.layout import Layout
from layouts.writing import GROUPS, SYNCED, Files, companies, csv_of, group_id, iso, person_id, rated_at, rows, told
from supportkpi.demo.model import Desk, Event

_FIELDS = {"status": "status", "priority": "priority", "assignee": "assignee_id", "group": "group_id"}


_VIA = {"email": "email", "web": "web", "chat": "chat", "messenger": "native_messaging", "phone": "voice"}


def _zendesk_value(event: Event, desk: Desk) -> object:
    if event.value is None or event.kind in ("status", "priority"):
        return event.value or ""
    return person_id(desk.people[event.value]) if event.kind == "assignee" else group_id(desk, event.value)


def zendesk_tables(desk: Desk) -> Files:
    """Tickets, the history of their fields, comments, users, groups, organizations, tags and ratings in a warehouse."""
    firms, numbers = companies(desk), count(1)
    tickets = [
        {
            "id": ticket.number,
            **SYNCED,
            "assignee_id": person_id(row.assignee),
            "created_at": iso(ticket.created),
            "group_id": group_id(desk, row.group),
            "organization_id": firms.get(ticket.requester.organization or "", ""),
            "priority": row.priority,
            "requester_id": person_id(ticket.requester),
            "status": row.status,
            "submitter_id": person_id(ticket.events[0].by),
            "updated_at": iso(row.updated),
            "via_channel": _VIA[ticket.channel],
            "custom_category": desk.words.categories[ticket.category],
            "custom_customer_tier": desk.words.tiers["vip" if ticket.requester.is_vip else "standard"],
        }
        for ticket, row in rows(desk)
    ]
    history = [
        {
            "field_name": _FIELDS[event.kind],
            "ticket_id": ticket.number,
            "updated": iso(event.at),
            **SYNCED,
            "user_id": person_id(event.by) or -1,
            "value": _zendesk_value(event, desk),
        }
        for ticket, event in told(desk, *_FIELDS)
    ]
    comments = [
        {
            "id": next(numbers),
            **SYNCED,
            "body": "…",
            "created": iso(event.at),
            "public": str(event.public).upper(),
            "ticket_id": ticket.number,
            "user_id": person_id(event.by),
        }
        for ticket, event in told(desk, "message")
    ]
    people = [person for person in desk.people.values() if person.role != "system"]
    users = [
        {
            "id": person_id(person),
            **SYNCED,
            "email": person.email,
            "name": person.name,
            "role": {"customer": "end-user", "bot": "bot"}.get(person.role, "agent"),
        }
        for person in people
    ]
    ratings = [
        {
            "id": place,
            **SYNCED,
            "assignee_id": person_id(row.assignee),
            "created_at": iso(rated_at(ticket)),
            "requester_id": person_id(ticket.requester),
            "score": ticket.rating,
            "ticket_id": ticket.number,
        }
        for place, (ticket, row) in enumerate(rows(desk))
        if ticket.rating not in (None, "unoffered")
    ]
    tags = [{"tag": tag, "ticket_id": ticket.number, **SYNCED} for ticket in desk.tickets for tag in ticket.tags]
    named = [{"id": GROUPS + place, **SYNCED, "name": name} for place, name in enumerate(desk.words.groups)]
    found = {
        "ticket": tickets,
        "ticket_field_history": history,
        "ticket_comment": comments,
        "user": users,
        "group": named,
        "organization": [{"id": number, **SYNCED, "name": name} for name, number in firms.items()],
        "ticket_tag": tags,
        "satisfaction_rating": ratings,
        "brand": [{"id": 1, **SYNCED, "name": "Northwind", "active": "TRUE"}],
    }
    return {f"{name}.csv": csv_of(table) for name, table in found.items() if table}


LAYOUTS = (
    Layout(
        write=zendesk_tables,
        helpdesk="zendesk_tables",
        otherwise={"bot_resolution_rate": "no user has the id of rules, -1: who solved for them is not told"},
        dates_ratings=True,
    ),
)

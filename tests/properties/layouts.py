"""The demo's tickets in the layouts of other systems: what each would have written of them, and nothing more.

A layout is a function from a desk to the files of its export. Instants are whole minutes, so that no layout loses any.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from itertools import count

from supportkpi.demo.hours import instant
from supportkpi.demo.model import Desk, Event, Person, Ticket
from supportkpi.demo.summary import Summary, summary

Files = Mapping[str, bytes]
Row = Mapping[str, object]
SYNCED = {"_fivetran_synced": "2026-07-01 00:00:00"}
GROUPS, AGENTS, COMPANIES = 361_000, 380_000, 27_000
DONE = ("solved", "closed")


def csv_of(rows: Sequence[Row], *, delimiter: str = ",") -> bytes:
    """Rows as a table of text."""
    text = io.StringIO()
    table = [list(rows[0]), *(row.values() for row in rows)] if rows else []
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(table)
    return text.getvalue().encode()


def iso(at: int | None) -> str:
    """An instant as warehouses write it, in UTC and without saying so."""
    return "" if at is None else f"{instant(at):%Y-%m-%d %H:%M:%S}"


def person_id(person: Person | None) -> object:
    """A number for a person, agents apart from customers."""
    if person is None or person.role == "system":
        return ""
    return person.number if person.role == "customer" else AGENTS + person.number


def group_id(desk: Desk, name: str) -> int:
    """The number of a group."""
    return GROUPS + desk.words.groups.index(name)


def companies(desk: Desk) -> dict[str, int]:
    """The numbers of organizations by their names."""
    names = sorted({person.organization for person in desk.people.values() if person.organization})
    return {name: COMPANIES + place for place, name in enumerate(names)}


def told(desk: Desk, *kinds: str) -> Iterable[tuple[Ticket, Event]]:
    """The events of some kinds with their tickets, in the order in which they happened."""
    found = [(ticket, event) for ticket in desk.tickets for event in ticket.events if event.kind in kinds]
    return sorted(found, key=lambda pair: pair[1].at)


def rows(desk: Desk) -> list[tuple[Ticket, Summary]]:
    """The tickets with how they stood at the export."""
    return [(ticket, summary(ticket, desk)) for ticket in desk.tickets]


# --- warehouses ------------------------------------------------------------------------------------------------------

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
            "user_id": person_id(event.by),
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
            "created_at": iso(row.updated),
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

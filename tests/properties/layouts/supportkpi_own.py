"""Our own forms: a table of events as scripts may write it, and tickets with their events and answers as records."""

from __future__ import annotations

from layouts.layout import NO_RATINGS, NO_TAGS, Layout
from layouts.writing import Files, csv_of, json_of, rated_at, rows, told, zulu
from supportkpi.demo.model import Desk, Event, Ticket


def _event(event: Event) -> dict[str, object]:
    return {
        "at": zulu(event.at),
        "kind": event.kind,
        "actor": event.by.role,
        "actor_id": event.by.name,
        "public": event.public,
        "value": event.value,
        "raw": event.value.upper() if event.kind == "status" and event.value else None,
    }


def _ticket(ticket: Ticket, desk: Desk) -> dict[str, object]:
    return {
        "requester_id": str(ticket.requester.number),
        "organization_id": ticket.requester.organization,
        "channel": ticket.channel,
        "category": desk.words.categories[ticket.category],
        "tier": desk.words.tiers["vip" if ticket.requester.is_vip else "standard"],
    }


def supportkpi_events(desk: Desk) -> Files:
    """A row an event with the columns of the canonical frame, and those of its ticket."""
    table = [
        {
            "ticket_id": ticket.number,
            "seq": place,
            **{name: "" if value is None else value for name, value in _event(event).items()},
            **{name: value or "" for name, value in _ticket(ticket, desk).items()},
        }
        for place, (ticket, event) in enumerate(
            told(desk, *("created", "message", "status", "priority", "assignee", "group", "level", "handoff"))
        )
    ]
    return {"events.csv": csv_of(table)}


def supportkpi_json(desk: Desk) -> Files:
    """Tickets with their columns, tags, events and what the surveys after them brought."""
    tickets = [
        {
            "ticket_id": str(ticket.number),
            **_ticket(ticket, desk),
            "created_at": zulu(ticket.created),
            "opener": ticket.opener,
            "status": row.status,
            "priority": row.priority,
            "group": row.group,
            "assignee_id": row.assignee.name if row.assignee else None,
            "tags": list(ticket.tags),
            "updated_at": zulu(row.updated),
            "events": [_event(event) for event in ticket.events],
            "surveys": [
                {
                    "instrument": "csat",
                    "at": zulu(rated_at(ticket)),
                    "score": {"good": 1, "bad": 0}.get(ticket.rating),
                    "answer": ticket.rating,
                    "scale": "binary",
                }
            ]
            if ticket.rating not in (None, "unoffered")
            else [],
        }
        for ticket, row in rows(desk)
    ]
    return {"tickets.json": json_of({"tickets": tickets})}


LAYOUTS = (
    Layout(write=supportkpi_events, helpdesk="supportkpi_events", silent=NO_RATINGS | NO_TAGS),
    Layout(write=supportkpi_json, helpdesk="supportkpi_json", dates_ratings=True),
)

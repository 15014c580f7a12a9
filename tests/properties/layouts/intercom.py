"""Intercom: conversations and their parts in a warehouse."""

from __future__ import annotations

from itertools import count

from layouts.layout import NO_LINES, NO_RATINGS, NO_TAGS, Layout
from layouts.writing import SYNCED, Files, csv_of, iso, person_id, rows, told
from supportkpi.demo.model import Desk, Event, Person, Ticket


def intercom_tables(desk: Desk) -> Files:
    """Conversations and their parts, teammates and teams, in a warehouse."""
    numbers = count(1)
    states = {"solved": "closed", "closed": "closed", "pending": "snoozed", "hold": "snoozed"}
    talks = [
        {
            "id": ticket.number,
            "updated_at": iso(row.updated),
            **SYNCED,
            "created_at": iso(ticket.created),
            "assignee_id": person_id(row.assignee),
            "assignee_type": "admin" if row.assignee else "",
            "state": states.get(row.status, "open"),
            "priority": "not_priority",
            "source_type": "email",
            "source_author_id": person_id(ticket.events[0].by),
            "source_author_type": _intercom_author(ticket.events[0].by),
            "_fivetran_active": "true",
        }
        for ticket, row in rows(desk)
    ]
    parts = [
        {
            "id": next(numbers),
            **SYNCED,
            "conversation_id": ticket.number,
            "author_id": person_id(event.by) or "0",
            "author_type": _intercom_author(event.by),
            "assigned_to_id": person_id(desk.people[event.value]) if event.kind == "assignee" and event.value else "",
            "assigned_to_type": "admin" if event.kind == "assignee" else "",
            "created_at": iso(event.at),
            "part_type": _intercom_part(event),
            "body": "…" if event.kind == "message" else "",
            "_fivetran_active": "true",
        }
        for ticket, event in told(desk, "message", "status", "assignee")
        if not _is_opening(ticket, event)
    ]
    admins = [person for person in desk.people.values() if person.role == "agent"]
    named = [{"id": person_id(one), **SYNCED, "name": one.name, "email": one.email} for one in admins]
    found = {"conversation_history": talks, "conversation_part_history": parts, "admin": named}
    return {f"{name}.csv": csv_of(table) for name, table in found.items()}


def _is_opening(ticket: Ticket, event: Event) -> bool:
    """The first message stands in the conversation itself, and its first state in no part."""
    first = next(one for one in ticket.events if one.kind == "message")
    return event is first or (event.kind == "status" and event.value in ("new", "open") and event.at == ticket.created)


def _intercom_author(person: Person) -> str:
    return {"customer": "user", "agent": "admin", "bot": "bot"}.get(person.role, "team")


def _intercom_part(event: Event) -> str:
    if event.kind == "message":
        return "comment" if event.public else "note"
    if event.kind == "assignee":
        return "assignment"
    return {"solved": "close", "closed": "close", "pending": "snoozed", "hold": "snoozed"}.get(
        event.value or "", "open"
    )


LAYOUTS = (
    Layout(
        write=intercom_tables,
        helpdesk="intercom_tables",
        silent=NO_RATINGS | NO_TAGS,
        otherwise={
            **dict.fromkeys(
                ("hold_time", "agent_wait_time", "requester_wait_time", "case_duration"), "every wait is called snoozed"
            ),
            **dict.fromkeys(("net_resolution_time", "agent_work_time"), "every wait is called snoozed"),
            **dict.fromkeys(("repeat_contact_rate", "first_contact_resolution"), "there is no category"),
            **dict.fromkeys(("transfer_rate", "bot_resolution_rate", *NO_LINES), "there are no groups and no lines"),
        },
        has_priority=False,
    ),
)

"""Gorgias: tickets with their messages and surveys, and these in files of their own."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from layouts.layout import BY_HISTORY, FLAT, NO_LINES, NO_REPLIES, NO_TAGS, OF_MESSAGES, ONLY_MESSAGES, Layout
from layouts.writing import DONE, Files, json_of, person_id, rated_at, rows
from supportkpi.demo.hours import instant
from supportkpi.demo.model import Desk, Event, Person, Ticket
from supportkpi.demo.summary import Summary

_CHANNELS = {
    "email": "email",
    "web": "contact_form",
    "chat": "chat",
    "messenger": "facebook-messenger",
    "phone": "phone",
}
_STARS = {"good": 5, "bad": 2}


def _at(minute: int | None) -> str | None:
    return None if minute is None else f"{instant(minute):%Y-%m-%dT%H:%M:%S+00:00}"


def _person(person: Person) -> dict[str, object]:
    return {"id": person_id(person) or 1, "email": person.email, "name": person.name, "firstname": "", "lastname": ""}


def _messages(ticket: Ticket, numbers: Iterator[int]) -> Iterator[dict[str, object]]:
    for event in ticket.events:
        if event.kind == "message":
            yield _message(ticket, event, next(numbers))


def _message(ticket: Ticket, event: Event, number: int) -> dict[str, object]:
    """A message; what no person wrote, a rule sent in the name of the shop."""
    is_ours, by_rule = event.by.role != "customer", event.by.role in ("bot", "system")
    return {
        "id": number,
        "uri": f"/api/tickets/{ticket.number}/messages/{number}/",
        "message_id": f"<{number}@example.com>",
        "ticket_id": ticket.number,
        "external_id": None,
        "public": event.public,
        "channel": _CHANNELS[ticket.channel] if event.public else "internal-note",
        "via": "rule" if by_rule else _CHANNELS[ticket.channel],
        "source": {"type": _CHANNELS[ticket.channel], "from": {}, "to": []},
        "sender": _person(event.by),
        "integration_id": 4,
        "rule_id": 77 if by_rule else None,
        "from_agent": is_ours,
        "receiver": None,
        "subject": "…",
        "body_text": "…",
        "stripped_text": "…",
        "created_datetime": _at(event.at),
        "sent_datetime": _at(event.at),
        "failed_datetime": None,
        "opened_datetime": None,
        "attachments": [],
    }


def _surveys(ticket: Ticket) -> list[dict[str, object]]:
    asked = rated_at(ticket)
    if asked is None:
        return []
    stars = _STARS.get(ticket.rating or "")
    return [
        {
            "id": 70_000 + ticket.number,
            "body_text": "…" if stars else None,
            "created_datetime": _at(asked),
            "customer_id": ticket.requester.number,
            "meta": None,
            "score": stars,
            "scored_datetime": _at(asked) if stars else None,
            "sent_datetime": _at(asked),
            "should_send_datetime": _at(asked),
            "ticket_id": ticket.number,
            "uri": f"/api/satisfaction-surveys/{70_000 + ticket.number}/",
        }
    ]


def _ticket(desk: Desk, ticket: Ticket, row: Summary) -> dict[str, object]:
    place = desk.words.groups.index(row.group) + 1
    return {
        "id": ticket.number,
        "uri": f"/api/tickets/{ticket.number}/",
        "external_id": None,
        "language": desk.words.lang,
        "status": "closed" if row.status in DONE else "open",
        "priority": {"urgent": "critical"}.get(row.priority, row.priority),
        "channel": _CHANNELS[ticket.channel],
        "via": _CHANNELS[ticket.channel],
        "from_agent": ticket.opener == "agent",
        "requester": _person(ticket.requester),
        "customer": _person(ticket.requester),
        "assignee_user": _person(row.assignee) if row.assignee else None,
        "assignee_team": {"id": place, "name": row.group, "decoration": {}},
        "subject": "…",
        "excerpt": "…",
        "integrations": [],
        "tags": [{"id": number, "name": name} for number, name in enumerate(ticket.tags)],
        "messages_count": sum(event.kind == "message" for event in ticket.events),
        "is_unread": False,
        "spam": row.status == "deleted",
        "created_datetime": _at(ticket.created),
        "opened_datetime": _at(row.first_reply),
        "last_received_message_datetime": None,
        "last_message_datetime": _at(row.updated),
        "updated_datetime": _at(row.updated),
        "closed_datetime": _at(row.solved),
        "snooze_datetime": None,
        "trashed_datetime": None,
        "meta": {},
    }


def _listed(found: list[dict[str, object]]) -> bytes:
    return json_of({"data": found, "object": "list", "meta": {"next_cursor": None, "prev_cursor": None}})


def gorgias_json(desk: Desk) -> Files:
    """Tickets, each with its messages and its survey."""
    numbers = count(1)
    found = [
        {
            **_ticket(desk, ticket, row),
            "messages": [*_messages(ticket, numbers)],
            "satisfaction_surveys": _surveys(ticket),
        }
        for ticket, row in rows(desk)
    ]
    return {"tickets.json": _listed(found)}


def gorgias_list(desk: Desk) -> Files:
    """Tickets as the interface lists them."""
    return {"tickets.json": _listed([_ticket(desk, ticket, row) for ticket, row in reversed(rows(desk))])}


def gorgias_apart(desk: Desk) -> Files:
    """Tickets, messages and surveys, each list in a file of its own."""
    numbers = count(1)
    messages = [one for ticket in desk.tickets for one in _messages(ticket, numbers)]
    surveys = [one for ticket in desk.tickets for one in _surveys(ticket)]
    return {**gorgias_list(desk), "messages.json": _listed(messages), "surveys.json": _listed(surveys)}


def gorgias_messages(desk: Desk) -> Files:
    """The messages alone."""
    numbers = count(1)
    return {"messages.json": _listed([one for ticket in desk.tickets for one in _messages(ticket, numbers)])}


_FATES = frozenset({"spam", "agent", "test"})
_STARRED = frozenset({"csat_mean"})
_UNTOLD = (BY_HISTORY | NO_LINES | {"requester_wait_time", "first_contact_resolution", "reopen_rate"}) - {
    "case_duration"
}
_UNSAID = {"bot_resolution_rate": "who closed a ticket is not told"}
_HERE = {"new": "open", "pending": "open", "hold": "open", "closed": "solved"}
_LACKS = frozenset({"category"})
LAYOUTS = (
    Layout(
        write=gorgias_json,
        helpdesk="gorgias_json",
        silent=_UNTOLD,
        otherwise=_UNSAID,
        states=_HERE,
        lacks=_LACKS,
        fates=_FATES,
        dates_ratings=True,
        beyond=_STARRED,
    ),
    Layout(
        write=gorgias_list,
        helpdesk="gorgias_json",
        silent=(FLAT | NO_REPLIES) - NO_TAGS,
        lacks=_LACKS,
        fates=_FATES,
    ),
    Layout(
        write=gorgias_apart,
        helpdesk="gorgias_json",
        beside=frozenset({"gorgias_messages", "gorgias_surveys"}),
        silent=_UNTOLD,
        otherwise=_UNSAID,
        states=_HERE,
        lacks=_LACKS,
        fates=_FATES,
        dates_ratings=True,
        beyond=_STARRED,
    ),
    Layout(
        write=gorgias_messages,
        helpdesk="gorgias_messages",
        silent=ONLY_MESSAGES,
        lacks=_LACKS,
        otherwise=OF_MESSAGES,
        has_priority=False,
    ),
)

"""Crisp: conversations with their messages, as the interface lists both."""

from __future__ import annotations

from collections.abc import Iterator

from layouts.layout import NO_LINES, NO_RATINGS, Layout
from layouts.writing import Files, account, json_of, rows, unix
from supportkpi.demo.model import Desk, Event, Ticket
from supportkpi.demo.summary import Summary

_STATES = {"new": "pending", "solved": "resolved", "closed": "resolved"}
_CODES = {"pending": 0, "unresolved": 1, "resolved": 2}
_ORIGINS = {
    "email": "email",
    "web": "email",
    "chat": "chat",
    "messenger": "urn:crisp.im:messenger:0",
    "phone": "urn:crisp.im:phone:0",
}


def _ms(at: int) -> int:
    return (unix(at) or 0) * 1000


def _session(ticket: Ticket) -> str:
    return f"session_00000000-0000-4000-8000-{ticket.number:012}"


def _state(word: str | None) -> str:
    return _STATES.get(word or "", "unresolved")


def _messages(ticket: Ticket) -> Iterator[dict[str, object]]:
    for place, event in enumerate(ticket.events):
        if event.kind == "message":
            yield _said(ticket, event, place) | {"type": "text" if event.public else "note", "content": "…"}
        elif event.kind == "status" and event.old and _state(event.old) != _state(event.value):
            told = {"namespace": f"state:{_state(event.value)}", "text": ""}
            yield _said(ticket, event, place) | {"type": "event", "content": told}


def _said(ticket: Ticket, event: Event, place: int) -> dict[str, object]:
    person = event.by
    by_machine = {"automated": True} if person.role in ("bot", "system") else {}
    return {
        "session_id": _session(ticket),
        "website_id": "8c842203-7ed8-4e29-a608-7cf78a7d2fcc",
        "from": "user" if person.role == "customer" else "operator",
        "origin": _ORIGINS[ticket.channel],
        "stamped": True,
        "read": "chat",
        "edited": False,
        "translated": False,
        **by_machine,
        "timestamp": _ms(event.at),
        "fingerprint": ticket.number * 1000 + place,
        "user": {"user_id": account(person), "nickname": person.name, "type": "website"},
    }


def _conversation(desk: Desk, ticket: Ticket, row: Summary) -> dict[str, object]:
    person, state = ticket.requester, _state(row.status)
    return {
        "session_id": _session(ticket),
        "website_id": "8c842203-7ed8-4e29-a608-7cf78a7d2fcc",
        "inbox_id": f"inbox-{desk.words.groups.index(row.group)}",
        "people_id": account(person),
        "state": state,
        "status": _CODES[state],
        "is_verified": False,
        "is_blocked": False,
        "availability": "offline",
        "active": {"now": False, "last": _ms(row.updated)},
        "last_message": "…",
        "preview_message": {"type": "text", "from": "operator", "excerpt": "…", "fingerprint": 1},
        "topic": "…",
        "participants": [],
        "mentions": [],
        "compose": {"operator": {}, "visitor": {}},
        "unread": {"operator": 0, "visitor": 0},
        "assigned": {"user_id": account(row.assignee)} if row.assignee else {},
        "meta": {
            "nickname": person.name,
            "email": person.email,
            "phone": "",
            "ip": "",
            "avatar": None,
            "subject": "…",
            "origin": _ORIGINS[ticket.channel],
            "data": {},
            "segments": list(ticket.tags),
        },
        "created_at": _ms(ticket.created),
        "updated_at": _ms(row.updated),
        "waiting_since": None,
    }


def crisp_json(desk: Desk) -> Files:
    """Conversations with their messages inside."""
    found = [
        {**_conversation(desk, ticket, row), "messages": [*_messages(ticket)]} for ticket, row in reversed(rows(desk))
    ]
    return {"conversations.json": json_of({"error": False, "reason": "listed", "data": found})}


def crisp_apart(desk: Desk) -> Files:
    """Conversations, and the messages of all of them in a file of their own."""
    found = [_conversation(desk, ticket, row) for ticket, row in reversed(rows(desk))]
    said = [one for ticket in desk.tickets for one in _messages(ticket)]
    return {
        "conversations.json": json_of({"error": False, "reason": "listed", "data": found}),
        "messages.json": json_of({"error": False, "reason": "listed", "data": said}),
    }


_SILENT = NO_RATINGS | NO_LINES | {"transfer_rate"}
_STATES_HERE = {"pending": "open", "hold": "open", "closed": "solved"}
LAYOUTS = tuple(
    Layout(
        write=write,
        helpdesk="crisp_json",
        silent=_SILENT,
        states=_STATES_HERE,
        lacks=frozenset({"category"}),
        otherwise={"first_contact_resolution": "that it was passed up is not told"},
        has_priority=False,
        fates=frozenset({"agent", "test"}),
    )
    for write in (crisp_json, crisp_apart)
)

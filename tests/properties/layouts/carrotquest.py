"""Carrot quest (Dashly): conversations as its interface lists them, with their parts and without."""

from __future__ import annotations

from itertools import count

from layouts.layout import FLAT, NO_LINES, NO_RATINGS, NO_REPLIES, NO_TAGS, Layout
from layouts.writing import Files, account, json_of, person_id, rows
from supportkpi.demo.model import Desk, Event, Person, Ticket
from supportkpi.demo.summary import Summary

_TYPES = {"email": "email", "chat": "popup_chat", "messenger": "popup_chat", "web": "popup_big", "phone": "popup_small"}


def _person(person: Person) -> dict[str, object]:
    if person.role == "customer":
        return {"id": str(person.number), "type": "user"}
    if person.role == "agent":
        return {"id": person_id(person), "name": person.name, "type": "admin", "avatar": ""}
    return {"id": account(person), "name": account(person), "type": "admin"}


def _part(ticket: Ticket, event: Event, number: int, desk: Desk) -> dict[str, object] | None:
    if event.kind == "message":
        sort = "note" if not event.public else "reply_user" if event.by.role == "customer" else "reply_admin"
    elif event.kind == "status" and event.value == "solved":
        sort = "closed"
    elif event.kind == "status" and event.old == "solved" and event.value != "closed":
        sort = "opened"
    else:
        sort = "assigned" if event.kind == "assignee" else ""
    if not sort:
        return None
    return {
        "id": str(number),
        "created": event.at * 60,
        "conversation": str(ticket.number),
        "body": "…",
        "type": sort,
        "sent_via": {"customer": "web_user", "agent": "web_panel"}.get(event.by.role, "message_auto"),
        "from": _person(event.by),
        "first": False,
        "read": None,
        **({"assignee": _person(desk.people[event.value])} if sort == "assigned" and event.value else {}),
    }


def _talks(desk: Desk) -> list[tuple[dict[str, object], list[dict[str, object]]]]:
    """The conversations, each with its parts."""
    numbers, found = count(70_001), []
    for ticket, row in rows(desk):
        told = [part for event in ticket.events if (part := _part(ticket, event, next(numbers), desk))]
        found.append((_talk(ticket, row, told), told))
    return found


def _talk(ticket: Ticket, row: Summary, told: list[dict[str, object]]) -> dict[str, object]:
    return {
        "id": str(ticket.number),
        "created": ticket.created * 60,
        "read": None,
        "replied": None,
        "clicked": None,
        "unsubscribed": False,
        "closed": row.status in ("solved", "closed"),
        "message": None,
        "type": _TYPES[ticket.channel],
        "reply_type": "text",
        "user": {"id": str(ticket.requester.number)},
        "part_last": told[-1],
        "parts_count": len(told),
        "assignee": _person(row.assignee) if row.assignee else None,
        "unread_parts_count": 0,
        "last_admin": _person(row.assignee) if row.assignee else None,
        "last_update": row.updated * 60,
        "tags": list(ticket.tags),
    }


def _page(data: list[dict[str, object]]) -> bytes:
    return json_of({"data": data, "meta": {"next_after": None, "status": 200}})


def carrotquest_json(desk: Desk) -> Files:
    """Conversations, each with all its parts."""
    return {"conversations.json": _page([{**talk, "parts": told} for talk, told in _talks(desk)])}


def carrotquest_parts(desk: Desk) -> Files:
    """Conversations, and the parts of all of them in a file of their own."""
    talks = _talks(desk)
    parts = [part for _, told in talks for part in told]
    return {"conversations.json": _page([talk for talk, _ in talks]), "parts.json": _page(parts)}


def carrotquest_list(desk: Desk) -> Files:
    """Conversations as they are listed: nothing says when one was closed."""
    return {"conversations.json": _page([talk for talk, _ in _talks(desk)])}


_OWN = {"new": "open", "pending": "open", "hold": "open", "closed": "solved"}
_LACKS = frozenset({"category"})
_PARTS = {
    "transfer_rate": "there are no groups",
    "first_contact_resolution": "whatever is no e-mail is a pop-up of the site: a messenger is not told from it",
}
_UNTOLD = NO_RATINGS | NO_LINES
LAYOUTS = (
    Layout(
        write=carrotquest_json,
        helpdesk="carrotquest_json",
        silent=_UNTOLD,
        states=_OWN,
        lacks=_LACKS,
        otherwise=_PARTS,
        has_priority=False,
        fates=frozenset({"agent"}),
    ),
    Layout(
        write=carrotquest_parts,
        helpdesk="carrotquest_json",
        silent=_UNTOLD,
        states=_OWN,
        lacks=_LACKS,
        otherwise=_PARTS,
        has_priority=False,
        fates=frozenset({"agent"}),
    ),
    Layout(
        write=carrotquest_list,
        helpdesk="carrotquest_json",
        silent=FLAT - NO_TAGS | NO_REPLIES | {"closure_ratio", "repeat_contact_rate", "resolution_time"},
        lacks=_LACKS,
        has_priority=False,
    ),
)

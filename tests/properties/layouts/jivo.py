"""Jivo: chats as its webhook tells them, an object a chat."""

from __future__ import annotations

from layouts.layout import FLAT, NO_RATINGS, OF_MESSAGES, Layout
from layouts.writing import Files, json_of, person_id, rows, unix
from supportkpi.demo.model import Desk, Ticket
from supportkpi.demo.summary import DONE

_SPEAKERS = {"customer": "visitor", "agent": "agent", "bot": "bot"}


def _messages(ticket: Ticket) -> list[dict[str, object]]:
    """What both sides wrote; a chat has no notes, and the system says nothing in it."""
    return [
        {
            "message": "…",
            "timestamp": unix(event.at),
            "type": _SPEAKERS[event.by.role],
            **({"agent_id": person_id(event.by)} if event.by.role == "agent" else {}),
        }
        for event in ticket.events
        if event.kind == "message" and event.public and event.by.role in _SPEAKERS
    ]


def jivo_json(desk: Desk) -> Files:
    """The last event of each chat, a line each: finished ones, and those that still go on."""
    found = []
    for ticket, row in rows(desk):
        owner = row.assignee
        chat = {
            "event_name": "chat_finished" if row.status in DONE else "chat_updated",
            "widget_id": "3948",
            "user_token": None,
            "visitor": {"name": "…", "email": ticket.requester.email, "number": str(ticket.requester.number)},
            "organization": {"name": ticket.requester.organization} if ticket.requester.organization else None,
            "chat_id": ticket.number,
            "topic": {"title": desk.words.categories[ticket.category]},
            "agents": [{"id": str(person_id(owner)), "name": owner.name, "email": owner.email}] if owner else [],
            "chat": {
                "messages": _messages(ticket),
                "blacklisted": False,
                "rate": {"good": "positive", "bad": "negative"}.get(ticket.rating or ""),
            },
            "department": {"id": desk.words.groups.index(row.group), "name": row.group} if row.group else None,
        }
        found.append(json_of(chat))
    return {"chats.ndjson": b"\n".join(found) + b"\n"}


_MARKED = NO_RATINGS | {"next_response_time", "case_duration", "bot_resolution_rate"}
_UNDATED = dict.fromkeys(
    ("csat", "resolution_time", "backlog_age"), "when a chat was ended is not told: what belongs to that day moves"
)
LAYOUTS = (
    Layout(
        write=jivo_json,
        helpdesk="jivo_json",
        silent=FLAT - _MARKED | {"closure_ratio", "repeat_contact_rate", "resolution_time"},
        lacks=frozenset({"offer"}),
        otherwise={
            **OF_MESSAGES,
            **_UNDATED,
            "bot_resolution_rate": "who ended a chat is not told: those counts differ",
        },
        has_priority=False,
    ),
)

"""Kustomer: conversations as its interface lists them."""

from __future__ import annotations

import re

from layouts.layout import FLAT, Layout
from layouts.writing import Files, account, endings, json_of, rows
from supportkpi.demo.hours import instant
from supportkpi.demo.model import Desk, Ticket
from supportkpi.demo.summary import Summary

_STATUSES = {"pending": "snoozed", "hold": "snoozed", "solved": "done", "closed": "done"}
_PRIORITIES = {"urgent": 5, "high": 4, "normal": 3, "low": 2}
_CHANNELS = {"email": "email", "web": "form", "chat": "chat", "messenger": "whatsapp", "phone": "voice"}


def _at(minute: int | None) -> str | None:
    return None if minute is None else f"{instant(minute):%Y-%m-%dT%H:%M:%S.000Z}"


def _moment(ticket: Ticket, minute: int | None) -> dict[str, object] | None:
    """An instant with the milliseconds until then."""
    if minute is None:
        return None
    took = (minute - ticket.created) * 60_000
    return {"createdAt": _at(minute), "time": took, "businessTime": took, "lastMessageAt": _at(minute)}


def _attributes(desk: Desk, ticket: Ticket, row: Summary) -> dict[str, object]:
    ends = endings(ticket)
    return {
        "name": "…",
        "channels": [_CHANNELS[ticket.channel]],
        "status": _STATUSES.get(row.status, "open"),
        "messageCount": sum(event.kind == "message" and bool(event.public) for event in ticket.events),
        "noteCount": sum(event.kind == "message" and not event.public for event in ticket.events),
        "satisfaction": 0,
        "satisfactionLevel": {"sentByTeams": [], "answers": []},
        "createdAt": _at(ticket.created),
        "importedAt": None,
        "modifiedAt": _at(row.updated),
        "updatedAt": _at(row.updated),
        "lastActivityAt": _at(row.updated),
        "spam": row.status == "deleted",
        "ended": False,
        "tags": [],
        "assignedUsers": [account(row.assignee)] if row.assignee else [],
        "assignedTeams": [f"team-{desk.words.groups.index(row.group)}"],
        "firstResponse": _moment(ticket, row.first_reply),
        "firstDone": _moment(ticket, ends[0] if ends else None),
        "lastDone": _moment(ticket, ends[-1] if ends else None),
        "reopenCount": row.reopens,
        "doneCount": len(ends),
        "direction": "out" if ticket.opener == "agent" else "in",
        "outboundMessageCount": row.replies,
        "totalOpen": {"time": 0, "businessTime": 0},
        "priority": _PRIORITIES[row.priority],
        "queue": {"id": "q1", "name": row.group},
        "defaultLang": "en_us",
        "rev": 1,
    }


def kustomer_mirror(desk: Desk) -> Files:
    """Conversations as a mirror of the interface keeps them: flat, under names in small letters."""
    found = [_mirrored(desk, ticket, row) for ticket, row in rows(desk)]
    return {"conversations.json": json_of({"data": found})}


def _mirrored(desk: Desk, ticket: Ticket, row: Summary) -> dict[str, object]:
    told = {_small(key): value for key, value in _attributes(desk, ticket, row).items()}
    for key in ("first_response", "first_done", "last_done"):
        moment = told[key]
        told[key] = {_small(name): value for name, value in moment.items()} if isinstance(moment, dict) else None
    return {"id": f"{ticket.number:024x}", "customer_id": account(ticket.requester), "queue_name": row.group, **told}


def _small(name: str) -> str:
    return re.sub("([A-Z])", r"_\1", name).lower()


def kustomer_json(desk: Desk) -> Files:
    """Conversations of the interface, newest first."""
    found = [
        {
            "type": "conversation",
            "id": f"{ticket.number:024x}",
            "attributes": _attributes(desk, ticket, row),
            "relationships": {
                "org": {"data": {"type": "org", "id": "o1"}},
                "customer": {"data": {"type": "customer", "id": account(ticket.requester)}},
                "messages": {"links": {"self": "…"}},
            },
            "links": {"self": f"/v1/conversations/{ticket.number:024x}"},
        }
        for ticket, row in reversed(rows(desk))
    ]
    return {"conversations.json": json_of({"meta": {"page": 1, "pageSize": len(found)}, "data": found})}


_SILENT = FLAT - {"first_resolution_time", "reopen_rate"} | {"one_touch", "replies_per_ticket"}
_FATES = frozenset({"spam", "agent", "test"})
LAYOUTS = tuple(
    Layout(
        write=write,
        helpdesk="kustomer_json",
        silent=_SILENT,
        lacks=frozenset({"category"}),
        has_priority=False,
        fates=_FATES,
    )
    for write in (kustomer_json, kustomer_mirror)
)

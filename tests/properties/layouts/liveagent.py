"""LiveAgent: tickets of version 3 of the interface, copied to a table and as JSON with their messages."""

from __future__ import annotations

from collections.abc import Iterator

from layouts.layout import FLAT, NO_REPLIES, NO_TAGS, Layout
from layouts.writing import Files, account, csv_of, json_of, rows, wall
from supportkpi.demo.model import Desk, Event, Ticket
from supportkpi.demo.summary import Summary

_STATUSES = {"new": "N", "open": "C", "pending": "A", "hold": "W", "solved": "R", "closed": "L", "deleted": "B"}
_CHANNELS = {"email": "E", "web": "M", "chat": "B", "messenger": "A", "phone": "C"}
_NOTE, _LETTER, _ANSWER = "I", "3", "4"


def _ticket(desk: Desk, ticket: Ticket, row: Summary) -> dict[str, object]:
    return {
        "id": f"t{ticket.number}",
        "owner_contactid": account(ticket.requester),
        "owner_email": ticket.requester.email,
        "owner_name": ticket.requester.name,
        "departmentid": f"dep{desk.words.groups.index(row.group)}",
        "agentid": account(row.assignee),
        "status": _STATUSES[row.status],
        "tags": ticket.tags,
        "code": f"ABC-{ticket.number}",
        "channel_type": _CHANNELS[ticket.channel],
        "date_created": wall(desk, ticket.created),
        "date_changed": wall(desk, row.updated),
        "date_resolved": wall(desk, row.solved),
        "date_due": "",
        "date_deleted": "",
        "last_activity": wall(desk, row.updated),
        "last_activity_public": wall(desk, row.updated),
        "public_access_urlcode": f"x{ticket.number}",
        "subject": "…",
        "custom_fields": "",
    }


def liveagent_csv(desk: Desk) -> Files:
    """The tickets in a table, on the account's own clock."""
    table = [{**_ticket(desk, ticket, row), "tags": ",".join(ticket.tags)} for ticket, row in rows(desk)]
    return {"tickets.csv": csv_of(table)}


def _groups(desk: Desk, ticket: Ticket) -> Iterator[dict[str, object]]:
    """Groups of messages: a letter, an answer, a note; a resolution holds none."""
    for place, event in enumerate(ticket.events):
        sort = _sort(event)
        if sort is None:
            continue
        number, at = f"{ticket.number}{place:02}", wall(desk, event.at)
        part = {"id": f"m{number}", "userid": account(event.by), "type": "M", "datecreated": at, "format": "T"}
        yield {
            "id": f"g{number}",
            "parent_id": None,
            "userid": account(event.by),
            "user_full_name": "…",
            "type": sort,
            "status": "V",
            "datecreated": at,
            "datefinished": at,
            "sort_order": place,
            "mail_msg_id": None,
            "pop3_msg_id": None,
            "messages": [] if sort == "R" else [{**part, "message": "…", "visibility": "A"}],
        }


def _sort(event: Event) -> str | None:
    if event.kind == "message":
        return _NOTE if not event.public else _LETTER if event.by.role == "customer" else _ANSWER
    return "R" if event.kind == "status" and event.value == "solved" else None


def liveagent_json(desk: Desk) -> Files:
    """The tickets as a bare list, each with the groups of its messages."""
    found = [
        {
            **{key: value or None for key, value in _ticket(desk, ticket, row).items()},
            "tags": list(ticket.tags),
            "messages": [*_groups(desk, ticket)],
        }
        for ticket, row in rows(desk)
    ]
    return {"tickets.json": json_of(found)}


_LACKS = frozenset({"category"})
_TOLD = {"bot_resolution_rate", "case_duration", "next_response_time"}
LAYOUTS = (
    Layout(
        write=liveagent_csv,
        helpdesk="liveagent",
        silent=(FLAT | NO_REPLIES) - NO_TAGS,
        lacks=_LACKS,
        is_local=True,
        fates=frozenset({"spam", "test"}),
        has_priority=False,
    ),
    Layout(
        write=liveagent_json,
        helpdesk="liveagent_json",
        silent=FLAT - NO_TAGS - _TOLD,
        lacks=_LACKS,
        otherwise={
            "bot_resolution_rate": "who resolved a ticket is not told",
            "case_duration": "when it was closed is not told",
        },
        is_local=True,
        fates=frozenset({"spam", "test"}),
        has_priority=False,
    ),
)

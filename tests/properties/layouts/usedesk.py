"""Usedesk: tickets with their comments, in them and in a file of their own, and as they are listed."""

from __future__ import annotations

from itertools import count

from layouts.layout import FLAT, NO_REPLIES, NO_TAGS, Layout
from layouts.writing import Files, companies, json_of, person_id, rows, wall
from supportkpi.demo.model import Desk, Event, Ticket
from supportkpi.demo.summary import Summary

_STATUSES = {"new": "8", "open": "1", "pending": "6", "hold": "5", "solved": "2", "closed": "3", "deleted": "4"}
_LEFT = {"spam": "7", "merged": "10"}
_PRIORITIES = {"low": "low", "normal": "medium", "high": "urgent", "urgent": "urgent"}


def _ticket(ticket: Ticket, row: Summary, desk: Desk) -> dict[str, object]:
    return {
        "id": str(ticket.number),
        "status_id": _LEFT.get(ticket.exclusion or "", _STATUSES[row.status]),
        "subject": "A question",
        "client_id": str(ticket.requester.number),
        "assignee_id": str(person_id(row.assignee) or 0),
        "group": str(desk.words.groups.index(row.group) + 1),
        "last_updated_at": wall(desk, row.updated),
        "email": "0",
        "published_at": wall(desk, ticket.created),
        "company_id": str(companies(desk).get(ticket.requester.organization or "", 0)),
        "channel_email": "help@example.com",
        "last_comment": "…",
        "channel_id": {"email": "101", "web": "102"}.get(ticket.channel, "103"),
        "type": desk.words.categories[ticket.category],
        "priority": _PRIORITIES[row.priority],
        "tags": ", ".join(ticket.tags),
    }


def _comment(ticket: Ticket, event: Event, number: int, desk: Desk) -> dict[str, object]:
    by_client, by_agent = event.by.role == "customer", event.by.role == "agent"
    return {
        "id": str(number),
        "ticket_id": str(ticket.number),
        "message": "…",
        "from": {"customer": "client", "agent": "user"}.get(event.by.role, "trigger"),
        "type": "public" if event.public else "private",
        "published_at": wall(desk, event.at),
        "user_id": str(person_id(event.by)) if by_agent else "0",
        "client_id": str(event.by.number) if by_client else "0",
        "trigger_id": "0" if by_client or by_agent else "77",
        "files": [],
    }


def _tickets(desk: Desk) -> list[tuple[dict[str, object], list[dict[str, object]]]]:
    numbers, found = count(500_001), []
    for ticket, row in reversed(rows(desk)):
        said = [event for event in ticket.events if event.kind == "message"]
        comments = [_comment(ticket, event, next(numbers), desk) for event in said]
        found.append((_ticket(ticket, row, desk), comments[::-1]))
    return found


def usedesk_json(desk: Desk) -> Files:
    """Tickets, each with its comments, the newest first."""
    return {"tickets.json": json_of([{**ticket, "comments": said} for ticket, said in _tickets(desk)])}


def usedesk_comments(desk: Desk) -> Files:
    """Tickets, and the comments of all of them in a file of their own."""
    told = _tickets(desk)
    said = [comment for _, comments in told for comment in comments]
    return {"tickets.json": json_of([ticket for ticket, _ in told]), "comments.json": json_of(said)}


def usedesk_list(desk: Desk) -> Files:
    """Tickets as they are listed: nothing says when one was answered or solved."""
    return {"tickets.json": json_of([ticket for ticket, _ in _tickets(desk)])}


_NO_END = {"closure_ratio", "repeat_contact_rate", "resolution_time"}
_SAID = frozenset({"bot_resolution_rate", "case_duration", "next_response_time"})
LAYOUTS = (
    *(
        Layout(
            write=write,
            helpdesk="usedesk_json",
            silent=FLAT - NO_TAGS - _SAID | _NO_END,
            otherwise={
                "bot_resolution_rate": "who solved a ticket is not told",
                "case_duration": "the last comment is the last that is told",
            },
            fates=frozenset({*_LEFT, "agent"}),
            has_priority=False,
            is_local=True,
        )
        for write in (usedesk_json, usedesk_comments)
    ),
    Layout(
        write=usedesk_list,
        helpdesk="usedesk_json",
        silent=FLAT - NO_TAGS | NO_REPLIES | _NO_END,
        fates=frozenset(_LEFT),
        has_priority=False,
        is_local=True,
    ),
)

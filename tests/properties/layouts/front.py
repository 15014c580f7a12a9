"""Front: the analytics export of messages, and conversations as the interface lists them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from layouts.layout import BY_HISTORY, NO_LINES, NO_RATINGS, Layout
from layouts.writing import DONE, Files, account, csv_of, iso, json_of, rows, told, unix
from supportkpi.demo.model import Desk, Event, Person, Ticket
from supportkpi.demo.summary import Summary

_CATEGORIES = {"new": "Open", "open": "Open", "pending": "Waiting", "hold": "Waiting"}


def _called(ticket: Ticket) -> str:
    return f"cnv_{ticket.number:x}"


def front_messages(desk: Desk) -> Files:
    """Analytics > Export > Messages: a row a message, in the order in which they were sent."""
    stood = {ticket.number: row for ticket, row in rows(desk)}
    numbers = count(1)
    table = []
    for ticket, event in told(desk, "message"):
        if event.public:
            table.append(_line(ticket, event, stood[ticket.number], next(numbers)))
    return {"messages.csv": csv_of(table)}


def _line(ticket: Ticket, event: Event, row: Summary, number: int) -> dict[str, object]:
    is_ours, is_person = event.by.role != "customer", event.by.role == "agent"
    return {
        "Message ID": f"msg_{number:x}",
        "Segment ID": f"seg_{ticket.number:x}",
        "Conversation ID": _called(ticket),
        "Ticket IDs": "",
        "Segment": 1,
        "Direction": "Outbound" if is_ours else "Inbound",
        "Status": "Archived" if row.status in DONE else "Open",
        "Inbox": row.group,
        "Message date": iso(event.at),
        "Autoreply": "true" if is_ours and not is_person else "false",
        "Reaction time": "",
        "Total reply time": "",
        "Handle time": "",
        "Response time": "",
        "Attributed to": event.by.name if is_person else "",
        "Assignee": row.assignee.name if row.assignee else "",
        "Author": event.by.name if is_person else "",
        "Contact name": ticket.requester.name,
        "Contact handle": ticket.requester.email,
        "Account names": ticket.requester.organization or "",
        "From": "",
        "To": "",
        "Extract": "…",
        "Tags": ", ".join(ticket.tags),
        "Subject": "…",
        "Segment start": iso(ticket.created),
        "Ticket status name": _CATEGORIES.get(row.status, "Resolved"),
        "Ticket status category": _CATEGORIES.get(row.status, "Resolved"),
    }


def _teammate(person: Person) -> dict[str, object]:
    return {"id": f"tea_{person.number:x}", "username": account(person), "email": person.email, "is_blocked": False}


def _related(ticket: Ticket) -> dict[str, object]:
    return {"related": {"conversation": f"https://desk.api.example.com/conversations/{_called(ticket)}"}}


def _messages(ticket: Ticket, numbers: Iterator[int]) -> Iterator[dict[str, object]]:
    """What was sent and received, newest first; what a rule sent has no author."""
    for event in reversed(ticket.events):
        if event.kind == "message" and event.public:
            yield {
                "_links": _related(ticket),
                "id": f"msg_{next(numbers):x}",
                "type": "email",
                "is_inbound": event.by.role == "customer",
                "is_draft": False,
                "created_at": unix(event.at),
                "blurb": "…",
                "body": "…",
                "text": "…",
                "error_type": None,
                "author": _teammate(event.by) if event.by.role == "agent" else None,
                "recipients": [],
                "attachments": [],
                "metadata": {},
            }


def _comments(ticket: Ticket) -> Iterator[dict[str, object]]:
    for place, event in enumerate(ticket.events):
        if event.kind == "message" and not event.public:
            yield {
                "_links": _related(ticket),
                "id": f"com_{ticket.number:x}{place:x}",
                "author": _teammate(event.by),
                "body": "…",
                "posted_at": unix(event.at),
                "attachments": [],
            }


def _turn(event: Event) -> str | None:
    """Front's word for a change: done is archived, and what is put off is no change of the status."""
    if event.kind == "assignee":
        return "assign"
    if event.value == "deleted":
        return "trash"
    was, now = event.old in DONE, event.value in DONE
    return None if event.kind != "status" or was == now else "archive" if now else "reopen"


def _events(desk: Desk, ticket: Ticket) -> Iterator[dict[str, object]]:
    for place, event in reversed([*enumerate(ticket.events)]):
        turn = _turn(event)
        if turn is None:
            continue
        source = {"_meta": {"type": "teammate"}, "data": _teammate(event.by)}
        given = _teammate(desk.people[event.value]) if turn == "assign" and event.value else None
        yield {
            "_links": {"self": "https://desk.api.example.com/events"},
            "id": f"evt_{ticket.number:x}{place:x}",
            "type": turn,
            "emitted_at": unix(event.at),
            "conversation": {"id": _called(ticket), "subject": "…"},
            "source": source if event.by.role == "agent" else {"_meta": {"type": "rule"}, "data": {"id": "rul_1"}},
            "target": given and {"_meta": {"type": "teammate"}, "data": given},
        }


def _conversation(ticket: Ticket, row: Summary) -> dict[str, object]:
    status = (
        "deleted"
        if row.status == "deleted"
        else "archived"
        if row.status in DONE
        else "assigned"
        if row.assignee
        else "unassigned"
    )
    return {
        "_links": {"self": "…", "related": {"messages": "…", "comments": "…", "events": "…"}},
        "id": _called(ticket),
        "subject": "…",
        "status": status,
        "status_category": {"Open": "open", "Waiting": "waiting"}.get(_CATEGORIES.get(row.status, ""), "resolved"),
        "ticket_ids": [],
        "assignee": _teammate(row.assignee) if row.assignee else None,
        "recipient": {"_links": {}, "name": "…", "handle": ticket.requester.email, "role": "from"},
        "tags": [{"id": "tag_1", "name": tag, "is_private": False} for tag in ticket.tags],
        "links": [],
        "custom_fields": {},
        "created_at": unix(ticket.created),
        "is_private": False,
        "scheduled_reminders": [],
        "metadata": {},
    }


def _answer(found: list[dict[str, object]]) -> bytes:
    return json_of({"_pagination": {"next": None}, "_links": {"self": "…"}, "_results": found})


def front_json(desk: Desk) -> Files:
    """Conversations, each with its messages, comments and events."""
    numbers = count(1)
    found = [
        {
            **_conversation(ticket, row),
            "messages": [*_messages(ticket, numbers)],
            "comments": [*_comments(ticket)],
            "events": [*_events(desk, ticket)],
        }
        for ticket, row in reversed(rows(desk))
    ]
    return {"conversations.json": _answer(found)}


def front_apart(desk: Desk) -> Files:
    """Conversations, and messages, comments and events of all of them in files of their own."""
    numbers = count(1)
    lists = {
        "messages": [one for ticket in desk.tickets for one in _messages(ticket, numbers)],
        "comments": [one for ticket in desk.tickets for one in _comments(ticket)],
        "events": [one for ticket in desk.tickets for one in _events(desk, ticket)],
    }
    files = {f"{name}.json": _answer(found) for name, found in lists.items()}
    return {"conversations.json": _answer([_conversation(ticket, row) for ticket, row in rows(desk)]), **files}


_UNSAID = {
    "transfer_rate": "there are no groups",
}
_HERE = {"new": "open", "pending": "open", "hold": "open", "solved": "closed"}
_LACKS = frozenset({"category", "channel"})
_OF_MESSAGES = {
    "bot_resolution_rate": "who archived it is not told",
    "case_duration": "it ends with the last message",
}
_TOLD = NO_RATINGS | NO_LINES
LAYOUTS = (
    Layout(
        write=front_messages,
        helpdesk="front_messages",
        silent=_TOLD
        | (BY_HISTORY - {"case_duration"})
        | {"requester_wait_time", "first_contact_resolution", "reopen_rate", "repeat_contact_rate"}
        | {"closure_ratio", "resolution_time"},
        lacks=_LACKS,
        otherwise=_OF_MESSAGES,
        has_priority=False,
    ),
    Layout(
        write=front_json,
        helpdesk="front_json",
        silent=_TOLD,
        otherwise=_UNSAID,
        states=_HERE,
        lacks=_LACKS,
        has_priority=False,
        fates=frozenset({"spam", "agent", "test"}),
    ),
    Layout(
        write=front_apart,
        helpdesk="front_json",
        silent=_TOLD,
        otherwise=_UNSAID,
        states=_HERE,
        lacks=_LACKS,
        has_priority=False,
        fates=frozenset({"spam", "agent", "test"}),
    ),
)

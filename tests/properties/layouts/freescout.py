"""FreeScout: conversations with their threads, as the interface of its module lists them."""

from __future__ import annotations

from collections.abc import Iterator

from layouts.layout import NO_LINES, NO_RATINGS, Layout
from layouts.writing import Files, account, json_of, rows, zulu
from supportkpi.demo.model import Desk, Event, Person, Ticket
from supportkpi.demo.summary import Summary

_STATUSES = {"pending": "pending", "hold": "pending", "solved": "closed", "closed": "closed", "deleted": "spam"}
_TYPES = {"phone": "phone", "chat": "chat", "messenger": "chat"}


def _person(person: Person | None) -> dict[str, object] | None:
    if person is None:
        return None
    sort = "customer" if person.role == "customer" else "user"
    return {
        "id": account(person),
        "type": sort,
        "firstName": "…",
        "lastName": "…",
        "photoUrl": "",
        "email": person.email,
    }


def _threads(desk: Desk, ticket: Ticket) -> Iterator[dict[str, object]]:
    """What was said with the status as it was then, and a line for each change; oldest first."""
    status, agent = "active", None
    for place, event in enumerate(ticket.events):
        if event.kind == "message":
            sort = "note" if not event.public else "customer" if event.by.role == "customer" else "message"
            yield _thread(ticket, event, place, agent) | {"type": sort, "status": status, "body": "…"}
        elif event.kind == "assignee" and event.value:
            agent = desk.people[event.value]
            line = {"type": "lineitem", "status": "nochange", "body": "", "action": _action("changed-ticket-assignee")}
            yield _thread(ticket, event, place, agent) | line
        elif event.kind == "status" and _STATUSES.get(event.value or "", "active") != status:
            status = _STATUSES.get(event.value or "", "active")
            line = {"type": "lineitem", "status": status, "body": "", "action": _action("changed-ticket-status")}
            yield _thread(ticket, event, place, agent) | line


def _action(sort: str) -> dict[str, object]:
    return {"type": sort, "text": "…", "associatedEntities": []}


def _thread(ticket: Ticket, event: Event, place: int, agent: Person | None) -> dict[str, object]:
    via = "customer" if event.by.role == "customer" else "user"
    return {
        "id": ticket.number * 100 + place,
        "state": "published",
        "action": {"type": "", "text": "", "associatedEntities": []},
        "source": {"type": "email", "via": via},
        "customer": _person(ticket.requester),
        "createdBy": _person(event.by),
        "assignedTo": _person(agent),
        "to": [],
        "cc": [],
        "bcc": [],
        "createdAt": zulu(event.at),
        "openedAt": None,
        "_embedded": {"attachments": []},
    }


def _tags(ticket: Ticket) -> Iterator[dict[str, object]]:
    yield from ({"id": place, "name": tag, "counter": 1} for place, tag in enumerate(ticket.tags))


def _conversation(desk: Desk, ticket: Ticket, row: Summary) -> dict[str, object]:
    threads = [*_threads(desk, ticket)]
    return {
        "id": ticket.number,
        "number": ticket.number - 10_000,
        "threadsCount": sum(one["type"] != "lineitem" for one in threads),
        "type": _TYPES.get(ticket.channel, "email"),
        "folderId": 11,
        "status": _STATUSES.get(row.status, "active"),
        "state": "published",
        "subject": "…",
        "preview": "…",
        "mailboxId": desk.words.groups.index(row.group) + 1,
        "assignee": _person(row.assignee),
        "createdBy": _person(ticket.events[0].by),
        "createdAt": zulu(ticket.created),
        "updatedAt": zulu(row.updated),
        "closedBy": None,
        "closedByUser": None,
        "closedAt": zulu(row.solved),
        "userUpdatedAt": zulu(row.updated),
        "customerWaitingSince": {"time": zulu(row.updated), "friendly": "…", "latestReplyFrom": "customer"},
        "source": {"type": "email", "via": "user" if ticket.opener == "agent" else "customer"},
        "cc": [],
        "bcc": [],
        "customer": _person(ticket.requester),
        "customFields": [
            {"id": 37, "name": "Category", "value": "1", "text": desk.words.categories[ticket.category]},
        ],
        "_embedded": {"threads": threads[::-1], "timelogs": [], "tags": [*_tags(ticket)]},
    }


def freescout_json(desk: Desk) -> Files:
    """Conversations with their threads, newest first."""
    found = [_conversation(desk, ticket, row) for ticket, row in reversed(rows(desk))]
    page = {"size": 50, "totalElements": len(found), "totalPages": 1, "number": 1}
    return {"conversations.json": json_of({"_embedded": {"conversations": found}, "page": page})}


LAYOUTS = (
    Layout(
        write=freescout_json,
        helpdesk="freescout_json",
        silent=NO_RATINGS | NO_LINES,
        states={"new": "open", "hold": "pending", "solved": "closed"},
        otherwise={
            "first_contact_resolution": "which mailbox a conversation was in before is not told: nobody passed it up",
            "transfer_rate": "which mailbox a conversation was in before is not told",
        },
        has_priority=False,
        fates=frozenset({"spam", "agent", "test"}),
    ),
)

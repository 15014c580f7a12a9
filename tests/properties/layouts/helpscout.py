"""Help Scout: conversations as its interface lists them, with threads or without, and its happiness ratings."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from layouts.layout import FLAT, NO_LINES, NO_REPLIES, NO_TAGS, UNASKED, Layout
from layouts.writing import Files, account, group_id, json_of, person_id, rated_at, rows, zulu
from supportkpi.demo.model import Desk, Event, Person, Ticket
from supportkpi.demo.summary import Summary

_STATUSES = {"new": "active", "open": "active", "pending": "pending", "hold": "pending"}
_TYPES = {"email": "email", "web": "email", "chat": "chat", "messenger": "chat", "phone": "phone"}
_MACHINE = 1
Json = dict[str, object]


def helpscout_json(desk: Desk) -> Files:
    """Conversations with their threads embedded, the newest thread first, and the ratings of a report."""
    talks = [
        {**_talk(ticket, row, desk), "_embedded": {"threads": [*_threads(ticket, desk)][::-1]}}
        for ticket, row in rows(desk)
    ]
    return {"conversations.json": _page("conversations", talks), "ratings.json": _ratings(desk), **_named(desk)}


def helpscout_list(desk: Desk) -> Files:
    """The list of conversations alone."""
    talks = [_talk(ticket, row, desk) for ticket, row in rows(desk)]
    return {"conversations.json": _page("conversations", talks), **_named(desk)}


def _page(name: str, held: list[Json]) -> bytes:
    page = {"size": 25, "totalElements": len(held), "totalPages": 1, "number": 1}
    return json_of({"_embedded": {name: held}, "_links": {"self": {"href": "…"}}, "page": page})


def _id(person: Person) -> object:
    return _MACHINE if person.role == "system" else person_id(person)


def _user(person: Person) -> Json:
    sort = "customer" if person.role == "customer" else "user"
    return {"id": _id(person), "type": sort, "first": "…", "last": "…", "email": person.email}


def _talk(ticket: Ticket, row: Summary, desk: Desk) -> Json:
    last = ticket.last("status")
    is_closed = row.status in ("solved", "closed")
    solver = last.by if last is not None and is_closed else None
    return {
        "id": 700_000 + ticket.number,
        "number": ticket.number,
        "threads": sum(event.kind == "message" for event in ticket.events),
        "type": _TYPES[ticket.channel],
        "folderId": 11,
        "status": _STATUSES.get(row.status, "closed"),
        "state": "published",
        "subject": "…",
        "preview": "…",
        "mailboxId": group_id(desk, row.group),
        "assignee": _user(row.assignee) if row.assignee else None,
        "createdBy": _user(ticket.requester),
        "createdAt": zulu(ticket.created),
        "closedBy": _id(solver) if solver else None,
        "closedByUser": _user(solver) if solver else None,
        "closedAt": zulu(row.solved),
        "userUpdatedAt": zulu(row.updated),
        "customerWaitingSince": {"time": zulu(ticket.created), "friendly": "…", "latestReplyFrom": "customer"},
        "source": {"type": "email", "via": "customer"},
        "tags": [{"id": place, "color": "#fff", "tag": tag} for place, tag in enumerate(ticket.tags)],
        "cc": [],
        "bcc": [],
        "primaryCustomer": _user(ticket.requester),
        "customFields": [
            {"id": 8, "name": "Category", "value": "77", "text": desk.words.categories[ticket.category]},
            {"id": 9, "name": "Order", "value": "", "text": ""},
        ],
    }


def _threads(ticket: Ticket, desk: Desk) -> Iterator[Json]:
    """What happened at one minute by one hand is one thread; without a message it is a line item."""
    status, assignee = "active", None
    for place, ((at, _), events) in enumerate(groupby(ticket.events, key=lambda one: (one.at, one.by.name))):
        told = list(events)
        said = [event for event in told if event.kind == "message"]
        before = status, assignee
        for event in told:
            status = _STATUSES.get(event.value or "", "closed") if event.kind == "status" else status
            assignee = desk.people[event.value] if event.kind == "assignee" and event.value else assignee
        sorts = [_sort(event, ticket) for event in said] or ["lineitem"] * ((status, assignee) != before)
        for number, sort in enumerate(sorts):
            yield {
                "id": ticket.number * 1_000 + place * 10 + number,
                "type": sort,
                "status": status if number == len(sorts) - 1 else "nochange",
                "state": "published",
                "action": {"type": "default" if said else "changed-ticket-status", "text": "…"},
                "body": "…" if said else None,
                "source": {"type": "web", "via": "customer" if sort == "customer" else "user"},
                "customer": _user(ticket.requester),
                "createdBy": _user(told[0].by),
                "assignedTo": _user(assignee) if assignee else None,
                "savedReplyId": 0,
                "createdAt": zulu(at),
                "openedAt": None,
            }


def _sort(event: Event, ticket: Ticket) -> str:
    if event.by.role == "customer":
        return "customer"
    if not event.public:
        return "note"
    return "chat" if ticket.channel == "chat" else "message"


def _named(desk: Desk) -> Files:
    people = [person for person in desk.people.values() if person.role != "customer"]
    users = [
        {"id": _id(one), "firstName": one.name if one.role == "agent" else account(one), "lastName": "", "role": "user"}
        for one in people
    ]
    boxes = [{"id": group_id(desk, name), "name": name, "slug": "x", "email": "…"} for name in desk.words.groups]
    return {"users.json": _page("users", users), "mailboxes.json": _page("mailboxes", boxes)}


def _ratings(desk: Desk) -> bytes:
    found = [
        {
            "number": ticket.number,
            "threadid": ticket.number * 1_000,
            "threadCreatedAt": zulu(row.first_reply),
            "id": 700_000 + ticket.number,
            "conversationId": 700_000 + ticket.number,
            "type": "email",
            "ratingId": {"good": 1, "bad": 3}[ticket.rating],
            "ratingCustomerId": ticket.requester.number,
            "ratingCustomerName": "…",
            "ratingComments": "",
            "ratingCreatedAt": zulu(rated_at(ticket)),
            "ratingUserId": _id(row.assignee) if row.assignee else None,
            "ratingUserName": row.assignee.name if row.assignee else "",
        }
        for ticket, row in rows(desk)
        if ticket.rating in ("good", "bad")
    ]
    return json_of({"results": found, "page": 1, "count": len(found), "pages": 1})


_OTHERWISE = {
    **dict.fromkeys(("hold_time", "agent_wait_time", "requester_wait_time"), "every wait is called pending"),
    "case_duration": "closed is closed: nothing follows days later",
    **UNASKED,
    "transfer_rate": "there are no groups: a transfer is one between people",
    "first_contact_resolution": "there are no lines: who passed a ticket up is not told",
}
LAYOUTS = (
    Layout(
        write=helpscout_json,
        helpdesk="helpscout_json",
        beside=frozenset({"generic", "helpscout_ratings"}),
        silent=NO_LINES,
        otherwise=_OTHERWISE,
        has_priority=False,
        dates_ratings=True,
        satisfied_from=3.0,
        beyond=frozenset({"csat_mean"}),
    ),
    Layout(
        write=helpscout_list,
        helpdesk="helpscout_json",
        beside=frozenset({"generic"}),
        silent=FLAT - NO_TAGS | NO_REPLIES,
        has_priority=False,
    ),
)

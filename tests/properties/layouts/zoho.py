"""Zoho Desk: a view of tickets as CSV, and tickets as the interface lists them, with threads, comments and history."""

from __future__ import annotations

from collections.abc import Iterator

from layouts.layout import FLAT, NO_RATINGS, NO_REPLIES, NO_TAGS, Layout
from layouts.writing import Files, account, csv_of, json_of, rows, wall
from supportkpi.demo.hours import instant
from supportkpi.demo.model import Desk, Event, Person, Ticket
from supportkpi.demo.summary import Summary

_STATUSES = {"pending": "Waiting on Customer", "hold": "On Hold", "solved": "Closed", "closed": "Closed"}
_TYPES = {"Waiting on Customer": "On Hold", "On Hold": "On Hold", "Closed": "Closed"}
_PRIORITIES = {"urgent": "P-1", "normal": "Medium"}
_CHANNELS = {"email": "Email", "web": "Web", "chat": "Chat", "messenger": "WhatsApp", "phone": "Phone"}
_SORTS = {"customer": "END_USER", "agent": "AGENT"}
_LOOK = "%d %b %Y %I:%M %p"


def _status(word: str | None) -> str:
    return _STATUSES.get(word or "", "Open")


def _priority(word: str | None) -> str:
    return _PRIORITIES.get(word or "", (word or "").capitalize())


def zoho_csv(desk: Desk) -> Files:
    """A view saved as CSV, its dates on the helpdesk's own clock."""
    table = [
        {
            "Ticket Id": ticket.number,
            "Subject": "…",
            "Created Time (Ticket)": wall(desk, ticket.created, _LOOK),
            "Ticket Closed Time": wall(desk, row.solved, _LOOK) or "-",
            "Modified Time (Ticket)": wall(desk, row.updated, _LOOK),
            "Status (Ticket)": _status(row.status),
            "Priority (Ticket)": _priority(row.priority),
            "Channel": _CHANNELS[ticket.channel],
            "Category (Ticket)": desk.words.categories[ticket.category],
            "Sub Category": "-",
            "Classifications": "-",
            "Ticket Type": "-",
            "Ticket Owner": row.assignee.name if row.assignee else "-",
            "Team": row.group,
            "Account Name": ticket.requester.organization or "-",
            "Due Date": "-",
            "Email (Contact)": ticket.requester.email,
            "Phone (Ticket)": "-",
            "Created By (Ticket)": ticket.requester.name,
            "SLA Violation Type": "-",
            "Product": "-",
            "Ticket Description": "…",
            "Crossed Due Date": "-",
        }
        for ticket, row in rows(desk)
    ]
    return {"tickets.csv": csv_of(table)}


def _at(minute: int | None) -> str | None:
    return None if minute is None else f"{instant(minute):%Y-%m-%dT%H:%M:%S.000Z}"


def _conversations(ticket: Ticket) -> Iterator[dict[str, object]]:
    """Threads that were sent and comments that were not, newest first."""
    for place, event in reversed([*enumerate(ticket.events)]):
        if event.kind != "message":
            continue
        number = f"{ticket.number}{place:03}"
        if not event.public:
            who = {"name": event.by.name, "type": "AGENT", "roleName": "…", "email": event.by.email}
            told = {"id": number, "type": "comment", "commentedTime": _at(event.at), "isPublic": False, "content": "…"}
            yield told | {"contentType": "html", "commenterId": account(event.by), "commenter": who}
            continue
        sort = _SORTS.get(event.by.role, "SYSTEM")
        yield {
            "id": number,
            "type": "thread",
            "channel": "EMAIL",
            "direction": "in" if event.by.role == "customer" else "out",
            "visibility": "public",
            "status": "SUCCESS",
            "summary": "…",
            "createdTime": _at(event.at),
            "isDescriptionThread": place == 1,
            "isForward": False,
            "author": {"id": account(event.by), "name": event.by.name, "type": sort, "email": event.by.email},
        }


def _history(desk: Desk, ticket: Ticket) -> Iterator[dict[str, object]]:
    for event in reversed(ticket.events):
        told = _changed(desk, event)
        if told is None:
            continue
        name, was, now = told
        is_first = not event.old and event.kind != "assignee"  # what the creation set
        value = now if is_first else {"previousValue": was, "updatedValue": now}
        info = {"propertyName": name, "propertyValue": value, "propertyType": "Text", "systemProperty": True}
        yield {
            "eventName": "TicketCreated" if is_first else "TicketUpdated",
            "eventTime": _at(event.at),
            "actor": _actor(event.by),
            "source": "Web",
            "eventInfo": [info],
        }


def _actor(person: Person) -> dict[str, object]:
    sort = {"customer": "Contact", "agent": "Agent"}.get(person.role, "System")
    return {"id": account(person), "name": person.name, "type": sort}


def _changed(desk: Desk, event: Event) -> tuple[str, object, object] | None:
    if event.kind == "status" and (not event.old or _status(event.old) != _status(event.value)):
        return "Status", _status(event.old), _status(event.value)
    if event.kind == "priority":
        return "Priority", _priority(event.old), _priority(event.value)
    if event.kind == "assignee":
        return "Case Owner", _owner(desk, event.old), _owner(desk, event.value)
    return None


def _owner(desk: Desk, name: str | None) -> object:
    return name and {"id": account(desk.people[name]), "name": name}


def _ticket(desk: Desk, ticket: Ticket, row: Summary) -> dict[str, object]:
    person, status = ticket.requester, _status(row.status)
    return {
        "id": f"10504000000{ticket.number}",
        "ticketNumber": str(ticket.number),
        "layoutId": "1050",
        "email": person.email,
        "phone": None,
        "subject": "…",
        "status": status,
        "statusType": _TYPES.get(status, "Open"),
        "createdTime": _at(ticket.created),
        "modifiedTime": _at(row.updated),
        "closedTime": _at(row.solved),
        "category": desk.words.categories[ticket.category],
        "subCategory": None,
        "classification": None,
        "priority": _priority(row.priority),
        "channel": _CHANNELS[ticket.channel],
        "channelCode": None,
        "dueDate": None,
        "responseDueDate": None,
        "onholdTime": None,
        "customerResponseTime": _at(row.updated),
        "commentCount": "0",
        "threadCount": str(sum(event.kind == "message" and bool(event.public) for event in ticket.events)),
        "departmentId": "7",
        "department": {"id": "7", "name": "Support"},
        "contactId": account(person),
        "contact": {"id": account(person), "lastName": "…", "account": {"accountName": person.organization or ""}},
        "assigneeId": account(row.assignee) or None,
        "teamId": str(desk.words.groups.index(row.group)),
        "team": {"id": str(desk.words.groups.index(row.group)), "name": row.group},
        "sentiment": None,
        "isSpam": row.status == "deleted",
        "isTrashed": False,
        "isDeleted": False,
        "isEscalated": any(event.kind == "level" and event.value == "2" for event in ticket.events),
        "isOverDue": False,
        "isRead": True,
    }


def zoho_json(desk: Desk) -> Files:
    """Tickets, each with its conversations and its history."""
    found = [
        {**_ticket(desk, ticket, row), "conversations": [*_conversations(ticket)], "history": [*_history(desk, ticket)]}
        for ticket, row in reversed(rows(desk))
    ]
    return {"tickets.json": json_of({"data": found})}


LAYOUTS = (
    Layout(write=zoho_csv, helpdesk="zoho_desk", silent=FLAT | NO_REPLIES, is_local=True),
    Layout(
        write=zoho_json,
        helpdesk="zoho_json",
        silent=NO_RATINGS | NO_TAGS | {"escalation_time"},
        states={"new": "open", "solved": "closed"},
        otherwise={
            "escalation_rate": "that it was escalated is told, how is not",
            "transfer_rate": "which team had it before is not told",
        },
        fates=frozenset({"spam", "agent", "test"}),
    ),
)

"""Request Tracker: the spreadsheet of a search, and tickets of REST 2 with their transactions and without."""

from __future__ import annotations

from itertools import count

from layouts.layout import FLAT, NO_RATINGS, NO_REPLIES, NO_TAGS, Layout
from layouts.writing import Files, account, json_of, last_end, rows, wall, zulu
from supportkpi.demo.model import Desk, Event, Person, Ticket
from supportkpi.demo.summary import Summary

_STATUSES = {"new": "new", "open": "open", "pending": "stalled", "hold": "stalled", "deleted": "deleted"}
_PRIORITIES = {"urgent": 100, "high": 75, "normal": 50, "low": 0}
_NEVER = "1970-01-01T00:00:00Z"
_LOOK = "%a %b %d %H:%M:%S %Y"


def _status(word: str | None) -> str:
    return _STATUSES.get(word or "new", "resolved")


def _resolved(ticket: Ticket) -> int | None:
    """What was resolved once keeps the date when it is open again."""
    return last_end(ticket)


def rt_tsv(desk: Desk) -> Files:
    """Results as a spreadsheet: tabs, no quotes, dates as the user likes them."""
    head = "id Subject Status QueueName Owner Priority Requestors Created Told LastUpdated Started Resolved TimeLeft"
    lines = [head.replace(" ", "\t")]
    for ticket, row in rows(desk):
        cells = [
            *(ticket.number, "A question", _status(row.status), row.group),
            *(row.assignee.name if row.assignee else "Nobody in particular", _PRIORITIES[row.priority]),
            *(ticket.requester.email, wall(desk, ticket.created, _LOOK), wall(desk, row.first_reply, _LOOK)),
            *(wall(desk, row.updated, _LOOK), wall(desk, row.first_reply, _LOOK)),
            *(wall(desk, _resolved(ticket), _LOOK) or "Not set", 0),
        ]
        lines.append("\t".join(str(cell) for cell in cells))
    return {"Results.tsv": ("\n".join(lines) + "\n").encode()}


def _user(person: Person | None) -> dict[str, str]:
    """REST calls a user by name; who writes from outside is called as the address."""
    if person is None:
        name = "Nobody"
    elif person.role == "customer":
        name = person.email
    else:
        name = f"agent{person.number:02}" if person.role == "agent" else account(person)
    return {"type": "user", "id": name, "_url": f"https://rt.example.com/REST/2.0/user/{name}"}


def _queue(desk: Desk, name: str) -> dict[str, str]:
    number = desk.words.groups.index(name) + 3
    return {"type": "queue", "id": str(number), "Name": name, "_url": f"https://rt.example.com/REST/2.0/queue/{number}"}


def _ticket(ticket: Ticket, row: Summary, desk: Desk) -> dict[str, object]:
    return {
        "type": "ticket",
        "id": ticket.number,
        "_url": f"https://rt.example.com/REST/2.0/ticket/{ticket.number}",
        "Status": _status(row.status),
        "Created": zulu(ticket.created),
        "Started": zulu(row.first_reply) or _NEVER,
        "Starts": _NEVER,
        "Due": _NEVER,
        "Told": zulu(row.first_reply) or _NEVER,
        "Resolved": zulu(_resolved(ticket)) or _NEVER,
        "LastUpdated": zulu(row.updated),
        "Queue": _queue(desk, row.group),
        "Owner": _user(row.assignee),
        "Creator": _user(ticket.events[0].by),
        "Requestor": [_user(ticket.requester)],
        "Cc": [],
        "AdminCc": [],
        "Subject": "A question",
        "Priority": str(_PRIORITIES[row.priority]),
        "InitialPriority": "0",
        "FinalPriority": "0",
        "TimeWorked": "0",
        "CustomFields": [],
    }


def _changes(event: Event, desk: Desk) -> dict[str, str] | None:
    """What a transaction tells of an event, None where it is none."""
    if event.kind == "message":
        return {"Type": "Correspond" if event.public else "Comment"}
    if event.kind == "status" and _status(event.value) != _status(event.old) and event.old:
        return {"Type": "Status", "Field": "Status", "OldValue": _status(event.old), "NewValue": _status(event.value)}
    if event.kind == "priority" and event.old:
        old, new = (str(_PRIORITIES[value or "normal"]) for value in (event.old, event.value))
        return {"Type": "Set", "Field": "Priority", "OldValue": old, "NewValue": new}
    if event.kind == "group" and event.old and event.value:
        old, new = (_queue(desk, value)["id"] for value in (event.old, event.value))
        return {"Type": "Set", "Field": "Queue", "OldValue": old, "NewValue": new}
    if event.kind == "assignee":
        people = [desk.people[name] if name else None for name in (event.old, event.value)]
        old, new = (str(100 + person.number if person else 6) for person in people)
        taken = people[1] is not None and people[1].name == event.by.name
        sort = ("Take" if event.old is None else "Steal") if taken else "Give"
        return {"Type": sort, "Field": "Owner", "OldValue": old, "NewValue": new}
    return None


def _items(desk: Desk) -> list[tuple[dict[str, object], list[dict[str, object]]]]:
    """Each ticket and its transactions."""
    numbers, items = count(5_000), []
    for ticket, row in rows(desk):
        first = next(event for event in ticket.events if event.kind == "message")
        told: list[dict[str, object]] = [
            {"Type": "Create", "Created": zulu(ticket.created), "Creator": _user(first.by)}
        ]
        for event in ticket.events:
            change = None if event is first else _changes(event, desk)
            if change is not None:
                told.append({**change, "Created": zulu(event.at), "Creator": _user(event.by)})
                if change["Type"] == "Correspond":
                    told.append({"Type": "EmailRecord", "Created": zulu(event.at), "Creator": _user(event.by)})
        of = {"type": "ticket", "id": str(ticket.number)}
        transactions = [{"type": "transaction", "id": str(next(numbers)), "Object": of, **one} for one in told]
        items.append((_ticket(ticket, row, desk), transactions))
    return items


def _page(items: list[dict[str, object]]) -> bytes:
    page = {"count": len(items), "page": 1, "pages": 1, "per_page": 100, "total": len(items), "items": items}
    return json_of(page)


def rt_json(desk: Desk) -> Files:
    """Tickets of REST 2, each with its transactions."""
    return {"tickets.json": _page([{**ticket, "Transactions": told} for ticket, told in _items(desk)])}


def rt_transactions(desk: Desk) -> Files:
    """Tickets of REST 2, and all transactions in a file of their own."""
    items = _items(desk)
    told = [one for _, several in items for one in several]
    return {"tickets.json": _page([ticket for ticket, _ in items]), "transactions.json": _page(told)}


def rt_list(desk: Desk) -> Files:
    """Tickets of REST 2 as a search lists them."""
    return {"tickets.json": _page([_ticket(ticket, row, desk) for ticket, row in rows(desk)])}


_OWN = {"pending": "hold", "closed": "solved"}
_LACKS = frozenset({"category", "channel"})
LAYOUTS = (
    Layout(
        write=rt_tsv,
        helpdesk="rt_tsv",
        silent=FLAT | NO_REPLIES,
        lacks=_LACKS,
        fates=frozenset({"spam"}),
        has_priority=False,
        is_local=True,
    ),
    *(
        Layout(
            write=write,
            helpdesk="rt_json",
            silent=NO_RATINGS | NO_TAGS,
            states=_OWN,
            lacks=_LACKS,
            fates=frozenset({"spam", "agent"}),
            has_priority=False,
        )
        for write in (rt_json, rt_transactions)
    ),
    Layout(write=rt_list, helpdesk="rt_json", silent=FLAT | NO_REPLIES, lacks=_LACKS, has_priority=False),
)

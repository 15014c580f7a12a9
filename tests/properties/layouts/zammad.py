"""Zammad: the table of a report, and tickets as its interface lists them, with articles and history and without."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count

import xlsxwriter

from layouts.layout import FLAT, NO_RATINGS, NO_REPLIES, NO_TAGS, Layout
from layouts.writing import DONE, Files, csv_of, endings, json_of, person_id, rows, wall
from supportkpi.demo.hours import instant
from supportkpi.demo.model import Desk, Event, Person, Ticket
from supportkpi.demo.summary import Summary

_STATES = {"new": "new", "open": "open", "pending": "pending reminder", "hold": "pending reminder"}
_STATES |= {"deleted": "removed", "merged": "merged"}
_FATES = frozenset({"spam", "merged", "agent"})
_STATE_IDS = {"new": 1, "open": 2, "pending reminder": 3, "closed": 4, "merged": 5, "removed": 6}
_PRIORITIES = {"low": "1 low", "normal": "2 normal", "high": "3 high", "urgent": "4 urgent"}
_TYPES = {"email": "email", "web": "web", "phone": "phone", "chat": "chat", "messenger": "telegram personal-message"}
_UNCOUNTED = NO_REPLIES - {"first_response_time"}
_TYPE_IDS = {"email": 1, "chat": 4, "phone": 5, "web": 11, "telegram personal-message": 12, "note": 10}


def _state(word: str | None, ticket: Ticket) -> str:
    """The name of a state: what was merged into another is not closed but merged."""
    is_merged = word in DONE and ticket.exclusion == "merged"
    return _STATES.get("merged" if is_merged else word or "new", "closed")


def _closed(ticket: Ticket) -> tuple[int | None, int | None]:
    """The first closing and the last one; both stay when the ticket is open again."""
    ends = endings(ticket)
    return (ends[0], ends[-1]) if ends else (None, None)


def _minutes(desk: Desk, ticket: Ticket, at: int | None) -> object:
    return "" if at is None else desk.hours.between(ticket.created, at)


def _reported(desk: Desk) -> list[dict[str, object]]:
    """The table of a report: the zone of who asked for it, minutes within office hours, the first closing."""
    table: list[dict[str, object]] = []
    for ticket, row in rows(desk):
        closed, _ = _closed(ticket)
        said = [event for event in ticket.events if event.kind == "message" and event.public]
        contacts = {role: [event.at for event in said if event.by.role == role] for role in ("agent", "customer")}
        last = {role: wall(desk, found[-1]) if found else "" for role, found in contacts.items()}
        table.append(
            {
                "#": ticket.number,
                "Title": "A question",
                "State": _state(row.status, ticket),
                "Priority": _PRIORITIES[row.priority],
                "Group": row.group,
                "Owner": row.assignee.name if row.assignee else "-",
                "Customer": ticket.requester.name,
                "Organization": ticket.requester.organization or "",
                "Create Channel": _TYPES[ticket.channel],
                "Sender": "Agent" if ticket.opener == "agent" else "Customer",
                "Tags": ", ".join(ticket.tags),
                "Time Units Total": 0,
                "Category": desk.words.categories[ticket.category],
                "Created At": wall(desk, ticket.created),
                "Updated At": wall(desk, row.updated),
                "Closed At": wall(desk, closed),
                "Close Escalation At": "",
                "Close In Min": _minutes(desk, ticket, closed),
                "Close Diff In Min": "",
                "First Response At": wall(desk, row.first_reply),
                "First Response Escalation At": "",
                "First Response In Min": _minutes(desk, ticket, row.first_reply),
                "First Response Diff In Min": "",
                "Update Escalation At": "",
                "Update In Min": "",
                "Update Diff In Min": "",
                "Last Contact At": wall(desk, said[-1].at if said else None),
                "Last Contact Agent At": last["agent"],
                "Last Contact Customer At": last["customer"],
                "Article Count": sum(event.kind == "message" for event in ticket.events),
                "Escalation At": "",
            }
        )
    return table


def zammad_csv(desk: Desk) -> Files:
    """The table of a report as CSV."""
    return {"tickets-2026-04-01.csv": csv_of(_reported(desk))}


def zammad_xlsx(desk: Desk) -> Files:
    """The table of a report as it is downloaded: a title above it, instants and numbers as cells of their own."""
    table, text = _reported(desk), io.BytesIO()
    with xlsxwriter.Workbook(text, {"in_memory": True}) as book:
        sheet, dates = book.add_worksheet("Tickets"), book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        sheet.write_string(0, 0, "Tickets: 2026-03 (Created)")
        for column, name in enumerate(table[0]):
            sheet.write_string(2, column, name)
        for place, row in enumerate(table, start=3):
            for column, (name, value) in enumerate(row.items()):
                if name.endswith(" At") and value:
                    sheet.write_datetime(place, column, datetime.fromisoformat(str(value)), dates)
                elif value != "":
                    sheet.write(place, column, value)
    return {"tickets-2026-04-01.xlsx": text.getvalue()}


def _at(minute: int | None) -> str | None:
    return None if minute is None else f"{instant(minute):%Y-%m-%dT%H:%M:%S.000Z}"


def _id(person: Person) -> int:
    """User 1 is the system itself, which sends what triggers send."""
    return 1 if person.role in ("bot", "system") else int(str(person_id(person)))


def _ticket(ticket: Ticket, row: Summary, desk: Desk) -> dict[str, object]:
    first, last = _closed(ticket)
    opened = _TYPES[ticket.channel]
    return {
        "id": ticket.number - 10_000,
        "group_id": desk.words.groups.index(row.group) + 1,
        "priority_id": list(_PRIORITIES).index(row.priority) + 1,
        "state_id": _STATE_IDS[_state(row.status, ticket)],
        "organization_id": None,
        "number": str(ticket.number),
        "title": "A question",
        "owner_id": _id(row.assignee) if row.assignee else 1,
        "customer_id": _id(ticket.requester),
        "note": None,
        "first_response_at": _at(row.first_reply),
        "first_response_escalation_at": None,
        "first_response_in_min": None,
        "first_response_diff_in_min": None,
        "close_at": _at(first),
        "close_escalation_at": None,
        "close_in_min": None,
        "close_diff_in_min": None,
        "last_close_at": _at(last),
        "last_contact_at": _at(row.updated),
        "last_contact_agent_at": _at(row.first_reply),
        "last_contact_customer_at": _at(ticket.created),
        "create_article_type_id": _TYPE_IDS[opened],
        "create_article_sender_id": 1 if ticket.opener == "agent" else 2,
        "article_count": sum(event.kind == "message" for event in ticket.events),
        "escalation_at": None,
        "pending_time": None,
        "type": None,
        "time_unit": None,
        "preferences": {},
        "category": desk.words.categories[ticket.category],
        "updated_by_id": 1,
        "created_by_id": _id(ticket.events[0].by),
        "created_at": _at(ticket.created),
        "updated_at": _at(row.updated),
    }


def _named(ticket: Ticket, row: Summary, desk: Desk) -> dict[str, object]:
    """What ``expand=true`` adds: what is behind the numbers."""
    return {
        **_ticket(ticket, row, desk),
        "group": row.group,
        "priority": _PRIORITIES[row.priority],
        "state": _state(row.status, ticket),
        "organization": ticket.requester.organization,
        "owner": row.assignee.email if row.assignee else "-",
        "customer": ticket.requester.email,
        "create_article_type": _TYPES[ticket.channel],
        "create_article_sender": "Agent" if ticket.opener == "agent" else "Customer",
        "tags": list(ticket.tags),
    }


def _article(ticket: Ticket, event: Event, number: int) -> dict[str, object]:
    sender = {"customer": "Customer", "agent": "Agent"}.get(event.by.role, "System")
    sort = _TYPES[ticket.channel] if event.public else "note"
    return {
        "id": number,
        "ticket_id": ticket.number - 10_000,
        "type_id": _TYPE_IDS[sort],
        "sender_id": {"Agent": 1, "Customer": 2, "System": 3}[sender],
        "from": f"{event.by.name} <{event.by.email}>",
        "to": "support@example.com",
        "subject": "A question",
        "body": "…",
        "content_type": "text/html",
        "internal": not event.public,
        "created_by_id": _id(event.by),
        "created_at": _at(event.at),
        "updated_at": _at(event.at),
        "type": sort,
        "sender": sender,
        "created_by": "-" if event.by.role in ("bot", "system") else event.by.email,
    }


def _history(ticket: Ticket, desk: Desk, numbers: Iterator[int]) -> Iterator[dict[str, object]]:
    base = {"o_id": ticket.number - 10_000, "object": "Ticket", "created_by_id": _id(ticket.events[0].by)}
    yield {"id": next(numbers), **base, "type": "created", "created_at": _at(ticket.created)}
    said = {(event.at, event.by.name) for event in ticket.events if event.kind == "message"}
    for event in ticket.events:
        change = _change(ticket, event, desk)
        if change:
            with_article = (event.at, event.by.name) in said
            by = {**base, "created_by_id": _id(event.by)}
            at = _just_before(event.at) if with_article else _at(event.at)
            yield {"id": next(numbers), **by, "type": "updated", **change, "created_at": at}


def _just_before(minute: int) -> str:
    """Of one update the ticket is saved first, its article some milliseconds later."""
    return f"{instant(minute) - timedelta(milliseconds=42):%Y-%m-%dT%H:%M:%S}.958Z"


def _change(ticket: Ticket, event: Event, desk: Desk) -> dict[str, object] | None:
    if event.kind == "assignee":
        people = [desk.people[name] if name else None for name in (event.old, event.value)]
        names = [person.name if person else "-" for person in people]
        ids = [_id(person) if person else 1 for person in people]
        return _set("owner", names, ids)
    if event.old is None or event.value is None:
        return None
    both = (event.old, event.value)
    states = [_state(one, ticket) for one in both]
    if event.kind == "status" and states[0] != states[1]:
        return _set("state", states, [_STATE_IDS[state] for state in states])
    if event.kind == "priority":
        return _set("priority", [_PRIORITIES[one] for one in both], [list(_PRIORITIES).index(one) + 1 for one in both])
    if event.kind == "group":
        return _set("group", list(both), [desk.words.groups.index(one) + 1 for one in both])
    return None


def _set(attribute: str, values: list[str], ids: list[int]) -> dict[str, object]:
    old, new = values
    return {"attribute": attribute, "value_from": old, "value_to": new, "id_from": ids[0], "id_to": ids[1]}


def zammad_json(desk: Desk) -> Files:
    """Tickets with ``expand=true``, each with its articles and its history."""
    numbers = count(1)
    tickets = []
    for ticket, row in rows(desk):
        said = [event for event in ticket.events if event.kind == "message"]
        articles = [_article(ticket, event, next(numbers)) for event in said]
        history = list(_history(ticket, desk, numbers))
        tickets.append({**_named(ticket, row, desk), "articles": articles, "history": history})
    return {"tickets.json": json_of(tickets)}


def zammad_articles(desk: Desk) -> Files:
    """Tickets with ``expand=true``, and the articles of all of them in a file of their own."""
    numbers = count(1)
    told = [(ticket, event) for ticket in desk.tickets for event in ticket.events if event.kind == "message"]
    articles = [_article(ticket, event, next(numbers)) for ticket, event in told]
    tickets = [_named(ticket, row, desk) for ticket, row in rows(desk)]
    return {"tickets.json": json_of(tickets), "ticket_articles.json": json_of(articles)}


def zammad_list(desk: Desk) -> Files:
    """Tickets as the list of them comes: numbers instead of names."""
    return {"tickets.json": json_of([_ticket(ticket, row, desk) for ticket, row in rows(desk)])}


_STATES_OF_ITS_OWN = {"hold": "pending", "closed": "solved"}
_LACKS = frozenset({"category"})
LAYOUTS = (
    *(
        Layout(
            write=write,
            helpdesk="zammad_csv",
            fates=_FATES,
            silent=FLAT - NO_TAGS | _UNCOUNTED,
            states=_STATES_OF_ITS_OWN,
            lacks=_LACKS,
            otherwise=dict.fromkeys(
                ("resolution_time", "tickets_solved", "requesters_solved", "repeat_contact_rate"),
                "a ticket keeps its first closing, whatever followed",
            ),
            is_local=True,
        )
        for write in (zammad_csv, zammad_xlsx)
    ),
    Layout(
        write=zammad_json,
        helpdesk="zammad_json",
        fates=_FATES,
        silent=NO_RATINGS,
        states=_STATES_OF_ITS_OWN,
        lacks=_LACKS,
    ),
    Layout(
        write=zammad_articles,
        helpdesk="zammad_json",
        fates=_FATES,
        silent=FLAT - NO_TAGS - {"bot_resolution_rate", "case_duration", "first_resolution_time", "next_response_time"},
        states=_STATES_OF_ITS_OWN,
        lacks=_LACKS,
        otherwise={"bot_resolution_rate": "who closed a ticket is not told"},
    ),
    Layout(
        write=zammad_list,
        helpdesk="zammad_json",
        fates=_FATES,
        silent=FLAT - {"first_resolution_time"} | _UNCOUNTED,
        states=_STATES_OF_ITS_OWN,
        lacks=_LACKS,
    ),
)

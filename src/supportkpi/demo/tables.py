"""The made-up helpdesk as tables: Zendesk's ticket CSV, an event log, a Russian register, and the files beside them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter

from supportkpi.demo.hours import instant
from supportkpi.demo.model import Desk, Event, Month, Ticket
from supportkpi.demo.summary import Summary, requester_wait, summary

Row = Mapping[str, object]

_VIA = {"email": "Mail", "web": "Web Form", "chat": "Chat", "messenger": "Messaging", "phone": "Voice"}
_CASE = ("requester", "organization", "tier", "channel", "category", "merged")


def zendesk_csv(desk: Desk) -> bytes:
    """Admin Center's ticket CSV: a row a ticket, times in minutes on two clocks, dates in UTC."""
    return _csv([_zendesk(ticket, summary(ticket, desk), desk) for ticket in desk.tickets])


def _zendesk(ticket: Ticket, row: Summary, desk: Desk) -> Row:
    person, words = ticket.requester, desk.words
    opener, created = ticket.events[0].by, ticket.created
    return {
        "Summation column": 1,
        "Id": ticket.number,
        "Requester": person.name,
        "Requester id": person.number,
        "Requester external id": "",
        "Requester email": person.email,
        "Requester domain": "example.com",
        "Submitter": opener.name,
        "Assignee": row.assignee.name if row.assignee else "",
        "Group": row.group,
        "Subject": f"{words.categories[ticket.category]} {ticket.number}",
        "Tags": " ".join(ticket.tags),
        "Status": row.status.capitalize(),
        "Priority": row.priority.capitalize(),
        "Via": _VIA[ticket.channel],
        "Ticket type": "Incident" if ticket.category == "bug" else "Question",
        "Created at": _utc(created),
        "Updated at": _utc(row.updated),
        "Assigned at": _utc(_at(ticket.last("assignee"))),
        "Organization": person.organization or "",
        "Due date": "",
        "Initially assigned at": _utc(next((event.at for event in ticket.events if event.kind == "assignee"), None)),
        "Solved at": _utc(row.solved),
        "Satisfaction Score": (ticket.rating or "unoffered").capitalize(),
        "Group stations": row.stations[1],
        "Assignee stations": row.stations[0],
        "Reopens": row.reopens,
        "Replies": row.replies,
        **_both("First reply time", created, row.first_reply, desk),
        **_both("First resolution time", created, row.first_solve, desk),
        **_both("Full resolution time", created, row.solved, desk),
        **_waits(row, desk),
        "Category [list]": words.categories[ticket.category],
        "Customer tier [list]": words.tiers["vip" if person.is_vip else "standard"],
    }


def _waits(row: Summary, desk: Desk) -> Row:
    hours = desk.hours
    return {
        "Agent wait time in minutes": row.waited(("pending",)),
        "Agent wait time in minutes within business hours": row.waited(("pending",), hours),
        "Requester wait time in minutes": requester_wait(row),
        "Requester wait time in minutes within business hours": requester_wait(row, hours),
        "On hold time in minutes": row.waited(("hold",)),
        "On hold time in minutes within business hours": row.waited(("hold",), hours),
    }


def _both(name: str, start: int, end: int | None, desk: Desk) -> Row:
    calendar, office = f"{name} in minutes", f"{name} in minutes within business hours"
    if end is None:
        return {calendar: "", office: ""}
    return {calendar: end - start, office: desk.hours.between(start, end)}


def _at(event: Event | None) -> int | None:
    return event.at if event else None


def _utc(at: int | None) -> str:
    return "" if at is None else f"{instant(at):%Y-%m-%d %H:%M:%S} UTC"


# --- the event log ---------------------------------------------------------------------------------------------------


def event_log(desk: Desk) -> bytes:
    """A process-mining log: a row an event, in the order of time, with the columns of its case repeated."""
    word = desk.words.log
    head = ("case", "activity", "timestamp", "actor", "role", "visibility", "was", "becomes", *_CASE)
    told = []
    for ticket in desk.tickets:
        case = _case(ticket, desk)
        told += [(event.at, (*_logged(ticket.number, event, desk), *case)) for event in ticket.events]
    told.sort(key=itemgetter(0))
    return _written([[word[name] for name in head], *(row for _, row in told)])


def _case(ticket: Ticket, desk: Desk) -> tuple[str, ...]:
    """The columns of a case, in the order of ``_CASE``."""
    person, words = ticket.requester, desk.words
    tier = words.tiers["vip" if person.is_vip else "standard"]
    merged = "" if ticket.merged_into is None else str(ticket.merged_into)
    channel, category = words.log[ticket.channel], words.categories[ticket.category]
    return str(person.number), person.organization or "", tier, channel, category, merged


def _logged(number: int, event: Event, desk: Desk) -> tuple[int | str, ...]:
    word = desk.words.log
    if event.kind == "message":
        activity, seen = ("reply", word["public"]) if event.public else ("note", word["internal"])
    else:
        activity, seen = event.kind, ""
    old, new = event.old or "", event.value or ""
    at, by = desk.hours.local(event.at).isoformat(), event.by
    who = str(by.number) if by.role == "customer" else word.get(by.name, by.name)
    return number, word[activity], at, who, word[event.by.role], seen, word.get(old, old), word.get(new, new)


# --- a register ------------------------------------------------------------------------------------------------------


def register(desk: Desk) -> bytes:
    """A register as a Russian helpdesk exports it: cp1251, semicolons, 03.02.2026 14:30 in the helpdesk's own zone."""
    rows = [_registered(ticket, summary(ticket, desk), desk) for ticket in desk.tickets]
    return _csv(rows, delimiter=";", line_end="\r\n", encoding="cp1251")


def _registered(ticket: Ticket, row: Summary, desk: Desk) -> Row:
    head, word = desk.words.register, desk.words.log

    def wall(at: int | None) -> str:
        return "" if at is None else f"{desk.hours.local(at):%d.%m.%Y %H:%M}"

    return {
        head["number"]: ticket.number,
        head["created"]: wall(ticket.created),
        head["replied"]: wall(row.first_reply),
        head["solved"]: wall(row.solved),
        head["updated"]: wall(row.updated),
        head["status"]: word[row.status],
        head["priority"]: word[row.priority],
        head["channel"]: word[ticket.channel],
        head["category"]: desk.words.categories[ticket.category],
        head["requester"]: ticket.requester.name,
        head["organization"]: ticket.requester.organization or "",
        head["tier"]: desk.words.tiers["vip" if ticket.requester.is_vip else "standard"],
        head["group"]: row.group,
        head["assignee"]: row.assignee.name if row.assignee else "",
        head["rating"]: _marks(ticket),
        head["reopens"]: row.reopens,
        head["merged"]: ticket.merged_into or "",
    }


def _marks(ticket: Ticket) -> int | str:
    """Good and bad as a mark from 1 to 5."""
    marks = {"good": (5, 5, 4), "bad": (2, 1, 3)}.get(ticket.rating or "")
    return marks[ticket.number % 3] if marks else ""


# --- beside the tickets ----------------------------------------------------------------------------------------------


def nps_csv(desk: Desk) -> bytes:
    """Answers to "would you recommend us", 0 to 10: a file of its own, as survey tools give it."""
    return _csv([{"Requester id": one.by.number, "Date": _utc(one.at), "NPS": one.score} for one in desk.scores])


def costs_csv(desk: Desk) -> bytes:
    """What the helpdesk cost, month by month."""
    return _csv([{"month": str(one), "amount": one.value, "currency": desk.words.currency} for one in desk.costs])


def articles_csv(desk: Desk) -> bytes:
    """Articles of the knowledge base that were written or renewed, month by month."""
    return _csv([_month(one, "articles") for one in desk.articles])


def _month(one: Month, name: str) -> Row:
    return {"month": str(one), name: one.value}


def _csv(rows: Sequence[Row], *, delimiter: str = ",", line_end: str = "\n", encoding: str = "utf-8") -> bytes:
    table = [list(rows[0]), *(row.values() for row in rows)] if rows else []
    return _written(table, delimiter=delimiter, line_end=line_end, encoding=encoding)


def _written(
    rows: Iterable[Iterable[object]], *, delimiter: str = ",", line_end: str = "\n", encoding: str = "utf-8"
) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=line_end).writerows(rows)
    return text.getvalue().encode(encoding)

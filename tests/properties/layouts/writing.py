"""What layouts are written with: tables of text, instants, numbers of persons, groups and companies."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence

from supportkpi.demo.hours import instant
from supportkpi.demo.model import Desk, Event, Person, Ticket
from supportkpi.demo.summary import Summary, summary

Files = Mapping[str, bytes]
Row = Mapping[str, object]
SYNCED = {"_fivetran_synced": "2026-07-01 00:00:00"}
GROUPS, AGENTS, COMPANIES = 361_000, 380_000, 27_000
DONE = ("solved", "closed")


def csv_of(rows: Sequence[Row], *, delimiter: str = ",") -> bytes:
    """Rows as a table of text."""
    text = io.StringIO()
    table = [list(rows[0]), *(row.values() for row in rows)] if rows else []
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(table)
    return text.getvalue().encode()


def iso(at: int | None) -> str:
    """An instant as warehouses write it, in UTC and without saying so."""
    return "" if at is None else f"{instant(at):%Y-%m-%d %H:%M:%S}"


def zulu(at: int | None) -> str | None:
    """An instant as interfaces write it, None for what has not happened."""
    return None if at is None else f"{instant(at):%Y-%m-%dT%H:%M:%SZ}"


def wall(desk: Desk, at: int | None, look: str = "%Y-%m-%d %H:%M:%S") -> str:
    """An instant as the helpdesk's own clock shows it."""
    return "" if at is None else desk.hours.local(at).strftime(look)


def json_of(value: object) -> bytes:
    """A value as interfaces answer with it."""
    return json.dumps(value, ensure_ascii=False).encode()


def person_id(person: Person | None) -> object:
    """A number for a person, agents apart from customers."""
    if person is None or person.role == "system":
        return ""
    return person.number if person.role == "customer" else AGENTS + person.number


def group_id(desk: Desk, name: str) -> int:
    """The number of a group."""
    return GROUPS + desk.words.groups.index(name)


def companies(desk: Desk) -> dict[str, int]:
    """The numbers of organizations by their names."""
    names = sorted({person.organization for person in desk.people.values() if person.organization})
    return {name: COMPANIES + place for place, name in enumerate(names)}


def told(desk: Desk, *kinds: str) -> Iterable[tuple[Ticket, Event]]:
    """The events of some kinds with their tickets, in the order in which they happened."""
    found = [(ticket, event) for ticket in desk.tickets for event in ticket.events if event.kind in kinds]
    return sorted(found, key=lambda pair: pair[1].at)


def rows(desk: Desk) -> list[tuple[Ticket, Summary]]:
    """The tickets with how they stood at the export."""
    return [(ticket, summary(ticket, desk)) for ticket in desk.tickets]


def account(person: Person | None) -> str:
    """An account's id, which says nothing of who it is but for machines."""
    if person is None:
        return ""
    return f"{person.role}-{person.number}" if person.role in ("bot", "system") else f"acc-{person_id(person)}"


def called(person: Person | None) -> str:
    """The name that a system shows; of machines that of their account."""
    if person is None:
        return ""
    return account(person) if person.role in ("bot", "system") else person.name


def account_of(event: Event, desk: Desk) -> str:
    """The account that an event's value names."""
    return account(desk.people[event.value]) if event.value else ""


def rated_at(ticket: Ticket) -> int | None:
    """When a survey was answered: a day and some minutes after the last solution; None where nobody asked."""
    solves = [event.at for event in ticket.events if event.kind == "status" and event.value == "solved"]
    return solves[-1] + 1440 if solves and ticket.rating not in (None, "unoffered") else None


def unix(at: int | None) -> int | None:
    """An instant in seconds since 1970."""
    return None if at is None else round(instant(at).timestamp())


def endings(ticket: Ticket) -> list[int]:
    """When a ticket came to an end, and again after each reopening: what follows an end (its closing) is no other."""
    statuses = [event for event in ticket.events if event.kind == "status"]
    done = [event.value in DONE for event in statuses]
    return [event.at for event, now, before in zip(statuses, done, [False, *done], strict=False) if now and not before]


def last_end(ticket: Ticket) -> int | None:
    """When a ticket last came to an end, whether or not it is open again."""
    ends = endings(ticket)
    return ends[-1] if ends else None


def fate(ticket: Ticket) -> str:
    """What makes a ticket another than the usual: spam, merged, test, agent (who opened it); empty for most."""
    return ticket.exclusion or ("" if ticket.opener == "customer" else ticket.opener)

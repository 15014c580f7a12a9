"""What a flat export knows of a ticket: its last values, its first and last instants, its times on both clocks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from supportkpi.demo.hours import Hours
from supportkpi.demo.model import Desk, Person, Ticket

DONE = ("solved", "closed")
_WAITING = ("new", "open", "hold")


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One ticket in a row; instants are minutes, None for what has not happened; ``spells`` are (status, from, to)."""

    status: str
    priority: str
    group: str
    assignee: Person | None
    first_reply: int | None
    first_solve: int | None
    solved: int | None
    updated: int
    reopens: int
    replies: int
    stations: tuple[int, int]  # assignees, groups
    spells: tuple[tuple[str, int, int], ...]

    def waited(self, statuses: tuple[str, ...], hours: Hours | None = None) -> int:
        """Minutes in some statuses, on the calendar or in office hours."""
        spells = [(start, end) for status, start, end in self.spells if status in statuses]
        return sum(end - start if hours is None else hours.between(start, end) for start, end in spells)


def summary(ticket: Ticket, desk: Desk) -> Summary:
    """The row of a ticket."""
    replies = [event.at for event in ticket.events if event.kind == "message" and event.public and _is_agent(event.by)]
    if ticket.opener == "agent":  # as helpdesks do it: the opening message of an agent answers nobody
        replies = replies[1:]
    statuses = [event for event in ticket.events if event.kind == "status"]
    done = [event.value in DONE for event in statuses]
    solves = [event.at for event, now, before in zip(statuses, done, [False, *done], strict=False) if now > before]
    assigned, groups = (ticket.last("assignee"), ticket.last("group"))
    priority = ticket.last("priority")
    return Summary(
        status=statuses[-1].value or "new",
        priority=(priority.value if priority else None) or "normal",
        group=(groups.value if groups else None) or "",
        assignee=desk.people[assigned.value] if assigned and assigned.value else None,
        first_reply=replies[0] if replies else None,
        first_solve=solves[0] if solves else None,
        solved=solves[-1] if solves and done[-1] else None,
        updated=ticket.events[-1].at,
        reopens=sum(before > now for now, before in zip(done, [False, *done], strict=False)),
        replies=len(replies),
        stations=(_count(ticket, "assignee"), _count(ticket, "group")),
        spells=tuple(_spells(ticket, desk.until)),
    )


def _is_agent(person: Person) -> bool:
    return person.role == "agent"


def _count(ticket: Ticket, kind: str) -> int:
    return sum(event.kind == kind for event in ticket.events)


def _spells(ticket: Ticket, until: int) -> Iterator[tuple[str, int, int]]:
    statuses = [event for event in ticket.events if event.kind == "status"]
    ends = [*(event.at for event in statuses[1:]), until]
    for event, end in zip(statuses, ends, strict=True):
        if event.value is not None and event.value not in DONE:
            yield event.value, event.at, end


def requester_wait(row: Summary, hours: Hours | None = None) -> int:
    """Minutes in which the customer waited for the helpdesk."""
    return row.waited(_WAITING, hours)

"""Zendesk: the tickets of Admin Center and of Explore as CSV."""

from __future__ import annotations

from layouts.layout import FLAT, NO_RATINGS, NO_REPLIES, NO_TAGS, Layout
from layouts.writing import Files, Row, csv_of, person_id, rows, wall
from supportkpi.demo.model import Desk, Event, Ticket
from supportkpi.demo.summary import Summary, requester_wait

_VIA = {"email": "Mail", "web": "Web form", "chat": "Chat", "messenger": "Messaging", "phone": "Phone call (inbound)"}
_STATUSES = {"hold": "On-hold"}


def zendesk_csv(desk: Desk) -> Files:
    """Reports > Export > CSV: a row a ticket, minutes on two clocks, dates of the account."""
    look = "%Y-%m-%d %H:%M"
    table = [
        {
            "Summation column": 1,
            "Id": ticket.number,
            "Requester": f"Caller {ticket.requester.number}",
            "Requester id": ticket.requester.number,
            "Requester external id": "-",
            "Requester email": ticket.requester.email,
            "Requester domain": "example.com",
            "Submitter": f"Caller {ticket.requester.number}",
            "Assignee": row.assignee.name if row.assignee else "-",
            "Group": row.group,
            "Subject": f"{desk.words.categories[ticket.category]}, again",
            "Tags": " ".join(ticket.tags),
            "Status": _STATUSES.get(row.status, row.status.capitalize()),
            "Priority": row.priority.capitalize(),
            "Via": _VIA[ticket.channel],
            "Ticket type": "Incident" if ticket.category == "bug" else "Question",
            "Created at": wall(desk, ticket.created, look),
            "Updated at": wall(desk, row.updated, look),
            "Assigned at": wall(desk, at_of(ticket.last("assignee")), look),
            "Organization": ticket.requester.organization or "-",
            "Due date": "",
            "Initially assigned at": wall(desk, at_of(first_of(ticket, "assignee")), look),
            "Solved at": wall(desk, row.solved, look),
            "Resolution time": "" if row.solved is None else round((row.solved - ticket.created) / 60, 2),
            "Satisfaction Score": {"unoffered": "Not Offered"}.get(ticket.rating or "unoffered")
            or str(ticket.rating).capitalize(),
            "Group stations": row.stations[1],
            "Assignee stations": row.stations[0],
            "Reopens": row.reopens,
            "Replies": row.replies,
            **_minutes(ticket, row, desk),
            "Category [list]": desk.words.categories[ticket.category],
            "Priority [list]": "P3",
            "Needs review [flag]": "0",
        }
        for ticket, row in rows(desk)
    ]
    return {"export-2026-04-01.csv": csv_of(table)}


def _minutes(ticket: Ticket, row: Summary, desk: Desk) -> Row:
    """The columns of minutes, each for the calendar and for business hours."""
    ends = {"First reply": row.first_reply, "First resolution": row.first_solve, "Full resolution": row.solved}
    taken = {name: ("", "") if end is None else _both(desk, ticket.created, end) for name, end in ends.items()}
    taken["Agent wait"] = row.waited(("pending",)), row.waited(("pending",), desk.hours)
    taken["Requester wait"] = requester_wait(row), requester_wait(row, desk.hours)
    taken["On hold"] = row.waited(("hold",)), row.waited(("hold",), desk.hours)
    endings = ("in minutes", "in minutes within business hours")
    return {
        f"{name} time {ending}": value
        for name, pair in taken.items()
        for ending, value in zip(endings, pair, strict=True)
    }


def _both(desk: Desk, start: int, end: int) -> tuple[object, object]:
    return end - start, desk.hours.between(start, end)


def zendesk_view(desk: Desk) -> Files:
    """A view saved as CSV: the columns of the view alone, and no minutes."""
    table = [
        {
            "ID": ticket.number,
            "Subject": f"{desk.words.categories[ticket.category]}, again",
            "Requester": f"Caller {ticket.requester.number}",
            "Requester domain": "example.com",
            "Assignee": row.assignee.name if row.assignee else "",
            "Group": row.group,
            "Status": _STATUSES.get(row.status, row.status.capitalize()),
            "Priority": row.priority.capitalize(),
            "Via": _VIA[ticket.channel],
            "Created at": wall(desk, ticket.created),
            "Initially assigned at": wall(desk, at_of(first_of(ticket, "assignee"))),
            "Updated at": wall(desk, row.updated),
            "Solved at": wall(desk, row.solved),
            "Satisfaction Score": str(ticket.rating or "unoffered").capitalize(),
            "Tags": " ".join(ticket.tags),
            "Category [list]": desk.words.categories[ticket.category],
        }
        for ticket, row in rows(desk)
    ]
    return {"view.csv": csv_of(table)}


def zendesk_explore(desk: Desk) -> Files:
    """A table of Explore: an attribute or a metric a column, instants without a zone."""
    look = "%Y-%m-%dT%H:%M:%S"

    def hours(ticket: Ticket, end: int | None) -> object:
        return "" if end is None else round((end - ticket.created) / 60, 2)

    table = [
        {
            "Ticket ID": ticket.number,
            "Ticket subject": f"{desk.words.categories[ticket.category]}, again",
            "Ticket status": _STATUSES.get(row.status, row.status.capitalize()),
            "Ticket priority": row.priority.capitalize(),
            "Ticket type": "Question",
            "Ticket group": row.group,
            "Ticket form": "Default",
            "Ticket channel": _VIA[ticket.channel],
            "Assignee name": row.assignee.name if row.assignee else "NULL",
            "Assignee ID": person_id(row.assignee) or "NULL",
            "Requester name": f"Caller {ticket.requester.number}",
            "Requester organization name": ticket.requester.organization or "NULL",
            "Ticket created - Timestamp": wall(desk, ticket.created, look),
            "Ticket first assigned - Timestamp": wall(desk, at_of(first_of(ticket, "assignee")), look),
            "Ticket assigned - Timestamp": wall(desk, at_of(ticket.last("assignee")), look),
            "Ticket solved - Timestamp": wall(desk, row.solved, look),
            "Ticket updated - Timestamp": wall(desk, row.updated, look),
            "First reply time (min)": "" if row.first_reply is None else row.first_reply - ticket.created,
            "First reply time (hrs)": hours(ticket, row.first_reply),
            "Full resolution time (hrs)": hours(ticket, row.solved),
            "Requester wait time (hrs)": round(requester_wait(row) / 60, 2),
            "Agent replies": row.replies,
            "Reopens": row.reopens,
            "Ticket satisfaction rating": str(ticket.rating or "unoffered").capitalize(),
            "Category": desk.words.categories[ticket.category],
        }
        for ticket, row in rows(desk)
    ]
    return {"explore.csv": csv_of(table)}


def at_of(event: Event | None) -> int | None:
    """When an event was, where it was at all."""
    return event.at if event else None


def first_of(ticket: Ticket, kind: str) -> Event | None:
    """The first event of a kind."""
    return next((event for event in ticket.events if event.kind == kind), None)


_RATED = FLAT - NO_RATINGS - {"reaction_time"}
LAYOUTS = (
    Layout(
        write=zendesk_csv,
        helpdesk="zendesk_csv",
        silent=_RATED - NO_TAGS - {"first_resolution_time", "agent_wait_time", "requester_wait_time", "reopen_rate"},
        is_local=True,
    ),
    Layout(write=zendesk_view, helpdesk="zendesk_csv", silent=_RATED - NO_TAGS | NO_REPLIES, is_local=True),
    Layout(
        write=zendesk_explore,
        helpdesk="zendesk_explore",
        silent=_RATED - {"requester_wait_time", "reopen_rate"},
        is_local=True,
    ),
)

"""ServiceNow: a list of incidents under names and under labels."""

from __future__ import annotations

from layouts.layout import FLAT, NO_REPLIES, Layout
from layouts.writing import Files, csv_of, rows
from supportkpi.demo.hours import instant
from supportkpi.demo.model import Desk, Ticket
from supportkpi.demo.summary import Summary


def _incident(ticket: Ticket, row: Summary, category: str, *, look: str) -> list[object]:
    def wall(at: int | None) -> str:
        return "" if at is None else instant(at).strftime(look)

    states = {"new": "New", "open": "In Progress", "pending": "Awaiting User Info", "hold": "On Hold"}
    numbers = {"urgent": "1 - Critical", "high": "2 - High", "normal": "3 - Moderate", "low": "4 - Low"}
    return [
        f"INC{ticket.number:07}",
        wall(ticket.created),
        f"Caller {ticket.requester.number}",
        numbers[row.priority],
        states.get(row.status) or {"solved": "Resolved"}.get(row.status, "Closed"),
        row.group,
        row.assignee.name if row.assignee else "",
        wall(row.updated),
        wall(row.solved),
        wall(row.solved if row.status == "closed" else None),
        row.reopens,
        category,
    ]


def servicenow_names(desk: Desk) -> Files:
    """An incident list of ServiceNow under the names of its fields."""
    head = "number opened_at caller_id priority state assignment_group assigned_to sys_updated_on resolved_at closed_at"
    names = [*head.split(), "reopen_count", "category"]
    found = [
        _incident(ticket, row, desk.words.categories[ticket.category], look="%Y-%m-%d %H:%M:%S")
        for ticket, row in rows(desk)
    ]
    return {"incident.csv": csv_of([dict(zip(names, one, strict=True)) for one in found])}


def servicenow_labels(desk: Desk) -> Files:
    """The same list under its labels, with the months before the days."""
    names = (
        "Number|Opened|Caller|Priority|State|Assignment group|Assigned to|Updated|Resolved|Closed|Reopen count|Category"
    )
    found = [
        _incident(ticket, row, desk.words.categories[ticket.category], look="%m-%d-%Y %H:%M:%S")
        for ticket, row in rows(desk)
    ]
    return {"incident.csv": csv_of([dict(zip(names.split("|"), one, strict=True)) for one in found])}


LAYOUTS = (
    Layout(write=servicenow_names, helpdesk="servicenow", silent=FLAT - {"reopen_rate"} | NO_REPLIES),
    Layout(write=servicenow_labels, helpdesk="servicenow", silent=FLAT - {"reopen_rate"} | NO_REPLIES),
)

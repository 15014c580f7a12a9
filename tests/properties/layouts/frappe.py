"""Frappe Helpdesk: the list of its tickets, as an export writes it under labels and under names."""

from __future__ import annotations

from layouts.layout import FLAT, NO_RATINGS, Layout
from layouts.writing import Files, csv_of, rows, wall
from supportkpi.demo.model import Desk, Ticket
from supportkpi.demo.summary import Summary

_STATUSES = {"new": "Open", "open": "Open", "pending": "Replied", "hold": "Replied", "solved": "Resolved"}
_STARS = {"good": 1.0, "bad": 0.4}
_NAMES = {
    "ID": "name",
    "Subject": "subject",
    "Raised By (Email)": "raised_by",
    "Status": "status",
    "Priority": "priority",
    "Ticket Type": "ticket_type",
    "Team": "agent_group",
    "SLA": "sla",
    "Response By": "response_by",
    "SLA Status": "agreement_status",
    "Resolution By": "resolution_by",
    "First Responded On": "first_responded_on",
    "First Response Time": "first_response_time",
    "Average Response Time": "avg_response_time",
    "Opening Date": "opening_date",
    "Opening Time": "opening_time",
    "Resolution Date": "resolution_date",
    "Resolution Time": "resolution_time",
    "User Resolution Time": "user_resolution_time",
    "Total Hold Time": "total_hold_time",
    "Contact": "contact",
    "Customer": "customer",
    "Via Customer Portal": "via_customer_portal",
    "Rating": "feedback_rating",
    "Ticket Merged": "is_merged",
    "Last Updated On": "modified",
}


def _responded(ticket: Ticket, row: Summary) -> int | None:
    """The first reply; of what is resolved without one the resolution."""
    return row.first_reply if row.first_reply is not None else row.first_solve


def _row(desk: Desk, ticket: Ticket, row: Summary) -> list[object]:
    hours, responded = desk.hours, _responded(ticket, row)
    answered = "" if responded is None else hours.between(ticket.created, responded) * 60
    solved = "" if row.solved is None else hours.between(ticket.created, row.solved) * 60
    held = row.waited(("pending", "hold"), hours) * 60
    return [
        ticket.number,
        "…",
        ticket.requester.email,
        _STATUSES.get(row.status, "Closed"),
        {"normal": "Medium"}.get(row.priority, row.priority.capitalize()),
        desk.words.categories[ticket.category],
        row.group,
        "Default",
        "",
        "",
        "",
        wall(desk, responded),
        answered,
        answered,
        wall(desk, ticket.created, "%Y-%m-%d"),
        wall(desk, ticket.created, "%H:%M:%S.000000"),
        wall(desk, row.solved),
        solved,
        "" if solved == "" else max(0, int(solved) - held),
        held,
        ticket.requester.name,
        ticket.requester.organization or "",
        int(ticket.channel == "web"),
        _STARS.get(ticket.rating or "", 0.0),
        0,
        wall(desk, row.updated, "%Y-%m-%d %H:%M:%S.000000"),
    ]


def frappe_labels(desk: Desk) -> Files:
    """The list under the labels of its fields, as the menu's export has it."""
    table = [dict(zip(_NAMES, _row(desk, ticket, row), strict=True)) for ticket, row in rows(desk)]
    return {"HD Ticket.csv": csv_of(table)}


def frappe_names(desk: Desk) -> Files:
    """The same under the names of its fields, as reports and the interface have them."""
    table = [dict(zip(_NAMES.values(), _row(desk, ticket, row), strict=True)) for ticket, row in rows(desk)]
    return {"hd_ticket.csv": csv_of(table)}


_SILENT = FLAT - NO_RATINGS | {"one_touch", "replies_per_ticket"}
_UNSAID = {
    "first_response_time": "to resolve an open ticket is a response there",
}
_STARRED = frozenset({"csat_mean"})
LAYOUTS = (
    Layout(
        write=frappe_labels,
        helpdesk="frappe",
        silent=_SILENT,
        otherwise=_UNSAID,
        lacks=frozenset({"offer"}),
        is_local=True,
        beyond=_STARRED,
    ),
    Layout(
        write=frappe_names,
        helpdesk="frappe",
        silent=_SILENT,
        otherwise=_UNSAID,
        lacks=frozenset({"offer"}),
        is_local=True,
        beyond=_STARRED,
    ),
)

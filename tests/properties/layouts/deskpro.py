"""Deskpro: its table of tickets, as a report writes it."""

from __future__ import annotations

from layouts.layout import FLAT, Layout
from layouts.writing import AGENTS, Files, csv_of, group_id, iso, person_id, rows
from supportkpi.demo.model import Desk, Event, Ticket
from supportkpi.demo.summary import Summary, requester_wait

_CREATED = {
    "email": "gateway.person",
    "web": "web.person.portal",
    "chat": "web.person.widget",
    "messenger": "web.api",
    "phone": "web.agent.portal",
}
_URGENCIES = {"urgent": 10, "high": 7, "normal": 4, "low": 1}


def _status(row: Summary) -> str:
    if row.status in ("closed", "deleted"):
        return {"closed": "archived"}.get(row.status, "hidden")
    return {"pending": "awaiting_user", "hold": "awaiting_user", "solved": "resolved"}.get(row.status, "awaiting_agent")


def _said(ticket: Ticket, role: str) -> list[Event]:
    return [event for event in ticket.events if event.kind == "message" and event.public and event.by.role == role]


def _first(ticket: Ticket, kind: str) -> int | None:
    return next((event.at for event in ticket.events if event.kind == kind), None)


def _closed(ticket: Ticket, row: Summary) -> int | None:
    return ticket.events[-1].at if row.status == "closed" else None


def _row(desk: Desk, ticket: Ticket, row: Summary) -> dict[str, object]:
    answers, asked = _said(ticket, "agent"), _said(ticket, "customer")
    waited = None if row.first_reply is None else row.first_reply - ticket.created
    in_hours = None if row.first_reply is None else desk.hours.between(ticket.created, row.first_reply)
    return {
        "id": ticket.number,
        "ref": f"{ticket.number % 10_000:04}-ABCD-{ticket.number}",
        "subject": "…",
        "auth": "…",
        "status": _status(row),
        "hidden_status": "spam" if row.status == "deleted" else "",
        "is_hold": int(row.status == "hold"),
        "department": row.group,
        "department_id": group_id(desk, row.group),
        "category": desk.words.categories[ticket.category],
        "category_id": list(desk.words.categories).index(ticket.category),
        "person_id": ticket.requester.number,
        "organization": ticket.requester.organization or "",
        "agent_id": "" if row.assignee is None else person_id(row.assignee),
        "agent_team_id": "" if row.assignee is None else AGENTS + row.assignee.line,
        "urgency": _URGENCIES[row.priority],
        "creation_system": _CREATED[ticket.channel],
        "date_created": iso(ticket.created),
        "date_first_agent_assign": iso(_first(ticket, "assignee")),
        "date_first_agent_reply": iso(row.first_reply),
        "date_last_agent_reply": iso(answers[-1].at if answers else None),
        "date_last_user_reply": iso(asked[-1].at if asked else None),
        "date_user_waiting": "",
        "date_resolved": iso(row.solved),
        "date_archived": iso(_closed(ticket, row)),
        "date_status": iso(next(event.at for event in reversed(ticket.events) if event.kind == "status")),
        "total_user_waiting": requester_wait(row) * 60,
        "total_to_first_reply": "" if waited is None else waited * 60,
        "total_to_first_reply_wh": "" if in_hours is None else in_hours * 60,
        "feedback_rating": "",
        "count_agent_replies": len(answers),
        "count_user_replies": len(asked),
        "worst_sla_status": "ok",
    }


def deskpro(desk: Desk) -> Files:
    """The table of tickets as CSV, each state with its last instant."""
    return {"tickets.csv": csv_of([_row(desk, ticket, row) for ticket, row in rows(desk)])}


LAYOUTS = (
    Layout(
        write=deskpro,
        helpdesk="deskpro",
        silent=FLAT - {"reaction_time", "requester_wait_time"},
        has_priority=False,
        fates=frozenset({"spam", "test"}),
    ),
)

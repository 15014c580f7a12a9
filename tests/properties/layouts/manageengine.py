"""ManageEngine ServiceDesk Plus: requests as version 3 of the interface lists them."""

from __future__ import annotations

from layouts.layout import FLAT, Layout
from layouts.writing import DONE, Files, json_of, person_id, rows, unix, wall
from supportkpi.demo.model import Desk, Ticket
from supportkpi.demo.summary import Summary

_STATUSES = {"pending": "Onhold", "hold": "Onhold", "solved": "Resolved", "closed": "Closed"}
_MODES = {"email": "E-Mail", "web": "Web Form", "chat": "Chat", "messenger": "Chat", "phone": "Phone Call"}


def _time(desk: Desk, at: int | None) -> dict[str, object] | None:
    """An instant in words and in milliseconds, these as text."""
    if at is None:
        return None
    return {"display_value": wall(desk, at, "%b %d, %Y %I:%M %p"), "value": f"{unix(at)}000"}


def _named(number: int, name: str) -> dict[str, object]:
    return {"id": str(100_000 + number), "name": name}


def _request(desk: Desk, ticket: Ticket, row: Summary) -> dict[str, object]:
    agent, first = row.assignee, next((event.at for event in ticket.events if event.kind == "assignee"), None)
    closed = ticket.events[-1].at if row.status == "closed" else None
    level = ticket.last("level")
    return {
        "id": str(100_000_000 + ticket.number),
        "display_id": str(ticket.number),
        "subject": "…",
        "short_description": "…",
        "requester": {
            "id": str(ticket.requester.number),
            "name": ticket.requester.name,
            "email_id": ticket.requester.email,
        },
        "technician": agent and {"id": str(person_id(agent)), "name": agent.name, "email_id": agent.email},
        "status": _named(1, _STATUSES.get(row.status, "Open")) | {"in_progress": row.status not in DONE},
        "category": _named(2, desk.words.categories[ticket.category]),
        "subcategory": None,
        "item": None,
        "priority": _named(3, row.priority.capitalize()),
        "urgency": None,
        "impact": None,
        "department": ticket.requester.organization and _named(4, ticket.requester.organization),
        "site": None,
        "mode": _named(5, _MODES[ticket.channel]),
        "group": _named(6, row.group),
        "level": _named(7, f"Tier {level.value if level else 1}"),
        "request_type": _named(8, "Incident"),
        "created_time": _time(desk, ticket.created),
        "assigned_time": _time(desk, first),
        "responded_time": _time(desk, row.first_reply),
        "resolved_time": _time(desk, row.solved),
        "completed_time": _time(desk, closed),
        "due_by_time": None,
        "first_response_due_by_time": None,
        "last_updated_time": _time(desk, row.updated),
        "time_elapsed": "0",
        "is_first_response_overdue": False,
        "is_overdue": False,
        "is_fcr": False,
        "is_reopened": row.reopens > 0,
        "is_escalated": level is not None and level.value == "2",
        "is_service_request": False,
        "unreplied_count": 0,
        "resolution": None,
    }


def manageengine_json(desk: Desk) -> Files:
    """Requests of the interface."""
    found = [_request(desk, ticket, row) for ticket, row in rows(desk)]
    info = {"has_more_rows": False, "start_index": 1, "row_count": len(found)}
    status = [{"status_code": 2000, "status": "success"}]
    return {"requests.json": json_of({"requests": found, "list_info": info, "response_status": status})}


LAYOUTS = (
    Layout(
        write=manageengine_json,
        helpdesk="manageengine_sdp",
        silent=FLAT - {"escalation_rate", "reopen_rate"} | {"one_touch", "replies_per_ticket"},
        otherwise={"escalation_rate": "that it was escalated is told, how is not"},
    ),
)

"""Okdesk: issues one a line, with and without comments."""

from __future__ import annotations

from itertools import count

from layouts.layout import FLAT, NO_RATINGS, NO_REPLIES, Layout
from layouts.writing import Files, companies, json_of, last_end, person_id, rows
from supportkpi.demo.hours import instant
from supportkpi.demo.model import Desk, Event, Ticket
from supportkpi.demo.summary import Summary

_CODES = {"new": "opened", "open": "opened", "pending": "delayed", "hold": "delayed", "solved": "completed"}
_NAMES = {"opened": "Открыта", "delayed": "Отложена", "completed": "Решена", "closed": "Закрыта"}
_PRIORITIES = {"low": "Низкий", "normal": "Обычный", "high": "Высокий", "urgent": "Критический"}


def _at(desk: Desk, minute: int | None) -> str | None:
    """The clock of the account, with its distance from Greenwich."""
    if minute is None:
        return None
    return instant(minute).astimezone(desk.hours.zone).isoformat(timespec="milliseconds")


def _code(word: str | None) -> str:
    return _CODES.get(word or "new", "closed")


def _spells(ticket: Ticket, desk: Desk) -> dict[str, tuple[int, int]]:
    """Minutes in each state, on the calendar and within office hours."""
    statuses = [event for event in ticket.events if event.kind == "status"]
    ends = [*(event.at for event in statuses[1:]), desk.until]
    found: dict[str, tuple[int, int]] = {}
    for event, end in zip(statuses, ends, strict=True):
        whole, office = found.get(_code(event.value), (0, 0))
        found[_code(event.value)] = (whole + end - event.at, office + desk.hours.between(event.at, end))
    return found


def _words(minutes: int) -> str:
    return f"{minutes // 1440} д., {minutes % 1440 // 60} ч., {minutes % 60} м."


def _issue(ticket: Ticket, row: Summary, desk: Desk) -> dict[str, object]:
    said = [event.at for event in ticket.events if event.kind == "message"]
    firms, group, assignee = companies(desk), desk.words.groups.index(row.group) + 1, row.assignee
    statuses = [event for event in ticket.events if event.kind == "status"]
    codes = [_code(event.value) for event in statuses]
    return {
        "id": ticket.number,
        "title": "A question",
        "description": "",
        "created_at": _at(desk, ticket.created),
        "completed_at": _at(desk, last_end(ticket)),
        "deadline_at": _at(desk, ticket.created + 3 * 1440),
        "source": "from_employee" if ticket.channel == "phone" else "from_client",
        "spent_time_total": 0,
        "start_execution_until": None,
        "planned_execution_in_hours": None,
        "planned_reaction_at": _at(desk, ticket.created + 60),
        "reacted_at": _at(desk, row.first_reply),
        "updated_at": _at(desk, row.updated),
        "delayed_to": None,
        "company_id": firms.get(ticket.requester.organization or ""),
        "group_id": group,
        "service_object_id": None,
        "equipment_ids": [],
        "attachments": [],
        "status_times": {
            code: {"total": _words(whole), "on_schedule_total": _words(office)}
            for code, (whole, office) in _spells(ticket, desk).items()
        },
        "parameters": [],
        "comments": {"count": len(said), "last_at": _at(desk, said[-1])},
        "parent_id": None,
        "child_ids": [],
        "type": {"id": 2, "code": ticket.category, "name": desk.words.categories[ticket.category]},
        "priority": {"code": row.priority, "name": _PRIORITIES[row.priority]},
        "status": {"code": codes[-1], "name": _NAMES[codes[-1]]},
        "old_status": {"code": codes[-2], "name": _NAMES[codes[-2]]} if len(codes) > 1 else None,
        "rate": {"id": ticket.number, "value": ticket.rating} if ticket.rating in ("good", "bad") else None,
        "address": None,
        "observers": [],
        "observer_groups": [],
        "contact": {"id": ticket.requester.number, "name": ticket.requester.name},
        "agreement": None,
        "assignee": {"id": person_id(assignee), "name": assignee.name} if assignee else None,
        "author": {"id": ticket.requester.number, "name": ticket.requester.name, "type": "contact"},
    }


def _comment(ticket: Ticket, event: Event, number: int, desk: Desk) -> dict[str, object]:
    by_contact = event.by.role == "customer"
    author = {"id": person_id(event.by) or 1, "name": event.by.name, "type": "contact" if by_contact else "employee"}
    if event.by.role not in ("customer", "agent"):
        author["name"] = f"{event.by.role}-{event.by.number}"
    return {
        "id": number,
        "issue_id": ticket.number,
        "content": "…",
        "public": event.public,
        "published_at": _at(desk, event.at),
        "attachments": [],
        "author": author,
    }


def _comments(desk: Desk) -> dict[int, list[dict[str, object]]]:
    numbers = count(3_001)
    return {
        ticket.number: [_comment(ticket, one, next(numbers), desk) for one in ticket.events if one.kind == "message"]
        for ticket in desk.tickets
    }


def okdesk_list(desk: Desk) -> Files:
    """Issues, one a line: the first reaction, the completion, the time in each state in words."""
    lines = [json_of(_issue(ticket, row, desk)) for ticket, row in rows(desk)]
    return {"issues_list.jsonl": b"\n".join(lines) + b"\n"}


def okdesk_json(desk: Desk) -> Files:
    """Issues with their comments in them."""
    said = _comments(desk)
    issues = [{**_issue(ticket, row, desk), "comments": said[ticket.number]} for ticket, row in rows(desk)]
    return {"issues.json": json_of(issues)}


def okdesk_comments(desk: Desk) -> Files:
    """Issues, and the comments of all of them in a file of their own."""
    said = [one for several in _comments(desk).values() for one in several]
    issues = [_issue(ticket, row, desk) for ticket, row in rows(desk)]
    return {"issues.json": json_of(issues), "comments.json": json_of(said)}


_OWN = {"new": "open", "pending": "hold"}
_LACKS = frozenset({"offer"})
_STARS = frozenset({"csat_mean"})
_UNCOUNTED = NO_REPLIES - {"first_response_time"}
_SAID = frozenset({"bot_resolution_rate", "case_duration", "next_response_time"})
LAYOUTS = (
    Layout(
        write=okdesk_list,
        helpdesk="okdesk_json",
        silent=FLAT - NO_RATINGS | _UNCOUNTED,
        states=_OWN,
        lacks=_LACKS,
        beyond=_STARS,
        satisfied_from=3,
    ),
    *(
        Layout(
            write=write,
            helpdesk="okdesk_json",
            silent=FLAT - NO_RATINGS - _SAID,
            states=_OWN,
            lacks=_LACKS,
            otherwise={
                "bot_resolution_rate": "who completed an issue is not told",
                "case_duration": "when a completed issue was closed is not told",
            },
            beyond=_STARS,
            satisfied_from=3,
        )
        for write in (okdesk_json, okdesk_comments)
    ),
)

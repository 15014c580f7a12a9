"""Omnidesk: cases with their messages and changes, in one document and in a folder, and as they are listed."""

from __future__ import annotations

from email.utils import format_datetime
from itertools import count
from zoneinfo import ZoneInfo

from layouts.layout import FLAT, NO_LINES, NO_RATINGS, NO_REPLIES, NO_TAGS, Layout
from layouts.writing import AGENTS, GROUPS, Files, json_of, person_id, rows
from supportkpi.demo.hours import instant
from supportkpi.demo.model import Desk, Event, Person, Ticket
from supportkpi.demo.summary import Summary
from supportkpi.demo.words import WORDS

_STATUSES = {"new": "open", "open": "open", "pending": "waiting", "hold": "waiting"}
_CHANNELS = {"email": "email", "web": "web", "chat": "chat", "messenger": "cch21", "phone": "call"}
_PRIORITIES = {"urgent": "critical"}
_LABELS = ["vip", "spam", *WORDS["en"].categories]
_MOSCOW = ZoneInfo("Europe/Moscow")


def _status(word: str | None) -> str:
    return _STATUSES.get(word or "new", "closed")


def _at(minute: int) -> str:
    return format_datetime(instant(minute).astimezone(_MOSCOW))


def _number(ticket: Ticket) -> str:
    return f"{ticket.number // 100:03}-{ticket.number:06}"


def _case(ticket: Ticket, row: Summary, desk: Desk) -> dict[str, object]:
    rated = ticket.rating in ("good", "bad")
    return {
        "case_id": 2_000_000 + ticket.number,
        "case_number": _number(ticket),
        "subject": "A question",
        "user_id": ticket.requester.number,
        "staff_id": person_id(row.assignee) or 0,
        "group_id": GROUPS + desk.words.groups.index(row.group),
        "status": _status(row.status),
        "priority": _PRIORITIES.get(row.priority, row.priority),
        "channel": _CHANNELS[ticket.channel],
        "recipient": "help@example.com",
        "cc_emails": "",
        "bcc_emails": "",
        "deleted": False,
        "spam": ticket.exclusion == "spam",
        "created_at": _at(ticket.created),
        "updated_at": _at(row.updated),
        "closing_speed": "-" if row.solved is None else row.solved - ticket.created,
        "parent_case_id": 0,
        "language_id": 2,
        "custom_fields": {"cf_25": desk.words.categories[ticket.category]},
        "labels": [_LABELS.index(tag) + 101 for tag in ticket.tags],
        "rating": {"good": "high", "bad": "low"}.get(ticket.rating or ""),
        "rating_comment": "",
        "rated_staff_id": person_id(row.assignee) if rated else 0,
    }


def _message(event: Event, number: int) -> dict[str, object]:
    by_user, by_agent = event.by.role == "customer", event.by.role == "agent"
    return {
        "message_id": number,
        "user_id": event.by.number if by_user else 0,
        "staff_id": person_id(event.by) if by_agent else 0,
        "content": "…",
        "content_html": "",
        "attachments": [],
        "note": not event.public,
        "sent_via_rule": not (by_user or by_agent),
        "created_at": _at(event.at),
        "sent_at": _at(event.at),
    }


def _by(person: Person) -> str:
    if person.role == "agent":
        return f"staff_{AGENTS + person.number}"
    return f"user_{person.number}" if person.role == "customer" else "rule_10042"


def _change(event: Event, desk: Desk) -> dict[str, object] | None:
    groups = {name: str(GROUPS + place) for place, name in enumerate(desk.words.groups)}
    if event.kind == "assignee":
        people = [desk.people[name] if name else None for name in (event.old, event.value)]
        old, new = (str(person_id(person) or 0) for person in people)
        told = {"event": "staff", "old_value": old, "value": new}
    elif event.old is None or event.value is None:
        return None
    elif event.kind == "status" and _status(event.old) != _status(event.value):
        told = {"event": "status", "old_value": _status(event.old), "value": _status(event.value)}
    elif event.kind == "priority":
        old, new = (_PRIORITIES.get(one, one) for one in (event.old, event.value))
        told = {"event": "priority", "old_value": old, "value": new}
    elif event.kind == "group":
        told = {"event": "group", "old_value": groups[event.old], "value": groups[event.value]}
    else:
        return None
    return {**told, "done_by": _by(event.by), "created_at": _at(event.at)}


def _numbered(name: str, found: list[dict[str, object]]) -> dict[str, object]:
    return {**{str(place): {name: one} for place, one in enumerate(found)}, "total_count": len(found)}


def _parts(desk: Desk) -> list[tuple[Ticket, dict[str, object], dict[str, object], list[dict[str, object]]]]:
    """Each case with its messages and its changes."""
    numbers = count(9_001)
    found = []
    for ticket, row in rows(desk):
        said = [_message(event, next(numbers)) for event in ticket.events if event.kind == "message"]
        changed = [change for event in ticket.events if (change := _change(event, desk))]
        found.append((ticket, _case(ticket, row, desk), _numbered("message", said), changed))
    return found


def omnidesk_json(desk: Desk) -> Files:
    """Cases, each with its messages and its changelog in it."""
    cases = [{**case, "messages": said, "changelog": changed} for _, case, said, changed in _parts(desk)]
    return {"cases.json": json_of(_numbered("case", cases))}


def omnidesk_folder(desk: Desk) -> Files:
    """Cases with their messages, staff and groups, and for each case a file of its changes, named after it."""
    parts = _parts(desk)
    files = {"cases.json": json_of(_numbered("case", [{**case, "messages": said} for _, case, said, _ in parts]))}
    groups = [{"group_id": GROUPS + place, "group_title": name} for place, name in enumerate(desk.words.groups)]
    agents = [person for person in desk.people.values() if person.role == "agent"]
    staff = [{"staff_id": person_id(one), "staff_full_name": one.name, "staff_email": one.email} for one in agents]
    files |= {"groups.json": json_of(_numbered("group", groups)), "staff.json": json_of(_numbered("staff", staff))}
    for _, case, _, changed in parts:
        files[f"changelog/{case['case_id']}.json"] = json_of({"changelog": changed})
    return files


def omnidesk_list(desk: Desk) -> Files:
    """Cases as they are listed: nothing says when one was answered or closed."""
    return {"cases.json": json_of(_numbered("case", [case for _, case, _, _ in _parts(desk)]))}


_CUSTOM = {"first_contact_resolution": "which messenger or other thing a channel cch21 is, is not told"}
_NO_NAMES = dict.fromkeys(NO_LINES, "groups are numbers, which the config does not know by name")
_STARS = frozenset({"csat_mean"})
_OWN = {"new": "open", "hold": "pending", "closed": "solved"}
_LACKS = frozenset({"category", "offer"})
LAYOUTS = (
    *(
        Layout(
            write=write,
            helpdesk="omnidesk_json",
            otherwise={**_CUSTOM, **names},
            states=_OWN,
            lacks=_LACKS,
            fates=frozenset({"spam", "agent"}),
            beyond=_STARS,
            satisfied_from=3,
        )
        for write, names in ((omnidesk_json, _NO_NAMES), (omnidesk_folder, {}))
    ),
    Layout(
        write=omnidesk_list,
        helpdesk="omnidesk_json",
        silent=FLAT - NO_RATINGS - NO_TAGS | NO_REPLIES | {"closure_ratio", "repeat_contact_rate", "resolution_time"},
        states=_OWN,
        lacks=_LACKS,
        otherwise={
            "csat": "without the day of the solution a rating counts in the month of its case",
        },
        beyond=_STARS,
        fates=frozenset({"spam"}),
        satisfied_from=3,
    ),
)

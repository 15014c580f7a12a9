"""Kayako: cases as the interface lists them, with their posts and without."""

from __future__ import annotations

from collections.abc import Iterator

from layouts.layout import FLAT, NO_RATINGS, NO_REPLIES, NO_TAGS, Layout
from layouts.writing import Files, json_of, person_id, rows
from supportkpi.demo.hours import instant
from supportkpi.demo.model import Desk, Event, Person, Ticket
from supportkpi.demo.summary import Summary

_STATUSES = {"pending": "Pending", "hold": "Pending", "solved": "Completed", "closed": "Closed"}
_CHANNELS = {"email": "MAIL", "web": "HELPCENTER", "chat": "MESSENGER", "messenger": "FACEBOOK", "phone": "NOTE"}
_RATINGS = {"good": "GOOD", "bad": "BAD"}


def _at(minute: int | None) -> str | None:
    return None if minute is None else f"{instant(minute):%Y-%m-%dT%H:%M:%S+00:00}"


def _person(person: Person | None) -> dict[str, object] | None:
    if person is None:
        return None
    firm = {"id": 3, "name": person.organization, "resource_type": "organization"} if person.organization else None
    named = {"id": person_id(person) or 1, "full_name": person.name, "resource_type": "user"}
    return {**named, "organization": firm} if person.role == "customer" else named


def _channel(word: str) -> dict[str, object]:
    return {"uuid": "…", "type": word, "character_limit": None, "resource_type": "channel"}


def _posts(ticket: Ticket) -> Iterator[dict[str, object]]:
    for place, event in reversed([*enumerate(ticket.events)]):
        if event.kind == "message":
            yield _post(ticket, event, ticket.number * 100 + place)


def _post(ticket: Ticket, event: Event, number: int) -> dict[str, object]:
    sort = "case_message" if event.public else "note"
    return {
        "id": number,
        "uuid": "…",
        "client_id": "",
        "subject": "…",
        "contents": "…",
        "creator": _person(event.by),
        "identity": None,
        "source_channel": _channel(_CHANNELS[ticket.channel] if event.public else "NOTE"),
        "attachments": [],
        "original": {"id": number, "resource_type": sort},
        "is_requester": event.by == ticket.requester,
        "created_at": _at(event.at),
        "updated_at": _at(event.at),
        "resource_type": "post",
    }


def _case(desk: Desk, ticket: Ticket, row: Summary) -> dict[str, object]:
    word = _STATUSES.get(row.status, "Open" if row.status == "deleted" else row.status.capitalize())
    closed = ticket.events[-1].at if row.status == "closed" else None
    stars = _RATINGS.get(ticket.rating or "")
    return {
        "id": ticket.number,
        "legacy_id": None,
        "subject": "…",
        "portal": "API",
        "source_channel": _channel(_CHANNELS[ticket.channel]),
        "requester": _person(ticket.requester),
        "creator": _person(ticket.events[0].by),
        "identity": {"id": 1, "resource_type": "identity_email"},
        "assigned_agent": _person(row.assignee),
        "assigned_team": {"id": desk.words.groups.index(row.group) + 1, "title": row.group, "resource_type": "team"},
        "brand": {"id": 1, "name": "Main"},
        "status": {"id": 1, "label": word, "type": word.upper(), "resource_type": "case_status"},
        "priority": {"id": 1, "label": row.priority.capitalize(), "resource_type": "case_priority"},
        "type": {"id": 1, "label": desk.words.categories[ticket.category], "type": "CUSTOM"},
        "sla_metrics": [],
        "state": "TRASH" if row.status == "deleted" else "ACTIVE",
        "post_count": sum(event.kind == "message" for event in ticket.events),
        "has_notes": False,
        "is_merged": ticket.merged_into is not None,
        "rating": stars,
        "rating_status": "RECEIVED" if stars else "OFFERED" if ticket.rating == "offered" else "UNOFFERED",
        "tags": [{"id": place, "name": tag, "resource_type": "tag"} for place, tag in enumerate(ticket.tags)],
        "last_post_type": "PUBLIC",
        "last_completed_at": _at(row.solved),
        "last_closed_at": _at(closed),
        "last_agent_activity_at": _at(row.updated),
        "last_customer_activity_at": _at(ticket.created),
        "last_reply_by_agent_at": None,
        "last_reply_by_requester_at": None,
        "created_at": _at(ticket.created),
        "updated_at": _at(row.updated),
        "resource_type": "case",
    }


def _answer(found: list[dict[str, object]]) -> bytes:
    about = {"resource": "case", "offset": 0, "limit": 5000, "total_count": len(found)}
    return json_of({"status": 200, "data": found, **about})


def kayako_list(desk: Desk) -> Files:
    """Cases of the interface, asked for with what they include."""
    return {"cases.json": _answer([_case(desk, ticket, row) for ticket, row in rows(desk)])}


def kayako_json(desk: Desk) -> Files:
    """Cases, each with its posts, newest first."""
    found = [{**_case(desk, ticket, row), "posts": [*_posts(ticket)]} for ticket, row in reversed(rows(desk))]
    return {"cases.json": _answer(found)}


_FATES = frozenset({"spam", "merged", "agent", "test"})
_LISTED = FLAT - NO_RATINGS - NO_TAGS
LAYOUTS = (
    Layout(write=kayako_list, helpdesk="kayako", silent=_LISTED | NO_REPLIES, fates=_FATES),
    Layout(
        write=kayako_json,
        helpdesk="kayako",
        silent=_LISTED - {"bot_resolution_rate", "case_duration", "next_response_time"},
        otherwise={"bot_resolution_rate": "who completed a case is not told"},
        fates=_FATES,
    ),
)

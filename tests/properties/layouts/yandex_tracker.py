"""Yandex Tracker: issues with changelog and comments, of a desk that works in it and of one that answers by e-mail."""

from __future__ import annotations

from itertools import count, groupby

from layouts.layout import FLAT, NO_RATINGS, NO_REPLIES, NO_TAGS, Layout
from layouts.writing import Files, called, json_of, last_end, person_id, rows
from supportkpi.demo.hours import instant
from supportkpi.demo.model import Desk, Event, Person, Ticket
from supportkpi.demo.summary import Summary

_STATUSES = {
    "new": ("new", "Новый"),
    "open": ("inProgress", "В работе"),
    "pending": ("needInfo", "Требуется информация"),
    "hold": ("onHold", "Приостановлен"),
    "solved": ("resolved", "Решен"),
    "closed": ("closed", "Закрыт"),
}
_PRIORITIES = {
    "urgent": ("blocker", "Блокер"),
    "high": ("critical", "Критичный"),
    "normal": ("normal", "Средний"),
    "low": ("minor", "Низкий"),
}
_HOST = "https://api.tracker.yandex.net/v2"


def _at(minute: int | None) -> str | None:
    return None if minute is None else f"{instant(minute):%Y-%m-%dT%H:%M:%S.000+0000}"


def _user(person: Person) -> dict[str, object]:
    number = str(person_id(person) or 1)
    return {"self": f"{_HOST}/users/{number}", "id": number, "display": called(person)}


def _thing(sort: str, number: int, key: str, display: str) -> dict[str, object]:
    return {"self": f"{_HOST}/{sort}/{number}", "id": str(number), "key": key, "display": display}


def _status(word: str | None) -> dict[str, object]:
    return _thing("statuses", list(_STATUSES).index(word or "new") + 1, *_STATUSES[word or "new"])


def _priority(word: str | None) -> dict[str, object]:
    return _thing("priorities", list(_PRIORITIES).index(word or "normal") + 1, *_PRIORITIES[word or "normal"])


def _queue(desk: Desk, name: str) -> dict[str, object]:
    place = desk.words.groups.index(name) + 1
    return _thing("queues", place, f"SUP{place}", name)


def _key(ticket: Ticket) -> str:
    return f"SUP1-{ticket.number}"


def _issue(ticket: Ticket, row: Summary, desk: Desk) -> dict[str, object]:
    statuses = [event for event in ticket.events if event.kind == "status"]
    found = {
        "self": f"{_HOST}/issues/{_key(ticket)}",
        "id": f"593cd{ticket.number}",
        "key": _key(ticket),
        "version": len(ticket.events),
        "summary": "A question",
        "aliases": [],
        "createdAt": _at(ticket.created),
        "updatedAt": _at(row.updated),
        "createdBy": _user(ticket.requester),
        "updatedBy": _user(ticket.events[-1].by),
        "assignee": _user(row.assignee) if row.assignee else None,
        "followers": [],
        "queue": _queue(desk, row.group),
        "type": _thing("issuetypes", 2, ticket.category, desk.words.categories[ticket.category]),
        "priority": _priority(row.priority),
        "status": _status(row.status),
        "previousStatus": _status(statuses[-2].value) if len(statuses) > 1 else None,
        "statusStartTime": _at(statuses[-1].at),
        "resolvedAt": _at(last_end(ticket) if row.solved is not None else None),
        "tags": list(ticket.tags),
        "votes": 0,
        "favorite": False,
    }
    return {name: value for name, value in found.items() if value is not None}


def _field(event: Event, desk: Desk) -> dict[str, object] | None:
    if event.kind == "assignee":
        people = [desk.people[name] if name else None for name in (event.old, event.value)]
        ends = [_user(person) if person else None for person in people]
    elif event.old is None or event.kind not in ("status", "priority", "group"):
        return None
    elif event.kind == "group":
        ends = [_queue(desk, value or "") for value in (event.old, event.value)]
    else:
        write = _status if event.kind == "status" else _priority
        ends = [write(value) for value in (event.old, event.value)]
    name = {"group": "queue"}.get(event.kind, event.kind)
    field = {"self": f"{_HOST}/fields/{name}", "id": name, "display": name}
    return {"field": field, "from": ends[0], "to": ends[1]}


def _changelog(ticket: Ticket, desk: Desk) -> list[dict[str, object]]:
    """What one person changed at one minute is one entry; the first one tells of the creation."""
    issue = {"self": f"{_HOST}/issues/{_key(ticket)}", "id": f"593cd{ticket.number}", "key": _key(ticket)}
    status = {"field": {"self": "", "id": "status", "display": "status"}, "from": None, "to": _status("new")}
    base = {"self": f"{_HOST}/issues/{_key(ticket)}/changelog", "issue": issue, "transport": "front"}
    head = {"updatedAt": _at(ticket.created), "updatedBy": _user(ticket.requester), "type": "IssueCreated"}
    told: list[dict[str, object]] = [{**base, "id": f"{ticket.number}-0", **head, "fields": [status]}]
    for (at, name), events in groupby(ticket.events, key=lambda one: (one.at, one.by.name)):
        fields = [field for event in events if (field := _field(event, desk))]
        if fields:
            is_status = any(field["field"]["id"] == "status" for field in fields)  # type: ignore[index]
            sort = "IssueWorkflow" if is_status else "IssueUpdated"
            by = {"updatedAt": _at(at), "updatedBy": _user(desk.people[name]), "type": sort}
            told.append({**base, "id": f"{ticket.number}-{len(told)}", **by, "fields": fields})
    return told


def _comment(ticket: Ticket, event: Event, number: int, *, by_mail: bool) -> dict[str, object]:
    sort = "incoming" if event.by.role == "customer" else "outcoming"
    is_mail = by_mail and event.public
    return {
        "self": f"{_HOST}/issues/{_key(ticket)}/comments/{number}",
        "id": number,
        "longId": f"5fa{number}",
        "text": "…",
        "createdBy": _user(event.by),
        "updatedBy": _user(event.by),
        "createdAt": _at(event.at),
        "updatedAt": _at(event.at),
        "version": 1,
        "type": sort if is_mail else "standard",
        "transport": "email" if is_mail else "internal",
    }


def _comments(ticket: Ticket, numbers: count[int], *, by_mail: bool) -> list[dict[str, object]]:
    """The comments; the issue itself is the first message, and in the interface there are no notes."""
    said = [event for event in ticket.events if event.kind == "message"][1:]
    return [_comment(ticket, one, next(numbers), by_mail=by_mail) for one in said if by_mail or one.public]


def yandex_tracker_json(desk: Desk) -> Files:
    """Issues of a desk whose customers use the interface too, each with its changelog and its comments."""
    numbers = count(1)
    issues = [
        {
            **_issue(ticket, row, desk),
            "changelog": _changelog(ticket, desk),
            "comments": _comments(ticket, numbers, by_mail=False),
        }
        for ticket, row in rows(desk)
    ]
    return {"issues.json": json_of(issues)}


def yandex_tracker_mail(desk: Desk) -> Files:
    """Issues of a desk that answers by e-mail; the changelog of all of them in a file of its own."""
    numbers = count(1)
    issues = [
        {**_issue(ticket, row, desk), "comments": _comments(ticket, numbers, by_mail=True)}
        for ticket, row in rows(desk)
    ]
    told = [one for ticket in desk.tickets for one in _changelog(ticket, desk)]
    return {"issues.json": json_of(issues), "changelog.json": json_of(told)}


def yandex_tracker_list(desk: Desk) -> Files:
    """Issues as they are listed."""
    return {"issues.json": json_of([_issue(ticket, row, desk) for ticket, row in rows(desk)])}


LAYOUTS = (
    Layout(write=yandex_tracker_json, helpdesk="yandex_tracker_json", silent=NO_RATINGS, lacks=frozenset({"channel"})),
    Layout(write=yandex_tracker_mail, helpdesk="yandex_tracker_json", silent=NO_RATINGS, lacks=frozenset({"channel"})),
    Layout(write=yandex_tracker_list, helpdesk="yandex_tracker_json", silent=FLAT - NO_TAGS | NO_REPLIES),
)

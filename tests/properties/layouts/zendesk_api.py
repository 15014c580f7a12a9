"""Zendesk: tickets as its interface lists them, with audits, with comments, or with metrics and ratings alone."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import count, groupby

from layouts.layout import NO_LINES, Layout
from layouts.writing import Files, companies, group_id, json_of, person_id, rated_at, rows, zulu
from layouts.zendesk_lists import at_of, first_of, zendesk_view
from supportkpi.demo.model import Desk, Event, Person, Ticket
from supportkpi.demo.summary import Summary, requester_wait

_VIA = {"email": "email", "web": "web", "chat": "chat", "messenger": "native_messaging", "phone": "voice"}
_FIELDS = {"status": "status", "priority": "priority", "assignee": "assignee_id", "group": "group_id"}
_METRICS = ("agent_work_time", "pausable_update_time", "periodic_update_time", "reply_time", "requester_wait_time")
_SYSTEM = -1
_NOWHERE: Mapping[str, object] = {"from": {}, "to": {}, "rel": None}
_ANSWER_BOT = {"channel": "answer_bot_for_web_widget", "source": _NOWHERE}
Json = Mapping[str, object]


def _id(person: Person | None) -> object:
    if person is None:
        return None
    return _SYSTEM if person.role == "system" else person_id(person)


def _ticket(ticket: Ticket, row: Summary, desk: Desk) -> dict[str, object]:
    firms = companies(desk)
    return {
        "url": f"https://example.zendesk.com/api/v2/tickets/{ticket.number}.json",
        "id": ticket.number,
        "external_id": None,
        "via": {"channel": _VIA[ticket.channel], "source": _NOWHERE},
        "created_at": zulu(ticket.created),
        "updated_at": zulu(row.updated),
        "generated_timestamp": 1_775_000_000,
        "type": "question",
        "subject": "…",
        "raw_subject": "…",
        "description": "…",
        "priority": row.priority,
        "status": row.status,
        "recipient": None,
        "requester_id": _id(ticket.requester),
        "submitter_id": _id(ticket.events[0].by),
        "assignee_id": _id(row.assignee),
        "organization_id": firms.get(ticket.requester.organization or ""),
        "group_id": group_id(desk, row.group),
        "collaborator_ids": [],
        "follower_ids": [],
        "problem_id": None,
        "has_incidents": False,
        "is_public": True,
        "due_at": None,
        "tags": list(ticket.tags),
        "custom_fields": [{"id": 24_001, "value": desk.words.categories[ticket.category]}],
        "satisfaction_rating": {"score": ticket.rating or "unoffered"},
        "brand_id": 7,
        "ticket_form_id": 8,
        "followup_ids": [],
        "allow_channelback": False,
    }


def _list(name: str, records: object) -> bytes:
    return json_of({name: records, "next_page": None, "previous_page": None, "count": 1})


def _named(desk: Desk) -> dict[str, bytes]:
    """What ids of people, groups, organizations and fields are called: lists of their own."""
    firms = companies(desk)
    users = [
        {
            "id": _id(person),
            "name": person.name,
            "email": person.email,
            "role": "end-user" if person.role == "customer" else "admin" if person.role == "bot" else "agent",
            "organization_id": firms.get(person.organization or ""),
            "active": True,
        }
        for person in desk.people.values()
        if person.role != "system"
    ]
    groups = [{"id": group_id(desk, name), "name": name, "default": False} for name in desk.words.groups]
    found = {
        "users": users,
        "groups": [{**one, "is_public": True, "deleted": False} for one in groups],
        "organizations": [{"id": number, "name": name, "domain_names": []} for name, number in firms.items()],
        "ticket_fields": [{"id": 24_001, "type": "tagger", "title": "Category", "raw_title": "Category"}],
    }
    return {f"{name}.json": _list(name, records) for name, records in found.items()}


def _ratings(desk: Desk) -> bytes:
    """The offers and the answers, each with its day."""
    found = [
        {
            "id": 70_000 + ticket.number,
            "assignee_id": _id(row.assignee),
            "group_id": group_id(desk, row.group),
            "requester_id": _id(ticket.requester),
            "ticket_id": ticket.number,
            "score": ticket.rating,
            "created_at": zulu(at - (0 if ticket.rating == "offered" else 30)),
            "updated_at": zulu(at),
            "comment": None,
            "reason": None,
            "reason_id": 0,
        }
        for ticket, row in rows(desk)
        if (at := rated_at(ticket)) is not None
    ]
    return _list("satisfaction_ratings", found)


# --- audits -----------------------------------------------------------------------------------------------------------


def zendesk_audits(desk: Desk) -> Files:
    """The incremental export of tickets, all their audits, and what ids are called, in files of their own."""
    numbers = count(1)
    tickets = [_ticket(ticket, row, desk) for ticket, row in rows(desk)]
    audits = [one for ticket in desk.tickets for one in _audits(ticket, desk, numbers)]
    page = {"tickets": tickets, "after_url": None, "after_cursor": "x", "before_cursor": None, "end_of_stream": True}
    return {"tickets.json": json_of(page), "ticket_audits.json": _list("audits", audits[::-1]), **_named(desk)}


def _audits(ticket: Ticket, desk: Desk, numbers: Iterator[int]) -> Iterator[Json]:
    first = True
    for (at, _), events in groupby(ticket.events, key=lambda event: (event.at, event.by.name if not first else "")):
        told = list(events)
        by = told[0].by
        changes = [{"id": next(numbers), **one} for event in told for one in _changes(event, ticket, desk)]
        if first:
            changes.append({"id": next(numbers), "type": "Create", "field_name": "tags", "value": list(ticket.tags)})
        first = False
        if changes:
            yield _audit(ticket, at, by, changes, next(numbers))
    at = rated_at(ticket)
    if at is not None:
        asked, scores = desk.people["system"], ["offered", *((ticket.rating,) if ticket.rating != "offered" else ())]
        for place, score in enumerate(scores):
            change = {"type": "Change", "field_name": "satisfaction_score", "value": score}
            by = ticket.requester if place else asked
            was = {"id": next(numbers), "previous_value": "offered" if place else "unoffered"}
            yield _audit(ticket, at, by, [{**change, **was}], next(numbers))


def _audit(ticket: Ticket, at: int, by: Person, events: list[dict[str, object]], number: int) -> Json:
    rule = {"channel": "rule", "source": {"from": {"id": 22, "title": "…", "deleted": False}, "rel": "automation"}}
    web = {"channel": "web", "source": _NOWHERE}
    return {
        "id": number,
        "ticket_id": ticket.number,
        "created_at": zulu(at),
        "author_id": _id(by),
        "metadata": {"system": {}, "custom": {}},
        "events": events,
        "via": {"system": rule, "bot": _ANSWER_BOT}.get(by.role, web),
    }


def _changes(event: Event, ticket: Ticket, desk: Desk) -> Iterator[dict[str, object]]:
    """What an audit says of an event; a message is followed by the mails that a trigger sends about it."""
    if event.kind == "message":
        rule = {"channel": "rule", "source": {"from": {"id": 23, "title": "…"}, "rel": "trigger"}}
        yield {"type": "Comment", "author_id": _id(event.by), "body": "…", "public": event.public}
        yield {
            "type": "Notification",
            "subject": "…",
            "body": "…",
            "recipients": [ticket.requester.number],
            "via": rule,
        }
    elif event.kind in _FIELDS:
        value, old = _value(event.kind, event.value, desk), _value(event.kind, event.old, desk)
        sort = {"type": "Create"} if event.at == ticket.created and not event.old else {"type": "Change"}
        was = {} if sort["type"] == "Create" else {"previous_value": old}
        yield {**sort, "field_name": _FIELDS[event.kind], "value": value, **was}


def _value(kind: str, value: str | None, desk: Desk) -> str | None:
    if value is None or kind in ("status", "priority"):
        return value
    return str(_id(desk.people[value]) if kind == "assignee" else group_id(desk, value))


# --- comments and metrics ---------------------------------------------------------------------------------------------


def zendesk_comments(desk: Desk) -> Files:
    """Reports > Export > JSON: a ticket a line, its comments and metrics in it, and the users beside them."""
    told = [
        {**_ticket(ticket, row, desk), "comments": _comments(ticket), "metric_set": _metrics(ticket, row, desk)}
        for ticket, row in rows(desk)
    ]
    named, wanted = _named(desk), ("users.json", "groups.json", "ticket_fields.json")
    lines = "\n".join(json.dumps(one) for one in told)
    return {"tickets.json": lines.encode(), **{name: named[name] for name in wanted}}


def _comments(ticket: Ticket) -> list[Json]:
    return [
        {
            "id": ticket.number * 100 + place,
            "type": "Comment",
            "author_id": _id(event.by),
            "body": "…",
            "html_body": "…",
            "plain_body": "…",
            "public": event.public,
            "attachments": [],
            "audit_id": ticket.number * 1000 + place,
            "via": {"channel": "answer_bot_for_web_widget" if event.by.role == "bot" else "web", "source": _NOWHERE},
            "created_at": zulu(event.at),
        }
        for place, event in enumerate(event for event in ticket.events if event.kind == "message")
    ]


def _metrics(ticket: Ticket, row: Summary, desk: Desk) -> Json:
    def both(end: int | None) -> Json:
        if end is None:
            return {"calendar": None, "business": None}
        return {"calendar": end - ticket.created, "business": desk.hours.between(ticket.created, end)}

    def waited(*statuses: str) -> Json:
        return {"calendar": row.waited(statuses), "business": row.waited(statuses, desk.hours)}

    asked = [event.at for event in ticket.events if event.kind == "message" and event.by.role == "customer"]
    return {
        "url": f"https://example.zendesk.com/api/v2/ticket_metrics/{ticket.number}.json",
        "id": 90_000 + ticket.number,
        "ticket_id": ticket.number,
        "created_at": zulu(ticket.created),
        "updated_at": zulu(row.updated),
        "group_stations": row.stations[1],
        "assignee_stations": row.stations[0],
        "reopens": row.reopens,
        "replies": row.replies,
        "assignee_updated_at": zulu(row.first_reply),
        "requester_updated_at": zulu(asked[-1]),
        "status_updated_at": zulu(at_of(ticket.last("status"))),
        "initially_assigned_at": zulu(at_of(first_of(ticket, "assignee"))),
        "assigned_at": zulu(at_of(ticket.last("assignee"))),
        "solved_at": zulu(row.solved),
        "latest_comment_added_at": zulu(at_of(ticket.last("message"))),
        "reply_time_in_minutes": both(row.first_reply),
        "first_resolution_time_in_minutes": both(row.first_solve),
        "full_resolution_time_in_minutes": both(row.solved),
        "agent_wait_time_in_minutes": waited("pending"),
        "requester_wait_time_in_minutes": {
            "calendar": requester_wait(row),
            "business": requester_wait(row, desk.hours),
        },
        "on_hold_time_in_minutes": waited("hold"),
    }


def zendesk_metrics(desk: Desk) -> Files:
    """Tickets without their history, their metrics, the events of these and the ratings beside them."""
    tickets = [_ticket(ticket, row, desk) for ticket, row in rows(desk)]
    named = _named(desk)["ticket_fields.json"]
    return {"tickets.json": _list("tickets", tickets), "ticket_fields.json": named, **_beside(desk)}


def zendesk_view_metrics(desk: Desk) -> Files:
    """A view saved as CSV, and beside it what the interface keeps of its tickets."""
    return {**zendesk_view(desk), **_beside(desk)}


def _beside(desk: Desk) -> Files:
    numbers = count(1)
    metrics = [_metrics(ticket, row, desk) for ticket, row in rows(desk)]
    events = [{"id": next(numbers), **one} for ticket in desk.tickets for one in _metric_events(ticket)]
    return {
        "ticket_metrics.json": _list("ticket_metrics", metrics),
        "ticket_metric_events.json": _list("ticket_metric_events", sorted(events, key=lambda one: str(one["time"]))),
        "satisfaction_ratings.json": _ratings(desk),
    }


def _metric_events(ticket: Ticket) -> Iterator[dict[str, object]]:
    """Each metric is measured from the beginning; a reply ends a cycle that the customer's message began."""

    def told(metric: str, cycle: int, sort: str, at: int) -> dict[str, object]:
        return {"ticket_id": ticket.number, "metric": metric, "instance_id": cycle, "type": sort, "time": zulu(at)}

    yield from (told(metric, 0, "measure", ticket.created) for metric in _METRICS)
    cycle, waits = 0, False
    for event in ticket.events:
        if event.kind == "message" and event.public and event.by.role == "customer" and not waits:
            cycle, waits = cycle + 1, True
            yield told("reply_time", cycle, "activate", event.at)
        elif event.kind == "message" and event.public and event.by.role == "agent" and waits:
            waits = False
            yield told("reply_time", cycle, "fulfill", event.at)
            passed = {"calendar": 1, "business": 1}
            yield {**told("reply_time", cycle, "update_status", event.at), "status": passed}


_NO_CHANGES = NO_LINES | {
    *("net_resolution_time", "agent_work_time", "hold_time", "transfer_rate", "first_contact_resolution")
}
"""What metrics leave open: they know the first and the last of each sort of change."""
_BARE = _NO_CHANGES | {"next_response_time", "case_duration", "bot_resolution_rate"}
_NAMED = frozenset({"generic", "customers"})
LAYOUTS = (
    Layout(write=zendesk_audits, helpdesk="zendesk_json", beside=_NAMED, dates_ratings=True),
    Layout(
        write=zendesk_comments,
        helpdesk="zendesk_json",
        beside=_NAMED,
        silent=_NO_CHANGES,
        otherwise={"bot_resolution_rate": "neither comments nor metrics say who solved: those counts differ"},
    ),
    Layout(
        write=zendesk_metrics,
        helpdesk="zendesk_json",
        beside=frozenset({"zendesk_metric_events", "zendesk_ratings"}),
        silent=_BARE,
        dates_ratings=True,
    ),
    Layout(
        write=zendesk_view_metrics,
        helpdesk="zendesk_csv",
        beside=frozenset({"zendesk_metrics", "zendesk_metric_events", "zendesk_ratings"}),
        silent=_BARE,
        dates_ratings=True,
        is_local=True,
    ),
)

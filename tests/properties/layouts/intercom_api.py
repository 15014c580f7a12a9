"""Intercom: conversations as its interface lists them, with parts or statistics, and a third party's rows a message."""

from __future__ import annotations

from collections.abc import Iterator

from layouts.layout import FLAT, NO_LINES, NO_RATINGS, NO_REPLIES, NO_TAGS, Layout
from layouts.writing import Files, account, csv_of, group_id, iso, json_of, person_id, rated_at, rows, unix
from supportkpi.demo.model import Desk, Event, Person, Ticket
from supportkpi.demo.summary import Summary

STATES = {"solved": "closed", "closed": "closed", "pending": "snoozed", "hold": "snoozed"}
SOURCES = {"email": "email", "web": "email", "chat": "conversation", "messenger": "whatsapp", "phone": "phone_call"}
AUTHORS = {"customer": "user", "agent": "admin"}
Json = dict[str, object]


def intercom_json(desk: Desk) -> Files:
    """Conversations with all their parts; admins and teams are called by their names in lists of their own."""
    talks = [
        {**_talk(ticket, row, desk), "conversation_parts": _parts(ticket, desk), "statistics": None}
        for ticket, row in rows(desk)
    ]
    return {"conversations.json": _page(talks), **_named(desk)}


def intercom_statistics(desk: Desk) -> Files:
    """The list of conversations, which has no parts: their statistics, tags and ratings."""
    talks = [{**_talk(ticket, row, desk), "statistics": _statistics(ticket, row)} for ticket, row in rows(desk)]
    return {"conversations.json": _page(talks), **_named(desk)}


def _page(talks: list[Json]) -> bytes:
    pages = {"type": "pages", "next": None, "page": 1, "per_page": 150, "total_pages": 1}
    return json_of({"type": "conversation.list", "conversations": talks, "pages": pages, "total_count": len(talks)})


def _talk(ticket: Ticket, row: Summary, desk: Desk) -> Json:
    asked = rated_at(ticket)
    scores = {"good": 5, "bad": 1}
    rating = {"rating": scores.get(ticket.rating or ""), "remark": None, "created_at": unix(asked)}
    people = {"contact": {"type": "contact", "id": talk_id(ticket.requester)}}
    people["teammate"] = {"type": "admin", "id": talk_id(row.assignee)} if row.assignee else {}
    return {
        "type": "conversation",
        "id": str(ticket.number),
        "created_at": unix(ticket.created),
        "updated_at": unix(row.updated),
        "waiting_since": None,
        "snoozed_until": None,
        "open": row.status not in STATES,
        "state": STATES.get(row.status, "open"),
        "read": True,
        "priority": "priority" if row.priority in ("urgent", "high") else "not_priority",
        "title": None,
        "admin_assignee_id": person_id(row.assignee) or None,
        "team_assignee_id": group_id(desk, row.group),
        "source": {
            "type": SOURCES[ticket.channel],
            "id": f"s{ticket.number}",
            "delivered_as": "customer_initiated",
            "subject": "",
            "body": "<p>…</p>",
            "author": _author(ticket.requester),
            "url": None,
        },
        "contacts": {"type": "contact.list", "contacts": [{"type": "contact", "id": talk_id(ticket.requester)}]},
        "teammates": {"type": "admin.list", "admins": []},
        "tags": {"type": "tag.list", "tags": [{"type": "tag", "id": tag, "name": tag} for tag in ticket.tags]},
        "first_contact_reply": None,
        "conversation_rating": None if asked is None else {**rating, **people},
        "custom_attributes": {"Category": desk.words.categories[ticket.category], "Copilot used": False},
        "sla_applied": None,
    }


def talk_id(person: Person) -> str:
    """The id of a person; that of a machine says what it is."""
    return account(person) if person.role in ("bot", "system") else str(person_id(person))


def _author(person: Person) -> Json:
    return {"type": AUTHORS.get(person.role, "bot"), "id": talk_id(person), "name": None, "email": None}


def _parts(ticket: Ticket, desk: Desk) -> Json:
    """Everything after the opening message, with its total."""
    parts = [
        {
            "type": "conversation_part",
            "id": str(ticket.number * 100 + place),
            "part_type": sort,
            "body": body,
            "created_at": unix(event.at),
            "updated_at": unix(event.at),
            "notified_at": unix(event.at),
            "assigned_to": assigned,
            "author": _author(event.by),
            "attachments": [],
            "external_id": None,
            "redacted": False,
        }
        for place, (event, sort, body, assigned) in enumerate(parts_of(ticket, desk))
    ]
    return {"type": "conversation_part.list", "conversation_parts": parts, "total_count": len(parts)}


def parts_of(
    ticket: Ticket, desk: Desk, *, joined: bool = True
) -> Iterator[tuple[Event, str, str | None, Json | None]]:
    """Each event as a part; who answers and closes in one step, or writes again, leaves one part with a text."""
    opening = next(event for event in ticket.events if event.kind == "message")
    events = [event for event in ticket.events if event is not opening]
    with_text, gone = _together(events) if joined else (set(), set())
    for event in events:
        if event.kind == "message" and id(event) not in gone:
            yield event, "comment" if event.public else "note", "<p>…</p>", None
        elif event.kind == "status" and (event.old or event.value != "new"):
            sort = {"closed": "close", "snoozed": "snoozed"}.get(STATES.get(event.value or "", ""), "open")
            yield event, sort, "<p>…</p>" if id(event) in with_text else None, None
        elif event.kind == "assignee" and event.value:
            yield event, "assignment", None, {"type": "admin", "id": person_id(desk.people[event.value])}
        elif event.kind in ("group", "handoff") and event.value:
            yield event, "assignment", None, {"type": "team", "id": group_id(desk, event.value)}


def _together(events: list[Event]) -> tuple[set[int], set[int]]:
    """The changes that were sent with a message, and these messages."""
    changes, messages = set(), set()
    for one in events:
        if one.kind == "message" and one.public and one.by.role in ("customer", "agent"):
            with_it = [event for event in events if event.kind == "status" and (event.at, event.by) == (one.at, one.by)]
            change = next((event for event in with_it if STATES.get(event.value or "") != "snoozed"), None)
            if change is not None and id(change) not in changes:
                changes.add(id(change))
                messages.add(id(one))
    return changes, messages


def _statistics(ticket: Ticket, row: Summary) -> Json:
    said = [event for event in ticket.events if event.kind == "message" and event.public]
    asked = [event.at for event in said if event.by.role == "customer"][1:]
    replied = [event.at for event in said if event.by.role == "agent"]
    given = [event.at for event in ticket.events if event.kind == "assignee"]
    closed = [event.at for event in ticket.events if event.kind == "status" and event.value == "solved"]

    def after(times: list[int], place: int) -> int | None:
        return (times[place] - ticket.created) * 60 if times else None

    def edges(name: str, times: list[int]) -> Json:
        return {
            f"first_{name}_at": unix(times[0] if times else None),
            f"last_{name}_at": unix(times[-1] if times else None),
        }

    return {
        "type": "conversation_statistics",
        "time_to_assignment": after(given, 0),
        "time_to_admin_reply": after(replied, 0),
        "time_to_first_close": after(closed, 0),
        "time_to_last_close": after(closed, -1),
        "median_time_to_reply": None,
        **edges("contact_reply", asked),
        **edges("assignment", given),
        **edges("admin_reply", replied),
        **edges("close", closed if row.solved is not None else []),
        "last_closed_by_id": None,
        "count_reopens": row.reopens,
        "count_assignments": len(given),
        "count_conversation_parts": len(ticket.events),
    }


def _named(desk: Desk) -> Files:
    admins = [
        {"type": "admin", "id": str(person_id(person)), "name": person.name, "email": person.email}
        for person in desk.people.values()
        if person.role == "agent"
    ]
    teams = [{"type": "team", "id": str(group_id(desk, name)), "name": name} for name in desk.words.groups]
    return {
        "admins.json": json_of({"type": "admin.list", "admins": admins}),
        "teams.json": json_of({"type": "team.list", "teams": teams}),
    }


# --- a row a message --------------------------------------------------------------------------------------------------


def intercom_messages(desk: Desk) -> Files:
    """The export of a third party: a row a message or change, with the columns of its conversation."""
    table = []
    for ticket, row in rows(desk):
        opening = next(event for event in ticket.events if event.kind == "message")
        parts = [(opening, "conversation_message", "…", None), *parts_of(ticket, desk, joined=False)]
        talk = {
            "conversation_tags": ",".join(ticket.tags),
            "conversation_id": f"c{ticket.number}",
            "conversation_state": STATES.get(row.status, "open"),
            "conversation_created_at": iso(ticket.created),
            "conversation_first_response_at": iso(row.first_reply),
            "conversation_closed_at": iso(row.solved),
            "app_id": "ab1",
            "app_name": "Shop",
        }
        for place, (event, sort, body, _) in enumerate(parts):
            message = {
                "message_id": f"m{ticket.number * 100 + place}",
                "message_body": body or "",
                "message_type": sort,
                "message_created_at": iso(event.at),
                "message_author_type": AUTHORS.get(event.by.role, "bot"),
                "message_author_id": talk_id(event.by),
                "message_author_user_id": "",
                "message_author_name": event.by.name,
                "message_author_email": event.by.email,
                "message_author_companies": event.by.organization or "",
            }
            table.append({**message, **talk})
    return {"conversations.csv": csv_of(table)}


_SNOOZED = dict.fromkeys(("hold_time", "agent_wait_time", "requester_wait_time"), "every wait is called snoozed")
_ROWS_ALONE = {
    "repeat_contact_rate": "there is no category",
    "first_contact_resolution": "there is neither a channel nor a category",
}
LAYOUTS = (
    Layout(
        write=intercom_json,
        helpdesk="intercom_json",
        beside=frozenset({"generic"}),
        otherwise=_SNOOZED,
        has_priority=False,
        dates_ratings=True,
        beyond=frozenset({"csat_mean"}),
    ),
    Layout(
        write=intercom_statistics,
        helpdesk="intercom_json",
        beside=frozenset({"generic"}),
        silent=FLAT - NO_RATINGS - NO_TAGS - {"reaction_time", "first_resolution_time", "reopen_rate"}
        | NO_REPLIES - {"first_response_time"},
        has_priority=False,
        dates_ratings=True,
        beyond=frozenset({"csat_mean"}),
    ),
    Layout(
        write=intercom_messages,
        helpdesk="intercom_messages",
        silent=NO_RATINGS | NO_LINES | {"transfer_rate"},
        otherwise={**_SNOOZED, **_ROWS_ALONE},
        has_priority=False,
    ),
)

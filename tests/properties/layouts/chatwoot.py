"""Chatwoot: conversations with their messages, the messages apart, and the answers to the survey."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count

from layouts.layout import BY_HISTORY, BY_MESSAGES, NO_LINES, OF_MESSAGES, ONLY_MESSAGES, Layout
from layouts.writing import Files, csv_of, iso, json_of, person_id, rated_at, rows, unix
from supportkpi.demo.model import Desk, Event, Person, Ticket
from supportkpi.demo.summary import Summary

_CHANNELS = {
    "email": "Channel::Email",
    "web": "Channel::Api",
    "chat": "Channel::WebWidget",
    "messenger": "Channel::Whatsapp",
    "phone": "Channel::Voice",
}
_STATUSES = {"pending": "snoozed", "hold": "snoozed", "solved": "resolved", "closed": "resolved"}
_PRIORITIES = {"normal": "medium"}
_RULES = "Automation System"
_AT_WORK = ("new", "open")


def _who(person: Person) -> str:
    return _RULES if person.role == "system" else person.name


def _sender(person: Person) -> dict[str, object] | None:
    if person.role == "system":
        return None
    kind = {"customer": "contact", "agent": "user", "bot": "agent_bot"}[person.role]
    more = {"thumbnail": "", "email": person.email} if kind == "contact" else {"available_name": person.name}
    return {"id": person_id(person), "name": person.name, "type": kind, **more}


def _is_met(ticket: Ticket) -> bool:
    """Whether a robot took it first: such a conversation begins as pending."""
    return any(event.by.role == "bot" and event.at == ticket.created + 1 for event in ticket.events)


_ENGLISH = {
    "resolved": "Conversation was marked resolved by {by}",
    "resolved by system": "Conversation was marked resolved by system due to 5 days of inactivity",
    "open": "Conversation was reopened by {by}",
    "open by system": "System reopened the conversation due to a new incoming message.",
    "snoozed": "Conversation was snoozed by {by}",
    "handed": "Conversation was marked open by {by}",
    "ranked": "{by} set the priority to {new}",
    "reranked": "{by} changed the priority from {old} to {new}",
    "took": "{by} self-assigned this conversation",
    "given": "Assigned to {new} by {by}",
}
_RUSSIAN = {
    "resolved": "{by} завершил диалог",
    "resolved by system": "Разговор был помечен системой решённым из-за неактивности в течение 5 дней",
    "open": "{by} открыл заново диалог",
    "open by system": "Система переоткрыла разговор из-за нового входящего сообщения.",
    "snoozed": "Разговор был помечен как отложенный {by}",
    "handed": "{by} открыл заново диалог",
    "ranked": "{by} установил приоритет на {new}",
    "reranked": "{by} изменил приоритет с {old} на {new}",
    "took": "{by} назначил(а) разговор себе",
    "given": "{by} назначил {new} ответственным",
}


def _told(event: Event, said: Mapping[str, str]) -> str | None:
    """The sentence about a change; None where Chatwoot writes none."""
    sort, who = _sort(event), _who(event.by)
    if sort is None:
        return None
    old, new = (_PRIORITIES.get(word or "", word) for word in (event.old, event.value))
    return said[sort].format(by=who, old=old, new=new)


def _sort(event: Event) -> str | None:
    if event.kind == "status":
        return _turned(event)
    if event.kind == "priority":
        return "reranked" if event.old else "ranked"
    if event.kind == "assignee":
        return "took" if event.value == _who(event.by) else "given"
    return {"group": "given", "handoff": "handed"}.get(event.kind)


def _turned(event: Event) -> str | None:
    was, now = (_STATUSES.get(word or "", "open") for word in (event.old, event.value))
    if event.old is None or was == now:
        return None
    by_system = (now == "resolved" and event.by.role == "system") or (now == "open" and event.by.role == "customer")
    return f"{now} by system" if by_system else now


def _messages(ticket: Ticket, numbers: Iterator[int], said: Mapping[str, str] = _ENGLISH) -> list[dict[str, object]]:
    """What was said and what was done, in the order in which it happened, as the interface lists it."""
    made = []
    for event in ticket.events:
        text = "…" if event.kind == "message" else _told(event, said)
        if text is None:
            continue
        sort = 2 if event.kind != "message" else 0 if event.by.role == "customer" else 1
        made.append(_message(ticket, next(numbers), event.at, sort, text) | _as_sent(event, sort))
    asked = rated_at(ticket)
    if asked is not None:
        survey = {"content_type": "input_csat", "content_attributes": _answer(ticket)}
        made.append(_message(ticket, next(numbers), asked, 3, "Please rate the conversation") | survey)
    return made


def _message(ticket: Ticket, number: int, at: int, sort: int, text: str) -> dict[str, object]:
    return {
        "id": number,
        "content": text,
        "inbox_id": list(_CHANNELS).index(ticket.channel) + 1,
        "conversation_id": ticket.number,
        "message_type": sort,
        "content_type": "text",
        "status": "sent",
        "content_attributes": {},
        "created_at": unix(at),
        "private": False,
        "source_id": None,
    }


def _as_sent(event: Event, sort: int) -> dict[str, object]:
    if sort == 2:
        return {}
    if sort == 1 and event.by.role == "system":  # a greeting: nobody's
        return {"message_type": 3}
    return {"private": not event.public, "sender": _sender(event.by)}


def _answer(ticket: Ticket) -> dict[str, object]:
    stars = {"good": 5, "bad": 2}.get(ticket.rating or "")
    if stars is None:
        return {}
    return {"submitted_values": {"csat_survey_response": {"rating": stars, "feedback_message": "…"}}}


def _conversation(desk: Desk, ticket: Ticket, row: Summary) -> dict[str, object]:
    person, agent = ticket.requester, row.assignee
    return {
        "meta": {
            "sender": {
                "additional_attributes": {"company_name": person.organization or ""},
                "availability_status": "offline",
                "email": person.email,
                "id": person.number,
                "name": person.name,
                "phone_number": None,
                "blocked": False,
                "identifier": None,
                "thumbnail": "",
                "custom_attributes": {},
                "last_activity_at": unix(row.updated),
                "created_at": unix(ticket.created),
            },
            "channel": _CHANNELS[ticket.channel],
            "assignee": agent and {"id": person_id(agent), "name": agent.name, "role": "agent", "thumbnail": ""},
            "team": {"id": desk.words.groups.index(row.group) + 1, "name": row.group, "allow_auto_assign": True},
            "hmac_verified": False,
        },
        "id": ticket.number,
        "account_id": 1,
        "uuid": f"00000000-0000-4000-8000-{ticket.number:012}",
        "additional_attributes": {},
        "agent_last_seen_at": unix(row.updated),
        "assignee_last_seen_at": 0,
        "can_reply": True,
        "contact_last_seen_at": unix(ticket.created),
        "custom_attributes": {"category": desk.words.categories[ticket.category]},
        "inbox_id": list(_CHANNELS).index(ticket.channel) + 1,
        "labels": list(ticket.tags),
        "muted": False,
        "snoozed_until": None,
        "status": "pending" if row.status == "new" and _is_met(ticket) and not _is_left(ticket) else _now(row),
        "created_at": unix(ticket.created),
        "updated_at": unix(row.updated),
        "timestamp": unix(row.updated),
        "first_reply_created_at": unix(row.first_reply) or 0,
        "unread_count": 0,
        "last_activity_at": unix(row.updated),
        "priority": _PRIORITIES.get(row.priority, row.priority),
        "waiting_since": 0,
        "sla_policy_id": None,
    }


def _now(row: Summary) -> str:
    return _STATUSES.get(row.status, "open")


def _is_left(ticket: Ticket) -> bool:
    """Whether the robot handed it over."""
    return any(event.kind == "handoff" for event in ticket.events)


def chatwoot_json(desk: Desk) -> Files:
    """Conversations with all their messages, as the list of the interface wraps them."""
    return _whole(desk, _ENGLISH)


def chatwoot_russian(desk: Desk) -> Files:
    """The same of an installation in Russian."""
    return _whole(desk, _RUSSIAN)


def _whole(desk: Desk, said: Mapping[str, str]) -> Files:
    numbers = count(1)
    found = [
        {**_conversation(desk, ticket, row), "messages": _messages(ticket, numbers, said)}
        for ticket, row in _newest(desk)
    ]
    counts = {"mine_count": 0, "assigned_count": 0, "unassigned_count": 0, "all_count": len(found)}
    return {"conversations.json": json_of({"data": {"meta": counts, "payload": found}})}


def chatwoot_apart(desk: Desk) -> Files:
    """Conversations with the last message of each, and all messages in a file of their own."""
    numbers = count(1)
    said = {ticket.number: _messages(ticket, numbers) for ticket in desk.tickets}
    found = [
        {**_conversation(desk, ticket, row), "messages": said[ticket.number][-1:]} for ticket, row in _newest(desk)
    ]
    messages = [one for several in said.values() for one in several]
    return {
        "conversations.json": json_of({"data": {"meta": {"all_count": len(found)}, "payload": found}}),
        "messages.json": json_of({"meta": {"labels": [], "additional_attributes": {}}, "payload": messages}),
    }


def chatwoot_rated(desk: Desk) -> Files:
    """Conversations without their messages, and Reports > CSAT > Download beside them."""
    found = [_conversation(desk, ticket, row) for ticket, row in _newest(desk)]
    rated = [
        {
            "Agent Name": f"{row.assignee.name} ({row.assignee.email})" if row.assignee else "",
            "Rating": {"good": 5, "bad": 2}[ticket.rating or ""],
            "Feedback Comment": "…",
            "Contact Name": ticket.requester.name,
            "Contact Email Address": ticket.requester.email,
            "Contact Phone Number": "",
            "Link to the conversation": f"https://chat.example.com/app/accounts/1/conversations/{ticket.number}",
            "Recorded date": f"{iso(rated_at(ticket))} UTC",
        }
        for ticket, row in rows(desk)
        if ticket.rating in ("good", "bad")
    ]
    lines = csv_of(rated).decode().splitlines()
    text = "\n\n".join([*lines, "Reporting period 2025-10-01 to 2026-04-01"])
    return {"conversations.json": json_of({"data": {"payload": found}}), "csat.csv": f"{text}\n".encode()}


def _newest(desk: Desk) -> list[tuple[Ticket, Summary]]:
    return sorted(rows(desk), key=lambda pair: -pair[1].updated)


def chatwoot_messages(desk: Desk) -> Files:
    """The messages alone, with the sort of each in words, as webhooks bring them."""
    numbers, sorts = count(1), ("incoming", "outgoing", "activity", "template")
    said = [one for ticket in desk.tickets for one in _messages(ticket, numbers)]
    found = [one | {"message_type": sorts[int(str(one["message_type"]))]} for one in said]
    return {"messages.json": json_of({"payload": found})}


_FATES = frozenset({"agent", "test"})
_STARS = frozenset({"csat_mean"})
_STATES = {"hold": "pending", "closed": "solved"}
_LISTED = BY_MESSAGES | BY_HISTORY | NO_LINES | {"one_touch", "replies_per_ticket", "reopen_rate"}
LAYOUTS = (
    *(
        Layout(
            write=write,
            helpdesk="chatwoot_json",
            fates=_FATES,
            states=_STATES,
            dates_ratings=True,
            beyond=_STARS,
        )
        for write in (chatwoot_json, chatwoot_russian, chatwoot_apart)
    ),
    Layout(
        write=chatwoot_rated,
        helpdesk="chatwoot_json",
        beside=frozenset({"chatwoot_csat"}),
        silent=_LISTED | {"closure_ratio", "resolution_time", "repeat_contact_rate"},
        lacks=frozenset({"offer"}),
        dates_ratings=True,
        beyond=_STARS,
    ),
    Layout(
        write=chatwoot_messages,
        helpdesk="chatwoot_messages",
        silent=ONLY_MESSAGES,
        lacks=frozenset({"category"}),
        otherwise=OF_MESSAGES,
        has_priority=False,
    ),
)

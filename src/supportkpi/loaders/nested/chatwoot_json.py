"""Chatwoot conversations as its API lists them, with all their messages where the export has them; times in seconds.

A list of conversations holds the last message of each only. What happened besides messages is told in sentences, in the
language of the installation: those in English are read, and a ticket with one that is not comes without its changes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from supportkpi.loaders.nested._by_system import nested_of, tell
from supportkpi.loaders.nested._history import History, Nested, Records
from supportkpi.loaders.nested._system import System
from supportkpi.loaders.nested._values import Record, at_path, first, ident, inner, number, objects, truth

_KINDS = {"0": "incoming", "1": "outgoing", "2": "activity", "3": "template"}
_ROLES = {"user": "agent", "contact": "customer"}
_STATES = (
    ("resolved", re.compile(r"\bmarked resolved\b|\bwas resolved by\b", re.IGNORECASE)),
    ("open", re.compile(r"\breopened\b|\bmarked (?:as )?open\b", re.IGNORECASE)),
    ("snoozed", re.compile(r"\bsnoozed\b", re.IGNORECASE)),
    ("pending", re.compile(r"\bmarked (?:as )?pending\b", re.IGNORECASE)),
)
_OTHER = re.compile(
    r"^assigned to |\bassigned\b|\bunassigned\b| (?:added|removed|changed|set) | (?:un)?muted ", re.IGNORECASE
)
_NEAR = 60.0  # seconds between a conversation and its first message
_CHATWOOT = System.model_validate(
    {
        "id": "chatwoot_json",
        "title": "Chatwoot conversations as JSON",
        "recognise": [
            {
                "all": ["inbox_id"],
                "any": 2,
                "of": [
                    *("meta.sender", "waiting_since", "first_reply_created_at", "agent_last_seen_at", "can_reply"),
                    *("contact_last_seen_at", "snoozed_until", "last_non_activity_message", "meta.hmac_verified"),
                ],
            }
        ],
        "columns": {
            "ticket_id": "id",
            "requester_id": ["meta.sender.id", "meta.sender.email", "meta.sender.phone_number"],
            "assignee_id": ["meta.assignee.name", "meta.assignee.id"],
            "group": ["meta.team.name", "inbox_id"],
            "status": "status",
            "priority": "priority",
            "channel": "meta.channel",
            "tags": "labels",
            "created_at": "created_at",
            "updated_at": ["updated_at", "last_activity_at", "timestamp"],
            "first_reply_at": "first_reply_created_at",
        },
        "values": {
            "status": {"open": "open", "resolved": "solved", "pending": "pending", "snoozed": "hold"}
            | {"0": "open", "1": "solved", "2": "pending", "3": "hold"},
            "priority": {"low": "low", "medium": "normal", "high": "high", "urgent": "urgent"},
            "channel": {
                "Channel::WebWidget": "chat",
                "Channel::Email": "email",
                "Channel::Whatsapp": "messenger",
                "Channel::Telegram": "messenger",
                "Channel::Line": "messenger",
                "Channel::FacebookPage": "social",
                "Channel::Instagram": "social",
                "Channel::TwitterProfile": "social",
                "Channel::Sms": "sms",
                "Channel::TwilioSms": "sms",
                "Channel::Api": "api",
            },
        },
        "missing": ["0"],
        "opener": {"column": "_opened", "values": {"customer": "customer", "agent": "agent", "bot": "bot"}},
        "lists": [
            {
                "name": "all their messages",
                "where": "_messages",
                "columns": {"at": "at", "actor": "who", "role": "role", "public": "public"},
                "values": {"role": {"bot": "bot"}, "public": {"true": "true", "false": "false"}},
            },
            {
                "name": "a history in English",
                "where": "_changes",
                "columns": {"at": "at", "activity": "activity", "new": "new"},
                "values": {"activity": {"status": "status"}},
            },
        ],
        "began": {"status": "open"},
        "ratings": {
            "csat": {"where": "_answers", "column": "rating", "at": "at", "scale": "1-5", "offered": "offered"},
        },
        "never": [
            *("meta.sender.name", "meta.sender.email", "meta.sender.phone_number", "meta.sender.thumbnail"),
            *("last_non_activity_message.content", "uuid", "additional_attributes.referer"),
        ],
    }
)


def _tell(records: Records) -> History:
    """What the vocabulary tells of the conversations, their messages sorted by what they are."""
    apart = objects(records.beside.get("messages"))
    grouped: dict[str | None, list[Record]] = {}
    for message in apart:
        grouped.setdefault(ident(message.get("conversation_id")), []).append(message)
    rows = [_sorted(row, grouped.get(ident(row.get("id")), [])) for row in records.rows]
    history = tell(_CHATWOOT, replace(records, rows=rows))
    whole = ["_messages" in row for row in rows]  # answers are messages too
    history.sources = [replace(one, has=whole) if one.name == "ratings" else one for one in history.sources]
    names = {"_messages.at": "messages.created_at", "_changes.at": "messages.created_at"}
    history.paths = {kind: names.get(path, path) for kind, path in history.paths.items()}
    return history


def _sorted(row: Record, apart: Sequence[Record]) -> Record:
    """A conversation with its messages, its changes and its answers apart, each only where they are all there."""
    messages = objects(row.get("messages")) or list(apart)
    if not _is_whole(row, messages):
        return row
    said = [one for one in messages if _kind(one) != "activity"]
    told = [one for one in messages if _kind(one) == "activity"]
    states = [(one, _state(one)) for one in told]
    spoken = [_message(one) for one in said]
    found: dict[str, object] = {"_messages": spoken, "_answers": _answers(said)}
    if spoken:
        found["_opened"] = min(spoken, key=lambda one: number(one["at"]) or 0.0)["role"]
    if all(state is not None or _OTHER.search(str(one.get("content"))) for one, state in states):
        changed = [(one, state) for one, state in states if state is not None]
        found["_changes"] = [
            {"at": one.get("created_at"), "activity": "status", "new": state} for one, state in changed
        ]
    return {**row, **found}


def _is_whole(row: Record, messages: Sequence[Record]) -> bool:
    """Whether the messages go back to the beginning of the conversation."""
    begun = number(row.get("created_at"))
    stamps = [at for one in messages if (at := number(one.get("created_at"))) is not None]
    return begun is not None and bool(stamps) and min(stamps) - begun <= _NEAR


def _kind(message: Record) -> str:
    text = str(ident(message.get("message_type")))
    return _KINDS.get(text, text)


def _state(message: Record) -> str | None:
    text = str(message.get("content"))
    return next((state for state, pattern in _STATES if pattern.search(text)), None)


def _message(message: Record) -> Record:
    """A message in the words of the vocabulary; what no person sent (templates, automations, robots) a bot wrote."""
    sender = inner(message.get("sender"))
    sort = str(first(message, "sender_type") or sender.get("type")).casefold()
    role = "customer" if _kind(message) == "incoming" else _ROLES.get(sort, "bot")
    return {
        "at": message.get("created_at"),
        "who": first(sender, "name", "id") if role == "agent" else first(sender, "id", "name"),
        "role": "bot" if _kind(message) == "template" else role,
        "public": truth(message.get("private")) is not True,
    }


def _answers(messages: Sequence[Record]) -> list[Record]:
    """The survey messages: their rating where it was given, else that it was asked for."""
    found: list[Record] = []
    for message in messages:
        if message.get("content_type") == "input_csat":
            rating = at_path(message, "content_attributes.submitted_values.csat_survey_response.rating")
            at = first(message, "updated_at", "created_at")
            found.append({"rating": "offered" if rating is None else rating, "at": at})
    return found


_READER = nested_of(_CHATWOOT)
NESTED: Nested = replace(_READER, tell=_tell, reads={**_READER.reads, "messages": "events"})
"""Chatwoot's JSON."""

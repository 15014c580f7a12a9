"""Chatwoot conversations as its API lists them, with all their messages where the export has them; times in seconds.

A list of conversations holds the last message of each only. What happened besides messages is told in sentences, in the
language of the installation: those in English, Russian, German and Spanish are read, and a ticket with one that is not
comes without its changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from supportkpi.loaders.mapping._mapping import Recognise
from supportkpi.loaders.nested._by_system import nested_of, tell
from supportkpi.loaders.nested._chatwoot_sentences import UNSURE, Cast, cast_of, stories
from supportkpi.loaders.nested._history import (
    ASSIGNEE,
    GROUP,
    PRIORITY,
    STATUS,
    Beside,
    History,
    Nested,
    Records,
)
from supportkpi.loaders.nested._system import System
from supportkpi.loaders.nested._values import Record, at_path, first, ident, inner, number, objects, truth, word

_SURVEY = "input_csat"
_APART = "messages of conversations"
_KINDS = {"0": "incoming", "1": "outgoing", "2": "activity", "3": "template"}
_ROLES = {"user": "agent", "contact": "customer"}
_HISTORIES = (
    ("a history in English, Russian, German or Spanish", "_changes", ("status",)),
    ("changes of priority in one of these languages", "_ranked", ("priority",)),
    ("all their assignments", "_given", ("assignee", "group")),
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
            "status": {"open": "open", "resolved": "solved", "pending": "new", "snoozed": "pending"}
            | {"0": "open", "1": "solved", "2": "new", "3": "pending"},
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
            *(
                {
                    "name": name,
                    "where": where,
                    "columns": {"at": "at", "activity": "activity", "new": "new", "old": "old"}
                    | {"role": "role", "actor": "who"},
                    "values": {"activity": {kind: kind for kind in kinds}, "role": {"bot": "bot", "system": "system"}},
                }
                for name, where, kinds in _HISTORIES
            ),
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
    apart = [one for name in ("messages", _APART) for one in objects(records.beside.get(name))]
    grouped: dict[str | None, list[Record]] = {}
    for message in apart:
        grouped.setdefault(ident(message.get("conversation_id")), []).append(message)
    own = [_messages(row, grouped.get(ident(row.get("id")), [])) for row in records.rows]
    cast = cast_of(records.rows, (one for several in own for one in several))
    rows = [_sorted(row, messages, cast) for row, messages in zip(records.rows, own, strict=True)]
    history = tell(_CHATWOOT, replace(records, rows=rows))
    whole = ["_messages" in row for row in rows]  # answers are messages too
    history.sources = [replace(one, has=whole) if one.name == "ratings" else one for one in history.sources]
    names = {f"{where}.at": "messages.created_at" for where in ("_messages", *(where for _, where, _ in _HISTORIES))}
    history.paths = {kind: names.get(path, path) for kind, path in history.paths.items()}
    return history


def _messages(row: Record, apart: Sequence[Record]) -> list[Record]:
    """The messages of a conversation: its own, and those beside it that it does not hold; a list holds the last one."""
    own = objects(row.get("messages"))
    ids = {key for one in own if (key := ident(one.get("id"))) is not None}
    return [*(one for one in apart if ident(one.get("id")) not in ids), *own]


def _sorted(row: Record, messages: list[Record], cast: Cast) -> Record:
    """A conversation with its messages, its changes and its answers apart, each only where they are all there."""
    if not _is_whole(row, messages):
        return row
    messages = sorted(messages, key=lambda one: number(one.get("created_at")) or 0.0)
    said = [one for one in messages if _kind(one) != "activity"]
    spoken = [_message(one) for one in said if one.get("content_type") != _SURVEY]  # to ask for stars is no answer
    found: dict[str, object] = {"_messages": spoken, "_answers": _answers(said)}
    if spoken:
        found["_opened"] = min(spoken, key=lambda one: number(one["at"]) or 0.0)["role"]
    told = stories([one for one in messages if _kind(one) == "activity"], cast)
    return {**row, **found, **(_histories(row, told) if told is not None else {})}


def _histories(row: Record, told: Mapping[str, list[Record]]) -> Record:
    """The changes by the kind of state; assignments only where they end with whom it is given to: rules say nothing."""
    found: dict[str, object] = {"_changes": _begun(told[STATUS]), "_ranked": told[PRIORITY]}
    ends = {ASSIGNEE: "meta.assignee.name", GROUP: "meta.team.name"}
    silent = [kind for kind, path in ends.items() if told[kind] and told[kind][-1]["new"] != word(at_path(row, path))]
    if not told[UNSURE] and not silent:
        found["_given"] = sorted((*told[ASSIGNEE], *told[GROUP]), key=lambda one: number(one["at"]) or 0.0)
    return found


def _begun(changes: list[Record]) -> list[Record]:
    """The changes of the status; what is opened first was a robot's until then."""
    if not changes or changes[0]["new"] != "open":
        return changes
    return [{**changes[0], "old": "pending"}, *changes[1:]]


def _is_whole(row: Record, messages: Sequence[Record]) -> bool:
    """Whether the messages go back to the beginning of the conversation."""
    begun = number(row.get("created_at"))
    stamps = [at for one in messages if (at := number(one.get("created_at"))) is not None]
    return begun is not None and bool(stamps) and min(stamps) - begun <= _NEAR


def _kind(message: Record) -> str:
    text = str(ident(message.get("message_type")))
    return _KINDS.get(text, text)


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
        if message.get("content_type") == _SURVEY:
            rating = at_path(message, "content_attributes.submitted_values.csat_survey_response.rating")
            at = first(message, "updated_at", "created_at")
            found.append({"rating": "offered" if rating is None else rating, "at": at})
    return found


_READER = nested_of(_CHATWOOT)
NESTED: Nested = replace(
    _READER,
    tell=_tell,
    reads={**_READER.reads, "messages": "events"},
    beside=(
        Beside(
            name=_APART,
            recognise=(
                Recognise(
                    all=("conversation_id", "message_type", "created_at"),
                    any=1,
                    of=("content_type", "private", "sender_type", "sender.type", "content_attributes"),
                ),
            ),
            ticket=("conversation_id",),
            ours=("id",),
        ),
    ),
)
"""Chatwoot's JSON."""

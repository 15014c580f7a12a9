"""Intercom conversations, with their parts or with the object of statistics only; times in seconds since 1970.

The opening message is the ``source`` of a conversation; what followed are its parts. A part that closes, opens or
assigns may carry a message of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from supportkpi.loaders.mapping._mapping import Recognise
from supportkpi.loaders.nested._beside import labels
from supportkpi.loaders.nested._history import (
    AGENT,
    ASSIGNEE,
    BOT,
    CHANGES,
    CONVERSATION,
    CREATED,
    CUSTOMER,
    GROUP,
    HANDOFF,
    MESSAGE,
    STATUS,
    SYSTEM,
    Beside,
    History,
    Nested,
    Records,
    Responders,
    Source,
)
from supportkpi.loaders.nested._values import Record, chronological, first, ident, inner, listed, number, objects, words
from supportkpi.schema import SOMEBODY, Extent, Sight, Status

_AUTHORS = {"user": CUSTOMER, "lead": CUSTOMER, "contact": CUSTOMER, "visitor": CUSTOMER, "admin": AGENT}
_AUTHORS |= {"teammate": AGENT, "bot": BOT, "operator": BOT, "team": SYSTEM, "system": SYSTEM}
_NOTES = frozenset(("note", "note_and_reopen"))
_SAID = frozenset(("comment", "comment_and_close", "comment_and_reopen", "quick_reply", "email", "message"))
_CLOSED = frozenset(("close", "comment_and_close", "closed"))
_OPENED = frozenset(
    ("open", "note_and_reopen", "comment_and_reopen", "assign_and_reopen", "unsnoozed", "timer_unsnooze", "reopen")
)
_MACHINE_SENT = frozenset(("automated", "campaigns_initiated", "operator_initiated"))
_EDGES = (
    ("first_contact_reply_at", MESSAGE, CUSTOMER, Sight.request),
    ("last_contact_reply_at", MESSAGE, CUSTOMER, Sight.request),
    ("first_admin_reply_at", MESSAGE, AGENT, Sight.reply),
    ("last_admin_reply_at", MESSAGE, AGENT, Sight.reply),
    ("first_assignment_at", ASSIGNEE, None, Sight.assignee),
    ("last_assignment_at", ASSIGNEE, None, Sight.assignee),
    ("first_close_at", STATUS, None, Sight.solve),
    ("last_close_at", STATUS, None, Sight.solve),
)
_SCALE = "1-5"


class _Teller:
    """Goes through the conversations, one after the other."""

    def __init__(self, records: Records) -> None:
        self.names = labels([*objects(records.beside.get("admins")), *objects(records.beside.get("teammates"))])
        self.teams = labels(objects(records.beside.get("teams")))
        self.history = History()
        self._said: Responders = records.responders
        self._place = 0
        self._has_bot = False
        self.asks = False  # whether there are questions without an answer: then every question is there

    def author(self, value: object) -> tuple[str | None, str | None]:
        """The actor and the id of an author; agents by their names, where the envelope has them."""
        author = inner(value)
        who = ident(author.get("id"))
        actor = self._said.actor(who, ident(author.get("name")), ident(author.get("email"))) if self._said else None
        actor = actor or _AUTHORS.get(str(author.get("type")).casefold())
        return actor, self.names.get(who, who) if actor == AGENT else who

    def begin(self, place: int, talk: Record) -> None:
        """The creation of a conversation, and its opening message."""
        self._place, source = place, inner(talk.get("source"))
        actor, who = self.author(source.get("author"))
        if actor == AGENT and source.get("delivered_as") in _MACHINE_SENT:
            actor = BOT
        self._has_bot = actor == BOT
        at, add = talk.get("created_at"), self.history.events.append
        add((place, at, CREATED, actor, who, None, None))
        if source:
            add((place, at, MESSAGE, actor, who, True, None))

    def parts(self, at: object, parts: list[Record]) -> None:
        """What followed: messages, notes, assignments, closings; the conversation is open from its creation on."""
        add, place = self.history.events.append, self._place
        add((place, at, STATUS, None, None, None, "open"))
        for part in chronological(parts, "created_at"):
            sort, when = str(part.get("part_type")), part.get("created_at")
            actor, who = self.author(part.get("author"))
            changes = sort in _CLOSED or sort in _OPENED
            if sort in _SAID or (changes and sort not in _NOTES and _has_text(part)):
                self._has_bot = self._has_bot or actor == BOT
                add((place, when, MESSAGE, actor, who, True, None))
            elif sort in _NOTES:
                add((place, when, MESSAGE, actor, who, False, None))
            if "assign" in sort:
                self._assigned(part, when, (actor, who))
            if changes or sort == "snoozed":
                word = "closed" if sort in _CLOSED else "open" if sort in _OPENED else "snoozed"
                add((place, when, STATUS, actor, who, None, word))

    def _assigned(self, part: Record, when: object, by: tuple[str | None, str | None]) -> None:
        """An assignment to an agent, a team or nobody; by a bot that has talked before, it hands over."""
        to, (actor, who) = inner(part.get("assigned_to")), by
        sort, name = str(to.get("type")), ident(to.get("id"))
        is_team = sort == "team"
        value = (
            self.teams.get(name, name) if is_team else self.names.get(name, name) if sort != "nobody_admin" else None
        )
        add = self.history.events.append
        add((self._place, when, GROUP if is_team else ASSIGNEE, actor, who, None, value))
        if self._has_bot and actor == BOT and name is not None and sort in ("team", "admin"):
            add((self._place, when, HANDOFF, actor, who, None, None))

    def edges(self, statistics: Record) -> None:
        """The events that the statistics tell of where the parts are not there."""
        for key, kind, actor, _ in _EDGES:
            if number(statistics.get(key)) != 0 and statistics.get(key) is not None:
                word = Status.closed.value if kind == STATUS else SOMEBODY if kind == ASSIGNEE else None
                public = True if kind == MESSAGE else None
                self.history.events.append((self._place, statistics[key], kind, actor, None, public, word))

    def rating(self, value: object) -> None:
        """The rating of a conversation, or that it was asked for."""
        rating = inner(value)
        score = number(rating.get("rating"))
        if not rating or (score is None and rating.get("created_at") is None):
            return
        teammate = ident(inner(first(rating, "teammate", "admin")).get("id"))
        agent = self.names.get(teammate, teammate)
        answer = "offered" if score is None else f"{score:g}"
        self.asks = self.asks or score is None
        self.history.ratings.append((self._place, rating.get("created_at"), "csat", score, answer, _SCALE, agent))


def _has_text(part: Record) -> bool:
    body = part.get("body")
    return isinstance(body, str) and bool(body.strip())


def _parts_of(talk: Record) -> tuple[list[Record] | None, bool]:
    """The parts of a conversation, and whether they are all there."""
    held = talk.get("conversation_parts")
    parts = listed(held, "conversation_parts", "parts", "data")
    total = number(inner(held).get("total_count"))
    return parts, parts is not None and (total is None or total <= len(parts))


def tell(records: Records) -> History:
    """The parts, statistics and ratings of the conversations."""
    teller = _Teller(records)
    whole: list[bool] = []
    for place, talk in enumerate(records.rows):
        parts, is_whole = _parts_of(talk)
        statistics = inner(talk.get("statistics"))
        teller.begin(place, talk)
        if parts is not None:
            teller.parts(talk.get("created_at"), parts)
        if not is_whole and statistics:
            teller.edges(statistics)
        teller.rating(talk.get("conversation_rating"))
        whole.append(is_whole)
    history = teller.history
    _columns(records, teller)
    shows = {**CHANGES, **CONVERSATION, Sight.handoff: Extent.EVERY}
    del shows[Sight.priority]
    edges = "statistics" if not any(whole) else "conversation_parts.created_at"
    history.paths = dict.fromkeys((MESSAGE, ASSIGNEE, GROUP, STATUS, HANDOFF), edges) | {CREATED: "created_at"}
    history.sources = [
        Source(name="all their parts", has=whole, shows=shows),
        *_edges_shown(records, is_told=not any(whole)),
        Source(
            name="ratings",
            has=[any("conversation_rating" in talk for talk in records.rows)] * len(records.rows),
            shows={Sight.rating: Extent.LAST} | ({Sight.offer: Extent.EVERY} if teller.asks else {}),
            is_told=False,
        ),
    ]
    return history


def _edges_shown(records: Records, *, is_told: bool) -> Iterator[Source]:
    """What each of the statistics shows, where a conversation has it: nothing under its key is also an answer."""
    statistics = [inner(talk.get("statistics")) for talk in records.rows]
    for key, _, _, sight in _EDGES:
        extent = Extent.FIRST if key.startswith("first") else Extent.LAST
        has = [key in one for one in statistics]
        yield Source(name=f"statistics.{key}", has=has, shows={sight: extent}, is_told=is_told)


def _columns(records: Records, teller: _Teller) -> None:
    """The columns of the tickets that stand in objects or lists."""
    values, rows = teller.history.values, records.rows
    values["requester_id"] = [_requester(talk) for talk in rows]
    admins = [ident(first(talk, "admin_assignee_id")) or _assignee(talk, "admin") for talk in rows]
    teams = [ident(first(talk, "team_assignee_id")) or _assignee(talk, "team") for talk in rows]
    values["assignee_id"] = [None if one == "0" else teller.names.get(one, one) for one in admins]
    values["group"] = [None if one == "0" else teller.teams.get(one, one) for one in teams]
    values["tags"] = [words(listed(talk.get("tags"), "tags", "data") or talk.get("tags")) or [] for talk in rows]
    counts = [inner(talk.get("statistics")).get("count_reopens") for talk in rows]
    if any(count is not None for count in counts):
        values["given_reopens"] = [*counts]


def _requester(talk: Record) -> str | None:
    contacts = listed(talk.get("contacts"), "contacts", "data") or []
    author = inner(inner(talk.get("source")).get("author"))
    asked = author if _AUTHORS.get(str(author.get("type"))) == CUSTOMER else {}
    found = next((one for one in (asked, *contacts, inner(talk.get("user"))) if one), {})
    return ident(first(found, "id", "external_id", "email"))


def _assignee(talk: Record, sort: str) -> str | None:
    assignee = inner(talk.get("assignee"))
    return ident(assignee.get("id")) if assignee.get("type") == sort else None


NESTED = Nested(
    id="intercom_json",
    title="Intercom conversations as JSON",
    confidence="documented",
    recognise=(
        Recognise(
            any=2,
            of=(
                *("conversation_parts", "statistics.first_contact_reply_at", "statistics.time_to_admin_reply"),
                *("source.delivered_as", "admin_assignee_id", "team_assignee_id", "conversation_rating"),
                *("statistics.first_admin_reply_at", "statistics.last_close_at", "statistics.count_reopens"),
                *("contacts.contacts", "tags.tags", "statistics.type", "source.author.type"),
                *("first_contact_reply", "statistics.count_conversation_parts", "conversation_rating.rating"),
                *("conversation_parts.conversation_parts", "conversation_parts[].part_type", "sla_applied"),
            ),
        ),
        Recognise(all=("conversation_parts[].part_type",)),
    ),
    columns={
        "ticket_id": ("id",),
        "requester_id": ("source.author.id",),
        "assignee_id": ("admin_assignee_id",),
        "group": ("team_assignee_id",),
        "status": ("state",),
        "priority": ("priority",),
        "channel": ("source.type",),
        "language": ("source.author.locale", "language"),
        "updated_at": ("updated_at",),
    },
    words={
        "status": {"open": "open", "closed": "closed", "snoozed": "pending"},
        "priority": {"priority": "high", "not_priority": "normal", "not priority": "normal"},
        "channel": {"conversation": "chat", "push": "chat", "email": "email", "phone_call": "phone"}
        | {"phone_switch": "phone", "instagram": "social", "facebook": "social", "twitter": "social"}
        | {"whatsapp": "messenger", "sms": "sms"},
    },
    ratings=("csat",),
    never=("title", "source.body", "source.subject", "source.url", "source.id", "source.author.name"),
    reads={
        "created_at": "created_at",
        "source.author.type": "opener",
        "conversation_parts.conversation_parts": "events",
        "conversation_parts": "events",
        "conversation_rating.rating": "csat",
    },
    tell=tell,
    beside=tuple(Beside(name=f"{one}s", recognise=(), called=one) for one in ("admin", "teammate", "team")),
)
"""Intercom's JSON."""

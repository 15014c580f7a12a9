"""Zammad tickets as its API lists them, with their articles and history where the export carries these."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from supportkpi.loaders.mapping._mapping import Recognise
from supportkpi.loaders.nested._beside import of_tickets
from supportkpi.loaders.nested._history import (
    AGENT,
    ASSIGNEE,
    BOT,
    CHANGES,
    CONVERSATION,
    CREATED,
    CUSTOMER,
    GROUP,
    MESSAGE,
    PRIORITY,
    STATUS,
    SYSTEM,
    Beside,
    History,
    Nested,
    Records,
    Source,
)
from supportkpi.loaders.nested._lists import may_stand
from supportkpi.loaders.nested._values import Record, chronological, first, ident, number, truth, word
from supportkpi.schema import Extent, Sight, Status

_SENDERS = {"customer": CUSTOMER, "agent": AGENT, "system": BOT, "1": AGENT, "2": CUSTOMER, "3": BOT}
"""Who sends an article; the system sends what triggers write, which answers nobody."""
_CHANGED = {"state": STATUS, "priority": PRIORITY, "owner": ASSIGNEE, "group": GROUP}
_STATES = ("new", "open", "pending reminder", "closed", "merged", "removed", "pending close")
_PRIORITIES = ("1 low", "2 normal", "3 high")
_NOBODY = frozenset(("1", "-"))
_NONE, _AT_ONCE = timedelta(0), timedelta(seconds=2)
_BOTH = Extent.FIRST | Extent.LAST
_ASSUMED_NUMBERS = "Zammad's numbers of states and priorities are those of its default set"
_ASSUMED_CLOSE = "Zammad keeps the first closing of a ticket only: of one that was reopened the last may be later"


def _by_number(name: str | None, table: tuple[str, ...]) -> str | None:
    """The name behind a number of the default set; other words as they are."""
    if name is None or not name.isdecimal():
        return name
    return table[int(name) - 1] if 0 < int(name) <= len(table) else name


def _word_of(ticket: Record, name: str) -> str | None:
    """The name of a relation where the export is expanded, else its number."""
    value = ticket.get(name)
    return word(value) if value is not None else ident(ticket.get(f"{name}_id"))


def _ids(ticket: Record, name: str) -> Iterator[str]:
    """The number and the name of a person of a ticket."""
    found = (ident(ticket.get(f"{name}_id")), word(ticket.get(name)))
    yield from (one for one in found if one is not None)


def _sender(record: Record, name: str = "sender") -> str | None:
    named = first(record, name, f"{name}_id")
    return _SENDERS.get(str(word(named)).casefold())


@dataclass(frozen=True, slots=True, kw_only=True)
class _People:
    """What the persons of a file are called by their numbers, and by both who asked for a ticket."""

    names: Mapping[str, str]
    customer: frozenset[str]

    def actor(self, who: str | None) -> str | None:
        """Who changed something: user 1 is the system itself."""
        if who is None:
            return None
        return SYSTEM if who in _NOBODY else CUSTOMER if who in self.customer else AGENT

    def called(self, who: str | None) -> str | None:
        """A person by name where the file has one."""
        return self.names.get(who, who) if who is not None else None


def _named(rows: Sequence[Record], said: Sequence[list[Record] | None]) -> dict[str, str]:
    """The names behind the numbers of users, in tickets and articles that have both."""
    both = [(row, key) for row in rows for key in ("owner", "customer", "created_by")]
    both += [(one, "created_by") for articles in said for one in articles or ()]
    pairs = ((ident(one.get(f"{key}_id")), word(one.get(key))) for one, key in both)
    return {number: name for number, name in pairs if number is not None and name is not None}


def _articles(place: int, articles: list[Record], records: Records, history: History) -> None:
    for article in chronological(articles, "created_at"):
        who = ident(first(article, "created_by", "created_by_id", "from"))
        said = records.responders.actor(who, ident(article.get("from"))) if records.responders else None
        actor = said or _sender(article)
        public = truth(article.get("internal")) is not True
        history.events.append((place, article.get("created_at"), MESSAGE, actor, who, public, None))


def _changes(place: int, changes: list[Record], people: _People, history: History) -> None:
    """The history of a ticket: what was set, by whom."""
    for change in chronological(changes, "created_at"):
        kind = _CHANGED.get(str(change.get("attribute")))
        sort = str(change.get("type"))
        if kind is None or sort not in ("updated", "created", "None"):
            continue
        who = ident(first(change, "created_by", "created_by_id"))
        raw = _value(kind, word(first(change, "value_to", "id_to")), ident(change.get("id_to")), people)
        history.events.append((place, change.get("created_at"), kind, people.actor(who), people.called(who), None, raw))


def _value(kind: str, value: str | None, number: str | None, people: _People) -> str | None:
    """What a ticket has from then on, under the name that the tickets have for it."""
    if kind == ASSIGNEE:
        return None if value in _NOBODY or number in _NOBODY else people.names.get(number or "", value)
    return _by_number(value, _STATES if kind == STATUS else _PRIORITIES) if kind in (STATUS, PRIORITY) else value


def _with_articles(changes: list[Record], articles: Sequence[Record]) -> list[Record]:
    """The changes, those of one update with an article at its instant: Zammad saves the ticket first."""
    said = [(at, ident(one.get("created_by_id")), one) for one in articles if (at := _read(one)) is not None]

    def told(change: Record) -> Record:
        at, who = _read(change), ident(change.get("created_by_id"))
        near = (one for spoken, by, one in said if at is not None and by == who and _AT_ONCE > spoken - at >= _NONE)
        article = next(near, None)
        return change if article is None else {**change, "created_at": article["created_at"]}

    return [told(change) for change in changes]


def _read(record: Record) -> datetime | None:
    text = record.get("created_at")
    try:
        return datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None


def _began(place: int, ticket: Record, changes: list[Record], people: _People, history: History) -> None:
    """What a ticket had before the first change that the history tells."""
    for attribute, kind in _CHANGED.items():
        mine = [one for one in chronological(changes, "created_at") if one.get("attribute") == attribute]
        if any(str(one.get("type")) == "created" for one in mine):
            continue
        number = ident(mine[0].get("id_from") if mine else ticket.get(f"{attribute}_id"))
        before = word(mine[0].get("value_from")) if mine else _word_of(ticket, attribute)
        raw = _value(kind, before, number, people)
        if raw is not None:
            history.events.append((place, ticket.get("created_at"), kind, None, None, None, raw))


def _first_reply(place: int, ticket: Record, history: History) -> None:
    if ticket.get("first_response_at") is not None:
        history.events.append((place, ticket["first_response_at"], MESSAGE, AGENT, None, True, None))


def _closings(place: int, ticket: Record, history: History) -> None:
    for key in ("close_at", "last_close_at"):
        if ticket.get(key) is not None:
            history.events.append((place, ticket[key], STATUS, None, None, None, Status.closed.value))


def tell(records: Records) -> History:
    """The articles and the history of the tickets."""
    history = History()
    articles = of_tickets(records, "articles", "ticket_articles")
    changes = of_tickets(records, "history", "ticket_history")
    names, whole = _named(records.rows, articles), []
    for place, ticket in enumerate(records.rows):
        said, changed = articles[place], changes[place]
        customer = _word_of(ticket, "customer")
        opener = _sender(ticket, "create_article_sender")
        if opener is None and said:
            opener = _sender(chronological(said, "created_at")[0])
        history.events.append((place, ticket.get("created_at"), CREATED, opener, customer, None, None))
        if said is not None:
            _articles(place, said, records, history)
        else:
            _first_reply(place, ticket, history)
        if changed is not None:
            people = _People(names=names, customer=frozenset(_ids(ticket, "customer")))
            _began(place, ticket, changed, people, history)
            _changes(place, _with_articles(changed, said or ()), people, history)
        else:
            _closings(place, ticket, history)
        count = number(ticket.get("article_count"))
        whole.append(said is not None and (count is None or count <= len(said)))
    has_changes = [one is not None for one in changes]
    history.paths = dict.fromkeys((STATUS, PRIORITY, ASSIGNEE, GROUP), "history.created_at") | {
        MESSAGE: "articles.created_at" if any(whole) else "first_response_at",
        CREATED: "created_at",
        **({} if any(has_changes) else {STATUS: "close_at"}),
    }
    closes, replies = may_stand(records.rows, "close_at"), may_stand(records.rows, "first_response_at")
    history.sources = [
        Source(name="all their articles", has=whole, shows=CONVERSATION),
        Source(name="a history", has=has_changes, shows=CHANGES),
        Source(name="close_at", has=closes, shows={Sight.solve: _BOTH}, is_told=not any(has_changes)),
        Source(name="first_response_at", has=replies, shows={Sight.reply: Extent.FIRST}, is_told=not any(whole)),
    ]
    _columns(records, history)
    if not all(has_changes) and any(ticket.get("close_at") is not None for ticket in records.rows):
        history.assumptions.append(_ASSUMED_CLOSE)
    return history


def _columns(records: Records, history: History) -> None:
    """States and priorities by name; nobody is no owner."""
    rows, values = records.rows, history.values
    states = [_word_of(ticket, "state") for ticket in rows]
    ranks = [_word_of(ticket, "priority") for ticket in rows]
    if any(one is not None and one.isdecimal() for one in (*states, *ranks)):
        history.assumptions.append(_ASSUMED_NUMBERS)
    values["status"] = [_by_number(one, _STATES) for one in states]
    values["priority"] = [_by_number(one, _PRIORITIES) for one in ranks]
    for name, field in (("owner", "assignee_id"), ("group", "group"), ("customer", "requester_id")):
        found = [_word_of(ticket, name) for ticket in rows]
        values[field] = [None if one in _NOBODY and name == "owner" else one for one in found]
    values["organization_id"] = [_word_of(ticket, "organization") for ticket in rows]
    for name, key in (("first_response", "first_response_diff_in_min"), ("resolution", "close_diff_in_min")):
        left = [number(ticket.get(key)) for ticket in rows]
        if any(one is not None for one in left):
            values[f"given_sla_{name}_met"] = [None if one is None else one >= 0 for one in left]
    for name, key in (("first_response", "first_response_in_min"), ("resolution", "close_in_min")):
        minutes = [number(ticket.get(key)) for ticket in rows]
        if any(one is not None for one in minutes):
            values[f"given_{name}_business_s"] = [None if one is None else one * 60 for one in minutes]


NESTED = Nested(
    id="zammad_json",
    title="Zammad tickets as JSON",
    recognise=(
        Recognise(
            any=3,
            of=(
                *("state_id", "priority_id", "owner_id", "customer_id", "first_response_in_min", "close_in_min"),
                *("create_article_type_id", "create_article_sender_id", "article_count", "articles[].sender"),
                *("articles[].sender_id", "articles[].internal", "article_ids", "last_contact_customer_at"),
            ),
        ),
        Recognise(all=("articles[].sender",), any=1, of=("articles[].internal", "articles[].type")),
    ),
    columns={
        "ticket_id": ("number", "id"),
        "requester_id": ("customer", "customer_id"),
        "organization_id": ("organization", "organization_id"),
        "assignee_id": ("owner", "owner_id"),
        "group": ("group", "group_id"),
        "status": ("state", "state_id"),
        "priority": ("priority", "priority_id"),
        "channel": ("create_article_type", "articles.type"),
        "tags": ("tags",),
        "first_response_due_at": ("first_response_escalation_at",),
        "resolution_due_at": ("close_escalation_at",),
        "updated_at": ("updated_at",),
    },
    words={
        "status": {"new": "new", "open": "open", "pending reminder": "pending", "pending close": "pending"}
        | {"closed": "closed", "merged": "deleted", "removed": "deleted"},
        "exclusion": {"merged": "merged", "removed": "deleted"},
        "priority": {"low": "low", "normal": "normal", "high": "high"},
        "channel": {"email": "email", "phone": "phone", "web": "web", "note": "other", "sms": "sms", "chat": "chat"},
    },
    never=("title", "note", "id"),
    reads={
        "created_at": "created_at",
        "articles": "events",
        "history": "events",
        "first_response_at": "first_reply_at",
        "close_at": "closed_at",
        "create_article_sender_id": "opener",
        "create_article_sender": "opener",
    },
    tell=tell,
    beside=(
        Beside(
            name="articles",
            recognise=(Recognise(all=("ticket_id", "internal", "created_at"), any=1, of=("sender", "sender_id")),),
            ticket=("ticket_id",),
            ours=("id",),
            also=("ticket_articles",),
        ),
    ),
)
"""Zammad's JSON."""

"""Zammad tickets as its API lists them, with their articles and history where the export carries these."""

from __future__ import annotations

from supportkpi.loaders.mapping._mapping import Recognise
from supportkpi.loaders.nested._beside import of_tickets
from supportkpi.loaders.nested._history import (
    AGENT,
    ASSIGNEE,
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

_SENDERS = {"customer": CUSTOMER, "agent": AGENT, "system": SYSTEM, "1": AGENT, "2": CUSTOMER, "3": SYSTEM}
_CHANGED = {"state": STATUS, "priority": PRIORITY, "owner": ASSIGNEE, "group": GROUP}
_STATES = ("new", "open", "pending reminder", "closed", "merged", "removed", "pending close")
_PRIORITIES = ("1 low", "2 normal", "3 high")
_NOBODY = frozenset(("1", "-"))
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


def _sender(record: Record, name: str = "sender") -> str | None:
    named = first(record, name, f"{name}_id")
    return _SENDERS.get(str(word(named)).casefold())


def _articles(place: int, articles: list[Record], records: Records, history: History) -> None:
    for article in chronological(articles, "created_at"):
        who = ident(first(article, "created_by", "created_by_id", "from"))
        said = records.responders.actor(who, ident(article.get("from"))) if records.responders else None
        actor = said or _sender(article)
        public = truth(article.get("internal")) is not True
        history.events.append((place, article.get("created_at"), MESSAGE, actor, who, public, None))


def _changes(place: int, changes: list[Record], customer: str | None, history: History) -> None:
    """The history of a ticket: what was set, by whom."""
    for change in chronological(changes, "created_at"):
        kind = _CHANGED.get(str(change.get("attribute")))
        sort = str(change.get("type"))
        if kind is None or sort not in ("updated", "created", "None"):
            continue
        value = word(first(change, "value_to", "id_to"))
        if kind is ASSIGNEE and (value in _NOBODY or ident(change.get("id_to")) == "1"):
            value = None
        who = ident(first(change, "created_by", "created_by_id"))
        actor = None if who is None else SYSTEM if who == "1" else CUSTOMER if who == customer else AGENT
        raw = _by_number(value, _STATES if kind is STATUS else _PRIORITIES) if kind in (STATUS, PRIORITY) else value
        history.events.append((place, change.get("created_at"), kind, actor, who, None, raw))


def _began(place: int, ticket: Record, changes: list[Record], history: History) -> None:
    """The state and priority that a ticket had before the first change that the history tells."""
    for attribute, kind in (("state", STATUS), ("priority", PRIORITY)):
        mine = [one for one in chronological(changes, "created_at") if one.get("attribute") == attribute]
        table = _STATES if kind is STATUS else _PRIORITIES
        before = word(mine[0].get("value_from")) if mine else _word_of(ticket, attribute)
        if before is not None and not any(str(one.get("type")) == "created" for one in mine):
            raw = _by_number(before, table)
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
    whole = []
    for place, ticket in enumerate(records.rows):
        said, changed = articles[place], changes[place]
        customer = _word_of(ticket, "customer")
        opener = _sender(ticket, "create_article_sender")
        if opener is None and said:
            opener = _sender(chronological(said, "created_at")[0])
        history.events.append((place, ticket.get("created_at"), CREATED, opener, customer, None, None))
        if changed is not None:
            _began(place, ticket, changed, history)
            _changes(place, changed, customer, history)
        else:
            _closings(place, ticket, history)
        if said is not None:
            _articles(place, said, records, history)
        else:
            _first_reply(place, ticket, history)
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

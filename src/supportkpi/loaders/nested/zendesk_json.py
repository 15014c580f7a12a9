"""Zendesk tickets as its API lists them: with audits, with comments, with metrics, or bare.

Audits give every change and message, comments alone every message, metrics the first reply and the edges of the life.
Roles come from the users of the envelope; without them the requester is the customer and others are agents.
"""

from __future__ import annotations

from collections.abc import Sequence

from supportkpi.loaders.mapping._mapping import Recognise
from supportkpi.loaders.nested._beside import labels, of_tickets, one_of_ticket
from supportkpi.loaders.nested._history import (
    ASSIGNEE,
    CHANGES,
    CONVERSATION,
    CREATED,
    GROUP,
    MESSAGE,
    PRIORITY,
    STATUS,
    Beside,
    History,
    Nested,
    Records,
    Source,
)
from supportkpi.loaders.nested._values import Record, chronological, ident, inner, number, objects, truth, word, words
from supportkpi.loaders.nested._zendesk_audits import as_audit, ticket_of
from supportkpi.loaders.nested._zendesk_fields import custom_fields, edges, givens, ratings, without_rating
from supportkpi.loaders.nested._zendesk_people import People, by_machine
from supportkpi.schema import Extent, Sight

_COMMENTS = frozenset(("Comment", "VoiceComment", "FacebookComment"))
_CHANGED = {"status": STATUS, "priority": PRIORITY, "assignee_id": ASSIGNEE, "group_id": GROUP}
_MERGED = "closed_by_merge"
_METRICS = ("metric_sets", "ticket_metrics")
_REPLY = "reply_time_in_minutes"
_EDGES = {Sight.solve: Extent.LAST, Sight.reply: Extent.FIRST, Sight.assignee: Extent.FIRST | Extent.LAST}


class _Teller:
    """Goes through the tickets, one after the other."""

    def __init__(self, records: Records) -> None:
        self.people = People(records)
        self.groups = labels(objects(records.beside.get("groups")))
        self.history = History()
        self.rated_at: dict[int, object] = {}
        self._place = 0
        self._requester: str | None = None

    def ticket(self, place: int, ticket: Record) -> None:
        """Begin a ticket: its creation, by its submitter."""
        self._place, self._requester = place, ident(ticket.get("requester_id"))
        submitter = ident(ticket.get("submitter_id"))
        by = self.people.actor(submitter, self._requester)
        event = (place, ticket.get("created_at"), CREATED, by, self.people.name(submitter), None, None)
        self.history.events.append(event)

    def audits(self, audits: list[Record]) -> None:
        """The events of each audit: comments, and what was set or changed."""
        people, requester = self.people, self._requester
        for audit in chronological(audits, "created_at"):
            via, changes = audit.get("via"), audit.get("events")
            if type(changes) is not list:
                continue
            by = ident(audit.get("author_id"))
            actor = by_machine(via) if via is not None else None
            self._events(changes, audit.get("created_at"), (by, actor or people.actor(by, requester)))

    def _events(self, events: list[object], at: object, by: tuple[str | None, str | None]) -> None:
        """The events of one audit, by its author; this is where the time goes, so it looks no further than it must."""
        name, place = self.people.name(by[0]), self._place
        for event in events:
            if type(event) is not dict:
                continue
            sort = event.get("type")
            if sort in ("Change", "Create"):
                field = event.get("field_name")
                kind = _CHANGED.get(field) if type(field) is str else None
                if kind is not None:
                    via, value = event.get("via"), event.get("value")
                    text = value if type(value) is str else word(value)
                    if kind is ASSIGNEE or kind is GROUP:
                        text = self.people.name(text) if kind is ASSIGNEE else self.groups.get(text, text)
                    actor = by[1] if via is None else by_machine(via) or by[1]
                    self.history.events.append((place, at, kind, actor, name, None, text))
                elif field == "satisfaction_score":
                    self.rated_at[place] = at
            elif type(sort) is str and sort in _COMMENTS:
                self._message(event, at, by)

    def comments(self, comments: list[Record]) -> None:
        """The messages of a ticket that has no audits."""
        for comment in chronological(comments, "created_at"):
            self._message(comment, comment.get("created_at"), (None, None))

    def _message(self, comment: Record, at: object, audit: tuple[str | None, str | None]) -> None:
        """A comment; where it has no author of its own that of the audit wrote it."""
        own, via = ident(comment.get("author_id")), comment.get("via")
        by = own or audit[0]
        actor = by_machine(via) if via is not None else None
        if actor is None:
            actor = audit[1] if own is None or own == audit[0] else self.people.actor(by, self._requester)
        said = comment.get("public")
        public = said if type(said) is bool else truth(said) is not False
        self.history.events.append((self._place, at, MESSAGE, actor, self.people.name(by), public, None))


def tell(records: Records) -> History:
    """The audits, comments, metrics and ratings of the tickets."""
    teller = _Teller(records)
    audits = [
        None if one is None else [*map(as_audit, one)]
        for one in of_tickets(records, "audits", "ticket_audits", "ticket_events")
    ]
    comments = of_tickets(records, "comments", "ticket_comments")
    metrics = one_of_ticket(records, ("metric_set", "metrics", "ticket_metrics", "dates"), _METRICS)
    for place, ticket in enumerate(records.rows):
        teller.ticket(place, ticket)
        changes, said = audits[place], comments[place]
        if changes is not None:
            teller.audits(changes)
        elif said is not None:
            teller.comments(said)
        if changes is None and metrics[place]:
            edges(place, ticket, metrics[place], teller.history, replied=said is None)
    history = teller.history
    told = any(one is not None for one in audits)
    where = "audits.created_at" if told else "metrics"
    history.paths = dict.fromkeys((MESSAGE, STATUS, PRIORITY, ASSIGNEE, GROUP), where) | {CREATED: "created_at"}
    if not told:
        history.paths = {**history.paths, MESSAGE: "comments.created_at"}
    history.sources = _sources(records, audits, comments, metrics)
    _tickets(records, teller)
    custom_fields(records, history)
    givens(metrics, history)
    if ratings(records, teller.rated_at, history):
        shows = {Sight.rating: Extent.LAST, Sight.offer: Extent.EVERY}
        history.sources.append(Source(name="ratings", has=[True] * len(records.rows), shows=shows, is_told=False))
    history.assumptions += teller.people.assumptions
    return history


def _sources(
    records: Records,
    audits: Sequence[list[Record] | None],
    comments: Sequence[list[Record] | None],
    metrics: Sequence[Record],
) -> list[Source]:
    has_audits = [one is not None for one in audits]
    whole = [_is_whole(ticket, found) for ticket, found in zip(records.rows, comments, strict=True)]
    edges = dict(_EDGES) if not any(has_audits) else {}
    if not any(_REPLY in one for one in metrics):  # the dates of a ticket alone say nothing of replies
        edges.pop(Sight.reply, None)
    return [
        Source(name="audits", has=has_audits, shows={**CHANGES, **CONVERSATION}),
        Source(name="all their comments", has=whole, shows=CONVERSATION, is_told=not any(has_audits)),
        Source(name="metrics", has=[bool(one) for one in metrics], shows=edges, is_told=not any(has_audits)),
    ]


def _is_whole(ticket: Record, comments: list[Record] | None) -> bool:
    """Whether all comments of a ticket are there, as far as the export says how many it has."""
    count = number(ticket.get("comment_count"))
    return comments is not None and (count is None or count <= len(comments))


def _tickets(records: Records, teller: _Teller) -> None:
    """The columns of the tickets that need a name from beside them, or a look at the tags."""
    companies = labels(objects(records.beside.get("organizations")))
    values, rows = teller.history.values, records.rows
    values["assignee_id"] = [teller.people.name(ident(row.get("assignee_id"))) for row in rows]
    groups = [ident(row.get("group_id")) for row in rows]
    values["group"] = [teller.groups.get(one, one) for one in groups]
    firms = [ident(row.get("organization_id")) for row in rows]
    values["organization_id"] = [companies.get(one, one) for one in firms]
    tags = [words(row.get("tags")) or [] for row in rows]
    values["tags"] = [*tags]
    values["merged"] = [_MERGED in one for one in tags]
    categories = {
        str(inner(one).get("agent_label")).casefold(): str(one.get("status_category"))
        for one in objects(records.beside.get("custom_statuses"))
    }
    teller.history.words["status"] = categories


NESTED = Nested(
    id="zendesk_json",
    title="Zendesk tickets as JSON",
    recognise=(
        Recognise(
            any=3,
            of=(
                *("requester_id", "submitter_id", "via.channel", "brand_id", "ticket_form_id", "satisfaction_rating"),
                *("satisfaction_rating.score", "metric_set.ticket_id", "allow_channelback", "audits[].events"),
                *("followup_ids", "sharing_agreement_ids", "comments[].public"),
            ),
            none=("responder_id", "fr_escalated", "conversation_parts"),
        ),
        Recognise(all=("audits[].events", "audits[].created_at")),
        Recognise(all=("requester_id", "comments[].author_id", "comments[].public"), none=("responder_id",)),
    ),
    columns={
        "ticket_id": ("id",),
        "requester_id": ("requester_id",),
        "organization_id": ("organization_id",),
        "assignee_id": ("assignee_id",),
        "group": ("group_id",),
        "status": ("status",),
        "priority": ("priority",),
        "channel": ("via.channel", "via"),
        "tags": ("tags",),
        "updated_at": ("updated_at",),
    },
    words={
        "status": {"new": "new", "open": "open", "pending": "pending", "hold": "hold", "on-hold": "hold"}
        | {"solved": "solved", "closed": "closed", "deleted": "deleted"},
        "priority": {"low": "low", "normal": "normal", "high": "high", "urgent": "urgent"},
        "channel": {"web": "web", "email": "email", "chat": "chat", "api": "api", "voice": "phone", "sms": "sms"}
        | {"native_messaging": "messenger", "messaging": "messenger", "twitter": "social", "facebook": "social"}
        | {"line": "messenger", "wechat": "messenger", "whatsapp": "messenger"}
        | {"mobile_sdk": "web", "mobile": "web", "help_center": "web", "web_widget": "web", "rule": "other"},
    },
    ratings=("csat",),
    never=("subject", "raw_subject", "description", "url", "recipient", "external_id"),
    reads={
        "created_at": "created_at",
        "submitter_id": "opener",
        "audits": "events",
        "comments": "events",
        "satisfaction_rating.score": "csat",
        "satisfaction_rating": "csat",
    },
    tell=tell,
    beside=(
        Beside(
            name="audits",
            recognise=(
                Recognise(all=("ticket_id", "created_at", "events[].type")),
                Recognise(all=("ticket_id", "created_at", "child_events[].event_type")),
            ),
            ticket=("ticket_id",),
            also=("ticket_audits", "ticket_events"),
            tickets=ticket_of,
            assumed="of tickets whose audits do not name the requester, whoever opened them is taken for the requester",
        ),
        Beside(
            name="comments",
            recognise=(
                Recognise(
                    all=("author_id", "created_at", "public"),
                    any=1,
                    of=("ticket_id", "audit_id", "html_body", "plain_body", "body", "via.channel"),
                    none=("events[].type", "requester_id", "audits[].events"),
                ),
            ),
            ticket=("ticket_id",),
            also=("ticket_comments",),
        ),
        Beside(
            name="ticket_metrics",
            recognise=(
                Recognise(
                    all=("ticket_id",),
                    any=1,
                    of=(
                        *("reply_time_in_minutes.calendar", "full_resolution_time_in_minutes.calendar"),
                        *("first_resolution_time_in_minutes.calendar", "requester_wait_time_in_minutes.calendar"),
                    ),
                ),
            ),
            ticket=("ticket_id",),
            also=("metric_set", "metrics"),
        ),
        Beside(
            name="satisfaction_ratings",
            recognise=(Recognise(all=("ticket_id", "score", "requester_id", "assignee_id")),),
            ticket=("ticket_id",),
            instead=without_rating,
        ),
        Beside(
            name="users",
            recognise=(Recognise(all=("id", "role"), any=1, of=("name", "email"), none=("ticket_id", "requester_id")),),
            called="user",
        ),
        Beside(
            name="organizations",
            recognise=(
                Recognise(all=("id", "name"), any=1, of=("domain_names", "organization_fields", "shared_tickets")),
            ),
            called="organization",
        ),
        Beside(name="groups", recognise=(Recognise(all=("id", "name", "is_public", "default")),), called="group"),
        Beside(
            name="schedules",
            recognise=(Recognise(all=("id", "name", "time_zone", "intervals[].start_time")),),
            policies=True,
        ),
        Beside(name="holidays", recognise=(Recognise(all=("name", "start_date", "end_date")),), policies=True),
        Beside(
            name="sla_policies",
            recognise=(Recognise(all=("id", "title", "policy_metrics[].metric", "policy_metrics[].target")),),
            policies=True,
        ),
        Beside(name="ticket_fields", recognise=(Recognise(all=("id", "title", "raw_title", "type")),)),
        Beside(name="custom_statuses", recognise=(Recognise(all=("id", "agent_label", "status_category")),)),
    ),
)
"""Zendesk's JSON."""

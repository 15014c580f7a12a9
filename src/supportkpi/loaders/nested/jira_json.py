"""Jira and Jira Service Management issues as their search lists them, with comments and the changelog.

The reporter is the customer. A comment is public unless Service Management says that it is internal, or it is kept to
a role or group. The category of a status (new, indeterminate, done) stands behind its name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from supportkpi.loaders.mapping._mapping import Recognise
from supportkpi.loaders.mapping._vocabulary import status_of
from supportkpi.loaders.nested._history import (
    AGENT,
    ASSIGNEE,
    BOT,
    CHANGES,
    CONVERSATION,
    CREATED,
    CUSTOMER,
    MESSAGE,
    PRIORITY,
    STATUS,
    History,
    Nested,
    Records,
    Source,
)
from supportkpi.loaders.nested._jira_fields import answers, columns, first_replies
from supportkpi.loaders.nested._jira_sla import targets
from supportkpi.loaders.nested._values import (
    Record,
    chronological,
    first,
    ident,
    inner,
    listed,
    number,
    objects,
    truth,
    word,
)
from supportkpi.schema import DONE, Extent, Sight, Status

_CHANGED = {"status": STATUS, "priority": PRIORITY, "assignee": ASSIGNEE}
_KINDS = {"app": BOT, "customer": CUSTOMER}
_BUSY = (Status.open, Status.pending, Status.hold)
_WAITING = (Status.new, *_BUSY)
_ASSUMED = "a comment of the reporter is a customer's, one of anybody else an agent's"
_NO_PUBLIC = "no comment says whether customers can see it: all are taken as public"


def _who(person: object) -> str | None:
    found = inner(person)
    return ident(first(found, "accountId", "key", "name", "emailAddress")) if found else ident(person)


class _Teller:
    """Goes through the issues, one after the other."""

    def __init__(self, records: Records) -> None:
        self.history = History()
        self.guessed = False
        self.says_public = False
        self._said = records.responders
        self._place = 0
        self._reporter: str | None = None

    def actor(self, person: object) -> tuple[str | None, str | None]:
        """The role of a person in this issue, and the id."""
        found, who = inner(person), _who(person)
        if who is None:
            return None, None
        said = self._said.actor(who, ident(found.get("displayName")), ident(found.get("name"))) if self._said else None
        if said is not None or who == self._reporter:
            return said or CUSTOMER, who
        known = _KINDS.get(str(found.get("accountType")))
        self.guessed = self.guessed or known is None
        return known or AGENT, who

    def begin(self, place: int, issue: Record) -> None:
        """The creation of an issue and its text, the customer's first message."""
        fields = inner(issue.get("fields"))
        self._place, self._reporter = place, _who(fields.get("reporter"))
        creator = _who(fields.get("creator"))
        actor = CUSTOMER if creator in (None, self._reporter) else AGENT
        add, at = self.history.events.append, fields.get("created")
        add((place, at, CREATED, actor if self._reporter is not None else None, creator, None, None))
        if self._reporter is not None:
            add((place, at, MESSAGE, actor, creator or self._reporter, True, None))

    def comments(self, comments: list[Record]) -> None:
        """The comments, internal ones as notes."""
        for comment in chronological(comments, "created"):
            actor, who = self.actor(first(comment, "author", "updateAuthor"))
            event = (self._place, comment.get("created"), MESSAGE, actor, who, self._public(comment), None)
            self.history.events.append(event)

    def _public(self, comment: Record) -> bool:
        said = truth(comment.get("jsdPublic"))
        if said is None:
            said = truth(comment.get("public"))
        for one in objects(comment.get("properties")):
            if one.get("key") == "sd.public.comment":
                hidden = truth(inner(one.get("value")).get("internal"))
                said = not hidden if hidden is not None else said
        self.says_public = self.says_public or said is not None
        return said is not False and not inner(comment.get("visibility"))

    def changes(self, issue: Record, histories: list[Record]) -> None:
        """What an issue began with, and every change of it."""
        fields, place, add = inner(issue.get("fields")), self._place, self.history.events.append
        ordered = chronological(histories, "created")
        items = [(one, item) for one in ordered for item in objects(one.get("items"))]
        for name, kind in _CHANGED.items():
            began = next((item for _, item in items if item.get("field") == name), None)
            keys = ("fromString", "from") if kind is not ASSIGNEE else ("from", "fromString")
            raw = ident(first(began, *keys)) if began is not None else _now(fields, name)
            if raw is not None:
                add((place, fields.get("created"), kind, None, None, None, raw))
        for one, item in items:
            changed = _CHANGED.get(str(item.get("field")))
            if changed is not None:
                actor, who = self.actor(one.get("author"))
                keys = ("toString", "to") if changed is not ASSIGNEE else ("to", "toString")
                add((place, one.get("created"), changed, actor, who, None, ident(first(item, *keys))))


def _now(fields: Record, name: str) -> str | None:
    return _who(fields.get(name)) if name == "assignee" else word(fields.get(name))


def _histories(issue: Record) -> tuple[list[Record] | None, bool]:
    """The changes of an issue, and whether they are all there."""
    log = issue.get("changelog")
    found = listed(log, "histories", "values")
    total = number(inner(log).get("total"))
    return found, found is not None and (total is None or total <= len(found))


def _comments(issue: Record) -> tuple[list[Record] | None, bool]:
    """The comments of an issue, and whether they are all there."""
    held = first(inner(issue.get("fields")), "comment") or issue.get("comments")
    found = listed(held, "comments", "values")
    total = number(inner(held).get("total"))
    return found, found is not None and (total is None or total <= len(found))


def tell(records: Records) -> History:
    """The comments and changes of the issues."""
    teller = _Teller(records)
    history = teller.history
    has_all: list[bool] = []
    has_comments: list[bool] = []
    for place, issue in enumerate(records.rows):
        changes, is_whole = _histories(issue)
        comments, is_said = _comments(issue)
        teller.begin(place, issue)
        if comments is not None:  # before the changes: who answers and resolves in one step has answered first
            teller.comments(comments)
        if changes is not None:
            teller.changes(issue, changes)
        else:
            _solved(place, issue, history)
        has_all.append(is_whole)
        has_comments.append(is_said)
    told = {PRIORITY: "changelog.created", ASSIGNEE: "changelog.created", CREATED: "fields.created"}
    status = "changelog.created" if any(has_all) else "fields.resolutiondate"
    history.paths = {**told, STATUS: status, MESSAGE: "comment.created"}
    history.words["status"] = _categories(records.rows)
    replied = first_replies(records, history, has_comments)
    history.sources = _sources(records.rows, has_all, has_comments, replied)
    columns(records, history, _who)
    answers(records, history)
    targets(records, history)
    if teller.guessed:
        history.assumptions.append(_ASSUMED)
    if any(has_comments) and not teller.says_public:
        history.assumptions.append(_NO_PUBLIC)
    return history


def _sources(
    rows: Sequence[Record], has_all: Sequence[bool], has_comments: Sequence[bool], replied: bool
) -> list[Source]:
    changes: Mapping[Sight, Extent] = {sight: extent for sight, extent in CHANGES.items() if sight is not Sight.group}
    dated = ["resolutiondate" in inner(issue.get("fields")) for issue in rows]
    first_reply = {Sight.reply: Extent.FIRST} if replied else {}
    return [
        Source(name="their whole changelog", has=has_all, shows=changes),
        Source(name="all their comments", has=has_comments, shows=CONVERSATION),
        Source(name="resolutiondate", has=dated, shows={Sight.solve: Extent.LAST}, is_told=not any(has_all)),
        Source(name="the date of the first response", has=[replied] * len(rows), shows=first_reply, is_told=False),
    ]


def _solved(place: int, issue: Record, history: History) -> None:
    """The solution of an issue without a changelog: its date, else when it came into a category that is done."""
    fields = inner(issue.get("fields"))
    category = inner(inner(fields.get("status")).get("statusCategory")).get("key")
    at = fields.get("resolutiondate")
    if at is None and category == "done":
        at = fields.get("statuscategorychangedate")
    if at is not None:
        history.events.append((place, at, STATUS, None, None, None, word(fields.get("status")) or "done"))


def _categories(rows: Sequence[Record]) -> Mapping[str, str]:
    """What the names of statuses mean: their category, and within it what the name says."""
    found: dict[str, str] = {"done": Status.solved.value}
    for issue in rows:
        status = inner(inner(issue.get("fields")).get("status"))
        name, category = ident(status.get("name")), inner(status.get("statusCategory")).get("key")
        if name is None or name in found:
            continue
        said = status_of(name, {})
        if category == "done":
            found[name] = said.value if said is not None and said.value in (*DONE, "deleted") else "solved"
        elif category == "indeterminate":
            found[name] = said.value if said in _BUSY else "open"
        elif category in ("new", "undefined"):
            found[name] = said.value if said is not None and said in _WAITING else "new"
    return found


NESTED = Nested(
    id="jira_json",
    title="Jira issues as JSON",
    confidence="documented",
    recognise=(
        Recognise(
            all=("key",),
            any=2,
            of=(
                *("fields.status", "fields.issuetype", "fields.created", "fields.reporter", "fields.project"),
                *("changelog", "changelog.histories", "fields.comment", "fields.resolutiondate"),
            ),
        ),
    ),
    columns={
        "ticket_id": ("key", "id"),
        "requester_id": ("fields.reporter",),
        "assignee_id": ("fields.assignee",),
        "status": ("fields.status.name", "fields.status"),
        "priority": ("fields.priority.name", "fields.priority"),
        "category": ("fields.issuetype.name", "fields.issuetype"),
        "tags": ("fields.labels",),
        "updated_at": ("fields.updated",),
    },
    words={
        "priority": {"highest": "urgent", "blocker": "urgent", "critical": "urgent", "high": "high", "major": "high"}
        | {
            "medium": "normal",
            "normal": "normal",
            "low": "low",
            "minor": "low",
            "lowest": "lowest",
            "trivial": "lowest",
        },
        "channel": {"portal": "web", "email": "email", "api": "api", "jira": "web", "widget": "web", "chat": "chat"},
    },
    ratings=("csat",),
    never=("fields.summary", "fields.description", "fields.environment", "self", "id", "expand"),
    reads={
        "fields.created": "created_at",
        "fields.creator.accountId": "opener",
        "changelog.histories": "events",
        "fields.comment.comments": "events",
        "fields.resolutiondate": "solved_at",
        "fields.timespent": "given_handle_s",
    },
    tell=tell,
)
"""Jira's JSON."""

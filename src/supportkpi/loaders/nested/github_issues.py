"""GitHub issues with their comments and events, as the REST interface, its timeline or the gh command line give them.

The author of an issue is its customer, whoever that is. Staff are owners, members and collaborators of the repository;
``responders: {agent: [CONTRIBUTOR]}`` counts contributors too, ``{agent: ["*"]}`` everybody but the author.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from supportkpi.loaders.mapping._mapping import Recognise
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
from supportkpi.loaders.nested._values import (
    Record,
    chronological,
    first,
    ident,
    inner,
    listed,
    number,
    truth,
    word,
    words,
)
from supportkpi.schema import Extent, Sight

_STAFF = frozenset(("OWNER", "MEMBER", "COLLABORATOR"))
_CHANGES: Mapping[Sight, Extent] = {
    sight: extent for sight, extent in CHANGES.items() if sight not in (Sight.group, Sight.priority)
}
_STATES = {"closed": "closed", "reopened": "reopened"}
_PRIORITY = re.compile(r"(?:priority|prio|severity|sev)\s*[:/_\- ]\s*(.+)", re.IGNORECASE)
_RANK = re.compile(r"p[0-5]", re.IGNORECASE)
_ASSUMED = (
    "the author of an issue is its customer; replies are comments of owners, members and collaborators, others' "
    "comments are customers' (responders: {agent: [CONTRIBUTOR]} counts more)"
)


def _login(person: object) -> str | None:
    return ident(person.get("login")) if isinstance(person, dict) else ident(person)


def _is_bot(person: object, login: str | None) -> bool:
    if login is not None and login.endswith("[bot]"):
        return True
    found = inner(person)
    return found.get("type") == "Bot" or truth(found.get("is_bot")) is True


def _at(record: Record, name: str) -> object:
    """An instant under its name in the interface or in the command line: created_at, createdAt."""
    head, *rest = name.split("_")
    camel = head + "".join(part.title() for part in rest)
    return first(record, name, camel)


def _standing(record: Record) -> str:
    return str(first(record, "author_association", "authorAssociation")).upper()


def _said_at(entry: Record) -> object:
    return first(entry, "created_at", "createdAt", "submitted_at")


class _Teller:
    """Goes through the issues, one after the other."""

    def __init__(self, records: Records) -> None:
        self.history = History()
        self._said = records.responders
        self._staff: set[str | None] = set()
        self._place = 0
        self._author: str | None = None
        self._by_label = False
        for issue in records.rows:
            self._know(first(issue, "user", "author"), issue)
            for comment in _comments(issue)[0] or []:
                self._know(first(comment, "user", "author", "actor"), comment)

    def _know(self, person: object, record: Record) -> None:
        if _standing(record) in _STAFF:
            self._staff.add(_login(person))

    def actor(self, person: object, standing: str | None = None) -> tuple[str | None, str | None]:
        """The role of a person in this issue, and the login; ``standing`` is that in the repository, of a comment."""
        login = _login(person)
        if login is None:
            return None, None
        if _is_bot(person, login):
            return (self._said.actor(login) or BOT), login
        if login == self._author:
            return CUSTOMER, login
        said = self._said.actor(login, standing) if self._said else None
        if said is not None:
            return said, login
        if login in self._staff or standing is None:  # only they can change the issues of others
            return AGENT, login
        return CUSTOMER, login

    def begin(self, place: int, issue: Record) -> None:
        """The creation of an issue, and its text."""
        person = first(issue, "user", "author")
        self._place, self._author = place, _login(person)
        actor, who = self.actor(person)
        at, add = _at(issue, "created_at"), self.history.events.append
        add((place, at, CREATED, actor, who, None, None))
        add((place, at, MESSAGE, actor, who, True, None))

    def comments(self, comments: list[Record]) -> None:
        """What was said, all of it public."""
        for comment in chronological(comments, "created_at", "createdAt"):
            actor, who = self.actor(first(comment, "user", "author", "actor"), _standing(comment))
            self.history.events.append((self._place, _said_at(comment), MESSAGE, actor, who, True, None))

    def events(self, at: object, events: list[Record]) -> None:
        """Closings, reopenings, assignments, and labels that name a priority; an issue is open from its creation on."""
        place, add = self._place, self.history.events.append
        add((place, at, STATUS, None, None, None, "open"))
        assigned: list[str] = []
        for event in chronological(events, "created_at"):
            sort, when = str(event.get("event")), event.get("created_at")
            if sort in _STATES:
                actor, who = self.actor(event.get("actor"))
                add((place, when, STATUS, actor, who, None, _STATES[sort]))
            elif sort in ("assigned", "unassigned"):
                actor, who = self.actor(first(event, "assigner", "actor"))
                name = _login(event.get("assignee"))
                assigned = [one for one in assigned if one != name]
                assigned += [name] if sort == "assigned" and name is not None else []
                add((place, when, ASSIGNEE, actor, who, None, assigned[-1] if assigned else None))
            elif sort == "labeled":
                rank = _priority([word(event.get("label"))])
                if rank is not None:
                    actor, who = self.actor(event.get("actor"))
                    add((place, when, PRIORITY, actor, who, None, rank))


def _priority(labels: list[str | None]) -> str | None:
    """The priority that one of the labels names: "priority: high", "P1"."""
    for label in labels:
        found = _PRIORITY.fullmatch(label) if label is not None else None
        if found is not None:
            return found[1]
        if label is not None and _RANK.fullmatch(label):
            return label
    return None


def _comments(issue: Record) -> tuple[list[Record] | None, bool]:
    """The comments of an issue, and whether they are all there: without any an issue needs no list."""
    timeline = listed(issue.get("timeline"), "nodes", "items")
    if timeline is not None:
        return [one for one in timeline if one.get("event") == "commented"], True
    count = number(issue.get("comments"))
    found = listed(first(issue, "comments_list", "comments_data"), "nodes", "items")
    if found is None and isinstance(issue.get("comments"), list | dict):
        found = listed(issue.get("comments"), "nodes", "items")
    if found is None:
        return None, count == 0
    total = number(inner(issue.get("comments")).get("totalCount")) if count is None else count
    return found, total is None or total <= len(found)


def _events(issue: Record) -> list[Record] | None:
    timeline = listed(issue.get("timeline"), "nodes", "items")
    return timeline if timeline is not None else listed(first(issue, "events", "events_list"), "nodes", "items")


def tell(records: Records) -> History:
    """The comments and events of the issues; pull requests are no issues."""
    teller = _Teller(records)
    history = teller.history
    has_comments: list[bool] = []
    has_events: list[bool] = []
    for place, issue in enumerate(records.rows):
        comments, is_whole = _comments(issue)
        events = _events(issue)
        teller.begin(place, issue)
        if comments is not None:
            teller.comments(comments)
        closed = _at(issue, "closed_at")
        if events is not None:
            teller.events(_at(issue, "created_at"), events)
        elif closed is not None:
            history.events.append((place, closed, STATUS, None, None, None, "closed"))
        if issue.get("pull_request") is not None:
            history.excluded[place] = "pull request"
        has_comments.append(is_whole)
        has_events.append(events is not None)
    dates = "events.created_at" if any(has_events) else "closed_at"
    history.paths = {MESSAGE: "comments.created_at", CREATED: "created_at"} | dict.fromkeys(
        (STATUS, ASSIGNEE, PRIORITY), dates
    )
    history.sources = [
        Source(name="all their comments", has=has_comments, shows=CONVERSATION),
        Source(name="events", has=has_events, shows=_CHANGES),
        Source(
            name="closed_at",
            has=["closed_at" in issue or "closedAt" in issue for issue in records.rows],
            shows={Sight.solve: Extent.LAST},
            is_told=not any(has_events),
        ),
    ]
    history.assumptions.append(_ASSUMED)
    _columns(records, history)
    return history


def _columns(records: Records, history: History) -> None:
    values, rows = history.values, records.rows
    values["requester_id"] = [_login(first(issue, "user", "author")) for issue in rows]
    values["assignee_id"] = [_assignee(issue) for issue in rows]
    labels = [words(listed(issue.get("labels"), "nodes") or issue.get("labels")) or [] for issue in rows]
    values["tags"] = [*labels]
    ranks = [_priority([*own]) for own in labels]
    if any(rank is not None for rank in ranks):
        values["priority"] = [*ranks]


def _assignee(issue: Record) -> str | None:
    several = issue.get("assignees")
    named = several if isinstance(several, list) else listed(several, "nodes") or []
    return _login(first(issue, "assignee")) or next(
        (login for one in named if (login := _login(one)) is not None), None
    )


NESTED = Nested(
    id="github_issues",
    title="GitHub issues as JSON",
    confidence="partial",
    recognise=(
        Recognise(
            all=("number", "state"),
            any=3,
            of=(
                *("author_association", "state_reason", "repository_url", "user.login", "comments_list", "timeline"),
                *("pull_request", "comments_url", "events_url", "events[].event", "locked", "html_url"),
            ),
        ),
        Recognise(all=("number", "state", "createdAt", "author.login")),
        Recognise(all=("number", "events[].event", "comments_list[].author_association")),
    ),
    columns={
        "ticket_id": ("number", "id"),
        "requester_id": ("user.login", "author.login"),
        "assignee_id": ("assignee", "assignees"),
        "status": ("state",),
        "tags": ("labels",),
        "updated_at": ("updated_at", "updatedAt"),
    },
    words={
        "status": {"open": "open", "closed": "closed", "reopened": "open"},
        "priority": {"p0": "urgent", "p1": "high", "p2": "normal", "p3": "low", "p4": "lowest", "p5": "lowest"},
    },
    never=("title", "body", "html_url", "url", "id", "node_id", "user.login", "author.name", "closed_by"),
    reads={
        "created_at": "created_at",
        "createdAt": "created_at",
        "closed_at": "closed_at",
        "closedAt": "closed_at",
        "comments_list": "events",
        "comments": "events",
        "events": "events",
        "timeline": "events",
    },
    tell=tell,
)
"""GitHub's issues."""

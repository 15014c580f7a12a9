"""The lists of a system's records: which messages and changes belong to a ticket, and what each element tells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from supportkpi.loaders.logs._headers import is_negated
from supportkpi.loaders.logs._words import is_machine, public_of, role_of
from supportkpi.loaders.mapping._mapping import ACTIVITIES
from supportkpi.loaders.mapping._vocabulary import plain
from supportkpi.loaders.nested._history import (
    AGENT,
    ASSIGNEE,
    BOT,
    CONVERSATION,
    CREATED,
    CUSTOMER,
    GROUP,
    HANDOFF,
    LEVEL,
    MESSAGE,
    PRIORITY,
    STATUS,
    SYSTEM,
    Event,
    Records,
    Responders,
)
from supportkpi.loaders.nested._system import Listed
from supportkpi.loaders.nested._values import Record, at_path, chronological, ident, named, number, objects, word
from supportkpi.schema import Extent, Sight

STATES: Mapping[str, str] = {
    "status": STATUS,
    "priority": PRIORITY,
    "assignee_id": ASSIGNEE,
    "assignee": ASSIGNEE,
    "group": GROUP,
    "level": LEVEL,
}
"""Columns and activities of a list that tell of a state, and the kind of event that it is."""
COLUMNS = ("status", "priority", "assignee_id", "group", "level")
_KINDS: Mapping[str, tuple[str | None, str | None, bool | None]] = {
    **dict.fromkeys(ACTIVITIES, (None, None, None)),
    "created": (CREATED, None, None),
    "request": (MESSAGE, CUSTOMER, True),
    "reply": (MESSAGE, AGENT, True),
    "bot_reply": (MESSAGE, BOT, True),
    "note": (MESSAGE, None, False),
    "message": (MESSAGE, None, None),
    "handoff": (HANDOFF, None, None),
    "escalation": (LEVEL, None, None),
}


_COUNTS = ("total_count", "total", "count")
"""How an envelope says that it is empty."""
_SPOKEN = frozenset(("request", "reply", "bot_reply", "note", "message"))
_SHOWN: Mapping[str, tuple[Sight, ...]] = {
    STATUS: (Sight.status, Sight.solve, Sight.reopen),
    PRIORITY: (Sight.priority,),
    ASSIGNEE: (Sight.assignee,),
    GROUP: (Sight.group,),
    LEVEL: (Sight.level,),
}


@dataclass(slots=True, kw_only=True)
class Met:
    """What was met on the way, for a person: words that nobody knows, and whether roles had to be guessed.

    ``machines``: authors of no known role who are taken for bots by their names; ``said``: what had to be assumed.
    """

    unknown: Counter[str] = field(default_factory=Counter)
    guessed: bool = False
    machines: set[str] = field(default_factory=set)
    said: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """Whose elements are told: the place of the record, its creation, its requester, the states that it has now."""

    place: int
    created: object
    requesters: frozenset[str]
    states: Mapping[str, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One list of all records: the elements of each, whether they are all there, what they show, who tells them."""

    told: Listed
    elements: Sequence[list[Record] | None]
    whole: Sequence[bool]
    shows: Mapping[Sight, Extent]
    telling: Telling


def value_at(record: Record, paths: Sequence[str], missing: frozenset[str] = frozenset()) -> object:
    """What stands at the first of the paths that has a value; words that stand for nothing are none."""
    for path in paths:
        value = at_path(record, path)
        if value is not None and (not missing or ident(value) not in missing):
            return value
    return None


def elements_of(told: Listed, records: Records, ours: Sequence[str]) -> list[list[Record] | None]:
    """Of each record the elements of its own list, else those beside the records that name it; None for neither."""
    own = [_inside(row, told.where) for row in records.rows]
    apart = [one for path in told.where for one in members(at_path(records.beside, path)) or ()]
    if apart:
        grouped: dict[str | None, list[Record]] = {}
        for one in apart:
            grouped.setdefault(ticket_of(one, told.ticket, told.wrapped), []).append(one)
        lone = grouped.get(None) if len(records.rows) == 1 else None
        others = [_named(row, grouped, told.ours or ours) for row in records.rows]
        own = [mine if mine is not None else other or lone for mine, other in zip(own, others, strict=True)]
    return [None if one is None else [_unwrapped(each, told.wrapped) for each in one] for one in own]


def ticket_of(one: Record, paths: Sequence[str], wrapped: Sequence[str] = ()) -> str | None:
    """The id of the ticket that an element names, beside its wrapper or in it."""
    return named(value_at(one, paths)) or named(value_at(_unwrapped(one, wrapped), paths))


def _inside(row: Record, paths: Sequence[str]) -> list[Record] | None:
    found = (members(at_path(row, path)) for path in paths)
    return next((one for one in found if one is not None), None)


def _named(row: Record, grouped: Mapping[str | None, list[Record]], paths: Sequence[str]) -> list[Record] | None:
    ids = (ident(at_path(row, path)) for path in paths)
    return next((grouped[one] for one in ids if one is not None and one in grouped), None)


def _unwrapped(one: Record, keys: Sequence[str]) -> Record:
    return next((inner for key in keys if isinstance(inner := one.get(key), dict)), one)


def members(value: object) -> list[Record] | None:
    """The objects of a list, of the lists in an envelope, or of an object whose keys are numbers; None for none."""
    if isinstance(value, list):
        return objects(value)
    if not isinstance(value, dict):
        return None
    lists = [inner for inner in value.values() if isinstance(inner, list)]
    if lists:
        return [one for inner in lists for one in objects(inner)]
    numbered: list[Record] = [one for key, one in value.items() if str(key).isdecimal() and isinstance(one, dict)]
    return numbered or ([] if any(number(value.get(key)) == 0 for key in _COUNTS) else None)


def is_whole(told: Listed, row: Record, found: list[Record] | None) -> bool:
    """Whether all elements are there, as far as the record says how many it has."""
    count = number(value_at(row, told.count)) if told.count else None
    return found is not None and (count is None or count <= len(found))


class Telling:
    """Tells the elements of one list, ticket by ticket."""

    def __init__(
        self,
        told: Listed,
        said: Responders,
        names: Mapping[str, Mapping[str | None, str]],
        *,
        missing: frozenset[str],
        met: Met,
    ) -> None:
        self._told = told
        self._said = said
        self._names = names
        self._missing = missing
        self._met = met
        self._words = {name: {plain(text): to for text, to in table.items()} for name, table in told.values.items()}
        self._negated = any(is_negated(path.rpartition(".")[2]) for path in told.columns.get("public", ()))
        self._flat = not told.items

    def ticket(self, ticket: Ticket, elements: list[Record], began: Mapping[str, str]) -> list[Event]:
        """The events of a ticket, oldest first; before them what it began with, where the list tells of changes."""
        found = chronological(elements, *self._told.columns.get("at", ()))
        steps = [step for one in found for step in self._steps(one)]
        told = [event for step in steps for event in self._step(ticket, step)]
        return [*self._began(ticket, steps, told, began), *_without_same(told)]

    def _steps(self, one: Record) -> Iterator[Record]:
        """An element as it is, or once for each change inside it: keys of the change stand above those around it."""
        inner = None if self._flat else _inside(one, self._told.items)
        if inner is None:
            yield one
        else:
            yield from ({**one, "_of": one, **item} for item in inner)

    def _get(self, step: Record, name: str) -> object:
        paths = self._told.columns.get(name)
        return value_at(step, paths, self._missing) if paths else None

    def _step(self, ticket: Ticket, step: Record) -> Iterator[Event]:
        at, who = self._get(step, "at"), ident(self._get(step, "actor"))
        actor = self._actor(ticket, step, who)
        name = self._names["assignee_id"].get(who, who) if actor == AGENT else who
        kind, value = self._kind(step)
        if kind is not None:
            means, by, public = _KINDS.get(kind, (STATUS, None, None))
            means = STATES.get(kind) or means
            if means == MESSAGE:
                seen = public if public is not None else self._public(step)
                by = actor if by == AGENT and actor in (BOT, SYSTEM) else by or actor  # what a machine sent is no reply
                yield ticket.place, at, MESSAGE, by, name, seen, None
            elif means is not None:
                yield ticket.place, at, means, actor, name, None, value
        for column in COLUMNS:
            if column in self._told.columns:
                state = self._state(column, self._get(step, column))
                if state is not None:
                    yield ticket.place, at, STATES[column], actor, name, None, state

    def _kind(self, step: Record) -> tuple[str | None, str | None]:
        """What an element is, in the words of ACTIVITIES, and of a change its new value."""
        columns = self._told.columns
        if "field" in columns:
            changed = self._words.get("field", {}).get(plain(str(word(self._get(step, "field")))))
            if changed is not None:
                return (None, None) if changed == "nothing" else (changed, self._new(changed, step))
        if "activity" not in columns:
            alone = self._told.otherwise or "message"
            return (None, None) if "field" in columns or alone == "nothing" else (alone, None)
        text = word(self._get(step, "activity"))
        found = self._words.get("activity", {}).get(plain(text)) if text is not None else None
        if found is None:
            found = self._told.otherwise
            if found is None:
                self._met.unknown[text or "(none)"] += 1
                return None, None
        if found.startswith("status="):
            return found, found.partition("=")[2]
        return (None, None) if found == "nothing" else (found, self._new(found, step))

    def _new(self, kind: str, step: Record) -> str | None:
        return self._state("assignee_id" if kind == "assignee" else kind, self._get(step, "new"))

    def _state(self, column: str, value: object) -> str | None:
        text = ident(value) or word(value)
        return self._names[column].get(text, text) if column in self._names else text

    def _actor(self, ticket: Ticket, step: Record, who: str | None) -> str | None:
        """Who did it: as the config says, a machine, the word of the role, else whether it is the requester."""
        said = self._said.actor(who, self._names["assignee_id"].get(who)) if self._said else None
        if said is not None:
            return said
        if any(value_at(step, (path,), self._missing) not in (None, False, "", 0) for path in self._told.bot):
            return BOT
        found = self._role(step)
        if found is not None or who is None:
            return found
        return self._guessed(ticket, who)

    def _guessed(self, ticket: Ticket, who: str) -> str | None:
        """A customer who is the requester; of others those with the name of a machine are bots, the rest agents."""
        if who in ticket.requesters or not ticket.requesters:
            return CUSTOMER if ticket.requesters else None
        name = self._names["assignee_id"].get(who, who)
        if is_machine(name):
            self._met.machines.add(name)
            return BOT
        self._met.guessed = True
        return AGENT

    def _role(self, step: Record) -> str | None:
        """The role of the author by the first word for it that is known, else by which path of authors holds."""
        table = self._words.get("role", {})
        patterns = [(actor, text) for text, actor in table.items() if "*" in text]
        for path in self._told.columns.get("role", ()):
            role = word(value_at(step, (path,), self._missing))
            found = role_of(role, table) if role is not None else None
            if role is not None and found is None:
                found = next((actor for actor, text in patterns if fnmatchcase(plain(role), text)), None)
            if found is not None:
                return found
        by = ((actor.value, value_at(step, paths, self._missing)) for actor, paths in self._told.by.items())
        return next((actor for actor, value in by if value not in (None, False, "", 0)), None)

    def _public(self, step: Record) -> bool | None:
        text = word(self._get(step, "public"))
        if text is None:
            return True
        return public_of(text, self._words.get("public", {}), negated=self._negated)

    def _began(
        self, ticket: Ticket, steps: Sequence[Record], told: Sequence[Event], began: Mapping[str, str]
    ) -> Iterator[Event]:
        """What a ticket began with: the old value of the first change, what it is now if it never changed."""
        for kind in changes(self._told):
            place = next((at for at, event in enumerate(told) if event[2] == kind), None)
            raw = ticket.states.get(kind) if place is None else began.get(kind)
            if place is not None and "old" in self._told.columns:
                raw = self._old(kind, steps) or raw
            if raw is not None:
                yield ticket.place, ticket.created, kind, None, None, None, raw

    def _old(self, kind: str, steps: Sequence[Record]) -> str | None:
        """The value before the first change of a kind."""
        for step in steps:
            name, _ = self._kind(step)
            if name is not None and (STATES.get(name) == kind or (kind == STATUS and name.startswith("status="))):
                column = "assignee_id" if kind == ASSIGNEE else kind
                return self._state(column, self._get(step, "old"))
        return None


def changes(told: Listed) -> list[str]:
    """The kinds of states whose changes a list tells."""
    named = {*told.values.get("activity", {}).values(), *told.values.get("field", {}).values()}
    kinds = {STATES[name] for name in (*named, *told.columns) if name in STATES}
    if any(name.startswith("status=") for name in named):
        kinds.add(STATUS)
    return [kind for kind in (STATUS, PRIORITY, ASSIGNEE, GROUP, LEVEL) if kind in kinds]


def speaks(told: Listed) -> bool:
    """Whether elements of a list are messages."""
    named = {*told.values.get("activity", {}).values(), told.otherwise}
    plain_messages = told.otherwise is None and not {"activity", "field"} & set(told.columns)
    return bool(named & _SPOKEN) or plain_messages


def shown(told: Listed, *, knows_bots: bool = False) -> dict[Sight, Extent]:
    """What a list shows that is all there: its messages by their authors, and the changes that its words can name.

    ``knows_bots``: the user has said which authors are bots.
    """
    found: dict[Sight, Extent] = {}
    if speaks(told):
        found |= CONVERSATION
        if not _has_bots(told) and not (knows_bots and "actor" in told.columns):
            del found[Sight.bot_reply]
    for kind in changes(told):
        found |= dict.fromkeys(_SHOWN[kind], Extent.EVERY)
    return found | dict.fromkeys(told.shows, Extent.EVERY)


def _has_bots(told: Listed) -> bool:
    """Whether a machine that wrote can be told from an agent."""
    said = (*told.values.get("role", {}).values(), *told.values.get("activity", {}).values(), *told.by)
    return bool(told.bot) or BOT in said or "bot_reply" in said


def is_there(row: Record, path: str) -> bool:
    """Whether a path leads to a key, whatever stands there."""
    if path in row:
        return True
    key, _, rest = path.partition(".")
    inner = row.get(key)
    return bool(rest) and isinstance(inner, dict) and is_there(inner, rest)


def may_stand(rows: Sequence[Record], path: str) -> list[bool]:
    """Of each record whether a value may stand at a path: who leaves out what is empty has no key there either."""
    known = [is_there(row, path) for row in rows]
    above = path.rpartition(".")[0]
    if not any(known):
        return known
    return [there or not above or isinstance(at_path(row, above), dict) for row, there in zip(rows, known, strict=True)]


def _without_same(told: list[Event]) -> Iterator[Event]:
    """The events without those that say of a state what it already was."""
    last: dict[str, object] = {}
    for event in told:
        kind, value = event[2], event[6]
        if kind in (STATUS, PRIORITY, ASSIGNEE, GROUP, LEVEL):
            if kind in last and last[kind] == value:
                continue
            last[kind] = value
        yield event

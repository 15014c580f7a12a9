"""A system's YAML file to a reader: its paths, and the history that its lists, instants and ratings tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from supportkpi.loaders.logs._values import machines_said
from supportkpi.loaders.mapping._fields import FIELDS, SPAN_STAMPS
from supportkpi.loaders.mapping._vocabulary import WITHIN, plain, status_of
from supportkpi.loaders.nested._beside import labels, singular
from supportkpi.loaders.nested._figures_given import givens
from supportkpi.loaders.nested._history import (
    ASSIGNEE,
    BOT,
    CREATED,
    CUSTOMER,
    GROUP,
    MESSAGE,
    PRIORITY,
    STATUS,
    Beside,
    Event,
    History,
    Nested,
    Records,
    Source,
)
from supportkpi.loaders.nested._lists import (
    COLUMNS,
    Met,
    Seen,
    Telling,
    Ticket,
    changes,
    elements_of,
    is_there,
    is_whole,
    may_stand,
    members,
    shown,
    speaks,
    value_at,
)
from supportkpi.loaders.nested._system import Listed, Rated, Role, System
from supportkpi.loaders.nested._values import Record, at_path, ident, number, values_at, word, words
from supportkpi.schema import Extent, Sight, Stamp, observed

_ASSUMED = "authors who are not the requester of a ticket, and whose role the file does not tell, are agents"
_OF_LISTS = ("activity", "role", "public", "field")
_WORDS = frozenset(("status", "priority"))
_NOW = (("status", STATUS), ("priority", PRIORITY), ("assignee_id", ASSIGNEE), ("group", GROUP))
_ALIKE: Mapping[str, tuple[str, ...]] = {
    "first_reply_at": ("first_reply_at",),
    "first_solved_at": ("first_solved_at",),
    "solved_at": ("solved_at", "closed_at"),
}
"""Instants that make a given span needless as an event."""


def nested_of(system: System) -> Nested:
    """The reader that the file of a system describes."""
    columns = {name: paths for name, paths in system.columns.items() if FIELDS[name].stamp is None}
    return Nested(
        id=system.id,
        title=system.title,
        confidence=system.confidence,
        recognise=system.recognise,
        columns=columns,
        tell=partial(tell, system),
        words={name: table for name, table in system.values.items() if name not in _OF_LISTS},
        ratings=tuple(system.ratings),
        never=system.never,
        reads=dict(_reads(system)),
        dates=system.dates,
        beside=tuple(
            Beside(
                name=told.where[0],
                recognise=told.file,
                ticket=told.ticket,
                wrapped=told.wrapped,
                ours=told.ours,
                at=(*told.columns.get("at", ()), *_inner(told.wrapped, told.columns.get("at", ()))),
                also=told.where[1:],
            )
            for told in system.lists
            if told.file
        )
        + _named(system),
    )


def _inner(wrapped: Sequence[str], paths: Sequence[str]) -> Iterator[str]:
    """The paths as they are told from outside the wrapper."""
    return (f"{key}.{path}" for key in wrapped for path in paths)


def _reads(system: System) -> Iterator[tuple[str, str]]:
    """Each path that is read besides the columns of tickets, and what it is read as."""
    for name, paths in system.columns.items():
        if FIELDS[name].stamp is not None:
            yield from ((path, name) for path in paths)
    for told in system.lists:
        yield from ((path, "events") for path in told.where)
    for name, ways in system.ratings.items():
        yield from ((path, name) for rated in ways for path in (rated.where or rated.column))
    for name, entries in system.given.items():
        yield from ((path, f"given_{name}") for given in entries for path in given.column)
    if system.opener is not None:
        yield from ((path, "opener") for path in system.opener.column)


def _named(system: System) -> tuple[Beside, ...]:
    """Lists of what gives ids their names, in files that are called after them."""
    keys = dict.fromkeys(key.partition(".")[0] for several in system.names.values() for key in several)
    return tuple(Beside(name=key, recognise=(), called=singular(key)) for key in keys)


def _beside(records: Records, key: str) -> Iterator[Record]:
    """The objects of a list beside the records; of "pipelines.stages" those in the list that each pipeline has."""
    found = members(at_path(records.beside, key))
    if found is not None:
        yield from found
        return
    name, _, inner = key.partition(".")
    for one in (members(records.beside.get(name)) or ()) if inner else ():
        yield from members(at_path(one, inner)) or ()


def tell(system: System, records: Records) -> History:
    """The history of the records of a system."""
    return _Teller(system, records).told()


class _Teller:
    """Tells the records of one system: creations and lists, then the instants that no list tells better."""

    def __init__(self, system: System, records: Records) -> None:
        self._history = History()
        self._system, self._records, self._met = system, records, Met()
        self._missing = frozenset(system.missing)
        self._names: dict[str, Mapping[str | None, str]] = {"assignee_id": {}, "group": {}}
        for field, keys in system.names.items():
            named = [one for key in keys for one in _beside(records, key)]
            self._names[field] = labels(named, alike=field in _WORDS)
        self._began = {str(kind): text for kind, text in system.began.items()}
        self._seen = [self._looked(told) for told in system.lists]

    def _looked(self, told: Listed) -> Seen:
        found = elements_of(told, self._records, self._system.columns["ticket_id"])
        if any(one is not None for one in found):
            rows = zip(self._records.rows, found, strict=True)
            found = [[] if one is None and self._is_as_begun(told, row) else one for row, one in rows]
        told = _as_held(told, [one for several in found for one in several or ()])
        whole = [is_whole(told, row, one) for row, one in zip(self._records.rows, found, strict=True)]
        telling = Telling(told, self._records.responders, self._names, missing=self._missing, met=self._met)
        shows = shown(told, knows_bots=self._records.responders.has(BOT))
        return Seen(told=told, elements=found, whole=whole, shows=shows, telling=telling)

    def _is_as_begun(self, told: Listed, row: Record) -> bool:
        """Whether a ticket that a list of changes does not name can have none: it stands as every ticket begins."""
        kinds = changes(told)
        if speaks(told) or not kinds:
            return False
        return all(kind in self._began and self._named(kind, row) == self._began[kind] for kind in kinds)

    def told(self) -> History:
        """Everything that there is."""
        self._columns()
        self._history.words = {name: dict(self._sorted(name, paths)) for name, paths in self._system.sorts.items()}
        for place, row in enumerate(self._records.rows):
            self._ticket(place, row)
        self._sources()
        for name in self._system.columns:
            stamp = FIELDS[name].stamp
            if stamp is not None and name != "created_at":
                self._stamp(name, stamp)
        for instrument, ways in self._system.ratings.items():
            for rated in ways:
                self._ratings(instrument, rated)
        self._history.assumptions += givens(self._system, self._records.rows, self._history, self._missing)
        self._moved()
        self._says()
        return self._history

    def _at(self, row: Record, name: str) -> object:
        return value_at(row, self._system.columns.get(name, ()), self._missing)

    def _named(self, name: str, row: Record) -> str | None:
        text = word(self._at(row, name))
        return self._names.get(name, {}).get(text, text)

    def _sorted(self, name: str, paths: Sequence[str]) -> Iterator[tuple[str, str]]:
        """The meanings of the words of a field by their sorts, where the sort has one and the word none of its own.

        Within a sort the name of a status may say more: "Waiting on customer" among those on hold is pending.
        """
        known = {plain(text): to for text, to in self._system.values.get(name, {}).items()}  # type: ignore[call-overload]
        for row in self._records.rows:
            text, sort = word(self._at(row, name)), word(value_at(row, paths, self._missing))
            if text is not None and sort is not None and plain(text) not in known and plain(sort) in known:
                said, to = status_of(text, {}) if name == "status" else None, known[plain(sort)]
                yield text, said.value if said is not None and said.value in WITHIN.get(to, ()) else to

    # --- tickets ---

    def _columns(self) -> None:
        """Columns that need a look beside the records, or whose blanks have words of their own."""
        rows, values = self._records.rows, self._history.values
        for name, paths in self._system.columns.items():
            named = self._names.get(name)
            if FIELDS[name].stamp is not None or not (self._missing or named):
                continue
            found = [value_at(row, paths, self._missing) for row in rows] if self._missing else values_at(rows, paths)
            values[name] = [named.get(word(one), word(one)) for one in found] if named else found

        if self._system.exclude:
            values["exclusion"] = [_reason(self._system, row) for row in rows]

    def _ticket(self, place: int, row: Record) -> None:
        """A ticket's creation, the message that it is, and what its lists tell."""
        add, at = self._history.events.append, self._at(row, "created_at")
        people = (_people(at_path(row, path)) for path in self._system.columns.get("requester_id", ()))
        requesters = [one for several in people for one in several if one not in self._missing]
        by = _role(self._system.opener, row) if self._system.opener is not None else None
        who = requesters[0] if requesters and by in (None, CUSTOMER) else None
        add((place, at, CREATED, by, who, None, None))
        if self._system.opening and ident(at) is not None:
            add((place, at, MESSAGE, by or CUSTOMER, who, True, None))
        states = {kind: self._named(name, row) for name, kind in _NOW}
        ticket = Ticket(place=place, created=at, requesters=frozenset(requesters), states=states)
        for seen in self._seen:
            elements = seen.elements[place]
            if elements is not None:
                self._history.events += seen.telling.ticket(ticket, elements, self._began)

    # --- what is shown ---

    def _sources(self) -> None:
        """What each list shows, and where instants stand, by the kind of event."""
        paths = {CREATED: self._system.columns.get("created_at", ("created_at",))[0]}
        for seen in self._seen:
            told, there = seen.told, any(one is not None for one in seen.elements)
            self._history.sources.append(Source(name=told.name, has=seen.whole, shows=seen.shows, is_told=there))
            if there:
                label = f"{told.where[0]}.{told.columns.get('at', ('at',))[0]}"
                kinds = [*([MESSAGE] if speaks(told) else []), *changes(told)]
                paths |= {kind: paths.get(kind, label) for kind in kinds}
                self._history.assumptions += [told.assumed] if told.assumed else []
        self._history.paths = paths

    def _covered(self, stamp: Stamp) -> list[bool]:
        """Whether a list that is all there tells of what an instant of the record tells."""
        sights = set(observed((stamp,)))
        lists = [seen.whole for seen in self._seen if sights <= set(seen.shows)]
        return [any(whole[place] for whole in lists) for place in range(len(self._records.rows))]

    def _stamp(self, name: str, stamp: Stamp) -> None:
        rows, paths, covered = self._records.rows, self._system.columns[name], self._covered(stamp)
        for place, row in enumerate(rows):
            at = self._at(row, name)
            if at is not None and not covered[place]:
                self._history.events.append(_event(place, at, stamp))
        has = [any(several) for several in zip(*(may_stand(rows, path) for path in paths), strict=True)]
        told = any(has) and not any(covered)
        self._history.sources.append(Source(name=paths[0], has=has, shows=observed((stamp,)), is_told=told))
        self._history.paths = {stamp.kind.value: paths[0], **self._history.paths}

    def _moved(self) -> None:
        """A first reply or a solution that only a given span tells of."""
        for field, instant in SPAN_STAMPS.items():
            stamp, spans = FIELDS[instant].stamp, self._history.values.get(field)
            if stamp is None or spans is None or any(name in self._system.columns for name in _ALIKE[instant]):
                continue
            covered = self._covered(stamp)
            for place, seconds in enumerate(spans):
                if isinstance(seconds, float) and seconds >= 0 and not covered[place]:
                    actor = stamp.actor.value if stamp.actor else None
                    moved = (place, seconds, stamp.kind.value, actor, stamp.public, stamp.value)
                    self._history.moved.append(moved)
            source = Source(name=field, has=[True] * len(spans), shows=observed((stamp,)), is_told=False)
            self._history.sources.append(source)

    # --- ratings, and what is said ---

    def _ratings(self, instrument: str, rated: Rated) -> None:
        """The answers in the records, or in a list of their own."""
        rows = self._records.rows
        if rated.where:
            made = Listed(name="ratings", where=rated.where, ticket=rated.ticket, ours=rated.ours, columns={})
            found = elements_of(made, self._records, self._system.columns["ticket_id"])
            seen, extent = any(one is not None for one in found), Extent.EVERY
        else:
            found = [[row] for row in rows]
            seen, extent = any(is_there(row, path) for row in rows for path in rated.column), Extent.LAST
        if not seen:
            return
        for place, answers in enumerate(found):
            for one in answers or ():
                self._answer(place, instrument, rated, one)
        shows = {Sight.rating: extent} | ({Sight.offer: Extent.EVERY} if rated.offered or rated.asked else {})
        self._history.sources.append(Source(name="ratings", has=[True] * len(rows), shows=shows, is_told=False))

    def _answer(self, place: int, instrument: str, rated: Rated, one: Record) -> None:
        text = word(value_at(one, rated.column, self._missing))
        asked = value_at(one, rated.asked, self._missing) is not None
        if (text is None and not asked) or (text is not None and _is_of(text, rated.unoffered)):
            return
        offered = text is None or _is_of(text, rated.offered)
        table = {plain(each): score for each, score in rated.answers.items()}
        score = None if text is None or offered else table.get(plain(text), None if table else number(text))
        if score is None and not offered:
            self._met.unknown[f"{instrument} {text}"] += 1
            return
        if score is not None and rated.assumed:
            self._met.said[rated.assumed] += 1
        at = value_at(one, (*rated.at, *(rated.asked if offered else ())), self._missing)
        agent = ident(value_at(one, rated.agent)) if rated.agent else None
        agent = self._names["assignee_id"].get(agent, agent) or self._named("assignee_id", self._records.rows[place])
        answer = "offered" if offered else text
        self._history.ratings.append((place, at, instrument, score, answer, rated.scale, agent))

    def _says(self) -> None:
        history = self._history
        history.assumptions += [*([_ASSUMED] if self._met.guessed else []), *self._met.said, *self._system.assumed]
        history.assumptions += machines_said(sorted(self._met.machines))
        if self._met.unknown:
            words = ", ".join(f"{name} ({count:,})" for name, count in self._met.unknown.most_common(5))
            history.notes.append(f"what these words of the history mean is not known: {words}")


def _as_held(told: Listed, elements: Sequence[Record]) -> Listed:
    """The list without the states that none of its elements has a key for: of these it says nothing."""
    states = [] if told.items or not elements else [name for name in COLUMNS if name in told.columns]
    gone = {name for name in states if not any(is_there(one, path) for path in told.columns[name] for one in elements)}
    columns = {name: paths for name, paths in told.columns.items() if name not in gone}
    return told.model_copy(update={"columns": columns}) if gone else told


def _people(value: object) -> list[str]:
    """Everybody who is named: of a list each one."""
    found = words(value) if isinstance(value, list) else [word(value)]
    return [one for one in found or () if one is not None]


def _event(place: int, at: object, stamp: Stamp) -> Event:
    actor = stamp.actor.value if stamp.actor else None
    return place, at, stamp.kind.value, actor, None, stamp.public, stamp.value


def _is_of(text: str, words: tuple[str, ...]) -> bool:
    return any(plain(text) == plain(one) for one in words)


def _reason(system: System, row: Record) -> str | None:
    """Why a record is no ticket of the population, by words beside its status."""
    for path, table in system.exclude.items():
        text = word(value_at(row, (path,), frozenset(system.missing)))
        found = next((why for one, why in table.items() if text is not None and one in ("*", text)), None)
        if found is not None:
            return found.value
    return None


def _role(opener: Role, row: Record) -> str | None:
    text = word(value_at(row, opener.column))
    table = {plain(one): actor.value for one, actor in opener.values.items()}
    return table.get(plain(text)) if text is not None else None

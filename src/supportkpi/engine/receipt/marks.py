"""What the events of a ticket did to its clocks: started, paused, resumed, moved, stopped, or did not touch them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from supportkpi.engine.receipt.accounts import SOLVED, Followed, limit_of
from supportkpi.receipts import CAUSE, CLOCK, Effect, Entry, Mark
from supportkpi.schema import Actor, Kind, Status
from supportkpi.sla import Exclusion

_REPLY_CLOCKS = ("first_response", "next_response", "update")
_WAITING = (Status.pending.value, Status.hold.value)
_STARTS = (Kind.created, Kind.clock_start, Kind.handoff, Kind.message, Kind.status)
_STOPS = {
    "first_response": (Kind.message, Kind.status, Kind.assignee),
    "next_response": (Kind.message, Kind.status),
    "update": (Kind.message, Kind.status),
    "resolution": (Kind.status,),
    "escalation": (Kind.level, Kind.group, Kind.assignee),
}
_STARTED = {"next_response": (Kind.message,), "update": (Kind.message, Kind.created)}
Placed = tuple[datetime, Mark, tuple[Kind, ...]]
"""An instant, what happened then, and the kinds of event that it is about, the likeliest first."""


def marked(entries: Sequence[Entry], clocks: Sequence[Followed]) -> list[Entry]:
    """The entries with what they did to the clocks, and entries of their own for what no event tells of; in order."""
    told = [*entries, *_causes(clocks)]
    for clock in clocks:
        for at, mark, kinds in _marks(clock):
            _attach(told, at, mark, kinds)
    told = [_untouched(entry, clocks) for entry in told]
    return sorted(told, key=lambda entry: entry.at)


def _attach(told: list[Entry], at: datetime, mark: Mark, kinds: Sequence[Kind]) -> None:
    """Put a mark beside the event that it is about, else on a line of its own."""
    there = [place for place, entry in enumerate(told) if entry.at == at]
    alone = mark.effect is Effect.due
    fitting = [place for kind in kinds for place in there if told[place].kind == kind.value]
    own = [place for place in there if told[place].kind == CLOCK]
    places = own if alone else [*fitting, *own, *there]
    if not places:
        told.append(Entry(at=at, kind=CLOCK, marks=(mark,)))
        return
    entry = told[places[0]]
    told[places[0]] = replace(entry, marks=(*entry.marks, mark))


def _marks(made: Followed) -> Iterator[Placed]:
    clock, spots = made.clock, made.trace.spots
    first = spots[0] if spots else None
    yield _placed(
        made,
        made.trace.started_at,
        Effect.start,
        target_s=first.target_s if first is not None else None,
        limit=limit_of(first, clock.target) if first is not None else "",
    )
    yield from _pauses(made)
    for before, after in pairwise(spots):
        moves = before.target_s != after.target_s
        effect, why = (Effect.moves, "") if moves else (Effect.untouched, "limit_stays")
        yield _placed(made, after.at, effect, why=why, target_s=after.target_s, limit=limit_of(after, clock.target))
    if clock.due_at is not None and clock.late_s is not None:
        yield _placed(made, clock.due_at, Effect.due)
    if clock.stopped_at is not None:
        why = "unanswered" if clock.is_unanswered else ""
        yield _placed(made, clock.stopped_at, Effect.stop, why=why)


def _placed(made: Followed, at: datetime, effect: Effect, **more: object) -> Placed:
    clock = made.clock
    kinds: tuple[Kind, ...] = ()
    if effect is Effect.start:
        kinds = _STARTED.get(clock.target, _STARTS)
    elif effect is Effect.stop:
        kinds = _STOPS[clock.target]
    elif effect in (Effect.pause, Effect.resume):
        kinds = (Kind.status,)
    elif effect in (Effect.moves, Effect.untouched):
        kinds = (Kind.priority, Kind.group)
    shown = clock.elapsed_s if effect is Effect.stop else made.shown(at)
    return at, Mark(target=clock.target, cycle=clock.cycle, effect=effect, shown_s=shown, **more), kinds  # type: ignore[arg-type]


def _pauses(made: Followed) -> Iterator[Placed]:
    """Pauses and what ended them; one status of waiting after the other is one pause."""
    ended: datetime | None = None
    status = ""
    for name, (low, high) in made.stands:
        follows = ended == low
        if ended is not None and not follows:
            yield _placed(made, ended, Effect.resume, why=status)
        if not follows or (name == SOLVED) != (status == SOLVED):
            yield _placed(made, low, Effect.pause, why=name)
        ended, status = high, name
    if ended is not None and ended < made.trace.end:
        yield _placed(made, ended, Effect.resume, why=status)


def _causes(clocks: Sequence[Followed]) -> list[Entry]:
    """The agreed pauses that fell into the time of a clock: two lines each."""
    told: dict[tuple[datetime, str], Entry] = {}
    for made in clocks:
        for cause in made.trace.causes:
            if cause.start is None or cause.end is None:
                continue
            low, high = max(cause.start, made.trace.started_at), min(cause.end, made.trace.end)
            if low >= high:
                continue
            edges: list[tuple[datetime, Effect, datetime | None]] = [(low, Effect.pause, cause.end)]
            edges += [(high, Effect.resume, None)] if high < made.trace.end else []
            for at, effect, until in edges:
                entry = told.get((at, effect.value)) or _paused(cause, at, until)
                _, mark, _ = _placed(made, at, effect, why=cause.name)
                told[at, effect.value] = replace(entry, marks=(*entry.marks, mark))
    return list(told.values())


def _paused(cause: Exclusion, at: datetime, until: datetime | None) -> Entry:
    """The line of an agreed pause; where it begins, when the service was there again."""
    mended = cause.restored_at if until is not None else None
    return Entry(at=at, kind=CAUSE, value=cause.name, until=until, restored_at=mended)


def _untouched(entry: Entry, clocks: Sequence[Followed]) -> Entry:
    """The entry with the reasons why it left running clocks alone, where one may well ask."""
    touched = {(mark.target, mark.cycle) for mark in entry.marks}
    marks = list(entry.marks)
    for made in clocks:
        clock = made.clock
        if (clock.target, clock.cycle) in touched or not made.trace.started_at <= entry.at < made.trace.end:
            continue
        why = _why(entry, made)
        if why is not None:
            marks.append(Mark(target=clock.target, cycle=clock.cycle, effect=Effect.untouched, why=why))
    return replace(entry, marks=tuple(marks))


def _why(entry: Entry, made: Followed) -> str | None:
    if entry.kind == Kind.message.value and made.clock.target in _REPLY_CLOCKS:
        if entry.actor in (Actor.bot.value, Actor.system.value):
            return "not_human"
        if entry.actor == Actor.agent.value and entry.public is False:
            return "not_public"
        if entry.actor == Actor.agent.value and entry.public is None:
            return "unknown_public"
    standing = any(low <= entry.at < high for low, high in made.trace.stands)
    if entry.kind == Kind.status.value and entry.value in _WAITING and not standing:
        return "no_pause"
    return None

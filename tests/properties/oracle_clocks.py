"""Service-level clocks by stepping: five minutes at a time, in plain Python, with nothing of the engine in it.

Times are numbers of steps since ORIGIN. A story is one ticket; ``Terms`` are what was agreed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

STEP = timedelta(minutes=5)
ORIGIN = datetime(2026, 3, 25, tzinfo=UTC)  # Wednesday before the summer time of Europe
SPAN = 2600  # nine days
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DONE = ("solved", "closed")
STATUSES = ("open", "pending", "hold", "solved", "new", "closed")
PRIORITIES = ("urgent", "normal", "low")


def when(step: int) -> datetime:
    return ORIGIN + step * STEP


@dataclass(frozen=True, kw_only=True)
class Story:
    """One ticket: ``events`` are (step, kind, value), in order; kinds status, priority, assignee, ask, reply, bot."""

    created: int
    until: int
    priority: str
    events: tuple[tuple[int, str, str], ...]

    def of(self, *kinds: str) -> list[tuple[int, str]]:
        return [(at, value) for at, kind, value in self.events if kind in kinds]

    def state(self, step: int) -> str:
        """The status from that instant on."""
        return next((value for at, value in reversed(self.of("status")) if at <= step), "new")

    def rank(self, step: int) -> str:
        return next((value for at, value in reversed(self.of("priority")) if at <= step), self.priority)

    def done(self, step: int) -> bool:
        return self.state(step) in DONE


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What was agreed: limits in steps by priority (none: no target), hours, pauses, and what changes do."""

    target: str
    limits: Mapping[str, int]
    zone: str = "UTC"
    hours: Mapping[str, Sequence[tuple[str, str]]] | None = None  # None: around the clock
    pauses: tuple[str, ...] = ()
    boundary: str = "inclusive"
    reopen: str = "continue"
    priority: str = "at_event"
    solve_ends_reply: bool = True
    stops_on: tuple[str, ...] = ("reply",)
    update_since: str = "last_reply"
    outage: tuple[int, int] | None = None
    memo: dict = field(default_factory=dict)

    def open(self, step: int) -> bool:
        """Whether the five minutes from that instant are open: by the wall clock of the zone, day by day."""
        if step not in self.memo:
            self.memo[step] = self._opened(step)
        return self.memo[step]

    def _opened(self, step: int) -> bool:
        if self.outage is not None and self.outage[0] <= step < self.outage[1]:
            return False
        if self.hours is None:
            return True
        wall = when(step).astimezone(ZoneInfo(self.zone))
        clock, today, before = f"{wall:%H:%M}", WEEK[wall.weekday()], WEEK[wall.weekday() - 1]
        own = any(a <= clock < b if a < b else a <= clock for a, b in self.hours.get(today, ()))
        return own or any(b <= a and clock < b for a, b in self.hours.get(before, ()))


def made(random: Random) -> Story:
    created = random.randrange(0, SPAN // 2)
    until = random.randrange(created, SPAN)
    times = sorted(random.sample(range(created, until + 1), min(random.randrange(0, 9), until + 1 - created)))
    kinds = ("status", "status", "status", "priority", "assignee", "ask", "reply", "bot")
    words = {"status": STATUSES, "priority": PRIORITIES, "assignee": ("ann", "bob")}
    events = []
    for time in times:
        for kind in random.sample(kinds, random.choice((1, 1, 1, 2))):
            if not any(at == time and other == kind for at, other, _ in events):
                events.append((time, kind, random.choice(words.get(kind, ("",)))))
    return Story(created=created, until=until, priority=random.choice(PRIORITIES), events=tuple(events))


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a clock shows, in steps: when it started and stopped, what it came to, and what became of it."""

    started: int
    stopped: int | None
    elapsed: int
    paused: int
    due: int | None
    state: str


def readings(story: Story, terms: Terms) -> list[Reading]:
    return [_read(story, terms, start, stop) for start, stop in _windows(story, terms)]


def _windows(story: Story, terms: Terms) -> Iterator[tuple[int, int | None]]:
    finder = {"first_response": _first, "next_response": _next, "resolution": _solution, "update": _update}
    yield from finder[terms.target](story, terms)


def _solves(story: Story) -> list[int]:
    """Steps at which the ticket went from not solved to solved."""
    found, done = [], False
    for at, value in story.of("status"):
        if value in DONE and not done:
            found.append(at)
        done = value in DONE
    return found


def _first(story: Story, terms: Terms) -> Iterator[tuple[int, int | None]]:
    stops = []
    if "reply" in terms.stops_on:
        stops += [at for at, _ in story.of("reply")]
    if "assignment" in terms.stops_on:
        stops += [at for at, _ in story.of("assignee")]
    if "status" in terms.stops_on:
        stops += [at for at, value in story.of("status") if value != "new" and at > story.created]
    if terms.solve_ends_reply:
        stops += _solves(story)
    yield story.created, min(stops, default=None)


def _next(story: Story, terms: Terms) -> Iterator[tuple[int, int | None]]:
    waiting, replied = story.created, False
    first = True
    solves = _solves(story)
    for at, kind, value in story.events:
        if kind == "ask" and waiting is None:
            waiting, first = at, not replied
        ends = kind == "reply" or (terms.solve_ends_reply and at in solves and kind == "status" and value in DONE)
        if ends and waiting is not None:
            if not first:
                yield waiting, at
            waiting = None
        replied = replied or kind == "reply"
    if waiting is not None and not first and not (terms.solve_ends_reply and story.done(story.until)):
        yield waiting, None


def _solution(story: Story, terms: Terms) -> Iterator[tuple[int, int | None]]:
    if terms.reopen != "restart":
        yield story.created, _solves(story)[-1] if story.done(story.until) else None
        return
    start = None if story.done(story.created) else story.created
    for step in range(story.created, story.until + 1):
        if start is not None and story.done(step):
            yield start, step
            start = None
        elif start is None and not story.done(step):
            start = step
    if start is not None:
        yield start, None


def _update(story: Story, terms: Terms) -> Iterator[tuple[int, int | None]]:
    """Walks through the contacts; the clock of a stretch between two replies starts as agreed."""
    end = _solves(story)[-1] if story.done(story.until) else None
    replies = sorted({at for at, _ in story.of("reply")})
    asks = sorted({story.created, *(at for at, _ in story.of("ask"))})
    edges = [story.created, *replies]
    if terms.update_since == "last_reply":
        starts = sorted(set(edges))
    elif terms.update_since == "request":
        starts = asks
    else:
        starts = sorted({*edges, *asks})
    one: dict[int | None, int] = {}
    for start in starts:
        following = next((at for at in replies if at > start), None)
        if end is not None and start >= end:
            continue
        if following not in one or terms.update_since == "last_contact":
            one[following] = start
    for following, start in one.items():
        yield start, min((at for at in (following, end) if at is not None), default=None)


def _read(story: Story, terms: Terms, start: int, stop: int | None) -> Reading:
    end = stop if stop is not None else max(story.until, start)
    still = {*terms.pauses} | ({*DONE} if _goes_on(terms) else set())
    runs = [terms.open(step) and story.state(step) not in still for step in range(start, end)]
    stood = [terms.open(step) and story.state(step) in still for step in range(start, end)]
    gaps = [terms.open(step) and story.state(step) in {*DONE} - {*terms.pauses} for step in range(start, end)]
    over, due_run = _over(story, terms, start, runs)
    gap = sum(gaps) if terms.target == "resolution" and terms.reopen == "extend" else 0
    state = "breached" if over else "met" if stop is not None else ""
    if state == "breached":
        state = "breached_closed" if stop is not None else "breached_open"
    elif not state:
        state = "paused" if story.state(end) in still else "running"
    if due_run is None:
        state = "no_target"
    due = None if due_run is None else _due(terms, start, runs, due_run)
    return Reading(started=start, stopped=stop, elapsed=sum(runs) + gap, paused=sum(stood) - gap, due=due, state=state)


def _goes_on(terms: Terms) -> bool:
    return terms.target == "update" or (terms.target == "resolution" and terms.reopen != "restart")


def _due(terms: Terms, start: int, runs: Sequence[bool], quota: int) -> int:
    """The first instant at which that much had run; beyond what is known the clock runs whenever it is open."""
    step, left = start, quota
    while left:
        left -= runs[step - start] if step - start < len(runs) else terms.open(step)
        step += 1
    return step


def _over(story: Story, terms: Terms, start: int, runs: Sequence[bool]) -> tuple[bool, int | None]:
    """Whether the clock is over, and how much of it may run in all; walked through change by change."""
    beyond = (lambda ran, limit: ran >= limit) if terms.boundary == "exclusive" else (lambda ran, limit: ran > limit)
    end = start + len(runs)
    changes = [at for at in sorted({at for at, _ in story.of("priority")}) if start < at < end]
    changes = [at for at in changes if story.rank(at) != story.rank(at - 1)]
    limit = {at: terms.limits.get(story.rank(at)) for at in (start, *changes)}
    ran = {at: sum(runs[: at - start]) for at in (start, *changes, end)}
    if terms.priority == "at_start":
        total = limit[start]
    elif terms.priority == "current":
        total = limit[[start, *changes][-1]]
    elif terms.priority == "reset":
        last = [start, *changes][-1]
        total = None if limit[last] is None else ran[last] + limit[last]
    elif terms.priority == "carry_elapsed":
        marks = [start, *changes, end]
        held = [(limit[at], ran[until], until == end) for at, until in pairwise(marks)] or [(limit[start], 0, True)]
        total = min(
            (own for own, shown, last in held if own is not None and (last or beyond(shown, own))), default=None
        )
    else:
        total = None
        for at in (start, *changes):
            if limit[at] is not None:
                total = ran[at] + limit[at] if total is None else min(total, ran[at] + limit[at])
    return total is not None and beyond(ran[end], total), total

"""Made-up desks: ticket timelines and ratings as plain Python, and the Dataset that a loader would have made of them.

Everything is drawn from one ``random.Random``: a seed is a desk, and hypothesis can hand in a Random that it shrinks.
Instants lie on a grid of a quarter of an hour, so that ties are common and business time can be stepped through.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random

import polars as pl

from supportkpi.schema import (
    ACTIVITY,
    EVENTS,
    INSTANT,
    SURVEYS,
    TICKETS,
    Actor,
    Dataset,
    Extent,
    Kind,
    Log,
    Sight,
    Stamp,
    Stamps,
    check,
    observed,
)

STEP = timedelta(minutes=15)
ORIGIN = datetime(2026, 2, 20, tzinfo=UTC)
SPAN = 4000  # steps: to the beginning of April, over two ends of a month and a change to summer time
PRIORITIES = ("urgent", "normal", "low", None)
CATEGORIES = ("billing", "login", None)
ACTORS = ("customer", "agent", "bot", "system")
HANDS = {"assignee": ("ann", "bob", None), "group": ("front", "back", "front", None), "level": ("1", "1", "2", "3")}
CUSTOMERS = ("Ann", "ann", "bob", "cyd", "dee", "eve", None)
CSAT_SCORES = (1.0, 2.0, 3.0, 4.0, 4.0, 5.0, 5.0, 5.0, 0.0, 11.0, None)
CES_SCORES = (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 7.0, 0.0, 8.0, None)
NPS_SCORES = (0.0, 3.0, 6.0, 7.0, 8.0, 9.0, 10.0, 10.0, 11.0, 6.5, None)


@dataclass(frozen=True, kw_only=True)
class Event:
    """One thing that happened; its place in the list of its ticket is its order in the file."""

    at: datetime
    kind: str
    actor: str | None = None
    public: bool | None = None
    value: str | None = None


@dataclass(frozen=True, kw_only=True)
class Ticket:
    """One ticket: its ``columns`` as the export has them now, and ``events`` (a log) or ``stamps`` (a wide export)."""

    id: str
    until: datetime
    columns: dict[str, object] = field(default_factory=dict)
    events: tuple[Event, ...] = ()
    stamps: dict[str, datetime | None] = field(default_factory=dict)
    runs_on: datetime | None = None  # until when the oracle takes it as unchanged, where that is beyond ``until``


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Everything that one export holds. ``wide`` names the instant columns it has; None is a log."""

    tickets: tuple[Ticket, ...]
    ratings: tuple[dict[str, object], ...] = ()
    wide: tuple[str, ...] | None = None
    opener: str | None = None  # who created every ticket of a wide export, where that is known
    offers: bool = False  # whether the export shows which surveys were offered
    activity: tuple[dict[str, object], ...] = ()  # what customers did, by a file of its own


STAMPS = {
    "created": Stamp(column="created", kind=Kind.created, extent=Extent.EVERY),
    "replied": Stamp(column="replied", kind=Kind.message, actor=Actor.agent, public=True, extent=Extent.FIRST),
    "first_solved": Stamp(column="first_solved", kind=Kind.status, value="solved", extent=Extent.FIRST),
    "solved": Stamp(column="solved", kind=Kind.status, value="solved", extent=Extent.LAST),
    "closed": Stamp(column="closed", kind=Kind.status, value="closed", extent=Extent.LAST),
}
_SHAPES = (
    ("created", "replied", "first_solved", "solved", "closed"),
    ("created", "replied", "solved"),
    ("created", "solved", "closed"),
    ("created", "replied", "closed"),
    ("created", "replied", "first_solved"),
    ("created", "replied"),
    ("replied", "solved"),
    (),
)
_COLUMNS = {
    "status": TICKETS["status"],
    "status_raw": pl.String(),
    "priority": pl.String(),
    "category": pl.String(),
    "requester_id": pl.String(),
    "opener": TICKETS["opener"],
    "exclusion": TICKETS["exclusion"],
    "escalated": pl.Boolean(),
    "eligible": pl.Boolean(),
    "desk": pl.String(),
    "tags": TICKETS["tags"],
    "channel": TICKETS["channel"],
}


def at(step: int) -> datetime:
    """The instant of a step of the grid."""
    return ORIGIN + step * STEP


def log_desk(random: Random, size: int, *, cut: bool = False) -> Desk:
    """A desk whose export is a log of events, with all the disorder of real ones.

    ``cut``: of tickets that were created in the first half of its time alone, as exports by the date of creation are.
    """
    steps = random.choice((SPAN, SPAN, SPAN // 2))
    last, horizon = SPAN // 2 if cut else steps, at(steps)
    tickets = tuple(_logged(random, str(number), last, horizon) for number in range(size))
    ratings = _ratings(random, size, dated=True)
    return Desk(tickets=tickets, ratings=ratings, offers=random.random() < 0.5, activity=_activity(random, size))


def wide_desk(random: Random, size: int, *, cut: bool = False) -> Desk:
    """A desk whose export has one row a ticket, with some of the columns that one could wish for."""
    last = SPAN // 2 if cut else SPAN
    shape = random.choice(_SHAPES[:5] * 3 + _SHAPES)
    columns = ("status", "priority", "category", "requester_id", "exclusion", "tags")
    kept = [name for name in columns if random.random() < 0.8]
    tickets = tuple(_stamped(random, str(number), last, shape, kept) for number in range(size))
    ratings = _ratings(random, size, dated=random.random() < 0.6)
    opener = random.choice((None, None, "customer", "agent"))
    offers, activity = random.random() < 0.3, _activity(random, size)
    return Desk(tickets=tickets, ratings=ratings, wide=shape, opener=opener, offers=offers, activity=activity)


def desk(random: Random, size: int) -> Desk:
    """A desk of either form, some cut; some tell the day of everything and no time, so that all edges coincide."""
    return _either(random, size, cut=random.random() < 0.4)


def whole_desk(random: Random, size: int) -> Desk:
    """A desk of either form that lacks no ticket of its time."""
    return _either(random, size, cut=False)


def _either(random: Random, size: int, *, cut: bool) -> Desk:
    made = (log_desk if random.random() < 0.6 else wide_desk)(random, size, cut=cut)
    return by_day(made) if random.random() < 0.35 else made


def by_day(desk: Desk) -> Desk:
    """The desk as an export without times of day tells it."""

    def cut(when: object) -> object:
        return when.replace(hour=0, minute=0) if isinstance(when, datetime) else when

    tickets = tuple(
        replace(
            ticket,
            until=cut(ticket.until),
            events=tuple(replace(event, at=cut(event.at)) for event in ticket.events),
            stamps={name: cut(when) for name, when in ticket.stamps.items()},
        )
        for ticket in desk.tickets
    )
    ratings, activity = (
        tuple({name: cut(value) for name, value in row.items()} for row in rows)
        for rows in (desk.ratings, desk.activity)
    )
    return replace(desk, tickets=tickets, ratings=ratings, activity=activity)


def _logged(random: Random, id: str, last: int, horizon: datetime) -> Ticket:
    step = random.randrange(last)
    born = at(step)
    events = [Event(at=born, kind="created", actor=random.choice(("customer", "customer", "agent", None)))]
    if random.random() < 0.03:
        events = []  # the log begins in the middle of the ticket's life
    early = step - random.choice((1, 40))
    for _ in range(random.choice((0, 1, 2, 3, 4, 6, 9, 12))):
        step += random.choice((0, 0, 1, 2, 5, 20, 96, 300, 700))
        events.append(_event(random, at(step)))
    if random.random() < 0.06:  # a clock that is wrong, or a conversation that began elsewhere
        events.append(_event(random, at(early)))
    events = [event for event in events if event.at <= horizon]
    if random.random() < 0.02 and events:
        events.append(Event(at=max(event.at for event in events), kind="status", value="deleted"))
    if random.random() < 0.3:
        random.shuffle(events)
    return Ticket(id=id, until=horizon, columns=_columns(random), events=tuple(events))


def _event(random: Random, when: datetime) -> Event:
    kind = random.choice(
        (
            *("customer", "customer", "agent", "agent", "bot", "note", "unseen", *["status"] * 7),
            *("handoff", "priority", "assignee", "group", "level"),
        )
    )
    if kind in ("customer", "agent", "bot"):
        return Event(at=when, kind="message", actor=kind, public=True)
    if kind in ("note", "unseen"):
        return Event(at=when, kind="message", actor="agent", public=False if kind == "note" else None)
    if kind == "status":
        word = random.choice(("open", "pending", "hold", "solved", "solved", "solved", "closed"))
        return Event(at=when, kind="status", value=word, actor=random.choice((None, "agent", "agent", *ACTORS)))
    if kind in HANDS:
        return Event(at=when, kind=kind, value=random.choice(HANDS[kind]))
    return Event(at=when, kind=kind, value="high" if kind == "priority" else None)


def _columns(random: Random) -> dict[str, object]:
    return {
        "priority": random.choice(PRIORITIES),
        "category": random.choice(CATEGORIES),
        "requester_id": random.choice(CUSTOMERS),
        "opener": random.choice((None, None, None, "customer", "agent")),
        "exclusion": random.choice((None,) * 12 + ("spam", "merged", "test")),
        "escalated": random.choice((None, False, False, True)),
        "eligible": random.choice((None, True, True, False)),
        "desk": random.choice(("north", "south", None)),
        "tags": random.choice((None, [], ["vip"], ["vip", "vip"], ["new", "vip"])),
        "channel": random.choice((None, "email", "chat", "phone")),
    }


def _stamped(random: Random, id: str, last: int, shape: tuple[str, ...], kept: list[str]) -> Ticket:
    start = random.randrange(last)
    solved = start + random.choice((-3, 0, 1, 7, 96, 500, 1500))
    first = solved - random.choice((0, 0, 4, 30)) if solved > start else solved
    true = {
        "created": start,
        "replied": start + random.choice((-2, 0, 1, 3, 50, 400)),
        "first_solved": max(first, min(start, solved)),
        "solved": solved,
        "closed": solved + random.choice((0, 4, 480)),
    }
    gone = {name for name in true if random.random() < (0.04 if name == "created" else 0.25)}
    if "solved" in gone:
        gone |= {"first_solved"} if random.random() < 0.8 else set()
    gone |= {name for name, step in true.items() if step > SPAN}  # not yet
    stamps = {name: None if name in gone else at(true[name]) for name in shape}
    status = random.choice(("new", "open", "pending", None, *["solved"] * 3, *["closed"] * 2))
    everything = _columns(random) | {"status": status, "status_raw": status or random.choice((None, "??"))}
    names = [*kept, *(["status_raw"] if "status" in kept else []), "desk"]
    return Ticket(id=id, until=at(SPAN), columns={name: everything[name] for name in names}, stamps=stamps)


def _ratings(random: Random, size: int, *, dated: bool) -> tuple[dict[str, object], ...]:
    """Answers and offers: some ticket or none, some customer or none, twice on one ticket, scores off the scale."""
    if random.random() < 0.1:
        return ()
    return tuple(_rating(random, size, dated=dated) for _ in range(random.randrange(2 * size + 4)))


def _rating(random: Random, size: int, *, dated: bool) -> dict[str, object]:
    instrument = random.choice(("csat", "csat", "csat", "nps", "nps", "ces"))
    when = at(random.randrange(SPAN)) if dated and random.random() < 0.9 else None
    return {
        "instrument": instrument,
        "at": when,
        "offered_at": at(random.randrange(SPAN)) if random.random() < 0.3 else None,
        "ticket_id": str(random.randrange(max(1, size))) if size and random.random() < 0.8 else None,
        "respondent_id": random.choice((*CUSTOMERS, *(f"c{number}" for number in range(40)))),
        "score": random.choice({"csat": CSAT_SCORES, "nps": NPS_SCORES, "ces": CES_SCORES}[instrument]),
        "scale": {"csat": "1-5", "ces": "1-7"}.get(instrument),
    }


def _activity(random: Random, size: int) -> tuple[dict[str, object], ...]:
    """Orders and logins of some of the customers, and of others; of nobody at all where there is no such file."""
    if random.random() < 0.3:
        return ()
    people = (*CUSTOMERS, "BOB", "stranger")
    made = range(random.randrange(size + 3))
    return tuple({"requester_id": random.choice(people), "at": at(random.randrange(SPAN))} for _ in made)


def dataset(desk: Desk, *, shuffled: Random | None = None) -> Dataset:
    """The desk as a loader hands it over; ``shuffled`` puts the rows of every frame in another order."""
    tickets = list(desk.tickets)
    ratings = list(desk.ratings)
    if shuffled is not None:
        shuffled.shuffle(tickets)
    names = [name for name in _COLUMNS if any(name in ticket.columns for ticket in tickets)]
    frame = pl.DataFrame(
        [{"ticket_id": t.id, "observed_until": t.until, **{n: t.columns.get(n) for n in names}} for t in tickets],
        schema={"ticket_id": pl.String(), "observed_until": INSTANT, **{name: _COLUMNS[name] for name in names}},
    )
    history = _log(tickets, shuffled) if desk.wide is None else _wide(desk, tickets)
    seen = dict.fromkeys(Sight, Extent.EVERY) if isinstance(history, Log) else observed(history.stamps)
    seen = {sight: extent for sight, extent in seen.items() if sight is not Sight.offer or desk.offers}
    surveys = pl.DataFrame(ratings, schema={name: SURVEYS[name] for name in _SURVEY_COLUMNS})
    return check(
        Dataset(
            history=history,
            tickets=frame,
            surveys=surveys,
            activity=pl.DataFrame(desk.activity, schema=dict(ACTIVITY)),
            observes=seen | ({Sight.offer: Extent.EVERY} if desk.offers else {}),
        )
    )


_SURVEY_COLUMNS = ("instrument", "at", "offered_at", "ticket_id", "respondent_id", "score", "scale")


def _log(tickets: list[Ticket], shuffled: Random | None) -> Log:
    rows = [
        {
            "ticket_id": ticket.id,
            "at": event.at,
            "seq": place,
            "kind": event.kind,
            "actor": event.actor,
            "public": event.public,
            "value": event.value,
        }
        for ticket in tickets
        for place, event in enumerate(ticket.events)
    ]
    if shuffled is not None:
        shuffled.shuffle(rows)
    return Log(frame=pl.LazyFrame(rows, schema=dict(EVENTS)))


def _wide(desk: Desk, tickets: list[Ticket]) -> Stamps:
    shape = desk.wide or ()
    stamps = tuple(_stamp(name, desk) for name in shape)
    rows = [{"ticket_id": ticket.id, **{name: ticket.stamps[name] for name in shape}} for ticket in tickets]
    schema = {"ticket_id": pl.String(), **dict.fromkeys(shape, INSTANT)}
    return Stamps(frame=pl.DataFrame(rows, schema=schema), stamps=stamps)


def _stamp(name: str, desk: Desk) -> Stamp:
    stamp = STAMPS[name]
    if name != "created" or desk.opener is None:
        return stamp
    return Stamp(column=name, kind=stamp.kind, extent=stamp.extent, actor=Actor(desk.opener))

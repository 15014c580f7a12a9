"""Whose work a ticket was, again in plain Python, one event after another (method 2.12); and desks of several hands."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

import polars as pl

from supportkpi.schema import EVENTS, SURVEYS, TICKETS, Dataset, Extent, Log, Sight, check

DONE = ("solved", "closed")
STEP = timedelta(minutes=15)
ORIGIN = datetime(2026, 3, 20, tzinfo=UTC)
SPAN = 1500  # steps: sixteen days, over the change to summer time
AGENTS = ("ann", "bob", "Cyd", "dee", None)
ACTORS = {"robot": "bot", "rules": "system"}


@dataclass(kw_only=True)
class Told:
    """One event of a ticket; its place in the list is its order in the file."""

    at: datetime
    kind: str
    actor: str | None = None
    actor_id: str | None = None
    public: bool | None = None
    value: str | None = None


@dataclass(kw_only=True)
class Case:
    """One ticket with its events, as the export has it now."""

    id: str
    requester_id: str
    assignee_id: str | None
    events: list[Told] = field(default_factory=list)


def cases(random: Random, size: int) -> list[Case]:
    return [_case(random, str(number)) for number in range(size)]


def _case(random: Random, id: str) -> Case:
    step = random.randrange(SPAN // 2)
    events = [Told(at=ORIGIN + step * STEP, kind="created", actor=random.choice(("customer", "customer", "agent")))]
    for _ in range(random.choice((1, 3, 5, 9))):
        step += random.choice((0, 0, 1, 3, 40, 200))
        events.append(_told(random, ORIGIN + step * STEP))
    requester, assignee = random.choice(("eve", "fay", "ann")), random.choice((*AGENTS, "robot"))
    return Case(id=id, requester_id=requester, assignee_id=assignee, events=events)


def _told(random: Random, at: datetime) -> Told:
    kind = random.choice(("reply", "reply", "note", "request", "robot", "status", "status", "status", "assignee"))
    who = random.choice(AGENTS)
    if kind in ("reply", "note"):
        return Told(at=at, kind="message", actor="agent", actor_id=who, public=kind == "reply")
    if kind == "request":
        return Told(at=at, kind="message", actor="customer", actor_id="eve", public=True)
    if kind == "robot":
        return Told(at=at, kind="message", actor="bot", actor_id="robot", public=True)
    if kind == "assignee":
        return Told(at=at, kind="assignee", actor="agent", actor_id=who, value=random.choice((*AGENTS, "robot")))
    word = random.choice(("open", "pending", "solved", "solved", "closed"))
    actor = random.choice(("agent", "agent", None, "bot", "system", "customer"))
    names = {"agent": who, None: random.choice((*AGENTS, "eve")), "bot": "robot", "system": "rules", "customer": "eve"}
    return Told(at=at, kind="status", actor=actor, actor_id=names[actor], value=word)


def ratings(random: Random, size: int) -> list[dict[str, object]]:
    """Ratings of some tickets, some dated, some with an agent of their own."""
    return [
        {
            "instrument": "csat",
            "ticket_id": str(number),
            "at": ORIGIN + random.randrange(SPAN) * STEP if random.random() < 0.8 else None,
            "score": float(random.randrange(1, 6)),
            "scale": "1-5",
            "agent_id": random.choice((None, None, None, "bob")),
        }
        for number in range(size)
        if random.random() < 0.6
    ]


def dataset(tickets: list[Case], surveys: list[dict[str, object]]) -> Dataset:
    rows = [
        {"ticket_id": ticket.id, "seq": seq, **{name: getattr(event, name) for name in Told.__annotations__}}
        for ticket in tickets
        for seq, event in enumerate(ticket.events)
    ]
    until = max([row["at"] for row in rows] + [row["at"] for row in surveys if row["at"]])
    names = ("ticket_id", "requester_id", "assignee_id", "observed_until")
    known = [(ticket.id, ticket.requester_id, ticket.assignee_id, until) for ticket in tickets]
    return check(
        Dataset(
            history=Log(frame=pl.LazyFrame(rows, schema=dict(EVENTS))),
            tickets=pl.DataFrame(known, schema={name: TICKETS[name] for name in names}, orient="row"),
            surveys=pl.DataFrame(surveys, schema=dict(SURVEYS)),
            observes=dict.fromkeys(Sight, Extent.EVERY),
        )
    )


def strangers(tickets: list[Case]) -> set[str]:
    """Ids that ever act for a bot or the system."""
    return {
        str(event.actor_id) for ticket in tickets for event in ticket.events if event.actor in ("bot", "system")
    } - {"None"}


def assignee_at(ticket: Case, when: datetime | None, *, before: bool = False) -> str | None:
    """Who had the ticket at an instant; the one of today where nobody saw it change hands."""
    changes = [event for event in ticket.events if event.kind == "assignee"]
    if when is None:
        return None
    if not changes:
        return ticket.assignee_id
    past = [event for event in changes if event.at < when or (event.at == when and not before)]
    return sorted(past, key=lambda event: event.at)[-1].value if past else None


def solutions(ticket: Case) -> list[datetime]:
    """When the ticket became solved or closed, of several statuses at one instant the last counting."""
    said = {event.at: event.value for event in ticket.events if event.kind == "status"}
    found, was = [], None
    for when in sorted(said):
        if said[when] in DONE and was not in DONE:
            found.append(when)
        was = said[when]
    return found


def first_replier(ticket: Case) -> str | None:
    replies = [e for e in ticket.events if e.kind == "message" and e.public and e.actor == "agent"]
    if not replies:
        return None
    first = min(replies, key=lambda event: event.at)
    return first.actor_id if first.actor_id is not None else assignee_at(ticket, first.at)


def _resolving(ticket: Case) -> Told | None:
    """The event that solved it last; of several at one instant a person's own goes first."""
    found = solutions(ticket)
    at = [e for e in ticket.events if found and e.kind == "status" and e.at == found[-1] and e.value in DONE]
    return next((event for event in at if event.actor == "agent"), next(iter(at), None))


def solver(ticket: Case) -> str | None:
    event = _resolving(ticket)
    if event is None or event.actor in ("bot", "system", "customer"):
        return None
    if event.actor_id is None:
        return assignee_at(ticket, event.at)
    return None if event.actor is None and event.actor_id == ticket.requester_id else event.actor_id


def solved_by(ticket: Case) -> str | None:
    event = _resolving(ticket)
    if event is None or event.actor is not None or event.actor_id is None:
        return None if event is None else event.actor
    return "customer" if event.actor_id == ticket.requester_id else "agent"


def rated(ticket: Case, rating: dict[str, object]) -> str | None:
    """Whom a rating is of: its own agent, else the assignee when the ticket had been solved, else at the rating."""
    if rating["agent_id"] is not None:
        return str(rating["agent_id"])
    found, when = solutions(ticket), rating["at"]
    statuses = {event.at: event.value for event in ticket.events if event.kind == "status"}
    resolved = found[-1] if found and statuses[max(statuses)] in DONE else None
    if when is None:
        return assignee_at(ticket, resolved)
    before = [moment for moment in found if moment <= when]
    return assignee_at(ticket, before[-1] if before else when)


def done(tickets: list[Case], start: datetime | None, end: datetime | None) -> dict[str, tuple[int, int]]:
    """Agent to public replies and days (UTC) with anything done by them."""
    machines, found = strangers(tickets), {}
    for event in (event for ticket in tickets for event in ticket.events):
        person = event.actor == "agent" or (event.actor is None and event.kind not in ("message", "created"))
        inside = (start is None or event.at >= start) and (end is None or event.at < end)
        if person and inside and event.actor_id is not None and event.actor_id not in machines:
            replies, days = found.setdefault(event.actor_id, ([], set()))
            days.add(event.at.date())
            replies += [event] if event.kind == "message" and event.public and event.actor == "agent" else []
    return {name: (len(replies), len(days)) for name, (replies, days) in found.items()}

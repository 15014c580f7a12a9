"""Every KPI again in plain Python, from its definition: no frames, no expressions, one ticket after another.

Written from the method (sections 0, 2, 3, 4.2) and the rules that every KPI obeys, not from the engine. ``see`` reads a
desk, the functions named after KPIs answer for the tickets or ratings that they are handed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise

from oracle_numbers import Answer, durations, within
from timelines import Desk, Ticket

DONE = ("solved", "closed")
DAY = timedelta(days=1)


@dataclass(kw_only=True)
class Seen:
    """What can be known of one ticket at the end of observation."""

    ticket: Ticket
    excluded: bool
    outbound: bool
    created: datetime | None
    replied: datetime | None
    replies: int
    until: datetime
    resolved: bool | None
    resolved_at: datetime | None
    first_solved: datetime | None
    life: list[tuple[datetime, str]] | None  # every status with its begin, where the export shows them
    solves: list[datetime] = field(default_factory=list)
    reopens: list[tuple[datetime, timedelta]] = field(default_factory=list)  # when, and how long it had been solved

    def column(self, name: str) -> object:
        return self.ticket.columns.get(name)


@dataclass(kw_only=True)
class World:
    """A desk as seen at ``as_of``."""

    desk: Desk
    as_of: datetime | None
    tickets: list[Seen]
    ratings: list[dict[str, object]]  # each with its Seen ticket or None under "of", and "dated"
    dated_by: dict[str, str | None]

    def has(self, column: str) -> bool:
        return any(column in ticket.columns for ticket in self.desk.tickets)


def see(desk: Desk, as_of: datetime | None) -> World:
    newest = [ticket.until for ticket in desk.tickets] + [r["at"] for r in desk.ratings if r["at"] is not None]
    newest += [event.at for ticket in desk.tickets for event in ticket.events]
    newest += [when for ticket in desk.tickets for when in ticket.stamps.values() if when is not None]
    end = as_of or max(newest, default=None)
    if desk.tickets and as_of is not None and as_of > max(newest):
        desk = _running_on(desk, as_of)
    seen = {t.id: _logged(t, end) if desk.wide is None else _stamped(t, end, desk) for t in desk.tickets}
    unborn = {id for id, ticket in seen.items() if ticket is None}
    known = [r for r in desk.ratings if r["ticket_id"] not in unborn and (r["at"] is None or r["at"] <= end)]
    ratings = [{**r, "of": seen.get(r["ticket_id"]), "place": place} for place, r in enumerate(known)]
    dated_by = {name: _date(ratings, name) for name in ("csat", "nps", "ces")}
    return World(desk=desk, as_of=end, tickets=[t for t in seen.values() if t], ratings=ratings, dated_by=dated_by)


def _running_on(desk: Desk, as_of: datetime) -> Desk:
    """Beyond everything that is known, what was open in the newest file is taken as open until then."""
    last = max(ticket.until for ticket in desk.tickets)
    return replace(desk, tickets=tuple(replace(t, runs_on=as_of if t.until == last else None) for t in desk.tickets))


def _date(ratings: list[dict[str, object]], instrument: str) -> str | None:
    """Rated-in: the date of the answer, else of the last solution, else of creation: the first that any answer has."""
    mine = [rating for rating in ratings if rating["instrument"] == instrument]
    for name, of in (("rated", None), ("solved", "resolved_at"), ("created", "created")):
        dates = [r["at"] if of is None else getattr(r["of"], of, None) for r in mine]
        if any(when is not None for when in dates):
            for rating, when in zip(mine, dates, strict=True):
                rating["dated"] = when or _sent(rating)
            return name
    for rating in mine:
        rating["dated"] = _sent(rating)
    return None


def _sent(rating: dict[str, object]) -> datetime | None:
    """An offer that nobody answered has no date of an answer: it is dated by what is known of it."""
    if rating["score"] is not None:
        return None
    dates = (rating["offered_at"], getattr(rating["of"], "resolved_at", None), getattr(rating["of"], "created", None))
    return next((when for when in dates if when is not None), None)


def _logged(ticket: Ticket, end: datetime) -> Seen | None:
    events = [event for event in ticket.events if event.at <= end]
    births = [event for event in ticket.events if event.kind == "created"]
    if births and births[0].at > end:
        return None
    created = births[0].at if births else None
    says = [e for e in events if e.kind == "message" and e.public]
    moments = dict(_statuses(events))
    if created is not None and not any(when <= created for when in moments):
        moments[created] = "new"
    life = sorted(moments.items())
    solves, reopens, was = [], [], None
    for when, status in life:
        if status in DONE and was not in DONE:
            solves.append(when)
        if status not in DONE and was in DONE:
            reopens.append((when, when - solves[-1]))
        was = status
    opener = ticket.columns.get("opener") or (births[0].actor if births else None)
    replies = [e.at for e in says if e.actor == "agent"]
    return Seen(
        ticket=ticket,
        excluded=ticket.columns.get("exclusion") is not None or was == "deleted",
        outbound=opener == "agent" if opener else _agent_spoke_first(says, created),
        created=created,
        replied=min(replies, default=None),
        replies=len(replies),
        until=ticket.runs_on or min(ticket.until, end),
        resolved=was in DONE,
        resolved_at=solves[-1] if was in DONE else None,
        first_solved=solves[0] if solves else None,
        life=life,
        solves=solves,
        reopens=reopens,
    )


def _statuses(events: Iterable) -> list[tuple[datetime, str]]:
    """Status by instant; of several at one instant the last in the file stands."""
    return [(event.at, event.value) for event in events if event.kind == "status"]


def _agent_spoke_first(says: Sequence, created: datetime | None) -> bool:
    """The author of the first public message opened the ticket; at one instant the customer is believed first.

    A reply stamped before the creation is a wrong clock, not an opening.
    """
    first = min((event.at for event in says if event.actor in ("agent", "customer", "bot")), default=None)
    authors = {event.actor for event in says if event.at == first}
    return authors == {"agent"} and created is not None and first >= created


def _stamped(ticket: Ticket, end: datetime, desk: Desk) -> Seen | None:
    def shown(name: str) -> datetime | None:
        when = ticket.stamps.get(name)
        return when if when is not None and when <= end else None

    born = ticket.stamps.get("created")
    if born is not None and born > end:
        return None
    last = shown("solved") or shown("first_solved") if "first_solved" in desk.wide else shown("solved")
    last = last or shown("closed")
    opener = ticket.columns.get("opener") or (desk.opener if born else None)
    resolved = _resolved(ticket, last, end, dates={"solved", "closed"} & set(desk.wide))
    return Seen(
        ticket=ticket,
        excluded=ticket.columns.get("exclusion") is not None,
        outbound=opener == "agent",
        created=shown("created"),
        replied=shown("replied"),
        replies=0,
        until=ticket.runs_on or min(ticket.until, end),
        resolved=resolved,
        resolved_at=last if resolved else None,
        first_solved=min((w for w in map(shown, ("first_solved", "solved")) if w), default=shown("closed"))
        if "first_solved" in desk.wide
        else None,
        life=None,
        solves=[last] if resolved and last else [],
    )


def _resolved(ticket: Ticket, last: datetime | None, end: datetime, *, dates: object) -> bool | None:
    """By the current status while it is that of the end; an unknown word is settled by a date or by nothing."""
    status, word = ticket.columns.get("status"), ticket.columns.get("status_raw")
    if end >= ticket.until and status is not None:
        return status in DONE
    if last is not None:
        return True
    if end >= ticket.until:
        return None if word is not None else False
    puzzling = status in DONE or (status is None and word is not None)
    return None if puzzling and not dates else False


Clock = Callable[[Seen, datetime, datetime], float]


def calendar_time(ticket: Seen, start: datetime, end: datetime) -> float:
    return (end - start).total_seconds()


def _spans(
    rows: list[tuple[Seen, datetime | None, datetime | None, bool]], clock: Clock, *, restricted: bool = False
) -> dict[str, Answer]:
    """Statistics and counts of (ticket, start, end, still open): a span that ends before it starts is invalid."""
    timed = [(t, start, end) for t, start, end, _ in rows if start is not None and end is not None]
    ended = [clock(t, start, end) for t, start, end in timed if end >= start]
    waiting = [clock(t, start, t.until) for t, start, end, is_open in rows if is_open and start and t.until >= start]
    asleep = sum(clock(t, start, end) == 0 and end > start for t, start, end in timed)
    counts = {"invalid": sum(end < start for _, start, end in timed)}
    counts |= {} if clock is calendar_time else {"off_hours": asleep}
    found = durations(ended, waiting)
    if clock is calendar_time and restricted:
        shared = {"n": len(ended), "n_open": len(waiting)}
        found["rmst"] = shared | within(ended, waiting, 7 * 86_400.0)
    return {stat: {**answer, "counts": counts} for stat, answer in found.items()}


def _counting(found: dict[str, Answer], **counts: int) -> dict[str, Answer]:
    return {stat: {**answer, "counts": answer["counts"] | counts} for stat, answer in found.items()}


def first_response_time(tickets: list[Seen], clock: Clock) -> dict[str, Answer]:
    """Creation to the first public message of a human, of tickets that customers opened."""
    mine = [t for t in tickets if not t.excluded and not t.outbound]
    silent = [t for t in mine if t.replied is None]
    rows = [(t, t.created, t.replied, t.replied is None and t.resolved is False) for t in mine]
    found = _spans(rows, clock, restricted=True)
    solved = sum(t.resolved is True for t in silent)
    return _counting(found, excluded=len(tickets) - len(mine), solved_unanswered=solved)


def resolution_time(tickets: list[Seen], clock: Clock) -> dict[str, Answer]:
    """Creation to the last entry into solved or closed, null while open."""
    mine = [t for t in tickets if not t.excluded]
    found = _spans([(t, t.created, t.resolved_at, t.resolved is False) for t in mine], clock, restricted=True)
    undated = sum(t.resolved is True and t.resolved_at is None for t in mine)
    unknown = sum(t.resolved is None for t in mine)
    return _counting(found, excluded=len(tickets) - len(mine), end_unknown=undated, status_unknown=unknown)


def first_resolution_time(tickets: list[Seen], clock: Clock) -> dict[str, Answer]:
    """Creation to the first entry into solved or closed, whatever came after."""
    mine = [t for t in tickets if not t.excluded]
    rows = [(t, t.created, t.first_solved, t.first_solved is None and t.resolved is False) for t in mine]
    return _counting(_spans(rows, clock), excluded=len(tickets) - len(mine))


def tickets_created(tickets: list[Seen]) -> dict[str, Answer]:
    n = sum(not t.excluded for t in tickets)
    return {"value": {"n": n, "value": n, "counts": {"excluded": len(tickets) - n}}}


def tickets_solved(tickets: list[Seen]) -> dict[str, Answer]:
    n = sum(not t.excluded and t.resolved is True for t in tickets)
    return {"value": {"n": n, "value": n, "counts": {"excluded": sum(t.excluded for t in tickets)}}}


def closure_ratio(created: int, solved: int, reopened: int | None) -> dict[str, Answer]:
    counts = {"created": created, "solve_events": solved}
    if reopened is not None:
        counts |= {"reopened": reopened, "net_growth": created + reopened - solved}
    value = solved / created if created else None
    return {"value": {"n": created, "x": solved, "value": value, "counts": counts}}


def is_open(ticket: Seen, when: datetime, *, before: bool) -> bool:
    """Open at an instant, what happened then included; ``before``: at the end of a period, which is outside."""

    def passed(moment: datetime) -> bool:
        return moment < when if before else moment <= when

    if ticket.created is not None and not passed(ticket.created):
        return False
    if ticket.life is None:
        return ticket.resolved is False or (ticket.resolved_at is not None and not passed(ticket.resolved_at))
    statuses = [status for moment, status in ticket.life if passed(moment)]
    return bool(statuses) and statuses[-1] not in (*DONE, "deleted")


def backlog(
    tickets: list[Seen], world: World, when: datetime, *, before: bool, since: datetime | None
) -> dict[str, Answer]:
    """Open tickets, and how many days of solving they are at the pace since a date, or of the last 28 days."""
    mine = [t for t in tickets if not t.excluded]
    unknown = [t for t in mine if t.resolved is None and (t.created is None or t.created < when or not before)]
    n = sum(is_open(t, when, before=before) for t in mine)
    known = [moment for t in world.tickets for moment in (t.created, t.resolved_at, t.replied) if moment is not None]
    begun = min(known, default=None)
    begin = since if since is not None else when - 28 * DAY
    begin = begin if begun is None else max(begin, begun)
    solved = sum(begin <= s and (s < when if before else s <= when) for t in mine for s in t.solves)
    days = (when - begin) / DAY
    counts = {"status_unknown": len(unknown)}
    work = n / (solved / days) if solved and days > 0 else None
    if not n and unknown:  # that none is known to be open is not nought
        return {stat: {"n": 0, "value": None, "counts": counts} for stat in ("value", "days_of_work")}
    return {"value": {"n": n, "value": n, "counts": counts}, "days_of_work": {"n": n, "value": work, "counts": counts}}


def backlog_age(tickets: list[Seen], clock: Clock, when: datetime, *, before: bool) -> dict[str, Answer]:
    mine = [t for t in tickets if not t.excluded and t.created and is_open(t, when, before=before)]
    ages = [clock(t, t.created, when) for t in mine]
    hours = [age / 3600 for age in ages]
    bounds = (0, 24, 72, 168, 720, float("inf"))
    names = ("under_24h", "under_72h", "under_168h", "under_720h", "from_720h")
    counts = {
        name: sum(low <= age < high for age in hours) for name, (low, high) in zip(names, pairwise(bounds), strict=True)
    }
    return {stat: {**answer, "counts": counts} for stat, answer in durations(ages, None).items()}

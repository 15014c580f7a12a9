"""Exports cut by creation again in plain Python (engine.md 1, "Month slices"): what they cannot show, by group.

At least 30 tickets of the last twelve weeks, and three that went on after the newest creation, for so long that at the
pace of the hours of the week 15 new ones would have come: then they are missing, and the first three are no wonder.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from oracle import DAY, Seen, World
from oracle_numbers import Answer

HOUR, WEEK = timedelta(hours=1), timedelta(weeks=1)
FLOWS = (
    "tickets_created",
    "tickets_solved",
    "closure_ratio",
    "requesters",
    "requesters_solved",
    "tickets_per_requester",
)
STOCKS = ("backlog", "backlog_age")


@dataclass(frozen=True, kw_only=True)
class Cut:
    """The newest creation of a cut export, and up to when it lacks at most as few tickets as chance leaves out."""

    last: datetime
    until: datetime


def cut(world: World) -> Cut | None:
    """Where an export ends that was cut by creation; None for every other."""
    born = sorted(t.created for t in world.tickets if t.created is not None)
    end = max((min(t.ticket.until, world.as_of) for t in world.tickets), default=None)
    if not born or not 12 * HOUR <= end - born[-1] <= 400 * DAY:
        return None
    last, lately = born[-1], [when for when in born if born[-1] - when < 12 * WEEK]
    went_on = sum(any(when > last for when in _life(t, world)) for t in world.tickets)
    if len(lately) < 30 or went_on < 3:
        return None
    hours = [last + passed * HOUR for passed in range(1, (end - last) // HOUR + 1)]
    missing = [0.0]
    for hour in hours:
        missing.append(missing[-1] + _pace(hour, lately))
    late = [hour for hour, lacking in zip(hours, missing[1:], strict=True) if lacking >= 3]
    return Cut(last=last, until=late[0]) if missing[-1] >= 15 else None


def _life(ticket: Seen, world: World) -> list[datetime]:
    """Everything that is known to have happened to a ticket by the end of observation."""
    known = [ticket.replied, ticket.first_solved, ticket.resolved_at, *ticket.ticket.stamps.values()]
    known += [event.at for event in ticket.ticket.events]
    return [when for when in known if when is not None and when <= world.as_of]


def _pace(hour: datetime, lately: list[datetime]) -> float:
    """The tickets that usually come in such an hour: by the week where there are two, else in any hour alike."""
    length = lately[-1] - lately[0]
    if length < 2 * WEEK:
        return len(lately) / max(length / HOUR, 1.0)
    same = Counter((when.weekday(), when.hour) for when in lately)
    return same[hour.weekday(), hour.hour] / (length / WEEK)


def begin(label: str, timezone: str) -> datetime:
    """The first instant of a month (``2026-03``) or of a week (``2026-W10``)."""
    form = "%G-W%V-%u" if "W" in label else "%Y-%m-%d"
    day = datetime.strptime(f"{label}-{'1' if 'W' in label else '01'}", form).date()  # noqa: DTZ007
    return datetime.combine(day, time(), ZoneInfo(timezone))


def after(label: str, timezone: str) -> datetime:
    """The first instant after a month or a week."""
    start = begin(label, timezone)
    days = 7 if "W" in label else next(n for n in (28, 29, 30, 31) if (start + n * DAY).month != start.month)
    return datetime.combine(start.date() + days * DAY, time(), ZoneInfo(timezone))


def is_unseen(kpi: str, stretch: str | None, end: datetime, found: Cut, timezone: str) -> bool:
    """Whether a figure, of a stretch of time or of all of it up to ``end``, is of days whose tickets are missing."""
    if kpi in STOCKS:
        return (end if stretch is None else min(end, after(stretch, timezone))) > found.until
    return kpi in FLOWS and stretch is not None and begin(stretch, timezone) > found.last


def unseen(answer: dict[str, Answer]) -> dict[str, Answer]:
    """The answer without a number."""
    return {stat: {"n": 0, "x": None, "n_open": None, "value": None, "low": None, "unseen": True} for stat in answer}

"""Month slices: files that were cut by creation, so that whatever was created after their end is missing (engine.md 1).

The commonest export is "created last month", taken some days into the next one: its tickets go on being answered and
solved after the newest creation, while no new ones come. What was created after that is not known, and nothing that
needs it is: what was open later, what was solved later, who came back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl

_HOUR = timedelta(hours=1)
_LOOK_BACK, _WEEKS_FROM = timedelta(weeks=12), timedelta(weeks=2)
_SHORTEST, _LONGEST = timedelta(hours=12), timedelta(days=400)
_FEWEST, _ACTIVE = 30, 3
_MISSING = 15.0
"""Tickets that would have been expected since the newest one: that none came by chance has the odds of e to the -15."""
_QUIET = 3.0
"""Up to so many expected tickets a stretch without any is ordinary: one in twenty is as long."""
_ENDS = ("first_reply_at", "first_solved_at", "last_solved_at", "resolved_at", "last_event_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """The end of files that were cut by creation: the ``last`` creation, and until when none later is no wonder."""

    last: datetime
    until: datetime
    newest: datetime

    def lacks(self, at: datetime) -> bool:
        """Whether tickets are missing that were created before an instant."""
        return at > self.until

    def ends_before(self, start: datetime) -> bool:
        """Whether a stretch of time begins when there are no tickets any more: none of its own are in the files."""
        return start > self.last

    @property
    def why(self) -> str:
        """Why something is not shown, and what would show it."""
        return (
            f"the files end with tickets created on {self.last:%Y-%m-%d} but go on to {self.newest:%Y-%m-%d}: later "
            "tickets are missing; give the neighbouring months too, or export by the date of the last change"
        )


def sliced(tickets: pl.DataFrame) -> Slice | None:
    """Where the tickets of files (created_at, observed_until, until, first_reply_at, …) end that were cut; else None.

    Told by what goes on after the newest creation: some tickets are answered or solved, for so long that at the pace of
    that hour of the week new ones would have come.
    """
    created = tickets["created_at"].drop_nulls()
    last, newest = created.max(), tickets.select(pl.min_horizontal("observed_until", "until").max()).item()
    if not isinstance(newest, datetime) or not isinstance(last, datetime) or not _SHORTEST <= newest - last <= _LONGEST:
        return None
    recent = created.filter(created > last - _LOOK_BACK)
    active = tickets.select(pl.any_horizontal(pl.col(name) > last for name in _ENDS if name in tickets.columns))
    if len(recent) < _FEWEST or int(active.to_series().sum()) < _ACTIVE:
        return None
    expected, until = 0.0, None
    for hour, pace in _paces(recent, last, newest):
        expected += pace
        if until is None and expected >= _QUIET:
            until = hour
    return Slice(last=last, until=until, newest=newest) if until is not None and expected >= _MISSING else None


def _paces(created: pl.Series, last: datetime, newest: datetime) -> Iterator[tuple[datetime, float]]:
    """Each hour after the newest creation with the tickets that usually come in it, by hour of the week where known."""
    first = created.min()
    span = last - first if isinstance(first, datetime) else _HOUR
    slot = (created.dt.weekday().cast(pl.Int32) - 1) * 24 + created.dt.hour().cast(pl.Int32)
    counts = dict(slot.value_counts().iter_rows())
    weeks = max(span / timedelta(weeks=1), 1e-9)
    flat = len(created) / max(span / _HOUR, 1.0)
    at = last + _HOUR
    while at <= newest:
        known = counts.get(at.weekday() * 24 + at.hour, 0) / weeks
        yield at, known if span >= _WEEKS_FROM else flat
        at += _HOUR

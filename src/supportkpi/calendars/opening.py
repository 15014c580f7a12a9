"""Open time laid out on the time line: local hours and zone rules to intervals in UTC, and look-ups over them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from difflib import get_close_matches
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import polars as pl

from supportkpi.calendars.hours import DAY, Span
from supportkpi.errors import ZoneUnknown

INSTANT = pl.Datetime("us", "UTC")
FIRST_YEAR, LAST_YEAR = 1800, 2399
"""The years that hours can be laid out over; a date outside them is no date of a helpdesk."""

SECOND = 1_000_000  # microseconds
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = _EPOCH.toordinal()
_MANY_ROWS = 10_000  # for fewer the grid costs more than it saves
_MOST_CELLS = 4_000_000  # 32 MB: 100 years of quarter hours, 7 years of single minutes
_MARGIN = 3  # days laid out beyond a table's years: the local dates beside an instant of UTC, and the night before


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The hours of one version of a calendar: seven days of spans, Monday first, and what single dates change."""

    zone: str
    week: tuple[tuple[Span, ...], ...]
    holidays: tuple[date, ...] = ()
    days: tuple[tuple[date, tuple[Span, ...]], ...] = ()
    breaks: tuple[tuple[date, tuple[Span, ...]], ...] = ()

    def never_closes(self) -> bool:
        """Whether every instant is open."""
        return self.week_seconds() == 7 * DAY and not (self.holidays or self.days or self.breaks)

    def alternates(self) -> bool:
        """Whether the weekly hours open and close for ever."""
        return 0 < self.week_seconds() < 7 * DAY

    def week_seconds(self) -> int:
        """Open seconds of a week of 168 hours, nights that run into the next day counted once."""
        shifted = [
            (day * DAY + opening, day * DAY + closing)
            for day, spans in enumerate(self.week)
            for opening, closing in spans
        ]
        folded = [(start + back, end + back) for start, end in shifted for back in (0, -7 * DAY)]
        return sum(min(end, 7 * DAY) - max(start, 0) for start, end in _merged(folded) if end > 0 and start < 7 * DAY)

    def dates(self) -> tuple[date, ...]:
        """Every date that the rules name."""
        return (*self.holidays, *(day for day, _ in self.days), *(day for day, _ in self.breaks))

    def changed(self) -> dict[int, tuple[Span, ...]]:
        """The spans of the dates (ordinals) that do not follow the week; a holiday has none."""
        special = {day.toordinal(): spans for day, spans in self.days}
        return special | {day.toordinal(): () for day in self.holidays}

    def has_hours(self) -> bool:
        """Whether there is a single open minute on any day, weekly or by date."""
        return any(self.week) or any(spans and day not in self.holidays for day, spans in self.days)


def with_breaks(rules: Rules, cuts: list[tuple[int, int]]) -> Rules:
    """The rules with stretches of time (seconds since 1970) as further breaks, day by local day."""
    zone, breaks = zone_of(rules.zone), list(rules.breaks)
    for start, end in cuts:
        first, last = (datetime.fromtimestamp(second, UTC).astimezone(zone) for second in (start, end))
        for day in range(first.toordinal(), last.toordinal() + 1):
            opening = _of_day(first) if day == first.toordinal() else 0
            closing = _of_day(last) if day == last.toordinal() else DAY
            if opening < closing:
                breaks.append((date.fromordinal(day), ((opening, closing),)))
    return replace(rules, breaks=tuple(sorted(breaks)))


def _of_day(local: datetime) -> int:
    return local.hour * 3600 + local.minute * 60 + local.second


Versions = tuple[tuple[date | None, Rules], ...]
"""Rules and the local date that each holds from, in time order; None is the beginning of time."""


def zone_of(name: str) -> ZoneInfo:
    """The time zone of an IANA name. Raises ZoneUnknown with the nearest names that exist."""
    try:
        zone = ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError, TypeError) as unknown:
        raise ZoneUnknown(f'no time zone is called "{name}"', hint=_nearest_zone(str(name))) from unknown
    if not _in_frames(name):
        raise ZoneUnknown(f'no time zone is called "{name}"', hint=_nearest_zone(name.rpartition("/")[2]))
    return zone


@lru_cache(maxsize=64)
def _in_frames(name: str) -> bool:
    """Whether frames know the zone: a machine's own list has more names (localtime, posix/UTC) that mean other data."""
    try:
        pl.Series([datetime(2026, 1, 1, tzinfo=UTC)]).dt.convert_time_zone(name)
    except pl.exceptions.ComputeError:
        return False
    return True


def _nearest_zone(name: str) -> str:
    """A hint with the zones whose name, or whose city, is nearest."""
    zones = sorted(available_timezones())
    wanted = name.strip().casefold().replace(" ", "_")
    folded = {zone.casefold(): zone for zone in zones} | {
        zone.casefold().rpartition("/")[2]: zone for zone in zones if "/" in zone
    }
    near = dict.fromkeys(folded[match] for match in get_close_matches(wanted, folded, n=3, cutoff=0.7))
    near = {zone: None for zone in near if _in_frames(zone)}
    return (
        f"did you mean {' or '.join(near)}?"
        if near
        else "zones are named as in the IANA list: Europe/Moscow, America/New_York, UTC"
    )


def to_utc(local: datetime, timezone: str) -> datetime:
    """The instant of a wall time: in a DST gap the same wall time one gap later, in an overlap the first of the two.

    A ``local`` that carries a zone already is only converted. Raises ZoneUnknown.
    """
    zone = zone_of(timezone)
    return (local.replace(tzinfo=zone, fold=0) if local.tzinfo is None else local).astimezone(UTC)


def _edge_second(zone: str, day: int, seconds: int) -> int:
    """The second since 1970 of an opening or closing, ``seconds`` of wall time after the midnight of a day (ordinal).

    In a DST gap it is the end of the gap (minutes that do not exist are not open), in an overlap the first occurrence.
    """
    midnight = datetime.fromordinal(day).replace(tzinfo=zone_of(zone))
    wall = midnight + timedelta(seconds=seconds)  # arithmetic on an aware datetime is arithmetic on the wall clock
    naive = (day - _EPOCH_DAY) * DAY + seconds
    before, after = _offset(wall), _offset(wall.replace(fold=1))
    if after <= before:
        return naive - before
    low, high = naive - after, naive - before  # the clock jumps in (low, high]
    while high - low > 1:
        middle = (low + high) // 2
        jumped = _offset((_EPOCH + timedelta(seconds=middle)).astimezone(wall.tzinfo)) != before
        low, high = (low, middle) if jumped else (middle, high)
    return high


@lru_cache(maxsize=32)
def _steady_offsets(zone: str, first: int, last: int) -> tuple[int | None, ...]:
    """Of each local day (ordinals, both included) the seconds east of UTC; None where the clock changes on it.

    Equal at both midnights is equal in between: no zone has ever changed twice within three days.
    """
    midnights = [datetime.fromordinal(day).replace(tzinfo=zone_of(zone)) for day in range(first, last + 2)]
    offsets = [{_offset(midnight), _offset(midnight.replace(fold=1))} for midnight in midnights]
    return tuple(min(one) if len(one | two) == 1 else None for one, two in pairwise(offsets))


def _offset(local: datetime) -> int:
    """Seconds east of UTC."""
    offset = local.utcoffset()
    return 0 if offset is None else offset.days * DAY + offset.seconds


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Table:
    """Open intervals over whole years in Int64 microseconds since 1970, merged, in order, with the open time before.

    ``begin`` and ``end`` bound the instants for which it holds; intervals may reach beyond them.
    """

    begin: int
    end: int
    starts: pl.Series
    ends: pl.Series
    before: pl.Series = field(init=False)

    def __post_init__(self) -> None:
        lengths = self.ends - self.starts
        object.__setattr__(self, "before", lengths.cum_sum() - lengths)

    def elapsed(self, rows: int = _MANY_ROWS) -> Callable[[pl.Expr], pl.Expr]:
        """Instants to open microseconds since some zero: by a grid where one fits and pays, else by the intervals."""
        return (self._by_grid() if rows >= _MANY_ROWS else None) or self._by_search()

    def is_inside(self, at: pl.Series) -> pl.Series:
        """Whether each instant is open; the opening is, the closing is not."""
        return (at < self.ends.gather(self._interval(at))).fill_null(value=False)

    def cumulative(self, at: pl.Series) -> pl.Series:
        """Open microseconds of the table before each instant."""
        interval = self._interval(at)
        since = at.clip(upper_bound=self.ends.gather(interval)) - self.starts.gather(interval)
        return (self.before.gather(interval) + since).fill_null(0)

    def due(self, at: pl.Series, quota: pl.Series, *, back: bool) -> pl.Series:
        """Where ``quota`` open microseconds from ``at`` end; ``back``: all are negative; null past the table."""
        goal = self.cumulative(at) + quota
        if back:
            interval = _index(self.before.search_sorted(goal, "right").cast(pl.Int64) - 1)
        else:
            interval = (self.before + self.ends - self.starts).search_sorted(goal, "left")
        found = self.starts.gather(interval, null_on_oob=True) + goal - self.before.gather(interval, null_on_oob=True)
        return self._within(found)

    def edge(self, at: pl.Series, *, opening: bool, back: bool, itself: bool) -> pl.Series:
        """The nearest opening or closing after (``back``: before) each instant; null past the table."""
        edges = self.starts if opening else self.ends
        after = edges.search_sorted(at, "left" if itself != back else "right").cast(pl.Int64)
        return self._within(edges.gather(_index(after - int(back)), null_on_oob=True))

    def _interval(self, at: pl.Series) -> pl.Series:
        """The index of the last interval that starts by each instant, null before the first."""
        return _index(self.starts.search_sorted(at, "right").cast(pl.Int64) - 1)

    def _within(self, found: pl.Series) -> pl.Series:
        """Nulls for instants outside the table's years, where an interval may be cut short."""
        inside = found.is_between(self.begin, self.end).fill_null(value=False)
        return found.zip_with(inside, pl.repeat(None, len(found), dtype=pl.Int64, eager=True))

    def _by_search(self) -> Callable[[pl.Expr], pl.Expr]:
        """The look-up that takes any boundaries."""
        starts = pl.concat([pl.Series([min([self.begin, *self.starts.head(1)])], dtype=pl.Int64), self.starts])
        lengths, before = (
            pl.concat([pl.Series([0], dtype=pl.Int64), some]) for some in (self.ends - self.starts, self.before)
        )

        def cumulative(instant: pl.Expr) -> pl.Expr:
            at = microseconds(instant)
            at = pl.when(at.is_between(self.begin, self.end)).then(at)
            index = pl.lit(starts).search_sorted(at, "right").cast(pl.Int64) - 1
            index = pl.when(at.is_not_null()).then(index)
            since = at - pl.lit(starts).gather(index)
            return since.clip(upper_bound=pl.lit(lengths).gather(index)) + pl.lit(before).gather(index)

        return cumulative

    def _by_grid(self) -> Callable[[pl.Expr], pl.Expr] | None:
        """The look-up by division: cells so wide that no boundary lies inside one; None where that takes too many."""
        step, origin = self._step()
        cells = -((origin - self.end) // step)
        if step < 60 * SECOND or cells > _MOST_CELLS:
            return None
        lines = self._lines(step, origin, cells)

        def cumulative(instant: pl.Expr) -> pl.Expr:
            at = microseconds(instant) - origin
            cell = (at // step).cast(pl.UInt32, strict=False)  # null outside, as gather would count from the end
            line = pl.lit(lines).gather(cell, null_on_oob=True)
            return (at - 1) * (line & 1) + line  # in this order the result bears the instant's name

        return cumulative

    def _step(self) -> tuple[int, int]:
        """The widest step, a day at most, that meets every boundary, and the last such point at or before ``begin``."""
        boundaries = [*self.starts.to_list(), *self.ends.to_list()]
        anchor = boundaries[0] if boundaries else self.begin
        step = math.gcd(DAY * SECOND, *(boundary - anchor for boundary in boundaries))
        return step, self.begin - (self.begin - anchor) % step

    def _lines(self, step: int, origin: int, cells: int) -> pl.Series:
        """Each cell's open time so far, a line over the time since ``origin``: height, and slope 0 or 1 as lowest bit.

        Heights are whole minutes of microseconds, hence even: one gather brings both.
        """
        limits = [((edge - origin) // step).clip(0, cells) for edge in (self.starts, self.ends)]
        changes = pl.zeros(cells + 1, dtype=pl.Int64, eager=True)
        inside = limits[0] < limits[1]
        changes = changes.scatter(limits[0].filter(inside), 1).scatter(limits[1].filter(inside), -1)
        is_open = changes.cum_sum().head(cells)
        earlier = (is_open.cum_sum() - is_open) * step
        return earlier - is_open * pl.int_range(0, cells, eager=True) * step + is_open


def _index(position: pl.Series) -> pl.Series:
    """Positions for gather, which would count a negative one from the end: null instead."""
    return position.cast(pl.UInt32, strict=False)


def microseconds(instant: pl.Expr) -> pl.Expr:
    """Instants of any precision as Int64 microseconds since 1970."""
    return instant.cast(INSTANT).cast(pl.Int64)


@lru_cache(maxsize=64)
def table(versions: Versions, first: int, last: int) -> Table:
    """The open intervals of the years ``first`` to ``last``, both included."""
    days = (date(first, 1, 1).toordinal() - _MARGIN, date(last, 12, 31).toordinal() + _MARGIN)
    intervals = _without(_merged(_opened(versions, *days)), _merged(_breaks(versions, *days)))
    starts, ends = (pl.Series([pair[side] for pair in intervals], dtype=pl.Int64) * SECOND for side in (0, 1))
    begin, end = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) * SECOND for year in (first, last + 1))
    return Table(begin=begin, end=end, starts=starts, ends=ends)


def _opened(versions: Versions, first: int, last: int) -> list[Span]:
    """Open spans in seconds since 1970 of the local days ``first`` to ``last`` (ordinals), each by its version."""
    found: list[Span] = []
    for number, (since, rules) in enumerate(versions):
        follower = versions[number + 1] if number + 1 < len(versions) else None
        switch = _switch(follower) if follower else None
        until = follower[0].toordinal() + 1 if follower and follower[0] else last
        changed, place = rules.changed(), _Place(rules.zone, first, _steady_offsets(rules.zone, first, last + 2))
        for day in range(max(first, since.toordinal() if since else first), min(last, until) + 1):
            found += place.opened(day, changed.get(day, rules.week[(day - 1) % 7]), switch)
    return found


def _switch(version: tuple[date | None, Rules]) -> int | None:
    """The second since 1970 from which a version holds: midnight of its date in its zone."""
    since, rules = version
    return _edge_second(rules.zone, since.toordinal(), 0) if since else None


class _Place(NamedTuple):
    """Where days are laid out: a zone and, from the day ``first`` on, its offsets (None on days that change them)."""

    zone: str
    first: int
    offsets: tuple[int | None, ...]

    def opened(self, day: int, spans: tuple[Span, ...], switch: int | None) -> list[Span]:
        """One day's spans in seconds since 1970, up to the switch to the next version.

        A night that began before the switch is worked to its end: it belongs to the day that it starts on.
        """
        found = []
        for opening, closing in spans:
            start, end = self.second(day, opening), self.second(day, closing)
            if switch is not None:
                end = max(start, min(end, switch)) if closing <= DAY or start >= switch else end
            if start < end:
                found.append((start, end))
        return found

    def second(self, day: int, seconds: int) -> int:
        """The second since 1970 of an opening or closing, quickly on the days without a change of clocks."""
        number = day + seconds // DAY - self.first
        offset = self.offsets[number] if number < len(self.offsets) else None
        if offset is None:
            return _edge_second(self.zone, day, seconds)
        return (day - _EPOCH_DAY) * DAY + seconds - offset


def _breaks(versions: Versions, first: int, last: int) -> list[Span]:
    """The breaks of each version's own dates, in seconds since 1970."""
    found: list[Span] = []
    for number, (since, rules) in enumerate(versions):
        until = versions[number + 1][0] if number + 1 < len(versions) else None
        for day, spans in rules.breaks:
            if first <= day.toordinal() <= last and (since is None or day >= since) and (until is None or day < until):
                found += _Place(rules.zone, 0, ()).opened(day.toordinal(), spans, None)
    return found


def _merged(spans: list[Span]) -> list[Span]:
    """Spans in order, those that touch or overlap joined."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _without(spans: list[Span], cuts: list[Span]) -> list[Span]:
    """``spans`` less ``cuts``, both merged and in order."""
    left: list[Span] = []
    position = 0
    for start, end in spans:
        while position < len(cuts) and cuts[position][1] <= start:
            position += 1
        for cut_start, cut_end in _overlapping(cuts, position, end):
            if start < cut_start:
                left.append((start, cut_start))
            start = max(start, cut_end)  # noqa: PLW2901 - what is left of the span
        if start < end:
            left.append((start, end))
    return left


def _overlapping(cuts: list[Span], position: int, end: int) -> list[Span]:
    """The cuts from ``position`` that begin before ``end``."""
    found = []
    while position < len(cuts) and cuts[position][0] < end:
        found.append(cuts[position])
        position += 1
    return found

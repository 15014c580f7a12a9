"""Business time: a Calendar of working hours, the open seconds between instants, and when a quota of them runs out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

import polars as pl

from supportkpi.calendars.hours import WEEKDAYS, Span, calendar_date, parse_hours, spans, week, written
from supportkpi.calendars.opening import (
    FIRST_YEAR,
    INSTANT,
    LAST_YEAR,
    SECOND,
    Rules,
    Table,
    Versions,
    microseconds,
    table,
    to_utc,
    with_breaks,
    zone_of,
)
from supportkpi.errors import CalendarHorizon, HoursWrong, ShapeWrong

__all__ = ["Calendar", "business_seconds", "due_at", "parse_hours", "to_utc", "zone_of"]

_DatedHours = Mapping[date, Sequence[str]]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LOWEST, _BEYOND = (
    (datetime(year, 1, 1, tzinfo=UTC) - _EPOCH) // timedelta(microseconds=1) for year in (FIRST_YEAR, LAST_YEAR + 1)
)


@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class Calendar:
    """Working hours in a time zone: weekly hours, less holidays, with special days, less breaks.

    A date in ``holidays`` is closed; else ``days`` says its hours; else the week does; ``breaks`` are cut out of
    whatever is open then. A closing before its opening (``20:00-04:00``) is on the next day, and the night belongs to
    the day that it starts on. Two calendars are equal when their hours are; the name does not count.
    """

    name: str | None
    _versions: Versions
    _digest: str

    def __init__(
        self,
        *,
        timezone: str,
        hours: Mapping[str, Sequence[str]],
        holidays: Iterable[date] = (),
        days: _DatedHours | None = None,
        breaks: _DatedHours | None = None,
        name: str | None = None,
    ) -> None:
        """Build from words: ``hours={"mon-fri": ["09:00-18:00"]}``. Raises HoursWrong, ZoneUnknown."""
        rules = Rules(
            zone=zone_of(timezone).key,
            week=week(hours),
            holidays=tuple(sorted({calendar_date(day) for day in holidays})),
            days=_dated(days or {}),
            breaks=_dated(breaks or {}, may_overlap=True),  # two reasons to be away are no mistake
        )
        if not rules.has_hours():
            raise HoursWrong(
                "the calendar has no open hour",
                hint='give it weekly hours, "mon-fri 09:00-18:00", or hours of single days',
            )
        self._set(name, ((None, rules),))

    def _set(self, name: str | None, versions: Versions) -> None:
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "_versions", versions)
        object.__setattr__(
            self, "_digest", hashlib.sha256(json.dumps(self.describe(), sort_keys=True).encode()).hexdigest()
        )

    @classmethod
    def always(cls, name: str = "24x7") -> Calendar:
        """Open around the clock in UTC: business time is calendar time."""
        return cls(timezone="UTC", hours={"daily": ["00:00-24:00"]}, name=name)

    @classmethod
    def versions(cls, versions: Iterable[tuple[date | None, Calendar]], *, name: str | None = None) -> Calendar:
        """A calendar that changed: each version holds from midnight of its date in its own zone, None from ever.

        Before the first date nothing is open. A night that began under one version is worked to its end.
        Raises HoursWrong: no version, two of one date, a version that has versions itself.
        """
        given = [(None if since is None else calendar_date(since), version) for since, version in versions]
        if not given:
            raise HoursWrong("the calendar has no version", hint="give at least one, with its date or None")
        if len({since for since, _ in given}) < len(given):
            raise HoursWrong(
                "two versions of the calendar hold from the same date", hint="give each version its own date"
            )
        if any(len(version._versions) > 1 or version._versions[0][0] for _, version in given):
            raise HoursWrong("a version of the calendar has versions itself", hint="list them all in one calendar")
        ordered = sorted(given, key=lambda pair: pair[0] or date.min)
        calendar = cls.__new__(cls)
        calendar._set(name, tuple((since, version._versions[0][1]) for since, version in ordered))
        return calendar

    def __eq__(self, other: object) -> bool:
        return self._digest == other._digest if isinstance(other, Calendar) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._digest)

    def __repr__(self) -> str:
        return f"Calendar({self.name or self._digest[:8]!r}, {self.timezone})"

    @property
    def timezone(self) -> str:
        """The IANA name of the zone, of the last version where there are several."""
        return self._versions[-1][1].zone

    @property
    def never_closes(self) -> bool:
        """Whether every instant is open, so that business time is calendar time."""
        return len(self._versions) == 1 and self._versions[0][0] is None and self._versions[0][1].never_closes()

    def digest(self) -> str:
        """A hash of ``describe``: equal for calendars with the same hours, whatever their names."""
        return self._digest

    def describe(self) -> dict[str, object]:
        """What the calendar is, ready for JSON: timezone, hours, holidays, days, breaks.

        Of several versions it is the key ``versions``, a list of these, each ``from`` its date.
        """
        described = [_described(rules) for _, rules in self._versions]
        if len(described) == 1 and self._versions[0][0] is None:
            return described[0]
        dates = [since.isoformat() if since else None for since, _ in self._versions]
        return {"versions": [{"from": since, **rules} for since, rules in zip(dates, described, strict=True)]}

    def less(self, spans: Iterable[tuple[datetime, datetime]]) -> Calendar:
        """The same calendar with stretches of time (instants) cut out of its open hours, to the second."""
        cuts = [(_micro(start) // SECOND, -(-_micro(end) // SECOND)) for start, end in spans]
        if not cuts:
            return self
        calendar = Calendar.__new__(Calendar)
        calendar._set(self.name, tuple((since, with_breaks(rules, cuts)) for since, rules in self._versions))
        return calendar

    def elapsed(self, first: datetime, last: datetime) -> Callable[[pl.Expr], pl.Expr]:
        """Instants to open microseconds so far, Int64, for data from ``first`` to ``last``: differences are open time.

        A pure expression for lazy and eager frames; the table behind it is built here, once. It covers the whole years
        around the data, a day more at each end, cut to 1800-2399. An instant outside it gives null, never a clipped
        value.
        """
        if self.never_closes:
            return microseconds
        day = 86_400 * SECOND
        years = (_year(min(max(at, _LOWEST), _BEYOND - 1)) for at in (_micro(first) - day, _micro(last) + day))
        return table(self._versions, *years).elapsed()

    def intervals(self, start: datetime, end: datetime) -> pl.DataFrame:
        """The open intervals between two instants: start and end (UTC), in order, joined where they touch."""
        first, last = _micro(start), _micro(end)
        if self.never_closes or first >= last:
            found = pl.DataFrame({"start": [first], "end": [last]}, schema={"start": pl.Int64, "end": pl.Int64})
        else:
            opened = table(self._versions, _year(first), _year(last))
            found = pl.DataFrame(
                {"start": opened.starts.clip(lower_bound=first), "end": opened.ends.clip(upper_bound=last)}
            )
        return found.filter(pl.col("start") < pl.col("end")).cast(INSTANT)

    def open_at(self, instants: pl.Series) -> pl.Series:
        """Whether each instant is open: Boolean, null for null; the opening is open, the closing closed."""

        def is_open(at: pl.Series) -> pl.Series:
            return pl.repeat(True, len(at), eager=True) if self.never_closes else self._around(at).is_inside(at)

        return _on_known(_micros(instants), is_open, pl.Boolean).alias("is_open")

    def edge(
        self,
        instants: pl.Series,
        kind: Literal["open", "close"],
        direction: Literal["next", "previous"],
        *,
        itself: bool = False,
    ) -> pl.Series:
        """The next or previous opening or closing of each instant: Datetime UTC, null for null and where there is none.

        With ``itself`` the instant stands for itself where it fits: for the next opening when it is open, for the
        previous closing when it is open just before, else when it is such an edge. Without it only earlier or later
        edges count.
        """
        if kind not in {"open", "close"} or direction not in {"next", "previous"}:
            raise ShapeWrong(
                f"a calendar has no {direction} {kind}", hint='say "open" or "close", then "next" or "previous"'
            )
        opening, back = kind == "open", direction == "previous"

        def nearest(at: pl.Series) -> pl.Series:
            found = pl.repeat(None, len(at), dtype=pl.Int64, eager=True)
            if self.never_closes:
                return at if itself and opening != back else found
            for opened in self._widening(at, back=back, going_on=Rules.alternates):
                found = opened.edge(at, opening=opening, back=back, itself=itself)
                if itself and opening != back:
                    found = at.zip_with(opened.is_inside(at - int(back)), found)
                if not found.has_nulls():
                    break
            return found

        return _on_known(_micros(instants), nearest, pl.Int64).cast(INSTANT).alias("edge")

    def _around(self, at: pl.Series) -> Table:
        """The table of the years that instants in microseconds, none null, lie in."""
        return table(self._versions, *(_year(edge) for edge in _range(at)))

    def _widening(self, at: pl.Series, *, back: bool, going_on: Callable[[Rules], object]) -> Iterator[Table]:
        """Tables that hold all of ``at`` and reach ever further one way, to the end of what can be found there."""
        (first, last), step = (_year(edge) for edge in _range(at)), 1
        end = self._reach(back=back, going_on=going_on)
        while True:
            yield table(self._versions, first, last)
            if first <= end if back else last >= end:
                return
            first, last = (max(first - step, end), last) if back else (first, min(last + step, end))
            step *= 2

    def _reach(self, *, back: bool, going_on: Callable[[Rules], object]) -> int:
        """The year beyond which nothing new is found one way: the last of all where the outermost week goes on."""
        since, outermost = self._versions[0 if back else -1]
        if going_on(outermost) and not (back and since):
            return FIRST_YEAR if back else LAST_YEAR
        named = [day.year for _, rules in self._versions for day in rules.dates()] + [
            day.year for day, _ in self._versions if day
        ]
        return max(min(named) - 1, FIRST_YEAR) if back else min(max(named) + 1, LAST_YEAR)


def business_seconds(starts: pl.Series, ends: pl.Series, calendar: Calendar) -> pl.Series:
    """Open seconds from each start to its end: Float64, exact to the microsecond; null for null, negative when swapped.

    Raises ShapeWrong for anything but instants of one length, CalendarHorizon for an instant outside 1800-2399.
    """
    pair = pl.DataFrame({"start": _micros(starts), "end": _as_long(_micros(ends), starts)})
    known = pl.concat([pair["start"], pair["end"]]).drop_nulls()
    opened = microseconds if calendar.never_closes or known.is_empty() else calendar._around(known).elapsed(len(pair))
    difference = opened(pl.col("end").cast(INSTANT)) - opened(pl.col("start").cast(INSTANT))
    return pair.select(business_s=difference / SECOND)["business_s"]


def due_at(starts: pl.Series, seconds: pl.Series | float, calendar: Calendar) -> pl.Series:
    """The instant at which ``seconds`` of open time after each start are used up: Datetime UTC, null for null.

    Negative seconds go back. A quota that ends exactly at closing is due at closing, backwards exactly at an opening at
    that opening; zero seconds give the start itself. Raises CalendarHorizon beyond the last (first) hour that there is.
    """
    at, quota = _micros(starts), _quota(seconds, starts)
    due = at + quota
    if not calendar.never_closes:
        for back, asked in ((False, quota > 0), (True, quota < 0)):
            rows = (asked & at.is_not_null()).arg_true()
            if len(rows):
                due = due.scatter(rows, _due(at.gather(rows), quota.gather(rows), calendar, back=back))
    return due.cast(INSTANT).alias("due_at")


def _due(at: pl.Series, quota: pl.Series, calendar: Calendar, *, back: bool) -> pl.Series:
    """Due instants in microseconds, all of one direction, in a table that reaches far enough."""
    for opened in calendar._widening(at, back=back, going_on=lambda rules: any(rules.week)):
        due = opened.due(at, quota, back=back)
        if not due.has_nulls():
            return due
    edge = opened.starts.min() if back else opened.ends.max()
    hours = (
        "has no open hour there"
        if edge is None
        else f"{'opens first' if back else 'closes for good'} at {_shown(edge)}"
    )
    raise CalendarHorizon(
        f"{due.null_count()} of {len(due)} due dates lie beyond the hours of the calendar, which {hours}",
        hint="give the calendar weekly hours, or hours for more dates",
    )


def _quota(seconds: pl.Series | float, starts: pl.Series) -> pl.Series:
    """Seconds as Int64 microseconds, one for each start; NaN is null. Raises CalendarHorizon for an infinite quota."""
    given = seconds if isinstance(seconds, pl.Series) else pl.repeat(float(seconds), len(starts), eager=True)
    if not (given.dtype.is_numeric() or given.dtype == pl.Null):
        raise ShapeWrong(f"seconds are numbers, not {given.dtype}", hint="give seconds of open time, such as 3600.0")
    exact = _as_long(given, starts).cast(pl.Float64)
    if exact.is_infinite().any():
        raise CalendarHorizon(
            "a quota of infinite seconds is never used up", hint="leave the seconds null where there is no quota"
        )
    return (exact * SECOND).round().cast(pl.Int64, strict=False)


def _dated(hours: _DatedHours, *, may_overlap: bool = False) -> tuple[tuple[date, tuple[Span, ...]], ...]:
    """Spans by date, in time order."""
    return tuple(
        sorted((calendar_date(day), spans(texts, of=str(day), may_overlap=may_overlap)) for day, texts in hours.items())
    )


def _described(rules: Rules) -> dict[str, object]:
    """One version's rules as words, empty parts left out."""
    parts: dict[str, object] = {
        "timezone": rules.zone,
        "hours": {day: list(written(opened)) for day, opened in zip(WEEKDAYS, rules.week, strict=True) if opened},
        "holidays": [day.isoformat() for day in rules.holidays],
        "days": {day.isoformat(): list(written(opened)) for day, opened in rules.days},
        "breaks": {day.isoformat(): list(written(closed)) for day, closed in rules.breaks},
    }
    return {key: part for key, part in parts.items() if part}


def _on_known(at: pl.Series, compute: Callable[[pl.Series], pl.Series], dtype: type[pl.DataType]) -> pl.Series:
    """``compute`` of the values that are there, each in its own row; null elsewhere."""
    rows = at.is_not_null().arg_true()
    empty = pl.repeat(None, len(at), dtype=dtype, eager=True)
    return empty.scatter(rows, compute(at.gather(rows))) if len(rows) else empty


def _micros(instants: pl.Series) -> pl.Series:
    """Instants as Int64 microseconds since 1970. Raises ShapeWrong for other types and for times without a zone."""
    dtype = instants.dtype
    if dtype == pl.Null or (isinstance(dtype, pl.Datetime) and dtype.time_zone):
        return instants.cast(INSTANT).cast(pl.Int64)
    if isinstance(dtype, pl.Datetime):
        raise ShapeWrong(
            "the instants carry no time zone", hint='say which one it is: .dt.replace_time_zone("Europe/Berlin")'
        )
    raise ShapeWrong(
        f"instants are Datetime with a time zone, not {dtype}", hint='for example pl.Datetime("us", "UTC")'
    )


def _micro(instant: datetime) -> int:
    """One instant as microseconds since 1970. Raises ShapeWrong for a wall time without a zone."""
    if instant.tzinfo is None:
        raise ShapeWrong(f"{instant} carries no time zone", hint="make an instant of it: to_utc(local, timezone)")
    return (instant - _EPOCH) // timedelta(microseconds=1)


def _as_long(values: pl.Series, starts: pl.Series) -> pl.Series:
    """``values`` as they are. Raises ShapeWrong when they are not as many as ``starts``."""
    if len(values) != len(starts):
        raise ShapeWrong(
            f"there are {len(starts)} starts and {len(values)} values beside them",
            hint="give two columns of one length",
        )
    return values


def _range(at: pl.Series) -> tuple[int, int]:
    """The least and the greatest of microseconds that are all known."""
    return int(at.min()), int(at.max())  # type: ignore[arg-type]


def _year(at: int) -> int:
    """The year of an instant in microseconds. Raises CalendarHorizon for years that no helpdesk has seen."""
    if not _LOWEST <= at < _BEYOND:
        raise CalendarHorizon(
            f"working hours are known from {FIRST_YEAR} to {LAST_YEAR}, not for {_shown(at)}",
            hint="look for a mistaken date in the data",
        )
    return (_EPOCH + timedelta(microseconds=at)).year


def _shown(at: object) -> str:
    """An instant in microseconds as a person reads it."""
    text = pl.Series([at], dtype=pl.Int64).cast(INSTANT).dt.to_string("%Y-%m-%d %H:%M UTC")
    return str(text[0])

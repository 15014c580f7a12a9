"""Periods as people ask for them, ``2026-Q1`` or ``last-month``: half-open windows in the report's zone; buckets."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from typing import Literal, cast

import polars as pl

from supportkpi.calendars import to_utc, zone_of
from supportkpi.decisions import Window
from supportkpi.errors import ConfigValue, PeriodWrong
from supportkpi.texts import nearest

Stretch = Literal["hour", "weekday", "day", "week", "month", "quarter"]
Lengths = Literal["day", "week", "month", "quarter", "year"]
Days = tuple[date, date]  # the first day inside, the first day after

FIRST_YEAR, LAST_YEAR = 1900, 2399

_HINT = "write 2026, 2026-H1, 2026-Q1, 2026-03, 2026-W07, 2026-03-15, 2026-03-01..2026-03-31, last-month or last-7d"
_YEAR = r"(?P<year>\d{4})"
_FORMS: Mapping[str, re.Pattern[str]] = {
    "year": re.compile(_YEAR),
    "half": re.compile(rf"{_YEAR}-?H(?P<part>\d)"),
    "quarter": re.compile(rf"{_YEAR}-?Q(?P<part>\d)"),
    "month": re.compile(rf"{_YEAR}-(?P<part>\d{{2}})"),
    "week": re.compile(rf"{_YEAR}-?W(?P<part>\d{{1,2}})"),
    "day": re.compile(rf"{_YEAR}-(?P<part>\d{{2}})-(?P<day>\d{{2}})"),
}
_MONTHS = {"year": 12, "half": 6, "quarter": 3, "month": 1}
_LAST_DAYS = re.compile(r"last-(\d{1,4})d")


def window(text: str, *, timezone: str, as_of: datetime | None = None) -> Window:
    """The half-open window of a period, from midnight to midnight of the zone, with the label that it was asked by.

    A range ``a..b`` holds all of b, either end may be left out; its ends may be any fixed period. Relative periods are
    whole: last-month is the calendar month before that of ``as_of``, last-7d the seven days before its day. ``all`` is
    unbounded.

    Raises:
        PeriodWrong: none of these, no such date, an end before its start, or a relative period without ``as_of``.
        ZoneUnknown: no such time zone.
    """
    asked = text.strip()
    label = asked.upper() if asked[:4].isdigit() else asked.lower()
    if label == "all":
        return Window(start=None, end=None, label=label)
    start, after = _span(label, asked, timezone, as_of)
    if start is not None and after is not None and start >= after:
        raise PeriodWrong(f'the period "{asked}" ends before it starts', hint="write the earlier date first")
    return Window(
        start=None if start is None else _midnight(start, timezone),
        end=None if after is None else _midnight(after, timezone),
        label=label,
        start_date=start,
        end_date=None if after is None else after - timedelta(days=1),
    )


def instant(text: str, timezone: str) -> datetime:
    """The instant, in UTC, of a date (its midnight) or a date and time; without an offset it is wall time of the zone.

    A wall time in a DST gap is the same wall time one gap later, in an overlap the first of the two.

    Raises:
        ConfigValue: no date, or outside the years that are taken.
        ZoneUnknown: no such time zone.
    """
    written = re.sub(r"\s+(?=[+-]\d\d:?\d\d$|[zZ]$)", "", text.strip())
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        found = None
    if found is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise ConfigValue(
            f'"{text}" is no instant', hint='write 2026-03-31, "2026-03-31 18:00" or 2026-03-31T18:00+03:00'
        )
    return to_utc(found, timezone).astimezone(UTC)


def bucket(expr: pl.Expr, stretch: str, timezone: str) -> pl.Expr:
    """The stretch of local time that each instant lies in, as text: null in, null out.

    month ``2026-03``, week ``2026-W07`` (ISO), quarter ``2026-Q1``, day ``2026-03-15``, hour ``00`` to ``23``, weekday
    ``mon`` to ``sun``. The labels of a stretch sort in time order, but for those of weekday.

    Raises:
        KeyError: no such stretch.
        ZoneUnknown: no such time zone.
    """
    return _LABELS[cast("Stretch", stretch)](expr.dt.convert_time_zone(zone_of(timezone).key))


def ordinal(expr: pl.Expr, stretch: str, timezone: str) -> pl.Expr:
    """A whole number (Int32) that instants of one ``bucket`` share, in time order; cheaper than its label.

    Raises:
        KeyError: no such stretch.
        ZoneUnknown: no such time zone.
    """
    return _ORDINALS[cast("Stretch", stretch)](expr.dt.convert_time_zone(zone_of(timezone).key)).cast(pl.Int32)


def lengths(first: date, last: date, stretch: Lengths) -> Fraction:
    """How many days, weeks, months, quarters or years there are from a day to another, both inside.

    A stretch that is cut counts by its share of days, so that the parts of a period add up to the whole exactly: the
    first ten days of March are 10/31 of a month, a quarter is three months.
    """
    after = last + timedelta(days=1)
    if stretch in ("day", "week"):
        return Fraction((after - first).days, 7 if stretch == "week" else 1)
    length = {"month": 1, "quarter": 3, "year": 12}[stretch]
    return _place(after, length) - _place(first, length)


def _place(day: date, length: int) -> Fraction:
    """The blocks of so many months that have passed when a day begins, the last one by its share of days."""
    number = (day.year * 12 + day.month - 1) // length
    begin, end = (_first_of(0, months * length) for months in (number, number + 1))
    return number + Fraction((day - begin).days, (end - begin).days)


def _day_number(local: pl.Expr) -> pl.Expr:
    return local.dt.date().cast(pl.Int32)


_ORDINALS: Mapping[Stretch, Callable[[pl.Expr], pl.Expr]] = {
    "hour": lambda local: local.dt.hour(),
    "weekday": lambda local: local.dt.weekday(),
    "day": _day_number,
    "week": lambda local: (_day_number(local) + 3) // 7,  # 1 January 1970 was a Thursday
    "month": lambda local: local.dt.year() * 12 + local.dt.month().cast(pl.Int32),
    "quarter": lambda local: local.dt.year() * 4 + local.dt.quarter().cast(pl.Int32),
}

_LABELS: Mapping[Stretch, Callable[[pl.Expr], pl.Expr]] = {
    "hour": lambda local: local.dt.to_string("%H"),
    "weekday": lambda local: local.dt.to_string("%a").str.to_lowercase(),
    "day": lambda local: local.dt.to_string("%Y-%m-%d"),
    "week": lambda local: local.dt.to_string("%G-W%V"),
    "month": lambda local: local.dt.to_string("%Y-%m"),
    "quarter": lambda local: pl.format("{}-Q{}", local.dt.year(), local.dt.quarter()),
}


def _midnight(day: date, timezone: str) -> datetime:
    return to_utc(datetime.combine(day, time()), timezone).astimezone(UTC)


def _span(label: str, asked: str, timezone: str, as_of: datetime | None) -> tuple[date | None, date | None]:
    """First day and first day after of any form but ``all``; None is unbounded."""
    first, dots, last = (part.strip() for part in label.partition(".."))
    if dots:
        if not first and not last:
            raise _wrong(asked)
        return (
            _fixed(first, asked)[0] if first else None,
            _fixed(last, asked)[1] if last else None,
        )
    if label in _RELATIVE or _LAST_DAYS.fullmatch(label):
        if as_of is None:
            raise PeriodWrong(f'"{asked}" counts from an instant, and none is known', hint="give --as-of")
        return _relative(label, as_of.astimezone(zone_of(timezone)).date(), asked)
    return _fixed(label, asked)


def _fixed(label: str, asked: str) -> Days:
    """The days of a period that names its year."""
    for form, pattern in _FORMS.items():
        if found := pattern.fullmatch(label):
            year, part = int(found["year"]), int(found.groupdict().get("part") or 1)
            try:
                if not FIRST_YEAR <= year <= LAST_YEAR:
                    raise _wrong(asked, f"years from {FIRST_YEAR} to {LAST_YEAR} are taken")
                if form == "day":
                    return _stretch(date(year, part, int(found["day"])), days=1)
                if form == "week":
                    return _stretch(date.fromisocalendar(year, part, 1), days=7)
                return _block(year, part - 1, _MONTHS[form])
            except ValueError as impossible:
                raise PeriodWrong(f'there is no {form} "{label}"', hint=_HINT) from impossible
    near = nearest(label, _RELATIVE)
    raise _wrong(asked, f"did you mean {near}?" if near else _HINT)


def _relative(label: str, today: date, asked: str) -> Days:
    """The days of a period that counts from today."""
    if found := _LAST_DAYS.fullmatch(label):
        days = int(found[1])
        if days == 0:
            raise _wrong(asked, "a period has at least one day: last-7d")
        return today - timedelta(days=days), today
    return _RELATIVE[label](today)


def _stretch(first: date, *, days: int) -> Days:
    return first, first + timedelta(days=days)


def _block(year: int, number: int, length: int) -> Days:
    """The block of ``length`` months with that number in a year, from 0; ValueError where the year has fewer."""
    if not 0 <= number < 12 // length:
        raise ValueError(number)
    return _first_of(year, number * length), _first_of(year, (number + 1) * length)


def _block_of(today: date, length: int, *, step: int) -> Days:
    """The block of ``length`` months that today lies in, or that many blocks later."""
    months = ((today.month - 1) // length + step) * length
    return _first_of(today.year, months), _first_of(today.year, months + length)


def _first_of(year: int, months: int) -> date:
    """The first day of the month that many months after January."""
    return date(year + months // 12, months % 12 + 1, 1)


def _week_of(today: date, *, step: int) -> Days:
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=step)
    return _stretch(monday, days=7)


_RELATIVE: Mapping[str, Callable[[date], Days]] = {
    "today": lambda today: _stretch(today, days=1),
    "yesterday": lambda today: _stretch(today - timedelta(days=1), days=1),
    "this-week": lambda today: _week_of(today, step=0),
    "last-week": lambda today: _week_of(today, step=-1),
    "this-month": lambda today: _block_of(today, 1, step=0),
    "last-month": lambda today: _block_of(today, 1, step=-1),
    "this-quarter": lambda today: _block_of(today, 3, step=0),
    "last-quarter": lambda today: _block_of(today, 3, step=-1),
    "this-year": lambda today: _block_of(today, 12, step=0),
    "last-year": lambda today: _block_of(today, 12, step=-1),
}


def _wrong(asked: str, hint: str = _HINT) -> PeriodWrong:
    return PeriodWrong(f'"{asked}" is no period', hint=hint)

"""Calendars as they were asked for: everything but the public holidays, which depend on the years of the data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib import metadata

from supportkpi.calendars import Calendar
from supportkpi.calendars.hours import WEEKDAYS, Span, week, written
from supportkpi.config.public_holidays import Country, PublicDays, public_days
from supportkpi.decisions import CalendarChoice

ALWAYS = "24x7"
AROUND_THE_CLOCK: Mapping[str, tuple[str, ...]] = {"daily": ("00:00-24:00",)}

_MONDAY = WEEKDAYS.index("mon")


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionPlan:
    """Hours that hold from a date on; ``timezone`` None is the report's.

    ``closed`` are days off by date, ``before_holiday_s`` the seconds by which a public holiday's eve ends early.
    """

    hours: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    since: date | None = None
    timezone: str | None = None
    closed: tuple[date, ...] = ()
    country: Country | None = None
    before_holiday_s: int = 0
    days: Mapping[date, tuple[str, ...]] = field(default_factory=dict)
    breaks: Mapping[date, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarPlan:
    """A named calendar in one or more versions, and the tickets that choose it (``when``)."""

    name: str
    versions: tuple[VersionPlan, ...]
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def always() -> CalendarPlan:
    """The built-in calendar that never closes."""
    return CalendarPlan(name=ALWAYS, versions=(VersionPlan(hours=AROUND_THE_CLOCK),))


def resolve(plan: CalendarPlan, years: range, *, timezone: str) -> CalendarChoice:
    """The calendar with the public holidays of these years, and of one more at each end for due dates and eves.

    Of a date, ``closed`` comes first, then ``days``, the country's holidays, ``hours``; ``breaks`` are cut out.

    Raises:
        HoursWrong: the hours cannot be read, overlap, or leave no open hour.
        ZoneUnknown: no such time zone.
    """
    dated = [(version.since, _calendar(version, years, timezone, plan.name)) for version in plan.versions]
    single = len(dated) == 1 and dated[0][0] is None
    calendar = dated[0][1] if single else Calendar.versions(dated, name=plan.name)
    return CalendarChoice(name=plan.name, calendar=calendar, when=plan.when, rules=_rules(plan, timezone))


def _rules(plan: CalendarPlan, timezone: str) -> str:
    """The plan as text, with the versions of the lists that it draws on: the same for data of any years."""
    lists = ["tzdata", *(["holidays"] if any(version.country for version in plan.versions) else [])]
    known = {name: metadata.version(name) for name in lists}
    return f"{plan!r} {timezone} {known}"


def _calendar(version: VersionPlan, years: range, timezone: str, name: str) -> Calendar:
    public = public_of(version, years)
    off = (day for day in public.off if day not in version.days)
    return Calendar(
        timezone=version.timezone or timezone,
        hours=version.hours,
        holidays=sorted({*version.closed, *off}),
        days=_days(version, public),
        breaks=version.breaks,
        name=name,
    )


def public_of(version: VersionPlan, years: range) -> PublicDays:
    """The holidays that close days and have eves: the country's; without a country those that are listed."""
    if version.country is None:
        return PublicDays(off=dict.fromkeys(version.closed, ""))
    return public_days(version.country, range(years.start - 1, years.stop + 1))


def _days(version: VersionPlan, public: PublicDays) -> dict[date, tuple[str, ...]]:
    """Hours by date: those that were asked for, Monday's on weekend days worked, shorter ones on a holiday's eve."""
    weekly = week(version.hours)
    closed = {*version.closed, *public.off}
    special: dict[date, tuple[Span, ...]] = {}
    if weekly[_MONDAY]:
        special = dict.fromkeys(public.worked, weekly[_MONDAY])
    if version.before_holiday_s:
        for eve in public.eves():
            opened = special.get(eve, weekly[eve.weekday()])
            if opened and eve not in closed:
                special[eve] = cut(opened, version.before_holiday_s)
    ours = {day: written(opened) for day, opened in special.items() if day not in closed}
    return {**ours, **version.days}


def cut(opened: Sequence[Span], seconds: int) -> tuple[Span, ...]:
    """The spans of a day less so many seconds at its end; spans that are used up are gone."""
    left = list(opened)
    while left and seconds > 0:
        opening, closing = left.pop()
        if closing - opening > seconds:
            left.append((opening, closing - seconds))
        seconds -= closing - opening
    return tuple(left)

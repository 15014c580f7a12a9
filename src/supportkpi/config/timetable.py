"""A calendar of the config laid out day by day, with the reason of each exception (mock-up: is my calendar right?)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from importlib import metadata
from itertools import pairwise
from zoneinfo import ZoneInfo

import polars as pl

from supportkpi.calendars import Calendar, due_at, to_utc
from supportkpi.calendars.days import days_after
from supportkpi.calendars.hours import DAY, WEEKDAYS, week
from supportkpi.config.plans import CalendarPlan, VersionPlan, public_of, resolve
from supportkpi.config.public_holidays import PublicDays
from supportkpi.errors import CalendarHorizon, PeriodWrong
from supportkpi.schema import INSTANT
from supportkpi.timetables import Day, Due, Reason, Timetable

_ONE = timedelta(days=1)
_MOST_DAYS = 366 * 20
_OBSERVED = " (observed)"
_HOURS, _NIGHT = 4, timedelta(minutes=8)
_DAYS, _LATE = 3, timedelta(minutes=80)
"""The examples: 4 hours from eight minutes before a closing, 3 working days from eighty minutes before one."""


def timetable(plan: CalendarPlan, first: date, last: date, *, timezone: str, label: str) -> Timetable:
    """The days from ``first`` to ``last``; ``timezone`` is that of calendars without their own.

    Raises:
        PeriodWrong: the period is longer than twenty years.
        HoursWrong, CalendarHorizon: the calendar leaves no open hour.
    """
    if (last - first).days > _MOST_DAYS:
        raise PeriodWrong("a timetable of more than twenty years is no use", hint="name a year or a month")
    years = range(first.year, last.year + 1)
    calendar = resolve(plan, years, timezone=timezone).calendar
    rules = [_Rules(version=version, public=public_of(version, years)) for version in plan.versions]
    days = tuple(_days(calendar, rules, first, last))
    countries = [str(version.country) for version in plan.versions if version.country is not None]
    return Timetable(
        name=plan.name,
        timezone=calendar.timezone,
        label=label,
        start=first,
        end=last,
        versions=tuple((version.since, weekly(version)) for version in plan.versions),
        when=plan.when,
        country=", ".join(dict.fromkeys(countries)) or None,
        source=f"holidays {metadata.version('holidays')}" if countries else "",
        days=days,
        examples=tuple(_examples(calendar, days)),
    )


def weekly(version: VersionPlan) -> str:
    """The weekly hours in words."""
    return "; ".join(f"{names} {' '.join(spans)}" for names, spans in version.hours.items())


# --- days ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rules:
    """One version with the public holidays that it knows."""

    version: VersionPlan
    public: PublicDays


def _days(calendar: Calendar, rules: Sequence[_Rules], first: date, last: date) -> Iterator[Day]:
    day = first
    while day <= last:
        spans, seconds = _opened(calendar, day)
        yield Day(day=day, spans=spans, open_s=seconds, reasons=tuple(_reasons(rules, day)))
        day += _ONE


def _opened(calendar: Calendar, day: date) -> tuple[tuple[str, ...], float]:
    """The open spans of a local date in wall time, and its open seconds."""
    zone = ZoneInfo(calendar.timezone)
    midnight, next_midnight = (_midnight(each, calendar.timezone) for each in (day, day + _ONE))
    spans, seconds = [], 0.0
    for low, high in calendar.intervals(midnight, next_midnight).iter_rows():
        closing = "24:00" if high == next_midnight else f"{high.astimezone(zone):%H:%M}"
        spans.append(f"{low.astimezone(zone):%H:%M}-{closing}")
        seconds += (high - low).total_seconds()
    return tuple(spans), seconds


def _midnight(day: date, timezone: str) -> datetime:
    return to_utc(datetime.combine(day, time()), timezone)


def _reasons(rules: Sequence[_Rules], day: date) -> Iterator[Reason]:
    """Why a day is not like its weekday: in the order in which calendars are resolved (interface.md 3)."""
    held = [each for each in rules if each.version.since is None or each.version.since <= day]
    if not held:
        return
    version, public = held[-1].version, held[-1].public
    if version.since == day and len(rules) > 1:
        yield Reason(kind="version", text=weekly(version))
    usual = week(version.hours)[day.weekday()]
    if day in version.closed:
        if usual:
            yield Reason(kind="day_off")
    elif day in version.days:
        yield Reason(kind="special", text=" ".join(version.days[day]))
    elif day in public.off:
        if usual:
            yield _holiday(public, day)
    else:
        yield from _changed(version, public, day)
    if day in version.breaks:
        yield Reason(kind="break", text=" ".join(version.breaks[day]))


def _holiday(public: PublicDays, day: date) -> Reason:
    taken = _moved_from(public, day)
    if taken is None:
        return Reason(kind="holiday", name=public.off[day])
    return Reason(kind="moved", name=public.off.get(taken, ""), day=taken)


def _moved_from(public: PublicDays, day: date) -> date | None:
    """The day that a day off was moved from: by law, or since the holiday itself fell on a day off."""
    if day in public.moved:
        return public.moved[day]
    name = public.off[day]
    if not name.endswith(_OBSERVED):
        return None
    around = (day + step * _ONE for distance in range(1, 8) for step in (-distance, distance))
    return next((each for each in around if public.off.get(each) == name.removesuffix(_OBSERVED)), None)


def _changed(version: VersionPlan, public: PublicDays, day: date) -> Iterator[Reason]:
    """A weekend day worked, and the short day before a holiday."""
    if day in public.worked:
        off = next((each for each, taken in public.moved.items() if taken == day), None)
        yield Reason(kind="worked", day=off)
    usual = week(version.hours)[day.weekday()] or day in public.worked
    if version.before_holiday_s and usual and day in set(public.eves()):
        before = day + _ONE
        minutes = version.before_holiday_s // 60
        text = f"{minutes // 60}h" if minutes % 60 == 0 else f"{minutes}m"
        yield Reason(
            kind="eve", name=public.off.get(before, ""), day=before if before in public.off else None, text=text
        )


# --- examples --------------------------------------------------------------------------------------------------------


def _examples(calendar: Calendar, days: Sequence[Day]) -> Iterator[Due]:
    """Hours that run over the last weekend of the period, working days that run over its longest closing."""
    closings = list(_closings(calendar, days))
    if calendar.never_closes or not closings:
        return
    weekends = [at for at, length in closings if length >= DAY]
    over_night = (weekends or [at for at, _ in closings])[-1] - _NIGHT
    longest = max(closings, key=lambda pair: pair[1])[0] - _LATE
    try:
        hours = due_at(pl.Series([over_night], dtype=INSTANT), float(_HOURS * 3600), calendar)[0]
        working = days_after(pl.Series([longest], dtype=INSTANT), _DAYS, calendar)[0]
    except CalendarHorizon:
        return
    yield Due(start=over_night, limit=f"{_HOURS}h", due=hours)
    yield Due(start=longest, limit=f"{_DAYS}bd", due=working)


def _closings(calendar: Calendar, days: Sequence[Day]) -> Iterator[tuple[datetime, float]]:
    """The last closing of each working day but the last, with the seconds until it opens again."""
    low, high = _midnight(days[0].day, calendar.timezone), _midnight(days[-1].day + _ONE, calendar.timezone)
    spans = calendar.intervals(low, high).rows()
    for (_, closing), (opening, _) in pairwise(spans):
        yield closing, (opening - closing).total_seconds()


# --- written out -----------------------------------------------------------------------------------------------------


def frozen(plan: CalendarPlan, years: range, *, timezone: str) -> str:
    """The calendar as YAML for the config, every public holiday a date: new lists then change nothing.

    It holds the dates of ``years`` and of one more at each end, as a resolved calendar does.
    """
    described = resolve(plan, years, timezone=timezone).calendar.describe()
    parts = described.get("versions", [described])
    assert isinstance(parts, list)  # noqa: S101 - a calendar describes itself so
    public = [public_of(version, years) for version in plan.versions]
    lines = [*_preface(plan, years), "calendars:", f"  {json.dumps(plan.name, ensure_ascii=False)}:"]
    for number, (part, version) in enumerate(zip(parts, plan.versions, strict=True)):
        block = list(_version(part, version, public[number]))
        if plan.when and number == 0:
            words = {name: list(values) for name, values in plan.when.items()}
            block.append(f"when: {json.dumps(words, ensure_ascii=False)}")
        lines += _indented(block, several=len(parts) > 1 or version.since is not None)
    return "\n".join(lines) + "\n"


def _preface(plan: CalendarPlan, years: range) -> Iterator[str]:
    names = [str(version.country) for version in plan.versions if version.country is not None]
    source = f", {', '.join(dict.fromkeys(names))} by holidays {metadata.version('holidays')}" if names else ""
    yield f"# The calendar with all its dates, {years.start - 1} to {years.stop}{source}: they change no more."
    yield "# Put it into the settings file in the place of the calendar of that name; extend it every year."


def _indented(block: Sequence[str], *, several: bool) -> Iterator[str]:
    for number, line in enumerate(block):
        bullet = ("- " if number == 0 else "  ") if several else ""
        yield f"    {bullet}{line}"


def _version(part: dict[str, object], version: VersionPlan, public: PublicDays) -> Iterator[str]:
    if version.since is not None:
        yield f"from: {version.since}"
    yield f"timezone: {part['timezone']}"
    hours = part.get("hours", {})
    assert isinstance(hours, dict)  # noqa: S101 - a calendar describes itself so
    if hours:
        yield f"hours: {{{', '.join(_week(hours))}}}"
    for key, inner in (("holidays", True), ("days", False), ("breaks", False)):
        dates = part.get(key)
        if not dates:
            continue
        yield f"{key}:"
        yield from ["  dates:"] if inner else []
        if isinstance(dates, dict):
            yield from (f"  {day}: [{_quoted(spans)}]{_comment(public, day)}" for day, spans in dates.items())
        elif isinstance(dates, list):
            yield from (f"    - {day}{_comment(public, day)}" for day in dates)


def _week(hours: dict[str, list[str]]) -> Iterator[str]:
    """``mon-fri: ["09:00-18:00"]``: days in a row with the same hours are one."""
    runs: list[tuple[list[str], list[str]]] = []
    for name in WEEKDAYS:
        spans = hours.get(name, [])
        if runs and runs[-1][1] == spans:
            runs[-1][0].append(name)
        else:
            runs.append(([name], spans))
    for names, spans in runs:
        if spans:
            yield f"{names[0] if len(names) == 1 else f'{names[0]}-{names[-1]}'}: [{_quoted(spans)}]"


def _quoted(spans: Sequence[str]) -> str:
    return ", ".join(f'"{span}"' for span in spans)


def _comment(public: PublicDays, day: str) -> str:
    """The holiday's name, on the same line."""
    each = date.fromisoformat(day)
    if each not in public.off:
        return ""
    taken = _moved_from(public, each)
    name = public.off[each] if taken is None else f"{public.off.get(taken, 'day off')}, moved from {taken}"
    return f"  # {' '.join(name.split())}" if name.strip() else ""

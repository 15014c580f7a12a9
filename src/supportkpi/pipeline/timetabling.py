"""Calendars of a config as timetables, and written out with all their dates."""

from __future__ import annotations

from datetime import date, datetime

from supportkpi.config import Config
from supportkpi.config.plans import ALWAYS, CalendarPlan, always
from supportkpi.config.timetable import frozen, timetable
from supportkpi.errors import OptionWrong, PeriodWrong
from supportkpi.periods import window
from supportkpi.texts import meant
from supportkpi.timetables import Timetable


def timetable_of(config: Config, name: str | None, *, period: str, now: datetime) -> Timetable:
    """The calendar of a config by name, else its default one; relative periods count from ``now``.

    Raises:
        OptionWrong: there is no such calendar, or none is named and there are several.
        PeriodWrong: it is no period with a first and a last day.
    """
    plan, timezone = plan_named(config, name), config.timezone or "UTC"
    first, last = _days(period, timezone, now)
    return timetable(plan, first, last, timezone=timezone, label=period)


def frozen_of(config: Config, name: str | None, *, period: str, now: datetime) -> str:
    """The same calendar as YAML with the dates of the years of the period. Raises as ``timetable_of``."""
    plan, timezone = plan_named(config, name), config.timezone or "UTC"
    first, last = _days(period, timezone, now)
    return frozen(plan, range(first.year, last.year + 1), timezone=timezone)


def plan_named(config: Config, name: str | None) -> CalendarPlan:
    """The plan of a calendar. Raises OptionWrong: there is none of that name, or it is not clear which is meant."""
    plans = {plan.name: plan for plan in config.plans}
    if name is not None:
        if name == ALWAYS:
            return always()
        if name not in plans:
            known = ", ".join([*plans, ALWAYS])
            hint = meant(name, [*plans, ALWAYS]) or f"there are {known}"
            raise OptionWrong(f'no calendar is called "{name}"', hint=hint)
        return plans[name]
    if config.calendar in plans:
        return plans[config.calendar]
    if len(plans) == 1:
        return next(iter(plans.values()))
    if plans:
        raise OptionWrong("there are several calendars", hint=f"name one: {', '.join(plans)}")
    hint = 'give -c CONFIG with calendars, or --hours "mon-fri 09:00-18:00" --holidays RU'
    raise OptionWrong("there is no calendar", hint=hint)


def _days(period: str, timezone: str, now: datetime) -> tuple[date, date]:
    found = window(period, timezone=timezone, as_of=now)
    if found.start_date is None or found.end_date is None:
        raise PeriodWrong(f'the period "{period}" has no first or no last day', hint="write 2026-03 or 2026")
    return found.start_date, found.end_date

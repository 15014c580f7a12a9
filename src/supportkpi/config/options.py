"""``--hours``, ``--holidays`` and ``--sla`` over what a config says."""

from __future__ import annotations

from dataclasses import replace

from supportkpi.calendars.hours import parse_hours
from supportkpi.config.agreements import inline, moved
from supportkpi.config.plans import ALWAYS, AROUND_THE_CLOCK, CalendarPlan, VersionPlan, always
from supportkpi.config.public_holidays import Country, country
from supportkpi.config.said import Config
from supportkpi.errors import OptionWrong


def on_hours(config: Config, *, hours: str | None, holidays: str | None, sla: str | None) -> Config:
    """The config on other hours and service levels; what is None stays as it is. Raises as ``with_options``."""
    changed = config
    if hours is not None:
        plan = anonymous_calendar(hours, holidays)
        changed = replace(changed, calendar=plan.name, plans=(plan,), notes=(), sla=moved(config.sla, plan.name))
    elif holidays is not None:
        changed = _with_country(changed, country(holidays))
    return changed if sla is None else replace(changed, sla=inline(sla, calendar=changed.calendar))


def anonymous_calendar(hours: str, holidays: str | None = None) -> CalendarPlan:
    """The calendar of ``--hours`` and ``--holidays``, named by them. Raises HoursWrong, CountryUnknown."""
    public = None if holidays is None else country(holidays)
    weekly = parse_hours(hours)
    if weekly == AROUND_THE_CLOCK and public is None:
        return always()
    words = "; ".join(f"{days} {' '.join(spans)}" for days, spans in weekly.items())
    name = words if public is None else f"{words}, {public}"
    return CalendarPlan(name=name, versions=(VersionPlan(hours=weekly, country=public),))


def _with_country(config: Config, public: Country) -> Config:
    """The config with another country in its default calendar."""
    plan = next((plan for plan in config.plans if plan.name == config.calendar), None)
    if plan is None or plan.name == ALWAYS:
        raise OptionWrong(
            "--holidays closes days of a calendar, and there is none", hint='add --hours "mon-fri 09:00-18:00"'
        )
    changed = replace(plan, versions=tuple(replace(version, country=public) for version in plan.versions))
    return replace(config, plans=tuple(changed if each is plan else each for each in config.plans))

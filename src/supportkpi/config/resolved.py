"""The calendars and service levels of a config in the years of the data."""

from __future__ import annotations

from collections.abc import Sequence

from supportkpi.config.agreements import agreed
from supportkpi.config.plans import CalendarPlan, always, resolve
from supportkpi.config.said import Config
from supportkpi.decisions import CalendarChoice
from supportkpi.sla import Sla


def calendars_of(plans: Sequence[CalendarPlan], years: range, timezone: str) -> tuple[CalendarChoice, ...]:
    """The calendars of plans. Raises HoursWrong, ZoneUnknown."""
    return tuple(resolve(plan, years, timezone=timezone) for plan in plans)


def sla_of(config: Config, years: range, timezone: str) -> Sla | None:
    """The service levels on the calendars that they name; None where there are none."""
    if config.sla is None:
        return None
    named = config.sla.calendars()
    plans = [plan for plan in (*config.plans, always()) if plan.name in named]
    calendars = {plan.name: resolve(plan, years, timezone=timezone).calendar for plan in plans}
    return agreed(config.sla, calendars, timezone=timezone)

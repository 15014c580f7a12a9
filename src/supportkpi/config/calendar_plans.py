"""The calendars of a config as plans, each fault with its place."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from supportkpi.config.plans import ALWAYS, CalendarPlan, VersionPlan, resolve
from supportkpi.config.public_holidays import Country, country
from supportkpi.errors import ConfigValue, KpiError
from supportkpi.texts import Node, nearest, refused
from supportkpi.texts.reading import Step

if TYPE_CHECKING:
    from supportkpi.config.keys import CalendarKeys, ConfigKeys


def default_calendar(keys: ConfigKeys, node: Node) -> str | None:
    """The name of the calendar that ``calendar`` chooses. Raises ConfigValue: there is none of that name."""
    if ALWAYS in keys.calendars:
        where = node.key_place("calendars", ALWAYS)
        raise ConfigValue(f"`calendars.{ALWAYS}` is built in", hint="give yours another name", where=where)
    if keys.calendar is None:
        _refuse_claims_alone(keys, node)
    if keys.calendar is None or keys.calendar in keys.calendars or keys.calendar == ALWAYS:
        return keys.calendar
    known = [*keys.calendars, ALWAYS]
    near = nearest(keys.calendar, known)
    hint = f"did you mean {near}?" if near is not None else f"there are {', '.join(known)}"
    message = f'`calendar` takes the name of a calendar, and none is called "{keys.calendar}"'
    raise ConfigValue(message, hint=hint, where=node.place("calendar"))


def _refuse_claims_alone(keys: ConfigKeys, node: Node) -> None:
    """Refuse calendars for some tickets where nothing says which hours hold for all the others."""
    for name, versions in keys.calendars.items():
        if any(version.when for version in versions):
            message = f"`calendars.{name}` has `when`, and no `calendar` says the hours of all other tickets"
            hint = f'write "calendar: {ALWAYS}", or the name of one'
            raise ConfigValue(message, hint=hint, where=node.key_place("calendars", name))


def idle_calendars(keys: ConfigKeys, named: Collection[str]) -> Iterator[str]:
    """Calendars that nothing uses; ``named`` are those that service levels run on."""
    for name, versions in keys.calendars.items():
        if name != keys.calendar and name not in named and not any(version.when for version in versions):
            yield f'calendar {name} is not used: write "calendar: {name}", or give it "when"'


def calendar_plan(name: str, versions: Sequence[CalendarKeys], keys: ConfigKeys, node: Node) -> CalendarPlan:
    """A calendar's plan; its hours are tried out here, so that a fault has its place."""
    at: list[Step] = ["calendars", name]
    whens = [version.when for version in versions if version.when]
    if any(when != whens[0] for when in whens):
        message = f"`calendars.{name}` has versions with different `when`"
        raise ConfigValue(message, hint="write it once, in the first", where=node.key_place(*at))
    plan = CalendarPlan(
        name=name,
        versions=tuple(_version(version, keys, node, [*at, i]) for i, version in enumerate(versions)),
        when=dict(whens[0]) if whens else {},
    )
    countryless = replace(plan, versions=tuple(replace(version, country=None) for version in plan.versions))
    try:
        resolve(countryless, range(2000, 2001), timezone="UTC")
    except KpiError as error:
        raise refused(error, node.key_place(*at), path=at) from error
    return plan


def _version(version: CalendarKeys, keys: ConfigKeys, node: Node, at: Sequence[Step]) -> VersionPlan:
    holidays = version.holidays
    path = node.descend(at)[0]
    for day in holidays.dates:
        if day in version.days:
            message = f"{day} is in both `holidays.dates` and `days`"
            where = node.key_place(*path, "days", day.isoformat())
            raise refused(ConfigValue(message, hint="closed, or open at these hours?"), where, path=path)
    if holidays.before_holiday is not None and holidays.country is None and not holidays.dates:
        error = ConfigValue("there is no holiday for it to stand before", hint="name a country, or dates")
        spot = [*path, "holidays", "before_holiday"]
        raise refused(error, node.key_place(*spot), path=spot)
    return VersionPlan(
        hours=version.hours,
        since=version.since,
        timezone=version.timezone or keys.timezone,
        closed=holidays.dates,
        country=_country(version, node, path),
        before_holiday_s=holidays.before_holiday or 0,
        days=version.days,
        breaks=version.breaks,
    )


def _country(version: CalendarKeys, node: Node, path: Sequence[Step]) -> Country | None:
    code, subdivision = version.holidays.country, version.holidays.subdivision
    if code is None and subdivision is None:
        return None
    spot = [*path, "holidays", "subdivision" if subdivision is not None else "country"]
    if code is None:
        error = ConfigValue("a region is given and no country", hint="write country: DE beside it")
        raise refused(error, node.key_place(*spot), path=spot)
    try:
        found = country(code)
        return country(code, subdivision) if subdivision is not None else found
    except KpiError as error:
        about_region = subdivision is not None and "region" in error.message
        spot = spot if about_region else [*path, "holidays", "country"]
        raise refused(error, node.place(*spot), path=spot) from error

"""``supportkpi.yaml`` to Settings and Reading; every fault names line, column and key (interface.md 3)."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from supportkpi import targets as target_grammar
from supportkpi.calendars import zone_of
from supportkpi.calendars.hours import parse_hours
from supportkpi.config.plans import ALWAYS, AROUND_THE_CLOCK, CalendarPlan, VersionPlan, always, resolve
from supportkpi.config.public_holidays import Country, country
from supportkpi.decisions import SECTIONS, Reading, Settings, Target
from supportkpi.errors import (
    ConfigBroken,
    ConfigValue,
    FileMissing,
    FileUnreadable,
    KpiError,
    KpiUnknown,
    OptionWrong,
    TargetWrong,
    Where,
)
from supportkpi.scales import scale
from supportkpi.texts import Node, load, meant, nearest, refused, validate
from supportkpi.texts.reading import LIMIT_BYTES, Step

if TYPE_CHECKING:
    from supportkpi.config.keys import CalendarKeys, ConfigKeys

NAMES = ("supportkpi.yaml", "supportkpi.yml")


class Judged(Protocol):
    """What a target needs to know of its KPI; every Metric has it."""

    @property
    def unit(self) -> str:
        """Unit of the value: s, ratio, points, score, tickets, days, money."""

    @property
    def direction(self) -> str:
        """``lower`` or ``higher`` is better, or ``none``."""

    @property
    def stats(self) -> Sequence[str]:
        """The statistics that the KPI has."""

    @property
    def adds_up(self) -> bool:
        """Whether two months have twice as much of it as one: only then can a target be for each month."""

    def unit_of(self, stat: str) -> str:
        """The unit of one statistic."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A key of ``targets`` or ``labels``, or an option, with its words and its place."""

    key: str
    text: str
    where: Where | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """What a config and the options over it say, before the data and the KPIs are known.

    ``timezone`` None: not said. ``notes`` are sentences on what was read and has no effect.
    """

    path: str | None = None
    timezone: str | None = None
    calendar: str | None = None
    plans: tuple[CalendarPlan, ...] = ()
    targets: tuple[Line, ...] = ()
    labels: tuple[Line, ...] = ()
    sections: Mapping[str, object] = field(default_factory=dict)  # options of KPIs, by their field of Settings
    max_rejects: float | None = None
    reading: Reading = field(default_factory=Reading)
    notes: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The ticket columns by which calendars choose their tickets."""
        return tuple(dict.fromkeys(column for plan in self.plans for column in plan.when))

    @property
    def names_country(self) -> bool:
        """Whether calendars depend on the years of the data."""
        return any(version.country is not None for plan in self.plans for version in plan.versions)


def find_config(start: Path) -> Path | None:
    """``supportkpi.yaml`` of an absolute folder, or of the nearest parent that has one, up to the repository's root."""
    folders = [start, *start.parents]
    inside = next((number for number, folder in enumerate(folders) if (folder / ".git").exists()), 0)
    found = (folder / name for folder in folders[: inside + 1] for name in NAMES)
    return next((path for path in found if path.is_file()), None)


def read_config(path: Path) -> Config:
    """The config of a file.

    Raises:
        FileMissing, FileUnreadable: there is no such file, or it cannot be read.
        KpiError: the text is not YAML, or a key or value is not known; with line, column and the key's path.
    """
    return parse_config(_text_of(path), path=str(path))


def parse_config(text: str, *, path: str | None = None) -> Config:
    """The config of a text. Raises as ``read_config``."""
    from supportkpi.config.keys import ConfigKeys  # noqa: PLC0415 - a run without a config need not build the vocabulary

    node = load(text, path=path)
    keys = validate(node, ConfigKeys)
    _check_csat(keys, node)
    plans = tuple(_plan(name, versions, keys, node) for name, versions in keys.calendars.items())
    source = keys.source
    return Config(
        path=path,
        timezone=keys.timezone,
        calendar=_default_calendar(keys, node),
        plans=(*plans, always()) if keys.calendar == ALWAYS else plans,
        targets=tuple(_lines(node, "targets")),
        labels=tuple(_lines(node, "labels")),
        sections={name: kind(**getattr(keys, name).model_dump()) for name, kind in SECTIONS.items()},
        max_rejects=keys.max_rejects,
        reading=Reading(
            source_timezone=source.timezone,
            statuses=dict(keys.statuses),
            csat_scale=keys.csat.scale,
            responders={str(actor): names for actor, names in keys.responders.items()},
            **source.model_dump(exclude={"timezone"}),
        ),
        notes=tuple(_notes(keys)),
    )


def with_options(
    config: Config,
    *,
    timezone: str | None = None,
    hours: str | None = None,
    holidays: str | None = None,
    targets: Sequence[str] = (),
) -> Config:
    """The config under the options ``--tz --hours --holidays --target``; each wins over what the file says of the same.

    ``--hours`` replaces all calendars; ``--holidays`` alone gives the default calendar another country.

    Raises:
        OptionWrong: ``--holidays`` without any hours, a target that is no ``KPI=VALUE``.
        HoursWrong, CountryUnknown, ZoneUnknown: the text of an option cannot be read.
    """
    lines = {key: Line(key=key, text=text) for key, text in map(target_grammar.split_option, targets)}
    kept = (line for line in config.targets if line.key not in lines)
    zone = config.timezone if timezone is None else zone_of(timezone).key
    changed = replace(config, timezone=zone, targets=(*kept, *lines.values()))
    if hours is not None:
        plan = anonymous_calendar(hours, holidays)
        return replace(changed, calendar=plan.name, plans=(plan,), notes=())
    return changed if holidays is None else _with_country(changed, country(holidays))


def anonymous_calendar(hours: str, holidays: str | None = None) -> CalendarPlan:
    """The calendar of ``--hours`` and ``--holidays``, named by them. Raises HoursWrong, CountryUnknown."""
    public = None if holidays is None else country(holidays)
    weekly = parse_hours(hours)
    if weekly == AROUND_THE_CLOCK and public is None:
        return always()
    words = "; ".join(f"{days} {' '.join(spans)}" for days, spans in weekly.items())
    name = words if public is None else f"{words}, {public}"
    return CalendarPlan(name=name, versions=(VersionPlan(hours=weekly, country=public),))


def settings(
    config: Config, *, kpis: Mapping[str, Judged], years: range | None = None, as_of: datetime | None = None
) -> Settings:
    """The Settings of a config, its targets read by the KPIs that there are.

    With ``years``, those of the data, the calendars are there; without, ``chosen(config)`` are the plans to resolve.

    Raises:
        KpiUnknown: a target or a label names no KPI, or no statistic of it.
        TargetWrong, HoursWrong, ZoneUnknown: see their messages.
    """
    timezone = config.timezone or "UTC"
    for line in config.labels:
        _known(line, line.key, kpis)
    return Settings(
        timezone=timezone,
        calendar=config.calendar,
        calendars=() if years is None else tuple(resolve(plan, years, timezone=timezone) for plan in chosen(config)),
        as_of=as_of,
        targets=tuple(_target(line, config, kpis) for line in config.targets),
        **config.sections,  # type: ignore[arg-type]
        statuses=config.reading.statuses,
        labels={line.key: line.text for line in config.labels},
        max_rejects=config.max_rejects,
    )


def chosen(config: Config) -> tuple[CalendarPlan, ...]:
    """The plans of the calendars in use: those that tickets choose, in the file's order, then the default."""
    claiming = [plan for plan in config.plans if plan.when]
    default = [replace(plan, when={}) for plan in config.plans if plan.name == config.calendar]
    return (*claiming, *default)


def _target(line: Line, config: Config, kpis: Mapping[str, Judged]) -> Target:
    """One target, its faults with the place that it stands at."""
    try:
        return _judged(line, config, kpis)
    except KpiError as error:
        if line.where is None:
            raise
        raise refused(error, line.where) from error


def _judged(line: Line, config: Config, kpis: Mapping[str, Judged]) -> Target:
    kpi, stat, clock = target_grammar.split_key(line.key)
    metric = _known(line, kpi, kpis)
    if stat is not None and stat not in metric.stats:
        raise KpiUnknown(f'{kpi} has no statistic "{stat}"', hint=f"it has {', '.join(metric.stats)}")
    if clock is not None and metric.unit != "s":
        raise TargetWrong(f"{kpi} runs on no clock", hint=f"leave .{clock} out")
    if clock == "business" and not chosen(config):
        raise TargetWrong(
            f"the target of {line.key} needs working hours", hint="give --hours, or calendar: in the config"
        )
    target = target_grammar.parse(line.key, line.text, unit=metric.unit_of(stat or ""), direction=metric.direction)
    if target.per is not None and not metric.adds_up:
        message = f'the target "{line.text}" is for each {target.per}, and {kpi} does not add up over time'
        raise TargetWrong(message, hint="give the value alone")
    return target


def _known(line: Line, kpi: str, kpis: Mapping[str, Judged]) -> Judged:
    if kpi in kpis:
        return kpis[kpi]
    hint = meant(kpi, kpis) or f"supportkpi kpis lists them: {', '.join(kpis)}"
    raise KpiUnknown(f'no KPI is called "{kpi}"', hint=hint, where=line.where)


def _lines(node: Node, section: str) -> Iterator[Line]:
    """The keys of a section with their values as they were written."""
    below = node.child(section)
    if below is not None and isinstance(below.value, Mapping):
        for key, value in below.value.items():
            yield Line(key=key, text=value.text or "", where=value.where)


def _default_calendar(keys: ConfigKeys, node: Node) -> str | None:
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


def _notes(keys: ConfigKeys) -> Iterator[str]:
    for name, versions in keys.calendars.items():
        if name != keys.calendar and not any(version.when for version in versions):
            yield f'calendar {name} is not used: write "calendar: {name}", or give it "when"'


def _plan(name: str, versions: Sequence[CalendarKeys], keys: ConfigKeys, node: Node) -> CalendarPlan:
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


def _check_csat(keys: ConfigKeys, node: Node) -> None:
    """Refuse a threshold that no score of the declared scale can have."""
    if keys.csat.scale is None or keys.csat.satisfied_from is None:
        return
    bounds = scale(keys.csat.scale)
    if not bounds.low < keys.csat.satisfied_from <= bounds.high:
        message = (
            f"`csat.satisfied_from` takes a score above {bounds.low:g} up to {bounds.high:g} on the scale {bounds.name}"
        )
        raise ConfigValue(message, where=node.place("csat", "satisfied_from"))


def _with_country(config: Config, public: Country) -> Config:
    """The config with another country in its default calendar."""
    plan = next((plan for plan in config.plans if plan.name == config.calendar), None)
    if plan is None or plan.name == ALWAYS:
        raise OptionWrong(
            "--holidays closes days of a calendar, and there is none", hint='add --hours "mon-fri 09:00-18:00"'
        )
    changed = replace(plan, versions=tuple(replace(version, country=public) for version in plan.versions))
    return replace(config, plans=tuple(changed if each is plan else each for each in config.plans))


def _text_of(path: Path) -> str:
    """The text of a file: UTF-8, or UTF-16 with its mark."""
    try:
        with path.open("rb") as file:
            content = file.read(LIMIT_BYTES + 4)
    except FileNotFoundError as missing:
        raise FileMissing(f'there is no config "{path}"', hint="check the spelling and the folder") from missing
    except OSError as closed:
        raise FileUnreadable(
            f'the config "{path}" cannot be read', hint="it must be a file that you may open"
        ) from closed
    encoding = "utf-16" if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as wrong:
        line = content.count(b"\n", 0, wrong.start) + 1
        where = Where(path=str(path), line=line)
        raise ConfigBroken("the config is not UTF-8 text", hint="save it as UTF-8", where=where) from wrong

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
from supportkpi.config.agreements import SlaPlan, agreed, inline, moved, planned
from supportkpi.config.calendar_plans import calendar_plan, default_calendar, idle_calendars
from supportkpi.config.check_plans import CheckPlan, planned_checks
from supportkpi.config.plans import ALWAYS, AROUND_THE_CLOCK, CalendarPlan, VersionPlan, always, resolve
from supportkpi.config.public_holidays import Country, country
from supportkpi.decisions import SECTIONS, Credits, Dimension, Escalation, Reading, Settings, Target
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
from supportkpi.sla import Sla
from supportkpi.texts import Node, load, meant, refused, validate
from supportkpi.texts.reading import LIMIT_BYTES

if TYPE_CHECKING:
    from supportkpi.config.keys import ConfigKeys

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
    dimensions: tuple[Dimension, ...] = ()
    names: bool = False
    links: str | None = None
    sla: SlaPlan | None = None
    checks: tuple[CheckPlan, ...] = ()
    credits: Credits | None = None
    notes: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The ticket columns by which calendars, rules and classes choose their tickets."""
        calendars = [column for plan in self.plans for column in plan.when]
        classes = [column for made in self.dimensions for each in made.classes for column in each.when]
        return tuple(dict.fromkeys((*calendars, *classes, *(self.sla.columns if self.sla else ()))))

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
    return parse_config(text_of(path), path=str(path))


def parse_config(text: str, *, path: str | None = None) -> Config:
    """The config of a text. Raises as ``read_config``."""
    return config_of(load(text, path=path))


def config_of(node: Node) -> Config:
    """The config of a text that was read. Raises as ``read_config``."""
    # a run without a config need not build the vocabulary
    from supportkpi.config.dimensions import dimensions, idle_levels, with_levels  # noqa: PLC0415
    from supportkpi.config.keys import ConfigKeys  # noqa: PLC0415

    keys = validate(node, ConfigKeys)
    _check_csat(keys, node)
    plans = tuple(calendar_plan(name, versions, keys, node) for name, versions in keys.calendars.items())
    made, sections = dimensions(keys.dimensions, node), _sections(keys)
    source, agreement = keys.source, planned(keys.sla, keys.exclusions, node, known=keys.calendars)
    return Config(
        path=node.where.path,
        timezone=keys.timezone,
        calendar=default_calendar(keys, node),
        plans=(*plans, always()) if keys.calendar == ALWAYS else plans,
        targets=tuple(_lines(node, "targets")),
        labels=tuple(_lines(node, "labels")),
        sections=sections | {"escalation": with_levels(Escalation(**keys.escalation.model_dump()), made, node)},
        max_rejects=keys.max_rejects,
        reading=Reading(
            source_timezone=source.timezone,
            statuses=dict(keys.statuses),
            csat_scale=keys.csat.scale,
            responders={str(actor): names for actor, names in keys.responders.items()},
            **source.model_dump(exclude={"timezone"}),
        ),
        dimensions=made,
        names=keys.privacy.names,
        links=keys.links,
        sla=agreement,
        checks=planned_checks(keys.checks, node),
        credits=keys.credits.credits() if keys.credits is not None else None,
        notes=(*idle_calendars(keys, agreement.calendars() if agreement else ()), *idle_levels(made)),
    )


def _sections(keys: ConfigKeys) -> dict[str, object]:
    """The options of KPIs, a dataclass each."""
    return {name: kind(**getattr(keys, name).model_dump()) for name, kind in SECTIONS.items()}


def with_options(
    config: Config,
    *,
    timezone: str | None = None,
    hours: str | None = None,
    holidays: str | None = None,
    sla: str | None = None,
    targets: Sequence[str] = (),
) -> Config:
    """The config under the options ``--tz --hours --holidays --sla --target``; each wins over what the file says.

    ``--hours`` replaces all calendars; ``--holidays`` alone gives the default calendar another country.

    Raises:
        OptionWrong: ``--holidays`` without any hours, a target that is no ``KPI=VALUE``, an SLA that is no such list.
        HoursWrong, CountryUnknown, ZoneUnknown: the text of an option cannot be read.
    """
    lines = {key: Line(key=key, text=text) for key, text in map(target_grammar.split_option, targets)}
    kept = (line for line in config.targets if line.key not in lines)
    zone = config.timezone if timezone is None else zone_of(timezone).key
    changed = replace(config, timezone=zone, targets=(*kept, *lines.values()))
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


def settings(
    config: Config,
    *,
    kpis: Mapping[str, Judged],
    years: range | None = None,
    as_of: datetime | None = None,
    complete: bool = True,
) -> Settings:
    """The Settings of a config, its targets read by the KPIs that there are.

    With ``years``, those of the data, the calendars are there; without, ``chosen(config)`` are the plans to resolve.
    Where the KPIs are not ``complete``, since series of the user's own are still to come, targets of other names wait.

    Raises:
        KpiUnknown: a target or a label names no KPI, or no statistic of it.
        TargetWrong, HoursWrong, ZoneUnknown: see their messages.
    """
    timezone = config.timezone or "UTC"
    ready = [line for line in config.targets if complete or target_grammar.split_key(line.key)[0] in kpis]
    for line in config.labels if complete else ():
        _known(line, line.key, kpis)
    return Settings(
        timezone=timezone,
        calendar=config.calendar,
        calendars=() if years is None else tuple(resolve(plan, years, timezone=timezone) for plan in chosen(config)),
        as_of=as_of,
        targets=tuple(_target(line, config, kpis) for line in ready),
        targets_to_read={line.key: line.text for line in config.targets if line not in ready},
        sla=None if years is None or config.sla is None else _agreed(config, years, timezone),
        **config.sections,  # type: ignore[arg-type]
        dimensions=config.dimensions,
        statuses=config.reading.statuses,
        responders=config.reading.responders,
        names=config.names,
        links=config.links,
        labels={line.key: line.text for line in config.labels},
        credits=config.credits,
        max_rejects=config.max_rejects,
    )


def _agreed(config: Config, years: range, timezone: str) -> Sla:
    """The service levels on the calendars that they name."""
    assert config.sla is not None  # noqa: S101 - asked only where there is one
    named = config.sla.calendars()
    plans = [plan for plan in (*config.plans, always()) if plan.name in named]
    calendars = {plan.name: resolve(plan, years, timezone=timezone).calendar for plan in plans}
    return agreed(config.sla, calendars, timezone=timezone)


def with_own_kpis(decided: Settings, kpis: Mapping[str, Judged]) -> Settings:
    """The settings with the targets that waited for the data's own KPIs, now that there are all.

    Raises:
        KpiUnknown: a target or a label names no KPI, or no statistic of it.
        TargetWrong: the words of a target do not fit its KPI.
    """
    for key, text in decided.labels.items():
        _known(Line(key=key, text=text), key, kpis)
    if not decided.targets_to_read:
        return decided
    lines = (Line(key=key, text=text) for key, text in decided.targets_to_read.items())
    read = tuple(_judged(line, has_hours=bool(decided.calendars), kpis=kpis) for line in lines)
    return replace(decided, targets=(*decided.targets, *read), targets_to_read={})


def chosen(config: Config) -> tuple[CalendarPlan, ...]:
    """The plans of the calendars in use: those that tickets choose, in the file's order, then the default."""
    claiming = [plan for plan in config.plans if plan.when]
    default = [replace(plan, when={}) for plan in config.plans if plan.name == config.calendar]
    return (*claiming, *default)


def _target(line: Line, config: Config, kpis: Mapping[str, Judged]) -> Target:
    """One target, its faults with the place that it stands at."""
    try:
        return _judged(line, has_hours=bool(chosen(config)), kpis=kpis)
    except KpiError as error:
        if line.where is None:
            raise
        raise refused(error, line.where) from error


def _judged(line: Line, *, has_hours: bool, kpis: Mapping[str, Judged]) -> Target:
    kpi, stat, clock = target_grammar.split_key(line.key)
    metric = _known(line, kpi, kpis)
    if stat is not None and stat not in metric.stats:
        raise KpiUnknown(f'{kpi} has no statistic "{stat}"', hint=f"it has {', '.join(metric.stats)}")
    if clock is not None and metric.unit != "s":
        raise TargetWrong(f"{kpi} runs on no clock", hint=f"leave .{clock} out")
    if clock == "business" and not has_hours:
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


def text_of(path: Path) -> str:
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

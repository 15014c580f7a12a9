"""``supportkpi.yaml`` to Settings and Reading; every fault names line, column and key (interface.md 3)."""

from __future__ import annotations

import codecs
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from supportkpi import targets as target_grammar
from supportkpi.calendars import zone_of
from supportkpi.config.said import Config, Line
from supportkpi.decisions import CalendarChoice, Settings, Target
from supportkpi.errors import (
    ConfigBroken,
    FileMissing,
    FileUnreadable,
    KpiError,
    KpiUnknown,
    OptionWrong,
    TargetWrong,
    Where,
)
from supportkpi.texts import load, meant, refused
from supportkpi.texts.reading import LIMIT_BYTES

if TYPE_CHECKING:
    from supportkpi.config.plans import CalendarPlan
    from supportkpi.sla import Sla

__all__ = [
    "NAMES",
    "Config",
    "Judged",
    "Line",
    "chosen",
    "find_config",
    "parse_config",
    "read_config",
    "settings",
    "text_of",
    "with_options",
    "with_own_kpis",
]
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
    # a run without a config need not build the vocabulary
    from supportkpi.config.reading import config_of  # noqa: PLC0415

    return config_of(load(text, path=path))


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
    lines = _lines(targets)
    kept = (line for line in config.targets if line.key not in lines)
    zone = config.timezone if timezone is None else zone_of(timezone).key
    changed = replace(config, timezone=zone, targets=(*kept, *lines.values()))
    if hours is None and holidays is None and sla is None:
        return changed
    from supportkpi.config.options import on_hours  # noqa: PLC0415 - a run without hours need not load it

    return on_hours(changed, hours=hours, holidays=holidays, sla=sla)


def _lines(targets: Sequence[str]) -> dict[str, Line]:
    """The options ``--target`` by what they hold to account; two for the same would leave one of them unsaid."""
    lines: dict[str, Line] = {}
    for key, text in map(target_grammar.split_option, targets):
        if key in lines and lines[key].text != text:
            message = f"--target gives {key} two values: {lines[key].text} and {text}"
            raise OptionWrong(message, hint="give each KPI one, or name other statistics of it")
        lines[key] = Line(key=key, text=text)
    return lines


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
    calendars, sla = _timed(config, years, timezone) if years is not None else ((), None)
    return Settings(
        timezone=timezone,
        calendar=config.calendar,
        calendars=calendars,
        as_of=as_of,
        targets=tuple(_target(line, config, kpis) for line in ready),
        targets_to_read={line.key: line.text for line in config.targets if line not in ready},
        sla=sla,
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


def _timed(config: Config, years: range, timezone: str) -> tuple[tuple[CalendarChoice, ...], Sla | None]:
    """The calendars in use and the service levels, where there are any."""
    plans = chosen(config)
    if not plans and config.sla is None:
        return (), None
    from supportkpi.config.resolved import calendars_of, sla_of  # noqa: PLC0415 - a run without hours need not load it

    return calendars_of(plans, years, timezone), sla_of(config, years, timezone)


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

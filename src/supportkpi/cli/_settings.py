"""From options and a config file to settings: options win over the file, the file over the defaults."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from pathlib import Path

from supportkpi.calendars.opening import zone_of
from supportkpi.cli import _run
from supportkpi.config import Config, find_config, parse_config, read_config, with_options
from supportkpi.decisions import Reading, Settings
from supportkpi.pipeline import settings_for, target_named
from supportkpi.schema import Dataset


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """The options that decide what is measured."""

    config: str | None = None
    made_up: str | None = None  # the settings of a made-up helpdesk: they stand in for the file that lies here
    hours: str | None = None
    holidays: str | None = None
    sla: str | None = None
    tz: str | None = None
    as_of: str | None = None
    targets: tuple[str, ...] = ()
    strict: bool = False
    names: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A config under the options over it, before the data is known."""

    config: Config
    choices: Choices
    reading: Reading

    def settings(self, data: Dataset) -> Settings:
        """The settings for a Dataset, with the holidays of its years."""
        as_of = _run.as_of(self.choices.as_of, self.config.timezone or "UTC")
        settings = settings_for(self.config, data, as_of=as_of)
        settings = replace(settings, names=settings.names or self.choices.names)
        return replace(settings, max_rejects=0.0) if self.choices.strict else settings


def chosen(choices: Choices, reading: Reading) -> Decided:
    """What the options and the config decide; a fault in either is told before any export is read."""
    config = _config(choices)
    timezone = zone_of(choices.tz).key if choices.tz is not None else None
    targets = [target_named(option) for option in choices.targets]
    config = with_options(
        config,
        timezone=timezone,
        hours=choices.hours,
        holidays=choices.holidays,
        sla=choices.sla,
        targets=targets,
    )
    _run.as_of(choices.as_of, config.timezone or "UTC")
    settings_for(config, None)
    return Decided(config=config, choices=choices, reading=_over(config.reading, reading))


def _config(choices: Choices) -> Config:
    """The config that was named, else that of the made-up helpdesk, else the one that lies here."""
    if choices.config is None and choices.made_up is not None:
        return parse_config(choices.made_up)
    path = Path(choices.config) if choices.config is not None else find_config(Path.cwd())
    return read_config(path) if path is not None else Config()


def _over(below: Reading, above: Reading) -> Reading:
    """One Reading: what the options leave open the config decides."""
    unsaid = Reading()
    said = {
        field.name: getattr(above, field.name)
        for field in fields(Reading)
        if getattr(above, field.name) != getattr(unsaid, field.name)
    }
    if "columns" in said:
        said["columns"] = {**below.columns, **above.columns}
    return replace(below, **said)

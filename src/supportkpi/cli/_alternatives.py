"""The service levels that ``whatif`` holds against one another: BASE of the config, others of files and options."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from supportkpi.cli._settings import Choices, Decided, chosen
from supportkpi.config import Config, with_options
from supportkpi.config.overlay import over, sets_calendars
from supportkpi.decisions import Reading
from supportkpi.errors import FileMissing, OptionWrong
from supportkpi.pipeline.rescoring import OWN
from supportkpi.schema import Dataset
from supportkpi.whatifs import Alternative

_SUFFIXES = (".yaml", ".yml", ".json")
_HINT = 'write sla: in the config, or give --sla "first_response=4h"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """BASE and the others, by name, before the data is known."""

    choices: Choices  # with the service levels of BASE
    name: str
    others: tuple[tuple[str, Config], ...]
    decided: Decided

    @property
    def columns(self) -> list[str]:
        """The ticket columns by which the others choose their tickets."""
        return [column for _, config in self.others for column in config.columns]

    def alternatives(self, data: Dataset) -> list[Alternative]:
        """The others with the holidays of the years of the data."""
        sides = [(name, replace(self.decided, config=config)) for name, config in self.others]
        return [Alternative(name=name, settings=side.settings(data)) for name, side in sides]


def sides(choices: Choices, reading: Reading, given: Sequence[str], *, alone: bool = False) -> Sides:
    """BASE and the others: a value of ``--sla`` that names a file is a config over BASE's, else the limits themselves.

    Where the config has no service levels, the first of them are BASE; one that is ``alone``, without anything else
    asked of it, is held against what the export itself says.

    Raises:
        OptionWrong: there are no service levels to begin with.
        KpiError: a file cannot be read, or a text is no TARGET=TIME.
    """
    decided = chosen(choices, reading)
    left = list(given)
    against_export = alone and len(left) == 1 and decided.config.sla is None
    if decided.config.sla is None and not against_export:
        choices = _with_first(choices, left)
        decided = chosen(choices, reading)
        if decided.config.sla is None:
            raise OptionWrong("there are no service levels to begin with", hint=_HINT)
    names = _names([OWN if against_export else decided.config.path or choices.sla or "now", *left])
    if choices.sla is not None:
        names[0] = choices.sla
    others = tuple((name, _other(text, decided, choices)) for name, text in zip(names[1:], left, strict=True))
    return Sides(choices=choices, name=names[0], others=others, decided=decided)


def _with_first(choices: Choices, left: list[str]) -> Choices:
    """The choices with the first of what was given as BASE."""
    if not left:
        raise OptionWrong("there are no service levels to begin with", hint=_HINT)
    first = left.pop(0)
    if not is_file(first):
        return replace(choices, sla=first)
    if choices.config is not None:
        message = f"{choices.config} has no sla, so there is nothing to hold {first} against"
        raise OptionWrong(message, hint=f"write sla: into it, or give -c {first}")
    return replace(choices, config=first)


def is_file(text: str) -> bool:
    """Whether a value of ``--sla`` names a file.

    Raises:
        FileMissing: it can be nothing else, and there is none.
    """
    if Path(text).is_file():
        return True
    if "=" not in text and (text.lower().endswith(_SUFFIXES) or "/" in text):
        raise FileMissing(f'there is no config "{text}"', hint="check the spelling and the folder")
    return False


def _other(text: str, base: Decided, choices: Choices) -> Config:
    """A config over BASE's, under the same options; its own calendars stand, whatever --hours says."""
    if not is_file(text):
        return with_options(base.config, sla=text)
    path = Path(text)
    config = over(path, Path(base.config.path) if base.config.path is not None else None)
    own = sets_calendars(path)
    return with_options(
        config,
        timezone=base.config.timezone,
        hours=None if own else choices.hours,
        holidays=None if own else choices.holidays,
    )


def _names(texts: Sequence[str]) -> list[str]:
    """The files by their last part, where that is different in all of them."""
    short = [Path(text).name if Path(text).is_file() else text for text in texts]
    return short if len(set(short)) == len(short) else list(texts)

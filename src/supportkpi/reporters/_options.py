"""What a reporter is, and what it may be told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from supportkpi.report import Report


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderOptions:
    """How a report is to look; nothing here changes a number. Machine formats read ``tool_version``, ``config``."""

    lang: str = "en"
    width: int = 80  # columns of the terminal
    full: bool = False  # every statistic, interval, definition and reason
    color: bool = False
    quiet: bool = False  # only what went wrong
    tool_version: str = ""
    config: str = ""  # the settings file that was taken, by its name


class Reporter(Protocol):
    """A module ``to_FORMAT.py`` of this folder."""

    FORMAT: str
    SUFFIXES: tuple[str, ...]  # of output files, with the dot, lower case

    def render(self, report: Report, options: RenderOptions) -> str | bytes:
        """The whole output, ending in a newline where it is text."""
        ...

"""Reporters of timetables: one module a format, found by listing this folder; ``render_timetable`` is the door."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, cast

from supportkpi.errors import FormatUnsupported
from supportkpi.reporters._options import RenderOptions
from supportkpi.timetables import Timetable

_PREFIX = "to_"


class TimetableReporter(Protocol):
    """A module ``to_FORMAT.py`` of this folder."""

    FORMAT: str
    SUFFIXES: tuple[str, ...]

    def render(self, timetable: Timetable, options: RenderOptions) -> str:
        """The whole output, ending in a newline."""
        ...


def timetable_formats() -> tuple[str, ...]:
    """Names of the formats."""
    return tuple(sorted(info.name[len(_PREFIX) :] for info in iter_modules(__path__) if info.name.startswith(_PREFIX)))


def timetable_reporter(name: str) -> TimetableReporter:
    """The reporter of a format.

    Raises:
        FormatUnsupported: no format of timetables has that name.
    """
    if name not in timetable_formats():
        known = ", ".join(timetable_formats())
        raise FormatUnsupported(f"calendar has no format {name!r}", hint=f"it has {known}")
    return cast("TimetableReporter", import_module(f"{__name__}.{_PREFIX}{name}"))


def timetable_format_of(path: str) -> str:
    """The format that an output file's suffix asks for.

    Raises:
        FormatUnsupported: no format of timetables writes such files.
    """
    for name in timetable_formats():
        reporter = timetable_reporter(name)
        if any(path.lower().endswith(suffix) for suffix in reporter.SUFFIXES):
            return reporter.FORMAT
    known = ", ".join(suffix for name in timetable_formats() for suffix in timetable_reporter(name).SUFFIXES)
    raise FormatUnsupported(
        f"the suffix of {path!r} says no format of timetables", hint=f"end the name in one of {known}"
    )


def render_timetable(timetable: Timetable, name: str, options: RenderOptions | None = None) -> str:
    """A timetable in a format; text that can always be written as UTF-8."""
    output = timetable_reporter(name).render(timetable, options or RenderOptions())
    return output.encode("utf-8", "backslashreplace").decode("utf-8")

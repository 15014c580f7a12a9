"""Reporters of checks: one module a format, found by listing this folder; ``render_checks`` is the door."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, cast

from supportkpi.checks import Gate
from supportkpi.errors import FormatUnsupported
from supportkpi.reporters._options import RenderOptions

_PREFIX = "to_"


class GateReporter(Protocol):
    """A module ``to_FORMAT.py`` of this folder."""

    FORMAT: str
    SUFFIXES: tuple[str, ...]

    def render(self, gate: Gate, options: RenderOptions) -> str:
        """The whole output, ending in a newline."""
        ...


def check_formats() -> tuple[str, ...]:
    """Names of the formats."""
    return tuple(sorted(info.name[len(_PREFIX) :] for info in iter_modules(__path__) if info.name.startswith(_PREFIX)))


def check_reporter(name: str) -> GateReporter:
    """The reporter of a format.

    Raises:
        FormatUnsupported: no format of checks has that name.
    """
    if name not in check_formats():
        known = ", ".join(check_formats())
        raise FormatUnsupported(f"check writes no {name!r}", hint=f"its formats are {known}")
    return cast("GateReporter", import_module(f"{__name__}.{_PREFIX}{name}"))


def check_format_of(path: str) -> str:
    """The format that an output file's suffix asks for.

    Raises:
        FormatUnsupported: no format of checks writes such files.
    """
    for name in check_formats():
        reporter = check_reporter(name)
        if any(path.lower().endswith(suffix) for suffix in reporter.SUFFIXES):
            return reporter.FORMAT
    known = ", ".join(suffix for name in check_formats() for suffix in check_reporter(name).SUFFIXES)
    raise FormatUnsupported(f"the suffix of {path!r} says no format of checks", hint=f"end the name in one of {known}")


def render_checks(gate: Gate, name: str, options: RenderOptions | None = None) -> str:
    """The checks in a format; text that can always be written as UTF-8."""
    output = check_reporter(name).render(gate, options or RenderOptions())
    return output.encode("utf-8", "backslashreplace").decode("utf-8")

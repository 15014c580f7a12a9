"""Reporters of lists of tickets: one module a format, found by listing this folder; ``render_list`` is the door."""

from __future__ import annotations

from importlib import import_module
from pathlib import PurePath
from pkgutil import iter_modules
from typing import Protocol, cast

from supportkpi.errors import FormatUnsupported
from supportkpi.lists import Listing
from supportkpi.reporters._options import RenderOptions

_PREFIX = "to_"


class ListReporter(Protocol):
    """A module ``to_FORMAT.py`` of this folder."""

    FORMAT: str
    SUFFIXES: tuple[str, ...]

    def render(self, listing: Listing, options: RenderOptions) -> str:
        """The whole output, ending in a newline."""
        ...


def list_formats() -> tuple[str, ...]:
    """Names of the formats."""
    return tuple(sorted(info.name[len(_PREFIX) :] for info in iter_modules(__path__) if info.name.startswith(_PREFIX)))


def list_reporter(name: str) -> ListReporter:
    """The reporter of a format.

    Raises:
        FormatUnsupported: no format of lists has that name.
    """
    if name not in list_formats():
        known = ", ".join(list_formats())
        raise FormatUnsupported(f"tickets writes no {name!r}", hint=f"its formats are {known}")
    return cast("ListReporter", import_module(f"{__name__}.{_PREFIX}{name}"))


def list_format_of(path: str) -> str:
    """The format that an output file's suffix asks for.

    Raises:
        FormatUnsupported: no format of lists writes such files.
    """
    suffix = PurePath(path).suffix.lower()
    reporters = [list_reporter(name) for name in list_formats()]
    for reporter in reporters:
        if suffix in reporter.SUFFIXES:
            return reporter.FORMAT
    known = ", ".join(suffix for reporter in reporters for suffix in reporter.SUFFIXES)
    raise FormatUnsupported(f"the suffix of {path!r} says no format of lists", hint=f"end the name in one of {known}")


def render_list(listing: Listing, name: str, options: RenderOptions | None = None) -> str:
    """A list in a format; text that can always be written as UTF-8."""
    output = list_reporter(name).render(listing, options or RenderOptions())
    return output.encode("utf-8", "backslashreplace").decode("utf-8")

"""Reporters: one module a format, found by listing this folder; ``render`` is the door."""

from __future__ import annotations

from importlib import import_module
from pathlib import PurePath
from pkgutil import iter_modules
from typing import TYPE_CHECKING, cast

from supportkpi.doors import door
from supportkpi.errors import FormatUnsupported
from supportkpi.report import Report
from supportkpi.reporters._options import RenderOptions, Reporter

__all__ = [
    "CHECKS",
    "LISTS",
    "RECEIPTS",
    "RECONCILIATIONS",
    "TIMETABLES",
    "WHATIFS",
    "RenderOptions",
    "Reporter",
    "Shelf",
    "by_suffix",
    "formats",
    "named",
    "render",
]

_HOMES = {
    "CHECKS": "checks",
    "LISTS": "lists",
    "RECEIPTS": "receipt",
    "RECONCILIATIONS": "reconciliation",
    "Shelf": "_shelf",
    "TIMETABLES": "timetable",
    "WHATIFS": "whatif",
}
"""What other commands show is loaded when they ask for it."""
__getattr__ = door(__name__, _HOMES)

if TYPE_CHECKING:
    from supportkpi.reporters._shelf import Shelf
    from supportkpi.reporters.checks import CHECKS
    from supportkpi.reporters.lists import LISTS
    from supportkpi.reporters.receipt import RECEIPTS
    from supportkpi.reporters.reconciliation import RECONCILIATIONS
    from supportkpi.reporters.timetable import TIMETABLES
    from supportkpi.reporters.whatif import WHATIFS

_PREFIX = "to_"


def formats() -> tuple[str, ...]:
    """Names of the formats, without loading any of them."""
    return tuple(sorted(info.name[len(_PREFIX) :] for info in iter_modules(__path__) if info.name.startswith(_PREFIX)))


def named(name: str) -> Reporter:
    """The reporter of a format.

    Raises:
        FormatUnsupported: no format has that name.
    """
    if name not in formats():
        raise FormatUnsupported(f"no output format is called {name!r}", hint=f"the formats are {', '.join(formats())}")
    return cast("Reporter", import_module(f"{__name__}.{_PREFIX}{name}"))


def by_suffix(path: str) -> Reporter:
    """The reporter that an output file's suffix asks for.

    Raises:
        FormatUnsupported: no format writes such files.
    """
    suffix = PurePath(path).suffix.lower()
    reporters = [named(name) for name in formats()]
    for reporter in reporters:
        if suffix in reporter.SUFFIXES:
            return reporter
    known = ", ".join(suffix for reporter in reporters for suffix in reporter.SUFFIXES)
    says = f"the suffix {suffix!r} says no output format" if suffix else "the name has no suffix that says its format"
    raise FormatUnsupported(f"{says}: {path!r}", hint=f"end the name in one of {known}")


def render(report: Report, name: str, options: RenderOptions | None = None) -> str | bytes:
    """The report in a format; text that it returns can always be written as UTF-8.

    Raises:
        FormatUnsupported: no format has that name.
    """
    output = named(name).render(report, options or RenderOptions())
    if isinstance(output, bytes):
        return output
    # A file name that is not UTF-8 reaches us as lone surrogates: \udcff is how JSON, and a reader, can still see it.
    return output.encode("utf-8", "backslashreplace").decode("utf-8")

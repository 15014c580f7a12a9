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
    "RECONCILIATIONS",
    "RenderOptions",
    "Reporter",
    "Shelf",
    "by_suffix",
    "check_format_of",
    "check_formats",
    "formats",
    "list_format_of",
    "list_formats",
    "list_reporter",
    "named",
    "receipt_format_of",
    "receipt_formats",
    "receipt_reporter",
    "render",
    "render_checks",
    "render_list",
    "render_receipts",
    "render_timetable",
    "render_whatif",
    "timetable_format_of",
    "timetable_formats",
    "timetable_reporter",
    "whatif_format_of",
    "whatif_formats",
    "whatif_reporter",
]

_HOMES = {
    "RECONCILIATIONS": "reconciliation",
    "Shelf": "_shelf",
    "check_format_of": "checks",
    "check_formats": "checks",
    "list_format_of": "lists",
    "list_formats": "lists",
    "list_reporter": "lists",
    "receipt_format_of": "receipt",
    "receipt_formats": "receipt",
    "receipt_reporter": "receipt",
    "render_checks": "checks",
    "render_list": "lists",
    "render_receipts": "receipt",
    "render_timetable": "timetable",
    "render_whatif": "whatif",
    "timetable_format_of": "timetable",
    "timetable_formats": "timetable",
    "timetable_reporter": "timetable",
    "whatif_format_of": "whatif",
    "whatif_formats": "whatif",
    "whatif_reporter": "whatif",
}
"""What other commands show is loaded when they ask for it."""
__getattr__ = door(__name__, _HOMES)

if TYPE_CHECKING:
    from supportkpi.reporters._shelf import Shelf
    from supportkpi.reporters.checks import check_format_of, check_formats, render_checks
    from supportkpi.reporters.lists import list_format_of, list_formats, list_reporter, render_list
    from supportkpi.reporters.receipt import receipt_format_of, receipt_formats, receipt_reporter, render_receipts
    from supportkpi.reporters.reconciliation import RECONCILIATIONS
    from supportkpi.reporters.timetable import (
        render_timetable,
        timetable_format_of,
        timetable_formats,
        timetable_reporter,
    )
    from supportkpi.reporters.whatif import render_whatif, whatif_format_of, whatif_formats, whatif_reporter

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

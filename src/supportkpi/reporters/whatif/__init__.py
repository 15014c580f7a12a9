"""Reporters of what-if: one module a format, found by listing this folder; ``render_whatif`` is the door."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, cast

from supportkpi.errors import FormatUnsupported
from supportkpi.reporters._options import RenderOptions
from supportkpi.reporters.to_csv import line
from supportkpi.whatifs import WhatIf

_PREFIX = "to_"


class WhatIfReporter(Protocol):
    """A module ``to_FORMAT.py`` of this folder."""

    FORMAT: str
    SUFFIXES: tuple[str, ...]

    def render(self, found: WhatIf, options: RenderOptions) -> str:
        """The whole output, ending in a newline."""
        ...


def whatif_formats() -> tuple[str, ...]:
    """Names of the formats."""
    return tuple(sorted(info.name[len(_PREFIX) :] for info in iter_modules(__path__) if info.name.startswith(_PREFIX)))


def whatif_reporter(name: str) -> WhatIfReporter:
    """The reporter of a format.

    Raises:
        FormatUnsupported: no format of what-if has that name.
    """
    if name not in whatif_formats():
        known = ", ".join(whatif_formats())
        raise FormatUnsupported(f"whatif writes no {name!r}", hint=f"its formats are {known}")
    return cast("WhatIfReporter", import_module(f"{__name__}.{_PREFIX}{name}"))


def whatif_format_of(path: str) -> str:
    """The format that an output file's suffix asks for.

    Raises:
        FormatUnsupported: no format of what-if writes such files.
    """
    reporters = [whatif_reporter(name) for name in whatif_formats()]
    for reporter in reporters:
        if path.lower().endswith(reporter.SUFFIXES):
            return reporter.FORMAT
    known = ", ".join(suffix for reporter in reporters for suffix in reporter.SUFFIXES)
    raise FormatUnsupported(f"the suffix of {path!r} says no format of whatif", hint=f"end the name in one of {known}")


def render_whatif(found: WhatIf, name: str, options: RenderOptions | None = None) -> str:
    """The answers in a format; text that can always be written as UTF-8."""
    output = whatif_reporter(name).render(found, options or RenderOptions())
    return output.encode("utf-8", "backslashreplace").decode("utf-8")


def moved_csv(found: WhatIf) -> str:
    """Every clock that changes as CSV, one record a clock and scenario."""
    columns = found.moved.columns or ["scenario", "target", "ticket_id"]
    return line(columns) + "".join(line(record) for record in found.moved.iter_rows())

"""Reporters of receipts: one module a format, found by listing this folder; ``render_receipts`` is the door."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, cast

from supportkpi.errors import FormatUnsupported
from supportkpi.receipts import Receipt
from supportkpi.reporters._options import RenderOptions

_PREFIX = "to_"


class ReceiptReporter(Protocol):
    """A module ``to_FORMAT.py`` of this folder."""

    FORMAT: str
    SUFFIXES: tuple[str, ...]

    def render(self, receipts: Sequence[Receipt], options: RenderOptions) -> str:
        """The whole output, ending in a newline."""
        ...


def receipt_formats() -> tuple[str, ...]:
    """Names of the formats."""
    return tuple(sorted(info.name[len(_PREFIX) :] for info in iter_modules(__path__) if info.name.startswith(_PREFIX)))


def receipt_reporter(name: str) -> ReceiptReporter:
    """The reporter of a format.

    Raises:
        FormatUnsupported: no format of receipts has that name.
    """
    if name not in receipt_formats():
        known = ", ".join(receipt_formats())
        raise FormatUnsupported(f"explain has no format {name!r}", hint=f"of a ticket it has {known}")
    return cast("ReceiptReporter", import_module(f"{__name__}.{_PREFIX}{name}"))


def receipt_format_of(path: str) -> str:
    """The format that an output file's suffix asks for.

    Raises:
        FormatUnsupported: no format of receipts writes such files.
    """
    for name in receipt_formats():
        reporter = receipt_reporter(name)
        if any(path.lower().endswith(suffix) for suffix in reporter.SUFFIXES):
            return reporter.FORMAT
    known = ", ".join(suffix for name in receipt_formats() for suffix in receipt_reporter(name).SUFFIXES)
    raise FormatUnsupported(
        f"the suffix of {path!r} says no format of receipts", hint=f"end the name in one of {known}"
    )


def render_receipts(receipts: Sequence[Receipt], name: str, options: RenderOptions | None = None) -> str:
    """Receipts in a format; text that can always be written as UTF-8."""
    output = receipt_reporter(name).render(receipts, options or RenderOptions())
    return output.encode("utf-8", "backslashreplace").decode("utf-8")

"""Shelf: the formats of one kind of result, one module ``to_FORMAT.py`` each, found by listing their folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from typing import Generic, Protocol, TypeVar, cast

from supportkpi.errors import FormatUnsupported
from supportkpi.reporters._options import RenderOptions

_PREFIX = "to_"
Told = TypeVar("Told")


class _Format(Protocol):
    """A module of a shelf."""

    FORMAT: str
    SUFFIXES: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shelf(Generic[Told]):
    """The formats in which one command writes its result; ``room`` is the package that holds them."""

    room: str
    command: str

    def formats(self) -> tuple[str, ...]:
        """Names of the formats, without loading any of them."""
        names = (info.name for info in iter_modules(import_module(self.room).__path__))
        return tuple(sorted(name.removeprefix(_PREFIX) for name in names if name.startswith(_PREFIX)))

    def check(self, name: str) -> str:
        """The name itself.

        Raises:
            FormatUnsupported: no format has it.
        """
        if name not in self.formats():
            known = ", ".join(self.formats())
            raise FormatUnsupported(f"{self.command} writes no {name!r}", hint=f"its formats are {known}")
        return name

    def format_of(self, path: str) -> str:
        """The format that an output file's suffix asks for.

        Raises:
            FormatUnsupported: no format writes such files.
        """
        found = [self._module(name) for name in self.formats()]
        for module in found:
            if path.lower().endswith(module.SUFFIXES):
                return module.FORMAT
        known = ", ".join(suffix for module in found for suffix in module.SUFFIXES)
        message = f"the suffix of {path!r} says no format of {self.command}"
        raise FormatUnsupported(message, hint=f"end the name in one of {known}")

    def render(self, told: Told, name: str, options: RenderOptions | None = None) -> str:
        """The result in a format; text that can always be written as UTF-8."""
        write = cast("Callable[[Told, RenderOptions], str]", vars(self._module(self.check(name)))["render"])
        return write(told, options or RenderOptions()).encode("utf-8", "backslashreplace").decode("utf-8")

    def _module(self, name: str) -> _Format:
        return cast("_Format", import_module(f"{self.room}.{_PREFIX}{name}"))

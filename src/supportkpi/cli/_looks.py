"""How a result is shown: which format goes to standard output, which to which file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from supportkpi.cli import _run
from supportkpi.cli._written import write
from supportkpi.reporters import RenderOptions, Shelf
from supportkpi.version import VERSION

Told = TypeVar("Told")


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks(Generic[Told]):
    """A format for standard output (None where only files were asked for), files with theirs, and how it looks."""

    shelf: Shelf[Told]
    name: str | None
    outputs: tuple[tuple[str, str], ...]
    options: RenderOptions
    whole: bool = False  # files hold everything, however much of it the screen shows

    def under(self, *, quiet: bool, config: str) -> Looks[Told]:
        """The same for a run that says little, or goes by a settings file of that name."""
        return replace(self, options=replace(self.options, quiet=quiet, config=config))

    def deliver(self, told: Told, *, quiet: bool) -> None:
        """The result to standard output, and to every output file."""
        written = replace(self.options, color=False, quiet=False, full=self.options.full or self.whole)
        if self.name is not None:
            _run.print_out(self.shelf.render(told, self.name, self.options))
        for path, name in self.outputs:
            content = self.shelf.render(told, name, written)
            if path == _run.STDIN:
                _run.print_out(content)
                continue
            write(path, content)
            _run.say(f"wrote {path}", quiet=quiet)


def looks(
    shelf: Shelf[Told],
    output_format: str | None,
    outputs: Sequence[str],
    *,
    lang: str | None,
    color: str | None,
    full: bool = False,
    whole: bool = False,
) -> Looks[Told]:
    """How a result is shown; a wrong name is told before any file is read."""
    name = shelf.check(output_format or "table")
    files = tuple((path, name if path == _run.STDIN else shelf.format_of(path)) for path in outputs)
    options = RenderOptions(
        lang=_run.language(lang), width=_run.width(), full=full, color=_run.colored(color), tool_version=VERSION
    )
    shown = name if not files or output_format is not None else None
    return Looks(shelf=shelf, name=shown, outputs=files, options=options, whole=whole)

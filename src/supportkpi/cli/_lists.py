"""How lists are shown: which formats go to standard output and to which files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from supportkpi.cli import _run
from supportkpi.lists import Listing
from supportkpi.reporters import RenderOptions, list_format_of, list_reporter, render_list
from supportkpi.version import VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """A format for standard output (None where only files were asked for), files with theirs, and how it looks."""

    name: str | None
    outputs: tuple[tuple[str, str], ...]
    options: RenderOptions


def looks(
    output_format: str | None, outputs: Sequence[str], *, lang: str | None, color: str | None, every: bool
) -> Looks:
    """How a list is shown; a wrong name is told before any file is read."""
    name = output_format or "table"
    list_reporter(name)
    files = tuple((path, name if path == _run.STDIN else list_format_of(path)) for path in outputs)
    options = RenderOptions(
        lang=_run.language(lang), width=_run.width(), full=every, color=_run.colored(color), tool_version=VERSION
    )
    return Looks(name=name if not files or output_format is not None else None, outputs=files, options=options)


def deliver(listing: Listing, shown: Looks, *, quiet: bool) -> None:
    """The list to standard output; to every output file in full."""
    if shown.name is not None:
        _run.print_out(render_list(listing, shown.name, shown.options))
    for path, name in shown.outputs:
        content = render_list(listing, name, replace(shown.options, color=False, full=True))
        if path == _run.STDIN:
            _run.print_out(content)
            continue
        _run.write(path, content)
        _run.say(f"wrote {path}", quiet=quiet)

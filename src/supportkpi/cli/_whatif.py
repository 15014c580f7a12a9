"""How what-if is shown: formats for standard output and files, and the clocks that change as CSV."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from supportkpi.cli import _run
from supportkpi.reporters import RenderOptions, render_whatif, whatif_format_of, whatif_reporter
from supportkpi.reporters.whatif import moved_csv
from supportkpi.version import VERSION
from supportkpi.whatifs import WhatIf


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """A format for standard output (None where only files were asked for), files with theirs, and how it looks."""

    name: str | None
    outputs: tuple[tuple[str, str], ...]
    options: RenderOptions
    changed: str | None = None


def looks(
    output_format: str | None, outputs: Sequence[str], *, lang: str | None, color: str | None, changed: str | None
) -> Looks:
    """How it is shown; a wrong name is told before any file is read."""
    name = output_format or "table"
    whatif_reporter(name)
    files = tuple((path, name if path == _run.STDIN else whatif_format_of(path)) for path in outputs)
    options = RenderOptions(
        lang=_run.language(lang), width=_run.width(), color=_run.colored(color), tool_version=VERSION
    )
    shown = name if not files or output_format is not None else None
    return Looks(name=shown, outputs=files, options=options, changed=changed)


def deliver(found: WhatIf, shown: Looks, *, quiet: bool) -> None:
    """The answers to standard output and to every output file; the clocks that change to theirs."""
    if shown.name is not None:
        _run.print_out(render_whatif(found, shown.name, shown.options))
    for path, name in shown.outputs:
        content = render_whatif(found, name, replace(shown.options, color=False))
        if path == _run.STDIN:
            _run.print_out(content)
            continue
        _run.write(path, content)
        _run.say(f"wrote {path}", quiet=quiet)
    if shown.changed is not None:
        _run.write(shown.changed, moved_csv(found))
        _run.say(f"wrote {shown.changed}", quiet=quiet)

"""How checks are shown: which formats go to standard output and to which files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from supportkpi.checks import Gate
from supportkpi.cli import _run
from supportkpi.reporters import RenderOptions, check_format_of, render_checks
from supportkpi.reporters.checks import check_reporter
from supportkpi.version import VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """A format for standard output (None where only files were asked for), files with theirs, and how it looks."""

    name: str | None
    outputs: tuple[tuple[str, str], ...]
    options: RenderOptions


def looks(
    output_format: str | None, outputs: Sequence[str], *, lang: str | None, color: str | None, quiet: bool
) -> Looks:
    """How a gate is shown; a wrong name is told before any file is read."""
    name = output_format or "table"
    check_reporter(name)
    files = tuple((path, check_format_of(path)) for path in outputs)
    options = RenderOptions(
        lang=_run.language(lang),
        width=_run.width(),
        color=_run.colored(color),
        quiet=quiet,
        tool_version=VERSION,
    )
    return Looks(name=name, outputs=files, options=options)


def deliver(gate: Gate, shown: Looks, *, quiet: bool, config: str | None = None) -> None:
    """The gate to standard output, and to every output file; ``config``: the settings file that was taken."""
    shown = replace(shown, options=replace(shown.options, config=Path(config).name if config is not None else ""))
    if shown.name is not None:
        _run.print_out(render_checks(gate, shown.name, shown.options))
    for path, name in shown.outputs:
        _run.write(path, render_checks(gate, name, replace(shown.options, color=False, quiet=False)))
        _run.say(f"wrote {path}", quiet=quiet)

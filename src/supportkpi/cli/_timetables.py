"""How timetables are shown, and where a calendar that is written out goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from supportkpi.cli import _run
from supportkpi.errors import OutputFailed
from supportkpi.reporters import RenderOptions, render_timetable, timetable_format_of, timetable_reporter
from supportkpi.timetables import Timetable
from supportkpi.version import VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """A format for standard output (None where only files were asked for), files with theirs, and how it looks."""

    name: str | None
    outputs: tuple[tuple[str, str], ...]
    options: RenderOptions


def looks(
    output_format: str | None, outputs: Sequence[str], *, lang: str | None, color: str | None, full: bool
) -> Looks:
    """How a timetable is shown; a wrong name is told before anything is made."""
    name = output_format or "table"
    timetable_reporter(name)
    files = tuple((path, name if path == _run.STDIN else timetable_format_of(path)) for path in outputs)
    options = RenderOptions(
        lang=_run.language(lang), width=_run.width(), full=full, color=_run.colored(color), tool_version=VERSION
    )
    return Looks(name=name if not files or output_format is not None else None, outputs=files, options=options)


def deliver(timetable: Timetable, shown: Looks, *, quiet: bool) -> None:
    """The timetable to standard output, and to every output file."""
    if shown.name is not None:
        _run.print_out(render_timetable(timetable, shown.name, shown.options))
    for path, name in shown.outputs:
        content = render_timetable(timetable, name, replace(shown.options, color=False))
        if path == _run.STDIN:
            _run.print_out(content)
            continue
        _run.write(path, content)
        _run.say(f"wrote {path}", quiet=quiet)


def freeze_to(text: str, outputs: Sequence[str], *, config: str | None, force: bool, quiet: bool) -> None:
    """The calendar as YAML to standard output, or to files that are not there yet.

    Raises:
        OutputFailed: a file is there and ``force`` does not allow to write over it, or it is the settings file itself.
    """
    for path in outputs:
        _refuse(path, config, force=force)
    for path in outputs or (_run.STDIN,):
        if path == _run.STDIN:
            _run.print_out(text)
            continue
        _run.write(path, text)
        _run.say(f"wrote {path}", quiet=quiet)


def _refuse(path: str, config: str | None, *, force: bool) -> None:
    target = Path(path)
    if path == _run.STDIN or not target.exists():
        return
    if config is not None and Path(config).exists() and target.samefile(config):
        message = f"{path} is the settings file: nothing but the calendar would be left of it"
        raise OutputFailed(message, hint="write into another file, and put the calendar in its place by hand")
    if not force:
        raise OutputFailed(f"{path} is there already", hint="name another file, or write over it with --force")

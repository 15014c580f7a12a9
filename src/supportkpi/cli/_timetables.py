"""Where a calendar that is written out goes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from supportkpi.cli import _run
from supportkpi.cli._written import write
from supportkpi.errors import OutputFailed


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
        write(path, text)
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

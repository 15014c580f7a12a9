"""What commands share: options become settings and readings, results become files."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from supportkpi.errors import ConfigValue, MappingInvalid, OptionWrong

if TYPE_CHECKING:
    from supportkpi.decisions import Reading
    from supportkpi.report import Report
    from supportkpi.reporters import RenderOptions

    Looks = tuple[str, RenderOptions, bool]  # format, how it looks, whether it was asked for

STDIN = "-"


def reading(
    *,
    source_tz: str | None,
    columns: Sequence[str] | None,
    helpdesk: str | None,
    mapping: str | None,
    encoding: str | None,
    delimiter: str | None,
    date_format: str | None,
    dayfirst: bool | None,
    sheet: str | None,
    csat_scale: str | None,
) -> Reading:
    """The reading options of a command line."""
    from supportkpi.decisions import Reading  # noqa: PLC0415

    return Reading(
        source_timezone=source_tz,
        columns=_pairs(columns or ()),
        helpdesk=helpdesk,
        mapping=mapping,
        encoding=encoding,
        delimiter=delimiter,
        date_format=date_format,
        dayfirst=dayfirst,
        sheet=sheet,
        csat_scale=csat_scale,
    )


def _pairs(texts: Sequence[str]) -> Mapping[str, str]:
    pairs: dict[str, str] = {}
    for text in texts:
        field, equals, column = text.partition("=")
        if not equals or not field.strip() or not column.strip():
            raise MappingInvalid(f"--map {text!r} is not FIELD=COLUMN", hint='write --map created_at="Opened on"')
        if pairs.setdefault(field.strip(), column.strip()) != column.strip():
            raise MappingInvalid(f"--map reads {field.strip()} from two columns", hint="name one column for a field")
    return pairs


def standard_input(files: Sequence[str]) -> bytes | None:
    """The bytes of standard input when a file is ``-``."""
    if STDIN not in files:
        return None
    if sys.stdin is None or sys.stdin.closed or sys.stdin.isatty():  # None where a job closed it
        raise OptionWrong("- reads standard input, but nothing is piped in", hint="supportkpi report - < tickets.csv")
    return sys.stdin.buffer.read()


def listed(texts: Sequence[str] | None) -> list[str]:
    """The parts of comma lists, in order."""
    return [part.strip() for text in texts or () for part in text.split(",") if part.strip()]


def now() -> datetime:
    """The time of day: the one place where it enters, and no number goes by it unless --as-of now asks for it."""
    return datetime.now(UTC)


def as_of(text: str | None, timezone: str) -> datetime | None:
    """The instant of --as-of."""
    if text is None:
        return None
    if text.strip().lower() == "now":
        return now()
    from supportkpi.periods import instant  # noqa: PLC0415

    try:
        return instant(text, timezone)
    except ConfigValue as wrong:
        raise OptionWrong(f"--as-of {wrong.message}", hint=f"{wrong.hint}, or now") from wrong


def language(asked: str | None) -> str:
    """The language of the words: asked for, else by the locale of the environment."""
    if asked is not None:
        if asked not in ("en", "ru"):
            raise OptionWrong(f"no language is called {asked!r}", hint="write --lang en or --lang ru")
        return asked
    said = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "ru" if said.lower().startswith("ru") else "en"


def colored(asked: str | None) -> bool:
    """Whether standard output takes colour: as asked, else if it is a terminal and NO_COLOR is not set."""
    if asked not in (None, "auto", "always", "never"):
        raise OptionWrong(f"there is no --color {asked!r}", hint="write --color auto, always or never")
    if asked in ("always", "never"):
        return asked == "always"
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"


def width() -> int:
    """Columns to write in: those of the terminal or of COLUMNS; 100 where there is neither."""
    return max(60, shutil.get_terminal_size(fallback=(100, 24)).columns)


def say(text: str, *, quiet: bool = False) -> None:
    r"""A sentence to the person at the terminal, on standard error; control characters of the data as ``\x1b``."""
    if not quiet:
        typer.echo("".join(map(_tame, text)), err=True)


def _tame(letter: str) -> str:
    """The letter, or how it is written where a terminal would obey it or cannot show it."""
    if letter.isprintable() or letter in "\n\u00a0\u202f\u2009":
        return letter
    return letter.encode("unicode_escape").decode()


def print_out(content: str | bytes) -> None:
    """Data to standard output; the console's own encoding may not know every letter of it."""
    if isinstance(content, str) and not hasattr(sys.stdout, "buffer"):  # a program has put something else there
        sys.stdout.write(content)
        return
    try:
        if isinstance(content, str):
            content = content.encode(sys.stdout.encoding or "utf-8", errors="replace")
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.flush()
    except BrokenPipeError:  # told here, since typer would make a fault of it
        close_output()
        raise typer.Exit from None


def close_output() -> None:
    """Let whatever is still written to standard output vanish: nobody reads it any more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def looks(output_format: str | None, *, lang: str | None, color: str | None, full: bool) -> Looks:
    """How results are shown; a wrong name is told before any file is read."""
    from supportkpi.reporters import RenderOptions, named  # noqa: PLC0415
    from supportkpi.version import VERSION  # noqa: PLC0415

    name = output_format or "table"
    named(name)
    options = RenderOptions(lang=language(lang), width=width(), full=full, color=colored(color), tool_version=VERSION)
    return name, options, output_format is not None


def format_of(path: str, asked: str | None) -> str:
    """The format of an output file: its suffix says it, else the format asked for."""
    from supportkpi.reporters import by_suffix  # noqa: PLC0415

    if asked is not None and not Path(path).suffix:
        return asked
    return by_suffix(path).FORMAT


def deliver(report: Report, outputs: Sequence[tuple[str, str]], looks: Looks, *, quiet: bool) -> None:
    """The report to standard output, or in full to every output file."""
    from supportkpi.cli._written import write  # noqa: PLC0415
    from supportkpi.reporters import render  # noqa: PLC0415

    name, options, asked = looks
    if not outputs or (asked and all(Path(path).suffix for path, _ in outputs)):
        print_out(render(report, name, options))
    for path, file_format in outputs:
        content = render(report, file_format, replace(options, full=True, color=False))
        if path == STDIN:
            print_out(content)
            continue
        write(path, content)
        say(f"wrote {path}", quiet=quiet)

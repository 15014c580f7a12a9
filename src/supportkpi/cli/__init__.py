"""The command line: commands, the one place that catches errors, exit codes.

0 ok · 1 a check failed · 2 usage, config or input error · 3 the data cannot be judged · 101 our bug · 130 interrupted.
"""

from __future__ import annotations

import errno
import gc
import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from supportkpi.cli import _run
from supportkpi.cli._commands import COMMANDS, SETTINGS, Commands
from supportkpi.cli._run import say
from supportkpi.errors import KpiError, OutputFailed, Where
from supportkpi.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Sequence

_YOUNG = 100_000
"""New objects before cycles are looked for: a report of thousands of rows makes fewer."""
_EPILOG = (
    "supportkpi COMMAND --help shows a command's options; "
    "every option is also an environment variable SUPPORTKPI_OPTION, a repeatable one a value a line."
)
app = typer.Typer(
    name="supportkpi",
    cls=Commands,
    help="Support KPIs you can defend, from the export your helpdesk gave you.",
    epilog=_EPILOG,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings=SETTINGS,
)


def _version(value: bool) -> None:
    if value:
        typer.echo(f"supportkpi {VERSION}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(False, "--version", help="Print the version.", callback=_version, is_eager=True),
) -> None:
    """Support KPIs you can defend, from the export your helpdesk gave you."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command line and exit with its code."""
    gc.set_threshold(_YOUNG)  # a run ends before its few cycles are worth walks over all of its rows
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # else it looks through all that is installed for some
    if sys.stdout is None:  # a job closed it: nobody is to read what is said there
        sys.stdout = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8", closefd=False)
    if isinstance(sys.stdout, io.TextIOWrapper):  # a console of Windows may not know every letter of the help
        sys.stdout.reconfigure(errors="replace")
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run a command line; errors become one message on standard error and an exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        outcome = app(given, standalone_mode=False, prog_name="supportkpi")
        sys.stdout.flush()
    except (Exception, KeyboardInterrupt) as error:  # the last line of defence: a traceback helps nobody at this desk
        return _ended(error, given)
    return outcome if isinstance(outcome, int) else 0


def _ended(error: BaseException, given: list[str]) -> int:
    """What is said of an error, and the exit code that it has."""
    match error:
        case KpiError():
            _tell(error)
            code = error.code
        case typer.Exit():
            code = error.exit_code
        case typer.Abort() | KeyboardInterrupt():
            code = 130
        case BrokenPipeError():
            code = _quietly()
        case OSError(errno=errno.ENOSPC | errno.EDQUOT):
            code = _full(error)
        case typer.TyperException():
            code = _usage(error, given)
        case _:
            code = _bug(error, given)
    return code


def _tell(error: KpiError) -> None:
    say(f"error: {error.message} [{error.slug}]")
    if error.where is not None and str(error.where):
        say(f"  {_place(error.where)}")
    if error.hint:
        say(f"  {error.hint}")


def _place(where: Where) -> str:
    return str(where)


def _usage(error: typer.TyperException, given: list[str]) -> int:
    """A mistake in the command line itself, in the form of every other error."""
    message = getattr(error, "format_message", lambda: str(error))().strip()
    if not given:  # no command, hence no mistake: the message is the help
        say(message)
        return 2
    say(f"error: {message[:1].lower()}{message[1:].rstrip('.')} [usage]")
    first = next((word for word in given if not word.startswith("-")), "")
    command = first if first in COMMANDS else ""
    if "No such command" in message and (Path(first).exists() or Path(first).suffix):
        say(f"  did you mean: supportkpi report {' '.join(map(_typed, given))}")
    else:
        say(f"  supportkpi {f'{command} ' if command else ''}--help shows what there is")
    return 2


def _typed(word: str) -> str:
    """A word as it is typed: in quotes where a shell would take it apart."""
    return f'"{word}"' if not word or any(letter in word for letter in " ()&;'*<>|") else word


def _quietly() -> int:
    """The reader has gone away (``| head``): that is no error, and Python must not complain at exit either."""
    _run.close_output()
    return 0


def _full(error: OSError) -> int:
    """No room on the disk that standard output, or a file of the run, goes to: no fault of the program."""
    _run.close_output()  # Python would try again at exit
    _tell(OutputFailed(f"cannot write: {error.strerror}", hint="make room there, or write to another place"))
    return OutputFailed.code


def _bug(error: BaseException, given: list[str]) -> int:
    if "-v" in given or "--verbose" in given:
        import traceback  # noqa: PLC0415

        traceback.print_exception(error)
    say(f"error: this is a fault of supportkpi, not of your data: {type(error).__name__}: {error} [bug]")
    say("  run it again with -v and report what it prints; leave the data out")
    return 101

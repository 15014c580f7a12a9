"""The commands and the rooms they live in: a run builds the one it was asked for, and the page of all builds none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, MutableMapping
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

import typer
from typer.core import TyperCommand, TyperGroup

if TYPE_CHECKING:
    from typer._click import Command, Context, HelpFormatter, Parameter

COMMANDS = {
    "report": ("report", "Compute the KPIs of exported tickets."),
    "check": ("check", "Judge the checks of a config, or targets on the command line."),
    "whatif": ("whatif", "Judge the same history under other service levels."),
    "tickets": ("tickets", "List the tickets behind a number."),
    "inspect": ("inspect", "Show how files are read, and which KPIs they can give."),
    "init": ("init", "Write a first supportkpi.yaml, to edit."),
    "explain": ("explain", "Explain a KPI, an error message, or what happened to a ticket."),
    "convert": ("convert", "Write exports as one folder of canonical tables."),
    "reconcile": ("reconcile", "Hold the export's own minutes, counts and verdicts beside ours."),
    "calendar": ("calendar", "Show which hours are open, and why some days differ."),
    "kpis": ("listings", "List every KPI: id, short name, definition."),
    "helpdesks": ("listings", "List every export that is recognised without being told."),
    "schema": ("schema", "Print the JSON Schema of a config, or of what a command writes."),
    "demo": ("demo", "Write a made-up helpdesk, to try everything on."),
}
"""Each command's file and the line that the page of all commands shows: the first of its own page."""
SETTINGS = {"help_option_names": ["-h", "--help"]}


class Built(MutableMapping[str, "Command"]):
    """The commands by name, each built when it is first taken: building all of them costs more than Python's start."""

    def __init__(self, rooms: dict[str, tuple[str, str]]) -> None:
        self._rooms = dict(rooms)
        self._built: dict[str, Command] = {}

    def __getitem__(self, name: str) -> Command:
        if name not in self._built:
            self._built[name] = _command(name, self._rooms[name][0])
        return self._built[name]

    def __setitem__(self, name: str, command: Command) -> None:
        self._rooms.setdefault(name, ("", ""))
        self._built[name] = command

    def __delitem__(self, name: str) -> None:
        del self._rooms[name]
        self._built.pop(name, None)

    def __iter__(self) -> Iterator[str]:
        return iter(self._rooms)

    def __len__(self) -> int:
        return len(self._rooms)


def _command(name: str, room: str) -> Command:
    alone = typer.Typer(
        add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None, context_settings=SETTINGS
    )
    alone.command(name, cls=One)(getattr(import_module(f"supportkpi.cli.{room}"), name))
    command = typer.main.get_command(alone)
    for option in command.params:
        if getattr(option, "multiple", False):
            setattr(option, "value_from_envvar", partial(_a_line_each, option))  # noqa: B010 - a method of its own
    return command


def _sparing(options: list[Parameter]) -> list[Parameter]:
    """The options, of which those that are not given are not checked: typer builds a check of pydantic for each."""
    for option in options:
        if "process_value" not in vars(option):
            setattr(option, "process_value", partial(_if_given, option, option.process_value))  # noqa: B010
    return options


def _if_given(option: Parameter, checked: Callable[[Context, object], object], ctx: Context, value: object) -> object:
    if value is not None or option.required:
        return checked(ctx, value)
    missing = () if option.nargs == -1 or getattr(option, "multiple", False) else None
    return missing if option.callback is None else option.callback(ctx, option, missing)


def _a_line_each(option: Parameter, ctx: Context) -> list[str] | None:
    """The values of a repeatable option in its variable, one a line: values have spaces, ``first_response=4h …``."""
    text = option.resolve_envvar_value(ctx)
    return None if text is None else [line.strip() for line in text.splitlines() if line.strip()]


class One(TyperCommand):
    """One command."""

    def get_params(self, ctx: Context) -> list[Parameter]:
        """The options, with that of the help."""
        return _sparing(super().get_params(ctx))


class Commands(TyperGroup):
    """The group of all commands."""

    def get_params(self, ctx: Context) -> list[Parameter]:
        """The options before a command, with that of the help."""
        return _sparing(super().get_params(ctx))

    def __init__(self, **given: object) -> None:
        super().__init__(**given)  # type: ignore[arg-type]
        self.commands = Built(COMMANDS)

    def list_commands(self, ctx: Context) -> list[str]:
        """The names, in the order in which they are read."""
        return list(self.commands)

    def format_commands(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write the commands' lines without building the commands."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])

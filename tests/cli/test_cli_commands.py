"""The page of all commands is made without building one, so its lines are held against the commands' own pages."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module

import pytest

from supportkpi.cli._commands import COMMANDS


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_s_line_is_the_first_of_its_own_page(name: str) -> None:
    room, line = COMMANDS[name]
    page = getattr(import_module(f"supportkpi.cli.{room}"), name).__doc__
    assert page.splitlines()[0] == line


def test_the_page_of_all_commands_fits_a_line_each(cli: Callable[..., object]) -> None:
    shown = cli("--help").out.splitlines()  # type: ignore[attr-defined]
    for name, (_, line) in COMMANDS.items():
        assert f"  {name:<9}  {line}" in shown
    assert max(map(len, shown)) <= 80


def test_the_page_of_all_commands_loads_no_command() -> None:
    asked = "import sys; from supportkpi.cli import run; run(['--help']); print(*sys.modules, file=sys.stderr)"
    environment = {**os.environ, "COLUMNS": "80"}
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, env=environment)
    rooms = {f"supportkpi.cli.{room}" for room, _ in COMMANDS.values()}
    assert not rooms & {*done.stderr.split()}

"""The options of reading stand in one place: every command that reads files has all of them, and passes them on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from supportkpi import cli as street
from supportkpi.cli._reading import OPTIONS

ROOT = Path(__file__).resolve().parents[2]
READERS = ("report", "check", "whatif", "tickets", "inspect", "init", "explain", "convert", "reconcile")
HERE = "id;opened;Done\n1;03.04.2026 10:00;05.04.2026 11:00\n2;04.04.2026 10:00;05.04.2026 11:00\n"


@pytest.mark.parametrize("name", READERS)
def test_every_command_that_reads_has_them_all_in_the_same_order(name: str) -> None:
    command = get_command(street.app).commands[name]  # type: ignore[attr-defined]
    assert [option.name for option in command.params if option.name in OPTIONS] == list(OPTIONS)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--source-tz", "Mars/Base"), "Mars/Base"),
        (("--map", "created_at=nothing"), "nothing"),
        (("--helpdesk", "zendsk"), "zendsk"),
        (("--mapping", "no.yaml"), "no.yaml"),
        (("--encoding", "klingon"), "klingon"),
        (("--delimiter", "ab"), "ab"),
        (("--date-format", "%Q"), "%Q"),
        (("--sheet", "March"), "March"),
        (("--csat-scale", "5-1"), "'5-1' is no rating scale"),
        (("--map", "status=opened", "--map", "status=Done"), "reads status from two columns"),
    ],
)
@pytest.mark.parametrize("command", [("report",), ("inspect",), ("convert", "-o", "there")])
def test_what_they_say_reaches_the_reading(
    cli: Callable[..., Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: tuple[str, ...],
    options: tuple[str, ...],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("t.csv").write_text(HERE, encoding="utf-8")
    run = cli(*command, "t.csv", *options)
    assert run.code == 2
    assert said in run.err

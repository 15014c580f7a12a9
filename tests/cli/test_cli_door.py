"""The command line as such: help, versions, mistakes, the environment, streams that close, our own faults."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import supportkpi
from supportkpi import cli as street
from supportkpi.cli._commands import COMMANDS, Built
from supportkpi.cli._run import colored

Cli = Callable[..., Any]
ROOT = Path(__file__).resolve().parents[2]
ZENDESK = ROOT / "examples" / "zendesk.csv"


def program(*arguments: object, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """A run as a process of its own, for what cannot be seen from inside."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SUPPORTKPI_", "LC_", "LANG"))}
    return subprocess.run(
        [sys.executable, "-m", "supportkpi", *map(str, arguments)],
        capture_output=True,
        env=kept | environment,
        check=False,
    )


def test_without_a_command_the_help_is_shown(cli: Cli) -> None:
    run = cli()
    assert (run.code, run.out) == (2, "")
    assert run.err.startswith("Usage: supportkpi")
    assert "error:" not in run.err


@pytest.mark.parametrize("arguments", [("--help",), ("-h",), *((name, "--help") for name in COMMANDS)])
def test_help_is_data_and_no_fault(cli: Cli, arguments: tuple[str, ...]) -> None:
    run = cli(*arguments)
    assert (run.code, run.err) == (0, "")
    assert "Usage: supportkpi" in run.out


def test_every_command_is_listed(cli: Cli) -> None:
    assert all(f"  {name} " in cli("--help").out for name in COMMANDS)


def test_the_version_is_that_of_the_package(cli: Cli) -> None:
    assert cli("--version").out == f"supportkpi {supportkpi.__version__}\n"


def test_a_file_in_the_place_of_a_command_is_taken_for_what_it_is(cli: Cli) -> None:
    run = cli("tickets.csv", "--by", "priority")
    assert run.code == 2
    assert "did you mean: supportkpi report tickets.csv --by priority" in run.err


def test_a_mistyped_command_is_guessed(cli: Cli) -> None:
    run = cli("reprot", "tickets.csv")
    assert run.code == 2
    assert "Did you mean 'report'?" in run.err


@pytest.mark.parametrize(
    "arguments",
    [("report",), ("report", "x.csv", "--bla"), ("report", "x.csv", "--tz"), ("kpis", "extra")],
)
def test_a_wrong_command_line_is_told_in_the_form_of_every_error(cli: Cli, arguments: tuple[str, ...]) -> None:
    run = cli(*arguments)
    assert (run.code, run.out) == (2, "")
    first, hint = run.err.splitlines()
    assert first.startswith("error: ")
    assert first.endswith("[usage]")
    assert hint == f"  supportkpi {arguments[0]} --help shows what there is"


def test_options_are_taken_from_the_environment(cli: Cli, environment: Callable[..., None]) -> None:
    asked = cli("report", ZENDESK, "-f", "json", "--tz", "Europe/Moscow", "--kpi", "csat", "-q")
    assert json.loads(asked.out)["method"]["timezone"] == "Europe/Moscow"
    environment(SUPPORTKPI_FORMAT="json", SUPPORTKPI_TZ="Europe/Moscow", SUPPORTKPI_KPI="csat", SUPPORTKPI_QUIET="1")
    assert cli("report", ZENDESK) == asked


def test_values_of_a_repeatable_option_stand_one_a_line(cli: Cli, environment: Callable[..., None]) -> None:
    environment(SUPPORTKPI_SLA="first_response=4h resolution=16h\nfirst_response=2h resolution=16h\n")
    found = json.loads(cli("whatif", ZENDESK, "-f", "json").out)
    assert [each["name"] for each in found["scenarios"]] == [
        "first_response=4h resolution=16h",
        "first_response=2h resolution=16h",
    ]
    environment(SUPPORTKPI_SLA="first_response=4h resolution=16h")  # of another command, which takes one
    rows = json.loads(cli("report", ZENDESK, "-f", "json", "--kpi", "sla_resolution").out)["rows"]
    assert rows[0]["n"] > 0


def test_a_closed_standard_input_is_no_fault_of_ours() -> None:
    closed = f"{sys.executable} -m supportkpi report - <&-"
    run = subprocess.run(["sh", "-c", closed], capture_output=True, check=False)
    assert run.returncode == 2
    assert b"nothing is piped in" in run.stderr


def test_an_option_wins_over_the_environment(cli: Cli, environment: Callable[..., None]) -> None:
    environment(SUPPORTKPI_FORMAT="no such format")
    assert cli("kpis").code == 2
    assert cli("kpis", "-f", "plain").code == 0


def test_every_option_names_its_variable_alike() -> None:
    from typer.main import get_command

    commands = get_command(street.app).commands  # type: ignore[attr-defined]
    options = [option for command in commands.values() for option in command.params if option.name != "help"]
    wrong = [option.opts for option in options if option.opts[0].startswith("-") and not _is_named_alike(option)]
    assert wrong == []


def _is_named_alike(option: Any) -> bool:
    long = next(name for name in option.opts if name.startswith("--"))
    return bool(option.envvar == "SUPPORTKPI_" + long.strip("-").replace("-", "_").upper())


def test_a_russian_environment_is_no_fault(cli: Cli, environment: Callable[..., None]) -> None:
    environment(LC_ALL="ru_RU.UTF-8")
    for arguments in (("report", ZENDESK), ("explain", "csat"), ("kpis",), ("inspect", ZENDESK)):
        assert cli(*arguments).code == 0
    english, russian = cli("report", ZENDESK, "-f", "csv", "--lang", "en"), cli("report", ZENDESK, "-f", "csv")
    assert russian.out == english.out


def test_a_language_that_is_not_there_is_refused(cli: Cli) -> None:
    run = cli("report", ZENDESK, "--lang", "de")
    assert run.code == 2
    assert "[option-wrong]" in run.err


@pytest.mark.parametrize("when", ["never", "auto"])
def test_no_colour_reaches_a_pipe(cli: Cli, when: str) -> None:
    assert "\x1b" not in cli("report", ZENDESK, "--color", when).out


class Terminal(io.StringIO):
    """Standard output as a terminal has it."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("variables", "coloured"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, False), ({"TERM": "dumb"}, False)],
)
def test_a_terminal_has_colour_unless_it_says_otherwise(
    variables: dict[str, str], coloured: bool, environment: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    environment(**{"TERM": "xterm-256color", **variables})
    monkeypatch.setattr("sys.stdout", Terminal())
    assert colored(None) is colored("auto") is coloured
    assert colored("always") is True
    assert colored("never") is False


def test_colour_comes_when_asked_for_and_changes_no_words(cli: Cli) -> None:
    import re

    coloured = cli("report", ZENDESK, "--color", "always", "--target", "csat=99%").out
    assert "\x1b[" in coloured
    bare = re.sub(r"\x1b\[[0-9;]*m", "", coloured)
    assert bare == cli("report", ZENDESK, "--target", "csat=99%").out


def test_a_console_that_knows_only_ascii_gets_the_report() -> None:
    run = program("report", ZENDESK, PYTHONIOENCODING="ascii", PYTHONUTF8="0", LANG="C", NO_COLOR="1")
    assert run.returncode == 0
    assert b"Traceback" not in run.stderr
    assert run.stdout.startswith(b"SUPPORT KPIS")
    run.stdout.decode("ascii")


def test_talk_with_letters_that_the_console_lacks_is_no_fault() -> None:
    run = program("report", ROOT / "examples" / "russian.csv", PYTHONIOENCODING="ascii", LANG="C", PYTHONUTF8="0")
    assert run.returncode == 0
    assert b"Traceback" not in run.stderr


@pytest.mark.skipif(os.name == "nt", reason="pipes break otherwise there")
@pytest.mark.parametrize("command", ["report FILE --full -q", "kpis"])
def test_a_reader_that_goes_away_is_no_fault(command: str) -> None:
    line = f"'{sys.executable}' -m supportkpi {command.replace('FILE', str(ZENDESK))}"
    run = subprocess.run(["bash", "-c", f"set -o pipefail; {line} | true"], capture_output=True, check=False)
    assert run.returncode == 0
    assert run.stderr == b""


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Callable[[BaseException], None]:
    """Makes loading end in an error of one's choice."""

    def fail(error: BaseException) -> None:
        def load(*names: str, **options: object) -> None:
            raise error

        monkeypatch.setattr("supportkpi.pipeline.load", load)

    return fail


def test_an_interrupt_ends_with_130_and_without_a_word(cli: Cli, failing: Callable[[BaseException], None]) -> None:
    failing(KeyboardInterrupt())
    run = cli("report", ZENDESK)
    assert (run.code, run.out, run.err) == (130, "", "")


def test_a_fault_of_ours_is_one_line_and_how_to_report_it(cli: Cli, failing: Callable[[BaseException], None]) -> None:
    failing(ZeroDivisionError("division by zero"))
    run = cli("report", ZENDESK)
    assert run.code == 101
    assert "Traceback" not in run.err
    assert "ZeroDivisionError: division by zero [bug]" in run.err
    assert "Traceback" in cli("report", ZENDESK, "-v").err


def test_help_loads_nothing_heavy() -> None:
    heavy = {"polars", "pydantic", "holidays", "babel", "yaml", "rich", "fastexcel", "dateutil"}
    lines = [["--help"], ["--version"], *([name, "--help"] for name in COMMANDS)]
    code = (
        "import sys; from supportkpi.cli import run\n"
        f"for words in {lines}:\n"
        "    run(words)\n"
        f"    print('loaded', *words, *({heavy!r} & {{name.partition('.')[0] for name in sys.modules}}))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    told = [line.split()[1:] for line in run.stdout.splitlines() if line.startswith("loaded ")]
    assert told == lines


@pytest.mark.parametrize("name", COMMANDS)
def test_an_option_that_is_not_given_is_what_typer_makes_of_it(name: str) -> None:
    """It is not checked: a check of pydantic for each of thirty options takes longer than the page of a command."""
    command = Built(COMMANDS)[name]
    context = command.make_context(name, [], resilient_parsing=True)
    for option in command.get_params(context):
        if not option.required:
            checked = type(option).process_value(option, context, None)
            assert (option.name, option.process_value(context, None)) == (option.name, checked)

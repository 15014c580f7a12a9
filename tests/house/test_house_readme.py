"""The README says what is so: generated blocks, files, screens and code in it are those of the program."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sources import ROOT, SRC

import supportkpi
from supportkpi.catalogue import BLOCKS
from supportkpi.loaders import helpdesks
from supportkpi.metrics import catalogue
from supportkpi.reporters._cells import COUNTS_BELOW, PERCENTILES_FROM

README = ROOT / "README.md"
_BLOCK = re.compile(r"<!-- block: (\w+) -->\n(.*?)<!-- /block -->", re.DOTALL)
_FILE = re.compile(r"<!-- file: (\S+) -->\n```yaml\n(.*?)```", re.DOTALL)
_SCREEN = re.compile(r"```console\n\$ supportkpi (.*?)\n(.*?)```", re.DOTALL)
_PYTHON = re.compile(r"```python\n(.*?)```", re.DOTALL)
_SHELL = re.compile(r"```sh\n(.*?)```", re.DOTALL)


@pytest.fixture
def page(renew: bool, cli: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The README, written anew where that was asked for."""
    monkeypatch.chdir(ROOT)
    text = README.read_text(encoding="utf-8")
    if renew:
        text = _BLOCK.sub(lambda found: f"<!-- block: {found[1]} -->\n{_block(found[1])}<!-- /block -->", text)
        text = _FILE.sub(lambda found: f"<!-- file: {found[1]} -->\n```yaml\n{_file(found[1])}```", text)
        text = _SCREEN.sub(lambda found: f"```console\n$ supportkpi {found[1]}\n{_screen(cli, found[1])}```", text)
        README.write_text(text, encoding="utf-8", newline="")
    return text


def _block(name: str) -> str:
    return f"\n{BLOCKS[name]()}\n\n"


def _file(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def _screen(cli: Callable[..., Any], command: str) -> str:
    run = cli(*shlex.split(command))
    assert run.code == 0
    return str(run.screen)


def test_generated_blocks_are_those_of_the_catalogue(page: str) -> None:
    found = dict(_BLOCK.findall(page))
    assert set(found) == set(BLOCKS)
    for name, text in found.items():
        assert text == _block(name)


def test_the_tables_name_every_kpi_and_every_helpdesk(page: str) -> None:
    for name in (*catalogue(), *(entry.id for entry in helpdesks())):
        assert f"| `{name}` |" in page


def test_files_in_it_are_those_of_the_examples(page: str) -> None:
    found = dict(_FILE.findall(page))
    assert set(found) == {"examples/supportkpi.yaml", "examples/own-helpdesk.yaml"}
    for name, text in found.items():
        assert text == _file(name)


def test_screens_in_it_are_what_the_program_prints(page: str, cli: Callable[..., Any]) -> None:
    screens = _SCREEN.findall(page)
    assert screens
    for command, text in screens:
        assert text == _screen(cli, command)


def test_the_code_in_it_runs(page: str, capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = _PYTHON.findall(page)
    assert len([line for line in code.splitlines() if line]) == 6
    exec(compile(code, "README.md", "exec"), {})  # noqa: S102
    said = capsys.readouterr().out
    assert "# Support KPIs" in said
    assert "urgent" in said


def test_every_other_command_in_it_works(page: str, cli: Callable[..., Any]) -> None:
    lines = [line for block in _SHELL.findall(page) for line in block.splitlines()]
    ours = [line for line in lines if line.startswith("supportkpi ")]
    assert ours
    for line in ours:
        assert cli(*shlex.split(line)[1:]).code == 0
    spoken = re.findall(r"`supportkpi (explain [\w-]+|kpis|helpdesks|report --help)`", page)
    assert len(spoken) >= 4
    for line in spoken:
        assert cli(*line.split()).code == 0


def test_options_and_files_in_it_exist(page: str, cli: Callable[..., Any]) -> None:
    known = cli("report", "--help").out
    for option in set(re.findall(r"`(--[a-z-]+)", page)):
        assert option in known, option
    for link in re.findall(r"\]\((?!https?:)([^)#]+)\)", page):
        assert (ROOT / link).exists(), link


def test_numbers_in_it_are_those_of_the_program(page: str) -> None:
    assert f"a share of fewer than {COUNTS_BELOW} is shown as a count" in page
    assert f"a p90 needs {PERCENTILES_FROM} too" in page


def test_it_starts_with_one_sentence_and_two_commands(page: str) -> None:
    title, sentence = page.split("\n\n")[:2]
    assert title == "# supportkpi"
    assert sentence.count(". ") == 0
    assert [name for name, _ in re.findall(r"<!-- command: (\w+) -->\n```sh\n(.*)\n```", page)] == ["report", "tests"]


def test_the_changelog_knows_this_version_and_keeps_definitions_apart() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    section = text.split(f"## [{supportkpi.__version__}]")[1].split("\n## ")[0]
    assert "### Added" in section
    assert "### Definition" in section


def test_one_version_everywhere() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'\nversion = "{supportkpi.__version__}"\n' in project


def test_the_small_settings_in_it_stay_small() -> None:
    assert len(_file("examples/supportkpi.yaml").splitlines()) <= 25
    assert (SRC / "loaders" / "helpdesks").is_dir()
    assert Path(README).stat().st_size < 32_000  # the tables of KPIs and helpdesks grow; the text beside them does not

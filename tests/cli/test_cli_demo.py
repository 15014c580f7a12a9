"""``demo`` and ``report --demo``: what is written, what is said, and that all that is said works."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Cli = Callable[..., Any]
SMALL = ("--tickets", "150")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, where the run is."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def commands(text: str) -> list[list[str]]:
    """The commands that a text gives to type, without the one with the reader's own file."""
    lines = [shlex.split(line) for line in re.findall(r"^.*?supportkpi (\S.*)$", text, flags=re.MULTILINE)]
    return [line for line in lines if not any(word in ("YOUR-FILE.csv", "ВАШ-ФАЙЛ.csv") for word in line)]


@pytest.mark.parametrize(("lang", "folder"), [("en", "a b/демо"), ("ru", "demo")])
def test_every_command_that_it_says_to_try_works(here: Path, cli: Cli, lang: str, folder: str) -> None:
    said = cli("demo", "-o", folder, "--lang", lang, *SMALL)
    assert (said.code, said.err) == (0, "")
    tried = commands(said.out)
    assert len(tried) >= 4
    for line in tried:
        assert cli(*line).code == 0, line


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_every_command_that_its_pages_name_works_beside_them(
    here: Path, cli: Cli, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = commands(cli("demo", "--lang", lang, *SMALL).out)
    monkeypatch.chdir(here / "demo")
    begin, tried = (commands(Path(page).read_text(encoding="utf-8")) for page in ("README.txt", "answers.txt"))
    assert begin == [[word.removeprefix("demo/") for word in line] for line in said]  # which are tried above
    assert len(tried) >= 4
    for line in tried:
        assert cli(*line).code == 0, line


def test_the_screen_says_what_was_written(here: Path, cli: Cli) -> None:
    said = cli("demo", "--seed", "3", "--tickets", "1200").out
    first, second = said.splitlines()[:2]
    assert first.startswith("wrote demo/: zendesk.csv (1,200 tickets), events.csv, tickets.json, nps.csv")
    assert second.startswith("a made-up helpdesk, two quarters; five problems are planted in it for you to find")
    assert said.splitlines()[-1] == "then  supportkpi report YOUR-FILE.csv"
    assert all(len(line) <= 100 for line in said.splitlines())


def test_the_files_of_a_seed_are_the_same_again(here: Path, cli: Cli) -> None:
    for folder in ("one", "other"):
        assert cli("demo", "-o", folder, "--seed", "5", *SMALL, "-q").screen == ""
    names = sorted(path.name for path in Path("one").iterdir())
    assert [(Path("other") / name).read_bytes() for name in names] == [
        (Path("one") / name).read_bytes() for name in names
    ]


def test_it_never_writes_over_anything_unasked(here: Path, cli: Cli) -> None:
    folder = here / "demo"
    folder.mkdir()
    (folder / "nps.csv").write_text("mine")
    run = cli("demo", *SMALL)
    assert run.code == 2
    assert run.err.startswith("error: demo/nps.csv is there already [output-failed]\n  ")
    assert [path.name for path in folder.iterdir()] == ["nps.csv"]
    assert cli("demo", *SMALL, "--force").code == 0
    assert (folder / "nps.csv").read_text(encoding="utf-8").startswith("Requester id,")


def test_a_file_in_the_place_of_the_folder_is_told(here: Path, cli: Cli) -> None:
    (here / "demo").write_text("mine")
    run = cli("demo", *SMALL, "--force")
    assert run.code == 2
    assert "[output-failed]" in run.err
    assert (here / "demo").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("count", ["0", "-4", "200001"])
def test_too_few_and_too_many_tickets_are_refused(here: Path, cli: Cli, count: str) -> None:
    run = cli("demo", "--tickets", count)
    assert (run.code, list(here.iterdir())) == (2, [])
    assert "[option-wrong]" in run.err


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_a_report_of_it_leaves_nothing_behind(here: Path, cli: Cli, lang: str) -> None:
    run = cli("report", "--demo", "--lang", lang)
    assert run.code == 0
    assert "demo/tickets.json" in run.err
    assert "2026" in run.out
    assert list(here.iterdir()) == []


def test_a_report_of_it_takes_the_options_of_every_report(here: Path, cli: Cli) -> None:
    run = cli("report", "--demo", "--by", "channel", "-p", "2026-Q1", "--kpi", "csat", "-o", "out.csv", "-q")
    assert run.screen == ""
    lines = (here / "out.csv").read_text(encoding="utf-8").splitlines()
    assert any(line.startswith("csat,value") and "messenger" in line for line in lines)


def test_a_report_of_it_wants_no_files_beside_it(here: Path, cli: Cli) -> None:
    run = cli("report", "tickets.csv", "--demo")
    assert (run.code, run.out) == (2, "")
    assert "--demo brings a helpdesk of its own" in run.err


def test_a_file_with_a_blank_in_its_name_is_quoted_where_it_is_guessed(cli: Cli) -> None:
    assert 'did you mean: supportkpi report "my tickets.csv" --by a' in cli("my tickets.csv", "--by", "a").err


def test_help_does_not_make_it_up() -> None:
    code = "import sys; from supportkpi.cli import run; run(['demo', '--help']); print(*sys.modules, file=sys.stderr)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stderr.split()
    assert {"supportkpi.demo", "polars", "random"} & set(loaded) == {"random"} & set(loaded)
    assert "supportkpi.cli.demo" in loaded

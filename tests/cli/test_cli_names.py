"""--names: persons have codes in every format unless their names are asked for."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Cli = Callable[..., Any]
ZENDESK = Path(__file__).resolve().parents[2] / "examples" / "zendesk.csv"
PERSONS = ("Agent 5", "Customer 18", "example.com")


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_names_stay_at_home(cli: Cli, tmp_path: Path) -> None:
    by = ("--by", "agent", "--by", "requester", "--by", "Submitter", "--by", "Requester email")
    asked = ("report", ZENDESK, *by, "--where", "agent!=Agent 4", "-p", "2026-03", "--full")
    files = ("r.txt", "r.tsv", "r.md", "r.csv", "r.json")
    run = cli(*asked, *(part for name in files for part in ("-o", name)))
    assert run.code == 0, run.err
    for text in (run.screen, *((tmp_path / name).read_text(encoding="utf-8") for name in files)):
        assert not [name for name in (*PERSONS, "Agent 4") if name in text]
    assert all("agent " in (tmp_path / name).read_text(encoding="utf-8") for name in files)
    named = cli(*asked, "--kpi", "tickets_created", "--names", "-f", "csv").out
    assert not [name for name in PERSONS if name not in named], "and they are there to be seen"


def test_names_that_are_asked_for_are_shown(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = cli("report", ZENDESK, "--by", "agent", "--names", "-f", "json")
    assert "Agent 5" in shown.out
    monkeypatch.setenv("SUPPORTKPI_NAMES", "1")
    assert cli("report", ZENDESK, "--by", "agent", "-f", "json").out == shown.out


def test_the_config_can_ask_for_names(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "supportkpi.yaml").write_text("privacy: {names: true}\n", encoding="utf-8")
    assert "Agent 5" in cli("report", ZENDESK, "--by", "agent").out


def test_a_code_of_one_run_asks_in_the_next(cli: Cli) -> None:
    rows = json.loads(cli("report", ZENDESK, "--by", "agent", "-f", "json").out)["rows"]
    solved = {row["group"]["agent"]: row["n"] for row in rows if row["kpi"] == "tickets_solved" and row["group"]}
    code, n = next(iter(solved.items()))
    found = json.loads(cli("report", ZENDESK, "--where", f"agent={code}", "--kpi", "tickets_solved", "-f", "json").out)
    assert (found["rows"][0]["n"], found["method"]["where"]) == (n, [f"agent={code}"])


def test_an_unknown_agent_is_refused_without_naming_the_others(cli: Cli) -> None:
    run = cli("report", ZENDESK, "--where", "agent=Agent 55")
    assert run.code == 2
    assert "agent is never 'agent 55'" in run.err
    assert "Agent 5 " not in run.err


def test_own_figures_do_not_repeat_a_name(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "articles.csv").write_text("month,articles\n2026-01,12\n2026-02,15\n", encoding="utf-8")
    run = cli("report", ZENDESK, "articles.csv", "--where", "agent=Agent 5", "--full", "-f", "json")
    assert run.code == 0, run.err
    assert "Agent 5" not in run.out

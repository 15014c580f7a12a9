"""Whole runs of ``init``: what it writes can be used at once, and nothing is overwritten by accident."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Cli = Callable[..., Any]
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
EXPORTS = sorted(path for path in EXAMPLES.glob("*.csv") if path.name != "own-helpdesk.csv")


@pytest.fixture(autouse=True)
def _desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder without any settings."""
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("export", EXPORTS, ids=lambda path: path.name)
def test_a_report_runs_on_what_was_written(export: Path, cli: Cli) -> None:
    begun = cli("init", str(export))
    assert begun.code == 0
    assert begun.out == ""
    assert "wrote supportkpi.yaml" in begun.err
    run = cli("report", str(export), "-f", "json")
    assert run.code == 0, run.err
    assert "settings: " in run.err
    assert json.loads(run.out)["rows"]
    assert not [text for text in json.loads(run.out)["method"]["assumptions"] if "which no ticket has" in text]


def test_made_up_tickets_with_their_history_give_rules_and_pauses(cli: Cli) -> None:
    assert cli("demo", "-o", "demo", "--tickets", "300").code == 0
    assert cli("init", "demo/tickets.json", "-o", "sla.yaml").code == 0
    text = Path("sla.yaml").read_text(encoding="utf-8")
    assert "    pause_on: [pending, hold]" in text
    run = cli("check", "demo/tickets.json", "-c", "sla.yaml", "--target", "sla_first_response=1%", "-f", "json")
    judged = {each["kpi"]: each["result"] for each in json.loads(run.out)["checks"]}
    assert judged["sla_first_response"] == "pass"


def test_the_file_of_the_example_is_as_it_was_read(cli: Cli, golden: Callable[[str, str], None]) -> None:
    shutil.copy(EXAMPLES / "zendesk.csv", "zendesk.csv")
    golden("config/begun.yaml", cli("init", "zendesk.csv", "--source-tz", "Europe/Berlin", "-o", "-").out)


@pytest.mark.parametrize("name", ["minimal", "saas", "vip", "regional"])
def test_a_template_needs_no_file_and_runs(name: str, cli: Cli) -> None:
    assert cli("init", "--template", name).code == 0
    run = cli("report", str(EXAMPLES / "zendesk.csv"), "--kpi", "sla_first_response")
    assert run.code == 0, run.err
    assert "SLA first response" in run.out


def test_nothing_is_overwritten_without_force(cli: Cli) -> None:
    Path("supportkpi.yaml").write_text("timezone: UTC  # mine\n")
    run = cli("init", "--template", "minimal")
    assert run.code == 2
    assert "supportkpi.yaml is there already [output-failed]" in run.err
    assert "# mine" in Path("supportkpi.yaml").read_text()
    assert cli("init", "--template", "minimal", "--force").code == 0
    assert "# mine" not in Path("supportkpi.yaml").read_text()


def test_the_settings_that_lie_here_do_not_decide_how_files_are_read(cli: Cli) -> None:
    Path("supportkpi.yaml").write_text("source: {timezone: Asia/Tokyo}\n")
    run = cli("init", str(EXAMPLES / "zendesk.csv"), "-o", "-")
    assert "Tokyo" not in run.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "there is nothing to begin from"),
        (("--template", "vp"), "did you mean vip?"),
        (("--template", "vip", "tickets.csv"), "--template takes no files"),
        (("missing.csv",), "missing.csv"),
        (("--template", "vip", "-o", "no/such/folder/a.yaml"), "cannot write no/such/folder/a.yaml"),
    ],
)
def test_a_mistake_is_told_and_writes_nothing(arguments: tuple[str, ...], said: str, cli: Cli) -> None:
    run = cli("init", *arguments)
    assert run.code == 2
    assert said in run.err
    assert not Path("supportkpi.yaml").exists()

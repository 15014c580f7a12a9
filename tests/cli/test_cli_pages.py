"""Whole runs of inspect, explain, kpis and helpdesks."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from supportkpi.errors import REJECTS, slugs
from supportkpi.loaders import helpdesks
from supportkpi.metrics import catalogue

Cli = Callable[..., Any]
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_the_kpis_are_listed_in_every_form(cli: Cli) -> None:
    ids = [metric.name for metric in catalogue().values()]
    assert [line.split("\t")[0] for line in cli("kpis", "-f", "plain").out.splitlines()[1:]] == ids
    assert [entry["kpi"] for entry in json.loads(cli("kpis", "-f", "json").out)["kpis"]] == ids
    shown = cli("kpis").out
    assert all(name in shown for name in ids)
    assert max(map(len, shown.splitlines())) <= 100


def test_the_helpdesks_are_listed_in_every_form(cli: Cli) -> None:
    ids = [entry.id for entry in helpdesks()]
    assert [line.split("\t")[0] for line in cli("helpdesks", "-f", "plain").out.splitlines()[1:]] == ids
    assert [entry["id"] for entry in json.loads(cli("helpdesks", "-f", "json").out)["helpdesks"]] == ids


@pytest.mark.parametrize("topic", [*catalogue(), *slugs(), *REJECTS, "mapping", "usage", "bug", "FRT", "frt"])
def test_every_topic_has_a_page(cli: Cli, topic: str) -> None:
    run = cli("explain", topic)
    assert (run.code, run.err) == (0, "")
    assert len(run.out.splitlines()) >= 3
    if topic != "mapping":  # it shows a file, which is not wrapped
        assert max(map(len, run.out.splitlines())) <= 100
    page = json.loads(cli("explain", topic, "-f", "json").out)
    assert page["title"] == run.out.splitlines()[0]


def test_an_inspection_tells_how_the_file_was_read(cli: Cli) -> None:
    run = cli("inspect", EXAMPLES / "russian.csv")
    assert (run.code, run.err) == (0, "")
    for words in ("cp1251", "semicolon", "Дата регистрации", "created_at", "31.02.2026 10:15", "cannot give"):
        assert words in run.out
    assert max(map(len, run.out.splitlines()[:2])) <= 140


def test_an_inspection_as_json_holds_columns_and_verdicts(cli: Cli) -> None:
    found = json.loads(cli("inspect", EXAMPLES / "servicenow.csv", "-f", "json").out)
    columns = {column["column"]: column["field"] for column in found["inputs"][0]["columns"]}
    assert columns["opened_at"] == "created_at"
    verdicts = {able["kpi"]: able["verdict"] for able in found["kpis"]}
    assert verdicts["resolution_time"] == "exact"
    assert verdicts["first_response_time"] == "no"


def test_an_inspection_hides_what_a_terminal_would_obey(cli: Cli, tmp_path: Path) -> None:
    head = "Ticket ID,Created at,Status,\x1b[31mred\n"
    (tmp_path / "t.csv").write_text(head + "1,2026-03-02 09:10,open,a\n2,2026-03-03 09:10,open,a\n")
    assert "\x1b" not in cli("inspect", "t.csv").out
    assert "\x1b" not in cli("report", "t.csv", "--where", "status=\x1b[31m").screen

"""``convert``: a folder that every command reads as it reads the exports."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Cli = Callable[..., Any]
ROOT = Path(__file__).resolve().parents[2]
EXPORTS = (ROOT / "examples" / "zendesk.csv", ROOT / "tests" / "golden" / "zendesk_json" / "export.json")


@pytest.mark.parametrize("path", EXPORTS, ids=lambda path: path.name)
@pytest.mark.parametrize("form", ["parquet", "csv", "ndjson"])
def test_a_report_of_the_folder_is_the_report_of_the_export(cli: Cli, tmp_path: Path, path: Path, form: str) -> None:
    folder = tmp_path / "canonical"
    run = cli("convert", path, "-o", folder, "-f", form)
    assert run.code == 0
    assert run.out == ""
    assert f"wrote tickets.{form}" in run.err
    options = ("-f", "json", "--by", "priority", "--sla", "resolution=16h", "--full")
    assert cli("report", folder, *options).out == cli("report", path, *options).out
    told = json.loads(cli("inspect", folder, "-f", "json").out)
    assert told["inputs"] == json.loads(cli("inspect", path, "-f", "json").out)["inputs"]


def test_it_needs_a_folder_and_says_what_it_cannot_do(cli: Cli, tmp_path: Path) -> None:
    assert cli("convert", EXPORTS[0]).code == 2
    wrong = cli("convert", EXPORTS[0], "-o", tmp_path / "there", "-f", "xlsx")
    assert (wrong.code, "parquet" in wrong.err) == (2, True)
    assert not (tmp_path / "there").exists()


def test_rejects_and_strictness_hold_here_too(cli: Cli, tmp_path: Path) -> None:
    run = cli(
        "convert",
        ROOT / "examples" / "russian.csv",
        "-o",
        tmp_path / "there",
        "--strict",
        "--rejects",
        tmp_path / "r.csv",
    )
    assert run.code == 3
    assert (tmp_path / "r.csv").exists()
    assert not (tmp_path / "there").exists()

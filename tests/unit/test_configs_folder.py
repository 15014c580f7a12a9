"""The files of configs/: each can be taken as it is, says when to, and runs on an example."""

from __future__ import annotations

import json
import shlex
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import polars as pl
import pytest
import yaml

from supportkpi.calendars import business_seconds
from supportkpi.config import chosen, parse_config, read_config, settings
from supportkpi.metrics import catalogue

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "configs"
EXAMPLE = ROOT / "examples" / "zendesk.csv"
FILES = sorted(
    [path for path in FOLDER.glob("*.yaml") if not path.name.startswith("mapping")] + [FOLDER / "ci/sla.yaml"]
)
LEVELS = [path for path in FILES if path.name.startswith("sla")]
NAMES = {path.name for path in FILES}
WORKFLOWS = sorted((FOLDER / "ci").glob("*.yml"))


def test_the_files_are_there() -> None:
    assert {"office.yaml", "moscow.yaml", "round-the-clock.yaml", "several-regions.yaml", "targets.yaml"} <= NAMES
    wanted = "starter by-priority vip regional two-clocks moscow external-causes versions"
    assert {f"sla-{name}.yaml" for name in wanted.split()} <= NAMES
    assert [path.name for path in WORKFLOWS] == ["github-actions.yml", "gitlab-ci.yml"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_is_read_and_leaves_nothing_unused(path: Path) -> None:
    config = read_config(path)
    found = settings(config, years=range(2025, 2027), kpis=catalogue())
    assert config.notes == ()
    assert [choice.name for choice in found.calendars] == [plan.name for plan in chosen(config)]
    assert config.calendar == (found.calendars[-1].name if found.calendars else None)


@pytest.mark.parametrize("path", [*FILES, *WORKFLOWS], ids=lambda path: path.name)
def test_a_file_says_first_when_to_take_it(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").split("\n")
    assert lines[0].startswith("# Take this ")
    assert max(map(len, lines)) <= 120


def test_the_files_together_show_every_section_of_the_vocabulary() -> None:
    shown = {line.split(":")[0] for path in FILES for line in path.read_text(encoding="utf-8").splitlines()}
    assert {
        *("timezone", "calendar", "calendars", "source", "targets", "labels", "statuses", "csat", "max_rejects"),
        *("sla", "checks", "exclusions", "dimensions"),
    } <= shown


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_runs_on_an_example(path: Path, cli: Callable[..., Any]) -> None:
    asked = ("--kpi", "frt,sla_first_response,sla_resolution")
    run = cli("report", str(EXAMPLE), "-c", str(path), *asked, "-f", "json")
    assert run.code == 0, run.err
    found = json.loads(run.out)
    rows = [row for row in found["rows"] if row["kpi"] == "sla_first_response" and row["stat"] == "value"]
    promised = found["method"]["sla"]
    if path not in LEVELS:
        assert promised is None
        return
    judged = {row["group"]["rule"]: row for row in rows if "rule" in row["group"]}
    named = list(dict.fromkeys(each["rule"] for each in promised["promises"] if each["kpi"] == "sla_first_response"))
    assert {*judged} - {None} <= {*named}
    assert sum(row["n"] for row in judged.values()) == rows[0]["n"] > 200
    assert all(row["verdict"] in ("met", "missed") for row in judged.values() if row["n"])


# --- what single files are about -------------------------------------------------------------------------------------


def test_a_region_is_answered_by_its_office() -> None:
    config = parse_config((FOLDER / "several-regions.yaml").read_text(encoding="utf-8"))
    claims = {plan.name: dict(plan.when) for plan in chosen(config)}
    assert claims == {
        "berlin": {"region": ("EU", "DACH")},
        "new_york": {"region": ("US", "Americas")},
        "singapore_night": {"region": ("APAC",)},
        "london": {},
    }


def test_the_targets_are_of_every_unit() -> None:
    config = parse_config((FOLDER / "targets.yaml").read_text(encoding="utf-8"))
    judged = settings(config, kpis=catalogue()).targets
    assert {catalogue()[target.kpi].unit for target in judged} == {"s", "ratio", "score", "points", "tickets"}


def test_the_levels_by_priority_are_those_of_the_method() -> None:
    """Critical 15-30 min, high 1-2 h, medium 4-6 h, low 24 h (method 001-44); the second end is judged (sla-07)."""
    sla = read_config(FOLDER / "sla-by-priority.yaml").sla
    assert sla is not None
    ((_, version),) = sla.versions
    limits = {rule.name: rule.limits["first_response"] for rule in version.rules}
    minutes = {
        name: ((each.good_s or each.seconds or 0) / 60, (each.seconds or 0) / 60) for name, each in limits.items()
    }
    assert minutes == {
        "critical": (15, 30),
        "high": (60, 120),
        "medium": (240, 360),
        "low": (1440, 1440),
        "other": (240, 360),
    }


def test_the_production_calendar_moves_days_and_cuts_eves() -> None:
    config = read_config(FOLDER / "sla-moscow.yaml")
    calendar = settings(config, years=range(2024, 2026), kpis=catalogue()).calendars[-1].calendar
    days = {"2024-04-26": 9, "2024-04-27": 9, "2024-04-29": 0, "2024-05-08": 8, "2024-12-30": 0, "2025-06-11": 8}
    for day, hours in days.items():  # 27 April 2024 was a Saturday that was worked for Monday, 29 April
        start = pl.Series([datetime.fromisoformat(f"{day}T00:00:00+03:00")]).dt.convert_time_zone("UTC")
        worked = business_seconds(start, start.dt.offset_by("24h"), calendar)
        assert (day, worked[0]) == (day, hours * 3600)
    assert config.sla is not None
    assert config.sla.calendars() == ("office", "duty")


def test_both_figures_are_there_where_causes_are_set_aside(cli: Callable[..., Any]) -> None:
    run = cli("report", str(EXAMPLE), "-c", str(FOLDER / "sla-external-causes.yaml"), "--kpi", "sla_first_response")
    assert "2 set aside for external causes; with them " in run.out


# --- pipelines -------------------------------------------------------------------------------------------------------


def commands(node: Any) -> Iterator[str]:
    """The supportkpi command lines of a workflow, wherever they stand in it."""
    if isinstance(node, str):
        yield from (line.strip() for line in node.split("\n") if line.strip().startswith("supportkpi "))
    for each in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from commands(each)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_the_command_lines_of_a_workflow_run(
    path: Path, cli: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "exports").mkdir()
    shutil.copy(EXAMPLE, tmp_path / "exports" / "tickets.csv")
    shutil.copy(FOLDER / "ci" / "sla.yaml", tmp_path / "sla.yaml")
    check, report = [cli(*shlex.split(line)[1:]) for line in commands(yaml.safe_load(path.read_text(encoding="utf-8")))]
    assert (check.code, report.code) == (1, 0), check.err + report.err  # the made-up desk misses its goals
    suites = ElementTree.fromstring((tmp_path / "checks.xml").read_bytes())  # noqa: S314 - our own file
    assert suites.findall(".//failure")
    assert "sla\\_first\\_response" in (tmp_path / "checks.md").read_text(encoding="utf-8")
    assert json.loads((tmp_path / "report.json").read_bytes())["method"]["period"]["start"] == "2026-02-01"
    assert ("::error title=sla_first_response" in check.out) == (path.name == "github-actions.yml")


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_keeps_what_it_makes_even_when_the_check_fails(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "always" in text
    assert "pip install supportkpi\n" in text

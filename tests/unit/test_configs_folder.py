"""The files of configs/: each can be taken as it is, and says when to."""

from pathlib import Path

import pytest

from supportkpi.config import chosen, parse_config, read_config, settings
from supportkpi.metrics import catalogue

FOLDER = Path(__file__).resolve().parents[2] / "configs"
FILES = sorted(path for path in FOLDER.glob("*.yaml") if not path.name.startswith("mapping"))
NAMES = {path.name for path in FILES}


def test_the_first_files_are_there() -> None:
    assert {"office.yaml", "moscow.yaml", "round-the-clock.yaml", "several-regions.yaml", "targets.yaml"} <= NAMES


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_is_read_and_leaves_nothing_unused(path: Path) -> None:
    config = read_config(path)
    found = settings(config, years=range(2025, 2027), kpis=catalogue())
    assert config.notes == ()
    assert [choice.name for choice in found.calendars] == [plan.name for plan in chosen(config)]
    assert config.calendar == found.calendars[-1].name


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_says_first_when_to_take_it(path: Path) -> None:
    assert path.read_text(encoding="utf-8").startswith("# Take this ")


def test_the_files_together_show_every_section_of_the_vocabulary() -> None:
    shown = {line.split(":")[0] for path in FILES for line in path.read_text(encoding="utf-8").splitlines()}
    assert {
        "timezone",
        "calendar",
        "calendars",
        "source",
        "targets",
        "labels",
        "statuses",
        "csat",
        "max_rejects",
    } <= shown


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

"""Jira's CSV: who opened an issue and who answered it, where the first comment is never the issue itself."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

import supportkpi
from supportkpi.report import Row

ANN, BOB = "712020:aa", "712020:bb"
HEADERS = (
    "Issue key",
    "Issue Type",
    "Status",
    "Reporter",
    "Reporter Id",
    "Creator",
    "Creator Id",
    "Created",
    "Comment",
)


def comment(at: str, who: str) -> str:
    return f"{at};{who};Have you tried it again?"


def cells(
    folder: Path, rows: Sequence[Sequence[str]], *, headers: Sequence[str] = HEADERS, **reading: object
) -> Mapping[tuple[str, str], Row]:
    path = folder / "issues.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([headers, *rows])
    report = supportkpi.measure(supportkpi.load(str(path), reading=reading))
    return {(row.kpi, row.stat): row for row in report.cells if not row.group}


def issue(key: int, reporter: str, creator: str, *comments: str) -> list[str]:
    created = "02/Mar/26 9:00 AM"
    return [f"CR-{key}", "Task", "To Do", reporter[-2:], reporter, creator[-2:], creator, created, *comments]


def test_an_issue_of_its_reporter_is_a_customers_though_an_agent_writes_first(tmp_path: Path) -> None:
    rows = [
        issue(1, ANN, ANN, comment("02/Mar/26 9:30 AM", BOB)),
        issue(2, ANN, ANN, comment("02/Mar/26 11:00 AM", BOB)),
        issue(3, ANN, BOB, comment("02/Mar/26 9:10 AM", BOB)),
    ]
    row = cells(tmp_path, rows)["first_response_time", "median"]
    assert (row.n, row.value, row.counts["excluded"]) == (2, (1800 + 7200) / 2, 1)


def test_an_issue_without_a_creator_is_its_reporters(tmp_path: Path) -> None:
    rows = [issue(1, ANN, "", comment("02/Mar/26 9:30 AM", BOB)), issue(2, ANN, "", comment("02/Mar/26 9:50 AM", ANN))]
    row = cells(tmp_path, rows)["first_response_time", "median"]
    assert (row.n, row.n_open, row.value) == (1, 1, 1800)


@pytest.mark.parametrize("left", [(3, 5), (4, 6), (3, 6)])
def test_people_are_compared_by_name_or_by_account_and_never_across(tmp_path: Path, left: tuple[int, int]) -> None:
    rows = [issue(1, ANN, ANN, comment("02/Mar/26 9:30 AM", ANN), comment("02/Mar/26 9:40 AM", BOB))]
    some = [[cell for place, cell in enumerate(row) if place not in left] for row in rows]
    headers = [name for place, name in enumerate((*HEADERS, "Comment")) if place not in left]
    found = cells(tmp_path, some, headers=headers)["first_response_time", "median"]
    assert found.counts["excluded"] == 0


def test_who_is_staff_says_the_user(tmp_path: Path) -> None:
    rows = [
        issue(1, BOB, BOB, comment("02/Mar/26 9:30 AM", BOB)),
        issue(2, ANN, ANN, comment("02/Mar/26 9:30 AM", BOB)),
    ]
    row = cells(tmp_path, rows, responders={"agent": (BOB,)})["first_response_time", "median"]
    assert (row.n, row.counts["excluded"]) == (1, 1)

"""Real nested exports, worked out by hand in plain Python, against what the report says of them."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from statistics import fmean, median
from typing import Any

import pytest

import supportkpi
from supportkpi.report import Row

pytestmark = pytest.mark.shared

Issue = Mapping[str, Any]
STAFF = ("OWNER", "MEMBER", "COLLABORATOR")


@pytest.fixture(scope="module")
def github(shared: Path) -> Path:
    return shared / "data" / "github_issues" / "sample_200_issues.json"


@pytest.fixture(scope="module")
def issues(github: Path) -> Sequence[Issue]:
    found = json.loads(github.read_text(encoding="utf-8"))
    assert isinstance(found, list)
    return found


@pytest.fixture(scope="module")
def report(github: Path) -> Mapping[tuple[str, str], Row]:
    return _cells(github)


def _cells(path: Path, **reading: object) -> Mapping[tuple[str, str], Row]:
    made = supportkpi.measure(supportkpi.load(str(path), reading=reading))
    return {(row.kpi, row.stat): row for row in made.cells if not row.group}


def seconds(start: str, end: str) -> float:
    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()


def first_reply(issue: Issue, *, counts: Sequence[str] | None) -> float | None:
    """Seconds to the first comment of a human who is not the author; ``counts`` are the standings that count."""
    found = [
        comment["created_at"]
        for comment in issue["comments_list"]
        if comment["user"]["type"] == "User"
        and comment["user"]["login"] != issue["user"]["login"]
        and (counts is None or comment["author_association"] in counts)
    ]
    return seconds(issue["created_at"], min(found)) if found else None


def turns(issue: Issue, word: str) -> list[str]:
    return [event["created_at"] for event in issue["events"] if event["event"] == word]


def test_issues_and_their_closings_are_counted(issues: Sequence[Issue], report: Mapping[tuple[str, str], Row]) -> None:
    closings = sum(len(turns(issue, "closed")) for issue in issues)
    assert (closings, sum(len(turns(issue, "reopened")) for issue in issues)) == (218, 18)
    assert report["tickets_created", "value"].value == len(issues)
    assert report["tickets_solved", "value"].value == len(issues)
    assert report["closure_ratio", "value"].value == pytest.approx(closings / len(issues))
    assert report["backlog", "value"].value == 0
    assert report["requesters", "value"].value == len({issue["user"]["login"] for issue in issues})


def test_staff_answered_when_a_person_says_so(issues: Sequence[Issue], report: Mapping[tuple[str, str], Row]) -> None:
    _holds(report, [first_reply(issue, counts=STAFF) for issue in issues])


def test_contributors_answer_where_the_user_says_so(issues: Sequence[Issue], github: Path) -> None:
    cells = _cells(github, responders={"agent": ("contributor",)})
    _holds(cells, [first_reply(issue, counts=(*STAFF, "CONTRIBUTOR")) for issue in issues])


def test_anybody_but_the_author_answers_where_the_user_says_so(issues: Sequence[Issue], github: Path) -> None:
    cells = _cells(github, responders={"agent": ("*",), "bot": ("*[[]bot]",)})
    _holds(cells, [first_reply(issue, counts=None) for issue in issues])


def _holds(cells: Mapping[tuple[str, str], Row], replies: Sequence[float | None]) -> None:
    """The figures of first response time are those of the replies."""
    answered = [reply for reply in replies if reply is not None]
    row = cells["first_response_time", "median"]
    assert row.n == len(answered)
    assert row.value == pytest.approx(median(answered))
    assert cells["first_response_time", "mean"].value == pytest.approx(fmean(answered))


def test_issues_took_from_their_creation_to_their_last_closing(
    issues: Sequence[Issue], report: Mapping[tuple[str, str], Row]
) -> None:
    spans = [seconds(issue["created_at"], turns(issue, "closed")[-1]) for issue in issues]
    first = [seconds(issue["created_at"], turns(issue, "closed")[0]) for issue in issues]
    assert report["resolution_time", "median"].value == pytest.approx(median(spans))
    assert report["resolution_time", "mean"].value == pytest.approx(fmean(spans))
    assert report["first_resolution_time", "mean"].value == pytest.approx(fmean(first))


def test_a_list_of_tickets_without_history_says_what_it_lacks(shared: Path) -> None:
    path = shared / "data" / "zendesk_api" / "tickets_api_v2.json"
    data = supportkpi.load(str(path))
    assert data.tickets.height == 100
    assert "101" in " ".join(data.provenance[0].notes)
    made = supportkpi.measure(data)
    heads = {row.kpi: row for row in reversed(made.cells) if not row.group}
    for name in ("first_response_time", "resolution_time", "first_contact_resolution", "csat", "nps", "reopen_rate"):
        assert heads[name].state.value == "not_observed", name
        assert heads[name].value is None
    assert heads["tickets_created"].value == 100
    for row in made.cells:
        assert row.value is None or math.isfinite(row.value)


def test_a_list_of_two_tickets_with_numbers_for_words_is_read(shared: Path) -> None:
    data = supportkpi.load(str(shared / "exports" / "zammad" / "tickets_list.json"))
    assert data.provenance[0].helpdesk == "zammad_json"
    assert data.tickets["ticket_id"].to_list() == ["22001", "22002"]
    assert data.ledger[0].used == 2

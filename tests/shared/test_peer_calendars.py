"""Business time against the cases that helpdesks and business-time libraries assert in their own tests."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from supportkpi.calendars import Calendar, business_seconds, due_at, to_utc

PEERS = Path(__file__).parents[3] / "shared" / "vectors" / "peers"
INSTANT = pl.Datetime("us", "UTC")

pytestmark = [pytest.mark.shared, pytest.mark.skipif(not PEERS.is_dir(), reason="the reference cases are not here")]


def cases(name: str, *, agreeing: bool | None = True) -> list[object]:
    """Cases that hold; None: those that the reference has nothing to say about."""
    path = PEERS / f"{name}.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return [pytest.param(case, id=case["id"]) for case in map(json.loads, lines) if case["oracle_agrees"] is agreeing]


def calendar(given: dict) -> Calendar:
    """The one adapter: their calendar, ours."""

    def words(spans: list[list[str]]) -> list[str]:
        return [f"{opening}-{closing}" for opening, closing in spans]

    def dated(key: str) -> dict[date, list[str]]:
        return {date.fromisoformat(day): words(spans) for day, spans in given.get(key, {}).items()}

    return Calendar(
        timezone=given["tz"],
        hours={day: words(spans) for day, spans in given["weekly"].items()},
        holidays=[date.fromisoformat(day) for day in given["holidays"]],
        days=dated("overrides"),
        breaks=dated("breaks"),
    )


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def series(*instants: datetime) -> pl.Series:
    return pl.Series(instants, dtype=INSTANT)


def open_seconds(office: Calendar, start: datetime, end: datetime) -> float:
    return business_seconds(series(start), series(end), office)[0]


def due_past_pauses(office: Calendar, case: dict) -> datetime:
    """The due instant, moved on by the open time of each pause that begins before it."""
    start, quota = instant(case["start"]), case["add_business_seconds"]
    due = due_at(series(start), quota, office)[0]
    for first, last in case.get("pauses", []):
        if instant(last) > start and instant(first) < due:
            quota += open_seconds(office, max(start, instant(first)), instant(last))
            due = due_at(series(start), quota, office)[0]
    return due


@pytest.mark.parametrize("case", cases("elapsed"))
def test_elapsed(case: dict) -> None:
    office, start, end = calendar(case["calendar"]), instant(case["start"]), instant(case["end"])
    pauses = [(max(start, instant(first)), min(end, instant(last))) for first, last in case.get("pauses", [])]
    paused = sum(open_seconds(office, first, last) for first, last in pauses if first < last)
    assert open_seconds(office, start, end) - paused == case["expected_business_seconds"]


@pytest.mark.parametrize("case", cases("deadline"))
def test_deadline(case: dict) -> None:
    assert due_past_pauses(calendar(case["calendar"]), case) == instant(case["expected_deadline"])


@pytest.mark.parametrize("case", cases("intervals"))
def test_intervals(case: dict) -> None:
    office, origin, backward = calendar(case["calendar"]), instant(case["from"]), case["direction"] == "backward"
    far = instant(case["until"]) if "until" in case else origin + timedelta(days=-400 if backward else 400)
    found = office.intervals(min(origin, far), max(origin, far)).rows()
    nearest_first = found[::-1] if backward else found
    expected = [tuple(map(instant, pair)) for pair in case["expected_intervals"]]
    assert nearest_first[: case.get("take")] == expected


@pytest.mark.parametrize("case", cases("open_at"))
def test_open_at(case: dict) -> None:
    assert calendar(case["calendar"]).open_at(series(instant(case["at"])))[0] is case["expected_open"]


EDGES = {
    "next_open_or_self": ("open", "next", True),
    "next_open_strict": ("open", "next", False),
    "next_close": ("close", "next", False),
    "prev_open": ("open", "previous", False),
    "prev_close": ("close", "previous", False),
    "prev_close_or_self": ("close", "previous", True),
}


@pytest.mark.parametrize("case", cases("boundaries"))
def test_boundaries(case: dict) -> None:
    office, at = calendar(case["calendar"]), series(instant(case["at"]))
    if case["op"] == "prev_close_or_self_incl_open":
        found = at if office.open_at(at)[0] else office.edge(at, "close", "previous", itself=True)
    else:
        kind, direction, itself = EDGES[case["op"]]
        found = office.edge(at, kind, direction, itself=itself)
    assert found[0] == instant(case["expected"])


@pytest.mark.parametrize("case", cases("local_to_utc"))
def test_wall_time(case: dict) -> None:
    assert to_utc(datetime.fromisoformat(case["local"]), case["tz"]) == instant(case["expected_utc"])

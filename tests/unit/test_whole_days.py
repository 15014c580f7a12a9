"""Days without a time of the day: whole days between them, no hours, and no verdict that is finer than a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

import supportkpi
from supportkpi.errors import DimensionUnknown
from supportkpi.report import Report, Row, State

_DAY = 86_400.0
HEAD = "Ticket ID,Created,First Response At,Resolved At,Status\n"
# Created on 2 March; answered and solved at 00:30 of 3 March and so on: 1, 0, 2, 0 and 3 days to the solution.
TIMED = """1,2026-03-02,2026-03-02 16:00,2026-03-03 00:30,closed
2,2026-03-02,2026-03-02 09:00,2026-03-02 23:59,closed
3,2026-03-03,2026-03-04 08:00,2026-03-05 08:00,closed
4,2026-03-04,2026-03-04 10:00,2026-03-04 11:00,closed
5,2026-03-05,2026-03-06 00:00,2026-03-08 12:00,closed
"""
BARE = """1,2026-03-02,2026-03-02,2026-03-03,closed
2,2026-03-02,2026-03-02,2026-03-02,closed
3,2026-03-03,2026-03-04,2026-03-05,closed
4,2026-03-04,2026-03-04,2026-03-04,closed
5,2026-03-05,2026-03-06,2026-03-08,closed
"""
OFFICE = {"calendars": {"office": {"timezone": "UTC", "hours": {"mon-fri": ["09:00-18:00"]}}}, "calendar": "office"}


def report(folder: Path, text: str, config: Mapping[str, object] | None = None, **asked: object) -> Report:
    path = folder / "export.csv"
    path.write_text(text, encoding="utf-8")
    zone = asked.pop("source_timezone", "UTC")
    data = supportkpi.load(str(path), reading={"source_timezone": zone})
    return supportkpi.measure(data, settings=supportkpi.settings(config or {}), **asked)  # type: ignore[arg-type]


def row(found: Report, kpi: str, stat: str, clock: str | None = "calendar") -> Row:
    (one,) = [
        each for each in found.cells if (each.kpi, each.stat, each.clock) == (kpi, stat, clock) and not each.group
    ]
    return one


@pytest.mark.parametrize("rows", [TIMED, BARE], ids=["timed", "bare"])
@pytest.mark.parametrize("zone", ["UTC", "Europe/Moscow", "America/New_York"])
def test_from_a_day_on_all_times_are_whole_days(tmp_path: Path, rows: str, zone: str) -> None:
    found = report(tmp_path, HEAD + rows, source_timezone=zone)
    assert [row(found, "resolution_time", stat).value for stat in ("median", "mean")] == [_DAY, 6 * _DAY / 5]
    assert [row(found, "first_response_time", stat).value for stat in ("median", "mean")] == [0, 2 * _DAY / 5]
    assert row(found, "resolution_time", "median").counts["whole_days"] == 5
    assert any("'Created'" in said and "days without a time of day" in said for said in found.method.assumptions)


def test_days_of_working_hours_are_whole_working_days(tmp_path: Path) -> None:
    found = report(tmp_path, HEAD + TIMED, OFFICE)
    # One day: Monday; none; Tuesday and Wednesday; none; Thursday and Friday, for the 7th and 8th are a weekend.
    assert row(found, "resolution_time", "mean", "business").value == (9 + 0 + 18 + 0 + 18) * 3600 / 5


def test_minutes_that_are_given_stay_minutes_though_the_creation_is_a_day(tmp_path: Path) -> None:
    text = "Ticket ID,Created,First Response (minutes),Status\n" + "".join(
        f"{n},2026-03-0{n},{minutes},closed\n" for n, minutes in enumerate((30, 60, 300, 90, 10), start=1)
    )
    found = report(tmp_path, text, OFFICE)
    median = row(found, "first_response_time", "median")
    assert (median.value, median.counts.get("whole_days")) == (3600, None)
    speed = [each for each in found.cells if each.kpi == "first_response_time"]
    assert {each.clock for each in speed} == {"calendar"}  # nobody knows at which hour of the day they began


def test_hours_that_agree_with_the_dates_tell_more_than_days(tmp_path: Path) -> None:
    """Created on a day, solved at an hour: 31 hours are given, of which the dates alone would make a day."""
    head = "ticket_id,created_date,resolved_date,resolution_time_hours,status\n"
    text = """1,2026-02-16,2026-02-17 07:00:00,31,Closed
2,2026-06-15,2026-06-15 05:00:00,5,Closed
3,2026-06-25,2026-06-27 07:00:00,46.5,Closed
4,2026-01-29,2026-02-02 02:00:00,98,Closed
5,2026-01-15,2026-01-17 23:00:00,,Closed
"""
    found = report(tmp_path, head + text)
    assert row(found, "resolution_time", "median").value == 46.5 * 3600
    assert row(found, "resolution_time", "mean").value == (31 + 5 + 46.5 + 98 + 48) * 3600 / 5
    worked = text.replace(",31,", ",8.5,").replace(",98,", ",16,").replace(",46.5,", ",9,")  # hours of some office
    found = report(tmp_path, head + worked)
    assert row(found, "resolution_time", "median").value == 2 * _DAY


def test_there_is_no_hour_of_the_day(tmp_path: Path) -> None:
    text = HEAD + TIMED
    found = report(tmp_path, text, by=["hour", "weekday"])
    silent = [each for each in found.cells if each.group == {"hour": None} and each.n == 0]
    assert {each.state for each in silent} == {State.not_observed}
    assert {each.kpi for each in silent} >= {"tickets_created", "resolution_time"}
    assert {each.group["hour"] for each in found.cells if "hour" in each.group} == {None}
    assert {each.group["weekday"] for each in found.cells if each.kpi == "tickets_created" and "weekday" in each.group}
    assert not [series for series in found.series if series.kind == "load"]
    with_hours = report(tmp_path, text.replace("2026-03-02,", "2026-03-02 10:00,", 1), by=["hour"])
    assert {each.group["hour"] for each in with_hours.cells if "hour" in each.group} >= {"10"}
    assert [series for series in with_hours.series if series.kind == "load"]


@pytest.mark.parametrize("where", ["hour=00", "band=high"])
def test_tickets_are_not_chosen_by_an_hour_that_nobody_knows(tmp_path: Path, where: str) -> None:
    with pytest.raises(DimensionUnknown, match="days without a time of the day"):
        report(tmp_path, HEAD + TIMED, where=[where])


def targets(*pairs: tuple[str, str]) -> dict[str, object]:
    return {"targets": dict(pairs)}


@pytest.mark.parametrize(
    ("limit", "sure"), [("12h", "uncertain"), ("47h", "uncertain"), ("48h", "sure"), ("90h", "sure")]
)
def test_a_verdict_within_a_day_of_its_target_is_in_doubt(tmp_path: Path, limit: str, sure: str) -> None:
    many = "".join(f"{n},2026-03-0{n % 5 + 2},2026-03-0{n % 5 + 2},2026-03-0{n % 5 + 3},closed\n" for n in range(60))
    found = report(tmp_path, HEAD + many, targets(("resolution_time.median", limit)))
    assert row(found, "resolution_time", "median").value == _DAY
    assert row(found, "resolution_time", "median").certainty == sure


def sla(**limits: str) -> dict[str, object]:
    return {"sla": {"rules": [{"name": "all", **limits}]}}


def test_limits_that_are_finer_than_a_day_are_not_judged(tmp_path: Path) -> None:
    found = report(tmp_path, HEAD + TIMED, sla(first_response="4h", resolution="60h"))
    silent = row(found, "sla_first_response", "value", None)
    assert (silent.state, silent.n) == (State.not_observed, 0)
    assert silent.reason is not None
    assert "days without a time of the day" in silent.reason[0]
    solved = row(found, "sla_resolution", "value", None)
    assert (solved.n, solved.x, solved.counts["uncertain"]) == (5, 4, 2)  # 48 h and 72 h are near 60 h


def test_given_minutes_are_judged_round_the_clock_and_not_in_working_hours(tmp_path: Path) -> None:
    text = "Ticket ID,Created,First Response (minutes),Status\n" + "".join(
        f"{n},2026-03-0{n},{minutes},closed\n" for n, minutes in enumerate((30, 60, 300, 90, 10), start=1)
    )
    found = report(tmp_path, text, sla(first_response="4h"))
    judged = row(found, "sla_first_response", "value", None)
    assert (judged.n, judged.x, judged.counts["uncertain"]) == (5, 4, 0)
    office = report(tmp_path, text, {**OFFICE, **sla(first_response="4h", calendar="office")})
    assert row(office, "sla_first_response", "value", None).state is State.not_observed


def clock_of_twelve(hours_open: int, *, half: str = "") -> str:
    """Tickets of every hour from 1 on, answered two hours later, by the clock of twelve hours."""
    rows = []
    for n in range(120):
        begun = datetime(2026, 3, 2 + n % 20, 1 + n % hours_open, 30)  # noqa: DTZ001
        answered = begun + timedelta(hours=2)
        rows.append(f"{n},{begun:%Y-%m-%d %I:%M{half}},{answered:%Y-%m-%d %I:%M{half}},,closed\n")
    return HEAD + "".join(rows)


def test_times_without_am_or_pm_are_days(tmp_path: Path) -> None:
    found = report(tmp_path, clock_of_twelve(22))
    median = row(found, "first_response_time", "median")
    assert (median.value, median.n, median.counts["invalid"], median.counts["whole_days"]) == (0, 120, 0, 120)
    assert any("neither AM nor PM" in said for said in found.method.assumptions)


@pytest.mark.parametrize("text", [clock_of_twelve(22, half=" %p"), clock_of_twelve(10)], ids=["named", "in order"])
def test_times_of_day_that_nothing_contradicts_are_kept(tmp_path: Path, text: str) -> None:
    found = report(tmp_path, text)  # a desk seven hours east of UTC may work from 1 to 12 o'clock of UTC
    assert row(found, "first_response_time", "median").value == 2 * 3600
    assert not any("neither AM nor PM" in said for said in found.method.assumptions)


def log(*days: str) -> str:
    rows = [
        (case, day, activity) for case in range(30) for day, activity in zip(days, ("created", "solved"), strict=True)
    ]
    return "case,timestamp,activity\n" + "".join(f"C{case},{day},{activity}\n" for case, day, activity in rows)


@pytest.mark.parametrize(
    ("days", "counted"), [(("2026-03-02", "2026-03-04"), True), (("2026-03-02 09:00", "2026-03-04 09:00"), False)]
)
def test_a_log_of_days_has_no_hours_either(tmp_path: Path, days: Sequence[str], counted: bool) -> None:
    found = report(tmp_path, log(*days))
    lasted = [each for each in found.cells if each.kpi == "resolution_time" and each.stat == "median"]
    assert [each.value for each in lasted] == [2 * _DAY]
    assert ("whole_days" in lasted[0].counts) is counted
    assert bool([series for series in found.series if series.kind == "load"]) is not counted


def test_midnights_of_utc_are_days_as_well(tmp_path: Path) -> None:
    found = report(tmp_path, HEAD + BARE.replace("2026-03-02,", "2026-03-02T00:00:00Z,").replace(
        "2026-03-03,", "2026-03-03T00:00:00Z,").replace("2026-03-04,", "2026-03-04T00:00:00Z,").replace(
        "2026-03-05,", "2026-03-05T00:00:00Z,").replace("2026-03-06,", "2026-03-06T00:00:00Z,").replace(
        "2026-03-08,", "2026-03-08T00:00:00Z,"))  # fmt: skip
    assert row(found, "resolution_time", "median").counts["whole_days"] == 5
    assert not [series for series in found.series if series.kind == "load"]


def test_what_is_converted_still_counts_in_whole_days(tmp_path: Path) -> None:
    (tmp_path / "export.csv").write_text(HEAD + TIMED, encoding="utf-8")
    data = supportkpi.load(str(tmp_path / "export.csv"), reading={"source_timezone": "UTC"})
    supportkpi.convert(data, str(tmp_path / "converted"))
    again = supportkpi.measure(supportkpi.load(str(tmp_path / "converted")))
    assert again.cells == supportkpi.measure(data).cells

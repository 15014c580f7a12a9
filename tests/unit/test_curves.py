"""How many were answered and solved within some time: the series of a report, by hand (method 4.5)."""

from __future__ import annotations

import pytest
from desks import OFFICE, REPLY, dataset, status

from supportkpi.decisions import CalendarChoice, Settings
from supportkpi.engine.measure import measure
from supportkpi.facts import fold
from supportkpi.report import Report

HOUR = 3_600.0
SETTINGS = Settings(calendars=(CalendarChoice(name="office", calendar=OFFICE),), calendar="office")


def ticket(name: str, at: str, *events: tuple[str, dict], **columns: object) -> dict:
    return {"id": name, "at": at, "events": list(events), **columns}


def report(*tickets: dict, until: str, settings: Settings = SETTINGS, **asked: object) -> Report:
    return measure(fold(dataset(tickets, until), settings), settings=settings, **asked)


def curve(found: Report, kpi: str, clock: str = "calendar") -> dict[float, tuple[float | None, ...]]:
    """within -> share, otherwise, open."""
    series = next(each for each in found.series if each.id == f"survival.{kpi}")
    rows = [dict(zip(series.columns, point, strict=True)) for point in series.points]
    return {row["within_s"]: (row["share"], row["otherwise"], row["open"]) for row in rows if row["clock"] == clock}


# Monday 2 March. One answered after half an hour; one solved unanswered after two; one still waiting after ten; one
# answered after 25 hours, nine of them in the working hours of 09:00 to 17:00.
MONDAY = (
    ticket("quick", "2026-03-02 09:00", ("2026-03-02 09:30", REPLY)),
    ticket("silent", "2026-03-02 09:00", ("2026-03-02 11:00", status("solved"))),
    ticket("slow", "2026-03-02 09:00", ("2026-03-03 10:00", REPLY)),
    ticket("waiting", "2026-03-03 02:00", priority="low"),
    ticket("spam", "2026-03-02 09:00", ("2026-03-02 09:01", REPLY), exclusion="spam"),
)


def test_a_ticket_solved_without_an_answer_is_never_answered():
    found = curve(report(*MONDAY, until="2026-03-03 12:00"), "first_response_time")
    assert found[900.0] == pytest.approx((0.0, 0.0, 1.0))
    assert found[HOUR] == pytest.approx((0.25, 0.0, 0.75))
    assert found[4 * HOUR] == pytest.approx((0.25, 0.25, 0.5))
    assert found[24 * HOUR] == pytest.approx((0.25, 0.25, 0.5))  # at 25 hours only the slow one is left at risk
    assert found[7 * 24 * HOUR] == pytest.approx((0.75, 0.25, 0.0))


def test_on_working_hours_nights_do_not_count():
    found = curve(report(*MONDAY, until="2026-03-03 12:00"), "first_response_time", "business")
    assert found[4 * HOUR] == pytest.approx((0.25, 0.25, 0.5))  # the waiting one has waited for three
    assert found[8 * HOUR] == pytest.approx((0.25, 0.25, 0.5))
    assert found[16 * HOUR] == pytest.approx((0.75, 0.25, 0.0))  # the slow one after nine
    assert set(found) == {900.0, HOUR, 4 * HOUR, 8 * HOUR, 16 * HOUR, 40 * HOUR}


def test_only_tickets_of_the_period_and_of_the_population_count():
    found = curve(report(*MONDAY, until="2026-03-03 12:00", where=["priority!=low"]), "first_response_time")
    assert found[HOUR] == pytest.approx((1 / 3, 0.0, 2 / 3))


SOLVED = ticket("solved", "2026-03-02 09:00", ("2026-03-02 10:00", status("solved")))
CLOSED = ticket("closed", "2026-03-02 09:00", ("2026-03-02 12:00", status("closed")))
OTHER = {**SOLVED, "id": "other"}


def test_closing_without_a_solution_is_an_end_of_its_own_where_tickets_are_solved():
    found = curve(report(SOLVED, OTHER, CLOSED, until="2026-03-09 12:00"), "resolution_time")
    assert found[HOUR] == pytest.approx((2 / 3, 0.0, 1 / 3))
    assert found[4 * HOUR] == pytest.approx((2 / 3, 1 / 3, 0.0))


def test_where_most_are_only_closed_closing_is_how_they_are_solved():
    """rt-05: closed without solved counts as solved when it was closed."""
    more = ({**CLOSED, "id": name} for name in ("b", "c"))
    found = curve(report(SOLVED, CLOSED, *more, until="2026-03-09 12:00"), "resolution_time")
    assert found[4 * HOUR] == pytest.approx((1.0, 0.0, 0.0))


def test_one_screen_and_other_kpis_do_without_it():
    few = measure(fold(dataset(MONDAY, "2026-03-03 12:00"), SETTINGS), settings=SETTINGS, detail=False)
    other = report(*MONDAY, until="2026-03-03 12:00", kpis=["one_touch"])
    assert not [each for each in (*few.series, *other.series) if each.kind == "survival"]


def test_only_the_curves_of_the_kpis_asked_for_are_drawn():
    found = report(*MONDAY, until="2026-03-03 12:00", kpis=["resolution_time"])
    assert [each.id for each in found.series if each.kind == "survival"] == ["survival.resolution_time"]

"""Working hours at their edges: the last moment of a version, a cut inside a cut, the end of what can be told."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from supportkpi.calendars import Calendar, business_seconds, due_at
from supportkpi.calendars.days import days_after, stretch_end
from supportkpi.errors import CalendarHorizon, HoursWrong

INSTANT = pl.Datetime("us", "UTC")
HOUR = 3600.0
OFFICE = {"mon-fri": ["09:00-17:00"]}


def utc(*when: int) -> datetime:
    return datetime(*when, tzinfo=UTC)


def series(*instants: datetime) -> pl.Series:
    return pl.Series([*instants], dtype=INSTANT)


def seconds(calendar: Calendar, start: datetime, end: datetime) -> float:
    return business_seconds(series(start), series(end), calendar)[0]


def edges(calendar: Calendar, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    return calendar.intervals(start, end).rows()


# --- breaks ----------------------------------------------------------------------------------------------------------


def test_a_break_inside_another_ends_with_the_longer_one():
    calendar = Calendar(hours=OFFICE, breaks={date(2026, 3, 2): ["10:00-15:00", "11:00-12:00"]}, timezone="UTC")
    assert seconds(calendar, utc(2026, 3, 2), utc(2026, 3, 3)) == 3 * HOUR


def test_a_break_from_the_opening_on_moves_the_opening_and_leaves_none_behind():
    calendar = Calendar(hours=OFFICE, breaks={date(2026, 3, 2): ["09:00-10:00"]}, timezone="UTC")
    assert edges(calendar, utc(2026, 3, 2), utc(2026, 3, 3)) == [(utc(2026, 3, 2, 10), utc(2026, 3, 2, 17))]
    assert calendar.edge(series(utc(2026, 3, 2, 8)), "open", "next")[0] == utc(2026, 3, 2, 10)


def test_breaks_belong_to_the_version_of_their_date():
    """Those that the old hours name from the change on are none, nor those of the new hours before it."""
    lunch = {date(2026, 3, day): ["12:00-13:00"] for day in (3, 4, 5)}
    tea = {date(2026, 3, day): ["15:00-15:30"] for day in (3, 4, 5)}
    old, new = (Calendar(hours=OFFICE, breaks=breaks, timezone="UTC") for breaks in (lunch, tea))
    calendar = Calendar.versions([(None, old), (date(2026, 3, 4), new)])
    day = [seconds(calendar, utc(2026, 3, each), utc(2026, 3, each + 1)) for each in (3, 4, 5)]
    assert day == [7 * HOUR, 7.5 * HOUR, 7.5 * HOUR]


def test_a_cut_of_several_days_takes_their_midnights_too():
    """Less by whole days and two half ones: not a second of the nights between is left."""
    whole = Calendar.always().less([(utc(2026, 3, 2, 12), utc(2026, 3, 5, 12))])
    assert seconds(whole, utc(2026, 3, 1), utc(2026, 3, 8)) == 4 * 24 * HOUR
    assert edges(whole, utc(2026, 3, 1), utc(2026, 3, 8)) == [
        (utc(2026, 3, 1), utc(2026, 3, 2, 12)),
        (utc(2026, 3, 5, 12), utc(2026, 3, 8)),
    ]


def test_hours_that_the_clock_skips_are_neither_open_nor_an_opening():
    """Two to three on the night to 29 March 2026 does not exist in Berlin: the next opening is a week later."""
    night = Calendar(hours={"sun": ["02:00-03:00"]}, timezone="Europe/Berlin")
    assert night.edge(series(utc(2026, 3, 28)), "open", "next")[0] == utc(2026, 4, 5, 0)


# --- versions --------------------------------------------------------------------------------------------------------


def test_a_night_that_would_begin_at_the_change_itself_is_of_the_new_version():
    """The new hours hold from midnight in Moscow, nine in the evening in UTC, when the old night would have begun."""
    nights = Calendar(hours={"daily": ["21:00-05:00"]}, timezone="UTC")
    moscow = Calendar(hours=OFFICE, timezone="Europe/Moscow")
    calendar = Calendar.versions([(None, nights), (date(2026, 3, 3), moscow)])
    assert seconds(calendar, utc(2026, 3, 2, 12), utc(2026, 3, 3, 6)) == 0
    assert seconds(calendar, utc(2026, 3, 1, 12), utc(2026, 3, 2, 12)) == 8 * HOUR


def test_how_far_to_look_is_said_by_the_version_at_that_end():
    """Dated hours first, then weeks that go on for ever: far ahead there is always a next hour, before them none."""
    dated = Calendar(hours={}, days={date(2026, 1, 5): ["09:00-17:00"]}, timezone="UTC")
    calendar = Calendar.versions([(None, dated), (date(2026, 2, 2), Calendar(hours=OFFICE, timezone="UTC"))])
    assert due_at(series(utc(2026, 3, 2, 9)), 5 * 2080 * HOUR, calendar)[0].year == 2031
    assert calendar.edge(series(utc(2026, 1, 5, 9)), "open", "previous")[0] is None
    assert calendar.edge(series(utc(2026, 2, 1)), "open", "previous")[0] == utc(2026, 1, 5, 9)


# --- the end of what can be told -------------------------------------------------------------------------------------


def test_behind_the_last_dated_hour_there_is_no_edge():
    calendar = Calendar(hours={}, days={date(2026, 3, 2): ["09:00-17:00"]}, timezone="UTC")
    after, before = series(utc(2026, 3, 2, 18)), series(utc(2026, 3, 2, 8))
    assert [calendar.edge(after, kind, "next")[0] for kind in ("open", "close")] == [None, None]
    assert [calendar.edge(before, kind, "previous")[0] for kind in ("open", "close")] == [None, None]


def test_a_first_opening_on_new_year_may_lie_in_the_year_before():
    """Midnight of New Year in Auckland is eleven in the morning of New Year's Eve in UTC."""
    calendar = Calendar(hours={}, days={date(2026, 1, 1): ["00:00-06:00"]}, timezone="Pacific/Auckland")
    assert calendar.edge(series(utc(2026, 6, 1)), "open", "previous")[0] == utc(2025, 12, 31, 11)
    assert calendar.edge(series(utc(2025, 6, 1)), "close", "next")[0] == utc(2025, 12, 31, 17)


def test_a_last_closing_on_new_years_eve_may_lie_in_the_year_after():
    calendar = Calendar(hours={}, days={date(2026, 12, 31): ["18:00-24:00"]}, timezone="America/New_York")
    assert calendar.edge(series(utc(2026, 6, 1)), "close", "next")[0] == utc(2027, 1, 1, 5)


def test_a_span_without_any_hours_has_none_however_it_is_looked_up():
    calendar = Calendar(hours={}, days={date(2020, 3, 2): ["09:00-17:00"]}, timezone="UTC")
    instants = pl.DataFrame({"at": series(*(utc(2026, 1, 1) + timedelta(hours=hour) for hour in range(48)))})
    elapsed = calendar.elapsed(utc(2026, 1, 1), utc(2026, 1, 3))
    assert instants.select(elapsed(pl.col("at")))["at"].unique().to_list() == [0]
    assert seconds(calendar, utc(2026, 1, 1), utc(2026, 1, 3)) == 0


def test_the_very_first_and_last_instants_are_known_and_the_next_is_refused():
    office = Calendar(hours=OFFICE, timezone="UTC")
    last = utc(2399, 12, 31, 12)
    elapsed = office.elapsed(utc(2399, 12, 30), last)
    ends = pl.DataFrame({"at": series(utc(2399, 12, 30), last)}).select(elapsed(pl.col("at")))["at"]
    assert (ends[1] - ends[0]) / 1_000_000 == 11 * HOUR
    assert office.open_at(series(utc(1800, 1, 1)))[0] is False
    for beyond in (utc(2400, 1, 1), utc(1799, 12, 31, 23, 59, 59)):
        with pytest.raises(CalendarHorizon):
            office.open_at(series(beyond))


def test_the_shortest_quota_is_one_too():
    """A microsecond from a Sunday is a microsecond of Monday's opening; back from it, of Friday's closing."""
    office, sunday = Calendar(hours=OFFICE, timezone="UTC"), series(utc(2026, 3, 1))
    tick = timedelta(microseconds=1)
    assert due_at(sunday, 1e-6, office)[0] == utc(2026, 3, 2, 9) + tick
    assert due_at(sunday, -1e-6, office)[0] == utc(2026, 2, 27, 17) - tick


@pytest.mark.parametrize("text", ["09:60-17:00", "9:00-16:60"])
def test_an_hour_has_sixty_minutes(text):
    with pytest.raises(HoursWrong):
        Calendar(hours={"mon": [text]}, timezone="UTC")


# --- working days ----------------------------------------------------------------------------------------------------


def test_a_day_that_is_worked_to_midnight_ends_there():
    late = Calendar(hours={"mon-fri": ["12:00-24:00"]}, timezone="UTC")
    assert stretch_end(series(utc(2026, 3, 3, 15)), "day", late)[0] == utc(2026, 3, 4)


def test_a_limit_jumps_over_a_long_closure_whichever_ticket_runs_into_it():
    """One of two runs into four months without a working day, on, then back; the other is due before, or after."""
    closed = [date(2026, 3, 2) + timedelta(days=day) for day in range(121)]
    office = Calendar(hours=OFFICE, holidays=closed, timezone="UTC")
    starts, ends = series(utc(2026, 2, 26, 10), utc(2026, 2, 27, 10)), series(utc(2026, 7, 2, 10), utc(2026, 7, 1, 10))
    assert days_after(starts, 1, office).to_list() == [utc(2026, 2, 27, 10), utc(2026, 7, 1, 10)]
    assert days_after(ends, -1, office).to_list() == [utc(2026, 7, 1, 10), utc(2026, 2, 27, 10)]


def test_limits_of_tickets_of_different_years_are_told_together():
    office = Calendar(hours=OFFICE, timezone="UTC")
    starts = series(utc(2023, 6, 1, 10), utc(2026, 6, 1, 10))
    assert days_after(starts, 2, office).to_list() == [utc(2023, 6, 5, 10), utc(2026, 6, 3, 10)]

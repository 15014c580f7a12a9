"""Working hours at the edges of weeks, versions and limits: nights over the end of the week, moves between zones."""

from __future__ import annotations

from datetime import UTC, date, datetime

import polars as pl
import pytest

from supportkpi.calendars import Calendar, business_seconds, parse_hours
from supportkpi.calendars.days import days_after
from supportkpi.errors import HoursWrong

INSTANT = pl.Datetime("us", "UTC")
HOUR = 3600.0
OFFICE = {"mon-fri": ["09:00-17:00"]}


def utc(*when: int) -> datetime:
    return datetime(*when, tzinfo=UTC)


def series(*instants: datetime) -> pl.Series:
    return pl.Series([*instants], dtype=INSTANT)


def seconds(calendar: Calendar, start: datetime, end: datetime) -> float:
    return business_seconds(series(start), series(end), calendar)[0]


def test_the_night_from_sunday_to_monday_counts_once_in_the_week():
    """Closed eight hours of Sunday only; the night that follows, eight hours of Monday, makes up for nothing."""
    calendar = Calendar(
        hours={"mon": ["08:00-24:00"], "tue-sat": ["00:00-24:00"], "sun": ["00:00-12:00", "20:00-08:00"]},
        timezone="UTC",
    )
    assert not calendar.never_closes
    assert seconds(calendar, utc(2026, 3, 2), utc(2026, 3, 9)) == (7 * 24 - 8) * HOUR


def test_six_days_around_the_clock_are_no_week_around_it():
    calendar = Calendar(hours={"tue-sun": ["00:00-24:00"]}, timezone="UTC")
    assert seconds(calendar, utc(2026, 3, 2), utc(2026, 3, 9)) == 6 * 24 * HOUR
    assert calendar.edge(series(utc(2026, 3, 4)), "close", "next")[0] == utc(2026, 3, 9)


def test_where_midnight_comes_twice_the_day_opens_with_the_first():
    """In Havana one o'clock of 1 November 2026 is midnight once more: midnight to three lasts four hours."""
    calendar = Calendar(hours={"sun": ["00:00-03:00"]}, timezone="America/Havana")
    assert calendar.intervals(utc(2026, 11, 1), utc(2026, 11, 2)).rows() == [(utc(2026, 11, 1, 4), utc(2026, 11, 1, 8))]


def test_a_day_worked_to_midnight_ends_with_the_hours_of_the_old_place():
    """New York's evening of 3 March is Berlin's 4 March from six o'clock on, when Berlin's 9 to 17 hold."""
    there = Calendar(hours={"daily": ["00:00-24:00"]}, timezone="America/New_York")
    here = Calendar(hours={"daily": ["09:00-17:00"]}, timezone="Europe/Berlin")
    calendar = Calendar.versions([(None, there), (date(2026, 3, 4), here)])
    assert calendar.intervals(utc(2026, 3, 3), utc(2026, 3, 5)).rows() == [
        (utc(2026, 3, 3), utc(2026, 3, 3, 23)),
        (utc(2026, 3, 4, 8), utc(2026, 3, 4, 16)),
    ]


def test_hours_that_are_over_leave_no_opening_behind():
    """Nine to five until Tuesday, ten to six from Wednesday on: on Wednesday nothing opens at nine."""
    old, new = (Calendar(hours={"daily": [span]}, timezone="UTC") for span in ("09:00-17:00", "10:00-18:00"))
    calendar = Calendar.versions([(None, old), (date(2026, 3, 4), new)])
    night = series(utc(2026, 3, 4))
    assert calendar.edge(night, "open", "next")[0] == utc(2026, 3, 4, 10)
    assert calendar.edge(night, "close", "next")[0] == utc(2026, 3, 4, 18)
    assert calendar.edge(night, "close", "previous")[0] == utc(2026, 3, 3, 17)


def test_no_working_days_later_is_at_once_or_at_the_next_opening():
    office = Calendar(hours=OFFICE, timezone="UTC")
    starts = series(utc(2026, 3, 3, 10), utc(2026, 3, 7, 12))  # a Tuesday, a Saturday
    assert days_after(starts, 0, office).to_list() == [utc(2026, 3, 3, 10), utc(2026, 3, 9, 9)]


def test_a_limit_may_end_on_the_first_or_the_last_working_day_that_there_is():
    two = Calendar(hours={}, days={date(2026, 3, day): ["09:00-17:00"] for day in (2, 3)}, timezone="UTC")
    assert days_after(series(utc(2026, 3, 2, 10)), 1, two)[0] == utc(2026, 3, 3, 10)
    assert days_after(series(utc(2026, 3, 3, 10)), -1, two)[0] == utc(2026, 3, 2, 10)


@pytest.mark.parametrize(
    ("names", "open_on"),
    [("tues", [1]), ("thur", [3]), ("thurs.", [3]), ("wed-thurs", [2, 3]), ("вт, чт", [1, 3]), ("сб-пн", [0, 5, 6])],
)
def test_days_by_their_shorter_names(names, open_on):
    calendar = Calendar(hours=parse_hours(f"{names} 09:00-10:00"), timezone="UTC")
    days = [seconds(calendar, utc(2026, 3, 2 + n), utc(2026, 3, 3 + n)) for n in range(7)]
    assert [day for day, found in enumerate(days) if found == HOUR] == open_on
    assert sum(days) == len(open_on) * HOUR


def test_a_calendar_that_moved_is_where_it_is_now():
    """A working day later is one of Berlin's: Tuesday at ten there, though it is four in the morning in New York."""
    there, here = (Calendar(hours=OFFICE, timezone=zone) for zone in ("America/New_York", "Europe/Berlin"))
    calendar = Calendar.versions([(None, there), (date(2026, 2, 2), here)])
    assert calendar.timezone == "Europe/Berlin"
    assert days_after(series(utc(2026, 3, 2, 9)), 1, calendar)[0] == utc(2026, 3, 3, 9)


def test_calendars_are_equal_by_their_hours_and_equal_to_nothing_else():
    office, same = (Calendar(hours=OFFICE, timezone="UTC", name=name) for name in ("office", "desk"))
    assert office == same
    assert office != Calendar(hours=OFFICE, timezone="Europe/Berlin")
    assert office != "office"


@pytest.mark.parametrize("where", ["week", "day"])
def test_hours_of_a_day_that_overlap_are_refused_and_breaks_that_do_are_not(where):
    twice, dated = ["09:00-13:00", "12:00-18:00"], date(2026, 3, 2)
    with pytest.raises(HoursWrong):
        Calendar(
            hours={"mon": twice} if where == "week" else OFFICE,
            days={} if where == "week" else {dated: twice},
            timezone="UTC",
        )
    away = Calendar(hours={"mon": ["09:00-19:00"]}, breaks={dated: twice}, timezone="UTC")
    assert seconds(away, utc(2026, 3, 2), utc(2026, 3, 3)) == HOUR


def test_hours_that_shrink_twice_shrink_on_their_dates_and_their_breaks_with_them():
    """Four, two and one hour a day from three dates on; a break of half an hour belongs to the second alone."""
    lunch = {date(2026, 3, day): ["09:00-09:30"] for day in range(1, 8)}
    spans = ("09:00-13:00", "09:00-11:00", "09:00-10:00")
    first, second, third = (
        Calendar(hours={"daily": [span]}, breaks=lunch if number == 1 else None, timezone="UTC")
        for number, span in enumerate(spans)
    )
    calendar = Calendar.versions([(None, first), (date(2026, 3, 3), second), (date(2026, 3, 5), third)])
    days = [seconds(calendar, utc(2026, 3, day), utc(2026, 3, day + 1)) / HOUR for day in range(1, 8)]
    assert days == [4, 4, 1.5, 1.5, 1, 1, 1]


def test_a_break_of_the_first_of_three_versions_ends_with_it():
    lunch = {date(2026, 3, day): ["12:00-13:00"] for day in range(2, 7)}
    with_lunch, without = (Calendar(hours=OFFICE, breaks=breaks, timezone="UTC") for breaks in (lunch, None))
    calendar = Calendar.versions([(None, with_lunch), (date(2026, 3, 3), without), (date(2026, 3, 5), without)])
    days = [seconds(calendar, utc(2026, 3, day), utc(2026, 3, day + 1)) / HOUR for day in range(2, 7)]
    assert days == [7, 8, 8, 8, 8]


def test_long_before_a_change_the_first_hours_go_on_for_ever():
    """Two in the morning of 1 January 2000: the opening before is that of Friday, 31 December 1999."""
    office, later = (Calendar(hours=OFFICE, timezone=zone) for zone in ("UTC", "Europe/Berlin"))
    calendar = Calendar.versions([(None, office), (date(2026, 3, 4), later)])
    assert calendar.edge(series(utc(2000, 1, 1, 2)), "open", "previous")[0] == utc(1999, 12, 31, 9)


def test_versions_of_versions_are_refused():
    office = Calendar(hours=OFFICE, timezone="UTC")
    two = Calendar.versions([(None, office), (date(2026, 3, 4), office)])
    with pytest.raises(HoursWrong):
        Calendar.versions([(None, two)])

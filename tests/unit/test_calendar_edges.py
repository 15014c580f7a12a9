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


def test_every_break_of_a_day_is_cut_out():
    calendar = Calendar(
        hours=OFFICE, breaks={date(2026, 3, 2): ["10:00-11:00", "12:00-13:00", "14:00-15:00"]}, timezone="UTC"
    )
    assert seconds(calendar, utc(2026, 3, 2), utc(2026, 3, 3)) == 5 * HOUR


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


def test_a_break_up_to_the_closing_leaves_no_opening_there():
    calendar = Calendar(hours=OFFICE, breaks={date(2026, 3, 2): ["16:00-17:00"]}, timezone="UTC")
    assert calendar.edge(series(utc(2026, 3, 2, 16, 30)), "open", "next")[0] == utc(2026, 3, 3, 9)
    assert calendar.edge(series(utc(2026, 3, 2, 18)), "close", "previous")[0] == utc(2026, 3, 2, 16)


def test_a_cut_of_no_length_cuts_nothing():
    office = Calendar(hours=OFFICE, timezone="UTC")
    cut = office.less([(utc(2026, 3, 2, 12), utc(2026, 3, 2, 12))])
    assert cut.edge(series(utc(2026, 3, 2, 10)), "close", "next")[0] == utc(2026, 3, 2, 17)


# --- weeks -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hours", "per_day"),
    [
        ({"mon-sun": ["9-18"]}, [9] * 7),
        ({"fri-mon": ["09:00-17:00"]}, [8, 0, 0, 0, 8, 8, 8]),
        ({"sun-sat": ["09:00-12:00"]}, [3] * 7),
        ({"sat": ["10-14"], "tue-thu": ["9:30-18"]}, [0, 8.5, 8.5, 8.5, 0, 4, 0]),
    ],
)
def test_days_from_one_to_another_run_over_the_weekend(hours, per_day):
    calendar = Calendar(hours=hours, timezone="UTC")
    monday = utc(2026, 3, 2)
    days = [seconds(calendar, monday + timedelta(days=n), monday + timedelta(days=n + 1)) / HOUR for n in range(7)]
    assert days == per_day


@pytest.mark.parametrize(
    "more", [{"days": {date(2026, 3, 3): ["09:00-17:00"]}}, {"breaks": {date(2026, 3, 3): ["00:00-16:00"]}}]
)
def test_a_week_around_the_clock_with_one_shorter_day_is_not_always_open(more):
    calendar = Calendar(hours={"daily": ["00:00-24:00"]}, timezone="UTC", **more)
    assert not calendar.never_closes
    assert seconds(calendar, utc(2026, 3, 2), utc(2026, 3, 5)) == (24 + 8 + 24) * HOUR


def test_around_the_clock_every_instant_is_open_and_none_an_edge():
    at = utc(2026, 3, 2, 3)
    whole, noon = Calendar.always(), series(at)
    assert whole.open_at(noon).to_list() == [True]
    found = {
        (kind, way, itself): whole.edge(noon, kind, way, itself=itself)[0]
        for kind in ("open", "close")
        for way in ("next", "previous")
        for itself in (False, True)
    }
    assert {key for key, value in found.items() if value == at} == {("open", "next", True), ("close", "previous", True)}
    assert set(found.values()) == {at, None}


def test_an_open_instant_is_its_own_next_opening_only_where_it_may_be():
    office, noon = Calendar(hours=OFFICE, timezone="UTC"), utc(2026, 3, 2, 12)
    asked = series(noon)
    assert office.edge(asked, "open", "next")[0] == utc(2026, 3, 3, 9)
    assert office.edge(asked, "open", "next", itself=True)[0] == noon
    assert office.edge(asked, "close", "previous")[0] == utc(2026, 2, 27, 17)
    assert office.edge(asked, "close", "previous", itself=True)[0] == noon
    assert office.edge(asked, "close", "next", itself=True)[0] == utc(2026, 3, 2, 17)


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


def test_each_of_three_versions_ends_where_the_next_begins():
    hours = (["09:00-10:00"], ["09:00-11:00"], ["09:00-13:00"])
    first, second, third = (Calendar(hours={"daily": spans}, timezone="UTC") for spans in hours)
    calendar = Calendar.versions([(None, first), (date(2026, 3, 3), second), (date(2026, 3, 5), third)])
    days = [seconds(calendar, utc(2026, 3, day), utc(2026, 3, day + 1)) / HOUR for day in range(1, 8)]
    assert days == [1, 1, 2, 2, 4, 4, 4]


@pytest.mark.parametrize(
    "zones",
    [("Pacific/Kiritimati", "Pacific/Pago_Pago"), ("Pacific/Pago_Pago", "Pacific/Kiritimati"), ("Asia/Tokyo", "UTC")],
)
def test_a_desk_that_is_always_open_stays_so_when_it_moves_around_the_world(zones):
    """Between the two ends of the world lie 25 hours: none is lost, none is counted twice."""
    here, there = (Calendar(hours={"daily": ["00:00-24:00"]}, timezone=zone) for zone in zones)
    calendar = Calendar.versions([(None, here), (date(2026, 3, 4), there)])
    assert seconds(calendar, utc(2026, 3, 1), utc(2026, 3, 8)) == 7 * 24 * HOUR
    assert len(edges(calendar, utc(2026, 3, 1), utc(2026, 3, 8))) == 1


def test_before_the_first_version_nothing_is_open_to_the_microsecond():
    calendar = Calendar.versions([(date(2026, 3, 4), Calendar(hours=OFFICE, timezone="UTC"))])
    assert seconds(calendar, utc(2026, 3, 2), utc(2026, 3, 4, 10)) == HOUR


# --- the end of what can be told -------------------------------------------------------------------------------------


def test_behind_the_last_dated_hour_there_is_no_edge():
    calendar = Calendar(hours={}, days={date(2026, 3, 2): ["09:00-17:00"]}, timezone="UTC")
    after, before = series(utc(2026, 3, 2, 18)), series(utc(2026, 3, 2, 8))
    assert [calendar.edge(after, kind, "next")[0] for kind in ("open", "close")] == [None, None]
    assert [calendar.edge(before, kind, "previous")[0] for kind in ("open", "close")] == [None, None]


def test_before_the_first_dated_hour_it_is_closed():
    calendar = Calendar(hours={}, days={date(2026, 3, 2): ["09:00-17:00"]}, timezone="UTC")
    asked = series(utc(2026, 3, 1, 12), utc(2026, 3, 2, 9), utc(2026, 3, 2, 17))
    assert calendar.open_at(asked).to_list() == [False, True, False]


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


def test_a_year_that_begins_open_counts_from_its_first_moment_however_many_ask():
    nights = Calendar(hours={"daily": ["20:00-04:00"]}, timezone="UTC")
    for rows in (1, 20_000):
        starts = pl.select(pl.repeat(utc(2026, 1, 1, 1), rows, dtype=INSTANT)).to_series()
        ends = pl.select(pl.repeat(utc(2026, 1, 1, 12), rows, dtype=INSTANT)).to_series()
        assert business_seconds(starts, ends, nights).unique().to_list() == [3 * HOUR]


def test_a_closing_is_looked_for_over_the_end_of_the_year():
    """Open without a break from Christmas to the holiday in January, over the edge of the years that are worked out."""
    calendar = Calendar(
        hours={"daily": ["00:00-24:00"]}, holidays=[date(2026, 12, 20), date(2027, 1, 20)], timezone="UTC"
    )
    assert calendar.edge(series(utc(2026, 12, 25)), "close", "next")[0] == utc(2027, 1, 20)
    assert calendar.edge(series(utc(2027, 1, 10)), "open", "previous")[0] == utc(2026, 12, 21)


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


def test_a_limit_back_from_a_closed_day_counts_from_the_closing_before_it():
    office = Calendar(hours=OFFICE, timezone="UTC")
    assert days_after(series(utc(2026, 3, 7, 12)), -1, office)[0] == utc(2026, 3, 5, 17)


def test_a_wall_time_that_the_clock_skips_on_the_day_gives_its_closing():
    """Half past two on the night to 29 March 2026 does not exist in Berlin."""
    early = Calendar(hours={"daily": ["01:00-23:00"]}, timezone="Europe/Berlin")
    assert days_after(series(utc(2026, 3, 28, 1, 30)), 1, early)[0] == utc(2026, 3, 29, 21)


def test_ends_of_months_of_tickets_far_apart_are_told_together():
    office = Calendar(hours=OFFICE, timezone="UTC")
    starts = series(utc(2026, 1, 5, 10), utc(2026, 9, 1, 10))
    assert stretch_end(starts, "month", office).to_list() == [utc(2026, 1, 30, 17), utc(2026, 9, 30, 17)]

"""How month slices are told, to the hour: desks so regular that what should have come can be counted on fingers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from supportkpi.facts.slices import Slice, sliced
from supportkpi.schema import INSTANT

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
SECOND, WEEK = 1 / 3600, 24 * 7  # in hours


def hour(number: float) -> datetime:
    return MONDAY + timedelta(seconds=round(number * 3600))


def cut(created: list[float], newest: float, *, ended: int = 3, until: float | None = None) -> Slice | None:
    """What files of these creations tell that go on to the newest instant; so many tickets ended then (hours)."""
    ends = [hour(newest)] * ended + [hour(max(created))] * (len(created) - ended)
    frame = pl.DataFrame(
        {
            "created_at": [hour(at) for at in created],
            "observed_until": [hour(min(created)), *[hour(newest)] * (len(created) - 1)],
            "until": [hour(newest if until is None else until)] * len(created),
            "first_reply_at": [hour(at) for at in created],
            "resolved_at": ends,
        },
        schema=dict.fromkeys(("created_at", "observed_until", "until", "first_reply_at", "resolved_at"), INSTANT),
    )
    return sliced(frame)


HOURLY = [float(number) for number in (*range(59), 60)]
"""Sixty tickets in sixty hours: one an hour, so that three hours without any are nothing and fifteen are a cut."""


def test_one_an_hour_is_missed_after_three_hours_and_surely_after_fifteen():
    found = cut(HOURLY, 75)
    assert found is not None
    assert (found.last, found.until, found.newest) == (hour(60), hour(63), hour(75))
    assert cut(HOURLY, 75 - SECOND) is None


def test_a_slice_lacks_what_comes_after_the_quiet_hours_and_has_nothing_after_its_last():
    found = cut(HOURLY, 75)
    assert found is not None
    assert [found.lacks(hour(63)), found.lacks(hour(63 + SECOND))] == [False, True]
    assert [found.ends_before(hour(60)), found.ends_before(hour(60 + SECOND))] == [False, True]


def test_two_tickets_that_end_later_are_too_few_to_tell():
    assert cut(HOURLY, 75, ended=2) is None


def test_thirty_tickets_are_enough_and_one_less_is_not():
    thirty, fewer = ([float(number) for number in (*range(count - 1), count)] for count in (30, 29))
    found = cut(thirty, 45)
    assert found is not None
    assert found.until == hour(33)
    assert cut(fewer, 44) is None


def test_half_a_day_is_long_enough_where_two_come_an_hour():
    found = cut([*HOURLY, *HOURLY], 72)
    assert found is not None
    assert found.until == hour(62)
    assert cut([*HOURLY, *HOURLY], 72 - SECOND) is None


def test_what_lies_more_than_four_hundred_days_apart_is_no_slice():
    assert cut(HOURLY, 60 + 400 * 24) is not None
    assert cut(HOURLY, 60 + 400 * 24 + SECOND) is None


@pytest.mark.parametrize(("early", "is_cut"), [(SECOND, True), (0.0, False)])
def test_the_last_twelve_weeks_count_and_not_the_instant_at_which_they_begin(early, is_cut):
    """Thirty tickets in twelve weeks; two and a half a week are missed in seven weeks. Twenty-nine are too few."""
    created = [early, *(float(number) for number in range(11 * WEEK, 11 * WEEK + 28)), 12.0 * WEEK]
    assert (cut(created, 19 * WEEK) is not None) is is_cut


WEDNESDAY = 2 * 24 + 9.0


def test_from_two_weeks_on_the_hour_of_the_week_tells_what_should_have_come():
    """Twenty a week, all of them Wednesdays at nine: until the next one nothing is missed, then all twenty."""
    created = [WEDNESDAY] * 13 + [WEDNESDAY + WEEK] * 13 + [WEDNESDAY + 2 * WEEK] * 14
    found = cut(created, WEDNESDAY + 3 * WEEK)
    assert found is not None
    assert (found.last, found.until) == (hour(WEDNESDAY + 2 * WEEK), hour(WEDNESDAY + 3 * WEEK))
    assert cut(created, WEDNESDAY + 3 * WEEK - SECOND) is None


def test_fourteen_and_two_thirds_a_week_are_surely_missed_in_two_weeks():
    """Forty-four in three weeks: after one more week that none came may be chance, after two it is none."""
    created = [WEDNESDAY + week * WEEK for week in range(4) for _ in range(11)]
    found = cut(created, WEDNESDAY + 5 * WEEK)
    assert found is not None
    assert found.until == hour(WEDNESDAY + 4 * WEEK)
    assert cut(created, WEDNESDAY + 5 * WEEK - SECOND) is None


def test_up_to_two_weeks_every_hour_is_like_any_other():
    """The first of these Wednesdays a second later: forty in 336 hours, of which three come in 25.2 hours."""
    created = [WEDNESDAY + SECOND] * 13 + [WEDNESDAY + WEEK] * 13 + [WEDNESDAY + 2 * WEEK] * 14
    found = cut(created, WEDNESDAY + 3 * WEEK - 1)
    assert found is not None
    assert found.until == hour(WEDNESDAY + 2 * WEEK + 26)


def test_nobody_looks_further_than_the_files_and_no_further_than_was_asked():
    assert cut(HOURLY, 70, until=90) is None
    assert cut(HOURLY, 90, until=70) is None

"""Limits of whole working days, the ends of days, weeks and months, and stretches cut out of a calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime

import polars as pl
import pytest

from supportkpi.calendars import Calendar, business_seconds
from supportkpi.calendars.days import Stretch, days_after, stretch_end
from supportkpi.errors import CalendarHorizon

OFFICE = Calendar(timezone="Europe/Moscow", hours={"mon-fri": ["09:00-18:00"]}, holidays=[date(2026, 3, 9)])
SPLIT = Calendar(timezone="Europe/Moscow", hours={"mon-fri": ["09:00-13:00", "14:00-18:00"]})
INSTANT = pl.Datetime("us", "UTC")


def at(*texts: str | None) -> pl.Series:
    return pl.Series([text and datetime.fromisoformat(text) for text in texts], dtype=INSTANT)


def said(series: pl.Series) -> list[str | None]:
    return series.dt.convert_time_zone("Europe/Moscow").dt.to_string("%a %d.%m %H:%M").to_list()


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-03-05T16:40:12+03:00", 3, "Wed 11.03 16:40"),  # Friday, Tuesday (Monday is a holiday), Wednesday
        ("2026-03-07T12:00:00+03:00", 1, "Wed 11.03 09:00"),  # Saturday: counts from Tuesday's opening
        ("2026-03-05T20:00:00+03:00", 1, "Tue 10.03 09:00"),  # after closing: counts from Friday's opening
        ("2026-03-05T17:59:00+03:00", 1, "Fri 06.03 17:59"),
        ("2026-12-30T10:00:00+03:00", 5, "Wed 06.01 10:00"),  # over the end of a year
    ],
)
def test_a_limit_of_working_days_keeps_the_wall_time(start: str, days: int, due: str) -> None:
    assert said(days_after(at(start), days, OFFICE)) == [due]


def test_a_wall_time_that_is_closed_on_the_day_gives_its_closing() -> None:
    short = Calendar(
        timezone="Europe/Moscow", hours={"mon-fri": ["09:00-18:00"]}, days={date(2026, 3, 6): ["09:00-12:00"]}
    )
    assert said(days_after(at("2026-03-05T16:40:00+03:00"), 1, short)) == ["Fri 06.03 12:00"]


@pytest.mark.parametrize(
    ("stretch", "days", "due"),
    [
        ("day", 0, "Wed 04.03 18:00"),
        ("week", 0, "Fri 06.03 18:00"),
        ("month", 0, "Tue 31.03 18:00"),
        ("day", 3, "Tue 10.03 18:00"),
    ],
)
def test_a_deadline_is_the_last_closing_of_its_stretch(stretch: Stretch, days: int, due: str) -> None:
    assert said(stretch_end(at("2026-03-04T11:00:00+03:00", None), stretch, OFFICE, days=days)) == [due, None]


def test_a_stretch_whose_hours_are_over_gives_the_next() -> None:
    assert said(stretch_end(at("2026-03-07T11:00:00+03:00"), "week", OFFICE)) == ["Fri 13.03 18:00"]


def test_a_calendar_that_closes_for_good_has_no_such_day() -> None:
    once = Calendar(timezone="UTC", hours={}, days={date(2026, 3, 5): ["09:00-18:00"]})
    with pytest.raises(CalendarHorizon, match="no 2 working days left"):
        days_after(at("2026-03-05T10:00:00+00:00"), 2, once)


def test_stretches_are_cut_out_to_the_second_and_once() -> None:
    start, end = (
        datetime(2026, 3, 4, 9, 59, 30, tzinfo=UTC),
        datetime(2026, 3, 5, 6, 0, 10, tzinfo=UTC),
    )  # 12:59:30, 09:00:10
    cut = SPLIT.less([(start, end), (datetime(2026, 3, 4, 14, tzinfo=UTC), datetime(2026, 3, 4, 15, tzinfo=UTC))])
    days = (at("2026-03-04T00:00:00+03:00"), at("2026-03-06T00:00:00+03:00"))
    assert business_seconds(*days, cut).to_list() == [(4 * 3600 - 30) + (8 * 3600 - 10)]
    assert SPLIT.less([]) == SPLIT

"""Plans to calendars: in which order a date is decided, worked weekends, eves."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from supportkpi.calendars import Calendar
from supportkpi.config.plans import CalendarPlan, VersionPlan, always, cut, resolve
from supportkpi.config.public_holidays import country

MOSCOW = "Europe/Moscow"
HOUR = 3600
LUNCH: Mapping[str, tuple[str, ...]] = {"mon-fri": ("09:00-13:00", "14:00-18:00")}


def calendar(years: range = range(2025, 2027), **version: object) -> Calendar:
    plan = CalendarPlan(name="office", versions=(VersionPlan(**{"hours": LUNCH, **version}),))
    return resolve(plan, years, timezone=MOSCOW).calendar


def opened(calendar: Calendar, day: date) -> list[str]:
    """The open spans of a Moscow day, as HH:MM-HH:MM."""
    zone = ZoneInfo(MOSCOW)
    start = datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
    rows = calendar.intervals(start, start + timedelta(days=1)).rows()
    return ["-".join(f"{edge.astimezone(zone):%H:%M}" for edge in row) for row in rows]


def hours_of(calendar: Calendar, year: int) -> float:
    zone = ZoneInfo(MOSCOW)
    edges = [datetime(y, 1, 1, tzinfo=zone).astimezone(UTC) for y in (year, year + 1)]
    rows = calendar.intervals(*edges).rows()
    return sum((end - start).total_seconds() for start, end in rows) / HOUR


RUSSIA = {"country": country("RU"), "before_holiday_s": HOUR}


@pytest.mark.parametrize(("year", "norm"), [(2023, 1973), (2024, 1979), (2025, 1972), (2026, 1972)])
def test_a_forty_hour_week_gives_the_official_hours_of_the_year(year: int, norm: int) -> None:
    assert hours_of(calendar(range(year, year + 1), **RUSSIA), year) == norm


@pytest.mark.parametrize(
    ("day", "spans"),
    [
        (date(2025, 11, 1), ["09:00-13:00", "14:00-17:00"]),  # a working Saturday, and the short one
        (date(2025, 11, 3), []),  # moved day off
        (date(2025, 11, 4), []),
        (date(2025, 11, 8), []),  # a Saturday like any other
        (date(2026, 1, 9), []),
        (date(2026, 3, 6), ["09:00-13:00", "14:00-18:00"]),  # a weekend lies between it and the holiday
        (date(2026, 3, 9), []),
        (date(2026, 4, 30), ["09:00-13:00", "14:00-17:00"]),
        (date(2026, 12, 31), []),
    ],
)
def test_days_of_the_russian_calendar(day: date, spans: Sequence[str]) -> None:
    assert opened(calendar(**RUSSIA), day) == spans


def test_a_worked_saturday_has_mondays_hours() -> None:
    week = {"mon": ("08:00-16:00",), "tue-fri": ("09:00-17:00",)}
    assert opened(calendar(hours=week, country=country("RU")), date(2025, 11, 1)) == ["08:00-16:00"]


def test_a_desk_that_rests_on_mondays_keeps_its_own_saturday() -> None:
    week = {"tue-sat": ("10:00-18:00",)}
    assert opened(calendar(hours=week, country=country("RU")), date(2025, 11, 1)) == ["10:00-18:00"]


def test_days_win_over_the_country_and_closed_dates_over_both() -> None:
    duty = {date(2026, 3, 9): ("10:00-10:30",), date(2026, 4, 30): ("09:00-12:00",)}
    found = calendar(**RUSSIA, days=duty, closed=(date(2025, 11, 1),))
    assert opened(found, date(2026, 3, 9)) == ["10:00-10:30"]
    assert opened(found, date(2026, 4, 30)) == ["09:00-12:00"]  # said by the hour: not cut again
    assert opened(found, date(2025, 11, 1)) == []


def test_breaks_are_cut_out_of_whatever_is_open() -> None:
    found = calendar(**RUSSIA, breaks={date(2026, 4, 30): ("12:00-15:00",)})
    assert opened(found, date(2026, 4, 30)) == ["09:00-12:00", "15:00-17:00"]


def test_without_a_country_the_listed_dates_have_eves() -> None:
    found = calendar(closed=(date(2026, 6, 10),), before_holiday_s=HOUR)
    assert opened(found, date(2026, 6, 9)) == ["09:00-13:00", "14:00-17:00"]
    assert opened(found, date(2026, 6, 10)) == []


def test_the_years_beside_the_data_have_their_holidays_too() -> None:
    found = calendar(range(2025, 2026), country=country("RU"))
    assert opened(found, date(2026, 1, 5)) == []
    assert opened(found, date(2024, 12, 28)) == ["09:00-13:00", "14:00-18:00"]


def test_the_zone_is_the_calendars_own_else_the_reports() -> None:
    assert calendar().timezone == MOSCOW
    assert calendar(timezone="Europe/Berlin").timezone == "Europe/Berlin"


def test_versions_hold_from_their_dates() -> None:
    early, late = ({"mon-fri": (span,)} for span in ("09:00-17:00", "10:00-18:00"))
    versions = (VersionPlan(hours=early), VersionPlan(hours=late, since=date(2026, 1, 12)))
    found = resolve(CalendarPlan(name="x", versions=versions), range(2026, 2027), timezone=MOSCOW).calendar
    assert opened(found, date(2026, 1, 9)) == ["09:00-17:00"]
    assert opened(found, date(2026, 1, 12)) == ["10:00-18:00"]


def test_a_single_version_with_a_date_is_closed_before_it() -> None:
    plan = CalendarPlan(name="x", versions=(VersionPlan(hours=LUNCH, since=date(2026, 1, 12)),))
    found = resolve(plan, range(2026, 2027), timezone=MOSCOW).calendar
    assert opened(found, date(2026, 1, 9)) == []
    assert opened(found, date(2026, 1, 12)) == ["09:00-13:00", "14:00-18:00"]


def test_the_built_in_calendar_never_closes() -> None:
    choice = resolve(always(), range(2026, 2027), timezone=MOSCOW)
    assert choice.name == "24x7"
    assert choice.calendar.never_closes


@pytest.mark.parametrize(
    ("spans", "seconds", "left"),
    [
        ([(9, 13), (14, 18)], 1, [(9, 13), (14, 17)]),
        ([(9, 13), (14, 18)], 4, [(9, 13)]),
        ([(9, 13), (14, 18)], 5, [(9, 12)]),
        ([(20, 28)], 1, [(20, 27)]),
        ([(9, 10)], 2, []),
    ],
)
def test_a_cut_takes_the_end_of_the_day(
    spans: list[tuple[int, int]], seconds: int, left: list[tuple[int, int]]
) -> None:
    assert list(cut(spans, seconds)) == left

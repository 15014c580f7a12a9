"""Public holidays: facts of the Russian production calendar, regions, and names that are not known."""

from datetime import date

import pytest

from supportkpi.config.public_holidays import Country, PublicDays, country, public_days
from supportkpi.errors import CountryUnknown


@pytest.fixture(scope="module")
def russia() -> PublicDays:
    return public_days(country("RU"), range(2022, 2028))


def test_the_days_off_of_a_russian_january(russia: PublicDays) -> None:
    assert all(date(2026, 1, day) in russia.off for day in range(1, 10))
    assert date(2026, 1, 12) not in russia.off


@pytest.mark.parametrize(
    "day", [date(2025, 5, 2), date(2025, 11, 3), date(2025, 12, 31), date(2026, 3, 9), date(2026, 5, 11)]
)
def test_moved_and_observed_days_are_off(russia: PublicDays, day: date) -> None:
    assert day in russia.off


def test_working_weekend_days_are_named(russia: PublicDays) -> None:
    saturdays = {
        date(2022, 3, 5),
        date(2024, 4, 27),
        date(2024, 11, 2),
        date(2024, 12, 28),
        date(2025, 11, 1),
        date(2027, 2, 20),
    }
    assert saturdays == russia.worked


def test_a_moved_day_off_knows_the_day_that_it_was_taken_from(russia: PublicDays) -> None:
    assert russia.moved[date(2025, 11, 3)] == date(2025, 11, 1)
    assert russia.moved[date(2024, 4, 30)] == date(2024, 11, 2)
    assert date(2025, 11, 4) not in russia.moved


@pytest.mark.parametrize(
    ("year", "short"),
    [
        (2022, {(2, 22), (3, 5), (11, 3)}),
        (2023, {(2, 22), (3, 7), (11, 3)}),
        (2024, {(2, 22), (3, 7), (5, 8), (6, 11), (11, 2)}),
        (2025, {(3, 7), (4, 30), (6, 11), (11, 1)}),
        (2026, {(4, 30), (5, 8), (6, 11), (11, 3)}),
    ],
)
def test_the_short_days_are_those_of_the_official_calendars(
    russia: PublicDays, year: int, short: set[tuple[int, int]]
) -> None:
    working = {day for day in russia.eves() if day.year == year and (day.weekday() < 5 or day in russia.worked)}
    assert working == {date(year, month, day) for month, day in short}


def test_only_the_years_asked_for_are_worked() -> None:
    assert public_days(country("RU"), [2026]).worked == frozenset()


@pytest.mark.parametrize(
    ("code", "subdivision", "found"),
    [
        ("RU", None, "RU"),
        ("ru", None, "RU"),
        ("RUS", None, "RU"),
        ("NO", None, "NO"),
        ("DE-BY", None, "DE-BY"),
        ("de", "by", "DE-BY"),
        ("DE", "Bayern", "DE-BY"),
    ],
)
def test_countries_and_regions_by_code_or_name(code: str, subdivision: str | None, found: str) -> None:
    assert str(country(code, subdivision)) == found


def test_a_region_has_holidays_of_its_own() -> None:
    epiphany = date(2026, 1, 6)
    assert epiphany in public_days(Country(code="DE", subdivision="BY"), [2026]).off
    assert epiphany not in public_days(Country(code="DE"), [2026]).off


@pytest.mark.parametrize(
    ("code", "message", "hint"),
    [
        ("Russia", 'no holidays are known for the country "Russia"', "did you mean RU?"),
        ("Germny", 'no holidays are known for the country "Germny"', "did you mean DE?"),
        ("qqqq", 'no holidays are known for the country "qqqq"', "countries are ISO codes"),
        ("", "no holidays are known for the country", "countries are ISO codes"),
        ("DE-XX", 'DE has no region "XX" with holidays of its own', "its regions are BB, BE"),
        ("DE-Bayrn", 'DE has no region "Bayrn" with holidays of its own', "did you mean BY?"),
    ],
)
def test_an_unknown_country_or_region_is_named(code: str, message: str, hint: str) -> None:
    with pytest.raises(CountryUnknown) as raised:
        country(code)
    assert message in raised.value.message
    assert hint in (raised.value.hint or "")

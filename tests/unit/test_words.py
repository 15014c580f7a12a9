from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from supportkpi.report import RowTarget
from supportkpi.reporters._words import COMPARE, Words, _exact

EN, RU = Words("en"), Words("ru")
DAY, HOUR = 86_400, 3_600


def target(op: str, value: float) -> RowTarget:
    return RowTarget(op=op, value=value, text="")


@pytest.mark.parametrize(
    ("seconds", "calendar", "business"),
    [
        (0, "0s", "0s"),
        (0.2, "0.2s", "0.2s"),
        (45, "45s", "45s"),
        (59.7, "1m 00s", "1m 00s"),
        (3480, "58m 00s", "58m 00s"),
        (3599.6, "1h 00m", "1h 00m"),
        (21 * HOUR + 32 * 60, "21h 32m", "21h 32m"),
        (DAY - 20, "1d 00h", "24h 00m"),
        (DAY + 2 * HOUR, "1d 02h", "26h 00m"),
        (97 * HOUR + 15 * 60, "4d 01h", "97h 15m"),
        (10_000_000, "115d 18h", "2,777h 47m"),
        (-90, "−1m 30s", "−1m 30s"),
    ],
)
def test_a_duration_has_two_units_and_business_time_no_days(seconds: float, calendar: str, business: str) -> None:
    assert EN.duration(seconds) == calendar
    assert EN.duration(seconds, days=False) == business


@pytest.mark.parametrize(
    ("seconds", "op", "wanted", "shown"),
    [
        (HOUR, "<=", HOUR, "1h 00m"),
        (HOUR + 10, "<=", HOUR, "1h 00m 10s"),
        (HOUR + 0.4, "<=", HOUR, "1h 00m 00.4s"),
        (DAY + 10, "<=", DAY, "1d 00h 00m 10s"),
        (DAY + 5 * HOUR, "<=", DAY, "1d 05h"),
        (HOUR, "<", HOUR, "1h 00m"),
    ],
)
def test_a_duration_is_told_as_exactly_as_its_verdict_needs(seconds: float, op: str, wanted: float, shown: str) -> None:
    assert EN.duration(seconds, target=target(op, wanted)) == shown


@pytest.mark.parametrize(
    ("value", "op", "wanted", "shown"),
    [
        (0.0804, "<=", 0.08, "8.04 %"),
        (0.0496, "<", 0.05, "4.96 %"),
        (0.8996, ">=", 0.90, "89.96 %"),
        (0.9, ">=", 0.90, "90.0 %"),
        (0.9004, ">=", 0.90, "90.0 %"),
        (0.854, ">=", 0.90, "85.4 %"),
    ],
)
def test_a_share_gets_a_digit_more_where_rounding_would_hide_the_verdict(
    value: float, op: str, wanted: float, shown: str
) -> None:
    assert EN.share(value, target=target(op, wanted)) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0, "0 %"), (1, "100 %"), (0.9999, "99.99 %"), (0.0002, "0.02 %"), (1.0004, "100.04 %"), (0.386, "38.6 %")],
)
def test_nought_and_a_hundred_percent_are_truly_that(value: float, shown: str) -> None:
    assert EN.share(value) == shown


def test_a_net_score_has_its_sign_and_no_percent() -> None:
    assert [EN.points(value) for value in (38.785, -10, 0, 0.04)] == ["+38.8", "−10.0", "0.0", "+0.04"]


def test_targets_are_written_as_short_as_they_were_meant() -> None:
    assert EN.target(target("<=", 9.5 * HOUR), "s") == "≤ 9h 30m"
    assert EN.target(target("<=", 36 * HOUR), "s") == "≤ 1d 12h"
    assert EN.target(target("<=", 36 * HOUR), "s", days=False) == "≤ 36h"
    assert EN.target(target(">=", 0.9), "ratio") == "≥ 90 %"
    assert EN.target(target("<", 0.055), "ratio") == "< 5.5 %"
    assert EN.target(target(">=", 50), "points") == "≥ +50"
    assert EN.target(target("=", 0), "tickets") == "= 0"


def test_numbers_follow_the_language() -> None:
    assert EN.number(5144) == "5,144"
    assert RU.number(5144) == "5\u00a0144"
    assert RU.share(0.936) == "93,6 %"


def test_a_language_that_nobody_speaks_is_written_as_english() -> None:
    assert Words("xx").number(1234.5, 1) == "1,234.5"
    assert Words("not a language").share(0.5) == "50.0 %"


def test_halves_are_rounded_away_from_nought() -> None:
    assert [EN.number(value, 1) for value in (0.05, 0.15, 0.25, -0.25)] == ["0.1", "0.2", "0.3", "−0.3"]


def _number(text: str) -> float:
    return float(re.sub(r"[^\d.−]", "", text).replace("−", "-"))


@given(n=st.integers(1, 5000), x=st.integers(0, 5000), op=st.sampled_from(sorted(COMPARE)), wanted=st.integers(0, 1000))
def test_what_a_share_shows_stands_to_its_target_as_the_share_does(n: int, x: int, op: str, wanted: int) -> None:
    assume(x <= n)
    value, goal = x / n, wanted / 1000
    shown = _number(EN.share(value, target=target(op, goal)))
    true = COMPARE[op](_exact(value), _exact(goal))
    assert COMPARE[op](_exact(shown), _exact(goal) * 100) == true
    assert (shown == 0) == (x == 0)
    assert (shown == 100) == (x == n)


@given(seconds=st.integers(0, 10**8), wanted=st.integers(1, 10**6), days=st.booleans())
def test_what_a_duration_shows_stands_to_its_target_as_the_duration_does(seconds: int, wanted: int, days: bool) -> None:
    text = EN.duration(seconds, days=days, target=target("<=", wanted))
    units = {"d": DAY, "h": HOUR, "m": 60, "s": 1}
    shown = sum(_number(part) * units[part[-1]] for part in text.split())
    assert (shown <= wanted) == (seconds <= wanted)
    assert (shown == 0) == (seconds == 0)
    assert "d" not in text or days


@given(seconds=st.floats(0, 10**8), days=st.booleans())
def test_a_duration_is_rounded_by_less_than_its_smallest_unit(seconds: float, days: bool) -> None:
    text = EN.duration(seconds, days=days)
    units = {"d": DAY, "h": HOUR, "m": 60, "s": 1}
    parts = text.split()
    shown = sum(_number(part) * units[part[-1]] for part in parts)
    assert len(parts) <= 2
    assert abs(shown - seconds) <= units[parts[-1][-1]] / 2 + 1e-6
    if len(parts) == 2:
        assert len(parts[1]) == 3, "the second unit has two digits"

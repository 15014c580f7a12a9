"""Hours and zones as people write them, rightly and wrongly."""

from __future__ import annotations

from datetime import date

import pytest

from supportkpi.calendars import Calendar, parse_hours
from supportkpi.errors import HoursWrong, ZoneUnknown

OFFICE = {"mon-fri": ["09:00-17:00"]}


def office(zone: str = "UTC", hours: dict[str, list[str]] | None = None, **more: object) -> Calendar:
    return Calendar(timezone=zone, hours=OFFICE if hours is None else hours, **more)


class TestWords:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("mon-fri 09:00-18:00", {"mon-fri": ("09:00-18:00",)}),
            (
                "mon-fri 09:00-13:00 14:00-18:00; sat 10:00-14:00",
                {"mon-fri": ("09:00-13:00", "14:00-18:00"), "sat": ("10:00-14:00",)},
            ),
            (
                "mon-fri 09:00-13:00, 14:00-18:00, sat 10-14",
                {"mon-fri": ("09:00-13:00", "14:00-18:00"), "sat": ("10:00-14:00",)},
            ),
            ("Пн–Пт 9.00 – 18.00; сб, вс 10-16", {"mon-fri": ("09:00-18:00",), "sat,sun": ("10:00-16:00",)}),
            ("mon,wed 9-18", {"mon,wed": ("09:00-18:00",)}),
            ("fri-mon: 20:00-04:00;", {"fri-mon": ("20:00-04:00",)}),
            ("daily 00:00-24:00", {"mon-sun": ("00:00-24:00",)}),
            ("будни 9-18", {"mon-fri": ("09:00-18:00",)}),
            ("24x7", {"daily": ("00:00-24:00",)}),
            ("24/7", {"daily": ("00:00-24:00",)}),
            ("fri 20:00-00:00", {"fri": ("20:00-24:00",)}),
        ],
    )
    def test_one_line(self, text: str, expected: dict[str, tuple[str, ...]]) -> None:
        assert parse_hours(text) == expected
        Calendar(timezone="UTC", hours=parse_hours(text))

    @pytest.mark.parametrize(
        ("text", "message", "hint"),
        [
            ("9-18", "on which days", "mon-fri 9-18"),
            ("", "no hours", "mon-fri"),
            ("mon-fri", "cannot be read", "mon-fri 09:00-18:00"),
            ("mon-fri 9am-5pm", "cannot be read", "09:00-18:00"),
            ("funday 9-18", "funday", "mon tue"),
            ("mon-fri 9-18; fri 10-16", "fri", "once"),
            ("mon-fri 9-18; mon-fri 19-20", "twice", "once"),
            ("mon-fri 09:00-13:00 12:00-18:00", "overlap", "join"),
            ("mon 25:00-26:00", "25:00", "24:00"),
            ("mon 09:61-10:00", "09:61", "24:00"),
            ("mon 09:00-09:00", "at once", "00:00-24:00"),
            ("mon 24:00-03:00", "24:00", "next day"),
        ],
    )
    def test_a_wrong_line_says_what_and_how(self, text: str, message: str, hint: str) -> None:
        with pytest.raises(HoursWrong) as wrong:
            parse_hours(text)
        assert message in wrong.value.message
        assert hint in (wrong.value.hint or "")

    @pytest.mark.parametrize(
        "given",
        [
            {"hours": {}},
            {"hours": {"mon": []}},
            {"hours": {}, "days": {date(2026, 1, 1): ["09:00-10:00"]}, "holidays": [date(2026, 1, 1)]},
            {"hours": {"mon-fri": ["09:00-18:00"], "fri": ["09:00-16:00"]}},
            {"hours": {"mon-wed-fri": ["09:00-18:00"]}},
            {"hours": {"mon-fri,fri": ["09:00-18:00"]}},
            {"hours": {"mon": ["nine to five"]}},
            {"hours": {"mon": [9]}},
            {"hours": {"mon": ["09:00-18:00"]}, "holidays": ["2026-01-01"]},
            {"hours": {"mon": ["09:00-18:00"]}, "days": {date(2026, 1, 1): ["09:00-12:00", "11:00-13:00"]}},
        ],
    )
    def test_what_is_no_calendar(self, given: dict[str, object]) -> None:
        with pytest.raises(HoursWrong):
            Calendar(timezone="UTC", **given)

    def test_the_spans_of_a_day_may_be_one_text(self) -> None:
        assert office(hours={"mon": "9-13, 14:00 - 18:00"}) == office(hours={"mon": ["09:00-13:00", "14:00-18:00"]})

    def test_spans_that_touch_do_not_overlap(self) -> None:
        assert office(hours={"mon": ["09:00-13:00", "13:00-18:00"]}) is not None

    @pytest.mark.parametrize(
        ("zone", "hint"),
        [
            ("Europe/Moskow", "Europe/Moscow"),
            ("berlin", "Europe/Berlin"),
            ("utc ", "UTC"),
            ("new york", "America/New_York"),
            ("", "IANA"),
            ("../etc", ""),
        ],
    )
    def test_an_unknown_zone_gets_the_nearest(self, zone: str, hint: str) -> None:
        with pytest.raises(ZoneUnknown) as unknown:
            office(zone)
        assert hint in (unknown.value.hint or "")

"""Working hours, one named case after the other: the failure catalogue of helpdesks, DST nights, words, errors."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from supportkpi.calendars import Calendar, business_seconds, due_at
from supportkpi.errors import CalendarHorizon, HoursWrong, KpiError, ShapeWrong

INSTANT = pl.Datetime("us", "UTC")
OFFICE = {"mon-fri": ["09:00-17:00"]}
MINUTE, HOUR = 60, 3600


def local(zone: str, *when: int) -> datetime:
    return datetime(*when, tzinfo=ZoneInfo(zone))


def wall(*when: int) -> datetime:
    return datetime(*when)  # noqa: DTZ001 - a wall time is what is meant


def utc(*when: int) -> datetime:
    return datetime(*when, tzinfo=UTC)


def series(*instants: datetime | None) -> pl.Series:
    return pl.Series([instant and instant.astimezone(UTC) for instant in instants], dtype=INSTANT)


def seconds(calendar: Calendar, start: datetime, end: datetime) -> float:
    return business_seconds(series(start), series(end), calendar)[0]


def due(calendar: Calendar, start: datetime, quota: float) -> datetime:
    return due_at(series(start), quota, calendar)[0]


def office(zone: str = "UTC", hours: dict[str, list[str]] | None = None, **more: object) -> Calendar:
    return Calendar(timezone=zone, hours=OFFICE if hours is None else hours, **more)


class TestFailureCatalogue:
    def test_created_on_a_sunday_the_clock_starts_at_the_first_working_minute(self) -> None:
        assert seconds(office(), utc(2026, 3, 1, 15), utc(2026, 3, 2, 9, 10)) == 10 * MINUTE

    def test_an_hour_from_friday_half_past_four_is_monday_half_past_nine(self) -> None:
        assert due(office(), utc(2026, 3, 6, 16, 30), HOUR) == utc(2026, 3, 9, 9, 30)

    def test_lunch_is_not_worked(self) -> None:
        split = office(hours={"daily": ["08:00-12:00", "13:30-18:00"]})
        assert seconds(split, utc(2026, 3, 2, 11), utc(2026, 3, 2, 14)) == 1.5 * HOUR

    def test_a_day_to_24_00_loses_no_minute(self) -> None:
        whole, short = office(hours={"daily": ["00:00-24:00"]}), office(hours={"daily": ["00:00-23:59"]})
        start, end = utc(2026, 3, 1), utc(2026, 3, 11)
        assert seconds(whole, start, end) == 10 * 24 * HOUR
        assert seconds(short, start, end) == 10 * 24 * HOUR - 10 * MINUTE

    @pytest.mark.parametrize("start", [(2025, 3, 28, 12), (2025, 10, 24, 12)], ids=["spring", "autumn"])
    def test_hours_keep_their_wall_time_on_both_sides_of_dst(self, start: tuple[int, ...]) -> None:
        berlin = office("Europe/Berlin")
        friday = local("Europe/Berlin", *start)
        assert due(berlin, friday, 6 * HOUR) == friday + timedelta(days=3, hours=-2)

    @pytest.mark.parametrize("zone", ["Asia/Vladivostok", "America/New_York"])
    def test_a_holiday_is_a_day_of_its_own_zone(self, zone: str) -> None:
        closed = office(zone, hours={"daily": ["00:00-24:00"]}, holidays=[date(2026, 3, 10)])
        midnight = local(zone, 2026, 3, 10)
        hole = closed.edge(series(midnight), "open", "next")[0]
        assert closed.open_at(series(midnight - timedelta(seconds=1), midnight, hole)).to_list() == [True, False, True]
        assert hole == local(zone, 2026, 3, 11)

    def test_a_short_day_before_a_holiday(self) -> None:
        short = office(
            "Europe/Moscow", days={date(2025, 11, 1): ["09:00-16:00"]}, holidays=[date(2025, 11, 3), date(2025, 11, 4)]
        )
        assert (
            seconds(short, local("Europe/Moscow", 2025, 10, 31, 18), local("Europe/Moscow", 2025, 11, 5, 9)) == 7 * HOUR
        )

    def test_a_hold_over_a_weekend_takes_only_working_time_away(self) -> None:
        hold = seconds(office(), utc(2026, 3, 6, 16), utc(2026, 3, 9, 10))
        assert seconds(office(), utc(2026, 3, 6, 15), utc(2026, 3, 9, 11)) - hold == 2 * HOUR

    def test_asked_and_answered_outside_hours_is_nought(self) -> None:
        assert seconds(office(), utc(2026, 3, 7, 10), utc(2026, 3, 8, 10)) == 0

    def test_a_ticket_of_three_years(self) -> None:
        worked = seconds(
            office("Europe/Berlin"), local("Europe/Berlin", 2023, 1, 1), local("Europe/Berlin", 2026, 1, 1)
        )
        weekdays = sum((date(2023, 1, 1) + timedelta(days=day)).weekday() < 5 for day in range(1096))
        assert worked == weekdays * 8 * HOUR


class TestOrderOfADate:
    def test_holiday_then_special_day_then_week_and_breaks_cut_what_is_open(self) -> None:
        monday = [date(2026, 3, 2) + timedelta(days=7 * week) for week in range(4)]
        mixed = office(
            holidays=[monday[0]],
            days={monday[0]: ["10:00-11:00"], monday[1]: ["10:00-16:00"], monday[3]: []},
            breaks={monday[1]: ["15:00-18:00"], monday[2]: ["12:00-12:30", "12:15-13:00"]},
        )
        per_day = [seconds(mixed, utc(*day.timetuple()[:3]), utc(*day.timetuple()[:3], 23)) / HOUR for day in monday]
        assert per_day == [0, 5, 7, 0]

    def test_a_holiday_leaves_the_night_before_it_whole_and_takes_its_own(self) -> None:
        night = office(hours={"daily": ["20:00-04:00"]}, holidays=[date(2026, 3, 3)])
        opened = night.intervals(utc(2026, 3, 2, 12), utc(2026, 3, 5, 12)).rows()
        assert opened == [(utc(2026, 3, 2, 20), utc(2026, 3, 3, 4)), (utc(2026, 3, 4, 20), utc(2026, 3, 5, 4))]

    def test_a_break_cuts_the_night_that_began_the_day_before(self) -> None:
        night = office(hours={"mon": ["20:00-04:00"]}, breaks={date(2026, 3, 3): ["01:00-02:00"]})
        opened = night.intervals(utc(2026, 3, 2), utc(2026, 3, 4)).rows()
        assert opened == [(utc(2026, 3, 2, 20), utc(2026, 3, 3, 1)), (utc(2026, 3, 3, 2), utc(2026, 3, 3, 4))]

    def test_checkpoints_on_a_holiday(self) -> None:
        points = {date(2026, 3, 9): ["10:00-10:30", "15:00-15:30", "17:00-18:00"]}
        duty = office("Europe/Moscow", hours={"mon-fri": ["09:00-21:00"]}, days=points)
        assert due(duty, local("Europe/Moscow", 2026, 3, 9, 10, 20), 20 * MINUTE) == local(
            "Europe/Moscow", 2026, 3, 9, 15, 10
        )

    def test_nights_that_meet_the_next_morning_are_one_interval(self) -> None:
        duty = office(hours={"mon": ["22:00-06:00"], "tue": ["05:00-09:00"]})
        assert duty.intervals(utc(2026, 3, 2), utc(2026, 3, 4)).rows() == [(utc(2026, 3, 2, 22), utc(2026, 3, 3, 9))]


class TestDueAt:
    def test_a_quota_that_fills_the_day_is_due_at_closing_and_back_at_opening(self) -> None:
        assert due(office(), utc(2026, 3, 6, 9), 8 * HOUR) == utc(2026, 3, 6, 17)
        assert due(office(), utc(2026, 3, 6, 17), -8 * HOUR) == utc(2026, 3, 6, 9)

    def test_nothing_added_is_the_identity_even_outside_hours(self) -> None:
        assert due(office(), utc(2026, 3, 7, 3), 0) == utc(2026, 3, 7, 3)

    def test_each_row_has_its_own_quota_and_nulls_stay(self) -> None:
        starts = series(utc(2026, 3, 6, 16), utc(2026, 3, 6, 16), None, utc(2026, 3, 6, 16))
        found = due_at(starts, pl.Series([7200.0, -7200.0, 60.0, None]), office())
        assert found.to_list() == [utc(2026, 3, 9, 10), utc(2026, 3, 6, 14), None, None]
        assert found.dtype == INSTANT

    def test_the_horizon_is_extended_as_far_as_the_quota_asks(self) -> None:
        years = due(office(), utc(2026, 1, 1), 40 * 260 * 8 * HOUR)
        assert utc(2065, 1, 1) < years < utc(2067, 1, 1)
        assert seconds(office(), utc(2026, 1, 1), years) == 40 * 260 * 8 * HOUR

    @pytest.mark.parametrize("quota", [9 * HOUR, -9 * HOUR, float("inf")])
    def test_beyond_the_last_hour_of_dated_days_it_raises(self, quota: float) -> None:
        one = Calendar(timezone="UTC", hours={}, days={date(2026, 3, 2): ["09:00-17:00"]})
        with pytest.raises(CalendarHorizon):
            due(one, utc(2026, 3, 2, 9) if quota > 0 else utc(2026, 3, 2, 17), quota)

    def test_the_last_hour_itself_can_be_used_up(self) -> None:
        one = Calendar(timezone="UTC", hours={}, days={date(2026, 3, 2): ["09:00-17:00"]})
        assert due(one, utc(2020, 1, 1), 8 * HOUR) == utc(2026, 3, 2, 17)


class TestSeconds:
    def test_swapped_ends_are_negative_and_nulls_stay(self) -> None:
        starts, ends = (
            series(utc(2026, 3, 2, 12), None, utc(2026, 3, 2)),
            series(utc(2026, 3, 2, 10), utc(2026, 3, 2), None),
        )
        found = business_seconds(starts, ends, office())
        assert found.to_list() == [-7200.0, None, None]
        assert found.dtype == pl.Float64

    def test_exact_to_the_microsecond(self) -> None:
        start = utc(2026, 3, 2, 16, 59, 59) + timedelta(microseconds=999_999)
        assert seconds(office(), start, utc(2026, 3, 3, 9, 0, 0) + timedelta(microseconds=2)) == 0.000003

    def test_any_zone_and_precision_of_the_instants_is_taken(self) -> None:
        start = pl.Series([wall(2026, 3, 2, 9)]).dt.cast_time_unit("ms").dt.replace_time_zone("Europe/Berlin")
        end = pl.Series([wall(2026, 3, 2, 9)]).dt.cast_time_unit("ns").dt.replace_time_zone("America/New_York")
        assert business_seconds(start, end, office("Europe/Berlin"))[0] == 6 * HOUR

    @pytest.mark.parametrize("size", [0, 2])
    def test_nothing_known_is_nothing(self, size: int) -> None:
        empty = pl.Series([None] * size, dtype=pl.Null)
        assert business_seconds(empty, empty, office()).to_list() == [None] * size
        assert due_at(empty, 5, office()).to_list() == [None] * size
        assert office().open_at(empty).to_list() == [None] * size
        assert office().edge(empty, "open", "next").to_list() == [None] * size

    def test_hours_outside_the_span_give_nought(self) -> None:
        one = Calendar(timezone="UTC", hours={}, days={date(2026, 3, 2): ["09:00-17:00"]})
        assert seconds(one, utc(2020, 1, 1), utc(2020, 2, 1)) == 0

    def test_minutes_that_no_wide_step_divides(self) -> None:
        odd = office("Asia/Kathmandu", hours={"daily": ["09:07-17:53", "18:01-18:02"]})
        assert seconds(odd, utc(1900, 1, 1), utc(1900, 1, 11)) == 10 * 527 * MINUTE  # local mean time: odd seconds
        assert seconds(odd, utc(2026, 1, 1), utc(2026, 1, 11)) == 10 * 527 * MINUTE


class TestEdges:
    def edge(self, kind: str, direction: str, *, itself: bool, at: datetime) -> datetime:
        return office().edge(series(at), kind, direction, itself=itself)[0]

    @pytest.mark.parametrize(
        ("kind", "direction", "itself", "at", "expected"),
        [
            ("open", "next", True, (6, 12), (6, 12)),
            ("open", "next", True, (6, 9), (6, 9)),
            ("open", "next", True, (6, 17), (9, 9)),
            ("open", "next", False, (6, 9), (9, 9)),
            ("close", "previous", True, (6, 12), (6, 12)),
            ("close", "previous", True, (6, 17), (6, 17)),
            ("close", "previous", True, (6, 9), (5, 17)),
            ("close", "previous", False, (6, 17), (5, 17)),
            ("close", "next", True, (6, 17), (6, 17)),
            ("close", "next", False, (6, 17), (9, 17)),
            ("open", "previous", True, (6, 9), (6, 9)),
            ("open", "previous", False, (6, 9), (5, 9)),
        ],
    )
    def test_edge(
        self, kind: str, direction: str, itself: bool, at: tuple[int, int], expected: tuple[int, int]
    ) -> None:
        assert self.edge(kind, direction, itself=itself, at=utc(2026, 3, *at)) == utc(2026, 3, *expected)

    def test_far_edges_are_found_and_missing_ones_are_null(self) -> None:
        one = Calendar(timezone="UTC", hours={}, days={date(2099, 3, 2): ["09:00-17:00"]})
        assert one.edge(series(utc(2026, 1, 1)), "open", "next")[0] == utc(2099, 3, 2, 9)
        assert one.edge(series(utc(2026, 1, 1)), "open", "previous").to_list() == [None]
        closed_once = office(hours={"daily": ["00:00-24:00"]}, holidays=[date(2026, 3, 2)])
        assert closed_once.edge(series(utc(2026, 1, 1)), "close", "next")[0] == utc(2026, 3, 2)
        assert closed_once.edge(series(utc(2026, 4, 1)), "close", "next").to_list() == [None]

    def test_around_the_clock_there_is_no_edge_but_the_instant_itself(self) -> None:
        at = series(utc(2026, 3, 2), None)
        assert Calendar.always().edge(at, "close", "next").to_list() == [None, None]
        assert Calendar.always().edge(at, "open", "next", itself=True).to_list() == at.to_list()

    def test_the_closing_instant_is_closed(self) -> None:
        at = series(utc(2026, 3, 6, 9), utc(2026, 3, 6, 16, 59, 59), utc(2026, 3, 6, 17), None)
        assert office().open_at(at).to_list() == [True, True, False, None]

    def test_intervals_are_cut_to_the_window(self) -> None:
        assert office().intervals(utc(2026, 3, 6, 10), utc(2026, 3, 6, 11)).rows() == [
            (utc(2026, 3, 6, 10), utc(2026, 3, 6, 11))
        ]
        assert office().intervals(utc(2026, 3, 6, 11), utc(2026, 3, 6, 10)).is_empty()
        assert office().intervals(utc(2026, 3, 6), utc(2026, 3, 7)).schema == {"start": INSTANT, "end": INSTANT}


class TestVersions:
    def test_each_version_holds_from_its_date(self) -> None:
        longer = Calendar.versions([(date(2026, 3, 3), office(hours={"daily": ["08:00-20:00"]})), (None, office())])
        assert seconds(longer, utc(2026, 3, 2), utc(2026, 3, 4)) == (8 + 12) * HOUR

    def test_before_the_first_date_nothing_is_open(self) -> None:
        later = Calendar.versions([(date(2026, 3, 3), office())])
        assert seconds(later, utc(2026, 3, 2), utc(2026, 3, 4)) == 8 * HOUR
        with pytest.raises(CalendarHorizon):
            due(later, utc(2026, 3, 3, 10), -2 * HOUR)

    def test_a_night_under_the_old_version_is_worked_to_its_end(self) -> None:
        nights = [
            (None, office(hours={"daily": ["20:00-04:00"]})),
            (date(2026, 1, 1), office(hours={"daily": ["21:00-05:00"]})),
        ]
        changed = Calendar.versions(nights, name="night")
        opened = changed.intervals(utc(2025, 12, 31, 12), utc(2026, 1, 2, 12)).rows()
        assert opened == [(utc(2025, 12, 31, 20), utc(2026, 1, 1, 4)), (utc(2026, 1, 1, 21), utc(2026, 1, 2, 5))]

    @pytest.mark.parametrize(
        "zones",
        [
            ("Europe/Berlin", "America/New_York"),
            ("America/New_York", "Europe/Berlin"),
            ("Pacific/Kiritimati", "Etc/GMT+12"),
        ],
    )
    def test_a_move_to_another_zone_leaves_no_hole_and_counts_nothing_twice(self, zones: tuple[str, str]) -> None:
        daily = {"daily": ["00:00-24:00"]}
        moved = Calendar.versions(
            [(None, office(zones[0], hours=daily)), (date(2026, 3, 3), office(zones[1], hours=daily))]
        )
        assert seconds(moved, utc(2026, 3, 1), utc(2026, 3, 6)) == 5 * 24 * HOUR

    @pytest.mark.parametrize(
        "versions",
        [
            [],
            [(None, office()), (None, office())],
            [(date(2026, 1, 1), office()), (wall(2026, 1, 1), office())],
            [(None, Calendar.versions([(date(2026, 1, 1), office())]))],
        ],
    )
    def test_what_is_no_list_of_versions(self, versions: list[tuple[date | None, Calendar]]) -> None:
        with pytest.raises(HoursWrong):
            Calendar.versions(versions)


class TestValue:
    def test_equal_hours_are_equal_whatever_the_words_and_the_name(self) -> None:
        spelled = {day: ["9-17"] for day in ("Monday", "вт", "WED", "thu", "fri")}
        assert office(name="a") == office(hours=spelled, name="b")
        assert hash(office(name="a")) == hash(office(hours=spelled))
        assert office() != office("Europe/Berlin")
        assert office() != office(holidays=[date(2026, 1, 1)])
        assert office() != "office"

    def test_immutable_but_copied_and_pickled(self) -> None:
        calendar = office(name="office", breaks={date(2026, 1, 1): ["12:00-13:00"]})
        with pytest.raises(AttributeError):
            calendar.name = "other"  # type: ignore[misc]
        for other in (pickle.loads(pickle.dumps(calendar)), copy.deepcopy(calendar)):  # noqa: S301 - our own bytes
            assert other == calendar
            assert other.name == "office"

    def test_described_for_the_fingerprint(self) -> None:
        calendar = office(
            "Europe/Moscow",
            hours={"mon,wed": ["14:00-18:00", "09:00-13:00"], "fri-sat": ["20:00-04:00"]},
            holidays=[date(2026, 1, 2), date(2026, 1, 1), date(2026, 1, 2)],
            days={date(2026, 5, 9): ["10:00-24:00"]},
        )
        words = {
            "timezone": "Europe/Moscow",
            "hours": {
                "mon": ["09:00-13:00", "14:00-18:00"],
                "wed": ["09:00-13:00", "14:00-18:00"],
                "fri": ["20:00-04:00"],
                "sat": ["20:00-04:00"],
            },
            "holidays": ["2026-01-01", "2026-01-02"],
            "days": {"2026-05-09": ["10:00-24:00"]},
        }
        assert calendar.describe() == words
        both = Calendar.versions([(None, calendar), (date(2026, 6, 1), office())])
        assert both.describe()["versions"][0] == {"from": None, **words}
        assert json.loads(json.dumps(both.describe())) == both.describe()
        assert both.digest() != calendar.digest()


class TestShapes:
    @pytest.mark.parametrize(
        ("starts", "ends"),
        [
            (pl.Series([wall(2026, 1, 1)]), series(utc(2026, 1, 1))),
            (pl.Series(["2026-01-01"]), series(utc(2026, 1, 1))),
            (series(utc(2026, 1, 1)), series(utc(2026, 1, 1), utc(2026, 1, 2))),
        ],
        ids=["naive", "text", "lengths"],
    )
    def test_other_columns_are_refused(self, starts: pl.Series, ends: pl.Series) -> None:
        with pytest.raises(ShapeWrong):
            business_seconds(starts, ends, office())

    def test_seconds_are_numbers_and_windows_are_instants(self) -> None:
        with pytest.raises(ShapeWrong):
            due_at(series(utc(2026, 1, 1)), pl.Series(["1h"]), office())
        with pytest.raises(ShapeWrong):
            office().intervals(wall(2026, 1, 1), utc(2026, 1, 2))

    def test_an_edge_is_an_opening_or_a_closing(self) -> None:
        with pytest.raises(KpiError):
            office().edge(series(utc(2026, 1, 1)), "lunch", "next")  # type: ignore[arg-type]

    def test_years_that_no_helpdesk_has_seen_are_refused_and_never_clipped(self) -> None:
        with pytest.raises(CalendarHorizon, match="9999-12-31"):
            seconds(office(), utc(2026, 1, 1), utc(9999, 12, 31))
        assert seconds(Calendar.always(), utc(1, 1, 1), utc(1, 1, 2)) == 24 * HOUR

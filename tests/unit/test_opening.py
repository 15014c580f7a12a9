"""Hours on the time line: nights on which clocks change, and the expression for frames of data."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from supportkpi.calendars import Calendar, business_seconds, to_utc, zone_of
from supportkpi.errors import ZoneUnknown

INSTANT = pl.Datetime("us", "UTC")
OFFICE = {"mon-fri": ["09:00-17:00"]}
HOUR = 3600


def wall(*when: int) -> datetime:
    return datetime(*when)  # noqa: DTZ001 - a wall time is what is meant


def utc(*when: int) -> datetime:
    return datetime(*when, tzinfo=UTC)


def series(*instants: datetime | None) -> pl.Series:
    return pl.Series([instant and instant.astimezone(UTC) for instant in instants], dtype=INSTANT)


def seconds(calendar: Calendar, start: datetime, end: datetime) -> float:
    return business_seconds(series(start), series(end), calendar)[0]


def office(zone: str = "UTC", hours: dict[str, list[str]] | None = None, **more: object) -> Calendar:
    return Calendar(timezone=zone, hours=OFFICE if hours is None else hours, **more)


class TestClockChanges:
    @pytest.mark.parametrize(
        ("zone", "day", "hours"),
        [
            ("Europe/Berlin", date(2026, 3, 29), 23),
            ("Europe/Berlin", date(2026, 10, 25), 25),
            ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
            ("America/Sao_Paulo", date(2018, 11, 4), 23),
            ("America/Havana", date(2026, 11, 1), 25),
            ("Asia/Tehran", date(2023, 3, 22), 24),
            ("Asia/Tehran", date(2022, 3, 22), 23),
            ("Pacific/Apia", date(2011, 12, 30), 0),
        ],
    )
    def test_a_whole_local_day_has_its_real_hours(self, zone: str, day: date, hours: float) -> None:
        only = Calendar(timezone=zone, hours={}, days={day: ["00:00-24:00"]})
        around = utc(day.year, day.month, day.day)
        assert seconds(only, around - timedelta(days=3), around + timedelta(days=3)) == hours * HOUR

    def test_an_opening_or_closing_in_a_gap_falls_on_its_end(self) -> None:
        sunday = (utc(2026, 3, 29), utc(2026, 3, 30))
        opening, closing = (office("Europe/Berlin", hours={"sun": [span]}) for span in ("02:30-10:00", "01:00-02:30"))
        inside = office("Europe/Berlin", hours={"sun": ["02:10-02:50"]})
        assert opening.intervals(*sunday).rows() == [(utc(2026, 3, 29, 1), utc(2026, 3, 29, 8))]
        assert closing.intervals(*sunday).rows() == [(utc(2026, 3, 29, 0), utc(2026, 3, 29, 1))]
        assert inside.intervals(*sunday).is_empty()

    def test_an_opening_or_closing_in_an_overlap_takes_the_first(self) -> None:
        sunday = (utc(2026, 10, 24, 22), utc(2026, 10, 25, 22))
        opening, closing = (office("Europe/Berlin", hours={"sun": [span]}) for span in ("02:30-10:00", "01:00-02:30"))
        assert opening.intervals(*sunday).rows() == [(utc(2026, 10, 25, 0, 30), utc(2026, 10, 25, 9))]
        assert closing.intervals(*sunday).rows() == [(utc(2026, 10, 24, 23), utc(2026, 10, 25, 0, 30))]

    @pytest.mark.parametrize(
        ("zone", "local_time", "instant"),
        [
            ("America/New_York", wall(2026, 3, 8, 2, 30), utc(2026, 3, 8, 7, 30)),
            ("America/New_York", wall(2026, 11, 1, 1, 30), utc(2026, 11, 1, 5, 30)),
            ("Australia/Lord_Howe", wall(2026, 10, 4, 2, 15), utc(2026, 10, 3, 15, 45)),
            ("Asia/Kathmandu", wall(2026, 3, 8, 9), utc(2026, 3, 8, 3, 15)),
        ],
    )
    def test_wall_time_to_instant(self, zone: str, local_time: datetime, instant: datetime) -> None:
        assert to_utc(local_time, zone) == instant


class TestElapsed:
    def span(self, calendar: Calendar, first: datetime, last: datetime) -> tuple[pl.Expr, pl.LazyFrame]:
        so_far = calendar.elapsed(first, last)
        frame = pl.LazyFrame({"start": series(first, last, None), "end": series(last, first, last)})
        return so_far(pl.col("end")) - so_far(pl.col("start")), frame

    @pytest.mark.parametrize(
        "calendar", [office("Europe/Berlin"), office(hours={"daily": ["00:01-23:58"]}), Calendar.always()]
    )
    def test_the_same_lazily_eagerly_and_as_series(self, calendar: Calendar) -> None:
        expression, frame = self.span(calendar, utc(2026, 1, 5, 9, 30), utc(2026, 12, 31, 23, 59))
        known = frame.collect()
        expected = (business_seconds(known["start"], known["end"], calendar) * 1_000_000).cast(pl.Int64)
        assert known.select(worked=expression)["worked"].to_list() == expected.to_list()
        streamed = frame.select(worked=expression).collect(engine="streaming")
        assert streamed["worked"].dtype == pl.Int64
        assert streamed["worked"].to_list() == expected.to_list()

    def test_the_years_around_the_data_are_covered_and_beyond_them_is_null(self) -> None:
        so_far = office().elapsed(utc(2025, 12, 31, 12), utc(2026, 12, 31, 12))
        at = pl.DataFrame({"at": series(utc(2024, 12, 31), utc(2025, 1, 1), utc(2027, 12, 31), utc(2028, 1, 2))})
        assert at.select(so_far(pl.col("at")).is_null()).to_dict(as_series=False) == {"at": [True, False, False, True]}

    def test_a_date_like_year_one_costs_its_own_row_only(self) -> None:
        so_far = office().elapsed(utc(1, 1, 1), utc(2026, 3, 6, 12))
        at = pl.DataFrame(
            {"start": series(utc(1, 1, 1), utc(2026, 3, 6, 9)), "end": series(utc(2026, 3, 6, 12), utc(2026, 3, 6, 12))}
        )
        worked = at.select(worked=so_far(pl.col("end")) - so_far(pl.col("start")))["worked"].to_list()
        assert worked == [None, 3 * HOUR * 1_000_000]


@pytest.mark.parametrize("name", ["posix/UTC", "localtime", "Factory", "/etc/localtime", "../UTC"])
def test_a_zone_that_only_a_machine_has_is_none(name: str) -> None:
    with pytest.raises(ZoneUnknown) as caught:
        zone_of(name)
    assert name not in (caught.value.hint or "localtime")

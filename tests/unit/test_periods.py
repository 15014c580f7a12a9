"""Periods: every form of interface.md 1, in the report's zone."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

from supportkpi.errors import ConfigValue, PeriodWrong, ZoneUnknown
from supportkpi.periods import bucket, instant, window

MOSCOW = "Europe/Moscow"
BERLIN = "Europe/Berlin"
AS_OF = datetime(2026, 4, 1, 22, 30, tzinfo=UTC)  # Thursday 2 April, 01:30 in Moscow


def days(text: str, *, timezone: str = MOSCOW, as_of: datetime = AS_OF) -> tuple[date | None, date | None]:
    found = window(text, timezone=timezone, as_of=as_of)
    return found.start_date, found.end_date


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-H1", date(2026, 1, 1), date(2026, 6, 30)),
        ("2026-H2", date(2026, 7, 1), date(2026, 12, 31)),
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026-q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2026-03", date(2026, 3, 1), date(2026, 3, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-W07", date(2026, 2, 9), date(2026, 2, 15)),
        ("2026-W01", date(2025, 12, 29), date(2026, 1, 4)),
        ("2026-W53", date(2026, 12, 28), date(2027, 1, 3)),
        ("2026-03-15", date(2026, 3, 15), date(2026, 3, 15)),
        ("2026-03-01..2026-03-31", date(2026, 3, 1), date(2026, 3, 31)),
        ("2026-03-01 .. 2026-03-01", date(2026, 3, 1), date(2026, 3, 1)),
        ("2025-Q4..2026-01", date(2025, 10, 1), date(2026, 1, 31)),
        ("..2026-03-31", None, date(2026, 3, 31)),
        ("2026-03-01..", date(2026, 3, 1), None),
        ("all", None, None),
    ],
)
def test_a_fixed_period_holds_its_first_and_its_last_day(text: str, first: date | None, last: date | None) -> None:
    assert days(text) == (first, last)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("today", date(2026, 4, 2), date(2026, 4, 2)),
        ("yesterday", date(2026, 4, 1), date(2026, 4, 1)),
        ("last-7d", date(2026, 3, 26), date(2026, 4, 1)),
        ("last-30d", date(2026, 3, 3), date(2026, 4, 1)),
        ("this-week", date(2026, 3, 30), date(2026, 4, 5)),
        ("last-week", date(2026, 3, 23), date(2026, 3, 29)),
        ("this-month", date(2026, 4, 1), date(2026, 4, 30)),
        ("last-month", date(2026, 3, 1), date(2026, 3, 31)),
        ("this-quarter", date(2026, 4, 1), date(2026, 6, 30)),
        ("last-quarter", date(2026, 1, 1), date(2026, 3, 31)),
        ("Last-Quarter", date(2026, 1, 1), date(2026, 3, 31)),
        ("this-year", date(2026, 1, 1), date(2026, 12, 31)),
        ("last-year", date(2025, 1, 1), date(2025, 12, 31)),
    ],
)
def test_a_relative_period_counts_from_the_local_day_of_as_of(text: str, first: date, last: date) -> None:
    assert days(text) == (first, last)


def test_the_zone_decides_which_day_it_is() -> None:
    assert days("today", timezone="UTC") == (date(2026, 4, 1), date(2026, 4, 1))


def test_the_last_quarter_of_a_january_is_in_the_year_before() -> None:
    january = datetime(2026, 1, 15, tzinfo=UTC)
    assert days("last-quarter", as_of=january) == (date(2025, 10, 1), date(2025, 12, 31))
    assert days("last-month", as_of=january) == (date(2025, 12, 1), date(2025, 12, 31))


def test_edges_are_local_midnights_as_instants() -> None:
    march = window("2026-03", timezone=BERLIN)
    assert march.start == datetime(2026, 2, 28, 23, tzinfo=UTC)
    assert march.end == datetime(2026, 3, 31, 22, tzinfo=UTC)  # summer time began inside
    assert march.start.tzinfo is UTC


def test_a_midnight_that_daylight_saving_skips_is_one_gap_later() -> None:
    # Beirut jumped from 00:00 to 01:00 on 2022-03-27, both sides of the period take the same instant
    before = window("2022-03-26", timezone="Asia/Beirut")
    after = window("2022-03-27", timezone="Asia/Beirut")
    assert before.end == after.start == datetime(2022, 3, 26, 22, tzinfo=UTC)
    assert after.end == datetime(2022, 3, 27, 21, tzinfo=UTC)


def test_the_label_is_what_was_asked() -> None:
    assert window(" 2026-q1 ", timezone=MOSCOW).label == "2026-Q1"
    assert window("last-month", timezone=MOSCOW, as_of=AS_OF).label == "last-month"
    assert window("all", timezone=MOSCOW).label == "all"


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("2026-Q5", 'there is no quarter "2026-Q5"', "write 2026"),
        ("2026-H3", 'there is no half "2026-H3"', "write 2026"),
        ("2026-13", 'there is no month "2026-13"', "write 2026"),
        ("2026-00", 'there is no month "2026-00"', "write 2026"),
        ("2025-W53", 'there is no week "2025-W53"', "write 2026"),
        ("2026-02-29", 'there is no day "2026-02-29"', "write 2026"),
        ("2026-03-31..2026-03-01", "ends before it starts", "the earlier date first"),
        ("last-quater", '"last-quater" is no period', "did you mean last-quarter?"),
        ("last month", '"last month" is no period', "did you mean last-month?"),
        ("march", '"march" is no period', "write 2026"),
        ("..", '".." is no period', "write 2026"),
        ("", '"" is no period', "write 2026"),
        ("2026-01..last-month", "is no period", ""),
        ("last-0d", '"last-0d" is no period', "at least one day"),
        ("0001", '"0001" is no period', "years from 1900 to 2399"),
        ("9999", '"9999" is no period', "years from 1900 to 2399"),
        ("31.03.2026", '"31.03.2026" is no period', "write 2026"),
    ],
)
def test_what_is_no_period_says_what_to_write(text: str, message: str, hint: str) -> None:
    with pytest.raises(PeriodWrong) as raised:
        window(text, timezone=MOSCOW, as_of=AS_OF)
    assert message in raised.value.message
    assert hint in (raised.value.hint or "")


def test_a_relative_period_needs_an_instant_to_count_from() -> None:
    with pytest.raises(PeriodWrong, match="counts from an instant"):
        window("last-month", timezone=MOSCOW)


def test_an_unknown_zone_is_named() -> None:
    with pytest.raises(ZoneUnknown, match="Europe/Moscow"):
        window("2026", timezone="Europe/Moskow")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-31", datetime(2026, 3, 30, 21, tzinfo=UTC)),
        ("2026-03-31 18:00", datetime(2026, 3, 31, 15, tzinfo=UTC)),
        ("2026-03-31T18:00:30", datetime(2026, 3, 31, 15, 0, 30, tzinfo=UTC)),
        ("2026-03-31T18:00Z", datetime(2026, 3, 31, 18, tzinfo=UTC)),
        ("2026-03-31 18:00 +05:30", datetime(2026, 3, 31, 12, 30, tzinfo=UTC)),
        ("2026-03-31T18:00+0300", datetime(2026, 3, 31, 15, tzinfo=UTC)),
    ],
)
def test_an_instant_is_wall_time_unless_it_has_an_offset(text: str, expected: datetime) -> None:
    assert instant(text, MOSCOW) == expected


def test_an_instant_in_a_gap_is_one_gap_later_and_in_an_overlap_the_first() -> None:
    assert instant("2026-03-29 02:30", BERLIN) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)  # 03:30 summer time
    assert instant("2026-10-25 02:30", BERLIN) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "tomorrow", "31.03.2026", "2026-02-30", "2026-03-31 25:00", "0001-01-01"])
def test_what_is_no_instant_is_refused(text: str) -> None:
    with pytest.raises(ConfigValue, match="is no instant"):
        instant(text, MOSCOW)


def test_buckets_are_labels_of_local_time() -> None:
    instants = pl.Series(
        "at",
        [datetime(2025, 12, 31, 21, 30, tzinfo=UTC), datetime(2026, 3, 8, 6, tzinfo=UTC), None],
        dtype=pl.Datetime("us", "UTC"),
    )
    stretches = ("hour", "weekday", "day", "week", "month", "quarter")
    found = pl.DataFrame(instants).select(bucket(pl.col("at"), name, MOSCOW).alias(name) for name in stretches)
    assert found.rows() == [
        ("00", "thu", "2026-01-01", "2026-W01", "2026-01", "2026-Q1"),
        ("09", "sun", "2026-03-08", "2026-W10", "2026-03", "2026-Q1"),
        (None,) * 6,
    ]


def test_a_week_bears_the_iso_year() -> None:
    # Monday 29 December 2025 lies in the first ISO week of 2026
    at = pl.DataFrame({"at": [datetime(2025, 12, 29, 12, tzinfo=UTC)]})
    assert at.select(bucket(pl.col("at"), "week", "UTC")).item() == "2026-W01"


def test_a_bucket_and_the_window_of_its_label_agree() -> None:
    hours = pl.datetime_range(
        datetime(2025, 12, 1, tzinfo=UTC), datetime(2026, 4, 30, tzinfo=UTC), "1h", time_zone="UTC", eager=True
    )
    frame = pl.DataFrame({"at": hours})
    for stretch in ("day", "week", "month", "quarter"):
        labels = frame.select(bucket(pl.col("at"), stretch, BERLIN)).to_series()
        for label in labels.unique().sort()[1:-1]:
            asked = window(label, timezone=BERLIN)
            inside = frame.filter(labels == label)["at"]
            assert asked.start <= inside.min()
            assert inside.max() < asked.end
            assert len(inside) == (asked.end - asked.start).total_seconds() / 3600

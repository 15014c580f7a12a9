"""Laws of business time, and a second opinion: a wall clock read minute by minute, in plain Python."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from thorough import examples

from supportkpi.calendars import Calendar, business_seconds, due_at, parse_hours
from supportkpi.calendars.opening import table

INSTANT = pl.Datetime("us", "UTC")
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = 1440  # minutes
MICRO = timedelta(microseconds=1)

# Nights on which clocks were put on or back: at midnight, by half an hour, by a day, for a month, for good.
NIGHTS = [
    ("Europe/Berlin", date(2026, 3, 29)),
    ("Europe/Berlin", date(2026, 10, 25)),
    ("Europe/Dublin", date(2026, 10, 25)),
    ("Europe/Moscow", date(2011, 3, 27)),
    ("Europe/Moscow", date(2014, 10, 26)),
    ("America/New_York", date(2026, 3, 8)),
    ("America/Havana", date(2026, 11, 1)),
    ("America/Sao_Paulo", date(2018, 11, 4)),
    ("America/Sao_Paulo", date(2019, 2, 17)),
    ("America/St_Johns", date(2026, 11, 1)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("Africa/Casablanca", date(2026, 2, 15)),
    ("Africa/Casablanca", date(2026, 3, 22)),
    ("Asia/Tehran", date(2022, 9, 22)),
    ("Asia/Pyongyang", date(2018, 5, 5)),
    ("Pacific/Apia", date(2011, 12, 30)),
    ("Asia/Kathmandu", date(2026, 1, 1)),
]

Spans = list[tuple[int, int]]


def words(spans: Spans) -> list[str]:
    return [
        "-".join(f"{at // 60:02d}:{at % 60:02d}" for at in (start, end if end <= DAY else end - DAY))
        for start, end in spans
    ]


@st.composite
def day_spans(draw: st.DrawFn, most: int = 3) -> Spans:
    """Spans of a day in minutes, none overlapping; the last may run past midnight."""
    step = draw(st.sampled_from([1, 15, 60]))
    marks = sorted(draw(st.sets(st.integers(0, DAY // step - 1), max_size=2 * most)))
    edges = [mark * step for mark in marks][: len(marks) // 2 * 2]
    spans = list(zip(edges[::2], edges[1::2], strict=True))
    night = draw(st.integers(0, DAY)) if spans else 0
    if spans and draw(st.booleans()):
        start = spans[-1][0]
        spans[-1] = (start, DAY + min(night, start - 1)) if night and start else (start, DAY)
    return spans


class Plan:
    """Hours as numbers, from which both the Calendar and the second opinion are made."""

    def __init__(
        self, zone: str, week: list[Spans], days: Mapping[date, Spans], shut: tuple[set[date], dict[date, Spans]]
    ) -> None:
        self.zone, self.week, self.days = zone, week, days
        self.holidays, self.breaks = shut

    def calendar(self) -> Calendar:
        return Calendar(
            timezone=self.zone,
            hours={day: words(spans) for day, spans in zip(WEEK, self.week, strict=True)},
            holidays=self.holidays,
            days={day: words(spans) for day, spans in self.days.items()},
            breaks={day: words(spans) for day, spans in self.breaks.items()},
        )

    def is_open(self, wall: datetime) -> bool:
        return self._shows(wall, self._hours) and not self._shows(wall, lambda day: self.breaks.get(day, []))

    def _hours(self, day: date) -> Spans:
        return [] if day in self.holidays else self.days.get(day, self.week[day.weekday()])

    def _shows(self, wall: datetime, spans_of: object) -> bool:
        """Whether the wall time lies in a span of its date, or in one of the date before that runs past midnight."""
        minute = wall.hour * 60 + wall.minute
        today, before = spans_of(wall.date()), spans_of(wall.date() - timedelta(days=1))
        return any(start <= minute < end for start, end in today) or any(
            start <= minute + DAY < end for start, end in before
        )


@st.composite
def plans(draw: st.DrawFn, zone: str | None = None, around: date = date(2026, 3, 29)) -> Plan:
    dates = st.integers(-3, 3).map(lambda step: around + timedelta(days=step))
    # the rare open weekday keeps the week from being empty
    week = [draw(day_spans()) for _ in range(6)] + [draw(day_spans().filter(bool))]
    return Plan(
        zone or draw(st.sampled_from([name for name, _ in NIGHTS])),
        week,
        draw(st.dictionaries(dates, day_spans(), max_size=2)),
        (draw(st.sets(dates, max_size=2)), draw(st.dictionaries(dates, day_spans(most=1), max_size=2))),
    )


def wall_clock(zone: str, first: datetime, minutes: int) -> list[datetime]:
    """What a clock on the wall shows each minute; while it repeats an hour it stands, so nothing happens twice."""
    shown = (
        (first + timedelta(minutes=minute)).astimezone(ZoneInfo(zone)).replace(tzinfo=None) for minute in range(minutes)
    )
    return list(accumulate(shown, max))


def between(first: int, last: int) -> st.SearchStrategy[datetime]:
    """Instants of some years; few of them, for each year is laid out anew for each plan."""
    edges = (datetime(year, 1, 1, tzinfo=UTC).replace(tzinfo=None) for year in (first, last))
    return st.datetimes(*edges, timezones=st.just(UTC))


instants = between(2025, 2027)


def series(*values: datetime | None) -> pl.Series:
    return pl.Series(values, dtype=INSTANT)


def micros(calendar: Calendar, start: datetime, end: datetime) -> int:
    return round(business_seconds(series(start), series(end), calendar)[0] * 1_000_000)


@given(st.data(), st.sampled_from(NIGHTS))
@settings(max_examples=examples(24, times=10), deadline=None)
def test_a_wall_clock_read_minute_by_minute_agrees(data: st.DataObject, night: tuple[str, date]) -> None:
    zone, day = night
    plan = data.draw(plans(zone, day))
    first = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=2)
    # the clock is read from two days before, so that a night that began there is known
    clock = wall_clock(zone, first, 4 * DAY)
    is_open = [plan.is_open(wall) for wall in clock]
    at = pl.datetime_range(
        first, first + timedelta(minutes=4 * DAY - 1), "1m", time_unit="us", time_zone="UTC", eager=True
    )
    calendar = plan.calendar()
    assert calendar.open_at(at).to_list() == is_open
    worked = business_seconds(pl.repeat(first, len(at), dtype=INSTANT, eager=True), at, calendar)
    assert worked.to_list() == [60.0 * minutes for minutes in accumulate(is_open, initial=0)][:-1]


@given(plans(), instants, instants)
@settings(deadline=None)
def test_business_time_is_never_more_than_calendar_time(plan: Plan, one: datetime, two: datetime) -> None:
    start, end = sorted((one, two))
    assert 0 <= micros(plan.calendar(), start, end) <= (end - start) // MICRO


@given(plans(), instants, instants, instants)
@settings(deadline=None)
def test_it_adds_up_over_adjacent_spans_and_turns_its_sign(
    plan: Plan, one: datetime, two: datetime, three: datetime
) -> None:
    calendar = plan.calendar()
    assert micros(calendar, one, two) + micros(calendar, two, three) == micros(calendar, one, three)
    assert micros(calendar, one, two) == -micros(calendar, two, one)


@given(between(1990, 2040), between(1990, 2040), st.sampled_from([name for name, _ in NIGHTS]))
@settings(max_examples=examples(6, times=16), deadline=None)
def test_around_the_clock_is_calendar_time(one: datetime, two: datetime, zone: str) -> None:
    everywhere = Calendar(timezone=zone, hours=parse_hours("24/7"))
    for calendar in (
        Calendar.always(),
        everywhere,
        Calendar.versions([(None, everywhere), (date(2020, 2, 2), Calendar.always())]),
    ):
        assert micros(calendar, one, two) == (two - one) // MICRO
        assert due_at(series(one), (two - one) / timedelta(seconds=1), calendar)[0] == two


@given(plans(), instants, st.integers(-(10**12), 10**12).filter(bool))
@settings(deadline=None)
def test_due_at_inverts_business_seconds_at_the_nearest_instant(plan: Plan, start: datetime, quota: int) -> None:
    calendar = plan.calendar()
    due = due_at(series(start), quota / 1_000_000, calendar)[0]
    assert micros(calendar, start, due) == quota
    nearer = due - MICRO if quota > 0 else due + MICRO
    assert abs(micros(calendar, start, nearer)) == abs(quota) - 1


@given(plans(), st.lists(st.none() | instants, max_size=8))
@settings(deadline=None)
def test_nothing_added_is_the_identity_and_null_stays_null(plan: Plan, starts: list[datetime | None]) -> None:
    assert due_at(series(*starts), 0, plan.calendar()).to_list() == starts


@given(plans(zone="Asia/Kathmandu", around=date(2040, 1, 1)), instants, instants, st.integers(-60, 60))
@settings(deadline=None)
def test_shifting_both_ends_by_whole_weeks_changes_nothing(
    plan: Plan, one: datetime, two: datetime, weeks: int
) -> None:
    # a zone without DST, the exceptions of the plan in years to come
    shift, calendar = timedelta(weeks=weeks), plan.calendar()
    assert micros(calendar, one + shift, two + shift) == micros(calendar, one, two)


@given(plans(), instants, st.timedeltas(timedelta(0), timedelta(days=40)))
@settings(deadline=None)
def test_intervals_are_apart_in_order_and_hold_all_open_time(plan: Plan, start: datetime, length: timedelta) -> None:
    calendar, end = plan.calendar(), start + length
    pairs = calendar.intervals(start, end).rows()
    edges = [edge for pair in pairs for edge in pair]
    assert edges == sorted(set(edges))
    assert sum(((last - first) // MICRO for first, last in pairs), 0) == micros(calendar, start, end)
    inner = [edge for edge in edges if start < edge < end]
    openings, closings = (
        calendar.edge(series(*inner), "open", "next", itself=True),
        calendar.edge(series(*inner), "close", "next", itself=True),
    )
    assert [edge in pair for edge, *pair in zip(inner, openings, closings, strict=True)] == [True] * len(inner)


@given(plans(), instants)
@settings(deadline=None)
def test_edges_mirror_what_is_open(plan: Plan, at: datetime) -> None:
    calendar, here = plan.calendar(), series(at)
    for kind, direction, step in (
        ("open", "next", 1),
        ("close", "next", 1),
        ("open", "previous", -1),
        ("close", "previous", -1),
    ):
        edge = calendar.edge(here, kind, direction)[0]
        assert (edge - at) / MICRO * step > 0
        assert calendar.open_at(series(edge - MICRO, edge)).to_list() == [kind == "close", kind == "open"]
        between = calendar.intervals(min(at, edge), max(at, edge))
        assert len(between) <= 2  # no other edge of the kind was passed over


@given(plans(), st.lists(st.tuples(st.none() | instants, st.none() | instants), min_size=1, max_size=30), st.randoms())
@settings(max_examples=examples(15, times=14), deadline=None)
def test_grid_and_intervals_and_series_agree_in_any_row_order(
    plan: Plan, pairs: list[tuple[datetime, datetime]], random: object
) -> None:
    random.shuffle(pairs)
    calendar = plan.calendar()
    frame = pl.DataFrame(pairs, schema={"start": INSTANT, "end": INSTANT}, orient="row")
    opened = table(calendar._versions, 2025, 2027)
    ways = [
        calendar.elapsed(datetime(2025, 1, 2, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)),
        opened.elapsed(),
        opened._by_search(),
    ]
    found = [
        frame.lazy().select(so_far(pl.col("end")) - so_far(pl.col("start"))).collect(engine="streaming")
        for so_far in ways
    ]
    expected = [None if None in pair else micros(calendar, *pair) for pair in pairs]
    assert [each["end"].to_list() for each in found] == [expected] * 3

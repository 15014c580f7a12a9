"""The failure catalogue of business time (users-libraries-cli.md 1.2): every line a test of whole tickets and clocks.

What the kernel alone must hold is tested beside it; the same line there:

| line of the catalogue | kernel test |
|---|---|
| created on a non-working day | test_calendars: created_on_a_sunday_the_clock_starts_at_the_first_working_minute |
| an hour from Friday 16:30 | test_calendars: an_hour_from_friday_half_past_four_is_monday_half_past_nine |
| two intervals a day | test_calendars: lunch_is_not_worked |
| 00:00-23:59 loses a minute | test_calendars: a_day_to_24_00_loses_no_minute |
| 24/7 differs from calendar time | test_calendar_laws: around_the_clock_is_calendar_time |
| today's offset for historic tickets | test_calendars: hours_keep_their_wall_time_on_both_sides_of_dst |
| holidays in another zone than hours | test_calendars: a_holiday_is_a_day_of_its_own_zone |
| an interval ends after DST ended | test_calendar_laws: a_wall_clock_read_minute_by_minute_agrees |
| short day before a holiday | test_calendar_plans: days_of_the_russian_calendar |
| feed with days that are none off | test_calendar_plans: days_win_over_the_country_and_closed_dates_over_both |
| hold time in the wrong place | test_calendars: a_hold_over_a_weekend_takes_only_working_time_away |
| created outside hours, stored as 0 | test_calendars: asked_and_answered_outside_hours_is_nought |
"""

from __future__ import annotations

import json
from datetime import date, timedelta

import polars as pl
import pytest
from desks import OFFICE, REPLY, agreement, at, desk, only, rule, status

from supportkpi.calendars import Calendar, business_seconds
from supportkpi.clocks import due_at, ledger
from supportkpi.decisions import CalendarChoice, Settings
from supportkpi.engine.measure import measure
from supportkpi.facts import Facts
from supportkpi.reporters import render
from supportkpi.sla import Sla

INSTANT = pl.Datetime("us", "UTC")


def answered(created: str, replied: str, calendar: Calendar | None) -> float:
    """Seconds on the clock of the first response."""
    facts = desk({"id": "1", "at": created, "events": [(replied, REPLY)]}, until="2027-01-01 00:00")
    return only(facts, agreement({"first_response": "1h"}, calendar=calendar))["elapsed_s"]


def due(created: str, limit: str, calendar: Calendar) -> str:
    facts = desk({"id": "1", "at": created}, until=created)
    sla = agreement({"first_response": limit}, calendar=calendar)
    return due_at(facts, sla, ledger(facts, sla)).dt.convert_time_zone(calendar.timezone).dt.to_string("%a %H:%M")[0]


def test_created_on_a_sunday_answered_on_monday_ten_past_nine() -> None:
    assert answered("2026-03-01 15:00", "2026-03-02 09:10", OFFICE) == 600


def test_an_hour_from_friday_half_past_four_is_monday_half_past_nine() -> None:
    assert due("2026-03-06 16:30", "1h", OFFICE) == "Mon 09:30"


def test_two_intervals_a_day() -> None:
    split = Calendar(timezone="UTC", hours={"mon-fri": ["08:00-12:00", "13:30-18:00"]}, name="office")
    assert answered("2026-03-02 11:00", "2026-03-02 14:00", split) == 90 * 60
    assert due("2026-03-02 11:00", "1h 15m", split) == "Mon 13:45"


def test_a_day_to_24_00_is_whole() -> None:
    whole = Calendar(timezone="Europe/Berlin", hours={"daily": ["00:00-24:00"]}, name="office")
    assert answered("2026-03-02 10:00", "2026-03-05 10:00", whole) == 3 * 86_400
    short = Calendar(timezone="UTC", hours={"daily": ["00:00-23:59"]}, name="office")
    assert answered("2026-03-02 10:00", "2026-03-05 10:00", short) == 3 * 86_400 - 3 * 60


@pytest.mark.parametrize("minutes", [1, 61, 1439, 40_001, 200_003])
@pytest.mark.parametrize("created", ["2026-03-28 22:17", "2026-10-24 21:59"])
def test_around_the_clock_is_calendar_time(created: str, minutes: int) -> None:
    replied = (at(created) + timedelta(minutes=minutes)).isoformat()
    berlin = Calendar(timezone="Europe/Berlin", hours={"daily": ["00:00-24:00"]}, name="office")
    facts = desk({"id": "1", "at": created, "events": [(replied, REPLY)]}, until="2027-06-01 00:00")
    for calendar in (None, berlin):
        assert only(facts, agreement({"first_response": "1h"}, calendar=calendar))["elapsed_s"] == minutes * 60


@pytest.mark.parametrize(
    ("created", "replied"), [("2026-03-27 07:30", "2026-03-27 08:30"), ("2026-03-30 06:30", "2026-03-30 07:30")]
)
def test_a_ticket_has_the_offset_of_its_own_day(created: str, replied: str) -> None:
    """Half past eight to half past nine in Berlin, before and after the clocks went forward."""
    berlin = Calendar(timezone="Europe/Berlin", hours={"mon-fri": ["09:00-17:00"]}, name="office")
    assert answered(created, replied, berlin) == 1800


@pytest.mark.parametrize("zone", ["Asia/Vladivostok", "America/New_York"])
def test_a_holiday_is_a_day_of_the_zone_of_the_hours(zone: str) -> None:
    calendar = Calendar(timezone=zone, hours={"daily": ["09:00-17:00"]}, holidays=[date(2026, 3, 4)], name="office")
    local = [f"2026-03-0{day}T16:00:00" for day in (3, 5)]
    instants = [pl.Series([text]).str.to_datetime().dt.replace_time_zone(zone)[0].isoformat() for text in local]
    assert answered(*instants, calendar) == 8 * 3600  # an hour on the third, seven on the fifth, none between


def test_an_interval_that_ends_after_summer_time_ended() -> None:
    nights = Calendar(timezone="Europe/Berlin", hours={"sat": ["22:00-06:00"]}, name="office")
    assert answered("2026-10-24T21:00:00+02:00", "2026-10-26T12:00:00+01:00", nights) == 9 * 3600
    assert answered("2026-03-28T21:00:00+01:00", "2026-03-30T12:00:00+02:00", nights) == 7 * 3600


def test_a_short_day_before_a_holiday() -> None:
    office = Calendar(
        timezone="Europe/Moscow",
        hours={"mon-fri": ["09:00-18:00"]},
        holidays=[date(2025, 11, 4)],
        days={date(2025, 11, 1): ["09:00-17:00"]},
        name="office",
    )
    assert due("2025-11-01T16:30:00+03:00", "1h", office) == "Mon 09:30"


def test_a_day_of_the_feed_that_is_worked_is_worked() -> None:
    office = Calendar(
        timezone="UTC", hours={"mon-fri": ["09:00-17:00"]}, days={date(2026, 3, 9): ["09:00-17:00"]}, name="office"
    )
    assert due("2026-03-06 16:30", "1h", office) == "Mon 09:30"
    assert "2026-03-09" in json.dumps(office.describe())  # and can be seen


def test_a_hold_over_a_weekend_takes_only_working_time_off() -> None:
    events = [("2026-03-06 16:00", status("hold")), ("2026-03-09 10:00", status("open"))]
    facts = desk({"id": "1", "at": "2026-03-06 15:00", "events": events}, until="2026-03-09 10:30")
    sla = agreement({"resolution": "2h"}, calendar=OFFICE)
    clock = only(facts, sla)
    assert (clock["elapsed_s"], clock["paused_s"]) == (90 * 60, 2 * 3600)
    assert due_at(facts, sla, ledger(facts, sla)).to_list() == [at("2026-03-09 11:00")]


@pytest.mark.parametrize(("reopen", "shown"), [("continue", [7200.0]), ("restart", [3600.0, 3600.0])])
def test_a_reopened_ticket_does_not_wait_while_it_is_closed(reopen: str, shown: list[float]) -> None:
    events = [
        ("2026-03-02 10:00", status("closed")),
        ("2026-03-04 10:00", status("open")),
        ("2026-03-04 11:00", status("closed")),
    ]
    facts = desk({"id": "1", "at": "2026-03-02 09:00", "events": events}, until="2026-03-05 09:00")
    assert ledger(facts, agreement({"resolution": "3h"}, reopen=reopen))["elapsed_s"].to_list() == shown


def test_closed_time_can_be_made_to_count() -> None:
    """The opposite wish: a closed ticket goes on as if it were not, but for the limit, which moves."""
    events = [("2026-03-02 10:00", status("closed")), ("2026-03-04 10:00", status("open"))]
    facts = desk({"id": "1", "at": "2026-03-02 09:00", "events": events}, until="2026-03-04 11:00")
    clock = only(facts, agreement({"resolution": "3h"}, reopen="extend"))
    assert (clock["elapsed_s"], clock["target_s"], clock["state"]) == (50 * 3600, 51 * 3600, "running")


def test_asked_and_answered_outside_hours_is_nought_by_design() -> None:
    facts = desk(
        {"id": "1", "at": "2026-03-07 10:00", "events": [("2026-03-07 12:00", REPLY)]}, until="2026-03-09 12:00"
    )
    clock = only(facts, agreement({"first_response": "1h"}, calendar=OFFICE))
    assert (clock["elapsed_s"], clock["state"]) == (0, "met")


def test_every_format_shows_the_same_number() -> None:
    hours = (CalendarChoice(name="office", calendar=OFFICE),)
    facts = desk(
        {"id": "1", "at": "2026-03-06 16:30", "events": [("2026-03-09 09:45", REPLY)]},
        until="2026-03-09 12:00",
        settings=Settings(calendars=hours, calendar="office"),
    )
    report = measure(facts, settings=facts.settings, kpis=["first_response_time"])
    assert report.get("first_response_time", "mean", clock="business").value == 4500
    for name, shown in (("json", "4500"), ("csv", "4500"), ("table", "1h 15m"), ("markdown", "1h 15m")):
        assert shown in render(report, name), name


def test_a_ticket_that_moves_between_teams_is_judged_on_the_calendar_of_its_rule() -> None:
    night = Calendar(timezone="UTC", hours={"daily": ["20:00-04:00"]})
    rules = [
        rule("night", {"group": ["night"]}, first_response="1h", calendar="night"),
        rule("day", first_response="1h"),
    ]
    events = [
        ("2026-03-02 16:30", {"kind": "group", "value": "day"}),
        ("2026-03-02 18:00", {"kind": "group", "value": "night"}),
        ("2026-03-02 20:20", REPLY),
    ]
    facts = desk({"id": "1", "at": "2026-03-02 16:30", "group": "night", "events": events}, until="2026-03-03 00:00")
    shown = {}
    for mode in ("at_start", "current"):
        made = agreement(rules, calendar=OFFICE, priority=mode)
        clock = only(facts, Sla(versions=made.versions, calendars={**made.calendars, "night": night}))
        shown[mode] = (clock["calendar"], clock["rule"], clock["elapsed_s"])
    assert shown == {"at_start": ("office", "day", 1800.0), "current": ("night", "night", 1200.0)}


def test_weekdays_need_no_more_than_their_names() -> None:
    weekdays = Calendar(timezone="UTC", hours={"mon-fri": ["00:00-24:00"]})
    pair = [pl.Series([at(text)], dtype=INSTANT) for text in ("2026-03-06 12:00", "2026-03-09 12:00")]
    assert business_seconds(*pair, weekdays)[0] == 86_400


def test_the_feature_is_there_without_any_hours() -> None:
    """freescout#4307 has none at all; around the clock is the least."""
    facts: Facts = desk({"id": "1", "at": "2026-03-02 10:00"}, until="2026-03-02 15:00")
    assert only(facts, agreement({"first_response": "4h"}))["state"] == "breached_open"

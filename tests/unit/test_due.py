"""When a clock runs out: the exact inverse of what it shows."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from desks import ASK, OFFICE, REPLY, agreement, at, desk, rule, status

from supportkpi.calendars import Calendar
from supportkpi.clocks import due_at, ledger
from supportkpi.sla import Exclusion, Limit


def due(facts, sla) -> list[datetime | None]:
    return due_at(facts, sla, ledger(facts, sla)).to_list()


def test_around_the_clock_it_is_the_start_and_the_limit() -> None:
    facts = desk({"id": "1", "at": "2026-03-02 10:00"}, until="2026-03-02 11:00")
    assert due(facts, agreement({"first_response": "4h"})) == [at("2026-03-02 14:00")]


def test_a_limit_that_ends_at_closing_is_due_at_closing() -> None:
    facts = desk({"id": "1", "at": "2026-03-06 17:00"}, until="2026-03-06 18:00")  # a Friday
    assert due(facts, agreement({"first_response": "8h"}, calendar=OFFICE)) == [at("2026-03-09 17:00")]


def test_pauses_so_far_move_it_and_those_after_it_do_not() -> None:
    events = [
        ("2026-03-02 10:00", status("pending")),
        ("2026-03-02 11:00", status("open")),  # an hour
        ("2026-03-02 14:00", status("hold")),  # due at 13:00: too late to move anything
        ("2026-03-02 16:00", status("open")),
    ]
    facts = desk({"id": "1", "at": "2026-03-02 09:00", "events": events}, until="2026-03-02 16:30")
    assert due(facts, agreement({"resolution": "3h"})) == [at("2026-03-02 13:00")]


def test_a_pause_that_begins_when_it_is_due_moves_nothing() -> None:
    events = [("2026-03-02 12:00", status("pending"))]
    facts = desk({"id": "1", "at": "2026-03-02 09:00", "events": events}, until="2026-03-02 16:30")
    assert due(facts, agreement({"resolution": "3h"})) == [at("2026-03-02 12:00")]


def test_a_clock_that_stands_still_is_due_that_much_later_as_of_now() -> None:
    events = [("2026-03-02 10:00", status("pending"))]
    facts = desk({"id": "1", "at": "2026-03-02 09:00", "events": events}, until="2026-03-02 16:30")
    assert due(facts, agreement({"resolution": "3h"})) == [at("2026-03-02 18:30")]


def test_an_agreed_outage_moves_it() -> None:
    outage = Exclusion(name="dc", effect="pause", start=at("2026-03-02 10:00"), end=at("2026-03-02 11:30"))
    facts = desk({"id": "1", "at": "2026-03-02 09:00"}, until="2026-03-02 10:15")
    assert due(facts, agreement({"first_response": "2h"}, exclusions=(outage,))) == [at("2026-03-02 12:30")]


def test_working_days_keep_their_wall_time_at_an_opening() -> None:
    facts = desk({"id": "1", "at": "2026-03-07 12:00"}, until="2026-03-07 13:00")  # a Saturday
    sla = agreement({"resolution": "1bd"}, calendar=OFFICE)
    assert due(facts, sla) == [at("2026-03-10 09:00")]
    week = agreement({"resolution": Limit(deadline="end_of_week")}, calendar=OFFICE)
    assert due(facts, week) == [at("2026-03-13 17:00")]


def test_a_pause_moves_a_limit_of_working_days() -> None:
    events = [("2026-03-02 10:00", status("pending")), ("2026-03-02 12:00", status("open"))]
    facts = desk({"id": "1", "at": "2026-03-02 09:30", "events": events}, until="2026-03-02 13:00")
    assert due(facts, agreement({"resolution": "1bd"}, calendar=OFFICE)) == [at("2026-03-03 11:30")]


def test_without_a_target_there_is_none_and_order_does_not_matter() -> None:
    facts = desk(
        {"id": "1", "at": "2026-03-02 09:00", "priority": "low"},
        {"id": "2", "at": "2026-03-02 10:00", "priority": "urgent"},
        until="2026-03-02 13:00",
    )
    sla = agreement([rule("urgent", {"priority": ["urgent"]}, first_response="1h")])
    clocks = ledger(facts, sla)
    assert due_at(facts, sla, clocks).to_list() == [None, at("2026-03-02 11:00")]
    assert due_at(facts, sla, clocks.reverse()).to_list() == [at("2026-03-02 11:00"), None]
    assert due_at(facts, sla, clocks.clear()).dtype == pl.Datetime("us", "UTC")


NIGHTS = Calendar(
    timezone="Europe/Berlin",
    hours={"mon-fri": ["08:00-12:00", "13:00-18:00"], "sat": ["22:00-04:00"]},
    holidays=[date(2026, 4, 3)],
    name="office",
)


@pytest.mark.parametrize("minutes", range(7, 3000, 331))
def test_at_the_due_instant_the_clock_shows_its_target(minutes: int) -> None:
    """The first instant that shows it: a second before, a second was left."""
    start = at("2026-03-27 09:13:20")  # the Friday before the clocks go forward
    events = []
    for number in range(8):
        moment = start + timedelta(hours=5 * number + 1, minutes=minutes % 37)
        events.append((moment.isoformat(), status("pending" if number % 2 == 0 else "open")))
    ticket = {"id": "1", "at": start.isoformat(), "events": events}
    far = (start + timedelta(days=30)).isoformat()
    sla = agreement({"resolution": f"{minutes}m"}, calendar=NIGHTS)
    found = due(desk(ticket, until=far), sla)[0]
    assert found is not None
    assert read(ticket, sla, found)["elapsed_s"] == minutes * 60
    assert read(ticket, sla, found - timedelta(seconds=1))["elapsed_s"] == minutes * 60 - 1


def read(ticket: dict, sla, now: datetime) -> dict:
    """The clock of a ticket as an export of that instant would show it."""
    seen = {**ticket, "events": [event for event in ticket["events"] if at(event[0]) <= now]}
    return ledger(desk(seen, until=now.isoformat()), sla).row(0, named=True)


def test_cycles_of_next_response_each_have_their_own() -> None:
    events = [
        ("2026-03-02 09:30", REPLY),
        ("2026-03-02 11:00", ASK),
        ("2026-03-02 12:00", REPLY),
        ("2026-03-02 16:00", ASK),
    ]
    facts = desk({"id": "1", "at": "2026-03-02 09:00", "events": events}, until="2026-03-02 16:30")
    sla = agreement({"next_response": "2h"}, calendar=OFFICE)
    assert due(facts, sla) == [at("2026-03-02 13:00"), datetime(2026, 3, 3, 10, tzinfo=UTC)]

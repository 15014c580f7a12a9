"""Receipts by hand: what each event did to each clock and why, what was not counted, what the report counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from desks import BOT, OFFICE, REPLY, agreement, at, change, dataset, desk, rule, status

import supportkpi as sk
from supportkpi.calendars import Calendar
from supportkpi.clocks import assumed
from supportkpi.decisions import CalendarChoice, Settings
from supportkpi.engine.receipt import receipts, written_week
from supportkpi.errors import OptionWrong, TicketUnknown
from supportkpi.facts import Facts, fold
from supportkpi.receipts import CAUSE, CLOSED, Effect, Figure, Receipt
from supportkpi.reporters import RECEIPTS, RenderOptions
from supportkpi.schema import Extent, Sight
from supportkpi.sla import Exclusion, Sla

NOTE = {"kind": "message", "actor": "agent", "public": False}
UNSAID = {"kind": "message", "actor": "agent", "public": None}


def receipt(facts: Facts, sla: Sla | None, ticket: str = "1") -> Receipt:
    settings = replace(facts.settings, sla=sla)
    return receipts(replace(facts, settings=settings), [ticket], settings=settings)[0]


def told(found: Receipt, target: str) -> list[tuple[str, str, float | None, str]]:
    """When, what, shown, why, of one target's clocks."""
    return [
        (f"{entry.at:%d %H:%M}", mark.effect.value, mark.shown_s, mark.why)
        for entry in found.entries
        for mark in entry.marks
        if mark.target == target
    ]


def figure(found: Receipt, kpi: str, clock: str | None = None) -> Figure:
    return next(each for each in found.figures if each.kpi == kpi and each.clock == clock)


def test_what_does_not_touch_a_reply_clock_says_why() -> None:
    events = [
        ("2026-03-02 10:01", BOT),
        ("2026-03-02 10:10", NOTE),
        ("2026-03-02 10:20", UNSAID),
        ("2026-03-02 10:30", status("pending")),
        ("2026-03-02 11:00", REPLY),
        ("2026-03-02 11:30", NOTE),
    ]
    facts = desk({"id": "1", "at": "2026-03-02 10:00", "events": events}, until="2026-03-03 12:00")
    assert told(receipt(facts, agreement({"first_response": "4h"})), "first_response") == [
        ("02 10:00", "start", 0.0, ""),
        ("02 10:01", "untouched", None, "not_human"),
        ("02 10:10", "untouched", None, "not_public"),
        ("02 10:20", "untouched", None, "unknown_public"),
        ("02 10:30", "untouched", None, "no_pause"),
        ("02 11:00", "stop", 3600.0, ""),
    ]


def test_waiting_after_waiting_is_one_pause_and_a_solution_stops_until_it_is_reopened() -> None:
    events = [
        ("2026-03-02 11:00", status("pending")),
        ("2026-03-02 12:00", status("hold")),
        ("2026-03-02 13:00", status("open")),
        ("2026-03-02 14:00", status("solved")),
        ("2026-03-02 15:00", status("open", actor="customer")),
        ("2026-03-02 16:00", status("pending")),
        ("2026-03-02 16:30", status("solved")),
    ]
    facts = desk({"id": "1", "at": "2026-03-02 10:00", "events": events}, until="2026-03-12 12:00")
    found = receipt(facts, agreement({"resolution": "4h"}))
    assert told(found, "resolution") == [
        ("02 10:00", "start", 0.0, ""),
        ("02 11:00", "pause", 3600.0, "pending"),
        ("02 13:00", "resume", 3600.0, "hold"),
        ("02 14:00", "pause", 7200.0, "solved"),
        ("02 15:00", "resume", 7200.0, "solved"),
        ("02 16:00", "pause", 10800.0, "pending"),
        ("02 16:30", "stop", 10800.0, ""),
    ]
    stood = {each.status: each.seconds for each in found.clocks[0].stood}
    assert stood == {"pending": 3600 + 1800, "hold": 3600, "solved": 3600}
    assert [entry.reopens for entry in found.entries if entry.kind == "status"] == [False] * 4 + [True] + [False] * 2


def test_a_clock_without_an_end_goes_on_and_one_that_ran_out_says_when() -> None:
    facts = desk({"id": "1", "at": "2026-03-02 16:00"}, until="2026-03-03 12:00")
    (clock,) = receipt(facts, agreement({"first_response": "2h"}, calendar=OFFICE)).clocks
    assert (clock.state, clock.elapsed_s, clock.late_s) == ("breached_open", 4 * 3600, 2 * 3600)
    assert [(piece.day, piece.seconds) for piece in clock.pieces] == [
        (date(2026, 3, 2), 3600.0),
        (date(2026, 3, 3), 10800.0),
    ]
    assert clock.due_at == at("2026-03-03 10:00")


def test_closed_hours_are_a_line_of_their_own() -> None:
    calendar = Calendar(timezone="UTC", hours={"mon-fri": ["09:00-17:00"]}, holidays=[date(2026, 3, 9)])
    events = [
        ("2026-03-04 22:10", BOT),
        ("2026-03-05 10:00", NOTE),
        ("2026-03-06 10:00", NOTE),
        ("2026-03-10 10:00", NOTE),
        ("2026-03-20 10:00", NOTE),
    ]
    facts = desk({"id": "1", "at": "2026-03-04 22:00", "events": events}, until="2026-03-21 12:00")
    found = receipt(facts, agreement({"resolution": "40h"}, calendar=calendar))
    closed = [(entry.at, entry.until, entry.times, entry.days_off) for entry in found.entries if entry.kind == CLOSED]
    assert closed == [
        (at("2026-03-04 22:00"), at("2026-03-05 09:00"), 1, ()),  # told once, though two things happened in that night
        (at("2026-03-05 17:00"), at("2026-03-06 09:00"), 1, ()),
        (at("2026-03-06 17:00"), at("2026-03-10 09:00"), 1, (date(2026, 3, 9),)),
        (at("2026-03-10 17:00"), at("2026-03-12 09:00"), 2, ()),  # up to the due instant, itself a closing
        (at("2026-03-12 17:00"), at("2026-03-20 09:00"), 6, ()),
    ]
    around_the_clock = receipt(facts, agreement({"resolution": "40h"}))
    assert not any(entry.kind == CLOSED for entry in around_the_clock.entries)


def test_two_calendars_name_the_one_that_is_closed() -> None:
    late = Calendar(timezone="UTC", hours={"mon-fri": ["12:00-20:00"]}, name="late")
    rules = [rule("a", first_response="1h", calendar="late"), rule("b", resolution="8h")]
    sla = agreement(rules, calendar=OFFICE)
    sla = replace(sla, calendars={**sla.calendars, "late": late})
    facts = desk(
        {"id": "1", "at": "2026-03-02 10:00", "events": [("2026-03-03 13:00", REPLY)]}, until="2026-03-03 14:00"
    )
    closed = [(entry.value, f"{entry.at:%d %H}") for entry in receipt(facts, sla).entries if entry.kind == CLOSED]
    assert closed == [("late", "02 10"), ("office", "02 17"), ("late", "02 20")]


def test_an_agreed_pause_has_two_lines_and_its_time_is_not_counted() -> None:
    outage = Exclusion(name="act 14", effect="pause", start=at("2026-03-02 11:00"), end=at("2026-03-02 13:00"))
    facts = desk(
        {"id": "1", "at": "2026-03-02 10:00", "events": [("2026-03-02 14:00", REPLY)]}, until="2026-03-03 12:00"
    )
    found = receipt(facts, agreement({"first_response": "4h"}, exclusions=(outage,)))
    assert told(found, "first_response") == [
        ("02 10:00", "start", 0.0, ""),
        ("02 11:00", "pause", 3600.0, "act 14"),
        ("02 13:00", "resume", 3600.0, "act 14"),
        ("02 14:00", "stop", 7200.0, ""),
    ]
    assert [entry.value for entry in found.entries if entry.kind == CAUSE] == ["act 14", "act 14"]
    assert [(each.cause, each.seconds) for each in found.clocks[0].stood] == [("act 14", 7200.0)]


def test_what_takes_a_clock_out_of_the_count_is_named() -> None:
    cause = Exclusion(name="partner", effect="exclude", tickets=frozenset({"1"}))
    ticket = {"id": "1", "at": "2026-03-02 10:00", "external_cause": "datacentre"}
    facts = desk(ticket, until="2026-03-03 12:00")
    (clock,) = receipt(facts, agreement({"first_response": "4h"}, exclusions=(cause,))).clocks
    assert (clock.state, clock.judged, clock.causes) == ("excluded", "breached_open", ("datacentre", "partner"))


def test_when_a_cause_was_mended_is_told() -> None:
    outage = Exclusion(
        name="act 14",
        effect="pause",
        start=at("2026-03-02 11:00"),
        end=at("2026-03-02 13:00"),
        restored_at=at("2026-03-02 12:40"),
    )
    partner = Exclusion(name="partner", effect="exclude", tickets=frozenset({"2"}), restored_at=at("2026-03-04 09:00"))
    tickets = [{"id": name, "at": "2026-03-02 10:00"} for name in ("1", "2")]
    facts = desk(*tickets, until="2026-03-03 12:00")
    sla = agreement({"first_response": "4h"}, exclusions=(outage, partner))
    paused = receipt(facts, sla)
    assert [entry.restored_at for entry in paused.entries if entry.kind == CAUSE] == [at("2026-03-02 12:40"), None]
    settings = replace(facts.settings, sla=sla)
    (out,) = receipts(replace(facts, settings=settings), ["2"], settings=settings)
    assert out.clocks[0].restored_at == at("2026-03-04 09:00")
    page = " ".join(RECEIPTS.render([paused, out], "markdown", RenderOptions()).split())
    assert "agreed pause: act 14; restored Mon 2 Mar 12:40" in page
    assert "out of the count (partner; restored Wed 4 Mar 09:00); else ✗ still running" in page
    assert assumed(facts, sla) == (
        "agreed: act 14 stops clocks from 2026-03-02 11:00 to 2026-03-02 13:00; restored 2026-03-02 12:40",
        "agreed: partner takes 1 ticket out of the count; restored 2026-03-04 09:00",
    )


def test_the_column_of_an_export_says_when_a_cause_was_mended() -> None:
    ticket = {
        "id": "1",
        "at": "2026-03-02 10:00",
        "external_cause": "datacentre",
        "restored_at": at("2026-03-02 18:00"),
    }
    (clock,) = receipt(desk(ticket, until="2026-03-03 12:00"), agreement({"first_response": "4h"})).clocks
    assert (clock.causes, clock.restored_at) == (("datacentre",), at("2026-03-02 18:00"))


@pytest.mark.parametrize(
    ("ticket", "target", "code"),
    [
        ({"opener": "agent"}, "first_response", "opened_by_agent"),
        ({"exclusion": "spam"}, "first_response", "excluded"),
        ({}, "next_response", "nothing_asked"),
        ({}, "escalation", "not_escalated"),
    ],
)
def test_a_ticket_without_a_clock_says_why(ticket: dict, target: str, code: str) -> None:
    facts = desk({"id": "1", "at": "2026-03-02 10:00", **ticket}, until="2026-03-03 12:00")
    found = receipt(facts, agreement({target: "4h"}))
    assert found.clocks == ()
    assert [why.code for why in found.missing[target]] == [code]


def test_a_clock_that_the_export_does_not_show_gives_the_reason_of_the_report() -> None:
    observes = {Sight.created: Extent.EVERY, Sight.reply: Extent.FIRST}
    facts = fold(dataset([{"id": "1", "at": "2026-03-02 10:00"}], "2026-03-03", observes), Settings())
    found = receipt(facts, agreement({"resolution": "4h"}))
    (why,) = found.missing["resolution"]
    assert (why.code, why.text) == ("not_shown", facts.unobserved["resolved_at"])


RULES = [rule("high", {"priority": ["high"]}, resolution="2h"), rule("other", resolution="9h")]


def raised(**options: object) -> Receipt:
    events = [
        ("2026-03-02 10:00", change("priority", "normal")),
        ("2026-03-02 13:00", change("priority", "high")),
        ("2026-03-02 16:00", status("solved")),
    ]
    ticket = {"id": "1", "at": "2026-03-02 10:00", "events": events, "priority": "high"}
    return receipt(desk(ticket, until="2026-03-12 12:00"), agreement(RULES, **options))


def test_another_rule_is_told_with_its_arithmetic_and_what_other_ways_come_to() -> None:
    found = raised()
    (clock,) = found.clocks
    (changed,) = clock.changes
    assert (changed.from_rule, changed.from_limit, changed.to_rule, changed.to_limit) == ("other", "9h", "high", "2h")
    assert (changed.shown_s, changed.before_s, changed.after_s) == (3 * 3600, 9 * 3600, 5 * 3600)
    assert (clock.target_s, clock.state, clock.late_s) == (5 * 3600, "breached_closed", 3600)
    assert {each.mode: (each.state, each.target_s) for each in clock.otherwise} == {
        "at_start": ("met", 9 * 3600),
        "current": ("breached_closed", 2 * 3600),
        "carry_elapsed": ("breached_closed", 2 * 3600),
    }
    moves = [(entry.at, entry.kind) for entry in found.entries for mark in entry.marks if mark.effect is Effect.moves]
    assert moves == [(at("2026-03-02 13:00"), "priority")]


def test_a_change_that_the_agreement_does_not_mind_leaves_the_limit() -> None:
    found = raised(priority="at_start")
    effects = [(mark.effect, mark.why) for entry in found.entries for mark in entry.marks if entry.kind == "priority"]
    assert effects[-1] == (Effect.untouched, "limit_stays")
    assert found.clocks[0].target_s == 9 * 3600
    assert "at_event" in {each.mode for each in found.clocks[0].otherwise}


def test_deadlines_of_the_export_stand_where_nothing_else_was_agreed() -> None:
    ticket = {"id": "1", "at": "2026-03-02 10:00", "first_response_due_at": at("2026-03-02 11:30")}
    facts = desk({**ticket, "events": [("2026-03-02 12:00", REPLY)]}, until="2026-03-03 12:00")
    (clock,) = receipt(facts, None).clocks
    assert (clock.basis, clock.state, clock.due_at, clock.late_s) == (
        "given",
        "breached_closed",
        at("2026-03-02 11:30"),
        1800.0,
    )
    assert (clock.elapsed_s, clock.pieces) == (None, ())


def test_persons_are_codes_and_texts_are_not_there() -> None:
    events = [
        ("2026-03-02 10:30", {**REPLY, "actor_id": "Olga Petrova"}),
        ("2026-03-02 11:00", change("assignee", "Ivan")),
    ]
    ticket = {"id": "1", "at": "2026-03-02 10:00", "requester_id": "Anna", "Subject": "my password", "events": events}
    facts = desk(ticket, until="2026-03-03 12:00")
    found = receipt(facts, agreement({"first_response": "4h"}))
    for word in ("Olga", "Ivan", "Anna", "password"):
        assert word not in repr(found.entries) + repr(found.columns) + repr(found.figures)
    assert found.entries[1].by is not None
    named = receipt(fold(facts.dataset, Settings(names=True)), None)
    assert [entry.by for entry in named.entries][1] == "Olga Petrova"


# --- figures ---------------------------------------------------------------------------------------------------------

LATER = {"id": "9", "at": "2026-03-25 10:00", "requester_id": "z"}


def test_why_it_was_not_solved_at_first_contact() -> None:
    events = [
        ("2026-03-02 10:30", REPLY),
        ("2026-03-02 10:40", REPLY),
        ("2026-03-02 11:00", status("solved")),
        ("2026-03-03 11:00", status("open", actor="customer")),
        ("2026-03-03 12:00", status("solved")),
    ]
    first = {"id": "1", "at": "2026-03-02 10:00", "requester_id": "a", "events": events, "escalated": True}
    second = {"id": "2", "at": "2026-03-05 10:00", "requester_id": "a"}
    facts = desk(first, second, LATER, until="2026-03-25 12:00")
    found = receipt(facts, None)
    contact = figure(found, "first_contact_resolution")
    assert contact.value is False
    assert [(why.code, why.n) for why in contact.why] == [
        ("reopens", 1),
        ("escalated", None),
        ("came_back", None),
        ("replies", 2),
    ]
    assert figure(found, "reopen_rate").value is True
    repeat = figure(receipt(facts, None, "2"), "repeat_contact_rate")
    assert (repeat.value, repeat.why[0].code, repeat.why[0].at) == (True, "solved_before", at("2026-03-03 12:00"))


def test_what_cannot_be_judged_yet_is_neither_yes_nor_no() -> None:
    events = [("2026-03-24 10:30", status("solved"))]
    facts = desk({"id": "1", "at": "2026-03-24 10:00", "requester_id": "a", "events": events}, until="2026-03-25 12:00")
    found = receipt(facts, None)
    for kpi in ("first_contact_resolution", "reopen_rate"):
        assert (figure(found, kpi).value, figure(found, kpi).why[0].code) == (None, "too_early")
    answer = figure(found, "first_response_time")
    assert (answer.value, answer.why[0].code) == (None, "solved_unanswered")


def test_times_stand_on_the_calendar_first_and_open_ones_say_so() -> None:
    office = CalendarChoice(name="office", calendar=OFFICE)
    settings = Settings(calendar="office", calendars=(office,))
    facts = desk({"id": "1", "at": "2026-03-02 16:00"}, until="2026-03-03 12:00", settings=settings)
    found = receipt(facts, None)
    times = [(each.clock, each.value, each.open) for each in found.figures if each.kpi == "first_response_time"]
    assert times == [("business", 4 * 3600, True), ("calendar", 20 * 3600, True)]
    assert (found.calendar, found.hours) == ("office", "mon-fri 09:00-17:00")
    assert [entry.until for entry in found.entries if entry.kind == CLOSED] == []  # nothing happened after it


def test_a_ticket_that_counts_nowhere_has_no_figures() -> None:
    facts = desk({"id": "1", "at": "2026-03-02 10:00", "exclusion": "spam"}, until="2026-03-03 12:00")
    found = receipt(facts, None)
    assert (found.exclusion, found.figures) == ("spam", ())


def test_weekly_hours_are_written_shortly() -> None:
    hours = {"mon": ["09:00-18:00"], "tue-fri": ["09:00-18:00"], "sun": ["20:00-04:00"]}
    assert written_week(Calendar(timezone="UTC", hours=hours).describe()) == "mon-fri 09:00-18:00; sun 20:00-04:00"
    changed = Calendar.versions(
        [
            (None, Calendar(timezone="UTC", hours=hours)),
            (date(2026, 1, 1), Calendar(timezone="UTC", hours={"daily": ["10:00-12:00"]})),
        ]
    )
    assert written_week(changed.describe()) == "mon-sun 10:00-12:00"


def test_the_library_explains_a_ticket_as_well_as_a_kpi() -> None:
    data = dataset([{"id": "1", "at": "2026-03-02 10:00"}, {"id": "2", "at": "2026-03-02 11:00"}], "2026-03-03 12:00")
    assert sk.explain("frt").kpi == "first_response_time"
    sla = {"rules": [{"first_response": "4h"}]}
    found = sk.explain(data, "#2", settings=sk.settings({"sla": sla}))
    assert (found.ticket, found.clocks[0].state) == ("2", "breached_open")
    facts = sk.fold(data, sk.settings({"sla": sla}))
    assert sk.explain(facts, "2") == found
    for wrong in (lambda: sk.explain("frt", "2"), lambda: sk.explain(data)):
        with pytest.raises(OptionWrong):
            wrong()
    with pytest.raises(TicketUnknown):
        sk.explain(data, "3")

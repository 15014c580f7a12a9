"""Facts at their edges: ties at one instant, the very end of a window, what nobody says: by hand."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest
from desks import BOT, EVERYTHING, OFFICE, REPLY, at, change, dataset, desk, status

from supportkpi.decisions import CalendarChoice, Escalation, FirstResponse, Settings
from supportkpi.facts import Facts, fold
from supportkpi.schema import ACTIVITY, EVENTS, SURVEYS, TICKETS, Dataset, Extent, Log, Sight, check

OPENED = "2026-03-02 09:00"
ON_OFFICE = Settings(calendars=(CalendarChoice(name="office", calendar=OFFICE),), calendar="office")


def ticket(*events: tuple[str, dict], name: str = "1", created: str | None = OPENED, **columns: object) -> dict:
    return {"id": name, "at": created, "events": list(events), **columns}


def row(facts: Facts, name: str = "1") -> dict:
    return facts.tickets.filter(pl.col("ticket_id") == name).row(0, named=True)


def one(
    *events: tuple[str, dict], until: str = "2026-04-01 12:00", settings: Settings | None = None, **columns
) -> dict:
    return row(desk(ticket(*events, **columns), until=until, settings=settings))


# --- spans -----------------------------------------------------------------------------------------------------------


def test_what_happens_at_the_very_creation_takes_no_time_and_is_not_invalid():
    found = one((OPENED, REPLY), (OPENED, status("solved")), settings=ON_OFFICE)
    assert (found["first_response_s"], found["first_response_business_s"], found["first_response_invalid"]) == (
        0,
        0,
        False,
    )
    assert (found["resolution_s"], found["resolution_invalid"]) == (0, False)
    assert (found["requester_wait_s"], found["requester_wait_invalid"]) == (0, False)


def test_business_time_over_years_is_told_for_tickets_old_and_new():
    """One was created in 2023 and answered in 2026, the other in 2026 within the hour: both on one clock."""
    old = ticket(("2026-03-02 10:00", REPLY), name="old", created="2023-03-01 16:00")
    new = ticket(("2026-03-02 09:30", REPLY), name="new")
    facts = desk(old, new, until="2026-03-03 12:00", settings=ON_OFFICE)
    working = sum(
        1 for n in range((at("2026-03-02") - at("2023-03-02")).days) if (at("2023-03-02") + timedelta(n)).weekday() < 5
    )
    assert row(facts, "old")["first_response_business_s"] == (1 + 8 * working + 1) * 3600
    assert row(facts, "new")["first_response_business_s"] == 1800


# --- solutions and reopenings ----------------------------------------------------------------------------------------


SOLVED = ("2026-03-02 10:00", status("solved"))


@pytest.mark.parametrize(("until", "mature"), [("2026-03-09 10:00", True), ("2026-03-09 09:59", False)])
def test_a_window_is_over_to_the_minute(until, mature):
    assert one(SOLVED, until=until)["is_reopen_mature"] is mature


def test_nobody_has_looked_beyond_the_export_whatever_the_day_it_is_read_on():
    data = dataset([ticket(SOLVED)], "2026-03-05 12:00")
    for as_of, mature in (("2026-03-04 12:00", False), ("2026-04-04 12:00", False)):
        assert row(fold(data, Settings(as_of=at(as_of))))["is_reopen_mature"] is mature
    late = dataset([ticket(SOLVED)], "2026-03-30 12:00")
    assert row(fold(late, Settings(as_of=at("2026-03-08 12:00"))))["is_reopen_mature"] is False
    assert row(fold(late, Settings(as_of=at("2026-03-20 12:00"))))["is_reopen_mature"] is True


@pytest.mark.parametrize(
    ("by", "reopened", "by_agent"), [("customer", True, False), (None, True, False), ("agent", False, True)]
)
def test_whose_reopening_it_is(by, reopened, by_agent):
    """What nobody is named for counts as the customer's: it is open again for a message of theirs."""
    found = one(SOLVED, ("2026-03-03 10:00", status("open", actor=by)))
    assert (found["is_reopened"], found["is_reopened_by_agent"]) == (reopened, by_agent)


def test_a_status_that_stands_first_in_the_file_counts():
    """Newest first: the solution is the first row of the log, the creation the last."""
    rows = [
        {"ticket_id": "1", "seq": 0, "at": at("2026-03-02 10:00"), "kind": "status", "value": "solved"},
        {"ticket_id": "1", "seq": 1, "at": at(OPENED), "kind": "created", "actor": "customer"},
    ]
    frame = pl.DataFrame(
        {"ticket_id": ["1"], "observed_until": [at("2026-03-09 10:00")]},
        schema_overrides={"observed_until": TICKETS["observed_until"]},
    )
    log = Log(frame=pl.DataFrame(rows, schema=dict(EVENTS)).lazy())
    data = check(Dataset(history=log, tickets=frame, surveys=pl.DataFrame(schema=dict(SURVEYS)), observes=EVERYTHING))
    assert row(fold(data, Settings()))["resolution_s"] == 3600


# --- first responses -------------------------------------------------------------------------------------------------


def test_a_reply_before_the_creation_is_invalid_whatever_follows():
    found = one(("2026-03-02 08:59", REPLY), ("2026-03-02 09:30", REPLY))
    assert (found["first_response_s"], found["first_response_invalid"]) == (None, True)


def test_after_the_hand_over_only_humans_answer_unless_bots_are_asked_for():
    events = [("2026-03-02 09:10", {"kind": "handoff"}), ("2026-03-02 09:11", BOT), ("2026-03-02 09:40", REPLY)]
    for bots, seconds in (("exclude", 1800), ("include", 60)):
        chosen = Settings(first_response=FirstResponse(anchor="handoff", bots=bots))
        assert one(*events, settings=chosen)["first_response_s"] == seconds


def test_what_a_bot_had_solved_waits_from_when_it_came_back_and_from_no_ticket_beside_it():
    """The older ticket ends solved: that the next one in the file is open is no coming back of it."""
    done = ticket(("2026-03-01 10:00", status("solved", actor="bot")), name="0", created="2026-03-01 09:00")
    back = [("2026-03-02 09:05", status("solved", actor="bot")), ("2026-03-02 13:00", status("open", actor="customer"))]
    facts = desk(
        done,
        ticket(*back, name="1"),
        ticket(*back, ("2026-03-02 13:10", REPLY), name="2"),
        until="2026-03-02 14:00",
        settings=Settings(first_response=FirstResponse(anchor="reopen_after_bot")),
    )
    assert row(facts, "1")["first_response_age_s"] == 3600
    assert row(facts, "2")["first_response_s"] == 600


# --- hands -----------------------------------------------------------------------------------------------------------


def test_of_several_lines_at_one_instant_the_last_in_the_file_stands():
    """Opened on the second line and put on the first at once: that is no escalation and no handing back."""
    found = one(
        (OPENED, change("level", "2")), (OPENED, change("level", "1")), ("2026-03-02 12:00", change("level", "1"))
    )
    assert (found["first_level"], found["escalations"], found["is_escalated"]) == (1, 0, False)


def test_a_ticket_without_a_reply_has_no_replier_and_one_without_tags_is_not_escalated():
    tags = Settings(escalation=Escalation(tags=("urgent",)))
    facts = desk(ticket(name="1", tags=["urgent"]), ticket(name="2"), until="2026-03-03 12:00", settings=tags)
    assert [row(facts, name)["is_escalated"] for name in ("1", "2")] == [True, False]
    assert facts.tickets["repliers"].to_list() == [0, 0]


# --- customers -------------------------------------------------------------------------------------------------------


def test_of_tickets_created_at_one_instant_none_stands_beside_the_other():
    """Three at once, none of them beside an older one; a fourth an hour later stands beside them all."""
    three = [ticket(name=name, requester_id="ann") for name in "abc"]
    facts = desk(*three, ticket(name="d", created="2026-03-02 10:00", requester_id="ann"), until="2026-03-30 12:00")
    assert {name: row(facts, name)["is_parallel"] for name in "abcd"} == {"a": False, "b": False, "c": False, "d": True}


def test_of_tickets_created_at_one_instant_all_stand_beside_an_older_one():
    older = ticket(name="0", created="2026-03-01 10:00", requester_id="ann")
    facts = desk(older, *[ticket(name=name, requester_id="ann") for name in "ab"], until="2026-03-30 12:00")
    assert {name: row(facts, name)["is_parallel"] for name in "0ab"} == {"0": False, "a": True, "b": True}


def test_absence_is_not_over_for_what_was_solved_nobody_knows_when():
    acts = pl.DataFrame(
        {"requester_id": ["ann", "bob"], "at": [at("2026-03-02 12:00"), at("2026-06-01 12:00")]}, schema=dict(ACTIVITY)
    )
    flat = {Sight.created: Extent.EVERY, Sight.solve: Extent.LAST, Sight.status: Extent.LAST}
    tickets = [ticket(SOLVED, requester_id="ann", status="solved"), ticket(name="2", requester_id="bob", status="open")]
    data = dataset(tickets, "2026-06-01 12:00", flat)
    facts = fold(
        check(Dataset(history=data.history, tickets=data.tickets, surveys=data.surveys, observes=flat, activity=acts)),
        Settings(),
    )
    assert [row(facts, name)["is_absence_mature"] for name in ("1", "2")] == [True, False]

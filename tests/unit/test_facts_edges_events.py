"""Which events each fact is made of, and which columns of a flat export: every kind beside every other, by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import polars as pl
import pytest
from test_facts import BORN, born, hour, log, one, says, turns, wide
from test_facts_edges_ties import CREATED, facts, stamped
from test_facts_hands import goes

from supportkpi.calendars import Calendar
from supportkpi.decisions import CalendarChoice, FirstResponse, Repeats, Settings
from supportkpi.facts import fold
from supportkpi.schema import TICKETS, Actor, Dataset, Extent, Kind, Log, Stamp

HOUR = 3600.0


# --- logs ------------------------------------------------------------------------------------------------------------

EVERYTHING = [
    born(),
    says(1, "customer"),
    says(2, "bot", public=False),
    says(3, "bot"),
    says(4, "agent", public=False),
    says(5, "agent"),
    says(6, "bot"),
    says(7, "agent"),
    says(8, "agent"),
    says(9, "system"),
    {**turns(10, "pending"), "actor": "agent"},
    goes(11, "assignee", "ann", actor="bot"),
    goes(12, "assignee", None, actor="agent"),
    goes(13, "assignee", "bob", actor="system"),
    {**turns(14, "solved"), "actor": "customer"},
    {**turns(15, "closed"), "actor": "system"},
    says(16, "customer"),
    {**turns(17, "open"), "actor": "bot"},
    {**turns(18, "closed"), "actor": "bot"},
    {**turns(19, "solved"), "actor": "agent"},
    goes(20, "clock_start", None),
    goes(21, "handoff", None, actor="bot"),
    goes(22, "priority", "solved"),
]


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("first_request_at", hour(1)),
        ("first_bot_reply_at", hour(3)),
        ("first_agent_reply_at", hour(5)),
        ("requests", 2),
        ("bot_replies", 2),
        ("replies", 3),
        ("first_solve_at", hour(14)),
        ("last_solve_at", hour(19)),
        ("last_solve_by", "agent"),
        ("first_close_at", hour(15)),
        ("last_close_at", hour(18)),
        ("last_close_by", "bot"),
        ("first_assigned_at", hour(11)),
        ("assignments", 2),
        ("taken_at", hour(10)),
        ("clock_start_at", hour(20)),
        ("handoff_at", hour(21)),
        ("first_event_at", BORN),
        ("last_event_at", hour(22)),
    ],
)
def test_each_fact_counts_its_own_events_and_no_others(fact, value):
    """Bots and agents talk to each other, too; a priority may be called solved; to be taken away is no assignment."""
    found = fold(log(EVERYTHING, [born()]), Settings()).tickets
    assert found[fact][0] == value
    nothing = {"first_event_at": BORN, "last_event_at": BORN}
    assert found[fact][1] == (0 if isinstance(value, int) else nothing.get(fact))


ASSIGNED = {"kind": "assignee", "actor": "system"}
STORIES = (
    [
        born(number=2),
        {**ASSIGNED, "at": hour(3), "value": "ann"},
        says(5, "agent"),
        {**turns(8, "solved"), "actor": "bot"},
    ],
    [born("agent", 0), {**turns(4, "open"), "actor": "agent"}, {**ASSIGNED, "at": hour(6), "value": "bob"}],
    [],
    [says(1, "agent"), says(7, "customer"), {**turns(7, "open"), "actor": "customer"}],
)


def stood(order: str) -> Dataset:
    """The stories as rows of one file: ticket after ticket, by time, the newest first, or as it comes."""
    data = log(*STORIES)
    rows = data.history.frame.collect()
    by_order = {
        "by ticket": rows,
        "by time": rows.sort("at", "ticket_id", "seq"),
        "newest first": rows.sort("at", "ticket_id", "seq", descending=True),
        "as it comes": rows.sort(pl.col("at").dt.hour() % 3, "ticket_id", descending=[True, False]),
    }
    return replace(data, history=Log(frame=by_order[order].lazy()))


@pytest.mark.parametrize("order", ["by ticket", "by time", "newest first", "as it comes"])
def test_facts_of_several_kinds_of_events_are_the_same_however_the_rows_of_a_file_stand(order):
    found = fold(stood(order), Settings()).tickets
    assert found["first_event_at"].to_list() == [hour(2), hour(0), None, hour(1)]
    assert found["last_event_at"].to_list() == [hour(8), hour(6), None, hour(7)]
    assert found["taken_at"].to_list() == [hour(3), hour(4), None, None]
    assert found["case_s"].to_list() == [6 * HOUR, 6 * HOUR, None, 6 * HOUR]
    assert found["replies"].to_list() == [1, 0, 0, 1]
    assert found["requests"].to_list() == [0, 0, 0, 1]
    assert found["assignments"].to_list() == [1, 1, 0, 0]
    assert found["opened_by"].to_list() == ["customer", "agent", None, None]
    assert found["last_solve_by"].to_list() == ["bot", None, None, None]
    assert found["is_resolved"].to_list() == [True, False, False, False]


@pytest.mark.parametrize("order", ["by ticket", "by time", "newest first", "as it comes"])
def test_who_is_created_later_is_not_there_however_the_rows_of_a_file_stand(order):
    """At two o'clock: the first is just created, the second an hour old, of the third nothing is known yet."""
    found = fold(stood(order), Settings(as_of=hour(2))).tickets
    assert found["ticket_id"].to_list() == ["0", "1", "2", "3"]
    assert found["last_event_at"].to_list() == [hour(2), hour(0), None, hour(1)]
    before = fold(stood(order), Settings(as_of=hour(1.5))).tickets
    assert before["ticket_id"].to_list() == ["1", "2", "3"]
    assert before["opened_by"].to_list() == ["agent", None, None]


@pytest.mark.parametrize("most", [1, 4, 6, 9, 100])
def test_five_tickets_by_time_are_folded_in_batches_of_which_the_last_is_a_smaller_one(most, monkeypatch):
    monkeypatch.setattr("supportkpi.facts.batches.MOST", most)
    data = log(*([born(number=number), says(number + 10, "agent")] for number in range(5)))
    rows = data.history.frame.collect().sort("at")
    found = fold(replace(data, history=Log(frame=rows.lazy())), Settings())
    assert found.tickets["first_response_s"].to_list() == [10 * HOUR] * 5
    assert found.tickets["contacts"].to_list() == [1] * 5
    assert found.waits["wait_s"].to_list() == [10 * HOUR] * 5
    assert found.intervals["ticket_id"].to_list() == ["0", "1", "2", "3", "4"]


def test_of_two_creations_of_one_ticket_the_first_counts():
    """Two files tell of it: it is there from its first creation on, opened by whom that names, else by the next."""
    twice = (
        [born("agent", 1), born("customer", 3)],
        [born("customer", 1), born("agent", 3)],
        [born(None, 1), born("bot", 3)],
    )
    data = log(*twice, [born(None, 0)], [born("agent", 2), born(None, 4), born("customer", 5)])
    found = fold(data, Settings()).tickets
    assert found["created_at"].to_list() == [hour(1), hour(1), hour(1), hour(0), hour(2)]
    assert found["opened_by"].to_list() == ["agent", "customer", "bot", None, "agent"]
    assert fold(data, Settings(as_of=hour(1.5))).tickets["ticket_id"].to_list() == ["0", "1", "2", "3"]
    alone = log([born("agent", 2)], [born("customer", 1), born("agent", 9)], [born("agent", 0)])
    assert facts(alone, "opened_by") == ["agent", "customer", "agent"]
    assert one(log([born("customer", 1), born("agent", 9)]))["opened_by"] == "customer"
    assert fold(alone, Settings(as_of=hour(1))).tickets["ticket_id"].to_list() == ["1", "2"]


@pytest.mark.parametrize("rows", [1, 2, 3, 5, 8, 100])
def test_sums_of_statuses_do_not_depend_on_how_many_intervals_are_in_memory_at_once(rows, monkeypatch):
    """A ticket without any, one of six statuses, one that is new to the end, and one solved at once."""
    monkeypatch.setattr("supportkpi.facts.sums._SLICE", rows)
    long = [born(), *(turns(number, to) for number, to in enumerate(("open", "pending", "hold", "open", "solved"), 1))]
    data = log([says(1, "agent")], long, [born()], [born(), turns(0, "solved")], long)
    found = fold(data, Settings(as_of=hour(6))).tickets
    assert found["agent_work_s"].to_list() == [None, 3 * HOUR, None, 0, 3 * HOUR]
    assert found["agent_wait_s"].to_list() == [None, HOUR, None, 0, HOUR]
    assert found["hold_s"].to_list() == [None, HOUR, None, 0, HOUR]
    assert found["agent_work_age_s"].to_list() == [None, None, 6 * HOUR, None, None]


# --- solving and coming back -----------------------------------------------------------------------------------------


def turn(day: float, to: str, actor: str | None) -> dict:
    return {**turns(24 * day, to), "actor": actor}


TURNS = (
    # Came back from the customer after two days, from an agent after one, and was solved for good by a bot.
    [
        born(),
        *(
            turn(1, "solved", "agent"),
            turn(3, "open", "customer"),
            turn(5, "solved", "agent"),
            turn(6, "open", "agent"),
        ),
        *(turn(6.5, "pending", "agent"), turn(10, "solved", "bot"), turn(11, "closed", "system")),
    ],
    [born(), turn(1, "open", "agent")],
    # Closed while it was solved, opened again by an agent four days after it was solved.
    [born(), turn(2, "solved", "system"), turn(3, "closed", "system"), turn(6, "open", "agent")],
    # Solved as it was created, back after three days from an agent, and after one from nobody known.
    [
        born(),
        *(turn(0, "solved", "agent"), turn(3, "hold", "agent"), turn(4, "closed", None), turn(5, "open", None)),
    ],
)


FIRST_AND_LAST = ("first_solved_at", "last_solved_at", "resolved_at")


def test_each_ticket_is_solved_and_comes_back_by_its_own_turns():
    unread = {**turn(12, "open", "agent"), "value": None, "raw": "Parked"}  # a word that nobody mapped changes nothing
    for stories in (TURNS, [[*story, unread] for story in TURNS]):
        found = fold(log(*stories), Settings()).tickets
        days = {name: [None if at is None else (at - BORN).days for at in found[name]] for name in FIRST_AND_LAST}
        assert days == {
            "first_solved_at": [1, None, 2, 0],
            "last_solved_at": [10, None, 2, 4],
            "resolved_at": [10, None, None, None],
        }
        assert found["solve_events"].to_list() == [3, 0, 1, 2]
        assert found["reopens"].to_list() == [2, 0, 1, 2]
        assert found["is_resolved"].to_list() == [True, False, False, False]
        assert found["solved_by"].to_list() == ["bot", None, None, None]
        assert found["shortest_solved"].to_list() == [timedelta(1), None, timedelta(4), timedelta(1)]


@pytest.mark.parametrize("descending", [False, True])
def test_turns_are_those_of_their_instants_however_the_rows_of_a_file_stand(descending):
    stories = [[*story, says(1, "agent"), says(2, "customer"), says(3, "agent")] for story in TURNS]
    data = log(*stories)
    rows = data.history.frame.collect().sort("at", "ticket_id", descending=descending)
    found = fold(replace(data, history=Log(frame=rows.lazy())), Settings())
    assert found.tickets["solve_events"].to_list() == [3, 0, 1, 2]
    assert found.tickets["reopens"].to_list() == [2, 0, 1, 2]
    assert found.tickets["replies"].to_list() == [2, 2, 2, 2]
    assert found.tickets["first_agent_reply_at"].to_list() == [hour(1)] * 4
    assert found.waits["asked_at"].to_list() == [hour(0), hour(2)] * 4


@pytest.mark.parametrize(
    ("window", "asked", "by_agent"),
    [
        (1, [False, None, False, True], [True, None, False, False]),
        (2, [True, None, False, True], [False, None, False, False]),
        (3, [True, None, False, True], [False, None, False, False]),
        (4, [True, None, False, True], [False, None, True, False]),
    ],
)
def test_who_opened_a_solved_ticket_again_within_the_window(window, asked, by_agent):
    """The soonest return counts; an agent's counts apart, and only where no other one was as soon."""
    found = fold(log(*TURNS), Settings(repeats=Repeats(window_days=window))).tickets
    assert found["is_reopened"].to_list() == asked
    assert found["is_reopened_by_agent"].to_list() == by_agent


# --- flat exports ----------------------------------------------------------------------------------------------------


def status(column: str, value: str, extent: Extent, actor: Actor | None = None) -> Stamp:
    return Stamp(column=column, kind=Kind.status, value=value, actor=actor, extent=extent)


FIRST_SOLVED, LAST_SOLVED = status("first", "solved", Extent.FIRST), status("last", "solved", Extent.LAST, Actor.agent)
CLOSED = status("closed", "closed", Extent.EVERY, Actor.system)
WAITED, OPENED = status("waited", "pending", Extent.LAST, Actor.customer), status("back", "open", Extent.LAST)


def test_in_a_flat_export_a_solution_counts_before_a_closing_and_other_statuses_are_neither():
    """Closing a solved ticket later is bookkeeping (rt-06); without a solution the closing is all there is."""
    data = stamped(
        *(CREATED, FIRST_SOLVED, LAST_SOLVED, CLOSED, WAITED, OPENED),
        rows=[
            {"created": 0, "waited": 1, "first": 2, "back": 3, "last": 4, "closed": 9},
            {"created": 0, "waited": 1, "closed": 9},
            {"created": 0, "waited": 1, "back": 3},
            {"created": 0, "waited": 10, "first": 5, "back": 8, "last": 6, "closed": 3},
        ],
    )
    found = {name: facts(data, name) for name in ("first_resolution_s", "resolution_s", "solved_by", "is_resolved")}
    assert found == {
        "first_resolution_s": [2 * HOUR, 9 * HOUR, None, 5 * HOUR],
        "resolution_s": [4 * HOUR, 9 * HOUR, None, 6 * HOUR],
        "solved_by": ["agent", "system", None, "agent"],
        "is_resolved": [True, True, False, True],
    }
    names = ("first_solve_at", "last_solve_at", "first_close_at", "last_close_at", "last_solve_by", "last_close_by")
    row = fold(data, Settings()).tickets.select(names).row(0)
    assert row == (hour(2), hour(4), hour(9), hour(9), "agent", "system")


def test_who_solved_a_ticket_last_is_told_to_the_millisecond():
    """Three thousandths of a second lie between what the agent and what the rule did, in columns and in events."""
    milli = 1 / 3_600_000
    rule = status("by_rule", "solved", Extent.LAST, Actor.system)
    rows = [
        {"created": 0, "last": 1 + 4 * milli, "by_rule": 1 + milli},
        {"created": 0, "last": 1, "by_rule": 1 + milli},
    ]
    assert facts(stamped(CREATED, LAST_SOLVED, rule, rows=rows), "solved_by") == ["agent", "system"]
    turned = [{**turns(1 + 4 * milli, "solved"), "actor": "agent"}, {**turns(1 + milli, "solved"), "actor": "system"}]
    assert facts(log([born(), *turned], [born(), turned[1]]), "last_solve_by") == ["agent", "system"]


def test_a_ticket_without_a_date_of_creation_was_there_before_any_as_of():
    data = wide({"created": 0}, {"created": None}, {"created": 3})
    assert fold(data, Settings(as_of=hour(2))).tickets["ticket_id"].to_list() == ["0", "1"]


# --- what is open and how long ---------------------------------------------------------------------------------------


def test_a_ticket_that_came_back_has_its_first_resolution_behind_it():
    row = one(log([born(), turns(1, "solved"), turns(2, "open")]), Settings(as_of=hour(5)))
    assert (row["first_resolution_s"], row["first_resolution_age_s"]) == (HOUR, None)
    assert (row["resolution_s"], row["resolution_age_s"]) == (None, 5 * HOUR)


def test_what_is_solved_nobody_knows_when_has_no_age_of_its_first_resolution():
    """Its status says that it is over; of the other the first solution is dated, and it is not."""
    rows = [{"created": 0}, {"created": 0}, {"created": 0, "first": 1}]
    data = stamped(
        CREATED, FIRST_SOLVED, rows=rows, status=pl.Series(["solved", "open", "open"], dtype=TICKETS["status"])
    )
    found = fold(data, Settings()).tickets
    whole = (found["observed_until"][0] - BORN).total_seconds()
    assert found["first_resolution_age_s"].to_list() == [None, whole, None]


@pytest.mark.parametrize(
    ("span", "waiting", "over"),
    [
        ("net_resolution", 9, 6),
        ("requester_wait", 5, 4),
        ("agent_work", 3, 3),
        ("agent_wait", 4, 2),
        ("hold", 2, 1),
    ],
)
def test_sums_of_statuses_are_ages_of_what_is_open_and_lengths_of_what_is_over(span, waiting, over):
    """Open 3, pending 4 and on hold 2 hours to the end; and open 3, hold 1, pending 2, solved in the seventh hour."""
    still = [born(), turns(3, "pending"), turns(7, "hold")]
    done = [born(), turns(3, "hold"), turns(4, "pending"), turns(6, "solved")]
    found = fold(log(still, done), Settings(as_of=hour(9))).tickets
    assert found[f"{span}_s"].to_list() == [None, over * HOUR]
    assert found[f"{span}_age_s"].to_list() == [waiting * HOUR, None]


def test_business_time_runs_from_the_year_of_the_creation_into_that_of_the_solution():
    """Nobody created or answered anything after Monday, 1 January 2024; it was solved 113 weeks of 40 hours later."""
    office = CalendarChoice(name="office", calendar=Calendar(timezone="UTC", hours={"mon-fri": ["09:00-17:00"]}))
    start = BORN - timedelta(weeks=113)
    story = [{**born(), "at": start}, {**says(0, "agent"), "at": start + timedelta(hours=1)}, turns(0, "solved")]
    row = one(log(story), Settings(calendars=(office,), calendar="office"))
    assert row["first_response_business_s"] == HOUR
    assert row["resolution_business_s"] == 113 * 40 * HOUR


def test_the_name_of_the_calendar_is_known_where_there_is_one():
    """The rows of a report are told apart by it; a name without hours is none."""
    office = CalendarChoice(name="office", calendar=Calendar(timezone="UTC", hours={"mon-fri": ["09:00-17:00"]}))
    data = log([born()])
    assert fold(data, Settings(calendars=(office,), calendar="office")).calendar == "office"
    assert fold(data, Settings(calendar="office")).calendar is None


# --- where the first response starts ---------------------------------------------------------------------------------


def test_where_the_beginning_of_a_ticket_is_not_in_the_file_nobody_says_that_an_agent_opened_it():
    """Its first message there is a reply: what it replies to came before the file, so the ticket keeps its place."""
    story = [says(1, "agent"), turns(2, "solved")]
    assert facts(log(story, [born(None), *story]), "is_outbound") == [False, True]


def test_a_bot_that_solves_a_ticket_as_it_is_opened_hands_it_over_when_it_comes_back():
    story = [born(), {**turns(0, "solved"), "actor": "bot"}, turns(2, "open"), says(5, "agent")]
    back = Settings(first_response=FirstResponse(anchor="reopen_after_bot"))
    assert facts(log(story, story), "first_response_s", back) == [3 * HOUR, 3 * HOUR]


def test_zendesks_rule_for_what_agents_open_leaves_the_anchor_of_what_customers_open():
    """Handed over at two: the reply before it does not count, nor is the one at that instant passed over."""
    before = [born(), says(1, "agent"), goes(2, "handoff", None), says(5, "agent")]
    at_once = [born(), goes(2, "handoff", None), says(2, "agent"), says(5, "agent")]
    opened = [born("agent"), says(0, "agent"), says(3, "agent")]
    zendesk = Settings(first_response=FirstResponse(anchor="handoff", outbound="zendesk"))
    found = fold(log(before, at_once, opened), zendesk).tickets
    assert found["first_response_s"].to_list() == [3 * HOUR, 0, 3 * HOUR]
    assert not found["first_response_invalid"].any()

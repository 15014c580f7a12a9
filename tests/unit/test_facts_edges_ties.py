"""Facts where instants meet: exactly at the as_of, within one second, of unknown creation, on no calendar: by hand."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest
from test_facts import BORN, END, born, hour, log, one, ratings, says, turns, wide

from supportkpi.calendars import Calendar
from supportkpi.decisions import CalendarChoice, Escalation, Fcr, Settings
from supportkpi.facts import fold
from supportkpi.facts.agents import owners
from supportkpi.schema import (
    INSTANT,
    SURVEYS,
    TICKETS,
    Actor,
    Dataset,
    Extent,
    Kind,
    Sight,
    Stamp,
    Stamps,
    check,
    observed,
)

HOUR = 3600.0
VIP = CalendarChoice(
    name="vip", calendar=Calendar(timezone="UTC", hours={"mon-fri": ["09:00-17:00"]}), when={"priority": ("urgent",)}
)


def facts(data: Dataset, name: str, settings: Settings | None = None) -> list[object]:
    return fold(data, settings or Settings()).tickets[name].to_list()


# --- exactly at the as_of --------------------------------------------------------------------------------------------


def test_what_happens_at_the_very_as_of_is_seen():
    data = log([born(), turns(2, "solved")], [born(number=2)], surveys=ratings({"ticket_id": "0", "at": hour(2)}))
    found = fold(data, Settings(as_of=hour(2)))
    assert found.tickets["ticket_id"].to_list() == ["0", "1"]
    assert found.tickets["is_resolved"].to_list() == [True, False]
    assert found.surveys.height == 1


def test_at_the_instant_of_the_export_the_status_of_today_is_that_of_then():
    """The second is solved without a date of it: its status says so, and nobody asks about an earlier day."""
    data = wide({"created": 0, "solved": 1}, {"created": 0}, status=["solved", "solved"])
    assert facts(data, "is_resolved", Settings(as_of=END)) == [True, True]
    assert facts(data, "is_resolved", Settings(as_of=END - timedelta(seconds=1))) == [True, False]


def test_before_the_export_a_ticket_without_a_status_was_not_solved_though_solutions_have_no_dates():
    data = wide({"created": 0}, {"created": 0}, status=["open", None])
    assert facts(data, "is_resolved", Settings(as_of=hour(5))) == [False, False]


# --- within one second -----------------------------------------------------------------------------------------------


def test_a_solution_half_a_second_after_another_ticket_was_opened_came_later():
    """Most instants are told to the second, one solution to the microsecond: b was opened before it, c after it."""
    soon = {**turns(1, "solved"), "at": hour(1) + timedelta(microseconds=500_001)}
    later = {**born(), "at": hour(1) + timedelta(seconds=1)}
    stories = [born(), soon], [born(number=1), turns(9, "solved")], [later]
    data = log(*stories, columns=[{"requester_id": "ann"} for _ in stories])
    assert facts(data, "previous_solved_at") == [None, None, hour(1) + timedelta(microseconds=500_001)]
    assert facts(data, "is_parallel")[1] is True
    assert facts(data, "is_repeat") == [False, False, True]


def test_within_a_second_the_instants_tell_what_came_first_and_not_the_rows_of_the_file():
    """The newest row first: solved three microseconds after the creation, open two after it."""
    rows = [
        born(),
        *({**turns(0, to), "at": BORN + timedelta(microseconds=n)} for to, n in (("solved", 3), ("open", 2))),
    ]
    assert facts(log(rows), "resolution_s") == [3e-6]
    apart = [
        born(),
        *({**turns(0, to), "at": BORN + timedelta(milliseconds=n)} for to, n in (("solved", 3), ("open", 2))),
    ]
    assert facts(log(apart, [born(), turns(9, "solved")]), "is_resolved") == [True, True]


# --- side by side ----------------------------------------------------------------------------------------------------


def beside(*stories: list[dict]) -> dict[str, list[object]]:
    """What the tickets of one customer are to one another."""
    found = fold(log(*stories, columns=[{"requester_id": "ann"} for _ in stories]), Settings()).tickets
    return {name: found[name].to_list() for name in ("is_repeat", "is_parallel")}


def test_what_is_solved_stands_beside_nothing_later():
    """Solved on the first day; two weeks later the next, and an hour after that one more, beside it and it alone."""
    found = beside([born(), turns(1, "solved")], [born(number=336)], [born(number=337)])
    assert found == {"is_repeat": [False, False, False], "is_parallel": [False, False, True]}


def test_who_was_there_before_the_export_stands_beside_nobody():
    """Nobody knows when the first ticket was opened, only that it was solved: what comes two weeks later is alone."""
    found = beside([turns(1, "solved")], [born(number=337)], [born(number=338)])
    assert found == {"is_repeat": [None, False, False], "is_parallel": [None, False, True]}


# --- what is not known -----------------------------------------------------------------------------------------------


def test_a_ticket_that_may_be_solved_is_not_waiting():
    """A status that nobody understands: no answer, no one who took it, and no age of either."""
    found = fold(log([born(), {**turns(1, "open"), "value": None, "raw": "Zugewiesen"}]), Settings()).tickets
    names = ("first_response_age_s", "reaction_age_s", "resolution_age_s", "first_resolution_age_s")
    assert {name: found[name][0] for name in names} == dict.fromkeys(names)


def test_a_ticket_of_which_the_history_tells_no_status_is_not_solved():
    data = log([says(1, "agent")], [born()])
    assert facts(data, "is_resolved") == [False, False]
    assert (facts(data, "solve_events"), facts(data, "reopens")) == ([0, 0], [0, 0])


def test_a_ticket_solved_nobody_knows_when_is_not_over():
    data = wide({"created": 0}, {"created": 0, "solved": 1}, {"created": 900}, status=["solved", "solved", "open"])
    data = Dataset(
        history=data.history,
        tickets=data.tickets.with_columns(requester_id=pl.lit("ann")),
        surveys=data.surveys,
        observes=data.observes,
    )
    assert facts(check(data), "is_return_mature") == [False, True, False]


def test_one_solution_is_all_that_a_flat_export_shows():
    assert facts(wide({"created": 0, "solved": 1}, {"created": 0}), "solve_events") == [1, 0]


def test_nobody_took_it_yet_is_no_reason_to_know_nothing_of_it():
    """Assignments are shown, and there was none: the ticket waits to be taken."""
    found = fold(log([born()]), Settings())
    assert "taken_at" not in found.unobserved
    assert found.tickets["reaction_age_s"][0] == (END - BORN).total_seconds()


# --- calendars -------------------------------------------------------------------------------------------------------


def test_a_ticket_on_no_calendar_has_no_business_time_in_any_status():
    """10:00 to 13:00 of a Monday, an hour of it on hold, two of it new; the second ticket is nobody's."""
    story = [born(), turns(2, "hold"), turns(3, "solved")]
    columns = [{"priority": "urgent"}, {"priority": "low"}]
    found = fold(log(story, story, columns=columns), Settings(calendars=(VIP,), calendar="vip")).tickets
    assert found["hold_s"].to_list() == [HOUR, HOUR]
    assert found["hold_business_s"].to_list() == [HOUR, None]
    assert found["agent_work_business_s"].to_list() == [2 * HOUR, None]
    assert found["resolution_business_s"].to_list() == [3 * HOUR, None]
    waiting = fold(
        log(story[:2], story[:2], columns=columns), Settings(calendars=(VIP,), calendar="vip", as_of=hour(5))
    )
    assert waiting.tickets["hold_age_s"].to_list() == [3 * HOUR, 3 * HOUR]
    assert waiting.tickets["hold_business_age_s"].to_list() == [3 * HOUR, None]
    assert waiting.tickets["hold_invalid"].to_list() == [False, False]


# --- waits -----------------------------------------------------------------------------------------------------------


def test_who_waits_still_waits_on_both_clocks():
    """Asked again at 16:00 of a Monday, and it is 10:00 of the Tuesday: eighteen hours, two of them at work."""
    office = CalendarChoice(name="office", calendar=Calendar(timezone="UTC", hours={"mon-fri": ["09:00-17:00"]}))
    data = log([born(), says(1, "agent"), says(6, "customer")])
    row = fold(data, Settings(calendars=(office,), calendar="office", as_of=hour(24))).waits.row(1, named=True)
    assert (row["wait_s"], row["wait_age_s"]) == (None, 18 * HOUR)
    assert (row["wait_business_s"], row["wait_business_age_s"]) == (None, 2 * HOUR)


def test_after_a_humans_word_no_wait_is_the_first_though_nobody_knows_the_creation():
    told = [says(0, "agent"), says(1, "customer"), says(2, "agent"), says(3, "customer")]
    waits = fold(log(told, columns=[{"opener": "customer"}]), Settings()).waits
    assert waits["asked_at"].to_list() == [hour(1), hour(3)]
    assert waits["is_first"].to_list() == [False, False]


# --- returns ---------------------------------------------------------------------------------------------------------

DAY = 24.0


@pytest.mark.parametrize(("messages", "once"), [(0, True), (1, True), (2, False)])
def test_where_the_customer_wrote_once_it_was_one_contact_though_nobody_answered(messages, once):
    story = [born(), *(says(number, "customer") for number in range(messages)), turns(5, "solved")]
    assert one(log(story), Settings(fcr=Fcr(preset="freshservice")))["is_first_contact"] is once


def test_who_wrote_at_the_instant_of_the_answer_did_not_write_back():
    story = [born(), says(1, "agent"), says(1, "customer"), turns(5, "solved")]
    assert one(log(story), Settings(fcr=Fcr(preset="freshservice")))["is_first_contact"] is True
    back = [born(), says(1, "agent"), says(1.01, "customer"), turns(5, "solved")]
    assert one(log(back), Settings(fcr=Fcr(preset="freshservice")))["is_first_contact"] is False


@pytest.mark.parametrize(("replies", "once"), [(0, True), (1, True), (2, False)])
def test_one_touch_is_fewer_than_two_replies(replies, once):
    story = [born(), *(says(number, "agent") for number in range(replies)), turns(5, "solved")]
    assert one(log(story), Settings(fcr=Fcr(preset="one_touch")))["is_first_contact"] is once


def test_whether_it_was_one_touch_is_not_known_of_what_nobody_knows_to_be_solved():
    reply = Stamp(column="replied", kind=Kind.message, actor=Actor.agent, public=True, extent=Extent.EVERY)
    words = {"status": pl.Series([None, "solved"], dtype=TICKETS["status"]), "status_raw": ["??", "Done"]}
    data = stamped(CREATED, reply, rows=[{"created": 0, "replied": 1}] * 2, **words)
    assert facts(data, "is_first_contact", Settings(fcr=Fcr(preset="one_touch"))) == [None, True]


@pytest.mark.parametrize(("later", "soon"), [(0, True), (1, False)])
def test_a_reopening_at_the_end_of_the_window_still_counts(later, soon):
    """Open again to the second seven days later, or a second after that; by the agent, or by nobody known."""
    back = {**turns(1, "open"), "at": hour(1 + 7 * DAY) + timedelta(seconds=later)}
    agents = {**back, "actor": "agent"}
    asked, own = (one(log([born(), turns(1, "solved"), event])) for event in (back, agents))
    assert (asked["is_reopened_soon"], asked["is_reopened"], asked["is_reopened_by_agent"]) == (soon, soon, False)
    assert (own["is_reopened_soon"], own["is_reopened"], own["is_reopened_by_agent"]) == (soon, False, soon)


def test_what_was_never_open_again_was_reopened_by_nobody():
    found = one(log([born(), turns(1, "solved")]))
    assert (found["is_reopened"], found["is_reopened_by_agent"]) == (False, False)


def test_the_window_for_new_tickets_ends_with_the_newest_of_all_files():
    """One file was taken after a day, the other after thirty: by the twentieth day a customer would have been back."""
    columns = [{"requester_id": "ann", "observed_until": hour(DAY)}, {"requester_id": "bob"}]
    data = log([born(), turns(1, "solved")], [born(number=20 * DAY)], columns=columns)
    assert facts(data, "is_return_mature") == [True, False]


# --- contacts --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("channel", "hours", "contacts"),
    [
        ("email", (1, 2), 2),
        (None, (1, 2), 2),
        ("chat", (1,), 1),
        ("chat", (1, 24.5), 1),
        ("chat", (1, 25), 1),
        ("chat", (1, 25.01), 2),
    ],
)
def test_where_people_talk_a_day_of_silence_parts_conversations(channel, hours, contacts):
    story = [born(), *(says(number, "agent") for number in hours), turns(30, "solved")]
    assert facts(log(story, columns=[{"channel": channel}]), "contacts") == [contacts]


# --- hands -----------------------------------------------------------------------------------------------------------


def test_who_only_took_a_note_replied_to_nobody():
    ann, bob = ({**says(number, "agent"), "actor_id": who} for number, who in ((1, "ann"), (2, "bob")))
    assert facts(log([born(), ann, {**bob, "public": False}], [born(), bob, ann]), "repliers") == [1, 2]


def test_one_reply_that_the_export_counts_is_one_of_a_human_and_none_is_none():
    data = wide({"created": 0}, {"created": 0}, given_replies=[1, 0], status_raw=["??", "??"])
    assert facts(data, "is_handled") == [True, None]


def test_an_export_without_tags_does_not_say_that_nothing_was_escalated():
    urgent = Settings(escalation=Escalation(tags=("urgent",)))
    plain = wide({"created": 0}, {"created": 0})
    tagged = wide({"created": 0}, {"created": 0}, tags=[["urgent"], None])
    assert facts(plain, "is_escalated", urgent) == [None, None]
    assert facts(tagged, "is_escalated", urgent) == [True, False]
    assert facts(tagged, "is_escalated") == [None, None]  # nobody said which tags mean it


# --- the very end ----------------------------------------------------------------------------------------------------


def test_what_is_created_at_the_very_end_has_an_age_of_nothing():
    found = fold(log([born()]), Settings(as_of=BORN)).tickets
    names = ("first_response_age_s", "resolution_age_s", "hold_age_s", "agent_work_age_s")
    assert {name: found[name][0] for name in names} == dict.fromkeys(names, 0)


# --- flat exports ----------------------------------------------------------------------------------------------------


def stamped(*stamps: Stamp, rows: list[dict[str, float | None]], **columns: list[object]) -> Dataset:
    """A row a ticket of hours after BORN under the columns of some stamps."""
    cells = {
        stamp.column: [None if row.get(stamp.column) is None else hour(row[stamp.column]) for row in rows]
        for stamp in stamps
    }
    ids = [str(number) for number in range(len(rows))]
    history = pl.DataFrame(
        {"ticket_id": ids, **cells}, schema={"ticket_id": pl.String, **dict.fromkeys(cells, INSTANT)}
    )
    ends = pl.Series([END] * len(rows), dtype=INSTANT)
    return check(
        Dataset(
            history=Stamps(frame=history, stamps=stamps),
            tickets=pl.DataFrame({"ticket_id": ids, "observed_until": ends, **columns}),
            surveys=pl.DataFrame(schema=dict(SURVEYS)),
            observes=observed(stamps),
        )
    )


CREATED = Stamp(column="created", kind=Kind.created, extent=Extent.EVERY)


def solution(column: str, actor: Actor | None) -> Stamp:
    return Stamp(column=column, kind=Kind.status, value="solved", actor=actor, extent=Extent.LAST)


def test_of_two_columns_of_solutions_the_later_one_says_who_it_was():
    data = stamped(
        *(CREATED, solution("by_agent", Actor.agent), solution("by_rule", Actor.system)),
        rows=[{"created": 0, "by_agent": 1, "by_rule": 5}, {"created": 0, "by_agent": 6, "by_rule": 5}, {"created": 0}],
    )
    assert facts(data, "solved_by") == ["system", "agent", None]
    assert facts(data, "resolved_at") == [hour(5), hour(6), None]


def test_where_every_solution_is_of_an_agent_agents_solved_the_tickets():
    data = stamped(
        CREATED,
        solution("solved", Actor.agent),
        rows=[{"created": 0, "solved": 1}, {"created": 0}],
        assignee_id=["a", "b"],
    )
    assert owners(fold(data, Settings())).tickets["solved_by"].to_list() == ["agent", None]


def test_of_two_columns_of_replies_the_earlier_one_is_the_first():
    first, other = (
        Stamp(column=name, kind=Kind.message, actor=Actor.agent, public=True, extent=Extent.FIRST) for name in "ab"
    )
    rows = [{"created": 0, "a": 2, "b": 1}, {"created": 0, "a": 3}, {"created": 0, "a": 3, "b": 4}]
    assert facts(stamped(CREATED, first, other, rows=rows), "first_response_s") == [HOUR, 3 * HOUR, 3 * HOUR]


def test_what_a_column_dates_at_the_very_as_of_is_seen():
    data = stamped(CREATED, solution("solved", None), rows=[{"created": 0, "solved": 2}, {"created": 2}])
    assert facts(data, "resolution_s", Settings(as_of=hour(2))) == [2 * HOUR, None]


def test_a_column_of_creations_by_agents_says_who_opened_the_tickets():
    by_agent = Stamp(column="created", kind=Kind.created, actor=Actor.agent, extent=Extent.EVERY)
    assert facts(stamped(by_agent, rows=[{"created": 0}, {}]), "opened_by") == ["agent", None]


def test_a_column_of_replies_that_holds_every_one_counts_them():
    reply = Stamp(column="replied", kind=Kind.message, actor=Actor.agent, public=True, extent=Extent.EVERY)
    data = stamped(CREATED, reply, rows=[{"created": 0, "replied": 1}, {"created": 0}])
    assert data.observes[Sight.reply] == Extent.EVERY
    assert facts(data, "replies") == [1, 0]
    assert facts(data, "case_s") == [HOUR, 0]

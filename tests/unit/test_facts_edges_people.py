"""Who replied, solved, escalated and came back, where tickets stand side by side and little is known: by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from test_facts import END, born, hour, log, one, ratings, says, turns, wide
from test_facts_hands import goes

from supportkpi.calendars import Calendar
from supportkpi.decisions import CalendarChoice, Escalation, FirstResponse, Repeats, Settings
from supportkpi.facts import Facts, fold, newest, reopen_events, solve_events
from supportkpi.facts.agents import acts, owners
from supportkpi.schema import ACTIVITY, Dataset, Extent, Log, Sight

DAY = 24.0
HOUR = 3600.0
OFFICE = CalendarChoice(name="office", calendar=Calendar(timezone="UTC", hours={"mon-fri": ["09:00-17:00"]}))
OFFICE_HOURS = Settings(calendars=(OFFICE,), calendar="office")


def facts(data: Dataset, name: str, settings: Settings | None = None) -> list[object]:
    return fold(data, settings or Settings()).tickets[name].to_list()


def by(event: dict, who: str | None, actor: str | None = "agent") -> dict:
    return {**event, "actor": actor, "actor_id": who}


# --- agents ----------------------------------------------------------------------------------------------------------


def test_only_what_somebody_did_and_nobody_is_named_for_lacks_a_name():
    """Given to ann, and no more: there is no reply and no solution whose author could be missing."""
    data = log([born(), goes(1, "assignee", "ann")])
    assert set(owners(fold(data, Settings())).unobserved) == {"rated_agent", "solved_by"}
    rated = replace(data, surveys=ratings({"ticket_id": "0", "at": hour(2), "agent_id": "bob"}))
    assert set(owners(fold(rated, Settings())).unobserved) == {"solved_by"}


def test_how_many_replies_and_solutions_name_no_author_is_told_and_tickets_without_any_are_none_of_them():
    story = [born(), goes(1, "assignee", "ann"), says(2, "agent"), {**turns(3, "solved"), "actor": "agent"}]
    found = owners(fold(log(story, [born()], [born(), turns(1, "pending")]), Settings()))
    note = "agents: 1 first replies and 1 solutions name no author: they count for the assignee of that time"
    assert note in found.assumptions
    assert found.tickets["first_replier"].to_list() == ["ann", None, None]
    assert found.tickets["solver"].to_list() == ["ann", None, None]


def test_who_is_given_a_ticket_at_the_instant_of_a_solution_is_whose_it_was():
    """Nothing names an author: whose the ticket became at that very instant, whose it was it is."""
    both = [
        goes(2, "assignee", "ann"),
        says(2, "agent"),
        goes(3, "assignee", "bob"),
        {**turns(3, "solved"), "actor": "agent"},
    ]
    data = log([born(), *both, goes(4, "assignee", "cyd")], surveys=ratings({"ticket_id": "0", "at": hour(5)}))
    found = owners(fold(data, Settings()))
    assert found.tickets.select("first_replier", "solver", "assignee").row(0) == ("ann", "bob", "cyd")
    assert found.rated.to_list() == ["bob"]


def test_what_an_agent_did_at_the_very_as_of_is_seen():
    data = log([born(), by(says(2, "agent"), "ann"), by(says(3, "agent"), "bob")])
    done = acts(fold(data, Settings(as_of=hour(2))))
    assert done is not None
    assert done.select("agent").collect()["agent"].to_list() == ["ann"]


# --- first responses -------------------------------------------------------------------------------------------------


def test_an_agent_who_writes_after_the_bot_answers_though_the_customer_writes_later():
    assert one(log([born(None), says(0, "bot"), says(1, "agent"), says(2, "customer")]))["is_outbound"] is False


def test_what_was_handed_over_and_what_was_not_have_their_replies_side_by_side():
    handed = [born(), says(1, "agent"), goes(2, "handoff", None), says(5, "agent")]
    at_once = [born(), goes(2, "handoff", None), says(2, "agent")]
    data = log(handed, [born(), says(4, "agent")], at_once, [born()])
    found = facts(data, "first_response_s", Settings(first_response=FirstResponse(anchor="handoff")))
    assert found == [3 * HOUR, 4 * HOUR, 0, None]


def test_a_reply_before_the_creation_is_invalid_whoever_opens_tickets_elsewhere():
    options = Settings(first_response=FirstResponse(outbound="zendesk"))
    opened = [born("agent"), says(0, "agent"), says(2, "agent")]
    found = fold(log([born(), says(-1, "agent"), says(1, "agent")], opened), options).tickets
    assert found["first_response_s"].to_list() == [None, 2 * HOUR]
    assert found["first_response_invalid"].to_list() == [True, False]


BACK = Settings(first_response=FirstResponse(anchor="reopen_after_bot"))


def test_what_came_back_from_a_bot_waits_from_its_first_return_up_to_the_very_answer():
    solved, back = {"kind": "status", "value": "solved", "actor": "bot"}, {"kind": "status", "value": "open"}
    once = [born(), {**solved, "at": hour(1)}, {**back, "at": hour(2)}, says(2, "agent")]
    twice = [
        born(),
        *({**turn, "at": hour(n)} for n, turn in enumerate((solved, back, solved, back), 1)),
        says(5, "agent"),
    ]
    assert facts(log(once, twice, [born(), says(3, "agent")]), "first_response_s", BACK) == [0, 3 * HOUR, 3 * HOUR]


# --- lines and hands -------------------------------------------------------------------------------------------------

GROUPS = {Sight.created: Extent.EVERY, Sight.group: Extent.EVERY}


def test_groups_without_a_line_say_nothing_of_escalations():
    data = replace(log([born(), goes(1, "group", "front"), goes(2, "group", "back")]), observes=GROUPS)
    found = fold(data, Settings())
    assert found.tickets["is_escalated"].to_list() == [None]
    assert {"is_escalated", "first_level", "escalated_at"} <= {*found.unobserved}


def test_lines_of_groups_say_nothing_where_no_group_is_shown():
    data = replace(log([born()]), observes={Sight.created: Extent.EVERY})
    found = fold(data, Settings(escalation=Escalation(levels={"front": 1, "back": 2})))
    assert found.tickets["is_escalated"].to_list() == [None]


def test_lines_of_two_tickets_at_one_instant_are_those_of_each():
    """At two o'clock one rises to the second line, and the next ticket of the file comes to the first."""
    first = [born(), goes(1, "level", "1"), goes(2, "level", "2")]
    assert facts(log(first, [born(), goes(2, "level", "1")]), "escalations") == [1, 0]
    assert facts(log(first, [born(), goes(2, "level", "1")]), "is_escalated") == [True, False]


def test_a_group_that_stands_twice_in_a_row_hands_nothing_over():
    story = [born(), *(goes(number, "group", name) for number, name in enumerate(("a", "a", "b")))]
    assert facts(log(story, [born(), goes(0, "group", "c")], [born()]), "transfers") == [1, 0, None]


def test_one_source_that_says_yes_is_enough():
    tags = Settings(escalation=Escalation(tags=("urgent",)))
    data = wide(*[{"created": 0}] * 3, escalated=[None, False, True], tags=[["urgent"], ["x"], None])
    assert facts(data, "is_escalated", tags) == [True, False, True]
    alone = wide({"created": 0}, {"created": 0}, escalated=[None, False])
    assert facts(alone, "is_escalated") == [None, False]


# --- customers -------------------------------------------------------------------------------------------------------


def anns(*stories: list[dict], settings: Settings | None = None) -> pl.DataFrame:
    return fold(log(*stories, columns=[{"requester_id": "ann"} for _ in stories]), settings or Settings()).tickets


def test_whether_the_data_goes_back_far_enough_to_look_for_what_a_ticket_repeats():
    """Seven days after the first creation to the second; of a creation that nobody knows it cannot be said."""
    short = [{**born(), "at": hour(7 * DAY) - timedelta(seconds=1)}]
    found = anns([born()], [born(number=7 * DAY)], short, [says(1, "agent")])
    assert found["has_lead_in"].to_list() == [False, True, False, False]


def test_what_is_not_solved_or_solved_too_lately_is_followed_by_nobody_knows_what():
    """Solved and followed; solved and left alone; solved within the last week of creations; not solved at all."""
    solved = [born(), turns(1, "solved")]
    found = anns(solved, [born(number=2), turns(3, "solved")], [born(number=20 * DAY)], [born(number=25 * DAY)])
    assert found["has_repeat"].to_list() == [True, False, None, None]
    late = anns([born(), turns(19 * DAY, "solved")], [born(number=20 * DAY)])
    assert late["has_repeat"].to_list() == [None, None]


def test_repeats_by_creation_count_their_window_from_it():
    """The first was created three weeks before the newest and solved yesterday: its week to be followed is over."""
    settings = Settings(repeats=Repeats(anchor="created"))
    stories = [born(), turns(20 * DAY, "solved")], [born(number=6 * DAY)], [born(number=21 * DAY)]
    assert anns(*stories, settings=settings)["has_repeat"].to_list() == [True, None, None]
    assert anns(*stories, settings=settings)["is_repeat"].to_list() == [False, True, False]
    assert anns(*stories)["is_repeat"].to_list() == [False, False, True]
    at_once = anns([born()], [born()], [born(number=1)], settings=settings)
    assert at_once["is_repeat"].to_list() == [False, False, True]


def test_what_was_left_out_is_nobodys_neighbour():
    """Spam, solved at once; the next ticket of the same sender repeats nothing and stands beside nothing."""
    stories = [born(), turns(1, "solved")], [born()], [born(number=2)]
    spam = {"requester_id": "ann", "exclusion": "spam"}
    data = log(*stories, columns=[spam, spam, {"requester_id": "ann"}])
    assert facts(data, "is_repeat")[2] is False
    assert facts(data, "is_parallel")[2] is False


def test_a_week_is_over_to_the_second():
    """Solved a week before the newest creation, then a second less than a week before it."""
    newest = [born(number=1 + 7 * DAY)]
    found = fold(
        log([born(), turns(1, "solved")], newest, columns=[{"requester_id": "ann"}, {"requester_id": "bob"}]),
        Settings(),
    )
    assert found.tickets["has_repeat"].to_list() == [False, None]
    assert found.tickets["is_return_mature"].to_list() == [True, False]
    less = {**turns(1, "solved"), "at": hour(1) + timedelta(seconds=1)}
    short = fold(log([born(), less], newest, columns=[{"requester_id": "ann"}, {"requester_id": "bob"}]), Settings())
    assert short.tickets["has_repeat"].to_list() == [None, None]


def test_customers_of_ten_thousand_years_follow_themselves_and_nobody_else():
    """Each of twenty is back an hour after the solution, to the microsecond, between the first year and the last."""
    tick = timedelta(microseconds=1)
    pairs = [
        story
        for number in range(20)
        for story in ([born(number=number / 9), turns(1 + number / 9, "solved")], [born(number=2 + number / 9)])
    ]
    ends = [[{**born(), "at": at}] for at in (datetime(1, 1, 2, tzinfo=UTC) + tick, datetime(9999, 12, 30, tzinfo=UTC))]
    columns = [{"requester_id": f"customer {number // 2}"} for number in range(40)] + [{"requester_id": "old"}] * 2
    found = fold(log(*pairs, *ends, columns=columns), Settings()).tickets
    assert found["is_repeat"].to_list() == [False, True] * 20 + [False, False]
    assert found["resolution_s"].to_list()[:40] == [HOUR, None] * 20


def test_what_a_customer_did_at_the_very_as_of_is_seen():
    acted = pl.DataFrame({"requester_id": ["ann", "ann"], "at": [hour(5), hour(6)]}, schema=dict(ACTIVITY))
    data = replace(log([born(), turns(1, "solved")], columns=[{"requester_id": "ann"}]), activity=acted)
    assert facts(data, "came_back_at", Settings(as_of=hour(5))) == [hour(5)]
    assert facts(data, "came_back_at", Settings(as_of=hour(4))) == [None]


def test_a_ticket_of_nobody_known_repeats_nobody_knows_what():
    data = log([born(), turns(1, "solved")], [born(number=2)], columns=[{"requester_id": "ann"}, {}])
    assert facts(data, "is_repeat") == [False, None]
    assert facts(data, "is_parallel") == [False, None]


def test_where_nothing_tells_of_escalations_a_ticket_was_not_escalated():
    shown = {sight: Extent.EVERY for sight in Sight if sight not in (Sight.level, Sight.group)}
    stories = [born(), says(1, "agent"), turns(2, "solved")], [born(number=30 * DAY)]
    data = log(*stories, columns=[{"requester_id": "ann"}, {"requester_id": "bob"}])
    found = fold(replace(data, observes=shown), Settings()).tickets
    assert (found["is_escalated"][0], found["is_first_contact"][0]) == (None, True)


def test_nobody_can_tell_who_handled_what_may_be_solved():
    assert facts(wide({"created": 0}, {"created": 0}, status_raw=["??", None]), "counts_in_escalation") == [True, False]


def test_a_month_of_absence_is_over_to_the_second():
    """Solved thirty days before the newest that is known of customers; a second less; solved nobody knows when."""
    acted = pl.DataFrame({"requester_id": ["bob"], "at": [hour(1 + 30 * DAY)]}, schema=dict(ACTIVITY))
    rows = {"created": 0, "solved": 1}, {"created": 0, "solved": 1 + 1 / 3600}, {"created": 0}
    data = replace(wide(*rows, status=["solved"] * 3, requester_id=["ann", "bob", "cyd"]), activity=acted)
    assert facts(data, "is_absence_mature") == [True, False, False]


# --- conversations ---------------------------------------------------------------------------------------------------


def test_what_no_customer_saw_is_no_contact():
    """Two replies in one conversation; days later a note, and the ticket put on hold."""
    later = {**turns(72, "hold"), "actor": "agent"}
    story = [born(), says(1, "agent"), says(2, "agent"), says(48, "agent", public=False), later]
    assert facts(log(story, columns=[{"channel": "chat"}]), "contacts") == [1]


def test_a_ticket_of_which_nothing_is_told_has_none_of_what_is_counted():
    names = ("replies", "requests", "bot_replies", "assignments")
    found = fold(log([born(), says(1, "agent")], []), Settings()).tickets
    assert {name: found[name][1] for name in names} == dict.fromkeys(names, 0)


def test_who_asks_at_the_very_end_has_waited_for_nothing():
    waits = fold(log([born(), says(1, "agent"), says(3, "customer")]), Settings(as_of=hour(3))).waits
    assert waits["wait_age_s"].to_list() == [None, 0]


# --- statuses --------------------------------------------------------------------------------------------------------


def test_a_ticket_that_was_solved_as_it_was_opened_and_came_back_was_reopened():
    """Beside a ticket that ends solved: that one is not reopened by it, nor does it hide its return."""
    data = log([born(), turns(2, "solved")], [born(), turns(0, "solved"), turns(3, "open")])
    found = fold(data, Settings())
    assert found.tickets["reopens"].to_list() == [0, 1]
    assert found.tickets["is_reopened"].to_list() == [False, True]
    assert sorted(solve_events(found)["at"]) == [hour(0), hour(2)]
    assert reopen_events(found)["at"].to_list() == [hour(3)]


def test_of_several_reopenings_the_soonest_counts():
    back = turns(1 + DAY, "open"), turns(2 * DAY, "solved"), turns(22 * DAY, "open")
    assert one(log([born(), turns(1, "solved"), *back]))["is_reopened"] is True
    later = turns(9 * DAY, "open"), turns(10 * DAY, "solved"), turns(11 * DAY, "open")
    assert one(log([born(), turns(1, "solved"), *later]))["is_reopened"] is True


def test_of_two_statuses_at_one_instant_the_place_in_the_file_decides_however_the_rows_come():
    data = log([born(), turns(1, "solved"), turns(1, "open")], [born(), turns(1, "open"), turns(1, "solved")])
    rows = replace(data, history=Log(frame=data.history.frame.reverse()))
    assert facts(data, "is_resolved") == facts(rows, "is_resolved") == [False, True]


def test_who_solved_it_is_who_solved_it_last():
    story = [born(), {**turns(1, "solved"), "actor": "agent"}, turns(2, "open"), {**turns(3, "solved"), "actor": "bot"}]
    assert facts(log(story), "solved_by") == ["bot"]
    turned = [story[0], {**story[1], "actor": "bot"}, story[2], {**story[3], "actor": "agent"}]
    assert facts(log(turned), "solved_by") == ["agent"]


def test_statuses_of_tickets_that_nobody_listed_are_left_aside():
    data = log([born(), turns(2, "solved")])
    stray = data.history.frame.with_columns(ticket_id=pl.lit("stray"))
    more = replace(data, history=Log(frame=pl.concat([data.history.frame, stray])))
    compact = more.history.frame.with_columns(pl.col("ticket_id").cast(pl.Categorical))
    for form in (more, replace(more, history=Log(frame=compact))):
        assert fold(form, Settings()).intervals["ticket_id"].to_list() == ["0", "0"]


# --- the ends of files -----------------------------------------------------------------------------------------------


def two_files(first: datetime, second: datetime, settings: Settings, *stories: list[dict]) -> Facts:
    return fold(log(*stories, columns=[{"observed_until": first}, {"observed_until": second}]), settings)


def test_later_than_the_export_what_the_newest_file_shows_open_stays_open_and_the_older_file_ends_where_it_ends():
    middle, later = END - timedelta(days=10), END + timedelta(days=10)
    assert two_files(middle, END, Settings(as_of=later), [born()], [born()]).tickets["until"].to_list() == [
        middle,
        later,
    ]
    assert two_files(middle, END, Settings(), [born()], [born()]).tickets["until"].to_list() == [middle, END]
    early = END - timedelta(days=20)
    assert two_files(middle, END, Settings(as_of=early), [born()], [born()]).tickets["until"].to_list() == [
        early,
        early,
    ]


def test_a_hold_over_new_year_runs_on_where_the_newest_file_goes_on():
    """From Wednesday, 30 December 2026, at 16:00 to Monday at ten: an hour, two days of eight and one more."""
    start = datetime(2026, 12, 30, 16, tzinfo=UTC)
    hold = [{**born(), "at": start}, {**turns(0, "hold"), "at": start}]
    found = two_files(start, datetime(2027, 1, 4, 10, tzinfo=UTC), OFFICE_HOURS, [born()], hold)
    assert found.tickets["hold_business_age_s"][1] == 18 * HOUR


def test_the_newest_of_several_ratings_is_the_end_of_what_is_known():
    data = log([born()], surveys=ratings({"at": END + timedelta(hours=2)}, {"at": END + timedelta(hours=1)}))
    assert newest(data) == END + timedelta(hours=2)
    files = log([born()], [born()], columns=[{"observed_until": END - timedelta(days=9)}, {"observed_until": END}])
    assert newest(files) == END
    assert newest(wide({"created": 9000}, {"created": 8000})) == hour(9000)


def test_files_of_different_years_run_on_one_clock():
    """Two hours of a working morning in 2023, and two in 2026, of tickets that are open still."""
    starts = datetime(2023, 3, 1, 10, tzinfo=UTC), datetime(2026, 3, 2, 10, tzinfo=UTC)
    stories = ([{**born(), "at": start}] for start in starts)
    found = two_files(*(start + timedelta(hours=2) for start in starts), OFFICE_HOURS, *stories).tickets
    for name in ("resolution_business_age_s", "agent_work_business_age_s"):
        assert found[name].to_list() == [2 * HOUR, 2 * HOUR]


@pytest.mark.parametrize("name", ["Escalated?", "our own"])
def test_a_column_that_is_only_the_files_keeps_its_name(name):
    data = wide({"created": 0})
    own = replace(data, tickets=data.tickets.with_columns(pl.lit("x").alias(name)))
    assert name in fold(own, Settings()).tickets.columns

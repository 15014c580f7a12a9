"""Whose work it was, who still waits, and what is one conversation, where tickets touch in the file: by hand."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from test_facts import END, NOTHING, born, frame, hour, log, ratings, says, turns, wide
from test_facts_edges_people import by
from test_facts_edges_ties import CREATED, facts, solution, stamped
from test_facts_hands import goes

from supportkpi.decisions import Escalation, Fcr, NextResponse, Settings
from supportkpi.facts import fold, newest, open_spans, population, reopen_events, solve_events
from supportkpi.facts.agents import acts, owners
from supportkpi.facts.returns import COLUMNS
from supportkpi.schema import SERIES, Actor, Dataset, Extent, Kind, Log, Sight, Stamp

HOUR = 3600.0
DAY = 24.0
OTHERS = ("bot", "system", "customer")


# --- agents ----------------------------------------------------------------------------------------------------------


def test_one_reply_and_one_solution_that_nobody_is_named_for_are_enough_to_say_so():
    data = log([born(), says(1, "agent"), {**turns(2, "solved"), "actor": "agent"}])
    missing = owners(fold(data, Settings())).unobserved
    assert {"first_replier", "solver"} <= {*missing}
    replied = replace(data, tickets=data.tickets.with_columns(assignee_id=pl.lit("ann")))
    assert not {"first_replier", "solver"} & {*owners(fold(replied, Settings())).unobserved}


def test_a_reply_or_a_solution_of_nobody_named_lacks_its_author_where_others_have_theirs():
    """Only a reply, by nobody; only a solution, by nobody: each is missed beside an owner of the other kind."""
    reply = log([born(), says(1, "agent"), by(turns(2, "solved"), "ann")])
    assert {"first_replier", "solver"} & {*owners(fold(reply, Settings())).unobserved} == {"first_replier"}
    solved = log([born(), by(says(1, "agent"), "ann"), {**turns(2, "solved"), "actor": "agent"}])
    assert {"first_replier", "solver"} & {*owners(fold(solved, Settings())).unobserved} == {"solver"}


def test_what_only_bots_rules_and_customers_solved_lacks_no_name_of_an_agent():
    """Beside them one that was solved by nobody knows whom: that one does."""
    solved = [[born(), by(says(1, "agent"), "ann"), {**turns(2, "solved"), "actor": actor}] for actor in OTHERS]
    assert "solver" not in owners(fold(log(*solved), Settings())).unobserved
    assert "solver" in owners(fold(log(*solved, [born(), turns(2, "solved")]), Settings())).unobserved


def test_who_is_named_as_a_bot_acts_as_no_agent_though_nobody_is_named_as_one():
    story = [born(), by(says(1, "agent"), "AutoReply 3"), by(says(2, "agent"), "ann"), by(turns(3, "solved"), "ann")]
    named = Settings(responders={"bot": ("auto*",)})
    for settings, who in ((Settings(), ["AutoReply 3", "ann", "ann"]), (named, ["ann", "ann"])):
        folded = fold(log(story), settings)
        done = acts(folded)
        assert done is not None
        assert done.sort("at").collect()["agent"].to_list() == who
        assert owners(folded).tickets["first_replier"].to_list() == [None if settings is named else who[0]]


def test_an_author_of_unknown_kind_who_is_not_the_customer_solved_it_as_an_agent():
    """Nobody knows whose the second ticket is, so nothing says that bob is its customer; the third closed her own."""
    solved = {**turns(1, "solved"), "actor_id": "bob"}
    data = log(
        *([born(), solved], [born(), solved], [born(), {**solved, "actor_id": "Cyd"}]),
        columns=[{"requester_id": "ann"}, {}, {"requester_id": "cyd"}],
    )
    found = owners(fold(data, Settings())).tickets
    assert found["solver"].to_list() == ["bob", "bob", None]
    assert found["solved_by"].to_list() == ["agent", "agent", "customer"]


def test_a_column_of_another_status_does_not_say_who_solved_the_tickets():
    back = Stamp(column="back", kind=Kind.status, value="open", actor=Actor.customer, extent=Extent.LAST)
    replied = Stamp(column="replied", kind=Kind.message, actor=Actor.bot, public=True, extent=Extent.FIRST)
    rows = [{"created": 0, "back": 2, "solved": 3, "replied": 1}, {"created": 0, "back": 2}]
    data = stamped(CREATED, solution("solved", Actor.agent), back, replied, rows=rows, assignee_id=["a", "b"])
    assert owners(fold(data, Settings())).tickets["solved_by"].to_list() == ["agent", None]


def rated(*stories: list[dict], at: float) -> list[str | None]:
    """Whom a rating of each of some tickets is of."""
    answers = ratings(*({"ticket_id": str(number), "at": hour(at)} for number in range(len(stories))))
    return owners(fold(log(*stories, surveys=answers), Settings())).rated.to_list()


def test_a_rating_is_of_whose_the_ticket_was_at_the_solution_before_it_whatever_came_later():
    """Ann had it when it was solved; bob has it when it is rated, comes back and is solved for good."""
    later = [goes(3, "assignee", "bob"), turns(8, "open"), turns(9, "solved")]
    after = [born(), goes(1, "assignee", "ann"), turns(2, "solved"), *later]
    at_once = [born(), goes(0, "assignee", "ann"), turns(0, "solved"), *later]
    closed = [born(), goes(0, "assignee", "ann"), turns(0, "solved"), later[0], turns(4, "closed"), *later[1:]]
    for stories in ([after, at_once, closed], [at_once, closed, after], [closed, after, at_once]):
        assert rated(*stories, at=5) == ["ann"] * 3
        assert rated(*stories, at=10) == ["bob"] * 3


# --- waits -----------------------------------------------------------------------------------------------------------


def waits(*stories: list[dict], settings: Settings | None = None) -> pl.DataFrame:
    return fold(log(*stories), settings or Settings()).waits


def test_a_wait_ends_with_the_answer_or_the_solution_of_its_own_ticket():
    """The next ticket of the file begins with a reply: it answers nobody else."""
    asks = [born(), says(1, "agent"), says(2, "customer")]
    opened = [born("agent", 3), says(3, "agent"), says(4, "customer"), says(5, "agent")]
    found = waits(asks, opened)
    assert found.select("ticket_id", "asked_at", "answered_at").rows() == [
        ("0", hour(0), hour(1)),
        ("0", hour(2), None),
        ("1", hour(4), hour(5)),
    ]
    latest = waits(asks, opened, settings=Settings(next_response=NextResponse(start="latest")))
    assert latest["asked_at"].to_list() == [hour(0), hour(2), hour(4)]
    solved = waits(asks, [turns(3, "solved")])
    assert solved["is_ended_by_solve"].to_list() == [False, False]


def test_of_the_waits_of_a_solved_ticket_those_without_an_answer_were_ended_by_the_solution():
    """Answered, ended by a first solution, and asked again after it while the ticket stands solved."""
    story = [born(), says(1, "agent"), says(2, "customer"), turns(3, "solved"), says(4, "customer")]
    found = waits(story, [*story, turns(5, "open")])
    assert found["is_ended_by_solve"].to_list() == [False, True, True, False, True, False]
    assert found["wait_s"].to_list() == [HOUR, None, None] * 2
    age = (END - hour(4)).total_seconds()
    assert found["wait_age_s"].to_list() == [None, None, None, None, None, age]


def test_whether_anybody_waits_on_a_ticket_that_may_be_solved_is_not_known():
    """Its status is a word that nobody understands; beside it a ticket that is known to be open."""
    unread = {**turns(1, "open"), "value": None, "raw": "Zugewiesen"}
    found = fold(replace(log([born(), unread]), tickets=frame([{}])), Settings()).waits
    assert found["wait_age_s"].to_list() == [None]
    assert waits([born()])["wait_age_s"].to_list() == [(END - hour(0)).total_seconds()]


def test_a_reply_at_the_very_creation_answers_it_though_it_stands_first_in_the_file():
    """Another ticket has a reply stamped before its creation, so that rows are laid out anew."""
    early = [says(-1, "agent"), born()]
    found = waits([says(0, "agent"), born()], early, *([born(number=number)] for number in range(60)))
    first = found.filter(pl.col("ticket_id") == "0")
    assert first.select("asked_at", "answered_at", "wait_s").rows() == [(hour(0), hour(0), 0.0)]


# --- conversations, lines --------------------------------------------------------------------------------------------


def test_on_chat_only_a_closing_parts_conversations_and_no_other_status_does():
    talk = [born(), says(1, "agent"), turns(2, "pending"), says(3, "customer"), turns(3, "open"), says(4, "agent")]
    parted = [born(), says(1, "agent"), turns(2, "solved"), says(3, "customer"), turns(3, "open"), says(4, "agent")]
    columns = [{"channel": "chat"}, {"channel": "chat"}, {"channel": "email"}]
    assert facts(log(talk, parted, talk, columns=columns), "contacts") == [1, 2, 2]


def test_of_two_lines_at_one_instant_at_the_end_of_a_ticket_the_last_in_the_file_stands():
    both = [born(), goes(1, "level", "3"), goes(1, "level", "1")]
    data = log(both, [born(), *both[1:], goes(2, "level", "2")], both)
    assert facts(data, "first_level") == [1, 1, 1]
    assert facts(data, "escalations") == [0, 1, 0]


# --- what stands beside what happened --------------------------------------------------------------------------------

AGAIN = [born(), turns(1, "solved"), turns(2, "open"), turns(3, "solved")]


def lines(frame: pl.DataFrame | None, *names: str) -> list[tuple[object, ...]]:
    assert frame is not None
    return frame.select("ticket_id", "priority", *names).rows()


def test_each_solution_and_each_open_stretch_stands_beside_the_columns_of_its_ticket():
    """Spam is no ticket, whatever was done with it; the third was never solved, the last as it was opened."""
    words = ("urgent", "high", "normal", "low")
    columns = [{"priority": word, "exclusion": "spam" if word == "high" else None} for word in words]
    found = fold(log(AGAIN, AGAIN, [born()], [born(), turns(0, "solved")], columns=columns), Settings())
    assert population(found)["ticket_id"].to_list() == ["0", "2", "3"]
    assert lines(solve_events(found), "at") == [
        ("0", "urgent", hour(1)),
        ("0", "urgent", hour(3)),
        ("3", "low", hour(0)),
    ]
    assert lines(reopen_events(found), "at") == [("0", "urgent", hour(2))]
    assert lines(open_spans(found), "start", "end") == [
        ("0", "urgent", hour(0), hour(1)),
        ("0", "urgent", hour(2), hour(3)),
        ("2", "normal", hour(0), None),
    ]


def test_where_nothing_is_left_out_every_ticket_stands_beside_what_happened_to_it():
    columns = [{"priority": word} for word in ("urgent", "high", "low")]
    found = fold(log(AGAIN, [born(), turns(2, "solved")], AGAIN, columns=columns), Settings())
    assert population(found).height == 3
    assert lines(solve_events(found), "at") == [
        ("0", "urgent", hour(1)),
        ("0", "urgent", hour(3)),
        ("1", "high", hour(2)),
        ("2", "low", hour(1)),
        ("2", "low", hour(3)),
    ]
    assert lines(reopen_events(found), "at") == [("0", "urgent", hour(2)), ("2", "low", hour(2))]
    nothing = fold(log([born()], [born()], columns=columns[:2]), Settings())
    assert lines(solve_events(nothing), "at") == []
    assert lines(open_spans(nothing), "start") == [("0", "urgent", hour(0)), ("1", "high", hour(0))]


def test_a_column_that_says_what_was_escalated_is_enough_to_know_it():
    told = fold(wide({"created": 0}, {"created": 0}, escalated=[True, None]), Settings())
    assert "is_escalated" not in told.unobserved
    assert "first_level" in told.unobserved
    assert "is_escalated" in fold(wide({"created": 0}), Settings()).unobserved


def test_different_people_who_replied_to_each_of_several_tickets():
    """The next ticket of the file begins with whom the one before ends with; notes and bots are no replies."""
    ann, bob = (by(says(1, "agent"), who) for who in ("ann", "bob"))
    note, robot = {**bob, "public": False}, by(says(1, "bot"), "robot", "bot")
    stories = [born(), ann], [born(), ann, bob, ann], [born(), ann, ann, ann], [born(), ann, robot, note, ann], [born()]
    assert facts(log(*stories), "repliers") == [1, 2, 1, 1, 0]
    assert facts(log([born(), ann], [born(), bob, ann]), "repliers") == [1, 2]
    nameless = says(1, "agent")  # somebody, though nobody says who
    assert facts(log([born(), nameless, nameless], [born(), ann], [born()]), "repliers") == [1, 1, 0]
    named = by(says(1, "customer"), "cyd", "customer")  # whoever else is named, no agent is
    assert "repliers" in fold(log([born(), named, nameless], [born(), robot]), Settings()).unobserved
    none = fold(log([born(), robot], [born(), note]), Settings())
    assert none.tickets["repliers"].to_list() == [0, 0]
    assert "repliers" not in none.unobserved


def test_an_answer_within_a_day_of_a_solution_of_the_customer_is_about_that_contact():
    """Not of another customer's, nor of what was spam; who gave no date of an answer cannot be told."""
    stories = [born(), turns(1, "solved")], [born(), turns(30, "solved")], [born(), turns(58, "solved")]
    columns = [{"requester_id": "ann"}, {"requester_id": "bob"}, {"requester_id": "ann", "exclusion": "spam"}]
    asked = (("ann", 1), ("ann", 25), ("ann", 25.01), ("ann", 60), ("bob", 60), ("cyd", 2), ("bob", 31), ("ann", None))
    answers = [
        {"instrument": "nps", "respondent_id": who, "at": None if number is None else hour(number)}
        for who, number in asked
    ]
    found = fold(log(*stories, columns=columns, surveys=ratings(*answers)), Settings()).surveys
    assert found["is_transactional"].to_list() == [True, True, False, False, False, False, True, None]


# --- returns ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("story", "options", "escalated"),
    [
        ([goes(0, "level", "1"), goes(1, "level", "2")], Escalation(), True),
        ([goes(0, "level", "1"), goes(1, "level", "1")], Escalation(), False),
        ([goes(0, "group", "desk"), goes(1, "group", "experts")], Escalation(levels={"desk": 1, "experts": 2}), True),
        ([], Escalation(tags=("expert",)), True),
        ([], Escalation(), False),
    ],
)
def test_what_was_escalated_was_no_first_contact_whatever_tells_it(story, options, escalated):
    """Lines of support, lines of groups, tags that the config names; the second ticket was never escalated."""
    columns = [{"requester_id": "ann", "tags": ["expert"]}, {"requester_id": "bob"}, {"requester_id": "cyd"}]
    data = log([born(), *story, turns(2, "solved")], [born(), turns(2, "solved")], [born(number=900)], columns=columns)
    if story and story[0]["kind"] == "group":
        data = replace(data, observes={sight: seen for sight, seen in data.observes.items() if sight != Sight.level})
    assert facts(data, "is_first_contact", Settings(escalation=options)) == [not escalated, True, None]


def test_a_week_after_the_solution_whether_anybody_came_back_can_be_judged():
    """The newest ticket is of the tenth day: what was solved on the third may be judged, on the fourth not yet."""
    stories = [
        [born(), turns(3 * DAY, "solved")],
        [born(), turns(3 * DAY + 0.001, "solved")],
        [born(number=10 * DAY)],
        [born()],
    ]
    data = log(*stories, columns=[{"requester_id": who} for who in "abcd"])
    assert facts(data, "is_return_mature") == [True, False, False, False]
    assert facts(data, "is_first_contact") == [True, None, None, None]
    assert facts(data, "has_repeat") == [False, None, None, None]


def test_what_was_solved_nobody_knows_when_is_followed_by_nobody_knows_what():
    data = wide({"created": 0, "solved": 1}, {"created": 0}, {"created": 900}, status=["solved", "solved", "open"])
    data = replace(data, tickets=data.tickets.with_columns(requester_id=pl.Series(["a", "b", "c"])))
    assert facts(data, "has_repeat") == [False, None, None]


def test_facts_that_nobody_reads_are_left_out_and_the_others_are_the_same():
    columns = [{"requester_id": "ann"}, {"requester_id": "ann"}, {"requester_id": "bob"}]
    stories = [born(), turns(1, "solved")], [born(number=2), turns(3, "solved")], [born(number=900)]
    data = log(*stories, columns=columns)
    whole, some = fold(data, Settings()).tickets, fold(data, Settings(), only={"is_repeat"}).tickets
    assert some["is_repeat"].to_list() == whole["is_repeat"].to_list() == [False, True, False]
    shared = [name for name in COLUMNS if name != "is_first_contact"]
    assert some.select(shared).equals(whole.select(shared))
    other = fold(data, Settings(), only={"is_escalated"}).tickets
    assert all(other[name].null_count() == other.height for name in COLUMNS)


@pytest.mark.parametrize("form", [pl.String, pl.Categorical])
def test_a_log_of_which_no_ticket_is_listed_tells_nothing_of_those_that_are(form):
    data = log([born(), says(1, "agent"), turns(2, "solved")], [born(number=3)])
    history = data.history
    assert isinstance(history, Log)
    stray = history.frame.with_columns(ticket_id=pl.lit("stray").cast(form))
    found = fold(replace(data, history=Log(frame=stray)), Settings())
    assert found.tickets["created_at"].to_list() == [None, None]
    assert found.tickets["replies"].to_list() == [0, 0]
    assert found.tickets["is_resolved"].to_list() == [False, False]
    assert (found.intervals.height, found.waits.height) == (0, 0)


# --- ratings ---------------------------------------------------------------------------------------------------------


def test_a_rating_keeps_its_own_column_where_its_ticket_has_one_of_that_name_and_takes_the_others():
    answers = ratings({"ticket_id": "0", "at": hour(3)}).with_columns(Team=pl.lit("as asked"))
    data = log([born(), says(1, "agent"), turns(2, "solved")], surveys=answers)
    data = replace(data, tickets=data.tickets.with_columns(Team=pl.lit("as given"), Place=pl.lit("north")))
    found = fold(data, Settings()).surveys
    assert found.select("Team", "Place", "resolved_at").row(0) == ("as asked", "north", hour(2))
    assert not {"replies", "first_response_s", "given_handle_s"} & {*found.columns}


# --- what is told of what is missing ---------------------------------------------------------------------------------

FIGURES = pl.DataFrame(
    [{"name": "retention", "start": hour(0).date(), "end": hour(24).date(), "value": 0.9}], schema=dict(SERIES)
)


@pytest.mark.parametrize(
    ("surveys", "series", "said"),
    [
        (ratings({"at": hour(1)}), None, "answers of surveys only"),
        (None, FIGURES, "figures of your own only"),
        (ratings({"at": hour(1)}), FIGURES, "answers of surveys only"),
        (None, None, None),
    ],
)
def test_files_without_tickets_say_what_they_hold_instead(surveys, series, said):
    empty = log()
    data = replace(
        empty,
        surveys=NOTHING if surveys is None else surveys,
        series=empty.series if series is None else series,
        observes={},
    )
    reasons = fold(data, Settings()).unobserved
    assert reasons
    assert all((said in why) if said else ("no tickets" not in why) for why in reasons.values())


def test_answers_and_figures_beside_tickets_change_no_reason_of_these():
    data = wide({"created": 0, "solved": 1})
    plain = fold(data, Settings()).unobserved
    beside: Dataset = replace(data, surveys=ratings({"at": hour(1)}), series=FIGURES)
    assert fold(beside, Settings()).unobserved == plain
    assert fold(replace(data, series=FIGURES), Settings()).unobserved == plain


def test_who_moved_a_ticket_on_took_it_where_no_assignment_is_shown():
    """Statuses with their authors are shown, assignees are not: one is moved on by an agent, one by nobody yet."""
    seen = {Sight.created: Extent.EVERY, Sight.status: Extent.EVERY, Sight.solve: Extent.EVERY}
    data = replace(log([born(), {**turns(1, "open"), "actor": "agent"}], [born()]), observes=seen)
    found = fold(data, Settings())
    assert "reaction_s" not in found.unobserved
    assert found.tickets["reaction_s"].to_list() == [HOUR, None]
    nobody = fold(replace(log([born(), turns(1, "open")]), observes=seen), Settings())
    assert "who changed the status" in nobody.unobserved["reaction_s"]


# --- the end of what is known ----------------------------------------------------------------------------------------


def test_the_newest_event_of_a_log_is_the_end_of_what_is_known_where_no_file_says_more():
    data = log([born(), says(5000, "agent"), says(1, "agent")])
    assert newest(data) == hour(5000)
    assert fold(data, Settings()).as_of == hour(5000)


def test_the_first_contact_of_a_ticket_by_a_rule_of_its_own_needs_nothing_of_others():
    one_agent = [born(), by(says(1, "agent"), "ann"), by(says(2, "agent"), "ann"), turns(3, "solved")]
    two = [born(), by(says(1, "agent"), "ann"), by(says(2, "agent"), "bob"), turns(3, "solved")]
    nobody = [born(), turns(3, "solved")]
    data = log(one_agent, two, nobody)
    assert facts(data, "is_first_contact", Settings(fcr=Fcr(preset="intercom"))) == [True, False, False]

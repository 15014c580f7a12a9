"""Lines, hands, authors and waits, and logs that are held compactly: what the worked examples do not show."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from test_facts import born, fold, hour, log, one, says, turns, wide

from supportkpi.calendars import Calendar
from supportkpi.decisions import CalendarChoice, Escalation, FirstResponse, Repeats, Settings
from supportkpi.schema import Dataset, Extent, Log, Sight

OFFICE = CalendarChoice(name="office", calendar=Calendar(timezone="UTC", hours={"mon-fri": ["09:00-17:00"]}))


def goes(number: float, kind: str, value: str | None, **more: object) -> dict:
    return {"at": hour(number), "kind": kind, "value": value, **more}


def compact(data: Dataset) -> Dataset:
    """The dataset with the words of its log as categories, as a log of millions is held."""
    words = ("ticket_id", "actor_id", "value", "raw")
    return replace(data, history=Log(frame=data.history.frame.with_columns(pl.col(words).cast(pl.Categorical))))


def full() -> Dataset:
    """Two stories with everything that a history can tell."""
    first = [
        *(born(), says(0.5, "agent"), says(1, "customer"), goes(0, "group", "front"), goes(2, "group", "back")),
        *(goes(0, "level", "1"), goes(2, "level", "2"), goes(0.2, "assignee", "ann"), turns(3, "solved")),
        *(turns(5, "open"), turns(6, "pending"), turns(9, "solved"), says(4, "customer")),
    ]
    second = [born("agent"), says(0, "agent"), says(1, "customer"), turns(2, "hold"), goes(3, "group", "front")]
    return log(first, second)


@pytest.mark.parametrize("settings", [Settings(), Settings(calendars=(OFFICE,)), Settings(as_of=hour(4))])
def test_a_compact_log_folds_like_any_other(settings):
    plain, packed = fold(full(), settings), fold(compact(full()), settings)
    assert_frame_equal(plain.tickets, packed.tickets)
    assert_frame_equal(plain.intervals, packed.intervals, check_row_order=False)
    assert_frame_equal(plain.waits, packed.waits, check_row_order=False)
    assert plain.unobserved == packed.unobserved


def test_events_of_tickets_that_nobody_listed_are_left_aside():
    data = full()
    stray = data.history.frame.with_columns(ticket_id=pl.lit("stray"))
    more = replace(data, history=Log(frame=pl.concat([data.history.frame, stray])))
    for form in (more, compact(more)):
        assert_frame_equal(fold(form, Settings()).tickets, fold(data, Settings()).tickets)
        assert set(fold(form, Settings()).waits["ticket_id"]) == {"0", "1"}


def test_waits_are_worked_out_once_and_only_when_they_are_asked_for():
    data, opened = full(), []
    seen = data.history.frame.map_batches(lambda frame: (opened.append(1), frame)[1])
    facts = fold(replace(data, history=Log(frame=seen)), Settings())
    before = len(opened)
    assert facts.waits.height == 4
    after = len(opened)
    assert after > before
    assert facts.waits.height == 4
    assert len(opened) == after


def test_the_two_clocks_of_a_wait():
    """Asked at 16:00 of a Monday, answered at 11:00 of the Tuesday: an hour before and two after the night."""
    waits = fold(log([born(), says(1, "agent"), says(6, "customer"), says(25, "agent")]), Settings(calendars=(OFFICE,)))
    row = waits.waits.row(1, named=True)
    assert (row["wait_s"], row["wait_business_s"]) == (19 * 3600, 3 * 3600)


# --- statuses that nobody understands ----------------------------------------------------------------------------


def test_a_log_whose_status_words_nobody_knows_tells_how_long_cases_were_and_not_what_became_of_them():
    story = [born(), {**turns(1, "open"), "value": None, "raw": "Zugewiesen"}, goes(5, "status", None, raw="Erledigt")]
    facts = fold(log(story), Settings())
    row = facts.tickets.row(0, named=True)
    assert row["case_s"] == 5 * 3600
    assert (row["is_resolved"], row["resolution_s"], row["hold_s"]) == (None, None, None)
    words = "no status word is understood: name them under statuses in the config"
    for name in ("is_resolved", "resolved_at", "intervals", "reopens", "hold_s", "net_resolution_s", "is_reopened"):
        assert facts.unobserved[name] == words, name
    assert "case_s" not in facts.unobserved


def test_one_word_that_is_understood_makes_the_history_count():
    facts = fold(log([born(), goes(1, "status", None, raw="??"), turns(5, "solved")]), Settings())
    assert facts.tickets["resolution_s"].item() == 5 * 3600
    assert "intervals" not in facts.unobserved


# --- who did it ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("story", "solver", "handled"),
    [
        ([turns(1, "solved")], None, True),
        ([{**turns(1, "solved"), "actor": "bot"}], "bot", False),
        ([{**turns(1, "solved"), "actor": "system"}], "system", False),
        ([{**turns(1, "solved"), "actor": "customer"}], "customer", True),
        ([{**turns(1, "solved"), "actor": "agent"}, {**turns(9, "closed"), "actor": "system"}], "agent", True),
        ([{**turns(1, "solved"), "actor": "agent"}, turns(2, "open")], None, False),
        ([says(1, "agent")], None, True),
        ([says(1, "bot"), says(2, "agent", public=False)], None, False),
    ],
)
def test_who_solved_a_ticket_and_whether_a_human_handled_it(story, solver, handled):
    found = one(log([born(), *story]))
    assert (found["solved_by"], found["is_handled"]) == (solver, handled)


def test_whether_a_human_handled_a_ticket_is_not_known_where_replies_and_solutions_are_not_shown():
    assert one(wide({"created": 0}, status=["open"]))["is_handled"] is False
    assert one(wide({"created": 0}, status_raw=["??"]))["is_handled"] is None
    assert one(wide({"created": 0}, given_replies=[2], status_raw=["??"]))["is_handled"] is True


def test_different_people_who_replied():
    def by(number: float, who: str) -> dict:
        return {**says(number, "agent"), "actor_id": who}

    data = log([born(), by(1, "ann"), by(2, "bob"), by(3, "ann"), {**says(4, "bot"), "actor_id": "robot"}], [born()])
    assert fold(data, Settings()).tickets["repliers"].to_list() == [2, 0]
    nameless = fold(log([born(), says(1, "agent")]), Settings())
    assert "authors" in nameless.unobserved["repliers"]


# --- support lines ---------------------------------------------------------------------------------------------------


def escalates(words: list[object], options: Escalation) -> tuple[list[bool | None], tuple[str, ...]]:
    data = log(*[[born()] for _ in words], columns=[{} for _ in words])
    shown = {Sight.created: Extent.EVERY}
    tickets = data.tickets.with_columns(pl.Series("Escalated?", words, dtype=pl.String))
    facts = fold(replace(data, observes=shown, tickets=tickets), Settings(escalation=options))
    return facts.tickets["is_escalated"].to_list(), facts.assumptions


def test_a_column_that_says_yes_or_no():
    found, notes = escalates(["Yes", "no", None, "ДА", "0", "perhaps"], Escalation(field="escalated?"))
    assert found == [True, False, None, True, False, None]
    assert [note for note in notes if "perhaps" in note]


def test_a_column_that_no_file_has_is_named():
    found, notes = escalates(["yes"], Escalation(field="Escalation flag"))
    assert found == [None]
    assert 'escalation: no file has a column "Escalation flag"' in notes


def test_the_lines_of_the_export_come_before_those_of_its_groups():
    story = [born(), goes(0, "level", "1"), goes(0, "group", "desk"), goes(1, "group", "experts")]
    lines = Settings(escalation=Escalation(levels={"desk": 1, "experts": 2}))
    assert one(log(story), lines)["is_escalated"] is False
    without = replace(log(story), observes={Sight.created: Extent.EVERY, Sight.group: Extent.EVERY})
    found = fold(without, lines).tickets.row(0, named=True)
    assert (found["is_escalated"], found["escalated_at"], found["first_level"]) == (True, hour(1), 1)


@pytest.mark.parametrize(
    ("lines", "first", "at", "rises"),
    [
        (["1", "2", "1", "2"], 1, 1, 2),
        (["2", "1", "2"], 2, None, 1),
        (["2", "1", "3"], 2, 2, 1),
        (["1", "1", "1"], 1, None, 0),
        (["L2", " 3 "], 3, None, 0),
    ],
)
def test_lines_that_a_ticket_came_to(lines, first, at, rises):
    found = one(log([born(), *(goes(number, "level", line) for number, line in enumerate(lines))]))
    instant = None if at is None else hour(at)
    assert (found["first_level"], found["escalated_at"], found["escalations"]) == (first, instant, rises)


# --- reopened by whom, how soon ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "is_reopened", "mature"), [(7, True, True), (1, False, True), (60, True, False)])
def test_the_window_of_reopenings_is_that_of_repeats(days, is_reopened, mature):
    story = [born(), turns(1, "solved"), turns(50, "open")]
    found = one(log(story), Settings(repeats=Repeats(window_days=days)))
    assert (found["is_reopened"], found["is_reopen_mature"]) == (is_reopened, mature)


def test_the_clock_starts_where_a_ticket_is_said_to_be_ready():
    story = [born(), says(1, "agent"), {"at": hour(2), "kind": "clock_start"}, says(5, "agent")]
    assert one(log(story))["first_response_s"] == 3600
    assert one(log(story), Settings(first_response=FirstResponse(anchor="clock_start")))["first_response_s"] == 3 * 3600

"""The fold: what the history of single tickets comes to, for the points that are easy to get wrong."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from supportkpi.calendars import Calendar
from supportkpi.decisions import CalendarChoice, FirstResponse, Settings
from supportkpi.facts import DERIVED, Facts, fold, newest, open_spans, reopen_events, solve_events
from supportkpi.schema import (
    EVENTS,
    INSTANT,
    SURVEYS,
    TICKETS,
    Actor,
    Dataset,
    Extent,
    Kind,
    Log,
    Sight,
    Stamp,
    Stamps,
    check,
    observed,
)

BORN = datetime(2026, 3, 2, 10, tzinfo=UTC)
END = datetime(2026, 4, 1, tzinfo=UTC)
NOTHING = pl.DataFrame(schema=dict(SURVEYS))


def hour(number: float) -> datetime:
    return BORN + timedelta(hours=number)


def says(number: float, actor: str | None, *, public: bool | None = True) -> dict:
    return {"at": hour(number), "kind": "message", "actor": actor, "public": public}


def turns(number: float, status: str) -> dict:
    return {"at": hour(number), "kind": "status", "value": status}


def born(actor: str | None = "customer", number: float = 0) -> dict:
    return {"at": hour(number), "kind": "created", "actor": actor}


def frame(rows: list[dict]) -> pl.DataFrame:
    names = ["ticket_id", "observed_until", *dict.fromkeys(name for row in rows for name in row if name in TICKETS)]
    filled = [{"observed_until": END, "ticket_id": str(number), **row} for number, row in enumerate(rows)]
    return pl.DataFrame(filled, schema={name: TICKETS[name] for name in dict.fromkeys(names)})


def log(*stories: list[dict], columns: list[dict] | None = None, surveys: pl.DataFrame = NOTHING) -> Dataset:
    """A log with a story a ticket, their events in the order of the file."""
    events = [
        {"ticket_id": str(t), "seq": s, **event} for t, told in enumerate(stories) for s, event in enumerate(told)
    ]
    return check(
        Dataset(
            history=Log(frame=pl.LazyFrame(events, schema=dict(EVENTS))),
            tickets=frame(columns or [{} for _ in stories]),
            surveys=surveys,
            observes=dict.fromkeys(Sight, Extent.EVERY),
        )
    )


STAMPS = {
    "created": Stamp(column="created", kind=Kind.created, extent=Extent.EVERY),
    "replied": Stamp(column="replied", kind=Kind.message, actor=Actor.agent, public=True, extent=Extent.FIRST),
    "solved": Stamp(column="solved", kind=Kind.status, value="solved", extent=Extent.LAST),
    "closed": Stamp(column="closed", kind=Kind.status, value="closed", extent=Extent.LAST),
}


def wide(*rows: dict, **columns: list[object]) -> Dataset:
    """A row a ticket of hours after BORN, with the columns that any row names; ``columns`` are ticket columns."""
    names = [name for name in STAMPS if any(name in row for row in rows)]
    cells = [{name: None if row.get(name) is None else hour(row[name]) for name in names} for row in rows]
    history = pl.DataFrame(cells, schema=dict.fromkeys(names, INSTANT)).with_columns(
        pl.Series("ticket_id", [str(number) for number in range(len(rows))])
    )
    stamps = tuple(STAMPS[name] for name in names)
    tickets = frame([{name: values[number] for name, values in columns.items()} for number in range(len(rows))])
    return check(
        Dataset(
            history=Stamps(frame=history.select("ticket_id", *names), stamps=stamps),
            tickets=tickets,
            surveys=NOTHING,
            observes=observed(stamps),
        )
    )


def one(data: Dataset, settings: Settings | None = None) -> dict:
    return fold(data, settings or Settings()).tickets.row(0, named=True)


# --- who opened, who replied -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("story", "outbound"),
    [
        ([born("agent"), says(1, "agent")], True),
        ([born("customer"), says(1, "agent")], False),
        ([born(None), says(0, "agent")], True),
        ([born(None), says(0, "customer"), says(1, "agent")], False),
        ([born(None), says(0, "agent"), says(0, "customer")], False),
        ([born(None), says(0, "bot"), says(1, "agent")], False),
        ([born(None), says(0, "agent", public=False), says(1, "customer")], False),
        ([born(None), says(-1, "agent")], False),
        ([born(None)], False),
    ],
)
def test_who_opened_a_ticket(story, outbound):
    """The actor of created; else the author of the first public message; else the customer (engine 1, opened by)."""
    assert one(log(story))["is_outbound"] is outbound


def test_the_opener_that_the_export_names_beats_what_the_history_suggests():
    assert one(log([born("customer")], columns=[{"opener": "agent"}]))["is_outbound"] is True


def test_only_a_public_message_of_a_human_is_a_reply():
    story = [born(), says(1, "bot"), says(2, "agent", public=False), says(3, "agent", public=None), says(4, "system")]
    found = one(log([*story, says(5, "agent"), says(6, "agent")]))
    assert found["first_reply_at"] == hour(5)
    assert found["replies"] == 2
    assert one(log(story))["first_reply_at"] is None
    assert one(log(story))["replies"] == 0


@pytest.mark.parametrize(
    ("options", "start", "reply"),
    [
        (FirstResponse(), 0, 2),
        (FirstResponse(bots="include"), 0, 1),
        (FirstResponse(anchor="first_customer_message"), 3, 6),
        (FirstResponse(anchor="handoff"), 5, 6),
    ],
)
def test_anchors_ignore_what_came_before_them(options, start, reply):
    story = [born(), says(1, "bot"), says(2, "agent"), says(3, "customer"), {"at": hour(5), "kind": "handoff"}]
    found = one(log([*story, says(6, "agent")]), Settings(first_response=options))
    assert (found["anchor_at"], found["first_reply_at"]) == (hour(start), hour(reply))


def test_a_ticket_of_an_agent_ends_at_the_next_reply_where_zendesk_is_asked_for():
    story = [born("agent"), says(0, "agent"), says(3, "agent")]
    found = one(log(story), Settings(first_response=FirstResponse(outbound="zendesk")))
    assert found["first_response_s"] == 3 * 3600
    assert found["has_first_response"] is True


# --- solving ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("turned", "first", "last", "resolved", "reopens"),
    [
        ([(1, "solved")], 1, 1, True, 0),
        ([(1, "solved"), (9, "closed")], 1, 1, True, 0),
        ([(1, "closed")], 1, 1, True, 0),
        ([(1, "solved"), (2, "open"), (3, "solved")], 1, 3, True, 1),
        ([(1, "solved"), (2, "open")], 1, 1, False, 1),
        ([(1, "solved"), (2, "pending"), (3, "hold"), (4, "closed"), (5, "solved")], 1, 4, True, 1),
        ([(1, "solved"), (1, "open")], None, None, False, 0),
        ([(1, "open"), (1, "solved")], 1, 1, True, 0),
        ([(0, "solved")], 0, 0, True, 0),
        ([(-1, "solved")], -1, -1, True, 0),
        ([], None, None, False, 0),
    ],
)
def test_solved_and_closed_are_one_state(turned, first, last, resolved, reopens):
    """Closing later is bookkeeping (rt-06); of several statuses at one instant the last in the file stands."""
    found = one(log([born(), *(turns(number, status) for number, status in turned)]))
    assert found["first_solved_at"] == (None if first is None else hour(first))
    assert found["last_solved_at"] == (None if last is None else hour(last))
    assert found["is_resolved"] is resolved
    assert found["resolved_at"] == (hour(last) if resolved else None)
    assert found["reopens"] == reopens


def test_the_last_status_deleted_takes_a_ticket_out():
    gone, back = ([born(), turns(1, "deleted")], [born(), turns(1, "deleted"), turns(2, "open")])
    assert fold(log(gone, back), Settings()).tickets["exclusion"].to_list() == ["deleted", None]


def test_a_span_that_ends_before_it_starts_is_invalid_and_has_no_length():
    found = one(log([born(), says(-1, "agent"), turns(-2, "solved")]))
    assert (found["first_response_s"], found["first_response_invalid"]) == (None, True)
    assert (found["resolution_s"], found["resolution_age_s"], found["resolution_invalid"]) == (None, None, True)


@pytest.mark.parametrize(
    ("status", "raw", "solved", "resolved"),
    [
        ("solved", "Done", 5, True),
        ("closed", "Gone", None, True),
        ("open", "Open", 5, False),
        (None, "??", None, None),
        (None, "??", 5, True),
        (None, None, None, False),
        (None, None, 5, True),
    ],
)
def test_a_flat_export_says_by_status_what_is_solved_else_by_date(status, raw, solved, resolved):
    found = one(wide({"created": 0, "solved": solved}, status=[status], status_raw=[raw]))
    assert found["is_resolved"] is resolved
    assert found["resolved_at"] == (hour(5) if resolved and solved else None)


# --- as of -----------------------------------------------------------------------------------------------------------


def test_what_comes_after_as_of_is_not_seen():
    story = [born(), says(1, "agent"), turns(2, "solved"), turns(3, "open"), says(4, "agent")]
    found = one(log(story), Settings(as_of=hour(2)))
    assert (found["is_resolved"], found["replies"], found["reopens"], found["until"]) == (True, 1, 0, hour(2))


def test_tickets_created_later_are_not_there_and_tickets_of_unknown_creation_are():
    for data in (
        log([born()], [born(number=5)], [says(1, "agent")]),
        wide({"created": 0}, {"created": 5}, {"created": None}),
    ):
        assert fold(data, Settings(as_of=hour(2))).tickets["ticket_id"].to_list() == ["0", "2"]


def test_before_the_export_dates_decide_and_not_the_status_of_today():
    rows = ({"created": 0, "solved": 1}, {"created": 0, "solved": 9}, {"created": 0, "solved": None})
    data = wide(*rows, status=["solved", "solved", "open"])
    assert fold(data, Settings(as_of=hour(5))).tickets["is_resolved"].to_list() == [True, False, False]
    assert fold(data, Settings()).tickets["is_resolved"].to_list() == [True, True, False]


def test_before_the_export_nobody_knows_what_was_solved_without_dates():
    data = wide({"created": 0}, {"created": 0}, status=["solved", "open"])
    assert fold(data, Settings(as_of=hour(5))).tickets["is_resolved"].to_list() == [None, False]


def test_an_as_of_after_the_export_changes_nothing_but_the_end():
    data = wide({"created": 0, "solved": 1}, {"created": 0, "solved": None}, status=["open", "solved"])
    assert fold(data, Settings(as_of=END + timedelta(days=9))).tickets["is_resolved"].to_list() == [False, True]


def test_newest_is_the_newest_of_events_stamps_surveys_and_files():
    rated = pl.DataFrame({"at": [END + timedelta(hours=1)]}, schema={"at": INSTANT})
    rated = rated.with_columns(pl.lit("csat", SURVEYS["instrument"]).alias("instrument"), pl.lit(5.0).alias("score"))
    assert newest(log([born()], surveys=rated)) == END + timedelta(hours=1)
    assert newest(log([born()])) == END
    assert newest(wide({"created": 9000})) == hour(9000)


# --- what an export shows --------------------------------------------------------------------------------------------


def reasons(data: Dataset) -> set[str]:
    return set(fold(data, Settings()).unobserved)


def test_a_log_of_everything_leaves_nothing_out_but_the_customers_it_lacks():
    lacking = fold(log([born()]), Settings()).unobserved
    rest = {why for name, why in lacking.items() if not name.startswith("handle_")}  # logged minutes are no event
    assert rest == {"needs the requester: tickets of one customer cannot be told from another's"}


def test_a_flat_export_shows_the_last_solution_and_no_reopening():
    missing = reasons(wide({"created": 0, "replied": 1, "solved": 2}))
    assert {"first_solved_at", "first_resolution_s", "replies", "reopens", "intervals"} <= missing
    assert not {"resolution_s", "first_response_s", "is_resolved", "resolved_at", "created_at"} & missing


def test_without_a_creation_date_no_span_that_starts_there_is_shown():
    missing = reasons(wide({"replied": 1, "solved": 2}))
    assert {"created_at", "first_response_s", "resolution_s", "resolution_business_s"} <= missing


def test_neither_status_nor_date_shows_what_is_solved():
    assert "is_resolved" in reasons(wide({"created": 0}))
    assert "is_resolved" not in reasons(wide({"created": 0}, status=["open"]))


def test_every_reason_is_in_the_words_of_a_user():
    for why in fold(wide({}), Settings()).unobserved.values():
        assert why[0].islower()
        assert "_" not in why


# --- columns of the export's own ---


def test_columns_of_ours_are_all_declared():
    for data in (log([born(), turns(1, "solved")]), wide({"created": 0, "solved": 1})):
        facts = fold(data, Settings(calendars=(calendar("day", "09:00-17:00"),)))
        assert set(facts.tickets.columns) <= set(TICKETS) | DERIVED
        assert set(facts.surveys.columns) <= set(TICKETS) | set(SURVEYS) | DERIVED


NAMES = sorted(DERIVED)
TOGETHER = [[name] for name in NAMES] if os.environ.get("SUPPORTKPI_LONG") else [NAMES[at::10] for at in range(10)]


@pytest.mark.parametrize("shape", ["log", "wide"])
@pytest.mark.parametrize("names", TOGETHER, ids=lambda names: names[0])
def test_an_exports_own_column_never_takes_the_place_of_ours_nor_loses_its_own(names, shape):
    data = log([born(), turns(1, "solved")]) if shape == "log" else wide({"created": 0, "solved": 1})
    surveys = ratings({"ticket_id": "0"}, {})
    plain = fold(replace(data, surveys=surveys), Settings())
    tickets = data.tickets.with_columns(pl.lit(f"their {name}").alias(name) for name in names)
    surveys = surveys.with_columns(pl.lit("x").alias(name) for name in names if name not in SURVEYS)
    theirs = fold(replace(data, tickets=tickets, surveys=surveys), Settings())
    for name in names:
        assert theirs.tickets[f"raw.{name}"].to_list() == [f"their {name}"]
    assert theirs.tickets.select(plain.tickets.columns).equals(plain.tickets)
    assert open_spans(theirs).height == open_spans(plain).height


# --- business time ---------------------------------------------------------------------------------------------------


def calendar(name: str, hours: str, **when: tuple[str, ...]) -> CalendarChoice:
    return CalendarChoice(name=name, calendar=Calendar(timezone="UTC", hours={"daily": [hours]}), when=when)


def test_each_ticket_is_on_the_first_calendar_that_fits_it():
    data = wide(*[{"created": 0, "solved": 24}] * 3, priority=["urgent", "low", None])
    choices = (
        calendar("night", "00:00-24:00", priority=("Urgent",)),
        calendar("day", "09:00-17:00", priority=("low",)),
    )
    found = fold(data, Settings(calendars=choices, calendar="day")).tickets["resolution_business_s"].to_list()
    assert found == [24 * 3600, 8 * 3600, None]


def test_without_a_calendar_there_is_no_business_time():
    facts = fold(wide({"created": 0, "solved": 24}), Settings(calendar="office"))
    assert facts.calendar is None
    assert not [name for name in facts.tickets.columns if "business" in name and not name.startswith("given_")]


# --- stretches and turns ---------------------------------------------------------------------------------------------


def spans(facts: Facts) -> list[tuple[datetime, datetime | None]]:
    return list(open_spans(facts).sort("start").select("start", "end").iter_rows())


def test_open_stretches_leave_out_the_time_solved_where_every_status_is_shown():
    story = [born(), turns(1, "pending"), turns(2, "solved"), turns(3, "open")]
    assert spans(fold(log(story), Settings())) == [(hour(0), hour(1)), (hour(1), hour(2)), (hour(3), None)]


def test_open_stretches_of_a_flat_export_run_from_creation_to_the_last_solution():
    facts = fold(wide({"created": 0, "solved": 2}, {"created": 1, "solved": None}), Settings())
    assert spans(facts) == [(hour(0), hour(2)), (hour(1), None)]


def test_nothing_stands_before_its_creation():
    assert spans(fold(log([turns(-3, "open"), born(), turns(2, "solved")]), Settings())) == [(hour(0), hour(2))]


def test_solutions_and_reopenings_are_turns_between_open_and_done():
    story = [born(), turns(1, "solved"), turns(2, "closed"), turns(3, "open"), turns(4, "hold"), turns(5, "closed")]
    facts = fold(log(story, [born(), turns(1, "solved")], columns=[{}, {"exclusion": "spam"}]), Settings())
    assert sorted(solve_events(facts)["at"]) == [hour(1), hour(5)]
    assert reopen_events(facts)["at"].to_list() == [hour(3)]
    assert reopen_events(fold(wide({"created": 0, "solved": 1}), Settings())) is None


# --- ratings ---------------------------------------------------------------------------------------------------------


def ratings(*rows: dict) -> pl.DataFrame:
    return pl.DataFrame([{"instrument": "csat", "score": 5.0, **row} for row in rows], schema=dict(SURVEYS))


def test_each_instrument_is_dated_by_the_best_date_that_it_has():
    """Ratings of the ticket file have no date; the NPS file beside it must not leave them without a period."""
    surveys = ratings({"ticket_id": "0"}, {"instrument": "nps", "at": hour(50)}, {"instrument": "nps", "at": None})
    facts = fold(log([born(), turns(2, "solved")], surveys=surveys), Settings())
    assert dict(facts.attribution) == {"csat": "solved", "nps": "rated"}
    assert facts.surveys["dated_at"].to_list() == [hour(2), hour(50), None]


def test_an_unanswered_offer_is_dated_by_what_is_known_of_it():
    surveys = ratings(
        {"at": hour(9)}, {"score": None, "offered_at": hour(8)}, {"score": None, "ticket_id": "0"}, {"at": None}
    )
    facts = fold(log([born(), turns(2, "solved")], surveys=surveys), Settings())
    assert facts.surveys["dated_at"].to_list() == [hour(9), hour(8), hour(2), None]


def test_ratings_of_the_future_and_of_tickets_of_the_future_are_not_seen():
    surveys = ratings({"ticket_id": "0", "at": hour(1)}, {"ticket_id": "0", "at": hour(9)}, {"ticket_id": "1"}, {})
    facts = fold(log([born()], [born(number=5)], surveys=surveys), Settings(as_of=hour(3)))
    assert facts.surveys["ticket_id"].to_list() == ["0", None]


def test_the_customer_behind_a_rating_is_the_requester_in_small_letters():
    surveys = ratings({"ticket_id": "0", "respondent_id": "x@y"}, {"respondent_id": "X@Y"}, {"ticket_id": "gone"})
    facts = fold(log([born()], columns=[{"requester_id": "Ann"}], surveys=surveys), Settings())
    assert facts.surveys["customer"].to_list() == ["ann", "x@y", None]

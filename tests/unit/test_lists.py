"""Lists of tickets worked by hand: who is on them, in which order, and what they come to."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest
from desks import ASK, OFFICE, REPLY, agreement, at, dataset, rule, status

import supportkpi
from supportkpi.decisions import CalendarChoice, Settings
from supportkpi.errors import KpiUnknown, OptionWrong
from supportkpi.lists import Listing
from supportkpi.schema import INSTANT, SURVEYS, Dataset, Extent, Sight, check

IN_OFFICE = (CalendarChoice(name="office", calendar=OFFICE),)
MONDAY = "2026-03-02"


def ticket(number: str, when: str, *events: tuple, **columns: str) -> dict:
    return {"id": number, "at": when, "events": list(events), **columns}


DESK = (
    ticket("early", f"{MONDAY} 10:00", (f"{MONDAY} 10:30", REPLY), (f"{MONDAY} 11:00", status("solved"))),
    ticket("late", f"{MONDAY} 10:00", (f"{MONDAY} 14:00", REPLY), (f"{MONDAY} 14:30", status("solved"))),
    ticket("later", f"{MONDAY} 09:00", (f"{MONDAY} 16:00", REPLY)),
    ticket("waiting", f"{MONDAY} 13:00"),
    ticket("fresh", f"{MONDAY} 16:30"),
)


def lists(data: Dataset, sla=None, calendars=(), as_of=None, **asked: object) -> Listing:
    name = "office" if calendars else None
    settings = Settings(sla=sla, calendars=calendars, calendar=name, as_of=at(as_of) if as_of else None)
    return supportkpi.tickets(data, settings=settings, **asked)


def ids(found: Listing) -> list[str]:
    return found.tickets["ticket_id"].to_list()


def test_late_ones_wait_first_then_by_how_late_they_are():
    found = lists(dataset(DESK, f"{MONDAY} 17:00"), agreement({"first_response": "1h"}), list="breached")
    assert ids(found) == ["waiting", "later", "late"]
    assert found.tickets["on_late_s"].to_list() == [3 * 3600, 6 * 3600, 3 * 3600]
    (head,) = found.heads
    assert (head.n, head.n_open, head.of) == (3, 1, 4)
    assert (head.spread.total_s, head.spread.median_s, head.spread.worst_share) == (12 * 3600, 3 * 3600, None)


def test_the_worst_twentieth_is_told_of_twenty_late_clocks():
    every = [
        ticket(f"t{n:02}", f"{MONDAY} 09:00", (f"{MONDAY} {10 + n // 60}:{n % 60:02}", REPLY)) for n in range(1, 22)
    ]
    (head,) = lists(dataset(every, f"{MONDAY} 17:00"), agreement({"first_response": "1h"}), list="breached").heads
    assert (head.n, head.spread.worst) == (21, 2)
    assert head.spread.worst_share == pytest.approx((21 + 20) / sum(range(1, 22)))


def test_a_quota_that_ended_at_closing_is_used_up_and_not_late():
    used_up = ticket("full", f"{MONDAY} 09:00")
    half = ticket("half", f"{MONDAY} 13:00")
    held = ticket("held", f"{MONDAY} 12:00", (f"{MONDAY} 12:30", status("pending")))
    over = ticket("over", "2026-02-27 09:00")
    data = dataset((half, held, used_up, over), "2026-03-02 20:00")
    found = lists(data, agreement({"resolution": "8h"}, calendar=OFFICE), IN_OFFICE, at_risk="8h")
    assert ids(found) == ["full", "half", "held"]  # what stands still runs out last
    rows = {row["ticket_id"]: row for row in found.tickets.iter_rows(named=True)}
    assert rows["full"]["on_left_s"] == 0
    assert rows["full"]["on_due_at"] == at(f"{MONDAY} 17:00")
    assert rows["full"]["on_late_from_at"] == at("2026-03-03 09:00")
    assert rows["half"]["on_left_s"] == 4 * 3600
    assert rows["half"]["on_late_from_at"] is None
    (head,) = found.heads
    assert (head.n, head.of, head.beside["late"], head.beside["paused"]) == (3, 3, 1, 1)
    assert ids(lists(data, agreement({"resolution": "8h"}, calendar=OFFICE), IN_OFFICE, at_risk="3h59m")) == ["full"]


def test_an_instant_after_the_export_lets_clocks_run():
    data = dataset((ticket("open", f"{MONDAY} 09:00"), ticket("other", f"{MONDAY} 16:00")), f"{MONDAY} 16:00")
    sla = agreement({"resolution": "8h"})
    assert ids(lists(data, sla, at_risk="2h")) == ["open"]
    assert ids(lists(data, sla, as_of=f"{MONDAY} 23:00", at_risk="2h")) == ["other"]
    assert ids(lists(data, sla, as_of=f"{MONDAY} 23:00", list="breached")) == ["open"]
    assert ids(lists(data, sla, as_of=f"{MONDAY} 10:00", at_risk="8h")) == ["open"]


def test_one_ticket_with_several_late_clocks_is_listed_once_by_the_worst():
    events = [("10:00", REPLY), ("10:30", ASK), ("12:00", REPLY), ("12:30", ASK), ("16:00", REPLY)]
    chatty = ticket("chatty", f"{MONDAY} 09:30", *((f"{MONDAY} {when}", what) for when, what in events))
    found = lists(
        dataset((chatty,), f"{MONDAY} 17:00"),
        agreement({"next_response": "1h"}),
        list="breached",
        kpi="sla_next_response",
    )
    (row,) = found.tickets.iter_rows(named=True)
    assert (row["on_cycle"], row["on_late_s"]) == (2, 2.5 * 3600)
    assert (row["next_response_cycles"], row["next_response_late_s"]) == (2, 2.5 * 3600)
    assert (found.heads[0].n, found.heads[0].beside["tickets"], found.clocks.height) == (2, 1, 2)


def test_unanswered_ones_are_those_that_wait_longest_first():
    found = lists(dataset(DESK, f"{MONDAY} 17:00"), list="unanswered")
    assert ids(found) == ["waiting", "fresh"]
    assert found.tickets["waiting_s"].to_list() == [4 * 3600, 1800]


def test_silence_counts_from_the_last_event_of_open_tickets():
    friday = ticket("friday", "2026-02-27 10:00", ("2026-02-27 15:00", REPLY))
    noted = ticket(
        "noted", "2026-02-27 10:00", ("2026-03-02 15:00", {"kind": "message", "actor": "agent", "public": False})
    )
    done = ticket("done", "2026-02-20 10:00", ("2026-02-20 11:00", status("solved")))
    data = dataset((friday, noted, done), "2026-03-03 15:00")
    assert ids(lists(data, silent="96h")) == ["friday"]
    assert ids(lists(data, silent="24h")) == ["friday", "noted"]
    assert lists(data, silent="24h").tickets["silent_s"].to_list() == [96 * 3600, 24 * 3600]
    # from Friday 15:00 the second working day is over on Tuesday 15:00; every day is one without a calendar
    assert ids(lists(data, calendars=IN_OFFICE, silent="2bd")) == ["friday"]
    assert ids(lists(data, calendars=IN_OFFICE, silent="3bd")) == []
    assert ids(lists(data, silent="4bd")) == ["friday"]


def test_reopened_ones_that_are_open_stand_first():
    def back(number: str, *more: tuple) -> dict:
        first = ((f"{MONDAY} 10:00", status("solved")), (f"{MONDAY} 12:00", status("open", actor="customer")))
        return ticket(number, f"{MONDAY} 09:00", *first, *more)

    again = (f"{MONDAY} 14:00", status("solved"))
    data = dataset((back("closed", again), back("open"), DESK[0]), "2026-03-12 17:00")
    found = lists(data, list="reopened")
    assert ids(found) == ["open", "closed"]
    assert found.tickets["is_open"].to_list() == [True, False]
    assert (found.heads[0].n, found.heads[0].of) == (2, 3)


def rated(*scores: tuple[str | None, float]) -> Dataset:
    surveys = pl.DataFrame(
        [{"instrument": "csat", "ticket_id": of, "score": score, "scale": "1-5"} for of, score in scores],
        schema=dict(SURVEYS),
    ).with_columns(at=pl.lit(at("2026-03-03 10:00"), INSTANT))
    from dataclasses import replace

    return check(replace(dataset(DESK, "2026-03-03 17:00"), surveys=surveys))


def test_bad_ratings_are_listed_and_those_of_no_ticket_counted():
    data = rated(("late", 2), ("early", 5), ("later", 1), ("waiting", 3), (None, 1))
    found = lists(data, rated="bad")
    assert ids(found) == ["later", "late"]
    assert found.tickets["score"].to_list() == [1.0, 2.0]
    assert (found.heads[0].n, found.heads[0].of, found.heads[0].beside["without_ticket"]) == (2, 4, 1)
    assert ids(lists(data, rated="good")) == ["early"]
    late = agreement({"first_response": "1h"})
    assert ids(lists(data, late, list="breached", rated="bad")) == ["later", "late"]
    assert ids(lists(data, late, list="breached", rated="good")) == []


def test_the_tickets_behind_a_share_say_on_which_side_they_are():
    found = lists(rated(("late", 2), ("early", 5)), kpi="csat")
    assert found.tickets.select("ticket_id", "in_x", "in_n").rows() == [("late", False, True), ("early", True, True)]


def test_the_slowest_are_open_ones_too():
    found = lists(dataset(DESK, f"{MONDAY} 17:00"), slowest=2, kpi="FRT")
    assert ids(found) == ["later", "late"]
    assert found.tickets["took_s"].to_list() == [7 * 3600, 4 * 3600]
    assert (found.heads[0].n, found.heads[0].of) == (2, 5)


def test_the_slowest_by_a_service_level_go_by_its_clock():
    data = dataset((ticket("weekend", "2026-02-27 16:00", ("2026-03-02 10:00", REPLY)), DESK[1]), f"{MONDAY} 17:00")
    sla = agreement({"first_response": "1h"}, calendar=OFFICE)
    found = lists(data, sla, IN_OFFICE, slowest=5, kpi="sla_first_response")
    assert list(zip(ids(found), found.tickets["took_s"], strict=True)) == [
        ("late", 4 * 3600.0),
        ("weekend", 2 * 3600.0),
    ]


def test_a_sample_is_drawn_from_what_the_other_lists_leave():
    every = [ticket(f"t{n}", f"{MONDAY} 09:00", (f"{MONDAY} 1{n}:00", REPLY), group="ab"[n % 2]) for n in range(8)]
    data = dataset((*every, ticket("nobody", f"{MONDAY} 09:00")), "2026-03-03 09:00")
    late = agreement({"first_response": "3h"})
    found = lists(data, late, list="breached", sample=2, per="group")
    assert {s.label: (s.size, s.taken) for s in found.strata} == {"a": (2, 2), "b": (3, 2), "(no value)": (1, 1)}
    alone = lists(data, sample=100)
    assert "nobody" not in ids(alone)
    assert alone.heads[0].beside["unhandled"] == 1


def test_persons_are_shown_by_code_in_the_frame_itself():
    data = dataset([{**DESK[0], "assignee_id": "Ada Byron", "requester_id": "bob@example.com"}], f"{MONDAY} 17:00")
    shown = lists(data, kpi="tickets_created").tickets.row(0, named=True)
    assert (shown["assignee"][:6], shown["requester"][:9]) == ("agent ", "customer ")
    named = supportkpi.tickets(data, settings=Settings(names=True), kpi="tickets_created").tickets
    assert named["assignee"].to_list() == ["Ada Byron"]


def test_the_exports_own_deadlines_stand_for_an_agreement():
    due = pl.Series([at(f"{MONDAY} 12:00"), at(f"{MONDAY} 12:00"), None], dtype=INSTANT)
    data = dataset((DESK[0], DESK[1], DESK[3]), f"{MONDAY} 17:00")
    data = _with(data, first_response_due_at=due)
    found = lists(data, list="breached")
    assert ids(found) == ["late"]
    row = found.tickets.row(0, named=True)
    assert (row["on_late_s"], row["on_due_at"]) == (2 * 3600, at(f"{MONDAY} 12:00"))
    assert (found.heads[0].basis, found.heads[0].of) == ("given", 2)


def test_verdicts_without_any_deadline_are_listed_too():
    met = pl.Series([True, False, None])
    data = _with(dataset((DESK[0], DESK[1], DESK[3]), f"{MONDAY} 17:00"), given_sla_resolution_met=met)
    found = lists(data, list="breached")
    assert (ids(found), found.tickets["on_due_at"].to_list()) == (["late"], [None])
    assert ids(lists(data, slowest=1)) == ["late"]


def test_what_runs_out_by_the_exports_own_deadline_is_at_risk():
    due = pl.Series([at(f"{MONDAY} 18:00"), at(f"{MONDAY} 23:00")], dtype=INSTANT)
    data = _with(dataset((DESK[3], DESK[4]), f"{MONDAY} 17:00"), first_response_due_at=due)
    found = lists(data, at_risk="2h")
    assert (ids(found), found.tickets["on_left_s"].to_list()) == (["waiting"], [3600.0])


def _with(data: Dataset, **columns: pl.Series) -> Dataset:
    from dataclasses import replace

    return check(replace(data, tickets=data.tickets.with_columns(**columns)))


def test_the_tickets_behind_all_limits_are_those_of_the_report():
    rules = [rule("all", first_response="2h", resolution="5h")]
    events = ((f"{MONDAY} 11:00", REPLY), (f"{MONDAY} 12:00", status("solved")))
    tickets = (
        ticket("both", f"{MONDAY} 10:00", *events),
        ticket("slow", f"{MONDAY} 08:30", *events),
        ticket("runs", f"{MONDAY} 15:00", (f"{MONDAY} 15:30", REPLY)),
        ticket("late and runs", f"{MONDAY} 13:30", (f"{MONDAY} 16:00", REPLY)),
    )
    data, sla = dataset(tickets, f"{MONDAY} 17:00"), agreement(rules)
    found = lists(data, sla, kpi="sla_all")
    report = supportkpi.measure(data, settings=Settings(sla=sla), kpis=["sla_all"])
    (row,) = report.rows.filter(pl.col("stat") == "value", pl.col("rule").is_null()).iter_rows(named=True)
    assert (row["n"], row["x"]) == (2, 1)
    assert found.heads[0].beside == {"n": 2, "x": 1, "n_open": 2}
    states = found.tickets.select("ticket_id", "in_n", "in_x", "on_target").sort("ticket_id").rows()
    assert [state[:3] for state in states] == [
        ("both", True, True),
        ("late and runs", False, False),
        ("runs", False, False),
        ("slow", True, False),
    ]
    assert [state[3] for state in states if not state[1]] == ["resolution", "resolution"]


def test_rules_of_other_targets_stand_beside_the_clock_that_is_listed():
    rules = [rule("all", first_response="1h", resolution="100h")]
    found = lists(dataset(DESK, f"{MONDAY} 17:00"), agreement(rules), list="breached")
    row = found.tickets.filter(pl.col("ticket_id") == "late").row(0, named=True)
    assert (row["first_response_state"], row["resolution_state"]) == ("breached_closed", "met")
    assert row["resolution_due_at"] == at(f"{MONDAY} 10:00") + timedelta(hours=100)
    assert found.targets == ("first_response", "resolution")


WITHOUT_HISTORY = {Sight.created: Extent.EVERY, Sight.reply: Extent.FIRST, Sight.solve: Extent.LAST}


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({}, "no list was asked for"),
        ({"list": "late"}, "no list is called 'late'"),
        ({"list": "breached"}, "there are no limits"),
        ({"at_risk": "4h"}, "there are no limits"),
        ({"at_risk": "2bd"}, "--at-risk takes no '2bd'"),
        ({"at_risk": "1d"}, "leaves open what a day is"),
        ({"silent": "soon"}, "is no time limit"),
        ({"silent": "9999999999h"}, "longer than a hundred years"),
        ({"silent": "15m..30m"}, "--silent takes no"),
        ({"silent": "2bd"}, "cannot list silent tickets: needs a log of events"),
        ({"rated": "poor"}, "--rated takes no 'poor'"),
        ({"rated": "bad"}, "no CSAT answers"),
        ({"slowest": 0}, "lists nothing"),
        ({"sample": -1}, "lists nothing"),
        ({"list": "unanswered", "per": "group"}, "tells the strata of a sample"),
        ({"kpi": "cost_per_contact"}, "made of figures"),
        ({"kpi": "fcr"}, "cannot list first_contact_resolution"),
        ({"list": "reopened"}, "cannot list reopen_rate"),
    ],
)
def test_what_cannot_be_listed_is_said(asked, words):
    data = dataset(DESK, f"{MONDAY} 17:00", observes=WITHOUT_HISTORY)
    with pytest.raises(OptionWrong) as caught:
        lists(data, **asked)
    assert words in caught.value.message
    assert caught.value.hint


def test_a_limit_that_no_rule_sets_is_said():
    with pytest.raises(OptionWrong, match="nothing sets a limit for resolution"):
        lists(
            dataset(DESK, f"{MONDAY} 17:00"), agreement({"first_response": "1h"}), list="breached", kpi="sla_resolution"
        )
    with pytest.raises(KpiUnknown):
        lists(dataset(DESK, f"{MONDAY} 17:00"), kpi="sla_nothing")


def test_no_ticket_at_all_is_an_empty_list():
    found = lists(dataset(DESK, f"{MONDAY} 17:00"), agreement({"first_response": "100h"}), list="breached")
    assert (found.tickets.height, found.clocks.height, found.heads[0].n, found.heads[0].spread) == (0, 0, 0, None)

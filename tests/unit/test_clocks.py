"""The ledger: which clocks there are, by whose words they are judged, and what is said of what cannot be seen."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest
from desks import ASK, OFFICE, REPLY, agreement, at, change, dataset, desk, only, rule, status

from supportkpi.clocks import assumed, due_at, given, given_notes, idle, ledger, unknown, unobserved
from supportkpi.decisions import Class, Dimension, Settings
from supportkpi.engine.measure import measure
from supportkpi.facts import fold
from supportkpi.schema import SURVEYS, TICKETS, Actor, Dataset, Extent, Kind, Sight, Stamp, Stamps, check, observed
from supportkpi.sla import Exclusion, Sla, Version

MON = "2026-03-02"


def states(facts, sla) -> list[str]:
    return ledger(facts, sla)["state"].to_list()


# --- rules ----------------------------------------------------------------------------------------------------------


def test_the_vendors_word_of_today_does_not_choose_the_rule_of_yesterday() -> None:
    events = [
        (f"{MON} 09:00", change("priority", "low", "P4 minor")),
        (f"{MON} 10:00", change("priority", "urgent", "P1 blocker")),
        (f"{MON} 10:10", REPLY),
    ]
    ticket = {"id": "1", "at": f"{MON} 09:00", "priority": "urgent", "priority_raw": "P1 blocker", "events": events}
    rules = [
        rule("blocker", {"priority": ["P1 blocker"]}, first_response="30m"),
        rule("minor", {"priority": ["p4 MINOR"]}, first_response="8h"),
    ]
    facts = desk(ticket, until=f"{MON} 12:00")
    found = {mode: only(facts, agreement(rules, priority=mode))["rule"] for mode in ("at_start", "current")}
    assert found == {"at_start": "minor", "current": "blocker"}


def test_a_column_that_the_history_is_silent_about_is_as_it_is_today() -> None:
    """An event of the priority says nothing of the group."""
    events = [(f"{MON} 09:00", change("priority", "low")), (f"{MON} 10:00", REPLY)]
    ticket = {"id": "1", "at": f"{MON} 09:00", "priority": "low", "group": "Tier 2", "events": events}
    rules = [rule("second", {"group": ["tier 2"], "priority": ["low"]}, first_response="2h")]
    assert only(desk(ticket, until=f"{MON} 12:00"), agreement(rules))["rule"] == "second"


def test_a_group_that_is_taken_away_is_none() -> None:
    events = [
        (f"{MON} 09:00", change("group", "front")),
        (f"{MON} 10:00", change("group", None)),
        (f"{MON} 11:00", REPLY),
    ]
    ticket = {"id": "1", "at": f"{MON} 09:00", "events": events}
    rules = [rule("front", {"group": ["front"]}, first_response="30m"), rule("else", first_response="8h")]
    facts = desk(ticket, until=f"{MON} 12:00")
    assert only(facts, agreement(rules, priority="current"))["rule"] == "else"


def test_a_dimension_of_the_config_changes_with_what_it_is_made_of() -> None:
    line = Dimension(name="level", classes=(Class(value="2", when={"group": ("engineers",)}),), otherwise="1")
    events = [
        (f"{MON} 09:00", change("group", "front")),
        (f"{MON} 10:00", change("group", "engineers")),
        (f"{MON} 10:30", REPLY),
    ]
    ticket = {"id": "1", "at": f"{MON} 09:00", "group": "engineers", "events": events}
    facts = desk(ticket, until=f"{MON} 12:00", settings=Settings(dimensions=(line,)))
    rules = [
        rule("first", {"level": ["1"]}, first_response="1h"),
        rule("second", {"level": ["2"]}, first_response="4h"),
    ]
    assert [only(facts, agreement(rules, priority=mode))["rule"] for mode in ("at_start", "current")] == [
        "first",
        "second",
    ]


def test_tags_choose_rules() -> None:
    tagged = {"id": "1", "at": f"{MON} 09:00", "tags": ["vip", "eu"]}
    plain = {"id": "2", "at": f"{MON} 09:00", "tags": None}
    rules = [rule("vip", {"tag": ["VIP"]}, first_response="5m"), rule("else", first_response="4h")]
    assert ledger(desk(tagged, plain, until=f"{MON} 12:00"), agreement(rules))["rule"].to_list() == ["vip", "else"]


def test_a_change_within_one_rule_does_not_open_the_clock_anew() -> None:
    events = [
        (f"{MON} 09:00", change("priority", "urgent")),
        (f"{MON} 09:50", change("priority", "high")),
        (f"{MON} 10:20", REPLY),
    ]
    facts = desk({"id": "1", "at": f"{MON} 09:00", "priority": "high", "events": events}, until=f"{MON} 12:00")
    rules = [rule("both", {"priority": ["urgent", "high"]}, first_response="1h")]
    assert only(facts, agreement(rules, priority="reset"))["state"] == "breached_closed"


def test_the_better_end_of_a_range_moves_with_the_limit() -> None:
    events = [
        (f"{MON} 09:00", change("priority", "low")),
        (f"{MON} 10:00", change("priority", "urgent")),
        (f"{MON} 10:05", REPLY),
    ]
    facts = desk({"id": "1", "at": f"{MON} 09:00", "priority": "urgent", "events": events}, until=f"{MON} 12:00")
    rules = [rule("urgent", {"priority": ["urgent"]}, first_response="15m..30m"), rule("low", first_response="8h")]
    clock = only(facts, agreement(rules))
    assert (clock["good_s"], clock["target_s"]) == (75 * 60, 90 * 60)


def test_the_current_rule_counts_its_working_days_from_the_start() -> None:
    events = [(f"{MON} 10:00", change("priority", "low")), ("2026-03-04 10:00", change("priority", "high"))]
    facts = desk({"id": "1", "at": f"{MON} 10:00", "priority": "high", "events": events}, until="2026-03-05 09:00")
    rules = [rule("high", {"priority": ["high"]}, resolution="1bd"), rule("low", resolution="5bd")]
    sla = agreement(rules, calendar=OFFICE, priority="current")
    assert due_at(facts, sla, ledger(facts, sla)).to_list() == [at("2026-03-03 10:00")]


def test_before_the_first_version_there_is_no_target_and_it_is_said() -> None:
    facts = desk({"id": "1", "at": "2025-12-31 10:00"}, {"id": "2", "at": "2026-01-02 10:00"}, until="2026-01-03 10:00")
    one = agreement({"first_response": "1h"}).versions[0]
    sla = Sla(versions=(Version(rules=one.rules, since=datetime(2026, 1, 1, tzinfo=UTC), label="2026-01-01"),))
    clocks = ledger(facts, sla)
    assert clocks.select("state", "version").rows() == [("no_target", None), ("breached_open", "2026-01-01")]
    assert assumed(facts, sla) == ("1 ticket was created before the first version of the service levels: no target",)


# --- what stops a clock ---------------------------------------------------------------------------------------------


def test_the_first_of_reply_status_and_assignment_stops_the_first_clock() -> None:
    events = [
        (f"{MON} 09:20", change("assignee", "ann")),
        (f"{MON} 09:40", status("open")),
        (f"{MON} 10:00", REPLY),
    ]
    facts = desk({"id": "1", "at": f"{MON} 09:00", "events": events}, until=f"{MON} 12:00")
    found = {
        stops: only(facts, agreement({"first_response": "1h"}, stops_on=stops))["elapsed_s"] / 60
        for stops in (("reply",), ("status",), ("assignment",), ("reply", "status", "assignment"))
    }
    assert list(found.values()) == [60, 40, 20, 20]


def test_the_status_that_a_ticket_is_made_in_is_no_change() -> None:
    events = [(f"{MON} 09:00", status("open", actor="system")), (f"{MON} 09:30", status("pending"))]
    facts = desk({"id": "1", "at": f"{MON} 09:00", "events": events}, until=f"{MON} 12:00")
    assert only(facts, agreement({"first_response": "1h"}, stops_on=("status",)))["elapsed_s"] == 1800


def test_a_solution_before_the_reply_ends_the_wait() -> None:
    events = [
        (f"{MON} 10:00", status("solved", actor="bot")),
        (f"{MON} 12:00", status("open")),
        (f"{MON} 13:00", REPLY),
    ]
    facts = desk({"id": "1", "at": f"{MON} 09:00", "events": events}, until=f"{MON} 14:00")
    ended = only(facts, agreement({"first_response": "2h"}))
    assert (ended["elapsed_s"], ended["is_unanswered"], ended["state"]) == (3600, True, "met")
    assert only(facts, agreement({"first_response": "2h"}, solve_ends_reply=False))["elapsed_s"] == 4 * 3600


def test_thanks_on_a_solved_ticket_wait_for_nobody() -> None:
    events = [
        (f"{MON} 10:00", REPLY),
        (f"{MON} 10:00", status("solved")),
        (f"{MON} 11:00", ASK),
        ("2026-03-06 10:00", status("closed", actor="system")),
    ]
    facts = desk({"id": "1", "at": f"{MON} 09:00", "events": events}, until="2026-03-08 14:00")
    assert ledger(facts, agreement({"next_response": "2h"})).is_empty()


def test_a_solution_before_the_creation_is_no_clock() -> None:
    facts = desk(
        {"id": "1", "at": f"{MON} 09:00", "events": [(f"{MON} 08:00", status("solved"))]}, until=f"{MON} 14:00"
    )
    assert ledger(facts, agreement({"resolution": "2h"})).is_empty()


@pytest.mark.parametrize(
    ("since", "shown"),
    [
        ("last_reply", [(60, "10:00"), (180, "13:00"), (60, None)]),
        ("last_contact", [(60, "10:00"), (60, "13:00"), (60, None)]),
        ("request", [(60, "10:00"), (120, "13:00")]),
    ],
)
def test_updates_are_counted_from_what_was_agreed(since: str, shown: list) -> None:
    events = [
        (f"{MON} 10:00", REPLY),
        (f"{MON} 11:00", ASK),
        (f"{MON} 12:00", ASK),
        (f"{MON} 13:00", REPLY),
    ]
    facts = desk({"id": "1", "at": f"{MON} 09:00", "events": events}, until=f"{MON} 14:00")
    clocks = ledger(facts, agreement({"update": "90m"}, update_since=since))
    found = clocks.select(pl.col("elapsed_s") / 60, pl.col("stopped_at").dt.to_string("%H:%M")).rows()
    assert found == shown


def test_an_escalation_is_a_clock_only_where_there_was_one() -> None:
    events = [(f"{MON} 09:00", change("level", "1")), (f"{MON} 09:20", change("level", "2"))]
    facts = desk(
        {"id": "1", "at": f"{MON} 09:00", "events": events},
        {"id": "2", "at": f"{MON} 09:00", "events": [(f"{MON} 09:00", change("level", "1"))]},
        until=f"{MON} 14:00",
    )
    clock = only(facts, agreement({"escalation": "15m"}))
    assert (clock["ticket_id"], clock["elapsed_s"], clock["state"], clock["late_s"]) == (
        "1",
        1200,
        "breached_closed",
        300,
    )


# --- external causes ------------------------------------------------------------------------------------------------


def test_a_cause_sets_tickets_aside_by_name_by_column_and_by_time() -> None:
    def cause(**about: object) -> Exclusion:
        return Exclusion(name="partner", effect="exclude", **about)

    tickets = [{"id": str(n), "at": f"{MON} {n:02}:00", "group": "api" if n == 11 else "web"} for n in (9, 10, 11)]
    facts = desk(*tickets, until=f"{MON} 20:00")
    day = {"start": at(f"{MON} 09:30"), "end": at(f"{MON} 10:30")}
    found = [
        [state == "excluded" for state in states(facts, agreement({"first_response": "1h"}, exclusions=(each,)))]
        for each in (
            cause(tickets=frozenset({"9"})),
            cause(when={"group": ("api",)}),
            cause(**day),
            cause(tickets=frozenset({"9"}), **day),
        )
    ]
    assert found == [[True, False, False], [False, False, True], [False, True, False], [True, False, False]]


def test_an_outage_pauses_only_whom_it_touched_and_both_figures_stand() -> None:
    outage = Exclusion(
        name="dc", effect="pause", start=at(f"{MON} 10:00"), end=at(f"{MON} 12:00"), when={"group": ("api",)}
    )
    events = [(f"{MON} 12:30", REPLY)]
    tickets = [{"id": name, "at": f"{MON} 10:00", "group": name, "events": events} for name in ("api", "web")]
    sla = agreement({"first_response": "1h"}, exclusions=(outage,))
    facts = desk(*tickets, until=f"{MON} 20:00", settings=Settings(sla=sla))
    assert ledger(facts, sla).select("state", "judged").rows() == [
        ("met", "breached_closed"),
        ("breached_closed", "breached_closed"),
    ]
    report = measure(facts, settings=facts.settings, kpis=["sla_first_response"])
    assert report.get("sla_first_response").value == 0.5
    assert report.get("sla_first_response", "with_external").value == 0


def test_more_pauses_than_a_word_has_bits() -> None:
    causes = tuple(
        Exclusion(
            name=str(n),
            effect="pause",
            start=at(f"{MON} 10:{n % 60:02}"),
            end=at(f"{MON} 12:00"),
            tickets=frozenset({"1"}),
        )
        for n in range(70)
    )
    facts = desk({"id": "1", "at": f"{MON} 09:00"}, {"id": "2", "at": f"{MON} 09:00"}, until=f"{MON} 12:00")
    clocks = ledger(facts, agreement({"first_response": "9h"}, exclusions=causes))
    assert clocks["elapsed_s"].to_list() == [3600, 3 * 3600]


# --- what is said ---------------------------------------------------------------------------------------------------


def test_words_that_no_ticket_has_are_named_and_mistakes_told_from_rarities() -> None:
    facts = desk({"id": "1", "at": f"{MON} 09:00", "priority": "low", "group": "Front"}, until=f"{MON} 12:00")
    rules = [
        rule("a", {"priority": ["urgent", "low"]}, first_response="1h"),
        rule("b", {"group": ["Frnt"]}, first_response="1h"),
        rule("c", {"colour": ["red"]}, first_response="1h"),
    ]
    cause = Exclusion(name="x", effect="exclude", tickets=frozenset({"1", "9"}))
    sla = agreement(rules, exclusions=(cause,))
    assert idle(facts, sla) == (
        'rule a is for priority "urgent", which no ticket has',
        'rule b is for group "Frnt", which no ticket has: did you mean Front?',
        "rule c is for tickets by colour, which no ticket has",
        "exclusion x names tickets that are not in the files: 9",
    )
    assert [line.split()[1] for line in unknown(facts, sla)] == ["b", "c"]


def test_a_status_that_pauses_and_never_was_is_named() -> None:
    facts = desk(
        {"id": "1", "at": f"{MON} 09:00", "events": [(f"{MON} 10:00", status("pending"))]}, until=f"{MON} 12:00"
    )
    paused = agreement({"resolution": "4h"}, pause_on={"resolution": ("pendign", "hold"), "update": ("elsewhere",)})
    assert idle(facts, paused) == (
        'clocks stand still in status "pendign", which no ticket ever had: did you mean pending?',
    )
    assert unknown(facts, paused) == ()


def test_what_a_ticket_once_was_is_not_unheard_of() -> None:
    events = [(f"{MON} 09:00", change("priority", "urgent")), (f"{MON} 10:00", change("priority", "low"))]
    facts = desk({"id": "1", "at": f"{MON} 09:00", "priority": "low", "events": events}, until=f"{MON} 12:00")
    assert idle(facts, agreement([rule("a", {"priority": ["urgent"]}, first_response="1h")])) == ()


def test_what_an_export_does_not_show_is_said() -> None:
    seen = {Sight.created: Extent.EVERY, Sight.reply: Extent.EVERY, Sight.solve: Extent.EVERY}
    ticket = {"id": "1", "at": f"{MON} 09:00", "priority": "low"}
    facts = fold(dataset([ticket], f"{MON} 12:00", seen), Settings())
    rules = [rule("a", {"priority": ["low"]}, resolution="1h", first_response="1h"), rule("b", resolution="2h")]
    sla = agreement(rules, anchor="handoff")
    assert assumed(facts, sla) == (
        "service levels go by the priority as it is in the export: it does not show when it was changed",
        "no pauses are taken off service levels: this export does not show when the status changed",
        "the first response of service levels starts as in the report: no handing over from bot to human",
    )
    stops = agreement({"first_response": "1h"}, stops_on=("reply", "assignment"))
    assert unobserved(facts, "first_response", stops) == (
        "needs the history of the assignee: export the changes of the tickets too",
    )
    assert ledger(facts, stops).is_empty()


# --- exports of one row a ticket ----------------------------------------------


def flat(**columns: list) -> Dataset:
    """created, replied (rebuilt from minutes), solved, and columns of the tickets."""
    stamps = (
        Stamp(column="created", kind=Kind.created, extent=Extent.EVERY),
        Stamp(column="replied", kind=Kind.message, extent=Extent.FIRST, actor=Actor.agent, public=True, precision_s=60),
        Stamp(column="solved", kind=Kind.status, extent=Extent.LAST, value="solved"),
    )
    ids = [str(number) for number in range(len(columns["created"]))]
    instants = {
        stamp.column: pl.Series(
            [text and at(text) for text in columns.pop(stamp.column)], dtype=TICKETS["observed_until"]
        )
        for stamp in stamps
    }
    frame = pl.DataFrame({"ticket_id": ids, **instants})
    until = [at(f"{MON} 20:00")] * len(ids)
    tickets = pl.DataFrame(
        {
            "ticket_id": ids,
            "observed_until": until,
            **{
                name: [at(v) if isinstance(v, str) and name.endswith("_at") else v for v in values]
                for name, values in columns.items()
            },
        },
        schema={name: TICKETS[name] for name in ("ticket_id", "observed_until", *columns)},
    )
    surveys = pl.DataFrame(schema=dict(SURVEYS))
    history = Stamps(frame=frame, stamps=stamps)
    return check(Dataset(history=history, tickets=tickets, surveys=surveys, observes=observed(stamps)))


def test_a_verdict_nearer_to_its_limit_than_the_minutes_are_exact_is_counted() -> None:
    created = [f"{MON} 09:00"] * 3
    facts = fold(
        flat(created=created, replied=[f"{MON} 09:59", f"{MON} 10:00", f"{MON} 10:01"], solved=[None] * 3), Settings()
    )
    sla = agreement({"first_response": "1h"})
    assert ledger(facts, sla)["is_uncertain"].to_list() == [False, True, False]
    settings = Settings(sla=sla)
    report = measure(facts, settings=settings, kpis=["sla_first_response"])
    assert report.get("sla_first_response").counts["uncertain"] == 1


def test_a_ticket_solved_without_a_reply_in_a_flat_export_is_no_endless_wait() -> None:
    facts = fold(
        flat(
            created=[f"{MON} 09:00"] * 3,
            replied=[None] * 3,
            solved=[f"{MON} 10:00", None, None],
            status=["solved", "solved", "open"],
        ),
        Settings(),
    )
    clocks = ledger(facts, agreement({"first_response": "2h"}))
    assert clocks.select("ticket_id", "state", "is_unanswered").rows() == [
        ("0", "met", True),
        ("2", "breached_open", False),
    ]


def test_deadlines_of_the_export_are_judged_without_an_agreement() -> None:
    facts = fold(
        flat(
            created=[f"{MON} 09:00"] * 5,
            replied=[None] * 5,
            solved=[f"{MON} 10:00", f"{MON} 13:00", None, None, None],
            status=["solved", "solved", "open", "open", "open"],
            resolution_due_at=[f"{MON} 12:00", f"{MON} 12:30", f"{MON} 12:00", f"{MON} 23:00", None],
        ),
        Settings(),
    )
    clocks = given(facts)
    assert clocks is not None
    assert clocks["state"].to_list() == ["met", "breached_closed", "breached_open", "running", "no_target"]
    assert clocks["late_s"].to_list() == [None, 1800, 8 * 3600, None, None]
    report = measure(facts, settings=Settings(), kpis=["sla_resolution", "sla_first_response"])
    row = report.get("sla_resolution")
    assert (row.basis, row.n, row.x, row.n_open) == ("given", 3, 1, 1)
    assert row.counts["no_target"] == 1
    assert {cell.basis for cell in report.cells if cell.kpi == "sla_resolution"} == {"given"}
    assert report.get("sla_first_response").state == "not_observed"
    assert any("those of the export" in line for line in report.method.assumptions)


def test_with_an_agreement_the_export_is_not_asked() -> None:
    facts = fold(
        flat(
            created=[f"{MON} 09:00"],
            replied=[None],
            solved=[f"{MON} 10:00"],
            status=["solved"],
            given_sla_resolution_met=[False],
        ),
        Settings(),
    )
    report = measure(facts, settings=Settings(sla=agreement({"resolution": "2h"})), kpis=["sla_resolution"])
    assert (report.get("sla_resolution").value, report.get("sla_resolution").basis) == (1, "derived")
    own = measure(facts, settings=Settings(), kpis=["sla_resolution"])
    assert (own.get("sla_resolution").value, own.get("sla_resolution").basis) == (0, "given")


def test_a_deadline_that_is_a_date_is_the_whole_day() -> None:
    facts = fold(
        flat(
            created=[f"{MON} 09:00"] * 2,
            replied=[None] * 2,
            solved=[f"{MON} 18:00"] * 2,
            status=["solved"] * 2,
            resolution_due_at=[f"{MON} 00:00", "2026-03-01 00:00"],
        ),
        Settings(),
    )
    clocks = given(facts)
    assert clocks is not None
    assert clocks["state"].to_list() == ["met", "breached_closed"]
    assert any("whole day" in line for line in given_notes(facts))


def test_all_limits_of_a_ticket_set_aside_a_ticket_that_a_cause_touched() -> None:
    sla = agreement({"first_response": "1h", "resolution": "2h"})
    events = [(f"{MON} 09:30", REPLY), (f"{MON} 13:00", status("solved"))]
    facts = desk(
        {"id": "1", "at": f"{MON} 09:00", "events": events, "external_cause": "partner"},
        {"id": "2", "at": f"{MON} 09:00", "events": [(f"{MON} 09:30", REPLY), (f"{MON} 10:00", status("solved"))]},
        until=f"{MON} 20:00",
        settings=Settings(sla=sla),
    )
    report = measure(facts, settings=facts.settings, kpis=["sla_all"])
    row = report.get("sla_all")
    assert (row.n, row.value, row.counts["external"]) == (1, 1, 1)
    assert report.get("sla_all", "with_external").value == 0.5

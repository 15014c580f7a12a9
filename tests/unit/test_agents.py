"""Whose work a ticket was: authors, the assignee of that time, escalations, bots by name; and derived dimensions."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

import supportkpi as sk
from supportkpi.decisions import Settings
from supportkpi.engine.grouping.derived import RT_CLASSES
from supportkpi.engine.grouping.people import digest
from supportkpi.facts import fold
from supportkpi.facts.agents import Owners, acts, owners, repliers
from supportkpi.report import Report, State
from supportkpi.schema import SURVEYS, TICKETS, Actor, Dataset, Extent, Kind, Log, Sight, Stamp, Stamps, check

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
Event = tuple[float, str, str | None, str | None, str | None]  # hours, kind, actor, author, value
REPLY = ("message", "agent")


def log(*events: Event, tickets: dict[str, list[object]] | None = None, surveys: list[dict] = ()) -> Dataset:
    """One ticket by its events; messages are public."""
    rows = [
        {
            "ticket_id": "1",
            "at": START + timedelta(hours=hours),
            "kind": kind,
            "actor": actor,
            "actor_id": who,
            "value": value,
        }
        for hours, kind, actor, who, value in ((0, "created", "customer", None, None), *events)
    ]
    frame = pl.DataFrame(rows, infer_schema_length=None).with_columns(public=pl.col("kind") == "message")
    rated = pl.DataFrame(surveys, schema=dict(SURVEYS)) if surveys else None
    return sk.dataset(events=frame, tickets=pl.DataFrame({"ticket_id": ["1"], **(tickets or {})}), surveys=rated)


def of(data: Dataset, settings: Settings | None = None) -> Owners:
    return owners(fold(data, settings or Settings()))


def owner(data: Dataset, name: str, settings: Settings | None = None) -> str | None:
    found = of(data, settings).tickets[name][0]
    return None if found is None else str(found)


def test_the_author_of_the_first_public_reply_and_of_the_last_solution():
    data = log(
        (1, "message", "bot", "robot", None),
        (2, "message", "agent", "ann", None),
        (3, "message", "agent", "bob", None),
        (4, "status", "agent", "ann", "solved"),
        (5, "status", "customer", None, "open"),
        (6, "status", "agent", "bob", "solved"),
        (9, "status", "system", "rules", "closed"),
    )
    assert (owner(data, "first_replier"), owner(data, "solver"), owner(data, "solved_by")) == ("ann", "bob", "agent")


def test_what_a_rule_solved_is_nobodys():
    data = log((1, "assignee", None, None, "ann"), (2, "status", "system", "rules", "solved"))
    assert (owner(data, "solver"), owner(data, "solved_by")) == (None, "system")


def test_a_solution_without_an_author_is_the_assignees_of_that_time():
    data = log(
        (1, "assignee", None, None, "ann"),
        (2, "status", None, None, "solved"),
        (3, "assignee", None, None, "bob"),
        tickets={"assignee_id": ["bob"]},
    )
    found = of(data)
    assert (owner(data, "solver"), owner(data, "assignee"), owner(data, "rated_agent")) == ("ann", "bob", "ann")
    assert any("1 solutions name no author" in said for said in found.assumptions)


def test_what_the_customer_closed_is_the_customers():
    data = log((1, "status", None, "Zoe", "closed"), tickets={"requester_id": ["zoe"]})
    assert (owner(data, "solver"), owner(data, "solved_by")) == (None, "customer")


def test_an_escalation_is_the_first_lines_not_of_those_who_took_it_over():
    data = log(
        (0, "level", None, None, "1"),
        (1, "assignee", None, None, "ann"),
        (2, "assignee", None, None, "bob"),
        (2, "level", None, None, "2"),
        (3, "status", "agent", "bob", "solved"),
    )
    assert (owner(data, "tier1_owner"), owner(data, "solver")) == ("ann", "bob")
    never = log((1, "assignee", None, None, "ann"), (2, "assignee", None, None, "bob"))
    assert owner(never, "tier1_owner") == "bob"


def test_a_rating_is_of_the_assignee_when_its_ticket_was_solved_or_of_whom_it_names():
    story = (
        (1, "assignee", None, None, "ann"),
        (2, "status", "agent", "ann", "solved"),
        (5, "status", "customer", None, "open"),
        (6, "assignee", None, None, "bob"),
        (7, "status", "agent", "bob", "solved"),
    )
    surveys = [
        {"instrument": "csat", "ticket_id": "1", "score": 5.0, "at": START + timedelta(hours=hours), "agent_id": who}
        for hours, who in ((3, None), (8, None), (8, "cyd"))
    ]
    assert of(log(*story, surveys=surveys)).rated.to_list() == ["ann", "bob", "cyd"]


@pytest.mark.parametrize("machine_first", [True, False])
def test_what_a_person_solved_and_a_rule_closed_at_once_was_solved_by_the_person(machine_first):
    both = [(2, "status", "system", "rules", "closed"), (2, "status", "agent", "ann", "solved")]
    data = log(*(both if machine_first else reversed(both)))
    assert (owner(data, "solver"), owner(data, "solved_by")) == ("ann", "agent")


def test_a_closing_later_is_no_solution_that_a_rating_could_be_of():
    """Ann had it when it was solved; that bob had it when a rule closed it does not make the rating his."""
    story = (
        (1, "assignee", None, None, "ann"),
        (2, "status", "agent", "ann", "solved"),
        (3, "assignee", None, None, "bob"),
        (4, "status", "system", None, "closed"),
    )
    answer = {"instrument": "csat", "ticket_id": "1", "score": 5.0, "at": START + timedelta(hours=9), "agent_id": None}
    assert of(log(*story, surveys=[answer])).rated.to_list() == ["ann"]


def test_nobody_acted_whose_message_is_of_an_unknown_kind_or_seen_by_nobody_knows_whom():
    data = log(
        (1, "message", None, "someone", None),
        (2, "message", "agent", "ann", None),
        (3, "status", None, "bob", "pending"),
    )
    assert isinstance(data.history, Log)
    unseen = pl.when(pl.col("actor_id") == "ann").then(None).otherwise("public")
    facts = fold(replace(data, history=Log(frame=data.history.frame.with_columns(public=unseen))), Settings())
    done = acts(facts)
    assert done is not None
    assert done.sort("at").select("agent", "is_reply").collect().rows() == [("ann", False), ("bob", False)]
    assert repliers(facts).rows() == []
    assert repliers(fold(data, Settings())).rows() == [("1", "ann")]


def test_what_comes_after_as_of_is_not_seen():
    data = log(
        (1, "status", "agent", "ann", "solved"),
        (2, "status", None, None, "open"),
        (3, "status", "agent", "bob", "solved"),
    )
    assert owner(data, "solver", Settings(as_of=START + timedelta(hours=2))) == "ann"


def test_names_that_the_settings_give_to_bots_are_no_agents():
    data = log((1, "message", "agent", "AutoReply 3", None), (2, "status", "agent", "ann", "solved"))
    assert owner(data, "first_replier") == "AutoReply 3"
    named = Settings(responders={"bot": ("auto*",), "agent": ("ann",)})
    assert (owner(data, "first_replier", named), owner(data, "solver", named)) == (None, "ann")


def test_a_compact_log_tells_the_same():
    data = log(
        (1, "assignee", "agent", "bob", "ann"),
        (2, "message", "agent", "ann", None),
        (3, "status", "agent", "bob", "solved"),
    )
    assert isinstance(data.history, Log)
    compact = data.history.frame.with_columns(pl.col("ticket_id", "actor_id", "value", "raw").cast(pl.Categorical))
    assert of(replace(data, history=Log(frame=compact))).tickets.equals(of(data).tickets)


def flat(assignees: list[str | None], **columns: list[object]) -> Dataset:
    """Tickets of a row each, created hourly, answered after one hour and solved after ``rt`` hours (null: open)."""
    size = len(assignees)
    rt = columns.pop("rt", [5.0] * size)
    created = [START + timedelta(hours=n) for n in range(size)]
    frame = pl.DataFrame(
        {
            "ticket_id": [str(n) for n in range(size)],
            "created": created,
            "replied": [at + timedelta(hours=1) for at in created],
            "solved": [None if h is None else at + timedelta(hours=h) for at, h in zip(created, rt, strict=True)],
        }
    )
    stamps = (
        Stamp(column="created", kind=Kind.created, extent=Extent.EVERY),
        Stamp(column="replied", kind=Kind.message, actor=Actor.agent, public=True, extent=Extent.FIRST),
        Stamp(column="solved", kind=Kind.status, value="solved", extent=Extent.LAST),
    )
    status = ["open" if hours is None else "solved" for hours in rt]
    known = {"assignee_id": assignees, "status": status, **columns}
    tickets = frame.select("ticket_id").with_columns(
        *(pl.Series(name, values, dtype=TICKETS[name]) for name, values in known.items()),
        observed_until=pl.lit(START + timedelta(days=60), TICKETS["observed_until"]),
    )
    surveys = pl.DataFrame(
        {"instrument": ["csat"] * 2, "ticket_id": ["0", "1"], "score": [5.0, 1.0], "scale": ["1-5"] * 2}
    )
    return check(
        Dataset(
            history=Stamps(
                frame=frame.cast(dict.fromkeys(("created", "replied", "solved"), TICKETS["restored_at"])), stamps=stamps
            ),
            tickets=tickets,
            surveys=surveys.with_columns(
                pl.lit(None, dtype).alias(name) for name, dtype in SURVEYS.items() if name not in surveys.columns
            )
            .cast(dict(SURVEYS))
            .select(*SURVEYS),
            observes={
                Sight.created: Extent.EVERY,
                Sight.reply: Extent.FIRST,
                Sight.solve: Extent.LAST,
                Sight.rating: Extent.EVERY,
            },
        )
    )


def test_in_a_flat_export_the_assignee_stands_for_all_and_it_is_said():
    report = sk.measure(flat(["ann", "bob", "ann"]), settings=Settings(names=True), by="agent")
    for kpi in ("first_response_time", "tickets_solved", "tickets_created"):
        assert {row.group["agent"]: row.n for row in report.cells if row.kpi == kpi and row.group} == {
            "ann": 2,
            "bob": 1,
        }
    assert any(said.startswith("agents: the assignee of each ticket stands for") for said in report.method.assumptions)
    (table,) = [series for series in report.series if series.kind == "agents"]
    line = dict(zip(table.columns, table.points[0], strict=True))
    assert (line["agent"], line["solved"], line["first_response_median_s"]) == ("ann", 2, 3600.0)
    assert (line["replies"], line["active_days"], line["solved_per_active_day"]) == (None, None, None)


def test_an_export_without_an_assignee_has_no_agents_and_says_why():
    report = sk.measure(flat([None, None]), by="agent")
    rows = [row for row in report.cells if row.group]
    assert rows
    assert {row.state for row in rows} == {State.not_observed}
    assert {row.reason for row in rows} == {("needs the assignee: this export names nobody who worked on a ticket",)}
    assert not [series for series in report.series if series.kind == "agents"]
    assert not [said for said in report.method.assumptions if said.startswith("agents:")]


def test_the_table_of_agents_changes_no_row_of_the_report():
    data = flat(["ann", "bob"])
    assert sk.measure(data).cells == sk.measure(data, detail=False).cells
    assert {series.kind for series in sk.measure(data, detail=False).series} == {"load"}


def shown(report: Report, dim: str, kpi: str = "tickets_created") -> dict[str | None, int]:
    return {row.group[dim]: row.n for row in report.cells if row.kpi == kpi and row.group}


def test_classes_of_resolution_time_begin_where_the_one_before_ends():
    hours = [0.99, 1, 3.99, 4, 24, 72, 168, 720, None]
    found = shown(sk.measure(flat(["ann"] * 9, rt=hours), by="rt_bucket"), "rt_bucket")
    assert found == {
        "00-01h": 1,
        "01-04h": 2,
        "04-24h": 1,
        "1-3d": 1,
        "3-7d": 1,
        "7-30d": 1,
        "over 30d": 1,
        "unsolved": 1,
    }
    assert list(found) == sorted(found) == [*RT_CLASSES, "unsolved"]


def test_reopenings_that_the_export_counts_make_a_dimension():
    data = flat(["ann"] * 3, given_reopens=[0, 2, None])
    assert shown(sk.measure(data, by="reopened"), "reopened") == {"yes": 1, "no": 1, None: 1}


def test_ratings_take_the_dimensions_of_their_tickets():
    data = flat(["ann"] * 3, rt=[0.5, 30.0, 5.0])
    assert shown(sk.measure(data, by="rt_bucket"), "rt_bucket", "csat") == {"00-01h": 1, "1-3d": 1}


@pytest.mark.parametrize(
    ("dim", "said"), [("reopened", "reopenings"), ("solved_by", "who solved each ticket"), ("had_repeat", "requester")]
)
def test_what_an_export_cannot_show_is_a_reason_never_a_group(dim: str, said: str):
    rows = [row for row in sk.measure(flat(["ann"]), by=dim).cells if row.group]
    assert {row.state for row in rows} == {State.not_observed}
    assert all(said in " ".join(row.reason or ()) for row in rows)
    assert {row.group[dim] for row in rows} == {None}


def test_who_handled_a_ticket():
    data = sk.dataset(
        events=pl.DataFrame(
            {
                "ticket_id": ["1", "1", "2", "2", "3", "4", "4"],
                "at": [START + timedelta(hours=n) for n in range(7)],
                "kind": ["created", "message", "created", "message", "created", "created", "status"],
                "actor": ["customer", "bot", "customer", "agent", "customer", "customer", "agent"],
                "public": [None, True, None, True, None, None, None],
                "value": [None] * 6 + ["solved"],
            }
        )
    )
    assert shown(sk.measure(data, by="handled_by"), "handled_by") == {"agent": 2, "bot": 1, "nobody": 1}
    assert shown(sk.measure(data, by="solved_by"), "solved_by") == {"agent": 1, None: 3}
    assert sk.measure(data, where="solved_by=bot").get("tickets_created").n == 0
    assert sk.measure(data, where="handled_by=bot").get("tickets_created").n == 1


def test_a_column_of_the_export_keeps_its_own_name():
    data = flat(["ann"] * 2)
    data = replace(data, tickets=data.tickets.with_columns(Reopened=pl.Series(["1", "0"])))
    assert shown(sk.measure(data, by="Reopened"), "Reopened") == {"0": 1, "1": 1}


def table(report: Report) -> dict[str, dict[str, object]]:
    (series,) = [series for series in report.series if series.kind == "agents"]
    return {str(point[0]): dict(zip(series.columns, point, strict=True)) for point in series.points}


def test_who_only_took_notes_is_in_the_table_with_a_code_of_four_digits():
    data = log(
        (1, "priority", "agent", "zoe", "high"),
        (2, "message", "agent", "ann", None),
        (30, "message", "agent", "ann", None),
    )
    lines = table(sk.measure(data))
    assert {name.partition(" ")[2] for name in lines} == {digest("zoe")[:4], digest("ann")[:4]}
    ann = lines[f"agent {digest('ann')[:4]}"]
    assert (ann["replies"], ann["active_days"], ann["solved"]) == (2, 2, None), "solutions are not shown"


def test_replies_that_the_export_does_not_show_are_no_nought():
    data = log((1, "assignee", "agent", "ann", "ann"), (2, "status", "agent", "ann", "solved"))
    (line,) = table(sk.measure(data)).values()
    assert (line["replies"], line["solved"], line["active_days"]) == (None, 1, 1)

"""Agents as in ../shared/vectors/kpi.jsonl: whose each figure is, small numbers, volume beside quality."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from test_kpi_vectors import EVERY, cases

from supportkpi.decisions import Settings
from supportkpi.engine.measure import measure
from supportkpi.facts import fold
from supportkpi.facts.agents import owners, repliers
from supportkpi.metrics import catalogue
from supportkpi.report import Report
from supportkpi.reporters._cells import value
from supportkpi.reporters._words import Words
from supportkpi.schema import EVENTS, SURVEYS, TICKETS, Dataset, Log, check

pytestmark = pytest.mark.shared
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
NAMED = Settings(names=True)


def case(name: str) -> list[object]:
    return [param for param in cases("agents") if not param.values[0] or param.values[0]["id"] == name]


def dataset(events: list[dict], surveys: list[dict] = ()) -> Dataset:
    """A log of events a minute apart (``ticket_id``, ``kind`` and more), and ratings from 1 to 5 an hour later."""
    rows = [{"seq": seq, "at": START + timedelta(minutes=seq), **event} for seq, event in enumerate(events)]
    ids = list(dict.fromkeys(row["ticket_id"] for row in rows))
    until = START + timedelta(days=30)
    tickets = pl.DataFrame(
        {"ticket_id": ids, "observed_until": [until] * len(ids)},
        schema={name: TICKETS[name] for name in ("ticket_id", "observed_until")},
    )
    rated = [{"instrument": "csat", "scale": "1-5", "at": rows[-1]["at"] + timedelta(hours=1), **s} for s in surveys]
    return check(
        Dataset(
            history=Log(frame=pl.LazyFrame(rows, schema=dict(EVENTS))),
            tickets=tickets,
            surveys=pl.DataFrame(rated, schema=dict(SURVEYS)),
            observes=EVERY,
        )
    )


def told(ticket: str, *, replies: list[tuple[str, str]], solver: str, assignee: str) -> list[dict]:
    """A ticket that is assigned, answered by (actor, id), and solved."""
    said = [{"kind": "message", "actor": actor, "actor_id": name, "public": True} for actor, name in replies]
    solved = {"kind": "status", "value": "solved", "actor": "agent", "actor_id": solver}
    story = [{"kind": "created", "actor": "customer"}, {"kind": "assignee", "value": assignee}, *said, solved]
    return [{"ticket_id": ticket, **event} for event in story]


@pytest.mark.parametrize("vector", case("ag-01"))
def test_every_kpi_has_its_own_agent(vector):
    given, wanted = vector["input"]["ticket"], vector["expected"]
    replies = [("agent", name) for name in (given["first_reply_by"], *given["repliers"])]
    events = told("1", replies=replies, solver=given["solved_by"], assignee=given["assignee_at_rating"])
    facts = fold(dataset(events, [{"ticket_id": "1", "score": 5.0}]), NAMED)
    report = measure(facts, settings=NAMED, by=["agent"])
    assert owner_of(report, "first_response_time") == wanted["frt"]
    assert owner_of(report, "resolution_time") == wanted["rt"]
    assert owner_of(report, "csat") == wanted["csat_default"]
    assert repliers(facts)["agent"].to_list() == wanted["csat_all_repliers"]


def owner_of(report: Report, kpi: str) -> str | None:
    (name,) = {row.group["agent"] for row in report.cells if row.kpi == kpi and row.group and row.n}
    return name


@pytest.mark.parametrize("vector", case("ag-02"))
def test_bots_and_the_system_are_no_agents(vector):
    actors = {"system": "system", **dict.fromkeys(vector["options"]["bots"], "bot")}
    replies = [(actors.get(name, "agent"), name) for name in vector["input"]["repliers"]]
    events = told("1", replies=replies, solver="AutoBot", assignee="AutoBot")
    facts = fold(dataset(events), NAMED)
    assert repliers(facts)["agent"].to_list() == vector["expected"]["agents"]
    first = next(name for name in vector["input"]["repliers"] if name not in actors)
    assert owners(facts).tickets.select("first_replier", "solver", "assignee").row(0) == (first, None, None)


def rated(shares: dict[str, list[int]], *, solved: dict[str, int] | None = None) -> Report:
    """Everybody's ratings, satisfied of all, each on a ticket of its own; and how many they solved."""
    events, surveys = [], []
    for name, (x, n) in shares.items():
        for place in range(max(n, (solved or {}).get(name, 0))):
            ticket = f"{name}-{place}"
            events += told(ticket, replies=[("agent", name)], solver=name, assignee=name)
            surveys += [{"ticket_id": ticket, "score": 5.0 if place < x else 1.0}] if place < n else []
    return measure(fold(dataset(events, surveys), NAMED), settings=NAMED, by=["agent"])


@pytest.mark.parametrize("vector", case("ag-03"))
def test_four_of_four_says_less_than_180_of_200(vector):
    report = rated(vector["input"])
    for name, wanted in vector["expected"].items():
        row = report.get("csat", agent=name)
        assert (row.value, row.low, row.high) == pytest.approx(tuple(wanted.values()), abs=vector["tolerance"])


@pytest.mark.parametrize("vector", case("ag-04"))
def test_few_ratings_are_shown_as_counts_and_nobody_is_ranked(vector):
    report = rated(vector["input"])
    assert value(report.get("csat", agent="carl"), Words()) == vector["expected"]["shown"].replace("/", " of ")
    (table,) = [series for series in report.series if series.kind == "agents"]
    assert not any("rank" in column for column in table.columns)


@pytest.mark.parametrize("vector", case("ag-07"))
def test_solved_with_high_satisfaction_stands_beside_solved(vector):
    if "solved_with_high_csat" not in catalogue():
        pytest.skip("the KPI is not there yet")
    agents = vector["input"]["agents"]
    report = rated(
        {name: each["csat"] for name, each in agents.items()},
        solved={name: each["solved"] for name, each in agents.items()},
    )
    (table,) = [series for series in report.series if series.kind == "agents"]
    lines = {point[0]: dict(zip(table.columns, point, strict=True)) for point in table.points}
    for name, each in agents.items():
        assert lines[name]["solved"] == each["solved"]
        assert [lines[name]["csat_x"], lines[name]["csat_n"]] == each["csat"]
        assert lines[name]["solved_with_high_csat"] == vector["expected"][name]["solved_with_high_csat"]

"""Agents and load against plain Python on made-up desks of several hands, and the laws that they keep."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import oracle_agents as oracle
import pytest
from oracle_load import slots
from thorough import examples

from supportkpi.decisions import Settings
from supportkpi.engine.measure import measure
from supportkpi.facts import Facts, fold
from supportkpi.facts.agents import owners
from supportkpi.metrics import catalogue
from supportkpi.periods import window
from supportkpi.report import Report, Row, Series, State

SEEDS = range(examples(2, times=6))
ZONES = ("UTC", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe")
NAMED = Settings(names=True)


def made(seed: int, settings: Settings = NAMED) -> tuple[list[oracle.Case], list[dict[str, object]], Facts]:
    random = Random(seed)
    tickets = oracle.cases(random, random.choice((1, 6, 40)))
    surveys = oracle.ratings(random, len(tickets))
    return tickets, surveys, fold(oracle.dataset(tickets, surveys), settings)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_ticket_belongs_to_whom_plain_python_says(seed):
    tickets, surveys, facts = made(seed)
    machines, found = oracle.strangers(tickets), owners(facts)

    def persons(names: list[str | None]) -> list[str | None]:
        return [None if name in machines else name for name in names]

    assert found.tickets["first_replier"].to_list() == persons([oracle.first_replier(t) for t in tickets])
    assert found.tickets["solver"].to_list() == persons([oracle.solver(t) for t in tickets])
    assert found.tickets["solved_by"].to_list() == [oracle.solved_by(t) for t in tickets]
    of = {ticket.id: ticket for ticket in tickets}
    assert found.rated.to_list() == persons([oracle.rated(of[str(r["ticket_id"])], r) for r in surveys])


@pytest.mark.parametrize("seed", SEEDS)
def test_the_table_counts_what_each_agent_did(seed):
    tickets, _, facts = made(seed)
    period = window("2026-03-24..2026-03-31", timezone="UTC") if seed % 2 else None
    report = measure(facts, settings=NAMED, window=period)
    table = next((series for series in report.series if series.kind == "agents"), None)
    lines = {} if table is None else {p[0]: dict(zip(table.columns, p, strict=True)) for p in table.points}
    wanted = oracle.done(tickets, period.start if period else None, period.end if period else None)
    assert {name: (line["replies"], line["active_days"]) for name, line in lines.items() if name in wanted} == wanted
    for line in lines.values():
        days, solved = line["active_days"], line["solved"]
        assert line["solved_per_active_day"] == (solved / days if days else None)


@pytest.mark.parametrize("seed", SEEDS[:4])
def test_a_filter_for_an_agent_gives_the_agents_own_row(seed):
    _, _, facts = made(seed)
    whole = measure(facts, settings=NAMED, by=["agent"], detail=False)
    for name in {row.group["agent"] for row in whole.cells if row.group and row.group["agent"]}:
        alone = measure(facts, settings=NAMED, where=[f"agent={name}"], detail=False)
        for row in [row for row in whole.cells if row.group == {"agent": name} and row.n and row.kpi not in PACED]:
            total = next(each for each in alone.cells if not each.group and key(each) == key(row))
            assert (total.n, total.x, total.value, total.counts) == (row.n, row.x, row.value, row.counts), row


PACED = ("backlog",)  # days of work start with the first ticket that is seen, and a filter may hide it


def key(row: Row) -> tuple[object, ...]:
    return row.kpi, row.stat, row.clock, row.attribution


@pytest.mark.parametrize("seed", SEEDS[:4])
def test_agents_add_up_and_codes_change_no_number(seed):
    _, _, facts = made(seed)
    named = measure(facts, settings=NAMED, by=["agent"], detail=False)
    coded = measure(facts, settings=replace(NAMED, names=False), by=["agent"], detail=False)
    for kpi in ("tickets_created", "tickets_solved", "first_response_time", "csat"):
        total = next(row for row in named.cells if row.kpi == kpi and not row.group)
        parts = [row for row in named.cells if row.kpi == kpi and row.stat == total.stat and row.group]
        if any(row.state is State.not_observed for row in parts):
            assert all(row.reason and row.group == {"agent": None} for row in parts), "nobody is named"
            continue
        assert sum(row.n for row in parts) == total.n, kpi
    numbers = [sorted((key(r), r.n, r.x or 0, r.value or 0) for r in each.cells if r.group) for each in (named, coded)]
    assert str(numbers[0]) == str(numbers[1])
    said = [name for row in coded.cells for name in row.group.values() if name is not None]
    assert all(name.startswith("agent ") for name in said)
    assert named.method.fingerprint == coded.method.fingerprint


def load(report: Report, name: str = "load") -> Series | None:
    return next((series for series in report.series if series.id == name), None)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("seed", SEEDS[:4])
def test_load_is_what_plain_python_walks_through(seed, zone):
    tickets, _, _ = made(seed)
    period = window("2026-03-25..2026-04-06", timezone=zone)
    settings = Settings(timezone=zone, as_of=datetime(2026, 5, 1, tzinfo=UTC))
    facts = fold(oracle.dataset(tickets, []), settings)
    report = measure(facts, settings=settings, window=period, kpis=["tickets_created"])
    created = [t.events[0].at for t in tickets if period.start <= t.events[0].at < period.end]
    compare(load(report), slots(created, period.start, period.end, zone))
    solved = [at for t in tickets for at in oracle.solutions(t) if period.start <= at < period.end]
    compare(load(report, "load.solved"), slots(solved, period.start, period.end, zone))


def compare(found: Series | None, wanted: dict[tuple[str, int], tuple[object, ...]]) -> None:
    assert found is not None
    assert found.columns == ("weekday", "hour", "n", "exposure", "mean", "p90")
    assert [tuple(point[:2]) for point in found.points] == list(wanted)
    for point in found.points:
        assert point[2:] == pytest.approx(wanted[point[0], point[1]]), point[:2]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("seed", SEEDS[:4])
def test_hours_and_tickets_add_up(seed, zone):
    tickets, surveys, _ = made(seed)
    settings = Settings(timezone=zone)
    facts = fold(oracle.dataset(tickets, surveys), settings)
    for asked in (None, "2026-03-28..2026-03-29", "2026-03"):
        period = window(asked, timezone=zone) if asked else None
        report = measure(facts, settings=settings, window=period, kpis=["tickets_created"])
        found = load(report)
        if period is not None and facts.as_of < period.start:
            assert found is None, "nobody has seen these days"
            continue
        assert found is not None
        columns = dict(zip(found.columns, zip(*found.points, strict=True), strict=True))
        assert sum(columns["n"]) == report.get("tickets_created").n
        if asked == "2026-03-28..2026-03-29" and facts.as_of >= period.end:
            assert sum(columns["exposure"]) == (period.end - period.start) / timedelta(hours=1)


@pytest.mark.parametrize(
    ("zone", "day", "hours"), [("Europe/Berlin", date(2026, 3, 29), 23), ("UTC", date(2026, 3, 29), 24)]
)
def test_the_day_of_the_change_has_its_real_hours(zone, day, hours):
    start = datetime.combine(day, time(), tzinfo=ZoneInfo(zone)).astimezone(UTC)
    tickets = [
        oracle.Case(id="1", requester_id="eve", assignee_id=None, events=[oracle.Told(at=start, kind="created")])
    ]
    settings = Settings(timezone=zone, as_of=start + timedelta(days=3))
    facts = fold(oracle.dataset(tickets, []), settings)
    report = measure(facts, settings=settings, window=window(f"{day}", timezone=zone), kpis=["tickets_created"])
    found = load(report)
    assert found is not None
    assert sum(point[3] for point in found.points) == hours


def test_every_kpi_says_whose_it_is():
    assert {metric.owner for metric in catalogue().values()} <= {*owners(made(1)[2]).tickets.columns}

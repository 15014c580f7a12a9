"""One body over every KPI: whatever the data is, its rows keep the shape that the schema promises."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from functools import cache

import polars as pl
import pytest

from supportkpi.calendars import Calendar
from supportkpi.decisions import CalendarChoice, Settings, Target, Window
from supportkpi.engine.measure import measure
from supportkpi.facts import fold
from supportkpi.metrics import catalogue
from supportkpi.report import Report, State
from supportkpi.schema import EVENTS, INSTANT, SURVEYS, TICKETS, Dataset, Extent, Log, Sight, Stamps, check

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
OFFICE = CalendarChoice(name="office", calendar=Calendar(timezone="UTC", hours={"mon-fri": ["09:00-18:00"]}))
MARCH = Window(start=START, end=START + timedelta(days=20), label="March")
UNITS = {"s", "money", "ratio", "points", "score", "tickets", "replies", "requesters", "days"}


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def tickets(rows: int) -> pl.DataFrame:
    frame = pl.DataFrame({"ticket_id": [str(row) for row in range(rows)]}, schema={"ticket_id": pl.String})
    return frame.with_columns(
        pl.lit(day(40), INSTANT).alias("observed_until"),
        pl.lit("low").alias("priority"),
        pl.lit("ann").alias("requester_id"),
    )


def full(rows: int) -> Dataset:
    """A log of tickets a day apart, every other one solved, all of them rated."""
    events = [
        {"ticket_id": str(row), "at": at, "seq": seq, "kind": kind, "actor": actor, "public": True, "value": value}
        for row in range(rows)
        for seq, (at, kind, actor, value) in enumerate(
            [
                (day(row / 4), "created", "customer", None),
                (day(row / 4 + 0.1), "message", "agent", None),
                (day(row / 4 + 0.5), "status", None, "solved" if row % 2 else "open"),
            ]
        )
    ]
    surveys = [
        {"instrument": name, "ticket_id": str(row), "score": float(row % 5 + 1), "at": day(row / 4 + 1), "scale": scale}
        for row in range(rows)
        for name, scale in (("csat", "1-5"), ("nps", None))
    ]
    return Dataset(
        history=Log(frame=pl.LazyFrame(events, schema=dict(EVENTS))),
        tickets=tickets(rows),
        surveys=pl.DataFrame(surveys, schema=dict(SURVEYS)),
        observes=dict.fromkeys(Sight, Extent.EVERY),
    )


def bare(rows: int) -> Dataset:
    """Ids and nothing else."""
    frame = tickets(rows).select("ticket_id", "observed_until")
    return Dataset(
        history=Stamps(frame=frame.select("ticket_id"), stamps=()),
        tickets=frame,
        surveys=pl.DataFrame(schema=dict(SURVEYS)),
        observes={},
    )


def spam(rows: int) -> Dataset:
    """Nothing but excluded tickets."""
    data = full(rows)
    return Dataset(
        history=data.history,
        tickets=data.tickets.with_columns(pl.lit("spam", TICKETS["exclusion"]).alias("exclusion")),
        surveys=data.surveys,
        observes=data.observes,
    )


@cache
def report(name: str, rows: int, *, period: bool) -> Report:
    data = check({"full": full, "bare": bare, "spam": spam}[name](rows))
    targets = tuple(
        Target(kpi=metric.name, value=1.0, op=None if metric.direction != "none" else ">=", text="1")
        for metric in catalogue().values()
    )
    settings = Settings(calendars=(OFFICE,), calendar="office", targets=targets)
    by = ["priority", "month", "month,priority"]
    return measure(fold(data, settings), settings=settings, window=MARCH if period else None, by=by)


KINDS = [(name, rows, period) for name in ("full", "bare", "spam") for rows in (0, 1, 60) for period in (False, True)]


@pytest.mark.parametrize(("name", "rows", "period"), KINDS)
def test_rows_keep_their_shape(name, rows, period):
    cells = report(name, rows, period=period).cells
    for kpi in catalogue():
        keeps_its_shape(kpi, [row for row in cells if row.kpi == kpi])


def keeps_its_shape(kpi, found):
    metric = catalogue()[kpi]
    totals = [row for row in found if not row.group]
    assert {row.stat for row in totals} == set(metric.stats), (
        f"{kpi}: every statistic has a row in total, also without a value"
    )
    for row in found:
        assert row.unit in UNITS
        assert row.n >= 0
        assert row.state is not State.ok or row.value is not None or row.reason, row
        if row.state in (State.empty, State.not_observed, State.needs_answer):
            assert row.value is None, row
        if row.state in (State.not_observed, State.needs_answer):
            assert row.reason, "says what would unlock it"
            assert row.n == 0
        if row.unit == "ratio" and kpi != "closure_ratio" and row.value is not None:
            assert 0 <= row.value <= 1
        if row.low is not None and row.high is not None and row.value is not None and (kpi != "nps" or row.n > 1):
            assert row.low <= row.value <= row.high, row
        assert all(isinstance(number, int) and not isinstance(number, bool) for number in row.counts.values())
        assert all(number >= 0 for count, number in row.counts.items() if count != "net_growth")
        assert all(label is None or isinstance(label, str) for label in row.group.values())
        if row.target is not None:
            assert row.verdict == ("no_data" if row.value is None else row.verdict)
            assert row.verdict in ("met", "missed", "no_data")
    json.dumps([asdict(row) for row in found], default=str, allow_nan=False)  # no nan and no infinity anywhere


@cache
def together():
    facts = fold(check(full(40)), Settings())
    return facts, measure(facts, settings=Settings(), by=["priority", "week"]).cells


@pytest.mark.parametrize("kpi", catalogue())
def test_a_kpi_measured_alone_says_what_it_says_among_all(kpi):
    facts, among = together()
    alone = measure(facts, settings=Settings(), by=["priority", "week"], kpis=[kpi]).cells
    assert alone == tuple(row for row in among if row.kpi == kpi)


def test_ids_alone_give_no_number_but_how_many_there_are():
    cells = report("bare", 60, period=False).cells
    assert {row.kpi for row in cells} == set(catalogue())
    for row in cells:
        if row.kpi == "tickets_created":
            assert row.value == 60
        else:
            assert (row.value, row.state) == (None, State.not_observed), row


def test_groups_come_in_the_order_asked_and_null_last():
    cells = report("full", 160, period=True).cells
    for kpi in catalogue():
        rows = [row for row in cells if row.kpi == kpi]
        breakdowns = list(dict.fromkeys(tuple(row.group) for row in rows))
        assert breakdowns == sorted(breakdowns, key=lambda dims: (len(dims), ",".join(dims))), kpi
        for dims in breakdowns:
            if "month" in dims:
                months = [row.group["month"] for row in rows if tuple(row.group) == dims and row.stat == rows[0].stat]
                assert months == sorted(months, key=lambda month: (month is None, month or "")), kpi

"""A report of some KPIs folds no more than they read, and says the same as a report of all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache

import polars as pl
import pytest

from supportkpi import dataset, fold, measure, pipeline
from supportkpi.facts import Facts
from supportkpi.facts.answers import beside
from supportkpi.facts.returns import COLUMNS
from supportkpi.metrics import Metric, catalogue
from supportkpi.schema import Dataset

START = datetime(2026, 3, 2, 9, tzinfo=UTC)


@cache
def desk() -> Dataset:
    """Customers who write again soon, late or never; each ticket with one reply and a solution."""
    rows = []
    for n in range(40):
        created = START + timedelta(hours=7 * n)
        of_ticket = (
            ("created", created, "customer", None),
            ("message", created + timedelta(minutes=30), "agent", None),
            ("status", created + timedelta(hours=3 + n % 5), "agent", "solved"),
        )
        rows += [
            (f"t{n}", at, len(rows) + place, kind, actor, True, value)
            for place, (kind, at, actor, value) in enumerate(of_ticket)
        ]
    names = ("ticket_id", "at", "seq", "kind", "actor", "public", "value")
    tickets = pl.DataFrame(
        {
            "ticket_id": [f"t{n}" for n in range(40)],
            "requester_id": [f"c{n % 11}" for n in range(40)],
            "status": ["solved"] * 40,
        }
    )
    return dataset(events=pl.DataFrame(rows, schema=names, orient="row"), tickets=tickets)


@cache
def folded() -> Facts:
    return fold(desk())


@pytest.mark.parametrize("kpi", list(catalogue()))
def test_a_kpi_alone_is_what_it_is_among_all(kpi: str) -> None:
    data = desk()
    alone = measure(data, kpis=[kpi], by=["month"])
    among = measure(folded(), kpis=[kpi], by=["month"])
    assert alone.cells == among.cells


@pytest.mark.parametrize("dimension", ["had_repeat", "reopened"])
def test_dimensions_that_are_made_of_facts_find_them(dimension: str) -> None:
    data = desk()
    alone = measure(data, kpis=["tickets_created"], by=[dimension], where=["had_repeat=no"])
    assert alone.cells == measure(fold(data), kpis=["tickets_created"], by=[dimension], where=["had_repeat=no"]).cells


def test_returns_are_looked_up_only_for_those_who_read_them() -> None:
    read = pipeline.measuring._read
    assert not COLUMNS.keys() & (read("resolution_time", (), ()) or set())
    assert "has_repeat" in (read(["repeat_contact_rate"], (), ()) or ())
    assert read((), (), ()) is None
    assert read("resolution_time", ["had_repeat"], ()) is None
    assert read("resolution_time", (), "Had_Repeat=yes") is None
    assert read("a KPI of the user's own", (), ()) is None


@pytest.mark.parametrize("metric", catalogue().values(), ids=list(catalogue()))
def test_what_a_kpi_counts_by_returns_it_reads_as_well(metric: Metric) -> None:
    """Counts may name any of these columns, so that a KPI has to read one of them for all to be there."""
    exprs = (metric.eligible, *metric.counts.values())
    counted = {name for expr in exprs for name in expr.meta.root_names()} & COLUMNS.keys()
    assert not counted or COLUMNS.keys() & set(metric.facts)


@pytest.mark.parametrize("ids", [["a", "b", "c"], ["c", "a"], ["a", None, "x", "a"], []])
def test_columns_stand_beside_ids_whatever_their_order(ids: list[str | None]) -> None:
    tickets = pl.DataFrame({"ticket_id": ["a", "b", "c"], "n": [1, 2, 3]})
    known = dict(tickets.iter_rows())
    found = beside(pl.Series("ticket_id", ids, dtype=pl.String), tickets)
    assert found.columns == ["n"]
    assert found["n"].to_list() == [known.get(each) for each in ids]

"""The registry of KPIs: one METRIC a file, made of constant expressions over columns that fold really makes."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import polars as pl
import pytest

from supportkpi import metrics
from supportkpi.decisions import Settings
from supportkpi.engine.measure import measure
from supportkpi.facts import FACTS, GIVEN_ONLY, SPANS, fold
from supportkpi.metrics import DURATION_STATS, SURVIVAL_STATS, Distribution, Metric, catalogue
from supportkpi.report import Row
from supportkpi.schema import EVENTS, GIVEN_SPANS, SURVEYS, TICKETS, Dataset, Extent, Kind, Log, Sight

FOLDER = Path(metrics.__file__).parent
EVERY = list(catalogue().values())
UNITS = {"s", "money", "ratio", "points", "score", "tickets", "replies", "requesters", "days"}
named = pytest.mark.parametrize("metric", EVERY, ids=lambda metric: metric.name)


@pytest.fixture(scope="module")
def columns() -> dict[str, pl.DataType]:
    """The columns of the facts of an empty desk: of tickets and of waits."""
    frame = pl.DataFrame(schema={name: TICKETS[name] for name in ("ticket_id", "observed_until")})
    desk = Dataset(
        history=Log(frame=pl.LazyFrame(schema=dict(EVENTS))),
        tickets=frame,
        surveys=pl.DataFrame(schema=dict(SURVEYS)),
        observes=dict.fromkeys(Sight, Extent.EVERY),
    )
    facts = fold(desk, Settings())
    return {**facts.waits.schema, **facts.tickets.schema}


def test_every_file_holds_one_metric_of_its_own_name():
    files = {path.stem for path in FOLDER.glob("*.py")} - {"__init__"}
    assert files == set(catalogue())
    for name, metric in catalogue().items():
        assert metric.name == name


def test_the_catalogue_has_an_order_without_ties():
    ranks = [metric.rank for metric in EVERY]
    assert ranks == sorted(set(ranks))


@named
def test_a_metric_is_told_in_sentences(metric):
    for sentence in (metric.definition, metric.why, *metric.caveats):
        assert sentence[0].isupper() or sentence[0].isdigit() or sentence.startswith(tuple(metric.stats)), sentence
        assert sentence.endswith("."), sentence
    assert metric.title
    assert len(metric.abbr) <= 20
    assert metric.min_sample >= 1
    assert metric.revision >= 1


@named
def test_names_of_stats_counts_and_companions_are_closed_lists(metric):
    assert metric.stats
    assert len(set(metric.stats)) == len(metric.stats)
    assert all(name.isidentifier() and name == name.lower() for name in (*metric.stats, *metric.counts))
    assert set(metric.shown_with) <= set(catalogue()) - {metric.name}
    assert set(metric.stat_units) <= set(metric.stats)
    assert {metric.unit_of(stat) for stat in metric.stats} <= UNITS
    assert not set(metric.counts) & {field.name for field in fields(Row)}, "a count must not hide a field of the row"


@named
def test_what_a_metric_reads_is_a_column_of_the_facts(metric, columns):
    assert bool(metric.facts) is (metric.over in ("tickets", "waits", "series")), "ratings are read as they are"
    assert set(metric.facts) <= set(columns)
    for expr in (metric.eligible, *metric.counts.values()):
        assert set(expr.meta.root_names()) <= set(columns)


@named
def test_expressions_are_truths_of_every_ticket(metric, columns):
    ticket = pl.DataFrame(schema=columns)
    for name, expr in {"eligible": metric.eligible, **metric.counts}.items():
        assert ticket.select(expr.alias(name)).schema[name] == pl.Boolean, name


@named
def test_durations_are_of_a_declared_span_and_have_every_stat(metric):
    if not isinstance(metric.measure, Distribution):
        pytest.skip("no durations")
    assert metric.stats in (DURATION_STATS, SURVIVAL_STATS)
    assert metric.unit == "s"
    assert metric.measure.span in {*(span.name for span in SPANS), *GIVEN_ONLY}
    assert metric.measure.given in (None, *GIVEN_SPANS, *GIVEN_ONLY)
    assert "invalid" in metric.counts or metric.measure.span in GIVEN_ONLY


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.name)
def test_a_mask_reads_only_what_both_forms_of_a_history_have(fact):
    assert set(fact.mask.meta.root_names()) <= {"kind", "actor", "public", "value"}
    if fact.kind is not None:
        others = [kind.value for kind in Kind if kind is not fact.kind]
        event = pl.DataFrame({"kind": others, "actor": "agent", "public": True, "value": "solved"})
        assert not event.select(fact.mask.any()).item(), "an event of another kind counts"
    assert fact.missing[0].islower()
    assert not fact.missing.endswith(".")
    assert fact.needs or fact.either


def test_facts_and_spans_have_names_of_their_own():
    names = [fact.name for fact in FACTS] + [span.name for span in SPANS]
    assert len(set(names)) == len(names)
    assert not {fact.name for fact in FACTS} & set(TICKETS)


@named
def test_every_stat_of_every_metric_has_a_row(metric):
    frame = pl.DataFrame(schema={name: TICKETS[name] for name in ("ticket_id", "observed_until")})
    desk = Dataset(
        history=Log(frame=pl.LazyFrame(schema=dict(EVENTS))),
        tickets=frame,
        surveys=pl.DataFrame(schema=dict(SURVEYS)),
        observes={},
    )
    report = measure(fold(desk, Settings()), settings=Settings(), kpis=[metric.name])
    assert [row.stat for row in report.cells] == list(metric.stats)


def test_a_metric_is_frozen():
    with pytest.raises(AttributeError):
        EVERY[0].name = "other"
    assert isinstance(EVERY[0], Metric)

"""The worked cases of ../shared/vectors/kpi.jsonl on reviews of quality: samples and scores (method 2.15)."""

from __future__ import annotations

import polars as pl
import pytest
from test_kpi_vectors import approve, cases

from supportkpi.engine.lists.sample import sampled, scored

pytestmark = pytest.mark.shared


@pytest.mark.parametrize("case", cases("qa_sample"))
def test_sample(case):
    rows = [(f"{agent}-{n}", agent) for agent, size in case["input"]["tickets_per_agent"].items() for n in range(size)]
    tickets = pl.DataFrame(rows, schema=["ticket_id", "agent"], orient="row")
    options = case["options"]
    found, strata = sampled(tickets, tickets["agent"], take=options["per_agent"], seed=options["seed"])
    assert {each.label: each.taken for each in strata} == case["expected"]["sizes"]
    fractions = {each.label: each.fraction for each in strata}
    assert fractions == pytest.approx(case["expected"]["sampling_fraction"], abs=case["tolerance"])
    backwards = tickets.reverse()
    again, _ = sampled(backwards, backwards["agent"], take=options["per_agent"], seed=options["seed"])
    assert set(again["ticket_id"]) == set(found["ticket_id"])


@pytest.mark.parametrize("case", cases("qa_score"))
def test_score(case):
    found = scored(case["input"]["scores"])
    assert set(case["expected"]) <= {"score", "answered"}
    approve(case, {"score": found.score, "answered": found.answered})

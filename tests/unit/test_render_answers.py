"""What every verb of the library answers can be rendered by the one door."""

from __future__ import annotations

import json

import pytest
from desks import REPLY, agreement, dataset

import supportkpi as sk
from supportkpi.decisions import Check, Settings, Target
from supportkpi.errors import FormatUnsupported
from supportkpi.facts import Facts

TICKETS = [
    {"id": f"T{hour}", "at": "2026-03-02 09:00", "events": [(f"2026-03-02 {hour}:00", REPLY)]} for hour in (10, 11, 15)
]


@pytest.fixture(scope="module")
def facts() -> Facts:
    check = Check(kpi="sla_first_response", expr=Target(kpi="sla_first_response", value=0.9, op=">=", text="90 %"))
    settings = Settings(sla=agreement({"first_response": "4h"}), checks=(check,))
    return sk.fold(dataset(TICKETS, "2026-03-02 20:00"), settings)


def test_each_answer_has_a_table_markdown_and_json(facts: Facts) -> None:
    receipt = sk.explain(facts, "T15")
    answers = {
        "support kpis": sk.measure(facts, settings=facts.settings, kpis=["sla_first_response"]),
        "checks": sk.check(facts, settings=facts.settings),
        "late": sk.tickets(facts, list="breached"),
        "what if": sk.whatif(facts, solve="50%"),
        "ticket t15": receipt,
        "ticket t15 ": [receipt],
    }
    for title, answer in answers.items():
        assert title.strip() in str(sk.render(answer, width=90)).lower()
        assert title.strip() in str(sk.render(answer, "markdown")).lower()
        assert json.loads(str(sk.render(answer, "json")))
        with pytest.raises(FormatUnsupported):
            sk.render(answer, "papyrus")
    assert "<testsuites" in str(sk.render(answers["checks"], "junit"))
    assert "scenario,target" in str(sk.render(answers["what if"], "csv"))

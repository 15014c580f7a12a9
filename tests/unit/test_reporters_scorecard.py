"""The scorecard: money, own figures and targets for each month; what is missing, and how sure a verdict is."""

from __future__ import annotations

from dataclasses import replace

import built_reports as built
import pytest

from supportkpi.report import Definition, Report, Row, RowTarget, State
from supportkpi.reporters import RenderOptions, named
from supportkpi.reporters._words import Words, is_money

OWN = {
    "articles": ("New articles", "count", "Your own figures of New articles, added up over the period."),
    "retention": ("Retention", "ratio", "Your own figures of Retention, the mean over the period."),
    "cost_per_contact": ("Cost per contact", "money", "Costs of the period divided by the contacts handled in it."),
    "escalation_rate": ("Escalation rate", "ratio", "Tickets that rose to a higher line."),
}


def definition(kpi: str) -> Definition:
    title, unit, text = OWN[kpi]
    return Definition(
        kpi=kpi,
        title=title,
        abbr=title,
        unit=unit,
        direction="none",
        definition=text,
        why="",
        stats=("value",),
        revision=1,
    )


def held(kpi: str, stat: str = "value", **given: object) -> Row:
    shared = {"unit": OWN[kpi][1], "attribution": None, "period": "2026-Q1", "certainty": "uncertain"}
    return replace(built.row(kpi, stat, n=0), **(shared | given))  # type: ignore[arg-type]


def report(*cells: Row) -> Report:
    known = {kpi: definition(kpi) for kpi in OWN}
    return replace(built.quarter(), cells=cells, method=built.method(definitions=known), findings=(), series=())


def card(*cells: Row, form: str = "table", width: int = 120, lang: str = "en") -> list[str]:
    text = named(form).render(report(*cells), RenderOptions(width=width, lang=lang))
    assert isinstance(text, str)
    lines = text.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(("KPI", "| KPI")))
    return lines[start : next((at for at in range(start, len(lines)) if not lines[at].strip()), len(lines))]


MONTHLY = held(
    "articles",
    "per_month",
    n=69,
    value=23.0,
    basis="given",
    verdict="met",
    target=RowTarget(op=">=", value=20.0, text=">= 20/month"),
)
PRICE = held(
    "cost_per_contact",
    n=5576,
    x=71_874.64,
    value=12.89,
    unit="EUR",
    verdict="missed",
    target=RowTarget(op="<=", value=12.0, text="EUR 12"),
)
MISSING = held(
    "escalation_rate",
    state=State.not_observed,
    reason=("no support level",),
    verdict="no_data",
    certainty=None,
    target=RowTarget(op="<", value=0.05, text="< 5%"),
)


def test_money_has_its_currency_and_own_figures_have_no_doubt() -> None:
    _, price, monthly = card(PRICE, MONTHLY)
    assert price.split() == ["Cost", "per", "contact", "≤", "EUR", "12", "EUR", "12.89", "5,576", "–", "✗", "missed"]
    assert monthly.split() == ["New", "articles,", "a", "month", "≥", "20", "23", "69", "–", "✓", "met"]


def test_what_the_export_cannot_show_has_its_reason_behind_the_verdict() -> None:
    lines = card(MISSING)
    assert lines[1].rstrip().endswith("– not in this export  no support level")
    assert "< 5 %" in lines[1]
    narrow = card(
        replace(MISSING, reason=("no support level: name the lines of the groups under escalation",)), width=80
    )
    assert narrow[2].strip() == "no support level: name the lines of the groups under escalation"


def test_a_target_for_each_week_is_told_in_weeks() -> None:
    target = RowTarget(op=">=", value=65.0, text=">= 5/week", per="week", periods=13.0)
    _, line = card(held("articles", n=69, value=69.0, basis="given", verdict="met", target=target))
    assert line.split() == [*["New", "articles", "≥", "5", "a", "week", "5.3", "a", "week", "69", "–", "✓", "met"]]


def test_a_mean_of_few_months_is_no_sample() -> None:
    target = RowTarget(op=">=", value=0.95, text="95%")
    _, line = card(held("retention", n=3, value=0.9467, basis="given", verdict="missed", target=target))
    assert line.split()[-6:] == ["94.7", "%", "3", "–", "✗", "missed"]


@pytest.mark.parametrize(("value", "shown"), [(12.004, "EUR 12.004"), (12.001, "EUR 12.001"), (11.999, "EUR 12.00")])
def test_rounding_hides_no_cent_that_decides(value: float, shown: str) -> None:
    verdict = "missed" if value > 12 else "met"
    _, line = card(replace(PRICE, value=value, verdict=verdict))
    assert shown in line


def test_documents_tell_description_period_and_certainty() -> None:
    sure = replace(
        built.share("csat", 870, 1000, 0.848, 0.889),
        target=RowTarget(op=">=", value=0.9, text="90%"),
        verdict="missed",
        certainty="sure",
    )
    head, _, first, second, third = card(sure, replace(sure, certainty="uncertain"), PRICE, form="markdown")
    assert [part.strip() for part in head.split("|")[1:-1]] == [
        *("KPI", "description", "target", "actual", "period", "n", "likely range", "verdict", "certainty", "")
    ]
    assert [line.split("|")[-3].strip() for line in (first, second, third)] == ["sure", "uncertain", "–"]
    assert "Costs of the period divided by the contacts" in third


def test_the_sentence_counts_what_could_be_judged() -> None:
    text = named("table").render(report(PRICE, MONTHLY, MISSING), RenderOptions(width=120))
    assert isinstance(text, str)
    assert "1 of 2 targets met. 1 target cannot be judged." in text


@pytest.mark.parametrize("width", [60, 80, 97])
def test_a_narrow_card_keeps_the_verdict(width: int) -> None:
    lines = card(PRICE, MONTHLY, MISSING, width=width)
    assert all(len(line) <= width for line in lines)
    assert sum(word in line for line in lines for word in ("✗ missed", "✓ met", "– not in")) == 3


def test_units_of_money() -> None:
    assert [is_money(unit) for unit in ("EUR", "money", "s", "ratio", "count")] == [True, True, False, False, False]
    words = Words("en")
    assert [words.money(value, "EUR") for value in (12.0, 12.5, 1234.56, -3.0)] == [
        *("EUR 12", "EUR 12.50", "EUR 1,235", "EUR −3")
    ]
    assert words.money(12.5, "money") == "12.50"


def test_the_rows_are_those_of_customers_and_those_of_agents() -> None:
    month = built.month()
    text = named("table").render(replace(month, ledger=replace(month.ledger, by_agents=64)), RenderOptions(width=120))
    assert "2,050 = 1,903 from customers + 64 by agents + 81 excluded (49 spam, 32 merged) + 2 rejected" in str(text)
    text = named("table").render(month, RenderOptions(width=120))
    assert "2,050 = 1,967 used + 81 excluded" in str(text)

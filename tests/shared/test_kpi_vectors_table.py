"""The worked cases of ../shared/vectors/kpi.jsonl on costs, the user's own figures and targets."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from supportkpi.config import parse_config
from supportkpi.decisions import Cost, Settings
from supportkpi.engine.grouping.rows import judged
from supportkpi.engine.measure import measure
from supportkpi.engine.statistics.intervals import wilson
from supportkpi.facts import fold
from supportkpi.metrics import Metric, catalogue
from supportkpi.periods import window
from supportkpi.pipeline import dataset, settings_for
from supportkpi.report import Report, Row, State
from supportkpi.reporters._cells import value
from supportkpi.reporters._words import Words
from supportkpi.schema import Dataset, Extent, Sight
from supportkpi.targets import parse

VECTORS = Path(__file__).parents[3] / "shared" / "vectors" / "kpi.jsonl"
pytestmark = pytest.mark.shared
DAYS = {1: 31, 2: 28, 3: 31}
KPIS = {
    "Среднее время отклика": "first_response_time.mean",
    "Среднее время решения": "resolution_time.mean",
    "Доля эскалаций": "escalation_rate",
    "Уровень удовлетворенности": "csat",
    "CTC": "cost_per_contact",
    "Вовлеченность клиентов после обращения": "returned_without_repeat",
    "Скорость эскалации по критичным тикетам": "escalation_time.mean",
    "Доля повторных обращений": "repeat_contact_rate",
    "Частота обновления базы знаний": "updates",
    "Рейтинг NPS": "nps",
}


def cases(*groups: str) -> list[object]:
    if not VECTORS.exists():
        return [pytest.param({}, marks=pytest.mark.skip(reason="no reference vectors beside the repository"))]
    rows = [json.loads(line) for line in VECTORS.read_text().splitlines()]
    return [pytest.param(row, id=row["id"]) for row in rows if row["kpi"] in groups]


def case(name: str) -> dict:
    found = [param.values[0] for param in cases("cost_per_contact", "kb_updates", "kpi_table")]
    return next((one for one in found if one.get("id") == name), None) or pytest.skip("no reference vectors")


# --- costs -------------------------------------------------------------------------------------------------------


def month(amount: float, *, currency: str = "EUR", channel: str | None = None, name: str = "costs") -> dict:
    days = {"start": date(2026, 3, 1), "end": date(2026, 3, 31)}
    return {"name": name, **days, "value": amount, "unit": "money", "currency": currency, "channel": channel}


def desk(
    created: int, handled: int, resolved: int, series: list[dict], *, channels: list[str] | None = None
) -> Dataset:
    """Tickets of the first ten days of March, of which the first ones were answered, and solved."""
    start = datetime(2026, 3, 1, tzinfo=UTC)
    events = []
    for number in range(created):
        at = start + timedelta(seconds=number * 860_000 / max(created - 1, 1))
        ticket = {"ticket_id": str(number), "public": True}
        events.append({**ticket, "at": at, "kind": "created", "actor": "customer"})
        if number < handled:
            events.append({**ticket, "at": at + timedelta(seconds=1), "kind": "message", "actor": "agent"})
        if number < resolved:
            events.append({**ticket, "at": at + timedelta(seconds=2), "kind": "status", "value": "solved"})
    end = datetime(2026, 3, 31, 20, tzinfo=UTC)
    tickets = pl.DataFrame({"ticket_id": [str(n) for n in range(created)], "observed_until": [end] * created})
    if channels is not None:
        tickets = tickets.with_columns(pl.Series("channel", channels))
    figures = pl.DataFrame(series) if series else None
    seen = dict.fromkeys(Sight, Extent.EVERY)
    log = pl.DataFrame(events, infer_schema_length=None)
    return dataset(events=log, tickets=tickets, series=figures, observes=seen)


def report(data: Dataset, period: str = "2026-03", *, by: tuple[str, ...] = (), **options: object) -> Report:
    settings = Settings(**options)  # type: ignore[arg-type]
    cut = window(period, timezone="UTC")
    return measure(fold(data, settings), settings=settings, window=cut, by=by, kpis=["cost_per_contact"])


def test_a_target_on_costs() -> None:
    given = case("cost-01")
    currency = given["input"]["currency"]
    target = parse("cost_per_contact", f"{currency} 12", unit="money", direction="lower")
    amount, contacts = given["input"]["cost"], given["input"]["contacts"]
    data = desk(contacts, contacts, 0, [month(amount, currency=currency)])
    row = report(data, targets=(target,)).get("cost_per_contact")
    assert (row.value, row.unit) == (given["expected"]["value"], given["input"]["currency"])
    assert row.verdict == given["expected"]["status_vs_target_12"]


def test_what_costs_are_divided_by() -> None:
    given = case("cost-02")
    counts = given["input"]
    data = desk(counts["created"], counts["handled"], counts["resolved"], [month(counts["cost"])])
    found = report(data)
    wanted = given["expected"]
    assert found.get("cost_per_contact", "value").value == wanted["per_handled"]
    assert found.get("cost_per_contact", "per_created").value == wanted["per_created"]
    assert found.get("cost_per_contact", "per_resolved").value == wanted["per_resolved"]
    for name in ("created", "resolved", "handled"):
        assert report(data, cost=Cost(denominator=name)).get("cost_per_contact").value == wanted[f"per_{name}"]


def test_no_contacts_have_no_cost() -> None:
    given = case("cost-03")
    row = report(desk(3, 0, 0, [month(given["input"]["cost"])])).get("cost_per_contact")
    assert (row.value, row.n, row.state) == (given["expected"]["value"], 0, State.empty)


def test_a_month_is_prorated() -> None:
    given = case("cost-04")
    contacts = given["input"]["contacts"]
    data = desk(contacts, contacts, 0, [month(given["input"]["monthly_cost"])])
    row = report(data, f"2026-03-01..2026-03-{given['input']['period_days']:02d}").get("cost_per_contact")
    assert (row.value, row.n) == (given["expected"]["value"], contacts)


def test_minutes_at_a_rate() -> None:
    given = case("cost-05")
    minutes = given["input"]["handle_minutes"]
    bare = desk(len(minutes), len(minutes), 0, [])
    data = replace(bare, tickets=bare.tickets.with_columns(pl.Series("given_handle_s", [60.0 * m for m in minutes])))
    cost = Cost(rate_per_hour=given["input"]["rate_per_hour"], utilisation=given["input"]["utilisation"])
    assert report(data, cost=cost).get("cost_per_contact").value == pytest.approx(given["expected"]["per_contact"])


def test_what_repeats_cost_and_those_above_the_target() -> None:
    given = case("cost-06")["input"]
    contacts, repeats = given["contacts"], round(given["contacts"] * given["repeat_rate"])
    data = desk(contacts, contacts, contacts, [month(given["cost_per_contact"] * contacts)])
    # Pairs of one customer, half a second's solution and another ticket; all others are of customers of their own.
    whose = [f"again {n // 2}" if n < 2 * repeats else f"once {n}" for n in range(contacts)]
    data = replace(data, tickets=data.tickets.with_columns(pl.Series("requester_id", whose)))
    target = parse("repeat_contact_rate", f"<= {given['target_rate']:.0%}", unit="ratio", direction="lower")
    row = report(data, targets=(target,)).get("cost_per_contact", "of_repeats")
    each = report(data).get("cost_per_contact").value
    assert (row.value, row.unit, row.counts["repeats"]) == (case("cost-06")["expected"]["repeat_cost"], "EUR", repeats)
    assert row.counts["over_target"] * each == case("cost-06")["expected"]["gap_to_target"]


def test_channels_come_to_the_total() -> None:
    given = case("cost-07")
    channels = given["input"]["channels"]
    whose = [name for name, one in channels.items() for _ in range(one["contacts"])]
    series = [month(one["cost"], channel=name) for name, one in channels.items()]
    found = report(desk(len(whose), len(whose), 0, series, channels=whose), by=("channel",))
    for name in channels:
        assert found.get("cost_per_contact", channel=name).value == pytest.approx(given["expected"][name])
    assert found.get("cost_per_contact").value == pytest.approx(given["expected"]["total"])


def test_two_currencies_are_not_added_up() -> None:
    given = case("cost-08")
    series = [month(row["cost"], currency=row["currency"]) for row in given["input"]["rows"]]
    data = desk(10, 10, 0, series)
    row = report(data).get("cost_per_contact")
    assert (row.value, row.state) == (None, State.needs_answer)
    assert "EUR and RUB are not added up" in row.reason[0]
    settings = Settings()
    one = measure(fold(data, settings), settings=settings, where=["currency=EUR"], kpis=["cost_per_contact"])
    assert one.get("cost_per_contact").unit == "EUR"


# --- own figures -------------------------------------------------------------------------------------------------


def test_articles_a_month() -> None:
    given = case("kb-01")
    series = [
        {"name": "articles", "start": date(2026, number, 1), "end": date(2026, number, DAYS[number]), "value": float(n)}
        for number, n in enumerate(given["input"]["articles_created"], 1)
    ]
    data = desk(3, 3, 3, series)
    settings = settings_for(parse_config('targets: {articles: ">= 20/month"}'), data)
    quarter = window("2026-Q1", timezone="UTC")
    found = measure(fold(data, settings), settings=settings, window=quarter, kpis=["articles"])
    assert found.get("articles").value == given["expected"]["total"]
    row = found.get("articles", "per_month")
    assert (row.value, row.verdict) == (given["expected"]["per_month"], given["expected"]["status"])


# --- the table ---------------------------------------------------------------------------------------------------


def metric_of(name: str) -> Metric:
    if name != "updates":
        return catalogue()[name.partition(".")[0]]
    base = catalogue()["tickets_created"]
    return replace(base, name="updates", unit="count", direction="higher")


def held(name: str, target: str, actual: float, **row: object) -> Row:
    """A row of a KPI as the scorecard has it, held against a target."""
    metric, (kpi, _, stat) = metric_of(name), name.partition(".")
    wanted = parse(name, target, unit=metric.unit, direction=metric.direction)
    days = [(date(2026, 1, 1), date(2026, 1, 31))]
    made = Row(
        kpi=kpi,
        stat=stat or metric.stats[0],
        clock="calendar" if metric.unit == "s" else None,
        attribution=None,
        group={},
        period="2026-Q1",
        period_start=None,
        period_end=None,
        unit=metric.unit,
        value=actual,
        **{"n": 1000, **row},  # type: ignore[arg-type]
    )
    return judged(made, metric, Settings(targets=(wanted,)), days)


def actual_of(name: str, text: str) -> float:
    """A value as the table of the source text has it, read by the grammar of targets."""
    metric = metric_of(name)
    return parse(name, text, unit=metric.unit, direction="higher").value


def test_the_table_of_the_source_row_by_row() -> None:
    given = case("tab-01")
    rows = [
        held(KPIS[row["kpi"]], row["target"], actual_of(KPIS[row["kpi"]], row["actual"]))
        for row in given["input"]["rows"]
    ]
    assert [row.verdict for row in rows] == given["expected"]["status"]
    assert sum(row.verdict == "met" for row in rows) == given["expected"]["met"]


def test_strict_and_other_limits() -> None:
    given = case("tab-02")
    kpis = ("escalation_rate", "repeat_contact_rate", "nps")
    rows = [held(kpi, row["target"], row["actual"]) for kpi, row in zip(kpis, given["input"]["rows"], strict=True)]
    assert [row.verdict for row in rows] == given["expected"]["status"]


def test_the_value_is_compared_before_it_is_rounded() -> None:
    given = case("tab-03")
    one = given["input"]["rows"][0]
    row = held("repeat_contact_rate", one["target"], one["num"] / one["den"], n=one["den"], x=float(one["num"]))
    assert row.value == given["expected"]["actual"]
    assert row.verdict == given["expected"]["status"]
    assert value(row, Words()) == given["expected"]["shown"]


def test_a_target_inside_the_interval_is_uncertain() -> None:
    given = case("tab-06")
    rows = []
    for one in given["input"]["rows"]:
        low, high = wilson(one["x"], one["n"])
        rows.append(held("csat", one["target"], one["x"] / one["n"], n=one["n"], x=float(one["x"]), low=low, high=high))
    assert [row.verdict for row in rows] == given["expected"]["status"]
    assert [row.certainty for row in rows] == given["expected"]["certainty"]

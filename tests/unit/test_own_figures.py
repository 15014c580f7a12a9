"""The user's own figures as KPIs: by name, under filters, against targets; money of one currency."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

import supportkpi as sk
from supportkpi.config import parse_config
from supportkpi.decisions import Settings
from supportkpi.engine.definitions import fingerprint
from supportkpi.engine.kpis.series import own_kpis, series_id, stretch_of
from supportkpi.errors import DimensionUnknown, KpiUnknown, TargetWrong, ValueUnknown
from supportkpi.metrics import catalogue
from supportkpi.pipeline import kpis_named, measure, settings_for
from supportkpi.report import Report, State
from supportkpi.schema import SERIES, Dataset, FileLedger

MONTHS = [
    (date(2026, 1, 1), date(2026, 1, 31)),
    (date(2026, 2, 1), date(2026, 2, 28)),
    (date(2026, 3, 1), date(2026, 3, 31)),
]


def figures(name: str, *values: float, **columns: str | None) -> pl.DataFrame:
    rows = [
        {"name": name, "start": a, "end": b, "value": v, **columns} for (a, b), v in zip(MONTHS, values, strict=False)
    ]
    return pl.DataFrame(rows, schema=dict(SERIES))


def desk(*series: pl.DataFrame, **columns: str) -> Dataset:
    """A ticket a day from January to March, each answered and solved within hours."""
    start = datetime(2026, 1, 1, 9, tzinfo=UTC)
    told = (("created", "customer", None, 0), ("message", "agent", None, 1), ("status", "agent", "solved", 2))
    events = [
        {
            "ticket_id": str(day),
            "at": start + timedelta(days=day, hours=hours),
            "kind": kind,
            "actor": actor,
            "public": True,
            "value": value,
        }
        for day in range(90)
        for kind, actor, value, hours in told
    ]
    tickets = pl.DataFrame({"ticket_id": [str(day) for day in range(90)], "priority": ["high", "low"] * 45})
    tickets = tickets.with_columns(pl.lit(value).alias(name) for name, value in columns.items())
    log = pl.DataFrame(events, infer_schema_length=None)
    return sk.dataset(events=log, tickets=tickets, series=pl.concat(series) if series else None)


def report(data: Dataset, config: str = "{}", period: str = "2026-Q1", **asked: object) -> Report:
    settings = settings_for(parse_config(config), data)
    return measure(data, settings=settings, period=period, detail=False, **asked)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "known_as"),
    [
        ("New articles", "new_articles"),
        ("Новые статьи, шт.", "новые_статьи_шт"),
        ("NPS", "nps_series"),
        ("%", "series"),
    ],
)
def test_a_series_is_a_kpi_by_its_name(name: str, known_as: str) -> None:
    assert series_id(name) == known_as


def test_counts_and_money_add_up_and_shares_are_averaged() -> None:
    series = pl.concat(
        [
            figures("articles", 21, 23, 25),
            figures("retention", 0.94, 0.95, 0.99, unit="ratio"),
            figures("costs", 10, 20, 30, unit="money", currency="EUR"),
            figures("cost per article", 10, 20, 30, unit="money", currency="EUR"),
        ]
    )
    found = {name: metric.adds_up for name, metric in own_kpis(series).items()}
    assert found == {"articles": True, "retention": False, "costs": True, "cost_per_article": False}
    rows = report(desk(series))
    assert rows.get("articles").value == 69
    assert rows.get("articles", "per_month").value == 23
    assert rows.get("retention").value == pytest.approx(0.96)
    assert (rows.get("costs").value, rows.get("costs").unit) == (60, "EUR")
    assert rows.get("cost_per_article").value == 20


def test_a_month_without_a_figure_is_not_nought() -> None:
    row = report(desk(figures("articles", 20, 24))).get("articles", "per_month")
    assert (row.value, dict(row.counts)) == (22, {"figures": 2, "days": 90, "days_covered": 59})
    assert row.reason == ("the figures cover 59 of 90 days",)


def test_a_period_without_figures_has_no_value() -> None:
    row = report(desk(figures("articles", 20)), period="2026-03").get("articles")
    assert (row.value, row.state, row.n) == (None, State.empty, 0)


def test_single_days_cover_the_days_between_and_a_month_that_they_nearly_fill() -> None:
    days = [date(2026, 1, 2), date(2026, 1, 9), date(2026, 1, 30)]
    rows = pl.DataFrame({"start": days, "end": days})
    assert stretch_of(rows) == [(date(2026, 1, 1), date(2026, 1, 31))]
    assert stretch_of(rows.head(2)) == [(date(2026, 1, 1), date(2026, 1, 9))]


def test_targets_labels_and_names_of_the_config_take_series() -> None:
    config = 'targets: {articles: ">= 20/month", retention: "95%"}\nlabels: {articles: Help articles}'
    with pytest.raises(TargetWrong, match="does not say which side is good"):
        report(desk(figures("articles", 1), figures("retention", 0.9, unit="ratio")), config)
    found = report(desk(figures("articles", 21, 23, 25)), config.replace(', retention: "95%"', ""))
    assert found.get("articles", "per_month").verdict == "met"
    assert found.get("articles").target is None
    assert found.method.definitions["articles"].title == "Help articles"


def test_a_name_that_nothing_has_is_told_with_the_nearest_one() -> None:
    data = desk(figures("articles", 21))
    with pytest.raises(KpiUnknown) as told:
        report(data, 'targets: {artcles: ">= 20/month"}')
    assert told.value.hint == "did you mean articles?"
    assert told.value.where is not None
    assert told.value.where.line == 1
    with pytest.raises(KpiUnknown, match='no KPI is called "artcles"'):
        report(data, "labels: {artcles: X}")
    with pytest.raises(KpiUnknown) as told:
        kpis_named(["artcles"], data)
    assert told.value.hint == "did you mean articles?"
    assert kpis_named(["Articles", "frt"], data) == ["articles", "first_response_time"]


def test_settings_read_before_the_data_wait_for_its_names() -> None:
    settings = sk.settings({"targets": {"articles": ">= 20/month", "csat": ">= 90%"}})
    assert dict(settings.targets_to_read) == {"articles": ">= 20/month"}
    found = sk.measure(desk(figures("articles", 21, 23, 25)), settings=settings, period="2026-Q1", kpis=["articles"])
    assert found.get("articles", "per_month").verdict == "met"
    with pytest.raises(KpiUnknown):
        sk.measure(desk(), settings=settings)


def test_a_filter_of_tickets_is_none_of_own_figures() -> None:
    data = desk(figures("articles", 21), figures("costs", 100, 100, 100, unit="money", currency="EUR"))
    found = report(data, where=["priority=high"])
    for kpi in ("articles", "costs", "cost_per_contact"):
        row = found.get(kpi)
        assert (row.value, row.state) == (None, State.not_observed)
        assert row.reason == ("your own figures are not split that way (priority=high)",)


def test_costs_that_a_filter_leaves_out_are_not_asked_for_again() -> None:
    costs = figures("costs", 100, 100, 100, unit="money", currency="EUR", channel="email")
    data = desk(costs, channel="chat")
    assert report(data, where=["channel=chat"]).get("cost_per_contact").reason == ("no figure passes the filters",)
    (reason,) = report(desk(channel="chat"), where=["channel=chat"]).get("cost_per_contact").reason or ()
    assert reason.startswith("no costs: give a file")


def test_a_currency_is_chosen_by_a_filter() -> None:
    euros, roubles = (figures("costs", 90, 90, 90, unit="money", currency=code) for code in ("EUR", "RUB"))
    data = desk(euros, roubles)
    mixed = report(data).get("cost_per_contact")
    assert (mixed.value, mixed.state) == (None, State.needs_answer)
    assert mixed.reason == ("amounts in EUR and RUB are not added up: choose one with --where currency=EUR",)
    assert report(data).get("costs").state is State.needs_answer
    found = report(data, where=["currency=rub"])
    assert (found.get("cost_per_contact").value, found.get("cost_per_contact").unit) == (3, "RUB")
    assert report(data, where=["currency!=EUR"]).get("costs").unit == "RUB"
    assert found.get("tickets_created").value == 90, "no ticket has a currency: none is left out"
    with pytest.raises(ValueUnknown, match="currency is never 'USD'"):
        report(data, where=["currency=USD"])
    with pytest.raises(DimensionUnknown):
        report(desk(), where=["currency=EUR"])


def test_money_is_never_compared_with_another_currency() -> None:
    data = desk(figures("costs", 90, 90, 90, unit="money", currency="RUB"))
    row = report(data, "targets: {cost_per_contact: EUR 12}").get("cost_per_contact")
    assert (row.verdict, row.value) == ("no_data", 3)
    assert row.reason == ("the target is in EUR, the costs are in RUB: nothing is converted",)
    assert report(data, "targets: {cost_per_contact: 12}").get("cost_per_contact").verdict == "met"


def test_tenths_of_a_cent_do_not_get_lost() -> None:
    data = desk(*(figures("costs", value, unit="money", currency="EUR") for value in (0.1, 0.2)))
    assert report(data, period="2026-01").get("costs").value == 0.3


def test_costs_are_those_called_so_and_not_what_was_earned() -> None:
    def per_contact(*series: pl.DataFrame) -> float | None:
        return report(desk(*series)).get("cost_per_contact").value

    revenue = figures("Revenue", 900, 900, 900, unit="money", currency="EUR")
    salaries = figures("Salaries", 90, 90, 90, unit="money", currency="EUR")
    tools = figures("Tools", 30, 30, 30, unit="money", currency="EUR")
    whole = figures("Support costs", 60, 60, 60, unit="money", currency="EUR")
    assert per_contact(revenue) is None
    assert per_contact(revenue, salaries) == 3
    assert per_contact(salaries, tools, revenue) == 4
    assert per_contact(salaries, tools, whole) == 2


def test_a_target_for_each_month_of_tickets() -> None:
    found = report(desk(), 'targets: {tickets_created: ">= 30/month"}', by=["month", "priority"])
    row = found.get("tickets_created")
    assert (row.value, row.verdict) == (90, "met")
    assert row.target is not None
    assert (row.target.value, row.target.per, row.target.periods) == (90, "month", 3)
    assert found.get("tickets_created", month="2026-02").verdict == "missed", "28 of 30"
    assert found.get("tickets_created", priority="high").target is None, "a part is not held against the whole"


def test_a_running_month_is_held_against_the_days_that_are_there() -> None:
    data = desk()
    row = report(data, 'targets: {tickets_created: ">= 30/month"}', period="2026-02..2026-06").get("tickets_created")
    assert row.target is not None
    assert row.target.periods == pytest.approx(2), "the data ends with March"


def test_a_series_changes_no_fingerprint() -> None:
    plain, more = report(desk()), report(desk(figures("articles", 21)))
    assert plain.method.fingerprint == more.method.fingerprint
    assert plain.method.fingerprint == fingerprint(list(catalogue().values()), Settings())


def test_files_of_figures_alone_show_no_tickets() -> None:
    empty = replace(sk.dataset(events=desk().history.frame.head(0).collect()), series=figures("articles", 21))  # type: ignore[union-attr]
    found = report(empty)
    assert found.get("articles").value == 21
    row = found.get("tickets_created")
    assert (row.value, row.reason) == (None, ("no tickets: these files hold figures of your own only",))


def test_the_ledger_tells_tickets_of_agents_where_every_row_is_a_ticket() -> None:
    data = desk(opener="agent")
    rows = FileLedger(path="tickets.csv", rows_read=90, used=90)
    assert report(replace(data, ledger=(rows,))).ledger.by_agents == 90
    assert report(replace(data, ledger=(replace(rows, rows_read=180, used=180),))).ledger.by_agents is None
    assert report(replace(desk(opener="customer"), ledger=(rows,))).ledger.by_agents is None

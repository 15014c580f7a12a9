"""Targets: the grammar of method 2.16 and interface.md 3."""

import json
from pathlib import Path

import pytest

from supportkpi.errors import OptionWrong, TargetWrong
from supportkpi.targets import parse, split_key, split_option

VECTORS = Path(__file__).resolve().parents[2].parent / "shared" / "vectors" / "kpi.jsonl"


@pytest.mark.parametrize(
    ("text", "op", "value"),
    [
        (">= 90%", ">=", 0.9),
        ("≥ 90 %", ">=", 0.9),
        ("<8%", "<", 0.08),
        ("> 99.95%", ">", 0.9995),
        ("= 100%", "=", 1.0),
        ("99,5 %", ">=", 0.995),
        ("90\u202f%", ">=", 0.9),
        ("0.5%", ">=", 0.005),
        (90, ">=", 0.9),
        ("90", ">=", 0.9),
        (87.5, ">=", 0.875),
    ],
)
def test_a_share_is_percent(text: str | float, op: str, value: float) -> None:
    target = parse("csat", text, unit="ratio", direction="higher")
    assert (target.op, target.value) == (op, pytest.approx(value, abs=1e-12))


@pytest.mark.parametrize(("text", "either"), [(0.9, "90% or 0.9%"), ("0,9", "90% or 0.9%"), ("1", "100% or 1%")])
def test_a_bare_number_up_to_one_is_refused_on_a_share(text: str | float, either: str) -> None:
    with pytest.raises(TargetWrong, match="of csat may mean") as raised:
        parse("csat", text, unit="ratio", direction="higher")
    assert raised.value.hint == f"write {either}"


@pytest.mark.parametrize(
    ("text", "op", "seconds"),
    [
        ("PT1H", "<=", 3600.0),
        ("PT1H30M", "<=", 5400.0),
        ("45m", "<=", 2700.0),
        ("< 1h 30m", "<", 5400.0),
        ("35 мин", "<=", 2100.0),
        ("2 ч 10 м", "<=", 7800.0),
        ("≤ 00:45:00", "<=", 2700.0),
    ],
)
def test_a_duration_is_seconds(text: str, op: str, seconds: float) -> None:
    target = parse("first_response_time", text, unit="s", direction="lower")
    assert (target.op, target.value) == (op, seconds)


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        ("EUR 12", 12.0, "EUR"),
        ("12,50 EUR", 12.5, "EUR"),
        ("€12", 12.0, "EUR"),
        ("12 ₽", 12.0, "RUB"),
        ("300 руб.", 300.0, "RUB"),
        ("$1,200.50", 1200.5, "USD"),
        ("1 200,50 eur", 1200.5, "EUR"),
        ("1.200,50 EUR", 1200.5, "EUR"),
        (12, 12.0, None),
    ],
)
def test_money_is_its_value_with_or_without_a_currency(text: str | float, value: float, currency: str | None) -> None:
    target = parse("cost_per_contact", text, unit="money", direction="lower")
    assert (target.op, target.value, target.currency) == ("<=", value, currency)


@pytest.mark.parametrize("text", ["EUR 1,200", "1.200"])
def test_one_sign_before_three_digits_may_be_either_in_money(text: str) -> None:
    with pytest.raises(TargetWrong, match="may mean thousands or decimals") as raised:
        parse("cost_per_contact", text, unit="money", direction="lower")
    assert raised.value.hint == "write 1200 or 1.2000"


@pytest.mark.parametrize(
    ("text", "points"), [(50, 50.0), ("+50", 50.0), ("-10", -10.0), ("\u221210", -10.0), ("15%", 15.0), (0, 0.0)]
)
def test_points_are_what_is_written(text: str | float, points: float) -> None:
    assert parse("nps", text, unit="points", direction="higher").value == points


@pytest.mark.parametrize(
    ("text", "value", "per"),
    [
        ("≥ 20 шт./мес", 20.0, "month"),
        (">= 20/month", 20.0, "month"),
        (">= 500", 500.0, None),
        ("> 1 500 per quarter", 1500.0, "quarter"),
        ("= 0", 0.0, None),
    ],
)
def test_a_count_may_be_per_month(text: str, value: float, per: str | None) -> None:
    target = parse("tickets_created", text, unit="tickets", direction="none")
    assert (target.value, target.per) == (value, per)


@pytest.mark.parametrize(("text", "value"), [("4,5", 4.5), (4.2, 4.2), (">= 4.5", 4.5)])
def test_a_mean_rating_is_a_number(text: str | float, value: float) -> None:
    assert parse("csat_mean", text, unit="score", direction="higher").value == value


@pytest.mark.parametrize(("text", "days"), [("3", 3.0), ("3 d", 3.0), ("36h", 1.5), ("2 дня", 2.0)])
def test_days_may_be_a_duration(text: str, days: float) -> None:
    assert parse("backlog.days_of_work", text, unit="days", direction="lower").value == days


@pytest.mark.parametrize(
    ("key", "parts"),
    [
        ("csat", ("csat", None, None)),
        ("first_response_time.median", ("first_response_time", "median", None)),
        ("first_response_time.business", ("first_response_time", None, "business")),
        ("first_response_time.p90.calendar", ("first_response_time", "p90", "calendar")),
    ],
)
def test_a_key_is_kpi_stat_and_clock(key: str, parts: tuple[str, str | None, str | None]) -> None:
    assert split_key(key) == parts
    target = parse(key, "1h", unit="s", direction="lower")
    assert (target.kpi, target.stat, target.clock) == parts


@pytest.mark.parametrize("key", ["", "csat.", ".csat", "a.b.c", "a.b.c.business", "csat >="])
def test_other_keys_name_no_kpi(key: str) -> None:
    with pytest.raises(TargetWrong, match="names no KPI"):
        split_key(key)


def test_the_words_stay_as_they_were_written() -> None:
    assert parse("csat", "  ≥ 90 % ", unit="ratio", direction="higher").text == "≥ 90 %"
    assert parse("csat", 90, unit="ratio", direction="higher").text == "90"


@pytest.mark.parametrize(
    ("key", "text", "unit", "message", "hint"),
    [
        ("csat", "good", "ratio", 'the target "good" of csat is no share', "write a share: 90%"),
        ("csat", "-5%", "ratio", "is below 0 %", "write a share: 90%"),
        ("csat", "1h", "ratio", "is no share", "write a share: 90%"),
        ("csat", "", "ratio", "is no share", "write a share: 90%"),
        ("csat", ">= ", "ratio", "is no share", "write a share: 90%"),
        ("frt", "45", "s", 'the target "45" of frt has no unit', "write 45m or 45h"),
        ("frt", "90%", "s", "is no duration", "write 45m"),
        ("frt", "-5m", "s", "is no duration", "negative"),
        ("nps", "150", "points", "is outside -100 to 100", "write points from -100 to 100"),
        ("nps", "1h", "points", "is no number of points", "write points"),
        ("cost", "12 quids", "money", "is no amount of money", "write an amount: EUR 12"),
        ("cost", "EUR 12 USD", "money", "is no amount of money", "write an amount: EUR 12"),
        ("made", "20 h", "tickets", "is no count", "write a count: 500"),
        ("mean", "high", "score", "is no number", "write a number: 4.5"),
        ("mean", "1.2.3", "score", "is no number", "write a number: 4.5"),
        ("csat", "!= 90%", "ratio", "is no share", "write a share: 90%"),
    ],
)
def test_what_does_not_fit_says_what_to_write(key: str, text: str, unit: str, message: str, hint: str) -> None:
    with pytest.raises(TargetWrong) as raised:
        parse(key, text, unit=unit, direction="higher")
    assert message in raised.value.message
    assert hint in (raised.value.hint or "")


def test_true_is_no_target() -> None:
    with pytest.raises(TargetWrong, match="is no number"):
        parse("csat", True, unit="ratio", direction="higher")


def test_a_kpi_without_a_good_side_needs_an_operator() -> None:
    with pytest.raises(TargetWrong, match="does not say which side is good") as raised:
        parse("tickets_created", "500", unit="tickets", direction="none")
    assert raised.value.hint == 'write ">= 500" or "<= 500"'


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("csat=90%", ("csat", "90%")),
        ("nps=>= 50", ("nps", ">= 50")),
        ("csat>=90%", ("csat", ">=90%")),
        ("frt.median.business = 1h 30m", ("frt.median.business", "1h 30m")),
        ("backlog<100", ("backlog", "<100")),
        ("backlog==0", ("backlog", "=0")),
    ],
)
def test_an_option_is_key_and_words(text: str, pair: tuple[str, str]) -> None:
    assert split_option(text) == pair


@pytest.mark.parametrize("text", ["csat", "csat=", "=90%", "", "90%"])
def test_an_option_without_a_value_says_how_it_is_meant(text: str) -> None:
    with pytest.raises(OptionWrong, match="is not KPI=VALUE"):
        split_option(text)


@pytest.mark.shared
def test_the_targets_of_the_worked_scorecard_are_read() -> None:
    if not VECTORS.is_file():
        pytest.skip("the reference data is not kept beside this repository")
    cases = {case["id"]: case for case in map(json.loads, VECTORS.read_text(encoding="utf-8").splitlines())}
    rows = cases["tab-01"]["input"]["rows"]
    units = ["s", "s", "ratio", "ratio", "money", "ratio", "s", "ratio", "tickets", "points"]
    read = [
        parse("kpi", row["target"], unit=unit, direction=row["direction"])
        for row, unit in zip(rows, units, strict=True)
    ]
    values = [3600.0, 14400.0, 0.05, 0.9, 12.0, 0.6, 900.0, 0.08, 20.0, 50.0]
    assert [target.value for target in read] == pytest.approx(values)
    assert [target.op for target in read] == ["<=", "<=", "<", ">=", "<=", ">=", "<=", "<=", ">=", ">="]

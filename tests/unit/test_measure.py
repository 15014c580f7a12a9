"""``measure``: which rows there are and in which order, states, targets, the method line and the fingerprint."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from supportkpi.calendars import Calendar
from supportkpi.decisions import CalendarChoice, Csat, Settings, Target, Window
from supportkpi.engine.measure import measure
from supportkpi.errors import DimensionUnknown, KpiUnknown, ValueUnknown
from supportkpi.facts import fold
from supportkpi.metrics import catalogue
from supportkpi.report import Report, Row, State, flat
from supportkpi.schema import INSTANT, SURVEYS, TICKETS, Actor, Dataset, Extent, Kind, Stamp, Stamps, check, observed

START = datetime(2026, 3, 1, tzinfo=UTC)
MARCH = Window(
    start=START,
    end=datetime(2026, 4, 1, tzinfo=UTC),
    label="2026-03",
    start_date=date(2026, 3, 1),
    end_date=date(2026, 3, 31),
)
OFFICE = CalendarChoice(name="office", calendar=Calendar(timezone="UTC", hours={"mon-fri": ["09:00-18:00"]}))
STAMPS = (
    Stamp(column="created", kind=Kind.created, extent=Extent.EVERY),
    Stamp(column="replied", kind=Kind.message, actor=Actor.agent, public=True, extent=Extent.FIRST),
    Stamp(column="solved", kind=Kind.status, value="solved", extent=Extent.LAST),
)


def desk(
    rows: int, *, surveys: pl.DataFrame | None = None, stamps: tuple[Stamp, ...] = STAMPS, **columns: list[object]
) -> Dataset:
    """A ticket a day from 1 March: answered after its number in minutes; every third is open, the rest took a day."""
    days = [START + timedelta(days=row) for row in range(rows)]
    cells = {
        "created": days,
        "replied": [day + timedelta(minutes=row + 1) for row, day in enumerate(days)],
        "solved": [day + timedelta(days=1) if row % 3 else None for row, day in enumerate(days)],
    }
    ids = pl.Series("ticket_id", [str(row) for row in range(rows)], dtype=pl.String)
    history = pl.DataFrame({"ticket_id": ids, **{s.column: pl.Series(cells[s.column], dtype=INSTANT) for s in stamps}})
    dtypes = {name: TICKETS.get(name, pl.String()) for name in columns}
    tickets = pl.DataFrame(
        {"ticket_id": ids, **{name: pl.Series(values, dtype=dtypes[name]) for name, values in columns.items()}}
    )
    return check(
        Dataset(
            history=Stamps(frame=history, stamps=stamps),
            tickets=tickets.with_columns(pl.lit(START + timedelta(days=60), INSTANT).alias("observed_until")),
            surveys=surveys if surveys is not None else pl.DataFrame(schema=dict(SURVEYS)),
            observes=observed(stamps),
        )
    )


def report(data: Dataset, settings: Settings | None = None, **asked: object) -> Report:
    chosen = settings or Settings()
    return measure(fold(data, chosen), settings=chosen, **asked)


def rated(*scores: float | None, **more: object) -> pl.DataFrame:
    rows = [{"instrument": "csat", "score": score, "scale": "1-5", **more} for score in scores]
    return pl.DataFrame(rows, schema=dict(SURVEYS))


# --- which rows ------------------------------------------------------------------------------------------------------


def test_rows_come_by_kpi_then_breakdown_then_group_then_stat_then_clock():
    settings = Settings(calendars=(OFFICE,), calendar="office")
    found = report(desk(4, priority=["low", "urgent", None, "low"]), settings, by=["priority"]).cells
    kpis = list(dict.fromkeys(row.kpi for row in found))
    assert kpis == list(catalogue())
    frt = [row for row in found if row.kpi == "first_response_time"]
    assert [row.group.get("priority", "-") for row in frt[::13]] == ["-", "urgent", "low", None]
    assert [(row.stat, row.clock) for row in frt[:3]] == [
        ("median", "calendar"),
        ("median", "business"),
        ("mean", "calendar"),
    ]


def test_only_the_kpis_asked_for_in_the_order_of_the_catalogue():
    found = report(desk(3), kpis=["backlog", "first_response_time"]).cells
    assert list(dict.fromkeys(row.kpi for row in found)) == ["first_response_time", "backlog"]


def test_the_total_always_comes_and_each_breakdown_once():
    found = report(desk(3, priority=["low"] * 3), by=["priority", "Priority", ["priority"]], kpis=["tickets_created"])
    assert [dict(row.group) for row in found.cells] == [{}, {"priority": "low"}]


def test_a_cross_keeps_the_order_in_which_it_was_asked():
    data = desk(3, priority=["low"] * 3)
    for asked in ("month,priority", "priority,month"):
        groups = {",".join(row.group) for row in report(data, by=[asked]).cells if row.group}
        assert groups == {asked}


def test_times_are_those_of_the_kpis_own_date():
    data = desk(31)
    created = [row.group["month"] for row in report(data, by=["month"], kpis=["tickets_created"]).cells[1:]]
    solved = [row.group["month"] for row in report(data, by=["month"], kpis=["tickets_solved"]).cells[1:]]
    assert created == ["2026-03"]
    assert solved == ["2026-03"]
    later = report(desk(33), by=["month"], kpis=["tickets_solved"]).cells
    assert [(row.group.get("month"), row.n) for row in later[1:]] == [("2026-03", 20), ("2026-04", 2)]


def test_a_stock_by_month_is_what_was_open_at_each_end():
    found = report(desk(33), by=["month", "weekday"], kpis=["backlog"]).cells
    stock = [(row.group.get("month"), row.n) for row in found if row.stat == "value"]
    assert stock == [(None, 11), ("2026-03", 11), ("2026-04", 11)]  # the ticket of 1 April 00:00 is not of March
    assert not [row for row in found if "weekday" in row.group], "a stock has no weekday"


def test_a_period_without_tickets_has_numbers_that_are_none_and_counts_that_are_zero():
    empty = Window(start=datetime(2025, 1, 1, tzinfo=UTC), end=datetime(2025, 2, 1, tzinfo=UTC), label="2025-01")
    found = report(desk(9, category=["a"] * 9, surveys=rated(5, 4, at=START)), window=empty, by=["category"])
    assert found.get("tickets_created").value == 0
    assert found.get("backlog").value == 0
    for kpi in ("first_response_time", "resolution_time", "csat", "closure_ratio"):
        row = found.get(kpi)
        assert (row.n, row.value, row.state) == (0, None, State.empty), kpi


def test_all_excluded_leaves_counts_alone():
    found = report(desk(9, exclusion=["spam"] * 9, category=["a"] * 9), by=["category"])
    row = found.get("first_response_time")
    assert (row.n, row.value, row.counts["excluded"], row.state) == (0, None, 9, State.empty)
    assert found.get("tickets_created", category="a").counts["excluded"] == 9
    assert found.get("backlog").n == 0


def test_an_empty_file_gives_a_report_and_no_number():
    found = report(desk(0), by=["priority", "month"])
    assert {row.kpi for row in found.cells} == set(catalogue())
    assert {row.value for row in found.cells} <= {None, 0.0}


# --- states ----------------------------------------------------------------------------------------------------------


def test_a_mean_within_days_is_told_and_judged_on_the_wall_clock_alone():
    settings = Settings(
        calendars=(OFFICE,), calendar="office", targets=(Target(kpi="resolution_time", stat="rmst", value=86_400.0),)
    )
    found = report(desk(9), settings, kpis=["resolution_time"])
    rows = [row for row in found.cells if row.stat == "rmst"]
    assert [(row.clock, row.verdict) for row in rows] == [("calendar", "missed")]
    assert rows[0].value == 3 * 86_400  # six of a day each, three that are open for longer than seven: (6 + 3 * 7) / 9


@pytest.mark.parametrize(
    ("rows", "few"),
    [
        (4, {"median", "mean", "p90", "p95", "km_median", "hardest_decile_mean", "rmst"}),
        (5, {"p90", "p95"}),
        (35, {"p90", "p95"}),
        (36, {"p95"}),
        (71, {"p95"}),
        (72, set()),
    ],
)
def test_a_percentile_needs_enough_for_a_finite_interval(rows, few):
    """Five for any value, 36 for p90, 72 for p95 (method 3.3, 3.5); value and interval stand all the same."""
    found = report(desk(rows), kpis=["first_response_time"]).cells
    assert {row.stat for row in found if row.state is State.too_few} == few
    assert all(row.value is not None for row in found)


def test_a_count_is_never_too_small_to_be_said():
    assert report(desk(1)).get("tickets_created").state is State.ok


@pytest.mark.parametrize(
    ("scale", "scores", "state", "reason"),
    [
        (None, (5, 4), State.needs_answer, "the rating scale is not known"),
        ("1-3", (3, 2, 1), State.needs_answer, "66.7% from 2 or 33.3% from 3"),
        ("1-5", (), State.not_observed, "no CSAT answers"),
    ],
)
def test_what_a_user_must_say_is_asked_and_the_rest_of_the_report_stands(scale, scores, state, reason):
    found = report(desk(6, surveys=rated(*map(float, scores)).with_columns(scale=pl.lit(scale, pl.String))))
    row = found.get("csat")
    assert (row.state, row.value) == (state, None)
    assert reason in row.reason[0]
    assert found.get("first_response_time").value is not None


def test_ratings_on_two_scales_are_never_pooled():
    surveys = pl.concat([rated(5.0, 4.0), rated(1.0).with_columns(scale=pl.lit("binary"))])
    row = report(desk(3, surveys=surveys)).get("csat")
    assert row.state is State.needs_answer
    assert "several scales (1-5, binary)" in row.reason[0]


def test_a_declared_scale_serves_ratings_without_one_and_leaves_the_others():
    surveys = rated(5.0, 1.0).with_columns(scale=pl.lit(None, pl.String))
    row = report(desk(3, surveys=surveys), Settings(csat=Csat(scale="1-5"))).get("csat")
    assert (row.n, row.value) == (2, 0.5)


def test_the_exports_own_minutes_stand_in_where_there_are_no_instants():
    data = desk(6, stamps=STAMPS[:1], given_first_response_s=[60.0, None, 120.0, 60.0, 60.0, 60.0])
    found = report(data)
    row = found.get("first_response_time", "mean")
    assert (row.basis, row.n, row.n_open, row.value, row.clock) == ("given", 5, None, 72.0, "calendar")
    assert found.get("resolution_time").state is State.not_observed


def test_given_business_minutes_are_never_shown_under_a_calendar_of_ours():
    settings = Settings(calendars=(OFFICE,), calendar="office")
    data = desk(6, given_first_response_business_s=[1.0] * 6)
    rows = [row for row in report(data, settings).cells if row.kpi == "first_response_time"]
    assert {row.basis for row in rows} == {"derived"}
    alone = [row for row in report(data).cells if row.kpi == "first_response_time" and row.clock == "business"]
    assert {row.basis for row in alone} == {"given"}


# --- filters ---------------------------------------------------------------------------------------------------------


def test_a_filter_acts_on_tickets_and_on_the_ratings_of_tickets():
    surveys = pl.concat([rated(5.0, ticket_id="0"), rated(1.0, ticket_id="1"), rated(1.0)])
    found = report(desk(2, priority=["low", "urgent"], surveys=surveys), where=["priority=low"])
    assert found.get("tickets_created").n == 1
    assert (found.get("csat").n, found.get("csat").value) == (1, 1.0)
    assert found.method.where == ("priority=low",)


def test_a_filter_for_what_nobody_rated_is_no_error():
    data = desk(2, priority=["low", "urgent"], surveys=rated(5.0, ticket_id="0"))
    row = report(data, where=["priority=urgent"], by=["priority"]).get("csat")
    assert (row.n, row.state) == (0, State.empty)


def test_what_only_the_survey_file_has_groups_ratings():
    surveys = rated(5.0, 1.0).with_columns(product=pl.Series(["till", "shop"]))
    found = report(desk(2, surveys=surveys), by=["product"])
    assert found.get("csat", product="till").value == 1.0
    assert found.get("tickets_created", product=None).n == 2
    assert report(desk(2, surveys=surveys), where=["product=shop"]).get("csat").value == 0.0


def test_names_that_are_not_there_are_refused():
    data = desk(2, priority=["low", "low"])
    with pytest.raises(KpiUnknown, match="no KPI is called 'csatt'") as refused:
        report(data, kpis=["csatt"])
    assert refused.value.hint == "did you mean csat?"
    with pytest.raises(DimensionUnknown):
        report(data, by=["colour"])
    with pytest.raises(DimensionUnknown):
        report(data, by=["priority,colour"])
    with pytest.raises(ValueUnknown):
        report(data, where=["priority=high"])


def test_a_dimension_is_known_by_the_file_and_not_by_what_a_date_leaves_of_it():
    early = Settings(as_of=START + timedelta(hours=1))
    found = report(desk(3, category=[None, "a", "b"]), early, by=["category"], where=["category="])
    assert [dict(row.group) for row in found.cells if row.kpi == "tickets_created"] == [{}, {"category": None}]
    assert report(desk(3, category=[None, "a", "b"]), early, where=["category=b"]).get("tickets_created").n == 0


# --- targets ---------------------------------------------------------------------------------------------------------


def judged(data: Dataset, target: Target, *, calendars: tuple[CalendarChoice, ...] = ()) -> list[Row]:
    settings = Settings(targets=(target,), calendars=calendars, calendar="office" if calendars else None)
    return [row for row in report(data, settings, kpis=[target.kpi]).cells if row.target is not None]


def test_a_target_without_a_stat_is_for_the_headline():
    (row,) = judged(desk(9), Target(kpi="first_response_time", value=600.0, text="10m"))
    assert (row.stat, row.target.op, row.verdict) == ("median", "<=", "met")


def test_with_open_tickets_it_is_for_the_median_that_sees_them():
    (row,) = judged(desk(9), Target(kpi="resolution_time", value=100_000.0, text="100000s"))
    assert (row.stat, row.n_open) == ("km_median", 3)


def test_with_a_calendar_it_is_for_business_time_unless_it_says_otherwise():
    target = Target(kpi="first_response_time", value=600.0, text="10m")
    (row,) = judged(desk(9), target, calendars=(OFFICE,))
    assert row.clock == "business"
    (other,) = judged(desk(9), replace(target, clock="calendar"), calendars=(OFFICE,))
    assert other.clock == "calendar"


@pytest.mark.parametrize(
    ("op", "verdict"), [("<", "missed"), ("<=", "met"), (">", "missed"), (">=", "met"), ("=", "met")]
)
def test_a_target_is_held_against_the_unrounded_value(op, verdict):
    (row,) = judged(desk(9), Target(kpi="tickets_created", value=9.0, op=op, text=op))
    assert row.verdict == verdict


def test_a_target_inside_the_interval_is_uncertain_and_outside_sure():
    surveys = rated(*[5.0] * 87, *[1.0] * 13)
    near, far = (judged(desk(1, surveys=surveys), Target(kpi="csat", value=v, text="x"))[0] for v in (0.9, 0.95))
    assert (near.verdict, near.certainty) == ("missed", "uncertain")
    assert (far.verdict, far.certainty) == ("missed", "sure")


def test_a_target_without_a_value_has_no_verdict():
    (row,) = judged(desk(0), Target(kpi="first_response_time", value=60.0, text="1m"))
    assert (row.verdict, row.certainty) == ("no_data", None)


# --- the method ------------------------------------------------------------------------------------------------------


def test_the_method_says_what_was_measured():
    method = report(desk(9), Settings(timezone="Europe/Berlin"), window=MARCH, where=["month=2026-03"]).method
    assert (method.timezone, method.period_label, method.calendar) == ("Europe/Berlin", "2026-03", None)
    assert (method.period_start, method.period_end) == (date(2026, 3, 1), date(2026, 3, 31))
    assert (method.created_from, method.created_to) == (START, START + timedelta(days=8))
    assert method.as_of == START + timedelta(days=60)
    assert set(method.definitions) == set(catalogue())


def test_rows_carry_the_period_and_what_dates_them():
    found = report(desk(9, surveys=rated(5.0, at=START)), window=MARCH)
    row = found.get("first_response_time")
    assert (row.period, row.period_start, row.period_end) == ("2026-03", date(2026, 3, 1), date(2026, 3, 31))
    dated = {kpi: found.get(kpi).attribution for kpi in ("resolution_time", "tickets_solved", "csat", "backlog")}
    assert dated == {"resolution_time": "created", "tickets_solved": "solved", "csat": "rated", "backlog": "instant"}


def test_the_fingerprint_is_of_the_rules_and_not_of_the_data():
    base = report(desk(3)).method.fingerprint
    assert len(base) == 64
    assert report(desk(9), window=MARCH).method.fingerprint == base
    assert report(desk(3), Settings(as_of=START), by=["month"]).method.fingerprint == base
    others = [
        Settings(timezone="Europe/Berlin"),
        Settings(conf=0.9),
        Settings(csat=Csat(satisfied_from=5)),
        Settings(calendars=(OFFICE,), calendar="office"),
    ]
    prints = {report(desk(3), settings).method.fingerprint for settings in others}
    assert len(prints) == len(others)
    assert base not in prints


def test_flat_rows_all_have_the_same_columns():
    rows = flat(report(desk(6, priority=["low"] * 6, surveys=rated(5.0)), by=["priority", "month"]))
    assert len({tuple(row) for row in rows}) == 1
    assert {"by", "priority", "month", "count_excluded"} <= set(rows[0])

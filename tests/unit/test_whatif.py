"""Laws of what-if: what must hold of any answer, whatever the tickets."""

from __future__ import annotations

import os
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import polars as pl
import pytest

import supportkpi as sk
from supportkpi import demo, pipeline
from supportkpi.clocks import ledger
from supportkpi.decisions import Credits
from supportkpi.engine.statistics.solve import needs, solved, step_up
from supportkpi.engine.whatif.asked import changed
from supportkpi.engine.whatif.credits import credit, may_miss
from supportkpi.facts import Facts
from supportkpi.sla import Sla
from supportkpi.whatifs import Alternative, WhatIf

CALENDARS = {"office": {"hours": {"mon-fri": ["09:00-18:00"]}}, "long": {"hours": {"daily": ["07:00-21:00"]}}}
PLAN = {
    "calendar": "office",
    "pause_on": ["pending", "hold"],
    "rules": [
        {
            "name": "top",
            "when": {"priority": ["urgent", "high"]},
            "first_response": "1h",
            "resolution": "8h",
            "goal": "92%",
        },
        {"name": "rest", "first_response": "4h", "resolution": "3bd", "next_response": "4h", "goal": "90%"},
    ],
}


def settings(plan: object = PLAN, **more: object) -> sk.Settings:
    return sk.settings({"timezone": "Europe/Berlin", "calendars": CALENDARS, "sla": plan, **more})


BASE = settings()


@pytest.fixture(scope="module")
def facts() -> Facts:
    desk = demo.made(lang="en", tickets=600)
    files = {name: body for name, body in demo.shown(desk).items() if name == "tickets.json"}
    return sk.fold(pipeline.load_held(files), BASE)


def share(found: WhatIf, group: dict[str, str], scenario: int = 0) -> float:
    row = found.scenarios[scenario].row("first_response", group)
    assert row is not None
    assert row.value is not None
    return row.value


def test_base_against_itself_changes_nothing(facts: Facts) -> None:
    found = sk.whatif(facts, base=BASE, alternatives=[settings()], moved=True)
    assert found.moved.is_empty()
    assert found.changes
    for change in found.changes:
        turned = (
            change.newly_met,
            change.newly_breached,
            change.newly_judged,
            change.no_longer_judged,
            change.undecided,
        )
        assert turned == (0, 0, 0, 0, 0)
        assert change.delta in (0, None)
        assert (change.met, change.breached) == ((), ())
    assert [row.x for row in found.scenarios[0].rows] == [row.x for row in found.scenarios[1].rows]


@pytest.mark.parametrize("by", [1, 2, 10, 59])
def test_a_stricter_limit_never_newly_meets_and_a_looser_one_never_newly_misses(facts: Facts, by: int) -> None:
    tight = sk.whatif(facts, base=BASE, changes=[f"top.first_response={60 - by}m"])
    loose = sk.whatif(facts, base=BASE, changes=[f"top.first_response={60 + by * 10}m"])
    assert all(change.newly_met == 0 for change in tight.changes)
    assert all(change.newly_breached == 0 for change in loose.changes)
    assert all(
        change.newly_met == change.newly_breached == 0 for change in tight.changes if change.target == "resolution"
    )


def test_what_turns_is_the_difference_of_the_two_ledgers(facts: Facts) -> None:
    other = settings({**PLAN, "calendar": "long", "reopen": "restart"})
    found = sk.whatif(facts, base=BASE, alternatives=[other], moved=True)
    assert BASE.sla is not None
    assert other.sla is not None
    keys, late = ["ticket_id", "target", "cycle"], ["breached_closed", "breached_open"]
    sides = [ledger(facts, sla).with_columns(pl.col("target").cast(pl.String)) for sla in (BASE.sla, other.sla)]
    before, after = (side.select(*keys, pl.col("state").cast(pl.String)) for side in sides)
    both = before.join(after, on=keys, how="inner")
    newly = both.filter(pl.col("state").is_in(["met", "running", "paused"]) & pl.col("state_right").is_in(late))
    counted = {timed: found.change("alternative 1", timed, {}) for timed in found.targets}
    assert set(counted) == {"first_response", "next_response", "resolution"}
    for timed, change in counted.items():
        assert change is not None
        assert change.newly_breached == newly.filter(target=timed).height
        assert set(change.breached) <= set(newly.filter(target=timed)["ticket_id"])
    listed = found.moved.filter(pl.col("was").is_in(["met", "running", "paused"]) & pl.col("is").is_in(late))
    assert listed.height == newly.height > 0


def test_parts_add_up_to_the_whole(facts: Facts) -> None:
    found = sk.whatif(
        facts, base=BASE, alternatives=[settings({**PLAN, "calendar": "long"})], by=["channel"], per="month"
    )
    for timed in found.targets:
        for scenario in found.scenarios:
            rows = [row for row in scenario.rows if row.kpi == f"sla_{timed}"]
            total = next(row for row in rows if not row.group)
            for dims in {tuple(row.group) for row in rows} - {()}:
                assert sum(row.n for row in rows if tuple(row.group) == dims) == total.n
            runs = [run for run in found.runs if (run.scenario, run.target) == (scenario.name, timed)]
            whole = next(run for run in runs if not run.group)
            assert (whole.n, whole.x) == (total.n, total.x)
            assert sum(run.n for run in runs if run.group) == total.n


def test_a_sweep_rises_and_meets_the_present_share(facts: Facts) -> None:
    found = sk.whatif(facts, base=BASE, sweeps="top.first_response", alternatives=[settings()])
    points = found.sweeps[0].points
    values = [point.value for point in points if point.value is not None]
    assert values == sorted(values)
    assert [point.value for point in points if point.is_present] == [share(found, {"rule": "top"})]
    again = sk.whatif(facts, base=BASE, changes="top.first_response=2h")
    assert next(point.value for point in points if point.limit == "2h") == share(again, {"rule": "top"}, 1)


@pytest.mark.parametrize("percent", [50, 80, 90, 95] if os.environ.get("SUPPORTKPI_LONG") else [50, 95])
def test_the_limit_for_a_share_is_met_by_it_and_no_smaller_one_is(facts: Facts, percent: int) -> None:
    found = sk.whatif(facts, base=BASE, solve=f"first_response={percent}%")
    for rule in ("top", "rest"):
        answer = next(each for each in found.solves if dict(each.group) == {"rule": rule})
        assert answer.seconds is not None
        seen = ledger(facts, BASE.sla).filter(target="first_response", rule=rule)  # type: ignore[arg-type]
        closed = seen.filter(pl.col("stopped_at").is_not_null())["elapsed_s"].sort()
        smaller = closed.filter(closed < answer.seconds).max()
        at = sk.whatif(facts, base=BASE, changes=f"{rule}.first_response={answer.seconds:.0f}s")
        assert share(at, {"rule": rule}, 1) >= percent / 100
        assert isinstance(smaller, float)
        below = sk.whatif(facts, base=BASE, changes=f"{rule}.first_response={smaller:.0f}s")
        assert share(below, {"rule": rule}, 1) < percent / 100
        assert answer.high is None or answer.safe_s is not None
        assert answer.safe_s is None or answer.safe_s >= (answer.high or 0)


def test_under_an_exclusive_boundary_the_limit_lies_above_the_clock(facts: Facts) -> None:
    plan = settings({**PLAN, "boundary": "exclusive"})
    found = sk.whatif(facts, base=plan, solve="first_response=90%")
    answer = next(each for each in found.solves if dict(each.group) == {"rule": "rest"})
    inclusive = next(
        each
        for each in sk.whatif(facts, base=BASE, solve="first_response=90%").solves
        if dict(each.group) == {"rule": "rest"}
    )
    assert answer.seconds is not None
    assert inclusive.seconds is not None
    assert answer.seconds > inclusive.seconds


def test_a_quantile_with_open_clocks_is_that_of_another_library() -> None:
    lifelines = pytest.importorskip("lifelines")
    frame = pl.select(
        s=((pl.int_range(300) * 7919) % 991).cast(pl.Float64) + 1, ended=(pl.int_range(300) * 31) % 5 != 0
    ).with_columns(code=pl.lit(0, pl.UInt32))
    fitter = lifelines.KaplanMeierFitter().fit(frame["s"].to_list(), frame["ended"].to_list())
    curve, band = fitter.survival_function_.iloc[:, 0], fitter.confidence_interval_
    for share_of in (0.5, 0.75, 0.9, 0.95):

        def reached(line: Any, left: float = 1 - share_of + 1e-12) -> float | None:
            times = [time for time, value in line.items() if value <= left]
            return float(times[0]) if times else None

        expected = (reached(curve), reached(band.iloc[:, 0]), reached(band.iloc[:, 1]))
        found = solved(frame, share_of)[0]
        assert (found.value, found.low, found.high) == expected
        assert found.n_open == 60


def test_a_share_needs_enough_clocks_to_promise_by() -> None:
    assert (needs(0.95), needs(0.9)) == (72, 36)
    few, enough = (
        pl.select(s=pl.int_range(1, n + 1).cast(pl.Float64), ended=True, code=pl.lit(0, pl.UInt32)) for n in (71, 72)
    )
    assert solved(few, 0.95)[0].high is None
    assert solved(enough, 0.95)[0].high == 72


@pytest.mark.parametrize(
    ("seconds", "step"), [(1, 60), (61, 120), (300, 300), (301, 600), (4 * 3600 + 1, 8 * 3600), (86_401, 172_800)]
)
def test_promises_are_rounded_up_to_steps(seconds: float, step: float) -> None:
    assert step_up(seconds) == step


def test_credits_are_exact_at_the_tier_and_stay_below_the_last() -> None:
    tiers = tuple((Decimal(met), Decimal(paid)) for met, paid in (("0.95", "0"), ("0.9", "0.05"), ("0.8", "0.1")))
    agreed = Credits(base=Decimal(1000), tiers=tiers)
    assert credit(agreed, Fraction(19, 20)) == 0
    assert credit(agreed, Fraction(94999, 100000)) == 50
    assert credit(agreed, 0.9) == 50
    assert credit(agreed, Fraction(1, 10)) == 100
    assert may_miss(0.95, 45) == 2
    assert may_miss(0.9, 10) == 1  # 1 - 0.9 is not 0.1 in binary


def test_credits_are_judged_by_month_without_being_asked(facts: Facts) -> None:
    paid = {"base": "EUR 1000", "tiers": {"95%": "0%", "50%": "10%"}, "target": "first_response", "per_breach": "EUR 2"}
    found = sk.whatif(facts, base=settings(credits=paid), changes="first_response=1m")
    assert found.per == "month"
    now, other = (run for run in found.runs if run.target == "first_response" and not run.group)
    assert now.credit is not None
    assert other.credit is not None
    assert other.credit == sum((100 + 2 * (each.n - each.x) for each in other.stretches), Decimal())
    assert all(run.credit is None for run in found.runs if run.target == "resolution")


def test_an_alternative_may_fold_tickets_otherwise(facts: Facts) -> None:
    other = settings(next_response={"include_first": True})
    found = sk.whatif(facts, base=BASE, alternatives=[Alternative(name="all waits", settings=other)])
    first, second = (scenario.row("next_response", {}) for scenario in found.scenarios)
    assert first is not None
    assert second is not None
    assert second.n > first.n


def test_limits_are_changed_in_every_version_of_a_rule() -> None:
    plan = [{"from": f"202{year}-01-01", "rules": [{"name": "all", "first_response": f"{year}h"}]} for year in (5, 6)]
    sla = settings(plan).sla
    assert sla is not None
    other = changed(sla, ["ALL.first_response=30m", "all.resolution=2h"])
    assert [rule.limits["first_response"].seconds for v in other.versions for rule in v.rules] == [1800, 1800]
    assert [rule.limits["resolution"].seconds for v in other.versions for rule in v.rules] == [7200, 7200]


def test_a_rule_that_only_the_other_has_is_told_by_name_of_none(facts: Facts) -> None:
    some = {"rules": [{"name": "top", "when": {"priority": "urgent"}, "first_response": "1h"}]}
    found = sk.whatif(facts, base=settings(some), alternatives=[settings()])
    change = found.change("alternative 1", "first_response", {"rule": None})
    assert change is not None
    assert change.newly_judged > 0
    assert change.newly_met == change.newly_breached == 0


def test_service_levels_alone_may_be_an_alternative(facts: Facts) -> None:
    assert isinstance(BASE.sla, Sla)
    found = sk.whatif(facts, base=BASE, alternatives=[changed(BASE.sla, ["rest.first_response=1m"])])
    assert found.scenarios[1].name == "alternative 1"
    assert share(found, {"rule": "rest"}, 1) < share(found, {"rule": "rest"})


def test_facts_without_service_levels_are_refused(facts: Facts) -> None:
    with pytest.raises(sk.KpiError, match="no service levels to begin with"):
        sk.whatif(facts, base=replace(BASE, sla=None), solve="95%")
    with pytest.raises(sk.KpiError, match="alternative 1 has no service levels"):
        sk.whatif(facts, base=BASE, alternatives=[replace(BASE, sla=None)])


def test_nothing_to_judge_is_no_share(facts: Facts) -> None:
    found = sk.whatif(facts, base=BASE, changes="top.first_response=1m", period="2001-01")
    row = found.base.row("first_response", {})
    assert row is not None
    assert (row.n, row.value, row.state.value) == (0, None, "empty")

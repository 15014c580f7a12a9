"""The worked cases of what-if: sweeps, limits to promise, other calendars, credits, targets by load."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import supportkpi as sk
from supportkpi.decisions import Credits
from supportkpi.engine.whatif.credits import credit
from supportkpi.facts import Facts
from supportkpi.whatifs import WhatIf

pytestmark = pytest.mark.shared
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
INSTANT = pl.Datetime("us", "UTC")
ASIDE = ("whatif.little",)


@pytest.fixture(scope="module")
def cases(shared: Path) -> dict[str, dict[str, Any]]:
    lines = (shared / "vectors" / "kpi.jsonl").read_text(encoding="utf-8").splitlines()
    found = [case for case in map(json.loads, lines) if case["kpi"].startswith("whatif") and case["kpi"] not in ASIDE]
    return {case["id"]: case for case in found}


def answered(minutes: Sequence[float | None], *, until: Mapping[int, float] = {}, **columns: Sequence[str]) -> Facts:
    """Tickets of one instant, each answered after so many minutes, or seen without an answer for so many."""
    names = [f"T{number}" for number in range(len(minutes))]
    created = [{"ticket_id": name, "at": START, "kind": "created", "actor": "customer"} for name in names]
    replies = [
        {"ticket_id": name, "at": START + timedelta(minutes=after), "kind": "message", "actor": "agent", "public": True}
        for name, after in zip(names, minutes, strict=True)
        if after is not None
    ]
    events = pl.DataFrame([*created, *replies], schema_overrides={"at": INSTANT}, infer_schema_length=None)
    seen = [START + timedelta(minutes=until.get(number, 10_000)) for number in range(len(names))]
    beside = pl.Series("observed_until", seen, dtype=INSTANT)
    tickets = pl.DataFrame({"ticket_id": names, **columns}).with_columns(beside)
    return sk.fold(sk.dataset(events=events, tickets=tickets))


def asked(facts: Facts, base: object, *others: object, **more: object) -> WhatIf:
    plans = [sk.settings({"sla": plan}) for plan in (base, *others)]
    return sk.whatif(facts, base=plans[0], alternatives=plans[1:], **more)  # type: ignore[arg-type]


def every(limit: str) -> dict[str, object]:
    return {"rules": [{"name": "all", "first_response": limit}]}


def share(found: WhatIf, scenario: int = 0) -> float | None:
    row = found.scenarios[scenario].row("first_response", {})
    assert row is not None
    return row.value


def test_nothing_is_left_out(cases: dict[str, dict[str, Any]]) -> None:
    assert set(cases) == {"wi-01", "wi-02", "wi-03", "wi-04", "wi-05", "wi-06"}


def test_a_sweep_is_the_share_at_each_limit(cases: dict[str, dict[str, Any]]) -> None:
    case = cases["wi-01"]
    limits = [f"{minutes}m" for minutes in case["options"]["targets"]]
    swept = f"all.first_response={','.join(limits)}"
    found = asked(answered(case["input"]["minutes"]), every(limits[0]), sweeps=swept)
    values = [point.value for point in found.sweeps[0].points]
    assert values == pytest.approx(case["expected"]["compliance"], abs=case["tolerance"])


def test_the_limit_for_a_share_is_the_nearest_rank(cases: dict[str, dict[str, Any]]) -> None:
    case = cases["wi-02"]
    found = asked(answered(case["input"]["minutes"]), every("30m"), solve=["90%", "95%"])
    total = {each.share: each for each in found.solves if not each.group}
    assert total[0.9].seconds == case["expected"]["p90"] * 60
    assert total[0.95].seconds == case["expected"]["p95"] * 60
    assert total[0.95].safe_s is None
    assert "too few" in total[0.95].reason


def test_other_calendars_judge_the_same_tickets(cases: dict[str, dict[str, Any]]) -> None:
    case = cases["wi-03"]
    rows = case["input"]["tickets"]
    events = [
        event
        for number, row in enumerate(rows)
        for event in (
            {"ticket_id": str(number), "at": datetime.fromisoformat(row["created_at"]), "kind": "created"},
            {
                "ticket_id": str(number),
                "at": datetime.fromisoformat(row["done_at"]),
                "kind": "status",
                "value": "solved",
            },
        )
    ]
    facts = sk.fold(sk.dataset(events=pl.DataFrame(events, infer_schema_length=None)))
    given = case["options"]["calendars"]["mon_fri_9_18_msk"]
    week = {day: [f"{start}-{end}" for start, end in spans] for day, spans in given["week"].items()}
    limit = f"{case['input']['target']}s"
    plan = {"rules": [{"name": "all", "resolution": limit}]}
    base = sk.settings({"sla": plan})
    other = sk.settings(
        {"calendars": {"msk": {"timezone": given["tz"], "hours": week}}, "sla": {**plan, "calendar": "msk"}}
    )
    found = sk.whatif(facts, base=base, alternatives=[other])
    values = [scenario.row("resolution", {}).value for scenario in found.scenarios]  # type: ignore[union-attr]
    assert values == [case["expected"]["24x7"], case["expected"]["mon_fri_9_18_msk"]]


def test_credits_go_by_tiers(cases: dict[str, dict[str, Any]]) -> None:
    case = cases["wi-04"]
    tiers = tuple((Decimal(repr(met)), Decimal(repr(paid))) for met, paid in case["options"]["tiers"])
    agreed = Credits(base=Decimal(case["input"]["monthly_fee"]), tiers=tiers)
    assert credit(agreed, case["input"]["compliance"]) == Decimal(case["expected"]["credit"])


def test_limits_by_load_stand_beside_rigid_ones(cases: dict[str, dict[str, Any]]) -> None:
    case = cases["wi-05"]
    minutes: list[float | None] = []
    bands: list[str] = []
    for hour in case["input"]["hours"]:
        fast, slow, n = hour["answered_within_5m"], hour["answered_within_15m"], hour["arrivals"]
        minutes += [*[3.0] * fast, *[12.0] * (slow - fast), *[40.0] * (n - slow)]
        bands += ["high" if n > case["options"]["bands"][0]["max_arrivals"] else "normal"] * n
    adaptive = {"rules": [{"name": "rush", "when": {"band": "high"}, "first_response": "15m"}, *every("5m")["rules"]]}  # type: ignore[misc]
    found = asked(answered(minutes, band=bands), every("5m"), adaptive)
    assert share(found) == pytest.approx(case["expected"]["rigid_5m"], abs=case["tolerance"])
    assert share(found, 1) == pytest.approx(case["expected"]["adaptive"], abs=case["tolerance"])


def test_open_tickets_count_in_the_limit_for_a_share(cases: dict[str, dict[str, Any]]) -> None:
    case = cases["wi-06"]
    rows = case["input"]["observations"]
    minutes = [row["time"] if row["event"] else None for row in rows]
    until = {number: row["time"] for number, row in enumerate(rows) if not row["event"]}
    wanted = f"{case['options']['p']:.0%}"
    solved = asked(answered(minutes, until=until), every("100m"), solve=wanted).solves
    assert [each.seconds for each in solved if not each.group] == [case["expected"]["km"] * 60]
    closed = asked(answered([each for each in minutes if each is not None]), every("100m"), solve=wanted).solves
    assert [each.seconds for each in closed if not each.group] == [case["expected"]["closed_only"] * 60]

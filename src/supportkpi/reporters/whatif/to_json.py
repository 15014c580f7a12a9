"""What-if as JSON (interface.md 4): scenarios, changes, sweep, solve; the total has the group {}."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import cast

from supportkpi.decisions import Credits
from supportkpi.reporters._options import RenderOptions
from supportkpi.reporters.to_json import FORMAT_VERSION, method_json, report_schema, row_json, schema_of, written
from supportkpi.whatifs import Change, Run, Scenario, Solve, Stretch, Sweep, WhatIf

FORMAT = "json"
SUFFIXES = (".json",)
_SHARED = ("method", "promise", "definition", "input", "row", "target")


def render(found: WhatIf, options: RenderOptions) -> str:
    """One object; amounts of money are texts, so that no digit of them is lost."""
    document = {
        "format_version": FORMAT_VERSION,
        "tool": {"name": "supportkpi", "version": options.tool_version},
        "method": method_json(found.method, found.inputs),
        "scenarios": [_scenario(each) for each in found.scenarios],
        "changes": [_change(each) for each in found.changes],
        "sweep": [_sweep(each) for each in found.sweeps],
        "grid": [_fields(each, "target rules rows columns n x") for each in found.crossings],
        "solve": [_solve(each) for each in found.solves],
        "per": found.per,
        "runs": [_run(each) for each in found.runs],
        "notes": list(found.notes),
    }
    return written(document) + "\n"


def whatif_schema() -> dict[str, object]:
    """The JSON Schema of what ``render`` writes; rows and method are as in a report."""
    own, shared = schema_of("whatif"), cast("dict[str, object]", report_schema()["$defs"])
    defs = cast("dict[str, object]", own["$defs"])
    return {**own, "$defs": {**{name: shared[name] for name in _SHARED}, **defs}}


def _scenario(scenario: Scenario) -> dict[str, object]:
    return {
        "name": scenario.name,
        "rows": [row_json(row) for row in scenario.rows],
        "limits": [_fields(term, "rule target limit seconds calendar goal") for term in scenario.terms],
        "credits": _credits(scenario.credits),
    }


def _credits(credits: Credits | None) -> dict[str, object] | None:
    if credits is None:
        return None
    return {
        "base": str(credits.base),
        "currency": credits.currency,
        "tiers": [{"met": float(met), "paid": float(paid)} for met, paid in credits.tiers],
        "target": credits.target,
        "per_breach": _money(credits.per_breach),
        "cap": _money(credits.cap),
    }


def _change(change: Change) -> dict[str, object]:
    whole = _fields(change, "scenario target group newly_met newly_breached delta")
    more = _fields(change, "newly_judged no_longer_judged undecided")
    return {**whole, "tickets": {"newly_met": change.met, "newly_breached": change.breached}, **more}


def _sweep(sweep: Sweep) -> dict[str, object]:
    points = [_fields(point, "limit seconds n x n_open value low high is_present") for point in sweep.points]
    return {"rule": sweep.rule, "target": sweep.target, "points": points}


def _solve(solve: Solve) -> dict[str, object]:
    names = "target group share n n_open needs seconds low high safe_s"
    return {**_fields(solve, names), "reason": solve.reason or None}


def _run(run: Run) -> dict[str, object]:
    whole = _fields(run, "scenario target group goal n x value")
    worst = run.worst.label if run.worst is not None else None
    counted = {"met": run.met, "judged": run.judged, "worst": worst, "credit": _money(run.credit)}
    return {**whole, **counted, "stretches": [_stretch(each) for each in run.stretches]}


def _stretch(stretch: Stretch) -> dict[str, object]:
    whole = _fields(stretch, "label n x n_open value is_met may_miss")
    amounts = (stretch.credit, stretch.credit_low, stretch.credit_high)
    return {**whole, **dict(zip(("credit", "credit_low", "credit_high"), map(_money, amounts), strict=True))}


def _money(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"


def _fields(record: object, names: str) -> dict[str, object]:
    values = {name: getattr(record, name) for name in names.split()}
    return {name: dict(value) if isinstance(value, Mapping) else value for name, value in values.items()}

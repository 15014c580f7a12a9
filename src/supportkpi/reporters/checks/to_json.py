"""Checks as JSON (interface.md 4)."""

from __future__ import annotations

import json

from supportkpi.checks import Checked, Gate
from supportkpi.reporters._options import RenderOptions
from supportkpi.reporters.to_json import FORMAT_VERSION, instant_text, schema_of

FORMAT = "json"
SUFFIXES = (".json",)


def render(gate: Gate, options: RenderOptions) -> str:
    """One object: the checks in order, the exit code, and under which rules."""
    rules = gate.method
    whole = {
        "format_version": FORMAT_VERSION,
        "tool": {"name": "supportkpi", "version": options.tool_version},
        "method": {
            "timezone": rules.timezone,
            "as_of": instant_text(rules.as_of),
            "period": rules.period_label,
            "calendar": rules.calendar,
            "fingerprint": rules.fingerprint,
            "assumptions": list(rules.assumptions),
        },
        "checks": [_check(each) for each in gate.checks],
        "exit_code": gate.exit_code,
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def check_schema() -> dict[str, object]:
    """The JSON Schema of what ``render`` writes."""
    return schema_of("check")


def _check(checked: Checked) -> dict[str, object]:
    check, row = checked.check, checked.row
    return {
        "kpi": check.kpi or "max_age",
        "stat": check.stat or (row.stat if row is not None and check.count is None else None),
        "count": check.count,
        "clock": row.clock if row is not None else check.clock,
        "group": dict(checked.group),
        "expr": checked.expr or None,
        "warn": checked.warn or None,
        "max_age_s": check.max_age_s,
        "value": checked.value,
        "unit": checked.unit or None,
        "n": checked.n,
        "low": row.low if row is not None and check.count is None else None,
        "high": row.high if row is not None and check.count is None else None,
        "result": checked.result.value,
        "no_data": check.no_data,
        "certainty": checked.certainty,
        "short": checked.short,
        "reason": checked.reason or None,
        "tickets": [late.ticket for late in checked.tickets],
    }

"""JSON: one object, the interface that other programs read; ``lang`` changes nothing in it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, date, datetime
from enum import Enum
from importlib.resources import files
from operator import attrgetter
from typing import cast

from supportkpi.report import (
    Agreement,
    Definition,
    Finding,
    Ledger,
    Method,
    Promise,
    Report,
    Row,
    RowTarget,
    Series,
)
from supportkpi.reporters._options import RenderOptions
from supportkpi.schema import FileLedger, Provenance
from supportkpi.sla import Limit

FORMAT = "json"
SUFFIXES = (".json",)
FORMAT_VERSION = 1
"""Raised when a key is renamed or removed; new keys, kinds, stats and counts leave it."""
_SHORT = 2
_INPUT = "path sha256 helpdesk title format encoding delimiter rows zone zone_source notes unmapped"
_ROW = (
    *("kpi", "stat", "clock", "attribution", "group", "period", "period_start", "period_end", "unit", "n", "x"),
    *("n_open", "value", "low", "high", "counts", "basis", "target", "verdict", "certainty", "state", "reason"),
)
_VALUES = attrgetter(*_ROW)


def render(report: Report, options: RenderOptions) -> str:
    """The report as one JSON object: format_version, tool, method, rows, series, findings, ledger."""
    document = {
        "format_version": FORMAT_VERSION,
        "tool": {"name": "supportkpi", "version": options.tool_version},
        "method": method_json(report.method, report.inputs),
        "rows": [row_json(row) for row in report.cells],
        "series": [_series(series) for series in report.series],
        "findings": [_finding(finding) for finding in report.findings],
        "ledger": _ledger(report.ledger),
    }
    return written(document) + "\n"


def written(document: Mapping[str, object]) -> str:
    """A document, one line an entry of each list and of the method, so that two can be compared by lines."""
    parts = []
    for name, value in document.items():
        if isinstance(value, list) and value:
            text = "[\n" + ",\n".join(f"  {_json(entry)}" for entry in value) + "\n ]"
        elif isinstance(value, Mapping) and len(value) > _SHORT:
            text = "{\n" + ",\n".join(f"  {_json(key)}: {_json(entry)}" for key, entry in value.items()) + "\n }"
        else:
            text = _json(value)
        parts.append(f" {_json(name)}: {text}")
    return "{\n" + ",\n".join(parts) + "\n}"


def report_schema() -> dict[str, object]:
    """The JSON Schema of what ``render`` writes."""
    return schema_of("report")


def schema_of(name: str) -> dict[str, object]:
    """A JSON Schema of the folder of schemas."""
    text = (files("supportkpi") / "reporters" / "schemas" / f"{name}.json").read_text(encoding="utf-8")
    return cast("dict[str, object]", json.loads(text))


def _json(value: object) -> str:
    try:
        return _ENCODER.encode(value)
    except (TypeError, ValueError):  # a number that is none, or a key that is no text: rare, and found by the encoder
        return _ENCODER.encode(_plain(value))


def method_json(method: Method, inputs: tuple[Provenance, ...]) -> dict[str, object]:
    """Under which rules, and of which files."""
    return {
        "timezone": method.timezone,
        "as_of": method.as_of,
        "period": {"start": method.period_start, "end": method.period_end, "label": method.period_label},
        "created_from": method.created_from,
        "created_to": method.created_to,
        "calendar": method.calendar,
        "sla": _agreement(method.sla) if method.sla is not None else None,
        "where": method.where,
        "definitions": {kpi: _fields(definition) for kpi, definition in method.definitions.items()},
        "fingerprint": method.fingerprint,
        "assumptions": method.assumptions,
        "inputs": [_input(source) for source in inputs],
    }


def _agreement(sla: Agreement) -> dict[str, object]:
    return {
        "versions": sla.versions,
        "promises": [_fields(each) | {"limit": _fields(each.limit)} for each in sla.promises],
    }


def _input(source: Provenance) -> dict[str, object]:
    return {name: getattr(source, name) for name in _INPUT.split()}


def row_json(row: Row) -> dict[str, object]:
    """One row."""
    found: dict[str, object] = dict(zip(_ROW, _VALUES(row), strict=True))
    return found if row.target is None else found | {"target": _target(row.target)}


def _target(target: RowTarget) -> dict[str, object]:
    """op, value, text; of a target for each month also that, and how many of them its value is for."""
    found = _fields(target)
    return found if target.per is not None else {name: found[name] for name in ("op", "value", "text")}


def _series(series: Series) -> dict[str, object]:
    return {name: getattr(series, name) for name in ("id", "kpi", "kind", "group", "columns", "points")}


def _finding(finding: Finding) -> dict[str, object]:
    return _fields(finding)


def _ledger(ledger: Ledger) -> dict[str, object]:
    return {
        "rows_read": ledger.rows_read,
        "used": ledger.used,
        "excluded": ledger.excluded,
        "rejected": ledger.rejected,
        "files": [_fields(file) for file in ledger.files],
    }


def _fields(record: RowTarget | Definition | Finding | FileLedger | Promise | Limit) -> dict[str, object]:
    return {field.name: getattr(record, field.name) for field in fields(record)}


def _plain(value: object) -> object:
    """The value in JSON's own types, all the way down; what is not a number as null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return _scalar(value)


def instant_text(at: datetime | None) -> str | None:
    """An instant as machines read it: UTC, with Z."""
    return None if at is None else at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _scalar(value: object) -> object:
    """Instants in UTC with Z, days as dates, states by their name; mappings as JSON's own."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, default=_scalar)

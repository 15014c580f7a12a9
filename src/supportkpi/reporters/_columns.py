"""The rows as columns, for CSV and TSV: full precision, the same in every language."""

from __future__ import annotations

import math
from datetime import date

from supportkpi.report import Report, flat

_WITHOUT_ROWS = """
kpi stat clock attribution by period period_start period_end unit n x n_open value low high basis verdict certainty
target state reason
"""


def table(report: Report) -> tuple[list[str], list[list[object]]]:
    """Header and records of ``flat``."""
    records = flat(report)
    header = list(records[0]) if records else _WITHOUT_ROWS.split()
    return header, [[record[name] for name in header] for record in records]


def text(value: object) -> str | None:
    """A value as text: numbers as Python writes them back, days as ISO dates; None where there is no value."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return None
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, str) else repr(value)

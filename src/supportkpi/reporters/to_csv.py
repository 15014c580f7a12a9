"""CSV (RFC 4180, UTF-8, lines end in a line feed): one record a row of the report.

Null is an empty field, an empty text is ``""``. A text that a spreadsheet takes for a formula gets ``'`` before it.
"""

from __future__ import annotations

from collections.abc import Sequence

from supportkpi.report import Report
from supportkpi.reporters._columns import table, text
from supportkpi.reporters._options import RenderOptions

FORMAT = "csv"
SUFFIXES = (".csv",)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_QUOTED = ',"\n\r'


def render(report: Report, options: RenderOptions) -> str:
    """The rows as CSV under a header; columns as in the plain format."""
    header, records = table(report)
    return line(header) + "".join(line(record) for record in records)


def line(values: Sequence[object]) -> str:
    """One record, each value as it is written in a field."""
    return ",".join(_field(value) for value in values) + "\n"


def _field(value: object) -> str:
    written = text(value)
    if written is None:
        return ""
    if isinstance(value, str) and written.startswith(_FORMULA):
        written = f"'{written}"
    if written and written.strip() == written and not any(mark in written for mark in _QUOTED):
        return written
    return '"' + written.replace('"', '""') + '"'

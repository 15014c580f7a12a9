r"""Plain: tab-separated lines for cut, awk and sort; the columns of CSV.

Null and an empty text are empty; a tab, a line break and a backslash inside a value are ``\t``, ``\n``, ``\r``, ``\\``.
"""

from __future__ import annotations

from collections.abc import Sequence

from supportkpi.report import Report
from supportkpi.reporters._columns import table, text
from supportkpi.reporters._options import RenderOptions

FORMAT = "plain"
SUFFIXES = (".tsv",)
_BREAKS = "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
"""Further marks that some tools take for the end of a line."""
_ESCAPES = str.maketrans(
    {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
    | {mark: mark.encode("unicode_escape").decode() for mark in _BREAKS}
)


def render(report: Report, options: RenderOptions) -> str:
    """The rows as TSV under a header."""
    header, records = table(report)
    return _line(header) + "".join(_line(record) for record in records)


def _line(values: Sequence[object]) -> str:
    return "\t".join(_field(value) for value in values) + "\n"


def _field(value: object) -> str:
    return (text(value) or "").translate(_ESCAPES)

"""A reconciliation as CSV: one record a ticket and figure."""

from __future__ import annotations

from supportkpi.reconciliations import ROWS, Reconciliation
from supportkpi.reporters._options import RenderOptions
from supportkpi.reporters.to_csv import line

FORMAT = "csv"
SUFFIXES = (".csv",)


def render(found: Reconciliation, options: RenderOptions) -> str:
    """Every ticket that has either figure, those that agree, too; spans in seconds."""
    return line(list(ROWS)) + "".join(line(record) for record in found.rows.iter_rows())

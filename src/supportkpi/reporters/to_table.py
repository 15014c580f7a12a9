"""Table: the page on a terminal, one screen unless ``--full`` is asked."""

from __future__ import annotations

from supportkpi.report import Report
from supportkpi.reporters._layout import Canvas
from supportkpi.reporters._options import RenderOptions
from supportkpi.reporters._screen import page
from supportkpi.reporters._words import Words

FORMAT = "table"
SUFFIXES = (".txt",)
_NARROWEST = 40


def render(report: Report, options: RenderOptions) -> str:
    """The report in ``options.width`` columns."""
    canvas = Canvas(width=max(options.width, _NARROWEST), color=options.color)
    return canvas.page(page(report, Words(options.lang), full=options.full))

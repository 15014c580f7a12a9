"""A reconciliation on a terminal."""

from __future__ import annotations

from supportkpi.reconciliations import Reconciliation
from supportkpi.reporters._layout import Canvas
from supportkpi.reporters._options import RenderOptions
from supportkpi.reporters._words import Words
from supportkpi.reporters.reconciliation._page import page

FORMAT = "table"
SUFFIXES = (".txt",)


def render(found: Reconciliation, options: RenderOptions) -> str:
    """The figures and the reasons; each ticket, too, where ``full`` is asked."""
    canvas = Canvas(width=max(options.width, 40), color=options.color)
    return canvas.page(page(found, Words(options.lang), every=options.full))

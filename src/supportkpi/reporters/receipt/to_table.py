"""Receipts on a terminal, one below the other."""

from __future__ import annotations

from collections.abc import Sequence

from supportkpi.receipts import Receipt
from supportkpi.reporters._layout import Canvas
from supportkpi.reporters._options import RenderOptions
from supportkpi.reporters._words import Words
from supportkpi.reporters.receipt._page import page

FORMAT = "table"
SUFFIXES = (".txt",)
_NARROWEST = 40


def render(receipts: Sequence[Receipt], options: RenderOptions) -> str:
    """A page a ticket."""
    canvas, words = Canvas(width=max(options.width, _NARROWEST), color=options.color), Words(options.lang)
    return "\n".join(canvas.page(page(receipt, words, width=canvas.width)) for receipt in receipts)

"""Checks on a terminal."""

from __future__ import annotations

from supportkpi.checks import Gate
from supportkpi.reporters._layout import Canvas
from supportkpi.reporters._options import RenderOptions
from supportkpi.reporters._words import Words
from supportkpi.reporters.checks._page import page

FORMAT = "table"
SUFFIXES = (".txt",)


def render(gate: Gate, options: RenderOptions) -> str:
    """One line a check; ``quiet`` leaves those that failed."""
    canvas = Canvas(width=max(options.width, 40), color=options.color)
    return canvas.page(page(gate, Words(options.lang), failed_only=options.quiet))

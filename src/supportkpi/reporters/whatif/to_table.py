"""What-if on a terminal."""

from __future__ import annotations

from supportkpi.reporters._layout import Canvas
from supportkpi.reporters._options import RenderOptions
from supportkpi.reporters._words import Words
from supportkpi.reporters.whatif._page import page
from supportkpi.whatifs import WhatIf

FORMAT = "table"
SUFFIXES = (".txt",)


def render(found: WhatIf, options: RenderOptions) -> str:
    """A line a rule and scenario; then limits swept, limits to promise, months."""
    canvas = Canvas(width=max(options.width, 40), color=options.color)
    return canvas.page(page(found, Words(options.lang)))

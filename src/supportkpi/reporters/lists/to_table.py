"""A list on a terminal."""

from __future__ import annotations

from supportkpi.lists import Listing
from supportkpi.reporters._layout import Canvas
from supportkpi.reporters._options import RenderOptions
from supportkpi.reporters._words import Words
from supportkpi.reporters.lists._page import page

FORMAT = "table"
SUFFIXES = (".txt",)


def render(listing: Listing, options: RenderOptions) -> str:
    """The first tickets, one a line; all of them where ``full`` is asked."""
    canvas = Canvas(width=max(options.width, 40), color=options.color)
    return canvas.page(page(listing, Words(options.lang), every=options.full))

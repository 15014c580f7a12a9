"""A timetable on a terminal: a line a week, with ``--full`` a line a day."""

from __future__ import annotations

from supportkpi.reporters._layout import Canvas
from supportkpi.reporters._options import RenderOptions
from supportkpi.reporters._words import Words
from supportkpi.reporters.timetable._page import page
from supportkpi.timetables import Timetable

FORMAT = "table"
SUFFIXES = (".txt",)
_NARROWEST = 40


def render(timetable: Timetable, options: RenderOptions) -> str:
    """The page in ``options.width`` columns."""
    canvas = Canvas(width=max(options.width, _NARROWEST), color=options.color)
    return canvas.page(page(timetable, Words(options.lang), full=options.full, width=canvas.width))

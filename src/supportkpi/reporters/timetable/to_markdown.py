"""A timetable as GitHub-flavoured Markdown."""

from __future__ import annotations

from supportkpi.reporters._options import RenderOptions
from supportkpi.reporters._words import Words
from supportkpi.reporters.timetable._page import page
from supportkpi.reporters.to_markdown import document
from supportkpi.timetables import Timetable

FORMAT = "markdown"
SUFFIXES = (".md", ".markdown")


def render(timetable: Timetable, options: RenderOptions) -> str:
    """The page as a document."""
    return document(page(timetable, Words(options.lang), full=options.full))

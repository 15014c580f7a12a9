"""A list as GitHub-flavoured Markdown, each ticket a link where its address is known."""

from __future__ import annotations

from supportkpi.lists import Listing
from supportkpi.reporters._options import RenderOptions
from supportkpi.reporters._words import Words
from supportkpi.reporters.lists._page import page
from supportkpi.reporters.to_markdown import document

FORMAT = "markdown"
SUFFIXES = (".md", ".markdown")


def render(listing: Listing, options: RenderOptions) -> str:
    """The first tickets; all of them where ``full`` is asked."""
    return document(page(listing, Words(options.lang), every=options.full))

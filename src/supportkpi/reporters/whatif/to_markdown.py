"""What-if as GitHub-flavoured Markdown."""

from __future__ import annotations

from supportkpi.reporters._options import RenderOptions
from supportkpi.reporters._words import Words
from supportkpi.reporters.to_markdown import document
from supportkpi.reporters.whatif._page import page
from supportkpi.whatifs import WhatIf

FORMAT = "markdown"
SUFFIXES = (".md", ".markdown")


def render(found: WhatIf, options: RenderOptions) -> str:
    """The same tables as on a terminal."""
    return document(page(found, Words(options.lang)))

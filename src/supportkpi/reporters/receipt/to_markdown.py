"""Receipts as GitHub-flavoured Markdown, to be sent to whoever disputes them."""

from __future__ import annotations

from collections.abc import Sequence

from supportkpi.receipts import Receipt
from supportkpi.reporters._options import RenderOptions
from supportkpi.reporters._words import Words
from supportkpi.reporters.receipt._page import page
from supportkpi.reporters.to_markdown import document

FORMAT = "markdown"
SUFFIXES = (".md", ".markdown")


def render(receipts: Sequence[Receipt], options: RenderOptions) -> str:
    """A section a ticket."""
    return "\n".join(document(page(receipt, Words(options.lang))) for receipt in receipts)

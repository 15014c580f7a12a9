"""Checks as GitHub-flavoured Markdown, for the summary of a job."""

from __future__ import annotations

from supportkpi.checks import Gate
from supportkpi.reporters._options import RenderOptions
from supportkpi.reporters._words import Words
from supportkpi.reporters.checks._page import page
from supportkpi.reporters.to_markdown import document

FORMAT = "markdown"
SUFFIXES = (".md", ".markdown")


def render(gate: Gate, options: RenderOptions) -> str:
    """The table of all checks."""
    return document(page(gate, Words(options.lang)))

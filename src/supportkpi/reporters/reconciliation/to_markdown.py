"""A reconciliation as GitHub-flavoured Markdown."""

from __future__ import annotations

from supportkpi.reconciliations import Reconciliation
from supportkpi.reporters._options import RenderOptions
from supportkpi.reporters._words import Words
from supportkpi.reporters.reconciliation._page import page
from supportkpi.reporters.to_markdown import document

FORMAT = "markdown"
SUFFIXES = (".md", ".markdown")


def render(found: Reconciliation, options: RenderOptions) -> str:
    """The figures and the reasons; each ticket, too, where ``full`` is asked."""
    return document(page(found, Words(options.lang), every=options.full))

"""GitHub-flavoured Markdown: the page as headings and tables."""

from __future__ import annotations

import re

from supportkpi.report import Report
from supportkpi.reporters._options import RenderOptions
from supportkpi.reporters._page import Block, Grid, Lines, Page
from supportkpi.reporters._screen import page
from supportkpi.reporters._words import Words

FORMAT = "markdown"
SUFFIXES = (".md", ".markdown")
_ESCAPED = re.compile(r"([\\`*_\[\]|~$#])")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def render(report: Report, options: RenderOptions) -> str:
    """The report as Markdown; the scorecard has the description and the period of every KPI, too."""
    return document(page(report, Words(options.lang), full=options.full, document=True))


def document(shown: Page) -> str:
    """Any page as Markdown."""
    parts = [f"# {escaped(shown.title)}", "  \n".join(_line(line) for line in shown.head)]
    parts += [text for block in shown.blocks for text in _block(block)]
    return "\n\n".join(parts) + "\n"


def escaped(text: str) -> str:
    """Text that stays text: no markup, no cell border, no HTML, no mention of a person, one line."""
    text = _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", text.strip())
    text = _ESCAPED.sub(r"\\\1", text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
    # a zero-width space keeps GitHub from telling a user of that name about every report
    text = text.replace("@", "@&#8203;")
    return re.sub(r"[\r\n\t\u2028\u2029]+", " ", text)


def _line(parts: tuple[str, ...]) -> str:
    return " · ".join(escaped(part) for part in parts)


def _block(block: Block) -> list[str]:
    heading = [f"## {escaped(block.title)}"] if block.title else []
    if isinstance(block, Lines):
        return [*heading, "\n".join(_labelled(block))] if block.lines else []
    return [*heading, "\n".join(_table(block)), *(escaped(note) for note in block.notes)]


def _labelled(block: Lines) -> list[str]:
    """A list: one item a label, its further lines as items below it."""
    return [
        f"- **{escaped(label)}** {escaped(text)}" if label else f"  - {escaped(text)}" for label, text in block.lines
    ]


def _table(grid: Grid) -> list[str]:
    titles = [escaped(column.title) for column in grid.columns]
    rule = ["---:" if column.align == "right" else ":---" for column in grid.columns]
    rows = [[escaped(cell) for cell in row] for row in grid.rows]
    if grid.links:  # an address between <> ends at the first > or line break, and none has either
        rows = [[f"[{row[0]}](<{link}>)", *row[1:]] for row, link in zip(rows, grid.links, strict=True)]
    return [f"| {' | '.join(cells)} |" for cells in [titles, rule, *rows]]

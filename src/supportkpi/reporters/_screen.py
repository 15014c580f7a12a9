"""The page of a report: what the terminal, Markdown and later documents all show, in one order."""

from __future__ import annotations

from supportkpi.report import Report
from supportkpi.reporters._blocks import kpi_blocks
from supportkpi.reporters._breakdown import breakdowns
from supportkpi.reporters._foot import assumed, findings, ledger, method, more, unseen
from supportkpi.reporters._head import head
from supportkpi.reporters._load import heat, line
from supportkpi.reporters._page import Block, Grid, Lines, Page
from supportkpi.reporters._scorecard import scorecard
from supportkpi.reporters._service import service
from supportkpi.reporters._words import Words


def page(report: Report, words: Words, *, full: bool, document: bool = False) -> Page:
    """Head, scorecard, service levels, KPI blocks, breakdowns, findings, foot; ``full`` has everything.

    A ``document`` stands alone: it has no hints about options of the command line.
    """
    card = scorecard(report, words)
    levels = service(report, words, full=full)
    blocks: list[Block] = [card, *levels] if card is not None else []
    blocks += _with_load(kpi_blocks(report, words, full=full), line(report, words), words)
    blocks += levels if card is None else []
    blocks += breakdowns(report, words, full=full)
    blocks += heat(report, words) if full or document else []
    if full:
        from supportkpi.reporters._full import everything  # noqa: PLC0415 - one screen shows none of it

        blocks += everything(report, words)
    blocks += findings(report, words, full=full)
    foot = (
        *unseen(report, words, full=full),
        *assumed(report, words, full=full),
        *ledger(report, words, full=full),
        *method(report, words),
        *(() if document else more(report, words)),
    )
    return Page(
        title=words.gettext("Support KPIs"),
        head=head(report, words, document=document),
        blocks=(*blocks, Lines(lines=foot)),
    )


def _with_load(grids: list[Grid], hours: list[Lines], words: Words) -> list[Block]:
    """The blocks of KPIs with the line by hour behind the volume, else at their end."""
    volume = words.gettext("Volume")
    place = next((place for place, grid in enumerate(grids, 1) if grid.columns[0].title == volume), len(grids))
    return [*grids[:place], *hours, *grids[place:]]

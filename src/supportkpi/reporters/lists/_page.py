"""The page of a list: what it comes to, the tickets to look at first, how to see the others."""

from __future__ import annotations

from collections.abc import Sequence

from supportkpi.lists import List, Listing
from supportkpi.reporters._head import period
from supportkpi.reporters._page import Grid, Page
from supportkpi.reporters._words import Words
from supportkpi.reporters.lists._cells import UNANSWERED, fields
from supportkpi.reporters.lists._heads import sentences
from supportkpi.reporters.lists._records import link_of

AT_FIRST = 20
"""Tickets that a list shows unless all are asked for."""


def page(listing: Listing, words: Words, *, every: bool) -> Page:
    """The whole page; ``every``: all tickets, not only the first ones."""
    _ = words.gettext
    rules = listing.method
    first = [period(rules, words), rules.timezone]
    if rules.as_of is not None:
        first.append(_("as of {instant}").format(instant=words.instant(rules.as_of, rules.timezone)))
    shown = listing.tickets if every else listing.tickets.head(AT_FIRST)
    columns = fields(listing, words)
    rows = tuple(tuple(each.said(row) for each in columns) for row in shown.iter_rows(named=True))
    links = [link_of(ticket, listing.links) or "" for ticket in shown["ticket_id"]] if listing.links else []
    grid = Grid(
        columns=tuple(each.column for each in columns),
        rows=rows,
        notes=tuple(_notes(listing, rows, words)),
        links=tuple(links),
    )
    filters = ((_("only {filters}").format(filters=", ".join(rules.where)),),) if rules.where else ()
    head = (tuple(first), *filters, *((said,) for said in sentences(listing, words)))
    return Page(title=_("Tickets"), head=head, blocks=(grid,) if rows else ())


def _notes(listing: Listing, rows: Sequence[Sequence[str]], words: Words) -> list[str]:
    """What stands below: how many more there are, which hours the times are, where one ticket is explained."""
    _ = words.gettext
    said = []
    left = listing.tickets.height - len(rows)
    if left:
        said.append(words.ngettext("… {n} more: --all, or -o list.csv", "… {n} more: --all, or -o list.csv", left))
    if any(cell.endswith(f" {UNANSWERED}") for row in rows for cell in row):
        said.append(_("{mark} solved without a reply").format(mark=UNANSWERED))
    calendar = listing.method.calendar
    if any(head.is_business for head in listing.heads):
        named = _calendar(listing) or calendar or ""
        said.append(_("times are open hours of {calendar}").format(calendar=named))
    given = any(head.basis == "given" and head.list in (List.breached, List.at_risk) for head in listing.heads)
    if given:
        said.append(_("by the deadlines that the export carries; times are around the clock"))
    if rows and listing.clocks.height:
        said.append(_("explain {ticket} shows a receipt").format(ticket=rows[0][0].removeprefix("#")))
    return [" · ".join(said)] if said else []


def _calendar(listing: Listing) -> str:
    """The names of the calendars that the clocks ran on."""
    names = listing.clocks["calendar"].drop_nulls().unique().sort().to_list()
    return ", ".join(names)

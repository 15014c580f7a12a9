"""The page of a reconciliation: how often theirs and ours agree, and for what reasons they do not."""

from __future__ import annotations

from collections.abc import Iterator

from supportkpi.metrics import catalogue
from supportkpi.reconciliations import Compared, Reconciliation
from supportkpi.reporters._page import Block, Column, Grid, Lines, Page
from supportkpi.reporters._words import NOTHING, Words

_OTHERS = {"reopens": "Reopenings", "replies": "Replies of agents"}
_CLOCKS = {"calendar": "calendar", "business": "business"}


def page(found: Reconciliation, words: Words, *, every: bool) -> Page:
    """The whole page; ``every``: each ticket that differs, too."""
    _ = words.gettext
    first = [words.ngettext("{n} ticket", "{n} tickets", found.n), found.timezone]
    if found.calendar is not None:
        first.append(_("open hours of {calendar}").format(calendar=found.calendar))
    if found.dialect is not None:
        first.append(_("theirs as {dialect} counts").format(dialect=found.dialect.title))
    blocks = [_table(found, words), *_reasons(found, words), *_ways(found, words)]
    if every:
        blocks += list(_tickets(found, words))
    if not found.figures:
        return Page(title=_("Reconciliation"), head=(tuple(first), (_nothing(found, words),)), blocks=())
    return Page(title=_("Reconciliation"), head=(tuple(first),), blocks=tuple(blocks))


def _nothing(found: Reconciliation, words: Words) -> str:
    """Why there is no figure to compare: the export has none, or what it has is what the solution was dated by."""
    _ = words.gettext
    columns = [column for source in found.inputs for column in source.columns]
    spent = [column.column for column in columns if (column.field or "").startswith("given_") and column.filled > 0]
    if found.n and spent:
        listed = ", ".join(repr(name) for name in dict.fromkeys(spent))
        said = _("ours was worked out from {columns} itself: the export has no date to hold beside it")
        return said.format(columns=listed)
    return _("the export carries no minutes, counts or verdicts of its own: there is nothing to hold beside ours")


def _table(found: Reconciliation, words: Words) -> Block:
    _ = words.gettext
    columns = (
        Column(title=_("figure"), align="left", tone="strong"),
        Column(title=_("theirs")),
        Column(title=_("ours")),
        Column(title=_("both"), drop=4),
        Column(title=_("same")),
        Column(title=_("rounded"), drop=1),
        Column(title=_("differ")),
        Column(title=_("only theirs"), drop=3),
        Column(title=_("only ours"), drop=2),
    )
    notes = [_("theirs and ours are medians of the tickets that have both")]
    return Grid(columns=columns, rows=tuple(_row(one, words) for one in found.figures), notes=tuple(notes))


def _row(one: Compared, words: Words) -> tuple[str, ...]:
    counts = (one.n_both, one.n_same, one.n_rounded, one.n_differ, one.n_only_theirs, one.n_only_ours)
    middles = (value_of(one.theirs_median, one.unit, words), value_of(one.ours_median, one.unit, words))
    return (_named(one, words), *middles, *(words.number(count) for count in counts))


def title_of(figure: str, words: Words) -> str:
    """What a figure is called."""
    plain = figure.removesuffix("_business")
    if plain in _OTHERS:
        return words.gettext(_OTHERS[plain])
    known = catalogue()
    metric = known.get(f"{plain}_time") or known.get(plain)
    return words.gettext(metric.title) if metric is not None else plain


def value_of(value: float | None, unit: str, words: Words) -> str:
    """A figure in words."""
    if value is None:
        return NOTHING
    if unit == "flag":
        return words.gettext("met") if value == 1 else words.gettext("missed") if value == 0 else words.gettext("both")
    return words.exact_duration(value, days=False) if unit == "s" else words.number(value)


def _reasons(found: Reconciliation, words: Words) -> Iterator[Block]:
    """Why the figures differ, a block a figure."""
    for one in found.figures:
        lines = [("", words.gettext(one.ours))] if one.ours is not None else []
        for reason in one.reasons:
            few = ", ".join(f"#{ticket}" for ticket in reason.tickets[:3]) + (" …" if reason.n > 3 else "")
            lines.append((words.number(reason.n), f"{words.gettext(reason.text)} ({few})"))
        if lines:
            yield Lines(title=_titled(one, words), lines=tuple(lines))


def _named(one: Compared, words: Words) -> str:
    """A figure and, of a span, whose clock it ran on."""
    clock = f", {words.gettext(_CLOCKS[one.clock])}" if one.clock else ""
    return f"{title_of(one.figure, words)}{clock}"


def _titled(one: Compared, words: Words) -> str:
    columns = f": {', '.join(one.columns)}" if one.columns else ""
    return f"{_named(one, words)}{columns}"


def _ways(found: Reconciliation, words: Words) -> Iterator[Block]:
    """How the helpdesk counts what it prints."""
    said = {title_of(one.figure, words): one.says for one in found.figures if one.says is not None}
    if found.dialect is not None and said:
        title = words.gettext("How {dialect} counts").format(dialect=found.dialect.title)
        yield Lines(title=title, lines=tuple((name, words.gettext(text)) for name, text in said.items()))


def _tickets(found: Reconciliation, words: Words) -> Iterator[Block]:
    """Every ticket whose figures differ, the largest differences first."""
    _ = words.gettext
    columns = (
        Column(title=_("ticket"), align="left", tone="strong"),
        Column(title=_("theirs")),
        Column(title=_("ours")),
        Column(title=_("rule"), align="left"),
    )
    for one in found.figures:
        told = found.rows.filter(figure=one.figure) if one.ours is None else found.rows.clear()
        told = told.filter(~told["rule"].is_in(["same", "rounded"]))
        told = told.sort(told["difference"].abs().alias("size"), "ticket_id", descending=[True, False], nulls_last=True)
        rows = tuple(
            (
                f"#{row['ticket_id']}",
                value_of(row["theirs"], one.unit, words),
                value_of(row["ours"], one.unit, words),
                row["rule"],
            )
            for row in told.iter_rows(named=True)
        )
        if rows:
            yield Grid(columns=columns, rows=rows, title=_titled(one, words))

"""Reasons in words, and the figures of the report with them."""

from __future__ import annotations

from collections.abc import Iterator

from supportkpi.receipts import Figure, Receipt, Why
from supportkpi.reporters._words import NOTHING, Words
from supportkpi.reporters.receipt._spans import moment, span


def reason(why: Why, words: Words, zone: str) -> str:
    """One reason."""
    _ = words.gettext
    if why.code == "not_shown":
        return _(why.text)
    at = "" if why.at is None else moment(why.at, zone, words)
    n = 0 if why.n is None else why.n
    counted = {
        "reopens": words.ngettext("reopened once", "reopened {n} times", n),
        "replies": words.ngettext("{n} reply", "{n} replies", n),
        "contacts": words.ngettext("{n} conversation with a human", "{n} conversations with a human", n),
        "repliers": words.ngettext("{n} agent replied", "{n} agents replied", n),
        "requests": words.ngettext("the customer wrote once", "the customer wrote {n} times", n),
        "too_early": words.ngettext("the {n} day after it is not over", "the {n} days after it are not over", n),
        "reopened_later": words.ngettext("reopened, but later than {n} day", "reopened, but later than {n} days", n),
        "no_lead_in": words.ngettext(
            "as far as the data goes back: less than {n} day", "as far as the data goes back: less than {n} days", n
        ),
    }
    plain = {
        "excluded": _("excluded as {kind}").format(kind=why.text),
        "no_creation": _("no creation date"),
        "no_customer": _("the customer is not known"),
        "opened_by_agent": _("opened by an agent"),
        "nothing_asked": _("the customer asked nothing more"),
        "not_escalated": _("never escalated"),
        "before_start": _("it ended before it began"),
        "solved_unanswered": _("solved without a reply"),
        "no_end": _("its end is not known"),
        "never_solved": _("never solved"),
        "not_solved": _("not solved"),
        "by_agent": _("reopened by an agent: that does not count"),
        "escalated": _("escalated"),
        "came_back": _("the customer came back {instant}").format(instant=at),
        "solved_before": _("another was solved {instant}").format(instant=at),
        "parallel": _("opened beside an older open one"),
    }
    return counted.get(why.code) or plain.get(why.code, why.code)


def figures(receipt: Receipt, words: Words) -> Iterator[tuple[str, str]]:
    """A line a KPI: its times on both clocks, or yes and no, and why."""
    zone = receipt.method.timezone
    for kpi in dict.fromkeys(figure.kpi for figure in receipt.figures):
        mine = [figure for figure in receipt.figures if figure.kpi == kpi]
        values = ", ".join(_value(figure, words, beside=len(mine) > 1) for figure in mine)
        whys = "; ".join(reason(why, words, zone) for figure in mine for why in figure.why)
        yield mine[0].title, f"{values} ({whys})" if whys else values


def _value(figure: Figure, words: Words, *, beside: bool) -> str:
    _ = words.gettext
    if figure.value is None:
        return NOTHING
    if isinstance(figure.value, bool):
        text = _("yes") if figure.value else _("no")
    else:
        text = span(figure.value, words, days=figure.clock == "calendar")
        text = _("24/7 {span}").format(span=text) if figure.clock == "calendar" and beside else text
        text = _("{span} so far").format(span=text) if figure.open else text
    return _("{value}, the export's own figure").format(value=text) if figure.basis == "given" else text

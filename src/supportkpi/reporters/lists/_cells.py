"""The columns of a list: what each says of a ticket, and in which lists it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton

from supportkpi.lists import Head, List, Listing
from supportkpi.reporters._page import Column, Tone
from supportkpi.reporters._words import NOTHING, Words

Row = Mapping[str, object]
UNANSWERED = "*"
"""Behind the end of a clock of replies that a solution ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One column and what it says of a row."""

    column: Column
    said: Callable[[Row], str]
    reads: str = ""  # the only thing that it says; without any value it is left out


@dataclass(frozen=True, slots=True, kw_only=True)
class Pen:
    """How values of one list are written: the zone, the year that goes without saying, which times are open hours."""

    words: Words
    zone: str
    year: int | None
    is_business: Mapping[List, bool]

    def instant(self, row: Row, name: str) -> str:
        """``Fri 27 Mar 17:52``, with the year where it is another than that of the export."""
        at = row.get(name)
        if not isinstance(at, datetime):
            return NOTHING
        local = at.astimezone(ZoneInfo(self.zone))
        day = format_skeleton("MMMEd" if local.year == self.year else "yMMMEd", local, locale=self.words.locale)
        return f"{day.replace(',', '')} {local:%H:%M}".replace("\u202f", "\u00a0").replace("\u2009", " ")

    def time(self, row: Row, name: str, of: List) -> str:
        """A span of time; open hours are never written in days."""
        seconds = row.get(name)
        days = not self.is_business.get(of, False)
        return self.words.duration(seconds, days=days) if isinstance(seconds, int | float) else NOTHING


def pen(listing: Listing, words: Words) -> Pen:
    """How the values of a list are written."""
    rules = listing.method
    year = None if rules.as_of is None else rules.as_of.astimezone(ZoneInfo(rules.timezone)).year
    business = {head.list: head.is_business for head in listing.heads}
    return Pen(words=words, zone=rules.timezone, year=year, is_business=business)


def fields(listing: Listing, words: Words) -> list[Field]:
    """The columns of a list, in order: those of every list, then those of each list that was asked for."""
    writing = pen(listing, words)
    asked = [head.list for head in listing.heads]
    found = [*_whose(listing, words), _created(writing)]
    for head in listing.heads:
        found += _OWN[head.list](head, writing, listing)
    if not any(name in asked for name in (List.breached, List.at_risk)):
        found.append(_plain("assignee", words.gettext("agent"), drop=1))
    once: dict[str, Field] = {}
    for each in found:
        once.setdefault(each.column.title, each)
    empty = {name for name in listing.tickets.columns if not listing.tickets[name].count()}
    return [each for each in once.values() if each.reads not in empty]


def _text(row: Row, name: str) -> str:
    value = row.get(name)
    return NOTHING if value is None else str(value)


def _plain(name: str, title: str, *, drop: int | None = None) -> Field:
    return Field(column=Column(title=title, align="left", drop=drop), said=lambda row: _text(row, name), reads=name)


def _whose(listing: Listing, words: Words) -> Iterator[Field]:
    """The ticket, its rule, what kind of ticket it is."""
    _, frame = words.gettext, listing.tickets
    column = Column(title=_("ticket"), align="left", tone="strong")
    yield Field(column=column, said=lambda row: f"#{row['ticket_id']}")
    if "on_rule" in frame.columns and listing.clocks["rule"].n_unique() > 1:
        yield _plain("on_rule", _("rule"))
    if "on_target" in frame.columns and not _is_one_limit(listing):
        yield Field(
            column=Column(title=_("limit"), align="left"), said=lambda row: _text(row, "on_target").replace("_", " ")
        )
    for name, title, drop in (("priority", _("priority"), 4), ("channel", _("channel"), 3), ("group", _("group"), 2)):
        if frame[name].count():
            yield _plain(name, title, drop=drop)


def _is_one_limit(listing: Listing) -> bool:
    """Whether one limit was asked for by name."""
    return (listing.asked.kpi or "").startswith("sla_") and listing.asked.kpi != "sla_all"


def _created(writing: Pen) -> Field:
    title = writing.words.gettext("created")
    return Field(column=Column(title=title, align="left", drop=5), said=lambda row: writing.instant(row, "created_at"))


def _when(writing: Pen, name: str, title: str, *, drop: int | None = None) -> Field:
    return Field(column=Column(title=title, align="left", drop=drop), said=lambda row: writing.instant(row, name))


def _lasts(writing: Pen, name: str, title: str, of: List, tone: Tone = "") -> Field:
    return Field(column=Column(title=title, tone=tone), said=lambda row: writing.time(row, name, of))


def _stopped(writing: Pen, listing: Listing) -> Field:
    """When the clock stopped: answered or solved; what it waits for while it has not."""
    _ = writing.words.gettext
    kinds = set(listing.tickets["on_target"].drop_nulls().unique().to_list())
    title = {"resolution": _("solved"), "escalation": _("escalated")}.get(next(iter(kinds), ""), _("answered"))
    title = title if len(kinds) == 1 else _("ended")

    def said(row: Row) -> str:
        if row.get("on_stopped_at") is not None:
            return writing.instant(row, "on_stopped_at") + (f" {UNANSWERED}" if row.get("on_is_unanswered") else "")
        return _("open") if row.get("on_target") == "resolution" else _("waiting")

    return Field(column=Column(title=title, align="left"), said=said)


def _late(head: Head, writing: Pen, listing: Listing) -> Iterator[Field]:
    _ = writing.words.gettext
    yield _when(writing, "on_due_at", _("due"))
    yield _stopped(writing, listing)
    yield _lasts(writing, "on_elapsed_s", _("took"), head.list)
    yield _lasts(writing, "on_late_s", _("late"), head.list, "strong")


def _soon(head: Head, writing: Pen, listing: Listing) -> Iterator[Field]:
    _ = writing.words.gettext

    def remark(row: Row) -> str:
        if row.get("on_state") == "paused":
            return _("stands still")
        if isinstance(row.get("on_late_from_at"), datetime):
            return _("used up at closing; late from {instant}").format(instant=writing.instant(row, "on_late_from_at"))
        return _("used up") if row.get("on_left_s") == 0 else ""

    yield _lasts(writing, "on_left_s", _("left"), head.list, "strong")
    yield _when(writing, "on_due_at", _("due"))
    yield Field(column=Column(title="", align="left", tail=True, tone="faint"), said=remark)


def _waiting(head: Head, writing: Pen, listing: Listing) -> Iterator[Field]:
    yield _lasts(writing, "waiting_s", writing.words.gettext("waiting for"), head.list, "strong")


def _silent(head: Head, writing: Pen, listing: Listing) -> Iterator[Field]:
    _ = writing.words.gettext
    yield _plain("status", _("status"), drop=6)
    yield _when(writing, "last_sign_at", _("last event"))
    yield _lasts(writing, "silent_s", _("silent for"), List.repeat, "strong")


def _rated(head: Head, writing: Pen, listing: Listing) -> Iterator[Field]:
    _ = writing.words.gettext

    def rating(row: Row) -> str:
        score, scale = row.get("score"), row.get("scale")
        if scale == "binary":
            return _("good") if score else _("bad")
        top = str(scale).rpartition("-")[2] if scale is not None else ""
        shown = writing.words.amount(score) if isinstance(score, int | float) else NOTHING
        return _("{score} of {top}").format(score=shown, top=top) if top else shown

    yield Field(column=Column(title=_("rating"), tone="strong"), said=rating)
    yield _when(writing, "rated_at", _("rated"))
    yield _plain("category", _("category"), drop=2)


def _reopened(head: Head, writing: Pen, listing: Listing) -> Iterator[Field]:
    _ = writing.words.gettext
    yield _plain("status", _("status"), drop=6)
    yield _when(writing, "resolved_at", _("solved"), drop=7)
    yield Field(column=Column(title=_("reopened"), tone="strong"), said=lambda row: _text(row, "reopens"))


def _repeat(head: Head, writing: Pen, listing: Listing) -> Iterator[Field]:
    _ = writing.words.gettext
    yield _plain("category", _("category"), drop=6)
    yield _plain("requester", _("requester"), drop=7)
    if "previous_solved_at" in listing.tickets.columns:
        yield _when(writing, "previous_solved_at", _("solved before"))


def _slow(head: Head, writing: Pen, listing: Listing) -> Iterator[Field]:
    _ = writing.words.gettext
    yield _plain("status", _("status"), drop=6)
    yield _lasts(writing, "took_s", _("took"), head.list, "strong")


def _kpi(head: Head, writing: Pen, listing: Listing) -> Iterator[Field]:
    _, columns = writing.words.gettext, listing.tickets.columns

    def role(row: Row) -> str:
        if row.get("in_n_open"):
            return _("undecided")
        return _("numerator") if row.get("in_x") else _("denominator") if has_parts else _("decided")

    frame = listing.tickets
    has_parts = bool(frame["in_x"].any())
    if has_parts or frame["in_n_open"].any():
        yield Field(column=Column(title=_("counts in") if has_parts else _("counts as"), align="left"), said=role)
    if "on_due_at" in columns:
        yield from _late(head, writing, listing)
    if "took_s" in columns:
        yield _lasts(writing, "took_s", _("took"), head.list, "strong")
    if "score" in columns:
        yield from _rated(head, writing, listing)
    if "value" in columns:
        value = writing.words.amount
        yield Field(column=Column(title=_("value"), tone="strong"), said=lambda row: value(float(str(row["value"]))))


def _sample(head: Head, writing: Pen, listing: Listing) -> Iterator[Field]:
    _ = writing.words.gettext
    if head.what is not None:
        yield _plain("stratum", head.what)
    yield Field(column=Column(title=_("weight")), said=lambda row: writing.words.amount(float(str(row["weight"])), 2))


_OWN: Mapping[List, Callable[[Head, Pen, Listing], Iterator[Field]]] = {
    List.breached: _late,
    List.at_risk: _soon,
    List.unanswered: _waiting,
    List.silent: _silent,
    List.rated: _rated,
    List.reopened: _reopened,
    List.repeat: _repeat,
    List.slowest: _slow,
    List.kpi: _kpi,
    List.sample: _sample,
}

"""Everything that happened to one ticket, in order: its events, and the hours that were closed in between."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby, pairwise

import polars as pl

from supportkpi.calendars import Calendar, zone_of
from supportkpi.clocks.traces import Stretch
from supportkpi.engine.grouping.people import coded
from supportkpi.engine.receipt.accounts import opened
from supportkpi.facts import Facts
from supportkpi.receipts import CLOSED, Entry
from supportkpi.schema import DONE, INSTANT, SOMEBODY, Actor, Kind, Log, log

_VALUED = (Kind.status, Kind.priority, Kind.assignee, Kind.group, Kind.level, Kind.calendar)
"""Kinds of event that set a value: they were changed from another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """How those who worked on tickets are called: by code, or by name where that was asked for."""

    codes: Mapping[str, str]
    shown: bool

    def of(self, who: str | None) -> str | None:
        """The code, or the name, of an id."""
        if who is None or self.shown:
            return who
        return self.codes.get(who.strip(), self.codes.get(who))


def names_of(facts: Facts) -> Names:
    """The codes of all agents of the data, the same as in the report."""
    ids: set[str] = set(facts.tickets["assignee_id"].drop_nulls().cast(pl.String).unique().to_list())
    history = facts.dataset.history
    if isinstance(history, Log):
        staff = (pl.col("actor").cast(pl.String) != Actor.customer.value).fill_null(value=True)
        acted = history.frame.filter(staff & pl.col("actor_id").is_not_null())
        given = history.frame.filter(pl.col("kind").cast(pl.String) == Kind.assignee.value)
        for frame, column in ((acted, "actor_id"), (given, "value")):
            known = frame.select(pl.col(column).unique().cast(pl.String)).collect()[column]
            ids |= set(known.drop_nulls().to_list())
    return Names(codes=coded(ids - {SOMEBODY}), shown=facts.settings.names)


def events(facts: Facts, names: Names) -> list[Entry]:
    """The events of the one ticket that the facts hold, in order."""
    frame = log(facts.dataset)
    if facts.settings.as_of is not None:
        frame = frame.filter(pl.col("at") <= pl.lit(facts.settings.as_of, INSTANT))
    text = frame.with_columns(pl.col("kind", "actor", "actor_id", "value", "raw").cast(pl.String)).collect()
    later = pl.col("kind") != Kind.created.value
    ordered = text.drop_nulls("at").sort("at", later, "seq")
    known: dict[str, str | None] = {}
    return [_entry(row, known, names) for row in ordered.iter_rows(named=True)]


def _entry(row: Mapping[str, object], known: dict[str, str | None], names: Names) -> Entry:
    """One event; ``known`` is what its ticket had so far of each kind."""
    kind, value, raw, who = (_text(row[name]) for name in ("kind", "value", "raw", "actor_id"))
    actor = _text(row["actor"])
    assert kind is not None  # noqa: S101 - the schema says so
    before = known.get(kind)
    if kind in _VALUED:
        known[kind] = value
    if kind == Kind.assignee.value:
        value, before = (each if each == SOMEBODY else names.of(each) for each in (value, before))
    staff = actor in (Actor.agent.value, None)
    reopens = kind == Kind.status.value and before in DONE and value is not None and value not in DONE
    public = row["public"]
    return Entry(
        at=row["at"],  # type: ignore[arg-type]
        kind=kind,
        actor=actor,
        by=names.of(who) if staff else None,
        public=public if isinstance(public, bool) else None,
        value=value,
        before=before,
        raw=raw if raw is not None and raw != value else None,
        reopens=reopens,
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


# --- closed hours ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """A stretch of time in which somebody waited on a calendar."""

    name: str | None
    calendar: Calendar
    low: datetime
    high: datetime


def with_closed(entries: Sequence[Entry], lives: Sequence[Life]) -> list[Entry]:
    """The entries with a line for the hours that were closed between two of them, while a clock was on its way.

    Nights, weekends and holidays in a row are one line.
    """
    calendars = {life.calendar: life for life in lives if not life.calendar.never_closes}
    told = list(entries)
    for calendar in calendars:
        mine = [life for life in lives if life.calendar == calendar]
        several = len(calendars) > 1
        told += _closed(entries, mine, several=several)
    return sorted(told, key=lambda entry: (entry.at, entry.kind == CLOSED))


def _closed(entries: Sequence[Entry], lives: Sequence[Life], *, several: bool) -> Iterator[Entry]:
    calendar, name = lives[0].calendar, lives[0].name
    instants = [at for at, _ in groupby(entry.at for entry in entries)]
    told: datetime | None = None
    for low, high in pairwise(instants):
        if not any(life.low <= low < life.high for life in lives):
            continue
        gaps = [gap for gap in _gaps(calendar, low, high) if told is None or gap[0] > told]
        if not gaps:
            continue
        until = _reopening(calendar, gaps[-1][1])
        told = until or high
        yield Entry(
            at=gaps[0][0],
            kind=CLOSED,
            value=name if several else None,
            until=until,
            times=len(gaps),
            days_off=tuple(_days_off(calendar, gaps[0][0], told)),
        )


def _gaps(calendar: Calendar, low: datetime, high: datetime) -> list[Stretch]:
    """The closed stretches between two instants."""
    edges = [low, *(at for stretch in opened(calendar, low, high) for at in stretch), high]
    return [(one, other) for one, other in zip(edges[::2], edges[1::2], strict=True) if one < other]


def _reopening(calendar: Calendar, at: datetime) -> datetime | None:
    found = calendar.edge(pl.Series([at], dtype=INSTANT), "open", "next", itself=True)[0]
    return found if isinstance(found, datetime) else None


def _days_off(calendar: Calendar, low: datetime, high: datetime) -> Iterator[date]:
    """The dates between two instants that the week would have open and the calendar has closed."""
    zone = zone_of(calendar.timezone)
    off = _named_days(calendar)
    day, last = low.astimezone(zone).date(), high.astimezone(zone).date()
    while day <= last:
        if day in off:
            yield day
        day += timedelta(days=1)


def _named_days(calendar: Calendar) -> set[date]:
    described = calendar.describe()
    versions = described.get("versions", [described])
    assert isinstance(versions, list)  # noqa: S101 - a calendar describes itself so
    weekdays = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    found: set[date] = set()
    for version in versions:
        days = [date.fromisoformat(day) for day in version.get("holidays", [])]
        days += [date.fromisoformat(day) for day, spans in version.get("days", {}).items() if not spans]
        found |= {day for day in days if weekdays[day.weekday()] in version.get("hours", {})}
    return found

"""Open tickets on which nothing has happened for a while."""

from __future__ import annotations

import polars as pl

from supportkpi.calendars import Calendar
from supportkpi.calendars.days import days_after
from supportkpi.decisions import Settings
from supportkpi.errors import OptionWrong
from supportkpi.facts import ON_CALENDAR, Facts
from supportkpi.lists import Head, List, Patience
from supportkpi.schema import INSTANT


def silent(tickets: pl.DataFrame, facts: Facts, settings: Settings, within: Patience) -> tuple[pl.DataFrame, Head]:
    """The open ones of the tickets whose last event is that long ago: last_sign_at, silent_s (around the clock).

    Working days are those of the calendar that each ticket is on.

    Raises:
        OptionWrong: the export does not show when something happened last, or which tickets are open.
    """
    for fact in ("is_resolved", "last_event_at"):
        if fact in facts.unobserved:
            message = f"this export cannot list silent tickets: {facts.unobserved[fact]}"
            raise OptionWrong(message, hint="supportkpi inspect FILES says what the files can give")
    is_open = tickets.filter(~pl.col("is_resolved")).with_columns(last_sign_at="last_event_at")
    until = is_open.with_columns(_until=_patience_ends(is_open, settings, within))
    rows = until.filter(pl.col("_until") <= pl.col("until"))
    lasted = (pl.col("until") - pl.col("last_sign_at")).dt.total_microseconds() / 1_000_000
    head = Head(
        list=List.silent,
        n=rows.height,
        of=is_open.height,
        n_open=rows.height,
        limit=within.text,
        is_business=bool(within.days and settings.calendars),
    )
    return rows.select("ticket_id", "last_sign_at", silent_s=lasted), head


def _patience_ends(tickets: pl.DataFrame, settings: Settings, within: Patience) -> pl.Series:
    last = tickets["last_sign_at"]
    if within.seconds is not None:
        return tickets.select(
            pl.col("last_sign_at") + pl.duration(microseconds=round(within.seconds * 1e6))
        ).to_series()
    ends = pl.repeat(None, tickets.height, dtype=INSTANT, eager=True)
    for place, calendar in _calendars(settings):
        mine = _on(tickets, place)
        ends = ends.scatter(mine, days_after(last.gather(mine), within.days, calendar)) if len(mine) else ends
    return ends


def _calendars(settings: Settings) -> list[tuple[int | None, Calendar]]:
    found: list[tuple[int | None, Calendar]] = [(n, each.calendar) for n, each in enumerate(settings.calendars)]
    return [*found, (None, Calendar.always())]


def _on(tickets: pl.DataFrame, place: int | None) -> pl.Series:
    """The rows of the tickets on a calendar; of None those that are on none, for which every day is a working day."""
    if ON_CALENDAR not in tickets.columns:
        return pl.int_range(tickets.height if place is None else 0, eager=True, dtype=pl.UInt32)
    same = tickets[ON_CALENDAR].is_null() if place is None else tickets[ON_CALENDAR] == place
    known = same.fill_null(value=False) & tickets["last_sign_at"].is_not_null()
    return known.arg_true()

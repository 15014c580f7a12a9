"""Working days on a calendar: limits of whole days, and the ends of days, weeks and months (interface.md 3).

A working day is a local date with open time. Instants are Datetime UTC, null for null.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Literal

import polars as pl

from supportkpi.calendars import Calendar, to_utc
from supportkpi.calendars.opening import INSTANT
from supportkpi.errors import CalendarHorizon

Stretch = Literal["day", "week", "month"]
_FAR = timedelta(days=366 * 12)
"""How far beyond the last start a working day is looked for: a calendar that closes for longer has closed for good."""


def days_after(starts: pl.Series, days: int, calendar: Calendar) -> pl.Series:
    """The same wall time ``days`` working days later; where that is closed, that day's closing.

    The day after which is counted is the one on which the clock starts: of a start outside hours, the next opening.
    Negative ``days`` count back, of a start outside hours from the closing before it.
    Raises CalendarHorizon: the calendar has not that many working days left.
    """
    opened = _opened(starts, calendar, back=days < 0)
    local = opened.dt.convert_time_zone(calendar.timezone)
    later = _nth(local.dt.date(), days, calendar)
    wall = later["date"].cast(pl.Datetime("us")) + (local.dt.replace_time_zone(None) - _midnight(local))
    due = wall.dt.replace_time_zone(calendar.timezone, ambiguous="earliest", non_existent="null")
    due = due.dt.convert_time_zone("UTC")
    return due.zip_with(calendar.open_at(due).fill_null(value=False), later["closing"]).alias("due_at")


def stretch_end(starts: pl.Series, stretch: Stretch, calendar: Calendar, *, days: int = 0) -> pl.Series:
    """The last closing of the local day, week or month in which each clock starts, or ``days`` working days later.

    A stretch whose hours are over when the clock starts gives the next one that has any.
    Raises CalendarHorizon: the calendar has no hours left.
    """
    opened = _opened(starts, calendar)
    dates = opened.dt.convert_time_zone(calendar.timezone).dt.date()
    if days:
        dates = _nth(dates, days, calendar)["date"]
    every = {"day": "1d", "week": "1w", "month": "1mo"}[stretch]
    last = dates.dt.truncate(every).dt.offset_by(every).dt.offset_by("-1d")
    known = _working(calendar, dates, dates)
    place = _index(known["date"].search_sorted(last, "right").cast(pl.Int64) - 1, last)
    return known["closing"].gather(place).alias("due_at")


def _opened(starts: pl.Series, calendar: Calendar, *, back: bool = False) -> pl.Series:
    """Each start, or of one outside hours the next opening (``back``: the closing before)."""
    at = starts.cast(INSTANT)
    edge = calendar.edge(at, "close", "previous", itself=True) if back else calendar.edge(at, "open", "next")
    return at.zip_with(calendar.open_at(at).fill_null(value=True), edge)


def _midnight(local: pl.Series) -> pl.Series:
    return local.dt.date().cast(pl.Datetime("us"))


def _nth(dates: pl.Series, days: int, calendar: Calendar) -> pl.DataFrame:
    """The ``days``-th working day after each date, or before it: date, closing."""
    reach = timedelta(days=2 * abs(days) + 30)
    while True:
        known = _working(calendar, dates, dates, beyond=reach, before=reach if days < 0 else timedelta(days=1))
        side: Literal["left", "right"] = "left" if days < 0 else "right"
        found = known["date"].search_sorted(dates, side).cast(pl.Int64) + (days if days < 0 else days - 1)
        first, last = found.min(), found.max()
        if not isinstance(first, int) or not isinstance(last, int) or (first >= 0 and last < known.height):
            place = _index(found, dates)
            return known.select(pl.all().gather(pl.lit(place)))
        if reach > _FAR:
            raise CalendarHorizon(
                f"the calendar has no {abs(days)} working days left beyond the dates of the data",
                hint="give the calendar weekly hours, or hours for more dates",
            )
        reach *= 2


def _working(
    calendar: Calendar,
    first: pl.Series,
    last: pl.Series,
    *,
    beyond: timedelta = timedelta(days=62),
    before: timedelta = timedelta(days=1),
) -> pl.DataFrame:
    """The working days around some dates, in order: date, closing (the instant of the day's last closing)."""
    low, high = first.min(), last.max()
    if not isinstance(low, date) or not isinstance(high, date):
        return pl.DataFrame(schema={"date": pl.Date, "closing": INSTANT})
    dates = pl.date_range(low - before, high + beyond + timedelta(days=1), eager=True).alias("date")
    midnights = pl.Series([to_utc(_start(day), calendar.timezone) for day in dates], dtype=INSTANT)
    opened = calendar.elapsed(midnights[0], midnights[-1])
    frame = pl.DataFrame({"date": dates, "midnight": midnights}).with_columns(
        open_s=opened(pl.col("midnight")).diff().shift(-1), next=pl.col("midnight").shift(-1)
    )
    working = frame.filter(pl.col("open_s") > 0)
    closing = calendar.edge(working["next"], "close", "previous", itself=True)
    return working.select("date", closing.alias("closing"))


def _index(place: pl.Series, of: pl.Series) -> pl.Series:
    """Places for gather, null where there is no date to look for."""
    return place.zip_with(of.is_not_null(), pl.repeat(None, len(of), dtype=pl.Int64, eager=True)).cast(pl.UInt32)


def _start(day: date) -> datetime:
    return datetime.combine(day, time())

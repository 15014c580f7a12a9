"""How much open time a limit allows, fixed at the instant from which it counts (interface.md 3)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import polars as pl

from supportkpi.calendars import Calendar
from supportkpi.calendars.days import Stretch, days_after, stretch_end
from supportkpi.sla import Deadline, Limit

_SECOND = 1_000_000
_STRETCH: dict[Deadline, Stretch] = {"end_of_day": "day", "end_of_week": "week", "end_of_month": "month"}


def allowed(starts: pl.Series, limit: Limit, calendar: Calendar, opened: Callable[[pl.Expr], pl.Expr]) -> pl.Series:
    """Open microseconds from each start to the end of the limit, Int64.

    A limit in time is the same for all; one in working days, or a deadline, is the open time up to its due instant.
    """
    if limit.seconds is not None:
        return pl.repeat(round(limit.seconds * _SECOND), len(starts), dtype=pl.Int64, eager=True)
    due = due_on(starts, limit, calendar)
    first, last = starts.min(), due.max()
    if isinstance(first, datetime) and isinstance(last, datetime):  # a due instant may lie beyond all of the data
        opened = calendar.elapsed(first, last)
    return (
        pl.DataFrame({"start": starts, "due": due})
        .select(us=opened(pl.col("due")) - opened(pl.col("start")))
        .to_series()
    )


def due_on(starts: pl.Series, limit: Limit, calendar: Calendar) -> pl.Series:
    """The due instant of a limit in working days, or of a deadline, for each start."""
    if limit.deadline is None:
        return days_after(starts, limit.days, calendar)
    return stretch_end(starts, _STRETCH[limit.deadline], calendar, days=limit.days)

"""Business time of many instants at once, each on the calendar of its ticket."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl

from supportkpi.decisions import CalendarChoice
from supportkpi.facts.choices import ON_CALENDAR

SECOND = 1_000_000
"""Microseconds."""


def clock_over(instants: pl.DataFrame, choices: Sequence[CalendarChoice]) -> Callable[[pl.Expr], pl.Expr]:
    """Instants to open microseconds since some zero, on the calendar of ON_CALENDAR; over the span of the instants."""
    bounds = instants.select(
        pl.min_horizontal(pl.all().min()).alias("lo"), pl.max_horizontal(pl.all().max()).alias("hi")
    )
    first, last = bounds.row(0)
    if first is None:
        return lambda instant: pl.when(instant.is_not_null()).then(pl.lit(None, pl.Int64))
    clocks = [choice.calendar.elapsed(first, last) for choice in choices]
    return lambda instant: _on_calendar(instant, choices, clocks)


def _on_calendar(
    instant: pl.Expr, choices: Sequence[CalendarChoice], clocks: Sequence[Callable[[pl.Expr], pl.Expr]]
) -> pl.Expr:
    if len(choices) == 1 and not choices[0].when:
        return clocks[0](instant)
    chain = pl.lit(None, pl.Int64)
    for number, clock in enumerate(clocks):
        chain = pl.when(pl.col(ON_CALENDAR) == number).then(clock(instant)).otherwise(chain)
    return chain

"""Times in statuses: the intervals of every ticket added up, on the calendar clock and on its business calendar (2.2).

What lies before the creation is nobody's time; the last status lasts to the end of observation. Of a solved ticket all
statuses but the solved ones end before its last solution, so that the sums of statuses are its life without the gaps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import polars as pl

from supportkpi.decisions import CalendarChoice
from supportkpi.facts.choices import ON_CALENDAR
from supportkpi.facts.clock import SECOND, clock_over
from supportkpi.facts.declared import WORKED_ON, Span
from supportkpi.facts.keyed import KEY, begins, placed, with_tickets
from supportkpi.schema import INSTANT, Status

_WORK, _PENDING, _HOLD = "work", "pending", "hold"
_SLICE = 1 << 20  # rows
_PARTS = (_WORK, _PENDING, _HOLD)
_PART = {Status.pending: _PENDING, Status.hold: _HOLD, **dict.fromkeys(WORKED_ON, _WORK)}


def summed_columns(
    tickets: pl.DataFrame, statuses: pl.DataFrame, spans: Sequence[Span], choices: Sequence[CalendarChoice]
) -> Iterator[pl.Expr]:
    """The columns of spans that are sums over statuses; null of tickets whose creation is not known."""
    totals = _totals(tickets, statuses, choices)
    start, end = pl.col("created_at"), pl.col("resolved_at")
    for span in spans:
        for on in ("", "_business") if choices else ("",):
            parts = dict.fromkeys(_PART[status] for status in span.statuses)
            s = pl.sum_horizontal(pl.lit(totals[f"{part}{on}"]) for part in parts) / SECOND
            known = pl.col(ON_CALENDAR).is_not_null() if on else pl.lit(value=True)
            yield pl.when(known & (end >= start)).then(s).alias(f"{span.name}{on}_s")
            yield pl.when(known & span.open & (pl.col("until") >= start)).then(s).alias(f"{span.name}{on}_age_s")
        yield (end < start).fill_null(value=False).alias(f"{span.name}_invalid")


def _totals(tickets: pl.DataFrame, statuses: pl.DataFrame, choices: Sequence[CalendarChoice]) -> pl.DataFrame:
    """Microseconds of each part, PART and PART_business, row for row with the tickets; 0 where a ticket has none.

    A slice of the intervals at a time, so that their instants are not all in memory at once.
    """
    names = [name for name in (KEY, "created_at", "until", ON_CALENDAR) if name in tickets.columns]
    known = tickets.select(names)
    clock = clock_over(_bounds(known, statuses), choices) if choices else None
    parts = [_summed(_lasting(known, rows), clock) for rows in _slices(statuses)]
    columns = [f"{part}{on}" for part in _PARTS for on in (("", "_business") if choices else ("",))]
    if not parts:
        return pl.DataFrame({name: pl.repeat(0, tickets.height, dtype=pl.Int64, eager=True) for name in columns})
    return placed(pl.concat(parts), tickets[KEY]).fill_null(0)


def _slices(statuses: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Stretches of the intervals, which stand by ticket, none of which ends inside a ticket."""
    keys, start = statuses[KEY], 0
    while start < statuses.height:
        end = start + _SLICE
        while end < statuses.height and keys[end] == keys[end - 1]:
            end += 1
        yield statuses.slice(start, end - start)
        start = end


def _bounds(tickets: pl.DataFrame, statuses: pl.DataFrame) -> pl.DataFrame:
    """The instants between which the intervals lie."""
    edges = [tickets["created_at"].min(), tickets["until"].max(), statuses["start"].min(), statuses["start"].max()]
    return pl.DataFrame({"at": edges}, schema={"at": INSTANT})


def _lasting(tickets: pl.DataFrame, statuses: pl.DataFrame) -> pl.DataFrame:
    """KEY, part, from, to (and ON_CALENDAR) of the intervals in which tickets were on anybody's desk."""
    parts = pl.Series([_PART.get(status) for status in Status], dtype=pl.Enum(_PARTS))
    part = pl.lit(parts).gather(pl.col("status").to_physical().cast(pl.UInt32))
    rows = statuses.select(KEY, part.alias("part"), "start", "end").filter(pl.col("part").is_not_null())
    beside = with_tickets(rows, tickets)
    begin = pl.max_horizontal("start", "created_at")
    return beside.with_columns(begin.alias("from"), pl.max_horizontal(pl.coalesce("end", "until"), begin).alias("to"))


def _summed(rows: pl.DataFrame, clock: Callable[[pl.Expr], pl.Expr] | None) -> pl.DataFrame:
    """KEY and the microseconds of each part."""
    spans = {"": (pl.col("to") - pl.col("from")).dt.total_microseconds()}
    if clock is not None:
        spans["_business"] = clock(pl.col("to")) - clock(pl.col("from"))
    timed = rows.select(
        pl.when(pl.col("part") == part).then(span).otherwise(0).fill_null(0).cum_sum().alias(f"{part}{on}")
        for part in _PARTS
        for on, span in spans.items()
    )
    # The intervals of a ticket stand together: what a running total grows by on them is their sum. A total that runs
    # beyond what fits comes round again, and so do differences of it.
    last = begins(rows[KEY]).shift(-1, fill_value=True)
    totals = timed.filter(last).select(pl.all() - pl.all().shift(1, fill_value=0))
    return totals.insert_column(0, rows[KEY].filter(last))

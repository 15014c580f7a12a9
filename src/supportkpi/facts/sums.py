"""Times in statuses: the intervals of every ticket added up, on the calendar clock and on its business calendar (2.2).

What lies before the creation is nobody's time; the last status lasts to the end of observation. Of a solved ticket all
statuses but the solved ones end before its last solution, so that the sums of statuses are its life without the gaps.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from supportkpi.decisions import CalendarChoice
from supportkpi.facts.choices import ON_CALENDAR
from supportkpi.facts.clock import SECOND, clock_over
from supportkpi.facts.declared import WORKED_ON, Span
from supportkpi.facts.keyed import KEY, placed
from supportkpi.schema import Status

_WORK, _PENDING, _HOLD = "work", "pending", "hold"
_PARTS = (_WORK, _PENDING, _HOLD)
_PART = {Status.pending: _PENDING, Status.hold: _HOLD, **dict.fromkeys(WORKED_ON, _WORK)}


def summed_columns(
    tickets: pl.DataFrame, statuses: pl.DataFrame, spans: Sequence[Span], choices: Sequence[CalendarChoice]
) -> Iterator[pl.Expr]:
    """The columns of spans that are sums over statuses; null of tickets whose creation is not known."""
    rows = _lasting(tickets, statuses)
    totals = {"": _totals(rows, tickets, rows.select(us=pl.col("to") - pl.col("from")).to_series().cast(pl.Int64))}
    if choices:
        clock = clock_over(rows.select("from", "to"), choices)
        totals["_business"] = _totals(rows, tickets, rows.select(us=clock(pl.col("to")) - clock(pl.col("from")))["us"])
    start, end = pl.col("created_at"), pl.col("resolved_at")
    for span in spans:
        for on, total in totals.items():
            parts = dict.fromkeys(_PART[status] for status in span.statuses)
            s = pl.sum_horizontal(pl.lit(total[part]) for part in parts) / SECOND
            known = pl.col(ON_CALENDAR).is_not_null() if on else pl.lit(value=True)
            yield pl.when(known & (end >= start)).then(s).alias(f"{span.name}{on}_s")
            yield pl.when(known & span.open & (pl.col("until") >= start)).then(s).alias(f"{span.name}{on}_age_s")
        yield (end < start).fill_null(value=False).alias(f"{span.name}_invalid")


def _lasting(tickets: pl.DataFrame, statuses: pl.DataFrame) -> pl.DataFrame:
    """KEY, part, from, to (and ON_CALENDAR) of the intervals in which tickets were on anybody's desk."""
    bounds = [name for name in ("created_at", "until", ON_CALENDAR) if name in tickets.columns]
    part = pl.lit(None, pl.String)
    for status, name in _PART.items():
        part = pl.when(pl.col("status") == status.value).then(pl.lit(name)).otherwise(part)
    rows = statuses.with_columns(part=part.cast(pl.Enum(_PARTS))).filter(pl.col("part").is_not_null())
    beside = rows.select(KEY, "part", "start", "end").join(tickets.select(KEY, *bounds), on=KEY, maintain_order="left")
    begin = pl.max_horizontal("start", "created_at")
    return beside.with_columns(begin.alias("from"), pl.max_horizontal(pl.coalesce("end", "until"), begin).alias("to"))


def _totals(rows: pl.DataFrame, tickets: pl.DataFrame, us: pl.Series) -> pl.DataFrame:
    """Microseconds of each part, row for row with the tickets; a ticket that was solved at once has 0 of all."""
    masked = (pl.when(pl.col("part") == name).then("us").sum().alias(name) for name in _PARTS)
    found = rows.select(KEY, "part").with_columns(us.alias("us")).group_by(KEY).agg(masked)
    return placed(found, tickets[KEY]).fill_null(0)

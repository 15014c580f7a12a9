"""What each clock showed: open time less pauses, when it stopped or when observation ended."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl

from supportkpi.calendars import Calendar
from supportkpi.clocks._windows import windows
from supportkpi.facts import Facts
from supportkpi.schema import DONE, INSTANT
from supportkpi.sla import Timed, Version

Elapsed = Callable[[pl.Expr], pl.Expr]
_SHOWN = {
    "end": INSTANT,
    "paused_us": pl.Int64(),
    "is_paused": pl.Boolean(),
    "elapsed_us": pl.Int64(),
    "possible_us": pl.Int64(),
}


def readings(facts: Facts, timed: Timed, version: Version, calendar: Calendar) -> pl.DataFrame:
    """clock (a number), WINDOWS, end, and what the clock showed: elapsed_us, paused_us, possible_us, is_paused.

    Open microseconds. ``elapsed_us`` ends at the stop, or where observation ends. ``possible_us`` ends there in any
    case: how old the clock could have become. ``is_paused``: it has not stopped, and stands still, at that end.
    """
    spans = windows(facts, timed, version).with_row_index("clock")
    if spans.is_empty():
        return spans.with_columns(pl.lit(None, dtype).alias(name) for name, dtype in _SHOWN.items())
    opened = elapsed(facts, calendar)
    # A clock that starts after observation ended shows nothing yet.
    seen = spans.with_columns(end=pl.max_horizontal(pl.coalesce("stopped_at", "until"), "started_at"))
    still = pauses(facts, seen, pause_words(timed, version), opened)
    read = seen.join(still, on="clock", how="left", maintain_order="left").with_columns(
        pl.col("paused_us").fill_null(0),
        is_paused=pl.col("stopped_at").is_null() & pl.col("is_paused").fill_null(value=False),
    )
    started, until = opened(pl.col("started_at")), opened(pl.max_horizontal("until", "started_at"))
    return read.with_columns(
        elapsed_us=opened(pl.col("end")) - started - pl.col("paused_us"),
        possible_us=until - started - pl.col("paused_us"),
    )


def pause_words(timed: Timed, version: Version) -> tuple[str, ...]:
    """The statuses in which a clock stands still: as agreed, and for a resolution while the ticket is solved."""
    agreed = version.pause_on.get(timed, ())
    return (*agreed, *DONE) if timed == "resolution" and version.reopen == "continue" else agreed


def elapsed(facts: Facts, calendar: Calendar) -> Elapsed:
    """Instants to open microseconds over all instants that the facts hold."""
    names = [name for name, dtype in facts.tickets.schema.items() if isinstance(dtype, pl.Datetime)]
    if not names or facts.tickets.is_empty():
        return lambda instant: instant.cast(pl.Int64)
    bounds = facts.tickets.select(
        low=pl.min_horizontal(pl.col(names).min()), high=pl.max_horizontal(pl.col(names).max())
    )
    low, high = bounds.row(0)
    return calendar.elapsed(low, high) if low is not None else (lambda instant: instant.cast(pl.Int64))


def over(spans: pl.DataFrame, calendar: Calendar) -> Elapsed:
    """Instants to open microseconds from the first ``started_at`` to the last ``end`` of some clocks."""
    low, high = spans.select(
        low=pl.min_horizontal(pl.col("started_at", "end").min()),
        high=pl.max_horizontal(pl.col("started_at", "end").max()),
    ).row(0)
    return calendar.elapsed(low, high) if low is not None else (lambda instant: instant.cast(pl.Int64))


def pauses(facts: Facts, spans: pl.DataFrame, words: Sequence[str], opened: Elapsed) -> pl.DataFrame:
    """clock, paused_us (open time in which the stretch from started_at to end stood still), is_paused (at its end).

    ``spans`` has clock (any key), row, started_at, end; stretches that never stood still may be absent.
    """
    still = stops(facts, spans, words)
    if still.is_empty():  # the table of a calendar cannot be asked for nothing
        return pl.DataFrame(schema={"clock": pl.UInt32, "paused_us": pl.Int64, "is_paused": pl.Boolean})
    stood = still.select("clock", "lasts", stood=opened(pl.col("high")) - opened(pl.col("low")))
    return stood.group_by("clock").agg(paused_us=pl.col("stood").sum(), is_paused=pl.col("lasts").any())


def stops(facts: Facts, spans: pl.DataFrame, words: Sequence[str]) -> pl.DataFrame:
    """The columns of ``spans`` with low, high, lasts: a row a stretch in which a clock stood still, cut to the clock.

    ``lasts``: it goes on beyond the end.
    """
    bare = spans.with_columns(low="started_at", high="end", lasts=pl.lit(value=False))
    if not words or "intervals" in facts.unobserved:
        return bare.clear()
    both = spans.join(_still(facts, words), on="row", how="inner").with_columns(
        low=pl.max_horizontal("started_at", "from"),
        high=pl.min_horizontal("end", pl.coalesce("to", "end")),
        lasts=pl.col("to").is_null() | (pl.col("to") > pl.col("end")),
    )
    return both.filter(pl.col("low") <= pl.col("high")).select(bare.columns)


def _still(facts: Facts, words: Sequence[str]) -> pl.DataFrame:
    """row, from, to (null while it lasts) of the status intervals that pause, by category or by the vendor's word."""
    folded = [word.casefold() for word in words]
    named = [
        pl.col(name).cast(pl.String).str.to_lowercase() for name in ("status", "raw") if name in facts.intervals.columns
    ]
    fits = pl.any_horizontal(name.is_in(folded).fill_null(value=False) for name in named)
    rows = facts.tickets.select("ticket_id").with_row_index("row")
    found = facts.intervals.filter(fits).select("ticket_id", pl.col("start").alias("from"), pl.col("end").alias("to"))
    return found.join(rows, on="ticket_id").select("row", "from", "to")

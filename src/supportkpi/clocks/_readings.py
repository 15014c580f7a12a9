"""What each clock showed: open time less pauses, when it stopped or when observation ended."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

from supportkpi.calendars import Calendar
from supportkpi.facts import Facts
from supportkpi.schema import DONE
from supportkpi.sla import Timed, Version

Elapsed = Callable[[pl.Expr], pl.Expr]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clockwork:
    """The calendar that clocks run on as agreed, and the open time of it (``opened``), less agreed pauses."""

    calendar: Calendar
    opened: Elapsed


def readings(facts: Facts, spans: pl.DataFrame, words: Sequence[str], opened: Elapsed) -> pl.DataFrame:
    """``spans`` with what each clock showed: elapsed_us, paused_us, possible_us, is_paused.

    Open microseconds. ``spans`` has clock, row, started_at, stopped_at, end, until; a clock stands still in the
    statuses ``words``. ``elapsed_us`` ends at the stop, or where observation ends. ``possible_us`` ends there in any
    case: how old the clock could have become. ``is_paused``: it has not stopped, and stands still, at that end.
    """
    still = pauses(facts, spans, words, opened)
    read = spans.join(still, on="clock", how="left", maintain_order="left").with_columns(
        pl.col("paused_us").fill_null(0),
        is_paused=pl.col("stopped_at").is_null() & pl.col("is_paused").fill_null(value=False),
    )
    started, until = opened(pl.col("started_at")), opened(pl.max_horizontal("until", "started_at"))
    return read.with_columns(
        elapsed_us=opened(pl.col("end")) - started - pl.col("paused_us"),
        possible_us=until - started - pl.col("paused_us"),
    )


def agreed(timed: Timed, version: Version) -> tuple[str, ...]:
    """The statuses in which a clock is agreed to stand still."""
    return version.pause_on.get(timed, ())


def standing(timed: Timed, version: Version) -> tuple[str, ...]:
    """Those, and the solved ones for a clock that goes on over reopenings: nobody waits for a solved ticket."""
    goes_on = timed == "update" or (timed == "resolution" and version.reopen != "restart")
    return tuple(dict.fromkeys((*agreed(timed, version), *(DONE if goes_on else ()))))


def extends(timed: Timed, version: Version) -> tuple[str, ...]:
    """The statuses whose time moves the limit instead of pausing the clock."""
    extending = timed == "resolution" and version.reopen == "extend"
    return tuple(word for word in DONE if word not in agreed(timed, version)) if extending else ()


def over(spans: pl.DataFrame, calendar: Calendar) -> Elapsed:
    """Instants to open microseconds, from the first to the last instant of some clocks (started_at, end, until)."""
    names = [name for name in ("started_at", "end", "until") if name in spans.columns]
    low, high = spans.select(
        low=pl.min_horizontal(pl.col(names).min()), high=pl.max_horizontal(pl.col(names).max())
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


def moved(facts: Facts, spans: pl.DataFrame, *, words: Sequence[str], of: Sequence[str], opened: Elapsed) -> pl.Series:
    """Open microseconds of the stretches in statuses ``of`` that began before a clock showed ``target_us``.

    Row for row with ``spans`` (clock, row, started_at, end, target_us); the clock stands still in ``words``, ``of``
    among them.
    """
    kinds = [
        stops(facts, spans, chosen).with_columns(counts=pl.lit(value=counts))
        for chosen, counts in ((of, True), ([word for word in words if word not in of], False))
    ]
    still = pl.concat(kinds).sort("clock", "low")
    nothing = pl.repeat(0, spans.height, dtype=pl.Int64, eager=True)
    if still.is_empty():
        return nothing
    still = still.with_columns(stood=opened(pl.col("high")) - opened(pl.col("low")))
    so_far = pl.col("stood").cum_sum().over("clock") - pl.col("stood")
    shown = opened(pl.col("low")) - opened(pl.col("started_at")) - so_far
    counted = still.filter((shown < pl.col("target_us")) & pl.col("counts"))
    summed = counted.group_by("clock").agg(moved_us=pl.col("stood").sum())
    return spans.join(summed, on="clock", how="left", maintain_order="left")["moved_us"].fill_null(0)


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

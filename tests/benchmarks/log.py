"""A seeded log of a helpdesk as CSV: one row an event, grouped by ticket or in the order of time.

Run by hand to see a size that the suite is too short for: ``python tests/benchmarks/log.py 1000000 log.csv [time]``.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

START = datetime(2025, 1, 1, tzinfo=UTC)
_STEPS = (
    # event, who, whether customers see it, new value: ten and a half rows a ticket on average
    ("created", "customer", None, None),
    ("comment", "customer", True, None),
    ("assigned", "system", None, "agent"),
    ("status changed", "agent", None, "open"),
    ("comment", "agent", True, None),
    ("status changed", "agent", None, "pending"),
    ("comment", "customer", True, None),
    ("status changed", "system", None, "open"),
    ("comment", "agent", False, None),
    ("comment", "agent", True, None),
    ("status changed", "agent", None, "solved"),
    ("status changed", "customer", None, "open"),
    ("status changed", "agent", None, "solved"),
)
_SURE = 9
"""How many of the steps every ticket takes; the last four are taken by fewer and fewer."""


def log_frame(tickets: int, *, seed: int = 7, by_time: bool = False) -> pl.DataFrame:
    """The rows of a log: ticket_id, time, event, author, role, public, value."""
    ids = pl.DataFrame({"ticket": pl.int_range(tickets, eager=True)})
    ids = ids.with_columns(
        at=pl.lit(START) + pl.duration(seconds=_draw("ticket", seed) % (365 * 86_400)),
        agent=pl.format("agent {}", _draw("ticket", seed + 1) % 200),
        steps=_SURE + _draw("ticket", seed + 2) % (len(_STEPS) - _SURE + 1),
    )
    made = [_step(ids, place, seed) for place in range(len(_STEPS))]
    frame = pl.concat(made)
    order = ["at", "ticket", "place"] if by_time else ["ticket", "place"]
    return frame.sort(order).select(
        pl.format("T-{}", pl.col("ticket") + 1_000_000).alias("ticket_id"),
        pl.col("at").dt.strftime("%Y-%m-%dT%H:%M:%SZ").alias("time"),
        "event",
        "author",
        "role",
        "public",
        "value",
    )


def _draw(column: str, seed: int) -> pl.Expr:
    return pl.col(column).hash(seed).cast(pl.UInt64).mod(2**40).cast(pl.Int64)


def _step(ids: pl.DataFrame, place: int, seed: int) -> pl.DataFrame:
    event, role, public, value = _STEPS[place]
    author = {"agent": pl.col("agent"), "customer": pl.lit("requester"), "system": pl.lit("rules")}[role]
    later = pl.duration(seconds=place * 3_600 + _draw("ticket", seed + 10 + place) % 3_600)
    return ids.filter(pl.col("steps") > place).select(
        "ticket",
        pl.lit(place).alias("place"),
        (pl.col("at") + later).alias("at"),
        pl.lit(event).alias("event"),
        author.alias("author"),
        pl.lit(role).alias("role"),
        pl.lit(None if public is None else str(public).lower(), pl.String).alias("public"),
        (pl.col("agent") if value == "agent" else pl.lit(value, pl.String)).alias("value"),
    )


def write_log(path: Path, tickets: int, *, seed: int = 7, by_time: bool = False) -> Path:
    """The log as a CSV file."""
    log_frame(tickets, seed=seed, by_time=by_time).write_csv(path)
    return path


if __name__ == "__main__":
    write_log(Path(sys.argv[2]), int(sys.argv[1]), by_time=sys.argv[3:] == ["time"])

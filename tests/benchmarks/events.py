"""A seeded log of events of any size as the canonical frame that a loader hands over: ten and a half events a ticket.

    python tests/benchmarks/events.py FOLDER 1000000

writes ``tickets.parquet`` and the log twice, in ticket order and in time order.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl

from supportkpi.schema import EVENTS, INSTANT, SURVEYS, TICKETS, Dataset, Extent, Log, Sight

FIRST = datetime(2025, 1, 1, tzinfo=UTC)
DAY = 86_400
SHOWN = ("created", "request", "reply", "bot_reply", "note", "solve", "reopen", "status", "assignee", "group")
_KINDS = {"customer": "message", "agent": "message", "bot": "message", "note": "message"}
_PRIORITIES = ("low", "normal", "high", "urgent")


def tickets(n: int) -> pl.DataFrame:
    """The ticket columns of n tickets of a year."""
    i = pl.int_range(n)
    return pl.select(
        ticket_id=(i + 1_000_000).cast(pl.String),
        observed_until=pl.lit(FIRST + timedelta(days=366), INSTANT),
        requester_id=pl.format("c{}", i * 7919 % (n // 3 + 1)),
        priority=_one_of(i, _PRIORITIES),
        category=_one_of(i // 5, ("billing", "login", "bug", "question", "order")),
    )


def _one_of(number: pl.Expr, words: tuple[str, ...]) -> pl.Expr:
    chain = pl.lit(words[0])
    for place, word in enumerate(words[1:], 1):
        chain = pl.when(number % len(words) == place).then(pl.lit(word)).otherwise(chain)
    return chain


def _slots(n: int, seed: int) -> pl.DataFrame:
    """One row a ticket: when it was created, and how long after that each of its steps comes (s)."""
    u, v, w = (pl.int_range(n).shuffle(seed=seed + k) / n for k in range(3))
    wait, rest = (-v.clip(1e-6).log()) * 5 * 3600, (-w.clip(1e-6).log()) * 1.5 * DAY
    rows = pl.select(ticket=pl.int_range(n, dtype=pl.UInt32), born=(u * 364 * DAY).cast(pl.Int64), wait=wait, rest=rest)
    return rows.with_columns(pl.col("wait").cast(pl.Int64) + 60, pl.col("rest").cast(pl.Int64) + 600)


_STEPS = (
    ("created", "customer", None, 1, "0"),
    ("group", "system", "group {}", 1, "5"),
    ("customer", "customer", None, 2, "0"),
    ("bot", "bot", None, 2, "20"),
    ("assignee", "agent", "agent {}", 1, "wait - 30"),
    ("agent", "agent", None, 1, "wait"),
    ("status", "agent", "pending", 1, "wait + 5"),
    ("customer", "customer", None, 1, "wait + rest // 3"),
    ("status", "customer", "open", 1, "wait + rest // 3 + 1"),
    ("note", "agent", None, 3, "wait + rest // 2"),
    ("group", "agent", "line {}", 5, "wait + rest // 2 + 9"),
    ("agent", "agent", None, 1, "wait + rest"),
    ("status", "agent", "solved", 1, "wait + rest + 3"),
    ("customer", "customer", None, 13, "wait + rest + 90000"),
    ("status", "customer", "open", 13, "wait + rest + 90001"),
    ("status", "agent", "solved", 13, "wait + rest + 99001"),
)


def events(n: int, seed: int = 11, *, by_time: bool = False) -> pl.DataFrame:
    """The log of n tickets, compact: ids, values and raw words as Categorical; a tenth of the tickets stays open."""
    slots = _slots(n, seed)
    frame = pl.concat([_step(slots, *step) for step in _STEPS])
    end = int(timedelta(days=366).total_seconds())
    frame = frame.filter((pl.col("s") < end) & ((pl.col("ticket") % 10 != 3) | (pl.col("step") < 11)))
    frame = frame.sort("s", "ticket", "step") if by_time else frame.sort("ticket", "s", "step")
    return frame.select(
        ticket_id=(pl.col("ticket") + 1_000_000).cast(pl.String).cast(pl.Categorical),
        at=(pl.lit(FIRST, INSTANT) + pl.duration(seconds="s")).cast(INSTANT),
        seq=pl.int_range(pl.len(), dtype=pl.UInt32),
        kind=pl.col("kind").cast(EVENTS["kind"]),
        actor=pl.col("actor").cast(EVENTS["actor"]),
        actor_id=pl.col("actor_id").cast(pl.Categorical),
        public=pl.when(pl.col("kind") == "message").then(pl.col("what") != "note"),
        value=pl.col("value").cast(pl.Categorical),
        raw=pl.col("value").cast(pl.Categorical),
    )


def _step(slots: pl.DataFrame, what: str, actor: str, value: str | None, every: int, after: str) -> pl.DataFrame:
    chosen = slots.filter(pl.col("ticket") % every == every - 1)
    number = pl.col("ticket") * 31 % (200 if "agent" in (value or "agent") else 12)
    label = pl.format(value, number) if value and "{}" in value else pl.lit(value, pl.String)
    return chosen.select(
        "ticket",
        step=pl.lit([step[0] == what and step[4] == after for step in _STEPS].index(True)),
        s=pl.col("born") + pl.sql_expr(after.replace("//", "/")).cast(pl.Int64),
        what=pl.lit(what),
        kind=pl.lit(_KINDS.get(what, what)),
        actor=pl.lit(actor),
        actor_id=pl.when(pl.lit(actor == "agent")).then(pl.format("a{}", number)),
        value=label,
    )


def dataset(n: int, *, by_time: bool = False) -> Dataset:
    """The same held in memory as one Dataset."""
    return of(tickets(n), events(n, by_time=by_time).lazy())


def of(known: pl.DataFrame, log: pl.LazyFrame) -> Dataset:
    """Tickets and their events as a Dataset that shows everything."""
    return Dataset(
        history=Log(frame=log),
        tickets=known.with_columns(pl.col("ticket_id").cast(TICKETS["ticket_id"])),
        surveys=pl.DataFrame(schema=dict(SURVEYS)),
        observes={Sight(name): Extent.EVERY for name in SHOWN},
    )


if __name__ == "__main__":
    folder, size = Path(sys.argv[1]), int(sys.argv[2])
    tickets(size).write_parquet(folder / "tickets.parquet")
    for name in ("by_ticket", "by_time"):
        events(size, by_time=name == "by_time").write_parquet(folder / f"{name}.parquet")

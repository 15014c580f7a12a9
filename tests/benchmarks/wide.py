"""A seeded wide export of any size: 22 columns as a helpdesk's admin centre writes them, made with polars alone."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import polars as pl

DAY = 86_400
FIRST = datetime(2025, 1, 1)  # noqa: DTZ001 - the export writes local time without a zone


def tickets(n: int, seed: int = 7) -> pl.DataFrame:
    """n tickets of a year: skewed waits, a tenth still open, one rating in six."""
    pl.set_random_seed(seed)
    rows = pl.select(pl.int_range(n).alias("i")).with_columns(
        u=pl.int_range(n).shuffle(seed=seed) / n,
        v=pl.int_range(n).shuffle(seed=seed + 1) / n,
        w=pl.int_range(n).shuffle(seed=seed + 2) / n,
    )
    created = pl.lit(FIRST) + pl.duration(seconds=(pl.col("u") * 364 * DAY).cast(pl.Int64))
    reply_min = ((-pl.col("v").clip(1e-6).log()) * 400).cast(pl.Int64)
    solve_s = ((-pl.col("w").clip(1e-6).log()) * 1.5 * DAY).cast(pl.Int64) + reply_min * 60
    is_open = (pl.col("i") % 10) == 3
    return rows.with_columns(created=created, reply_min=reply_min, solve_s=solve_s, is_open=is_open).select(
        pl.lit(1).alias("Summation column"),
        (pl.col("i") + 1_000_000).alias("Id"),
        pl.format("requester{}", (pl.col("w") * n / 3).cast(pl.Int64)).alias("Requester"),
        (pl.col("w") * n / 3).cast(pl.Int64).alias("Requester id"),
        pl.format("r{}@example.org", (pl.col("w") * n / 3).cast(pl.Int64)).alias("Requester email"),
        pl.format("agent {}", (pl.col("v") * 200).cast(pl.Int64)).alias("Assignee"),
        pl.format("group {}", (pl.col("u") * 12).cast(pl.Int64)).alias("Group"),
        pl.format("Something about order {} does not work as it should", pl.col("i")).alias("Subject"),
        _pick("u", ["billing", "login vip", "how-to", "bug"]).alias("Tags"),
        pl.when("is_open")
        .then(_pick("v", ["open", "pending", "hold"]))
        .otherwise(_pick("v", ["solved", "closed"]))
        .alias("Status"),
        _pick("w", ["low", "normal", "high", "urgent"]).alias("Priority"),
        _pick("v", ["email", "web", "chat", "api"]).alias("Via"),
        _pick("u", ["question", "incident", "problem", "task"]).alias("Ticket type"),
        pl.col("created").dt.to_string("%Y-%m-%d %H:%M:%S").alias("Created at"),
        (pl.col("created") + pl.duration(seconds="solve_s")).dt.to_string("%Y-%m-%d %H:%M:%S").alias("Updated at"),
        pl.format("Organization {}", (pl.col("w") * 900).cast(pl.Int64)).alias("Organization"),
        pl.when(~pl.col("is_open"))
        .then((pl.col("created") + pl.duration(seconds="solve_s")).dt.to_string("%Y-%m-%d %H:%M:%S"))
        .alias("Solved at"),
        pl.when(pl.col("i") % 6 == 0)
        .then(_pick("v", ["good", "bad", "good", "good"]))
        .otherwise(pl.lit("offered"))
        .alias("Satisfaction Score"),
        (pl.col("i") % 17 == 0).cast(pl.Int8).alias("Reopens"),
        pl.when(pl.col("i") % 23 != 0).then("reply_min").alias("First reply time in minutes"),
        pl.when(~pl.col("is_open"))
        .then((pl.col("solve_s") // 60).cast(pl.Int64))
        .alias("Full resolution time in minutes"),
        pl.lit("a field of the account's own with some words in it").alias("Where from [list]"),
    )


def _pick(by: str, words: list[str]) -> pl.Expr:
    chain = pl.lit(words[-1])
    for place, word in enumerate(words[:-1]):
        chain = pl.when((pl.col(by) * 997).cast(pl.Int64) % len(words) == place).then(pl.lit(word)).otherwise(chain)
    return chain


def write(path: Path, n: int) -> Path:
    """The export as a CSV file, unless it is there already."""
    if not path.exists():
        tickets(n).write_csv(path)
    return path


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))

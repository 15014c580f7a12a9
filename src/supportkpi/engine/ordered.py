"""Durations of many groups in order: one sort of packed integers that quantiles, means and survival all read."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate

import polars as pl

_US = 1_000_000
_TICKS = 1 << 51  # half-microseconds of 35 years: the last bit tells an open span from an ended one
_GROUPS = 1 << 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """Rows of (group, s Float64, ended Boolean), by group, then s, ends before open ones.

    ``group`` counts from 0 the groups that occur; ``codes`` and ``sizes`` are theirs, ``ends`` how many have ended.
    """

    frame: pl.DataFrame
    codes: list[int]
    sizes: list[int]
    ends: list[int]

    @property
    def offsets(self) -> list[int]:
        """Where each group's rows begin."""
        return [0, *accumulate(self.sizes)][:-1]


def ordered(observations: pl.DataFrame) -> Ordered:
    """Sort a frame of (code UInt32, s Float64, ended Boolean) without nulls."""
    if observations.is_empty():
        return Ordered(
            frame=observations.select(pl.col("code").alias("group"), "s", "ended"), codes=[], sizes=[], ends=[]
        )
    of_code = observations.group_by("code").agg(size=pl.len(), ended=pl.col("ended").sum()).sort("code")
    codes, sizes, ends = (of_code[name].to_list() for name in ("code", "size", "ended"))
    return Ordered(frame=_sorted(observations, codes, sizes), codes=codes, sizes=sizes, ends=ends)


def ended(rows: Ordered) -> Ordered:
    """The ended spans alone, still in order."""
    if rows.ends == rows.sizes:
        return rows
    kept = [(code, size) for code, size in zip(rows.codes, rows.ends, strict=True) if size]
    codes, sizes = [code for code, _ in kept], [size for _, size in kept]
    frame = rows.frame.filter("ended").with_columns(group=_groups(sizes))
    return Ordered(frame=frame, codes=codes, sizes=sizes, ends=sizes)


def _groups(sizes: list[int]) -> pl.Series:
    """0, 0, …, 1, 1, …: the group of every row."""
    runs = [pl.repeat(group, size, dtype=pl.Int64, eager=True) for group, size in enumerate(sizes)]
    return pl.concat(runs, rechunk=True) if runs else pl.Series(dtype=pl.Int64)


def _sorted(rows: pl.DataFrame, codes: list[int], sizes: list[int]) -> pl.DataFrame:
    ticks = (pl.col("s") * _US).round().cast(pl.Int64) * 2 + (~pl.col("ended")).cast(pl.Int64)
    low, high = rows.select(pl.col("s").min().alias("low"), pl.col("s").max().alias("high")).row(0)
    groups = _groups(sizes)
    if low < 0 or high * 2 * _US >= _TICKS or codes[-1] >= _GROUPS:  # packing a negative number would be silently wrong
        by = rows.select("code", "s", "ended").sort("code", "s", pl.col("ended").not_())
        return by.select(groups.alias("group"), "s", "ended")
    if len(codes) == 1:
        tick = rows.select(ticks.sort().alias("tick"))
    else:
        first_tick = pl.lit(pl.Series(codes, dtype=pl.Int64)).gather(pl.col("group")) * _TICKS
        packed = rows.select((pl.col("code").cast(pl.Int64) * _TICKS + ticks).sort().alias("packed"))
        tick = packed.with_columns(group=groups).select((pl.col("packed") - first_tick).alias("tick"))
    is_open = pl.col("tick") & 1
    return tick.select(
        groups.alias("group"), ((pl.col("tick") - is_open) / (2 * _US)).alias("s"), (is_open == 0).alias("ended")
    )

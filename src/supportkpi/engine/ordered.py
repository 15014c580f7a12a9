"""Durations of many groups in order: one sort of packed integers that quantiles, means and survival all read."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

_US = 1_000_000
_TICKS = 1 << 51  # half-microseconds of 35 years: the last bit tells an open span from an ended one
_GROUPS = 1 << 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """Rows of (code, s Float64, ended Boolean), by code, then s, ends before open ones; ``sizes`` rows of each code."""

    frame: pl.DataFrame
    codes: list[int]
    sizes: list[int]

    @property
    def offsets(self) -> list[int]:
        """Where each code's rows begin."""
        found, total = [], 0
        for size in self.sizes:
            found.append(total)
            total += size
        return found


def ordered(observations: pl.DataFrame) -> Ordered:
    """Sort a frame of (code UInt32, s Float64, ended Boolean); rows without a code or a value are left out."""
    rows = _sorted(observations.drop_nulls())
    if rows.is_empty():
        return Ordered(frame=rows, codes=[], sizes=[])
    if rows["code"][0] == rows["code"][-1]:
        return Ordered(frame=rows, codes=[rows["code"][0]], sizes=[rows.height])
    runs = rows["code"].rle().struct.unnest()
    return Ordered(frame=rows, codes=runs["value"].to_list(), sizes=runs["len"].to_list())


def ended(rows: Ordered) -> Ordered:
    """The ended spans alone, still in order."""
    if rows.frame["ended"].all():
        return rows
    kept = rows.frame.filter("ended")
    if len(rows.codes) == 1:
        return Ordered(frame=kept, codes=rows.codes if kept.height else [], sizes=[kept.height] if kept.height else [])
    runs = kept["code"].rle().struct.unnest()
    return Ordered(frame=kept, codes=runs["value"].to_list(), sizes=runs["len"].to_list())


def _sorted(rows: pl.DataFrame) -> pl.DataFrame:
    if rows.is_empty():
        return rows.select("code", "s", "ended")
    ticks = (pl.col("s") * _US).round().cast(pl.Int64) * 2 + (~pl.col("ended")).cast(pl.Int64)
    low, high, top = rows.select(
        ticks.min().alias("low"), ticks.max().alias("high"), pl.col("code").max().alias("top")
    ).row(0)
    if low < 0 or high >= _TICKS or top >= _GROUPS:  # packing a negative number would be silently wrong
        return rows.select("code", "s", "ended").sort("code", "s", pl.col("ended").not_())
    packed = rows.select((pl.col("code").cast(pl.Int64) * _TICKS + ticks).sort().alias("packed"))
    tick = pl.col("packed") % _TICKS if top else pl.col("packed")
    code = (pl.col("packed") // _TICKS).cast(pl.UInt32) if top else pl.lit(0, pl.UInt32)
    return packed.select(code.alias("code"), (tick // 2 / _US).alias("s"), (tick % 2 == 0).alias("ended"))

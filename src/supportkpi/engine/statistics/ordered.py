"""Durations of many groups in order: one sort for all breakdowns, each of which is cut from it without sorting again.

A duration is a tick: twice its whole units of time, and 1 more while it is open, so that at equal times ends come
before open ones. Ticks are whole numbers: sums of them are exact, whatever the order of the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise

import polars as pl

_SECOND, _MICROSECOND = 1, 1_000_000
_BITS = 62  # of a positive Int64 that may be packed into
_DIGIT = 4  # bits of a code that one pass over the rows tells apart
_WORTH = 500  # rows a group from which on such passes are cheaper than a sort


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Durations in the order of time: ``ticks`` (Int64) and ``rows`` (UInt32), the place of each in the frame."""

    ticks: pl.Series
    rows: pl.Series
    unit: int  # units in a second


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """Ticks by group, then time. ``codes`` are the groups that occur, ``sizes`` their rows, ``ends`` those that ended.

    ``open_at`` (UInt32) are the places of the open ones among all ticks, rising.
    """

    ticks: pl.Series
    open_at: pl.Series
    unit: int
    codes: list[int]
    sizes: list[int]
    ends: list[int]

    @property
    def offsets(self) -> list[int]:
        """Where each group's rows begin."""
        return [0, *accumulate(self.sizes)][:-1]

    def seconds(self, tick: int) -> float:
        """The duration that a tick stands for."""
        return (tick - (tick & 1)) / (2 * self.unit)


def line(observations: pl.DataFrame) -> Line:
    """Sort a frame of (s Float64, ended Boolean) without nulls; ``row`` (UInt32) is the place of a row, if it has one.

    Seconds are kept whole where all are, else to the microsecond.
    """
    whole = bool((observations["s"] == observations["s"].round()).all())
    unit = _SECOND if whole else _MICROSECOND
    ticks = (pl.col("s") * unit).round().cast(pl.Int64) * 2 + (~pl.col("ended")).cast(pl.Int64)
    row = pl.col("row") if "row" in observations.columns else pl.int_range(pl.len(), dtype=pl.UInt32)
    rows = observations.select(ticks.alias("tick"), row.alias("row"))
    low, high, last = rows.select(
        pl.col("tick").min().alias("low"), pl.col("tick").max().alias("high"), pl.col("row").max().alias("last")
    ).row(0)
    places = 1 << (last or 0).bit_length()
    if rows.is_empty() or low < 0 or (high * places).bit_length() > _BITS:  # packed, a negative one would be wrong
        rows = rows.sort("tick", "row")
        return Line(ticks=rows["tick"], rows=rows["row"], unit=unit)
    packed = rows.select((pl.col("tick") * places + pl.col("row")).sort().alias("packed"))
    rows = packed.select(pl.col("packed") // places, (pl.col("packed") & (places - 1)).cast(pl.UInt32).alias("row"))
    return Line(ticks=rows["packed"], rows=rows["row"], unit=unit)


def ordered(observations: pl.DataFrame) -> Ordered:
    """Sort a frame of (code UInt32, s Float64, ended Boolean) without nulls."""
    return parted(line(observations.select("s", "ended")), observations["code"])


def parted(durations: Line, codes: pl.Series) -> Ordered:
    """The durations by group, still in order; ``codes`` (UInt32) has the group of every row of the frame."""
    highest = codes.max() if len(durations.rows) else None
    if not isinstance(highest, int) or highest == 0:
        pieces = [(0, durations.ticks)] if len(durations.ticks) else []
    else:
        here = codes.cast(_smallest(highest)).gather(durations.rows)
        pieces = list(_pieces(here, durations.ticks, highest))
    ticks = pl.concat([piece for _, piece in pieces], rechunk=True) if pieces else durations.ticks
    found = Ordered(
        ticks=ticks,
        open_at=(ticks & 1).cast(pl.Boolean).arg_true(),
        unit=durations.unit,
        codes=[code for code, _ in pieces],
        sizes=[len(piece) for _, piece in pieces],
        ends=[],
    )
    found.ends.extend(size - lasting for size, lasting in zip(found.sizes, _lasting(found), strict=True))
    return found


def ended(rows: Ordered) -> Ordered:
    """The ended spans alone, still in order."""
    if rows.ends == rows.sizes:
        return rows
    kept = [(code, size) for code, size in zip(rows.codes, rows.ends, strict=True) if size]
    codes, sizes = [code for code, _ in kept], [size for _, size in kept]
    ticks = rows.ticks.filter(~(rows.ticks & 1).cast(pl.Boolean))
    return Ordered(ticks=ticks, open_at=rows.open_at.clear(), unit=rows.unit, codes=codes, sizes=sizes, ends=sizes)


def _lasting(rows: Ordered) -> list[int]:
    """How many of each group are open."""
    edges = pl.Series([*rows.offsets, len(rows.ticks)])
    return [end - start for start, end in pairwise(rows.open_at.search_sorted(edges).to_list())]


def _smallest(highest: int) -> pl.DataType:
    return pl.UInt8() if highest < 1 << 8 else pl.UInt16() if highest < 1 << 16 else pl.UInt32()


def _pieces(codes: pl.Series, ticks: pl.Series, highest: int) -> Iterator[tuple[int, pl.Series]]:
    """The ticks of each code that occurs, in the order that they have."""
    if len(codes) >= _WORTH * (highest + 1):
        digits = (highest.bit_length() - 1) // _DIGIT
        yield from _sifted(codes, ticks, code=0, shift=digits * _DIGIT)
        return
    by_code = pl.DataFrame({"code": codes, "tick": ticks}).with_row_index("place").sort("code", "place")
    for code, start, size in (
        by_code["code"]
        .rle()
        .struct.unnest()
        .select("value", (pl.col("len").cum_sum() - pl.col("len")).alias("start"), "len")
        .iter_rows()
    ):
        yield code, by_code["tick"].slice(start, size)


def _sifted(codes: pl.Series, ticks: pl.Series, *, code: int, shift: int) -> Iterator[tuple[int, pl.Series]]:
    """Sixteen filters a digit of the code, the highest first: each keeps the order, and none looks at all groups."""
    digits = codes // (1 << shift) if shift else codes
    for digit in range(1 << _DIGIT):
        mine = digits == digit
        some = ticks.filter(mine)
        if len(some) and shift:
            rest = codes.filter(mine) - digit * (1 << shift)
            yield from _sifted(rest, some, code=code + digit * (1 << shift), shift=shift - _DIGIT)
        elif len(some):
            yield code + digit, some

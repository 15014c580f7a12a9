"""Kaplan-Meier medians of many groups at once: open tickets are observations that have not ended (method 4.2).

Where nothing is open the factors (n - 1) / n of the curve telescope, so its height behind any row is known from the
rank of the row; each open row before it takes one factor away again. So nothing is summed but over the open rows, and
the curve is drawn only where it can cross one half: in the stretches whose two ends leave room for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from math import log

import polars as pl

from supportkpi.engine.statistics.intervals import z
from supportkpi.engine.statistics.ordered import Ordered

Median = tuple[float | None, float | None, float | None]
_HALF = log(2) * (1 - 1e-12) - 1e-12
"""Minus the logarithm of one half, a hair less: sums of logarithms are exact but for the last bits."""
_LEVEL = log(log(2)) - 1e-12
_EDGES = ("median", "low", "high")
_FIRST, _MORE = 2, 8  # stretches that are drawn at first, and how many times as many where they held nothing


def medians(rows: Ordered, conf: float) -> dict[int, Median]:
    """code -> (median, low, high) of the time to the end, in seconds.

    The median is the first time at which half of the group or less has not ended; None where that is not reached. At
    equal times ends come before open ones. The interval is where the log-log band of Greenwood's variance crosses one
    half (Brookmeyer and Crowley 1982; Kalbfleisch and Prentice 1980).
    """
    if not rows.codes:
        return {}
    count = len(rows.codes)
    found = [None if tick is None else rows.seconds(tick) for tick in _crossings(_curve(rows), z(conf))]
    return dict(
        zip(rows.codes, zip(found[:count], found[count : 2 * count], found[2 * count :], strict=True), strict=True)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Curve:
    """What the curves of all groups are drawn from.

    ``groups``: start and size of each, and how many open rows lie before it. ``hazard`` and ``variance`` (Float64) are,
    behind the first 0, 1, 2, … open rows, the sums of what those of the group of the last one take away.
    """

    rows: Ordered
    groups: pl.DataFrame
    hazard: pl.Series
    variance: pl.Series

    def of(self, name: str) -> pl.Expr:
        """A column of ``groups`` for the ``group`` of each row."""
        return pl.lit(self.groups[name]).gather(pl.col("group"))

    def tick(self, rank: pl.Expr) -> pl.Expr:
        """The tick at a rank of ``group``, or the very last one."""
        place = (self.of("start") + rank).clip(upper_bound=len(self.rows.ticks) - 1)
        return pl.lit(self.rows.ticks).gather(place)

    def drawn(self, ranks: pl.LazyFrame) -> pl.LazyFrame:
        """Adds, behind each (group, rank): hazard, minus the logarithm of the curve, and Greenwood's variance."""
        place = (self.of("start") + pl.col("rank")).cast(pl.UInt32)
        passed = pl.lit(self.rows.open_at).search_sorted(place, side="right")
        of_group = {name: self.of(name) for name in ("before", "size")}
        ranks = ranks.with_columns(passed=passed, gone=pl.col("rank") + 1, **of_group)
        mine = pl.col("passed") > pl.col("before")
        hazard, variance = (
            pl.when(mine).then(pl.lit(taken).gather("passed")).otherwise(0.0) for taken in (self.hazard, self.variance)
        )
        gone, size = pl.col("gone"), pl.col("size")
        return ranks.with_columns(
            hazard=hazard - (-gone / size).log1p(), variance=variance + gone / (size * (size - gone))
        )


def _curve(rows: Ordered) -> _Curve:
    lasting = [size - ends for size, ends in zip(rows.sizes, rows.ends, strict=True)]
    before = [0, *accumulate(lasting)][:-1]
    groups = pl.DataFrame({"start": rows.offsets, "size": rows.sizes, "before": before, "lasting": lasting})
    stops = (pl.col("start") + pl.col("size")).repeat_by("lasting").explode(empty_as_null=False).alias("stop")
    opened = groups.select(stops).with_columns(rows.open_at.cast(pl.Int64).alias("at"))
    n = pl.col("stop") - pl.col("at")  # at risk there
    last = n == 1  # nothing comes after it
    # Summed up a group at a time: the digits of one are not those of all before it.
    taken = opened.select(
        hazard=pl.when(last).then(0.0).otherwise((-1 / n).log1p()).cum_sum().over("stop"),
        variance=pl.when(last).then(0.0).otherwise(-1 / (n * (n - 1))).cum_sum().over("stop"),
    )
    hazard, variance = (pl.concat([pl.Series(name, [0.0]), taken[name]]) for name in taken.columns)
    return _Curve(rows=rows, groups=groups, hazard=hazard, variance=variance)


def _crossings(curve: _Curve, quantile: float) -> list[int | None]:
    """The tick at which the curve of each group first comes down to one half; then the lower edges, then the upper."""
    found: list[int | None] = [None] * (len(_EDGES) * curve.groups.height)
    left, done, size = _stretches(curve, quantile), 0, _FIRST
    while left.height:
        reached = _reached(left.filter(pl.col("turn") < done + size), curve, quantile)
        for key, tick in reached.iter_rows():
            found[key] = tick
        left = left.filter((pl.col("turn") >= done + size) & ~pl.col("key").is_in(reached["key"].implode()))
        done, size = done + size, size * _MORE
    return found


def _stretches(curve: _Curve, quantile: float) -> pl.DataFrame:
    """key, group, first and stop rank of the stretches in which an edge may cross one half; ``turn`` counts them.

    Hazard and variance never fall, so in a stretch the edges lie between what its ends make of the formulas.
    """
    group, first, size = pl.col("group"), pl.col("first"), curve.of("size")
    groups = (
        curve.groups.lazy().with_row_index("group").with_columns(step=pl.col("size").sqrt().cast(pl.Int64) // 2 + 1)
    )
    cut = groups.select("group", "step", pl.int_ranges(0, "size", "step").alias("first")).explode("first")
    cut = cut.with_columns(stop=pl.min_horizontal(first + pl.col("step"), size))
    cut = curve.drawn(cut.with_columns(rank=pl.col("stop") - 1)).with_columns(spread=_spread(quantile))
    ahead = {f"{name}0": pl.when(first > 0).then(pl.col(name).shift(1)).otherwise(0.0) for name in ("hazard", "spread")}
    hazard = pl.col("hazard")
    may = {
        "median": hazard >= _HALF,
        "low": (pl.col("hazard0") <= 0) | (hazard.log() + pl.col("spread") / pl.col("hazard0") >= _LEVEL),
        "high": hazard.log() - pl.col("spread0") / hazard >= _LEVEL,
    }
    within = (pl.col("stop") < size) & (curve.tick(first) == curve.tick(pl.col("stop")))  # a tie that goes on
    marked = cut.with_columns(**ahead).select("group", "first", "stop", within.alias("within"), **may)
    ends = marked.filter(~pl.col("within")).collect(engine="in-memory")
    some = [
        ends.filter(edge).select("first", "stop", "group", key=group + place * curve.groups.height)
        for place, edge in enumerate(_EDGES)
    ]
    return pl.concat(some).with_row_index().with_columns(turn=pl.col("index") - pl.col("index").min().over("key"))


def _spread(quantile: float) -> pl.Expr:
    """How far the band's edges are from the curve, times the hazard."""
    return quantile * pl.col("variance").clip(0).sqrt()


def _reached(stretches: pl.DataFrame, curve: _Curve, quantile: float) -> pl.DataFrame:
    """key and the first tick at which its edge has come down to one half, of those that do within the stretches."""
    rank = pl.col("rank")
    rows = stretches.lazy().select("key", "group", rank=pl.int_ranges("first", "stop")).explode("rank")
    rows = rows.with_columns(
        tick=curve.tick(rank), following=curve.tick(rank + 1), everyone=rank + 1 == curve.of("size")
    )
    # The curve steps down once a time: behind the last of the ends that it has.
    steps = (pl.col("tick") & 1 == 0) & (pl.col("everyone") | (pl.col("tick") != pl.col("following")))
    rows = curve.drawn(rows.filter(steps))
    level, spread = pl.col("hazard").log(), _spread(quantile) / pl.col("hazard")
    edge = pl.col("key") // curve.groups.height
    down = (
        pl.when(edge == 0)
        .then(pl.col("hazard") >= _HALF)
        .when(edge == 1)
        .then(level + spread >= _LEVEL)
        .otherwise(level - spread >= _LEVEL)
    )
    # Where nobody is left, the curve and its band are at zero.
    return rows.filter(pl.col("everyone") | down).group_by("key").agg(pl.col("tick").min()).collect(engine="in-memory")

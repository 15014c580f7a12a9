"""Restricted means of many groups at once: how much of a first stretch of time a ticket spends unfinished (method 4.3).

It is the area under the Kaplan-Meier curve up to a horizon. Between two open rows the curve falls by the same step at
every end (Efron 1967), so the area is a weighted sum of the ends of each such segment, and these sums are differences
of running ones: whatever the number of rows, only a row a segment is ever looked at.
"""

from __future__ import annotations

from math import sqrt

import polars as pl

from supportkpi.engine.statistics.intervals import z
from supportkpi.engine.statistics.ordered import Ordered

Mean = tuple[float, float, float]
_MOST = 1 << 62  # a sum of squares that an Int64 can hold with certainty


def restricted_means(rows: Ordered, horizon: float, conf: float) -> dict[int, Mean]:
    """code -> (mean, low, high) of the seconds up to the horizon in which a row has not ended.

    A group is left out where the last thing that is known of it lies before the horizon and is no end: nobody can say
    how it goes on. The interval comes from Greenwood's variance.
    """
    if not rows.codes:
        return {}
    weight, at_risk, ends, total, squares = (pl.col(name) for name in ("weight", "left", "ends", "total", "squares"))
    segments = _segments(rows, horizon)
    unknown = segments.filter(at_risk == 0)["group"].unique()  # an open row before the horizon, and nothing after it
    segments = segments.filter(~pl.col("group").is_in(unknown.implode()))
    # What is still to come at the start of a segment, for each row that is at risk there.
    beyond = pl.when(pl.col("last")).then(weight * (at_risk - ends) * horizon).otherwise(0.0)
    area = (weight * total + beyond).cum_sum(reverse=True).over("group")
    segments = segments.with_columns(area=area, mean=area / (weight * at_risk))
    after = pl.when(pl.col("last")).then(horizon).otherwise(pl.col("mean").shift(-1))
    mean = pl.col("mean")
    # Welford: the sum of squares of a sample, some of which are only known to come out at ``after`` in the mean.
    spread = squares - 2 * mean * total + ends * mean**2 + (at_risk - ends) * (after - mean) ** 2
    found = segments.group_by("group", maintain_order=True).agg(
        mean=area.first(), variance=(weight**2 * spread).sum().clip(0)
    )
    return {rows.codes[group]: _range(value, variance, horizon, conf) for group, value, variance in found.iter_rows()}


def _range(mean: float, variance: float, horizon: float, conf: float) -> Mean:
    half = z(conf) * sqrt(variance)
    return mean, max(0.0, mean - half), min(horizon, mean + half)


def _segments(rows: Ordered, horizon: float) -> pl.DataFrame:
    """group, left (rows at risk), weight of each end, ends, total and squares (of their seconds), last; in order.

    A segment lies between two open rows before the horizon; the first begins with its group, the last stops there.
    """
    early = rows.ticks < round(horizon * 2 * rows.unit)  # of two at the horizon neither is before it
    units = pl.when((rows.ticks & 1 == 0) & early).then(rows.ticks // 2).otherwise(0)
    units = units.cast(pl.Int64 if len(rows.ticks) * (horizon * rows.unit) ** 2 < _MOST else pl.Int128)
    sums = pl.select(total=units.cum_sum(), squares=(units * units).cum_sum())  # whole numbers: exact
    running = {one.name: pl.concat([pl.Series([0], dtype=one.dtype), one]) for one in sums}
    late = pl.lit((~early).arg_true())  # the last rows of each group
    start, size = pl.Series(rows.offsets, dtype=pl.Int64), pl.Series(rows.sizes, dtype=pl.Int64)
    groups = pl.DataFrame({"start": start, "size": size}).with_row_index("group")
    end = pl.col("start") + pl.col("size")
    behind = late.search_sorted(end).cast(pl.Int64) - late.search_sorted(pl.col("start")).cast(pl.Int64)
    groups = groups.with_columns(stop=end - behind)
    opened = pl.DataFrame({"from": rows.open_at.cast(pl.Int64) + 1})
    opened = opened.join_asof(groups.with_columns(place=pl.col("start") + 1), left_on="from", right_on="place")
    every = pl.concat(
        [groups.with_columns(pl.col("start").alias("from")), opened.filter(pl.col("from") <= pl.col("stop"))],
        how="diagonal",
    ).sort("group", "from")
    every = every.with_columns(left=pl.col("start") + pl.col("size") - pl.col("from"))
    lasts = pl.col("group") != pl.col("group").shift(-1, fill_value=len(rows.codes))
    stop = pl.when(lasts).then(pl.col("stop")).otherwise(pl.col("from").shift(-1) - 1)
    # An open row hands its weight to those after it: of n at risk each gets n / (n - 1) of what it had.
    handed = pl.when(pl.col("from") == pl.col("start")).then(0.0).otherwise((1 / pl.col("left")).log1p())
    total, squares = (
        (pl.lit(running[name]).gather(stop) - pl.lit(running[name]).gather("from")).cast(pl.Float64)
        for name in ("total", "squares")
    )
    return every.select(
        "group",
        "left",
        weight=(handed.cum_sum().over("group")).exp() / pl.col("size"),
        ends=stop - pl.col("from"),
        total=total / rows.unit,
        squares=squares / rows.unit**2,
        last=lasts,
    )

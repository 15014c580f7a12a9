"""Kaplan-Meier medians of many groups at once: open tickets are observations that have not ended (method 4.2)."""

from __future__ import annotations

from math import log

import polars as pl

from supportkpi.engine.intervals import z
from supportkpi.engine.ordered import Ordered

Median = tuple[float | None, float | None, float | None]
_HALF = log(2) * (1 - 1e-12) - 1e-12
"""Minus the logarithm of one half, a hair less: factors (n - 1) / n telescope to exact shares but for the last bits."""


def medians(rows: Ordered, conf: float) -> dict[int, Median]:
    """code -> (median, low, high) of the time to the end.

    The median is the first time at which half of the group or less has not ended; None where that is not reached. At
    equal times ends come before open ones. The interval is where the log-log band of Greenwood's variance crosses one
    half (Brookmeyer and Crowley 1982; Kalbfleisch and Prentice 1980).
    """
    if not rows.codes:
        return {}
    stops = [offset + size for offset, size in zip(rows.offsets, rows.sizes, strict=True)]
    at_risk = pl.lit(pl.Series(stops, dtype=pl.Int64)).gather(pl.col("group")) - pl.int_range(pl.len())
    # One row an end is exact after the last of a tie: (n-1)/n * (n-2)/(n-1) = (n-2)/n; Greenwood's sum telescopes too.
    risk = rows.frame.select("s", "ended", "group", at_risk.cast(pl.Float64).alias("n")).with_columns(
        last=(pl.col("n") == 1) & pl.col("ended")
    )
    counted = pl.col("ended") & (pl.col("n") > 1)
    risk = risk.with_columns(
        hazard=pl.when(counted).then(-(-1 / pl.col("n")).log1p()).otherwise(0.0).cum_sum(),
        variance=pl.when(counted).then(1 / (pl.col("n") * (pl.col("n") - 1))).otherwise(0.0).cum_sum(),
    )
    curve = _from_group_start(risk, rows)
    found = curve.group_by("group").agg(
        *(pl.when(reached).then("s").min().alias(name) for name, reached in _crossings(z(conf)).items())
    )
    by_group = {
        group: (median, low, high)
        for group, median, low, high in found.select("group", "median", "low", "high").iter_rows()
    }
    return {code: by_group.get(group, (None, None, None)) for group, code in enumerate(rows.codes)}


def _from_group_start(risk: pl.DataFrame, rows: Ordered) -> pl.DataFrame:
    """Ends only, one row a time, with the cumulative sums counted from the start of their group."""
    ends = risk.filter(
        pl.col("ended")
        & ~(
            (pl.col("s") == pl.col("s").shift(-1))
            & pl.col("ended").shift(-1)
            & (pl.col("group") == pl.col("group").shift(-1))
        ).fill_null(value=False)
    )
    if len(rows.codes) == 1:
        return ends
    before = [offset - 1 for offset in rows.offsets[1:]]
    base_hazard = [0.0, *risk["hazard"].gather(before).to_list()]
    base_variance = [0.0, *risk["variance"].gather(before).to_list()]
    return ends.with_columns(
        hazard=pl.col("hazard") - pl.lit(pl.Series(base_hazard)).gather(pl.col("group")),
        variance=pl.col("variance") - pl.lit(pl.Series(base_variance)).gather(pl.col("group")),
    )


def _crossings(quantile: float) -> dict[str, pl.Expr]:
    """When the curve, and the band's lower and upper edge, have come down to one half; all on the log-log scale."""
    hazard, spread = pl.col("hazard"), quantile * pl.col("variance").sqrt()
    level = log(log(2))
    everyone = pl.col("last")  # nobody is left: the curve and its band are at zero
    return {
        "median": everyone | (hazard >= _HALF),
        "low": everyone | (hazard.log() + spread / hazard >= level - 1e-12),
        "high": everyone | (hazard.log() - spread / hazard >= level - 1e-12),
    }

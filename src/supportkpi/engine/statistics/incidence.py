"""How many have ended by a time, and how: shares of tickets within an hour, a day, a week (method 4.5).

What ends in another way than the one asked about (a ticket solved without an answer, closed without a solution) never
ends in that one: it is no censored observation, which the Kaplan-Meier curve would take it for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, inf, log, sqrt

import polars as pl

from supportkpi.engine.statistics.intervals import z


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What had become of all by a time: ``share`` with its range, ``otherwise`` and ``open`` make up one.

    All are None behind the longest time known of a curve that has not come to its end.
    """

    within: float
    share: float | None = None
    low: float | None = None
    high: float | None = None
    otherwise: float | None = None
    open: float | None = None


def incidence(observations: pl.DataFrame, times: Sequence[float], conf: float) -> list[Share]:
    """The Aalen-Johansen share at each time of a frame (s Float64, solved Boolean) without null seconds.

    ``solved`` is whether it ended in the way asked about, False in another one, null where it is still open. At equal
    times ends come before open ones. The range is log-log with Aalen's variance.
    """
    curve = _curve(observations)
    longest, left = (curve["s"][-1], curve["after"][-1]) if curve.height else (-inf, 1.0)
    known = [time for time in times if curve.height and (time <= longest or left <= 0)]
    return [_share(curve, time, conf) if time in known else Share(within=time) for time in times]


def _curve(observations: pl.DataFrame) -> pl.DataFrame:
    """s, n (at risk), solved, ends, before and after (share not ended), so_far, others (shares ended), a row a time."""
    n, solved, ends = pl.col("n"), pl.col("solved"), pl.col("ends")
    each = observations.group_by("s").agg(pl.len().alias("gone"), solved.sum(), solved.count().alias("ends")).sort("s")
    each = each.with_columns(n=pl.lit(observations.height) - pl.col("gone").cum_sum() + pl.col("gone"))
    each = each.with_columns(after=(1 - ends / n).cum_prod())
    each = each.with_columns(before=pl.col("after").shift(1, fill_value=1.0))
    return each.with_columns(
        so_far=(pl.col("before") * solved / n).cum_sum(), others=(pl.col("before") * (ends - solved) / n).cum_sum()
    )


def _share(curve: pl.DataFrame, time: float, conf: float) -> Share:
    upto = curve.filter(pl.col("s") <= time)
    if upto.is_empty():
        return Share(within=time, share=0.0, otherwise=0.0, open=1.0)
    share, otherwise, left = upto.select("so_far", "others", "after").row(-1)
    n, solved, ends, before = (pl.col(name).cast(pl.Float64) for name in ("n", "solved", "ends", "before"))
    rest = share - pl.col("so_far")
    # At the last of all nothing is left to come: its share of the first sum is nought over nought.
    gone = pl.when(n > ends).then(rest**2 * ends / (n * (n - ends))).otherwise(0.0)
    parts = gone + before**2 * solved * (n - solved) / n**3 - 2 * rest * before * solved / n**2
    low, high = _range(share, upto.select(parts.sum()).item(), conf)
    return Share(within=time, share=share, low=low, high=high, otherwise=otherwise, open=left)


def _range(share: float, variance: float, conf: float) -> tuple[float | None, float | None]:
    """The log-log range; None of nought and of all, where it has no width."""
    if not 0 < share < 1 - 1e-12:
        return None, None
    reach = z(conf) * sqrt(max(variance, 0.0)) / (share * log(share))
    ends = [exp(log(share) * exp(sign * reach)) for sign in (1, -1)]
    return min(ends), max(ends)

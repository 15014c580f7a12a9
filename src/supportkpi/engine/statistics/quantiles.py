"""Quantiles, means and their order-statistic intervals of many groups at once."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor

import polars as pl

from supportkpi.engine.statistics.intervals import quantile_ranks
from supportkpi.engine.statistics.ordered import Ordered

QUANTILES = {"median": 0.5, "p90": 0.9, "p95": 0.95}
_MOST = 1 << 62  # a sum of ticks that an Int64 can hold with certainty


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One group of durations in seconds: n, mean, mean of the longest tenth, and QUANTILES as (value, low, high)."""

    n: int
    mean: float
    hardest_decile_mean: float
    quantiles: dict[str, tuple[float, float | None, float | None]]

    def stat(self, name: str) -> tuple[float, float | None, float | None]:
        """One statistic as (value, low, high); means have no interval here (method 3.4)."""
        if name == "mean":
            return self.mean, None, None
        if name == "hardest_decile_mean":
            return self.hardest_decile_mean, None, None
        return self.quantiles[name]


def summaries(rows: Ordered, conf: float) -> dict[int, Summary]:
    """A Summary of every group of ended spans.

    Quantiles interpolate linearly (Hyndman and Fan 1996, type 7); intervals are order statistics (method 3.3).
    """
    places = [
        [_place(size, offset, p, conf) for p in QUANTILES.values()]
        for size, offset in zip(rows.sizes, rows.offsets, strict=True)
    ]
    wanted = pl.Series([index for group in places for place in group for index in place[:4]], dtype=pl.UInt32)
    drawn = map(rows.seconds, rows.ticks.gather(wanted).to_list())
    found: dict[int, Summary] = {}
    for code, size, offset, group in zip(rows.codes, rows.sizes, rows.offsets, places, strict=True):
        cells: dict[str, tuple[float, float | None, float | None]] = {}
        for name, (*_, share, has_low, has_high) in zip(QUANTILES, group, strict=True):
            below, above, low, high = next(drawn), next(drawn), next(drawn), next(drawn)
            cells[name] = (below + (above - below) * share, low if has_low else None, high if has_high else None)
        longest = ceil(size / 10)
        mean, hardest = _mean(rows, offset, size), _mean(rows, offset + size - longest, longest)
        found[code] = Summary(n=size, mean=mean, hardest_decile_mean=hardest, quantiles=cells)
    return found


def _mean(rows: Ordered, start: int, size: int) -> float:
    """The mean of a run of ended spans: of whole numbers, so exact, and the same in whatever order they were read."""
    ticks = rows.ticks.slice(start, size)
    if max(abs(ticks[0]), abs(ticks[-1])) * size < _MOST:
        return int(ticks.sum()) / (2 * rows.unit * size)
    return float(ticks.cast(pl.Float64).sum()) / (2 * rows.unit * size)


def _place(n: int, offset: int, p: float, conf: float) -> tuple[int, int, int, int, float, bool, bool]:
    """Indices of a quantile's two neighbours and of its interval's ends (0: there is none), and the share between."""
    position = (n - 1) * p
    below = floor(position + 1e-9)
    low, high = quantile_ranks(n, p, conf)
    return (
        offset + below,
        offset + min(n - 1, below + 1),
        offset + low - 1 if low is not None else 0,
        offset + high - 1 if high is not None else 0,
        max(0.0, position - below),
        low is not None,
        high is not None,
    )

"""Which limit a share of the clocks would have met, and which one is safe to promise (method 7.3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log

import polars as pl

from supportkpi.engine.statistics.intervals import quantile_ranks, z
from supportkpi.engine.statistics.ordered import Ordered, ordered

MINUTE, HOUR, DAY = 60.0, 3_600.0, 86_400.0
STEPS = (
    *(1 * MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 20 * MINUTE, 30 * MINUTE),
    *(1 * HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, DAY),
)
"""Limits that people promise; beyond the last one its multiples."""
_A_HAIR = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """The quantile of one group in seconds, with the ends of its interval; None where it is not reached."""

    n: int
    n_open: int
    value: float | None
    low: float | None
    high: float | None


def needs(share: float, conf: float = 0.95) -> int:
    """The n from which a quantile has an upper end: 72 for 95 %, 36 for 90 % (method 3.3)."""
    return ceil(log((1 - conf) / 2) / log(share) - 1e-9)


def step_up(seconds: float) -> float:
    """The next limit that people promise: a step of STEPS, beyond them whole days of 24 hours."""
    return next((step for step in STEPS if seconds <= step), ceil(seconds / DAY) * DAY)


def solved(observations: pl.DataFrame, share: float, conf: float = 0.95) -> dict[int, Solved]:
    """The smallest limits that a share of each group has met: code -> Solved.

    ``observations`` has code (UInt32), s (Float64), ended (Boolean). Without open clocks it is the nearest rank, and
    its interval is that of order statistics; with open ones the quantile of Kaplan and Meier, in Greenwood's log-log
    band (Brookmeyer and Crowley 1982). At equal times ends come before open ones.
    """
    rows = ordered(observations)
    return {
        code: _of_group(rows, offset, size, ends, share=share, conf=conf)
        for code, offset, size, ends in zip(rows.codes, rows.offsets, rows.sizes, rows.ends, strict=True)
    }


def _of_group(rows: Ordered, offset: int, size: int, ends: int, *, share: float, conf: float) -> Solved:
    ticks = rows.ticks.slice(offset, size)
    if ends == size:
        ranks: Sequence[int | None] = (ceil(share * size - 1e-9), *quantile_ranks(size, share, conf))
        found = [None if rank is None else int(ticks[rank - 1]) for rank in ranks]
    else:
        found = _survival(ticks, share, conf)
    value, low, high = (None if tick is None else rows.seconds(tick) for tick in found)
    enough = size >= needs(share, conf)
    return Solved(n=size, n_open=size - ends, value=value, low=low, high=high if enough else None)


def _survival(ticks: pl.Series, share: float, conf: float) -> list[int | None]:
    """The ticks at which the curve, its lower and its upper edge come down to what may be missed."""
    at_risk = len(ticks) - pl.int_range(pl.len())
    last = at_risk == 1
    drawn = ticks.alias("tick").to_frame().with_columns(ended=pl.col("tick") % 2 == 0, at_risk=at_risk, last=last)
    ended = pl.col("ended") & ~pl.col("last")
    drawn = drawn.with_columns(
        hazard=pl.when(ended).then(-(-1 / pl.col("at_risk")).log1p()).otherwise(0.0).cum_sum(),
        variance=pl.when(ended).then(1 / (pl.col("at_risk") * (pl.col("at_risk") - 1))).otherwise(0.0).cum_sum(),
    )
    steps = drawn.filter(pl.col("ended") & (pl.col("tick") != pl.col("tick").shift(-1)).fill_null(value=True))
    level = -log(1 - share)
    hazard, spread = pl.col("hazard"), z(conf) * pl.col("variance").sqrt()
    edges = (hazard, hazard * (spread / hazard).exp(), hazard * (-spread / hazard).exp())
    found = [steps.filter(pl.col("last") | (edge >= level - _A_HAIR))["tick"].min() for edge in edges]
    return [tick if isinstance(tick, int) else None for tick in found]

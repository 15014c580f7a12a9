"""Statistics, intervals and business time in plain Python, from their definitions (method 3, 4.2): slow and plain."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time
from fractions import Fraction
from functools import cache
from math import ceil, floor, sqrt
from zoneinfo import ZoneInfo

from scipy.stats import binom
from timelines import ORIGIN, SPAN, STEP, at

Answer = dict[str, object]


def linear(values: list[float], p: float) -> float:
    """The p quantile with linear interpolation (Hyndman and Fan 1996, type 7)."""
    place = (len(values) - 1) * Fraction(str(p))
    low = floor(place)
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * float(place - low)


@cache
def ranks(n: int, p: float) -> tuple[int | None, int | None]:
    """The order statistics around a quantile (method 3.3): the largest l, the smallest u that the binomial allows."""
    lows = [rank for rank in range(1, n + 1) if binom.cdf(rank - 1, n, p) <= 0.025]
    highs = [rank for rank in range(1, n + 1) if binom.sf(rank - 1, n, p) <= 0.025]
    return max(lows, default=None), min(highs, default=None)


def kaplan_meier_median(ended: list[float], waiting: list[float]) -> float | None:
    """The first time at which half or less has not ended; ends come before open ones at ties (method 4.2)."""
    share = Fraction(1)
    for when in sorted(set(ended)):
        at_risk = sum(other >= when for other in [*ended, *waiting])
        share *= 1 - Fraction(ended.count(when), at_risk)
        if share <= Fraction(1, 2):
            return when
    return None


def within(ended: list[float], waiting: list[float], horizon: float) -> Answer:
    """The area under the Kaplan-Meier curve up to a horizon, with Greenwood's interval (method 4.3)."""
    seen = sorted({when for when in [*ended, *waiting] if when < horizon})
    share, area, before, steps = 1.0, 0.0, 0.0, []
    for when in seen:
        area, before = area + share * (when - before), when
        at_risk, ends = sum(other >= when for other in [*ended, *waiting]), ended.count(when)
        steps += [(area, ends, at_risk)] if ends else []
        share *= 1 - ends / at_risk
    if (not ended and not waiting) or (share > 1e-12 and max([*ended, *waiting]) < horizon):
        return {"value": None, "low": None, "high": None}  # nobody knows how the curve goes on
    area += share * (horizon - before)
    variance = sum((area - upto) ** 2 * d / (n * (n - d)) for upto, d, n in steps if n > d)
    half = 1.959963984540054 * sqrt(variance)
    return {"value": area, "low": max(0.0, area - half), "high": min(horizon, area + half)}


def wilson(x: float, n: float) -> tuple[float, float]:
    z, p = 1.959963984540054, x / n
    centre, half = p + z * z / (2 * n), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (centre - half) / (1 + z * z / n), (centre + half) / (1 + z * z / n)


def share(marks: list[tuple[bool, str | None]]) -> Answer:
    """A share of (success, customer), its interval widened when a tenth of the rows has a customer in common (3.1)."""
    n, x = len(marks), sum(success for success, _ in marks)
    if n == 0:
        return {"n": 0, "x": 0.0, "value": None}
    of = defaultdict(list)
    for place, (success, who) in enumerate(marks):
        of[who if who is not None else place].append(success)
    k, r, common = len(of), x / n, sum(len(rows) for rows in of.values() if len(rows) > 1)
    effect = 1.0
    if common >= 0.1 * n and k > 1 and 0 < r < 1:
        variance = k / (k - 1) * sum((sum(rows) - r * len(rows)) ** 2 for rows in of.values()) / n**2
        effect = max(1.0, variance / (r * (1 - r) / n))
    low, high = wilson(x / effect, n / effect)
    return {"n": n, "x": x, "value": x / n, "low": low, "high": high}


def durations(ended: list[float], waiting: list[float] | None) -> dict[str, Answer]:
    """Every statistic of durations."""
    values, n = sorted(ended), len(ended)
    shared = {"n": n, "n_open": None if waiting is None else len(waiting)}
    found: dict[str, Answer] = {}
    for name, p in (("median", 0.5), ("p90", 0.9), ("p95", 0.95)):
        low, high = ranks(n, p)
        found[name] = {"value": linear(values, p) if n else None}
        found[name] |= {"low": values[low - 1] if low else None, "high": values[high - 1] if high else None}
    found["mean"] = {"value": sum(values) / n if n else None}
    found["hardest_decile_mean"] = {"value": sum(values[-ceil(n / 10) :]) / ceil(n / 10) if n else None}
    if waiting is not None:
        found["km_median"] = {"value": kaplan_meier_median(values, waiting) if waiting else found["median"]["value"]}
    return {stat: shared | answer for stat, answer in found.items()}


class Hours:
    """Business time by stepping: every quarter of an hour is open or not, and the open ones are added up."""

    def __init__(self, zone: str, spans: Sequence[tuple[time, time]], closed: date) -> None:
        self._sums = [0]
        for step in range(-100, SPAN * 3):
            local = at(step).astimezone(ZoneInfo(zone))
            working = local.weekday() < 5 and local.date() != closed
            inside = working and any(begin <= local.time() < end for begin, end in spans)
            self._sums.append(self._sums[-1] + inside)

    def between(self, start: datetime, end: datetime) -> float:
        first, last = ((when - ORIGIN) // STEP + 100 for when in (start, end))
        return (self._sums[last] - self._sums[first]) * STEP.total_seconds()

"""Intervals: how far a number may be from what it stands for (method 3). No scipy, no numpy."""

from __future__ import annotations

from functools import lru_cache
from math import ceil, exp, floor, lgamma, log, sqrt
from statistics import NormalDist

EXACT_UP_TO = 1000
"""Above this n the ranks of a quantile come from the normal approximation."""
_BEYOND = 12  # standard deviations from the mean, beyond which a binomial is nought for all that follows


@lru_cache
def z(conf: float) -> float:
    """Two-sided standard normal quantile: 1.959964 for 0.95."""
    return NormalDist().inv_cdf(0.5 + conf / 2)


def wilson(x: float, n: float, conf: float = 0.95) -> tuple[float, float] | None:
    """Wilson score interval of a share x/n (Wilson 1927); None without observations."""
    if n <= 0:
        return None
    p, zz = x / n, z(conf) ** 2
    centre = (p + zz / (2 * n)) / (1 + zz / n)
    half = z(conf) * sqrt(p * (1 - p) / n + zz / (4 * n * n)) / (1 + zz / n)
    return (0.0 if x <= 0 else max(0.0, centre - half)), (1.0 if x >= n else min(1.0, centre + half))


def design_effect(x: float, n: float, clusters: int, residual_squares: float) -> float:
    """How much clusters inflate the variance of a share, at least 1 (linearised, method 3.1).

    ``residual_squares`` is the sum over clusters of (x_c - r n_c) squared, with r = x/n.
    """
    r = x / n if n else 0.0
    if clusters < 2 or not 0 < r < 1:
        return 1.0
    variance = clusters / (clusters - 1) * residual_squares / n**2
    return max(1.0, variance / (r * (1 - r) / n))


def clustered_wilson(x: float, n: float, effect: float, conf: float = 0.95) -> tuple[float, float] | None:
    """Wilson interval at the effective sample size n / effect."""
    return wilson(x / effect, n / effect, conf)


def net_promoter(promoters: int, detractors: int, n: int, conf: float = 0.95) -> tuple[float, float] | None:
    """Adjusted Wald interval of a net promoter score in points (Rocks 2016); None without answers.

    Of a single answer it would leave out the score itself: it is widened to hold it.
    """
    if n == 0:
        return None
    size, p, d = n + 3, (promoters + 0.75) / (n + 3), (detractors + 0.75) / (n + 3)
    half = z(conf) * sqrt((p + d - (p - d) ** 2) / size)
    score = 100 * (promoters - detractors) / n
    return min(score, max(-100.0, 100 * (p - d - half))), max(score, min(100.0, 100 * (p - d + half)))


@lru_cache(maxsize=65536)
def quantile_ranks(n: int, p: float, conf: float = 0.95) -> tuple[int | None, int | None]:
    """1-based ranks between which the p quantile lies with at least ``conf``, whatever the distribution (method 3.3).

    The lower is the largest l with P(B <= l - 1) <= alpha/2, the upper the smallest u with P(B >= u) <= alpha/2, for
    B ~ Binomial(n, p); None where no rank of the sample is low or high enough.
    """
    alpha = (1 - conf) / 2
    if n > EXACT_UP_TO:
        half = z(conf) * sqrt(n * p * (1 - p))
        return max(1, floor(n * p - half)), min(n, ceil(n * p + half) + 1)
    margin = _BEYOND * (sqrt(n * p * (1 - p)) + 1)
    first, last = max(0, floor(n * p - margin)), min(n, ceil(n * p + margin))
    cumulative, chance, low, high = 0.0, _binomial(n, first, p), None, None
    for k in range(first, last + 1):
        if 1 - cumulative <= alpha + 1e-12 and high is None and 1 <= k <= n:  # P(B >= k)
            high = k
        cumulative += chance
        chance *= (n - k) / (k + 1) * p / (1 - p)
        if cumulative <= alpha + 1e-12 and k + 1 <= n:  # P(B <= k) with k = l - 1
            low = k + 1
    return low, high


def _binomial(n: int, k: int, p: float) -> float:
    return exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) + k * log(p) + (n - k) * log(1 - p))

"""Intervals against scipy, and the worked values of the method (section 3)."""

from __future__ import annotations

import math

import pytest
from scipy.stats import binom, binomtest, quantile_test

from supportkpi.engine.statistics.intervals import (
    clustered_wilson,
    design_effect,
    net_promoter,
    quantile_ranks,
    wilson,
    z,
)


@pytest.mark.parametrize("n", [1, 2, 5, 17, 100, 5000])
@pytest.mark.parametrize("conf", [0.8, 0.95, 0.99])
def test_wilson_is_that_of_scipy(n, conf):
    for x in {0, 1, n // 3, n - 1, n}:
        wanted = binomtest(x, n).proportion_ci(conf, method="wilson")
        assert wilson(x, n, conf) == pytest.approx((wanted.low, wanted.high), abs=1e-12)


def test_wilson_of_nothing_is_nothing_and_its_ends_are_exact():
    assert wilson(0, 0) is None
    for n in (5, 7, 13, 17):  # of some of which the formula comes to a hair beside them
        assert wilson(0, n)[0] == 0.0
        assert wilson(n, n)[1] == 1.0


@pytest.mark.parametrize(
    ("x", "n", "low", "high"), [(3, 5, 23.1, 88.2), (87, 100, 79.0, 92.2), (870, 1000, 84.8, 88.9)]
)
def test_wilson_of_the_tables(x, n, low, high):
    assert [round(100 * end, 1) for end in wilson(x, n)] == [low, high]


def test_clusters_widen_an_interval_and_never_narrow_it():
    alone = design_effect(5, 10, 10, sum((x - 0.5) ** 2 for x in [1, 0] * 5))
    pairs = design_effect(5, 10, 5, sum((x - 0.5 * 2) ** 2 for x in [2, 2, 1, 0, 0]))
    opposite = design_effect(5, 10, 5, 0.0)
    assert alone == pytest.approx(10 / 9)
    assert pairs == pytest.approx(5 / 4 * 4 / 100 / (0.25 / 10))
    assert opposite == 1.0
    assert clustered_wilson(5, 10, pairs)[0] < wilson(5, 10)[0]


def test_two_customers_of_two_answers_each_are_worth_one_answer():
    """One is content twice, the other never: 2 / 1 * (1 + 1) / 16 is four times 0.5 * 0.5 / 4."""
    assert design_effect(2, 4, 2, 2.0) == 4.0


def test_the_range_of_clusters_is_that_of_so_many_fewer_answers():
    """Of 25 in 50: centre (0.5 + 0.038415) / 1.076829, half of it 1.959964 * sqrt(0.005 + 0.000384) / 1.076829."""
    assert clustered_wilson(50, 100, 2.0) == pytest.approx((0.366445, 0.633555), abs=1e-6)
    assert clustered_wilson(50, 100, 1.0) == wilson(50, 100)


@pytest.mark.parametrize(("x", "n", "clusters"), [(0, 10, 3), (10, 10, 3), (5, 10, 1), (0, 0, 0)])
def test_a_share_without_spread_has_no_design_effect(x, n, clusters):
    assert design_effect(x, n, clusters, 3.0) == 1.0


@pytest.mark.parametrize(
    ("up", "down", "n", "low", "high"),
    [(12, 3, 20, 8, 70), (3, 4, 10, -51, 36), (5, 0, 5, 17, 100), (70, 10, 100, 45, 71)],
)
def test_net_promoter_of_the_tables(up, down, n, low, high):
    assert [round(end) for end in net_promoter(up, down, n)] == [low, high]


def test_net_promoter_by_hand():
    """(50.75 - 20.75) / 103 = 0.291262; (71.5 / 103 - 0.084834) / 103 is the variance, 0.076915 its root."""
    assert net_promoter(50, 20, 100) == pytest.approx((14.0511, 44.2013), abs=1e-4)


@pytest.mark.parametrize(("up", "down"), [(1, 0), (0, 1), (0, 0), (2, 0), (0, 3)])
def test_net_promoter_of_a_few_holds_its_score(up, down):
    """Of one promoter the adjusted interval would end at 98, and the score is 100."""
    n = max(1, up + down)
    low, high = net_promoter(up, down, n)
    assert low <= 100 * (up - down) / n <= high


def test_net_promoter_stays_on_its_scale():
    assert net_promoter(0, 0, 0) is None
    assert net_promoter(500, 0, 500)[1] == 100.0
    assert net_promoter(0, 3, 3)[0] == -100.0


@pytest.mark.parametrize("p", [0.5, 0.9, 0.95])
def test_ranks_are_those_of_the_binomial(p):
    for n in (1, 2, 5, 6, 10, 35, 36, 71, 72, 100, 350, 999, 1000):
        lows = [rank for rank in range(1, n + 1) if binom.cdf(rank - 1, n, p) <= 0.025]
        highs = [rank for rank in range(1, n + 1) if binom.sf(rank - 1, n, p) <= 0.025]
        assert quantile_ranks(n, p) == (max(lows, default=None), min(highs, default=None)), n


@pytest.mark.parametrize(("n", "p"), [(20, 0.5), (100, 0.5), (100, 0.9), (72, 0.95), (500, 0.95)])
def test_ranks_are_those_of_the_quantile_test_of_scipy(n, p):
    values = [float(value) for value in range(1, n + 1)]
    interval = quantile_test(values, q=0, p=p).confidence_interval(0.95)
    assert quantile_ranks(n, p) == (interval.low, interval.high)


@pytest.mark.parametrize(
    ("n", "p", "ranks"),
    [
        (5, 0.5, (None, None)),
        (6, 0.5, (1, 6)),
        (35, 0.9, (28, None)),
        (36, 0.9, (29, 36)),
        (71, 0.95, (63, None)),
        (72, 0.95, (64, 72)),
        (500, 0.5, (228, 273)),
    ],
)
def test_ranks_of_the_tables(n, p, ranks):
    assert quantile_ranks(n, p) == ranks


@pytest.mark.parametrize(
    ("n", "p", "ranks"), [(1001, 0.5, (469, 533)), (1001, 0.9, (882, 921)), (10_000, 0.5, (4902, 5099))]
)
def test_beyond_a_thousand_ranks_are_those_of_the_normal_approximation(n, p, ranks):
    """1.96 times the root of n p (1 - p) is 31.004, 18.603 and 97.998: one rank more above, which is the next value."""
    assert quantile_ranks(n, p) == ranks


@pytest.mark.parametrize(
    ("n", "p", "conf", "ranks"),
    [
        (2, 0.5, 0.5, (1, 2)),  # each end is missed by a quarter, which is allowed
        (3, 0.5, 0.75, (1, 3)),  # by an eighth
        (1, 0.01, 0.95, (None, 1)),  # 1 % lie above the only one
        (2_000, 0.0005, 0.95, (1, 4)),  # 1 +- 1.96: no rank lies below the first
        (2, 0.99, 0.95, (2, None)),  # 0.99 ^ 2 = 0.9801: in less than 2 % of samples the larger one lies below
    ],
)
def test_ranks_at_the_edge_of_what_may_be_missed(n, p, conf, ranks):
    assert quantile_ranks(n, p, conf) == ranks


def test_beyond_a_thousand_the_normal_approximation_goes_on_smoothly():
    for p in (0.5, 0.9, 0.95):
        exact, near = quantile_ranks(1000, p), quantile_ranks(1001, p)
        assert all(abs(one - other) <= 2 for one, other in zip(exact, near, strict=True))
    low, high = quantile_ranks(1_000_000, 0.5)
    assert (500_000 - low, high - 500_000) == pytest.approx((980, 981), abs=2)


def test_a_median_is_covered_as_often_as_promised():
    """The chance that the true median lies between the ranks, straight from the binomial, at least 95 %."""
    for n in range(6, 200):
        low, high = quantile_ranks(n, 0.5)
        assert binom.cdf(high - 1, n, 0.5) - binom.cdf(low - 1, n, 0.5) >= 0.95


def test_z_of_ninety_five():
    assert z(0.95) == pytest.approx(1.959964, abs=1e-6)
    assert math.isclose(z(0.8), 1.2815515655446004)

"""Means within a stretch of time, open tickets included, against lifelines and the definition (method 4.3)."""

from __future__ import annotations

import math
import warnings
from random import Random
from statistics import pvariance

import polars as pl
import pytest

from supportkpi.engine.statistics.ordered import ordered
from supportkpi.engine.statistics.restricted import Mean, restricted_means

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of pandas and its friends, on import
    from lifelines import KaplanMeierFitter
    from lifelines.utils import restricted_mean_survival_time

Z = 1.959963984540054
Group = list[tuple[float, bool]]


def means(horizon: float, *groups: Group) -> dict[int, Mean]:
    rows = [(code, s, ended) for code, group in enumerate(groups) for s, ended in group]
    frame = pl.DataFrame(rows, schema={"code": pl.UInt32, "s": pl.Float64, "ended": pl.Boolean}, orient="row")
    return restricted_means(ordered(frame), horizon, 0.95)


def test_the_area_under_the_curve():
    """rt-11: 1 + .8 + .6 + .4 * 2 = 3.2 of the first five."""
    group = [(1.0, True), (2.0, True), (3.0, True), (10.0, False), (10.0, False)]
    assert means(5.0, group)[0][0] == pytest.approx(3.2)


def test_of_what_has_ended_it_is_the_plain_mean_cut_off_with_its_standard_error():
    times = [1.0, 2.0, 6.0, 9.0]
    cut = [1.0, 2.0, 5.0, 5.0]
    half = Z * math.sqrt(pvariance(cut) / 4)
    assert means(5.0, [(s, True) for s in times])[0] == pytest.approx((3.25, 3.25 - half, min(5.0, 3.25 + half)))


def test_an_open_one_before_the_horizon_hands_its_weight_to_those_after_it():
    """Open at 2 of three: 1 at risk from there on carries the two thirds that were left: 1 + 2/3 * (4 - 1) = 3."""
    assert means(5.0, [(1.0, True), (2.0, False), (4.0, True)])[0][0] == pytest.approx(3.0)


def test_nobody_knows_how_it_goes_on_behind_the_last_open_one():
    young, old, over = [(1.0, True), (4.0, False)], [(1.0, True), (5.0, False)], [(4.0, False), (4.5, True)]
    assert set(means(5.0, young, old, over)) == {1, 2}
    assert means(5.0, young, old, over)[1][0] == pytest.approx(1 / 2 + 5 / 2)
    assert means(5.0, young, old, over)[2][0] == pytest.approx(4.5)


def test_the_range_stays_within_the_stretch():
    low, high = means(5.0, [(0.0, True), (6.0, True)])[0][1:]
    assert (low, high) == (0.0, 5.0)


@pytest.mark.parametrize("part", [0.0, 0.25])
def test_a_few_quick_ones_are_as_exact_behind_very_many_slow_ones(part):
    """Their squares are a millionth of a millionth of the running sum: 30, 60 and 90 have a variance of 600."""
    slow = [(7_689_600.0 + part, True)] * 60_000
    quick = [(30.0 + part, True), (60.0 + part, True), (90.0 + part, True)]
    half = Z * math.sqrt(600 / 3)
    found = means(7_776_000.0, slow, quick, slow)
    assert found[1] == pytest.approx((60 + part, 60 + part - half, 60 + part + half), abs=1e-9)
    assert found[2] == pytest.approx([slow[0][0]] * 3, abs=1e-3)


@pytest.mark.parametrize("pairs", [1, 2, 500])
def test_squares_of_microseconds_are_exact_though_no_integer_of_the_usual_size_holds_them(pairs):
    """Half of them hardly last, half nearly a week: each lies 302,000 seconds beside the mean."""
    mean, low, high = means(604_800.0, [(0.5, True), (604_000.5, True)] * pairs)[0]
    half = Z * 302_000 / math.sqrt(2 * pairs)
    assert (mean, low, high) == pytest.approx((302_000.5, max(0.0, mean - half), min(604_800.0, mean + half)))


def test_of_spans_that_are_all_alike_the_range_is_their_mean():
    """However the last bits of a variance of nothing come out."""
    for size in range(1, 9):
        for alike in (7.0, 0.1, 72.118, 520.612, 67_818.047, 250_272.527):
            mean, low, high = means(604_800.0, [(alike, True)] * size)[0]
            assert (mean, low, high) == pytest.approx((alike, alike, alike), rel=1e-6)
            assert low <= mean <= high


def test_no_rows_have_no_mean():
    assert means(5.0) == {}


def by_definition(group: Group, horizon: float) -> Mean | None:
    """The area step by step, and Greenwood's sum of what is still to come behind every end."""
    left, share, area, before, steps = len(group), 1.0, 0.0, 0.0, []
    for at in sorted({s for s, _ in group if s < horizon}):
        area, before = area + share * (at - before), at
        ends = sum(ended for s, ended in group if s == at)
        steps.append((area, ends, left))
        share *= 1 - ends / left
        left -= sum(s == at for s, _ in group)
    if not left and share > 1e-12:
        return None
    area += share * (horizon - before)
    half = Z * math.sqrt(sum((area - upto) ** 2 * d / (n * (n - d)) for upto, d, n in steps if n > d))
    return area, max(0.0, area - half), min(horizon, area + half)


def by_lifelines(group: Group, horizon: float) -> float:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = KaplanMeierFitter().fit([s for s, _ in group], [ended for _, ended in group])
        return float(restricted_mean_survival_time(fitted, t=horizon))


def drawn(random: Random) -> Group:
    share_open, size = random.choice((0.0, 0.1, 0.4, 0.8)), random.choice((1, 2, 5, 12, 40, 150))
    return [(float(random.randint(0, 25)), random.random() >= share_open) for _ in range(size)]


def test_means_and_ranges_of_many_groups_are_those_of_the_definition_and_of_lifelines():
    random = Random(4)
    for horizon in (5.0, 12.0, 20.0, 26.0, 40.0):
        groups = [drawn(random) for _ in range(12)]
        found = means(horizon, *groups)
        for code, group in enumerate(groups):
            wanted = by_definition(group, horizon)
            assert (code in found) is (wanted is not None), group
            if wanted is not None:
                assert found[code] == pytest.approx(wanted, abs=1e-7), group
                assert found[code][0] == pytest.approx(by_lifelines(group, horizon), abs=1e-7), group

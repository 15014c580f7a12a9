"""Kaplan-Meier medians and their intervals against lifelines."""

from __future__ import annotations

import math
import warnings
from random import Random

import polars as pl
import pytest

from supportkpi.engine.statistics.ordered import ordered
from supportkpi.engine.statistics.survival import medians

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of pandas and its friends, on import
    from lifelines import KaplanMeierFitter
    from lifelines.utils import median_survival_times


def curves(*groups: list[tuple[float, bool]]) -> dict[int, tuple[float | None, float | None, float | None]]:
    rows = [(code, s, ended) for code, group in enumerate(groups) for s, ended in group]
    frame = pl.DataFrame(rows, schema={"code": pl.UInt32, "s": pl.Float64, "ended": pl.Boolean}, orient="row")
    return medians(ordered(frame), 0.95)


def by_lifelines(group: list[tuple[float, bool]]) -> tuple[float, ...]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # lifelines divides by zero where the curve reaches 0 or 1
        fitted = KaplanMeierFitter().fit([s for s, _ in group], [ended for _, ended in group])
        band = median_survival_times(fitted.confidence_interval_)
    numbers = (fitted.median_survival_time_, *band.to_numpy()[0])
    return tuple(float(number) for number in numbers)


def drawn(random: Random) -> list[tuple[float, bool]]:
    """Durations on a coarse grid, so that ends and open ones tie; between none and nearly all still open."""
    share_open = random.choice((0.0, 0.1, 0.4, 0.8))
    size = random.choice((2, 5, 12, 40, 150))
    return [(float(random.randint(1, 25) * 60), random.random() >= share_open) for _ in range(size)]


def test_medians_and_bands_are_those_of_lifelines():
    random = Random(7)
    groups = [drawn(random) for _ in range(40)]
    found = curves(*groups)
    for code, group in enumerate(groups):
        ours = [math.inf if number is None else number for number in found[code]]  # lifelines says inf: not reached
        assert ours == pytest.approx(by_lifelines(group), rel=1e-9), group


def test_half_and_not_less_is_the_median():
    """Two of four have ended at 20: exactly one half is left, and that is the median (S <= 1/2)."""
    assert curves([(10.0, True), (20.0, True), (30.0, False), (40.0, False)])[0][0] == 20.0


def test_an_open_one_takes_its_place_out_of_all_that_comes_after_it():
    """Of three that are left behind one open ticket 2/3 are left at 20, and 1/3 at 30: whichever group comes first."""
    one = [(10.0, False), (20.0, True), (30.0, True), (40.0, True)]
    two = [(5.0, False), (10.0, False), (20.0, True), (30.0, True), (40.0, True)]
    assert [found[0] for found in curves(one, two, one).values()] == [30.0] * 3
    assert [found[0] for found in curves(two, one, two).values()] == [30.0] * 3


def test_an_end_comes_before_an_open_one_of_the_same_time():
    """rt-10: at 5 three are at risk and one ends, 2/3 is left; at 10 the last ends."""
    assert curves([(5.0, True), (5.0, False), (10.0, True)])[0][0] == 10.0


def test_a_median_that_is_not_reached_is_none_and_never_the_largest_age():
    assert curves([(86_400.0, True), (172_800.0, True), *[(900_000.0, False)] * 3])[0][0] is None


def test_everything_open_has_no_median_and_no_band():
    assert curves([(60.0, False), (120.0, False)])[0] == (None, None, None)


def test_one_group_says_nothing_of_another():
    late, early = [(500.0, True), (600.0, False)], [(1.0, True), (2.0, False), (3.0, True)]
    assert curves(late, early) == {0: curves(late)[0], 1: curves(early)[0]}


def test_exact_halves_survive_many_small_steps():
    """Of 2n that end one by one, one half is left after the n-th: products of thousands of factors must not blur it."""
    for n in (3, 1_000, 25_000):
        times = [(float(rank), True) for rank in range(1, 2 * n + 1)]
        assert curves(times)[0][0] == float(n)


def test_exact_halves_survive_thousands_of_groups_before_theirs():
    """Some open ones first, then b of 2b end at 9: one half of what is seen is left, however many wait elsewhere."""
    waiting = [[(float(number), False) for number in range(50)]] * 1_500
    halves = [
        [*((float(number % 9), False) for number in range(lasting)), *[(9.0, True)] * size, *[(10.0, True)] * size]
        for lasting in range(1, 40)
        for size in (1, 2, 3)
    ]
    found = curves(*waiting, *halves)
    assert {found[code][0] for code in range(len(waiting), len(found))} == {9.0}
    assert {found[code] for code in range(len(waiting))} == {(None, None, None)}


def by_definition(group: list[tuple[float, bool]]) -> tuple[float | None, ...]:
    """Median and band straight from the product and Greenwood's sum, one time after another (95 %)."""
    z, left, found = 1.959963984540054, len(group), [None, None, None]
    hazard = variance = 0.0
    for at in sorted({s for s, _ in group}):
        ends = sum(ended for s, ended in group if s == at)
        if ends == left:
            downs = [True] * 3
        elif ends:
            hazard -= math.log1p(-ends / left)
            variance += ends / (left * (left - ends))
            edge = [math.log(hazard) + sign * z * math.sqrt(variance) / hazard for sign in (1, -1)]
            downs = [hazard >= math.log(2) - 1e-11, *(level >= math.log(math.log(2)) - 1e-11 for level in edge)]
        else:
            downs = [False] * 3
        found = [at if known is None and down else known for known, down in zip(found, downs, strict=True)]
        left -= sum(s == at for s, _ in group)
    return tuple(found)


@pytest.mark.parametrize("kind", ["spread", "tied", "open from one moment on", "hardly any end", "open ones first"])
def test_large_groups_are_searched_for_what_the_definition_says(kind):
    """Curves of thousands of rows are not drawn at every row; where they cross must come out all the same."""
    random = Random(kind)
    groups = []
    for size in (700, 2_500, 40):
        times = [random.randint(1, 20 if kind == "tied" else 100_000) * 60.0 for _ in range(size)]
        cut = sorted(times)[size * 2 // 5]
        ended = {
            "spread": lambda s: random.random() > 0.2,
            "tied": lambda s: random.random() > 0.3,
            "open from one moment on": lambda s, cut=cut: s < cut,
            "hardly any end": lambda s: random.random() > 0.97,
            "open ones first": lambda s, cut=cut: s > cut,
        }[kind]
        groups.append([(s, ended(s)) for s in times])
    assert curves(*groups) == {code: by_definition(group) for code, group in enumerate(groups)}

"""Means, quantiles and their ranges of groups of durations: by hand, and against the standard library."""

from __future__ import annotations

import statistics
from fractions import Fraction
from random import Random

import polars as pl
import pytest

from supportkpi.engine.statistics.ordered import ended, ordered
from supportkpi.engine.statistics.quantiles import QUANTILES, Summary, summaries


def summed(*groups: list[float], conf: float = 0.95) -> dict[int, Summary]:
    rows = [(code, s, True) for code, group in enumerate(groups) for s in group]
    frame = pl.DataFrame(rows, schema={"code": pl.UInt32, "s": pl.Float64, "ended": pl.Boolean}, orient="row")
    return summaries(ordered(frame), conf)


@pytest.mark.parametrize(
    ("values", "median", "p90", "p95"),
    [
        ([7.0], 7, 7, 7),
        ([1.0, 2.0], 1.5, 1.9, 1.95),
        ([3.0, 1.0, 2.0], 2, 2.8, 2.9),
        # frt-08: h = 9 * 0.9 = 8.1, so 9 and a tenth of the way to 100.
        ([1.0, 2, 3, 4, 5, 6, 7, 8, 9, 100], 5.5, 18.1, 59.05),
        # Eleven: 10 * 0.9 is the tenth value, to the last bit.
        ([float(number) for number in range(1, 12)], 6, 10, 10.5),
        ([0.25, 0.5, 1.0], 0.5, 0.9, 0.95),
        ([0.0, 0.0, 10.0], 0, 8, 9),
    ],
)
def test_quantiles_interpolate_between_neighbours(values, median, p90, p95):
    found = summed(values)[0].quantiles
    assert [found[name][0] for name in QUANTILES] == pytest.approx([median, p90, p95], abs=1e-9)


def test_quantiles_are_those_of_the_standard_library():
    random = Random(4)
    for n in (2, 3, 10, 21, 100, 101):
        values = [float(random.randrange(10_000)) for _ in range(n)]
        cuts = statistics.quantiles(values, n=20, method="inclusive")
        found = summed(values)[0].quantiles
        assert [found[name][0] for name in QUANTILES] == pytest.approx([cuts[9], cuts[17], cuts[18]])


def test_ranges_are_values_at_the_ranks_of_the_table_and_none_where_there_is_no_rank():
    """Method 3.3: of 5, 6, 36 and 72 values; the second groups are the same, ten times as long."""
    wanted = {
        5: {"median": (None, None), "p90": (3, None), "p95": (4, None)},
        6: {"median": (1, 6), "p90": (4, None), "p95": (4, None)},
        36: {"median": (12, 25), "p90": (29, 36), "p95": (31, None)},
        72: {"median": (28, 45), "p90": (59, 70), "p95": (64, 72)},
    }
    for n, ranges in wanted.items():
        values = [float(number) for number in range(1, n + 1)]
        one, other = summed(values, [10 * value for value in values]).values()
        assert {name: one.stat(name)[1:] for name in QUANTILES} == ranges
        tens = {name: tuple(None if end is None else 10 * end for end in ends) for name, ends in ranges.items()}
        assert {name: other.stat(name)[1:] for name in QUANTILES} == tens


@pytest.mark.parametrize(
    ("n", "mean", "hardest"), [(1, 1, 1), (9, 5, 9), (10, 5.5, 10), (11, 6, 10.5), (20, 10.5, 19.5), (21, 11, 20)]
)
def test_the_longest_tenth_is_rounded_up_to_whole_spans(n, mean, hardest):
    """Of 11 and of 20 the two longest, of 21 the three longest; beside them a group that has nothing to say of it."""
    found = summed([500.0] * 3, [float(number) for number in range(n, 0, -1)], [900.0])
    assert found[1].n == n
    assert found[1].stat("mean") == (mean, None, None)
    assert found[1].stat("hardest_decile_mean") == (hardest, None, None)
    assert (found[0].mean, found[0].hardest_decile_mean, found[2].mean) == (500, 500, 900)


def test_the_mean_of_parts_of_a_second_is_exact_and_that_of_centuries_as_near_as_can_be():
    """Ten times a tenth is one to the last bit; sums of ticks that no integer holds are sums of floats."""
    assert summed([0.1] * 10)[0].mean == 0.1
    assert summed([0.1, 0.2, 0.3])[0].mean == 0.2
    ages = [3e12 + 0.5] * 4 + [3e12 + 1.5] * 4
    assert summed(ages)[0].mean == pytest.approx(3e12 + 1, rel=1e-15)
    assert summed(ages)[0].hardest_decile_mean == 3e12 + 1.5


def test_the_mean_of_a_hundred_decades_to_the_microsecond_is_right_to_the_last_bit():
    """Their sum has 58 bits, more than a float holds: divided as the whole number that it is."""
    random = Random(3)
    micros = [900_000_000_000_001 + 2 * random.randrange(1_000_000) for _ in range(100)]
    assert summed([micro / 1_000_000 for micro in micros])[0].mean == float(Fraction(sum(micros), 100 * 1_000_000))


def test_clocks_that_ran_backwards_have_a_mean_too():
    found = summed([-3e12 - 0.5, 1.5], [-2.0, 1.0, 4.0])
    assert found[0].mean == pytest.approx(-1.5e12 + 0.5, rel=1e-15)
    assert (found[1].mean, found[1].quantiles["median"][0]) == (1, 1)


@pytest.mark.parametrize("sign", [1, -1])
def test_a_few_ages_beside_one_moment_are_too_large_a_sum_for_an_integer(sign):
    """Three times six trillion ticks of half a microsecond, and one beside them that is hardly any time."""
    values = [sign * (3e12 + 0.5)] * 3 + [0.5]
    assert summed(values)[0].mean == pytest.approx(sign * 2.25e12, rel=1e-12)


def test_open_spans_are_left_out_of_all_of_it():
    rows = [(0, 1.0, True), (0, 2.0, False), (0, 3.0, True), (1, 5.0, False), (2, 4.0, True)]
    frame = pl.DataFrame(rows, schema={"code": pl.UInt32, "s": pl.Float64, "ended": pl.Boolean}, orient="row")
    found = summaries(ended(ordered(frame)), 0.95)
    assert {code: (one.n, one.mean, one.stat("median")[0]) for code, one in found.items()} == {
        0: (2, 2, 2),
        2: (1, 4, 4),
    }

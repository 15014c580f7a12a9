"""Which limit a share has met, and how sure that is: by hand, by the definition, and against lifelines."""

from __future__ import annotations

import random

import polars as pl
import pytest

from supportkpi.engine.statistics.solve import DAY, HOUR, MINUTE, Solved, needs, solved, step_up

lifelines = pytest.importorskip("lifelines")


def frame(*groups: list[tuple[float, bool]]) -> pl.DataFrame:
    rows = [(code, s, ended) for code, group in enumerate(groups) for s, ended in group]
    return pl.DataFrame(rows, schema={"code": pl.UInt32, "s": pl.Float64, "ended": pl.Boolean}, orient="row")


def all_ended(n: int) -> list[tuple[float, bool]]:
    return [(float(number), True) for number in range(1, n + 1)]


@pytest.mark.parametrize(
    ("share", "conf", "n"),
    [
        (0.5, 0.95, 6),  # method 3.3
        (0.8, 0.95, 17),
        (0.9, 0.95, 36),
        (0.95, 0.95, 72),
        (0.99, 0.95, 368),
        (0.5, 0.75, 3),  # 0.5 ^ 3 is the eighth that may be missed, to the last bit
        (0.5, 0.5, 2),
    ],
)
def test_the_fewest_clocks_that_a_promise_can_rest_on(share, conf, n):
    assert needs(share, conf) == n
    assert conf != 0.95 or needs(share) == n


@pytest.mark.parametrize(("share", "rank"), [(0.5, 10), (0.51, 11), (0.9, 18), (0.91, 19), (0.95, 19), (0.7, 14)])
def test_of_what_has_ended_it_is_the_nearest_rank(share, rank):
    """The smallest limit that this share of twenty has met: 0.7 of 20 are 14, though not to the last bit."""
    found = solved(frame(all_ended(20)), share)[0]
    assert (found.n, found.n_open, found.value) == (20, 0, float(rank))


def test_the_range_is_that_of_order_statistics_and_has_no_upper_end_of_too_few():
    """Ranks of the tables of the method, 3.3: the median of 6, the ninth tenth of 36 and of 35."""
    median = solved(frame(all_ended(6)), 0.5)[0]
    assert (median.value, median.low, median.high) == (3, 1, 6)
    assert solved(frame(all_ended(5)), 0.5)[0] == Solved(n=5, n_open=0, value=3, low=None, high=None)
    enough, few = solved(frame(all_ended(36), all_ended(35)), 0.9).values()
    assert (enough.value, enough.low, enough.high) == (33, 29, 36)
    assert (few.value, few.low, few.high) == (32, 28, None)


def test_the_number_of_standard_errors_is_that_of_the_confidence():
    """The middle of six: with 75 % the ranks 2 and 5 are enough, since 7 in 64 lie beyond each of them."""
    found = solved(frame(all_ended(6)), 0.5, 0.75)[0]
    assert (found.low, found.high) == (2, 5)


@pytest.mark.parametrize(
    ("rows", "share", "value"),
    [
        # Of four: 1/4 gone at 1, then an open one; of the two left one goes at 3: 3/4 * 1/2 = 3/8 are left.
        ([(1, True), (2, False), (3, True), (4, False)], 0.25, 1),
        ([(1, True), (2, False), (3, True), (4, False)], 0.26, 3),
        ([(1, True), (2, False), (3, True), (4, False)], 0.625, 3),
        ([(1, True), (2, False), (3, True), (4, False)], 0.63, None),
        # Whoever ends last takes all that is left.
        ([(1, True), (2, False), (3, True), (4, True)], 0.99, 4),
        ([(1, False), (2, True)], 0.99, 2),
        # At equal times ends come before open ones: half of four are gone at 2.
        ([(2, True), (2, False), (2, True), (2, False)], 0.5, 2),
        ([(2, True), (2, False), (2, True), (2, False)], 0.51, None),
        ([(1, False), (2, False)], 0.5, None),
        ([(2, True), (2, True), (3, False), (5, True)], 0.5, 2),
        ([(2, True), (2, True), (3, False), (5, True)], 0.51, 5),
    ],
)
def test_with_open_clocks_it_is_where_the_curve_comes_down_to_what_may_be_missed(rows, share, value):
    found = solved(frame(rows), share)[0]
    assert found.value == value
    assert (found.n, found.n_open) == (len(rows), sum(not ended for _, ended in rows))


def reached(line: pl.Series, times: list[float], left: float) -> float | None:
    return next((time for time, value in zip(times, line, strict=True) if value <= left + 1e-12), None)


@pytest.mark.parametrize("share", [0.3, 0.5, 0.75, 0.9])
@pytest.mark.parametrize("conf", [0.8, 0.95])
def test_groups_with_open_clocks_are_those_of_lifelines(share, conf):
    """Few and many times, whole and in parts of a second; the last of a group may have ended or not."""
    chance = random.Random(11)
    groups = [
        [(round(chance.expovariate(0.01), digits) + 1, chance.random() < 0.7) for _ in range(n)] + [(9_999.0, ends)]
        for n, digits, ends in ((90, 0, True), (90, -2, False), (40, 2, False), (130, -1, True))
    ]
    found = solved(frame(*groups), share, conf)
    for code, group in enumerate(groups):
        fitter = lifelines.KaplanMeierFitter(alpha=1 - conf).fit([s for s, _ in group], [ended for _, ended in group])
        curve, band = fitter.survival_function_.iloc[:, 0], fitter.confidence_interval_
        times = [float(time) for time in curve.index]
        wanted = [reached(line, times, 1 - share) for line in (curve, band.iloc[:, 0], band.iloc[:, 1])]
        enough = len(group) >= needs(share, conf)
        assert [found[code].value, found[code].low, found[code].high] == [*wanted[:2], wanted[2] if enough else None]


def test_one_group_says_nothing_of_another():
    """Group 1 has no rows: it is not there; the last has only open ones."""
    rows = frame(all_ended(6), [], all_ended(3), [(5.0, False)])
    found = solved(rows, 0.5)
    assert list(found) == [0, 2, 3]
    assert (found[0].value, found[2].value, found[3].value) == (3, 2, None)
    assert [found[code].n_open for code in found] == [0, 0, 1]


def test_people_promise_round_limits_and_beyond_a_day_whole_days():
    steps = [1, 2, 5, 10, 15, 20, 30, 60, 120, 240, 480, 1440]
    assert [step_up(step * MINUTE) for step in steps] == [step * MINUTE for step in steps]
    above = [step_up(step * MINUTE + 1) for step in steps]
    assert above == [*(step * MINUTE for step in steps[1:]), 2 * DAY]
    assert step_up(0) == MINUTE
    assert (step_up(24 * HOUR), step_up(49 * HOUR), step_up(72 * HOUR)) == (DAY, 3 * DAY, 3 * DAY)

"""Shares that have ended by a time, with other ends beside them, against lifelines and by hand (method 4.5)."""

from __future__ import annotations

import warnings
from math import exp, log, sqrt
from random import Random

import polars as pl
import pytest

from supportkpi.engine.statistics.incidence import Share, incidence

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of pandas and its friends, on import
    from lifelines import AalenJohansenFitter

Row = tuple[float, bool | None]


def shares(rows: list[Row], *times: float) -> list[Share]:
    frame = pl.DataFrame(rows, schema={"s": pl.Float64, "solved": pl.Boolean}, orient="row")
    return incidence(frame, times, 0.95)


MIXED: list[Row] = [(1.0, True), (2.0, False), (3.0, True), (4.0, None)]


def test_another_end_is_no_censored_one():
    """rt-12: 1/4 at 1, and half of the half that is left at 3; taking the other end as open would give 0.625."""
    at = shares(MIXED, 0.5, 1.0, 2.5, 3.0)
    assert [one.share for one in at] == pytest.approx([0.0, 0.25, 0.25, 0.5])
    assert [one.otherwise for one in at] == pytest.approx([0.0, 0.0, 0.25, 0.25])
    assert [one.open for one in at] == pytest.approx([1.0, 0.75, 0.5, 0.25])
    censored = [(s, None if how is False else how) for s, how in MIXED]
    assert shares(censored, 3.0)[0].share == pytest.approx(0.625)


def test_ends_come_before_open_ones_of_the_same_time():
    """rt-10: at 5 one of three ends, 2/3 is left though another is no longer seen."""
    assert shares([(5.0, True), (5.0, None), (10.0, True)], 5.0)[0].open == pytest.approx(2 / 3)


def test_nothing_is_known_behind_the_longest_time_of_what_goes_on():
    assert shares(MIXED, 4.0, 4.1)[0].share == pytest.approx(0.5)
    assert shares(MIXED, 4.0, 4.1)[1] == Share(within=4.1)
    over = shares([(1.0, True), (2.0, False)], 100.0)[0]  # all have ended: that is known for good
    assert (over.share, over.otherwise, over.open) == (0.5, 0.5, 0.0)
    assert shares([], 1.0) == [Share(within=1.0)]


def test_none_and_all_have_no_range():
    none, every = shares([(2.0, True)], 1.0, 2.0)
    assert (none.share, none.low, none.high) == (0.0, None, None)
    assert (every.share, every.low, every.high) == (1.0, None, None)


def test_a_share_of_nought_has_no_range_though_others_have_ended():
    early = shares([(1.0, False), (2.0, True)], 1.0)[0]
    assert early == Share(within=1.0, share=0.0, low=None, high=None, otherwise=0.5, open=0.5)


@pytest.mark.parametrize(
    ("rows", "time", "share"),
    [
        ([(1.0, False), (2.0, True)], 2.0, 1 / 2),  # the last of all: nothing is left to come
        ([(1.0, True), (1.0, False), (1.0, True), (2.0, False), (2.0, True)], 1.0, 2 / 5),
        ([(1.0, True), (1.0, False), (1.0, True), (2.0, False), (2.0, True)], 2.0, 3 / 5),
        ([(1.0, True), (1.0, False), (2.0, True), (2.0, False), (3.0, True), (3.0, False)], 2.0, 1 / 3),
        ([(1.0, False)] * 7 + [(2.0, True)] * 3 + [(3.0, False)] * 2, 2.5, 1 / 4),
    ],
)
def test_where_nothing_is_open_the_variance_is_that_of_a_plain_share(rows, time, share):
    """p (1 - p) / n, whatever ends at one instant; the range is log-log: p to the power of exp(z se / (p log p))."""
    found = shares(rows, time)[0]
    reach = 1.959964 * sqrt(share * (1 - share) / len(rows)) / (share * log(share))
    assert found.share == pytest.approx(share)
    assert (found.low, found.high) == pytest.approx((share ** exp(-reach), share ** exp(reach)), abs=1e-6)


def test_shares_and_ranges_are_those_of_lifelines():
    random = Random(6)
    for size in (12, 40, 150, 150):
        rows = [
            (round(random.random() * 1000 + place * 1e-6, 6), random.choice((True, True, False, None)))
            for place in range(size)
        ]
        codes = [{True: 1, False: 2, None: 0}[how] for _, how in rows]
        fitted = AalenJohansenFitter(calculate_variance=True).fit([s for s, _ in rows], codes, event_of_interest=1)
        for time in (200.0, 600.0, 900.0):
            found = shares(rows, time)[0]
            last = fitted.cumulative_density_.index[fitted.cumulative_density_.index <= time][-1]
            assert found.share == pytest.approx(float(fitted.cumulative_density_.loc[last].iloc[0]), abs=1e-9)
            if found.share:
                wanted = sorted(float(end) for end in fitted.confidence_interval_.loc[last])
                assert [found.low, found.high] == pytest.approx(wanted, abs=1e-6)

"""Folding a log against one bare pass over it, in CPU time of one process: ratios, never absolute times.

pytest tests/benchmarks/test_fold_of_a_log.py -n0 --benchmark-only -s
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import events
import polars as pl
import pytest

from supportkpi.calendars import Calendar
from supportkpi.decisions import CalendarChoice, Settings
from supportkpi.facts import fold

TICKETS, PAIRS = 100_000, 5
OFFICE = CalendarChoice(name="office", calendar=Calendar(timezone="Europe/Berlin", hours={"mon-fri": ["09:00-18:00"]}))


def cpu(job: Callable[[], object]) -> float:
    start = time.process_time()
    job()
    return time.process_time() - start


@pytest.mark.slow
@pytest.mark.parametrize("order", ["by ticket", "by time"])
@pytest.mark.parametrize(("calendars", "ceiling"), [((), 40), ((OFFICE,), 60)], ids=["calendar", "business"])
def test_fold(benchmark, order, calendars, ceiling):
    data = events.dataset(TICKETS, by_time=order == "by time")
    log = data.history.frame
    settings = Settings(calendars=calendars, calendar="office" if calendars else None)

    def bare() -> pl.DataFrame:
        return log.group_by("ticket_id").agg(first=pl.col("at").min(), last=pl.col("at").max()).collect()

    def ours() -> pl.DataFrame:
        return fold(data, settings).waits

    def ratio() -> float:
        bare(), ours()
        pairs = [(cpu(ours), cpu(bare)) for _ in range(PAIRS)]
        folded, passed = (statistics.median(side) for side in zip(*pairs, strict=True))
        print(f"\n{order}: {folded / passed:.1f} ({folded:.2f} s / {passed:.3f} s of {TICKETS:,} tickets)")
        return folded / passed

    found = benchmark.pedantic(ratio, rounds=1)
    benchmark.extra_info.update(ratio=round(found, 2))
    assert found <= ceiling

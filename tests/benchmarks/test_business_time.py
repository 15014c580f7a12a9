"""Business time of a million pairs against numpy.searchsorted over the same table of open intervals."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime

import numpy as np
import polars as pl
import pytest

from supportkpi.calendars import Calendar, parse_hours

PAIRS = 1_000_000
BUDGET = 0.3
FIRST, LAST = datetime(2021, 1, 5, tzinfo=UTC), datetime(2025, 12, 20, tzinfo=UTC)


def random_pairs() -> pl.DataFrame:
    random = np.random.default_rng(1)
    low, high = (int(edge.timestamp()) * 1_000_000 for edge in (FIRST, LAST))
    pairs = {name: random.integers(low, high, PAIRS) for name in ("start", "end")}
    return pl.DataFrame(pairs).cast(pl.Datetime("us", "UTC"))


def numpy_way(calendar: Calendar) -> Callable[[np.ndarray], np.ndarray]:
    """Cumulative open microseconds by one search over the sorted openings."""
    pairs = calendar.intervals(FIRST, LAST).cast(pl.Int64)
    starts = np.concatenate([[0], pairs["start"].to_numpy()])
    lengths = np.concatenate([[0], (pairs["end"] - pairs["start"]).to_numpy()])
    before = np.cumsum(lengths) - lengths

    def cumulative(at: np.ndarray) -> np.ndarray:
        index = np.searchsorted(starts, at, side="right") - 1
        return before[index] + np.minimum(at - starts[index], lengths[index])

    return cumulative


def cpu(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


@pytest.mark.parametrize("hours", ["mon-fri 09:00-13:00 14:00-18:00", "daily 20:00-04:00", "mon-fri 09:07-17:53"])
def test_a_million_pairs(benchmark: Callable[..., object], capsys: pytest.CaptureFixture[str], hours: str) -> None:
    calendar = Calendar(timezone="Europe/Berlin", hours=parse_hours(hours), holidays=[date(2024, 12, 25)])
    frame, searched = random_pairs(), numpy_way(calendar)
    columns = [frame[name].cast(pl.Int64).to_numpy() for name in ("start", "end")]
    so_far = calendar.elapsed(FIRST, LAST)
    worked = so_far(pl.col("end")) - so_far(pl.col("start"))

    def ours() -> pl.Series:
        return frame.lazy().select(worked=worked).collect()["worked"]

    def theirs() -> np.ndarray:
        return searched(columns[1]) - searched(columns[0])

    assert (ours().to_numpy() == theirs()).all()
    rounds = [(cpu(ours), cpu(theirs)) for _ in range(7)]
    ratio = float(np.median([mine / other for mine, other in rounds]))
    nanoseconds = min(mine for mine, _ in rounds) / PAIRS * 1e9
    benchmark.extra_info.update(ratio=round(ratio, 3), nanoseconds=round(nanoseconds, 1))
    with capsys.disabled():
        sys.stdout.write(f"\n{hours}: {ratio:.3f} of numpy.searchsorted (CPU), {nanoseconds:.0f} ns a pair\n")
    benchmark(ours)
    assert ratio <= BUDGET

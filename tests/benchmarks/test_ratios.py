"""Whole commands against a yardstick run in turn on the same machine: ratios of medians, never absolute times.

    pytest tests/benchmarks -n0 --benchmark-only -s

``budget`` is what the product promises itself, ``ceiling`` what a change may not exceed unnoticed.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import log
import pytest
import wide

PAIRS = 5
UNITS = {"wall": "s", "cpu": "s", "peak": "MB"}
COLUMNS = [
    "Id",
    "Requester id",
    "Assignee",
    "Group",
    "Status",
    "Priority",
    "Via",
    "Created at",
    "Updated at",
    "Solved at",
    "Satisfaction Score",
    "First reply time in minutes",
]
BARE_READ = (
    f"import polars as pl; pl.scan_csv({{path!r}}, infer_schema=False).select({COLUMNS!r}).collect(engine='streaming')"
)
LOG_COLUMNS = ["ticket_id", "time", "event", "author", "role", "public", "value"]
BARE_LOG = (
    "import polars as pl; "
    f"pl.scan_csv({{path!r}}, infer_schema=False).select({LOG_COLUMNS!r}).collect(engine='streaming')"
)
JOB = ["--by", "month", "--by", "priority", "--by", "channel", "--by", "agent", "-f", "json", "-q"]
KPIS = "first_response_time,resolution_time,first_contact_resolution,csat,nps"


@dataclass(frozen=True)
class Race:
    """Two commands, how the first may compare with the second, and at which size."""

    name: str
    command: list[str]
    yardstick: list[str]
    budget: float
    ceiling: float


@dataclass(frozen=True)
class Cost:
    """What one run of a command took: seconds on the clock and of the processor, megabytes at its largest."""

    wall: float
    cpu: float
    peak: float


def cost(command: list[str]) -> Cost:
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, command
    return Cost(time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def ratio(race: Race) -> float:
    cost(race.yardstick), cost(race.command)  # files into the page cache, bytecode onto the disk
    pairs = [(cost(race.command), cost(race.yardstick)) for _ in range(PAIRS)]
    ours, theirs = (list(side) for side in zip(*pairs, strict=True))
    found = {name: [statistics.median(getattr(one, name) for one in side) for side in (ours, theirs)] for name in UNITS}
    quotients = [a.wall / b.wall for a, b in pairs]
    print(f"\n{race.name}, budget {race.budget} (pairs {min(quotients):.2f}-{max(quotients):.2f}):")
    for name, unit in UNITS.items():
        print(f"  {name} {found[name][0] / found[name][1]:.2f} ({found[name][0]:.2f} / {found[name][1]:.2f} {unit})")
    return found["wall"][0] / found["wall"][1]


def supportkpi(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "supportkpi", *arguments]


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("exports")


def race_of(name: str, folder: Path) -> Race:
    if name == "--help / python -c pass":
        return Race(name, supportkpi("--help"), python("pass"), budget=7.5, ceiling=9)
    if name == "report of 1,000 rows / import polars":
        path = wide.write(folder / "thousand.csv", 1_000)
        return Race(name, supportkpi("report", str(path), "-q"), python("import polars"), budget=2.0, ceiling=6)
    if "events" in name:
        return _race_of_log(name, folder)
    path = str(wide.write(folder / "million.csv", 1_000_000))
    bare = python(BARE_READ.format(path=path))
    if name == "headline report of 1,000,000 tickets / bare read":
        return Race(name, supportkpi("report", path, "-q"), bare, budget=3.0, ceiling=12)
    job = supportkpi("report", path, "--kpi", KPIS, "--hours", "mon-fri 09:00-18:00", *JOB)
    return Race(name, job, bare, budget=3.0, ceiling=16)


def _race_of_log(name: str, folder: Path) -> Race:
    """A log of a million tickets; loading alone says what of the whole is reading and telling its rows."""
    by_time = "of time" in name
    path = folder / f"log {by_time}.csv"
    if not path.exists():
        log.write_log(path, 1_000_000, by_time=by_time)
    bare = python(BARE_LOG.format(path=str(path)))
    if name.startswith("loading"):
        load = python(f"from supportkpi import pipeline; pipeline.load({str(path)!r}, columns=[])")
        return Race(name, load, bare, budget=2.0, ceiling=6)
    return Race(name, supportkpi("report", str(path), "-q"), bare, budget=2.8, ceiling=16)


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        "loading a log of 11,000,000 events by ticket / bare scan",
        "loading a log of 11,000,000 events in the order of time / bare scan",
        "headline report of a log of 11,000,000 events by ticket / bare scan",
        "headline report of a log of 11,000,000 events in the order of time / bare scan",
        "--help / python -c pass",
        "report of 1,000 rows / import polars",
        "headline report of 1,000,000 tickets / bare read",
        "whole report of 1,000,000 tickets, two clocks, four breakdowns / bare read",
    ],
)
def test_ratio(benchmark, folder, name):
    race = race_of(name, folder)
    found = benchmark.pedantic(ratio, args=(race,), rounds=1)
    benchmark.extra_info.update(ratio=round(found, 2), budget=race.budget)
    assert found <= race.ceiling

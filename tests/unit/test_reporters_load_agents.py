"""Load and agents on the page: the line by hour, the heat map, the table without ranks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import built_reports as built
import pytest
from rich.cells import cell_len

from supportkpi.report import Report, Series
from supportkpi.reporters import RenderOptions, render
from supportkpi.reporters._load import BARS, bars, line
from supportkpi.reporters._page import Column, Grid
from supportkpi.reporters._screen import _with_load
from supportkpi.reporters._words import Words

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SLOTS = ("weekday", "hour", "n", "exposure", "mean", "p90")
AGENT_COLUMNS = (
    *("agent", "replies", "solved", "solved_with_high_csat", "active_days", "solved_per_active_day"),
    *("first_response_median_s", "first_response_n", "resolution_median_s", "resolution_n"),
    *("csat_x", "csat_n", "surveys_answered", "surveys_offered", "returned_x", "returned_n"),
)
ANN = ("agent 3f2a", 310, 120, 60, 20, 6.0, 3480.0, 118, 90_000.0, 120, 60, 80, 80, 120, 12, 110)
BOB = ("agent [b]\n", 9, 4, 2, None, None, 600.0, 4, 7200.0, 6, 2, 2, 2, 4, 0, 0)


def load(name: str = "load", *, times: float = 1.0, without: tuple[str, ...] = ()) -> Series:
    """Four weeks: a tickets an hour from 9 to 17, twice as many on Tuesdays, none on Sundays; no hour ``without``."""
    points = []
    for day in WEEK:
        for hour in range(24):
            exposure = 0.0 if f"{hour:02}" in without else 4.0
            rate = times * {"tue": 2, "sun": 0}.get(day, 1) * (3 if hour == 11 else 1) if 9 <= hour < 18 else 0
            n = round(rate * exposure)
            points.append((day, hour, n, exposure, n / exposure if exposure else None, float(n)))
    return Series(id=name, kpi="tickets_created", kind="load", columns=SLOTS, points=tuple(points))


def off_hours() -> Series:
    columns = ("working_hours", "n", "share", "first_response_n", "first_response_median_s")
    points = (("inside", 208, 0.725, 200, 3840.0), ("outside", 79, 0.275, 0, None))
    return Series(id="load.off_hours", kpi="first_response_time", kind="load", columns=columns, points=points)


def agents() -> Series:
    return Series(id="agents", kpi="tickets_solved", kind="agents", columns=AGENT_COLUMNS, points=(ANN, BOB))


def report(*series: Series) -> Report:
    return replace(built.month(), series=series)


def full() -> Report:
    solved = load("load.solved", times=0.25)
    return report(load(), solved, load("load.replies", times=8), off_hours(), agents())


def text(report: Report, name: str = "table", **options: object) -> str:
    output = render(report, name, RenderOptions(**{"width": 100, **options}))  # type: ignore[arg-type]
    assert isinstance(output, str)
    return output


def lines_of(output: str, start: str) -> list[str]:
    return [line for line in output.split("\n") if line.strip().startswith(start)]


def test_bars_stand_for_their_share_of_the_greatest():
    assert bars([0.0, 1.0, 7.9, 8.0]) == f"{BARS[0]}{BARS[1]}{BARS[7]}{BARS[7]}"
    assert bars([None, 0.0]) == f" {BARS[0]}"
    assert bars([]) == ""


def test_of_a_few_tickets_no_hour_and_no_day_is_the_busiest():
    few = tuple((day, hour, int(day == "mon" and hour == 9), 4.0, None, None) for day in WEEK for hour in range(24))
    series = Series(id="load", kpi="tickets_created", kind="load", columns=SLOTS, points=few)
    (shown,) = line(report(series), Words())
    assert shown.lines == (("By hour, Europe/Moscow", f"00 {'▁' * 9}█{'▁' * 14} 23"),)


def test_the_screen_has_a_line_by_hour_with_the_busiest_hour_and_day():
    (shown,) = lines_of(text(report(load())), "By hour")
    assert shown == "By hour, Europe/Moscow  00 ▁▁▁▁▁▁▁▁▁▃▃█▃▃▃▃▃▃▁▁▁▁▁▁ 23   busiest 11:00; Tuesday, 22 a day"


def test_the_line_stands_behind_the_volume():
    volume = Grid(columns=(Column(title="Volume"),), rows=())
    other = Grid(columns=(Column(title="Other"),), rows=())
    hours = line(report(load()), Words())
    assert _with_load([volume, other], hours, Words()) == [volume, *hours, other]
    assert _with_load([other], hours, Words()) == [other, *hours]


def test_days_are_named_in_the_language():
    assert "вторник" in lines_of(text(report(load()), lang="ru"), "By hour")[0]


@pytest.mark.parametrize("series", [(), (load(times=0),)])
def test_without_tickets_there_is_no_line(series: tuple[Series, ...]):
    assert "By hour" not in text(report(*series), full=True)
    assert "by hour of the week" not in text(report(*series), full=True)


def test_the_heat_map_stands_in_full_and_in_documents():
    assert "by hour of the week" not in text(report(load()))
    assert "by hour of the week" in text(report(load()), full=True)
    assert "by hour of the week" in text(report(load()), "markdown")


def test_an_hour_that_there_was_not_has_no_rate():
    lines = lines_of(text(report(load(without=("02",))), full=True), "02")
    assert lines[0].split() == ["02", *"–" * 8]
    (tuesday,) = [line.split() for line in lines_of(text(report(load()), full=True), "11")]
    assert tuesday[:9] == ["11", *["3.0", "6.0", "3.0", "3.0", "3.0", "3.0", "0"], "3.0"]


def test_the_work_stands_beside_what_comes_in():
    output = text(full(), full=True)
    assert "hour    created  replies  solved" in output
    assert lines_of(output, "11")[1].split() == ["11", "3.0", "24", "0.75"]


def test_arrivals_outside_of_working_hours_have_their_first_response():
    output = text(full(), full=True)
    assert lines_of(output, "inside working hours")[0].split()[3:] == ["208", "72.5", "%", "1h", "04m", "200"]
    assert lines_of(output, "outside working hours")[0].split()[3:] == ["79", "27.5", "%", "–", "0"]


def test_agents_show_shares_with_what_they_are_made_of_and_few_as_counts():
    output = text(full(), full=True, width=250)
    (ann,) = lines_of(output, "agent 3f2a")
    for cell in ("310", "120", "60", "6.0", "58m 00s (n 118)", "1d 01h (n 120)", "75 % (60 of 80)", "11 % (12 of 110)"):
        assert cell in ann
    (bob,) = lines_of(output, "agent [b]")
    assert "2 of 2" in bob
    assert "2h 00m (n 6)" in bob
    assert "10m 00s" not in bob, "a median of four is none"
    assert "%" not in bob


def test_what_no_agent_has_is_no_column():
    lonely = replace(agents(), points=(tuple(None if cell == 310 else cell for cell in ANN),))
    output = text(report(lonely), full=True, width=250)
    assert "replies" not in output
    assert "escalated" not in output


@pytest.mark.parametrize("width", [60, 80, 97, 120, 200])
@pytest.mark.parametrize("whole", [False, True])
def test_no_line_is_wider_than_the_terminal(width: int, whole: bool):
    assert max(cell_len(line) for line in text(full(), width=width, full=whole).split("\n")) <= width


def test_the_pages_are_as_they_were_read(golden: Callable[[str, str], None]):
    alone = replace(full(), cells=())
    golden("reporters/load-agents.txt", text(alone, full=True))
    golden("reporters/load-agents.md", text(alone, "markdown", full=True))

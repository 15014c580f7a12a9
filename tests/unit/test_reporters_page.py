"""What the terminal and Markdown show: the same page, each escaped and laid out for itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import built_reports as built
import pytest
from rich.cells import cell_len

from supportkpi.report import Ledger, Report, RowTarget, State
from supportkpi.reporters import RenderOptions, render
from supportkpi.schema import FileLedger

REPORTS = {"month": built.month, "quarter": built.quarter, "grouped": built.grouped, "bare": built.bare}


def text(report: Report, name: str = "table", **options: object) -> str:
    output = render(report, name, RenderOptions(**options))  # type: ignore[arg-type]
    assert isinstance(output, str)
    return output


def line_of(output: str, start: str) -> str:
    return next(line for line in output.split("\n") if line.strip().startswith(start))


def only(*cells: object) -> Report:
    return replace(built.month(), cells=tuple(cells))  # type: ignore[arg-type]


# --- goldens ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize("width", [80, 120])
def test_the_screens_are_as_they_were_read(name: str, width: int, golden: Callable[[str, str], None]) -> None:
    golden(f"reporters/{name}-{width}.txt", text(REPORTS[name](), width=width))


def test_the_full_screen_is_as_it_was_read(golden: Callable[[str, str], None]) -> None:
    golden("reporters/quarter-full.txt", text(built.quarter(), full=True, width=100))


@pytest.mark.parametrize(("name", "suffix"), [("markdown", "md"), ("csv", "csv"), ("plain", "tsv"), ("json", "json")])
def test_the_files_are_as_they_were_read(name: str, suffix: str, golden: Callable[[str, str], None]) -> None:
    for report in ("quarter", "grouped"):
        golden(f"reporters/{report}.{suffix}", text(REPORTS[report](), name, tool_version="0.0.0"))


# --- layout ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
@pytest.mark.parametrize("width", [60, 80, 97, 120, 200])
@pytest.mark.parametrize("full", [False, True])
def test_no_line_is_wider_than_the_terminal(report: Callable[[], Report], width: int, full: bool) -> None:
    lines = text(report(), width=width, full=full).split("\n")
    assert max(cell_len(line) for line in lines) <= width
    assert all(line == line.rstrip() for line in lines)


def test_one_screen_fits_one_screen() -> None:
    assert text(built.month(), width=80).count("\n") <= 42
    assert text(built.month(), width=100).count("\n") <= 36


def test_colour_changes_nothing_but_colour() -> None:
    coloured = text(built.quarter(), color=True)
    assert "\x1b[32m✓ met" in coloured
    assert "\x1b[31m✗ missed" in coloured
    bare = "\n".join(line.rstrip() for line in re.sub(r"\x1b\[[\d;]*m", "", coloured).split("\n"))
    assert bare == text(built.quarter())
    assert "\x1b" not in text(built.grouped())


def test_a_narrow_scorecard_gives_up_the_range_then_n_and_never_the_verdict() -> None:
    heads = {width: line_of(text(built.quarter(), width=width), "KPI") for width in (120, 80, 60)}
    assert [title for title in ("likely range", " n ", "verdict") if title in heads[120]] == [
        "likely range",
        " n ",
        "verdict",
    ]
    assert [title for title in ("likely range", " n ", "verdict") if title in heads[80]] == [" n ", "verdict"]
    assert [title for title in ("likely range", " n ", "verdict") if title in heads[60]] == ["verdict"]


def test_columns_stay_straight_under_wide_letters() -> None:
    lines = text(built.grouped()).split("\n")
    start = lines.index("By priority")
    body = lines[start + 2 : start + 3 + len(built.HOSTILE)]
    ends = {cell_len(line) for line in body}
    assert ends == {cell_len(lines[start + 1])}


def test_a_breakdown_that_is_too_wide_goes_on_below_with_its_groups_repeated() -> None:
    output = text(built.grouped(), width=60)
    part = output[output.index("By priority\n") : output.index("By priority, channel")]
    assert part.count("=cmd()") > 1
    for title in ("FRT median", "RT open incl.", "CSAT", "Created"):
        assert title in part


def test_many_groups_are_cut_to_the_largest_and_said() -> None:
    cells = [built.row("tickets_created", value=float(n), n=n, group={"tag": f"tag{n}"}) for n in range(1, 206)]
    report = only(built.row("tickets_created", value=9.0, n=9), *cells)
    output = text(report)
    assert "the 20 largest of 205; all with --full" in output
    assert "tag205" in output
    assert not re.search(r"^tag1 ", output, re.MULTILINE)
    assert re.search(r"^tag1 ", text(report, full=True), re.MULTILINE)


@pytest.mark.parametrize(("n", "n_open", "shown"), [(0, 0, False), (0, 2, True), (3, None, True)])
def test_a_line_without_a_value_that_says_nothing_is_not_shown(n, n_open, shown) -> None:
    """What is dated by its solution has no month before it is solved; a line of dashes is no news of that."""
    rows = [
        built.row("tickets_solved", value=float(count), n=count, n_open=waiting, group={"month": month})
        for month, count, waiting in (("2026-03", 0, 0), (None, n, n_open))
    ]
    output = text(only(built.row("tickets_solved", value=9.0, n=9), *rows))
    assert re.search("^2026-03 ", output, re.MULTILINE), "a month in which nothing was solved is one"
    assert ("(no value)" in output) is shown


# --- escaping --------------------------------------------------------------------------------------------------------


def test_the_terminal_shows_names_as_they_are_and_obeys_none() -> None:
    output = text(built.grouped())
    for name in ("[red]x[/]", "a|b", "=cmd()", r"line\nbreak", r"tab\there", r"\x1b[31mred", r"\u202eabc", "<script>"):
        assert name in output
    assert not set("\x1b\u202e\t\r") & set(output)


def test_markdown_names_cannot_leave_their_cell() -> None:
    output = text(built.grouped(), "markdown", full=True)
    tables = [block for block in output.split("\n\n") if block.startswith("|")]
    for table in tables:
        cells = {len(re.findall(r"(?<!\\)\|", line)) for line in table.strip().split("\n")}
        assert len(cells) == 1, table
    for raw in ("<script>", "[red]", "@team", "\x1b", "\u202e", "[b]"):
        assert raw not in output
    for shown in (r"a\|b", "&lt;script&gt;", r"\[red\]x\[/\]", "line break", "@&#8203;team"):
        assert shown in output


# --- what a screen says ----------------------------------------------------------------------------------------------


def test_every_value_has_its_n_beside_it() -> None:
    output = text(built.month())
    assert re.split(" {2,}", line_of(output, "First response time").strip()) == [
        "First response time (FRT)",
        "58m 00s",
        "21h 16m",
        "8h 19m",
        "1,872",
    ]
    assert "216 of 253" in line_of(output, "CSAT")
    assert "n 253" in line_of(output, "Mean satisfaction rating")
    assert "117 : 63 : 34" in line_of(output, "Net promoter score")


def test_unfinished_tickets_count_in_the_first_line_and_the_finished_stand_below() -> None:
    output = text(built.month(), width=120)
    whole, finished = (
        line_of(output, "Resolution time (RT), open incl."),
        line_of(output, "Resolution time (RT), solved only"),
    )
    assert "1,967" in whole
    assert "110 open count as unfinished" in whole
    assert "1,857" in finished
    assert "what most helpdesks show" in finished


def test_a_median_that_is_not_reached_is_said_not_invented() -> None:
    cells = [
        replace(cell, value=None, low=None, high=None) if cell.stat == "km_median" else cell
        for cell in built.durations("resolution_time", 40, median=9000.0, n_open=60)
    ]
    line = line_of(text(only(*cells), width=120), "Resolution time (RT), open incl.")
    assert "–" in line
    assert "not reached: 60 are unfinished" in line
    assert "100" in line


def test_speed_never_stands_without_resolution() -> None:
    cells = [
        *built.durations("first_response_time", 100, median=60.0),
        built.absent("resolution_time", "no solve date"),
    ]
    output = text(only(*cells))
    assert "–" in line_of(output, "Resolution time (RT)")
    assert "Resolution time (RT): no solve date" in output


def test_the_clock_is_named() -> None:
    assert "24/7 clock: nights and weekends count." in text(built.month())
    office = text(built.month(calendar="office"))
    assert "Working hours of calendar office" in office
    assert "First response time (FRT), 24/7" in office
    assert office.index("First response time (FRT)  ") < office.index("First response time (FRT), 24/7")


def test_business_time_has_no_days() -> None:
    line = line_of(text(built.month(calendar="office"), width=120), "Resolution time (RT), solved only")
    assert "537h 47m" in line
    assert not re.search(r"\dd ", line)


def test_a_file_that_shows_hardly_anything_still_tells_what_it_can_and_why_not_more() -> None:
    output = text(built.bare())
    assert "This file can give 3 of 13 KPIs" in output
    assert "name one with --map created_at=COLUMN" in output
    assert output.count("no column holds") == 1, "one reason is told once, with all the KPIs that it keeps away"
    assert "Needs an answer" in output
    assert "--csat-scale 1-3:2" in output
    assert " 0 %" not in output


@pytest.mark.parametrize("name", ["table", "markdown"])
def test_too_few_are_printed_as_counts(name: str) -> None:
    output = text(only(built.share("csat", 3, 4, 0.3, 0.95)), name)
    assert "3 of 4" in output
    assert "75" not in output
    assert "95 %" not in output.replace("95 % ranges", "")


@pytest.mark.parametrize(
    ("x", "n", "shown"),
    [(3, 4, "3 of 4"), (12, 15, "12 of 15"), (40, 50, "80 %"), (216, 253, "85.4 %"), (50, 50, "100 %"), (0, 50, "0 %")],
)
def test_the_digits_of_a_share_follow_its_n(x: int, n: int, shown: str) -> None:
    low, high = max(x / n - 0.04, 0), min(x / n + 0.04, 1)
    assert re.search(
        rf"CSAT +{re.escape(shown)}(  |$)", line_of(text(only(built.share("csat", x, n, low, high))), "CSAT")
    )


@pytest.mark.parametrize(
    ("n", "p90"), [(3, "–"), (12, "–"), (25, "≥ 20m 00s"), (40, "22m 00s")], ids=["3", "12", "25", "40"]
)
def test_a_percentile_needs_its_tickets(n: int, p90: str) -> None:
    line = line_of(text(only(*built.durations("first_response_time", n, median=60.0)), width=120), "First response")
    assert "1m 00s" in line
    assert p90 in line


def test_the_helpdesks_own_hours_are_never_taken_for_the_clock_of_the_head() -> None:
    cells = [
        replace(cell, basis="given", n_open=None)
        for clock in ("business", "calendar")
        for cell in built.durations("resolution_time", 50, median=60.0, clock=clock)  # type: ignore[arg-type]
    ]
    lines = [line for line in text(only(*cells), width=120).split("\n") if "Resolution time" in line]
    assert [line.split("  ")[1] for line in lines] == ["Resolution time (RT)", "Resolution time (RT), helpdesk hours"]
    assert "the export's own figures" in lines[0]


def test_a_statistic_that_is_missing_says_why_in_full_and_does_not_hide_its_kpi() -> None:
    cells = (
        built.share("csat", 216, 253, 0.80, 0.89),
        built.absent("csat", "how many surveys were offered is not known", stat="worst_case"),
        built.absent("csat", "how many surveys were offered is not known", stat="worst_case", group={"team": "a"}),
        built.share("csat", 100, 120, 0.76, 0.89, group={"team": "a"}),
    )
    assert "not known" not in text(only(*cells))
    assert "how many surveys were offered is not known" in text(only(*cells), full=True, width=120)


def test_a_verdict_that_chance_could_explain_is_marked_and_explained() -> None:
    output = text(built.quarter())
    assert line_of(output, "RT, median, open incl.").endswith("✗ missed ?")
    assert "chance could explain" in output
    sure = replace(built.quarter(), cells=tuple(cell for cell in built.quarter().cells if cell.certainty == "sure"))
    assert "chance" not in text(sure)


def test_rounding_does_not_hide_a_verdict() -> None:
    assert "15.5597 %" in line_of(text(built.quarter()), "Surveys answered")


@pytest.mark.parametrize(
    ("state", "n", "said"),
    [
        (State.not_observed, 0, "– not in this export"),
        (State.needs_answer, 9, "– needs an answer"),
        (State.empty, 0, "– no data"),
    ],
)
def test_a_target_without_a_value_is_neither_met_nor_missed(state: State, n: int, said: str) -> None:
    goal = RowTarget(op=">=", value=0.9, text="90%")
    cell = replace(built.row("csat", n=n, state=state), target=goal, verdict="no_data")
    output = text(only(cell))
    assert line_of(output, "CSAT").endswith(said)
    assert "1 target cannot be judged." in output


def test_too_few_get_no_verdict_on_paper() -> None:
    goal = RowTarget(op=">=", value=0.5, text="50%")
    cell = replace(built.share("csat", 12, 15, 0.54, 0.93), target=goal, verdict="met", certainty="sure")
    assert line_of(text(only(cell)), "CSAT").endswith("– too few")


def test_the_rows_line_adds_up() -> None:
    files = (
        FileLedger(path="a.csv", rows_read=1000, used=990, excluded={"spam": 4}, rejected={"bad-date": 6}),
        FileLedger(path="b.csv", rows_read=10, used=9, excluded={"spam": 1}),
    )
    report = replace(built.month(), ledger=Ledger(files=files))
    assert "1,010 = 999 used + 5 excluded (5 spam) + 6 rejected (6 bad-date)" in text(report, width=100)
    full = text(report, width=120, full=True)
    assert "a.csv: 1,000 = 990 used + 4 excluded (4 spam) + 6 rejected (6 bad-date)" in full
    assert "b.csv: 10 = 9 used + 1 excluded (1 spam) + 0 rejected" in full


def test_a_kpi_of_tomorrow_needs_no_edit_here() -> None:
    cells = [
        built.row("time_to_joy", "median", unit="s", clock="calendar", n=50, value=90.0, low=80.0, high=100.0),
        built.row("joy_rate", unit="ratio", n=200, x=100.0, value=0.5, low=0.43, high=0.57),
        built.row("cost_per_joy", unit="EUR", n=200, value=12.891),
    ]
    output = text(only(*cells))
    assert "1m 30s" in line_of(output, "Time to joy")
    assert "100 of 200" in line_of(output, "Joy rate")
    assert "EUR 12.89" in line_of(output, "Cost per joy")


@pytest.mark.parametrize("name", ["table", "markdown"])
def test_a_report_without_rows_is_still_a_report(name: str) -> None:
    empty = Report(cells=(), ledger=Ledger(files=()), method=built.method(definitions={}, fingerprint=""))
    assert "0 = 0 used + 0 excluded + 0 rejected" in text(empty, name, full=True)


def test_markdown_scorecard_has_description_and_period() -> None:
    output = text(built.quarter(), "markdown")
    assert "| KPI | description | target | actual | period | n | likely range | verdict |" in output
    assert "| FRT, median | From creation to the first public reply of a person. | ≤ 1h | 58m 00s | 2026-Q1 |" in output
    assert "--hours" not in text(built.month(), "markdown"), "a document has no hints about options"


def test_full_tells_every_statistic_definition_and_file() -> None:
    output = text(built.quarter(), full=True, width=120)
    for said in ("slowest 10 %, mean", "p95", "days of work", "64 left out", "Definitions", "Zendesk ticket CSV"):
        assert said in output

"""How many were answered and solved within some time, on the page of a full report."""

from __future__ import annotations

from dataclasses import replace

import built_reports as built

from supportkpi.report import Report, Series
from supportkpi.reporters import RenderOptions, render

COLUMNS = ("clock", "within_s", "share", "low", "high", "otherwise", "open")
POINTS = (
    ("calendar", 900.0, 0.0, None, None, 0.0, 1.0),
    ("calendar", 86_400.0, 0.634, 0.604, 0.661, 0.021, 0.345),
    ("calendar", 604_800.0, None, None, None, None, None),
    ("business", 144_000.0, 0.912, 0.9, 0.921, 0.05, 0.038),
)


def page(*points: tuple[float | str | None, ...], kpi: str = "first_response_time") -> str:
    series = Series(id=f"survival.{kpi}", kpi=kpi, kind="survival", columns=COLUMNS, points=points)
    report: Report = replace(built.month(), series=(series,))
    return render(report, "markdown", options=RenderOptions(full=True))


def table(text: str, title: str) -> list[list[str]]:
    """The cells of the lines below a title, without the rule under the heads."""
    after = text.partition(title)[2].splitlines()[1:]
    lines = [line for line in after if line.startswith("|") or not line.strip()]
    kept = "\n".join(lines).strip().split("\n\n")[0].splitlines()
    return [[cell.strip().strip("*") for cell in line.strip("|").split("|")] for line in kept if "---" not in line]


def test_a_line_a_time_says_how_many_had_an_answer_by_then():
    found = table(page(*POINTS), "First response time (FRT): how many within, open tickets included")
    assert found == [
        ["within", "answered", "likely range", "solved unanswered", "still open"],
        ["15m", "0 %", "–", "0 %", "100 %"],
        ["1d", "63 %", "60–66 %", "2 %", "35 %"],
        ["7d", "–", "–", "–", "–"],
    ]


def test_working_hours_have_a_table_of_their_own_and_no_days():
    text = page(*POINTS)
    assert text.count("how many within") == 2
    assert "| 40h " in text


def test_nobody_is_told_of_other_ends_where_there_are_none():
    text = page(("calendar", 3_600.0, 0.5, 0.4, 0.6, 0.0, 0.5), kpi="resolution_time")
    assert table(text, "how many within, open tickets included")[0] == [
        "within",
        "solved",
        "likely range",
        "still open",
    ]

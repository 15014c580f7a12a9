"""The tables of service levels: which lines and columns they have, and what stands under them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

import pytest

import supportkpi as sk
from supportkpi.config import parse_config
from supportkpi.pipeline import settings_for
from supportkpi.report import Report, State
from supportkpi.reporters import RenderOptions, render

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
HEADER = "Ticket ID,Created at,First reply at,Solved at,Status,Priority,Requester,External cause\n"
RULES = """\
sla:
  - rules:
      - {name: vip, when: {Requester: nobody}, first_response: 15m, goal: 95%}
      - {name: high, when: {priority: high}, first_response: 30m..1h, goal: 95%}
      - {name: other, first_response: 2h, resolution: 3bd, goal: {first_response: 50%}}
  - from: 2026-03-09
    rules:
      - {name: high, when: {priority: high}, first_response: 45m, goal: 40%}
      - {name: other, first_response: 2h, resolution: {deadline: end_of_week, after: 1bd}}
"""


def line(ticket: int, priority: str, minutes: int | None, *, day: int = 2, cause: str = "") -> str:
    answered = f"2026-03-{day:02} {10 + minutes // 60}:{minutes % 60:02}:00" if minutes is not None else ""
    solved = f"2026-03-{day:02} 20:00:00" if minutes is not None else ""
    status = "solved" if solved else "open"
    return f"{ticket},2026-03-{day:02} 10:00:00,{answered},{solved},{status},{priority},r{ticket},{cause}\n"


def measured(tmp_path: Path, config: str, *lines: str, **options: object) -> Report:
    path = tmp_path / "tickets.csv"
    path.write_text(HEADER + "".join(lines))
    data = sk.load(str(path), reading={"columns": {"external_cause": "External cause"}})
    return sk.measure(data, settings=settings_for(parse_config(config), data), **options)  # type: ignore[arg-type]


def screen(report: Report, *, width: int = 120, full: bool = False) -> list[str]:
    text = render(report, "table", RenderOptions(width=width, full=full))
    assert isinstance(text, str)
    return text.split("\n")


def table(report: Report, title: str, **options: int) -> list[list[str]]:
    """The rows of a table, cell by cell, from its heading to its end."""
    shown = screen(report, **options)  # type: ignore[arg-type]
    start = next(place for place, text in enumerate(shown) if text.startswith(title))
    end = next(place for place in range(start, len(shown)) if not shown[place].startswith(("SLA", "  ")))
    return [[cell.strip() for cell in text.split("  ") if cell.strip()] for text in shown[start:end]]


def test_rules_stand_in_their_order_and_all_in_the_end(tmp_path: Path) -> None:
    tickets = [line(n, "high", 90) for n in range(1, 4)] + [line(4, "low", 90), line(5, "low", None)]
    shown = table(measured(tmp_path, RULES, *tickets), "SLA first response")
    assert shown == [
        ["SLA first response", "target", "goal", "met", "late", "open late", "in SLA", "likely range", "verdict"],
        ["vip", "15m", "95 %", "–", "–", "–", "–", "–", "– no data"],
        ["high", "30m–1h", "95 %", "0", "3", "–", "0 of 3", "–", "– too few"],
        ["other", "2h", "50 %", "1", "0", "1", "1 of 2", "–", "– too few"],
        ["all", "1", "3", "1", "1 of 5", "4–62 %"],
    ]


def test_a_verdict_is_by_the_rules_own_goal_even_beside_a_target_for_all(tmp_path: Path) -> None:
    tickets = [line(n, "low", 60 if n % 4 else 180) for n in range(1, 41)]
    report = measured(tmp_path, RULES + 'targets: {sla_first_response: ">= 90%"}\n', *tickets)
    shown = table(report, "SLA first response")
    assert shown[-2][:7] == ["other", "2h", "50 %", "30", "10", "–", "75 %"]
    assert shown[-2][-1] == "✓ met"
    assert shown[-1][:2] == ["all", "90 %"]
    assert shown[-1][-1] == "✗ missed"


def test_the_limits_goals_and_versions_are_those_that_hold_for_the_tickets(tmp_path: Path) -> None:
    early, late = [line(n, "high", 50) for n in range(1, 31)], [line(n, "high", 50, day=10) for n in range(31, 61)]
    both = measured(tmp_path, RULES, *early, *late)
    first = measured(tmp_path, RULES, *early, *late, period="2026-03-01..2026-03-08")
    assert both.method.sla is not None
    assert both.method.sla.versions == ("", "2026-03-09")
    assert next(row for row in table(both, "SLA first response") if row[0] == "high")[1:3] == ["30m–1h → 45m", "40 %"]
    assert next(row for row in table(first, "SLA first response") if row[0] == "high")[1:3] == ["30m–1h", "95 %"]
    assert any("SLA from the start, 2026-03-09 (24/7)" in text for text in screen(both))
    assert any("· SLA (24/7)" in text for text in screen(first))


def test_the_limits_are_said_in_words(tmp_path: Path) -> None:
    shown = table(measured(tmp_path, RULES, line(1, "low", 5), line(2, "low", 5, day=10)), "SLA resolution")
    assert [row[1] for row in shown if row[0] == "all"] == ["3bd → end of week after 1bd"]


def test_the_calendar_is_named_where_rules_run_on_several(tmp_path: Path) -> None:
    config = """\
calendars: {desk: {hours: {mon-fri: ["09:00-18:00"]}}}
calendar: desk
sla:
  calendar: desk
  rules:
    - {name: high, when: {priority: high}, calendar: 24x7, first_response: 1h, resolution: 2h}
    - {name: other, first_response: 4h}
"""
    report = measured(tmp_path, config, line(1, "high", 5), line(2, "low", 5))
    assert [row[1] for row in table(report, "SLA first response")[1:3]] == ["1h 24/7", "4h desk"]
    assert table(report, "SLA resolution")[1][1] == "2h"


def test_one_rule_for_all_is_all(tmp_path: Path) -> None:
    config = "sla: {rules: [{first_response: 1h, goal: 90%}]}\n"
    shown = table(measured(tmp_path, config, *(line(n, "low", 50) for n in range(1, 31))), "SLA first response")
    assert [row[:5] for row in shown[1:]] == [["all", "1h", "90 %", "30", "0"]]


def test_the_bounds_are_told_while_clocks_run(tmp_path: Path) -> None:
    tickets = [line(n, "low", 50) for n in range(1, 31)] + [line(40, "low", None, day=2), line(41, "low", 700, day=2)]
    config = "sla: {rules: [{first_response: 24h, resolution: 24h}]}\n"
    shown = screen(measured(tmp_path, config, *tickets))
    assert "1 clock still runs: 97–100 %" in shown


def test_how_late_the_late_ones_are_is_told_with_as_much_as_their_number_allows(tmp_path: Path) -> None:
    config = "sla: {rules: [{first_response: 1h}]}\n"
    three = screen(measured(tmp_path, config, *(line(n, "low", 60 + 10 * n) for n in range(1, 4))))
    many = screen(measured(tmp_path, config, *(line(n, "low", 60 + 10 * n) for n in range(1, 42))))
    assert "late by: median 20m 00s" in three
    assert "late by: median 3h 30m, p90 6h 10m" in many


def test_both_figures_are_told_where_causes_are_set_aside(tmp_path: Path) -> None:
    tickets = [line(n, "low", 30) for n in range(1, 31)] + [
        line(n, "low", 300, cause="provider") for n in range(31, 41)
    ]
    config = "sla: {rules: [{first_response: 1h}]}\n"
    shown = screen(measured(tmp_path, config, *tickets))
    assert "10 set aside for external causes; with them 75 %" in shown


def test_tickets_of_no_rule_are_told_and_have_no_line(tmp_path: Path) -> None:
    config = "sla: {rules: [{name: high, when: {priority: high}, first_response: 1h}]}\n"
    report = measured(tmp_path, config, *(line(n, "high" if n % 2 else "low", 30) for n in range(1, 61)))
    assert [row[0] for row in table(report, "SLA first response")] == ["SLA first response", "high", "all"]
    assert "30 without a limit" in screen(report)


def test_a_missing_agreement_is_one_line_and_a_missing_limit_none(tmp_path: Path) -> None:
    tickets = [line(n, "low", 30) for n in range(1, 5)]
    without = "\n".join(screen(measured(tmp_path, "", *tickets)))
    only_first = "\n".join(screen(measured(tmp_path, "sla: {rules: [{first_response: 1h}]}\n", *tickets)))
    assert 'SLA  not judged: no targets given or in the file.  --sla "first_response=4h"' in without
    assert without.count("no targets given") == 1
    assert "no rule sets a limit" not in only_first
    assert "not judged" not in only_first
    assert "SLA" not in "\n".join(screen(measured(tmp_path, "", *tickets, kpis=["csat"])))


def test_the_screen_has_no_second_table_by_rule_and_the_rows_are_all_there(tmp_path: Path) -> None:
    report = measured(tmp_path, RULES, *(line(n, "low", 30) for n in range(1, 5)))
    assert not any(text.startswith("By rule") for text in screen(report, full=True))
    rows = report.rows.filter(kpi="sla_first_response", by="rule")
    assert rows.height == 9  # every statistic of the one rule that has tickets
    assert report.get("sla_first_response", rule="other").state is State.too_few


@pytest.mark.parametrize("width", [60, 70, 80, 90, 120])
def test_a_narrow_screen_drops_the_range_then_the_counts_and_never_the_verdict(tmp_path: Path, width: int) -> None:
    report = measured(tmp_path, RULES, *(line(n, "low", 30) for n in range(1, 51)))
    shown = screen(report, width=width)
    heading = next(text for text in shown if text.startswith("SLA first response"))
    here = [name for name in ("likely range", "met", "late", "open late") if f"  {name}" in heading]
    assert here == ["likely range", "met", "late", "open late"][4 - len(here) :]
    assert all(name in heading for name in ("target", "goal", "in SLA", "verdict"))
    assert max(map(len, shown)) <= width


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("form", ["table", "markdown"])
def test_the_screen_of_the_example_is_as_it_was_read(width: int, form: str, golden: Callable[[str, str], None]) -> None:
    text = render(_example(), form, RenderOptions(width=width, tool_version="0.0.0"))
    assert isinstance(text, str)
    golden(f"reporters/service-{width}.txt" if form == "table" else "reporters/service.md", _without_fingerprint(text))


@cache
def _example() -> Report:
    config = """\
timezone: Europe/Berlin
calendar: office
calendars: {office: {hours: {mon-fri: ["09:00-18:00"]}}}
sla:
  - from: 2025-07-01
    calendar: office
    rules:
      - {name: northwind, when: {organization: Northwind}, first_response: 1h, resolution: 8h, goal: 95%}
      - {name: urgent, when: {priority: urgent}, first_response: 15m..30m, resolution: 8h, goal: 95%}
      - {name: high, when: {priority: high}, first_response: 1h, resolution: 18h, goal: 92%}
      - {name: other, first_response: 4h, resolution: 5bd, goal: 80%}
targets: {sla_first_response: ">= 80%", csat: ">= 80%"}
source: {timezone: Europe/Berlin}
"""
    decided = parse_config(config)
    data = sk.load(str(EXAMPLES / "zendesk.csv"), reading=decided.reading)
    return sk.measure(data, settings=settings_for(decided, data), period="2026-Q1", detail=False)


def _without_fingerprint(text: str) -> str:
    """It is another one under newer lists of zones."""
    return re.sub(r"\b[0-9a-f]{4}-[0-9a-f]{4}$", "…", text, flags=re.MULTILINE)


def test_json_says_what_was_promised() -> None:
    promised = _example().method.sla
    assert promised is not None
    assert promised.versions == ("2025-07-01",)
    first = promised.promises[0]
    assert (first.kpi, first.rule, first.limit.seconds, first.goal) == ("sla_first_response", "northwind", 3600.0, 0.95)
    assert (first.calendar, first.version) == ("office", "2025-07-01")
    assert _example().method.period_start == date(2026, 1, 1)

"""Whole runs of ``check``, as a pipeline would start it: every exit code, every format."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

Cli = Callable[..., Any]
TICKETS = """\
Ticket ID,Created at,First reply at,Solved at,Status,Priority,Requester
1,2026-03-02 10:00:00,2026-03-02 10:30:00,2026-03-02 12:00:00,solved,high,a
2,2026-03-02 10:00:00,2026-03-02 12:30:00,2026-03-02 13:00:00,solved,high,b
3,2026-03-02 10:00:00,2026-03-02 10:20:00,2026-03-03 10:00:00,solved,low,c
4,2026-03-02 10:00:00,2026-03-02 10:40:00,2026-03-02 11:00:00,solved,low,d
5,2026-03-04 10:00:00,,,open,low,e
"""
RULES = """\
sla:
  rules:
    - {name: "::high%", when: {priority: high}, first_response: 1h, goal: 95%}
    - {name: other, first_response: 1h, goal: 90%}
"""


@pytest.fixture(autouse=True)
def _desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with one export, and no settings file of the repository."""
    monkeypatch.chdir(tmp_path)
    Path("tickets.csv").write_text(TICKETS)


def config(checks: str) -> str:
    Path("sla.yaml").write_text(f"{RULES}checks:\n{checks}")
    return "sla.yaml"


def judged(cli: Cli, checks: str, *options: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(
        cli("check", "tickets.csv", "-c", config(checks), "-f", "json", *options).out
    )["checks"]
    return found


def test_all_that_holds_is_exit_0(cli: Cli) -> None:
    run = cli("check", "tickets.csv", "-c", config('  - {kpi: sla_first_response, expr: ">= 75%"}\n'))
    assert run.code == 0
    assert run.out.endswith("1 check: 1 passed, 0 warnings, 0 failed   exit 0\n")


def test_a_goal_is_each_rules_own_and_a_miss_names_tickets(cli: Cli) -> None:
    run = cli(
        "check", "tickets.csv", "-c", config("  - {kpi: sla_first_response, by: rule, expr: goal}\n"), "-f", "json"
    )
    first, second = json.loads(run.out)["checks"]
    assert run.code == 1
    assert (first["group"], first["value"], first["n"], first["result"]) == ({"rule": "::high%"}, 0.5, 2, "fail")
    assert (first["short"], first["tickets"]) == (1, ["2"])  # 1.9 of 2 are 2
    assert (second["group"], second["result"], second["expr"]) == ({"rule": "other"}, "pass", ">= 90 %")


@pytest.mark.parametrize(
    ("check", "result"),
    [
        ('{kpi: tickets_created, expr: ">= 5"}', "pass"),
        ('{kpi: tickets_created, expr: "> 5"}', "fail"),
        ('{kpi: first_response_time.median, expr: "<= 35m"}', "pass"),  # of 20, 30, 40, 150 minutes
        ('{kpi: first_response_time.median, expr: "< 35m"}', "fail"),
        ('{kpi: first_response_time.median, expr: "<= 1h", warn: "<= 30m"}', "warn"),
        ('{kpi: sla_first_response.breached_closed, expr: "= 1"}', "pass"),
        ('{kpi: sla_first_response.breached_closed, expr: "= 0"}', "fail"),
        ('{kpi: sla_first_response, expr: ">= 90%", confidence: 0.95}', "warn"),  # 3 of 4 may well be 90 %
        ('{kpi: sla_first_response, expr: ">= 99.9%", confidence: 0.6}', "fail"),
        ('{kpi: sla_first_response, expr: ">= 70%", min_n: 5}', "no_data"),
        ('{kpi: nps, expr: ">= 40"}', "no_data"),
    ],
)
def test_an_expression_is_judged_unrounded(cli: Cli, check: str, result: str) -> None:
    assert [each["result"] for each in judged(cli, f"  - {check}\n")] == [result]


@pytest.mark.parametrize(("policy", "code"), [("warn", 0), ("fail", 1), ("error", 3)])
def test_no_data_is_what_the_check_says_it_is(cli: Cli, policy: str, code: int) -> None:
    run = cli("check", "tickets.csv", "-c", config(f'  - {{kpi: nps, expr: ">= 40", no_data: {policy}}}\n'))
    assert run.code == code
    assert "no data" in run.out


def test_a_failure_outweighs_a_lack_of_data(cli: Cli) -> None:
    lines = '  - {kpi: nps, expr: ">= 40", no_data: error}\n  - {kpi: tickets_created, expr: ">= 500"}\n'
    assert cli("check", "tickets.csv", "-c", config(lines)).code == 1
    assert cli("check", "tickets.csv", "-c", config(lines), "--exit-zero").code == 0


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('  - {kpi: sla_first_respons, expr: ">= 90%"}\n', "did you mean sla_first_response?"),
        ('  - {kpi: sla_first_response.breached, expr: "= 0"}\n', "did you mean breached_open?"),
        ('  - {kpi: csat, by: teem, expr: ">= 90%"}\n', "no dimension 'teem'"),
        ("  - {kpi: csat, expr: goal}\n", "only service levels have goals"),
        ("  - {kpi: csat, expr: target}\n", "csat has no target"),
        ("  - {kpi: csat}\n", "a check needs `kpi` and `expr`"),
        ('  - {kpi: csat, expr: "about 90%"}\n', "sla.yaml:6"),
        ("  - {max_age: 26}\n", "26 has no unit"),
    ],
)
def test_what_is_misspelt_never_passes(cli: Cli, lines: str, said: str) -> None:
    run = cli("check", "tickets.csv", "-c", config(lines))
    assert (run.code, run.out) == (2, "")
    assert said in run.err


def test_nothing_to_check_and_no_limits_are_mistakes(cli: Cli) -> None:
    assert "there is nothing to check" in cli("check", "tickets.csv").err
    run = cli("check", "tickets.csv", "--target", "sla_first_response=90%")
    assert run.code == 2
    assert '--sla "first_response=4h"' in run.err


def test_targets_on_the_command_line_need_no_config(cli: Cli) -> None:
    limits = ("--sla", "first_response=1h", "--target", "sla_first_response=75%")
    assert cli("check", "tickets.csv", *limits).code == 0
    assert cli("check", "tickets.csv", *limits, "--target", "tickets_created>5").code == 1


def test_a_stale_export_is_not_green(cli: Cli) -> None:
    (check,) = judged(cli, "  - {max_age: 26h}\n")
    assert (check["kpi"], check["result"]) == ("max_age", "fail")


def test_each_stretch_of_time_is_judged_by_itself(cli: Cli) -> None:
    found = judged(cli, '  - {kpi: tickets_created, expr: ">= 4"}\n', "--per", "day")
    assert [(each["group"]["day"], each["result"]) for each in found] == [
        ("2026-03-02", "pass"),
        ("2026-03-04", "fail"),
    ]
    assert "--per takes no 'hour'" in cli("check", "tickets.csv", "-c", "sla.yaml", "--per", "hour").err


def test_junit_has_a_case_a_check_and_keeps_xml_sound(cli: Cli) -> None:
    lines = '  - {kpi: sla_first_response, by: rule, expr: goal}\n  - {kpi: nps, expr: ">= 40"}\n'
    run = cli("check", "tickets.csv", "-c", config(lines), "-o", "checks.xml")
    assert run.code == 1
    root = ElementTree.fromstring(Path("checks.xml").read_text())  # noqa: S314 - our own file
    suite = root[0]
    cases = {case.get("name"): [child.tag for child in case] for case in suite.iter("testcase")}
    assert cases == {
        "sla_first_response[rule=::high%]": ["failure"],
        "sla_first_response[rule=other]": [],
        "nps": ["skipped"],
    }
    assert {name: suite.get(name) for name in ("tests", "failures", "errors", "skipped")} == {
        "tests": "3",
        "failures": "1",
        "errors": "0",
        "skipped": "1",
    }
    assert {each.get("name") for each in suite.iter("property")} >= {"period", "timezone", "as_of", "fingerprint"}


def test_annotations_are_escaped(cli: Cli) -> None:
    run = cli(
        "check", "tickets.csv", "-c", config("  - {kpi: sla_first_response, by: rule, expr: goal}\n"), "-f", "github"
    )
    first, last = run.out.splitlines()
    assert first.startswith(
        "::error title=sla_first_response rule=%3A%3Ahigh%25::50.0 %25, required >= 95 %25, 1 ticket short"
    )
    assert last == "2 checks: 1 passed, 0 warnings, 1 failed   exit 1"


def test_quiet_leaves_what_failed_and_the_last_line(cli: Cli) -> None:
    run = cli("check", "tickets.csv", "-c", config("  - {kpi: sla_first_response, by: rule, expr: goal}\n"), "-q")
    assert "rule=other" not in run.out
    assert run.out.endswith("exit 1\n")
    assert run.err == ""


def test_markdown_is_for_the_summary_of_a_job(cli: Cli) -> None:
    run = cli("check", "tickets.csv", "-c", config('  - {kpi: csat, expr: ">= 40%"}\n'), "-f", "markdown")
    assert run.out.startswith("# Checks\n")
    assert "| csat |" in run.out


def test_a_format_of_reports_is_none_of_checks(cli: Cli) -> None:
    run = cli("check", "tickets.csv", "-c", config('  - {kpi: csat, expr: ">= 40%"}\n'), "-f", "csv")
    assert (run.code, run.err.splitlines()[0]) == (2, "error: check writes no 'csv' [format-unsupported]")


def test_worst_tickets_are_of_the_period_and_the_filter(cli: Cli) -> None:
    lines = '  - {kpi: first_response_time.p90, expr: "<= 1m"}\n'
    (check,) = judged(cli, lines, "--where", "priority=low", "-p", "2026-03-02")
    assert check["tickets"] == ["4", "3"]


def test_a_rule_for_a_value_that_nobody_knows_stops_the_pipeline(cli: Cli) -> None:
    Path("sla.yaml").write_text(
        RULES.replace("{priority: high}", "{priority: hihg}") + 'checks: [{kpi: csat, expr: ">= 1%"}]\n'
    )
    run = cli("check", "tickets.csv", "-c", "sla.yaml")
    assert run.code == 2
    assert "hihg" in run.err

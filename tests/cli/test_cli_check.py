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


# The schema that CI systems read by: children of every element, attributes that it must have, those that it may.
JUNIT: dict[str, tuple[set[str], set[str], set[str]]] = {
    "testsuites": ({"testsuite"}, set(), {"name", "time", "tests", "failures", "errors"}),
    "testsuite": (
        {"properties", "testcase", "system-out", "system-err"},
        {"name", "tests", "failures", "errors"},
        {"time", "skipped", "timestamp", "hostname", "id", "package"},
    ),
    "properties": ({"property"}, set(), set()),
    "property": (set(), {"name", "value"}, set()),
    "testcase": ({"skipped", "error", "failure", "system-out", "system-err"}, {"name"}, {"time", "classname"}),
    **dict.fromkeys(("failure", "error", "skipped"), (set(), set(), {"message", "type"})),
    **dict.fromkeys(("system-out", "system-err"), (set(), set(), set())),
}


def faults(element: ElementTree.Element) -> list[str]:
    """What an element and all below it have against the schema."""
    children, must, may = JUNIT[element.tag]
    inside = [child.tag for child in element]
    found = [f"{element.tag} holds {tag}" for tag in inside if tag not in children]
    found += [f"{element.tag} lacks {name}" for name in must - {*element.keys()}]
    found += [f"{element.tag} has {name}" for name in {*element.keys()} - must - may]
    if inside and (element.text or "").strip():
        found.append(f"{element.tag} mixes text with elements")
    if element.tag == "testsuite":
        cases = element.findall("testcase")
        for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            if int(element.get(name, "0")) != sum(case.find(tag) is not None for case in cases):
                found.append(f"{name} does not add up")
        found += [] if int(element.get("tests", "-1")) == len(cases) else ["tests does not add up"]
    return found + [fault for child in element for fault in faults(child)]


def test_junit_is_valid_by_the_common_schema_whatever_becomes_of_a_check(cli: Cli) -> None:
    lines = """\
  - {kpi: sla_first_response, by: rule, expr: goal}
  - {kpi: csat, expr: ">= 10%", no_data: warn}
  - {kpi: nps, expr: ">= 10", no_data: fail}
  - {kpi: ces, expr: ">= 10%", no_data: error}
  - {kpi: first_response_time.median, expr: "<= 1h", warn: "<= 30m"}
  - {kpi: sla_first_response.breached_closed, expr: "= 0"}
  - {kpi: tickets_created, expr: ">= 5"}
  - {max_age: 26h}
"""
    assert cli("check", "tickets.csv", "-c", config(lines), "-o", "checks.xml").code == 1
    text = Path("checks.xml").read_text(encoding="utf-8")
    root = ElementTree.fromstring(text)  # noqa: S314 - our own file
    assert root.tag == "testsuites"
    assert faults(root) == []
    messages = {case.get("name"): [child.get("message", child.text) for child in case] for case in root[0][1:]}
    assert messages["sla_first_response.breached_closed"] == ["1, required = 0 (n=5)"]
    assert messages["first_response_time.median"] == ["35m 00s, required ≤ 1h, warn above 30m (n=4)"]
    assert messages["sla_first_response[rule=::high%]"] == ["50.0 %, required ≥ 95 %, 1 ticket short (n=2)"]
    assert [len(said) for said in messages.values()] == [1, 0, 1, 1, 1, 1, 1, 0, 1]
    assert {each.get("name"): each.get("value") for each in root[0][0]}["config"] == "sla.yaml"


def test_the_schema_finds_faults() -> None:
    bad = '<testsuite name="x" tests="2" failures="0" colour="red"><testcase><failure/></testcase></testsuite>'
    assert sorted(faults(ElementTree.fromstring(bad))) == [  # noqa: S314 - our own text
        "failures does not add up",
        "testcase lacks name",
        "tests does not add up",
        "testsuite has colour",
        "testsuite lacks errors",
    ]


def test_a_long_list_of_tickets_stands_right_below_its_check(cli: Cli, environment: Callable[..., None]) -> None:
    environment(COLUMNS="40")
    run = cli("check", "tickets.csv", "-c", config('  - {kpi: first_response_time.p90, expr: "<= 1m"}\n'))
    body = run.out[run.out.index("✗") : run.out.index("1 check:")]
    assert "\n\n" not in body
    assert "#2 2h 30m" in body


def test_the_head_says_when_and_by_which_hours(cli: Cli) -> None:
    run = cli(
        "check", "tickets.csv", "-c", config('  - {kpi: tickets_created, expr: ">= 4"}\n'), "--where", "priority=low"
    )
    head = " ".join(run.out.split("check", 1)[0].split())
    assert "24/7 clock as of 4 Mar 2026 10:00 only priority=low" in head
    assert "≥ 4" in run.out


def test_annotations_are_escaped(cli: Cli) -> None:
    run = cli(
        "check", "tickets.csv", "-c", config("  - {kpi: sla_first_response, by: rule, expr: goal}\n"), "-f", "github"
    )
    first, last = run.out.splitlines()
    assert first.startswith(
        "::error title=sla_first_response rule=%3A%3Ahigh%25::50.0 %25, required ≥ 95 %25, 1 ticket short"
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

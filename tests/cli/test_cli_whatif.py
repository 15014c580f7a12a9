"""Whole runs of ``whatif``: pages, files, what JSON promises, and every way to ask wrongly."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Cli = Callable[..., Any]
ROOT = Path(__file__).resolve().parents[2]
ZENDESK = ROOT / "examples" / "zendesk.csv"
NOW = """
timezone: Europe/Berlin
calendar: office
calendars:
  office: {hours: {mon-fri: ["09:00-18:00"]}}
sla:
  calendar: office
  pause_on: [pending, hold]
  rules:
    - {name: urgent, when: {priority: urgent}, first_response: 30m, resolution: 8h, goal: 95%}
    - {name: high, when: {priority: high}, first_response: 1h, goal: 92%}
    - {name: other, first_response: 4h, resolution: 16h, goal: 90%}
"""
STRICTER = """
calendars:
  late: {hours: {mon-sat: ["08:00-20:00"]}}
sla:
  calendar: late
  rules:
    - {name: urgent, when: {priority: urgent}, first_response: 15m, resolution: 8h, goal: 95%}
    - {name: high, when: {priority: high}, first_response: 1h, goal: 92%}
    - {name: other, first_response: 2h, resolution: 16h, goal: 90%}
"""
CREDITS = 'credits: {base: "EUR 1000", tiers: {"95%": "0%", "90%": "5%", "80%": "10%"}}\n'
ROWS = {"name", "rows", "limits", "credits"}
CHANGES = {"scenario", "target", "group", "newly_met", "newly_breached", "delta", "tickets"}


@pytest.fixture
def now(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A config to begin with and another beside it, in the folder of the run."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "now.yaml").write_text(NOW, encoding="utf-8")
    (tmp_path / "stricter.yaml").write_text(STRICTER, encoding="utf-8")
    (tmp_path / "paid.yaml").write_text(NOW + CREDITS, encoding="utf-8")
    return "now.yaml"


@pytest.mark.parametrize("width", [80, 120])
def test_two_files_are_held_against_one_another(
    cli: Cli, now: str, golden: Callable[[str, str], None], environment: Callable[..., None], width: int
) -> None:
    environment(COLUMNS=str(width))
    run = cli("whatif", ZENDESK, "-c", now, "--sla", "stricter.yaml", "--set", "high.first_response=2h", "-q")
    assert (run.code, run.err) == (0, "")
    golden(f"whatif/files-{width}.txt", run.out)
    assert all(len(line) <= width for line in run.out.splitlines())
    assert "forecasts" in run.out


@pytest.mark.parametrize("width", [80, 120])
def test_limits_are_swept_solved_for_and_judged_by_month(
    cli: Cli, now: str, golden: Callable[[str, str], None], environment: Callable[..., None], width: int
) -> None:
    environment(COLUMNS=str(width))
    asked = ("--sweep", "other.first_response", "--solve", "first_response=90%", "--per", "month")
    run = cli("whatif", ZENDESK, "-c", "paid.yaml", *asked, "-q")
    assert run.code == 0
    golden(f"whatif/asked-{width}.txt", run.out)
    assert all(len(line) <= width for line in run.out.splitlines())


def test_markdown_has_the_same_tables(cli: Cli, now: str, golden: Callable[[str, str], None]) -> None:
    run = cli("whatif", ZENDESK, "-c", now, "--sla", "stricter.yaml", "-f", "markdown", "-q")
    golden("whatif/files.md", run.out)
    assert run.out.startswith("# What if\n")


def test_json_has_what_programs_read(cli: Cli, now: str) -> None:
    more = ("--sweep", "other.first_response=1h,2h", "--solve", "90%")
    run = cli("whatif", ZENDESK, "-c", "paid.yaml", "--sla", "stricter.yaml", *more, "-f", "json", "-q")
    found = json.loads(run.out)
    assert found["format_version"] == 1
    assert [each["name"] for each in found["scenarios"]] == ["paid.yaml", "stricter.yaml"]
    assert all(set(each) == ROWS for each in found["scenarios"])
    assert all(set(each) >= CHANGES for each in found["changes"])
    total = next(each for each in found["changes"] if each["target"] == "first_response" and each["group"] == {})
    assert total["newly_breached"] > 0
    assert len(total["tickets"]["newly_breached"]) == min(total["newly_breached"], 50)
    rows = {(row["kpi"], json.dumps(row["group"])): row for row in found["scenarios"][0]["rows"]}
    assert rows["sla_first_response", "{}"]["counts"]["met"] == rows["sla_first_response", "{}"]["x"]
    assert [point["limit"] for point in found["sweep"][0]["points"]] == ["1h", "2h", "4h"]
    assert {each["target"] for each in found["solve"]} == {"first_response", "resolution"}
    assert found["per"] == "month"
    assert found["runs"][0]["credit"].count(".") == 1


def test_rows_of_base_are_those_of_the_report(cli: Cli, now: str) -> None:
    report = json.loads(cli("report", ZENDESK, "-c", now, "--by", "priority", "-f", "json", "-q").out)
    whatif = json.loads(cli("whatif", ZENDESK, "-c", now, "--set", "first_response=1h", "-f", "json", "-q").out)
    names = ("kpi", "n", "x", "n_open", "value", "verdict")
    ours = {json.dumps([row["kpi"], row["group"]]): row for row in whatif["scenarios"][0]["rows"]}
    theirs = {
        json.dumps([row["kpi"], row["group"]]): row
        for row in report["rows"]
        if row["kpi"] in ("sla_first_response", "sla_resolution") and row["stat"] == "value"
    }
    assert len(ours) > 8
    for key, row in ours.items():
        assert {name: row[name] for name in names} == {name: theirs[key][name] for name in names}, key


def test_csv_has_a_record_a_scenario_and_group_and_every_clock_that_changes(cli: Cli, now: str) -> None:
    run = cli("whatif", ZENDESK, "-c", now, "--sla", "stricter.yaml", "-o", "w.csv", "--changed", "moved.csv")
    assert run.out == ""
    rows = list(csv.DictReader(io.StringIO(Path("w.csv").read_text(encoding="utf-8"))))
    moved = list(csv.DictReader(io.StringIO(Path("moved.csv").read_text(encoding="utf-8"))))
    total = next(r for r in rows if (r["scenario"], r["target"], r["by"]) == ("stricter.yaml", "first_response", ""))
    late = [r for r in moved if r["target"] == "first_response" and r["is"].startswith("breached")]
    assert len([r for r in late if r["was"] in ("met", "running", "paused")]) == int(total["newly_breached"])
    assert {r["scenario"] for r in moved} == {"stricter.yaml"}


def test_no_file_is_needed(cli: Cli, now: str) -> None:
    run = cli("whatif", ZENDESK, "--sla", "first_response=4h", "--sla", "first_response=1h", "-f", "json", "-q")
    found = json.loads(run.out)
    assert [each["name"] for each in found["scenarios"]] == ["first_response=4h", "first_response=1h"]


def test_files_of_two_folders_keep_their_paths(cli: Cli, now: str) -> None:
    Path("other").mkdir()
    Path("other/now.yaml").write_text(STRICTER, encoding="utf-8")
    run = cli("whatif", ZENDESK, "-c", now, "--sla", "other/now.yaml", "-f", "json", "-q")
    assert [each["name"] for each in json.loads(run.out)["scenarios"]] == ["now.yaml", "other/now.yaml"]


def test_filters_and_periods_choose_the_tickets(cli: Cli, now: str) -> None:
    def n(*more: str) -> int:
        run = cli("whatif", ZENDESK, "-c", now, "--set", "high.first_response=2h", *more, "-f", "json", "-q")
        (row,) = (
            r
            for r in json.loads(run.out)["scenarios"][0]["rows"]
            if r["kpi"] == "sla_first_response" and not r["group"]
        )
        return int(row["n"])

    assert 0 < n("--where", "priority=high") < n()
    assert 0 < n("-p", "2026-03") < n()


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        ((), "nothing is asked", "--sweep RULE.TARGET"),
        (("--set", "hihg.first_response=45m"), 'no rule is called "hihg"', "did you mean high?"),
        (("--set", "high.first_respons=45m"), 'no target is called "first_respons"', "did you mean first_response?"),
        (("--set", "high=45m"), 'no target is called "high"', "high.first_response"),
        (("--set", "high.first_response"), "is not RULE.TARGET=TIME", "--set urgent.first_response=45m"),
        (("--set", "high.first_response=1d"), "leaves open what a day is", "24h"),
        (("--sweep", "high.resolution=1h"), 'rule "high" sets no limit for resolution', "urgent, other"),
        (("--sweep", "first_response=1h"), "does not say of which rule", "urgent, high, other"),
        (("--sweep", "update=1h"), "no rule sets a limit for update", "first_response, resolution"),
        (("--set", "update=1h"), "no rule sets a limit for update", "urgent.update=1h"),
        (("--set", "high.first_response=9999999999h"), "longer than a hundred years", "720h"),
        (("--sweep", "high.first_response="), "names no limit", "15m,30m,1h"),
        (("--solve", "95"), "is no share", "95%"),
        (("--solve", "100%"), "is no share", "95%"),
        (("--solve", "update=95%"), "no rule sets a limit for update", "first_response, resolution"),
        (("--per", "fortnight"), "--per takes no 'fortnight'", "day, week, month, quarter"),
        (("--sla", "nowhere.yaml"), 'there is no config "nowhere.yaml"', "spelling"),
        (("--sla", "first_respons=4h"), "is not TARGET=TIME", "first_response"),
        (("--sla", "stricter.yaml", "-f", "html"), "whatif writes no 'html'", "csv, json, markdown, table"),
    ],
)
def test_what_is_asked_wrongly_is_told(cli: Cli, now: str, arguments: tuple[str, ...], message: str, hint: str) -> None:
    run = cli("whatif", ZENDESK, "-c", now, *arguments, "-q")
    assert (run.code, run.out) == (2, "")
    assert message in run.err
    assert hint in run.err


def test_without_any_service_levels_the_option_is_named(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run = cli("whatif", ZENDESK, "--solve", "95%")
    assert run.code == 2
    assert "no service levels to begin with" in run.err
    assert '--sla "first_response=4h"' in run.err


def test_an_alternative_cannot_have_the_files_read_anew(cli: Cli, now: str) -> None:
    Path("read.yaml").write_text(STRICTER + "statuses: {Waiting: hold}\n", encoding="utf-8")
    run = cli("whatif", ZENDESK, "-c", now, "--sla", "read.yaml")
    assert run.code == 2
    assert "how the files are read (statuses)" in run.err
    assert "read.yaml:" in run.err


def test_pauses_that_cannot_be_replayed_are_said(cli: Cli, now: str) -> None:
    run = cli("whatif", ZENDESK, "-c", now, "--set", "urgent.resolution=4h", "-q")
    assert "no pauses are taken off" in run.out


def test_targets_that_nothing_changes_take_one_line(cli: Cli, now: str) -> None:
    asked = ("--set", "high.first_response=2h", "--set", "other.first_response=3h")
    out = cli("whatif", ZENDESK, "-c", now, *asked, "--per", "month", "-q").out
    assert "option 1: high.first_response=2h, other.first_response=3h\n" in out
    assert "Unchanged  Solved in time 40.2 % (n 286)\n" in out
    assert "Solved in time, month by month" not in out


def test_clocks_of_different_hours_have_no_limit_together(cli: Cli, now: str) -> None:
    Path("mixed.yaml").write_text(
        NOW.replace("priority: urgent}, first", "priority: urgent}, calendar: 24x7, first"), encoding="utf-8"
    )
    run = cli("whatif", ZENDESK, "-c", "mixed.yaml", "--solve", "first_response=50%", "-f", "json", "-q")
    solved = {tuple(each["group"].values()): each for each in json.loads(run.out)["solve"]}
    assert solved[("urgent",)]["seconds"] is not None
    assert solved[("other",)]["seconds"] is not None
    assert solved[()]["seconds"] is None
    assert solved[()]["reason"] == "their clocks run on different hours: see each rule"
    page = cli("whatif", ZENDESK, "-c", "mixed.yaml", "--solve", "first_response=50%", "-q").out
    assert "Each rule counts its own hours." in " ".join(page.split())


def test_months_without_clocks_say_nothing_of_what_may_be_missed(cli: Cli, now: str) -> None:
    run = cli("whatif", ZENDESK, "-c", now, "--per", "day", "--where", "priority=urgent", "-q")
    assert "of 0 clocks" not in run.out
    assert "none of these" not in run.out


def test_two_sweeps_are_crossed(cli: Cli, now: str) -> None:
    """A cell is what --set of both limits gives, and the present pair is BASE."""
    sweeps = ("--sweep", "high.first_response=1h,2h", "--sweep", "other.first_response=2h,4h,8h")
    run = cli("whatif", ZENDESK, "-c", now, *sweeps, "--grid", "-f", "json", "-q")
    (grid,) = json.loads(run.out)["grid"]
    assert (grid["rules"], grid["rows"], grid["columns"]) == (["high", "other"], ["1h", "2h"], ["2h", "4h", "8h"])
    limits = ("--set", "high.first_response=2h", "--set", "other.first_response=8h")
    rows = json.loads(cli("whatif", ZENDESK, "-c", now, *limits, "-f", "json", "-q").out)["scenarios"]
    base, other = (next(row for row in each["rows"] if row["group"] == {}) for each in rows)
    assert (grid["x"][0][1], grid["n"][0][1]) == (base["x"], base["n"])
    assert (grid["x"][1][2], grid["n"][1][2]) == (other["x"], other["n"])
    page = cli("whatif", ZENDESK, "-c", now, *sweeps, "--grid", "-q").out
    assert "all tickets: high down, other across" in page
    assert "[4h]" in page
    wrong = cli("whatif", ZENDESK, "-c", now, "--sweep", "high.first_response", "--grid", "-q")
    assert (wrong.code, wrong.err.splitlines()[0]) == (
        2,
        "error: --grid crosses two --sweep: the limits of two rules for the same target [option-wrong]",
    )


def test_csv_has_everything_that_was_asked_for(cli: Cli, now: str) -> None:
    asked = ("--sweep", "high.first_response=1h,2h", "--sweep", "other.first_response=2h,8h", "--grid")
    more = ("--solve", "first_response=90%", "--per", "month")
    answers = json.loads(cli("whatif", ZENDESK, "-c", "paid.yaml", *asked, *more, "-f", "json", "-q").out)
    text = cli("whatif", ZENDESK, "-c", "paid.yaml", *asked, *more, "-f", "csv", "-q").out
    rows = list(csv.DictReader(io.StringIO(text)))
    kinds = {kind: [row for row in rows if row["kind"] == kind] for kind in ("sweep", "grid", "solve", "month")}
    assert [len(each) for each in kinds.values()] == [
        sum(len(sweep["points"]) for sweep in answers["sweep"]),
        6,
        len(answers["solve"]),
        sum(len(run["stretches"]) for run in answers["runs"]),
    ]
    assert [row["seconds"] and float(row["seconds"]) for row in kinds["solve"]] == [
        each["seconds"] if each["seconds"] is not None else "" for each in answers["solve"]
    ]
    assert {row["period"] for row in kinds["month"]} >= {"2025-10", "2026-03"}
    assert {row["verdict"] for row in kinds["month"]} == {"met", "missed", ""}


def test_a_month_pays_back_no_more_than_the_cap(cli: Cli, now: str) -> None:
    Path("capped.yaml").write_text(
        NOW + CREDITS.replace("}}", '}, per_breach: "EUR 20", cap: "EUR 150"}'), encoding="utf-8"
    )
    found = json.loads(cli("whatif", ZENDESK, "-c", "capped.yaml", "--per", "month", "-f", "json", "-q").out)
    amounts = [float(each["credit"]) for run in found["runs"] if run["group"] == {} for each in run["stretches"]]
    assert max(amounts) == 150
    assert "EUR 150 a month at most" in cli("whatif", ZENDESK, "-c", "capped.yaml", "--per", "month", "-q").out


FRESHDESK = ROOT / "examples" / "freshdesk.csv"


def test_one_agreement_alone_is_held_against_the_deadlines_of_the_export(cli: Cli, now: str) -> None:
    report = json.loads(cli("report", FRESHDESK, "--kpi", "sla_resolution", "-f", "json", "-q").out)
    row = next(each for each in report["rows"] if each["stat"] == "value")
    run = cli("whatif", FRESHDESK, "--sla", "resolution=16h", "-f", "json", "--changed", "moved.csv", "-q")
    found = json.loads(run.out)
    base, other = (
        next(each for each in scenario["rows"] if each["group"] == {} and each["kpi"] == "sla_resolution")
        for scenario in found["scenarios"]
    )
    assert [scenario["name"] for scenario in found["scenarios"]] == ["the export", "resolution=16h"]
    assert (base["x"], base["n"], base["n_open"]) == (row["x"], row["n"], row["n_open"])
    own = json.loads(cli("report", FRESHDESK, "--sla", "resolution=16h", "--kpi", "sla_resolution", "-f", "json").out)
    mine = next(each for each in own["rows"] if each["stat"] == "value" and each["group"] == {})
    assert (other["x"], other["n"]) == (mine["x"], mine["n"])
    change = next(each for each in found["changes"] if each["group"] == {})
    decided = other["n"] - base["n"]  # what still ran by its own deadline, and is late by ours
    assert other["x"] - base["x"] == change["newly_met"] - change["newly_breached"] + decided
    assert len(Path("moved.csv").read_text(encoding="utf-8").splitlines()) > change["newly_breached"]
    assert found["notes"][0].startswith("held against the export's own deadlines and verdicts")
    assert not any("first version" in note for note in found["notes"])


def test_without_deadlines_of_its_own_there_is_nothing_to_begin_with(cli: Cli, now: str) -> None:
    run = cli("whatif", ZENDESK, "--sla", "resolution=16h", "-q")
    assert (run.code, run.err.splitlines()[0]) == (2, "error: there are no service levels to begin with [option-wrong]")
    assert "--sla twice" in run.err

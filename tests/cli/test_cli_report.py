"""Whole runs of ``report`` over the examples: what goes to which stream, and the exit code."""

from __future__ import annotations

import csv
import gzip
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Cli = Callable[..., Any]
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
ZENDESK = EXAMPLES / "zendesk.csv"
BRIEF = ("-f", "csv", "-q", "--kpi", "tickets_created,first_response_time,csat,nps", "--by", "month")
"""What shows which rows were read, where reading is the point."""


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs start in an empty folder, so that no settings file of the repository is found."""
    monkeypatch.chdir(tmp_path)


def values(text: str, stat: str = "value") -> dict[str, float]:
    """The numbers of a JSON report in total, by KPI."""
    rows = json.loads(text)["rows"]
    return {row["kpi"]: row["value"] for row in rows if row["stat"] == stat and row["group"] == {}}


def test_data_goes_to_standard_output_and_talk_to_standard_error(cli: Cli) -> None:
    run = cli("report", ZENDESK)
    assert run.code == 0
    assert run.out.startswith("SUPPORT KPIS")
    assert "Zendesk ticket CSV, 300 rows" in run.err
    assert "Zendesk ticket CSV" not in run.out


def test_quiet_says_nothing_but_the_report(cli: Cli) -> None:
    assert cli("report", ZENDESK, "-q").err == ""


def test_json_is_one_object_and_its_ledger_adds_up(cli: Cli) -> None:
    run = cli("report", ZENDESK, EXAMPLES / "nps.csv", "-f", "json", "-q")
    found = json.loads(run.out)
    assert found["format_version"] == 1
    ledger = found["ledger"]
    lost = sum(ledger["excluded"].values()) + sum(ledger["rejected"].values())
    assert ledger["rows_read"] == ledger["used"] + lost == 360


def test_csv_and_plain_hold_the_same_table(cli: Cli) -> None:
    comma = list(csv.reader(io.StringIO(cli("report", ZENDESK, "-f", "csv", "--by", "priority").out)))
    tab = list(csv.reader(io.StringIO(cli("report", ZENDESK, "-f", "plain", "--by", "priority").out), delimiter="\t"))
    assert comma == tab
    assert {"kpi", "stat", "n", "value", "by", "priority"} <= set(comma[0])
    assert len({len(row) for row in comma}) == 1


def test_markdown_is_a_page_of_tables(cli: Cli) -> None:
    out = cli("report", ZENDESK, "-f", "markdown").out
    assert out.startswith("# Support KPIs\n")
    assert "| CSAT |" in out


def test_standard_input_gives_what_the_file_gives(cli: Cli) -> None:
    piped = cli("report", "-", *BRIEF, stdin=ZENDESK.read_bytes())
    assert piped.out == cli("report", ZENDESK, *BRIEF).out


def test_a_compressed_file_gives_what_the_file_gives(cli: Cli, tmp_path: Path) -> None:
    packed = tmp_path / "zendesk.csv.gz"
    packed.write_bytes(gzip.compress(ZENDESK.read_bytes()))
    assert cli("report", packed, *BRIEF).out == cli("report", ZENDESK, *BRIEF).out
    assert cli("report", "-", *BRIEF, stdin=packed.read_bytes()).code == 0


def test_a_folder_and_a_pattern_give_what_its_files_give(cli: Cli, tmp_path: Path) -> None:
    for name in ("zendesk.csv", "nps.csv"):
        shutil.copy(EXAMPLES / name, tmp_path / name)
    (tmp_path / "notes.txt.bak").write_text("no export")
    named = cli("report", tmp_path / "nps.csv", tmp_path / "zendesk.csv", *BRIEF).out
    assert cli("report", tmp_path, *BRIEF).out == named
    assert cli("report", tmp_path / "*.csv", *BRIEF).out == named


def test_a_folder_without_exports_says_so(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    run = cli("report", tmp_path)
    assert run.code == 2
    assert run.err.startswith("error: ")
    assert "[file-not-found]" in run.err


def test_every_output_file_is_written_in_the_format_of_its_suffix(cli: Cli, tmp_path: Path) -> None:
    names = ["r.txt", "r.md", "r.csv", "r.tsv", "r.json"]
    run = cli("report", ZENDESK, *(part for name in names for part in ("-o", name)))
    assert (run.code, run.out) == (0, "")
    assert [f"wrote {name}" in run.err for name in names] == [True] * len(names)
    assert json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))["rows"]
    assert (tmp_path / "r.md").read_text(encoding="utf-8").startswith("# ")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_the_old_file_stays_when_writing_fails(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = tmp_path / "report.md"
    old.write_text("the report of last month")

    def full(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    run = cli("report", ZENDESK, "-o", old)
    assert run.code == 2
    assert "No space left on device [output-failed]" in run.err
    assert old.read_text() == "the report of last month"
    assert list(tmp_path.iterdir()) == [old]


def test_a_folder_is_no_output_file(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "out.md").mkdir()
    run = cli("report", ZENDESK, "-o", tmp_path / "out.md")
    assert run.code == 2
    assert "[output-failed]" in run.err


def test_a_dash_writes_in_full_to_standard_output_beside_files(cli: Cli, tmp_path: Path) -> None:
    run = cli("report", ZENDESK, "-f", "json", "-o", "report", "-q")
    assert run.code == 0
    assert json.loads((tmp_path / "report").read_text(encoding="utf-8"))["format_version"] == 1


def test_rejected_rows_are_written_with_line_column_and_value(cli: Cli, tmp_path: Path) -> None:
    run = cli("report", EXAMPLES / "russian.csv", "--rejects", "rejects.csv", "-q")
    assert run.code == 0
    rows = list(csv.DictReader((tmp_path / "rejects.csv").read_text(encoding="utf-8").splitlines()))
    assert [(row["line"], row["column"], row["slug"], row["value"]) for row in rows] == [
        ("42", "Дата регистрации", "bad-date", "31.02.2026 10:15")
    ]


def test_rejected_values_are_no_formulas(cli: Cli, tmp_path: Path) -> None:
    table = "Ticket ID,Created at,Status\n1,2026-03-02 09:10,open\n2,=1+1,open\n3,2026-03-04 09:10,open\n"
    (tmp_path / "t.csv").write_text(table)
    cli("report", "t.csv", "--rejects", "rejects.csv", "-q")
    assert "'=1+1" in (tmp_path / "rejects.csv").read_text()


def test_strict_ends_in_three_only_when_a_row_was_rejected(cli: Cli) -> None:
    assert cli("report", EXAMPLES / "russian.csv", "--strict").code == 3
    assert cli("report", ZENDESK, "--strict").code == 0


def test_rejects_are_written_although_strict_ends_the_run(cli: Cli, tmp_path: Path) -> None:
    run = cli("report", EXAMPLES / "russian.csv", "--strict", "--rejects", "rejects.csv", "-o", "report.md")
    assert run.code == 3
    assert [path.name for path in tmp_path.iterdir()] == ["rejects.csv"]


@pytest.mark.parametrize(("typo", "meant"), [("csta", "csat"), ("first_respons_time", "first_response_time")])
def test_a_mistyped_kpi_is_told_before_the_files_are_read(cli: Cli, typo: str, meant: str) -> None:
    run = cli("report", ZENDESK, "--kpi", typo)
    assert (run.code, run.out) == (2, "")
    assert f"did you mean {meant}?" in run.err
    assert "300 rows" not in run.err


def test_a_kpi_is_known_by_its_short_name_too(cli: Cli) -> None:
    by_id = cli("report", ZENDESK, "--kpi", "first_response_time,csat", "-f", "csv", "-q").out
    assert cli("report", ZENDESK, "--kpi", "FRT", "--kpi", "csat", "-f", "csv", "-q").out == by_id


def test_filters_and_periods_choose_among_the_used_rows(cli: Cli) -> None:
    asked = ("report", ZENDESK, "-f", "json", "--kpi", "tickets_created")
    whole = values(cli(*asked).out)["tickets_created"]
    parts = [
        values(cli(*asked, *chosen).out)["tickets_created"]
        for chosen in (("--where", "priority=urgent"), ("--where", "priority!=urgent"))
    ]
    assert sum(parts) == whole
    quarters = [values(cli(*asked, "-p", p).out)["tickets_created"] for p in ("2025-Q4", "2026-Q1")]
    assert sum(quarters) == whole


def test_no_line_is_wider_than_the_terminal(cli: Cli, environment: Callable[..., None]) -> None:
    environment(COLUMNS="80")
    for name in ("zendesk.csv", "freshdesk.csv", "glpi.csv", "servicenow.csv", "russian.csv"):
        out = cli("report", EXAMPLES / name, "--by", "priority", "--hours", "mon-fri 09:00-18:00").out
        assert max(map(len, out.splitlines())) <= 80, name


def test_the_settings_beside_the_files_are_found(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "supportkpi.yaml").write_text("timezone: Europe/Moscow\ntargets: {csat: '>= 50%'}\n")
    run = cli("report", ZENDESK)
    assert "settings: " in run.err
    assert "Europe/Moscow" in run.out
    assert "1 of 1 targets met" in run.out or "1 of 1 target met" in run.out


def test_an_option_wins_over_the_settings(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "supportkpi.yaml").write_text("timezone: Europe/Moscow\n")
    assert "   UTC   " in cli("report", ZENDESK, "--tz", "UTC").out.splitlines()[0]


def test_as_of_takes_the_data_as_it_stood_then(cli: Cli) -> None:
    asked = ("report", ZENDESK, "-f", "json", "--kpi", "tickets_created")
    then = values(cli(*asked, "--as-of", "2026-01-01").out)
    now = values(cli(*asked).out)
    assert then["tickets_created"] < now["tickets_created"]


def test_a_mapping_file_reads_what_cannot_be_guessed(cli: Cli) -> None:
    own = EXAMPLES / "own-helpdesk.csv"
    run = cli("report", own, "--mapping", EXAMPLES / "own-helpdesk.yaml", "--by", "priority", "-f", "json")
    groups = {row["group"].get("priority") for row in json.loads(run.out)["rows"]}
    assert {"urgent", "high", "normal", "low"} <= groups


def test_a_target_takes_the_short_name_of_a_kpi(cli: Cli) -> None:
    long = cli("report", ZENDESK, "-f", "csv", "--target", "first_response_time.p90=4h", "--target", "csat>=70%")
    short = cli("report", ZENDESK, "-f", "csv", "--target", "FRT.p90=4h", "--target", "csat>=70%")
    assert short.out == long.out
    assert "missed" in short.out


def test_a_wrong_as_of_is_a_wrong_option(cli: Cli) -> None:
    run = cli("report", ZENDESK, "--as-of", "yesterday")
    assert run.code == 2
    assert run.err.startswith('error: --as-of "yesterday" is no instant [option-wrong]')
    assert "or now" in run.err


def test_a_period_beside_the_data_says_where_the_data_is(cli: Cli) -> None:
    said = "no ticket was created in 2020-Q1: those of the files are of 2025-10-01 to 2026-03-30"
    flat = " ".join(cli("report", ZENDESK, "-p", "2020-Q1").out.split())
    assert said in flat
    assert "no ticket was created" not in cli("report", ZENDESK, "-p", "2026-Q1").out
    assert "no ticket was created" not in cli("report", EXAMPLES / "nps.csv", "-p", "2020-Q1").out


def test_nothing_in_the_data_gives_orders_to_the_terminal(cli: Cli, tmp_path: Path) -> None:
    odd = tmp_path / "\x1b[2Jodd.csv"
    odd.write_text("id,created,group\n" + "".join(f"{n},2026-03-0{n} 10:00,\x1b[31mred\u202e\n" for n in (1, 2, 3)))
    for arguments in (("--where", "group=blue"), ("--where", "gruop=blue"), ("--by", "group"), ("--kpi", "\x1b[0m")):
        run = cli("report", odd, *arguments)
        assert not set("\x1b\u202e") & set(run.out + run.err)
        assert r"\x1b[" in run.out + run.err

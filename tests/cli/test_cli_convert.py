"""``convert``: a folder that every command reads as it reads the exports."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Cli = Callable[..., Any]
ROOT = Path(__file__).resolve().parents[2]
EXPORTS = (ROOT / "examples" / "zendesk.csv", ROOT / "tests" / "golden" / "zendesk_json" / "export.json")


@pytest.mark.parametrize(("path", "forms"), [(EXPORTS[0], ("parquet", "csv")), (EXPORTS[1], ("parquet", "ndjson"))])
def test_a_report_of_the_folder_is_the_report_of_the_export(
    cli: Cli, tmp_path: Path, path: Path, forms: tuple[str, ...]
) -> None:
    options = ("-f", "json", "--by", "priority", "--sla", "resolution=16h", "--full")
    report, known = cli("report", path, *options).out, json.loads(cli("inspect", path, "-f", "json").out)
    for form in forms:
        folder = tmp_path / form
        run = cli("convert", path, "-o", folder, "-f", form)
        assert run.code == 0
        assert run.out == ""
        assert f"wrote tickets.{form}" in run.err
        assert cli("report", folder, *options).out == report
        assert json.loads(cli("inspect", folder, "-f", "json").out)["inputs"] == known["inputs"]


def test_it_needs_a_folder_and_says_what_it_cannot_do(cli: Cli, tmp_path: Path) -> None:
    assert cli("convert", EXPORTS[0]).code == 2
    wrong = cli("convert", EXPORTS[0], "-o", tmp_path / "there", "-f", "xlsx")
    assert (wrong.code, "parquet" in wrong.err) == (2, True)
    assert not (tmp_path / "there").exists()


def test_rejects_and_strictness_hold_here_too(cli: Cli, tmp_path: Path) -> None:
    run = cli(
        "convert",
        ROOT / "examples" / "russian.csv",
        "-o",
        tmp_path / "there",
        "--strict",
        "--rejects",
        tmp_path / "r.csv",
    )
    assert run.code == 3
    assert (tmp_path / "r.csv").exists()
    assert not (tmp_path / "there").exists()


def test_another_zone_than_that_of_the_conversion_is_no_silent_option(cli: Cli, tmp_path: Path) -> None:
    exported = tmp_path / "tickets.csv"
    exported.write_text(
        "Ticket ID,Created,Resolved,Status\n1,2026-03-02 23:30,2026-03-03 01:30,solved\n", encoding="utf-8"
    )
    folder = tmp_path / "canonical"
    assert cli("convert", exported, "-o", folder, "--source-tz", "Europe/Moscow").code == 0
    wrong = cli("report", folder, "--source-tz", "Asia/Tokyo")
    assert (wrong.code, "Europe/Moscow already" in wrong.err) == (2, True)
    assert cli("report", folder, "--source-tz", "Europe/Moscow").code == 0


def test_a_converted_folder_among_the_exports_is_not_counted_twice(cli: Cli, tmp_path: Path) -> None:
    exported = tmp_path / "exports" / "zendesk.csv"
    exported.parent.mkdir()
    exported.write_bytes(EXPORTS[0].read_bytes())
    folder = exported.parent / "canonical"
    assert cli("convert", exported, "-o", folder).code == 0
    for named in (exported.parent, folder / "dataset.json"):
        run = cli("report", named)
        assert (run.code, "canonical is a converted folder" in run.err) == (2, True)
    assert cli("report", folder).code == 0


def test_reconcile_does_not_deny_a_column_that_the_solution_was_dated_by(cli: Cli, tmp_path: Path) -> None:
    exported = tmp_path / "register.csv"
    rows = ["Номер;Дата;Состояние;Время решения, ч", "1;02.03.2026 9:00:00;Закрыто;6,50"]
    rows += ["2;13.03.2026 10:00:00;Закрыто;48,25", "3;14.03.2026 12:00:00;В работе;"]
    exported.write_bytes("\r\n".join(rows).encode("cp1251"))
    run = cli("reconcile", exported, "-q")
    assert run.code == 0
    assert "worked out from 'Время решения, ч' itself" in run.out
    assert "carries no minutes" not in run.out


def test_a_status_that_the_settings_name_later_is_not_passed_over(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    rows = "id,created,solved,status\n1,2026-03-02 09:00,2026-03-02 10:00,Weird\n2,2026-03-02 09:00,,Odd\n"
    Path("t.csv").write_text(rows, encoding="utf-8")
    Path("words.yaml").write_text("statuses: {Weird: solved, Odd: open}\n", encoding="utf-8")
    assert cli("convert", "t.csv", "-o", "before").code == 0
    late = cli("report", "before", "-c", "words.yaml")
    assert (late.code, "Weird" in late.err, "convert" in late.err) == (2, True, True)
    assert cli("convert", "t.csv", "-o", "after", "-c", "words.yaml").code == 0
    assert cli("report", "after", "-c", "words.yaml").out == cli("report", "t.csv", "-c", "words.yaml").out


TAGGED = "Ticket ID,Created at,Solved at,Status,Priority,Tags\n" + "".join(
    f"{n},2026-03-0{1 + n % 7} 09:00,2026-03-0{1 + n % 7} 1{n % 5}:30,solved,High,{'a b' if n % 2 else 'c'}\n"
    for n in range(9)
)


def test_tags_that_a_report_of_the_export_does_not_read_are_none_of_the_folder_either(cli: Cli, tmp_path: Path) -> None:
    exported = tmp_path / "tickets.csv"
    exported.write_text(TAGGED, encoding="utf-8")
    assert cli("convert", exported, "-o", tmp_path / "there").code == 0
    for asked in ((), ("--kpi", "tag_share"), ("--where", "tag=a")):
        options = ("-f", "json", "-q", *asked)
        one, two = cli("report", exported, *options), cli("report", tmp_path / "there", *options)
        assert (one.out, one.err) == (two.out, two.err)
    shown = json.loads(cli("report", tmp_path / "there", "-f", "json", "--kpi", "tag_share").out)["rows"]
    assert {row["group"].get("tag") for row in shown} == {None, "a", "b", "c"}


def test_facts_are_where_a_report_starts_and_its_settings_must_be_theirs(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("tickets.csv").write_text(TAGGED, encoding="utf-8")
    limits = ("--hours", "mon-fri 09:00-18:00", "--sla", "resolution=2h")
    made = cli("convert", "tickets.csv", "-o", "there", "--to", "clocks", *limits)
    assert (made.code, "clocks.parquet" in made.err, made.out) == (0, True, "")
    options = ("-f", "json", "--by", "priority", *limits)
    assert cli("report", "there", *options).out == cli("report", "tickets.csv", *options).out
    judged = ("check", "--target", "sla_resolution=90%", *limits, "-f", "json")
    assert cli(judged[0], "there", *judged[1:]).out == cli(judged[0], "tickets.csv", *judged[1:]).out
    other = cli("report", "there", "--hours", "mon-fri 09:00-17:00", "--sla", "resolution=2h")
    assert (other.code, "were folded under other settings: working hours" in other.err) == (2, True)
    others = ("--hours", "mon-fri 09:00-18:00", "--sla", "resolution=9h", "--sla", "resolution=1h", "-f", "json")
    assert cli("whatif", "there", *others).out == cli("whatif", "tickets.csv", *others).out != ""
    asked = cli("whatif", "there", *limits, "--solve", "95%", "-f", "json")
    assert asked.out == cli("whatif", "tickets.csv", *limits, "--solve", "95%", "-f", "json").out
    assert (
        cli("tickets", "there", "--slowest", "3", "-f", "csv").out
        == cli("tickets", "tickets.csv", "--slowest", "3", "-f", "csv").out
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("-o", "there", "-f", "xls"), "there is no form 'xls'"),
        (("-o", "there", "--to", "fact"), "did you mean facts?"),
        (("-o", "there", "--hours", "mon-fri 09:00-18:00"), "--hours decides what is measured"),
        (("-o", "there", "--to", "clocks"), "there are no clocks"),
        (("-o", "taken"), "taken is a folder with other files in it"),
        (("-o", "taken/mine.txt"), "taken/mine.txt is a file"),
        (("-o", "taken/mine.txt/there"), "would lie in it"),
    ],
)
def test_what_cannot_be_written_is_said_and_nothing_is(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("tickets.csv").write_text(TAGGED, encoding="utf-8")
    Path("taken").mkdir()
    Path("taken/mine.txt").write_text("mine")
    run = cli("convert", "tickets.csv", *arguments)
    assert (run.code, said in run.err, run.out) == (2, True, "")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["mine.txt", "taken", "tickets.csv"]
    assert "rows" not in run.err or "clocks" in said, "it is told before anything is read"


def test_a_folder_is_not_written_among_the_exports_that_it_is_made_of(cli: Cli, tmp_path: Path) -> None:
    exports = tmp_path / "exports"
    exports.mkdir()
    (exports / "tickets.csv").write_text(TAGGED, encoding="utf-8")
    run = cli("convert", exports, "-o", exports / "canonical")
    assert (run.code, "be read with them the next time" in run.err) == (2, True)
    assert [path.name for path in exports.iterdir()] == ["tickets.csv"]


def test_responders_that_come_later_are_no_silence(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    rows = ["ticket_id,at,author,role,public", "1,2026-03-02 09:00,Ann,end-user,true"]
    rows += ["1,2026-03-02 09:01,Robo,agent,true", "1,2026-03-02 10:00,Eve,agent,true"]
    Path("messages.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    Path("bots.yaml").write_text("responders: {bot: [Robo*]}\n", encoding="utf-8")
    Path("nobody.yaml").write_text("responders: {bot: [Zork]}\n", encoding="utf-8")
    assert cli("convert", "messages.csv", "-o", "before").code == 0
    late = cli("report", "before", "-c", "bots.yaml")
    assert (late.code, "Robo* was not known as bot" in late.err, "convert" in late.err) == (2, True, True)
    said = cli("report", "before", "-c", "nobody.yaml")
    assert (said.code, 'nobody in before is called "Zork"' in " ".join(said.out.split())) == (0, True)
    assert cli("convert", "messages.csv", "-o", "after", "-c", "bots.yaml").code == 0
    assert cli("report", "after", "-c", "bots.yaml").out == cli("report", "messages.csv", "-c", "bots.yaml").out


def test_a_part_of_a_converted_folder_is_not_read_as_an_export(cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "there"
    assert cli("convert", EXPORTS[1], "-o", folder, "-f", "csv", "--to", "facts").code == 0
    for part in (folder / "tickets.csv", folder / "dataset" / "tickets.csv", folder / "facts.json"):
        run = cli("report", part)
        assert (run.code, "is a converted folder, which is read alone and as a whole" in run.err) == (2, True)


def test_limits_without_clocks_are_said(cli: Cli, tmp_path: Path) -> None:
    exported = tmp_path / "tickets.csv"
    exported.write_text(TAGGED, encoding="utf-8")
    made = cli(
        "convert", exported, "-o", tmp_path / "there", "--to", "clocks", "--sla", "first_response=1h resolution=2h"
    )
    assert made.code == 0
    assert "no clocks of first_response: no date or minutes of the first reply" in made.err
    assert "no clocks of resolution" not in made.err

"""What a person gives: archives, folders, patterns, workbooks left open; its rejects; consoles of other countries."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

Cli = Callable[..., Any]
HEADER = "Ticket ID,Created at,Status,Solved at\n"
GOOD = "1,2026-05-04 10:00,closed,2026-05-05 10:00\n2,2026-05-06 10:00,closed,2026-05-07 12:00\n"
BAD = "3,31.02.2026,open,\n4,2026-05-06 10:00,open\n"
PAGES = {
    "tickets": [
        {"id": 11, "created_at": "2026-05-04T10:00:00Z", "status": "solved", "via": {"channel": "web"}},
        "no record",
        {"id": 12, "created_at": "2026-05-05T10:00:00Z", "status": "open", "via": {"channel": "email"}},
    ],
    "count": 3,
}


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a file of each kind, some rows of which cannot be read."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "good.csv").write_text(HEADER + GOOD)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "bad.csv").write_text(HEADER + GOOD.replace("1,", "7,", 1).replace("\n2,", "\n8,") + BAD)
    (tmp_path / "in" / "page.json").write_text(json.dumps(PAGES))
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.write(tmp_path / "in" / "bad.csv", "may/bad.csv")
        archive.writestr("page.json.gz", gzip.compress(json.dumps(PAGES).encode()))
    return tmp_path


def rows_of(path: Path) -> list[tuple[str, str, str]]:
    with path.open(newline="", encoding="utf-8") as stream:
        return [(row["file"], row["line"], row["slug"]) for row in csv.DictReader(stream)]


BAD_ROWS = [("bad.csv", "4", "bad-date"), ("bad.csv", "5", "ragged-row")]


def test_rejects_of_a_folder_name_file_and_line(cli: Cli, files: Path) -> None:
    run = cli("report", "in", "--source-tz", "UTC", "--rejects", "out.csv")
    assert run.code == 0, run.err
    found = rows_of(files / "out.csv")
    assert sorted((Path(name).name, line, slug) for name, line, slug in found) == [
        *BAD_ROWS,
        ("page.json", "", "not-a-record"),
    ]


def test_rejects_of_an_archive_name_its_members(cli: Cli, files: Path) -> None:
    run = cli("report", "all.zip", "--source-tz", "UTC", "--rejects", "out.csv")
    assert run.code == 0, run.err
    assert sorted(rows_of(files / "out.csv")) == [
        ("all.zip/may/bad.csv", "4", "bad-date"),
        ("all.zip/may/bad.csv", "5", "ragged-row"),
        ("all.zip/page.json.gz", "", "not-a-record"),
    ]


@pytest.mark.parametrize("name", ["in", "all.zip", "in/page.json", "all.zip/may/bad.csv"])
def test_strict_ends_with_three_wherever_the_row_stands(cli: Cli, files: Path, name: str) -> None:
    assert cli("report", name, "--source-tz", "UTC").code == 0
    run = cli("report", name, "--source-tz", "UTC", "--strict", "--rejects", "out.csv")
    assert run.code == 3
    assert "rejected" in run.err
    assert rows_of(files / "out.csv")


@pytest.mark.parametrize(("limit", "code"), [("60%", 0), ("20%", 3), ("0%", 3)])
def test_a_limit_counts_the_rows_of_all_files(cli: Cli, files: Path, limit: str, code: int) -> None:
    (files / "supportkpi.yaml").write_text(f"max_rejects: {limit}\n")
    run = cli("report", "good.csv", "all.zip", "--source-tz", "UTC")
    assert run.code == code, run.err
    assert ("3 of 9 rows" in run.err) == (code == 3)


@pytest.mark.usefixtures("files")
def test_patterns_are_expanded_here(cli: Cli) -> None:
    assert cli("report", "*.csv", "--source-tz", "UTC").code == 0
    assert cli("report", "*.CSV", "--source-tz", "UTC").code == 0
    run = cli("report", "*.parquet")
    assert (run.code, "no such file: *.parquet" in run.err) == (2, True)


def test_a_workbook_left_open_is_said(cli: Cli, files: Path) -> None:
    with xlsxwriter.Workbook(str(files / "book.xlsx")) as book:
        sheet = book.add_worksheet("Tickets")
        for at, row in enumerate(csv.reader(io.StringIO(HEADER + GOOD))):
            sheet.write_row(at, 0, row)
    assert "workbook open" not in cli("inspect", "book.xlsx", "--source-tz", "UTC").screen
    (files / "~$book.xlsx").write_bytes(b"\x05Anna")
    run = cli("inspect", "*.xlsx", "--source-tz", "UTC")
    assert run.code == 0, run.err
    assert "a spreadsheet has this workbook open" in run.screen
    assert "~$book" not in run.screen


@pytest.mark.skipif(
    os.name == "nt" or (hasattr(os, "geteuid") and os.geteuid() == 0), reason="needs a file that is held"
)
def test_a_locked_file_is_an_error(cli: Cli, files: Path) -> None:
    (files / "good.csv").chmod(0)
    run = cli("report", "good.csv")
    assert (run.code, "[file-unreadable]" in run.err) == (2, True)


@pytest.mark.parametrize(
    ("encoding", "arguments"),
    [
        ("cp866", ("report", "--help")),
        ("cp437", ("report", "names.csv", "--by", "group")),
        ("ascii", ("inspect", "ж.csv")),
    ],
)
def test_a_console_that_lacks_letters_shows_others(files: Path, encoding: str, arguments: tuple[str, ...]) -> None:
    rows = "1,2026-05-04 10:00,open,日本語 🙂\n2,2026-05-05 10:00,закрыт,Żółw\n"
    (files / "names.csv").write_text("Ticket ID,Created at,Status,Group\n" + rows, encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SUPPORTKPI_", "LC_", "LANG"))}
    run = subprocess.run(
        [sys.executable, "-m", "supportkpi", *arguments],
        capture_output=True,
        env=kept | {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
        check=False,
    )
    assert run.returncode == (2 if arguments[0] == "inspect" else 0), run.stderr
    assert b"[bug]" not in run.stderr
    assert b"Traceback" not in run.stderr

"""Where commands write: what cannot be written is told before anything is read, and nothing that is read is lost."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Cli = Callable[..., Any]
ROWS = "Ticket ID,Created at,Solved at,Status,Priority\n" + "".join(
    f"{n},2026-03-0{1 + n % 7} 09:00,2026-03-0{1 + n % 7} 1{n % 5}:30,solved,High\n" for n in range(9)
)


@pytest.fixture(autouse=True)
def _desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of exports with Russian names, and a space in one."""
    monkeypatch.chdir(tmp_path)
    Path("экспорт марта").mkdir()
    Path("экспорт марта/заявки.csv").write_text(ROWS, encoding="utf-8")


EXPORT = "экспорт марта/заявки.csv"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("report", EXPORT, "-o", EXPORT), "is one of the files that are read: it would be lost"),
        (("report", EXPORT, "--rejects", EXPORT), "is one of the files that are read"),
        (("init", EXPORT, "-o", EXPORT, "--force"), "is one of the files that are read"),
        (("tickets", EXPORT, "--slowest", "3", "-o", f"./{EXPORT}"), "is one of the files that are read"),
        (("whatif", EXPORT, "--sla", "resolution=1h", "--solve", "95%", "--changed", EXPORT), "that are read"),
        (("explain", "1", EXPORT, "-o", EXPORT), "is one of the files that are read"),
        (("report", "экспорт марта", "-o", "экспорт марта/отчёт.csv"), "be read with them the next time"),
        (("report", EXPORT, "-o", "нет/отчёт.md"), "the folder нет is not there"),
        (("report", EXPORT, "-o", f"{EXPORT}/отчёт.md"), "заявки.csv is a file"),
        (("init", EXPORT, "-o", "экспорт марта"), "экспорт марта is a folder"),
    ],
)
def test_a_place_that_will_not_do_is_refused_before_anything_is_read(
    cli: Cli, arguments: tuple[str, ...], said: str
) -> None:
    run = cli(*arguments)
    assert (run.code, said in run.err, "[output-failed]" in run.err, run.out) == (2, True, True, "")
    assert "9 rows" not in run.err
    assert Path(EXPORT).read_text(encoding="utf-8") == ROWS
    assert [path.name for path in Path().rglob("*") if path.is_file()] == ["заявки.csv"]


def test_a_page_may_stand_beside_the_exports_since_it_is_none(cli: Cli) -> None:
    assert cli("report", "экспорт марта", "-o", "экспорт марта/отчёт.md", "-q").code == 0
    assert cli("report", "экспорт марта", "-o", "экспорт марта/отчёт.md", "-q").code == 0


def test_standard_output_and_devices_are_no_files(cli: Cli) -> None:
    assert "timezone: UTC" in cli("init", EXPORT, "-o", "-").out
    before = Path("/dev/null").stat().st_mode
    assert cli("init", EXPORT, "-o", "/dev/null", "--force").code == 0
    assert Path("/dev/null").stat().st_mode == before


def test_what_to_run_next_can_be_typed(cli: Cli) -> None:
    run = cli("init", "экспорт марта", "-o", "мои настройки.yaml")
    assert 'next  supportkpi report "экспорт марта" -c "мои настройки.yaml"' in run.err


def test_a_narrow_terminal_loses_nothing_of_what_a_column_rests_on(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = ["Номер;Дата;Состояние;Очень длинное название столбца, время решения в часах"]
    rows += [f"{n};0{n}.03.2026 9:00:00;Закрыто;6,5{n}" for n in range(1, 9)] + ["9;13.03.2026 9:00:00;Закрыто;7,00"]
    Path("реестр.csv").write_bytes("\r\n".join(rows).encode("cp1251"))
    told = {}
    for columns in ("80", "200"):
        monkeypatch.setenv("COLUMNS", columns)
        told[columns] = cli("inspect", "реестр.csv").out
    line = next(line for line in told["200"].splitlines() if line.startswith("Дата"))
    evidence = re.split(r"\s{2,}", line)[-1]
    assert len(evidence) > 20
    assert evidence in " ".join(told["80"].split())
    table = told["80"].split("\n\n")[1].splitlines()
    assert max(map(len, table)) <= 80


@pytest.mark.parametrize(
    ("arguments", "slug"),
    [
        (("report", EXPORT, "-o", ""), "output-failed"),
        (("report", EXPORT, "--rejects", ""), "output-failed"),
        (("report", EXPORT, "--rejects", "-"), "option-wrong"),
        (("whatif", EXPORT, "--sla", "resolution=1h", "--set", "resolution=2h", "--changed", "-"), "option-wrong"),
        (("report", ""), "file-not-found"),
    ],
)
def test_a_file_needs_a_name(cli: Cli, arguments: tuple[str, ...], slug: str) -> None:
    run = cli(*arguments)
    assert (run.code, f"[{slug}]" in run.err, run.out) == (2, True, "")
    assert not Path("-").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here to stand for a full disk")
@pytest.mark.parametrize("arguments", [("kpis",), ("--help",), ("report", EXPORT, "-q")])
def test_a_full_disk_behind_standard_output_is_no_fault_of_the_program(arguments: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        run = subprocess.run(_started(*arguments), stdout=full, stderr=subprocess.PIPE, check=False)
    assert run.returncode == 2
    assert run.stderr.decode().splitlines()[0] == "error: cannot write: No space left on device [output-failed]"


@pytest.mark.skipif(sys.platform == "win32", reason="a shell of its own closes standard output")
def test_standard_output_that_is_closed_ends_nothing() -> None:
    line = f"exec {shlex.join(_started('report', EXPORT, '-q', '-o', 'r.json'))} >&-"
    run = subprocess.run(line, shell=True, capture_output=True, check=False)  # noqa: S602 - its own words
    assert (run.returncode, run.stderr) == (0, b"")
    assert Path("r.json").stat().st_size > 1000


def _started(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "supportkpi", *arguments]

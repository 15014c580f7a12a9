"""Whole runs of ``calendar``: the view, every format, and ``--freeze`` that writes over nothing unasked."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Cli = Callable[..., Any]
CONFIG = """\
timezone: Europe/Moscow
calendar: office
calendars:
  office:
    hours: {mon-fri: ["09:00-18:00"]}
    holidays: {country: RU, before_holiday: -1h}
    days: {2026-03-28: ["10:00-12:00"]}
  night: [{from: 2025-01-01, hours: {daily: ["20:00-04:00"]}}, {from: 2026-03-11, hours: {daily: ["21:00-05:00"]}}]
targets: {csat: 90%}
"""


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("supportkpi.yaml").write_text(CONFIG)


def plain(text: str) -> str:
    """Without the version of the list of holidays."""
    return re.sub(r"holidays \d+\.\d+(\.\d+)?", "holidays 0", text)


@pytest.mark.parametrize("width", [80, 120])
def test_a_quarter_week_by_week(
    cli: Cli, golden: Callable[[str, str], None], environment: Callable[..., None], width: int
) -> None:
    environment(COLUMNS=str(width))
    run = cli("calendar", "-p", "2026-03..2026-06")
    assert (run.code, run.err) == (0, "")
    assert max(map(len, run.out.splitlines())) <= width
    golden(f"calendar/office-{width}.txt", plain(run.out))
    golden(f"calendar/night-{width}.txt", cli("calendar", "night", "-p", "2026-03").out)


def test_day_by_day_and_as_a_document(cli: Cli, golden: Callable[[str, str], None]) -> None:
    golden("calendar/days.txt", plain(cli("calendar", "office", "-p", "2026-W10..2026-W11", "--full").out))
    golden("calendar/office.md", plain(cli("calendar", "office", "-p", "2026-03", "-f", "markdown").out))


def test_as_json_every_day_is_there(cli: Cli) -> None:
    told = json.loads(cli("calendar", "office", "-p", "2026-03", "-f", "json").out)
    assert set(told) == {
        *("format_version", "tool", "calendar", "period", "working_days", "open_s", "days", "examples")
    }
    assert len(told["days"]) == 31
    assert told["open_s"] == sum(day["open_s"] for day in told["days"])
    assert told["days"][8] == {
        "date": "2026-03-09",
        "open": [],
        "open_s": 0.0,
        "reasons": [{"kind": "moved", "name": "International Women's Day", "day": "2026-03-08", "text": None}],
    }
    assert told["period"] == {"label": "2026-03", "start": "2026-03-01", "end": "2026-03-31"}


def test_hours_and_holidays_need_no_settings_file(cli: Cli) -> None:
    Path("supportkpi.yaml").unlink()
    run = cli(
        "calendar", "--hours", "mon-fri 09:00-18:00", "--holidays", "DE-BY", "-p", "2026-01", "--tz", "Europe/Berlin"
    )
    assert run.code == 0
    assert "Epiphany" in run.out
    assert "20 working days" in run.out
    assert cli("calendar", "24x7", "-p", "2026-01").code == 0
    assert cli("calendar", "--hours", "mon-fri 09:00-18:00").code == 0  # this month


def test_a_frozen_calendar_is_printed_and_gives_the_same(cli: Cli) -> None:
    before = json.loads(cli("calendar", "office", "-p", "2026", "-f", "json").out)
    run = cli("calendar", "office", "-p", "2026", "--freeze")
    assert (run.code, run.err) == (0, "")
    Path("frozen.yaml").write_text("timezone: Europe/Moscow\n" + run.out)
    after = json.loads(cli("calendar", "office", "-c", "frozen.yaml", "-p", "2026", "-f", "json").out)
    assert (after["working_days"], after["open_s"]) == (before["working_days"], before["open_s"])
    assert [day["open"] for day in after["days"]] == [day["open"] for day in before["days"]]
    assert after["calendar"]["country"] is None


def test_a_frozen_calendar_writes_over_nothing_unasked(cli: Cli) -> None:
    run = cli("calendar", "office", "-p", "2026", "--freeze", "-o", "office.yaml")
    assert (run.code, run.out) == (0, "")
    assert "wrote office.yaml" in run.err
    text = Path("office.yaml").read_text()
    again = cli("calendar", "night", "-p", "2026", "--freeze", "-o", "office.yaml")
    assert (again.code, Path("office.yaml").read_text()) == (2, text)
    assert "--force" in again.err
    assert cli("calendar", "night", "-p", "2026", "--freeze", "-o", "office.yaml", "--force").code == 0
    assert "night" in Path("office.yaml").read_text()
    itself = cli("calendar", "office", "-p", "2026", "--freeze", "-o", "supportkpi.yaml", "--force")
    assert (itself.code, Path("supportkpi.yaml").read_text()) == (2, CONFIG)
    assert "is the settings file" in itself.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("offce",), "did you mean office?"),
        (("-p", "2026-13"), "[period-wrong]"),
        (("-p", "all"), "no first or no last day"),
        (("-f", "csv"), "its formats are json, markdown, table"),
        (("--hours", "mon 9"), "[hours-wrong]"),
        (("--holidays", "XX"), "[country-unknown]"),
        (("-o", "x.docx"), "the suffix of 'x.docx'"),
    ],
)
def test_a_mistake_is_told(cli: Cli, arguments: tuple[str, ...], said: str) -> None:
    run = cli("calendar", *arguments)
    assert (run.code, run.out) == (2, "")
    assert said in run.err

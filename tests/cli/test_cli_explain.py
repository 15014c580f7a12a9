"""Whole runs of ``explain`` with files: receipts on every width and in every format, tickets however they are named."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from supportkpi import demo

Cli = Callable[..., Any]
HERE = Path(__file__).resolve().parent / "receipt"
AGREED = ("-c", "supportkpi.yaml", "-q")


@pytest.fixture(autouse=True)
def _desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with the log of three tickets and the agreement for them."""
    shutil.copytree(HERE, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("width", [80, 120])
def test_the_receipt_of_a_disputed_ticket(
    cli: Cli, golden: Callable[[str, str], None], environment: Callable[..., None], width: int
) -> None:
    environment(COLUMNS=str(width))
    run = cli("explain", "66871", "events.csv", *AGREED)
    assert (run.code, run.err) == (0, "")
    assert max(map(len, run.out.splitlines())) <= width
    golden(f"receipt/66871-{width}.txt", run.out)


def test_its_figures_are_those_of_the_worked_example(cli: Cli) -> None:
    (ticket,) = json.loads(cli("explain", "66871", "events.csv", "-f", "json", *AGREED).out)["tickets"]
    first, *waits, resolution = ticket["clocks"]
    note = next(event for event in ticket["events"] if event["public"] is False)
    assert [(mark["target"], mark["why"]) for mark in note["clocks"]] == [("first_response", "not_public")]
    assert (first["elapsed_s"], first["state"]) == (2 * 3600 + 8 * 60 + 18, "met")
    assert [wait["elapsed_s"] for wait in waits] == [4 * 3600 + 25 * 60, 3600 + 28 * 60]
    assert resolution["elapsed_s"] == 25 * 3600 + 11 * 60 + 23
    assert resolution["target_s"] == 20 * 3600 + 23 * 60 + 18
    assert resolution["late_s"] == 4 * 3600 + 48 * 60 + 5
    assert resolution["due_at"] == "2026-03-11T11:19:55Z"
    assert {each["status"]: each["seconds"] for each in resolution["stood"]} == {
        "pending": 3600 + 16 * 60 + 30,
        "hold": 2 * 3600 + 59 * 60 + 55,
        "solved": 3600 + 22 * 60,
    }
    values = {(each["kpi"], each["clock"]): each["value"] for each in ticket["figures"]}
    assert values["first_response_time", "business"] == 2 * 3600 + 8 * 60 + 18
    assert values["resolution_time", "business"] == 30 * 3600 + 49 * 60 + 48
    assert values["resolution_time", "calendar"] == 6 * 86_400 + 18 * 3600 + 49 * 60 + 48
    assert (values["reopen_rate", None], values["first_contact_resolution", None]) == (True, False)


def test_the_receipt_as_markdown_and_json(cli: Cli, golden: Callable[[str, str], None]) -> None:
    golden("receipt/66871.md", cli("explain", "66871", "events.csv", "-f", "markdown", *AGREED).out)
    told = json.loads(cli("explain", "66871", "events.csv", "-f", "json", *AGREED).out)
    assert set(told) == {"format_version", "tool", "method", "tickets"}
    report = json.loads(cli("report", "events.csv", "-f", "json", *AGREED).out)
    assert told["method"]["fingerprint"] == report["method"]["fingerprint"]
    told["tool"]["version"], told["method"]["fingerprint"] = "", ""
    golden("receipt/66871.json", json.dumps(told, ensure_ascii=False, indent=1) + "\n")


def test_several_tickets_one_below_the_other(cli: Cli, golden: Callable[[str, str], None]) -> None:
    run = cli("explain", "'#66902'".strip("'"), "https://acme.zendesk.com/agent/tickets/66950", "events.csv", *AGREED)
    golden("receipt/several.txt", run.out)
    assert cli("explain", "events.csv", "66902", "66950", *AGREED).out == run.out  # the other way round, as clear
    assert cli("explain", "66902", "66950", "66902", "even*.csv", *AGREED).out == run.out


def test_a_flat_export_has_its_dates(cli: Cli, golden: Callable[[str, str], None]) -> None:
    files = demo.files(demo.made(seed=5, tickets=120))
    Path("zendesk.csv").write_bytes(files["zendesk.csv"])
    Path("own.yaml").write_text("timezone: Europe/Berlin\nsource: {timezone: Europe/Berlin}\n")
    limits = ("--sla", "first_response=10m resolution=2bd", "--hours", "mon-fri 09:00-18:00")
    run = cli("explain", "10007", "10031", "zendesk.csv", "-c", "own.yaml", *limits, "-q")
    golden("receipt/flat.txt", run.out)


def test_a_made_up_ticket_with_everything(cli: Cli, golden: Callable[[str, str], None]) -> None:
    files = demo.files(demo.made(seed=5, tickets=120))
    Path("tickets.json").write_bytes(files["tickets.json"])
    Path("own.yaml").write_bytes(files.get("supportkpi.yaml", b"timezone: Europe/Berlin\n"))
    sla = "first_response=1h next_response=2h resolution=8h update=1bd escalation=4h"
    run = cli("explain", "10002", "10010", "tickets.json", "-c", "own.yaml", "--sla", sla, "-q")
    golden("receipt/made-up.txt", run.out)
    names = {
        person
        for person in re.findall(rb'"name": ?"([^"]{6,})"', files["tickets.json"])
        if b" " in person and b"line" not in person
    }
    assert not [name for name in names if name.decode() in run.out]


def test_texts_and_persons_are_not_shown(cli: Cli) -> None:
    rows = Path("events.csv").read_text().splitlines()
    Path("events.csv").write_text(
        "\n".join([rows[0] + ",Subject", *(f"{row},my password is 1234" for row in rows[1:])])
    )
    files = ("one.txt", "one.md", "one.json")
    assert cli("explain", "66871", "events.csv", *(f"-o{name}" for name in files), *AGREED).code == 0
    for name in files:
        out = Path(name).read_text(encoding="utf-8")
        assert "66871" in out
        assert "password" not in out
        assert not re.search(r"\b[ac][17]\b", out)
    assert "agent a7" in cli("explain", "66871", "events.csv", "--names", *AGREED).out


def test_an_earlier_day_and_now(cli: Cli) -> None:
    then = cli("explain", "66871", "events.csv", "--as-of", "2026-03-06 12:00", *AGREED).out
    assert "Thu 12 Mar" not in then
    assert "running" in then
    later = cli("explain", "66902", "events.csv", "--as-of", "2026-04-08 12:00", *AGREED).out
    assert "as of 8 Apr 2026 12:00" in later
    assert "late by 62h 30m" in later  # since Mon 30 Mar 12:30: half a day, six whole ones, three hours


def test_without_service_levels_the_story_stands(cli: Cli) -> None:
    run = cli("explain", "66871", "events.csv", "--tz", "Europe/Moscow", "-q", "-c", str(_bare()))
    assert run.code == 0
    assert 'no service levels: --sla "first_response=4h" shows the clocks' in run.out
    assert "24/7 clock" in run.out
    assert "▶" not in run.out


def _bare() -> Path:
    path = Path("bare.yaml")
    path.write_text("timezone: Europe/Moscow\n")
    return path


def test_a_receipt_goes_to_files_by_their_suffix(cli: Cli) -> None:
    run = cli("explain", "66871", "events.csv", "-o", "one.md", "-o", "one.json", "-c", "supportkpi.yaml")
    assert run.out == ""
    assert "wrote one.md" in run.err
    assert Path("one.md").read_text().startswith("# Ticket 66871\n")
    assert json.loads(Path("one.json").read_text())["tickets"][0]["ticket_id"] == "66871"
    assert cli("explain", "66871", "events.csv", "-o", "one.docx").code == 2


@pytest.mark.parametrize(
    ("arguments", "slug", "said"),
    [
        ((), "option-wrong", "a bare #66871 is a comment in a shell"),
        (("events.csv",), "option-wrong", "a bare #66871 is a comment in a shell"),
        (("66871",), "topic-unknown", "supportkpi explain '66871' FILES"),
        (("#66871",), "topic-unknown", "supportkpi explain '#66871' FILES"),
        (("66872", "events.csv"), "ticket-unknown", "the nearest are 66871, 66902, 66950"),
        (("66871", "evnts.csv"), "file-not-found", "evnts.csv"),
        (("66871", "66902"), "file-not-found", "66902"),
        (("66871", "events.csv", "-f", "xml"), "format-unsupported", "json, markdown, table"),
        (("frt", "-f", "markdown"), "format-unsupported", "table and json"),
        (("66950", "events.csv", "--as-of", "2026-03-20"), "ticket-unknown", "66871"),
    ],
)
def test_what_cannot_be_explained_is_told(cli: Cli, arguments: tuple[str, ...], slug: str, said: str) -> None:
    run = cli("explain", *arguments)
    assert (run.code, run.out) == (2, "")
    assert f"[{slug}]" in run.err
    assert said in run.err


def test_a_terminal_obeys_nothing_that_stands_in_the_data(cli: Cli) -> None:
    text = Path("events.csv").read_text().replace("Integrations", "Inte\x1b[31mgr")
    Path("events.csv").write_text(text)
    assert "\x1b" not in cli("explain", "66871", "events.csv", *AGREED).out


def test_the_page_of_a_topic_goes_into_files_too(cli: Cli, tmp_path: Path) -> None:
    text, data = tmp_path / "frt.txt", tmp_path / "frt.json"
    run = cli("explain", "frt", "-o", str(text), "-o", str(data))
    assert (run.code, run.out, run.err) == (0, "", f"wrote {text}\nwrote {data}\n")
    assert text.read_text(encoding="utf-8") == cli("explain", "frt").out
    assert json.loads(data.read_text(encoding="utf-8"))["topic"] == "first_response_time"
    run = cli("explain", "frt", "-o", str(tmp_path / "frt.csv"))
    assert (run.code, run.out, "in files .txt and .json" in run.err) == (2, "", True)

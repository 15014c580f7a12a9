"""Whole runs of ``tickets``: pages at two widths, every format, every error that a user meets first."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Cli = Callable[..., Any]
ZENDESK = Path(__file__).resolve().parents[2] / "examples" / "zendesk.csv"
OFFICE = ("--hours", "mon-fri 09:00-18:00")
SLA = ("--sla", "first_response=4h resolution=16h")
LINKS = "links: https://acme.zendesk.com/agent/tickets/{id}\n"
PERSONS = ("Agent 5", "Customer 18", "example.com")
PAGES = {
    "late": ("--breached", "--kpi", "sla_first_response", *SLA, *OFFICE),
    "late-any": ("--breached", *SLA, *OFFICE, "-p", "2026-03"),
    "risk": ("--at-risk", "16h", *SLA, *OFFICE),
    "unanswered": ("--unanswered",),
    "bad": ("--rated", "bad", "-p", "2026-Q1"),
    "slowest": ("--slowest", "5", "--kpi", "FRT", *OFFICE),
    "kpi": ("--kpi", "csat", "-p", "2026-03", "--where", "channel=email"),
    "sample": ("--sample", "2", "--per", "channel,priority", "--seed", "42", "-p", "2026-03"),
}


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [80, 120])
def test_a_page_is_as_it_was(cli: Cli, golden: Callable[[str, str], None], environment: Any, name: str, width: int):
    environment(COLUMNS=str(width))
    run = cli("tickets", ZENDESK, "-q", *PAGES[name])
    assert (run.code, run.err) == (0, "")
    assert max(map(len, run.out.splitlines())) <= width
    golden(f"lists/{name}-{width}.txt", run.out)


def test_a_page_of_markdown_links_every_ticket(cli: Cli, golden: Callable[[str, str], None]):
    Path("supportkpi.yaml").write_text(LINKS)
    run = cli("tickets", ZENDESK, "-q", *PAGES["late"], "-f", "markdown")
    assert run.code == 0
    assert "](<https://acme.zendesk.com/agent/tickets/10" in run.out
    golden("lists/late.md", run.out)


def test_all_shows_all_and_files_hold_all(cli: Cli):
    few = cli("tickets", ZENDESK, "-q", "--kpi", "tickets_created")
    assert "more: --all, or -o list.csv" in few.out
    every = cli("tickets", ZENDESK, "-q", "--kpi", "tickets_created", "--all")
    assert "more: --all" not in every.out
    run = cli(
        "tickets", ZENDESK, "--kpi", "tickets_created", "-o", "a.md", "-o", "a.csv", "-o", "a.json", "-o", "a.txt"
    )
    assert (run.code, run.out) == (0, "")
    rows = list(csv.DictReader(io.StringIO(Path("a.csv").read_text(encoding="utf-8"))))
    found = json.loads(Path("a.json").read_text(encoding="utf-8"))
    assert len(rows) == found["n"] == len(found["tickets"]) == 287
    assert Path("a.md").read_text(encoding="utf-8").count("\n| \\#") == 287
    assert Path("a.txt").read_text(encoding="utf-8").count("\n#") == 287


def test_json_has_facts_clocks_and_what_the_list_comes_to(cli: Cli):
    Path("supportkpi.yaml").write_text(LINKS)
    found = json.loads(cli("tickets", ZENDESK, "-q", *PAGES["late"], "-f", "json").out)
    report = json.loads(cli("report", ZENDESK, "-q", *SLA, *OFFICE, "--kpi", "sla_first_response", "-f", "json").out)
    counts = next(row for row in report["rows"] if row["stat"] == "value" and not row["group"])["counts"]
    (head,) = found["lists"]
    late = counts["breached_open"] + counts["breached_closed"]
    assert (head["list"], head["what"], head["n"], found["n"]) == ("breached", "sla_first_response", late, late)
    assert (head["business"], head["basis"], head["times"]["n"]) == (True, "derived", late)
    first = found["tickets"][0]
    assert first["link"] == f"https://acme.zendesk.com/agent/tickets/{first['ticket_id']}"
    assert {"ticket_id", "priority", "created_at", "first_response_state", "resolution_due_at"} <= set(first)
    clocks = {clock["target"]: clock for clock in first["clocks"]}
    assert list(clocks) == ["first_response", "resolution"]
    for name in ("state", "elapsed_s", "target_s", "due_at", "late_s", "rule"):
        assert first[f"first_response_{name}"] == clocks["first_response"][name]
    assert first["created_at"].endswith("Z")
    assert found["format_version"] == 1
    assert found["sample"] is None


def test_csv_has_the_columns_of_json(cli: Cli):
    asked = ("tickets", ZENDESK, "-q", *PAGES["late"])
    rows = list(csv.DictReader(io.StringIO(cli(*asked, "-f", "csv").out)))
    tickets = json.loads(cli(*asked, "-f", "json").out)["tickets"]
    assert list(rows[0]) == [name for name in tickets[0] if name != "clocks"]
    assert [row["ticket_id"] for row in rows] == [row["ticket_id"] for row in tickets]
    assert float(rows[0]["first_response_late_s"]) == tickets[0]["first_response_late_s"]
    assert {row["is_open"] for row in rows} <= {"true", "false", ""}


def test_a_sample_says_what_each_ticket_stands_for(cli: Cli):
    found = json.loads(cli("tickets", ZENDESK, "-q", *PAGES["sample"], "-f", "json").out)
    strata = {each["label"]: each for each in found["sample"]["strata"]}
    assert found["sample"]["seed"] == 42
    for row in found["tickets"]:
        mine = strata[row["stratum"]]
        assert row["weight"] * row["fraction"] == pytest.approx(1)
        assert row["fraction"] == mine["taken"] / mine["size"]
    assert sum(row["weight"] for row in found["tickets"]) == pytest.approx(sum(s["size"] for s in strata.values()))


ODD = """\
Ticket ID,Created at,First reply at,Solved at,Status,Subject
=1+1,2026-03-02 10:00:00,2026-03-02 15:30:00,,open,a
-2/../x?y#z,2026-03-02 10:00:00,2026-03-02 14:30:00,,open,b
[3](<x>)|*,2026-03-02 10:00:00,2026-03-02 13:30:00,,open,c
"""


def test_ids_are_harmless_wherever_they_go(cli: Cli):
    Path("odd.csv").write_text(ODD)
    Path("supportkpi.yaml").write_text(LINKS)
    asked = ("tickets", "odd.csv", "-q", "--breached", "--sla", "first_response=1h")
    rows = list(csv.DictReader(io.StringIO(cli(*asked, "-f", "csv").out)))
    assert [row["ticket_id"] for row in rows] == ["'=1+1", "'-2/../x?y#z", "[3](<x>)|*"]
    ends = [row["link"].rpartition("/")[2] for row in rows]
    assert ends == ["%3D1%2B1", "-2%2F..%2Fx%3Fy%23z", "%5B3%5D%28%3Cx%3E%29%7C%2A"]
    page = cli(*asked, "-f", "markdown").out
    assert r"[\#\[3\](&lt;x&gt;)\|\*](<https://acme.zendesk.com/agent/tickets/%5B3%5D%28%3Cx%3E%29%7C%2A>)" in page


def test_names_stay_at_home(cli: Cli):
    files = ("l.txt", "l.md", "l.csv", "l.json")

    def told(*asked: str) -> list[str]:
        run = cli("tickets", ZENDESK, "-q", "--all", *asked, *(part for name in files for part in ("-o", name)))
        assert (run.code, run.out) == (0, ""), run.err
        return [Path(name).read_text(encoding="utf-8") for name in files]

    for asked in (("--slowest", "300"), ("--sample", "1", "--per", "agent"), ("--sample", "1", "--per", "requester")):
        for text in told(*asked):
            assert text.strip()
            assert not [name for name in PERSONS if name in text]
    for text in told("--slowest", "300", "--names"):
        assert "Agent 5" in text


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        ((), 2, "no list was asked for"),
        (("--breached",), 2, 'give --sla "first_response=4h resolution=16h"'),
        (("--at-risk", "4h"), 2, 'give --sla "first_response=4h resolution=16h"'),
        (("--at-risk", "4", *SLA), 2, "write --at-risk 4h"),
        (("--breached", "--kpi", "sla_update", *SLA), 2, "limits are for first_response, resolution"),
        (("--silent", "2bd"), 2, "needs a log of events"),
        (("--rated", "ugly"), 2, "write --rated bad or --rated good"),
        (
            (
                "--kpi",
                "cpc",
            ),
            2,
            "kpi",
        ),
        (("--kpi", "cost_per_contact"), 2, "made of figures, not of tickets"),
        (("--kpi", "fist_response_time"), 2, "did you mean first_response_time"),
        (("--sample", "3", "--per", "shoe_size"), 2, "no dimension 'shoe_size'"),
        (("--unanswered", "--where", "priority=red"), 2, "priority is never 'red'"),
        (("--unanswered", "-f", "html"), 2, "its formats are csv, json, markdown, table"),
        (("--unanswered", "-o", "list.pdf"), 2, "end the name in one of .csv, .json"),
        (("--slowest", "none"), 2, "--slowest"),
    ],
)
def test_what_is_wrong_is_said(cli: Cli, options: tuple[str, ...], code: int, words: str):
    run = cli("tickets", ZENDESK, "-q", *options)
    assert (run.code, run.out) == (code, "")
    assert words in run.err
    assert "Traceback" not in run.err


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert({id})",
        "ftp://acme/{id}",
        "https://acme.zendesk.com/agent/tickets",
        "https://{id}.acme.com/",
        "https://user:secret@acme.com/{id}",
        "https://acme.com/{id}> <script>",
        "42",
    ],
)
def test_an_address_must_be_one_of_the_web(cli: Cli, address: str):
    Path("supportkpi.yaml").write_text(f"links: {json.dumps(address)}\n")
    run = cli("tickets", ZENDESK, "-q", "--unanswered")
    assert (run.code, run.out) == (2, "")
    assert "[config-value]" in run.err
    assert "links" in run.err


def test_an_empty_list_is_said_and_no_error(cli: Cli):
    run = cli("tickets", ZENDESK, "-q", "--breached", "--sla", "first_response=9999h")
    assert run.code == 0
    assert "none of 286 clocks is late" in run.out
    assert (
        json.loads(cli("tickets", ZENDESK, "-q", "--breached", "--sla", "first_response=9999h", "-f", "json").out)[
            "tickets"
        ]
        == []
    )


def test_more_than_there_are_are_all_of_them(cli: Cli):
    few, many = (cli("tickets", ZENDESK, "-q", "-f", "csv", "--slowest", n).out for n in (300, 10**30))
    assert few == many

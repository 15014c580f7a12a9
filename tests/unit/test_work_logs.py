"""Work logs: time that was logged on tickets, a row an entry, alone and beside the tickets."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from read_exports import accounted, fields, load, stamps

from supportkpi.decisions import Reading
from supportkpi.loaders import load_tables, read
from supportkpi.schema import Dataset

ENTRIES = (
    "Worklog ID,Ticket ID,Author,Time spent (min),Work date,Created\n"
    "1,7,Ann,90,2026-03-20,2026-03-20 10:30\n"
    "2,7,Bob,30,2026-03-21,2026-03-21 11:30\n"
    "3,8,Ann,120,2026-03-22,2026-03-22 11:00\n"
)
TICKETS = (
    "Ticket ID,Created,Resolved,Status,Customer\n"
    "7,2026-03-02 09:00,2026-03-02 12:00,Solved,a\n"
    "8,2026-03-02 09:10,,Open,b\n"
    "9,2026-03-02 09:15,,Open,b\n"
)


def both(folder: Path, *texts: str) -> Dataset:
    tables = []
    for place, text in enumerate(texts):
        path = folder / f"file{place}.csv"
        path.write_text(text, encoding="utf-8")
        tables += read(str(path), Reading())
    dataset = load_tables(tables, Reading())
    accounted(dataset)
    return dataset


def test_the_entries_of_a_ticket_add_up(tmp_path: Path) -> None:
    dataset = load(tmp_path, ENTRIES)
    assert dict(dataset.tickets.select("ticket_id", "given_handle_s").rows()) == {"7": 7_200.0, "8": 7_200.0}
    assert set(fields(dataset)) == {"ticket_id", "given_handle_s"}
    assert dataset.ledger[0].used == 3


def test_beside_tickets_they_tell_the_time_and_nothing_else(tmp_path: Path) -> None:
    """An entry has a date of its creation, which is none of the ticket's."""
    dataset = both(tmp_path, TICKETS, ENTRIES)
    assert dict(dataset.tickets.select("ticket_id", "given_handle_s").rows()) == {"7": 7_200.0, "8": 7_200.0, "9": None}
    frame = stamps(dataset)
    spans = frame.select("ticket_id", lasted=frame["solved_at"] - frame["created_at"]).drop_nulls()
    assert spans.rows() == [("7", timedelta(hours=3))]
    assert [one.used for one in dataset.ledger] == [3, 3]


def test_entries_of_unknown_tickets_are_counted(tmp_path: Path) -> None:
    dataset = both(tmp_path, TICKETS, ENTRIES + "4,77,Ann,5,2026-03-22,2026-03-22 12:00\n")
    assert dataset.tickets.height == 3
    assert dataset.ledger[1].excluded == {"unknown-ticket": 1}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(TICKETS.replace("Customer", "Billable").replace("Resolved,", "Time spent (min),"), id="tickets"),
        pytest.param(ENTRIES.replace("Time spent (min)", "Talk time (s)").replace("Worklog ID", "Call ID"), id="calls"),
    ],
)
def test_tickets_and_calls_are_no_entries(tmp_path: Path, text: str) -> None:
    assert load(tmp_path, text).provenance[0].helpdesk != "worklog"

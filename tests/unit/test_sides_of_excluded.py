"""Rows beside tickets that left the population are left out with them, and accounted for by the same reason."""

from __future__ import annotations

import json

from supportkpi import pipeline
from supportkpi.decisions import Reading
from supportkpi.schema import FileLedger

CASES = {
    "0": {
        "case": {
            "case_id": 2000,
            "case_number": "664-1",
            "user_id": 5,
            "staff_id": 7,
            "status": "closed",
            "deleted": False,
        }
    },
    "1": {
        "case": {
            "case_id": 2001,
            "case_number": "664-2",
            "user_id": 6,
            "staff_id": 0,
            "status": "open",
            "deleted": True,
        }
    },
    "total_count": 2,
}
for _case in (CASES["0"], CASES["1"]):
    _case["case"] |= {"created_at": "Mon, 05 May 2025 00:15:17 +0300", "group_id": 4}  # type: ignore[index]


def said(number: int, user: int, staff: int, at: str) -> dict[str, object]:
    sent = f"Mon, 05 May 2025 {at}:00 +0300"
    return {
        "message": {
            "message_id": number,
            "user_id": user,
            "staff_id": staff,
            "content": "…",
            "note": False,
            "created_at": sent,
        }
    }


def ledgers(files: dict[str, object]) -> dict[str, FileLedger]:
    held = {name: (doc if isinstance(doc, str) else json.dumps(doc)).encode() for name, doc in files.items()}
    data = pipeline.load_held(held, reading=Reading())
    for one in data.ledger:
        assert one.rows_read == one.used + sum(one.excluded.values()) + sum(one.rejected.values())
    return {one.path: one for one in data.ledger}


def test_messages_of_a_deleted_case_are_excluded_as_deleted() -> None:
    first = {"0": said(1, 5, 0, "00:15"), "1": said(2, 0, 7, "00:45"), "total_count": 2}
    found = ledgers(
        {
            "cases.json": CASES,
            "messages-2000.json": first,
            "messages-2001.json": {"0": said(3, 6, 0, "01:00"), "total_count": 1},
        }
    )
    assert (found["messages-2000.json"].used, found["messages-2000.json"].excluded) == (2, {})
    assert (found["messages-2001.json"].used, found["messages-2001.json"].excluded) == (0, {"deleted": 1})


def test_answers_about_a_merged_ticket_are_excluded_as_merged() -> None:
    tickets = "Ticket ID,Created,Status\n1,2026-03-02 09:00:00,Solved\n2,2026-03-02 09:00:00,Merged\n"
    answers = (
        "Ticket ID,CSAT score (1-5),Date\n1,5,2026-03-03 09:00:00\n2,1,2026-03-03 09:00:00\n9,4,2026-03-03 09:00:00\n"
    )
    found = ledgers({"tickets.csv": tickets, "csat.csv": answers})
    assert (found["csat.csv"].used, found["csat.csv"].excluded) == (2, {"merged": 1})


def test_a_file_goes_to_the_case_whose_id_is_in_its_name() -> None:
    odd = {"total_count": 1, "0": said(1, 5, 0, "00:15")}
    found = ledgers({"cases.json": CASES, "2026-03/case_2000_messages.json": odd})
    assert found["2026-03/case_2000_messages.json"].used == 1

"""Answers of interfaces as they are kept: fields that say less than they seem to, and facts under other names."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from read_exports import fields, load

from supportkpi.schema import Dataset


def told(folder: Path, answer: object) -> Dataset:
    return load(folder, json.dumps(answer), name="answer.json")


# --- what is not late yet --------------------------------------------------------------------------------------------


def _listed(number: int, status: int, *, late: bool, **more: object) -> dict[str, object]:
    """A ticket as Freshdesk lists it unless it is asked for more: without the instants of its replies."""
    return {
        "id": number,
        "requester_id": 70 + number,
        "responder_id": 5,
        "status": status,
        "priority": 1,
        "source": 1,
        "fr_escalated": late,
        "is_escalated": False,
        "due_by": "2026-03-09T10:00:00Z",
        "created_at": "2026-03-02T10:00:00Z",
        "updated_at": "2026-03-03T10:00:00Z",
        **more,
    }


@pytest.mark.parametrize("more", [{}, {"department_id": 3, "impact": 1}], ids=["freshdesk", "freshservice"])
def test_an_open_ticket_that_is_not_late_yet_has_not_met_its_limit(tmp_path: Path, more: dict[str, object]) -> None:
    states = [(2, False), (2, True), (4, False), (5, True), (9, False)]  # nobody knows what 9 is
    tickets = [_listed(n, status, late=late, **more) for n, (status, late) in enumerate(states, start=1)]
    dataset = told(tmp_path, tickets)
    assert dataset.tickets["given_sla_first_response_met"].to_list() == [None, False, True, False, None]


def test_an_open_ticket_that_was_answered_has_met_its_limit(tmp_path: Path) -> None:
    stats = {"first_responded_at": "2026-03-02T11:00:00Z", "resolved_at": None, "closed_at": None}
    waiting = {**stats, "first_responded_at": None}
    tickets = [_listed(1, 2, late=False, stats=stats), _listed(2, 2, late=False, stats=waiting)]
    assert told(tmp_path, tickets).tickets["given_sla_first_response_met"].to_list() == [True, None]


def test_the_first_version_of_the_interface_spells_its_deadline_otherwise(tmp_path: Path) -> None:
    dataset = told(tmp_path, [_listed(1, 2, late=False, frDueBy="2026-03-02T14:00:00+02:00", ticket_type="Question")])
    assert fields(dataset)["first_response_due_at"] == "frDueBy"
    assert str(dataset.tickets["first_response_due_at"][0]) == "2026-03-02 12:00:00+00:00"
    assert fields(dataset)["category"] == "ticket_type"

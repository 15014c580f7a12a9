"""Words that stand in objects: tags with a name each, statuses with a sort."""

from __future__ import annotations

import json

import pytest

from supportkpi import pipeline
from supportkpi.decisions import Reading

INCIDENT = {"state": "New", "is_service_request": False, "created_at": "2026-03-02T09:00:00Z", "requester": {"id": 1}}
TAGS = {
    "named objects": ([{"id": 1, "name": "vip"}, {"id": 2, "name": "late, again"}], ["vip", "late, again"]),
    "words with blanks": (["data export"], ["data export"]),
    "none": ([], []),
}


@pytest.mark.parametrize("name", TAGS)
def test_tags_are_what_the_objects_of_a_list_are_called(name: str) -> None:
    tags, told = TAGS[name]
    rows = [{"id": 1, "number": 1, **INCIDENT, "tags": tags}, {"id": 2, "number": 2, **INCIDENT, "tags": ["vip"]}]
    data = pipeline.load_held({"incidents.json": json.dumps(rows).encode()}, reading=Reading())
    assert data.tickets.sort("ticket_id")["tags"].to_list() == [told, ["vip"]]


@pytest.mark.parametrize(
    ("status", "sort", "means"),
    [
        ("Waiting on Customer", "On Hold", "pending"),
        ("Waiting on Vendor", "On Hold", "hold"),
        ("Parked", "On Hold", "hold"),
        ("Waiting on Customer", "Open", "pending"),
        ("Resolved", "On Hold", "hold"),
    ],
)
def test_within_its_sort_a_status_is_what_its_name_says(status: str, sort: str, means: str) -> None:
    ticket = {
        "ticketNumber": "1",
        "contactId": "5",
        "departmentId": "7",
        "status": status,
        "statusType": sort,
        "createdTime": "2026-03-02T09:00:00.000Z",
    }
    data = pipeline.load_held({"tickets.json": json.dumps({"data": [ticket]}).encode()}, reading=Reading())
    assert data.tickets["status"].to_list() == [means]

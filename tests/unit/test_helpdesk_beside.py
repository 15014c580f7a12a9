"""A helpdesk that is named reads its tickets; files beside them are what they are."""

from __future__ import annotations

import json

import pytest

from supportkpi import pipeline
from supportkpi.decisions import Reading
from supportkpi.errors import HelpdeskUnknown
from supportkpi.schema import Dataset

TICKETS = [
    {
        "id": n,
        "created_at": "2026-03-02T10:00:00Z",
        "updated_at": "2026-03-02T12:00:00Z",
        "status": "open",
        "requester_id": 11,
        "submitter_id": 11,
        "assignee_id": 90,
        "brand_id": 5,
        "via": {"channel": "email"},
    }
    for n in (1, 2)
]
FILES = {
    "tickets.json": {"tickets": TICKETS},
    "brands.json": {"brands": [{"id": 5, "name": "Main", "subdomain": "x"}]},
    "users.json": {"users": [{"id": 90, "name": "Eve", "role": "agent", "email": "e@example.org"}]},
}


def load(*names: str, helpdesk: str | None) -> Dataset:
    held = {name: json.dumps(FILES[name]).encode() for name in names}
    return pipeline.load_held(held, reading=Reading(helpdesk=helpdesk))


@pytest.mark.parametrize(
    "names",
    [("tickets.json", "brands.json"), ("brands.json", "tickets.json"), ("users.json", "tickets.json", "brands.json")],
    ids=" ".join,
)
def test_what_is_named_is_read_as_what_is_recognised(names: tuple[str, ...]) -> None:
    named, found = load(*names, helpdesk="zendesk_json"), load(*names, helpdesk=None)
    assert named.tickets.equals(found.tickets)
    assert named.ledger == found.ledger
    assert {source.path for source in named.provenance if source.title == "Zendesk tickets as JSON"} == {"tickets.json"}


def test_files_beside_tickets_alone_are_called_what_they_are() -> None:
    with pytest.raises(HelpdeskUnknown, match="these are the users of Zendesk tickets as JSON, and no tickets"):
        load("users.json", helpdesk="zendesk_json")
    with pytest.raises(HelpdeskUnknown, match="the file has no records of"):
        load("brands.json", helpdesk="zendesk_json")

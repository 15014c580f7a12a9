"""HubSpot's records: what stages are called in a list of pipelines, and whose tickets they are."""

from __future__ import annotations

import json

from supportkpi import pipeline
from supportkpi.schema import Dataset

PIPELINES = [
    {"id": "0", "label": "Support", "stages": [{"id": "1", "label": "New"}, {"id": "95", "label": "On hold"}]},
    {"id": "7", "label": "Returns", "stages": [{"id": "71", "label": "New"}, {"id": "72", "label": "Closed"}]},
]


def ticket(number: int, stage: str) -> dict[str, object]:
    properties = {
        "hs_pipeline": "0",
        "hs_pipeline_stage": stage,
        "hs_ticket_priority": "HIGH",
        "createdate": "2026-03-02T09:00:00.000Z",
        "closed_date": None,
    }
    contacts = {"results": [{"id": "905", "type": "ticket_to_contact"}, {"id": "906", "type": "ticket_to_contact"}]}
    return {"id": str(number), "properties": properties, "associations": {"contacts": contacts}}


def held(**files: object) -> Dataset:
    return pipeline.load_held({f"{name}.json": json.dumps({"results": one}).encode() for name, one in files.items()})


def test_stages_of_your_own_have_their_names_from_the_pipelines() -> None:
    data = held(tickets=[ticket(1, "95"), ticket(2, "72"), ticket(3, "71")], pipelines=PIPELINES)
    assert data.tickets.sort("ticket_id")["status"].to_list() == ["hold", "closed", "new"]
    assert set(data.tickets["group"]) == {"Support"}


def test_the_first_contact_of_a_ticket_asked_it() -> None:
    assert held(tickets=[ticket(1, "1")]).tickets["requester_id"].to_list() == ["905"]


def test_a_stage_that_no_file_names_is_a_word_to_be_explained() -> None:
    data = held(tickets=[ticket(1, "95")])
    assert data.tickets["status"].to_list() == [None]
    assert data.provenance[0].unmapped == {"status": {"95": 1}}

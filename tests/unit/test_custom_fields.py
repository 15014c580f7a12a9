"""Custom fields of records: those that bear the name of a field, and questions that nobody answered."""

from __future__ import annotations

import json

import pytest

from supportkpi import pipeline
from supportkpi.schema import Dataset, Extent, Sight

TALK = {
    "type": "conversation",
    "id": "1",
    "created_at": 1770000000,
    "updated_at": 1770009000,
    "state": "closed",
    "source": {"type": "email", "delivered_as": "customer_initiated", "author": {"type": "user", "id": "u"}},
    "admin_assignee_id": 7,
    "team_assignee_id": 3,
    "conversation_rating": None,
}


def held(*talks: dict[str, object]) -> Dataset:
    return pipeline.load_held({"talks.json": json.dumps({"conversations": talks}).encode()})


@pytest.mark.parametrize(
    ("attributes", "field", "value"),
    [
        ({"Category": "Billing", "Plan name": None}, "category", "Billing"),
        ({"Customer tier": "gold"}, "tier", "gold"),
        ({"cf_region": "EMEA"}, "region", "EMEA"),
    ],
    ids=["category", "tier", "region"],
)
def test_a_custom_field_with_the_name_of_a_field_is_one(attributes: dict[str, object], field: str, value: str) -> None:
    assert held({**TALK, "custom_attributes": attributes}).tickets[field].to_list() == [value]


def test_a_custom_field_never_stands_over_the_helpdesks_own() -> None:
    ticket = {"id": 1, "type": "Incident", "responder_id": 3, "requester_id": 5, "due_by": None, "fr_escalated": False}
    ticket |= {"status": 2, "created_at": "2026-03-02T09:00:00Z", "custom_fields": {"cf_category": "Else"}}
    data = pipeline.load_held({"tickets.json": json.dumps([ticket]).encode()})
    assert data.tickets["category"].to_list() == ["Incident"]


def test_a_rating_that_was_asked_for_and_not_given_is_an_offer() -> None:
    asked = {"rating": None, "remark": None, "created_at": 1770009000, "teammate": {"type": "admin", "id": 7}}
    given = {**asked, "rating": 5}
    data = held(
        {**TALK, "conversation_rating": asked}, {**TALK, "id": "2", "conversation_rating": given}, {**TALK, "id": "3"}
    )
    assert data.observes[Sight.offer] == Extent.EVERY
    assert data.surveys.sort("ticket_id").select("ticket_id", "score").rows() == [("1", None), ("2", 5.0)]
    assert data.surveys["at"].null_count() == 0


def test_where_every_rating_is_an_answer_nothing_is_known_of_offers() -> None:
    given = {"rating": 5, "remark": None, "created_at": 1770009000}
    assert Sight.offer not in held({**TALK, "conversation_rating": given}).observes


def test_names_that_records_have_taken_are_used_rows() -> None:
    files = {
        "conversations.json": {"conversations": [TALK]},
        "admins.json": {"type": "admin.list", "admins": [{"type": "admin", "id": "7", "name": "Ann"}]},
        "teams.json": {"type": "team.list", "teams": [{"type": "team", "id": "3", "name": "Billing"}]},
    }
    data = pipeline.load_held({name: json.dumps(one).encode() for name, one in files.items()})
    assert data.tickets.select("assignee_id", "group").rows() == [("Ann", "Billing")]
    assert [(file.used, dict(file.excluded)) for file in data.ledger] == [(1, {}), (1, {}), (1, {})]


def talk_of_helpscout(threads: list[dict[str, object]]) -> Dataset:
    talk = {
        "id": 7,
        "mailboxId": 1,
        "status": "active",
        "createdAt": "2026-03-02T09:00:00Z",
        "createdBy": {"id": 901, "type": "customer"},
        "primaryCustomer": {"id": 901},
        "assignee": {"id": 31},
        "customFields": [{"id": 8, "name": "Category", "value": "77", "text": "Billing"}, {"id": 9, "name": "Order"}],
        "_embedded": {"threads": threads},
    }
    return pipeline.load_held({"talks.json": json.dumps({"_embedded": {"conversations": [talk]}}).encode()})


def thread(number: int, hour: int, sort: str, **more: object) -> dict[str, object]:
    by = {"id": 901, "type": "customer"} if sort == "customer" else {"id": 31, "type": "user"}
    at = f"2026-03-02T{hour:02}:00:00Z"
    return {"id": number, "type": sort, "status": "active", "createdBy": by, "createdAt": at, **more}


def test_a_custom_field_in_a_list_of_names_and_values_is_one_too() -> None:
    assert talk_of_helpscout([thread(1, 9, "customer")]).tickets["category"].to_list() == ["Billing"]


def test_threads_say_to_whom_a_conversation_is_given_only_where_they_do() -> None:
    told = talk_of_helpscout(
        [thread(1, 9, "customer", assignedTo=None), thread(2, 10, "message", assignedTo={"id": 31})]
    )
    assert told.observes[Sight.assignee] == Extent.EVERY
    mean = next(one for one in pipeline.measure(told).cells if (one.kpi, one.stat) == ("reaction_time", "mean"))
    assert mean.value == 3600
    silent = talk_of_helpscout([thread(1, 9, "customer"), thread(2, 10, "message")])
    assert Sight.assignee not in silent.observes

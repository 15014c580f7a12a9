"""Lists of people and groups in files of their own: what ids are called, and who of them is a bot."""

from __future__ import annotations

import json

import pytest

from supportkpi import pipeline
from supportkpi.decisions import Reading
from supportkpi.schema import Dataset

TICKET = {
    "id": 1,
    "status": 4,
    "priority": 2,
    "source": 1,
    "responder_id": 31,
    "group_id": 5,
    "requester_id": 901,
    "fr_escalated": False,
    "is_escalated": False,
    "due_by": "2026-03-05T09:00:00Z",
    "fr_due_by": "2026-03-03T09:00:00Z",
    "created_at": "2026-03-02T09:00:00Z",
    "updated_at": "2026-03-04T09:00:00Z",
    "stats": {"resolved_at": "2026-03-04T09:00:00Z"},
}
GROUPS = [{"id": 5, "name": "Billing", "description": None}, {"id": 6, "name": "Access", "description": None}]


def said(number: int, who: int, hour: int, *, incoming: bool = False) -> dict[str, object]:
    at = f"2026-03-02T{hour:02}:00:00Z"
    return {"id": number, "ticket_id": 1, "user_id": who, "incoming": incoming, "private": False, "created_at": at}


SAID = [said(1, 32, 10), said(2, 31, 11), said(3, 901, 12, incoming=True), said(4, 901, 13, incoming=True)]


def held(**files: object) -> Dataset:
    bots = Reading(responders={"bot": ("answer robot",)})
    return pipeline.load_held({f"{name}.json": json.dumps(one).encode() for name, one in files.items()}, reading=bots)


@pytest.mark.parametrize(
    "agents",
    [
        [{"id": 31, "type": "support_agent", "contact": {"name": "Ann Lee", "email": "ann@example.org"}}],
        [{"id": 31, "first_name": "Ann", "last_name": "Lee", "email": "ann@example.org"}],
        [{"id": 31, "displayName": "Ann Lee"}],
    ],
    ids=["a contact", "two halves", "another key"],
)
def test_agents_and_groups_are_called_by_their_names_and_are_no_tickets(agents: list[object]) -> None:
    tickets = held(tickets=[TICKET], agents=agents, groups=GROUPS).tickets
    assert tickets.select("ticket_id", "assignee_id", "group").rows() == [("1", "Ann Lee", "Billing")]


@pytest.mark.parametrize("apart", [False, True], ids=["in the ticket", "in a file of their own"])
def test_whom_the_user_calls_a_bot_by_name_is_one_where_messages_have_ids(*, apart: bool) -> None:
    agents = [
        {"id": 31, "first_name": "Ann", "last_name": "Lee"},
        {"id": 32, "first_name": "Answer", "last_name": "robot"},
    ]
    ticket = TICKET if apart else {**TICKET, "conversations": SAID}
    data = held(tickets=[ticket], agents=agents, **({"conversations": SAID} if apart else {}))
    found = pipeline.measure(data).cells
    replied = next(
        one for one in found if (one.kpi, one.stat, one.clock) == ("first_response_time", "mean", "calendar")
    )
    assert replied.value == 2 * 3600


def test_a_column_of_authors_may_hold_more_customers_than_agents() -> None:
    agents = [{"id": 31, "contact": {"name": "Ann Lee"}}, {"id": 32, "contact": {"name": "Answer robot"}}]
    more = [said(9 + place, 910 + place, 14, incoming=True) for place in range(9)]
    data = held(tickets=[TICKET], agents=agents, conversations=[*SAID, *more])
    replied = next(
        one for one in pipeline.measure(data).cells if (one.kpi, one.stat) == ("first_response_time", "mean")
    )
    assert replied.value == 2 * 3600

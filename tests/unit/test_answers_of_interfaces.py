"""Answers of interfaces as they are kept: fields that say less than they seem to, and facts under other names."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from read_exports import fields, load

from supportkpi.errors import NotRecognised
from supportkpi.schema import Dataset, Extent, Sight, log


def told(folder: Path, answer: object) -> Dataset:
    return load(folder, json.dumps(answer), name="answer.json")


def events(dataset: Dataset) -> list[tuple[str, str]]:
    """Kind and clock of all events, in order."""
    found = (
        log(dataset)
        .collect()
        .sort("at", "seq")
        .select(pl.col("kind").cast(pl.String), pl.col("at").dt.strftime("%H:%M"))
    )
    return [(str(kind), str(clock)) for kind, clock in found.rows()]


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


# --- Zendesk ----------------------------------------------------------------------------------------------------------


def test_the_dates_of_a_zendesk_ticket_tell_its_solution_and_nothing_of_replies(tmp_path: Path) -> None:
    dates = {
        "initially_assigned_at": "2026-03-02T10:30:00Z",
        "assigned_at": "2026-03-02T10:30:00Z",
        "solved_at": "2026-03-02T12:00:00Z",
        "status_updated_at": "2026-03-06T12:00:00Z",
    }
    at = {"created_at": "2026-03-02T10:00:00Z", "updated_at": "2026-03-06T12:00:00Z", "dates": dates}
    who = {"requester_id": 7, "submitter_id": 7, "assignee_id": 9}
    ticket = {"id": 4, "status": "closed", "via": {"channel": "web"}, "satisfaction_rating": None, **who, **at}
    dataset = told(tmp_path, {"tickets": [ticket]})
    assert dataset.observes[Sight.solve] is Extent.LAST
    assert Sight.reply not in dataset.observes
    assert [*dict.fromkeys(events(dataset))] == [("created", "10:00"), ("assignee", "10:30"), ("status", "12:00")]


def test_the_stream_of_ticket_events_tells_what_audits_tell(tmp_path: Path) -> None:
    def one(number: int, ticket: int, clock: str, by: int, *children: dict[str, object], via: str = "Mail") -> object:
        named = [{"id": 10 * number + place, **child} for place, child in enumerate(children)]
        at = f"2026-03-02T{clock}:00Z"
        who = {"updater_id": by, "via": via, "event_type": "Audit"}
        return {"id": number, "ticket_id": ticket, "created_at": at, **who, "child_events": named}

    said = {"event_type": "Comment", "comment_public": True, "comment_present": True}
    stream = [
        one(
            1, 5, "09:00", 100, said, {"event_type": "Create", "status": "new"}, {"event_type": "Create", "tags": ["a"]}
        ),
        one(2, 5, "10:00", 8, said, {"event_type": "Change", "status": "solved", "previous_value": "open"}),
        one(3, 5, "11:00", 8, {**said, "comment_public": False}),
        one(4, 5, "12:00", -1, {"event_type": "Change", "status": "closed", "previous_value": "solved"}, via="Rule"),
        one(5, 6, "09:30", 101, said, {"event_type": "Create", "status": "new"}),
    ]
    dataset = told(
        tmp_path, {"ticket_events": stream, "count": 5, "end_of_stream": True, "end_time": 1, "next_page": None}
    )
    assert dataset.provenance[0].helpdesk == "zendesk_json"
    assert dataset.tickets.select("requester_id", "status").rows() == [("100", "closed"), ("101", "new")]
    found = log(dataset).collect().filter(pl.col("ticket_id") == "5").sort("at", "seq")
    assert found.filter(pl.col("kind") == "message").select("actor", "public").rows() == [
        ("customer", True),
        ("agent", True),
        ("agent", False),
    ]
    assert found.filter(pl.col("kind") == "status").select("actor", "value").rows()[-2:] == [
        ("agent", "solved"),
        ("system", "closed"),
    ]


# --- messages about tickets ------------------------------------------------------------------------------------------


def test_messages_about_a_ticket_are_no_tickets(tmp_path: Path) -> None:
    """One conversation, three messages: counted by message it would be three."""
    item = {"id": "77", "created_at": 1_769_990_000, "state": "open", "user": {"id": "5"}}
    topics = ("conversation.user.created", "conversation.admin.replied", "conversation.admin.closed")
    sent = [
        {"id": f"notif_{n}", "topic": topic, "created_at": 1_770_000_000 + n, "data": {"item": item}}
        for n, topic in enumerate(topics)
    ]
    with pytest.raises(NotRecognised, match="a message that was sent when something happened"):
        load(tmp_path, "\n".join(map(json.dumps, sent)), name="hooks.ndjson")


def test_a_ticket_with_a_topic_and_its_customer_is_one(tmp_path: Path) -> None:
    customer = {"id": "5", "created_at": "2020-01-01T00:00:00Z"}
    tickets = [
        {"id": n, "topic": "Billing", "status": "open", "created_at": f"2026-03-0{n}T10:00:00Z", "customer": customer}
        for n in (1, 2)
    ]
    assert told(tmp_path, tickets).tickets.height == 2

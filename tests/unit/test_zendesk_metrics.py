"""What Zendesk's metrics, and the statistics of conversations, tell of tickets whose history is not there."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from supportkpi import pipeline

TICKET = {
    "id": 1,
    "via": {"channel": "email"},
    "created_at": "2026-03-02T09:00:00Z",
    "updated_at": "2026-03-09T09:00:00Z",
    "status": "closed",
    "requester_id": 9,
    "submitter_id": 9,
    "assignee_id": 31,
    "brand_id": 1,
    "satisfaction_rating": {"score": "offered"},
}
METRICS = {
    "id": 2,
    "ticket_id": 1,
    "initially_assigned_at": "2026-03-02T09:30:00Z",
    "assigned_at": "2026-03-02T10:00:00Z",
    "solved_at": "2026-03-05T09:00:00Z",
    "status_updated_at": "2026-03-09T09:00:00Z",
    "replies": 0,
    "reopens": 0,
    "reply_time_in_minutes": {"calendar": None, "business": None},
    "full_resolution_time_in_minutes": {"calendar": 4320, "business": 1440},
}


def value_of(files: dict[str, object], kpi: str, stat: str) -> float | None:
    """The value of a statistic in calendar time."""
    data = pipeline.load_held({name: json.dumps(held).encode() for name, held in files.items()})
    found = pipeline.measure(data).cells
    return next(one.value for one in found if (one.kpi, one.stat, one.clock) == (kpi, stat, "calendar"))


def test_a_ticket_is_taken_when_it_is_first_given_to_somebody() -> None:
    files = {"tickets.json": {"tickets": [TICKET]}, "metrics.json": {"ticket_metrics": [METRICS]}}
    assert value_of(files, "reaction_time", "mean") == 30 * 60


def test_a_conversation_is_taken_when_it_is_first_given_to_somebody() -> None:
    statistics = {"type": "conversation_statistics", "first_assignment_at": 1770000600, "last_close_at": 1770009000}
    talk = {"type": "conversation", "id": "1", "created_at": 1770000000, "updated_at": 1770009000, "state": "closed"}
    asked = {"type": "conversation", "delivered_as": "customer_initiated", "author": {"type": "user", "id": "u"}}
    files = {"talks.json": {"conversations": [{**talk, "source": asked, "statistics": statistics}]}}
    assert value_of(files, "reaction_time", "mean") == 600


def test_a_case_ends_when_its_closed_ticket_changed_its_status_last() -> None:
    said = [
        {"id": 5, "author_id": 9, "created_at": "2026-03-02T09:00:00Z", "public": True, "body": "…"},
        {"id": 6, "author_id": 31, "created_at": "2026-03-03T09:00:00Z", "public": True, "body": "…"},
    ]
    files = {"tickets.json": {"tickets": [{**TICKET, "comments": said, "metric_set": METRICS}]}}
    assert value_of(files, "case_duration", "mean") == 7 * 86_400
    assert value_of(files, "resolution_time", "mean") == 3 * 86_400


def test_an_offer_that_nobody_took_has_the_day_on_which_it_was_made() -> None:
    offer = {"field_name": "satisfaction_score", "value": "offered", "previous_value": "unoffered", "type": "Change"}
    audits = [{"id": 7, "created_at": "2026-03-06T09:00:00Z", "author_id": -1, "events": [{"id": 8, **offer}]}]
    page = {"tickets": [{**TICKET, "audits": audits}]}
    data = pipeline.load_held({"tickets.json": json.dumps(page).encode()})
    assert data.surveys.select("answer", "at").rows() == [("offered", datetime(2026, 3, 6, 9, tzinfo=UTC))]


def test_every_row_of_the_events_of_metrics_is_accounted_for_beside_a_view() -> None:
    view = b"ID,Status,Created at,Updated at,Initially assigned at,Satisfaction Score\n" + (
        b"1,Open,2026-03-02 09:00,2026-03-02 10:00,2026-03-02 09:10,Unoffered\n"
    )
    told = {"ticket_id": 1, "metric": "reply_time", "time": "2026-03-02T09:00:00Z"}
    events = [{**told, "id": place, "instance_id": place, "type": "activate"} for place in range(5)]
    files = {"view.csv": view, "events.json": json.dumps({"ticket_metric_events": events}).encode()}
    for file in pipeline.load_held(files).ledger:
        assert file.rows_read == file.used + sum(file.excluded.values())

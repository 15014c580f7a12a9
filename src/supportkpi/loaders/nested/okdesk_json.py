"""Okdesk issues as its API gives them, one document or one a line; the time in each status is told in words.

``status_times`` has, for each status, the time in it around the clock (``total``) and by the desk's own timetable
(``on_schedule_total``): "134 д., 14 ч., 57 м.". Of a solved issue all but those of the end are its way to the solution.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from supportkpi.loaders.nested._by_system import nested_of, tell
from supportkpi.loaders.nested._history import History, Nested, Records
from supportkpi.loaders.nested._system import System
from supportkpi.loaders.nested._values import Record, inner, texts
from supportkpi.loaders.values._spans import choose_spans

_ENDED = frozenset(("completed", "closed"))
_CLOCKS = {"given_resolution_s": "total", "given_resolution_business_s": "on_schedule_total"}
_ASSUMED = "status_times: the times in all statuses before the solution are added up to the time that it took"

_OKDESK = System.model_validate(
    {
        "id": "okdesk_json",
        "title": "Okdesk issues as JSON",
        "confidence": "documented",
        "recognise": [
            {
                "any": 3,
                "of": [
                    *("completed_at", "planned_reaction_at", "reacted_at", "status_times", "old_status", "rate"),
                    *("old_status.code", "planned_execution_in_hours", "start_execution_until", "delayed_to"),
                    *("spent_time_total", "service_object_id", "equipment_ids"),
                ],
            }
        ],
        "columns": {
            "ticket_id": "id",
            "requester_id": ["contact.id", "contact_id"],
            "organization_id": ["company.name", "company.id", "company_id"],
            "assignee_id": ["assignee.name", "assignee.id", "assignee_id"],
            "group": ["group.name", "group.id", "group_id"],
            "status": ["status.code", "status.name", "status"],
            "priority": ["priority.code", "priority.name", "priority"],
            "channel": "source",
            "category": ["type.name", "type.code", "type"],
            "region": ["address.value", "address"],
            "created_at": "created_at",
            "updated_at": "updated_at",
            "first_reply_at": "reacted_at",
            "solved_at": "completed_at",
            "first_response_due_at": "planned_reaction_at",
            "resolution_due_at": "deadline_at",
        },
        "values": {
            "status": {"opened": "open", "completed": "solved", "closed": "closed", "delayed": "hold"},
            "priority": {"low": "low", "normal": "normal", "high": "high"},
            "channel": {"from_employee": "other"},
        },
        "lists": {
            "name": "their comments",
            "where": "comments",
            "ticket": "issue_id",
            "columns": {
                "at": ["published_at", "created_at"],
                "actor": ["author.name", "author.id"],
                "role": "author.type",
                "public": "public",
            },
            "values": {
                "role": {"employee": "agent", "contact": "customer"},
                "public": {"true": "true", "false": "false"},
            },
            "file": {"all": ["content", "public"], "any": 1, "of": ["author.type", "author.name", "published_at"]},
        },
        "ratings": {
            "csat": {
                "column": ["rate.value"],
                "scale": "1-3",
                "answers": {"good": 3, "normal": 2, "bad": 1},
                "assumed": "ratings: good, normal and bad are read as 3, 2 and 1; only normal is documented",
            },
        },
        "assumed": ["reacted_at: the first reaction to an issue stands for the first reply"],
        "never": ["title", "description", "contact.name", "author.name", "address.coordinates", "comments.count"],
    }
)


def _tell(records: Records) -> History:
    """What the vocabulary tells, and the time to the solution in both clocks."""
    history = tell(_OKDESK, records)
    for field, key in _CLOCKS.items():
        added = _added(records, key)
        if any(one is not None for one in added):
            history.values[field] = [*added]
    if any(field in history.values for field in _CLOCKS):
        history.assumptions.append(_ASSUMED)
    return history


def _added(records: Records, key: str) -> list[float | None]:
    """Of each solved issue the seconds in all of its statuses but those of the end; None where one cannot be read."""
    cells = [(place, word) for place, row in enumerate(records.rows) for word in _before_the_end(row, key)]
    if not cells:
        return [None] * len(records.rows)
    words = texts([word for _, word in cells], "v")
    reading = choose_spans(words.drop_nulls(), f"status_times.{key}", None)
    if reading is None:
        return [None] * len(records.rows)
    frame = pl.DataFrame([pl.Series("place", [place for place, _ in cells], dtype=pl.UInt32), words])
    sums = frame.with_columns(reading.seconds(pl.col("v")).alias("s")).group_by("place")
    whole = sums.agg(pl.when(pl.col("s").null_count() == 0).then(pl.col("s").sum()).alias("s"))
    found = dict(whole.rows())
    return [found.get(place) for place in range(len(records.rows))]


def _before_the_end(row: Record, key: str) -> Iterator[object]:
    if row.get("completed_at") is None:
        return
    for status, spent in inner(row.get("status_times")).items():
        if status not in _ENDED:
            yield inner(spent).get(key)


NESTED: Nested = replace(nested_of(_OKDESK), tell=_tell)
"""Okdesk's JSON."""

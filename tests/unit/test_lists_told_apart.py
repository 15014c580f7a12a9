"""What says that a list is there, or that a machine wrote: a count of comments is none of them, "0" is no trigger."""

from __future__ import annotations

import json

from supportkpi import pipeline
from supportkpi.schema import Dataset, log

ISSUE = {
    "id": 7,
    "created_at": "2026-03-02T09:00:00.000+03:00",
    "completed_at": "2026-03-02T12:00:00.000+03:00",
    "reacted_at": "2026-03-02T09:10:00.000+03:00",
    "planned_reaction_at": "2026-03-02T10:00:00.000+03:00",
    "status": {"code": "completed", "name": "Решена"},
    "old_status": {"code": "opened", "name": "Открыта"},
    "comments": {"count": 2, "last_at": "2026-03-02T12:00:00.000+03:00"},
    "contact": {"id": 3, "name": "A"},
}
TICKET = {
    "id": "8",
    "status_id": "2",
    "client_id": "3",
    "assignee_id": "2",
    "published_at": "2026-03-02 09:00:00",
    "last_updated_at": "2026-03-02 12:00:00",
}


def held(**files: object) -> Dataset:
    return pipeline.load_held({f"{name}.json": json.dumps(one).encode() for name, one in files.items()})


def said(data: Dataset) -> list[tuple[object, ...]]:
    events = log(data).collect().sort("at", "seq").select("kind", "actor", "public").rows()
    return [(actor, public) for kind, actor, public in events if kind == "message"]


def test_comments_in_a_file_of_their_own_belong_to_issues_that_only_count_them() -> None:
    comments = [
        {"id": 1, "issue_id": 7, "content": "…", "public": True, "published_at": at, "author": {"id": 2, "type": who}}
        for at, who in [("2026-03-02T09:30:00+03:00", "employee"), ("2026-03-02T10:00:00+03:00", "contact")]
    ]
    comments[1]["id"] = 2
    data = held(issues=[ISSUE], comments=comments)
    assert said(data) == [("agent", True), ("customer", True)]
    assert [one.used for one in data.ledger] == [1, 2]


def test_a_comment_of_trigger_0_is_its_authors() -> None:
    people = [("client", "0", "3", "0"), ("user", "2", "0", "0"), ("trigger", "0", "0", "77")]
    comments = [
        {
            "id": str(place),
            "message": "…",
            "from": who,
            "type": "public",
            "published_at": f"2026-03-02 1{place}:00:00",
            "user_id": user,
            "client_id": client,
            "trigger_id": trigger,
        }
        for place, (who, user, client, trigger) in enumerate(people)
    ]
    assert said(held(tickets=[{**TICKET, "comments": comments}])) == [
        ("customer", True),
        ("agent", True),
        ("bot", True),
    ]

"""Histories in the words of Zammad, Request Tracker, Redmine and Yandex Tracker: who did what, in which order."""

from __future__ import annotations

import json

from supportkpi import pipeline
from supportkpi.schema import Dataset, Extent, Sight, log

Doc = dict[str, object]
DAY = "2026-03-02T"


def held(**files: object) -> Dataset:
    return pipeline.load_held({f"{name}.json": json.dumps(one).encode() for name, one in files.items()})


def told(data: Dataset, kind: str) -> list[tuple[object, ...]]:
    """The events of a kind in order: the hour, the actor, the value."""
    events = log(data).collect().sort("at", "seq").select("kind", "at", "actor", "value").rows()
    return [(f"{at:%H:%M}", actor, value) for one, at, actor, value in events if one == kind]


# --- Zammad ---


def article(number: int, sender: str, by: int, at: str) -> Doc:
    said = {"ticket_id": 1, "sender": sender, "internal": False, "type": "email", "created_by": f"u{by}@example.org"}
    return {"id": number, **said, "created_by_id": by, "created_at": at}


def change(number: int, attribute: str, by: int, at: str, values: tuple[str, str]) -> Doc:
    ends = {"value_from": values[0], "value_to": values[1], "created_by_id": by, "created_at": at}
    return {"id": number, "o_id": 1, "type": "updated", "object": "Ticket", "attribute": attribute, **ends}


ZAMMAD = {
    "id": 1,
    "number": "76001",
    "state": "closed",
    "state_id": 4,
    "priority": "2 normal",
    "priority_id": 2,
    "group": "Second",
    "group_id": 2,
    "owner": "u7@example.org",
    "owner_id": 7,
    "customer": "u5@example.org",
    "customer_id": 5,
    "create_article_sender": "Customer",
    "created_at": f"{DAY}08:00:00.000Z",
    "updated_at": f"{DAY}15:00:00.000Z",
    "article_count": 4,
    "articles": [
        article(1, "Customer", 5, f"{DAY}08:00:00.010Z"),
        article(2, "System", 1, f"{DAY}08:00:02.000Z"),
        article(3, "Agent", 7, f"{DAY}12:00:00.050Z"),
        article(4, "Customer", 5, f"{DAY}14:00:00.050Z"),
    ],
    "history": [
        change(11, "group", 7, f"{DAY}09:00:00.000Z", ("First", "Second")),
        change(12, "state", 7, f"{DAY}12:00:00.010Z", ("new", "closed")),
        change(13, "state", 5, f"{DAY}14:00:00.010Z", ("closed", "open")),
        change(14, "state", 1, f"{DAY}15:00:00.000Z", ("open", "closed")),
    ],
}


def test_zammad_tells_the_first_group_and_who_reopened() -> None:
    data = held(tickets=[ZAMMAD])
    assert told(data, "group") == [("08:00", None, "First"), ("09:00", "agent", "Second")]
    assert told(data, "status") == [
        *[("08:00", None, "new"), ("12:00", "agent", "closed")],
        *[("14:00", "customer", "open"), ("15:00", "system", "closed")],
    ]


def test_zammad_saves_a_ticket_before_the_article_of_the_same_update() -> None:
    """The reply of an update solved the ticket: it does not follow the solution by some milliseconds."""
    events = log(held(tickets=[ZAMMAD])).collect().sort("at", "seq").select("kind", "at").rows()
    order = [kind for kind, at in events if at.hour == 12]
    assert order == ["message", "status"]
    assert len({at for _, at in events if at.hour == 12}) == 1


def test_what_zammads_triggers_write_is_a_bots() -> None:
    assert told(held(tickets=[ZAMMAD]), "message")[:2] == [("08:00", "customer", None), ("08:00", "bot", None)]


# --- Request Tracker ---


def transaction(number: int, sort: str, by: str, hour: int, **field: str) -> Doc:
    at = f"{DAY}{hour:02}:00:00Z"
    return {"id": str(number), "type": "transaction", "Type": sort, "Creator": {"id": by}, "Created": at, **field}


def rt(*told: Doc, queue: tuple[str, str] = ("2", "Second")) -> Doc:
    never = "1970-01-01T00:00:00Z"
    return {
        "id": 1,
        "type": "ticket",
        "Status": "open",
        "Created": f"{DAY}08:00:00Z",
        "Resolved": never,
        "LastUpdated": f"{DAY}12:00:00Z",
        "Started": never,
        "TimeWorked": "0",
        "Priority": "50",
        "Queue": {"id": queue[0], "Name": queue[1]},
        "Owner": {"id": "kim"},
        "Requestor": [{"id": "a@example.org"}],
        "Transactions": list(told),
    }


CREATED = transaction(1, "Create", "a@example.org", 8)
TAKEN = transaction(2, "Take", "kim", 9, Field="Owner", OldValue="6", NewValue="22")
MOVED = transaction(3, "Set", "kim", 10, Field="Queue", OldValue="1", NewValue="2")


def test_rt_calls_owners_and_queues_of_transactions_as_its_tickets_do() -> None:
    other = {**rt(transaction(9, "Create", "a@example.org", 8), queue=("1", "First")), "id": 2}
    data = held(tickets={"items": [rt(MOVED, TAKEN, CREATED), other]})
    events = log(data).collect().filter(ticket_id="1").sort("at", "seq").select("kind", "value").rows()
    assert [value for kind, value in events if kind == "assignee"] == ["kim"]
    assert [value for kind, value in events if kind == "group"] == ["First", "Second"]


def test_transactions_of_rt_that_do_not_say_what_they_set_show_no_assignments() -> None:
    bare = {key: value for key, value in MOVED.items() if key != "Field"}
    observes = held(tickets={"items": [rt(CREATED, bare)]}).observes
    assert Sight.group not in observes
    assert Sight.assignee not in observes
    assert observes[Sight.status] == Extent.EVERY


# --- Redmine ---


def journal(number: int, hour: int, name: str, values: tuple[str, str]) -> Doc:
    detail = {"property": "attr", "name": name, "old_value": values[0], "new_value": values[1]}
    at = f"{DAY}{hour:02}:00:00Z"
    return {"id": number, "user": {"id": 9, "name": "Kim"}, "notes": "", "created_on": at, "details": [detail]}


REDMINE = {
    "id": 1,
    "project": {"id": 12, "name": "Second"},
    "tracker": {"id": 3, "name": "Support"},
    "status": {"id": 2, "name": "In Progress", "is_closed": False},
    "priority": {"id": 4, "name": "Normal"},
    "author": {"id": 5, "name": "Ann"},
    "created_on": f"{DAY}08:00:00Z",
    "updated_on": f"{DAY}12:00:00Z",
    "journals": [
        journal(1, 9, "status_id", ("1", "7")),
        journal(2, 10, "status_id", ("7", "2")),
        journal(3, 11, "project_id", ("11", "12")),
    ],
}


def test_redmine_names_statuses_and_projects_of_journals_from_their_own_lists() -> None:
    statuses = [{"id": number, "name": name, "is_closed": False} for number, name in ((1, "New"), (7, "On hold"))]
    projects = [{"id": 11, "name": "First", "identifier": "first", "created_on": f"{DAY}07:00:00Z"}]
    data = held(
        issues={"issues": [REDMINE]},
        issue_statuses={"issue_statuses": statuses},
        projects={"projects": projects},
    )
    assert data.tickets.height == 1
    assert [value for _, _, value in told(data, "status")] == ["new", "hold", "open"]
    assert [value for _, _, value in told(data, "group")] == ["First", "Second"]


# --- Yandex Tracker ---


def comment(number: int, by: str, hour: int, sort: str) -> Doc:
    at = f"{DAY}{hour:02}:00:00.000+0000"
    return {"id": number, "text": "…", "createdBy": {"id": by, "display": by}, "createdAt": at, "type": sort}


def tracker(*comments: Doc) -> Doc:
    user, queue = {"id": "1", "display": "Ann"}, {"id": "2", "key": "SUP", "display": "Support"}
    return {
        "self": "https://tracker.example.com/v2/issues/SUP-1",
        "id": "593",
        "key": "SUP-1",
        "createdBy": user,
        "createdAt": f"{DAY}08:00:00.000+0000",
        "updatedAt": f"{DAY}12:00:00.000+0000",
        "queue": queue,
        "status": {"id": "1", "key": "open", "display": "Открыт"},
        "comments": list(comments),
    }


def seen(data: Dataset) -> list[tuple[object, ...]]:
    events = log(data).collect().sort("at", "seq").select("kind", "actor", "public").rows()
    return [(actor, public) for kind, actor, public in events if kind == "message"]


def test_a_desk_of_yandex_tracker_that_answers_by_mail_writes_notes_in_the_interface() -> None:
    issue = tracker(
        comment(1, "Kim", 9, "standard"), comment(2, "Kim", 10, "outcoming"), comment(3, "R", 11, "incoming")
    )
    assert seen(held(issues=[issue])) == [("customer", True), ("agent", False), ("agent", True), ("customer", True)]


def test_where_nothing_came_by_mail_the_comments_of_yandex_tracker_are_seen() -> None:
    issue = tracker(comment(1, "Kim", 9, "standard"), comment(2, "Ann", 10, "standard"))
    assert seen(held(issues=[issue])) == [("customer", True), ("agent", True), ("customer", True)]

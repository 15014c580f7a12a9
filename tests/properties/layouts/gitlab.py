"""GitLab: issues as the CSV that comes by mail and as the interface lists them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from layouts.layout import FLAT, NO_LINES, NO_RATINGS, NO_REPLIES, NO_TAGS, Layout
from layouts.writing import DONE, Files, csv_of, iso, json_of, person_id, rows, zulu
from supportkpi.demo.model import Desk, Event, Person, Ticket
from supportkpi.demo.summary import Summary


def _login(person: Person | None) -> str:
    return "" if person is None else f"{person.role}-{person.number}"


def _labels(ticket: Ticket, row: Summary) -> list[str]:
    return [*ticket.tags, f"priority::{row.priority}"]


def gitlab_csv(desk: Desk) -> Files:
    """Issues > Export as CSV, as of version 18.4."""
    table = [
        {
            "Title": "…",
            "Description": "…\n…",
            "ID": 90_000 + ticket.number,
            "IID": ticket.number,
            "Type": "Issue",
            "URL": f"https://git.example.com/desk/support/-/issues/{ticket.number}",
            "State": "Closed" if row.status in DONE else "Open",
            "Confidential": "No",
            "Locked": "No",
            "Milestone": "",
            "Labels": ",".join(_labels(ticket, row)),
            "Author": ticket.requester.name,
            "Author Username": _login(ticket.requester),
            "Assignee": row.assignee.name if row.assignee else "",
            "Assignee Username": _login(row.assignee),
            "Created At (UTC)": iso(ticket.created),
            "Updated At (UTC)": iso(row.updated),
            "Closed At (UTC)": iso(row.solved),
            "Due Date": "",
            "Start Date": "",
            "Parent ID": "",
            "Parent IID": "",
            "Parent Title": "",
            "Time Estimate": 0,
            "Time Spent": 0,
            "Weight": "",
        }
        for ticket, row in rows(desk)
    ]
    return {"support_issues.csv": csv_of(table)}


def _person(person: Person | None) -> dict[str, object] | None:
    if person is None:
        return None
    return {"id": person_id(person), "username": _login(person), "name": person.name, "state": "active"}


def _author(person: Person) -> dict[str, object] | None:
    """Who wrote it; the mails of a service desk's customers a robot writes down."""
    if person.role != "customer":
        return _person(person)
    return {"id": 2, "username": "support-bot", "name": "GitLab Support Bot", "state": "active"}


def _issue(ticket: Ticket, row: Summary) -> dict[str, object]:
    return {
        "id": 90_000 + ticket.number,
        "iid": ticket.number,
        "project_id": 7,
        "title": "…",
        "description": "…",
        "state": "closed" if row.status in DONE else "opened",
        "created_at": zulu(ticket.created),
        "updated_at": zulu(row.updated),
        "closed_at": zulu(row.solved),
        "closed_by": None,
        "labels": _labels(ticket, row),
        "milestone": None,
        "assignees": [_person(row.assignee)] if row.assignee else [],
        "author": _author(ticket.requester),
        "service_desk_reply_to": ticket.requester.email,
        "type": "ISSUE",
        "assignee": _person(row.assignee),
        "user_notes_count": sum(event.kind == "message" for event in ticket.events) - 1,
        "merge_requests_count": 0,
        "upvotes": 0,
        "downvotes": 0,
        "due_date": None,
        "confidential": False,
        "discussion_locked": None,
        "issue_type": "issue",
        "web_url": f"https://git.example.com/desk/support/-/issues/{ticket.number}",
        "time_stats": {"time_estimate": 0, "total_time_spent": 0, "human_total_time_spent": None},
        "has_tasks": False,
        "references": {"short": f"#{ticket.number}", "full": f"desk/support#{ticket.number}"},
        "severity": "UNKNOWN",
    }


def gitlab_list(desk: Desk) -> Files:
    """The issues of a project as the interface lists them, newest first."""
    return {"issues.json": json_of([_issue(ticket, row) for ticket, row in reversed(rows(desk))])}


def _notes(ticket: Ticket, numbers: Iterator[int]) -> Iterator[dict[str, object]]:
    """What was said after the text of the issue, and what GitLab says of changes among it; newest first."""
    for place, event in reversed([*enumerate(ticket.events)]):
        is_said = event.kind == "message" and place > 1
        if is_said or _ended(event) is not None:
            yield {
                "id": next(numbers),
                "type": None,
                "body": "…" if is_said else _ended(event),
                "author": _author(event.by),
                "created_at": zulu(event.at),
                "updated_at": zulu(event.at),
                "system": not is_said,
                "noteable_id": 90_000 + ticket.number,
                "noteable_type": "Issue",
                "project_id": 7,
                "resolvable": False,
                "confidential": is_said and not event.public,
                "internal": is_said and not event.public,
                "noteable_iid": ticket.number,
            }


def _ended(event: Event) -> str | None:
    """What of a change of the status is a closing or a reopening."""
    was, now = event.old in DONE, event.value in DONE
    return None if event.kind != "status" or was == now else "closed" if now else "reopened"


def _states(ticket: Ticket, numbers: Iterator[int]) -> Iterator[dict[str, object]]:
    for event in ticket.events:
        if (state := _ended(event)) is not None:
            yield {
                "id": next(numbers),
                "user": _author(event.by),
                "created_at": zulu(event.at),
                "resource_type": "Issue",
                "resource_id": 90_000 + ticket.number,
                "source_commit": None,
                "source_merge_request": None,
                "state": state,
            }


def gitlab_json(desk: Desk) -> Files:
    """Issues, each with its notes and its state events."""
    numbers = count(1)
    found = [
        {
            **_issue(ticket, row),
            "notes": [*_notes(ticket, numbers)],
            "resource_state_events": [*_states(ticket, numbers)],
        }
        for ticket, row in reversed(rows(desk))
    ]
    return {"issues.json": json_of(found)}


def gitlab_apart(desk: Desk) -> Files:
    """Issues, and the notes and the state events of all of them in files of their own."""
    numbers = count(1)
    notes = [note for ticket in desk.tickets for note in _notes(ticket, numbers)]
    states = [state for ticket in desk.tickets for state in _states(ticket, numbers)]
    return {**gitlab_list(desk), "notes.json": json_of(notes), "state_events.json": json_of(states)}


_SILENT = FLAT - NO_TAGS | NO_REPLIES
_UNSAID = {"tag_share": "a priority is a label like any other"}
_STATED = {**_UNSAID, "reaction_time": "who takes an issue is not told, only who closes it"}
_HERE = {"new": "open", "pending": "open", "hold": "open", "solved": "closed"}
_LACKS = frozenset({"category", "channel"})
_TOLD = NO_RATINGS | NO_LINES | {"transfer_rate"}
LAYOUTS = (
    Layout(write=gitlab_csv, helpdesk="gitlab", silent=_SILENT, otherwise=_UNSAID, lacks=_LACKS, has_priority=False),
    Layout(
        write=gitlab_list, helpdesk="gitlab_json", silent=_SILENT, otherwise=_UNSAID, lacks=_LACKS, has_priority=False
    ),
    Layout(
        write=gitlab_json,
        helpdesk="gitlab_json",
        silent=_TOLD,
        otherwise=_STATED,
        states=_HERE,
        lacks=_LACKS,
        has_priority=False,
    ),
    Layout(
        write=gitlab_apart,
        helpdesk="gitlab_json",
        silent=_TOLD,
        otherwise=_STATED,
        states=_HERE,
        lacks=_LACKS,
        has_priority=False,
    ),
)

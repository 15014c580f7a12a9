"""Jira: issues in a warehouse, as CSV and as the interface lists them."""

from __future__ import annotations

import csv
import io
import json
from itertools import count

from layouts.layout import FLAT, NO_CHANNEL, NO_LINES, NO_RATINGS, NO_TAGS, Layout
from layouts.writing import SYNCED, Files, account, account_of, csv_of, iso, rows, told
from supportkpi.demo.hours import instant
from supportkpi.demo.model import Desk, Person

_JIRA_STATUSES = {
    "new": ("Inbox", "To Do"),
    "open": ("In Progress", "In Progress"),
    "pending": ("Waiting for customer", "In Progress"),
    "hold": ("On Hold", "In Progress"),
    "solved": ("Resolved", "Done"),
    "closed": ("Closed", "Done"),
    "deleted": ("Deleted", "Done"),
}


_JIRA_PRIORITIES = {"urgent": "Highest", "high": "High", "normal": "Medium", "low": "Low", "lowest": "Lowest"}


def jira_tables(desk: Desk) -> Files:
    """Issues, the history of their fields, comments, and what their ids are called, in a warehouse."""
    status_ids = {name: place for place, name in enumerate(_JIRA_STATUSES, 10)}
    priorities = {name: place for place, name in enumerate(_JIRA_PRIORITIES, 1)}
    numbers = count(1)
    issues = [
        {
            "id": 9_000 + ticket.number,
            **SYNCED,
            "key": f"HELP-{ticket.number}",
            "created": iso(ticket.created),
            "creator": account(ticket.events[0].by),
            "reporter": account(ticket.requester),
            "assignee": account(row.assignee),
            "status": status_ids[row.status],
            "priority": priorities[row.priority],
            "issue_type": list(desk.words.categories).index(ticket.category),
            "resolved": iso(row.solved),
            "updated": iso(row.updated),
        }
        for ticket, row in rows(desk)
    ]
    values = {"status": status_ids, "priority": priorities}
    history = [
        {
            "field_id": event.kind,
            "issue_id": 9_000 + ticket.number,
            "time": iso(event.at),
            **SYNCED,
            "value": values[event.kind][event.value or ""] if event.kind in values else account_of(event, desk),
            "author_id": account(event.by),
        }
        for ticket, event in told(desk, "status", "priority", "assignee")
    ]
    comments = [
        {
            "id": next(numbers),
            **SYNCED,
            "author_id": account(event.by),
            "created": iso(event.at),
            "is_public": str(event.public).upper(),
            "issue_id": 9_000 + ticket.number,
        }
        for ticket, event in told(desk, "message")
    ]
    categories = {"To Do": 2, "In Progress": 4, "Done": 3}
    return {
        "issue.csv": csv_of(issues),
        "issue_field_history.csv": csv_of(history),
        "comment.csv": csv_of(comments),
        "status.csv": csv_of(
            [
                {"id": status_ids[name], **SYNCED, "name": word, "status_category_id": categories[sort]}
                for name, (word, sort) in _JIRA_STATUSES.items()
            ]
        ),
        "status_category.csv": csv_of([{"id": number, **SYNCED, "name": name} for name, number in categories.items()]),
        "priority.csv": csv_of(
            [{"id": number, **SYNCED, "name": _JIRA_PRIORITIES[name]} for name, number in priorities.items()]
        ),
        "issue_type.csv": csv_of(
            [{"id": place, **SYNCED, "name": name} for place, name in enumerate(desk.words.categories.values())]
        ),
    }


def jira_csv(desk: Desk) -> Files:
    """Jira's CSV with a column for each comment; only what customers and agents see and write."""

    def look(at: int | None) -> str:
        return "" if at is None else f"{instant(at):%d/%b/%y %I:%M %p}"

    said = {
        ticket.number: [
            f"{look(event.at)};{account(event.by)};…"
            for event in ticket.events[1:]
            if event.kind == "message" and event.public and event.at > ticket.created
        ]
        for ticket in desk.tickets
    }
    most = max(1, *(len(one) for one in said.values()))
    head = ["Issue key", "Issue id", "Issue Type", "Status", "Priority", "Assignee Id", "Reporter Id", "Creator Id"]
    head += ["Created", "Updated", "Resolved", "Status Category", *["Comment"] * most]
    table: list[list[object]] = [list(head)]
    for ticket, row in rows(desk):
        word, sort = _JIRA_STATUSES[row.status]
        comments = said[ticket.number]
        table.append(
            [
                *(
                    f"HELP-{ticket.number}",
                    ticket.number,
                    desk.words.categories[ticket.category],
                    word,
                    _JIRA_PRIORITIES[row.priority],
                ),
                *(account(row.assignee), account(ticket.requester), account(ticket.events[0].by)),
                *(look(ticket.created), look(row.updated), look(row.solved), sort),
                *(comments + [""] * (most - len(comments))),
            ]
        )
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(table)
    return {"jira.csv": text.getvalue().encode()}


def jira_json(desk: Desk) -> Files:
    """Issues with changelog and comments, as Jira's interface lists them."""
    keys = {"new": "new", "solved": "done", "closed": "done"}

    def at(minute: int | None) -> str | None:
        return None if minute is None else f"{instant(minute):%Y-%m-%dT%H:%M:%S.000+0000}"

    def author(person: Person) -> dict[str, object]:
        sort = {"customer": "customer", "bot": "app", "system": "app"}.get(person.role, "atlassian")
        return {"accountId": account(person), "accountType": sort, "displayName": person.name}

    issues = []
    for ticket, row in rows(desk):
        word, _ = _JIRA_STATUSES[row.status]
        comments = [
            {"id": "1", "author": author(event.by), "body": "…", "created": at(event.at), "jsdPublic": event.public}
            for event in ticket.events
            if event.kind == "message"
        ]
        changes = [
            {
                "author": author(event.by),
                "created": at(event.at),
                "items": [
                    {"field": event.kind, "fromString": _jira_word(event.old), "toString": _jira_word(event.value)}
                ],
            }
            for event in ticket.events
            if event.kind in ("status", "priority") and event.old
        ]
        first = next(event for event in ticket.events if event.kind == "message")
        issues.append(
            {
                "id": str(ticket.number),
                "key": f"HELP-{ticket.number}",
                "fields": {
                    "issuetype": {"name": desk.words.categories[ticket.category]},
                    "created": at(ticket.created),
                    "updated": at(row.updated),
                    "resolutiondate": at(row.solved),
                    "status": {"name": word, "statusCategory": {"key": keys.get(row.status, "indeterminate")}},
                    "priority": {"name": _JIRA_PRIORITIES[row.priority]},
                    "reporter": {**author(ticket.requester)},
                    "creator": {**author(first.by)},
                    "comment": {"comments": comments, "total": len(comments)},
                },
                "changelog": {"total": len(changes), "histories": changes},
            }
        )
    return {"issues.json": json.dumps({"startAt": 0, "total": len(issues), "issues": issues}).encode()}


def _jira_word(value: str | None) -> str | None:
    known = {**{name: word for name, (word, _) in _JIRA_STATUSES.items()}, **_JIRA_PRIORITIES}
    return known.get(value or "", value)


LAYOUTS = (
    Layout(
        write=jira_tables,
        helpdesk="jira_tables",
        silent=NO_RATINGS | NO_LINES | NO_TAGS,
        otherwise={
            **NO_CHANNEL,
            "bot_resolution_rate": "who solved a ticket has no part",
            "transfer_rate": "there are no groups",
        },
    ),
    Layout(
        write=jira_csv,
        helpdesk="jira_csv",
        silent=FLAT - {"next_response_time", "case_duration"},
        otherwise={"case_duration": "each row knows the last solution alone"},
    ),
    Layout(
        write=jira_json,
        helpdesk="jira_json",
        silent=NO_RATINGS | NO_LINES | NO_TAGS,
        otherwise={**NO_CHANNEL, "transfer_rate": "there are no groups"},
    ),
)

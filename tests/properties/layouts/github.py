"""GitHub: issues with their timelines, with their comments as the command line lists them, and alone."""

from __future__ import annotations

from collections.abc import Iterator

from layouts.layout import BY_HISTORY, FLAT, NO_LINES, NO_RATINGS, NO_REPLIES, NO_TAGS, Layout
from layouts.writing import DONE, Files, json_of, person_id, rows, zulu
from supportkpi.demo.model import Desk, Event, Person, Ticket
from supportkpi.demo.summary import Summary

_STANDING = {"customer": "NONE", "agent": "MEMBER"}
_REPOSITORY = "https://api.example.com/repos/desk/support"


def _login(person: Person) -> str:
    name = f"{person.role}-{person.number}"
    return f"{name}[bot]" if person.role in ("bot", "system") else name


def _user(person: Person) -> dict[str, object]:
    is_bot = person.role in ("bot", "system")
    return {"login": _login(person), "id": person_id(person) or 1, "type": "Bot" if is_bot else "User"}


def _labels(ticket: Ticket, rank: str) -> list[dict[str, object]]:
    return [{"id": 1, "name": name, "color": "ededed", "default": False} for name in (*ticket.tags, _ranked(rank))]


def _ranked(rank: str | None) -> str:
    return f"priority: {rank}"


def _ends(event: Event) -> str | None:
    """What of a change of the status is a closing or a reopening."""
    was, now = event.old in DONE, event.value in DONE
    return None if was == now else "closed" if now else "reopened"


def _comments(ticket: Ticket) -> Iterator[Event]:
    """What was said in public after the text of the issue; notes have no place there."""
    yield from [event for event in ticket.events if event.kind == "message" and event.public][1:]


def _timeline(desk: Desk, ticket: Ticket) -> Iterator[dict[str, object]]:
    comments = list(_comments(ticket))
    for event in ticket.events:
        by = {"actor": _user(event.by), "created_at": zulu(event.at)}
        ended = _ends(event) if event.kind == "status" else None
        if event in comments:
            standing = {"author_association": _STANDING.get(event.by.role, "NONE"), "body": "…"}
            yield {"event": "commented", **by, "user": _user(event.by), **standing}
        elif ended is not None:
            yield {"event": ended, **by, "state_reason": "completed" if ended == "closed" else "reopened"}
        elif event.kind == "priority":
            if event.old:
                yield {"event": "unlabeled", **by, "label": {"name": _ranked(event.old), "color": "ededed"}}
            yield {"event": "labeled", **by, "label": {"name": _ranked(event.value), "color": "ededed"}}
        elif event.kind == "assignee":
            for sort, name in (("unassigned", event.old), ("assigned", event.value)):
                if name:
                    yield {"event": sort, **by, "assignee": _user(desk.people[name])}


def _issue(ticket: Ticket, row: Summary) -> dict[str, object]:
    is_done = row.status in DONE
    return {
        "url": f"{_REPOSITORY}/issues/{ticket.number}",
        "repository_url": _REPOSITORY,
        "id": 9_000_000 + ticket.number,
        "node_id": f"I_{ticket.number}",
        "number": ticket.number,
        "title": "…",
        "user": _user(ticket.requester),
        "labels": _labels(ticket, row.priority),
        "state": "closed" if is_done else "open",
        "locked": False,
        "assignee": _user(row.assignee) if row.assignee else None,
        "assignees": [_user(row.assignee)] if row.assignee else [],
        "milestone": None,
        "comments": len(list(_comments(ticket))),
        "created_at": zulu(ticket.created),
        "updated_at": zulu(row.updated),
        "closed_at": zulu(row.solved),
        "author_association": "NONE",
        "active_lock_reason": None,
        "body": "…",
        "closed_by": None,
        "reactions": {"total_count": 0},
        "timeline_url": f"{_REPOSITORY}/issues/{ticket.number}/timeline",
        "performed_via_github_app": None,
        "state_reason": "completed" if is_done else None,
    }


def github_timelines(desk: Desk) -> Files:
    """Issues, each with its timeline, newest first, and a pull request among them."""
    found = [{**_issue(ticket, row), "timeline": [*_timeline(desk, ticket)]} for ticket, row in reversed(rows(desk))]
    pull = {**found[0], "number": 1, "pull_request": {"url": f"{_REPOSITORY}/pulls/1", "merged_at": None}}
    return {"issues.json": json_of([*found, pull])}


def github_list(desk: Desk) -> Files:
    """Issues as the list of a repository gives them."""
    return {"issues.json": json_of([_issue(ticket, row) for ticket, row in reversed(rows(desk))])}


def github_cli(desk: Desk) -> Files:
    """``gh issue list --state all --json``, with the comments."""
    found = [
        {
            "assignees": [{"id": "U_1", "login": _login(row.assignee), "name": ""}] if row.assignee else [],
            "author": {"id": "U_2", "is_bot": False, "login": _login(ticket.requester), "name": ""},
            "closed": row.status in DONE,
            "closedAt": zulu(row.solved),
            "comments": [
                {
                    "id": f"IC_{ticket.number}",
                    "author": {"login": _login(event.by).removesuffix("[bot]")},
                    "authorAssociation": _STANDING.get(event.by.role, "NONE"),
                    "body": "…",
                    "createdAt": zulu(event.at),
                    "includesCreatedEdit": False,
                    "isMinimized": False,
                }
                for event in _comments(ticket)
            ],
            "createdAt": zulu(ticket.created),
            "id": f"I_{ticket.number}",
            "labels": [
                {"id": "LA_1", "name": one["name"], "description": "", "color": "ededed"}
                for one in _labels(ticket, row.priority)
            ],
            "number": ticket.number,
            "state": "CLOSED" if row.status in DONE else "OPEN",
            "stateReason": "COMPLETED" if row.status in DONE else "",
            "title": "…",
            "updatedAt": zulu(row.updated),
        }
        for ticket, row in reversed(rows(desk))
    ]
    return {"issues.json": json_of(found)}


_HERE = {"new": "open", "pending": "open", "hold": "open", "solved": "closed"}
_LACKS = frozenset({"category", "channel"})
_LAST = {"tag_share": "a priority is a label like any other"}
_SPOKEN = {"case_duration": "a note has no place there, and may be the last that happened"}
_CLI = BY_HISTORY - {"case_duration"} | NO_RATINGS | NO_LINES | {"requester_wait_time", "first_contact_resolution"}
LAYOUTS = (
    Layout(
        write=github_timelines,
        helpdesk="github_issues",
        silent=NO_RATINGS | NO_LINES,
        states=_HERE,
        lacks=_LACKS,
        otherwise={**_LAST, **_SPOKEN, "transfer_rate": "there are no groups"},
    ),
    Layout(
        write=github_cli,
        helpdesk="github_issues",
        silent=_CLI | {"reopen_rate"},
        states=_HERE,
        lacks=_LACKS,
        otherwise={**_LAST, **_SPOKEN, "bot_resolution_rate": "who closed it is not said"},
    ),
    Layout(
        write=github_list, helpdesk="github_issues", silent=FLAT - NO_TAGS | NO_REPLIES, lacks=_LACKS, otherwise=_LAST
    ),
)

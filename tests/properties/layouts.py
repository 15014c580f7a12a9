"""The demo's tickets in the layouts of other systems: what each would have written of them, and nothing more.

A layout is a function from a desk to the files of its export. Instants are whole minutes, so that no layout loses any.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import count

from supportkpi.demo.hours import instant
from supportkpi.demo.model import Desk, Event, Person, Ticket
from supportkpi.demo.summary import Summary, summary

Files = Mapping[str, bytes]
Row = Mapping[str, object]
SYNCED = {"_fivetran_synced": "2026-07-01 00:00:00"}
GROUPS, AGENTS, COMPANIES = 361_000, 380_000, 27_000
DONE = ("solved", "closed")


def csv_of(rows: Sequence[Row], *, delimiter: str = ",") -> bytes:
    """Rows as a table of text."""
    text = io.StringIO()
    table = [list(rows[0]), *(row.values() for row in rows)] if rows else []
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(table)
    return text.getvalue().encode()


def iso(at: int | None) -> str:
    """An instant as warehouses write it, in UTC and without saying so."""
    return "" if at is None else f"{instant(at):%Y-%m-%d %H:%M:%S}"


def person_id(person: Person | None) -> object:
    """A number for a person, agents apart from customers."""
    if person is None or person.role == "system":
        return ""
    return person.number if person.role == "customer" else AGENTS + person.number


def group_id(desk: Desk, name: str) -> int:
    """The number of a group."""
    return GROUPS + desk.words.groups.index(name)


def companies(desk: Desk) -> dict[str, int]:
    """The numbers of organizations by their names."""
    names = sorted({person.organization for person in desk.people.values() if person.organization})
    return {name: COMPANIES + place for place, name in enumerate(names)}


def told(desk: Desk, *kinds: str) -> Iterable[tuple[Ticket, Event]]:
    """The events of some kinds with their tickets, in the order in which they happened."""
    found = [(ticket, event) for ticket in desk.tickets for event in ticket.events if event.kind in kinds]
    return sorted(found, key=lambda pair: pair[1].at)


def rows(desk: Desk) -> list[tuple[Ticket, Summary]]:
    """The tickets with how they stood at the export."""
    return [(ticket, summary(ticket, desk)) for ticket in desk.tickets]


# --- warehouses ------------------------------------------------------------------------------------------------------

_FIELDS = {"status": "status", "priority": "priority", "assignee": "assignee_id", "group": "group_id"}
_VIA = {"email": "email", "web": "web", "chat": "chat", "messenger": "native_messaging", "phone": "voice"}


def _zendesk_value(event: Event, desk: Desk) -> object:
    if event.value is None or event.kind in ("status", "priority"):
        return event.value or ""
    return person_id(desk.people[event.value]) if event.kind == "assignee" else group_id(desk, event.value)


def zendesk_tables(desk: Desk) -> Files:
    """Tickets, the history of their fields, comments, users, groups, organizations, tags and ratings in a warehouse."""
    firms, numbers = companies(desk), count(1)
    tickets = [
        {
            "id": ticket.number,
            **SYNCED,
            "assignee_id": person_id(row.assignee),
            "created_at": iso(ticket.created),
            "group_id": group_id(desk, row.group),
            "organization_id": firms.get(ticket.requester.organization or "", ""),
            "priority": row.priority,
            "requester_id": person_id(ticket.requester),
            "status": row.status,
            "submitter_id": person_id(ticket.events[0].by),
            "updated_at": iso(row.updated),
            "via_channel": _VIA[ticket.channel],
            "custom_category": desk.words.categories[ticket.category],
            "custom_customer_tier": desk.words.tiers["vip" if ticket.requester.is_vip else "standard"],
        }
        for ticket, row in rows(desk)
    ]
    history = [
        {
            "field_name": _FIELDS[event.kind],
            "ticket_id": ticket.number,
            "updated": iso(event.at),
            **SYNCED,
            "user_id": person_id(event.by),
            "value": _zendesk_value(event, desk),
        }
        for ticket, event in told(desk, *_FIELDS)
    ]
    comments = [
        {
            "id": next(numbers),
            **SYNCED,
            "body": "…",
            "created": iso(event.at),
            "public": str(event.public).upper(),
            "ticket_id": ticket.number,
            "user_id": person_id(event.by),
        }
        for ticket, event in told(desk, "message")
    ]
    people = [person for person in desk.people.values() if person.role != "system"]
    users = [
        {
            "id": person_id(person),
            **SYNCED,
            "email": person.email,
            "name": person.name,
            "role": {"customer": "end-user", "bot": "bot"}.get(person.role, "agent"),
        }
        for person in people
    ]
    ratings = [
        {
            "id": place,
            **SYNCED,
            "assignee_id": person_id(row.assignee),
            "created_at": iso(row.updated),
            "requester_id": person_id(ticket.requester),
            "score": ticket.rating,
            "ticket_id": ticket.number,
        }
        for place, (ticket, row) in enumerate(rows(desk))
        if ticket.rating not in (None, "unoffered")
    ]
    tags = [{"tag": tag, "ticket_id": ticket.number, **SYNCED} for ticket in desk.tickets for tag in ticket.tags]
    named = [{"id": GROUPS + place, **SYNCED, "name": name} for place, name in enumerate(desk.words.groups)]
    found = {
        "ticket": tickets,
        "ticket_field_history": history,
        "ticket_comment": comments,
        "user": users,
        "group": named,
        "organization": [{"id": number, **SYNCED, "name": name} for name, number in firms.items()],
        "ticket_tag": tags,
        "satisfaction_rating": ratings,
        "brand": [{"id": 1, **SYNCED, "name": "Northwind", "active": "TRUE"}],
    }
    return {f"{name}.csv": csv_of(table) for name, table in found.items() if table}


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
            "value": values[event.kind][event.value or ""] if event.kind in values else _account_of(event, desk),
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


def account(person: Person | None) -> str:
    """An account's id, which says nothing of who it is but for machines."""
    if person is None:
        return ""
    return f"{person.role}-{person.number}" if person.role in ("bot", "system") else f"acc-{person_id(person)}"


def _account_of(event: Event, desk: Desk) -> str:
    return account(desk.people[event.value]) if event.value else ""


def intercom_tables(desk: Desk) -> Files:
    """Conversations and their parts, teammates and teams, in a warehouse."""
    numbers = count(1)
    states = {"solved": "closed", "closed": "closed", "pending": "snoozed", "hold": "snoozed"}
    talks = [
        {
            "id": ticket.number,
            "updated_at": iso(row.updated),
            **SYNCED,
            "created_at": iso(ticket.created),
            "assignee_id": person_id(row.assignee),
            "assignee_type": "admin" if row.assignee else "",
            "state": states.get(row.status, "open"),
            "priority": "not_priority",
            "source_type": "email",
            "source_author_id": person_id(ticket.events[0].by),
            "source_author_type": _intercom_author(ticket.events[0].by),
            "_fivetran_active": "true",
        }
        for ticket, row in rows(desk)
    ]
    parts = [
        {
            "id": next(numbers),
            **SYNCED,
            "conversation_id": ticket.number,
            "author_id": person_id(event.by) or "0",
            "author_type": _intercom_author(event.by),
            "assigned_to_id": person_id(desk.people[event.value]) if event.kind == "assignee" and event.value else "",
            "assigned_to_type": "admin" if event.kind == "assignee" else "",
            "created_at": iso(event.at),
            "part_type": _intercom_part(event),
            "body": "…" if event.kind == "message" else "",
            "_fivetran_active": "true",
        }
        for ticket, event in told(desk, "message", "status", "assignee")
        if not _is_opening(ticket, event)
    ]
    admins = [person for person in desk.people.values() if person.role == "agent"]
    named = [{"id": person_id(one), **SYNCED, "name": one.name, "email": one.email} for one in admins]
    found = {"conversation_history": talks, "conversation_part_history": parts, "admin": named}
    return {f"{name}.csv": csv_of(table) for name, table in found.items()}


def _is_opening(ticket: Ticket, event: Event) -> bool:
    """The first message stands in the conversation itself, and its first state in no part."""
    first = next(one for one in ticket.events if one.kind == "message")
    return event is first or (event.kind == "status" and event.value in ("new", "open") and event.at == ticket.created)


def _intercom_author(person: Person) -> str:
    return {"customer": "user", "agent": "admin", "bot": "bot"}.get(person.role, "team")


def _intercom_part(event: Event) -> str:
    if event.kind == "message":
        return "comment" if event.public else "note"
    if event.kind == "assignee":
        return "assignment"
    return {"solved": "close", "closed": "close", "pending": "snoozed", "hold": "snoozed"}.get(
        event.value or "", "open"
    )


def salesforce_tables(desk: Desk) -> Files:
    """The weekly export: cases, their history and e-mails, users and accounts."""
    firms, numbers = companies(desk), count(1)
    words = {"new": "New", "open": "Working", "pending": "Waiting on Customer", "hold": "On Hold"}
    words |= {"solved": "Closed", "closed": "Closed", "deleted": "Closed"}

    def utc(at: int | None) -> str:
        return "" if at is None else f"{instant(at):%Y-%m-%dT%H:%M:%S.000Z}"

    cases = [
        {
            "Id": f"500{ticket.number:012}AAA",
            "CaseNumber": f"{ticket.number:08}",
            "IsDeleted": "1" if row.status == "deleted" else "0",
            "ContactId": f"003{ticket.requester.number:012}AAA",
            "AccountId": firms.get(ticket.requester.organization or "", ""),
            "Status": words[row.status],
            "Priority": {"urgent": "Critical", "normal": "Medium"}.get(row.priority, row.priority.capitalize()),
            "Type": desk.words.categories[ticket.category],
            "Origin": {"email": "Email", "phone": "Phone", "chat": "Chat"}.get(ticket.channel, "Web"),
            "IsClosed": "1" if row.status in DONE else "0",
            "ClosedDate": utc(row.solved),
            "OwnerId": person_id(row.assignee),
            "CreatedDate": utc(ticket.created),
            "SystemModstamp": utc(row.updated),
        }
        for ticket, row in rows(desk)
    ]
    history = [
        {
            "Id": next(numbers),
            "CaseId": f"500{ticket.number:012}AAA",
            "CreatedById": person_id(event.by),
            "CreatedDate": utc(event.at),
            "Field": "Status",
            "OldValue": words.get(event.old or "", ""),
            "NewValue": words[event.value or "new"],
        }
        for ticket, event in told(desk, "status")
        if words.get(event.old or "") != words[event.value or "new"]
    ]
    mails = [
        {
            "Id": next(numbers),
            "ParentId": f"500{ticket.number:012}AAA",
            "Incoming": "true" if event.by.role == "customer" else "false",
            "MessageDate": utc(event.at),
        }
        for ticket, event in told(desk, "message")
        if event.public and event.by.role in ("customer", "agent")
    ]
    users = [person for person in desk.people.values() if person.role == "agent"]
    found = {
        "Case": cases,
        "CaseHistory": history,
        "EmailMessage": mails,
        "User": [{"Id": person_id(one), "Name": one.name, "Username": one.email} for one in users],
        "Account": [{"Id": number, "Name": name} for name, number in firms.items()],
    }
    return {f"{name}.csv": csv_of(table) for name, table in found.items()}


# --- one row a ticket ------------------------------------------------------------------------------------------------


def freshdesk_csv(desk: Desk) -> Files:
    """Tickets > Export of Freshdesk."""
    words = {"new": "Open", "open": "Open", "pending": "Pending", "hold": "Waiting on Third Party"}
    table = [
        {
            "Ticket ID": ticket.number,
            "Status": words.get(row.status) or {"solved": "Resolved"}.get(row.status, row.status.capitalize()),
            "Priority": {"normal": "Medium"}.get(row.priority, row.priority.capitalize()),
            "Source": {"email": "Email", "phone": "Phone", "chat": "Chat"}.get(ticket.channel, "Portal"),
            "Type": desk.words.categories[ticket.category],
            "Agent": row.assignee.name if row.assignee else "",
            "Group": row.group,
            "Created time": iso(ticket.created),
            "Due by Time": "",
            "Resolved time": iso(row.solved),
            "Closed time": iso(row.solved if row.status == "closed" else None),
            "Last update time": iso(row.updated),
            "Initial response time": iso(row.first_reply),
            "Agent interactions": row.replies,
            "Tags": ", ".join(ticket.tags),
            "Contact ID": ticket.requester.number,
            "Company Name": ticket.requester.organization or "",
        }
        for ticket, row in rows(desk)
    ]
    return {"tickets.csv": csv_of(table)}


def _incident(ticket: Ticket, row: Summary, category: str, *, look: str) -> list[object]:
    def wall(at: int | None) -> str:
        return "" if at is None else instant(at).strftime(look)

    states = {"new": "New", "open": "In Progress", "pending": "Awaiting User Info", "hold": "On Hold"}
    numbers = {"urgent": "1 - Critical", "high": "2 - High", "normal": "3 - Moderate", "low": "4 - Low"}
    return [
        f"INC{ticket.number:07}",
        wall(ticket.created),
        f"Caller {ticket.requester.number}",
        numbers[row.priority],
        states.get(row.status) or {"solved": "Resolved"}.get(row.status, "Closed"),
        row.group,
        row.assignee.name if row.assignee else "",
        wall(row.updated),
        wall(row.solved),
        wall(row.solved if row.status == "closed" else None),
        row.reopens,
        category,
    ]


def servicenow_names(desk: Desk) -> Files:
    """An incident list of ServiceNow under the names of its fields."""
    head = "number opened_at caller_id priority state assignment_group assigned_to sys_updated_on resolved_at closed_at"
    names = [*head.split(), "reopen_count", "category"]
    found = [
        _incident(ticket, row, desk.words.categories[ticket.category], look="%Y-%m-%d %H:%M:%S")
        for ticket, row in rows(desk)
    ]
    return {"incident.csv": csv_of([dict(zip(names, one, strict=True)) for one in found])}


def servicenow_labels(desk: Desk) -> Files:
    """The same list under its labels, with the months before the days."""
    names = (
        "Number|Opened|Caller|Priority|State|Assignment group|Assigned to|Updated|Resolved|Closed|Reopen count|Category"
    )
    found = [
        _incident(ticket, row, desk.words.categories[ticket.category], look="%m-%d-%Y %H:%M:%S")
        for ticket, row in rows(desk)
    ]
    return {"incident.csv": csv_of([dict(zip(names.split("|"), one, strict=True)) for one in found])}


def glpi_csv(desk: Desk) -> Files:
    """The list of tickets of GLPI, with semicolons."""

    def wall(at: int | None) -> str:
        return "" if at is None else f"{instant(at):%Y-%m-%d %H:%M}"

    words = {"new": "New", "open": "Processing (assigned)", "pending": "Pending", "hold": "Pending"}
    table = [
        {
            "ID": ticket.number,
            "Status": words.get(row.status) or {"solved": "Solved"}.get(row.status, "Closed"),
            "Priority": {"urgent": "Very high", "high": "High", "normal": "Medium", "low": "Low"}[row.priority],
            "Requester - Requester": f"Caller {ticket.requester.number}",
            "Assigned to - Technician": row.assignee.name if row.assignee else "",
            "Assigned to - Technician group": row.group,
            "Category": desk.words.categories[ticket.category],
            "Opening date": wall(ticket.created),
            "Resolution date": wall(row.solved),
            "Closing date": wall(row.solved if row.status == "closed" else None),
            "Last update": wall(row.updated),
        }
        for ticket, row in rows(desk)
    ]
    return {"glpi.csv": csv_of(table, delimiter=";")}


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


# --- nested ----------------------------------------------------------------------------------------------------------


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

"""Salesforce: Case.csv and CaseHistory.csv of the weekly export, each alone, and a report of cases."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import count

from layouts.layout import FLAT, NO_LINES, NO_RATINGS, NO_REPLIES, NO_TAGS, Layout
from layouts.writing import DONE, Files, Row, companies, csv_of, iso, person_id, rows, told
from supportkpi.demo.hours import instant
from supportkpi.demo.model import Desk, Event, Person, Ticket

_STATUSES = {"new": "New", "open": "Working", "pending": "Waiting on Customer", "hold": "On Hold"}
_ORIGINS = {"email": "Email", "phone": "Phone", "chat": "Chat", "messenger": "Messaging"}
_PRIORITIES = {"urgent": "Critical", "normal": "Medium"}
_NOBODY = "000000000000000AAA"
_QUEUE, _RULES = "00G000000000001AAA", "005000000000001AAA"


def _status(status: str) -> str:
    return _STATUSES.get(status, "Closed")


def _priority(priority: str) -> str:
    return _PRIORITIES.get(priority, priority.capitalize())


def case_id(ticket: Ticket) -> str:
    """The id of a case."""
    return f"500{ticket.number:012}AAA"


def user_id(person: Person | None) -> str:
    """The id of a user; rules act for one too."""
    return _RULES if person is None or person.role == "system" else f"005{person_id(person):012}AAA"


def _is_escalated(ticket: Ticket) -> bool:
    return any(event.kind == "level" and event.value == "2" for event in ticket.events)


def salesforce_cases(desk: Desk) -> Files:
    """Case.csv of the weekly export: everything quoted, instants in UTC, zeros for nobody."""
    return {"Case.csv": b"\xef\xbb\xbf" + quoted(cases(desk))}


def cases(desk: Desk) -> list[Row]:
    """The rows of Case.csv."""
    firms = companies(desk)
    return [
        {
            "Id": case_id(ticket),
            "IsDeleted": "0",
            "MasterRecordId": _NOBODY,
            "CaseNumber": f"{ticket.number:08}",
            "ContactId": f"003{ticket.requester.number:012}AAA",
            "AccountId": f"001{firms[firm]:012}AAA" if (firm := ticket.requester.organization) else _NOBODY,
            "AssetId": _NOBODY,
            "ParentId": _NOBODY,
            "SuppliedEmail": "",
            "Type": desk.words.categories[ticket.category],
            "Status": _status(row.status),
            "Reason": "",
            "Origin": _ORIGINS.get(ticket.channel, "Web"),
            "Subject": "…",
            "Priority": _priority(row.priority),
            "Description": "…\n…",
            "IsClosed": str(int(row.status in DONE)),
            "ClosedDate": iso(row.solved),
            "IsEscalated": str(int(_is_escalated(ticket))),
            "OwnerId": user_id(row.assignee) if row.assignee else _QUEUE,
            "IsClosedOnCreate": "0",
            "CreatedDate": iso(ticket.created),
            "CreatedById": _RULES,
            "LastModifiedDate": iso(row.updated),
            "LastModifiedById": _RULES,
            "SystemModstamp": iso(row.updated),
            "EventsProcessedDate": "",
        }
        for ticket, row in rows(desk)
    ]


def quoted(table: list[Row]) -> bytes:
    """Rows as the weekly export writes them."""
    text = io.StringIO()
    cells = [list(table[0]), *(row.values() for row in table)]
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(cells)
    return text.getvalue().encode()


def salesforce_history(desk: Desk) -> Files:
    """CaseHistory.csv alone: a row a changed field, and of an owner two, one with names and one with ids."""
    return {"CaseHistory.csv": csv_of(history(desk))}


def history(desk: Desk) -> list[Row]:
    """The rows of the history of cases."""
    numbers = count(1)
    return [
        {
            "Id": f"017{next(numbers):012}AAA",
            "IsDeleted": "0",
            "CaseId": case_id(ticket),
            "CreatedById": user_id(event.by),
            "CreatedDate": f"{instant(event.at):%Y-%m-%d %H:%M:%S}",
            "Field": field,
            "OldValue": old,
            "NewValue": new,
        }
        for ticket, event in told(desk, "created", "status", "priority", "assignee")
        for field, old, new in _changes(event, desk)
    ]


def _changes(event: Event, desk: Desk) -> Iterator[tuple[str, str, str]]:
    """Field, old and new value; what a case begins with is no change."""
    if event.kind == "created":
        yield "created", "", ""
    elif event.kind == "status" and event.old and _status(event.old) != _status(event.value or ""):
        yield "Status", _status(event.old), _status(event.value or "")
        if event.value in DONE:
            yield "closed", "", ""
    elif event.kind == "priority" and event.old:
        yield "Priority", _priority(event.old), _priority(event.value or "")
    elif event.kind == "assignee" and event.value:
        before = desk.people[event.old] if event.old else None
        yield "Owner", before.name if before else "Inbox", event.value
        yield "Owner", user_id(before) if before else _QUEUE, user_id(desk.people[event.value])


def salesforce_report(desk: Desk) -> Files:
    """A report as "Unicode": UTF-16 with tabs, the dates of a user in the United States, totals and a copyright."""

    def look(at: int | None) -> str:
        local = None if at is None else desk.hours.local(at)
        return "" if local is None else f"{local.month}/{local.day}/{local.year} {local:%I:%M %p}".replace(" 0", " ")

    table = [
        {
            "Case Number": f"{ticket.number:08}",
            "Case Owner": row.assignee.name if row.assignee else "Inbox",
            "Case Owner Alias": "aexa",
            "Account Name": ticket.requester.organization or "",
            "Contact Name": f"Caller {ticket.requester.number}",
            "Subject": "…",
            "Status": _status(row.status),
            "Priority": _priority(row.priority),
            "Case Origin": _ORIGINS.get(ticket.channel, "Web"),
            "Type": desk.words.categories[ticket.category],
            "Date/Time Opened": look(ticket.created),
            "Date/Time Closed": look(row.solved),
            "Case Last Modified Date": look(row.updated),
            "Age (Hours)": 1,
            "Open": int(row.status not in DONE),
            "Closed": int(row.status in DONE),
            "Escalated": int(_is_escalated(ticket)),
            "Case ID": case_id(ticket)[:15],
        }
        for ticket, row in rows(desk)
    ]
    end = f"\n\nGrand Totals ({len(table)} records)\n\nCases of two quarters\n"
    end += "Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved.\n"
    end += "Confidential Information - Do Not Distribute\nGenerated By:  …\n"
    text = csv_of(table, delimiter="\t").decode() + end
    return {"report.csv": text.encode("utf-16")}


_FLAGGED = {"escalation_rate": "a flag says neither how often nor how directly, nor who was answered and is not solved"}
_NO_PEOPLE = {"repeat_contact_rate", "requesters", "requesters_solved", "tickets_per_requester"}
_NO_MESSAGES = {"bot_resolution_rate", "first_contact_resolution", "next_response_time"}
LAYOUTS = (
    Layout(
        write=salesforce_cases,
        helpdesk="salesforce_cases",
        silent=FLAT - {"escalation_rate"} | NO_REPLIES,
        otherwise=_FLAGGED,
    ),
    Layout(
        write=salesforce_history,
        helpdesk="salesforce_history",
        silent=NO_RATINGS | NO_LINES | NO_TAGS | NO_REPLIES | _NO_PEOPLE | _NO_MESSAGES,
        otherwise={
            "case_duration": "closed is closed: nothing follows days later",
            "reopen_rate": "who asked is not told: how sure the share is does not rest on customers",
            "transfer_rate": "there are no groups: a transfer is one between people",
        },
        has_priority=False,
    ),
    Layout(
        write=salesforce_report,
        helpdesk="salesforce_report",
        silent=FLAT - {"escalation_rate"} | NO_REPLIES,
        otherwise=_FLAGGED,
        is_local=True,
    ),
)

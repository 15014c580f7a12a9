"""Salesforce: the weekly export."""

from __future__ import annotations

from itertools import count

from layouts.layout import NO_CHANNEL, NO_LINES, NO_RATINGS, NO_TAGS, Layout
from layouts.writing import DONE, Files, companies, csv_of, person_id, rows, told
from supportkpi.demo.hours import instant
from supportkpi.demo.model import Desk


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


LAYOUTS = (
    Layout(
        write=salesforce_tables,
        helpdesk="salesforce_tables",
        silent=NO_RATINGS | NO_LINES | NO_TAGS | {"bot_resolution_rate", "reaction_time", "transfer_rate"},
        otherwise={**NO_CHANNEL, "case_duration": "closed is closed: there is no second closing days later"},
    ),
)

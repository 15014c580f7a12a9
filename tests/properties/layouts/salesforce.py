"""Salesforce: the weekly export with everything in it."""

from __future__ import annotations

from itertools import count

from layouts.layout import NO_RATINGS, NO_TAGS, Layout
from layouts.salesforce_lists import case_id, cases, history, quoted, user_id
from layouts.writing import Files, account, companies, iso, told
from supportkpi.demo.model import Desk


def salesforce_tables(desk: Desk) -> Files:
    """The weekly export: cases, their history, e-mails and comments, users, queues and accounts."""
    numbers = count(1)
    mails = [
        {
            "Id": f"02s{next(numbers):012}AAA",
            "ParentId": case_id(ticket),
            "Incoming": "1" if event.by.role == "customer" else "0",
            "MessageDate": iso(event.at),
            "CreatedById": user_id(event.by if event.by.role != "customer" else None),
            "IsDeleted": "0",
            "TextBody": "…",
        }
        for ticket, event in told(desk, "message")
        if event.public
    ]
    comments = [
        {
            "Id": f"00a{next(numbers):012}AAA",
            "ParentId": case_id(ticket),
            "IsPublished": "0",
            "CommentBody": "…",
            "CreatedById": user_id(event.by),
            "CreatedDate": iso(event.at),
            "IsDeleted": "0",
        }
        for ticket, event in told(desk, "message")
        if not event.public
    ]
    users = [person for person in desk.people.values() if person.role != "customer"]
    names = {one.name: one.name if one.role == "agent" else account(one) for one in users}
    found = {
        "Case": cases(desk),
        "CaseHistory": history(desk),
        "EmailMessage": mails,
        "CaseComment": comments,
        "User": [{"Id": user_id(one), "Name": names[one.name], "Username": one.email} for one in users],
        "Group": [{"Id": "00G000000000001AAA", "Name": "Inbox", "Type": "Queue"}],
        "Account": [{"Id": f"001{number:012}AAA", "Name": name} for name, number in companies(desk).items()],
    }
    return {f"{name}.csv": quoted([*table]) for name, table in found.items()}


LAYOUTS = (
    Layout(
        write=salesforce_tables,
        helpdesk="salesforce_tables",
        silent=NO_RATINGS | NO_TAGS | {"escalation_time"},
        otherwise={
            "bot_resolution_rate": "users have no roles: that who closed a case is no machine is not told",
            "case_duration": "closed is closed: nothing follows days later",
            "escalation_rate": "a flag says neither how often nor how directly",
            "transfer_rate": "there are no groups: a transfer is one between people",
        },
    ),
)

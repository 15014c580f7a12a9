"""Freshservice: Tickets > Export, and tickets as its interface lists them, with conversations beside them."""

from __future__ import annotations

from layouts.freshdesk import (
    HALF_A_DAY,
    NO_CHANGES,
    SOLVERS,
    WORDS,
    basics,
    called,
    closed,
    conversations,
    hms,
    staff,
    verdict,
)
from layouts.layout import FLAT, NO_RATINGS, NO_REPLIES, NO_TAGS, UNASKED, Layout
from layouts.writing import Files, companies, csv_of, group_id, json_of, person_id, rows, wall
from supportkpi.demo.model import Desk, Ticket
from supportkpi.demo.summary import Summary

_SOURCES = {"email": "Email", "phone": "Phone", "chat": "Chat", "messenger": "Chat"}
_NUMBERS = {"email": 1, "web": 2, "phone": 3, "chat": 4, "messenger": 4}


def freshservice_csv(desk: Desk) -> Files:
    """Tickets > Export with every column; what waits for others is pending too."""
    return {"tickets.csv": csv_of([_row(ticket, row, desk) for ticket, row in rows(desk)])}


def _row(ticket: Ticket, row: Summary, desk: Desk) -> dict[str, object]:
    answered, due = row.first_reply, ticket.created + HALF_A_DAY
    return {
        "Subject": "…",
        "Type": "Incident" if ticket.category == "bug" else "Service Request",
        "Status": {"hold": "Pending"}.get(row.status, WORDS[row.status]),
        "Urgency": "Low",
        "Impact": "Low",
        "Priority": {"normal": "Medium"}.get(row.priority, row.priority.capitalize()),
        "Group": row.group,
        "Agent": row.assignee.name if row.assignee else "",
        "Company": ticket.requester.organization or "",
        "Description": "…\n…",
        "Category": desk.words.categories[ticket.category],
        "Sub-Category": "",
        "Item": "",
        "Source": _SOURCES.get(ticket.channel, "Portal"),
        "Resolution Note": "",
        "Requester Location": "Berlin",
        "Requester VIP": "true" if ticket.requester.is_vip else "false",
        "Ticket Id": f"{'INC' if ticket.category == 'bug' else 'SR'}-{ticket.number}",
        "Requester Name": f"Caller {ticket.requester.number}",
        "Requester Email": ticket.requester.email,
        "Created Time": wall(desk, ticket.created),
        "Due by Time": wall(desk, due + 1440),
        "Resolved Time": wall(desk, row.solved),
        "Closed Time": wall(desk, closed(ticket)),
        "Last Updated Time": wall(desk, row.updated),
        "Initial Response Time": wall(desk, answered),
        "Time Tracked": "00:00:00",
        "First Response Time (in Hrs)": hms(desk, ticket.created, answered),
        "Resolution Time (in Hrs)": hms(desk, ticket.created, row.solved),
        "Agent interactions": row.replies,
        "Customer interactions": sum(one.kind == "message" and one.by.role == "customer" for one in ticket.events),
        "Resolution Status": verdict(row.solved, due + 1440),
        "First Response Status": verdict(answered, due),
        "Tags": ", ".join(ticket.tags),
        "Survey Result": {"good": "Extremely Happy", "bad": "Extremely Unhappy"}.get(ticket.rating or "", ""),
        "Approval Status": "",
    }


def freshservice_json(desk: Desk) -> Files:
    """Tickets with their stats and conversations; departments, agents and groups in files of their own."""
    tickets = [{**_ticket(ticket, row, desk), "conversations": conversations(ticket)} for ticket, row in rows(desk)]
    return {"tickets.json": json_of({"tickets": tickets[::-1], "total": len(tickets)}), **_named(desk)}


def freshservice_files(desk: Desk) -> Files:
    """Tickets and their conversations in files of their own."""
    tickets = [_ticket(ticket, row, desk) for ticket, row in rows(desk)]
    said = [one for ticket in desk.tickets for one in conversations(ticket)]
    files = {"tickets.json": {"tickets": tickets}, "conversations.json": {"conversations": said, "meta": {"count": 1}}}
    return {**{name: json_of(held) for name, held in files.items()}, **_named(desk)}


def freshservice_stats(desk: Desk) -> Files:
    """Tickets with their stats alone."""
    return {"tickets.json": json_of({"tickets": [_ticket(ticket, row, desk) for ticket, row in rows(desk)]})}


def _ticket(ticket: Ticket, row: Summary, desk: Desk) -> dict[str, object]:
    return {
        **basics(ticket, row, desk),
        "status": {"pending": 3, "hold": 3, "solved": 4, "closed": 5}.get(row.status, 2),
        "type": "Incident" if ticket.category == "bug" else "Service Request",
        "source": _NUMBERS[ticket.channel],
        "department_id": companies(desk).get(ticket.requester.organization or ""),
        "workspace_id": 2,
        "requested_for_id": ticket.requester.number,
        "category": desk.words.categories[ticket.category],
        "sub_category": None,
        "item_category": None,
        "urgency": 1,
        "impact": 1,
    }


def _named(desk: Desk) -> dict[str, bytes]:
    firms = companies(desk)
    agents = [
        {"id": person_id(one), "first_name": called(one), "last_name": None, "email": one.email, "occasional": False}
        for one in staff(desk)
    ]
    groups = [{"id": group_id(desk, name), "name": name, "restricted": False} for name in desk.words.groups]
    departments = [{"id": number, "name": name, "custom_fields": {}} for name, number in firms.items()]
    found = {"agents": agents, "groups": groups, "departments": departments}
    return {f"{name}.json": json_of({name: held}) for name, held in found.items()}


LAYOUTS = (
    Layout(
        write=freshservice_csv,
        helpdesk="freshservice",
        silent=FLAT - NO_TAGS - NO_RATINGS,
        otherwise=UNASKED,
        is_local=True,
        beyond=frozenset({"csat_mean", "handle_time"}),
    ),
    Layout(
        write=freshservice_json,
        helpdesk="freshservice_json",
        beside=frozenset({"generic"}),
        silent=NO_CHANGES | NO_RATINGS,
        otherwise={**SOLVERS},
    ),
    Layout(
        write=freshservice_files,
        helpdesk="freshservice_json",
        beside=frozenset({"generic", "freshdesk_conversations"}),
        silent=NO_CHANGES | NO_RATINGS,
        otherwise={**SOLVERS},
    ),
    Layout(
        write=freshservice_stats,
        helpdesk="freshservice_json",
        silent=FLAT - NO_TAGS | (NO_REPLIES - {"first_response_time"}),
    ),
)

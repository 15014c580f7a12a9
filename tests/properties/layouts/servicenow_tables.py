"""ServiceNow: the Table API, the audit log of incidents, the targets of tasks, and the tables of a warehouse."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from layouts.layout import BY_MESSAGES, FLAT, NO_RATINGS, NO_REPLIES, NO_TAGS, Layout
from layouts.servicenow import servicenow_names
from layouts.writing import (
    SYNCED,
    Files,
    Row,
    account,
    companies,
    csv_of,
    group_id,
    iso,
    json_of,
    person_id,
    rows,
    wall,
)
from supportkpi.demo.model import Desk, Person, Ticket
from supportkpi.demo.summary import Summary

_STATES = {"new": ("1", "New"), "open": ("2", "In Progress"), "pending": ("3", "On Hold"), "hold": ("3", "On Hold")}
_STATES |= {"solved": ("6", "Resolved"), "closed": ("7", "Closed")}
_LOGGED = {"new": "New", "open": "Active", "pending": "Awaiting User Info", "hold": "Awaiting Vendor"}
_LOGGED |= {"solved": "Resolved", "closed": "Closed"}
_PRIORITIES = {"urgent": "1 - Critical", "high": "2 - High", "normal": "3 - Moderate", "low": "4 - Low"}
_CONTACTS = {"email": "email", "web": "self-service", "chat": "chat", "messenger": "virtual_agent", "phone": "phone"}
_RESPONSE, _RESOLUTION = {"urgent": 60, "high": 240, "normal": 480, "low": 1440}, 2_880


def _sys_id(number: object) -> str:
    return f"{number:0>32}"


def _number(ticket: Ticket) -> str:
    return f"INC{ticket.number:07}"


def _since_1970(minutes: int | None) -> str:
    return "" if minutes is None else iso(minutes)


# --- the Table API ----------------------------------------------------------------------------------------------------


def servicenow_json(desk: Desk) -> Files:
    """The Table API as it answers unasked: values alone, and references as objects of link and value."""
    found = [
        {
            name: {"link": f"https://x/{value}", "value": value} if linked and value else value
            for name, value, _, linked in fields
        }
        for fields in (_fields(ticket, row, desk) for ticket, row in rows(desk))
    ]
    return {"incident.json": json_of({"result": found})}


def servicenow_display(desk: Desk) -> Files:
    """The same with sysparm_display_value=all: each field says how it is stored and how it looks."""
    found = [
        {name: {"display_value": shown, "value": value} for name, value, shown, _ in fields}
        for fields in (_fields(ticket, row, desk) for ticket, row in rows(desk))
    ]
    return {"incident.json": json_of({"result": found})}


def servicenow_shown(desk: Desk) -> Files:
    """The same with sysparm_display_value=true: what is shown alone, in the clock of whoever asked."""
    found = [
        {
            name: {"link": f"https://x/{value}", "display_value": shown} if linked and value else shown
            for name, value, shown, linked in fields
            if name != "calendar_duration"
        }
        for fields in (_fields(ticket, row, desk) for ticket, row in rows(desk))
    ]
    return {"incident.json": json_of({"result": found})}


def _fields(ticket: Ticket, row: Summary, desk: Desk) -> list[tuple[str, str, str, bool]]:
    """Name, stored value, shown value and whether it leads to another table, of each field."""
    state = _STATES[row.status]
    firm = ticket.requester.organization or ""
    who, priority = row.assignee, _PRIORITIES[row.priority]
    taken = None if row.solved is None else row.solved - ticket.created

    def at(minute: int | None) -> tuple[str, str]:
        return iso(minute), wall(desk, minute, "%d-%m-%Y %I:%M:%S %p")

    return [
        ("sys_id", _sys_id(ticket.number), _sys_id(ticket.number), False),
        ("number", _number(ticket), _number(ticket), False),
        ("opened_at", *at(ticket.created), False),
        ("sys_created_on", *at(ticket.created), False),
        ("sys_updated_on", *at(row.updated), False),
        ("short_description", "…", "…", False),
        ("caller_id", _sys_id(ticket.requester.number), f"Caller {ticket.requester.number}", True),
        ("company", _sys_id(companies(desk)[firm]) if firm else "", firm, True),
        ("assigned_to", _sys_id(person_id(who)) if who else "", who.name if who else "", True),
        ("assignment_group", _sys_id(group_id(desk, row.group)), row.group, True),
        ("state", *state, False),
        ("incident_state", *state, False),
        ("hold_reason", {"pending": "1", "hold": "4"}.get(row.status, ""), "", False),
        ("priority", priority[0], priority, False),
        ("impact", "2", "2 - Medium", False),
        ("urgency", "2", "2 - Medium", False),
        ("contact_type", _CONTACTS[ticket.channel], _CONTACTS[ticket.channel].capitalize(), False),
        ("category", ticket.category, desk.words.categories[ticket.category], False),
        ("resolved_at", *at(row.solved), False),
        ("closed_at", *at(row.solved if row.status == "closed" else None), False),
        ("calendar_duration", _since_1970(taken), "1 Hour", False),
        ("reopen_count", str(row.reopens), str(row.reopens), False),
        ("made_sla", "true", "true", False),
        ("comments_and_work_notes", "", "", False),
    ]


# --- the audit log ----------------------------------------------------------------------------------------------------


def servicenow_log(desk: Desk) -> Files:
    """A row an update, in the order of the updates; how it all ended stands on each of them."""
    table = [one for ticket, row in rows(desk) for one in _updates(ticket, row, desk)]
    return {"incident_event_log.csv": csv_of([one for _, one in sorted(table, key=lambda pair: pair[0])])}


def _updates(ticket: Ticket, row: Summary, desk: Desk) -> Iterator[tuple[int, Row]]:
    look = "%d-%m-%Y %H:%M"
    now = {"status": "new", "priority": "normal", "group": "", "assignee": ""}
    reopened = moved = 0
    steps = groupby(ticket.events, key=lambda event: (event.at, event.by.name if event.at > ticket.created else ""))
    for place, ((at, _), events) in enumerate(steps):
        told = list(events)
        for event in told:
            reopened += event.kind == "status" and event.old in ("solved", "closed") and event.value == "open"
            moved += event.kind == "group" and event.old is not None
            now |= {event.kind: event.value or ""} if event.kind in now else {}
        yield (
            at,
            {
                "number": _number(ticket),
                "incident_state": _LOGGED[now["status"]],
                "active": str(now["status"] != "closed").lower(),
                "reassignment_count": moved,
                "reopen_count": reopened,
                "sys_mod_count": place,
                "made_sla": "true",
                "caller_id": f"Caller {ticket.requester.number}",
                "opened_by": "Opened by  1",
                "opened_at": wall(desk, ticket.created, look),
                "sys_created_by": "?",
                "sys_created_at": "?",
                "sys_updated_by": account(told[0].by),
                "sys_updated_at": wall(desk, at, look),
                "contact_type": {"email": "Email", "phone": "Phone"}.get(ticket.channel, "Self service"),
                "location": "Location 7",
                "category": desk.words.categories[ticket.category],
                "impact": "2 - Medium",
                "urgency": "2 - Medium",
                "priority": _PRIORITIES[now["priority"]],
                "assignment_group": now["group"],
                "assigned_to": now["assignee"] or "?",
                "knowledge": "true",
                "u_priority_confirmation": "false",
                "closed_code": "code 6",
                "resolved_at": wall(desk, row.solved, look) or "?",
                "closed_at": wall(desk, row.solved if row.status == "closed" else None, look) or "?",
            },
        )


# --- targets ----------------------------------------------------------------------------------------------------------


def servicenow_sla(desk: Desk) -> Files:
    """The list of incidents, and their targets beside it: the end of a response is the first reply."""
    targets = [one for ticket, row in rows(desk) for one in _targets(ticket, row)]
    return {**servicenow_names(desk), "task_sla.csv": csv_of(targets)}


def _targets(ticket: Ticket, row: Summary) -> Iterator[Row]:
    first, due = _PRIORITIES[row.priority][0], ticket.created + _RESPONSE[row.priority]
    ends = (
        (f"Priority {first} response", due, row.first_reply),
        (f"Priority {first} resolution", ticket.created + _RESOLUTION, row.solved),
    )
    for name, until, end in ends:
        over = end is None and row.solved is not None
        yield {
            "task": _number(ticket),
            "sla": name,
            "stage": "cancelled" if over else "in_progress" if end is None else "completed",
            "start_time": iso(ticket.created),
            "planned_end_time": iso(until),
            "end_time": iso(row.solved if over else end),
            "has_breached": str(end is not None and end > until).lower(),
            "active": str(end is None and not over).lower(),
            "business_percentage": "50",
            "original_breach_time": iso(until),
        }


# --- a warehouse ------------------------------------------------------------------------------------------------------


def servicenow_tables(desk: Desk) -> Files:
    """Incidents, what they have of tasks, and what users, groups and companies are called."""
    told = rows(desk)
    firms = companies(desk)

    def user(person: Person | None) -> str:
        return _sys_id(person_id(person)) if person else ""

    incidents = [
        {
            "sys_id": _sys_id(ticket.number),
            **SYNCED,
            "_fivetran_deleted": "false",
            "caller_id_value": user(ticket.requester),
            "category": desk.words.categories[ticket.category],
            "incident_state": _STATES[row.status][0],
            "hold_reason": "",
            "reopen_count": row.reopens,
            "resolved_at": iso(row.solved),
            "reopened_time": "",
            "severity": "3",
            "sys_created_on": iso(ticket.created),
            "sys_updated_on": iso(row.updated),
        }
        for ticket, row in told
    ]
    tasks = [
        {
            "sys_id": _sys_id(ticket.number),
            **SYNCED,
            "number": _number(ticket),
            "sys_class_name": "incident",
            "assigned_to_value": user(row.assignee),
            "assignment_group_value": _sys_id(group_id(desk, row.group)),
            "company_value": _sys_id(firms[firm]) if (firm := ticket.requester.organization) else "",
            "contact_type": _CONTACTS[ticket.channel],
            "priority": _PRIORITIES[row.priority][0],
            "made_sla": "true",
            "opened_at": iso(ticket.created),
            "closed_at": iso(row.solved if row.status == "closed" else None),
            "sys_updated_on": iso(row.updated),
        }
        for ticket, row in told
    ]
    people = [person for person in desk.people.values() if person.role in ("agent", "customer")]
    named = {
        "sys_user": [
            {"sys_id": user(one), **SYNCED, "name": one.name, "user_name": one.email, "company_value": ""}
            for one in people
        ],
        "sys_user_group": [
            {"sys_id": _sys_id(group_id(desk, name)), **SYNCED, "name": name} for name in desk.words.groups
        ],
        "core_company": [{"sys_id": _sys_id(number), **SYNCED, "name": name} for name, number in firms.items()],
    }
    promises = {f"Priority {number} {what}" for number in range(1, 5) for what in ("response", "resolution")}
    ids = {name: _sys_id(9_000 + place) for place, name in enumerate(sorted(promises))}
    found = {
        "incident": incidents,
        "task": tasks,
        "task_sla": [
            {
                **one,
                **SYNCED,
                "sys_id": _sys_id(ticket.number),
                "task": _sys_id(ticket.number),
                "sla": ids[str(one["sla"])],
            }
            for ticket, row in told
            for one in _targets(ticket, row)
        ],
        "contract_sla": [{"sys_id": number, **SYNCED, "name": name} for name, number in ids.items()],
        **named,
    }
    return {f"{name}.csv": csv_of(table) for name, table in found.items() if table}


LAYOUTS = (
    Layout(write=servicenow_json, helpdesk="servicenow_json", silent=FLAT - {"reopen_rate"} | NO_REPLIES),
    Layout(write=servicenow_display, helpdesk="servicenow_json", silent=FLAT - {"reopen_rate"} | NO_REPLIES),
    Layout(write=servicenow_shown, helpdesk="servicenow", silent=FLAT - {"reopen_rate"} | NO_REPLIES, is_local=True),
    Layout(
        write=servicenow_log,
        helpdesk="servicenow_log",
        silent=NO_RATINGS | NO_TAGS | NO_REPLIES | BY_MESSAGES - {"requester_wait_time"},
        is_local=True,
    ),
    Layout(
        write=servicenow_sla,
        helpdesk="servicenow",
        beside=frozenset({"servicenow_sla"}),
        silent=FLAT - {"reopen_rate"} | NO_REPLIES - {"first_response_time"},
    ),
    Layout(
        write=servicenow_tables,
        helpdesk="servicenow_tables",
        silent=FLAT - {"reopen_rate"} | NO_REPLIES - {"first_response_time"},
    ),
)

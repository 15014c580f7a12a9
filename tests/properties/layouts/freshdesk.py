"""Freshdesk: Tickets > Export, and tickets as its interface lists them, with what it lists beside them."""

from __future__ import annotations

from layouts.layout import BY_HISTORY, FLAT, NO_LINES, NO_RATINGS, NO_REPLIES, NO_TAGS, UNASKED, Layout
from layouts.writing import (
    Files,
    account,
    companies,
    csv_of,
    group_id,
    iso,
    json_of,
    person_id,
    rated_at,
    rows,
    wall,
    zulu,
)
from supportkpi.demo.model import Desk, Event, Person, Ticket
from supportkpi.demo.summary import Summary

WORDS = {"new": "Open", "open": "Open", "pending": "Pending", "hold": "Waiting on Third Party"}
WORDS |= {"solved": "Resolved", "closed": "Closed"}
_SOURCES = {"email": "Email", "phone": "Phone", "chat": "Chat"}
_NUMBERS = {"new": 2, "open": 2, "pending": 3, "hold": 7, "solved": 4, "closed": 5}
_SOURCE_NUMBERS = {"email": 1, "web": 2, "phone": 3, "chat": 7, "messenger": 7}
PRIORITIES = ("low", "normal", "high", "urgent")
HALF_A_DAY = 720


def freshdesk_csv(desk: Desk) -> Files:
    """Tickets > Export of Freshdesk, with the columns that are ticked at first."""
    table = [
        {
            "Ticket ID": ticket.number,
            "Status": WORDS[row.status],
            "Priority": {"normal": "Medium"}.get(row.priority, row.priority.capitalize()),
            "Source": _SOURCES.get(ticket.channel, "Portal"),
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


def freshdesk_all(desk: Desk) -> Files:
    """The same with every column ticked, in the account's own time: durations in office hours, verdicts, ratings."""
    return {"tickets.csv": csv_of([_all(ticket, row, desk) for ticket, row in rows(desk)])}


def _all(ticket: Ticket, row: Summary, desk: Desk) -> dict[str, object]:
    answered, due = row.first_reply, ticket.created + HALF_A_DAY
    return {
        "Ticket ID": ticket.number,
        "Subject": "…",
        "Status": WORDS[row.status],
        "Priority": {"normal": "Medium"}.get(row.priority, row.priority.capitalize()),
        "Source": _SOURCES.get(ticket.channel, "Portal"),
        "Type": desk.words.categories[ticket.category],
        "Agent": row.assignee.name if row.assignee else "No Agent",
        "Group": row.group,
        "Created time": wall(desk, ticket.created),
        "Due by Time": wall(desk, due + 1440),
        "Resolved time": wall(desk, row.solved),
        "Closed time": wall(desk, closed(ticket)),
        "Last update time": wall(desk, row.updated),
        "Initial response time": wall(desk, answered),
        "Time tracked": "00:00:00",
        "First response time (in hrs)": hms(desk, ticket.created, answered),
        "Resolution time (in hrs)": hms(desk, ticket.created, row.solved),
        "Agent interactions": row.replies,
        "Customer interactions": sum(
            event.kind == "message" and event.by.role == "customer" for event in ticket.events
        ),
        "Resolution status": verdict(row.solved, due + 1440),
        "First response status": verdict(answered, due),
        "Tags": ", ".join(ticket.tags),
        "Survey results": {"good": "Extremely Happy", "bad": "Extremely Unhappy"}.get(ticket.rating or "", ""),
        "Product": "No Product",
        "Association type": "",
        "Every response status": "",
        "Summary": "No Summary",
        "Full name": f"Caller {ticket.requester.number}",
        "Email": ticket.requester.email,
        "Contact ID": ticket.requester.number,
        "Company Name": ticket.requester.organization or "No Company",
    }


def closed(ticket: Ticket) -> int | None:
    """When a ticket was closed, where it is."""
    last = ticket.last("status")
    return last.at if last is not None and last.value == "closed" else None


def hms(desk: Desk, start: int, end: int | None) -> str:
    """Office hours between two instants, as a clock that goes beyond 24."""
    if end is None:
        return ""
    minutes = desk.hours.between(start, end)
    return f"{minutes // 60:02}:{minutes % 60:02}:00"


def verdict(at: int | None, due: int) -> str:
    """Whether a deadline was kept, in their words."""
    return "" if at is None else "Within SLA" if at <= due else "SLA Violated"


# --- the interface ----------------------------------------------------------------------------------------------------


def freshdesk_json(desk: Desk) -> Files:
    """Tickets with their stats, conversations and ratings in them, the newest first; agents and groups beside them."""
    tickets = [
        {**_ticket(ticket, row, desk), "conversations": conversations(ticket), "satisfaction_ratings": _ratings(ticket)}
        for ticket, row in rows(desk)
    ]
    return {"tickets.json": json_of(tickets[::-1]), **_named(desk)}


def freshdesk_files(desk: Desk) -> Files:
    """Tickets, conversations and ratings, each in files of their own, a hundred tickets a page."""
    tickets = [_ticket(ticket, row, desk) for ticket, row in rows(desk)][::-1]
    said = [one for ticket in desk.tickets for one in conversations(ticket)]
    rated = [one for ticket in desk.tickets for one in _ratings(ticket)]
    pages = {f"tickets-{1 + at // 30}.json": json_of(tickets[at : at + 30]) for at in range(0, len(tickets), 30)}
    return {**pages, "conversations.json": json_of(said), "satisfaction_ratings.json": json_of(rated), **_named(desk)}


def freshdesk_stats(desk: Desk) -> Files:
    """Tickets with their stats alone, as a list of tickets has them."""
    tickets = [_ticket(ticket, row, desk) for ticket, row in rows(desk)]
    return {"tickets.json": json_of(tickets), **_named(desk)}


def _ticket(ticket: Ticket, row: Summary, desk: Desk) -> dict[str, object]:
    return {
        **basics(ticket, row, desk),
        "status": _NUMBERS[row.status],
        "source": _SOURCE_NUMBERS[ticket.channel],
        "type": desk.words.categories[ticket.category],
        "company_id": companies(desk).get(ticket.requester.organization or ""),
        "product_id": None,
        "email_config_id": None,
        "custom_fields": {"cf_needs_review": None},
        "company": {
            "id": companies(desk).get(ticket.requester.organization or ""),
            "name": ticket.requester.organization,
        },
    }


def basics(ticket: Ticket, row: Summary, desk: Desk) -> dict[str, object]:
    """What tickets of Freshdesk and Freshservice have alike."""
    answered, due = row.first_reply, ticket.created + HALF_A_DAY
    reopened = [event.at for event in ticket.events if event.kind == "status" and event.old in ("solved", "closed")]
    reopened = [at for at in reopened if at != closed(ticket)]
    said = [event for event in ticket.events if event.kind == "message" and event.public]
    last = ticket.last("status")
    return {
        "id": ticket.number,
        "subject": "…",
        "description_text": "…",
        "priority": 1 + PRIORITIES.index(row.priority),
        "responder_id": person_id(row.assignee) or None,
        "group_id": group_id(desk, row.group),
        "requester_id": ticket.requester.number,
        "tags": list(ticket.tags),
        "cc_emails": [],
        "fwd_emails": [],
        "created_at": zulu(ticket.created),
        "updated_at": zulu(row.updated),
        "due_by": zulu(due + 1440),
        "fr_due_by": zulu(due),
        "is_escalated": False,
        "fr_escalated": answered is None or answered > due,
        "spam": False,
        "deleted": False,
        "stats": {
            "agent_responded_at": zulu(max((one.at for one in said if one.by.role == "agent"), default=None)),
            "requester_responded_at": zulu(max(one.at for one in said if one.by.role == "customer")),
            "first_responded_at": zulu(answered),
            "status_updated_at": zulu(last.at if last else None),
            "reopened_at": zulu(reopened[-1] if reopened else None),
            "resolved_at": zulu(row.solved),
            "closed_at": zulu(closed(ticket)),
            "pending_since": None,
        },
    }


def conversations(ticket: Ticket) -> list[dict[str, object]]:
    """Replies and notes; the opening message is the description of the ticket."""
    messages = [event for event in ticket.events if event.kind == "message"][1:]
    return [_said(ticket, event, place) for place, event in enumerate(messages)]


def _said(ticket: Ticket, event: Event, place: int) -> dict[str, object]:
    return {
        "id": ticket.number * 100 + place,
        "ticket_id": ticket.number,
        "body": "…",
        "body_text": "…",
        "incoming": event.by.role == "customer",
        "private": not event.public,
        "user_id": person_id(event.by),
        "support_email": None,
        "source": 0 if event.public else 2,
        "to_emails": [],
        "from_email": None,
        "created_at": zulu(event.at),
        "updated_at": zulu(event.at),
        "attachments": [],
    }


def _ratings(ticket: Ticket) -> list[dict[str, object]]:
    if ticket.rating not in ("good", "bad"):
        return []
    return [
        {
            "id": 5_000 + ticket.number,
            "survey_id": 1,
            "user_id": ticket.requester.number,
            "agent_id": None,
            "group_id": None,
            "ticket_id": ticket.number,
            "feedback": "",
            "ratings": {"default_question": 103 if ticket.rating == "good" else -103},
            "created_at": zulu(rated_at(ticket)),
            "updated_at": zulu(rated_at(ticket)),
        }
    ]


def _named(desk: Desk) -> dict[str, bytes]:
    """Agents and groups; the bot is an agent like others there, and its name says so."""
    agents = [{"id": person_id(one), "contact": {"name": called(one), "email": one.email}} for one in staff(desk)]
    groups = [{"id": group_id(desk, name), "name": name} for name in desk.words.groups]
    return {
        "agents.json": json_of([{**one, "type": "support_agent"} for one in agents]),
        "groups.json": json_of(groups),
    }


def staff(desk: Desk) -> list[Person]:
    """Who works there, the bot too."""
    return [person for person in desk.people.values() if person.role in ("agent", "bot")]


def called(person: Person) -> str:
    """The name of an agent, or the account of a bot."""
    return account(person) if person.role == "bot" else person.name


_STARS = frozenset({"csat_mean"})
SOLVERS = {"bot_resolution_rate": "stats do not say who solved: those counts differ"}
NO_CHANGES = (NO_LINES | BY_HISTORY | {"reopen_rate", "requester_wait_time", "first_contact_resolution"}) - {
    "case_duration"
}
LAYOUTS = (
    Layout(write=freshdesk_csv, helpdesk="freshdesk", silent=FLAT - NO_TAGS),
    Layout(
        write=freshdesk_all,
        helpdesk="freshdesk",
        silent=FLAT - NO_TAGS - NO_RATINGS,
        otherwise=UNASKED,
        is_local=True,
        beyond=_STARS | {"handle_time"},
    ),
    Layout(
        write=freshdesk_json,
        helpdesk="freshdesk_json",
        beside=frozenset({"generic"}),
        silent=NO_CHANGES,
        otherwise={**UNASKED, **SOLVERS},
        dates_ratings=True,
        beyond=_STARS,
    ),
    Layout(
        write=freshdesk_files,
        helpdesk="freshdesk_json",
        beside=frozenset({"generic", "freshdesk_conversations", "freshdesk_ratings"}),
        silent=NO_CHANGES,
        otherwise={**UNASKED, **SOLVERS},
        dates_ratings=True,
        beyond=_STARS,
    ),
    Layout(
        write=freshdesk_stats,
        helpdesk="freshdesk_json",
        beside=frozenset({"generic"}),
        silent=FLAT - NO_TAGS | (NO_REPLIES - {"first_response_time"}),
    ),
)

"""HubSpot: a view as CSV, tickets of its interface with and without histories, a warehouse, and its surveys."""

from __future__ import annotations

from layouts.layout import FLAT, NO_RATINGS, NO_REPLIES, NO_TAGS, UNASKED, Layout
from layouts.writing import (
    SYNCED,
    Files,
    companies,
    csv_of,
    group_id,
    iso,
    json_of,
    person_id,
    rated_at,
    rows,
    told,
    wall,
)
from supportkpi.demo.hours import instant
from supportkpi.demo.model import Desk, Event, Person, Ticket
from supportkpi.demo.summary import Summary

_LABELS = {"new": "New", "open": "Waiting on us", "pending": "Waiting on contact", "hold": "On hold"}
_STAGES = {"new": "1", "open": "3", "pending": "2", "hold": "939275049", "solved": "4", "closed": "4"}
_SOURCES = {"email": "Email", "web": "Form", "chat": "Chat", "messenger": "Chat", "phone": "Phone"}
_PRIORITIES = {"normal": "MEDIUM"}


def hubspot_csv(desk: Desk) -> Files:
    """A view of tickets exported with every property in it, in the time of the portal; surveys by their last answer."""

    def clock(ticket: Ticket, end: int | None) -> str:
        minutes = None if end is None else end - ticket.created
        return "" if minutes is None else f"{minutes // 60:02}:{minutes % 60:02}:00"

    look = "%Y-%m-%d %H:%M"
    table = [
        {
            "Ticket ID": 5_000_000 + ticket.number,
            "Ticket name": "…",
            "Pipeline": "Support Pipeline",
            "Ticket status": _LABELS.get(row.status, "Closed"),
            "Priority": _PRIORITIES.get(row.priority, row.priority).capitalize(),
            "Source": _SOURCES[ticket.channel],
            "Category": desk.words.categories[ticket.category],
            "Ticket owner": row.assignee.name if row.assignee else "",
            "Create date": wall(desk, ticket.created, look),
            "Close date": wall(desk, row.solved, look),
            "Last modified date": wall(desk, row.updated, look),
            "First agent email response date": wall(desk, row.first_reply, look),
            "Time to first agent email reply (HH:mm:ss)": clock(ticket, row.first_reply),
            "Time to close (HH:mm:ss)": clock(ticket, row.solved),
            "Associated Company (Primary)": ticket.requester.organization or "",
            "All associated contact emails": ticket.requester.email,
            "Last CSAT Survey Rating": {"good": 5, "bad": 1}.get(ticket.rating or "", ""),
            "Last CSAT Survey Date": wall(desk, rated_at(ticket), look) if ticket.rating in ("good", "bad") else "",
        }
        for ticket, row in rows(desk)
    ]
    return {"hubspot-crm-exports-all-tickets.csv": csv_of(table)}


def _millis(at: int | None) -> str | None:
    return None if at is None else f"{instant(at):%Y-%m-%dT%H:%M:%S.000Z}"


def _object(ticket: Ticket, row: Summary, desk: Desk) -> dict[str, object]:
    firm = companies(desk).get(ticket.requester.organization or "")
    linked = {"contacts": {"results": [{"id": str(ticket.requester.number), "type": "ticket_to_contact"}]}}
    if firm is not None:
        linked["companies"] = {"results": [{"id": str(firm), "type": "ticket_to_company"}]}
    return {
        "id": str(ticket.number),
        "properties": {
            "subject": "…",
            "content": "…",
            "hs_object_id": str(ticket.number),
            "hs_pipeline": "0",
            "hs_pipeline_stage": _STAGES[row.status],
            "hs_ticket_priority": _PRIORITIES.get(row.priority, row.priority).upper(),
            "hs_ticket_category": desk.words.categories[ticket.category],
            "hubspot_owner_id": str(person_id(row.assignee)) or None,
            "hubspot_team_id": str(group_id(desk, row.group)),
            "source_type": _SOURCES[ticket.channel].upper(),
            "createdate": _millis(ticket.created),
            "closed_date": _millis(row.solved),
            "first_agent_reply_date": _millis(row.first_reply),
            "time_to_close": None if row.solved is None else str((row.solved - ticket.created) * 60_000),
            "hs_lastmodifieddate": _millis(row.updated),
        },
        "createdAt": _millis(ticket.created),
        "updatedAt": _millis(row.updated),
        "archived": False,
        "associations": linked,
    }


def hubspot_json(desk: Desk) -> Files:
    """Tickets of the interface with their properties and associations, and the owners beside them."""
    tickets = [_object(ticket, row, desk) for ticket, row in rows(desk)]
    return {"tickets.json": json_of({"results": tickets, "paging": {"next": {"after": "1"}}}), **_owners(desk)}


def hubspot_history(desk: Desk) -> Files:
    """The same with the history of each property, the newest value first."""
    tickets = [
        {**_object(ticket, row, desk), "propertiesWithHistory": _history(ticket, desk)} for ticket, row in rows(desk)
    ]
    return {"tickets.json": json_of({"results": tickets}), **_owners(desk)}


def _history(ticket: Ticket, desk: Desk) -> dict[str, object]:
    names = {"status": "hs_pipeline_stage", "assignee": "hubspot_owner_id", "priority": "hs_ticket_priority"}
    names["group"] = "hubspot_team_id"
    return {
        name: [
            {
                "value": _value(event, desk),
                "timestamp": _millis(event.at),
                "sourceType": "CRM_UI" if event.by.role == "agent" else "AUTOMATION_PLATFORM",
                "sourceId": f"userId:{person_id(event.by)}" if event.by.role == "agent" else "rule",
                **({"updatedByUserId": person_id(event.by)} if event.by.role == "agent" else {}),
            }
            for event in reversed(ticket.events)
            if event.kind == kind and not _is_same(event)
        ]
        for kind, name in names.items()
    }


def _value(event: Event, desk: Desk) -> str:
    value = event.value or ""
    if event.kind == "status":
        return _STAGES[value]
    if event.kind == "priority":
        return _PRIORITIES.get(value, value).upper()
    return str(person_id(desk.people[value]) if event.kind == "assignee" else group_id(desk, value))


def _is_same(event: Event) -> bool:
    """A solved ticket that is closed stays in its stage."""
    return event.kind == "status" and _STAGES.get(event.old or "") == _STAGES[event.value or ""]


def _agents(desk: Desk) -> list[Person]:
    return [person for person in desk.people.values() if person.role == "agent"]


def _owners(desk: Desk) -> Files:
    owners = [
        {
            "id": str(person_id(one)),
            "email": one.email,
            "firstName": one.name.split()[0],
            "lastName": " ".join(one.name.split()[1:]),
            "userId": person_id(one),
            "archived": False,
        }
        for one in _agents(desk)
    ]
    teams = [{"id": str(group_id(desk, name)), "name": name, "userIds": []} for name in desk.words.groups]
    stages = [
        {"id": stage, "label": label, "displayOrder": place, "metadata": {"ticketState": _state(label)}}
        for place, (stage, label) in enumerate(_stages().items())
    ]
    pipelines = [{"id": "0", "label": "Support Pipeline", "displayOrder": 0, "stages": stages, "archived": False}]
    found = {"owners": owners, "teams": teams, "pipelines": pipelines}
    return {f"{name}.json": json_of({"results": held}) for name, held in found.items()}


def _stages() -> dict[str, str]:
    return {_STAGES[status]: label for status, label in {**_LABELS, "closed": "Closed"}.items()}


def _state(label: str) -> str:
    return "CLOSED" if label == "Closed" else "OPEN"


# --- a warehouse ------------------------------------------------------------------------------------------------------


def hubspot_tables(desk: Desk) -> Files:
    """Tickets, the history of their properties, and what stages, owners and teams are called."""
    firms = companies(desk)
    tickets = [
        {
            "id": ticket.number,
            **SYNCED,
            "is_deleted": "false",
            "property_closed_date": iso(row.solved),
            "property_createdate": iso(ticket.created),
            "property_first_agent_reply_date": iso(row.first_reply),
            "property_hs_pipeline": "0",
            "property_hs_pipeline_stage": _STAGES[row.status],
            "property_hs_ticket_category": desk.words.categories[ticket.category],
            "property_hs_ticket_priority": _PRIORITIES.get(row.priority, row.priority).upper(),
            "property_hubspot_owner_id": person_id(row.assignee),
            "property_hubspot_team_id": group_id(desk, row.group),
            "property_source_type": _SOURCES[ticket.channel].upper(),
            "property_hs_lastmodifieddate": iso(row.updated),
            "property_subject": "…",
            "property_content": "…",
        }
        for ticket, row in rows(desk)
    ]
    names = {"status": "hs_pipeline_stage", "assignee": "hubspot_owner_id", "priority": "hs_ticket_priority"}
    names["group"] = "hubspot_team_id"
    history = [
        {
            "name": names[event.kind],
            "source": "CRM_UI",
            "source_id": f"userId:{person_id(event.by)}",
            "ticket_id": ticket.number,
            "timestamp_instant": iso(event.at),
            "value": _value(event, desk),
            **SYNCED,
        }
        for ticket, event in told(desk, *names)
        if not _is_same(event)
    ]
    asked = {ticket.number: ticket.requester for ticket in desk.tickets}
    found = {
        "ticket": tickets,
        "ticket_property_history": history,
        "ticket_pipeline": [{"pipeline_id": "0", "label": "Support Pipeline", "active": "true", **SYNCED}],
        "ticket_pipeline_stage": [
            {
                "stage_id": stage,
                "pipeline_id": "0",
                "label": label,
                "is_closed": str(label == "Closed").lower(),
                "ticket_state": _state(label),
                **SYNCED,
            }
            for stage, label in _stages().items()
        ],
        "owner": [{"owner_id": person_id(one), "email": one.email, **SYNCED} for one in _agents(desk)],
        "team": [{"id": group_id(desk, name), "name": name, **SYNCED} for name in desk.words.groups],
        "ticket_contact": [
            {"ticket_id": number, "contact_id": one.number, "type_id": 16, **SYNCED} for number, one in asked.items()
        ],
        "ticket_company": [
            {"ticket_id": number, "company_id": firms[one.organization], **SYNCED}
            for number, one in asked.items()
            if one.organization
        ],
    }
    return {f"{name}.csv": csv_of(table) for name, table in found.items() if table}


# --- surveys ----------------------------------------------------------------------------------------------------------


def hubspot_feedback(desk: Desk) -> Files:
    """Feedback submissions: the answers to "would you recommend us", of contacts."""
    found = [
        {
            "id": str(place),
            "properties": {
                "hs_survey_type": "NPS",
                "hs_survey_name": "Relationship",
                "hs_value": str(one.score),
                "hs_submission_timestamp": _millis(one.at),
                "hs_contact_id": str(one.by.number),
                "hs_content": None,
            },
            "createdAt": _millis(one.at),
            "updatedAt": _millis(one.at),
            "archived": False,
        }
        for place, one in enumerate(desk.scores)
    ]
    return {"feedback_submissions.json": json_of({"results": found})}


_CLOSED = {"case_duration": "closed is closed: nothing follows days later"}
_NO_MESSAGES = frozenset({"bot_resolution_rate", "first_contact_resolution", "next_response_time"})
_COUNTS = NO_REPLIES - {"first_response_time"}
LAYOUTS = (
    Layout(
        write=hubspot_csv,
        helpdesk="hubspot",
        silent=FLAT - NO_RATINGS | _COUNTS,
        otherwise=UNASKED,
        is_local=True,
        csat_scale="1-5",
        dates_ratings=True,
        beyond=frozenset({"csat_mean"}),
    ),
    Layout(write=hubspot_json, helpdesk="hubspot_json", beside=frozenset({"generic"}), silent=FLAT | _COUNTS),
    Layout(
        write=hubspot_history,
        helpdesk="hubspot_history",
        beside=frozenset({"generic"}),
        silent=NO_RATINGS | NO_TAGS | _NO_MESSAGES | _COUNTS,
        otherwise=_CLOSED,
    ),
    Layout(
        write=hubspot_tables,
        helpdesk="hubspot_tables",
        silent=NO_RATINGS | NO_TAGS | _NO_MESSAGES | _COUNTS,
        otherwise=_CLOSED,
    ),
    Layout(write=hubspot_feedback, helpdesk="hubspot_feedback", is_asked=True, shows=frozenset({"nps"})),
)

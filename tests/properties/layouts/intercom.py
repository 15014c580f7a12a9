"""Intercom: conversations and their parts in a warehouse."""

from __future__ import annotations

from layouts.intercom_api import AUTHORS, SOURCES, STATES, parts_of, talk_id
from layouts.layout import Layout
from layouts.writing import SYNCED, Files, csv_of, group_id, iso, person_id, rated_at, rows
from supportkpi.demo.model import Desk, Ticket
from supportkpi.demo.summary import Summary


def intercom_tables(desk: Desk) -> Files:
    """The versions of conversations, their parts and tags, teammates and teams, in a warehouse."""
    talks = [_talk(ticket, row) for ticket, row in rows(desk)]
    before = [{**talk, "state": "open", "_fivetran_active": "false"} for talk in talks]
    agents = [person for person in desk.people.values() if person.role == "agent"]
    names = sorted({tag for ticket in desk.tickets for tag in ticket.tags})
    found = {
        "conversation_history": [*before, *talks],
        "conversation_part_history": [one for ticket in desk.tickets for one in _parts(ticket, desk)],
        "conversation_tag_history": [
            {"conversation_id": ticket.number, "tag_id": names.index(tag), **SYNCED, "_fivetran_active": "true"}
            for ticket in desk.tickets
            for tag in ticket.tags
        ],
        "tag": [{"id": place, **SYNCED, "name": name} for place, name in enumerate(names)],
        "admin": [{"id": person_id(one), **SYNCED, "name": one.name, "email": one.email} for one in agents],
        "team": [{"id": group_id(desk, name), **SYNCED, "name": name} for name in desk.words.groups],
    }
    return {f"{name}.csv": csv_of(table) for name, table in found.items()}


def _talk(ticket: Ticket, row: Summary) -> dict[str, object]:
    return {
        "id": ticket.number,
        "updated_at": iso(row.updated),
        **SYNCED,
        "created_at": iso(ticket.created),
        "assignee_id": person_id(row.assignee),
        "assignee_type": "admin" if row.assignee else "",
        "conversation_rating_created_at": iso(rated_at(ticket)),
        "conversation_rating_remark": "",
        "conversation_rating_value": {"good": 5, "bad": 1}.get(ticket.rating or "", ""),
        "state": STATES.get(row.status, "open"),
        "priority": "not_priority",
        "source_type": SOURCES[ticket.channel],
        "source_author_id": talk_id(ticket.requester),
        "source_author_type": "user",
        "source_delivered_as": "customer_initiated",
        "_fivetran_active": "true",
    }


def _parts(ticket: Ticket, desk: Desk) -> list[dict[str, object]]:
    return [
        {
            "id": ticket.number * 100 + place,
            **SYNCED,
            "conversation_id": ticket.number,
            "author_id": talk_id(event.by),
            "author_type": AUTHORS.get(event.by.role, "bot"),
            "assigned_to_id": "" if assigned is None else assigned["id"],
            "assigned_to_type": "" if assigned is None else assigned["type"],
            "created_at": iso(event.at),
            "part_type": sort,
            "body": body or "",
            "_fivetran_active": "true",
        }
        for place, (event, sort, body, assigned) in enumerate(parts_of(ticket, desk))
    ]


LAYOUTS = (
    Layout(
        write=intercom_tables,
        helpdesk="intercom_tables",
        otherwise={
            **dict.fromkeys(("hold_time", "agent_wait_time", "requester_wait_time"), "every wait is called snoozed"),
            **dict.fromkeys(("repeat_contact_rate", "first_contact_resolution"), "there is no category"),
            **dict.fromkeys(
                ("csat.worst_case", "csat.best_case", "csat_response_rate"),
                "a question that nobody answered is not read from a row of a conversation",
            ),
        },
        has_priority=False,
        dates_ratings=True,
        beyond=frozenset({"csat_mean"}),
    ),
)

"""Naumen Service Desk: service calls by the codes of their attributes."""

from __future__ import annotations

from layouts.layout import FLAT, NO_REPLIES, Layout
from layouts.writing import Files, companies, json_of, person_id, rows, wall
from supportkpi.demo.model import Desk

_STATES = {"new": "registered", "open": "inprogress", "pending": "deferred", "hold": "deferred", "solved": "resolved"}
_PRIORITIES = {"urgent": "Критический", "high": "Высокий", "normal": "Средний", "low": "Низкий"}


def naumen(desk: Desk) -> Files:
    """Service calls as objects in objects, each with its code and its title."""
    look, firms = "%Y.%m.%d %H:%M:%S", companies(desk)
    calls = []
    for ticket, row in rows(desk):
        asked, place = ticket.requester, desk.words.groups.index(row.group)
        agent = {"UUID": f"employee${person_id(row.assignee)}", "title": row.assignee.name} if row.assignee else None
        category = list(desk.words.categories).index(ticket.category)
        firm = {"UUID": f"ou${firms[asked.organization]}", "title": asked.organization} if asked.organization else None
        calls.append(
            {
                "UUID": f"serviceCall${ticket.number}",
                "metaClass": "serviceCall$call",
                "title": f"{ticket.number}",
                "shortDescr": "…",
                "descriptionRTF": "<p>…</p>",
                "agreement": {"UUID": "agreement$1", "title": "Базовое"},
                "service": {"UUID": f"slmService${category}", "title": desk.words.categories[ticket.category]},
                "author": {"UUID": f"employee${asked.number}", "title": asked.name},
                "clientEmployee": {"UUID": f"employee${asked.number}", "title": asked.name},
                "clientOU": firm,
                "responsibleEmployee": agent,
                "responsibleTeam": {"UUID": f"team${place}", "title": row.group},
                "priority": {"UUID": f"priority${row.priority}", "title": _PRIORITIES[row.priority]},
                "state": _STATES.get(row.status, "closed"),
                "registrationDate": wall(desk, ticket.created, look),
                "resolvedDate": wall(desk, row.solved, look) or None,
                "lastModifiedDate": wall(desk, row.updated, look),
            }
        )
    return {"serviceCalls.json": json_of(calls)}


LAYOUTS = (Layout(write=naumen, helpdesk="naumen", silent=FLAT | NO_REPLIES, is_local=True),)

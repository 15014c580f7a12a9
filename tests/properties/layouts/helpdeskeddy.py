"""HelpDeskEddy: tickets by number, whose names are objects by language."""

from __future__ import annotations

from layouts.layout import FLAT, NO_RATINGS, NO_REPLIES, Layout
from layouts.writing import Files, json_of, person_id, rows, wall
from supportkpi.demo.model import Desk

_STATUSES = {
    "new": ("open", "Open", "Открыт"),
    "open": ("process", "In progress", "В процессе"),
    "pending": ("wait", "Awaiting reply", "Ожидает ответа"),
    "hold": ("hold", "On hold", "Отложен"),
    "solved": ("closed", "Closed", "Закрыт"),
    "closed": ("closed", "Closed", "Закрыт"),
    "deleted": ("closed", "Closed", "Закрыт"),
}
_PRIORITIES = {
    "low": (1, "Low", "Низкий"),
    "normal": (2, "Normal", "Обычный"),
    "high": (3, "High", "Высокий"),
    "urgent": (4, "Urgent", "Срочный"),
}


def _named(found: tuple[object, str, str]) -> dict[str, object]:
    number, english, russian = found
    return {"id": number, "name": {"en": english, "ru": russian}}


def helpdeskeddy(desk: Desk) -> Files:
    """A page of tickets: the clock before the date, nothing that says when one was solved."""
    look = "%H:%M:%S %d.%m.%Y"
    tickets = {}
    for ticket, row in rows(desk):
        category = desk.words.categories[ticket.category]
        tickets[str(ticket.number)] = {
            "id": ticket.number,
            "unique_id": f"HDE-{ticket.number}",
            "title": "…",
            "status": _named(_STATUSES[row.status]),
            "priority": _named(_PRIORITIES[row.priority]),
            "type": _named((list(desk.words.categories).index(ticket.category) + 1, category, category)),
            "department": _named((desk.words.groups.index(row.group) + 1, row.group, row.group)),
            "owner_id": person_id(row.assignee) or 0,
            "user_id": ticket.requester.number,
            "date_created": wall(desk, ticket.created, look),
            "date_updated": wall(desk, row.updated, look),
            "rate": {"good": 5, "bad": 1}.get(ticket.rating or "", 0),
            "deleted": int(ticket.exclusion == "spam"),
            "freeze": 0,
        }
    page = {"data": tickets, "pagination": {"total": len(tickets), "per_page": 500, "current_page": 1}}
    return {"tickets.json": json_of(page)}


LAYOUTS = (
    Layout(
        write=helpdeskeddy,
        helpdesk="helpdeskeddy",
        silent=FLAT - NO_RATINGS | NO_REPLIES | {"closure_ratio", "repeat_contact_rate", "resolution_time"},
        lacks=frozenset({"offer"}),
        otherwise={
            "csat": "without the day of the solution a rating counts in the month of its ticket",
        },
        beyond=frozenset({"csat_mean"}),
        fates=frozenset({"spam"}),
        csat_scale="1-5",
        is_local=True,
        is_asked=True,
    ),
)

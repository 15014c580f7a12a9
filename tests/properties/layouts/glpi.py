"""GLPI: the list of tickets, and the table of them in its data base."""

from __future__ import annotations

from layouts.layout import FLAT, NO_REPLIES, Layout
from layouts.writing import Files, csv_of, rows
from supportkpi.demo.hours import instant
from supportkpi.demo.model import Desk

NO_REQUESTERS = frozenset({"repeat_contact_rate", "requesters", "requesters_solved", "tickets_per_requester"})
"""What a table without who asked cannot show."""


def glpi_csv(desk: Desk) -> Files:
    """The list of tickets of GLPI, with semicolons."""

    def wall(at: int | None) -> str:
        return "" if at is None else f"{instant(at):%Y-%m-%d %H:%M}"

    words = {"new": "New", "open": "Processing (assigned)", "pending": "Pending", "hold": "Pending"}
    table = [
        {
            "ID": ticket.number,
            "Status": words.get(row.status) or {"solved": "Solved"}.get(row.status, "Closed"),
            "Priority": {"urgent": "Very high", "high": "High", "normal": "Medium", "low": "Low"}[row.priority],
            "Requester - Requester": f"Caller {ticket.requester.number}",
            "Assigned to - Technician": row.assignee.name if row.assignee else "",
            "Assigned to - Technician group": row.group,
            "Category": desk.words.categories[ticket.category],
            "Opening date": wall(ticket.created),
            "Resolution date": wall(row.solved),
            "Closing date": wall(row.solved if row.status == "closed" else None),
            "Last update": wall(row.updated),
        }
        for ticket, row in rows(desk)
    ]
    return {"glpi.csv": csv_of(table, delimiter=";")}


def glpi_table(desk: Desk) -> Files:
    """The table glpi_tickets, as a data base writes it out."""

    def stamp(at: int | None) -> str:
        return "NULL" if at is None else f"{instant(at):%Y-%m-%d %H:%M:%S}"

    states = {"new": 1, "open": 2, "pending": 4, "hold": 4, "solved": 5}
    table = [
        {
            "id": ticket.number,
            "entities_id": 0,
            "name": "A question",
            "date": stamp(ticket.created),
            "closedate": stamp(row.solved if row.status == "closed" else None),
            "solvedate": stamp(row.solved),
            "date_mod": stamp(row.updated),
            "users_id_lastupdater": 2,
            "status": states.get(row.status, 6),
            "users_id_recipient": 2,
            "requesttypes_id": 1,
            "priority": {"urgent": 5, "high": 4, "normal": 3, "low": 2}[row.priority],
            "itilcategories_id": ticket.category,
            "takeintoaccount_delay_stat": 0,
            "solve_delay_stat": 0,
            "close_delay_stat": 0,
            "is_deleted": 0,
        }
        for ticket, row in rows(desk)
    ]
    return {"glpi_tickets.csv": csv_of(table)}


LAYOUTS = (
    Layout(write=glpi_csv, helpdesk="glpi", silent=FLAT | NO_REPLIES),
    Layout(write=glpi_table, helpdesk="glpi_table", silent=FLAT | NO_REPLIES | NO_REQUESTERS),
)

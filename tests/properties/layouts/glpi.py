"""GLPI: the list of tickets."""

from __future__ import annotations

from layouts.layout import FLAT, NO_REPLIES, Layout
from layouts.writing import Files, csv_of, rows
from supportkpi.demo.hours import instant
from supportkpi.demo.model import Desk


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


LAYOUTS = (Layout(write=glpi_csv, helpdesk="glpi", silent=FLAT | NO_REPLIES),)

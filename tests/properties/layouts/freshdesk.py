"""Freshdesk: Tickets > Export."""

from __future__ import annotations

from layouts.layout import FLAT, NO_TAGS, Layout
from layouts.writing import Files, csv_of, iso, rows
from supportkpi.demo.model import Desk


def freshdesk_csv(desk: Desk) -> Files:
    """Tickets > Export of Freshdesk."""
    words = {"new": "Open", "open": "Open", "pending": "Pending", "hold": "Waiting on Third Party"}
    table = [
        {
            "Ticket ID": ticket.number,
            "Status": words.get(row.status) or {"solved": "Resolved"}.get(row.status, row.status.capitalize()),
            "Priority": {"normal": "Medium"}.get(row.priority, row.priority.capitalize()),
            "Source": {"email": "Email", "phone": "Phone", "chat": "Chat"}.get(ticket.channel, "Portal"),
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


LAYOUTS = (Layout(write=freshdesk_csv, helpdesk="freshdesk", silent=FLAT - NO_TAGS),)

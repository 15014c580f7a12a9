"""osTicket: the export of a queue, and the table of tickets in its data base."""

from __future__ import annotations

from layouts.layout import FLAT, NO_REPLIES, Layout
from layouts.writing import Files, csv_of, rows, wall
from supportkpi.demo.hours import instant
from supportkpi.demo.model import Desk, Ticket
from supportkpi.demo.summary import Summary

_STATUSES = {"solved": "Resolved", "closed": "Closed", "deleted": "Deleted"}
_PRIORITIES = {"urgent": "Emergency", "high": "High", "normal": "Normal", "low": "Low"}
_SOURCES = {"email": "Email", "web": "Web", "phone": "Phone", "chat": "API", "messenger": "API"}
_LOOK = "%m/%d/%y %I:%M %p"


def _queued(ticket: Ticket, row: Summary, desk: Desk) -> dict[str, object]:
    topic = desk.words.categories[ticket.category]
    entries = [event for event in ticket.events if event.kind == "message"]
    return {
        "Ticket Number": f"{ticket.number:06}",
        "Date Created": wall(desk, ticket.created, _LOOK),
        "Subject": f"{topic}, a question",
        "From": ticket.requester.name,
        "From Email": ticket.requester.email,
        "Priority": _PRIORITIES[row.priority],
        "Department": row.group,
        "Help Topic": topic,
        "Source": _SOURCES[ticket.channel],
        "Current Status": _STATUSES.get(row.status, "Open"),
        "Last Updated": wall(desk, row.updated, _LOOK),
        "SLA Due Date": wall(desk, ticket.created + 2 * 1440, _LOOK),
        "SLA Plan": "Default SLA",
        "Due Date": "",
        "Closed Date": wall(desk, row.solved, _LOOK),
        "Overdue": "No",
        "Merged": "Yes" if ticket.exclusion == "merged" else "No",
        "Linked": "No",
        "Answered": "Yes" if entries[-1].by.role == "agent" else "No",
        "Agent Assigned": row.assignee.name if row.assignee else "",
        "Team Assigned": "",
        "Thread Count": len(entries),
        "Reopen Count": row.reopens,
        "Attachment Count": 0,
        "Task Count": 0,
    }


def osticket(desk: Desk) -> Files:
    """Export of a queue of osTicket: a byte-order mark, the agent's clock, the last one first."""
    table = [_queued(ticket, row, desk) for ticket, row in reversed(rows(desk))]
    return {"tickets.csv": b"\xef\xbb\xbf" + csv_of(table, delimiter="," if desk.words.lang == "en" else ";")}


def osticket_table(desk: Desk) -> Files:
    """The table ost_ticket, as a data base writes it out: 0 is nobody."""

    def stamp(at: int | None) -> str:
        return "NULL" if at is None else f"{instant(at):%Y-%m-%d %H:%M:%S}"

    table = [
        {
            "ticket_id": ticket.number,
            "number": f"{ticket.number:06}",
            "user_id": ticket.requester.number,
            "user_email_id": 0,
            "status_id": {"solved": 2, "closed": 3, "deleted": 5}.get(row.status, 1),
            "dept_id": desk.words.groups.index(row.group) + 1 if row.group in desk.words.groups else 9,
            "sla_id": 1,
            "topic_id": ticket.category,
            "staff_id": row.assignee.name if row.assignee else 0,
            "source": _SOURCES[ticket.channel],
            "isoverdue": 0,
            "isanswered": 1,
            "closed": stamp(row.solved),
            "lastupdate": stamp(row.updated),
            "created": stamp(ticket.created),
        }
        for ticket, row in rows(desk)
    ]
    return {"ost_ticket.csv": csv_of(table)}


LAYOUTS = (
    Layout(
        write=osticket_table,
        helpdesk="osticket_table",
        silent=FLAT | NO_REPLIES,
        has_priority=False,
        fates=frozenset({"spam"}),
    ),
    Layout(
        write=osticket,
        helpdesk="osticket",
        silent=FLAT - {"reopen_rate"} | NO_REPLIES,
        is_local=True,
        fates=frozenset({"spam", "merged"}),
    ),
)

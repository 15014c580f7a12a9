"""Nicereply: ratings as a table, of which no column is confirmed; its reader names the tool."""

from __future__ import annotations

from layouts.layout import Layout
from layouts.writing import Files, csv_of, rated_at, rows, wall
from supportkpi.demo.model import Desk

_SCORES = {"good": 5, "bad": 2}


def nicereply(desk: Desk) -> Files:
    """Ratings of 1 to 5, one a row, on the account's own clock."""
    table = [
        {
            "Created": wall(desk, rated_at(ticket)),
            "Ticket ID": ticket.number,
            "Agent": row.assignee.name if row.assignee else "",
            "Customer email": ticket.requester.email,
            "CSAT score (1-5)": _SCORES[ticket.rating or ""],
            "Comment": "…",
        }
        for ticket, row in rows(desk)
        if ticket.rating in _SCORES
    ]
    return {"ratings.csv": csv_of(table)}


LAYOUTS = (
    Layout(
        write=nicereply,
        helpdesk="nicereply",
        shows=frozenset({"csat"}),
        beyond=frozenset({"csat_mean"}),
        is_local=True,
        is_asked=True,
        dates_ratings=True,
    ),
)

"""The demo's tickets in canonical frames: what a loader that loses nothing would make of them."""

from __future__ import annotations

from typing import Any

import polars as pl

import supportkpi
from supportkpi.demo.hours import instant
from supportkpi.demo.model import Desk, Ticket
from supportkpi.demo.summary import summary
from supportkpi.schema import EVENTS, SURVEYS, TICKETS, Dataset, Extent, Sight

EVERYTHING = {sight: Extent.EVERY for sight in Sight if sight not in (Sight.offer, Sight.rating)}


def events(desk: Desk) -> pl.DataFrame:
    """Every event of every ticket, with the columns of EVENTS."""
    told = [(ticket, event) for ticket in desk.tickets for event in ticket.events]
    columns: dict[str, list[Any]] = {
        "ticket_id": [str(ticket.number) for ticket, _ in told],
        "at": [instant(event.at) for _, event in told],
        "seq": list(range(len(told))),
        "kind": [event.kind for _, event in told],
        "actor": [event.by.role for _, event in told],
        "actor_id": [event.by.name for _, event in told],
        "public": [event.public for _, event in told],
        "value": [event.value for _, event in told],
        "raw": [event.value if event.kind == "status" else None for _, event in told],
    }
    return pl.DataFrame(columns, schema=dict(EVENTS))


def tickets(desk: Desk) -> pl.DataFrame:
    """A row a ticket, as it stood at the export."""
    rows = [_row(ticket, desk) for ticket in desk.tickets]
    return pl.DataFrame(rows, schema={name: TICKETS[name] for name in _row(desk.tickets[0], desk)})


def _row(ticket: Ticket, desk: Desk) -> dict[str, Any]:
    row, words = summary(ticket, desk), desk.words
    return {
        "ticket_id": str(ticket.number),
        "requester_id": str(ticket.requester.number),
        "organization_id": ticket.requester.organization,
        "channel": ticket.channel,
        "priority": row.priority,
        "category": words.categories[ticket.category],
        "tier": words.tiers["vip" if ticket.requester.is_vip else "standard"],
        "group": row.group,
        "assignee_id": row.assignee.name if row.assignee else None,
        "status": row.status,
        "status_raw": row.status,
        "opener": ticket.opener,
        "tags": list(ticket.tags),
        "exclusion": "deleted" if row.status == "deleted" else "merged" if ticket.merged_into else None,
        "observed_until": instant(max(one.events[-1].at for one in desk.tickets)),
    }


def surveys(desk: Desk) -> pl.DataFrame:
    """The ratings of the tickets, as an export without their dates has them, and the answers to NPS."""
    asked = [ticket for ticket in desk.tickets if ticket.rating not in (None, "unoffered")]
    rated = [
        {
            "instrument": "csat",
            "ticket_id": str(ticket.number),
            "respondent_id": str(ticket.requester.number),
            "score": {"good": 1.0, "bad": 0.0}.get(ticket.rating or ""),
            "answer": ticket.rating,
            "scale": "binary",
        }
        for ticket in asked
    ]
    scores = [
        {"instrument": "nps", "at": instant(one.at), "respondent_id": str(one.by.number), "score": float(one.score)}
        for one in desk.scores
    ]
    return pl.DataFrame([*rated, *scores], schema=dict(SURVEYS))


def canonical(desk: Desk) -> Dataset:
    """The whole helpdesk as a Log that shows everything."""
    observes = {**EVERYTHING, Sight.offer: Extent.EVERY, Sight.rating: Extent.LAST}
    return supportkpi.dataset(events=events(desk), tickets=tickets(desk), surveys=surveys(desk), observes=observes)

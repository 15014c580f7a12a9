"""Work logs: a row an entry of time that somebody logged on a ticket, in a table beside the tickets; entries add up."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from supportkpi.loaders._part import ROWS, Part, Request
from supportkpi.loaders.generic._generic import beside
from supportkpi.loaders.generic._headers import ENTITY, folded, synonyms
from supportkpi.loaders.mapping._claims import Claim, Plan
from supportkpi.loaders.mapping._recognise import recognise
from supportkpi.loaders.wide._sample import Sample
from supportkpi.loaders.wide._settle import settle
from supportkpi.loaders.wide._wide import Ask, told_part

_SPENT = "given_handle_s"
# Patterns that few runs ask are texts: re compiles each when it is first used, and keeps it.
_LOGGED = (
    r"\b(?:work ?logs?|time ?(?:entry|log|sheet)|billable|timer running|executed at|spent on|date spent|date worked"
    r"|work(?:ed)? (?:on|date|day)|logged (?:at|by|on)|дата работ\w*|дата списания|дата трудозатрат|списал\w*)\b"
)
_CALLS = (
    r"\b(?:talk\w*|calls?|conversations?|chats?|billsec|разговор\w*|звонк\w*|вызов\w*|диалог\w*"
    r"|llamadas?|chamadas?|anruf\w*|appels?)\b"
)
"""Headers of an entry of a work log; of what lasted by itself, and was not logged."""
_OWN = r"^(?:id|key|(?:work ?log|time ?(?:entry|log|sheet)|log|entry|record)s? (?:id|key|number|no))$"
"""Headers of the id of an entry."""
_HOURS = frozenset(("hours", "часы", "stunden", "horas", "heures"))
_OF_TICKETS = frozenset(
    (
        *("status", "priority", "solved_at", "closed_at", "first_reply_at", "first_response_due_at"),
        *("resolution_due_at", "given_first_response_s", "given_resolution_s", "csat", "opener"),
    )
)
"""What tickets have, and entries of work do not."""


def work_part(request: Request) -> Part | None:
    """The part of a work log, its entries added up ticket by ticket; None where the table is of another kind.

    Raises:
        KpiError: its ids do not allow a reading.
    """
    columns = request.table.columns
    if request.mapping is not None or request.reading.helpdesk or request.chosen or not request.table.rows:
        return None
    if not any(re.search(_LOGGED, folded(column)) for column in columns):
        return None
    claims = _claims(request.sample)
    if claims is None or recognise(columns, path=request.table.name) is not None:
        return None
    settled = settle(
        Plan(id="worklog", title="time logged on tickets", claims=claims, keep=()), request.sample, request.reading
    )
    if not all(settled.has(claim.field) for claim in claims):
        return None
    part = told_part(settled, request.sample, (), Ask(reading=request.reading))
    spent = pl.when(pl.col(_SPENT).count() > 0).then(pl.col(_SPENT).sum()).alias(_SPENT)
    frame = part.frame.group_by("ticket_id", maintain_order=True).agg(spent, pl.len().cast(pl.UInt32).alias(ROWS))
    return replace(part, frame=frame, observes={}, stamps=(), only_adds=True)


def _claims(sample: Sample) -> tuple[Claim, ...] | None:
    """The columns of the ticket and the time, where each row is an entry: ids come again, or it has one of its own."""
    ticket = _ticket(sample)
    if ticket is None:
        return None
    ids = sample.words(ticket).drop_nulls()
    own = any(re.search(_OWN, folded(column)) for column in sample.table.columns if column != ticket)
    if not own and ids.n_unique() == len(ids):
        return None
    told = beside(sample, {"ticket_id": ticket})
    spent = _spent(sample.table.columns, told)
    if spent is None or _OF_TICKETS & told.keys() or re.search(_CALLS, folded(spent.column)):
        return None
    return Claim(field="ticket_id", column=ticket, evidence="an entry each"), spent


def _ticket(sample: Sample) -> str | None:
    """The column that names the ticket of an entry: never a bare id, which is the entry's."""
    names = synonyms()
    bids = [
        (names.matches(column).get("ticket_id", 0.0), -place, column)
        for place, column in enumerate(sample.table.columns)
        if not re.search(_OWN, folded(column))
    ]
    score, _, column = max(bids, default=(0.0, 0, ""))
    return column if score >= ENTITY else None


def _spent(columns: Sequence[str], told: Mapping[str, Claim]) -> Claim | None:
    """The column of the time that was logged; bare hours are such in a work log."""
    if _SPENT in told:
        return told[_SPENT]
    hours = next((column for column in columns if folded(column) in _HOURS), None)
    return None if hours is None else Claim(field=_SPENT, column=hours, unit="hours", evidence="the header")

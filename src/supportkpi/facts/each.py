"""What the history of each ticket tells of it alone: whatever stands beside a ticket, these columns are the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from supportkpi.decisions import Settings
from supportkpi.facts.anchors import anchors
from supportkpi.facts.batches import Batch, by_batch, joined
from supportkpi.facts.dimensions import with_dimensions
from supportkpi.facts.folds import reduce, with_canonical
from supportkpi.facts.keyed import KEY, Keyed
from supportkpi.facts.levels import handed
from supportkpi.facts.sessions import contacts
from supportkpi.facts.statuses import Statuses, intervals, resolution


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """``tickets``: one row a ticket that was born by then, with KEY, their own columns and what the history tells;
    ``contacts`` row for row beside them, where they are asked for; ``lacking``: why some columns cannot be filled.
    """

    tickets: pl.DataFrame
    statuses: Statuses
    lacking: Mapping[str, str]
    contacts: pl.Series | None


def each(events: Keyed, settings: Settings, reasons: Mapping[str, str], *, with_contacts: bool) -> Told:
    """What is told of every ticket, worked out batch by batch."""
    own = {"exclusion", *(dimension.name for dimension in settings.dimensions)}  # columns that histories may change
    kept = [name for name in events.dataset.tickets.columns if name not in own]

    def told(batch: Batch) -> Told:
        found = _told(batch, settings, reasons, with_contacts=with_contacts)
        batch.events.forget()
        return found if batch.events is events else _narrow(batch, found, kept)

    parts = by_batch(events, told)
    return parts[0] if len(parts) == 1 else _whole(parts, events.dataset.tickets, kept)


def _narrow(batch: Batch, told: Told, kept: Sequence[str]) -> Told:
    """What is told without the columns that the tickets have anyway, under the keys of all."""
    tickets = batch.placed(told.tickets.drop(kept))
    return replace(told, tickets=tickets, statuses=replace(told.statuses, frame=batch.placed(told.statuses.frame)))


def _whole(parts: list[Told], known: pl.DataFrame, kept: Sequence[str]) -> Told:
    """What the parts tell together, beside the columns of the tickets that were kept apart."""
    told = parts[0]
    tickets, statuses = [part.tickets for part in parts], [part.statuses.frame for part in parts]
    talks = [part.contacts for part in parts if part.contacts is not None]
    parts.clear()
    found = joined(tickets)
    order = [*known.columns, *(name for name in found.columns if name not in known.columns)]
    rows = known.select(kept) if found.height == known.height else known.select(kept)[found[KEY]]
    return replace(
        told,
        tickets=pl.concat([rows, found], how="horizontal").select(order),
        statuses=replace(told.statuses, frame=joined(statuses)),
        contacts=pl.concat(talks).rechunk() if talks else None,
    )


def _told(batch: Batch, settings: Settings, reasons: Mapping[str, str], *, with_contacts: bool) -> Told:
    events, dataset = batch.events, batch.events.dataset
    known = dataset.tickets.slice(batch.first, batch.tickets)
    reduced = reduce(dataset, events, settings.as_of, reasons)
    tickets = with_canonical(known.with_columns(events.keys).hstack(reduced))
    tickets = with_dimensions(tickets.filter(~pl.col("_unborn")).drop("_unborn"), settings.dimensions)
    statuses = intervals(events, tickets, settings.as_of)
    tickets = resolution(tickets, statuses, as_of=settings.as_of, reasons=reasons)
    tickets, lacking = handed(tickets, events, settings)
    tickets = anchors(tickets, statuses.frame, events, settings)
    talks = contacts(tickets, events, settings) if with_contacts else None
    return Told(tickets=tickets, statuses=statuses, lacking=lacking, contacts=talks)

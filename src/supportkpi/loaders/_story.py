"""Story: the histories of tickets as a reader found them in one file, and the Part that they become.

Readers of nested records and of logs hand over a Story; everything about joining files, the ledger and the newest
instant is done from there on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import polars as pl

from supportkpi.loaders._part import Part
from supportkpi.loaders.tables import Table
from supportkpi.loaders.wide._stamps import TOPS
from supportkpi.schema import EVENTS, INSTANT, ColumnReading, Extent, Provenance, Reject, Sight


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The histories that one file tells.

    ``tickets``: a row a ticket: ticket_id, any columns of TICKETS but observed_until, ``updated_at`` (INSTANT, which
    of two rows of one ticket is the newer), kept columns named ``_collect.kept(header)``, and where a ticket is told
    by more than one data row of the file ``_rows`` (UInt32), their number.
    ``events``: the columns of EVENTS; ticket_id, actor_id, value and raw as String or Categorical; ``seq`` counts the
    events in the order of the file; every ticket_id is in ``tickets``.
    ``surveys``: columns of SURVEYS, kept ones beside them.
    ``observes``: what the file shows of each of its tickets.
    ``rejects``, ``excluded``: data rows that are told of no ticket, beyond those that the table itself counts.
    ``unmapped``: field -> word -> tickets or rows. ``zone``: that of instants without an offset; ``zone_source``:
    file, option, mapping or assumed.
    """

    helpdesk: str
    title: str
    tickets: pl.DataFrame
    events: pl.LazyFrame
    observes: Mapping[Sight, Extent]
    surveys: pl.DataFrame | None = None
    rejects: tuple[Reject, ...] = ()
    excluded: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    unmapped: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    assumptions: tuple[str, ...] = ()
    columns: tuple[ColumnReading, ...] = ()
    zone: str = "UTC"
    zone_source: str = "file"
    derived: bool = False  # the tickets were gathered from rows that are events
    events_per_row: int = 1


def part_of_story(table: Table, story: Story) -> Part:
    """The part that a story becomes: its rows, its events, and how its file was read."""
    return Part(
        table=table,
        frame=story.tickets,
        survey=False,
        rated=(),
        observes=story.observes,
        events=story.events.select(list(EVENTS)),
        surveys=story.surveys,
        derived=story.derived,
        events_per_row=story.events_per_row,
        excluded=story.excluded,
        rejects=(*table.rejects, *story.rejects),
        provenance=_provenance(table, story),
        assumptions=story.assumptions,
        newest=newest_of(story.events, story.tickets, story.surveys),
    )


def newest_of(events: pl.LazyFrame, tickets: pl.DataFrame, surveys: pl.DataFrame | None) -> pl.Series:
    """The newest instants of what happened, newest first."""
    tops = [events.select(pl.col("at").top_k(TOPS)).collect()["at"]]
    if "updated_at" in tickets.columns:
        tops.append(tickets["updated_at"].drop_nulls().top_k(TOPS).alias("at"))
    if surveys is not None and "at" in surveys.columns:
        tops.append(surveys["at"].drop_nulls().top_k(TOPS))
    return pl.concat([top.drop_nulls().cast(INSTANT) for top in tops]).sort(descending=True).head(TOPS)


def _provenance(table: Table, story: Story) -> Provenance:
    return replace(
        table.provenance(story.helpdesk, story.title, zone=story.zone, zone_source=story.zone_source),
        columns=story.columns,
        notes=(*table.notes, *story.notes),
        unmapped=story.unmapped,
    )

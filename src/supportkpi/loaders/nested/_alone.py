"""Files that belong beside tickets, without a file of the tickets: histories that begin with a ticket's creation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from supportkpi.errors import NotRecognised, Where
from supportkpi.loaders._part import ROWS, Part, Request
from supportkpi.loaders._story import part_of_story
from supportkpi.loaders.nested._files import FOREIGN, Sided, beside_of, rejected, together
from supportkpi.loaders.nested._history import Nested
from supportkpi.loaders.nested._telling import story_of
from supportkpi.loaders.nested._values import Record
from supportkpi.loaders.tables import Table
from supportkpi.schema import Reject

_COUNTS = ("count", "total", "total_count", "totalElements")
_NOTE = "the tickets are taken from their {what}: give the file of the tickets too for what only these say"


def told_alone(
    reader: Nested, request: Request, files: Sequence[Sided], others: Sequence[Sided]
) -> tuple[Part, list[Sided]]:
    """The part of the first file, its tickets made of the records of all of them; and what became of the files.

    ``others`` are files that stand beside these. Raises NotRecognised where no ticket's beginning is told.
    """
    told = _grouped(files)
    make = files[0].spec.tickets
    tickets = {} if make is None else {name: row for name, of in told.items() if (row := make(name, of)) is not None}
    what = files[0].spec.name.replace("_", " ")
    if not tickets:
        raise NotRecognised(
            f"the {what} do not begin with the creation of their tickets",
            hint="give the file of the tickets too (tickets.json)",
            where=Where(path=request.table.name),
        )
    table = _of(list(tickets.values()), request.table, others, tickets)
    story = story_of(reader, replace(request, table=table))
    sound = {*story.tickets["ticket_id"]}
    bad = dict(zip((name for name in tickets if name not in sound), story.rejects, strict=False))
    sorted_out = [_settled(one, tickets, bad) for one in files]
    rows = Counter(name for name, _, _ in sorted_out[0].elements)
    counts = pl.Series(ROWS, [rows[name] for name in story.tickets["ticket_id"]], dtype=pl.UInt32)
    first = sorted_out[0]
    story = replace(
        story,
        tickets=story.tickets.with_columns(counts),
        rejects=first.rejects,
        excluded={**first.excluded},
        notes=(*story.notes, *first.notes, _NOTE.format(what=what)),
        assumptions=(*story.assumptions, *([files[0].spec.assumed] if files[0].spec.assumed else [])),
        columns=(),
    )
    return part_of_story(request.table, story), sorted_out


def _grouped(files: Sequence[Sided]) -> dict[str, list[Record]]:
    told: dict[str, list[Record]] = {}
    for name, record in together(files):
        if name is not None:
            told.setdefault(name, []).append(record)
    return told


def _of(rows: Sequence[Record], table: Table, others: Sequence[Sided], tickets: Mapping[str, Record]) -> Table:
    """The tickets as a table of their own; no lines, for its records stand on none."""
    beside = beside_of(table, others, {one.spec.name: tickets for one in others})
    for key in _COUNTS:  # of the records that the tickets are made of
        beside.pop(key, None)
    return replace(
        table, records=tuple(rows), rows=len(rows), columns=(), beside=beside, format="json", rejects=(), excluded={}
    )


def _settled(one: Sided, tickets: Mapping[str, Record], bad: Mapping[str, Reject]) -> Sided:
    """A file with the records of tickets that nobody can read rejected, of those without a beginning left out."""
    kept = tuple(each for each in one.elements if each[0] in tickets and each[0] not in bad)
    early = [name for name, _, _ in one.elements if name not in tickets]
    lost = [(name, place) for name, place, _ in one.elements if name in bad]
    rejects = [
        replace(again, column=bad[str(name)].column, slug=bad[str(name)].slug)
        for (name, _), again in zip(lost, rejected(one.table, [place for _, place in lost], "", ""), strict=True)
    ]
    excluded = Counter(one.excluded)
    notes = one.notes
    if early:
        excluded[FOREIGN] += len(early)
        said = "row is of a ticket" if len(early) == 1 else "rows are of tickets"
        notes = (*notes, f"{len(early):,} {said} whose creation no file tells: left out")
    return replace(one, elements=kept, rejects=(*one.rejects, *rejects), excluded=excluded, notes=notes)

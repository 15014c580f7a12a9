"""Which file tells of which ticket, and so what is shown of every one of them (schema.md 2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import polars as pl

from supportkpi.loaders._part import Part
from supportkpi.loaders._single import PART, Single
from supportkpi.schema import Extent, Sight

_NEARLY_ALL = 0.9
"""Share of the tickets that a file of messages or changes must name for the others to count as tickets without any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """What the files show of every ticket, and who tells of whom.

    ``shared``: tickets of which several logs tell (ticket_id). ``beside``: logs without creations, which only add to
    tickets of other files; ``strangers``: the tickets that they alone name, left out (ticket_id, ``_part``).
    """

    observes: Mapping[Sight, Extent]
    shared: pl.DataFrame
    beside: frozenset[int] = frozenset()
    strangers: pl.DataFrame | None = None
    assumptions: tuple[str, ...] = ()


def cover(tables: Mapping[int, Part], rows: Single) -> Cover:
    """Who tells of whom, of several parts that tell of tickets."""
    beside = _beside(tables)
    who = pl.concat(
        part.frame.select("ticket_id", pl.lit(index, pl.UInt32).alias(PART)).unique() for index, part in tables.items()
    )
    mains = who.filter(~pl.col(PART).is_in(list(beside)))
    strangers = who.join(mains, on="ticket_id", how="anti")
    who = who.join(strangers, on="ticket_id", how="anti")
    assumptions: list[str] = []
    for index in beside:
        silent, said = _silent(tables[index], index, who, rows)
        who = pl.concat([who, silent])
        assumptions += said
    sets = who.sort(PART).group_by("ticket_id", maintain_order=True).agg(pl.col(PART))
    distinct = sets[PART].unique().to_list()
    logs = [index for index, part in tables.items() if part.events is not None]
    several = who.filter(pl.col(PART).is_in(logs)).group_by("ticket_id").len().filter(pl.col("len") > 1)
    return Cover(
        observes=_common([_combined([tables[index].observes for index in group]) for group in distinct]),
        shared=several.select("ticket_id"),
        beside=beside,
        strangers=strangers if strangers.height else None,
        assumptions=tuple(assumptions),
    )


def _beside(tables: Mapping[int, Part]) -> frozenset[int]:
    """The logs that tell no creations, where another file does: comments or changes of tickets that stand elsewhere."""
    without = {
        index for index, part in tables.items() if part.events is not None and Sight.created not in part.observes
    }
    return frozenset(without) if len(without) < len(tables) else frozenset()


def _silent(part: Part, index: int, who: pl.DataFrame, rows: Single) -> tuple[pl.DataFrame, list[str]]:
    """The tickets that a log does not name because nothing was said of them, when that is what it looks like."""
    named = who.filter(pl.col(PART) == index)
    others = rows.frame.join(named, on="ticket_id", how="anti").join(who, on="ticket_id", how="semi")
    every = who["ticket_id"].n_unique()
    nobody = who.clear()
    if others.is_empty() or part.events is None or named.height < _NEARLY_ALL * every:
        return nobody, []
    first, last = (
        part.events.select(pl.col("at").min().alias("first"), pl.col("at").max().alias("last")).collect().row(0)
    )
    if "created_at" not in others.columns or not others["created_at"].is_between(first, last).all():
        return nobody, []
    told = f"{others.height:,} of {every:,} tickets have no row in {part.table.name}: taken as tickets without any"
    return others.select("ticket_id", pl.lit(index, pl.UInt32).alias(PART)), [told]


def _combined(extents: Sequence[Mapping[Sight, Extent]]) -> dict[Sight, Extent]:
    """What several files show together of the tickets that all of them tell."""
    shows: dict[Sight, Extent] = {}
    for seen in extents:
        for sight, extent in seen.items():
            shows[sight] = shows.get(sight, Extent(0)) | extent
    return shows


def _common(shows: Sequence[Mapping[Sight, Extent]]) -> dict[Sight, Extent]:
    """What is shown of every ticket: each Sight to the smallest extent."""
    every = {sight: reduce(lambda a, b: a & b, (seen.get(sight, Extent(0)) for seen in shows)) for sight in Sight}
    return {sight: extent for sight, extent in every.items() if extent} if shows else {}

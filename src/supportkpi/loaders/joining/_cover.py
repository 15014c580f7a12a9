"""Which file tells of which ticket, and so what is shown of every one of them (schema.md 2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce

import polars as pl

from supportkpi.loaders._part import ROWS, Part
from supportkpi.loaders.joining._single import PART, Single
from supportkpi.schema import INSTANT, Actor, Extent, Kind, Sight

STRANGE = "unknown-ticket"
_NEARLY_ALL = 0.9
"""Share of the tickets that a file of messages or changes must name for the others to count as tickets without any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """What the files show of every ticket, and who tells of whom.

    ``shared``: tickets of which several logs tell (ticket_id).
    """

    observes: Mapping[Sight, Extent]
    shared: pl.DataFrame
    assumptions: tuple[str, ...] = ()


def sure(parts: Sequence[Part]) -> list[Part]:
    """The parts without what they only show for want of better, where another file knows; else with a word about it.

    A log, or a list of targets, without creations only adds to the tickets of a file that has them: rows of others are
    left out.
    """
    known = {sight for part in parts if part.of_tickets for sight in part.observes if sight not in part.assumed}
    told = [_without(part, known) if part.assumed else part for part in parts]
    beside = _beside({index: part for index, part in enumerate(told) if part.of_tickets})
    mains = [part.frame["ticket_id"] for index, part in enumerate(told) if part.of_tickets and index not in beside]
    return [_of_known(part, pl.concat(mains).unique()) if index in beside else part for index, part in enumerate(told)]


def _of_known(part: Part, ids: pl.Series) -> Part:
    """The part without the rows of tickets that no other file knows."""
    kept = part.frame.filter(pl.col("ticket_id").is_in(ids.implode()))
    lost = part.frame.filter(~pl.col("ticket_id").is_in(ids.implode()))
    if lost.is_empty():
        return part
    rows = int(lost[ROWS].sum()) if ROWS in lost.columns else lost.height
    if kept.is_empty():
        said = f"{part.table.name}: none of its tickets is in another file: {counted(rows, 'row')} left out"
    else:
        of = f"{lost.height:,} of its {part.frame.height:,} tickets are"
        said = f"{part.table.name}: {of} in no other file: {counted(rows, 'row')} of them left out"
    return replace(
        part,
        frame=kept,
        events=None if part.events is None else _without_tickets(part.events, lost),
        excluded={**part.excluded, STRANGE: rows},
        assumptions=(*part.assumptions, said),
    )


def _without_tickets(events: pl.LazyFrame, tickets: pl.DataFrame) -> pl.LazyFrame:
    gone = tickets.select(pl.col("ticket_id").cast(pl.Categorical())).lazy()
    return events.with_columns(pl.col("ticket_id").cast(pl.Categorical())).join(gone, on="ticket_id", how="anti")


def _without(part: Part, known: set[Sight]) -> Part:
    idle = {sight for sight in part.assumed if sight in known}
    said = tuple(sentence for sight, sentence in part.assumed.items() if sight not in known)
    part = replace(part, assumptions=(*part.assumptions, *said))
    if not idle or part.events is None:
        return part
    events = part.events.filter(~pl.col("kind").is_in([sight.value for sight in idle]))
    return replace(
        part, events=events, observes={sight: extent for sight, extent in part.observes.items() if sight not in idle}
    )


def cover(tables: Mapping[int, Part], rows: Single) -> Cover:
    """Who tells of whom, of several parts that tell of tickets."""
    beside = _beside(tables)
    who = pl.concat(
        part.frame.select("ticket_id", pl.lit(index, pl.UInt32).alias(PART)).unique() for index, part in tables.items()
    )
    assumptions: list[str] = []
    for index in beside:
        silent, said = _silent(index, who, rows, tables)
        who = pl.concat([who, silent])
        assumptions += said
    sets = who.sort(PART).group_by("ticket_id", maintain_order=True).agg(pl.col(PART))
    distinct = sets[PART].unique().to_list()
    logs = [index for index, part in tables.items() if part.events is not None]
    several = who.filter(pl.col(PART).is_in(logs)).group_by("ticket_id").len().filter(pl.col("len") > 1)
    return Cover(
        observes=_common([_combined([tables[index].observes for index in group]) for group in distinct]),
        shared=several.select("ticket_id"),
        assumptions=tuple(assumptions),
    )


def _beside(tables: Mapping[int, Part]) -> frozenset[int]:
    """What tells no creations, where another file does: messages, changes, targets of tickets that stand elsewhere."""
    without = {
        index
        for index, part in tables.items()
        if (part.events is not None or part.only_adds) and Sight.created not in part.observes
    }
    sure = any(Sight.created in part.observes and Sight.created not in part.assumed for part in tables.values())
    return frozenset(without) if sure else frozenset()


def _silent(index: int, who: pl.DataFrame, rows: Single, tables: Mapping[int, Part]) -> tuple[pl.DataFrame, list[str]]:
    """The tickets that a log does not name because nothing was said of them, when that is what it looks like."""
    part, named = tables[index], who.filter(pl.col(PART) == index)
    others = rows.frame.join(named, on="ticket_id", how="anti").join(who, on="ticket_id", how="semi")
    every = who["ticket_id"].n_unique()
    nobody = who.clear()
    if others.is_empty() or part.events is None or named.height < _NEARLY_ALL * every:
        return nobody, []
    first, last = (
        part.events.select(pl.col("at").min().alias("first"), pl.col("at").max().alias("last")).collect().row(0)
    )
    begun = _begun(others, tables)
    late = begun.filter(pl.col("at") > last)
    if begun.height < others.height or (begun["at"] < first).any() or not _unanswered(late, index, tables):
        return nobody, []
    verb = "has" if others.height == 1 else "have"
    told = f"{others.height:,} of {every:,} tickets {verb} no row in {part.table.name}: taken as tickets without any"
    return others.select("ticket_id", pl.lit(index, pl.UInt32).alias(PART)), [told]


def _begun(tickets: pl.DataFrame, tables: Mapping[int, Part]) -> pl.DataFrame:
    """When the tickets were created, of those of which a file says it (ticket_id, at)."""
    told = [tickets.select("ticket_id", pl.col("created_at").alias("at"))] if "created_at" in tickets.columns else []
    for part in tables.values():
        if part.events is not None and Sight.created in part.observes:
            made = part.events.filter(pl.col("kind") == Kind.created.value).select(
                pl.col("ticket_id").cast(pl.String), "at"
            )
            told.append(made.collect().join(tickets, on="ticket_id", how="semi"))
    if not told:
        return pl.DataFrame(schema={"ticket_id": pl.String, "at": INSTANT})
    return pl.concat(told).drop_nulls().group_by("ticket_id").agg(pl.col("at").min())


def _unanswered(tickets: pl.DataFrame, index: int, tables: Mapping[int, Part]) -> bool:
    """Whether files besides the one at ``index``, which would know it, tell of no reply to any of the tickets."""
    known = tickets.clear()
    for place, part in tables.items():
        if place == index or Sight.reply not in part.observes:
            continue
        mine = tickets.join(part.frame, on="ticket_id", how="semi")
        known = pl.concat([known, mine])
        if part.events is not None:
            replies = part.events.filter(pl.col("kind") == Kind.message.value, pl.col("actor") == Actor.agent.value)
            told = replies.select(pl.col("ticket_id").cast(pl.String)).collect()
        else:
            told = part.frame.filter(pl.col("first_reply_at").is_not_null()).select("ticket_id")
        if mine.join(told, on="ticket_id", how="semi").height:
            return False
    return known["ticket_id"].n_unique() == tickets.height


def told_together(ids: Mapping[int, pl.Series]) -> list[list[int]]:
    """Which of several tables tell of one ticket, each such set of tables once."""
    frames = [
        pl.DataFrame({"ticket_id": one}).unique().with_columns(pl.lit(place).alias(PART)) for place, one in ids.items()
    ]
    who = pl.concat(frames).sort(PART) if frames else pl.DataFrame(schema={"ticket_id": pl.String, PART: pl.Int32})
    return [*map(list, who.group_by("ticket_id", maintain_order=True).agg(pl.col(PART))[PART].unique().to_list())]


def shown_of_all(groups: Sequence[Sequence[Mapping[Sight, Extent]]]) -> dict[Sight, Extent]:
    """What is shown of every ticket, ``groups`` being what the tables show that tell of one together."""
    return _common([_combined(group) for group in groups])


def counted(count: int, noun: str) -> str:
    """``1 row``, ``2,000 rows``."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _combined(extents: Sequence[Mapping[Sight, Extent]]) -> dict[Sight, Extent]:
    """What several files show together of the tickets that all of them tell."""
    shows: dict[Sight, Extent] = {}
    for seen in extents:
        for sight, extent in seen.items():
            shows[sight] = shows.get(sight, Extent(0)) | extent
    return shows


def _common(shows: Sequence[Mapping[Sight, Extent]]) -> dict[Sight, Extent]:
    """What is shown of every ticket: each Sight to the smallest extent."""
    if not shows:
        return {}
    every = {sight: reduce(lambda a, b: a & b, (seen.get(sight, Extent(0)) for seen in shows)) for sight in Sight}
    return {sight: extent for sight, extent in every.items() if extent}

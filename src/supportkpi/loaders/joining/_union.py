"""One log out of the histories of several files, and what it shows of every ticket.

Events of one ticket from several files are united; what two files both tell counts once. A table of tickets beside a
log gives the events that the log does not show, the creation, and the last solution and closing (``_finals``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from supportkpi.loaders._part import Part
from supportkpi.loaders.joining._cover import Cover, cover
from supportkpi.loaders.joining._finals import FINALS, with_finals
from supportkpi.loaders.joining._single import PART, Single
from supportkpi.loaders.mapping._fields import FIELDS, STAMPED
from supportkpi.loaders.wide._days import FIRST, at_midnight
from supportkpi.schema import (
    BY_DAY,
    EVENTS,
    Dataset,
    Extent,
    Sight,
    Stamp,
    Stamps,
    log,
    observed,
)

_STRINGS = ("ticket_id", "actor_id", "value", "raw")
_SAME = ("ticket_id", "at", "kind", "public", "value")
"""What two files tell alike of one event: each may write its author, and the helpdesk's own word, in its own way."""
_STATES = ("created", "status", "priority", "assignee", "group", "level", "calendar")


@dataclass(frozen=True, slots=True, kw_only=True)
class Union:
    """All events (EVENTS), what they show, and by part and ticket the data rows that only said again what was said."""

    events: pl.LazyFrame
    observes: Mapping[Sight, Extent]
    doubled: pl.DataFrame = field(
        default_factory=lambda: pl.DataFrame(schema={PART: pl.UInt32, "ticket_id": pl.String, "rows": pl.Int64})
    )
    assumptions: tuple[str, ...] = ()
    grains: tuple[Stamp, ...] = ()


def union(parts: Sequence[Part], rows: Single) -> Union:
    """The log of all parts, ``rows`` being their tickets."""
    tables = {index: part for index, part in enumerate(parts) if part.of_tickets}
    if len(tables) == 1:
        (only,) = tables.values()
        return Union(events=_events_of(only), observes=_without_ratings(only.observes), grains=_grains((only,)))
    covered = cover(tables, rows)
    numbered = _numbered(tables, rows)
    events, doubled = _once(numbered, tables, covered)
    finals, notes = with_finals(events, _finals(tables, rows))
    return Union(
        events=finals,
        observes=_without_ratings(covered.observes),
        doubled=doubled,
        assumptions=(*covered.assumptions, *notes),
        grains=_grains(tables.values()),
    )


def _grains(parts: Iterable[Part]) -> tuple[Stamp, ...]:
    """The stamps of tables whose instants are exact to the minute or the day only; any at all for a log of days."""
    found: list[Stamp] = []
    for part in parts:
        if part.events is None:
            found += [stamp for stamp in part.stamps if stamp.precision_s > 0]
        elif _is_of_days(part.events, part.provenance.zone):
            stamps = (FIELDS[name].stamp for name in STAMPED)
            found += [replace(stamp, precision_s=BY_DAY) for stamp in stamps if stamp is not None]
    return tuple(found)


def _is_of_days(events: pl.LazyFrame, zone: str) -> bool:
    """Whether every event stands at midnight: the first of them mostly tell already that some do not."""
    at = events.select(pl.col("at").drop_nulls())
    some = at.head(FIRST).collect()["at"]
    return bool(len(some)) and at_midnight(some, zone) and at_midnight(at.collect()["at"], zone)


def _events_of(part: Part) -> pl.LazyFrame:
    return part.events if part.events is not None else pl.LazyFrame(schema=dict(EVENTS))


def _without_ratings(observes: Mapping[Sight, Extent]) -> dict[Sight, Extent]:
    return {sight: extent for sight, extent in observes.items() if sight not in (Sight.rating, Sight.offer)}


def _numbered(tables: Mapping[int, Part], rows: Single) -> pl.LazyFrame:
    """The events of all parts with ``_part``, strings as Categorical, ``seq`` rising from file to file.

    Of one instant what was said comes before what it changed, whatever the order of the files: who answers and solves
    in one step has answered first.
    """
    frames, start = [], 0
    for index, part in sorted(tables.items(), key=lambda pair: (_rank(pair[1]), pair[1].table.name, pair[0])):
        frame = part.events if part.events is not None else _of_table(part, index, rows, tables)
        frame = frame.with_columns(pl.col(name).cast(pl.Categorical()) for name in _STRINGS)
        top = frame.select(pl.col("seq").max()).collect().item()
        step = -(-start // part.events_per_row) * part.events_per_row  # seq // events_per_row stays a row's number
        frames.append(frame.with_columns(pl.col("seq") + pl.lit(step, pl.UInt32), pl.lit(index, pl.UInt32).alias(PART)))
        start = step + (top + 1 if top is not None else 0)
    return pl.concat(frames)


def _rank(part: Part) -> int:
    """Tables of tickets first, then messages, then the rest."""
    if part.events is None:
        return 0
    return 1 if {Sight.request, Sight.reply, Sight.note} & {*part.observes} else 2


def _of_table(part: Part, index: int, rows: Single, tables: Mapping[int, Part]) -> pl.LazyFrame:
    """The events of a table of tickets, without those that a log shows better."""
    frame = rows.kept.filter(pl.col(PART) == index).select("ticket_id", *(stamp.column for stamp in part.stamps))
    told = {stamp.column: _told(stamp, tables) for stamp in part.stamps}
    frame = frame.with_columns(
        pl.when(~pl.col("ticket_id").is_in(ids.implode())).then(pl.col(column)).alias(column)
        for column, ids in told.items()
        if len(ids)
    )
    tickets = frame.select("ticket_id")
    return log(Dataset(history=Stamps(frame=frame, stamps=part.stamps), tickets=tickets, surveys=tickets, observes={}))


def _told(stamp: Stamp, tables: Mapping[int, Part]) -> pl.Series:
    """The tickets of which a log shows all that the stamp shows."""
    shown = observed((stamp,)).items()
    logs = [part for part in tables.values() if part.events is not None]
    ids = [
        part.frame["ticket_id"]
        for part in logs
        if all(extent in part.observes.get(sight, Extent(0)) for sight, extent in shown)
    ]
    return pl.concat(ids).unique() if ids else pl.Series("ticket_id", [], dtype=pl.String)


def _finals(tables: Mapping[int, Part], rows: Single) -> pl.DataFrame:
    """The final instants of tables of tickets, for the tickets that a log tells as well."""
    logs = [part.frame.select("ticket_id") for part in tables.values() if part.events is not None]
    wide = [index for index, part in tables.items() if part.events is None]
    names = [name for name in FINALS if name in rows.kept.columns]
    finals = rows.kept.filter(pl.col(PART).is_in(wide)).select("ticket_id", *names)
    return finals.join(pl.concat(logs), on="ticket_id", how="semi")


def _once(events: pl.LazyFrame, tables: Mapping[int, Part], covered: Cover) -> tuple[pl.LazyFrame, pl.DataFrame]:
    """The events without those that a second file tells again, and the data rows that held nothing else."""
    twice = covered.shared
    empty = pl.DataFrame(schema={PART: pl.UInt32, "ticket_id": pl.String, "rows": pl.Int64})
    if twice.is_empty():
        return events.drop(PART), empty
    keys = twice.select(pl.col("ticket_id").cast(pl.Categorical())).lazy()
    some = events.join(keys, on="ticket_id", how="semi").collect().sort("seq")
    first = _told_once(some)
    kept = _changes(first)
    doubled = _doubled(some, first, tables)
    rest = events.join(keys, on="ticket_id", how="anti")
    return pl.concat([rest.drop(PART), kept.drop(PART).lazy()]), doubled


def _told_once(some: pl.DataFrame) -> pl.DataFrame:
    """The events without those that another file tells as well, by the same actor or by nobody knows whom.

    What one file tells several times happened several times; two files tell the same event each once.
    """
    known = pl.col("actor").is_not_null()
    by = some.with_columns(
        pl.int_range(pl.len()).over(PART, *_SAME, "actor").alias("_nth"), known.sum().over(PART, *_SAME).alias("_own")
    )
    one = by.unique([*_SAME, "actor", "_nth"], keep="first", maintain_order=True)
    others = known.sum().over(*_SAME).cast(pl.Int64) - pl.col("_own").cast(pl.Int64)
    return one.filter(known | (pl.col("_nth") >= others)).select(some.columns)


def _changes(events: pl.DataFrame) -> pl.DataFrame:
    """The events without states that a ticket was in already: the second file begins by saying how things stand."""
    placed = events.sort("ticket_id", "kind", "at", "seq")
    same = (pl.col("value").eq_missing(pl.col("value").shift(1)) & pl.col("raw").eq_missing(pl.col("raw").shift(1))) & (
        (pl.col("ticket_id") == pl.col("ticket_id").shift(1)) & (pl.col("kind") == pl.col("kind").shift(1))
    ).fill_null(value=False)
    return placed.filter(~(same & pl.col("kind").is_in(_STATES)))


def _doubled(some: pl.DataFrame, first: pl.DataFrame, tables: Mapping[int, Part]) -> pl.DataFrame:
    """Data rows of logs of which every event was told before."""
    logs = {index: part.events_per_row for index, part in tables.items() if part.derived}
    steps = pl.lit(1, pl.UInt32)
    for index, step in logs.items():
        steps = pl.when(pl.col(PART) == index).then(pl.lit(step, pl.UInt32)).otherwise(steps)
    row = [pl.col(PART), pl.col("ticket_id").cast(pl.String), (pl.col("seq") // steps).alias("_row")]
    mine = some.filter(pl.col(PART).is_in(list(logs))).select(row).unique()
    left = mine.join(first.select(row), on=[PART, "_row"], how="anti")
    return left.group_by(PART, "ticket_id").agg(pl.len().cast(pl.Int64).alias("rows"))

"""Batches: whole tickets with all of their events, half a million events at a time.

The unit of work is the ticket: what is told of one does not depend on the others, so that a log of any length is folded
a batch at a time, and no more than a batch is in memory with all that it is told by.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import polars as pl

from supportkpi.facts.keyed import KEY, Cut, Keyed, are_placed
from supportkpi.schema import Log
from supportkpi.workers import workers

Made = TypeVar("Made")
MOST = 1 << 19
"""Events of a batch, unless a single ticket has more."""
_AT_LEAST, _PASSES = 4, 12
"""Of a log that does not stand by ticket a batch is so many times as large, and there are no more than these of them:
each is looked for in the whole of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """``events``: those of ``tickets`` tickets, the first of which stands ``first`` of all; keys count from there."""

    first: int
    tickets: int
    events: Keyed

    def of(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows (KEY, in order) of these tickets out of those of all, under the keys of the batch."""
        keys = rows[KEY]
        start, end = (keys.search_sorted(edge, side="left") for edge in (self.first, self.first + self.tickets))
        return rows.slice(start, end - start).with_columns(pl.col(KEY) - pl.lit(self.first, pl.UInt32))

    def placed(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Rows under the keys of the batch, under those of all."""
        return rows.with_columns(pl.col(KEY) + pl.lit(self.first, pl.UInt32)) if self.first else rows


def by_batch(events: Keyed, work: Callable[[Batch], Made]) -> list[Made]:
    """What some work makes of the tickets of a history, batch by batch in their order, some at the same time.

    What is not a long log is one batch, whose events are those that were given.
    """
    if isinstance(events.dataset.history, Log) and not events.cuts:
        events.cuts.extend(_cuts(events))
    if len(events.cuts) < 2:
        return [work(Batch(first=0, tickets=len(events.keys), events=events))]
    with workers() as pool:  # what polars does with one column of a batch leaves cores idle
        return list(pool.map(lambda cut: work(_batch(events, cut)), events.cuts))


def _batch(events: Keyed, cut: Cut) -> Batch:
    key = (pl.col(KEY) - pl.lit(cut.first, pl.UInt32)).alias(KEY)
    rows = _rows(events.events, cut).with_columns(key)
    part = Keyed(
        dataset=events.dataset,
        events=rows.lazy(),
        keys=pl.int_range(cut.tickets, dtype=pl.UInt32, eager=True).alias(KEY),
        kinds=events.kinds,
        in_order=are_placed(rows, "at"),  # what is not is sorted a kind of events at a time
        part_of=events,
    )
    return Batch(first=cut.first, tickets=cut.tickets, events=part)


def _rows(events: pl.LazyFrame, cut: Cut) -> pl.DataFrame:
    """The events of the tickets of a cut.

    Not every plan gives its rows in the same order again: so a stretch of them is taken only if it proves to be what
    was cut, as many rows as these tickets have, and none of another.
    """
    end = cut.first + cut.tickets
    if cut.height is not None:
        rows = events.slice(cut.start, cut.height).collect()
        if rows.height == cut.height and rows[KEY].is_between(cut.first, end, closed="left").all():
            return rows
    return events.filter((pl.col(KEY) >= cut.first) & (pl.col(KEY) < end)).collect()


def _cuts(events: Keyed) -> list[Cut]:
    keys = events.events.select(KEY).collect()[KEY]
    if len(keys) <= MOST:
        return [Cut(first=0, tickets=len(events.keys))]
    return _runs(events, keys) if keys.is_sorted() else _ranges(events, len(keys))


def _runs(events: Keyed, keys: pl.Series) -> list[Cut]:
    """Of a log by ticket: runs of its rows, none of which ends inside a ticket."""
    cuts: list[Cut] = []
    first = start = 0
    while start < len(keys):
        last = min(start + MOST, len(keys)) - 1
        stop = int(keys.search_sorted(keys[last], side="right"))
        after = keys[last] + 1 if stop < len(keys) else len(events.keys)
        cuts.append(Cut(first=first, tickets=after - first, start=start, height=stop - start))
        first, start = after, stop
    return cuts


def _ranges(events: Keyed, height: int) -> list[Cut]:
    """Of a log in any other order: as many tickets for each batch."""
    total = len(events.keys)
    size = -(-total // min(_PASSES, -(-height // (_AT_LEAST * MOST))))
    return [Cut(first=first, tickets=min(size, total - first)) for first in range(0, total, size)]


def joined(frames: list[pl.DataFrame]) -> pl.DataFrame:
    """Frames of the same columns, one below the other; a column without any value takes no memory.

    The list is emptied on the way, so that hardly a column is in memory twice.
    """
    if len(frames) == 1 or not any(frame.height for frame in frames):
        return frames[0]
    schema, heights = frames[0].schema, [frame.height for frame in frames]
    told = [_told(frame) for frame in frames]
    frames.clear()
    made = [_below(name, dtype, told, heights) for name, dtype in schema.items()]
    empty = (
        pl.lit(None, dtype).alias(name) for (name, dtype), one in zip(schema.items(), made, strict=True) if one is None
    )
    return pl.DataFrame([one for one in made if one is not None]).with_columns(empty).select(schema.names())


def _told(frame: pl.DataFrame) -> dict[str, pl.Series]:
    """The columns of a frame that have any value."""
    nulls = frame.null_count().row(0) if frame.width else ()
    return {name: frame[name] for name, none in zip(frame.columns, nulls, strict=True) if none < frame.height}


def _below(
    name: str, dtype: pl.DataType, told: Sequence[dict[str, pl.Series]], heights: Sequence[int]
) -> pl.Series | None:
    """A column of all frames, taken out of each; None where none has any value of it."""
    if not any(name in one for one in told):
        return None
    nothing = pl.Series(name, [None], dtype=dtype)
    parts = (
        one.pop(name) if name in one else nothing.new_from_index(0, height)
        for one, height in zip(told, heights, strict=True)
    )
    return pl.concat(parts).rechunk()

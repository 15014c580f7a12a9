"""The values of a log's events: kept as the words that the file has, told as what they mean whenever they are read.

So ten million events are held at some twenty-six bytes each; the tables of words are small.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import polars as pl

from supportkpi.loaders.logs._gather import Rows
from supportkpi.loaders.logs._lookup import translation
from supportkpi.loaders.logs._main import CODED, WORDED, Teller, Words
from supportkpi.loaders.logs._words import level_of
from supportkpi.loaders.mapping._vocabulary import priority_of, status_of
from supportkpi.loaders.wide._settle import Settled
from supportkpi.schema import DONE, EVENTS, Actor, Kind

_MOST_NAMED = 5
AUTHORS = "an author who is the requester of the ticket is the customer, any other an agent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Main:
    """``frame``: the rows of a log as TOLD; ``counts``: how many of each kind, actor, public and value (null: none).

    ``value`` and ``raw`` are expressions over the frame. ``stated``: a column holds the new values; ``roles``: the
    authors' parts are known; ``visible``: who sees a message; ``spoken``: rows are messages.
    """

    frame: pl.DataFrame
    counts: pl.DataFrame
    value: pl.Expr
    raw: pl.Expr
    own: tuple[str, ...] = ()
    stated: bool = False
    roles: bool = False
    visible: bool = False
    spoken: bool = False
    assumptions: tuple[str, ...] = field(default_factory=tuple)


def main_events(rows: Rows, words: Words) -> Main:
    """The event that each row tells of itself, beside how it says that the ticket stands."""
    settled = words.settled
    frame, assumed = _with_requesters(rows, settled.has("role"))
    frame = _escalated(frame)
    counts, value = _valued(frame, words)
    if _never_done(counts, settled):
        frame = frame.with_columns(pl.when(pl.col("kind") != Kind.status.value).then("kind").alias("kind"))
        counts, value = _valued(frame, words)
    own = [pl.col("own")] if "own" in frame.columns else []
    worded = pl.col("kind").is_in(list(WORDED))
    named = settled.plan.log == "message" and not settled.has("activity")
    public = ("every message is taken as public: no column says which are internal notes",)
    return Main(
        frame=frame,
        counts=counts,
        value=value,
        raw=pl.when(worded).then(pl.coalesce(*own, "word")),
        own=("own",) if own else (),
        stated=settled.has("new"),
        roles=settled.has("role") or bool(assumed),
        visible=settled.has("public"),
        spoken=named,
        assumptions=(*assumed, *machines_said(rows.machines), *(public if rows.assumed_public else ())),
    )


def machines_said(names: Sequence[str]) -> tuple[str, ...]:
    """What is said of authors who are taken for bots."""
    if not names:
        return ()
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    shown = ", ".join(names[:_MOST_NAMED])
    return (f"by their names, {shown}{more} are taken for bots: say otherwise under responders: in the config",)


def _valued(frame: pl.DataFrame, words: Words) -> tuple[pl.DataFrame, pl.Expr]:
    """How many rows of each kind there are, with their values; and the value of a row."""
    counts = _counted(frame)
    value = _told({kind: _table(counts, kind, words) for kind in WORDED})
    return counts.with_columns(value.alias("value")), value


def _never_done(counts: pl.DataFrame, settled: Settled) -> bool:
    """Whether activities that pass for statuses end no ticket at all: they are steps of work then, and no statuses."""
    if settled.has("new") or not settled.has("activity"):
        return False
    statuses = counts.filter(pl.col("kind") == Kind.status.value)
    return statuses.height > 0 and not statuses["value"].cast(pl.String).is_in(list(DONE)).any()


def _counted(frame: pl.DataFrame) -> pl.DataFrame:
    """kind, actor, public, word (of WORDED; of other kinds null), bare (no word) and the rows that have them."""
    worded = pl.when(pl.col("kind").is_in(list(WORDED))).then("word")
    lone = frame.lazy().select("kind", "actor", "public", worded.alias("word"), pl.col("word").is_null().alias("bare"))
    return lone.group_by("kind", "actor", "public", "word", "bare").agg(pl.len().alias("rows")).collect()


def _table(counts: pl.DataFrame, kind: str, words: Words) -> pl.Series | None:
    known = counts.filter(pl.col("kind") == kind)["word"].unique().drop_nulls()
    if not len(known):
        return None
    meaning = _meaning(kind, words)
    return translation(known, pl.Series([meaning(word) for word in known.cast(pl.String)], dtype=pl.String))


def _meaning(kind: str, words: Words) -> Callable[[str], str | None]:
    if kind == Kind.priority.value:
        table = words.table("priority")
        return lambda word: priority_of(word, table)
    if kind == Kind.level.value:
        return level_of
    teller, statuses = Teller(words), words.statuses

    def status(word: str) -> str | None:
        meant = teller.meant(word) if words.settled.has("activity") else None
        return meant.value if meant is not None and meant.value is not None else status_of(word, statuses)

    return status


def _told(tables: dict[str, pl.Series | None]) -> pl.Expr:
    value = pl.col("word")
    for kind, table in tables.items():
        if table is not None:
            mine = pl.col("kind") == kind
            code = pl.when(mine).then(pl.col("word").to_physical().cast(pl.UInt32))  # the table has no other words
            value = pl.when(mine).then(pl.lit(table).gather(code)).otherwise(value)
    return value


def _escalated(frame: pl.DataFrame) -> pl.DataFrame:
    """Escalations to no line of their own lead one line up each time."""
    level = pl.col("kind") == Kind.level.value
    some = frame.with_row_index("_place").filter(level)
    bare = some.filter(
        pl.Series([level_of(word or "") is None for word in some["word"].cast(pl.String)], dtype=pl.Boolean)
    )
    if bare.is_empty():
        return frame
    line = (pl.int_range(pl.len()).over("ticket_id") + 2).cast(pl.String).cast(CODED).alias("_line")
    lines = bare.sort("ticket_id", "at", "_place").select("_place", line)
    placed = frame.with_row_index("_place").join(lines, on="_place", how="left", maintain_order="left")
    return placed.with_columns(pl.coalesce("_line", "word").alias("word")).drop("_place", "_line")


def _with_requesters(rows: Rows, known: bool) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """The rows with the parts of authors told by who asked, where no column says who is what and some author asked.

    Where a column says it of the others, an author of whom it says nothing is the customer of the ticket if he asked.
    """
    frame = rows.frame
    if not (rows.has("actor_id") and rows.has("requester_id")):
        return frame, ()
    same = pl.col("actor_id") == pl.col("requester_id")
    if known:
        asked = pl.when(same).then(pl.lit(Actor.customer.value, EVENTS["actor"]))
        return frame.with_columns(pl.coalesce("actor", asked).alias("actor")), ()
    spoken = pl.col("kind") == Kind.message.value
    if not frame.select((spoken & same).any()).item():
        return frame, ()
    names = pl.Series([Actor.agent.value, Actor.customer.value], dtype=EVENTS["actor"])
    told = pl.lit(names).gather(same.cast(pl.UInt32))
    return frame.with_columns(pl.coalesce("actor", told).alias("actor")), (AUTHORS,)

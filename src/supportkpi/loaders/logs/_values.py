"""The values of a log's events: a row holds a code, and small tables say what its kind, value and author are.

So ten million events are held at some twenty bytes each.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import polars as pl

from supportkpi.loaders.logs._codes import CODE, narrow
from supportkpi.loaders.logs._gather import Rows
from supportkpi.loaders.logs._lookup import looked_up
from supportkpi.loaders.logs._main import CODED, WORDED, Teller, Words
from supportkpi.loaders.logs._words import level_of
from supportkpi.loaders.mapping._vocabulary import priority_of, status_of
from supportkpi.loaders.wide._settle import Settled
from supportkpi.schema import DONE, EVENTS, Actor, Kind

_MOST_NAMED = 5
AUTHORS = "an author who is the requester of the ticket is the customer, any other an agent"
FOUNDERS = "who opens a ticket and never does what agents do is taken for its customer"
_CROWD, _TIMES = 5, 2
"""So many customers open tickets at least, and so many times as many as there are agents."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Main:
    """``frame``: the rows of a log with their codes; ``told``: what each code tells (TOLD, value, raw); ``counts``:
    how many rows tell what: kind, actor, public, value (null: none), ``bare`` (no word), rows.

    ``stated``: a column holds the new values; ``roles``: the authors' parts are known; ``visible``: who sees a message;
    ``spoken``: rows are messages.
    """

    frame: pl.DataFrame
    told: pl.DataFrame
    counts: pl.DataFrame
    stated: bool = False
    roles: bool = False
    visible: bool = False
    spoken: bool = False
    assumptions: tuple[str, ...] = field(default_factory=tuple)

    def tells(self, kind: Kind) -> pl.Expr:
        """Whether a row tells an event of that kind."""
        return pl.col(CODE).is_in(self.told.with_row_index(CODE).filter(pl.col("kind") == kind.value)[CODE].to_list())

    @property
    def kind(self) -> pl.Expr:
        """The kind of each row's event; null: nobody knows."""
        return _by_code(self.told, "kind")

    @property
    def event(self) -> pl.Expr:
        """The kind of each row's event; a row that tells nothing known is a message, so that its instant counts."""
        kinds = self.told["kind"].fill_null(Kind.message.value)
        return _by_code(pl.DataFrame([kinds]), "kind")

    @property
    def by(self) -> pl.Expr:
        """The part of the author of each row that tells something known."""
        if "actor" in self.frame.columns:
            return pl.when(self.kind.is_not_null()).then("actor").alias("actor")
        return _by_code(self.told.select(pl.when(pl.col("kind").is_not_null()).then("actor").alias("actor")), "actor")

    @property
    def actor(self) -> pl.Expr:
        """The part of each row's author."""
        return _actor(self.frame, self.told)

    @property
    def public(self) -> pl.Expr:
        """Who sees each row's message."""
        return _by_code(self.told, "public")

    @property
    def value(self) -> pl.Expr:
        """What the word of each row means."""
        return _by_code(self.told, "value")

    @property
    def raw(self) -> pl.Expr:
        """The word itself, where the value is what it means."""
        word = _by_code(self.told, "raw")
        if "own" not in self.frame.columns:
            return word
        return pl.when(self.kind.is_in(list(WORDED))).then(pl.coalesce("own", word)).alias("raw")


def main_events(rows: Rows, words: Words) -> Main:
    """The event that each row tells of itself, beside how it says that the ticket stands."""
    settled = words.settled
    frame, assumed = _with_requesters(_with_said(rows), rows.told, known=settled.has("role"))
    if not settled.has("role") and not settled.has("requester_id"):
        frame, opened = _with_founders(frame, rows.told)
        assumed = (*assumed, *opened)
    frame, told = _escalated(frame, rows.told)
    told = _valued(told, words)
    counts = _counted(frame, told)
    if _never_done(counts, settled):
        told = _valued(
            told.with_columns(pl.when(pl.col("kind") != Kind.status.value).then("kind").alias("kind")), words
        )
        counts = _counted(frame, told)
    named = settled.plan.log == "message" and not settled.has("activity")
    public = ("every message is taken as public: no column says which are internal notes",)
    return Main(
        frame=frame,
        told=told,
        counts=counts,
        stated=settled.has("new"),
        roles=settled.has("role") or bool(assumed),
        visible=settled.has("public"),
        spoken=named,
        assumptions=(*assumed, *machines_said(rows.machines), *(public if rows.assumed_public else ())),
    )


def _by_code(told: pl.DataFrame, name: str) -> pl.Expr:
    """What the codes tell; row for row, so that a filter of rows may come before it."""
    table = told[name]
    return (
        pl.col(CODE)
        .map_batches(lambda codes: table.gather(codes.cast(pl.UInt32)), return_dtype=table.dtype, is_elementwise=True)
        .alias(name)
    )


def _actor(frame: pl.DataFrame, told: pl.DataFrame) -> pl.Expr:
    return pl.col("actor") if "actor" in frame.columns else _by_code(told, "actor")


def machines_said(names: Sequence[str]) -> tuple[str, ...]:
    """What is said of authors who are taken for bots."""
    if not names:
        return ()
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    shown = ", ".join(names[:_MOST_NAMED])
    return (f"by their names, {shown}{more} are taken for bots: say otherwise under responders: in the config",)


def _valued(told: pl.DataFrame, words: Words) -> pl.DataFrame:
    """What codes tell, with the value that a word means and the word itself as raw."""
    kinds, word = told["kind"].cast(pl.String), told["word"].cast(pl.String)
    none = pl.Series([None], dtype=pl.String).new_from_index(0, len(word))
    value, raw = word, none
    for kind in WORDED:
        mine = (kinds == kind).fill_null(value=False)
        if mine.any():
            own = word.zip_with(mine, none)
            value, raw = (
                looked_up(own, _meaning(kind, words), pl.String()).zip_with(mine, value),
                own.zip_with(mine, raw),
            )
    return told.with_columns(value.cast(CODED).alias("value"), raw.cast(CODED).alias("raw"))


def _never_done(counts: pl.DataFrame, settled: Settled) -> bool:
    """Whether activities that pass for statuses end no ticket at all: they are steps of work then, and no statuses."""
    if settled.has("new") or not settled.has("activity"):
        return False
    statuses = counts.filter(pl.col("kind") == Kind.status.value)
    return statuses.height > 0 and not statuses["value"].cast(pl.String).is_in(list(DONE)).any()


def _counted(frame: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    names = [CODE, *(["actor"] if "actor" in frame.columns else [])]
    counts = frame.lazy().group_by(names).agg(pl.len().alias("rows")).collect()
    bare = pl.Series("bare", told["word"].is_null())
    beside = told.select("kind", "actor", "public", "value", bare)[counts[CODE].cast(pl.UInt32)]
    return beside.with_columns(counts.drop(CODE).get_columns())


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


def _escalated(frame: pl.DataFrame, told: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Escalations to no line of their own lead one line up each time: the rows, and what their codes tell then."""
    word = told["word"].cast(pl.String).to_list()
    bare = (told["kind"] == Kind.level.value).fill_null(value=False) & pl.Series(
        [level_of(text or "") is None for text in word], dtype=pl.Boolean
    )
    if not bare.any():
        return frame, told
    some = (
        frame.select("ticket_id", "at", CODE)
        .with_row_index("_place")
        .filter(pl.lit(bare).gather(pl.col(CODE).cast(pl.UInt32)))
    )
    lines = some.sort("ticket_id", "at", "_place").with_columns(line=pl.int_range(pl.len()).over("ticket_id") + 2)
    more = lines.select(CODE, "line").unique(maintain_order=True).with_row_index("_code", offset=told.height)
    placed = lines.join(more, on=[CODE, "line"], how="left", maintain_order="left")
    codes = frame[CODE].cast(pl.UInt32).scatter(placed["_place"], placed["_code"])
    names = more["line"].cast(pl.String).cast(CODED).alias("word")
    added = told[more[CODE].cast(pl.UInt32)].with_columns(names)
    return frame.with_columns(narrow(codes).alias(CODE)), pl.concat([told, added])


def _with_said(rows: Rows) -> pl.DataFrame:
    """The rows with the parts of authors as the config or their names tell them, above all else."""
    if not rows.has("said"):
        return rows.frame
    return rows.frame.with_columns(pl.coalesce("said", _by_code(rows.told, "actor")).alias("actor")).drop("said")


def _with_founders(frame: pl.DataFrame, told: pl.DataFrame) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """The rows with the parts of those who open tickets, where activities alone tell agents: "Agent replied".

    Who opens tickets and never does what agents do is their customer, if there are many of them: a few who open
    tickets for others are a front office.
    """
    if "actor_id" not in frame.columns:
        return frame, ()
    actor, opens = _actor(frame, told), _by_code(told, "kind") == Kind.created.value
    agents = frame.filter(actor == Actor.agent.value)["actor_id"].drop_nulls().unique()
    founders = frame.filter(opens & actor.is_null())["actor_id"].drop_nulls().unique()
    customers = founders.filter(~founders.is_in(agents.implode()))
    if not len(agents) or len(customers) < max(_CROWD, _TIMES * len(agents)):
        return frame, ()
    mine = opens & actor.is_null() & pl.col("actor_id").is_not_null()
    names = pl.Series([Actor.agent.value, Actor.customer.value], dtype=EVENTS["actor"])
    by = pl.lit(names).gather((~pl.col("actor_id").is_in(agents.implode())).cast(pl.UInt32))
    return frame.with_columns(pl.when(mine).then(by).otherwise(actor).alias("actor")), (FOUNDERS,)


def _with_requesters(frame: pl.DataFrame, told: pl.DataFrame, *, known: bool) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """The rows with the parts of authors told by who asked, where no column says who is what and some author asked.

    Where a column says it of the others, an author of whom it says nothing is the customer of the ticket if he asked.
    """
    if not {"actor_id", "requester_id"} <= {*frame.columns}:
        return frame, ()
    same, actor = pl.col("actor_id") == pl.col("requester_id"), _actor(frame, told)
    if known:
        asked = pl.when(same).then(pl.lit(Actor.customer.value, EVENTS["actor"]))
        return frame.with_columns(pl.coalesce(actor, asked).alias("actor")), ()
    spoken = _by_code(told, "kind") == Kind.message.value
    if not frame.select((spoken & same).any()).item():
        return frame, ()
    names = pl.Series([Actor.agent.value, Actor.customer.value], dtype=EVENTS["actor"])
    by = pl.lit(names).gather(same.cast(pl.UInt32))
    return frame.with_columns(pl.coalesce(actor, by).alias("actor")), (AUTHORS,)

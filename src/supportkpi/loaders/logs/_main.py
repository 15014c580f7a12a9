"""What each row of a log tells by its activity, its changed field or its message: one event a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

import polars as pl

from supportkpi.decisions import Reading
from supportkpi.loaders._settle import Settled
from supportkpi.loaders._vocabulary import plain, priority_of, status_of
from supportkpi.loaders.logs._gather import CODED, Rows
from supportkpi.loaders.logs._headers import is_negated
from supportkpi.loaders.logs._lookup import looked_up, unknown
from supportkpi.loaders.logs._words import NOTHING, Meaning, changed_of, level_of, meaning_of, public_of, role_of
from supportkpi.schema import EVENTS, Actor, Kind

AUTHORS = "an author who is the requester of the ticket is the customer, any other an agent"
_TOLD = (Kind.assignee, Kind.group, Kind.priority, Kind.level)


@dataclass(frozen=True, slots=True, kw_only=True)
class Main:
    """``frame``: the rows with kind, actor, public, value and raw of their event (EVENTS); without kind, none is known.

    ``spoken`` says that rows are messages, whatever they say; ``stated`` that changes come with their new value.
    """

    frame: pl.DataFrame
    unmapped: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    assumptions: tuple[str, ...] = ()
    spoken: bool = False
    stated: bool = False
    roles: bool = False  # a column says who is what
    visible: bool = False  # a column says who sees it


@dataclass(frozen=True, slots=True)
class Words:
    """The tables of words of a plan, and what the user said of statuses and authors."""

    settled: Settled
    reading: Reading

    def table(self, name: str) -> Mapping[str, str]:
        """The mapping's words of a field."""
        return self.settled.plan.words(name)

    @property
    def statuses(self) -> dict[str, str]:
        """Status words: the user's above the mapping's."""
        return {**self.table("status"), **{plain(word): to for word, to in self.reading.statuses.items()}}


def main_events(rows: Rows, words: Words) -> Main:
    """The event that each row tells of itself, beside how it says that the ticket stands."""
    frame, unmapped = _kinds(rows, words)
    stated = "new" in frame.columns
    frame = _values(frame, words)
    spoken = words.settled.plan.log == "message" and not rows.has("activity")
    frame, roles, assumed = _actors(frame, words)
    frame, visible, seen = _seen(frame, words)
    return Main(
        frame=frame.drop("meant", "sees", "fixed", "told", "old", "new", "own", "activity", "role", strict=False),
        unmapped=unmapped,
        assumptions=(*assumed, *seen),
        spoken=spoken,
        stated=stated,
        roles=roles,
        visible=visible,
    )


def _kinds(rows: Rows, words: Words) -> tuple[pl.DataFrame, dict[str, Mapping[str, int]]]:
    """The ``kind`` of each row, and by its activity the author (``meant``), who ``sees`` it, the status (``fixed``)."""
    frame = rows.frame.rename({"raw": "own"}) if rows.has("raw") else rows.frame
    unmapped: dict[str, Mapping[str, int]] = {}
    if rows.has("field"):
        kinds = looked_up(frame["field"], lambda word: _changed(word, words), EVENTS["kind"])
        frame = frame.drop("field").with_columns(kinds.alias("kind"), kinds.is_not_null().alias("told"))
        if not rows.has("activity"):
            return frame, unmapped
        frame = frame.rename({"kind": "changed"})
    if rows.has("activity"):
        statuses = words.statuses
        known: dict[str, Meaning | None] = {}

        def meant(word: str) -> Meaning | None:
            if word not in known:
                known[word] = meaning_of(word, words.table("activity"), statuses)
            return known[word]

        frame = _by_activity(frame, meant)
        missing = unknown(frame["activity"], meant)
        if missing:
            unmapped["activity"] = missing
        if "changed" in frame.columns:
            told = pl.col("changed").is_not_null()
            frame = frame.with_columns(
                pl.coalesce("changed", "kind").alias("kind"), (told | pl.col("told")).alias("told")
            ).drop("changed")
        return frame, unmapped
    kind = pl.lit(Kind.message.value if words.settled.plan.log == "message" else None, EVENTS["kind"])
    return frame.with_columns(kind.alias("kind")), unmapped


def _changed(word: str, words: Words) -> str | None:
    name = changed_of(word, words.table("field"))
    return None if name == "nothing" else name


def _by_activity(frame: pl.DataFrame, meant: Callable[[str], Meaning | None]) -> pl.DataFrame:
    def of(word: str) -> Meaning:
        return meant(word) or NOTHING

    activity = frame["activity"]
    return frame.with_columns(
        looked_up(activity, lambda word: of(word).kind, EVENTS["kind"]).alias("kind"),
        looked_up(activity, lambda word: of(word).actor, EVENTS["actor"]).alias("meant"),
        looked_up(activity, lambda word: of(word).public, pl.Boolean).alias("sees"),
        looked_up(activity, lambda word: of(word).value, pl.String).cast(CODED).alias("fixed"),
        looked_up(activity, lambda word: of(word).told, pl.Boolean).fill_null(value=False).alias("told"),
    )


# --- values ----------------------------------------------------------------------------------------------------------


def _values(frame: pl.DataFrame, words: Words) -> pl.DataFrame:
    """The frame with ``value`` and ``raw``: the status that is named, else what the column of new values holds."""
    fixed = pl.col("fixed") if "fixed" in frame.columns else pl.lit(None, CODED)
    kind = pl.col("kind")
    own = [pl.col("own")] if "own" in frame.columns else []
    if "new" not in frame.columns:
        raw = pl.col("activity") if "activity" in frame.columns else pl.lit(None, CODED)
        frame = frame.with_columns(fixed.alias("value"), pl.when(kind == Kind.status.value).then(raw).alias("raw"))
        return _escalated(frame)
    statuses, priorities = words.statuses, words.table("priority")
    new = frame["new"]
    read = {
        Kind.status: looked_up(new, lambda word: status_of(word, statuses), pl.String).cast(CODED),
        Kind.priority: looked_up(new, lambda word: priority_of(word, priorities), pl.String).cast(CODED),
        Kind.level: looked_up(new, level_of, pl.String).cast(CODED),
    }
    told = pl.col("told") if "told" in frame.columns else pl.lit(value=True)
    value = pl.col("new")
    for of, series in read.items():
        value = pl.when(kind == of.value).then(pl.lit(series)).otherwise(value)
    stated = kind.is_in([of.value for of in (Kind.status, *_TOLD)]) & told
    worded = pl.col("activity") if "activity" in frame.columns else pl.lit(None, CODED)
    value = pl.when(stated).then(pl.coalesce(value, fixed)).otherwise(fixed)
    raw = pl.when(stated).then(pl.coalesce(*own, "new", worded)).when(kind == Kind.status.value).then(worded)
    return _escalated(frame.with_columns(value.alias("value"), raw.alias("raw")))


def _escalated(frame: pl.DataFrame) -> pl.DataFrame:
    """Escalations without a level of their own lead one line up each time."""
    bare = (pl.col("kind") == Kind.level.value) & pl.col("value").is_null()
    if not frame.select(bare.any()).item():
        return frame
    order = frame.with_row_index("_place").filter(bare).sort("ticket_id", "at", "_place")
    line = (pl.int_range(pl.len()).over("ticket_id") + 2).cast(pl.String).cast(CODED).alias("_line")
    lines = order.select("_place", line)
    placed = frame.with_row_index("_place").join(lines, on="_place", how="left", maintain_order="left")
    return placed.with_columns(pl.coalesce("value", "_line").alias("value")).drop("_place", "_line")


# --- authors ---------------------------------------------------------------------------------------------------------


def _actors(frame: pl.DataFrame, words: Words) -> tuple[pl.DataFrame, bool, tuple[str, ...]]:
    """The frame with ``actor``: as the config says of the author, the activity, the role, the ticket's requester."""
    dtype = EVENTS["actor"]
    assumed: tuple[str, ...] = ()
    said = by_patterns(frame["actor"], words.reading) if "actor" in frame.columns else None
    role = None
    if "role" in frame.columns:
        role = looked_up(frame["role"], lambda word: role_of(word, words.table("role")), dtype)
    elif "actor" in frame.columns and "requester_id" in frame.columns:
        role = _by_requester(frame)
        assumed = () if role is None else (AUTHORS,)
    found = [
        series for series in (said, frame["meant"] if "meant" in frame.columns else None, role) if series is not None
    ]
    known = pl.coalesce(pl.lit(series) for series in found) if found else pl.lit(None, dtype)
    who = pl.col("actor") if "actor" in frame.columns else pl.lit(None, CODED)
    frame = frame.with_columns(known.cast(dtype).alias("actor"), who.alias("actor_id"))
    return frame.drop("requester_id", strict=False), role is not None, assumed


def by_patterns(authors: pl.Series, reading: Reading) -> pl.Series | None:
    """The actors that the config's ``responders`` name, null for all others; None where it names none."""
    if not reading.responders:
        return None
    patterns = [(actor, text.casefold()) for actor, texts in reading.responders.items() for text in texts]

    def actor_of(word: str) -> str | None:
        name = word.casefold()
        return next((actor for actor, pattern in patterns if fnmatchcase(name, pattern)), None)

    return looked_up(authors, actor_of, EVENTS["actor"])


def _by_requester(frame: pl.DataFrame) -> pl.Series | None:
    """Customer or agent by whether the author is the requester; None where no message has its requester as author."""
    spoken = (pl.col("kind") == Kind.message.value) & (pl.col("actor") == pl.col("requester_id"))
    if not frame.select(spoken.any()).item():
        return None
    names = pl.Series([Actor.customer.value, Actor.agent.value], dtype=EVENTS["actor"])
    same = (pl.col("actor") == pl.col("requester_id")).cast(pl.UInt32)
    return frame.select(pl.lit(names).gather(1 - same.cast(pl.Int64)).alias("role"))["role"]


def _seen(frame: pl.DataFrame, words: Words) -> tuple[pl.DataFrame, bool, tuple[str, ...]]:
    """The frame with ``public``: of messages, as the activity says, then as the column of visibility does."""
    spoken = pl.col("kind") == Kind.message.value
    sees = pl.col("sees") if "sees" in frame.columns else pl.lit(None, pl.Boolean)
    claim = words.settled.claim("public")
    if claim is not None and "public" in frame.columns:
        negated = is_negated(claim.column)
        table = words.table("public")
        shown = looked_up(frame["public"], lambda word: public_of(word, table, negated=negated), pl.Boolean)
        told = pl.coalesce(sees, pl.lit(shown))
        public = pl.when(spoken).then(told.fill_null(value=True) if negated else told)
        return frame.with_columns(public.alias("public")), True, ()
    frame = frame.with_columns(pl.when(spoken).then(sees.fill_null(value=True)).alias("public"))
    open_ones = frame.select((spoken & sees.is_null()).any()).item() if "sees" in frame.columns else True
    some = frame.select(spoken.any()).item()
    said = ("every message is taken as public: no column says which are internal notes",)
    return frame, False, said if open_ones and some else ()

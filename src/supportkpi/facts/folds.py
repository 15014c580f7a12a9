"""The two folds: across the columns of Stamps, down the groups of a Log, from the same declarations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

import polars as pl

from supportkpi.facts.declared import FACTS, Fact
from supportkpi.facts.keyed import KEY, Keyed, are_in_order, begins, counted, placed
from supportkpi.schema import EVENTS, INSTANT, TICKETS, Actor, Dataset, Kind, Stamps

_CREATED = pl.col("kind") == Kind.created.value
_ACTORS = 1 << 3  # an instant and the number of an actor in one integer: the last actor is the greatest
_NOBODY = _ACTORS - 1


def reduce(dataset: Dataset, events: Keyed, as_of: datetime | None, reasons: Mapping[str, str]) -> pl.DataFrame:
    """One column a Fact, ``opened_by`` (actor of created), ``_unborn`` (created after as_of): row by row the tickets.

    A fact that the export cannot show is null throughout.
    """
    if isinstance(dataset.history, Stamps):
        return _across(dataset.history, as_of, reasons)
    return _down(events, as_of, reasons)


def _across(history: Stamps, as_of: datetime | None, reasons: Mapping[str, str]) -> pl.DataFrame:
    """Facts across the columns of wide stamps: each mask picks its stamps, the reduction goes over their columns."""
    declared = _declared(history)
    seen = history.frame
    if as_of is not None:
        limit = pl.lit(as_of, INSTANT)
        seen = seen.with_columns(pl.when(pl.col(c) <= limit).then(pl.col(c)) for c in seen.columns if c != "ticket_id")
    created = declared.filter(_CREATED)
    opener = created["actor"].drop_nulls().to_list()
    unborn = [history.frame[column] > as_of for column in created["column"]] if as_of is not None else []
    return seen.select(
        *(_across_one(fact, declared.filter(fact.mask)) for fact in FACTS if fact.name not in reasons),
        *(_empty(fact) for fact in FACTS if fact.name in reasons),
        _opened_by(created["column"].to_list(), opener),
        (unborn[0].fill_null(value=False) if unborn else pl.repeat(value=False, n=pl.len())).alias("_unborn"),
    )


def _declared(history: Stamps) -> pl.DataFrame:
    """A row a stamp: its column, and the kind, actor, value and visibility of the events that it stands for."""
    return pl.DataFrame(
        {
            "column": [stamp.column for stamp in history.stamps],
            "kind": [stamp.kind.value for stamp in history.stamps],
            "actor": [stamp.actor.value if stamp.actor else None for stamp in history.stamps],
            "public": [stamp.public for stamp in history.stamps],
            "value": [stamp.value for stamp in history.stamps],
        },
        schema={
            "column": pl.String,
            "kind": EVENTS["kind"],
            "actor": EVENTS["actor"],
            "public": pl.Boolean,
            "value": pl.String,
        },
    )


def _opened_by(columns: list[str], opener: list[str]) -> pl.Expr:
    """The actor that the stamp of creation names, for the tickets whose creation is known."""
    known = pl.col(columns[0]).is_not_null() if columns else pl.repeat(value=False, n=pl.len())
    return pl.when(known).then(pl.lit(opener[0] if opener else None, EVENTS["actor"])).alias("opened_by")


def _across_one(fact: Fact, chosen: pl.DataFrame) -> pl.Expr:
    columns = chosen["column"].to_list()
    if fact.reduction == "by" and columns:
        return actor_of(_last_of(dict(zip(columns, chosen["actor"], strict=True)))).alias(fact.name)
    if fact.reduction == "count":
        counted = (
            pl.sum_horizontal(pl.col(c).is_not_null().cast(pl.UInt32) for c in columns) if columns else pl.lit(None)
        )
        return counted.cast(pl.UInt32).alias(fact.name)
    if not columns:
        return pl.lit(None, EVENTS["actor"] if fact.reduction == "by" else INSTANT).alias(fact.name)
    edge = pl.min_horizontal if fact.reduction == "first" else pl.max_horizontal
    return edge(*columns).alias(fact.name)


def _last_of(actors: Mapping[str, str | None]) -> pl.Expr:
    """Packed instant and actor of the latest of several columns; null where there is none."""
    all_packed = (packed(pl.col(column), pl.lit(actor, EVENTS["actor"])) for column, actor in actors.items())
    return pl.max_horizontal(*all_packed)


def packed(instant: pl.Expr, actor: pl.Expr) -> pl.Expr:
    """An instant and the actor of it in one integer: the greatest tells who acted last; null without instant."""
    return instant.cast(pl.Int64) * _ACTORS + actor.to_physical().cast(pl.Int64).fill_null(_NOBODY)


def actor_of(packed: pl.Expr) -> pl.Expr:
    """The actor of an instant packed with one."""
    names = pl.Series([actor.value for actor in Actor] + [None] * (_ACTORS - len(Actor)), dtype=EVENTS["actor"])
    return pl.lit(names).gather((packed % _ACTORS).cast(pl.UInt32))


def _empty(fact: Fact) -> pl.Expr:
    """A column that nothing is known of: one null for all rows takes no memory."""
    return pl.lit(None, {"count": pl.UInt32(), "by": EVENTS["actor"]}.get(fact.reduction, INSTANT)).alias(fact.name)


def _down(events: Keyed, as_of: datetime | None, reasons: Mapping[str, str]) -> pl.DataFrame:
    """Facts down the groups of a log, a kind of event at a time: what is in memory at once is a part of the whole."""
    shown = [fact for fact in FACTS if fact.name not in reasons]
    of_kinds = {kind: [fact for fact in shown if fact.kind is kind] for kind in {fact.kind: None for fact in shown}}
    parts = [_born(events, as_of)]
    for kind, facts in of_kinds.items():
        parts += _of_any(events, facts, as_of) if kind is None else _of_kind(events, kind, facts, as_of)
    empty = pl.select(_empty(fact) for fact in FACTS if fact.name in reasons)
    rows = pl.concat(parts, how="horizontal")
    return rows.with_columns(pl.lit(empty[name].item(), empty.schema[name]).alias(name) for name in empty.columns)


def _of_any(events: Keyed, facts: Sequence[Fact], as_of: datetime | None) -> Iterator[pl.DataFrame]:
    """The facts of events of several kinds: rows in order as they stand, others by an order-free group_by."""
    for mask, own in _by_mask(facts):
        told = events.until(as_of).filter(mask) if mask.meta.root_names() else events.until(as_of)
        seen = told.select(KEY, "at", *(["actor"] if any(fact.reduction == "by" for fact in own) else [])).collect()
        first = begins(seen[KEY]) if are_in_order(seen, "at") else None
        if first is not None:
            found = [_folded(fact, seen, first) for fact in own]
        elif seen["at"].is_sorted():
            found = [_written(fact, seen, events.keys) for fact in own]
        else:
            found = [_reduced(fact, seen) for fact in own]
        yield from _placed(found, own, events)


def _of_kind(events: Keyed, kind: Kind, facts: Sequence[Fact], as_of: datetime | None) -> Iterator[pl.DataFrame]:
    """The facts of one kind of event, whose rows stand by ticket and time: each mask picks its rows once."""
    rows = events.of(kind, as_of).with_columns(pl.lit(kind.value, EVENTS["kind"]).alias("kind"))
    for mask, own in _by_mask(facts):
        seen = rows.filter(mask).select(KEY, "at", "actor")
        first = begins(seen[KEY])
        yield from _placed((_folded(fact, seen, first) for fact in own), own, events)


def _placed(found: Iterable[pl.DataFrame], facts: Sequence[Fact], events: Keyed) -> Iterator[pl.DataFrame]:
    """Facts of the same events row by row the tickets; those that have the same tickets in the same order at once."""
    alike: list[pl.DataFrame] = []
    for frame in found:
        if alike and alike[0][KEY].equals(frame[KEY]):
            alike[0] = alike[0].hstack(frame.drop(KEY))
        else:
            alike.insert(0, frame)
    rows = pl.concat([placed(frame, events.keys) for frame in alike], how="horizontal")
    yield rows.select(_finished(fact) for fact in facts)


def _by_mask(facts: Sequence[Fact]) -> Iterator[tuple[pl.Expr, list[Fact]]]:
    for text, mask in {str(fact.mask): fact.mask for fact in facts}.items():
        yield mask, [fact for fact in facts if str(fact.mask) == text]


def _folded(fact: Fact, seen: pl.DataFrame, first: pl.Series) -> pl.DataFrame:
    """KEY and the fact of the tickets whose rows these are, by ticket and time; ``first`` marks the first of each."""
    if fact.reduction == "first":
        return seen.filter(first).select(KEY, pl.col("at").alias(fact.name))
    if fact.reduction == "last":
        return seen.filter(first.shift(-1, fill_value=True)).select(KEY, pl.col("at").alias(fact.name))
    if fact.reduction == "count":
        return pl.DataFrame([seen[KEY].filter(first), counted(first).alias(fact.name)])
    return _reduced(fact, seen)


def _written(fact: Fact, seen: pl.DataFrame, keys: pl.Series) -> pl.DataFrame:
    """The same of rows by time: each writes its instant into a table by ticket, and the last one stays."""
    if fact.reduction not in ("first", "last"):
        return _reduced(fact, seen)
    rows = seen.reverse() if fact.reduction == "first" else seen
    table = pl.Series([None], dtype=INSTANT).new_from_index(0, len(keys))
    return pl.DataFrame([keys, table.scatter(rows[KEY], rows["at"]).alias(fact.name)])


def _reduced(fact: Fact, seen: pl.DataFrame) -> pl.DataFrame:
    """The same of rows in any order."""
    column = packed(pl.col("at"), pl.col("actor")) if fact.reduction == "by" else pl.col("at")
    reduced = {"first": column.min(), "count": column.count()}.get(fact.reduction, column.max())
    return seen.group_by(KEY).agg(reduced.alias(fact.name))


def _born(events: Keyed, as_of: datetime | None) -> pl.DataFrame:
    """``opened_by``, and ``_unborn``: the first creation, as far as the log goes, lies after ``as_of``."""
    later = pl.lit(value=False) if as_of is None else pl.col("at") > pl.lit(as_of, INSTANT)
    told = events.of(Kind.created, None).select(KEY, pl.col("actor").to_physical(), later.alias("later"))
    if (told[KEY] == told[KEY].shift(1)).any():
        told = told.group_by(KEY).agg(pl.col("actor").drop_nulls().first(), pl.col("later").first())  # in order
    names = pl.Series([actor.value for actor in Actor], dtype=EVENTS["actor"])
    return placed(told, events.keys).select(
        pl.lit(names).gather(pl.col("actor").cast(pl.UInt32)).alias("opened_by"),
        pl.col("later").fill_null(value=False).alias("_unborn"),
    )


def _finished(fact: Fact) -> pl.Expr:
    """A folded column as it is read: a ticket without any event has none of what is counted."""
    column = pl.col(fact.name)
    if fact.reduction == "by":
        return actor_of(column).alias(fact.name)
    return column.fill_null(0).cast(pl.UInt32) if fact.reduction == "count" else column


def with_canonical(tickets: pl.DataFrame) -> pl.DataFrame:
    """All canonical ticket columns, null where the export has none, so that every KPI is a constant expression."""
    absent = [pl.lit(None, dtype).alias(name) for name, dtype in TICKETS.items() if name not in tickets.columns]
    return tickets.with_columns(absent)

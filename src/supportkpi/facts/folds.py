"""The two folds: across the columns of Stamps, down the groups of a Log, from the same declarations."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import polars as pl

from supportkpi.facts.declared import FACTS, Fact, unobserved
from supportkpi.schema import EVENTS, INSTANT, TICKETS, Actor, Dataset, Kind, Log, Stamps

_CREATED = pl.col("kind") == Kind.created.value


def reduce(dataset: Dataset, as_of: datetime | None, reasons: Mapping[str, str]) -> pl.DataFrame:
    """ticket_id, one column a Fact, ``opened_by`` (actor of created) and ``_unborn`` (created after as_of)."""
    if isinstance(dataset.history, Stamps):
        return _across(dataset.history, as_of, reasons)
    return _down(dataset.history, as_of, reasons)


def _across(history: Stamps, as_of: datetime | None, reasons: Mapping[str, str]) -> pl.DataFrame:
    """Facts across the columns of wide stamps: each mask picks its stamps, the reduction goes over their columns."""
    declared = pl.DataFrame(
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
    seen = history.frame
    if as_of is not None:
        limit = pl.lit(as_of, INSTANT)
        seen = seen.with_columns(pl.when(pl.col(c) <= limit).then(pl.col(c)) for c in seen.columns if c != "ticket_id")
    picked = {fact.name: declared.filter(fact.mask)["column"].to_list() for fact in FACTS if fact.name not in reasons}
    created = declared.filter(_CREATED)
    opener = created["actor"].drop_nulls().to_list()
    unborn = [history.frame[column] > as_of for column in created["column"]] if as_of is not None else []
    return seen.select(
        pl.col("ticket_id"),
        *(_across_one(fact, picked.get(fact.name, [])) for fact in FACTS),
        _opened_by(created["column"].to_list(), opener),
        (unborn[0].fill_null(value=False) if unborn else pl.lit(value=False)).alias("_unborn"),
    )


def _opened_by(columns: list[str], opener: list[str]) -> pl.Expr:
    """The actor that the stamp of creation names, for the tickets whose creation is known."""
    known = pl.col(columns[0]).is_not_null() if columns else pl.lit(value=False)
    return pl.when(known).then(pl.lit(opener[0] if opener else None, EVENTS["actor"])).alias("opened_by")


def _across_one(fact: Fact, columns: list[str]) -> pl.Expr:
    if fact.reduction == "count":
        counted = (
            pl.sum_horizontal(pl.col(c).is_not_null().cast(pl.UInt32) for c in columns) if columns else pl.lit(None)
        )
        return counted.cast(pl.UInt32).alias(fact.name)
    if not columns:
        return pl.lit(None, INSTANT).alias(fact.name)
    edge = pl.min_horizontal if fact.reduction == "first" else pl.max_horizontal
    return edge(*columns).alias(fact.name)


def _down(history: Log, as_of: datetime | None, reasons: Mapping[str, str]) -> pl.DataFrame:
    """Facts down the groups of a log: masked columns, then one order-free group_by."""
    events = history.frame
    at = pl.col("at")
    unborn = (_CREATED & (at > pl.lit(as_of, INSTANT))) if as_of is not None else pl.lit(value=False)
    seen = pl.when(at <= pl.lit(as_of, INSTANT)).then(at) if as_of is not None else at
    masked = [
        pl.when(fact.mask).then(seen).alias(fact.name)
        if fact.name not in reasons
        else pl.lit(None, INSTANT).alias(fact.name)
        for fact in FACTS
    ]
    narrow = events.select(
        pl.col("ticket_id"),
        *masked,
        pl.when(_CREATED).then(pl.col("actor").to_physical()).alias("_opener"),
        unborn.alias("_unborn"),
    )
    folded = narrow.group_by("ticket_id").agg(
        *(_down_one(fact, observed=fact.name not in reasons) for fact in FACTS),
        pl.col("_opener").min(),
        pl.col("_unborn").any(),
    )
    names = pl.Series([actor.value for actor in Actor], dtype=EVENTS["actor"])
    opener = pl.lit(names).gather(pl.col("_opener").cast(pl.UInt32)).alias("opened_by")
    return folded.collect().with_columns(opener).drop("_opener")


def _down_one(fact: Fact, *, observed: bool) -> pl.Expr:
    column = pl.col(fact.name)
    if fact.reduction == "count":
        return column.count().cast(pl.UInt32) if observed else column.first().cast(pl.Int64).cast(pl.UInt32)
    return column.min() if fact.reduction == "first" else column.max()


def beside(dataset: Dataset, reduced: pl.DataFrame) -> pl.DataFrame:
    """The columns of TICKETS with the folded columns beside them: one row a ticket, in the order of the tickets."""
    if isinstance(dataset.history, Stamps):  # row for row: checked when the dataset was made
        return dataset.tickets.hstack(reduced.drop("ticket_id"))
    return dataset.tickets.join(reduced, on="ticket_id", how="left", maintain_order="left").with_columns(
        pl.col("_unborn").fill_null(value=False),
        *(
            pl.col(fact.name).fill_null(0)
            for fact in FACTS
            if fact.reduction == "count" and unobserved(fact, dataset) is None
        ),
    )


def with_canonical(tickets: pl.DataFrame) -> pl.DataFrame:
    """All canonical ticket columns, null where the export has none, so that every KPI is a constant expression."""
    absent = [pl.lit(None, dtype).alias(name) for name, dtype in TICKETS.items() if name not in tickets.columns]
    return tickets.with_columns(absent)

"""Dimensions that the config makes of other columns: a tier by organization, a support line by group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from supportkpi.decisions import Dimension
from supportkpi.facts.choices import claimed, unmet


def with_dimensions(tickets: pl.DataFrame, dimensions: Sequence[Dimension]) -> pl.DataFrame:
    """The tickets with a String column for each dimension, in order, so that one may rest on another before it.

    The first class that fits says the value; else ``otherwise``; else the value that the export itself has stays.
    """
    for dimension in dimensions:
        tickets = tickets.with_columns(_classed(tickets, dimension).alias(dimension.name))
    return tickets


def _classed(tickets: pl.DataFrame, dimension: Dimension) -> pl.Expr:
    value = pl.lit(dimension.otherwise, pl.String)
    if dimension.otherwise is None and dimension.name in tickets.columns:
        value = pl.col(dimension.name).cast(pl.String)
    for each in reversed(dimension.classes):
        value = pl.when(claimed(tickets, each.when)).then(pl.lit(each.value)).otherwise(value)
    return value


def idle_classes(tickets: pl.DataFrame, dimensions: Sequence[Dimension]) -> Iterator[str]:
    """What the classes ask for and no ticket has, a sentence each."""
    for dimension in dimensions:
        for each in dimension.classes:
            yield from unmet(tickets, each.when, of=f"dimension {dimension.name}: {each.value}")

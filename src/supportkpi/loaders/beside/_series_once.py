"""The same figure twice, in one file or two: once where both say the same, an error where they do not.

Amounts of money are the exception: several of one month in one file are parts of it, and that is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from supportkpi.errors import DataContradictory, Where
from supportkpi.loaders._part import Part, Side
from supportkpi.loaders.tables import ROW

_DUPLICATE = "duplicate"
_KEY = ("_name", "start", "end", "channel", "currency")


def once(parts: Sequence[Part]) -> list[Part]:
    """The parts, every figure in the first file that has it; data rows of which none is left are duplicates.

    Raises:
        DataContradictory: two files have different figures of one name and period.
    """
    told: list[tuple[str, pl.DataFrame]] = []
    made = []
    for part in parts:
        side = part.side
        if side is None or side.series is None or ROW not in side.series.columns:
            made.append(part)
            continue
        rows, added = _alone(side.series.with_columns(_name=pl.col("name").str.to_lowercase()), part)
        part = replace(part, assumptions=(*part.assumptions, *added))  # noqa: PLW2901
        sums = rows.group_by(_KEY).agg(pl.col("value").sum())
        said = [_repeated(rows, before, sums, part, name) for name, before in told]
        told.append((part.table.name, sums))
        left = rows.join(pl.concat(said).unique(), on=_KEY, how="anti", nulls_equal=True) if said else rows
        made.append(replace(part, side=_left(side, left)))
    return made


def _alone(rows: pl.DataFrame, part: Part) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """The figures of one file, each once; what is said of amounts of which a month has several.

    Raises:
        DataContradictory: a figure of one name and period is there twice and not the same, and is no amount of money.
    """
    one = rows.unique([*_KEY, "value"], keep="first", maintain_order=True)
    several = one.filter(pl.len().over(_KEY) > 1).sort("start", ROW)
    unlike = several.filter(pl.col("currency").is_null())
    if unlike.height:
        name, start, end = unlike.select("name", "start", "end").row(0)
        same = unlike.join(unlike.head(1), on=_KEY, how="semi", nulls_equal=True)
        values = " and ".join(f"{value:g}" for value in same["value"].head(2))
        raise DataContradictory(
            f"{name} of {start} to {end} is there twice: {values}",
            hint="leave one of the rows, or give the figures names of their own in another column",
            where=Where(path=part.table.name),
        )
    if several.is_empty():
        return one, ()
    stretches = several.select(_KEY).unique().height
    return one, (f"{part.table.name}: {stretches:,} of its months have several amounts: they are added",)


def _repeated(rows: pl.DataFrame, before: pl.DataFrame, sums: pl.DataFrame, part: Part, other: str) -> pl.DataFrame:
    """The keys of figures that another file has told."""
    both = sums.join(before, on=_KEY, how="inner", nulls_equal=True, suffix="_before")
    differ = both.filter((pl.col("value") - pl.col("value_before")).abs() > 1e-9 * pl.col("value").abs()).sort("start")
    if differ.height:
        first = differ.row(0, named=True)
        name = rows.filter(pl.col("_name") == first["_name"])["name"][0]
        raise DataContradictory(
            f"{name} of {first['start']} to {first['end']} is {first['value_before']:g} in {other} "
            f"and {first['value']:g} in {part.table.name}",
            hint="give one of the files, or name the figures differently",
            where=Where(path=part.table.name),
        )
    return both.select(_KEY)


def _left(side: Side, series: pl.DataFrame) -> Side:
    used = series[ROW].n_unique()
    excluded = dict(side.excluded)
    if used < side.used:
        excluded[_DUPLICATE] = excluded.get(_DUPLICATE, 0) + side.used - used
    return replace(side, series=series.drop(ROW, "_name"), used=used, excluded=excluded)

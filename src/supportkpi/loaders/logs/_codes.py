"""One small code a row for all that its words say together: ten million rows hold a few hundred such combinations."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import polars as pl

CODE = "code"
"""The column of codes: the place of a combination in the table of all that there are."""
_DIRECT = 1 << 22
"""Combinations that there could be, up to which a table of all of them finds the code of a row."""


def coded(frame: pl.DataFrame, names: Sequence[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The frame with CODE instead of the categorical columns ``names``; and, a row a code, their words and ``rows``."""
    if not names:
        some = pl.DataFrame({"rows": [frame.height]}, schema={"rows": pl.UInt32})
        return frame.with_columns(pl.lit(0, pl.UInt8).alias(CODE)), some
    sizes = [_size(frame[name]) for name in names]
    codes, found = _directly(frame, names, sizes) if prod(sizes) <= _DIRECT else _joined(frame, names)
    rest = frame.drop(names).with_columns(narrow(codes).alias(CODE))
    return rest, found.select(pl.col(names).cast(pl.String), pl.col("rows").cast(pl.UInt32))


def narrow(codes: pl.Series) -> pl.Series:
    """Codes in as few bytes as they need."""
    top = codes.max()
    size = top if isinstance(top, int) else 0
    return codes.cast(pl.UInt8 if size < 1 << 8 else pl.UInt16 if size < 1 << 16 else pl.UInt32)


def _size(words: pl.Series) -> int:
    """How many codes a column could have, one for "no value" among them."""
    top = words.to_physical().max()
    return top + 2 if isinstance(top, int) else 1


def _directly(frame: pl.DataFrame, names: Sequence[str], sizes: Sequence[int]) -> tuple[pl.Series, pl.DataFrame]:
    key, step = pl.lit(0, pl.UInt32), 1
    for name, size in zip(names, sizes, strict=True):
        own = pl.col(name).to_physical().cast(pl.UInt32).fill_null(size - 1)
        key, step = key + own * pl.lit(step, pl.UInt32), step * size
    keys = frame.select(key.alias("key"))
    found = keys.lazy().group_by("key").agg(pl.len().alias("rows")).collect().sort("key")
    table = pl.repeat(0, step, dtype=pl.UInt32, eager=True)
    table = table.scatter(found["key"], pl.int_range(found.height, dtype=pl.UInt32, eager=True))
    made, left = [], pl.col("key")
    for name, size in zip(names, sizes, strict=True):
        own, left = left % size, left // size
        made.append(_words_of(frame[name], pl.when(own < size - 1).then(own)).alias(name))
    return table.gather(keys["key"]), found.select(*made, "rows")


def _words_of(column: pl.Series, code: pl.Expr) -> pl.Expr:
    """The words of a categorical column by their codes."""
    dtype = column.dtype
    assert isinstance(dtype, pl.Categorical)  # noqa: S101 - it was read as one
    known = dtype.categories.to_series()
    return pl.lit(known).gather(code.cast(pl.UInt32)) if len(known) else pl.lit(None, pl.String)


def _joined(frame: pl.DataFrame, names: Sequence[str]) -> tuple[pl.Series, pl.DataFrame]:
    found = frame.lazy().group_by(names).agg(pl.len().alias("rows")).collect().with_row_index(CODE)
    beside = frame.select(names).join(
        found.drop("rows"), on=list(names), how="left", nulls_equal=True, maintain_order="left"
    )
    return beside[CODE], found

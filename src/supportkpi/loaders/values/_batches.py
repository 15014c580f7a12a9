"""Readers of one column, tried in turn: a fast one for nearly all values, careful ones for what it left.

In an expression every branch is computed for every row. A batch can stop as soon as nothing is left to read, so that
the careful ways cost only where they are needed; row for row, and native to the streaming engine.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

Reader = Callable[[pl.Series], pl.Series]


def batched(expr: pl.Expr, dtype: pl.DataType, reader: Reader) -> pl.Expr:
    """The values of ``expr`` read by ``reader``, batch by batch; ``reader`` gives as many values of ``dtype``."""
    return expr.map_batches(reader, return_dtype=dtype, is_elementwise=True)


def staged(expr: pl.Expr, dtype: pl.DataType, *readers: Reader) -> pl.Expr:
    """The values of ``expr`` as the first reader that can read them does; null where none can."""
    return batched(expr, dtype, lambda values: first_read(values, dtype, *readers))


def first_read(values: pl.Series, dtype: pl.DataType, *readers: Reader) -> pl.Series:
    """A series read by the first reader that can, value by value; later readers see only what is left."""
    read = readers[0](values).cast(dtype)
    for reader in readers[1:]:
        left = read.is_null() & values.is_not_null()
        if not left.any():
            break
        read = read.zip_with(~left, reader(only(values, left)).cast(dtype))
    return read


def distinct_read(values: pl.Series, dtype: pl.DataType, reader: Reader) -> pl.Series:
    """A series of text read once a distinct value, for columns of few words."""
    words = values.unique().drop_nulls()
    if not len(words):
        return reader(values)
    return values.replace_strict(words, reader(words), default=None, return_dtype=dtype)


def only(values: pl.Series, keep: pl.Series) -> pl.Series:
    """The values where ``keep`` is true, null elsewhere."""
    return values.zip_with(keep, pl.Series([None], dtype=values.dtype).new_from_index(0, len(values)))


def spread(values: pl.Series, size: int) -> pl.Series:
    """At most ``size`` values of a series without its nulls: the first half of them from its start, the rest evenly."""
    full = values.drop_nulls()
    if len(full) <= size:
        return full
    half = size // 2
    return pl.concat([full.head(half), full.slice(half).gather_every(max(1, (len(full) - half) // half)).head(half)])

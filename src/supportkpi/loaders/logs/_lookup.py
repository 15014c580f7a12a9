"""Words to what they mean, once a distinct word and then by code: ten million rows hold a few dozen words."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl

MOST_NAMED = 1_000


def distinct(words: pl.Series) -> list[str]:
    """The words of a categorical column."""
    return sorted(words.unique().drop_nulls().cast(pl.String).to_list())


def looked_up(words: pl.Series, meaning: Callable[[str], object], dtype: pl.DataType | type[pl.DataType]) -> pl.Series:
    """A categorical column by what its words mean; null where a word means nothing."""
    known = words.unique().drop_nulls()
    codes = known.to_physical().to_list()
    table: list[object] = [None] * (max(codes, default=0) + 1)
    for code, word in zip(codes, known.cast(pl.String), strict=True):
        table[code] = meaning(word)
    return pl.Series(words.name, table, dtype=dtype).gather(words.to_physical().cast(pl.UInt32))


def unknown(words: pl.Series, means: Callable[[str], object]) -> Mapping[str, int]:
    """The words that mean nothing, with the rows that they stand in."""
    counts = words.value_counts(sort=True, name="rows").head(MOST_NAMED)
    named = counts.with_columns(pl.col(words.name).cast(pl.String)).drop_nulls().rows()
    return {str(word): int(rows) for word, rows in named if means(word) is None}

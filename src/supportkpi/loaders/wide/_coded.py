"""Vendors' words to ours, by the distinct words of a column: a million rows hold a dozen of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl

MOST_NAMED = 1_000


def coded(
    words: pl.Series, meaning: Callable[[str], str | None], dtype: pl.DataType
) -> tuple[pl.Series, dict[str, int]]:
    """A categorical column by what its words mean, and the words that mean nothing with the rows they stand in."""
    distinct = words.unique().drop_nulls().cast(pl.String).to_list()
    meanings = {word: meaning(word) for word in distinct}
    known = {word: to for word, to in meanings.items() if to is not None}
    if not known:
        return pl.Series(words.name, [None], dtype=dtype).new_from_index(0, len(words)), _counted(words, meanings)
    read = by_word(words, meanings, dtype)
    return read.alias(words.name), _counted(words, {word: to for word, to in meanings.items() if to is None})


def by_word(words: pl.Series, meanings: Mapping[str, object], dtype: pl.DataType) -> pl.Series:
    """A column of what its words mean; of a categorical one by their codes."""
    told = pl.Series(words.name, list(meanings.values()), dtype=dtype)
    if not isinstance(words.dtype, pl.Categorical):
        return words.replace_strict(list(meanings), told, default=None, return_dtype=dtype)
    codes = pl.Series(list(meanings), dtype=words.dtype).to_physical().cast(pl.UInt32)
    highest = codes.max()
    size = int(highest) + 1 if isinstance(highest, int) else 0
    place = pl.repeat(None, size, dtype=pl.UInt32, eager=True)
    place = place.scatter(codes, pl.int_range(len(codes), dtype=pl.UInt32, eager=True)) if size else place
    return told.gather(place).gather(words.to_physical().cast(pl.UInt32))


def _counted(words: pl.Series, unknown: Mapping[str, object]) -> dict[str, int]:
    if not unknown:
        return {}
    counts = words.value_counts(name="rows").with_columns(pl.col(words.name).cast(pl.String))
    counts = counts.sort("rows", words.name, descending=[True, False]).filter(pl.col(words.name).is_in(list(unknown)))
    return {str(word): int(rows) for word, rows in counts.head(MOST_NAMED).rows()}

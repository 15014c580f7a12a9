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
    read = words.replace_strict(list(known), list(known.values()), default=None, return_dtype=dtype)
    return read.alias(words.name), _counted(words, {word: to for word, to in meanings.items() if to is None})


def _counted(words: pl.Series, unknown: Mapping[str, object]) -> dict[str, int]:
    if not unknown:
        return {}
    counts = words.cast(pl.String).value_counts(sort=True, name="rows").filter(pl.col(words.name).is_in(list(unknown)))
    return {str(word): int(rows) for word, rows in counts.head(MOST_NAMED).rows()}

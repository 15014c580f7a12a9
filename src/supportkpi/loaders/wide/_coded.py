"""Columns of few words, by their words and not by their rows: a million rows hold a dozen of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import polars as pl

MOST_NAMED = 1_000


def codes_of(name: str) -> pl.Categorical:
    """The type of a column of few words, with categories of its own: they are its words, in the order of their codes.

    Tables that are open at the same time share them for columns of one name: of those words some may stand in no row.
    """
    return pl.Categorical(pl.Categories(name, "supportkpi"))


def once_a_word(column: pl.Series, read: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """What ``read`` makes of text (a series of as many values); a column of ``codes_of`` is read once for each word."""
    words = _words_of(column)
    if words is None:
        return read(column.cast(pl.String)).alias(column.name)
    told = read(words)
    if told.dtype == column.dtype and told.equals(words.cast(column.dtype), null_equal=True):
        return column
    return told.gather(column.to_physical()).alias(column.name)


def as_text(column: pl.Series) -> pl.Series:
    """A column of words as text."""
    return once_a_word(column, lambda words: words)


def by_word(column: pl.Series, meanings: Mapping[str, object], dtype: pl.DataType) -> pl.Series:
    """A column of what its words mean; null for a word without a meaning."""
    told = pl.Series(list(meanings.values()), dtype=dtype)
    if told.null_count() == len(told):
        return pl.Series(column.name, [None], dtype=dtype).new_from_index(0, len(column))

    def read(words: pl.Series) -> pl.Series:
        return words.replace_strict(list(meanings), told, default=None, return_dtype=dtype)

    return once_a_word(column, read)


def coded(
    column: pl.Series, meaning: Callable[[str], str | None], dtype: pl.DataType
) -> tuple[pl.Series, dict[str, int]]:
    """A column by what its words mean, and the words that mean nothing with the rows they stand in."""
    meanings = _meanings(column, meaning)
    return by_word(column, meanings, dtype), _counted(column, [word for word, to in meanings.items() if to is None])


def meant(column: pl.Series, meaning: Callable[[str], str | None], dtype: pl.DataType) -> pl.Series:
    """A column by what its words mean; null for a word that means nothing."""
    return by_word(column, _meanings(column, meaning), dtype)


def _meanings(column: pl.Series, meaning: Callable[[str], str | None]) -> dict[str, str | None]:
    words = _words_of(column)
    distinct = column.unique().cast(pl.String) if words is None else words
    return {word: meaning(word) for word in distinct.drop_nulls().to_list()}


def _words_of(column: pl.Series) -> pl.Series | None:
    """The words of a column of ``codes_of`` by their codes, and perhaps some that no row has; None for another."""
    dtype = column.dtype
    if not isinstance(dtype, pl.Categorical) or dtype.categories.is_global():
        return None
    return dtype.categories.to_series()


def _counted(words: pl.Series, unknown: Sequence[str]) -> dict[str, int]:
    if not unknown:
        return {}
    counts = words.value_counts(name="rows").with_columns(pl.col(words.name).cast(pl.String))
    counts = counts.sort("rows", words.name, descending=[True, False]).filter(pl.col(words.name).is_in(unknown))
    return {str(word): int(rows) for word, rows in counts.head(MOST_NAMED).rows()}

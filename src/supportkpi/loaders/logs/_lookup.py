"""Words to what they mean, once a distinct word and then by code: ten million rows hold a few dozen words."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl


def looked_up(words: pl.Series, meaning: Callable[[str], object], dtype: pl.DataType) -> pl.Series:
    """A column of text by what its words mean; null where a word means nothing."""
    text = words if words.dtype == pl.String else words.cast(pl.String)
    known = text.unique().drop_nulls()
    if not len(known):
        return pl.Series(words.name, [None], dtype=dtype).new_from_index(0, len(words))
    codes = text.cast(pl.Enum(known)).to_physical().cast(pl.UInt32)
    return pl.Series(words.name, [meaning(word) for word in known], dtype=dtype).gather(codes)


def told(words: pl.Series, meaning: Callable[[str], object], dtype: pl.DataType) -> pl.Series:
    """A categorical column by what its words mean; null where a word means nothing."""
    known = words.unique().drop_nulls()
    to = pl.Series([meaning(word) for word in known.cast(pl.String)], dtype=dtype)
    return _by_code(known, to).gather(words.to_physical().cast(pl.UInt32)).alias(words.name)


def renamed(words: pl.Series, known: pl.Series, to: pl.Series) -> pl.Series:
    """A categorical column with each of the ``known`` words (of it) replaced by the one of ``to`` in its place."""
    return translation(known, to).gather(words.to_physical().cast(pl.UInt32)).alias(words.name)


def translation(known: pl.Series, to: pl.Series) -> pl.Series:
    """The words ``to`` by the codes of the ``known`` ones (Categorical): what an expression can gather from."""
    return _by_code(known, to.cast(pl.Categorical()))


def _by_code(known: pl.Series, to: pl.Series) -> pl.Series:
    codes = known.to_physical().cast(pl.UInt32)
    top = codes.max()
    size = int(top) + 1 if isinstance(top, int) else 1
    said = pl.DataFrame({"code": codes, "to": to})
    return pl.DataFrame({"code": pl.int_range(size, dtype=pl.UInt32, eager=True)}).join(
        said, on="code", how="left", maintain_order="left"
    )["to"]

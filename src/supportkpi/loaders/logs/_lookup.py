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


def renamed(words: pl.Series, known: pl.Series, to: pl.Series) -> pl.Series:
    """A categorical column with each of the ``known`` words (of it) replaced by the one of ``to`` in its place."""
    return translation(known, to).gather(words.to_physical().cast(pl.UInt32)).alias(words.name)


def translation(known: pl.Series, to: pl.Series) -> pl.Series:
    """The words ``to`` by the codes of the ``known`` ones (Categorical): what an expression can gather from."""
    codes = known.to_physical().cast(pl.UInt32)
    top = codes.max()
    size = int(top) + 1 if isinstance(top, int) else 1
    told = pl.DataFrame({"code": codes, "to": to.cast(pl.Categorical())})
    return pl.DataFrame({"code": pl.int_range(size, dtype=pl.UInt32, eager=True)}).join(
        told, on="code", how="left", maintain_order="left"
    )["to"]

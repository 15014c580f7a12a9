"""Numbers in text: which mark stands before the decimals, by column, and what groups the thousands."""

from __future__ import annotations

from typing import Literal

import polars as pl

from supportkpi.loaders.values._batches import first_read, spread, staged

Mark = Literal[".", ","]

_SPACES = r"[\s\u{a0}\u{202f}\u{2009}\u{2007}'’_]"
_SAMPLE = 4096


def decimal_mark(values: pl.Series, *, default: Mark = ".") -> Mark:
    """Which mark stands before the decimals of a column: ``,`` only where some value can be read in no other way.

    A lone ``1,234`` may be grouped thousands or three decimals: it decides nothing, and neither does ``1.234``.
    """
    if values.dtype != pl.String:
        return "."
    frame = spread(values, _SAMPLE).alias("v").to_frame().select(_bare(pl.col("v")))
    seen = frame.select(
        point=_decides(pl.col("v"), ".", ",").sum(),
        comma=_decides(pl.col("v"), ",", ".").sum(),
    ).row(0, named=True)
    if seen["comma"] == seen["point"]:
        return default if not seen["comma"] else "."
    return "," if seen["comma"] > seen["point"] else "."


def _decides(value: pl.Expr, mark: str, other: str) -> pl.Expr:
    """Whether a value can only be read with ``mark`` before its decimals."""
    mark, other = f"[{mark}]", f"[{other}]"
    after_groups = value.str.contains(rf"^\d{{1,3}}(?:{other}\d{{2,3}})*{other}\d{{3}}{mark}\d+$")
    not_three = value.str.contains(rf"^\d+{mark}(?:\d{{1,2}}|\d{{4,}})$")
    leading = value.str.contains(rf"^(?:0|\d{{4,}}){mark}\d+$")
    groups_of_other = value.str.contains(rf"^\d{{1,3}}(?:{other}\d{{2,3}})+{other}\d{{3}}$")
    return after_groups | not_three | leading | groups_of_other


def number(expr: pl.Expr, *, decimal: Mark = ".") -> pl.Expr:
    """Numbers (Float64) as written, null where there is none: ``1 234,5``, ``1,234.5``, ``3,87,16,911``, ``85 %``.

    Args:
        expr: text, or numbers, which pass unchanged.
        decimal: the mark before the decimals, by ``decimal_mark``; the other one may only group thousands.
    """
    return staged(expr, pl.Float64(), lambda values: numbers(values, decimal))


def numbers(values: pl.Series, decimal: Mark = ".") -> pl.Series:
    """The numbers of a series: see ``number``."""
    if values.dtype != pl.String:
        return values.cast(pl.Float64, strict=False)
    plain = _plain if decimal == "." else _never
    return first_read(values, pl.Float64(), plain, lambda left: _dressed(left, decimal))


def _plain(values: pl.Series) -> pl.Series:
    return _finite(values.cast(pl.Float64, strict=False))


def _never(values: pl.Series) -> pl.Series:
    return values.clear(len(values)).cast(pl.Float64)


def _dressed(values: pl.Series, decimal: Mark) -> pl.Series:
    """Numbers with spaces, groups, a percent sign or a decimal comma."""
    group = "[,]" if decimal == "." else "[.]"
    value = _bare(pl.col("v"))
    sign = pl.col("v").str.contains(r"^\s*[-−–]")
    whole = rf"^(?:\d+|\d{{1,3}}(?:{group}\d{{2,3}})*{group}\d{{3}})(?:[{decimal}]\d*)?(?:e[+-]?\d+)?$"
    digits = value.str.replace_all(group, "").str.replace(decimal, ".", literal=True)
    read = pl.when(value.str.contains(whole)).then(digits.cast(pl.Float64, strict=False))
    frame = values.alias("v").to_frame().select(pl.when(sign).then(-read).otherwise(read).alias("v"))
    return _finite(frame.to_series())


def _bare(value: pl.Expr) -> pl.Expr:
    """A number's text without spaces, sign and percent sign; spaces may only part thousands."""
    text = value.str.to_lowercase().str.strip_chars()
    spaced = text.str.contains(rf"\d{_SPACES}\d") & ~text.str.contains(
        rf"^[-+−–]?{_SPACES}?\d{{1,3}}(?:{_SPACES}\d{{2,3}})*{_SPACES}\d{{3}}(?:[.,]\d+)?{_SPACES}?%?$"
    )
    bare = text.str.replace_all(_SPACES, "").str.replace(r"^[-+−–]", "").str.replace(r"%$", "")
    return pl.when(~spaced).then(bare).alias("v")


def _finite(values: pl.Series) -> pl.Series:
    return values.set(~values.is_finite(), None)

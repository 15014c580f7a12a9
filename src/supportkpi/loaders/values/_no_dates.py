"""Dates that stand for none: zeros, the first and the last that a system can write."""

from __future__ import annotations

import polars as pl

_ZEROS = r"^0{1,4}[-./]0{1,2}[-./]0{1,4}(?:[t ]+0{1,2}:00(?::00)?(?:\.0+)?z?)?$"
_BEYOND = r"(?:^|\D)(?:000\d|1[0-8]\d{2}|19[0-8]\d|2[1-9]\d{2}|[3-9]\d{3})(?:\D|$)"
"""A year in which no ticket was ever solved: 0001, 1753, 1899, 1970, 2999, 9999, by what wrote the file."""
_BEHIND_CLOCK = r"(:\d{2})(?:[.,]\d+)?\s?(?:z|[+-]\d{2}:?\d{2})?$"
"""Fractions and offsets, whose digits are no year."""
_EDGE_OF_YEAR = r"(?:^|\D)(?:0?1[-./]0?[12]|0?2[-./]0?1|12[-./]3[01]|3[01][-./]12)(?:\D|$)"


def without_no_dates(cells: pl.Series) -> pl.Series:
    """Texts without the dates that stand for none; as they are, where there is nothing else."""
    if not cells.str.contains(rf"^0|{_BEYOND}").any():
        return cells
    none = cells.alias("v").to_frame().select(is_no_date(pl.col("v"))).to_series()
    return cells if none.all() or not none.any() else cells.set(none, None)


def is_no_date(text: pl.Expr) -> pl.Expr:
    """Whether a text is a date that stands for none.

    A date of another age is a slip of the pen where it stands once; the first or last day of its year, or the same
    again and again, is what a program writes where there is nothing.
    """
    lowered = text.str.to_lowercase().str.replace(_BEHIND_CLOCK, "$1")
    beyond = lowered.str.contains(_BEYOND) & (lowered.str.contains(_EDGE_OF_YEAR) | (pl.len().over(lowered) > 1))
    return (lowered.str.contains(_ZEROS) | beyond).fill_null(value=False)

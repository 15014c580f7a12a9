"""Values of a column: what is missing, numbers, yes and no. Ratings are in ``_ratings``, and reached from here too."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from supportkpi.loaders.values._batches import batched
from supportkpi.loaders.values._numbers import Mark, decimal_mark, number
from supportkpi.loaders.values._ratings import ScaleGuess, guess_scale, offered, satisfied_from, score

__all__ = [
    "MISSING",
    "Mark",
    "ScaleGuess",
    "boolean",
    "clean",
    "decimal_mark",
    "guess_scale",
    "number",
    "offered",
    "satisfied_from",
    "score",
]

MISSING = frozenset(
    {
        "",
        "-",
        "--",
        "---",
        "—",
        "–",
        "?",
        "null",
        "(null)",
        "<null>",
        r"\n",
        "none",
        "nan",
        "nat",
        "n/a",
        "#n/a",
        "<na>",
    }
)
"""Marks (lower case) of "no value" in every export; ``NA``, ``0``, ``Unassigned`` only where a mapping says so."""

_YES = "true t yes y 1 1.0 on да д истина sim si sí oui sì ja wahr verdadero verdadeiro vrai checked x ✓ ✔"
_NO = "false f no n 0 0.0 off нет н ложь não nao non nein nee falsch falso faux unchecked ✗ ✘"
_TRUTHS = {**dict.fromkeys(_YES.split(), True), **dict.fromkeys(_NO.split(), False)}


def clean(expr: pl.Expr, missing: Collection[str] = ()) -> pl.Expr:
    """Text without spaces around it (no-break ones included), null where it only marks that a value is missing.

    Args:
        expr: text; other types pass unchanged.
        missing: the helpdesk's own marks (``NA``, ``0``, ``No Summary``), compared as they are written.
    """
    own = {mark.strip() for mark in missing}

    def read(values: pl.Series) -> pl.Series:
        if values.dtype != pl.String:
            return values
        text = values.str.strip_chars()
        blank = text.str.len_bytes() <= _LONGEST  # few values are as short as a mark: look only those up
        if blank.any():
            blank &= text.str.to_lowercase().is_in(MISSING)
        if own:
            blank |= text.is_in(own)
        return text.set(blank, None)

    return expr.map_batches(read, is_elementwise=True)


_LONGEST = max(len(mark.encode()) for mark in MISSING)


def boolean(expr: pl.Expr) -> pl.Expr:
    """Yes and no (Boolean) in words of six languages, digits and marks; null where a value is neither."""

    def read(values: pl.Series) -> pl.Series:
        if values.dtype == pl.Boolean:
            return values
        text = values.cast(pl.String).str.strip_chars().str.to_lowercase()
        return text.replace_strict(_TRUTHS, default=None, return_dtype=pl.Boolean)

    return batched(expr, pl.Boolean(), read)

"""Ratings: what customers answered as a number on a scale, and which scale it is.

A scale is never read off the highest score that was seen. It is stated (by a mapping, an option, the header), it says
itself what it is (good and bad, thumbs, faces, words), or it is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Literal

import polars as pl

from supportkpi.loaders.values._anchors import anchored_scale
from supportkpi.loaders.values._batches import batched, distinct_read, first_read
from supportkpi.loaders.values._numbers import numbers
from supportkpi.loaders.values._rating_words import AGREED, FAMILIES, KNOWN, OFFERED, UNDECIDED, UNOFFERED, Family
from supportkpi.scales import scale as scale_named

Basis = Literal["stated", "header", "values"]

MIN_RATINGS = 50
"""Ratings needed, each of 1 to 5 among them and nothing else, before 1-5 is assumed (engine.md 1)."""


_STRANGE = 0.05
"""Share of answers that may be words nobody knows without casting doubt on the others; they are counted as unread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleGuess:
    """What is known about a column's scale.

    ``scale`` (``1-5``, ``binary``, …) is None where it must be asked for; ``basis`` says who told; ``words`` are the
    scores of the words in the column; ``satisfied_from`` is None where the threshold must be asked for; ``reason`` is a
    sentence for a person: the assumption, or what is to be asked.
    """

    scale: str | None
    basis: Basis | None = None
    words: Mapping[str, float] = field(default_factory=dict)
    satisfied_from: float | None = None
    reason: str = ""


_SIGNED = frozenset(("+1", "-1"))
"""Thumbs as numbers. Among other scores -1 says that nobody answered."""
_FRACTION = r"^\s*(\d+(?:[.,]\d+)?)\s*(?:/|из|of|out of|de|von|sur)\s*\d+\s*$"
_POINT_WORDS = "★|⭐|stars?|points?|балл(?:а|ов)?|звезд[аы]?|звёзд|estrellas?|estrelas?|étoiles?|sterne?"
_POINTS = rf"(?i)^\s*(\d+(?:[.,]\d+)?)\s*(?:{_POINT_WORDS})\u{{fe0f}}?\s*$"
_LABELLED = r"^\s*(\d{1,2})\s*(?:[-–—:.=)]\s*|\s\()\p{L}[^\d]*$"
_LABELLING = r"^\s*\p{L}[^\d]*?(?:\s*[-–—:=]\s*|\s?\()(\d{1,2})\)?\s*$"
_SYMBOL_SKIN = r"[\u{1f3fb}-\u{1f3ff}\u{fe0f}]"


# --- reading ---------------------------------------------------------------------------------------------------------


def score(expr: pl.Expr, guess: ScaleGuess | None = None) -> pl.Expr:
    """Ratings as numbers (Float64); null for words that are no answer and for those that nobody knows.

    ``5``, ``4,0``, ``5 / 5``, ``★★★★☆``, ``4 stars`` read without a guess; words and faces by the guess's own table,
    without one only where every family of words agrees. A score outside its scale stays as it is, to be counted.
    """
    words = {word: value for word, value in AGREED.items() if word not in _SIGNED}
    words = dict(guess.words) if guess is not None and guess.words else words

    def read_words(values: pl.Series) -> pl.Series:
        return first_read(values, pl.Float64(), _number, _dressed, lambda left: _worded(left, words), numbers)

    def read(values: pl.Series) -> pl.Series:
        if values.dtype != pl.String:
            return values.cast(pl.Float64, strict=False)
        return distinct_read(values, pl.Float64(), read_words)

    return batched(expr, pl.Float64(), read)


def strays(words: Collection[str]) -> frozenset[str]:
    """The number that stands for no answer among others: 0 or -1 beside "Good", 👍 or "4/5"; -1 beside 5."""
    bare = {word: float(word.replace(",", ".")) for word in words if re.fullmatch(r"\s*[-+]?\d+(?:[.,]0+)?\s*", word)}
    none = [word for word, value in bare.items() if value in (0, -1) and not word.strip().startswith("+")]
    others = len(words) - len(bare)
    alone = len(bare) == 1 and others > 0
    below = [word for word in none if bare[word] < 0 and max(bare.values()) > 1]
    return frozenset(none if alone else below)


def offered(expr: pl.Expr) -> pl.Expr:
    """Whether a customer was asked (Boolean): true for ``offered``, false for ``unoffered``, null for anything else."""
    text = expr.cast(pl.String).str.strip_chars().str.to_lowercase()
    return pl.when(text.is_in(OFFERED | UNOFFERED)).then(text.is_in(OFFERED))


def _number(values: pl.Series) -> pl.Series:
    """A plain number, with a decimal point or comma; a thumb spelled ``+1`` or ``-1`` is a word."""
    text = values.str.strip_chars()
    plain = text.str.contains(r"^\d+(?:[.,]\d+)?\s*%?$").fill_null(value=False)
    return numbers(text.set(~plain, None).str.replace(",", ".", literal=True))


def _dressed(values: pl.Series) -> pl.Series:
    """Fractions, numbers beside a word ("4 - Satisfied", "Satisfied (4)"), rows of stars."""
    frame = values.alias("v").to_frame()
    number = pl.coalesce(pl.col("v").str.extract(pattern) for pattern in (_FRACTION, _POINTS, _LABELLED, _LABELLING))
    stars = pl.when(pl.col("v").str.contains(r"^\s*(?:[★⭐]\u{fe0f}?\s*)+(?:☆\s*)*$|^\s*(?:☆\s*)+$"))
    counted = stars.then(pl.col("v").str.count_matches("[★⭐]"))
    read = pl.coalesce(number.str.replace(",", ".", literal=True).cast(pl.Float64), counted.cast(pl.Float64))
    return frame.select(read.alias("v")).to_series()


def _worded(values: pl.Series, words: Mapping[str, float]) -> pl.Series:
    table: dict[str, float | None] = {
        word.replace("\ufe0f", "").strip().lower(): value for word, value in words.items()
    }
    table[""] = None
    return _plain(values).replace_strict(table, default=None, return_dtype=pl.Float64)


def _plain(values: pl.Series) -> pl.Series:
    """Words as the tables have them: lower case, single spaces, no shade of skin on an emoji."""
    text = values.str.to_lowercase().str.replace_all(_SYMBOL_SKIN, "").str.replace_all(r"\s+", " ")
    return text.str.strip_chars()


# --- which scale -----------------------------------------------------------------------------------------------------


def guess_scale(answers: pl.Series, header: str, stated: str | None = None) -> ScaleGuess:
    """The scale of a column of answers (method 2.4, engine.md 1): stated, in the header, or beyond doubt in the values.

    Args:
        answers: the answers, missing marks already null.
        header: the column's name; ``(1-5)``, ``0–10`` or ``out of 5`` in it states the scale.
        stated: a scale that a mapping or an option gives; words of another scale speak for themselves.
    """
    distinct = _distinct(answers)
    fits = [family for family in FAMILIES if family.fits(distinct)]
    told: tuple[tuple[str | None, Basis], ...] = ((stated, "stated"), (header_scale(header), "header"))
    for name, basis in told:
        if name is not None and not (fits and basis == "stated" and name not in {family.scale for family in fits}):
            family = next((family for family in fits if family.scale == name), None)
            words = family.scores if family else {}
            threshold = family.satisfied_from if family else satisfied_from(name)
            return ScaleGuess(scale=name, basis=basis, words=words, satisfied_from=threshold)
    return _by_words(fits[0]) if fits else _by_numbers(answers, distinct)


def _distinct(answers: pl.Series) -> set[str]:
    """The different words in a column, without numbers and what says only that the customer was asked."""
    if answers.dtype != pl.String:
        return set()
    scores = first_read(answers, pl.Float64(), _number, _dressed)
    words = _plain(answers.filter(scores.is_null()).drop_nulls())
    if ((scores > 1) | (scores == 0)).any():
        words = words.filter(~words.is_in(_SIGNED))
    words = words.filter(~words.is_in(OFFERED | UNOFFERED | UNDECIDED | {""}))
    strange = ~words.is_in(KNOWN)
    if strange.sum() <= _STRANGE * answers.count():
        words = words.filter(~strange)
    return set(words.unique())


def _by_words(family: Family) -> ScaleGuess:
    if family.satisfied_from is None:
        low, high = (value for value in sorted(set(family.scores.values()), reverse=True)[:2])
        reason = f"the answers are {family.name}: say whether satisfied begins at {high:g} or at {low:g}"
        return ScaleGuess(scale=family.scale, basis="values", words=family.scores, reason=reason)
    return ScaleGuess(
        scale=family.scale,
        basis="values",
        words=family.scores,
        satisfied_from=family.satisfied_from,
        reason=f"the answers are {family.name}, read as the scale {family.scale}",
    )


def _by_numbers(answers: pl.Series, distinct: set[str]) -> ScaleGuess:
    """A scale that the form of the numbers states (``4 / 5``, five stars), or that fifty ratings leave beyond doubt."""
    top = _stated_top(answers)
    values = answers.to_frame().select(score(pl.col(answers.name))).to_series().drop_nulls()
    if top is not None and not distinct:
        low = 0 if bool((values == 0).any()) and top > 5 else 1
        name = f"{low}-{top}"
        return ScaleGuess(
            scale=name, basis="values", satisfied_from=satisfied_from(name), reason=f"the answers say out of {top}"
        )
    if len(values) >= MIN_RATINGS and not distinct and set(values.unique()) == {1.0, 2.0, 3.0, 4.0, 5.0}:
        reason = f"{len(values):,} ratings, each of 1 to 5 among them and nothing else: read as the scale 1-5"
        return ScaleGuess(scale="1-5", basis="values", satisfied_from=4.0, reason=reason)
    return ScaleGuess(scale=None, reason="the rating scale is not known: say --csat-scale 1-5 (or binary, 1-3, 0-10)")


def _stated_top(answers: pl.Series) -> int | None:
    """The upper end that every answer carries with it: ``4 / 5``, or five stars of which some are empty."""
    if answers.dtype != pl.String:
        return None
    text = answers.drop_nulls()
    tops = text.str.extract(r"^\s*\d+(?:[.,]\d+)?\s*(?:/|из|of|out of)\s*(\d+)\s*$").cast(pl.Int64, strict=False)
    stars = text.str.replace_all(r"[\s\u{fe0f}]", "").str.extract(r"^([★⭐]*☆*)$").str.len_chars()
    found = set(tops.unique()) if tops.null_count() == 0 else set(stars.unique())
    if len(text) and len(found) == 1 and None not in found:
        top = int(found.pop())
        return top if top in (3, 4, 5, 7, 10, 100) else None
    return None


def header_scale(header: str) -> str | None:
    """The scale that a header states: ``Rating (1-5)``, ``Score 0–10``, ``Оценка (из 5)``, ``(1 = bad, 5 = good)``."""
    found = re.search(r"(?<![\d-])([01])\s?(?:-|–|—|\.\.|to|до|à|a|bis|au)\s?(3|4|5|7|10|100)(?![\d-])", header)
    found = found or re.search(r"[a-z]_([01])_(3|4|5|7|10)$", header.strip().lower())
    if found:
        return f"{found[1]}-{found[2]}"
    top = re.search(r"(?:out of|из|/)\s?(3|4|5|7|10)(?!\d)", header)
    return f"1-{top[1]}" if top and top[1] != "10" else anchored_scale(header)


def satisfied_from(scale: str) -> float | None:
    """The lowest satisfied score of a scale by default (method 2.4), None where it must be asked for."""
    return scale_named(scale).satisfied_from

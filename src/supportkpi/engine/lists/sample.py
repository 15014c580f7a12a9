"""Samples of tickets for a review of quality, and the score of one (method 2.15).

The order within a stratum is that of ``sha256(seed + ticket id)``: the same on every machine, whatever the order of the
file, and a larger sample begins with the smaller one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from supportkpi.lists import Stratum


def sampled(tickets: pl.DataFrame, strata: pl.Series, *, take: int, seed: int) -> tuple[pl.DataFrame, list[Stratum]]:
    """The first ``take`` tickets of each stratum with ``stratum``, ``fraction``, ``weight``; and the strata.

    ``strata`` (String, no nulls) stands beside ``tickets``, which have a ticket_id. Strata keep the order in which
    they first stand; weight = 1 / fraction.
    """
    drawn = tickets.with_columns(stratum=strata, _order=_order(tickets["ticket_id"], seed))
    drawn = drawn.with_columns(_rank=pl.col("_order").rank("ordinal").over("stratum"), _size=pl.len().over("stratum"))
    kept = drawn.filter(pl.col("_rank") <= take).with_columns(_taken=pl.len().over("stratum"))
    kept = kept.with_columns(fraction=pl.col("_taken") / pl.col("_size"), weight=pl.col("_size") / pl.col("_taken"))
    order = strata.unique(maintain_order=True)
    places = pl.DataFrame({"stratum": order, "_place": pl.int_range(len(order), eager=True)})
    ordered = kept.join(places, on="stratum", maintain_order="left").sort("_place", "_rank")
    each = ordered.unique("stratum", keep="first", maintain_order=True).select("stratum", "_size", "_taken")
    found = [Stratum(label=label, size=size, taken=taken) for label, size, taken in each.iter_rows()]
    return ordered.drop("_order", "_rank", "_size", "_taken", "_place"), found


def _order(ids: pl.Series, seed: int) -> pl.Series:
    """The hash of each id in hexadecimal; polars has no SHA-256, and a million ids take a second."""
    hashes = [hashlib.sha256(f"{seed}{ticket}".encode()).hexdigest() for ticket in ids.cast(pl.String).to_list()]
    return pl.Series(hashes, dtype=pl.String)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """The score of a review: points among the possible ones of the ``answered`` criteria; None where none applies."""

    score: float | None
    answered: int


def scored(points: Sequence[float | None], *, possible: float = 1.0) -> Score:
    """The score of one ticket: a criterion that does not apply (None) leaves numerator and denominator alike."""
    answered = [value for value in points if value is not None]
    if not answered:
        return Score(score=None, answered=0)
    return Score(score=sum(answered) / (possible * len(answered)), answered=len(answered))


def weighted(scores: Sequence[float | None], weights: Sequence[float]) -> float | None:
    """The score of a team from sampled tickets, each standing for ``weight`` tickets; None without any score."""
    pairs = [(score, weight) for score, weight in zip(scores, weights, strict=True) if score is not None]
    total = sum(weight for _, weight in pairs)
    return sum(score * weight for score, weight in pairs) / total if total else None

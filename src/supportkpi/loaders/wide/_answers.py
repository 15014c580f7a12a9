"""Which rows of a survey are answers that count: no tests, no previews, no spam, and only of the kind that is read."""

from __future__ import annotations

from collections import Counter

import polars as pl

from supportkpi.loaders.mapping._claims import Claim
from supportkpi.loaders.mapping._fields import Sort
from supportkpi.loaders.mapping._recognise import by_header, normal
from supportkpi.loaders.mapping._vocabulary import exclusion_of, plain
from supportkpi.loaders.wide._collect import kept
from supportkpi.loaders.wide._settle import Settled
from supportkpi.schema import Exclusion

_OTHER = "other survey"
"""Why a row of answers was left out: it answers another kind of question."""


def kinds_of(settled: Settled, columns: tuple[str, ...]) -> tuple[str, ...]:
    """The columns that say of each row what kind of question it answers."""
    headers = by_header(columns)
    asked = [normal(name) for claim in settled.claims if claim.rating is not None for name in claim.rating.when]
    return tuple(dict.fromkeys(headers[name] for name in asked if name in headers))


def answering(claim: Claim, frame: pl.DataFrame) -> pl.Expr | None:
    """Whether a row answers the question of this rating; None where a file has one kind of question."""
    if claim.rating is None or not claim.rating.when:
        return None
    headers = by_header(name.removeprefix(kept("")) for name in frame.columns if name.startswith(kept("")))
    found: pl.Expr = pl.lit(value=False)
    for name, words in claim.rating.when.items():
        if normal(name) in headers:
            cell = pl.col(kept(headers[normal(name)])).cast(pl.String).str.to_lowercase()
            found = found | cell.is_in([plain(word) for word in words]).fill_null(value=False)
    return found


def counting(frame: pl.DataFrame, settled: Settled) -> tuple[pl.DataFrame, dict[str, int]]:
    """The rows that count as answers, and how many others there were by what they are."""
    reason = pl.lit(None, pl.String)
    kinds = [answering(claim, frame) for claim in settled.claims if claim.sort is Sort.score]
    asked = [kind for kind in kinds if kind is not None]
    if asked and len(asked) == len(kinds):
        reason = pl.when(~pl.any_horizontal(asked)).then(pl.lit(_OTHER))
    if settled.has("status"):
        words = frame["status"].unique().drop_nulls().cast(pl.String).to_list()
        table = settled.plan.words("exclusion")
        told = {word: table.get(plain(word)) or exclusion_of(word) for word in words}
        out = {word: str(what) for word, what in told.items() if what is not None}
        meant = pl.col("status").cast(pl.String).replace_strict(out, default=None, return_dtype=pl.String)
        reason = pl.coalesce(meant, reason)
    for flag in reversed(Exclusion):
        if settled.has(flag.value):
            reason = pl.when(pl.col(flag.value).fill_null(value=False)).then(pl.lit(flag.value)).otherwise(reason)
    found = frame.select(reason.alias("reason"))["reason"]
    return frame.filter(found.is_null()), dict(Counter(found.drop_nulls().to_list()))

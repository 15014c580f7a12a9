"""Which of the other columns stay for ``--by`` and ``--where``, and how every column of a file is said to be read."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import polars as pl

from supportkpi.loaders.generic._headers import synonyms
from supportkpi.loaders.mapping._recognise import normal
from supportkpi.loaders.wide._sample import Sample
from supportkpi.loaders.wide._settle import Settled
from supportkpi.schema import SURVEYS, TICKETS, UNASKED, ColumnReading

_MOST_VALUES, _LONGEST, _FEW_ROWS = 200, 80, 20
_PROSE = 1.9
"""Words of a usual cell from which on the answers of a form are sentences."""


def keepable(sample: Sample, settled: Settled, wanted: Collection[str] | None) -> tuple[str, ...]:
    """The columns to keep: those that were asked for, else short words that repeat; never texts, persons, addresses."""
    columns = sample.table.columns
    if wanted is not None:
        names = {normal(name) for name in wanted}
        return tuple(column for column in columns if normal(column) in names and column not in TICKETS)
    keep = settled.plan.keep
    claimed = {claim.column for claim in settled.claims}
    if not isinstance(keep, str):
        names = {normal(name) for name in keep}
        return tuple(column for column in columns if normal(column) in names)
    found = tuple(column for column in columns if column not in claimed and why_not(column, sample) is None)
    return tuple(column for column in found if not settled.plan.survey or not _is_prose(sample.words(column)))


def _is_prose(values: pl.Series) -> bool:
    """Whether cells hold sentences: what people write into a form, however few they are."""
    present = values.drop_nulls()
    words = present.str.count_matches(r"\p{L}{2,}").mean()
    return isinstance(words, float) and words > _PROSE and 2 * present.n_unique() > len(present)


def why_not(column: str, sample: Sample) -> str | None:
    """Why a column is not kept, None when it may be."""
    if synonyms().is_text(column):
        return "text"
    values = sample.words(column).drop_nulls()
    if not len(values):
        return "no value in it"
    distinct = values.n_unique()
    longest = values.str.len_chars().max()
    if isinstance(longest, int) and longest > _LONGEST:
        return "text"
    if values.str.contains("@", literal=True).any():
        return "addresses"
    repeats = len(values) < _FEW_ROWS or distinct <= len(values) / 2
    if distinct > _MOST_VALUES or not repeats:
        return f"{distinct:,} different values"
    return None


def columns_read(sample: Sample, settled: Settled, keep: Collection[str]) -> tuple[ColumnReading, ...]:
    """How each column of the file is read; never a value of it."""
    claims = {claim.column: claim for claim in reversed(settled.claims)}
    dropped: Mapping[str, str] = {claim.column: claim.evidence for claim in settled.dropped}
    made = []
    for column in sample.table.columns:
        claim = claims.get(column)
        if claim is not None:
            field, confidence, evidence = claim.field, claim.confidence, claim.evidence
        elif column in keep:
            field, confidence, evidence = None, "kept", _count(sample, column)
        else:
            field, confidence = None, "not loaded"
            evidence = dropped.get(column) or why_not(column, sample) or _left_out(settled)
        filled = sample.filled(column)
        made.append(ColumnReading(column=column, field=field, confidence=confidence, evidence=evidence, filled=filled))
    return tuple(made)


def _left_out(settled: Settled) -> str:
    return "text" if settled.plan.survey and settled.plan.keep == "all" else UNASKED


def _count(sample: Sample, column: str) -> str:
    distinct = sample.words(column).drop_nulls().n_unique()
    return f"{distinct:,} different value{'' if distinct == 1 else 's'}"


def public_name(column: str) -> str:
    """The name of a kept column in the frames: its header, with ``raw.`` before it where it is a canonical name."""
    return f"raw.{column}" if column in TICKETS or column in SURVEYS else column

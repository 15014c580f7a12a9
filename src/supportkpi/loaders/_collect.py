"""One pass over the file: only the columns that are needed, dates and numbers parsed on the way, rows in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from supportkpi.loaders._claims import Claim
from supportkpi.loaders._fields import Sort
from supportkpi.loaders._sample import Sample, cleaned, words_of
from supportkpi.loaders._settle import Settled
from supportkpi.loaders.tables import ROW
from supportkpi.loaders.values._values import boolean, decimal_mark, number
from supportkpi.schema import INSTANT

CODED = pl.Categorical()
_MOST = 1e12
"""Amounts and counts beyond this are no count of anything: cells that hold an id or a number gone wrong."""
_FEW = 500
"""Distinct values of the sample up to which a column is read as a code a row."""
_CODED_FIELDS = frozenset(("status", "priority", "channel"))
_NA = ("NA", "<NA>", "#NA")
_NOBODY = (
    *_NA,
    "Unassigned",
    "unassigned",
    "Não atribuído",
    "Не назначен",
    "Не назначено",
    "Sin asignar",
    "Non attribué",
)
_BLANKS = {"assignee_id": _NOBODY, "group": _NOBODY, "region": (), "language": ()}
"""Marks of "nobody" and "not applicable"; NA is also a country and a language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """The table's rows: ``_row``, one column a field under its name, one a kept column under ``kept.``, and for each
    instant or number ``bad.FIELD``: whether the cell has a value that could not be read.
    """

    frame: pl.DataFrame
    bad: tuple[str, ...]
    twice: int = 0  # instants in an hour that the clock ran twice


def bad(field: str) -> str:
    """The column that says which cells of a field could not be read."""
    return f"bad.{field}"


def kept(column: str) -> str:
    """The name of a kept column while it may still clash with a field."""
    return f"kept.{column}"


def twice(field: str) -> str:
    """The column that says which instants of a field stand in an hour that the clock ran twice."""
    return f"twice.{field}"


def collect(settled: Settled, sample: Sample, keep: Sequence[str]) -> Cells:
    """The needed columns of a table, read in one pass; rows in the order of the file."""
    raw: list[pl.Expr] = []
    read: list[pl.Expr] = []
    checked: list[str] = []
    few = {claim.field: claim for claim in settled.claims if _is_few(claim, sample)}
    plain = {claim.field for claim in settled.claims if _is_plain(claim, sample)}
    for claim in settled.claims:
        cell = _cell(claim, sample)
        if claim.field in few or claim.field in plain:
            cell = pl.col(claim.column).cast(CODED) if claim.field in few else pl.col(claim.column)
        raw.append(cell.alias(f"raw.{claim.field}"))
        read.append(_read(claim, settled, sample).alias(claim.field))
        if claim.sort not in (Sort.word, Sort.score):
            checked.append(claim.field)
    raw += [words_of(column, sample.schema[column], sample.missing).alias(kept(column)) for column in keep]
    read += [pl.col(kept(column)) for column in keep]
    frame = sample.table.frame.select(pl.col(ROW), *raw).with_columns(read)
    flags = [(pl.col(f"raw.{name}").is_not_null() & pl.col(name).is_null()).alias(bad(name)) for name in checked]
    local = [name for name, reading in settled.dates.items() if reading.zone != "UTC" and not reading.zoned]
    flags += [settled.dates[name].overlap(pl.col(f"raw.{name}")).alias(twice(name)) for name in local]
    fields = [claim.field for claim in settled.claims]
    wanted = [ROW, *fields, *map(kept, keep), *map(bad, checked), *map(twice, local)]
    rows = frame.with_columns(flags).select(wanted).collect()
    rows = _without_marks(rows, settled, sample, [name for name in checked if name in plain])
    rows = rows.with_columns(_words(rows[name], claim, sample) for name, claim in few.items())
    doubled = sum(int(rows[twice(name)].sum()) for name in local)
    return Cells(frame=rows if rows[ROW].is_sorted() else rows.sort(ROW), bad=tuple(checked), twice=doubled)


def _is_few(claim: Claim, sample: Sample) -> bool:
    """Whether a column of text holds few words many times, so that each is looked at once, not in every row."""
    if claim.sort not in (Sort.word, Sort.score) or sample.schema[claim.column] != pl.String:
        return False
    coded = claim.field in _CODED_FIELDS or claim.sort is Sort.score
    return coded or sample.words(claim.column).n_unique() <= _FEW


def _is_plain(claim: Claim, sample: Sample) -> bool:
    """Whether the cells of a column that will be parsed need no cleaning, as far as the sample goes."""
    if claim.sort in (Sort.word, Sort.score) or sample.schema[claim.column] != pl.String:
        return False
    return bool(sample.frame[claim.column].eq_missing(sample.words(claim.column)).all())


def _without_marks(rows: pl.DataFrame, settled: Settled, sample: Sample, plain: Sequence[str]) -> pl.DataFrame:
    """The rows without the flag of a bad cell where the cell turns out to hold a mark of "no value"."""
    for name in plain:
        claim = settled.claim(name)
        if claim is None or not rows[bad(name)].any():
            continue
        faulty = rows.filter(pl.col(bad(name)))[ROW]
        cells = sample.table.frame.filter(pl.col(ROW).is_in(faulty.implode())).select(
            ROW, _cell(claim, sample).alias("text")
        )
        empty = cells.filter(pl.col("text").is_null()).collect()[ROW]
        rows = rows.with_columns(pl.col(bad(name)) & ~pl.col(ROW).is_in(empty.implode()))
    return rows


def _words(words: pl.Series, claim: Claim, sample: Sample) -> pl.Series:
    text = cleaned(words, _missing(claim, sample))
    if claim.field in _CODED_FIELDS or claim.sort is Sort.score:
        return text
    return text.cast(pl.String).str.to_lowercase() if claim.field == "requester_id" else text.cast(pl.String)


def _cell(claim: Claim, sample: Sample) -> pl.Expr:
    dtype = sample.schema[claim.column]
    if claim.sort in (Sort.instant, Sort.span) and dtype.is_temporal():
        return pl.col(claim.column)
    text = words_of(claim.column, dtype, _missing(claim, sample))
    return text.str.to_lowercase() if claim.field == "requester_id" else text


def _missing(claim: Claim, sample: Sample) -> frozenset[str]:
    return frozenset((*sample.missing, *_BLANKS.get(claim.field, _NA)))


def _read(claim: Claim, settled: Settled, sample: Sample) -> pl.Expr:
    cell = pl.col(f"raw.{claim.field}")
    if claim.sort is Sort.instant:
        reading = settled.dates.get(claim.field)
        return reading.parse(cell) if reading else pl.lit(None, INSTANT)
    if claim.sort is Sort.span:
        span = settled.spans.get(claim.field)
        return span.seconds(cell) if span else pl.lit(None, pl.Float64)
    if claim.sort is Sort.flag:
        return flag(cell, claim)
    if claim.sort is Sort.amount:
        amount = number(cell, decimal=decimal_mark(sample.words(claim.column)))
        return pl.when(amount.abs() < _MOST).then(amount)
    if claim.field in _CODED_FIELDS or claim.sort is Sort.score:
        return cell.cast(CODED)
    return cell


def flag(cell: pl.Expr, claim: Claim) -> pl.Expr:
    """Yes or no, by the mapping's words where it has any, else by the words that every language has for it."""
    if not claim.flags:
        return boolean(cell)
    said: pl.Expr = pl.lit(None, pl.Boolean)
    lowered = cell.str.to_lowercase()
    for word, truth in claim.flags.items():
        said = pl.when(lowered == word).then(pl.lit(truth)).otherwise(said)
    return said

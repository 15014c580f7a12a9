"""The rows of a log in a narrow frame, read in one pass: ids and words as codes, instants parsed; bad rows apart."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import polars as pl

from supportkpi.loaders._collect import bad
from supportkpi.loaders._fields import LOG_ONLY
from supportkpi.loaders._rows import rejected, sound_ids
from supportkpi.loaders._sample import Sample, words_of
from supportkpi.loaders._settle import Settled
from supportkpi.loaders.logs._plan import STATES
from supportkpi.loaders.tables import ROW
from supportkpi.schema import Reject

CODED = pl.Categorical()
_NOBODY = ("NA", "<NA>", "#NA", "Unassigned", "unassigned", "Не назначен", "Не назначено")
READ = ("ticket_id", *(name for name in LOG_ONLY if name != "at"), *STATES, "requester_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """``frame``: ``_row`` (UInt32), ticket_id (Categorical), at (INSTANT), and each claimed field of a log as
    Categorical. ``twice``: instants in an hour that the clock ran twice.
    """

    frame: pl.DataFrame
    rejects: tuple[Reject, ...] = ()
    twice: int = 0

    def has(self, name: str) -> bool:
        """Whether the rows have the field."""
        return name in self.frame.columns


def gather(settled: Settled, sample: Sample) -> Rows:
    """The rows of a log that have an id and an instant; a reject for each of the others."""
    words = [name for name in READ if settled.has(name)]
    frame = _scanned(settled, sample, words)
    for name in words:
        frame = frame.with_columns(_trimmed(frame[name], _missing(name, sample)))
    frame = frame.with_columns(_sound(frame["ticket_id"], settled, sample))
    wrong = frame["at"].is_null() | frame["ticket_id"].is_null()
    if wrong.any():
        faulty = frame.filter(wrong).select(ROW, "ticket_id", pl.col("at").is_null().alias(bad("at"))).sort(ROW)
        frame = frame.filter(~wrong)
        rejects = rejected(faulty, ["at"], settled, sample)
    else:
        rejects = ()
    return Rows(frame=frame, rejects=rejects, twice=_twice(settled, sample))


def _scanned(settled: Settled, sample: Sample, words: Sequence[str]) -> pl.DataFrame:
    """One pass over the file: only the columns that are needed, in the order of the file."""
    at = settled.claim("at")
    assert at is not None  # noqa: S101 - a log without an instant was refused when it was planned
    raw = [_cell(settled, name, sample).cast(CODED).alias(name) for name in words]
    cell = pl.col(at.column)
    if not (sample.schema[at.column].is_temporal() or _is_plain(at.column, sample)):
        cell = words_of(at.column, sample.schema[at.column], sample.missing)
    read = settled.dates["at"].parse(cell).alias("at")
    frame = sample.table.frame.select(ROW, read, *raw).collect()
    return frame if frame[ROW].is_sorted() else frame.sort(ROW)


def _cell(settled: Settled, name: str, sample: Sample) -> pl.Expr:
    claim = settled.claim(name)
    assert claim is not None  # noqa: S101 - only claimed names are asked for
    column = claim.column
    if sample.schema[column] == pl.String and _is_plain(column, sample):
        return pl.col(column)
    return words_of(column, sample.schema[column], sample.missing)


def _is_plain(column: str, sample: Sample) -> bool:
    """Whether cells need no cleaning as far as the sample goes; what lies beyond is cleaned by distinct words."""
    if sample.schema[column] != pl.String:
        return False
    return bool(sample.frame[column].eq_missing(sample.words(column)).all())


def _missing(name: str, sample: Sample) -> frozenset[str]:
    return frozenset((*sample.missing, *(_NOBODY if name in ("assignee_id", "group", "new") else ())))


def _trimmed(words: pl.Series, missing: Collection[str]) -> pl.Series:
    """Codes whose words are trimmed and hold no mark of "no value": looked at once a distinct word."""
    distinct = words.unique().drop_nulls()
    text = distinct.cast(pl.String).alias("v").to_frame().select(words_of("v", pl.String(), missing)).to_series()
    same = text.eq_missing(distinct.cast(pl.String))
    return words if same.all() else _renamed(words, distinct, text)


def _renamed(words: pl.Series, distinct: pl.Series, text: pl.Series) -> pl.Series:
    top = distinct.to_physical().max()
    size = int(top) + 1 if isinstance(top, int) else 1
    place = pl.Series([None], dtype=CODED).new_from_index(0, size).to_frame("v").with_row_index("code")
    told = pl.DataFrame({"code": distinct.to_physical().cast(pl.UInt32), "new": text.cast(CODED)})
    table = place.join(told, on="code", how="left", maintain_order="left")["new"]
    return table.gather(words.to_physical().cast(pl.UInt32)).alias(words.name)


def _sound(ids: pl.Series, settled: Settled, sample: Sample) -> pl.Series:
    """The ids without the spaces that group their thousands.

    Raises:
        IdsDamaged: some are in scientific notation.
    """
    claim = settled.claim("ticket_id")
    distinct = ids.unique().drop_nulls()
    text = distinct.cast(pl.String)
    sound = sound_ids(text, claim.column if claim else "", sample)
    return ids if sound.equals(text) else _renamed(ids, distinct, sound)


def _twice(settled: Settled, sample: Sample) -> int:
    """How many instants stand in an hour that the clock of their zone ran twice."""
    reading, claim = settled.dates["at"], settled.claim("at")
    if reading.zone == "UTC" or reading.zoned or claim is None:
        return 0
    cell = words_of(claim.column, sample.schema[claim.column], sample.missing)
    cell = pl.col(claim.column) if sample.schema[claim.column].is_temporal() else cell
    return int(sample.table.frame.select(reading.overlap(cell).sum()).collect().item() or 0)

"""The rows of a log in a narrow frame, read and told in one pass: ids and words as codes; bad rows apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field, replace

import polars as pl

from supportkpi.loaders.logs._lookup import renamed
from supportkpi.loaders.logs._main import CODED, READS, TOLD, Teller, Words
from supportkpi.loaders.logs._plan import STATES
from supportkpi.loaders.tables import ROW
from supportkpi.loaders.wide._collect import bad, read_whole
from supportkpi.loaders.wide._rows import rejected, sound_ids
from supportkpi.loaders.wide._sample import Sample, words_of
from supportkpi.loaders.wide._settle import Settled
from supportkpi.schema import INSTANT, Reject

_NOBODY = ("NA", "<NA>", "#NA", "Unassigned", "unassigned", "Не назначен", "Не назначено")
_HELD = ("ticket_id", "actor", "requester_id", "raw", *STATES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """``frame``: ``_row`` (UInt32), ticket_id (Categorical), at (INSTANT), what a row tells (TOLD), and where the log
    has them, as Categorical, ``actor_id``, ``requester_id``, ``own`` (the helpdesk's word) and the columns of state;
    ``began``: an old value stands beside the new one. ``twice``: instants in an hour that the clock ran twice.
    """

    frame: pl.DataFrame
    rejects: tuple[Reject, ...] = ()
    twice: int = 0
    unknown: Counter[str] = field(default_factory=Counter)
    assumed_public: bool = False
    machines: tuple[str, ...] = ()  # authors taken for bots by their names

    def has(self, name: str) -> bool:
        """Whether the rows have the column."""
        return name in self.frame.columns


def gather(words: Words, sample: Sample) -> Rows:
    """The rows of a log that have an id and an instant; a reject for each of the others."""
    settled = words.settled
    teller = Teller(words)
    frame = _scanned(teller, settled, sample)
    for name in ("word", *_HELD):
        if name in frame.columns:
            frame = frame.with_columns(_trimmed(frame[name], name, settled, sample))
    frame = frame.rename({"actor_name": "actor_id", "raw": "own"}, strict=False)
    wrong = frame["at"].is_null() | frame["ticket_id"].is_null()
    rejects: tuple[Reject, ...] = ()
    if wrong.any():
        faulty = frame.filter(wrong).select(ROW, "ticket_id", pl.col("at").is_null().alias(bad("at"))).sort(ROW)
        frame = frame.filter(~wrong)
        rejects = rejected(faulty, ["at"], settled, sample)
    twice = _twice(settled, sample)
    return Rows(
        frame=frame,
        rejects=rejects,
        twice=twice,
        unknown=teller.unknown,
        assumed_public=teller.assumed_public,
        machines=tuple(sorted(teller.machines)),
    )


def oldest_first(rows: Rows, sample: Sample) -> tuple[Rows, Sample]:
    """A log that lists the newest first, numbered from its end, so that of events at one instant the lower came first.

    Rejects were named by then: they keep the lines of the file.
    """
    if not _is_newest_first(rows.frame):
        return rows, sample
    turned = (int(rows.frame[ROW].max()) - pl.col(ROW)).alias(ROW)  # type: ignore[arg-type]
    table = replace(sample.table, frame=sample.table.frame.with_columns(turned).reverse())
    return replace(rows, frame=rows.frame.with_columns(turned).reverse()), Sample(table, sample.missing)


def _is_newest_first(frame: pl.DataFrame) -> bool:
    """Whether instants only fall, from row to row of a ticket if not from row to row of the file."""
    falls, rises = pl.col("at") < pl.col("at").shift(1), pl.col("at") > pl.col("at").shift(1)
    same = pl.col("ticket_id") == pl.col("ticket_id").shift(1)
    told = (
        frame.lazy()
        .select(every=falls.any() & ~rises.any(), own=(falls & same).any() & ~(rises & same).any())
        .collect()
    )
    return any(told.row(0))


def _scanned(teller: Teller, settled: Settled, sample: Sample) -> pl.DataFrame:
    """One pass over the file: only the columns that are needed, in the order of the file."""
    at = settled.claim("at")
    assert at is not None  # noqa: S101 - a log without an instant was refused when it was planned
    cell = pl.col(at.column)
    if not (sample.schema[at.column].is_temporal() or _is_plain(at.column, sample)):
        cell = words_of(at.column, sample.schema[at.column], sample.missing)
    held = [_cell(settled, name, sample).cast(CODED).alias(_place(name)) for name in _HELD if settled.has(name)]
    if settled.has("old"):
        held.append(_cell(settled, "old", sample).is_not_null().alias("began"))
    asks = bool(teller.words.reading.responders) or not settled.has("role")
    reads = [name for name in READS if settled.has(name) and (name != "actor" or asks)]
    read = [_cell(settled, name, sample).cast(teller.dtype(name)).alias(name) for name in reads] or [
        pl.col(ROW).alias("none")
    ]
    told = pl.struct(read).map_batches(teller.batch, return_dtype=pl.Struct(dict(TOLD)), is_elementwise=True)
    reading = settled.dates.get("at")
    instant = reading.parse(cell) if reading is not None else pl.lit(None, INSTANT)  # a column without any value
    frame = sample.table.frame.select(ROW, instant.alias("at"), told.alias("_told"), *held)
    return read_whole(frame.unnest("_told"))


def _place(name: str) -> str:
    return "actor_name" if name == "actor" else name


def _cell(settled: Settled, name: str, sample: Sample) -> pl.Expr:
    claim = settled.claim(name)
    assert claim is not None  # noqa: S101 - only claimed names are asked for
    if _is_plain(claim.column, sample):
        return pl.col(claim.column)
    return words_of(claim.column, sample.schema[claim.column], sample.missing)


def _is_plain(column: str, sample: Sample) -> bool:
    """Whether cells need no cleaning as far as the sample goes; what lies beyond is cleaned by distinct words."""
    if sample.schema[column] != pl.String:
        return False
    return bool(sample.frame[column].eq_missing(sample.words(column)).all())


def _trimmed(words: pl.Series, name: str, settled: Settled, sample: Sample) -> pl.Series:
    """Codes whose words are trimmed and hold no mark of "no value": looked at once a distinct word.

    Raises:
        IdsDamaged: ids are in scientific notation.
    """
    known = words.unique().drop_nulls()
    text = known.cast(pl.String).alias("v")
    to = text.to_frame().select(words_of("v", pl.String(), _missing(name, sample))).to_series()
    claim = settled.claim("ticket_id")
    if name == "ticket_id" and claim is not None:
        to = sound_ids(to, claim.column, sample)
    return words if to.eq_missing(text).all() else renamed(words, known, to)


def _missing(name: str, sample: Sample) -> Collection[str]:
    return frozenset((*sample.missing, *(_NOBODY if name in ("assignee_id", "group", "word") else ())))


def _twice(settled: Settled, sample: Sample) -> int:
    """How many instants stand in an hour that the clock of their zone ran twice."""
    reading, claim = settled.dates.get("at"), settled.claim("at")
    if reading is None or reading.zone == "UTC" or reading.zoned or claim is None:
        return 0
    cell = words_of(claim.column, sample.schema[claim.column], sample.missing)
    cell = pl.col(claim.column) if sample.schema[claim.column].is_temporal() else cell
    return int(sample.table.frame.select(reading.overlap(cell).sum()).collect().item() or 0)

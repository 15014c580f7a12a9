"""The rows of a log in a narrow frame, read in one pass: ids and words as codes; bad rows apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from supportkpi.loaders.logs._codes import coded
from supportkpi.loaders.logs._lookup import renamed
from supportkpi.loaders.logs._main import CODED, READS, Column, Teller, Words
from supportkpi.loaders.logs._order import Order
from supportkpi.loaders.logs._plan import STATES
from supportkpi.loaders.tables import ROW
from supportkpi.loaders.wide._collect import bad, read_whole
from supportkpi.loaders.wide._rows import rejected, sound_ids
from supportkpi.loaders.wide._sample import Sample, words_of
from supportkpi.loaders.wide._settle import Settled
from supportkpi.schema import INSTANT, Reject

_NOBODY = ("NA", "<NA>", "#NA", "Unassigned", "unassigned", "Не назначен", "Не назначено")
_HELD = ("ticket_id", "actor", "requester_id", "raw", *STATES)
_FEW, _SOME = 32, 4_096
"""Distinct words of the sample up to which one byte, or two, will do for the codes of a column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """``frame``: ``_row`` (UInt32), ticket_id (Categorical), at (INSTANT), ``code`` of what the row tells, and where
    the log has them, as Categorical, ``actor_id``, ``requester_id``, ``own`` (the helpdesk's word) and the columns of
    state; ``said``: the part of an author whom the config or the name tells; ``began``: an old value stands beside the
    new one. ``told``: TOLD of each code. ``twice``: instants in an hour that the clock ran twice.
    """

    frame: pl.DataFrame
    told: pl.DataFrame
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
    frame, some = coded(*_scanned(teller, settled, sample))
    told = teller.told(some)
    told = told.with_columns(_trimmed(told["word"], "word", settled, sample))
    if "actor_name" in frame.columns and (words.reading.responders or not settled.has("role")):
        said = teller.authors(frame["actor_name"])
        frame = frame.with_columns(said.alias("said")) if said.count() else frame
    for name in _HELD:
        if _place(name) in frame.columns and name != "actor":
            frame = frame.with_columns(_trimmed(frame[_place(name)], name, settled, sample))
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
        told=told,
        rejects=rejects,
        twice=twice,
        unknown=teller.unknown,
        assumed_public=teller.assumed_public,
        machines=tuple(sorted(teller.machines)),
    )


def oldest_first(rows: Rows, order: Order, sample: Sample) -> tuple[Rows, Order, Sample]:
    """A log that lists the newest first, numbered from its end, so that of events at one instant the lower came first.

    Rejects were named by then: they keep the lines of the file.
    """
    if not order.is_newest_first:
        return rows, order, sample
    turned = (int(rows.frame[ROW].max()) - pl.col(ROW)).alias(ROW)  # type: ignore[arg-type]
    table = replace(sample.table, frame=sample.table.frame.with_columns(turned).reverse())
    rows = replace(rows, frame=rows.frame.with_columns(turned).reverse())
    return rows, order.turned, Sample(table, sample.missing)


def _scanned(teller: Teller, settled: Settled, sample: Sample) -> tuple[pl.DataFrame, list[str]]:
    """One pass over the file: only the columns that are needed, in the order of the file; and those that are read."""
    reads = [name for name in READS if settled.has(name)]
    try:
        frame = _pass(teller, settled, sample, {name: _bytes(name, settled, sample) for name in reads})
    except pl.exceptions.ComputeError:  # further down there are more words than the sample let expect
        frame = _pass(teller, settled, sample, dict.fromkeys(reads, pl.UInt32()))
    return frame, reads


def _bytes(name: str, settled: Settled, sample: Sample) -> pl.DataType:
    """How wide the codes of a column are to be, as far as the sample tells."""
    claim = settled.claim(name)
    count = sample.words(claim.column).n_unique() if claim is not None else 0
    return pl.UInt8() if count <= _FEW else pl.UInt16() if count <= _SOME else pl.UInt32()


def _pass(teller: Teller, settled: Settled, sample: Sample, reads: dict[str, pl.DataType]) -> pl.DataFrame:
    at = settled.claim("at")
    assert at is not None  # noqa: S101 - a log without an instant was refused when it was planned
    instant, quick = _instant(at.column, settled, sample)
    held = [_cell(settled, name, sample).cast(CODED).alias(_place(name)) for name in _HELD if settled.has(name)]
    if settled.has("old"):
        held.append(_cell(settled, "old", sample).is_not_null().alias("began"))
    read = list(_reads(teller, settled, sample, reads))
    rows = read_whole(sample.table.frame.select(ROW, instant.alias("at"), *read, *held))
    return _mended(rows, at.column, settled, sample) if quick else rows


def _instant(column: str, settled: Settled, sample: Sample) -> tuple[pl.Expr, bool]:
    """The instants of rows; and whether what is null may be written in another way than nearly all are."""
    cell, reading = _stamp(column, sample), settled.dates.get("at")
    if reading is None:
        return pl.lit(None, INSTANT), False  # a column without any value
    quick = reading.quick(sample.frame[column]) if _is_plain(column, sample) else None
    return (quick.read(cell), True) if quick is not None else (reading.parse(cell), False)


def _stamp(column: str, sample: Sample) -> pl.Expr:
    if sample.schema[column].is_temporal() or _is_plain(column, sample):
        return pl.col(column)
    return words_of(column, sample.schema[column], sample.missing)


def _mended(rows: pl.DataFrame, column: str, settled: Settled, sample: Sample) -> pl.DataFrame:
    """The rows with the instants that a quick reading has left out read with care."""
    places = rows["at"].is_null().arg_true()
    if not len(places):
        return rows
    left = sample.table.frame.filter(pl.col(ROW).is_in(rows[ROW].gather(places).implode()))
    found = left.select(ROW, settled.dates["at"].parse(_stamp(column, sample)).alias("at")).collect().sort(ROW)
    return rows.with_columns(rows["at"].scatter(places, found["at"]))


def _reads(teller: Teller, settled: Settled, sample: Sample, types: dict[str, pl.DataType]) -> Iterator[pl.Expr]:
    """The columns that rows are told by, as codes; of new values only those that count, for texts may be among them."""
    columns = {name: Column(dtype) for name, dtype in types.items()}
    cells = {
        name: _cell(settled, name, sample).cast(columns[name].dtype).alias(name) for name in types if name != "new"
    }
    yield from cells.values()
    if "new" not in types:
        return
    says: dict[str, Callable[[str], bool | None]] = {"activity": teller.states, "field": teller.changes}
    asked = [name for name in says if name in types]
    dtype = columns["new"].dtype

    def stated(given: Sequence[pl.Series]) -> pl.Series:
        *words, new = given
        counts = pl.Series([False]).new_from_index(0, len(new))
        for name, one in zip(asked, words, strict=True):  # a change that is known counts more than the activity
            told = columns[name].told(one, says[name])
            counts = told.zip_with(told.is_not_null(), counts)
        return (new if (counts | new.is_null()).all() else new.set(~counts, None)).cast(dtype)

    given = [*(cells[name] for name in asked), _cell(settled, "new", sample)]
    yield pl.map_batches(given, stated, return_dtype=dtype, is_elementwise=True).alias("new")


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

"""Ways of reading a column in the one pass over a file: by codes, as numerals, by a quick reader, or with care.

What a way cannot decide in the pass it finishes afterwards, for the few distinct words or the few cells that are left.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import polars as pl

from supportkpi.loaders.mapping._claims import Claim
from supportkpi.loaders.mapping._fields import Sort
from supportkpi.loaders.tables import ROW
from supportkpi.loaders.values._quick import QuickDates, QuickNumbers
from supportkpi.loaders.values._values import boolean, decimal_mark, number
from supportkpi.loaders.wide._coded import codes_of, once_a_word
from supportkpi.loaders.wide._sample import Sample, words_of
from supportkpi.loaders.wide._settle import Settled
from supportkpi.schema import INSTANT

_MOST = 1e12
"""Amounts and counts beyond this are no count of anything: cells that hold an id or a number gone wrong."""
_FEW = 2_000
"""Distinct values of the sample up to which a column is read as a code a row."""
_CODED_FIELDS = frozenset(("status", "priority", "channel"))
"""Read as a code a row whatever the sample says, and left so: what they mean is looked up by their words."""
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
_ANONYMOUS = tuple(
    way(word)
    for word in (
        "anonymous",
        "аноним",
        "анонимно",
        "анонимный",
        "anonym",
        "anónimo",
        "anônimo",
        "anonyme",
        "anonymous user",
    )
    for way in (str, str.title, str.upper, str.capitalize)
)
"""Who gave no name: many people, not one who comes again and again."""
_BLANKS = {
    "assignee_id": _NOBODY,
    "group": _NOBODY,
    "requester_id": (*_NA, *dict.fromkeys(_ANONYMOUS)),
    "region": (),
    "language": (),
}
"""Marks of "nobody" and "not applicable"; NA is also a country and a language."""


def bad(name: str) -> str:
    """The column that says which cells of a field could not be read."""
    return f"bad.{name}"


def kept(column: str) -> str:
    """The name of a kept column while it may still clash with a field."""
    return f"kept.{column}"


def twice(name: str) -> str:
    """The column that says which instants of a field stand in an hour that the clock ran twice."""
    return f"twice.{name}"


def raw(name: str) -> str:
    """The column that holds the cells of a field as they were taken from the file."""
    return f"raw.{name}"


def odd(name: str) -> str:
    """The column that says which cells of a column of numerals are none."""
    return f"odd.{name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How one column is read: ``cell`` from the file as ``raw.NAME``, of that ``value`` and ``marks`` in the pass.

    ``finish`` gives the columns of the collected rows of which the pass could not decide all.
    """

    name: str
    cell: pl.Expr
    value: pl.Expr
    marks: Mapping[str, pl.Expr] = field(default_factory=dict)
    finish: Callable[[pl.DataFrame], Sequence[pl.Series]] = lambda _: ()


def way_of(claim: Claim, settled: Settled, sample: Sample) -> Way:
    """The quickest way that reads the column of a claim right."""
    if claim.sort in (Sort.word, Sort.score):
        if _is_few(claim, sample):
            return _by_codes(claim, sample)
        return _numerals(claim, sample) if _is_numeral(claim, sample) else _text(claim, sample)
    if claim.sort is Sort.flag and _is_few(claim, sample):
        return _flags(claim, sample)
    return _parsed(claim, settled, sample)


def kept_way(column: str, sample: Sample, stands_for: str | None = None) -> Way:
    """The way of a column that is kept as it is, and coded once with the field that it ``stands_for`` besides."""
    name, dtype = kept(column), sample.schema[column]
    cell = words_of(column, dtype, sample.missing)
    if dtype != pl.String or sample.words(column).n_unique() > _FEW:
        return Way(name=name, cell=cell, value=pl.col(raw(name)))

    def finish(rows: pl.DataFrame) -> Sequence[pl.Series]:
        return (once_a_word(rows[name], lambda words: _read(words, column, cell)),)

    return Way(
        name=name, cell=pl.col(column).cast(codes_of(stands_for or name)), value=pl.col(raw(name)), finish=finish
    )


def _read(words: pl.Series, column: str, cell: pl.Expr) -> pl.Series:
    """What an expression on the column makes of words of it."""
    return words.alias(column).to_frame().select(cell).to_series()


# --- words -----------------------------------------------------------------------------------------------------------


def _is_few(claim: Claim, sample: Sample) -> bool:
    """Whether a column of text holds few words many times, so that each is looked at once, not in every row."""
    if sample.schema[claim.column] != pl.String:
        return False
    coded = claim.field in _CODED_FIELDS or claim.sort is Sort.score
    return coded or sample.words(claim.column).n_unique() <= _FEW


def _by_codes(claim: Claim, sample: Sample) -> Way:
    name, cell, codes = claim.field, _cell(claim, sample), codes_of(claim.field)
    stays = name in (*_CODED_FIELDS, "tags") or claim.sort is Sort.score

    def finish(rows: pl.DataFrame) -> Sequence[pl.Series]:
        cleaned = cell.cast(codes) if stays else cell
        return (once_a_word(rows[name], lambda words: _read(words, claim.column, cleaned)),)

    return Way(name=name, cell=pl.col(claim.column).cast(codes), value=pl.col(raw(name)), finish=finish)


def _flags(claim: Claim, sample: Sample) -> Way:
    name = claim.field

    def finish(rows: pl.DataFrame) -> Sequence[pl.Series]:
        codes = rows[name]
        said = once_a_word(codes, lambda words: _read(words, claim.column, truth))
        wrong = once_a_word(codes, lambda words: _read(words, claim.column, text.is_not_null() & truth.is_null()))
        return said, wrong.fill_null(value=False).alias(bad(name))

    text, mark = _cell(claim, sample), {bad(name): pl.lit(value=False)}
    truth = flag(text, claim)
    cell = pl.col(claim.column).cast(codes_of(name))
    return Way(name=name, cell=cell, value=pl.col(raw(name)), marks=mark, finish=finish)


def flag(cell: pl.Expr, claim: Claim) -> pl.Expr:
    """Yes or no, by the mapping's words where it has any, else by the words that every language has for it.

    Where a number says what was left of a target, yes is what is not below zero.
    """
    if claim.unit == "left":
        return number(cell, decimal=".") >= 0
    if not claim.flags:
        return boolean(cell)
    said: pl.Expr = pl.lit(None, pl.Boolean)
    lowered = cell.str.to_lowercase()
    for word, truth in claim.flags.items():
        said = pl.when(lowered == word).then(pl.lit(truth)).otherwise(said)
    return said


def _text(claim: Claim, sample: Sample) -> Way:
    return Way(name=claim.field, cell=_cell(claim, sample), value=pl.col(raw(claim.field)))


def _is_numeral(claim: Claim, sample: Sample) -> bool:
    """Whether all cells of the sample are whole numbers as they stand, and no mark of "no value" is one."""
    if sample.schema[claim.column] != pl.String:
        return False
    cells, marks = sample.frame[claim.column], pl.Series(sorted(_missing(claim, sample)), dtype=pl.String)
    return bool(cells.count()) and _no_number(cells).sum() == 0 and _no_number(marks).all()


def _no_number(cells: pl.Series) -> pl.Series:
    return cells.is_not_null() & cells.cast(pl.Int64, strict=False).is_null()


def _numerals(claim: Claim, sample: Sample) -> Way:
    """Whole numbers as text need no cleaning: the column is cleaned only where some cell is none."""
    name, cell = claim.field, pl.col(raw(claim.field))

    def finish(rows: pl.DataFrame) -> Sequence[pl.Series]:
        return (_read(rows[name], claim.column, _cell(claim, sample)).alias(name),) if rows[odd(name)].any() else ()

    mark = {odd(name): cell.is_not_null() & cell.cast(pl.Int64, strict=False).is_null()}
    return Way(name=name, cell=pl.col(claim.column), value=cell, marks=mark, finish=finish)


def _cell(claim: Claim, sample: Sample) -> pl.Expr:
    dtype = sample.schema[claim.column]
    if claim.sort in (Sort.instant, Sort.span) and dtype.is_temporal():
        return pl.col(claim.column)
    text = words_of(claim.column, dtype, _missing(claim, sample))
    return text.str.to_lowercase() if claim.field == "requester_id" else text


def _missing(claim: Claim, sample: Sample) -> frozenset[str]:
    zero = ("0",) if claim.no_zero else ()
    return frozenset((*sample.missing, *claim.undecided, *zero, *_BLANKS.get(claim.field, _NA)))


# --- instants, spans and numbers -------------------------------------------------------------------------------------


def _parsed(claim: Claim, settled: Settled, sample: Sample) -> Way:
    name, cell = claim.field, pl.col(raw(claim.field))
    careful = _careful(claim, settled, sample, cell)
    quick = _quick(claim, settled, sample) if _is_plain(claim, sample) else None
    value, overlap = careful
    if quick is not None:
        value = quick.read(cell)
        overlap = quick.overlap(cell) if isinstance(quick, QuickDates) and overlap is not None else overlap
    marks = {bad(name): cell.is_not_null() & pl.col(name).is_null()}
    if overlap is not None:
        marks[twice(name)] = overlap
    taken = pl.col(claim.column) if _is_plain(claim, sample) else _cell(claim, sample)
    if not _is_plain(claim, sample):
        return Way(name=name, cell=taken, value=value, marks=marks)
    mend = partial(_mended, claim=claim, sample=sample, careful=careful)
    return Way(name=name, cell=taken, value=value, marks=marks, finish=mend)


def _is_plain(claim: Claim, sample: Sample) -> bool:
    """Whether the cells of a column that will be parsed need no cleaning, as far as the sample goes."""
    if sample.schema[claim.column] != pl.String:
        return False
    return bool(sample.frame[claim.column].eq_missing(sample.words(claim.column)).all())


def _quick(claim: Claim, settled: Settled, sample: Sample) -> QuickDates | QuickNumbers | None:
    """A quick reader that reads every cell of the sample, if there is one."""
    cells = sample.frame[claim.column]
    if claim.sort is Sort.instant:
        reading = settled.dates.get(claim.field)
        return reading.quick(cells) if reading else None
    if claim.sort is Sort.span:
        span = settled.spans.get(claim.field)
        found = span.quick() if span else None
    else:
        found = QuickNumbers(size=1.0, most=_MOST - 1) if decimal_mark(sample.words(claim.column)) == "." else None
    if found is None:
        return None
    read = cells.alias("v").to_frame().select(found.read(pl.col("v"))).to_series()
    return found if read.null_count() == cells.null_count() else None


def _careful(claim: Claim, settled: Settled, sample: Sample, cell: pl.Expr) -> tuple[pl.Expr, pl.Expr | None]:
    """The value of a cell; and of an instant by its zone's clock, whether that ran twice then."""
    if claim.sort is Sort.instant:
        reading = settled.dates.get(claim.field)
        if reading is None:
            return pl.lit(None, INSTANT), None
        local = reading.zone != "UTC" and not reading.zoned
        return reading.parse(cell), reading.overlap(cell) if local else None
    if claim.sort is Sort.span:
        span = settled.spans.get(claim.field)
        return (span.seconds(cell) if span else pl.lit(None, pl.Float64)), None
    if claim.sort is Sort.flag:
        return flag(cell, claim), None
    amount = number(cell, decimal=decimal_mark(sample.words(claim.column)))
    if claim.flags:  # a yes where a count is asked for is one, at least
        amount = pl.coalesce(flag(cell, claim).cast(pl.Float64), amount)
    return pl.when(amount.abs() < _MOST).then(amount), None


def _mended(
    rows: pl.DataFrame, *, claim: Claim, sample: Sample, careful: tuple[pl.Expr, pl.Expr | None]
) -> Sequence[pl.Series]:
    """The columns with the cells that could not be read as they stand cleaned and read with care.

    Those that turn out to hold a mark of "no value" are not bad.
    """
    name = claim.field
    places = rows[bad(name)].arg_true()
    if not len(places):
        return ()
    value, overlap = careful
    left = sample.table.frame.filter(pl.col(ROW).is_in(rows[ROW].gather(places).implode()))
    cells = left.select(ROW, _cell(claim, sample).alias(raw(name))).with_columns(value.alias(name))
    if overlap is not None:
        cells = cells.with_columns(overlap.alias(twice(name)))
    found = cells.with_columns((pl.col(raw(name)).is_not_null() & pl.col(name).is_null()).alias(bad(name)))
    read = found.collect().sort(ROW)
    names = [column for column in (name, bad(name), twice(name)) if column in read.columns]
    return [rows[column].clone().scatter(places, read[column]) for column in names]

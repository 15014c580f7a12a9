"""What becomes of each row of a ticket table: rejected for a reason, or kept; ids as they were before a spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from supportkpi.errors import IdsDamaged, Where
from supportkpi.loaders.mapping._fields import FIELDS, STAMPED
from supportkpi.loaders.tables import ROW, Table, lines_of
from supportkpi.loaders.values._no_dates import is_no_date
from supportkpi.loaders.wide._collect import Cells, bad
from supportkpi.loaders.wide._sample import Sample, words_of
from supportkpi.loaders.wide._settle import Settled
from supportkpi.schema import Reject

BAD_DATE, DST_GAP, NO_ID = "bad-date", "dst-gap", "no-id"
_SOME_DAY = r"yesterday|today|tomorrow|вчера|сегодня|ayer|hoy|ontem|hoje|gestern|heute|hier|aujourd|ago$|назад"
_REMARKS = (
    r"^\(?(?:not? |never|none|nothing|unknown|un|no$|не |нет|без |n[aã]o|sin |sem |kein|nicht|aucun|non |pas |open"
    r"|pending|blank|empty|tbd)"
)
"""Words that say that there is no date: "Not set", "не решена", "sin fecha"."""
_CHANCE = 5
"""Long ids that do not all end in a zero by chance."""
_LINK = r"^https?://\S+?/([^/?#\s]+)/*(?:[?#]\S*)?$"
_TOTAL = (
    r"(?i)^(?:(?:grand |overall )?(?:sub-?\s?)?total|итого|всего|промежуточный итог|gesamt|summe|zwischensumme"
    r"|sous-total)(?:[\s:]|$)"
)
_GROUPED = r"^\d{1,3}(?:[ \u{a0}\u{202f}\u{2009}]\d{3})+$"


def sound_rows(cells: Cells, settled: Settled, sample: Sample) -> tuple[pl.DataFrame, tuple[Reject, ...]]:
    """The rows that have an id and no unreadable event date, and a reject for each of the others."""
    frame = _without_remarks(cells, settled, sample)
    asked = [name for name in STAMPED if name in cells.bad]
    wrong = pl.any_horizontal(pl.lit(value=False), *(pl.col(bad(name)) for name in asked))
    if settled.has("ticket_id") and not settled.plan.survey:  # an answer needs no ticket
        wrong = wrong | pl.col("ticket_id").is_null()
    faulty = frame.select(wrong.alias("wrong")).to_series()
    if not faulty.any():
        return frame, ()
    return frame.filter(~faulty), rejected(frame.filter(faulty), asked, settled, sample)


def numbered(cells: Cells, settled: Settled, table: Table) -> Cells:
    """The rows of a register without ids, each with its file and number for one: pages of it stay apart."""
    claim = settled.claim("ticket_id")
    if claim is None or claim.column != ROW:
        return cells
    name = pl.concat_str(pl.lit(f"{table.name}:"), (pl.col(ROW) + 1).cast(pl.String)).alias("ticket_id")
    return replace(cells, frame=cells.frame.with_columns(name))


def without_totals(cells: Cells, settled: Settled) -> tuple[Cells, dict[str, int]]:
    """The rows without those between them that sum up a group: called a total in the place of an id, without a date.

    In a register without ids a row without a date is none of its cases: a heading, a sum, a part of the row above.
    """
    frame = cells.frame
    dates = [name for name in STAMPED if name in frame.columns]
    claim = settled.claim("ticket_id")
    if settled.plan.survey or "created_at" not in dates or claim is None:
        return cells, {}
    if claim.column == ROW:
        blank = frame.select(pl.col("created_at").is_null() & ~pl.col(bad("created_at"))).to_series()
        return _without(cells, blank, "undated")
    if "ticket_id" in cells.numerals:
        return cells, {}
    total = pl.col("ticket_id").str.contains(_TOTAL) & pl.all_horizontal(pl.col(name).is_null() for name in dates)
    return _without(cells, frame.select(total.fill_null(value=False)).to_series(), "total")


def _without(cells: Cells, rows: pl.Series, reason: str) -> tuple[Cells, dict[str, int]]:
    left = {reason: int(rows.sum())} if rows.any() else {}
    return (replace(cells, frame=cells.frame.filter(~rows)) if left else cells), left


def _without_remarks(cells: Cells, settled: Settled, sample: Sample) -> pl.DataFrame:
    """The rows with no fault where a date that may be absent holds what stands for none.

    That is a remark, such as "Not set", the zero of a count, or the first or last date that a system can write. A
    ticket that was not solved yet is no broken row. A creation is never absent, and other digits are a date gone wrong;
    words are a remark where they are a known one, or stand in several rows.
    """
    frame = cells.frame
    for name in STAMPED:
        claim = settled.claim(name)
        if claim is None or name == "created_at" or name not in cells.bad or not frame[bad(name)].any():
            continue
        rows = frame.filter(pl.col(bad(name)))[ROW]
        text = words_of(claim.column, sample.schema[claim.column], sample.missing).str.to_lowercase()
        some = sample.table.frame.filter(pl.col(ROW).is_in(rows.implode())).select(ROW, text.alias("text")).collect()
        absent = some.filter(_is_remark(pl.col("text"), counted=settled.dates[name].bare))[ROW]
        frame = frame.with_columns(pl.col(bad(name)) & ~pl.col(ROW).is_in(absent.implode()))
    return frame


def _is_remark(text: pl.Expr, *, counted: bool) -> pl.Expr:
    worded = ~text.str.contains(r"^#|\d") & ~text.str.contains(_SOME_DAY)  # ### is a date that a spreadsheet hides
    remark = worded & (text.str.contains(_REMARKS) | (pl.len().over(text) > 1))
    zero = text.str.contains(r"^0+(?:\.0*)?$") & pl.lit(counted)
    return (remark | zero | is_no_date(text)).fill_null(value=False)


def rejected(faulty: pl.DataFrame, asked: Sequence[str], settled: Settled, sample: Sample) -> tuple[Reject, ...]:
    """A reject for each faulty row (``_row``, ticket_id, ``bad.FIELD`` of each field that was asked about)."""
    rows = faulty[ROW].to_list()
    lines = lines_of(sample.table, rows)
    texts = _texts(rows, [*asked, "ticket_id"], settled, sample)
    made = []
    for row, name in zip(rows, _faults(faulty, asked), strict=True):
        claim = settled.claim(name)
        text, gap = texts.get(name, {}).get(row, (None, False))
        text = _placed(text, row, lines.get(row), sample)
        made.append(
            Reject(
                path=sample.table.name,
                line=lines.get(row),
                column=claim.column if claim else None,
                slug=NO_ID if name == "ticket_id" else DST_GAP if gap else BAD_DATE,
                value=text,
            )
        )
    return tuple(made)


def _placed(text: str | None, row: int, line: int | None, sample: Sample) -> str | None:
    """The value at fault, behind the number of its record where a document has no lines."""
    if line is not None or sample.table.format != "json":
        return text
    return f"record {row + 1}" + (f": {text}" if text else "")


def _faults(faulty: pl.DataFrame, asked: Sequence[str]) -> list[str]:
    """The field at fault in each row: the id where it is missing, else the first date that nobody can read."""
    fault = pl.lit("ticket_id")
    for name in reversed(asked):
        fault = pl.when(pl.col(bad(name))).then(pl.lit(name)).otherwise(fault)
    if "ticket_id" in faulty.columns:
        fault = pl.when(pl.col("ticket_id").is_null()).then(pl.lit("ticket_id")).otherwise(fault)
    return faulty.select(pl.col(ROW), fault.alias("fault"))["fault"].to_list()


def _texts(
    rows: list[int], names: Sequence[str], settled: Settled, sample: Sample
) -> dict[str, dict[int, tuple[str | None, bool]]]:
    """What the faulty cells hold, and whether the clock skipped the hour that they name."""
    found: dict[str, dict[int, tuple[str | None, bool]]] = {}
    some = sample.table.frame.filter(pl.col(ROW).is_in(rows))
    for name in names:
        claim = settled.claim(name)
        if claim is None:
            continue
        text = words_of(claim.column, sample.schema[claim.column], sample.missing)
        reading = settled.dates.get(name)
        raw = text if not sample.schema[claim.column].is_temporal() else pl.col(claim.column)
        gap = reading.gap(raw) if reading else pl.lit(value=False)
        values = some.select(pl.col(ROW), text.alias("text"), gap.alias("gap")).collect()
        found[name] = {row: (value, bool(skipped)) for row, value, skipped in values.rows()}
    return found


def unread(cells: Cells, frame: pl.DataFrame, settled: Settled) -> tuple[str, ...]:
    """A sentence for each column with values that count as missing because nobody could read them."""
    notes = []
    for name in cells.bad:
        claim = settled.claim(name)
        faulty = cells.frame[ROW].filter(cells.frame[bad(name)])
        count = int(frame[ROW].is_in(faulty.implode()).sum()) if len(faulty) else 0
        if claim is not None and count:
            noun = {"instant": "dates", "span": "durations", "flag": "yes or no"}.get(
                FIELDS[name].sort.value, "numbers"
            )
            notes.append(f"{count:,} values of {claim.column!r} are no {noun}: taken as missing")
    return tuple(notes)


def all_differ(ids: pl.Series) -> bool:
    """Whether no id stands in two rows; of whole numbers that is quick to know."""
    numbers = ids.cast(pl.Int64, strict=False)
    differ = numbers.null_count() == 0 and numbers.n_unique() == len(numbers)  # "7" and "07" may still differ
    return differ or ids.n_unique() == len(ids)


def refuse_damaged(ids: pl.Series, column: str, table: Table) -> None:
    """Nothing, where no spreadsheet has made several ids one.

    Raises:
        IdsDamaged: some are in scientific notation, end in zeros beyond their fifteenth digit, or are not shown at all.
    """
    if ids.cast(pl.Int64, strict=False).null_count() == ids.null_count() and (ids.str.len_bytes().max() or 0) <= 15:  # type: ignore[operator]
        return
    known = ids.drop_nulls()
    rounded = known.filter(known.str.contains_any(["E", "e"]) & known.str.contains(r"^\d(?:[.,]\d+)?[eE]\+\d+$"))
    hidden = known.filter(known.str.contains(r"^#(?:#{2,}|(?:REF|VALUE|NAME|NUM|NULL|DIV/0)[!?])$"))
    long = known.filter(known.str.contains(r"^\d{16,}$"))
    cut = long if len(long) >= _CHANCE and long.str.contains(r"^\d{15}0+$").all() else long.clear()
    for damaged, what in (
        (rounded, "ids are in scientific notation, such as {}: a spreadsheet has rounded them"),
        (hidden, "ids are {}: a spreadsheet has lost them"),
        (cut, "ids have zeros behind their fifteenth digit, such as {}: a spreadsheet has rounded them"),
    ):
        if len(damaged):
            raise IdsDamaged(
                f"{len(damaged):,} {what.format(damaged[0])}",
                hint="export again and do not open the file in a spreadsheet",
                where=Where(path=table.name, column=column),
            )


def sound_ids(ids: pl.Series, column: str, sample: Sample) -> pl.Series:
    """Ids without the spaces that group their thousands; of links what they end in, where that differs as they do.

    Raises:
        IdsDamaged: some are in scientific notation, so that several tickets may have become one.
    """
    if ids.cast(pl.Int64, strict=False).null_count() == ids.null_count():  # whole numbers all of them
        return ids
    refuse_damaged(ids, column, sample.table)
    if ids.str.contains(_LINK).fill_null(value=True).all() and ids.count():
        ends = ids.str.extract(_LINK)
        return ends if ends.n_unique() == ids.n_unique() else ids
    spaced = ids.str.contains_any([" ", "\u00a0", "\u202f", "\u2009"])
    if not spaced.any():
        return ids
    joined = ids.str.replace_all(r"[ \u{a0}\u{202f}\u{2009}]", "")
    return joined.zip_with(ids.str.contains(_GROUPED).fill_null(value=False), ids)

"""Sample: the first rows of a table, looked at before it is read; whole columns where they do not settle it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property

import polars as pl

from supportkpi.loaders.tables import ROW, TOP, Table
from supportkpi.loaders.values._no_dates import without_no_dates
from supportkpi.loaders.values._values import MISSING

SIZE = TOP
_FEW_REMARKS = 3
_MIXED = frozenset(("NaN", "NaT"))
"""Marks of "no value" that programs write in a case of their own."""
_BLANKS = " \t\r\n\u00a0\u202f\u2007\u200b\ufeff"


def words_of(column: str, dtype: pl.DataType, missing: Collection[str] = ()) -> pl.Expr:
    """A column as trimmed text without blanks and marks of "no value"; 123.0 of a typed source is "123"."""
    cell = pl.col(column)
    if dtype.is_float():
        whole = cell.cast(pl.Int64, strict=False)
        text = pl.when(cell == whole).then(whole.cast(pl.String)).otherwise(cell.cast(pl.String))
    elif isinstance(dtype, pl.Duration):
        text = _clock(cell)
    else:
        text = cell if dtype == pl.String else cell.cast(pl.String)
    trimmed = text.str.strip_chars(_BLANKS)
    return pl.when(~trimmed.is_in(sorted(_spelt(missing)))).then(trimmed)


def _clock(cell: pl.Expr) -> pl.Expr:
    """A duration of a workbook as it shows it: hours, beyond a day as well, minutes, seconds."""
    seconds = cell.dt.total_seconds().abs()
    parts = (seconds // 3600, seconds // 60 % 60, seconds % 60)
    written = pl.concat_str((part.cast(pl.String).str.zfill(2) for part in parts), separator=":")
    return pl.when(cell.dt.total_seconds() < 0).then(pl.concat_str(pl.lit("-"), written)).otherwise(written)


def _spelt(missing: Collection[str]) -> frozenset[str]:
    """Every mark of "no value" in the ways that people write it: folding each cell would cost a pass."""
    marks = {way(mark) for mark in MISSING for way in (str, str.upper, str.title)}
    return frozenset(marks | _MIXED | {mark.strip() for mark in missing})


class Sample:
    """The head of a table: every column as text, or typed where the source is."""

    def __init__(self, table: Table, missing: Collection[str] = (), pages: Sequence[Sample] = ()) -> None:
        self.table = table
        self.missing = missing
        self.pages = pages  # other files with the same headers: pages of the same export write their dates alike
        self._columns: dict[str, pl.Series] = {}
        self._whole: dict[str, pl.Series] = {}

    @cached_property
    def schema(self) -> pl.Schema:
        """Types of the table's columns."""
        return self.table.frame.collect_schema()

    @cached_property
    def frame(self) -> pl.DataFrame:
        """The first rows as they stand in the file."""
        return self.table.head(SIZE).collect().sort(ROW)

    def without(self, missing: Collection[str]) -> Sample:
        """The same sample, with other marks of "no value"."""
        if {*missing} == {*self.missing}:
            return self
        other = Sample(self.table, missing, self.pages)
        other.__dict__.update(frame=self.frame, schema=self.schema)
        return other

    @property
    def is_whole(self) -> bool:
        """Whether the sample is the table."""
        return self.table.rows <= SIZE

    def words(self, column: str) -> pl.Series:
        """A column of the sample as text, blanks null."""
        if self.schema[column] == pl.String:
            return self._texts[column]
        if column not in self._columns:
            text = words_of(column, self.schema[column], self.missing)
            self._columns[column] = self.frame.select(text.alias(column)).to_series()
        return self._columns[column]

    @cached_property
    def _texts(self) -> pl.DataFrame:
        """Every column of text at once: nearly all are asked for, and each by itself would be a query."""
        columns = [name for name, dtype in self.schema.items() if dtype == pl.String]
        return self.frame.select(words_of(name, pl.String(), self.missing).alias(name) for name in columns)

    def cells(self, column: str) -> pl.Series:
        """A column for the readers of dates: typed as the source has it, else text."""
        return self.frame[column] if self.schema[column].is_temporal() else self.words(column)

    def whole(self, column: str) -> pl.Series:
        """All values of a column, for what the sample does not settle."""
        if self.is_whole:
            return self.cells(column)
        if column not in self._whole:
            cell = (
                pl.col(column)
                if self.schema[column].is_temporal()
                else words_of(column, self.schema[column], self.missing)
            )
            self._whole[column] = self.table.frame.select(cell.alias(column)).collect().to_series()
        return self._whole[column]

    def telling(self, column: str) -> pl.Series:
        """The sample of a column, or all of it where the sample has no value."""
        cells = self.cells(column)
        return cells if cells.count() or self.is_whole else self.whole(column)

    def dated(self, column: str) -> pl.Series:
        """The values that show how dates are written: without the few words, such as "Not set", that stand for none."""
        cells = self.telling(column)
        if cells.dtype != pl.String:
            return cells
        cells = without_no_dates(cells)
        digits = cells.str.contains(r"\d")
        words = cells.filter(~digits)
        return cells.set(~digits, None) if 0 < words.n_unique() <= _FEW_REMARKS and digits.any() else cells

    def filled(self, column: str) -> float:
        """Share of the sample's rows that have a value."""
        values = self.words(column)
        return (len(values) - values.null_count()) / len(values) if len(values) else 0.0

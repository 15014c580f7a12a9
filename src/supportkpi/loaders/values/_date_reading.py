"""How a column of instants is read once its notation, order and zone are decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import polars as pl

from supportkpi.loaders.values._batches import batched, only
from supportkpi.loaders.values._date_notations import LOCAL, Fast, Order, Step, Wall
from supportkpi.loaders.values._date_words import offset_of
from supportkpi.loaders.values._quick import QuickDates
from supportkpi.schema import INSTANT


@dataclass(frozen=True, slots=True, kw_only=True)
class DateReading:
    """How one column of instants is read.

    ``zone`` is that of values without an offset; ``order`` is None where day and month cannot be confused, and
    ``proof`` counts the rows that fit no other order. ``share`` is the share of the sample that could be read. ``bare``
    says that the values are plain numbers: without a header or a mapping that calls them dates they may be anything.
    ``given`` says that the format came from the caller. ``notes`` are sentences for a person.
    """

    format: str
    zone: str
    zoned: bool = False
    zone_in_header: bool = False
    order: Order | None = None
    proof: int = 0
    share: float = 1.0
    bare: bool = False
    given: bool = False
    notes: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()

    def parse(self, expr: pl.Expr) -> pl.Expr:
        """The instants (Datetime us, UTC); null where a value does not fit, or its hour was skipped by its zone."""
        return batched(expr, INSTANT, self._instants)

    def quick(self, cells: pl.Series) -> QuickDates | None:
        """A quick reader of the column, or None where it would not read each of a sample of cells as ``parse`` does."""
        step = self.steps[0] if self.steps else None
        if not isinstance(step, Fast) or cells.dtype != pl.String or not cells.count():
            return None
        layout, offset = step.format, None
        if step.head is not None:
            tail = cells.drop_nulls()[0][step.head :]
            layout, offset = layout + tail.replace("%", "%%"), offset_of(tail)
            if offset is None:
                return None
        found = QuickDates(layout=layout, zone=self.zone, offset=offset)
        read = cells.alias("v").to_frame().select(found.read(pl.col("v"))).to_series()
        whole = read.null_count() == cells.null_count()
        return found if whole and read.equals(self._instants(cells), null_equal=True) else None

    def gap(self, expr: pl.Expr) -> pl.Expr:
        """Whether a value stands in an hour that the zone's clock skipped: parse gives null for it."""
        return batched(expr, pl.Boolean(), self._gaps)

    def overlap(self, expr: pl.Expr) -> pl.Expr:
        """Whether a value stands in an hour that the zone's clock ran twice: parse gives the earlier instant."""
        return batched(expr, pl.Boolean(), self._overlaps)

    def _instants(self, values: pl.Series) -> pl.Series:
        wall = self._wall(values)
        if isinstance(wall.offset, int):
            shifted = wall.local if wall.offset == 0 else _shifted(wall.local, pl.lit(wall.offset))
            return shifted.dt.replace_time_zone("UTC")
        local = _zoned(wall.local, self.zone, "earliest")
        if wall.offset is None:
            return local
        utc = _shifted(wall.local, pl.lit(wall.offset)).dt.replace_time_zone("UTC")
        return utc.zip_with(wall.offset.is_not_null(), local)

    def _gaps(self, values: pl.Series) -> pl.Series:
        local = self._naive(values)
        return local.is_not_null() & _zoned(local, self.zone, "earliest").is_null()

    def _overlaps(self, values: pl.Series) -> pl.Series:
        local = self._naive(values)
        twice = _zoned(local, self.zone, "earliest") != _zoned(local, self.zone, "latest")
        return twice.fill_null(value=False)

    def _naive(self, values: pl.Series) -> pl.Series:
        """Local times of the values that have no offset of their own."""
        wall = self._wall(values)
        if isinstance(wall.offset, int):
            return wall.local.clear(len(values))
        return wall.local if wall.offset is None else only(wall.local, wall.offset.is_null())

    def _wall(self, values: pl.Series) -> Wall:
        if values.dtype.is_temporal():
            return _typed_wall(values)
        wall = self.steps[0].read(values)
        for step in self.steps[1:]:
            left = wall.local.is_null() & values.is_not_null()
            if not left.any():
                break
            wall = _joined(wall, step.read(only(values, left)), left)
        return wall


def _joined(first: Wall, second: Wall, left: pl.Series) -> Wall:
    """The first wall where it has a value, the second in the rows that were left."""
    local = first.local.zip_with(~left, second.local)
    if first.offset is None and second.offset is None:
        return Wall(local, None)
    one, two = (full(wall.offset, len(left)) for wall in (first, second))
    return Wall(local, one.zip_with(~left, two))


def full(offset: pl.Series | int | None, length: int) -> pl.Series:
    """Offsets as a column of ``length`` rows."""
    if isinstance(offset, pl.Series):
        return offset
    return pl.Series([offset], dtype=pl.Int64).new_from_index(0, length)


def _shifted(local: pl.Series, offset: pl.Expr) -> pl.Series:
    moved = pl.col("t").cast(pl.Int64) - offset.cast(pl.Int64) * 1_000_000
    return local.alias("t").to_frame().select(moved.cast(LOCAL)).to_series()


def _zoned(local: pl.Series, zone: str, which: Literal["earliest", "latest"]) -> pl.Series:
    if zone == "UTC":
        return local.dt.replace_time_zone("UTC")
    there = local.dt.replace_time_zone(zone, ambiguous=which, non_existent="null")
    return there.dt.convert_time_zone("UTC")


def _typed_wall(values: pl.Series) -> Wall:
    """The wall of a column that has the type of a date already (XLSX cells, Parquet)."""
    zoned = isinstance(values.dtype, pl.Datetime) and values.dtype.time_zone is not None
    if zoned:
        values = values.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
    return Wall(values.cast(LOCAL), 0 if zoned else None)

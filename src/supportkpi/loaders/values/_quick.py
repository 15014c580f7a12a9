"""Quick readers: one exact layout as an expression that the engine runs by itself, without Python between batches.

A quick reader gives null for whatever is written in another way; such cells are read with care afterwards. It is taken
only where it reads every cell of a sample, and all of them as the careful reader does.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from supportkpi.loaders.values._date_notations import FIRST, LAST, LOCAL


@dataclass(frozen=True, slots=True, kw_only=True)
class QuickDates:
    """Reads ``layout`` to the last character: in a zone, or ``offset`` seconds east of UTC where the layout has one."""

    layout: str
    zone: str
    offset: int | None

    def read(self, cell: pl.Expr) -> pl.Expr:
        """The instants (Datetime us, UTC); null where a value does not fit, or its hour was skipped by its zone."""
        if self.offset:
            return (self._local(cell).cast(pl.Int64) - self.offset * 1_000_000).cast(LOCAL).dt.replace_time_zone("UTC")
        if self.is_utc:
            return self._local(cell).dt.replace_time_zone("UTC")
        there = self._local(cell).dt.replace_time_zone(self.zone, ambiguous="earliest", non_existent="null")
        return there.dt.convert_time_zone("UTC")

    def overlap(self, cell: pl.Expr) -> pl.Expr:
        """Whether a value stands in an hour that the zone's clock ran twice."""
        if self.is_utc:
            return pl.lit(value=False)
        once = self._local(cell).dt.replace_time_zone(self.zone, ambiguous="null", non_existent="null")
        return once.is_null() & self.read(cell).is_not_null()

    @property
    def is_utc(self) -> bool:
        """Whether no rule of a zone decides about the instants."""
        return self.offset is not None or self.zone == "UTC"

    def _local(self, cell: pl.Expr) -> pl.Expr:
        stamp = cell.str.to_datetime(self.layout, strict=False, time_unit="us", cache=False)
        return pl.when(stamp.is_between(FIRST, LAST, closed="left")).then(stamp)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuickNumbers:
    """Reads plain numbers with a decimal point, times ``size``; null beyond ``most``."""

    size: float
    most: float

    def read(self, cell: pl.Expr) -> pl.Expr:
        """The numbers (Float64)."""
        number = cell.cast(pl.Float64, strict=False) * self.size
        return pl.when(number.is_finite() & (number.abs() <= self.most)).then(number)

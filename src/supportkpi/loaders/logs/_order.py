"""In which order the rows of a log stand: by ticket, by time, newest first, or in none."""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

_SAME = pl.col("ticket_id").to_physical() == pl.col("ticket_id").to_physical().shift(1)
_ROWS = 1 << 32
"""More rows than there can be: a rank before the place of a row leaves room for it."""
_RISE = pl.col("at").cast(pl.Int64).diff()


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """How the instants of neighbouring rows go, of any two and of two of one ticket (``own``).

    ``grouped``: all rows of a ticket stand together.
    """

    grouped: bool
    rises: bool
    falls: bool
    own_rises: bool
    own_falls: bool

    @property
    def is_newest_first(self) -> bool:
        """Whether instants only fall, from row to row of a ticket if not from row to row of the file."""
        return (self.falls and not self.rises) or (self.own_falls and not self.own_rises)

    @property
    def is_oldest_first(self) -> bool:
        """Whether of each ticket no row is older than one above it."""
        return not self.falls or (self.grouped and not self.own_falls)

    @property
    def is_by_time(self) -> bool:
        """Whether rows of one instant stand together."""
        return not (self.falls and self.rises)

    @property
    def is_by_ticket(self) -> bool:
        """Whether rows of one ticket and instant stand together."""
        return self.grouped and not (self.own_falls and self.own_rises)

    @property
    def turned(self) -> Order:
        """The order from the end."""
        return Order(
            grouped=self.grouped,
            rises=self.falls,
            falls=self.rises,
            own_rises=self.own_falls,
            own_falls=self.own_rises,
        )


def order_of(frame: pl.DataFrame) -> Order:
    """The order of rows (ticket_id, at)."""
    same = _SAME.fill_null(value=False)
    told = frame.select(same=same, falls=_RISE < 0, rises=_RISE > 0)
    begins = frame["ticket_id"].to_physical().filter(~told["same"])
    own = told.select(
        pl.col("rises", "falls").any(),
        own_rises=(pl.col("rises") & pl.col("same")).any(),
        own_falls=(pl.col("falls") & pl.col("same")).any(),
    )
    return Order(grouped=begins.n_unique() == len(begins), **{name: bool(own[name][0]) for name in own.columns})


def by_ticket(frame: pl.DataFrame, order: Order) -> tuple[pl.DataFrame, Order]:
    """The rows of a log in the order of time with those of each ticket together; tickets by their newest row.

    That is how the tickets themselves stand, so that any number of them is a stretch of the log.
    """
    if order.grouped or order.falls:
        return frame, order
    order = replace(order, grouped=True, falls=order.rises)
    codes = frame["ticket_id"].to_physical().cast(pl.UInt32)
    place = _together(codes)
    return pl.DataFrame([column.gather(place) for column in frame.iter_columns()]), order


def _together(codes: pl.Series) -> pl.Series:
    """The places of rows, those of one code side by side, in the order in which codes come last."""
    known = codes.reverse().unique(maintain_order=True).reverse()
    top = known.max()
    size = top + 1 if isinstance(top, int) else 0
    rank = pl.repeat(0, size, dtype=pl.UInt32, eager=True)
    rank = rank.scatter(known, pl.int_range(len(known), dtype=pl.UInt32, eager=True))
    keys = rank.gather(codes).to_frame("rank")
    both = keys.select(pl.col("rank").cast(pl.UInt64) * _ROWS + pl.int_range(pl.len(), dtype=pl.UInt64))
    return both.to_series().sort().to_frame("both").select((pl.col("both") % _ROWS).cast(pl.UInt32)).to_series()

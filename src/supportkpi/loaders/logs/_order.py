"""In which order the rows of a log stand: by ticket, by time, newest first, or in none."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

_SAME = pl.col("ticket_id").to_physical() == pl.col("ticket_id").to_physical().shift(1)
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

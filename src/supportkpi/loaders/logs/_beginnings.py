"""Whether tickets began before the first row that a log has of them."""

from __future__ import annotations

import polars as pl

from supportkpi.loaders.logs._gather import Rows
from supportkpi.loaders.logs._values import Main
from supportkpi.loaders.tables import ROW
from supportkpi.schema import DONE, Kind

_FEW = 0.1
"""Of so many tickets the first row may be the end of something that was there before."""


def begins_before(rows: Rows, main: Main, firsts: pl.Series) -> bool:
    """Whether the first rows of tickets, by their ``_row``, change what the ticket was before, or already solve it."""
    is_first = pl.col(ROW).is_in(firsts.implode())
    if rows.has("began") and bool(rows.frame.filter(is_first)["began"].sum() > _FEW * len(firsts)):
        return True
    solves = main.tells(Kind.status) & main.value.cast(pl.String).is_in([*DONE])
    return bool(main.frame.filter(is_first).select(solves.sum()).item() > _FEW * len(firsts))

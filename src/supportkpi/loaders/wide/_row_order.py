"""Day first or month first by what the rows do: lists stand in the order of time, and nothing ends before it begins.

Asked only where no date of the file proves an order by itself.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from supportkpi.loaders.mapping._claims import Plan
from supportkpi.loaders.mapping._fields import Sort
from supportkpi.loaders.values._date_notations import LOCAL, NOTATIONS, Careful, Order
from supportkpi.loaders.wide._sample import Sample

_ORDERS: tuple[Order, Order] = ("dayfirst", "monthfirst")
_BEGINS = ("created_at", "rated_at", "at")
_ENDS = (
    "first_reply_at",
    "first_assigned_at",
    "first_solved_at",
    "solved_at",
    "closed_at",
    "reopened_at",
    "updated_at",
)
_ROWS = 5_000
_LEAST_DATES, _LEAST_PAIRS, _LEAST_WRONG = 6, 3, 2
"""Different dates that stand in order by chance no more; pairs that are looked at, and how many the other turns."""
_READ = 0.9
_DIGITS = r"(\d{1,18})\D*$"


def order_of_rows(sample: Sample, plan: Plan) -> tuple[Order, str] | None:
    """The order of day and month that the rows prove, and the sentence about it; None where they prove none or both."""
    columns = {claim.field: claim.column for claim in plan.claims if claim.sort is Sort.instant}
    texts = {name: sample.cells(column).head(_ROWS) for name, column in columns.items()}
    texts = {name: cells for name, cells in texts.items() if cells.dtype == pl.String}
    walls = {order: {name: _walls(cells, order) for name, cells in texts.items()} for order in _ORDERS}
    proofs = _of_runs(walls, texts, sample, plan) | _of_ends(walls)
    if len({order for order, _ in proofs}) != 1:
        return None
    order, field = sorted(proofs)[0]
    first, other = ("day", "--monthfirst") if order == "dayfirst" else ("month", "--dayfirst")
    if field in _BEGINS:
        return (
            order,
            f"dates are read {first} first: only so do the rows stand in the order of {columns[field]!r} ({other})",
        )
    return order, f"dates are read {first} first: only so is {columns[field]!r} never before the creation ({other})"


_Walls = Mapping[Order, Mapping[str, pl.Series]]


def _walls(cells: pl.Series, order: Order) -> pl.Series:
    """The instants of a column as they stand in one order, null where they are written in no way that is known."""
    read = pl.Series(cells.name, [None] * len(cells), dtype=LOCAL)
    for notation in NOTATIONS:
        if not notation.bare:
            local = Careful(notation, order == "dayfirst").read(cells).local
            read = read.zip_with(read.is_not_null(), local)
    return read


def _of_runs(walls: _Walls, texts: Mapping[str, pl.Series], sample: Sample, plan: Plan) -> set[tuple[Order, str]]:
    """The order in which the beginnings stand row under row, where they do not in the other one.

    Text that was sorted as text stands month first whatever it means: then the ids must run as well.
    """
    found: set[tuple[Order, str]] = set()
    for name in _BEGINS:
        standing = [order for order in _ORDERS if name in texts and _stands(walls[order][name], texts[name])]
        if len(standing) == 1 and (not _runs(texts[name].drop_nulls()) or _ids_run(sample, plan)):
            found.add((standing[0], name))
    return found


def _stands(read: pl.Series, cells: pl.Series) -> bool:
    present = read.drop_nulls()
    return len(present) >= _READ * cells.count() and present.n_unique() >= _LEAST_DATES and _runs(present)


def _runs(values: pl.Series) -> bool:
    """Whether values only go up, or only go down."""
    return values.is_sorted() or values.is_sorted(descending=True)


def _ids_run(sample: Sample, plan: Plan) -> bool:
    claim = plan.claim("ticket_id")
    if claim is None or claim.column not in sample.table.columns:
        return False
    numbers = sample.words(claim.column).head(_ROWS).str.extract(_DIGITS).cast(pl.Int64)
    return not numbers.null_count() and numbers.n_unique() == len(numbers) and _runs(numbers)


def _of_ends(walls: _Walls) -> set[tuple[Order, str]]:
    """The order in which nothing ends before it begins, where several rows do in the other one."""
    found: set[tuple[Order, str]] = set()
    for name in _ENDS:
        turned = {order: _turned(walls[order], name) for order in _ORDERS}
        for order, other in (_ORDERS, _ORDERS[::-1]):
            if turned[order] == 0 and (turned[other] or 0) >= _LEAST_WRONG:
                found.add((order, name))
    return found


def _turned(read: Mapping[str, pl.Series], name: str) -> int | None:
    """How many rows end before they begin; None where too few have both."""
    if name not in read or "created_at" not in read:
        return None
    ends_before = read[name].dt.date() < read["created_at"].dt.date()
    return int(ends_before.sum()) if ends_before.count() >= _LEAST_PAIRS else None

"""What files that were cut by creation cannot show: nothing later than their end, no stock where tickets end sooner."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import polars as pl

from supportkpi.engine.grouping.groups import STRETCHES
from supportkpi.engine.grouping.scope import Scope
from supportkpi.metrics import Closure, CostPerContact, Count, Metric, Requesters, Stock, StockAge
from supportkpi.periods import window as window_of
from supportkpi.report import Row, State

_FLOWS = (Count, Closure, Requesters, CostPerContact)
_STOCKS = (Stock, StockAge)
_APART = timedelta(days=3)
"""How much sooner than another the tickets of a file may end before they are known to be of another time."""


def after_the_end(scope: Scope) -> str | None:
    """Why a period that begins behind the end of a slice has no data."""
    cut, start = scope.facts.cut, scope.window.start if scope.window is not None else None
    return cut.why if cut is not None and start is not None and cut.ends_before(start) else None


def seen_only(metric: Metric, rows: Iterable[Row], scope: Scope) -> Iterator[Row]:
    """The rows, those of days that the files do not show without a number and with the reason.

    A number of tickets of a stretch that begins behind the end of a slice is of nobody's tickets; what was open at an
    instant behind it, or behind the end of one of several files, leaves out tickets that were.
    """
    for row in rows:
        why = _unseen(metric, row, scope) if row.state is not State.not_observed else None
        yield row if why is None else _without(row, why)


def _unseen(metric: Metric, row: Row, scope: Scope) -> str | None:
    if isinstance(metric.measure, _STOCKS):
        at = _end(row, scope)
        return None if at is None else _cut(scope, at) or _ended(scope, at)
    start, cut = _start(row, scope) if isinstance(metric.measure, _FLOWS) else None, scope.facts.cut
    return cut.why if cut is not None and start is not None and cut.ends_before(start) else None


def _cut(scope: Scope, at: datetime) -> str | None:
    cut = scope.facts.cut
    return cut.why if cut is not None and cut.lacks(at) else None


def _ended(scope: Scope, at: datetime) -> str | None:
    """Why a stock at an instant is not known, where open tickets of some files were last seen well before."""
    return scope.once(f"ended before {at}", lambda: _last_seen(scope, at))  # all groups of one instant share it


def _last_seen(scope: Scope, at: datetime) -> str | None:
    untils = scope.facts.tickets["until"]
    if untils.null_count() == len(untils) or untils.min() == untils.max():
        return None
    standing = pl.col("exclusion").is_null() & ~pl.col("is_resolved") & (pl.col("until") < at - _APART)
    last = scope.facts.tickets.filter(standing & (pl.col("created_at") < at))["until"].max()
    if not isinstance(last, datetime):
        return None
    return f"what became of some open tickets after {last:%Y-%m-%d} is not in the files: export them again"


def _start(row: Row, scope: Scope) -> datetime | None:
    label = next((row.group[dim] for dim in STRETCHES if row.group.get(dim) is not None), None)
    return window_of(label, timezone=scope.settings.timezone).start if label is not None else None


def _end(row: Row, scope: Scope) -> datetime | None:
    """The instant that a stock is taken at: the end of its stretch or of the period, at most that of the data."""
    label = next((row.group[dim] for dim in STRETCHES if row.group.get(dim) is not None), None)
    ends = [scope.facts.as_of, scope.window.end if scope.window is not None else None]
    ends += [window_of(label, timezone=scope.settings.timezone).end] if label is not None else []
    return min((end for end in ends if end is not None), default=None)


def _without(row: Row, why: str) -> Row:
    """The row without its number."""
    return replace(
        row,
        n=0,
        x=None,
        n_open=None,
        value=None,
        low=None,
        high=None,
        counts={},
        verdict=None if row.target is None else "no_data",
        certainty=None,
        state=State.not_observed,
        reason=(why,),
    )

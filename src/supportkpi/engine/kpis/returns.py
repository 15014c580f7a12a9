"""KPIs of customers who come back: with another ticket on the same matter (method 2.7), or to buy again (rep-08)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from supportkpi.engine.grouping.rows import Frame
from supportkpi.engine.grouping.scope import Breakdown, Scope, absent
from supportkpi.engine.kpis.customers import NOBODY, among, clustered, crowd, people, summed
from supportkpi.engine.statistics.intervals import wilson
from supportkpi.facts import folded
from supportkpi.metrics import Metric
from supportkpi.report import Row, State

_IN_POPULATION = pl.col("exclusion").is_null()
_LINKED = pl.col("requester_id").is_not_null()
_SOLVED = pl.col("is_resolved")
_DATES = {"created": "created_at", "solved": "resolved_at"}
_LOOKING = {
    "lookback": {
        "unlinkable": ~_LINKED,
        "parallel": pl.col("is_parallel"),
        "no_lead_in": pl.col("is_repeat").is_not_null() & ~pl.col("has_lead_in"),
    },
    "lookforward": {
        "unlinkable": _SOLVED & ~_LINKED,
        "immature": _SOLVED & _LINKED & pl.col("has_repeat").is_null(),
    },
}
"""What is counted beside each share, over the tickets of the period."""


def repeats(metric: Metric, scope: Scope) -> Iterator[Row]:
    """Rows of the repeat-contact rate: looking back from creations, forward from solutions, and by customer."""
    yield from _share(metric, scope, "lookback", of="is_repeat", dated="created")
    yield from _share(metric, scope, "lookforward", of="has_repeat", dated="solved")
    yield from _by_customer(metric, scope)


def _share(metric: Metric, scope: Scope, stat: str, *, of: str, dated: str) -> Iterator[Row]:
    frame, column = scope.frame(metric, dated), _DATES[dated]
    if of in scope.facts.unobserved:
        yield _unseen(frame, stat, scope.facts.unobserved[of])
        return
    about = _IN_POPULATION & scope.inside(column)
    counted = {name: expr for name, expr in _LOOKING[stat].items() if not _lacks(expr, scope)}
    counts = scope.tickets.select(
        **{name: (about & expr).fill_null(value=False) for name, expr in counted.items()},
        excluded=scope.inside(column) & ~_IN_POPULATION,
    )
    marks = scope.tickets.select(
        decided=(about & pl.col(of).is_not_null()).fill_null(value=False), success=pl.col(of).fill_null(value=False)
    )
    judged = among(crowd(scope), marks["decided"])
    for dims in scope.breakdowns:
        groups = scope.groups("tickets", scope.tickets, column, dims)
        found = clustered(judged, marks["success"], groups, scope.settings.conf)
        sums = summed(counts, groups.codes)
        for code, label in enumerate(groups.labels):
            mine = sums.get(code, dict.fromkeys(counts.columns, 0))
            if not dims or code in found or any(mine.values()):
                yield frame.row(stat, label, counts=mine, **found.get(code, {"n": 0, "x": 0.0}))


def _lacks(expr: pl.Expr, scope: Scope) -> bool:
    return any(name in scope.facts.unobserved for name in expr.meta.root_names())


def _unseen(frame: Frame, stat: str, why: str) -> Row:
    return frame.row(stat, {}, n=0, state=State.not_observed, reason=(why,))


def _by_customer(metric: Metric, scope: Scope) -> Iterator[Row]:
    """The share of customers with two tickets or more on one matter in the period."""
    frame, missing = scope.frame(metric, "created"), scope.facts.unobserved
    needed = ("requester_id",) if scope.window is None else ("requester_id", "created_at")
    why = next((missing[name] for name in needed if name in missing), None)
    if why is not None:
        yield _unseen(frame, "customers", why)
        return
    about = _IN_POPULATION & scope.inside("created_at")
    found = among(crowd(scope), scope.tickets.select(about.fill_null(value=False)).to_series())
    marks = scope.tickets.select(unlinkable=(about & ~_LINKED).fill_null(value=False))
    for dims in scope.breakdowns:
        groups = scope.groups("tickets", scope.tickets, "created_at", dims)
        each, sums = people(found, groups), summed(marks, groups.codes)
        for code, label in enumerate(groups.labels):
            mine, counts = each.get(code, NOBODY), sums.get(code, {"unlinkable": 0})
            if not dims or mine.customers or any(counts.values()):
                yield _customers(frame, "customers", label, (mine.repeating, mine.customers), counts)


def _customers(
    frame: Frame, stat: str, label: Mapping[str, str | None], share: tuple[int, int], counts: Mapping[str, int]
) -> Row:
    """A share of customers, who are independent of one another."""
    x, n = share
    low, high = wilson(x, n, frame.settings.conf) or (None, None)
    return frame.row(stat, label, n=n, x=float(x), value=x / n if n else None, low=low, high=high, counts=counts)


def returned(metric: Metric, scope: Scope) -> Iterator[Row]:
    """Rows of the share of customers who were active again after a solution and had no repeat (rep-08)."""
    frame, reasons = scope.frame(metric, "solved"), scope.reasons(metric)
    if reasons:
        yield from absent(frame, reasons)
        return
    about = _IN_POPULATION & scope.inside("resolved_at") & _SOLVED
    judged = pl.col("has_repeat").is_not_null() & pl.col("is_absence_mature")
    rows = scope.tickets.select(
        pl.int_range(pl.len(), dtype=pl.UInt32).alias("row"),
        who=folded("requester_id").hash(),  # see customers.py on hashes
        known=(about & _LINKED).fill_null(value=False),
        judged=(about & judged).fill_null(value=False),
        back=pl.col("came_back_at").is_not_null(),
        again=pl.col("has_repeat").fill_null(value=False),
        unlinkable=(about & ~_LINKED).fill_null(value=False),
    )
    for dims in scope.breakdowns:
        yield from _returned(frame, scope, rows, dims)


def _returned(frame: Frame, scope: Scope, rows: pl.DataFrame, dims: Breakdown) -> Iterator[Row]:
    groups = scope.groups("tickets", scope.tickets, "resolved_at", dims)
    coded = rows.with_columns(code=groups.codes)
    each = (
        coded.filter("known")
        .group_by("code", "who")
        .agg(
            judged=pl.col("judged").any(),
            back=(pl.col("judged") & pl.col("back")).any(),
            again=(pl.col("judged") & pl.col("again")).any(),
        )
    )
    came = pl.col("judged") & pl.col("back") & ~pl.col("again")
    sums = each.group_by("code").agg(
        pl.col("judged").sum(),
        came.sum().alias("came"),
        (~pl.col("judged")).sum().alias("immature"),
        (pl.col("judged") & pl.col("again")).sum().alias("repeated"),
    )
    shares = {row.pop("code"): row for row in sums.iter_rows(named=True)}
    strangers = summed(coded.select("unlinkable"), groups.codes)
    for code, label in enumerate(groups.labels):
        mine = shares.get(code, {"judged": 0, "came": 0, "immature": 0, "repeated": 0})
        unlinkable = strangers.get(code, {"unlinkable": 0})["unlinkable"]
        if not dims or code in shares or unlinkable:
            counts = {"immature": mine["immature"], "repeated": mine["repeated"], "unlinkable": unlinkable}
            yield _customers(frame, "value", label, (mine["came"], mine["judged"]), counts)

"""KPIs that count customers rather than tickets: how many wrote, how many were helped, how often each of them wrote.

Customers are sorted once; every breakdown then packs (customer, group) into one integer, whose sort is nearly done.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from supportkpi.engine.grouping.groups import TIMES, Groups
from supportkpi.engine.grouping.rows import Frame
from supportkpi.engine.grouping.scope import DATES, Scope, absent
from supportkpi.engine.kpis.tickets import Share, share_of_clusters
from supportkpi.facts import key_of
from supportkpi.metrics import Metric, Requesters
from supportkpi.report import Row

_GROUPS = 2**16
"""More than any breakdown has groups: the place of the group in a packed integer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """Tickets in the order of their customers and what these wrote about.

    rows: ``row`` of the ticket, ``who`` and ``matter``, whole numbers from 0 on; ``asked_by`` is the customer of each
    matter.
    """

    rows: pl.DataFrame
    asked_by: pl.Series


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """What the customers of one group come to: their tickets, those of the busiest, who wrote twice on one matter."""

    customers: int
    tickets: int
    busiest: int
    repeating: int


NOBODY = People(customers=0, tickets=0, busiest=0, repeating=0)


def crowd(scope: Scope) -> Crowd:
    """All tickets of known customers, sorted once for all KPIs and breakdowns of a run."""
    return scope.once("crowd", lambda: _sorted(scope))


def among(crowd: Crowd, fits: pl.Series) -> Crowd:
    """The part of a crowd whose tickets fit (Boolean, row for row with the tickets), still in order."""
    return Crowd(rows=crowd.rows.filter(fits.gather(crowd.rows["row"])), asked_by=crowd.asked_by)


def _sorted(scope: Scope) -> Crowd:
    """Customers compare by the 64-bit hash of their id: of a million, two share one once in 40 million reports."""
    who, *rest = key_of(scope.facts.dataset.tickets, scope.settings.repeats.key)
    matter = pl.struct(who.alias("who"), *rest).hash() if rest else who.hash()
    if rest:  # a ticket without a category is like no other: a matter of its own
        alone = pl.struct(who.alias("who"), pl.int_range(pl.len()).alias("row")).hash()
        matter = pl.when(pl.col("category").is_null()).then(alone).otherwise(matter)
    rows = scope.tickets.select(
        pl.int_range(pl.len(), dtype=pl.UInt32).alias("row"),
        who.hash().alias("who"),
        matter.alias("matter"),
        (pl.col("exclusion").is_null() & pl.col("requester_id").is_not_null()).alias("known"),
    )
    rows = rows.filter("known").sort("who", "matter").select("row", _dense("who"), _dense("matter"))
    first = (pl.col("matter") != pl.col("matter").shift(1)).fill_null(value=True)
    return Crowd(rows=rows, asked_by=rows.filter(first)["who"])


def _dense(column: str) -> pl.Expr:
    """Sorted values by the number of their place: 0, 1, 2 and so on."""
    return (pl.col(column) != pl.col(column).shift(1)).fill_null(value=False).cum_sum().cast(pl.UInt64).alias(column)


def people(crowd: Crowd, groups: Groups) -> dict[int, People]:
    """By the code of the group: what its customers come to."""
    codes = groups.codes.gather(crowd.rows["row"]).cast(pl.UInt64)
    each = _runs(crowd.rows["who"] * _GROUPS + codes)
    matters = _runs(crowd.rows["matter"] * _GROUPS + codes).filter(pl.col("n") > 1)
    again = matters.select("code", who=crowd.asked_by.gather(matters["what"])).unique()
    repeating = dict(again.group_by("code").len().iter_rows())
    sums = each.group_by("code").agg(pl.len(), tickets=pl.col("n").sum(), busiest=pl.col("n").max())
    return {
        code: People(customers=customers, tickets=tickets, busiest=busiest, repeating=repeating.get(code, 0))
        for code, customers, tickets, busiest in sums.iter_rows()
    }


def _runs(packed: pl.Series) -> pl.DataFrame:
    """How often each (what, code) occurs."""
    runs = packed.sort().rle().struct.unnest()
    return runs.select(
        pl.col("len").alias("n"), what=pl.col("value") // _GROUPS, code=(pl.col("value") % _GROUPS).cast(pl.UInt32)
    )


def clustered(crowd: Crowd, success: pl.Series, groups: Groups, conf: float) -> dict[int, Share]:
    """By the code of the group: the share of success among the tickets of a crowd, customers being its clusters."""
    codes = groups.codes.gather(crowd.rows["row"]).cast(pl.UInt64)
    won = success.gather(crowd.rows["row"]).cast(pl.UInt64)
    runs = ((crowd.rows["who"] * _GROUPS + codes) * 2 + won).sort().rle().struct.unnest()
    key, before = pl.col("value") // 2, pl.col("len").shift(1)
    # Of one customer in one group there is a run of failures, of successes, or both: the last stands for them.
    paired = (key == key.shift(1)).fill_null(value=False)
    each = runs.select(
        code=(key % _GROUPS).cast(pl.UInt32),
        x=pl.col("len") * (pl.col("value") % 2).cast(pl.UInt32),
        n=pl.col("len") + pl.when(paired).then(before).otherwise(0),
        last=(key != key.shift(-1)).fill_null(value=True),
    )
    return share_of_clusters(each.filter("last").with_columns(single=pl.lit(value=False)), conf)


def requesters(metric: Metric, scope: Scope) -> Iterator[Row]:
    """Rows of a KPI that counts the customers of the tickets that it is about, or tickets for each customer."""
    measure = metric.measure
    assert isinstance(measure, Requesters)  # noqa: S101 - the registry of measures says so
    dated = DATES[metric.dated_by]
    frame = scope.frame(metric, metric.dated_by if dated not in scope.facts.unobserved else None)
    reasons = scope.reasons(metric, but=dated if scope.window is None else None)  # all of a file needs no dates
    if reasons:
        yield from absent(frame, reasons)
        return
    about = pl.col("exclusion").is_null() & measure.which & scope.inside(dated)
    found = among(crowd(scope), scope.tickets.select(about.fill_null(value=False)).to_series())
    marks = scope.tickets.select(
        excluded=scope.inside(dated) & pl.col("exclusion").is_not_null(),
        unlinkable=(about & pl.col("requester_id").is_null()).fill_null(value=False),
    )
    for dims in scope.breakdowns:
        groups = scope.groups("tickets", scope.tickets, dated, dims)
        sums, each = summed(marks, groups.codes), people(found, groups)
        for code, label in enumerate(groups.labels):
            counts, mine = sums.get(code, dict.fromkeys(marks.columns, 0)), each.get(code, NOBODY)
            # A time without tickets is none of the KPI's; nought among the tickets of a desk is a number.
            if mine.tickets or any(counts.values()) or not any(dim in TIMES for dim in dims):
                yield _row(frame, label, mine, counts, for_each=measure.for_each)


def _row(
    frame: Frame, label: Mapping[str, str | None], mine: People, counts: Mapping[str, int], *, for_each: bool
) -> Row:
    known = {"tickets": mine.tickets, "busiest": mine.busiest, **counts}
    if for_each:
        value = mine.tickets / mine.customers if mine.customers else None
        return frame.row("value", label, n=mine.customers, x=float(mine.tickets), value=value, counts=known)
    strangers = mine.customers == 0 and counts["unlinkable"] > 0
    return frame.row("value", label, n=mine.tickets, value=None if strangers else float(mine.customers), counts=known)


def summed(marks: pl.DataFrame, codes: pl.Series) -> dict[int, dict[str, int]]:
    """By the code of the group: how many rows have each mark."""
    sums = marks.with_columns(code=codes).group_by("code").agg(pl.exclude("code").sum())
    return {row.pop("code"): row for row in sums.iter_rows(named=True)}

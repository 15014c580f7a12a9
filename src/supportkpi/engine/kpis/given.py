"""KPIs that an export can tell in its own figures where its history cannot: basis given, never mixed with derived."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import polars as pl

from supportkpi.engine.grouping.scope import Scope
from supportkpi.facts.declared import SPANS
from supportkpi.metrics import Distribution, Metric
from supportkpi.report import Row

Measured = Callable[[Metric, Scope], Iterator[Row]]
_UNTIL_SOLVED = frozenset(span.name for span in SPANS if span.end == "resolved_at")


def or_given(measured: Measured) -> Measured:
    """A measure that falls back on the KPI's ``given`` figures where the export cannot show it otherwise."""

    def rows(metric: Metric, scope: Scope) -> Iterator[Row]:
        given = over_given(metric, scope)
        if given is None:
            yield from measured(metric, scope)
        else:
            yield from (replace(row, basis="given") for row in measured(given, scope))

    return rows


def over_given(metric: Metric, scope: Scope) -> Metric | None:
    """The KPI over the export's own figures, where only these are there."""
    if metric.given is None or not scope.reasons(metric):
        return None
    instead = replace(metric, measure=metric.given.measure, counts=metric.given.counts, reads=(), given=None)
    figures = [name for name in metric.given.columns if name.startswith("given_")]
    known = all(scope.tickets[name].null_count() < scope.tickets.height for name in figures)
    return instead if known and not scope.reasons(instead) else None


def so_far(metric: Metric) -> pl.Expr | None:
    """Whether the export's own figure is one so far, of a ticket that is still open; None where no solution ends it."""
    measure = metric.measure
    if not isinstance(measure, Distribution) or measure.span not in _UNTIL_SOLVED:
        return None
    return ~pl.col("is_resolved").fill_null(value=True)

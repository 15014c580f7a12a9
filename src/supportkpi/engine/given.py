"""KPIs that an export can tell in its own figures where its history cannot: basis given, never mixed with derived."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from supportkpi.engine.scope import Scope
from supportkpi.metrics import Metric
from supportkpi.report import Row

Measured = Callable[[Metric, Scope], Iterator[Row]]


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

"""KPIs over waits: each is a row with the columns of its ticket, dated and grouped as this one is.

Of the hours of the day and the weekdays only its own are meant: those in which the wait began.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from supportkpi.engine.grouping.groups import GROUPING, begun
from supportkpi.engine.grouping.scope import Scope, absent
from supportkpi.engine.kpis.tickets import durations
from supportkpi.facts import beside_tickets
from supportkpi.metrics import Distribution, Metric
from supportkpi.report import Row

_SPAN = "wait"
_TAKEN = ("ticket_id", "exclusion", "created_at")


def wait_times(metric: Metric, scope: Scope) -> Iterator[Row]:
    """Rows of how long customers waited for a response; ``next_response`` says whether the first wait counts."""
    if reasons := scope.reasons(metric):
        yield from absent(scope.frame(metric, None), reasons, clock="calendar")
        return
    waits = scope.facts.waits
    if not scope.settings.next_response.include_first:
        waits = waits.filter(~pl.col("is_first"))
    rows = beside_tickets(waits, scope.tickets.select(_read(scope.tickets)))
    dims = {dim for breakdown in scope.breakdowns for dim in breakdown}
    rows = begun(rows, dims, "asked_at", scope.settings.timezone)
    of_waits = replace(scope, tickets=rows, memo={})
    yield from durations(replace(metric, measure=Distribution(span=_SPAN)), of_waits)


def _read(tickets: pl.DataFrame) -> list[str]:
    """What a wait takes over from its ticket: whether it counts, its date, its groups."""
    return [name for name in tickets.columns if name in _TAKEN or name.startswith(GROUPING)]

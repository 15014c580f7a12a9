"""Solved tickets with a satisfied rating (methods 2.4 and 2.12, ag-07): work that was done, and felt as done."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from supportkpi.engine.grouping.groups import TIMES
from supportkpi.engine.grouping.scope import Scope, absent
from supportkpi.engine.kpis.customers import summed
from supportkpi.engine.kpis.ratings import given, marked, unasked
from supportkpi.metrics import Metric
from supportkpi.report import Row, State

_NO_TICKETS = "the answers name no ticket: give each answer its ticket's id"


def solved_satisfied(metric: Metric, scope: Scope) -> Iterator[Row]:
    """Rows of how many of the tickets solved in the period were rated as satisfied, whenever that was."""
    frame, reasons = scope.frame(metric, "solved"), _reasons(metric, scope)
    if reasons:
        yield from absent(frame, reasons)
        return
    found = marked(given("csat", scope.facts.surveys), scope.settings.csat)
    if found.reasons:
        yield from absent(frame, found.reasons, state=State.needs_answer)
        return
    rated = found.every.filter(pl.col("_valid") & pl.col("ticket_id").is_not_null())
    solved = pl.col("exclusion").is_null() & pl.col("is_resolved") & scope.inside("resolved_at")
    marks = scope.tickets.select(
        solved=solved.fill_null(value=False),
        rated=_among(solved, rated),
        satisfied=_among(solved, rated.filter("_satisfied")),
    )
    for dims in scope.breakdowns:
        groups = scope.groups("tickets", scope.tickets, "resolved_at", dims)
        sums = summed(marks, groups.codes)
        for code, label in enumerate(groups.labels):
            counts = dict(sums.get(code, dict.fromkeys(marks.columns, 0)))
            n = counts.pop("satisfied")
            if counts["solved"] or not any(dim in TIMES for dim in dims):
                yield frame.row(
                    "value",
                    label,
                    n=n,
                    value=float(n) if counts["rated"] or not counts["solved"] else None,
                    counts=counts,
                )


def _reasons(metric: Metric, scope: Scope) -> tuple[str, ...]:
    """Why it cannot be told; without a period the whole file needs no dates."""
    reasons = scope.reasons(metric, but="resolved_at" if scope.window is None else None)
    why = unasked("csat", scope)
    if why is not None:
        return (*reasons, why)
    unlinked = scope.facts.dataset.surveys.filter(pl.col("instrument") == "csat")
    linked = "ticket_id" in unlinked.columns and unlinked["ticket_id"].null_count() < unlinked.height
    return reasons if linked else (*reasons, _NO_TICKETS)


def _among(solved: pl.Expr, answers: pl.DataFrame) -> pl.Expr:
    return (solved & pl.col("ticket_id").is_in(answers["ticket_id"].implode())).fill_null(value=False)

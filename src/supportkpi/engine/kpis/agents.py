"""The table of agents: volume beside quality, each figure with its own n, and no ranks (method 2.12 and 6.3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from supportkpi.engine.grouping.derived import AGENT
from supportkpi.engine.grouping.scope import Scope, within
from supportkpi.facts import population
from supportkpi.facts.agents import acts
from supportkpi.periods import ordinal
from supportkpi.report import Row, Series, State

KIND, REPLIES = "agents", "replies"
_FIGURES: Mapping[str, tuple[str, str, str]] = {
    "solved": ("tickets_solved", "value", "n"),
    "solved_with_high_csat": ("solved_with_high_csat", "value", "n"),
    "first_response_median_s": ("first_response_time", "median", "value"),
    "first_response_n": ("first_response_time", "median", "n"),
    "resolution_median_s": ("resolution_time", "median", "value"),
    "resolution_n": ("resolution_time", "median", "n"),
    "csat": ("csat", "value", "value"),
    "csat_low": ("csat", "value", "low"),
    "csat_high": ("csat", "value", "high"),
    "csat_x": ("csat", "value", "x"),
    "csat_n": ("csat", "value", "n"),
    "surveys_answered": ("csat_response_rate", "value", "x"),
    "surveys_offered": ("csat_response_rate", "value", "n"),
    "first_contact_resolution": ("first_contact_resolution", "value", "value"),
    "first_contact_resolution_x": ("first_contact_resolution", "value", "x"),
    "first_contact_resolution_n": ("first_contact_resolution", "value", "n"),
    "reopened_x": ("reopen_rate", "value", "x"),
    "reopened_n": ("reopen_rate", "value", "n"),
    "returned_x": ("repeat_contact_rate", "lookforward", "x"),
    "returned_n": ("repeat_contact_rate", "lookforward", "n"),
    "escalated_x": ("escalation_rate", "value", "x"),
    "escalated_n": ("escalation_rate", "value", "n"),
}
"""Columns of the table that are figures of KPIs by agent: KPI, statistic, field of the row."""
KPIS = frozenset(kpi for kpi, _, _ in _FIGURES.values())
COLUMNS = (AGENT, "replies", *_FIGURES, "active_days", "solved_per_active_day")
_WHOLE = ("n", "x")
Cell = float | int | str | None


def agents(rows: Sequence[Row], scope: Scope) -> Iterator[Series]:
    """The table of agents from the rows of the KPIs by agent, in the order of their codes, or of names that are shown.

    Columns: COLUMNS; spans in seconds on the report's clock, shares 0-1. Null is what the export does not show: replies
    and active days (local days with any event of the agent) need the author of every event.
    """
    found: dict[str, dict[tuple[str, str], Row]] = {}
    seen = {row.kpi for row in rows if not row.group and row.state not in (State.not_observed, State.needs_answer)}
    for row in _on_one_clock(rows):
        name = row.group.get(AGENT)
        if tuple(row.group) == (AGENT,) and name is not None and row.state is not State.not_observed:
            found.setdefault(name, {})[row.kpi, row.stat] = row
    seen |= set() if REPLIES in scope.facts.unobserved else {REPLIES}
    done = _done(scope)
    names = [name for name in {**found, **(done or {})} if name in (done or {}) or any(_figures(found[name]))]
    points = tuple(
        _line(name, found.get(name, {}), None if done is None else done.get(name, (0, 0)), seen)
        for name in sorted(names)
    )
    if points:
        yield Series(id=KIND, kpi="tickets_solved", kind=KIND, columns=COLUMNS, points=points)


def _figures(rows: Mapping[tuple[str, str], Row]) -> Iterator[bool]:
    """Whether there is anything behind the rows of an agent: a share of none is no figure."""
    return (row.n > 0 for row in rows.values())


def _on_one_clock(rows: Sequence[Row]) -> Iterator[Row]:
    """The rows by agent on the report's own clock, where a KPI has it, else on the other."""
    main = "business" if any(row.clock == "business" and row.basis == "derived" for row in rows) else "calendar"
    yield from sorted(rows, key=lambda row: row.clock in (None, main))  # of two the last one stands


def _line(
    name: str, rows: Mapping[tuple[str, str], Row], done: tuple[int, int] | None, seen: set[str]
) -> tuple[Cell, ...]:
    cells: dict[str, Cell] = {AGENT: name, "replies": done[0] if done is not None and REPLIES in seen else None}
    for column, (kpi, stat, part) in _FIGURES.items():
        row = rows.get((kpi, stat))
        cells[column] = _cell(row, part) if row is not None else _nothing(kpi, part, seen)
    days, solved = None if done is None else done[1], cells["solved"]
    cells["active_days"] = days
    cells["solved_per_active_day"] = solved / days if days and isinstance(solved, int) else None
    return tuple(cells[column] for column in COLUMNS)


def _cell(row: Row, part: str) -> Cell:
    value = getattr(row, part)
    return int(value) if part in _WHOLE and value is not None else value


def _nothing(kpi: str, part: str, seen: set[str]) -> Cell:
    """Nought tickets where the KPI is shown and the agent has none; null where nobody can tell."""
    return 0 if part in _WHOLE and kpi in seen else None


def _done(scope: Scope) -> dict[str, tuple[int, int]] | None:
    """Agent to public replies and active local days in the period, on the tickets of the run; None where not shown.

    Agents are called as the rows call them.
    """
    known = acts(scope.facts)
    if known is None:
        return None
    mine = known.join(population(scope.facts).lazy().select("ticket_id"), on="ticket_id", how="semi")
    day = ordinal(pl.col("at"), "day", scope.settings.timezone)
    counted = (
        mine.filter(within("at", scope.window) & pl.col("at").is_not_null())
        .group_by("agent")
        .agg(replies=pl.col("is_reply").sum(), days=day.n_unique())
        .collect()
    )
    return {scope.people.shown(AGENT, name): (replies, days) for name, replies, days in counted.iter_rows()}

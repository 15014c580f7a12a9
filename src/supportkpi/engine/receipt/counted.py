"""What the report counts of one ticket: its times, whether it was solved once and for all, and why not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Literal

import polars as pl

from supportkpi.decisions import Settings
from supportkpi.engine.grouping.rows import clocks
from supportkpi.facts import Facts
from supportkpi.metrics import Distribution, Metric, Rate, catalogue
from supportkpi.receipts import Figure, Why

TIMES = ("first_response_time", "resolution_time")
Row = Mapping[str, object]


def figures(facts: Facts) -> tuple[Figure, ...]:
    """The figures of the one ticket that the facts hold."""
    row = facts.tickets.row(0, named=True)
    if row["exclusion"] is not None:
        return ()
    known = catalogue()
    times = [figure for name in TIMES for figure in _times(known[name], row, facts)]
    return (*times, _reopened(known["reopen_rate"], row, facts), _contact(row, facts), _repeat(row, facts))


def _title(metric: Metric, settings: Settings) -> str:
    return settings.labels.get(metric.name, metric.title)


# --- times -----------------------------------------------------------------------------------------------------------


def _times(metric: Metric, row: Row, facts: Facts) -> Iterator[Figure]:
    """A span on each clock that the report has; the export's own figures where it has nothing else."""
    measure, title = metric.measure, _title(metric, facts.settings)
    assert isinstance(measure, Distribution)  # noqa: S101 - the registry says so
    reasons = [facts.unobserved[fact] for fact in metric.facts if fact in facts.unobserved]
    if reasons:
        given = list(_given(metric, row, title))
        why = tuple(Why(code="not_shown", text=reason) for reason in dict.fromkeys(reasons))
        yield from given or [Figure(kpi=metric.name, title=title, why=why)]
        return
    if not _is_true(facts.tickets, metric.eligible):
        yield Figure(kpi=metric.name, title=title, why=(Why(code="opened_by_agent"),))
        return
    for clock in reversed(clocks(metric, facts.settings)):
        middle = "_business" if clock == "business" else ""
        took, age = row.get(f"{measure.span}{middle}_s"), row.get(f"{measure.span}{middle}_age_s")
        value = took if took is not None else age
        if value is None and clock == "calendar":
            yield Figure(kpi=metric.name, title=title, why=(_no_time(measure.span, row),))
        elif isinstance(value, float):
            yield Figure(kpi=metric.name, title=title, value=value, clock=clock, open=took is None)


def _given(metric: Metric, row: Row, title: str) -> Iterator[Figure]:
    measure = metric.measure
    assert isinstance(measure, Distribution)  # noqa: S101 - the registry says so
    kinds: tuple[tuple[Literal["business", "calendar"], str], ...] = (("business", "_business"), ("calendar", ""))
    for clock, middle in kinds:
        value = row.get(f"given_{measure.given}{middle}_s")
        if isinstance(value, float):
            yield Figure(kpi=metric.name, title=title, value=value, clock=clock, basis="given")


def _no_time(span: str, row: Row) -> Why:
    """Why a ticket has no time of that span, neither ended nor so far."""
    if row.get(f"{span}_invalid"):
        return Why(code="before_start")
    if row.get("created_at") is None:
        return Why(code="no_creation")
    if span == "first_response" and row.get("is_resolved"):
        return Why(code="solved_unanswered")
    return Why(code="no_end")


# --- yes and no ------------------------------------------------------------------------------------------------------


def _is_true(tickets: pl.DataFrame, truth: pl.Expr) -> bool:
    return tickets.select(truth.alias("truth"))["truth"][0] is True


def _shown(metric: Metric, facts: Facts, value: bool | None, *why: Why) -> Figure:
    return Figure(kpi=metric.name, title=_title(metric, facts.settings), value=value, why=why)


def _lacking(metric: Metric, facts: Facts) -> tuple[Why, ...]:
    reasons = [facts.unobserved[fact] for fact in metric.facts if fact in facts.unobserved]
    return tuple(Why(code="not_shown", text=reason) for reason in dict.fromkeys(reasons))


def _reopened(metric: Metric, row: Row, facts: Facts) -> Figure:
    if reasons := _lacking(metric, facts):
        return _reopened_as_given(metric, row, facts) or _shown(metric, facts, None, *reasons)
    came_back = row.get("is_reopened")
    if came_back is None:
        return _shown(metric, facts, None, Why(code="never_solved"))
    if not came_back and not row.get("is_reopen_mature"):
        return _shown(metric, facts, None, Why(code="too_early", n=facts.settings.repeats.window_days))
    return _shown(metric, facts, bool(came_back), *_reopenings(row, facts.settings.repeats.window_days))


def _reopenings(row: Row, days: int) -> Iterator[Why]:
    """What is to be said of reopenings that count, or that do not."""
    if row.get("is_reopened"):
        yield Why(code="reopens", n=_count(row, "reopens"))
    elif row.get("is_reopened_by_agent"):
        yield Why(code="by_agent")
    elif _count(row, "reopens"):
        yield Why(code="reopened_later", n=days)


def _reopened_as_given(metric: Metric, row: Row, facts: Facts) -> Figure | None:
    """By how often the export says that it was reopened; None where it does not."""
    given = metric.given.measure if metric.given is not None else None
    if not isinstance(given, Rate) or not _is_true(facts.tickets, given.decided):
        return None
    value = _is_true(facts.tickets, given.success)
    why = (Why(code="reopens", n=_count(row, "given_reopens")),) if value else ()
    return replace(_shown(metric, facts, value, *why), basis="given")


def _contact(row: Row, facts: Facts) -> Figure:
    metric = catalogue()["first_contact_resolution"]
    days = facts.settings.fcr.window_days
    if reasons := _lacking(metric, facts):
        return _shown(metric, facts, None, *reasons)
    if not _is_true(facts.tickets, metric.eligible):
        return _shown(metric, facts, None, Why(code="opened_by_agent"))
    value = row.get("is_first_contact")
    if value is None:
        return _shown(metric, facts, None, _undecided(row, days))
    return _shown(metric, facts, bool(value), *(() if value else _contacts(row, facts.settings)))


def _undecided(row: Row, days: int) -> Why:
    if not row.get("is_resolved"):
        return Why(code="not_solved")
    return Why(code="no_customer") if row.get("requester_id") is None else Why(code="too_early", n=days)


def _contacts(row: Row, settings: Settings) -> Iterator[Why]:
    """What speaks against a solution at first contact, by the rule that holds (method 2.3)."""
    preset = settings.fcr.preset
    if preset == "intercom":
        if _count(row, "repliers") != 1:
            yield Why(code="repliers", n=_count(row, "repliers"))
        if _count(row, "reopens"):
            yield Why(code="reopens", n=_count(row, "reopens"))
        return
    if preset == "freshservice":
        yield Why(code="requests", n=_count(row, "requests"))
        return
    if preset == "repeat_free":
        if row.get("is_reopened_soon"):
            yield Why(code="reopens", n=_count(row, "reopens"))
        if row.get("is_escalated") if "is_escalated" in row else row.get("escalated"):
            yield Why(code="escalated")
        came_back = row.get("next_contact_at")
        if isinstance(came_back, datetime):
            yield Why(code="came_back", at=came_back)
        if row.get("contacts") != row.get("replies"):  # a chat or a call: conversations count, not replies
            if _count(row, "contacts") > 1:
                yield Why(code="contacts", n=_count(row, "contacts"))
            return
    if _count(row, "replies") > 1:
        yield Why(code="replies", n=_count(row, "replies"))


def _repeat(row: Row, facts: Facts) -> Figure:
    metric = catalogue()["repeat_contact_rate"]
    if "is_repeat" in facts.unobserved:
        return _shown(metric, facts, None, Why(code="not_shown", text=facts.unobserved["is_repeat"]))
    value = row.get("is_repeat")
    if value is None:
        code = "no_customer" if row.get("requester_id") is None else "no_creation"
        return _shown(metric, facts, None, Why(code=code))
    before, why = row.get("previous_solved_at"), []
    if value and isinstance(before, datetime):
        why.append(Why(code="solved_before", at=before))
    if not value and row.get("is_parallel"):
        why.append(Why(code="parallel"))
    if not value and row.get("has_lead_in") is False:
        why.append(Why(code="no_lead_in", n=facts.settings.repeats.window_days))
    return _shown(metric, facts, bool(value), *why)


def _count(row: Row, name: str) -> int:
    value = row.get(name)
    return value if isinstance(value, int) else 0

"""The tickets behind a KPI's number: which are in its numerator and denominator, which are not decided yet.

Each row is a ticket: ``in_n``, ``in_x`` and ``in_n_open`` say where it stands, as n, x and n_open of the report's row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import polars as pl

from supportkpi.engine.grouping.rows import clocks
from supportkpi.engine.grouping.scope import DATES, Scope
from supportkpi.engine.kpis.effort import reading
from supportkpi.engine.kpis.given import over_given, so_far
from supportkpi.engine.kpis.ratings import (
    answered,
    given,
    last_of_ticket,
    marked,
    nothing_to_say,
    promoters,
    response_base,
)
from supportkpi.engine.kpis.stock import standing
from supportkpi.errors import OptionWrong
from supportkpi.metrics import (
    Closure,
    Count,
    Distribution,
    Effort,
    MeanScore,
    Metric,
    NetShare,
    Rate,
    Ratio,
    RepeatShare,
    Requesters,
    ResponseShare,
    ReturnedShare,
    Satisfaction,
    SatisfiedCount,
    Stock,
    StockAge,
    TagShare,
    WaitTimes,
)

_IN_POPULATION = pl.col("exclusion").is_null()
_YES, _NO = pl.lit(value=True), pl.lit(value=False)
_MARKS = ("in_n", "in_x", "in_n_open")


@dataclass(frozen=True, slots=True, kw_only=True)
class Members:
    """The tickets behind a KPI: ``rows`` have ticket_id, in_n, in_x, in_n_open and what the KPI measured of each.

    That is took_s (so far, of an open one), waits, score, rated_at or value. ``beside`` counts members that are no
    tickets.
    """

    rows: pl.DataFrame
    is_business: bool = False
    basis: Literal["derived", "given"] = "derived"
    beside: dict[str, int] = field(default_factory=dict)

    def count(self, mark: str) -> int:
        """How many tickets have a mark."""
        return int(self.rows[mark].sum())


def members(metric: Metric, scope: Scope) -> Members:
    """The tickets behind a KPI in the period.

    Raises:
        OptionWrong: the KPI has none behind it, or the export cannot show it.
    """
    made = _MAKERS.get(type(metric.measure))
    if made is None:
        message = f"{metric.name} is made of figures, not of tickets: there are none behind it"
        raise OptionWrong(message, hint="name a KPI of tickets: supportkpi kpis lists them")
    found = made(metric, scope)
    return Members(
        rows=found.rows.with_columns(pl.col(name).fill_null(value=False) for name in _MARKS),
        is_business=found.is_business,
        basis=found.basis,
        beside=found.beside,
    )


def refuse(metric: Metric, reasons: tuple[str, ...]) -> None:
    """Nothing where there are no reasons. Raises OptionWrong: the export cannot show the KPI."""
    if reasons:
        message = f"this export cannot list {metric.name}: {'; '.join(reasons)}"
        raise OptionWrong(message, hint="supportkpi inspect FILES says what the files can give")


def _marked(tickets: pl.DataFrame, *, n: pl.Expr, x: pl.Expr = _NO, is_open: pl.Expr = _NO, **more: pl.Expr) -> Members:
    """The tickets that are in the numerator, in the denominator, or undecided."""
    rows = tickets.select("ticket_id", in_n=n, in_x=x, in_n_open=is_open, **more)
    return Members(rows=rows.filter(pl.any_horizontal(pl.col(name).fill_null(value=False) for name in _MARKS)))


def _about(metric: Metric, scope: Scope, dated: str | None = None) -> pl.Expr:
    column = dated or DATES.get(metric.dated_by, "created_at")
    return _IN_POPULATION & metric.eligible & scope.inside(column)


# --- tickets ---------------------------------------------------------------------------------------------------------


def _durations(metric: Metric, scope: Scope) -> Members:
    measure = metric.measure
    assert isinstance(measure, Distribution)  # noqa: S101 - the registry says so
    about, reasons = _about(metric, scope), scope.reasons(metric)
    if not reasons:
        middle = "_business" if "business" in clocks(metric, scope.settings) else ""
        took, age = pl.col(f"{measure.span}{middle}_s"), pl.col(f"{measure.span}{middle}_age_s")
        found = _marked(
            scope.tickets,
            n=about & took.is_not_null(),
            is_open=about & took.is_null() & age.is_not_null(),
            took_s=pl.coalesce(took, age),
        )
        return Members(rows=found.rows, is_business=bool(middle))
    for part in ("", "_business"):
        column = f"given_{measure.given}{part}_s"
        if column in scope.tickets.columns and scope.tickets[column].count():
            unfinished = so_far(metric)
            ended = pl.col(column).is_not_null() & (_YES if unfinished is None else ~unfinished)
            found = _marked(scope.tickets, n=about & ended, took_s=pl.col(column))
            return Members(rows=found.rows, is_business=bool(part), basis="given")
    refuse(metric, reasons)
    raise AssertionError(metric.name)


def _waits(metric: Metric, scope: Scope) -> Members:
    """One row a ticket: its longest wait, open ones first; ``waits`` is how many it has."""
    refuse(metric, scope.reasons(metric))
    waits = scope.facts.waits
    if not scope.settings.next_response.include_first:
        waits = waits.filter(~pl.col("is_first"))
    middle = "_business" if scope.settings.calendars else ""
    took, age = pl.col(f"wait{middle}_s"), pl.col(f"wait{middle}_age_s")
    tickets = scope.tickets.filter(_about(metric, scope)).select("ticket_id")
    rows = waits.join(tickets, on="ticket_id").select(
        "ticket_id",
        "asked_at",
        in_n=took.is_not_null(),
        in_x=_NO,
        in_n_open=took.is_null() & age.is_not_null(),
        took_s=pl.coalesce(took, age),
    )
    rows = rows.filter(pl.col("in_n") | pl.col("in_n_open")).with_columns(waits=pl.len().over("ticket_id"))
    ordered = rows.sort("in_n_open", "took_s", "asked_at", descending=[True, True, False])
    worst = ordered.unique("ticket_id", keep="first", maintain_order=True).drop("asked_at")
    beside = {"waits": int(rows["in_n"].sum()), "open_waits": int(rows["in_n_open"].sum())}
    return Members(rows=worst, is_business=bool(middle), beside=beside)


def _shares(metric: Metric, scope: Scope) -> Members:
    instead = over_given(metric, scope)
    if instead is not None:
        return Members(rows=_rates(instead, scope).rows, basis="given")
    refuse(metric, scope.reasons(metric))
    return _rates(metric, scope)


def _rates(metric: Metric, scope: Scope) -> Members:
    measure = metric.measure
    if isinstance(measure, Ratio):
        counted = (measure.each & measure.of.is_not_null()).fill_null(value=False)
        return _marked(scope.tickets, n=_about(metric, scope) & counted, value=measure.of.cast(pl.Float64))
    assert isinstance(measure, Rate)  # noqa: S101 - the registry says so
    decided = _about(metric, scope) & measure.decided
    return _marked(scope.tickets, n=decided, x=decided & measure.success)


def _counted(metric: Metric, scope: Scope) -> Members:
    measure = metric.measure
    assert isinstance(measure, Count | Requesters)  # noqa: S101 - the registry says so
    dated = DATES.get(metric.dated_by, "created_at")
    refuse(metric, scope.reasons(metric, but=dated if scope.window is None else None))
    return _marked(scope.tickets, n=_about(metric, scope) & measure.which)


def _repeats(metric: Metric, scope: Scope) -> Members:
    """Looking back: tickets that repeat one that was solved before."""
    missing = scope.facts.unobserved
    refuse(metric, (missing["is_repeat"],) if "is_repeat" in missing else ())
    judged = _IN_POPULATION & scope.inside("created_at") & pl.col("is_repeat").is_not_null()
    before = {"previous_solved_at": pl.col("previous_solved_at")} if "previous_solved_at" not in missing else {}
    return _marked(scope.tickets, n=judged, x=judged & pl.col("is_repeat"), **before)


def _returned(metric: Metric, scope: Scope) -> Members:
    """The solutions by which customers are judged."""
    refuse(metric, scope.reasons(metric))
    judged = _IN_POPULATION & scope.inside("resolved_at") & pl.col("is_resolved") & pl.col("is_absence_mature")
    judged = judged & pl.col("has_repeat").is_not_null() & pl.col("requester_id").is_not_null()
    return _marked(scope.tickets, n=judged, x=judged & pl.col("came_back_at").is_not_null() & ~pl.col("has_repeat"))


def _flows(metric: Metric, scope: Scope) -> Members:
    """What was created in the period and what was solved in it: a ticket may be both."""
    refuse(metric, scope.reasons(metric))
    solved = _IN_POPULATION & scope.inside("resolved_at") & pl.col("resolved_at").is_not_null()
    return _marked(scope.tickets, n=_IN_POPULATION & scope.inside("created_at"), x=solved)


def _standing(metric: Metric, scope: Scope) -> Members:
    found = standing(scope)
    reasons = scope.reasons(metric)
    refuse(metric, reasons or (("no dates",) if found is None else ()))
    assert found is not None  # noqa: S101 - refused else
    return _marked(found.unique("ticket_id", maintain_order=True), n=_YES)


def _tagged(metric: Metric, scope: Scope) -> Members:
    if "tags" not in scope.tickets.columns or not scope.tickets["tags"].count():
        refuse(metric, ("no tags",))
    about = _IN_POPULATION & scope.inside("created_at")
    return _marked(scope.tickets, n=about, x=about & (pl.col("tags").list.len() > 0))


# --- answers ---------------------------------------------------------------------------------------------------------


def _of_tickets(answers: pl.DataFrame, *, x: pl.Expr = _NO, **more: pl.Expr) -> Members:
    """Answers as the tickets that they are of; of several the worst, the newest of these."""
    rows = answers.select("ticket_id", "score", rated_at="dated_at", in_n=_YES, in_x=x, in_n_open=_NO, **more)
    known = rows.filter(pl.col("ticket_id").is_not_null())
    ordered = known.sort("score", "rated_at", descending=[False, True], nulls_last=True)
    one = ordered.unique("ticket_id", keep="first", maintain_order=True)
    return Members(rows=one, beside={"answers": rows.height, "without_ticket": rows.height - known.height})


def _satisfied(metric: Metric, scope: Scope) -> Members:
    why = nothing_to_say(metric, scope)
    refuse(metric, () if why is None else (why,))
    measure = metric.measure
    assert isinstance(measure, Satisfaction | MeanScore)  # noqa: S101 - the registry says so
    found = marked(answered(measure.instrument, scope), scope.settings.csat)
    if isinstance(measure, MeanScore) and found.scale is not None and found.scale.name == "binary":
        refuse(metric, ("a scale of good and bad has no mean",))
    _answer_first(found.reasons if isinstance(measure, Satisfaction) or found.scale is None else ())
    rated = found.every.filter("_valid")
    return _of_tickets(rated, x=pl.col("_satisfied"), is_bad=pl.col("_dissatisfied"), scale=pl.col("scale"))


def _answer_first(reasons: tuple[str, ...]) -> None:
    """Nothing where a scale is known. Raises OptionWrong: something must be said before."""
    if reasons:
        raise OptionWrong(f"ratings cannot be told apart: {reasons[0]}", hint="say it, and list them again")


def _promoters(metric: Metric, scope: Scope) -> Members:
    why = nothing_to_say(metric, scope)
    refuse(metric, () if why is None else (why,))
    measure = metric.measure
    assert isinstance(measure, NetShare)  # noqa: S101 - the registry says so
    found = promoters(measure.instrument, scope)
    _answer_first((found,) if isinstance(found, str) else ())
    assert not isinstance(found, str)  # noqa: S101 - refused else
    return _of_tickets(found.filter("_valid"), x=pl.col("_up"))


def _easy(metric: Metric, scope: Scope) -> Members:
    why = nothing_to_say(metric, scope)
    refuse(metric, () if why is None else (why,))
    answers = answered("ces", scope)
    read = reading(answers, scope.settings.ces)
    _answer_first((read,) if isinstance(read, str) else ())
    assert not isinstance(read, str)  # noqa: S101 - refused else
    graded = answers.with_columns(**read.marks())
    return _of_tickets(last_of_ticket(graded.filter("_valid")), x=pl.col("_easy"))


def _responses(metric: Metric, scope: Scope) -> Members:
    """Surveys that were offered, and those that were answered."""
    measure = metric.measure
    assert isinstance(measure, ResponseShare)  # noqa: S101 - the registry says so
    why = nothing_to_say(metric, scope)
    base = response_base(scope, measure.instrument) if why is None else None
    refuse(metric, (why or "neither surveys offered nor solved tickets are shown",) if base is None else ())
    assert base is not None  # noqa: S101 - refused else
    rows = base if "score" in base.columns else base.with_columns(score=pl.lit(None, pl.Float64))
    return _of_tickets(rows, x=pl.col("_answered"))


def _solved_satisfied(metric: Metric, scope: Scope) -> Members:
    refuse(metric, scope.reasons(metric, but="resolved_at" if scope.window is None else None))
    found = marked(given("csat", scope.facts.surveys), scope.settings.csat)
    _answer_first(found.reasons)
    happy = found.every.filter(pl.col("_valid") & pl.col("_satisfied") & pl.col("ticket_id").is_not_null())
    solved = _IN_POPULATION & pl.col("is_resolved") & scope.inside("resolved_at")
    return _marked(scope.tickets, n=solved & pl.col("ticket_id").is_in(happy["ticket_id"].implode()))


_MAKERS: Mapping[type, Callable[[Metric, Scope], Members]] = {
    Distribution: _durations,
    WaitTimes: _waits,
    Rate: _shares,
    Ratio: _shares,
    Count: _counted,
    Requesters: _counted,
    RepeatShare: _repeats,
    ReturnedShare: _returned,
    Closure: _flows,
    Stock: _standing,
    StockAge: _standing,
    TagShare: _tagged,
    Satisfaction: _satisfied,
    MeanScore: _satisfied,
    NetShare: _promoters,
    Effort: _easy,
    ResponseShare: _responses,
    SatisfiedCount: _solved_satisfied,
}

"""What is known of a ticket, a declaration a column: which events count, how they are reduced, what spans they make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import polars as pl

from supportkpi.schema import Actor, Dataset, Extent, Kind, Sight, Status

_KIND, _ACTOR, _PUBLIC, _VALUE = pl.col("kind"), pl.col("actor"), pl.col("public"), pl.col("value")
_MESSAGE = (_KIND == Kind.message.value) & _PUBLIC
_STATUS = _KIND == Kind.status.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One column of the ticket facts: which events count (``mask``), how they are reduced, what the export must show.

    ``missing`` is the reason that a KPI gives when the export does not show it, in the user's words.
    """

    name: str
    doc: str
    needs: Mapping[Sight, Extent]
    mask: pl.Expr
    reduction: Literal["first", "last", "count"]
    missing: str


FACTS: tuple[Fact, ...] = (
    Fact(
        name="created_at",
        doc="the ticket was created",
        needs={Sight.created: Extent.FIRST},
        mask=_KIND == Kind.created.value,
        reduction="first",
        missing="no creation date",
    ),
    Fact(
        name="first_request_at",
        doc="first public message of the customer",
        needs={Sight.request: Extent.FIRST},
        mask=_MESSAGE & (_ACTOR == Actor.customer.value),
        reduction="first",
        missing="no customer messages",
    ),
    Fact(
        name="first_agent_reply_at",
        doc="first public message of a human agent",
        needs={Sight.reply: Extent.FIRST},
        mask=_MESSAGE & (_ACTOR == Actor.agent.value),
        reduction="first",
        missing="no date or minutes of the first reply",
    ),
    Fact(
        name="first_bot_reply_at",
        doc="first public message of a bot",
        needs={Sight.bot_reply: Extent.FIRST},
        mask=_MESSAGE & (_ACTOR == Actor.bot.value),
        reduction="first",
        missing="no replies of bots",
    ),
    Fact(
        name="replies",
        doc="public messages of human agents",
        needs={Sight.reply: Extent.EVERY},
        mask=_MESSAGE & (_ACTOR == Actor.agent.value),
        reduction="count",
        missing="needs every reply: export the messages too",
    ),
    Fact(
        name="handoff_at",
        doc="first handing over from a bot to a human",
        needs={Sight.handoff: Extent.FIRST},
        mask=_KIND == Kind.handoff.value,
        reduction="first",
        missing="no handing over from bot to human",
    ),
    Fact(
        name="first_solve_at",
        doc="first time in status solved",
        needs={Sight.solve: Extent.FIRST},
        mask=_STATUS & (_VALUE == Status.solved.value),
        reduction="first",
        missing="needs the first solution: this export has only the last",
    ),
    Fact(
        name="last_solve_at",
        doc="last time in status solved",
        needs={Sight.solve: Extent.LAST},
        mask=_STATUS & (_VALUE == Status.solved.value),
        reduction="last",
        missing="no date of the solution",
    ),
    Fact(
        name="first_close_at",
        doc="first time in status closed",
        needs={Sight.solve: Extent.FIRST},
        mask=_STATUS & (_VALUE == Status.closed.value),
        reduction="first",
        missing="needs the first closing: this export has only the last",
    ),
    Fact(
        name="last_close_at",
        doc="last time in status closed",
        needs={Sight.solve: Extent.LAST},
        mask=_STATUS & (_VALUE == Status.closed.value),
        reduction="last",
        missing="no date of the closing",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of time of every ticket: from one instant to another, or to the end of observation while it is open.

    Columns made: ``NAME_s`` seconds of ended spans, ``NAME_age_s`` seconds so far of open ones, ``NAME_invalid`` where
    the end lies before the start; each also ``NAME_business_s`` and ``NAME_business_age_s`` when a calendar is set.
    """

    name: str
    start: str
    end: str
    open: pl.Expr  # not ended yet, as far as anyone knows: censored at ``until``


_RESOLVED = pl.col("is_resolved")
SPANS: tuple[Span, ...] = (
    Span(
        name="first_response",
        start="anchor_at",
        end="first_reply_at",
        open=pl.col("first_reply_at").is_null() & ~_RESOLVED.fill_null(value=True),
    ),
    Span(name="resolution", start="created_at", end="resolved_at", open=~_RESOLVED),
    Span(
        name="first_resolution",
        start="created_at",
        end="first_solved_at",
        open=pl.col("first_solved_at").is_null() & ~_RESOLVED,
    ),
)


_MADE = """
opened_by is_outbound has_first_response anchor_at first_reply_at until on_calendar
first_solved_at last_solved_at resolved_at is_resolved solve_events reopens shortest_solved
next_contact_at is_reopened_soon is_return_mature
dated_at customer is_excluded is_transactional
at start end
"""
_PARTS = ("_s", "_age_s", "_business_s", "_business_age_s", "_invalid")
DERIVED = frozenset(
    {*(fact.name for fact in FACTS), *(f"{span.name}{part}" for span in SPANS for part in _PARTS), *_MADE.split()}
)
"""Columns that the fold makes; a column of that name that an export has of its own is kept as ``raw.NAME``."""


def unobserved(fact: Fact, dataset: Dataset) -> str | None:
    """Why the dataset cannot show a fact, or None when it can; gates both folds alike."""
    for sight, extent in fact.needs.items():
        if (dataset.observes.get(sight, Extent(0)) & extent) != extent:
            return fact.missing
    return None

"""What is known of a ticket, a declaration a column: which events count, how they are reduced, what spans they make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import polars as pl

from supportkpi.facts.returns import COLUMNS
from supportkpi.schema import Actor, Dataset, Extent, Kind, Sight, Status

_KIND, _ACTOR, _PUBLIC, _VALUE = pl.col("kind"), pl.col("actor"), pl.col("public"), pl.col("value")
_MESSAGE = (_KIND == Kind.message.value) & _PUBLIC
_STATUS = _KIND == Kind.status.value
_ASSIGNED = (_KIND == Kind.assignee.value) & _VALUE.is_not_null()
_NEEDS_REPLIES = "needs every reply: export the messages too"
_NEEDS_ASSIGNMENTS = "needs the history of the assignee: export the changes of the tickets too"
_NEEDS_LOG = "needs a log of events: this export has a row a ticket, not what happened in between"
_CHANGING = (Sight.status, Sight.request, Sight.reply, Sight.assignee, Sight.group, Sight.level, Sight.priority)
_ANY_HISTORY = dict.fromkeys((*_CHANGING, Sight.event), Extent.EVERY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One column of the ticket facts: which events count (``mask``), how they are reduced, what the export must show.

    The export must show all of ``needs`` and, where ``either`` names any, one of these. ``missing`` is the reason that
    a KPI gives when it does not, in the user's words. The reduction ``by`` is the actor of the last event.
    """

    name: str
    doc: str
    needs: Mapping[Sight, Extent]
    mask: pl.Expr
    reduction: Literal["first", "last", "count", "by"]
    missing: str
    either: Mapping[Sight, Extent] = field(default_factory=dict)
    kind: Kind | None = None  # the only kind of event that counts, where there is but one


FACTS: tuple[Fact, ...] = (
    Fact(
        name="created_at",
        doc="the ticket was created",
        needs={Sight.created: Extent.FIRST},
        mask=_KIND == Kind.created.value,
        reduction="first",
        missing="no creation date",
        kind=Kind.created,
    ),
    Fact(
        name="first_request_at",
        doc="first public message of the customer",
        needs={Sight.request: Extent.FIRST},
        mask=_MESSAGE & (_ACTOR == Actor.customer.value),
        reduction="first",
        missing="no customer messages",
        kind=Kind.message,
    ),
    Fact(
        name="first_agent_reply_at",
        doc="first public message of a human agent",
        needs={Sight.reply: Extent.FIRST},
        mask=_MESSAGE & (_ACTOR == Actor.agent.value),
        reduction="first",
        missing="no date or minutes of the first reply",
        kind=Kind.message,
    ),
    Fact(
        name="first_bot_reply_at",
        doc="first public message of a bot",
        needs={Sight.bot_reply: Extent.FIRST},
        mask=_MESSAGE & (_ACTOR == Actor.bot.value),
        reduction="first",
        missing="no replies of bots",
        kind=Kind.message,
    ),
    Fact(
        name="replies",
        doc="public messages of human agents",
        needs={Sight.reply: Extent.EVERY},
        mask=_MESSAGE & (_ACTOR == Actor.agent.value),
        reduction="count",
        missing=_NEEDS_REPLIES,
        kind=Kind.message,
    ),
    Fact(
        name="requests",
        doc="public messages of the customer",
        needs={Sight.request: Extent.EVERY},
        mask=_MESSAGE & (_ACTOR == Actor.customer.value),
        reduction="count",
        missing="needs every message of the customer: export the messages too",
        kind=Kind.message,
    ),
    Fact(
        name="bot_replies",
        doc="public messages of bots",
        needs={Sight.bot_reply: Extent.EVERY},
        mask=_MESSAGE & (_ACTOR == Actor.bot.value),
        reduction="count",
        missing="needs every reply of bots: export the messages too, with their authors",
        kind=Kind.message,
    ),
    Fact(
        name="handoff_at",
        doc="first handing over from a bot to a human",
        needs={Sight.handoff: Extent.FIRST},
        mask=_KIND == Kind.handoff.value,
        reduction="first",
        missing="no handing over from bot to human",
        kind=Kind.handoff,
    ),
    Fact(
        name="clock_start_at",
        doc="first said to be ready for an answer, where that is later than its creation",
        needs={Sight.created: Extent.FIRST},
        mask=_KIND == Kind.clock_start.value,
        reduction="first",
        missing="no creation date",
        kind=Kind.clock_start,
    ),
    Fact(
        name="first_solve_at",
        doc="first time in status solved",
        needs={Sight.solve: Extent.FIRST},
        mask=_STATUS & (_VALUE == Status.solved.value),
        reduction="first",
        missing="needs the first solution: this export has only the last",
        kind=Kind.status,
    ),
    Fact(
        name="last_solve_at",
        doc="last time in status solved",
        needs={Sight.solve: Extent.LAST},
        mask=_STATUS & (_VALUE == Status.solved.value),
        reduction="last",
        missing="no date of the solution",
        kind=Kind.status,
    ),
    Fact(
        name="first_close_at",
        doc="first time in status closed",
        needs={Sight.solve: Extent.FIRST},
        mask=_STATUS & (_VALUE == Status.closed.value),
        reduction="first",
        missing="needs the first closing: this export has only the last",
        kind=Kind.status,
    ),
    Fact(
        name="last_close_at",
        doc="last time in status closed",
        needs={Sight.solve: Extent.LAST},
        mask=_STATUS & (_VALUE == Status.closed.value),
        reduction="last",
        missing="no date of the closing",
        kind=Kind.status,
    ),
    Fact(
        name="last_solve_by",
        doc="who solved it last",
        needs={Sight.solve: Extent.LAST},
        mask=_STATUS & (_VALUE == Status.solved.value),
        reduction="by",
        missing="no date of the solution",
        kind=Kind.status,
    ),
    Fact(
        name="last_close_by",
        doc="who closed it last",
        needs={Sight.solve: Extent.LAST},
        mask=_STATUS & (_VALUE == Status.closed.value),
        reduction="by",
        missing="no date of the closing",
        kind=Kind.status,
    ),
    Fact(
        name="first_assigned_at",
        doc="first given to somebody",
        needs={Sight.assignee: Extent.FIRST},
        mask=_ASSIGNED,
        reduction="first",
        missing=_NEEDS_ASSIGNMENTS,
        kind=Kind.assignee,
    ),
    Fact(
        name="assignments",
        doc="how often it was given to somebody",
        needs={Sight.assignee: Extent.EVERY},
        mask=_ASSIGNED,
        reduction="count",
        missing=_NEEDS_ASSIGNMENTS,
        kind=Kind.assignee,
    ),
    Fact(
        name="taken_at",
        doc="taken into work: first given to somebody, or first moved on by an agent",
        needs={},
        mask=_ASSIGNED | (_STATUS & (_ACTOR == Actor.agent.value)),
        reduction="first",
        missing="needs the first assignment, or who changed the status: export the changes of the tickets too",
        either={Sight.assignee: Extent.FIRST, Sight.status: Extent.EVERY},
    ),
    Fact(
        name="first_event_at",
        doc="the first thing that the history tells",
        needs={},
        mask=pl.lit(value=True),
        reduction="first",
        missing=_NEEDS_LOG,
        either=_ANY_HISTORY,
    ),
    Fact(
        name="last_event_at",
        doc="the last thing that the history tells",
        needs={},
        mask=pl.lit(value=True),
        reduction="last",
        missing=_NEEDS_LOG,
        either=_ANY_HISTORY,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of time of every ticket: from one instant to another, or to the end of observation while it is open.

    With ``statuses`` it is the sum of the times in these between the two. Columns made: ``NAME_s`` seconds of ended
    spans, ``NAME_age_s`` seconds so far of open ones, ``NAME_invalid`` where the end lies before the start; each also
    ``NAME_business_s`` and ``NAME_business_age_s`` when a calendar is set. Where the export cannot show a span its
    columns are null throughout.
    """

    name: str
    start: str
    end: str
    open: pl.Expr  # not ended yet, as far as anyone knows: censored at ``until``
    statuses: tuple[Status, ...] = ()

    @property
    def may_last(self) -> bool:
        """Whether it can be open at all: of one that is only there once it has ended no age is known."""
        return bool(self.open.meta.root_names())

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of its columns."""
        return tuple(f"{self.name}{part}" for part in PARTS)


PARTS = ("_s", "_age_s", "_business_s", "_business_age_s", "_invalid")
WORKED_ON = (Status.new, Status.open)
WAITED_ON_US = (*WORKED_ON, Status.hold)
WAITED_ON_ANYBODY = (*WAITED_ON_US, Status.pending)
"""All statuses of an open ticket: what is left out are the gaps in which it was solved (method 2.2)."""
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
    Span(
        name="reaction",
        start="created_at",
        end="taken_at",
        open=pl.col("taken_at").is_null() & ~_RESOLVED.fill_null(value=True),
    ),
    Span(name="escalation", start="created_at", end="escalated_at", open=pl.lit(value=False)),
    Span(name="case", start="first_event_at", end="last_event_at", open=pl.lit(value=False)),
    Span(name="net_resolution", start="created_at", end="resolved_at", open=~_RESOLVED, statuses=WAITED_ON_ANYBODY),
    Span(name="requester_wait", start="created_at", end="resolved_at", open=~_RESOLVED, statuses=WAITED_ON_US),
    Span(name="agent_work", start="created_at", end="resolved_at", open=~_RESOLVED, statuses=WORKED_ON),
    Span(name="agent_wait", start="created_at", end="resolved_at", open=~_RESOLVED, statuses=(Status.pending,)),
    Span(name="hold", start="created_at", end="resolved_at", open=~_RESOLVED, statuses=(Status.hold,)),
)
GIVEN_ONLY: Mapping[str, str] = {"handle": "no logged minutes: this export has no column of the time worked"}
"""Spans that only the export's own figures can tell, with the reason where it has none; their columns stay empty."""


_MADE = """
opened_by is_outbound has_first_response anchor_at first_reply_at until on_calendar
first_solved_at last_solved_at resolved_at solved_by is_resolved solve_events reopens shortest_solved
is_reopened is_reopened_by_agent is_reopen_mature
repliers contacts transfers first_level escalated_at escalations is_escalated is_handled counts_in_escalation
dated_at customer is_excluded is_transactional
at start end
"""
DERIVED = frozenset(
    {
        *(fact.name for fact in FACTS),
        *(column for span in SPANS for column in span.columns),
        *(f"{name}{part}" for name in GIVEN_ONLY for part in PARTS),
        *COLUMNS,
        *_MADE.split(),
    }
)
"""Columns that the fold makes; a column of that name that an export has of its own is kept as ``raw.NAME``."""


def unobserved(fact: Fact, dataset: Dataset) -> str | None:
    """Why the dataset cannot show a fact, or None when it can; gates both folds alike."""
    for sight, extent in fact.needs.items():
        if not shows(dataset, sight, extent):
            return fact.missing
    if fact.either and not any(shows(dataset, sight, extent) for sight, extent in fact.either.items()):
        return fact.missing
    return None


def shows(dataset: Dataset, sight: Sight, extent: Extent) -> bool:
    """Whether the history of a dataset shows that much of a Sight."""
    return (dataset.observes.get(sight, Extent(0)) & extent) == extent

"""The canonical event schema: what every loader produces and the engine reads.

A Dataset tells what happened, whoever exported it. Its history has one of two forms: a ``Log`` (one row an event) or
``Stamps`` (one row a ticket, one column an event whose kind, actor and status are known). ``log(dataset)`` gives the
long events of either. Instants are UTC, spans are seconds (``_s``); null is "unknown or not applicable", never 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Flag, StrEnum

import polars as pl

from supportkpi.errors import ShapeWrong, Where
from supportkpi.policies import Policies

INSTANT = pl.Datetime("us", "UTC")


class Kind(StrEnum):
    """What an event is."""

    created = "created"
    message = "message"
    status = "status"
    priority = "priority"
    assignee = "assignee"
    group = "group"
    level = "level"
    handoff = "handoff"
    calendar = "calendar"
    clock_start = "clock_start"


class Actor(StrEnum):
    """Who did it."""

    customer = "customer"
    agent = "agent"
    bot = "bot"
    system = "system"


class Status(StrEnum):
    """Status categories: pending waits for the customer, hold for a third party."""

    new = "new"
    open = "open"
    pending = "pending"
    hold = "hold"
    solved = "solved"
    closed = "closed"
    deleted = "deleted"


class Exclusion(StrEnum):
    """Why a ticket left the population."""

    spam = "spam"
    deleted = "deleted"
    merged = "merged"
    test = "test"


class Instrument(StrEnum):
    """What a survey asked."""

    csat = "csat"
    nps = "nps"
    ces = "ces"


class Sight(StrEnum):
    """What an export can show; ``event``: that something happened at all, even where nobody knows what."""

    created = "created"
    request = "request"
    reply = "reply"
    bot_reply = "bot_reply"
    note = "note"
    solve = "solve"
    reopen = "reopen"
    status = "status"
    priority = "priority"
    assignee = "assignee"
    group = "group"
    level = "level"
    handoff = "handoff"
    offer = "offer"
    rating = "rating"
    event = "event"


class Extent(Flag):
    """How much of a Sight is shown: the first, the last, every one. Joining files keeps the smaller: ``a & b``."""

    FIRST = 1
    LAST = 2
    EVERY = 7


DONE = (Status.solved.value, Status.closed.value)
"""Statuses in which a ticket is off the desk."""
SOMEBODY = "?"
"""To whom a ticket was assigned, where an export tells only when; null is nobody: the assignment was taken away."""

EVENTS: Mapping[str, pl.DataType] = {
    "ticket_id": pl.String(),
    "at": INSTANT,
    "seq": pl.UInt32(),
    "kind": pl.Enum(Kind),
    "actor": pl.Enum(Actor),
    "actor_id": pl.String(),
    "public": pl.Boolean(),
    "value": pl.String(),
    "raw": pl.String(),
}

CODED = ("ticket_id", "actor_id", "value", "raw")
"""Columns of EVENTS that a Log may carry as Categorical instead of String: ten million events take little room then."""

GIVEN_SPANS = ("first_response", "first_resolution", "resolution", "requester_wait", "agent_wait")
GIVEN: Mapping[str, pl.DataType] = {
    **{f"given_{span}{clock}_s": pl.Float64() for span in GIVEN_SPANS for clock in ("", "_business")},
    "given_handle_s": pl.Float64(),
    "given_reopens": pl.Int64(),
    "given_replies": pl.Int64(),
    "given_sla_first_response_met": pl.Boolean(),
    "given_sla_resolution_met": pl.Boolean(),
}

TICKETS: Mapping[str, pl.DataType] = {
    "ticket_id": pl.String(),
    "requester_id": pl.String(),
    "organization_id": pl.String(),
    "channel": pl.String(),
    "priority": pl.String(),
    "category": pl.String(),
    "region": pl.String(),
    "tier": pl.String(),
    "language": pl.String(),
    "group": pl.String(),
    "assignee_id": pl.String(),
    "status": pl.Enum(Status),
    "status_raw": pl.String(),
    "priority_raw": pl.String(),
    "channel_raw": pl.String(),
    "opener": pl.Enum(Actor),
    "exclusion": pl.Enum(Exclusion),
    "merged_into": pl.String(),
    "escalated": pl.Boolean(),
    "eligible": pl.Boolean(),
    "external_cause": pl.String(),
    "restored_at": INSTANT,
    "first_response_due_at": INSTANT,
    "resolution_due_at": INSTANT,
    "observed_until": INSTANT,
    "cost": pl.Decimal(18, 4),
    "currency": pl.String(),
    "tags": pl.List(pl.String()),
    **GIVEN,
}
"""Canonical ticket columns. Only ticket_id and observed_until are always there; kept columns (String) may follow."""

SURVEYS: Mapping[str, pl.DataType] = {
    "instrument": pl.Enum(Instrument),
    "at": INSTANT,
    "ticket_id": pl.String(),
    "respondent_id": pl.String(),
    "score": pl.Float64(),
    "answer": pl.String(),
    "scale": pl.String(),
    "offered_at": INSTANT,
    "agent_id": pl.String(),
}
"""One row an answer (score) or an offer without answer (score null)."""

SERIES: Mapping[str, pl.DataType] = {
    "name": pl.String(),
    "start": pl.Date(),
    "end": pl.Date(),
    "value": pl.Float64(),
    "unit": pl.String(),
    "currency": pl.String(),
    "channel": pl.String(),
}

ACTIVITY: Mapping[str, pl.DataType] = {"requester_id": pl.String(), "at": INSTANT}
"""Orders, logins, visits: what a customer who came back leaves behind."""

PRIORITIES = ("urgent", "high", "normal", "low", "lowest")
CHANNELS = ("email", "web", "chat", "messenger", "phone", "social", "sms", "api", "other")


BY_DAY = 86_400.0
"""``precision_s`` of a day without a time of the day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What one instant column of a wide export means: an event of known kind, actor and value.

    ``precision_s`` is the grain of the instant when it was rebuilt from given minutes (60) or is a day without a time
    (BY_DAY), else 0.
    """

    column: str
    kind: Kind
    extent: Extent
    actor: Actor | None = None
    value: str | None = None
    public: bool | None = None
    precision_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamps:
    """History of a wide export: ``frame`` has ticket_id and an INSTANT column a Stamp, row for row with the tickets."""

    frame: pl.DataFrame
    stamps: tuple[Stamp, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """History as events: a lazy frame of EVENTS, in any order; its strings (CODED) may be Categorical as well.

    ``grains`` are stamps that stand for events of it which are less exact: rebuilt from minutes, or days without a
    time.
    """

    frame: pl.LazyFrame
    grains: tuple[Stamp, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """A row that could not be used: where it stands, the slug of why, the value that was at fault."""

    path: str
    line: int | None
    column: str | None
    slug: str
    value: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLedger:
    """What became of the data rows of one file: rows_read = used + sum(excluded) + sum(rejected)."""

    path: str
    rows_read: int
    used: int
    excluded: Mapping[str, int] = field(default_factory=dict)
    rejected: Mapping[str, int] = field(default_factory=dict)


UNASKED = "not asked for"
"""What a ColumnReading rests on whose column would be kept if somebody asked for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnReading:
    """How one column of a file was read: its canonical field (None: kept or ignored), and what that rests on."""

    column: str
    field: str | None
    confidence: str  # sure | likely | assumed | kept | not loaded
    evidence: str
    filled: float  # share of rows with a value, 0-1


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where the data of one file came from and how it was read; ``notes`` are sentences for a person."""

    path: str
    sha256: str
    helpdesk: str  # id of the mapping that was used; "generic" for the synonyms
    title: str  # how a person calls that kind of file: "Zendesk ticket CSV"
    format: str  # csv, json, xlsx, …
    encoding: str
    delimiter: str | None
    rows: int
    zone: str
    zone_source: str  # file | mapping | option | assumed
    columns: tuple[ColumnReading, ...] = ()
    notes: tuple[str, ...] = ()
    unmapped: Mapping[str, Mapping[str, int]] = field(default_factory=dict)  # field -> word -> rows
    on_demand: tuple[str, ...] = ()  # canonical columns that are only read when they are asked for, or all is


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """What happened, whoever exported it; ``observes`` says what the history shows, an absent Sight is not observed."""

    history: Log | Stamps
    tickets: pl.DataFrame
    surveys: pl.DataFrame
    observes: Mapping[Sight, Extent]
    series: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=dict(SERIES)))
    activity: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=dict(ACTIVITY)))
    ledger: tuple[FileLedger, ...] = ()
    rejects: tuple[Reject, ...] = ()
    provenance: tuple[Provenance, ...] = ()
    assumptions: tuple[str, ...] = ()
    policies: Policies = field(default_factory=Policies)


def observed(stamps: tuple[Stamp, ...]) -> dict[Sight, Extent]:
    """What a set of stamps shows: each Sight with the extents of its stamps joined."""
    seen: dict[Sight, Extent] = {}
    for stamp in stamps:
        sight = _sight(stamp)
        if sight is not None:
            seen[sight] = seen.get(sight, Extent(0)) | stamp.extent
    return seen


def _sight(stamp: Stamp) -> Sight | None:
    if stamp.kind is Kind.message:
        if stamp.public is False:
            return Sight.note
        return {Actor.customer: Sight.request, Actor.agent: Sight.reply, Actor.bot: Sight.bot_reply}.get(
            stamp.actor or Actor.system
        )
    if stamp.kind is Kind.status:
        return Sight.solve if stamp.value in DONE else Sight.reopen if stamp.value == Status.open else Sight.status
    try:
        return Sight(stamp.kind.value)
    except ValueError:
        return None


def log(dataset: Dataset) -> pl.LazyFrame:
    """The long events of a dataset, one row an event, columns and types of EVENTS; unordered."""
    history = dataset.history
    if isinstance(history, Log):
        return history.frame
    parts = [_events(history.frame.lazy(), stamp, order) for order, stamp in enumerate(history.stamps)]
    return pl.concat(parts) if parts else pl.LazyFrame(schema=dict(EVENTS))


def _events(frame: pl.LazyFrame, stamp: Stamp, order: int) -> pl.LazyFrame:
    return frame.filter(pl.col(stamp.column).is_not_null()).select(
        pl.col("ticket_id"),
        pl.col(stamp.column).alias("at"),
        pl.lit(order, pl.UInt32).alias("seq"),
        pl.lit(stamp.kind.value, EVENTS["kind"]).alias("kind"),
        pl.lit(stamp.actor.value if stamp.actor else None, EVENTS["actor"]).alias("actor"),
        pl.lit(None, pl.String).alias("actor_id"),
        pl.lit(stamp.public, pl.Boolean).alias("public"),
        pl.lit(stamp.value, pl.String).alias("value"),
        pl.lit(None, pl.String).alias("raw"),
    )


def check(dataset: Dataset) -> Dataset:
    """The dataset itself, when every frame has its canonical columns and types.

    Raises:
        ShapeWrong: a column is missing, has another type, or the stamps do not stand beside the tickets.
    """
    _check_frame("tickets", dict(dataset.tickets.schema), TICKETS, needed=("ticket_id", "observed_until"))
    _check_frame("surveys", dict(dataset.surveys.schema), SURVEYS, needed=("instrument", "score"))
    if isinstance(dataset.history, Log):
        found = dict(dataset.history.frame.collect_schema())
        coded: dict[str, pl.DataType] = {name: pl.String() for name in CODED if found.get(name) == pl.Categorical}
        _check_frame("events", found | coded, EVENTS, needed=tuple(EVENTS))
        return dataset
    stamps = dataset.history
    wanted = {"ticket_id": pl.String(), **{stamp.column: INSTANT for stamp in stamps.stamps}}
    _check_frame("stamps", dict(stamps.frame.schema), wanted, needed=tuple(wanted))
    if stamps.frame.height != dataset.tickets.height or not stamps.frame["ticket_id"].equals(
        dataset.tickets["ticket_id"]
    ):
        raise ShapeWrong("stamps and tickets do not hold the same tickets in the same order")
    return dataset


def _check_frame(
    name: str, schema: Mapping[str, object], wanted: Mapping[str, object], *, needed: tuple[str, ...]
) -> None:
    for column in needed:
        if column not in schema:
            raise ShapeWrong(f"the {name} frame has no column {column}", where=Where(column=column))
    for column, dtype in schema.items():
        if column in wanted and dtype != wanted[column]:
            raise ShapeWrong(f"{name}.{column} is {dtype}, not {wanted[column]}", where=Where(column=column))

"""Receipts: everything that happened to one ticket, what each clock made of it, and what the report counted."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from supportkpi.report import Ledger, Method
from supportkpi.schema import Provenance

CLOSED, CAUSE, CLOCK = "closed", "cause", "clock"
"""Kinds of entries beside those of events: hours that are closed, an agreed cause, a clock alone."""


class Effect(StrEnum):
    """What happened to a clock at an instant."""

    start = "start"
    pause = "pause"
    resume = "resume"
    moves = "moves"  # another limit holds from here on
    due = "due"
    stop = "stop"
    untouched = "untouched"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What one entry did to one clock: what the clock showed then, and its limit, in seconds and as agreed.

    ``why`` an event did not touch it: not_human, not_public, unknown_public, no_pause.
    """

    target: str
    cycle: int
    effect: Effect
    shown_s: float | None = None
    target_s: float | None = None
    limit: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the story: an event (``kind`` of the schema), or one of CLOSED, CAUSE, CLOCK.

    ``by`` is the code of whoever did it, where the export says. ``before`` is what a value was changed from. Of closed
    hours: ``until`` they open again, ``times`` how often they closed, ``days_off`` the days off among them.
    """

    at: datetime
    kind: str
    actor: str | None = None
    by: str | None = None
    public: bool | None = None
    value: str | None = None
    before: str | None = None
    raw: str | None = None
    reopens: bool = False
    marks: tuple[Mark, ...] = ()
    until: datetime | None = None
    restored_at: datetime | None = None  # of an agreed cause
    times: int = 0
    days_off: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Open seconds of one local day that a clock counted."""

    day: date
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Stood:
    """Open seconds for which a clock stood still: in a status, or for an agreed cause."""

    status: str = ""
    cause: str = ""
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Another rule that a clock came under while it ran, and the limit that held before and after it."""

    at: datetime
    shown_s: float
    from_rule: str | None
    from_limit: str
    to_rule: str | None
    to_limit: str
    before_s: float | None
    after_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Otherwise:
    """What the clock would have come to had changes been read in another way (``priority`` of the config)."""

    mode: str
    state: str
    elapsed_s: float
    target_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One clock and its account: ``pieces`` add up to ``elapsed_s``, the very number of the report.

    ``basis`` given: the export's own deadline or verdict; nothing was read then. ``causes`` take it out of the count;
    ``restored_at`` is when the last of them was mended.
    """

    target: str
    cycle: int
    state: str
    judged: str
    basis: Literal["derived", "given"] = "derived"
    version: str | None = None
    rule: str | None = None
    limit: str = ""
    calendar: str | None = None
    boundary: str = "inclusive"
    mode: str = "at_event"
    started_at: datetime
    stopped_at: datetime | None = None
    due_at: datetime | None = None
    elapsed_s: float | None = None
    target_s: float | None = None
    good_s: float | None = None
    late_s: float | None = None
    is_unanswered: bool = False
    is_uncertain: bool = False
    pieces: tuple[Piece, ...] = ()
    stood: tuple[Stood, ...] = ()
    changes: tuple[Change, ...] = ()
    otherwise: tuple[Otherwise, ...] = ()
    causes: tuple[str, ...] = ()
    restored_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """A reason by its code, with the number, the instant or the words that belong to it."""

    code: str
    n: int | None = None
    at: datetime | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What the report counts of the ticket under one KPI: seconds, or yes and no; None where it counts nothing.

    ``open``: it lasts, and ``value`` is the time so far. ``why`` it is so, or is not counted.
    """

    kpi: str
    title: str
    value: float | bool | None = None
    clock: Literal["business", "calendar"] | None = None
    open: bool = False
    basis: Literal["derived", "given"] = "derived"
    why: tuple[Why, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """One ticket: ``columns`` are what is known of it, ``missing`` why a target has no clock of it.

    ``hours`` are the weekly hours of its calendar; ``exclusion`` says that it counts nowhere.
    """

    ticket: str
    links: str | None = None  # the address of tickets, with {id} in it
    columns: dict[str, str] = field(default_factory=dict)
    exclusion: str | None = None
    calendar: str | None = None
    hours: str = ""
    is_wide: bool = False  # the export has a row a ticket: there are no events but its dates
    observed_until: datetime | None = None
    entries: tuple[Entry, ...] = ()
    clocks: tuple[Clock, ...] = ()
    missing: dict[str, tuple[Why, ...]] = field(default_factory=dict)
    figures: tuple[Figure, ...] = ()
    method: Method
    ledger: Ledger
    inputs: tuple[Provenance, ...] = ()

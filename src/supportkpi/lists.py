"""Lists: the tickets behind a number, what was asked for and what they come to; no formatting."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

import polars as pl

from supportkpi.report import Ledger, Method
from supportkpi.schema import INSTANT, Provenance


class List(StrEnum):
    """What puts a ticket on a list; several together are AND."""

    breached = "breached"
    at_risk = "at_risk"
    unanswered = "unanswered"
    silent = "silent"
    rated = "rated"
    reopened = "reopened"
    repeat = "repeat"
    kpi = "kpi"
    slowest = "slowest"
    sample = "sample"


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long may pass: seconds, or working days; ``text`` as the user wrote it."""

    seconds: float | None = None
    days: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a list is asked for.

    ``flags`` are the lists that need no value. ``kpi`` names the service level of ``breached`` and ``at_risk``, the
    span of ``slowest``; without these the tickets behind that KPI are a list of their own. ``sample`` is how many
    tickets are drawn in each stratum of ``per``, in all without one.
    """

    flags: frozenset[List] = frozenset()
    at_risk: Patience | None = None
    silent: Patience | None = None
    rated: Literal["good", "bad"] | None = None
    kpi: str | None = None
    slowest: int | None = None
    sample: int | None = None
    seed: int = 0
    per: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """What the times of a list come to, in seconds: ``worst_share`` is what the ``worst`` longest have of the sum."""

    n: int
    total_s: float
    median_s: float
    p90_s: float
    worst: int = 0
    worst_share: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What one list comes to before it is cut with others: ``n`` members, tickets or clocks, out of ``of``.

    ``n_open`` of them are open. ``what`` names the service level, the KPI or the dimension that it goes by, ``limit``
    the words of its value. ``beside`` counts what is told beside it: answers without a ticket, tickets of the list.
    ``is_business``: its times are open hours. ``basis`` given: from deadlines or figures of the export itself.
    """

    list: List
    n: int
    of: int | None = None
    n_open: int = 0
    what: str | None = None
    limit: str = ""
    spread: Spread | None = None
    beside: dict[str, int] = field(default_factory=dict)
    is_business: bool = False
    basis: Literal["derived", "given"] = "derived"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    """A stratum of a sample: ``taken`` of ``size`` tickets; each of them stands for ``weight`` tickets."""

    label: str
    size: int
    taken: int

    @property
    def fraction(self) -> float:
        """The share of the stratum that was drawn."""
        return self.taken / self.size

    @property
    def weight(self) -> float:
        """How many tickets of the stratum one that was drawn stands for."""
        return self.size / self.taken


FACTS: dict[str, pl.DataType] = {
    "ticket_id": pl.String(),
    "channel": pl.String(),
    "priority": pl.String(),
    "status": pl.String(),
    "category": pl.String(),
    "group": pl.String(),
    "organization": pl.String(),
    "tier": pl.String(),
    "region": pl.String(),
    "language": pl.String(),
    "assignee": pl.String(),  # by code, unless names are asked for
    "requester": pl.String(),
    "is_open": pl.Boolean(),
    "created_at": INSTANT,
    "first_reply_at": INSTANT,
    "resolved_at": INSTANT,
    "last_event_at": INSTANT,
    "first_response_s": pl.Float64(),
    "first_response_business_s": pl.Float64(),
    "resolution_s": pl.Float64(),
    "resolution_business_s": pl.Float64(),
    "replies": pl.Int64(),
    "reopens": pl.Int64(),
    "is_repeat": pl.Boolean(),
}
"""What is known of every ticket on a list: null where the export does not show it."""
CLOCK: dict[str, pl.DataType] = {
    "state": pl.String(),
    "rule": pl.String(),
    "elapsed_s": pl.Float64(),
    "target_s": pl.Float64(),
    "due_at": INSTANT,
    "late_s": pl.Float64(),
}
"""What is told of a ticket's clock, for each target: ``first_response_state`` …; of several cycles the worst."""
SHOWN: dict[str, pl.DataType] = {
    "target": pl.String(),
    "cycle": pl.UInt32(),
    "started_at": INSTANT,
    "stopped_at": INSTANT,
    "left_s": pl.Float64(),
    "is_unanswered": pl.Boolean(),  # stopped by a solution, without a reply
    "late_from_at": INSTANT,  # where the clock is used up and closed hours follow
    **CLOCK,
}
"""The clock that put a ticket on the list, behind ``on_``; null where another list did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The tickets that are on all the lists asked for, in order: ``tickets`` one row each.

    Columns: FACTS; for each target of ``targets`` those of CLOCK; what each list adds (``on_`` columns of SHOWN,
    in_n, in_x, in_n_open, took_s, waiting_s, silent_s, last_sign_at, score, rated_at, previous_solved_at, stratum,
    fraction, weight). ``clocks``: all clocks of these tickets, columns of the ledger and due_at. ``links`` is the
    template of a ticket's address.
    """

    asked: Asked
    heads: tuple[Head, ...]
    tickets: pl.DataFrame
    clocks: pl.DataFrame
    targets: tuple[str, ...] = ()
    strata: tuple[Stratum, ...] = ()
    links: str | None = None
    method: Method
    ledger: Ledger
    inputs: tuple[Provenance, ...] = ()

"""Clocks: the ledger of every service-level clock, from which all that is said about an SLA is read (engine.md 4).

A clock is read, then judged: when it started and stopped and what it showed, then the rule, the limit and the state.
What-if is judging again.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from supportkpi.clocks._bands import BANDS, loads
from supportkpi.clocks._due import due_at
from supportkpi.clocks._given import given, given_due, given_notes
from supportkpi.clocks._ledger import ledger, unobserved
from supportkpi.clocks._limits import due_on
from supportkpi.clocks._rigid import rigid
from supportkpi.clocks._said import assumed, idle, unknown
from supportkpi.clocks._states import CLOCKS, State
from supportkpi.facts import Facts
from supportkpi.sla import Sla

__all__ = [
    "BANDS",
    "CLOCKS",
    "State",
    "assumed",
    "due_at",
    "due_on",
    "given",
    "given_due",
    "given_notes",
    "idle",
    "ledger",
    "loads",
    "rigid",
    "rows",
    "unknown",
    "unobserved",
]


def rows(facts: Facts, sla: Sla, tickets: Sequence[str]) -> pl.DataFrame:
    """The clocks of some tickets."""
    return ledger(facts, sla).filter(pl.col("ticket_id").is_in(list(tickets)))

"""What becomes of clocks, and the columns of their ledger."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import polars as pl

from supportkpi.schema import INSTANT
from supportkpi.sla import TIMED


class State(StrEnum):
    """What has become of a clock."""

    met = "met"
    breached_closed = "breached_closed"
    breached_open = "breached_open"
    running = "running"
    paused = "paused"
    excluded = "excluded"  # an agreed external cause
    no_target = "no_target"


CLOCKS: Mapping[str, pl.DataType] = {
    "ticket_id": pl.String(),
    "target": pl.Enum(TIMED),
    "cycle": pl.UInt32(),
    "version": pl.String(),  # null: before the first version
    "rule": pl.String(),
    "calendar": pl.String(),  # name of the calendar it ran on; null: around the clock
    "started_at": INSTANT,
    "stopped_at": INSTANT,
    "elapsed_s": pl.Float64(),
    "paused_s": pl.Float64(),
    "target_s": pl.Float64(),
    "good_s": pl.Float64(),
    "late_s": pl.Float64(),
    "state": pl.Enum(State),
    "judged": pl.Enum(State),  # as if no cause had been agreed
    "is_mature": pl.Boolean(),
    "is_unanswered": pl.Boolean(),
    "is_uncertain": pl.Boolean(),  # nearer to its limit than its instants are exact
}
"""The ledger: a row a ticket, target and cycle; seconds of the clock's own calendar."""


def state(over: pl.Expr) -> pl.Expr:
    """The state of a clock that is over its target, or not: columns target_us, stopped_at, is_paused."""
    stopped = pl.col("stopped_at").is_not_null()
    found = (
        pl.when(pl.col("target_us").is_null())
        .then(pl.lit(State.no_target.value))
        .when(stopped & over)
        .then(pl.lit(State.breached_closed.value))
        .when(stopped)
        .then(pl.lit(State.met.value))
        .when(over)
        .then(pl.lit(State.breached_open.value))
        .when(pl.col("is_paused"))
        .then(pl.lit(State.paused.value))
        .otherwise(pl.lit(State.running.value))
    )
    return found.cast(CLOCKS["state"])

"""The limit of each clock: what its rule allows, and what a change of the ticket while it runs does to it."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from supportkpi.clocks._limits import allowed
from supportkpi.clocks._readings import Clockwork, Elapsed, pauses, standing
from supportkpi.clocks._rules import rules_of
from supportkpi.facts import Facts
from supportkpi.sla import Timed, Version

_NEVER = 1 << 62
_FROM_CHANGE = ("at_event", "reset")
"""Modes in which a new limit counts from the change; in the others from the start."""


def decided(
    facts: Facts, clocks: pl.DataFrame, spots: pl.DataFrame, *, timed: Timed, version: Version, on: Clockwork
) -> pl.DataFrame:
    """rule (place among ``rules_of``), target_us, good_us of every clock, row for row; null: no rule fits.

    ``clocks`` has clock, row, started_at, end; ``spots`` are its moments (``_rules.spots``).
    """
    starts = clocks.select("clock", "started_at")
    placed = spots.join(starts, on="clock", maintain_order="left")
    shown = _shown(facts, placed, words=standing(timed, version), opened=on.opened)
    placed = placed.with_columns(shown_us=shown)
    placed = placed.with_columns(_limits(placed, timed, version, on))
    chosen = _chosen(placed, version)
    return clocks.select("clock").join(chosen, on="clock", how="left", maintain_order="left").drop("clock")


def _shown(facts: Facts, spots: pl.DataFrame, *, words: Sequence[str], opened: Elapsed) -> pl.Series:
    """What each clock showed at each moment: open time since its start, less pauses."""
    keyed = spots.select(pl.int_range(pl.len(), dtype=pl.UInt32).alias("clock"), "row", "started_at", end="at")
    still = pauses(facts, keyed.filter(pl.col("end") > pl.col("started_at")), words, opened)
    if keyed.is_empty():
        return pl.Series([], dtype=pl.Int64)
    ran = opened(pl.col("end")) - opened(pl.col("started_at")) - pl.col("paused_us").fill_null(0)
    return keyed.join(still, on="clock", how="left", maintain_order="left").select(ran.alias("shown_us")).to_series()


def _limits(spots: pl.DataFrame, timed: Timed, version: Version, on: Clockwork) -> list[pl.Series]:
    base = spots["at"] if version.priority in _FROM_CHANGE else spots["started_at"]
    target = pl.repeat(None, spots.height, dtype=pl.Int64, eager=True)
    good = pl.repeat(None, spots.height, dtype=pl.Int64, eager=True)
    for number, rule in enumerate(rules_of(version, timed)):
        rows = (spots["rule"] == number).fill_null(value=False).arg_true()
        if not len(rows):
            continue
        limit = rule.limits[timed]
        target = target.scatter(rows, allowed(base.gather(rows), limit, on.calendar, on.opened))
        if limit.good_s is not None:
            good = good.scatter(rows, round(limit.good_s * 1_000_000))
    return [target.alias("limit_us"), good.alias("good_us")]


def _chosen(spots: pl.DataFrame, version: Version) -> pl.DataFrame:
    """clock, rule, target_us, good_us: of the limits of each clock the one that counts."""
    first = (pl.col("clock") != pl.col("clock").shift(1)).fill_null(value=True)
    last = (pl.col("clock") != pl.col("clock").shift(-1)).fill_null(value=True)
    since = pl.when(first).then(0).otherwise("shown_us") if version.priority in _FROM_CHANGE else pl.lit(0)
    ends = spots.with_columns(
        end_us=since + pl.col("limit_us").fill_null(_NEVER), good_us=since + pl.col("good_us"), first=first, last=last
    )
    if version.priority == "at_start":
        chosen = ends.filter("first")
    elif version.priority in ("current", "reset"):
        chosen = ends.filter("last")
    else:
        if version.priority == "carry_elapsed":
            ends = ends.filter(pl.col("last") | _overrun(version))
        # at_event: the old end stands unless the change and the new limit end sooner.
        ends = ends.sort("clock", "end_us", maintain_order=True)
        chosen = ends.unique("clock", keep="first", maintain_order=True)
    known = pl.col("end_us") < _NEVER
    return chosen.select(
        "clock",
        pl.when(known).then("rule").alias("rule"),
        pl.when(known).then("end_us").alias("target_us"),
        pl.when(known).then("good_us").alias("good_us"),
    )


def _overrun(version: Version) -> pl.Expr:
    """Whether the clock had run out when the next rule took over: that is not undone."""
    shown = pl.col("shown_us").shift(-1)
    return shown >= pl.col("end_us") if version.boundary == "exclusive" else shown > pl.col("end_us")

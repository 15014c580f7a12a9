"""Clocks: the ledger of every service-level clock, from which all that is said about an SLA is read (engine.md 4).

A clock is read, then judged. ``readings`` say when it started and stopped and what it showed, once for each target,
calendar and set of pauses; ``judged`` adds the rule, the limit and the state. What-if is judging again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum

import polars as pl

from supportkpi.calendars import Calendar
from supportkpi.clocks._due import due_at
from supportkpi.clocks._limits import due_on
from supportkpi.clocks._readings import elapsed, readings
from supportkpi.clocks._rules import judged, placed, rules_of
from supportkpi.clocks._terms import cuts_of, marked, named, run_on, touches
from supportkpi.clocks._windows import NEEDS
from supportkpi.facts import Facts
from supportkpi.schema import INSTANT
from supportkpi.sla import TIMED, Exclusion, Sla, Timed, Version

__all__ = ["CLOCKS", "NEEDS", "State", "due_at", "due_on", "ledger", "rows", "unobserved"]

_SECOND = 1_000_000
Span = tuple[datetime, datetime]


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
    "version": pl.String(),
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
}
"""The ledger: a row a ticket, target and cycle; seconds of the clock's own calendar."""


def unobserved(facts: Facts, timed: Timed) -> tuple[str, ...]:
    """Why the export does not show the clocks of a target, in the user's words; empty when it does."""
    return tuple(dict.fromkeys(facts.unobserved[name] for name in NEEDS[timed] if name in facts.unobserved))


def ledger(facts: Facts, sla: Sla) -> pl.DataFrame:
    """Every clock under an agreement: ``row`` (place in facts.tickets) and the columns of CLOCKS."""
    parts = [part for timed in sla.timed() if not unobserved(facts, timed) for part in _of_target(facts, sla, timed)]
    empty = pl.DataFrame(schema={"row": pl.UInt32(), **CLOCKS})
    clocks = pl.concat([empty, *parts]).sort("target", "row", "cycle")
    apart = _external(facts, sla).gather(clocks["row"]) & (clocks["state"] != State.no_target.value)
    excluded = pl.lit(State.excluded.value, CLOCKS["state"])
    return clocks.with_columns(state=pl.when(apart).then(excluded).otherwise("state"))


def rows(facts: Facts, sla: Sla, tickets: Sequence[str]) -> pl.DataFrame:
    """The clocks of some tickets."""
    return ledger(facts, sla).filter(pl.col("ticket_id").is_in(list(tickets)))


def _of_target(facts: Facts, sla: Sla, timed: Timed) -> Iterator[pl.DataFrame]:
    """The clocks of one target: version by version, calendar by calendar, pause by pause."""
    for number, version in enumerate(sla.versions):
        rules = rules_of(version, timed)
        until = sla.versions[number + 1].since if number + 1 < len(sla.versions) else None
        names = pl.Series([rule.calendar or version.calendar for rule in rules], dtype=pl.String)
        place = placed(facts.tickets, rules)
        belongs = facts.tickets.select(
            inside=_born(version, until) & pl.col("ticket_id").is_not_null(),
            paused=marked(facts, sla),
            calendar=pl.lit(names).gather(pl.lit(place)).fill_null(pl.lit(version.calendar, pl.String)),
        )
        for name, places in (
            belongs.filter("inside").select("calendar", "paused").unique(maintain_order=True).iter_rows()
        ):
            same = pl.col("calendar").eq_missing(pl.lit(name, pl.String)) & (pl.col("paused") == places)
            mine = belongs.select(pl.col("inside") & same).to_series()
            made = _judged(facts, timed, version, calendar=run_on(sla, name), cuts=cuts_of(sla, places), mine=mine)
            yield made.with_columns(calendar=pl.lit(name, pl.String)).select("row", *CLOCKS)


def _born(version: Version, until: object) -> pl.Expr:
    """Whether a ticket was created while the version held; one without a creation date belongs to the last."""
    created = pl.col("created_at")
    inside = pl.lit(value=True)
    if version.since is not None:
        inside = inside & (created >= pl.lit(version.since, INSTANT)).fill_null(value=True)
    if until is not None:
        inside = inside & (created < pl.lit(until, INSTANT)).fill_null(value=False)
    return inside


def _judged(
    facts: Facts, timed: Timed, version: Version, *, calendar: Calendar, cuts: Sequence[Span], mine: pl.Series
) -> pl.DataFrame:
    """The clocks of the tickets of ``mine``, judged with the agreed pauses (``cuts``) and as if there were none."""
    plain = _read(facts, timed, version, calendar=calendar, on=calendar, mine=mine)
    shown = _read(facts, timed, version, calendar=calendar, on=calendar.less(cuts), mine=mine) if cuts else plain
    names = pl.Series([rule.name for rule in rules_of(version, timed)], dtype=pl.String)
    over = pl.col("elapsed_us") > pl.col("target_us")
    if version.boundary == "exclusive":
        over = pl.col("elapsed_us") >= pl.col("target_us")
    full = shown.with_columns(
        ticket_id=facts.tickets["ticket_id"].cast(pl.String).gather(shown["row"]),
        state=shown.select(_state(over)).to_series(),
        judged=plain.select(_state(over)).to_series(),
    )
    return full.select(
        "row",
        "ticket_id",
        pl.lit(timed, CLOCKS["target"]).alias("target"),
        "cycle",
        pl.lit(named(version), pl.String).alias("version"),
        pl.lit(names).gather(pl.col("rule")).alias("rule"),
        "started_at",
        "stopped_at",
        pl.col("elapsed_us") / _SECOND,
        pl.col("paused_us") / _SECOND,
        pl.col("target_us") / _SECOND,
        pl.col("good_us") / _SECOND,
        pl.when(over).then((pl.col("elapsed_us") - pl.col("target_us")) / _SECOND).alias("late_s"),
        pl.col("state").cast(CLOCKS["state"]),
        pl.col("judged").cast(CLOCKS["judged"]),
        (pl.col("possible_us") >= pl.col("target_us")).fill_null(value=False).alias("is_mature"),
        "is_unanswered",
    ).rename({"elapsed_us": "elapsed_s", "paused_us": "paused_s", "target_us": "target_s", "good_us": "good_s"})


def _state(over: pl.Expr) -> pl.Expr:
    stopped = pl.col("stopped_at").is_not_null()
    return (
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


def _read(
    facts: Facts, timed: Timed, version: Version, *, calendar: Calendar, on: Calendar, mine: pl.Series
) -> pl.DataFrame:
    """The readings of some tickets on a calendar (``on``: the same less agreed pauses), with their rules and limits."""
    read = readings(facts, timed, version, on)
    read = read.filter(mine.gather(read["row"])).with_columns(clock=pl.int_range(pl.len(), dtype=pl.UInt32))
    decided = judged(facts, read, timed=timed, version=version, calendar=calendar, opened=elapsed(facts, on))
    return read.hstack(decided.drop("clock"))


def _external(facts: Facts, sla: Sla) -> pl.Series:
    """Whether a cause that is not the desk's was agreed for a ticket: by its column, or by an agreed exclusion."""
    causes = [cause for cause in sla.exclusions if cause.effect == "exclude"]
    agreed = [touches(facts, cause) & _during(cause) for cause in causes]
    by_cause = pl.any_horizontal(pl.col("external_cause").is_not_null(), *agreed)
    return facts.tickets.select(by_cause.fill_null(value=False).alias("external")).to_series()


def _during(cause: Exclusion) -> pl.Expr:
    """Whether a ticket was created within the time of a cause; one without a time is about all of them."""
    if cause.start is None or cause.end is None:
        return pl.lit(value=True)
    return pl.col("created_at").is_between(pl.lit(cause.start, INSTANT), pl.lit(cause.end, INSTANT), closed="left")

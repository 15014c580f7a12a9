"""Which rule holds for a ticket when a clock starts, and from which moment another one does (engine.md 4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from supportkpi.clocks._bands import NAMES, loads
from supportkpi.clocks._moments import numbered
from supportkpi.facts import ALIASES, Facts, claimed, with_dimensions
from supportkpi.schema import INSTANT, TICKETS, Extent, Log, Sight
from supportkpi.sla import Rule, Timed, Version

FOLLOWED: Mapping[str, Sight] = {"priority": Sight.priority, "group": Sight.group}
"""Ticket columns whose past a log can tell, and what it must show for that."""
_NOTHING = ""
"""What an event sets that takes a value away; null is: no event."""
_UNSAID = "\0"
"""What a clock finds before any event."""


def rules_of(version: Version, timed: Timed) -> tuple[Rule, ...]:
    """The rules that set a limit for a target, in the order in which they are tried."""
    return tuple(rule for rule in version.rules if timed in rule.limits)


def placed(tickets: pl.DataFrame, rules: Sequence[Rule]) -> pl.Series:
    """The place of the first rule that each ticket fits, UInt32; null where none does."""
    place = pl.lit(None, pl.UInt32)
    for number, rule in reversed(list(enumerate(rules))):
        place = pl.when(claimed(tickets, rule.when)).then(pl.lit(number, pl.UInt32)).otherwise(place)
    return tickets.with_columns(rule=place)["rule"]  # a rule for all is one value until it stands beside them


def _names(facts: Facts, rules: Sequence[Rule]) -> set[str]:
    """What rules choose by: the names of ``when``, and what the dimensions among them are made of."""
    names = {name.lower() for rule in rules for name in rule.when}
    for dimension in reversed(facts.settings.dimensions):
        if dimension.name.lower() in names:
            names |= {name.lower() for each in dimension.classes for name in each.when}
    return names


def chosen_by(facts: Facts, rules: Sequence[Rule]) -> list[str]:
    """The ticket columns that rules choose by, and ticket_id."""
    names = {{**ALIASES, "tag": "tags"}.get(name, name) for name in _names(facts, rules)}
    wanted = {"ticket_id", *names, *(f"{name}_raw" for name in names)}
    return [name for name in facts.tickets.columns if name.lower() in wanted]


def asked_of(facts: Facts, rules: Sequence[Rule]) -> tuple[str, ...]:
    """The columns of FOLLOWED that rules choose by, themselves or through a dimension of the config."""
    names = _names(facts, rules)
    return tuple(name for name in FOLLOWED if name in names)


def followed(facts: Facts, rules: Sequence[Rule]) -> tuple[str, ...]:
    """Those of them whose changes the history tells, every one."""
    told = facts.observes
    shown = {name for name, sight in FOLLOWED.items() if told.get(sight) == Extent.EVERY}
    return tuple(name for name in asked_of(facts, rules) if name in shown and isinstance(facts.dataset.history, Log))


def spots(facts: Facts, clocks: pl.DataFrame, rules: Sequence[Rule]) -> pl.DataFrame:
    """clock, row, at, rule: under which rule each clock started, and each later moment at which another one took over.

    ``clocks`` has clock, row, started_at, end. In order of clock and time. What an event of the instant of the start
    sets is how the clock found its ticket; one of the instant of the end came too late.
    """
    columns = followed(facts, rules)
    found = _states(facts, clocks, columns)
    place = placed(_as_then(facts, found, columns, rules), rules)
    ruled = found.select("clock", "row", "at", rule=place)
    same = (pl.col("clock") == pl.col("clock").shift(1)) & pl.col("rule").eq_missing(pl.col("rule").shift(1))
    return ruled.filter(~same.fill_null(value=False))


def _as_then(facts: Facts, found: pl.DataFrame, columns: Sequence[str], rules: Sequence[Rule]) -> pl.DataFrame:
    """The ticket columns of each moment, with what the history says of the followed ones in their places."""
    tickets = facts.tickets.select(pl.col(chosen_by(facts, rules)).gather(pl.lit(found["row"])))
    for name in NAMES:
        if name in _names(facts, rules) and name not in facts.tickets.columns:
            tickets = tickets.with_columns(loads(facts).gather(found["row"]).alias(name))
    if not columns:
        return tickets
    words = [name for name in _beside(columns) if name in tickets.columns]
    told = [pl.when(f"_told_{name}").then(f"_then_{name}").otherwise(name).alias(name) for name in columns]
    raw = [
        pl.when(f"_told_{name}").then(f"_then_{name}_raw").otherwise(f"{name}_raw").alias(f"{name}_raw")
        for name in columns
        if f"{name}_raw" in words
    ]
    beside = tickets.with_columns(
        pl.col(name).cast(pl.String) for name in (*columns, *words) if name in tickets.columns
    )
    missing = [pl.lit(None, pl.String).alias(name) for name in columns if name not in tickets.columns]
    whole = beside.with_columns(missing).hstack(found.select(pl.col(r"^_(told|then)_.*$")))
    return with_dimensions(whole.with_columns(*told, *raw), facts.settings.dimensions)


def _beside(columns: Iterable[str]) -> list[str]:
    """The columns with the vendor's own words for some columns."""
    return [f"{name}_raw" for name in columns if f"{name}_raw" in TICKETS]


def _states(facts: Facts, clocks: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """clock, row, at; ``_told_NAME`` (the history speaks of it at all), ``_then_NAME``, ``_then_NAME_raw`` of each."""
    births = clocks.select("clock", "row", "end", "started_at", at="started_at")
    if not columns:
        return births.select("clock", "row", "at")
    happened = _changes(facts, columns)
    running = (pl.col("at") < pl.col("end")) | (pl.col("at") <= pl.col("started_at"))
    later = births.drop("at").join(happened, on="row").filter(running)
    told = [pl.col(f"_then_{name}").is_not_null().any().alias(f"_told_{name}") for name in columns]
    every = pl.concat([births, later], how="diagonal")
    # Of one instant the birth stands first: what an event of that instant sets is how the clock found its ticket.
    every = every.sort("clock", "at", maintain_order=True)
    values = [name for name in happened.columns if name.startswith("_then_")]
    fresh = (pl.col("clock") != pl.col("clock").shift(1)).fill_null(value=True)
    unknown = pl.when(fresh & pl.col(values).is_null()).then(pl.lit(_UNSAID)).otherwise(pl.col(values))
    known = every.with_columns(unknown.name.keep().forward_fill())  # as in each clock by itself, and much faster
    inside = known.filter(pl.col("at") >= pl.col("started_at"))
    later_too = (pl.col("clock") == pl.col("clock").shift(-1)) & (pl.col("at") == pl.col("at").shift(-1))
    last = inside.filter(~later_too.fill_null(value=False))
    spoken = happened.group_by("row").agg(told)
    beside = last.join(spoken, on="row", how="left", maintain_order="left")
    return beside.select(
        "clock",
        "row",
        "at",
        *(pl.col(f"_told_{name}").fill_null(value=False) for name in columns),
        *(pl.when(~pl.col(name).is_in([_NOTHING, _UNSAID])).then(name).alias(name) for name in values),
    )


def _changes(facts: Facts, columns: Sequence[str]) -> pl.DataFrame:
    """row, at, and for each column what an event of that instant sets it to, else null; in order."""
    kind = pl.col("kind").cast(pl.String)
    events = facts.dataset.history.frame if isinstance(facts.dataset.history, Log) else pl.LazyFrame()
    events = events.filter(kind.is_in(list(columns)))
    if facts.settings.as_of is not None:
        events = events.filter(pl.col("at") <= pl.lit(facts.settings.as_of, INSTANT))
    set_to = [
        pl.when(kind == name).then(pl.col(source).cast(pl.String).fill_null(_NOTHING)).alias(f"_then_{name}{part}")
        for name in columns
        for source, part in (("value", ""), ("raw", "_raw"))
        if part == "" or f"{name}_raw" in TICKETS
    ]
    keyed = events.select(pl.col("ticket_id").cast(pl.String), "at", "seq", *set_to)
    found = keyed.join(numbered(facts).lazy(), on="ticket_id").sort("row", "at", "seq").collect()
    return found.drop("ticket_id", "seq")


def changed_to(facts: Facts, columns: Sequence[str]) -> dict[str, set[str]]:
    """What each followed column was ever set to, ours and the vendor's word, in small letters."""
    if not columns:
        return {}
    happened = _changes(facts, columns)
    return {
        name: {
            word.lower()
            for column in (f"_then_{name}", f"_then_{name}_raw")
            if column in happened.columns
            for word in happened[column].drop_nulls().unique().to_list()
        }
        for name in columns
    }

"""Which rule sets the limit of each clock, and what a change of the ticket does to it (engine.md 4)."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from supportkpi.calendars import Calendar
from supportkpi.clocks._limits import allowed
from supportkpi.clocks._readings import Elapsed, pause_words, pauses
from supportkpi.facts import Facts, claimed
from supportkpi.schema import INSTANT, Extent, Log, Sight
from supportkpi.sla import Rule, Timed, Version

_NEVER = 1 << 62
_FOLLOWED = {"priority": Sight.priority, "group": Sight.group}
"""Ticket columns whose past a log can tell, and what it must show for that."""


def rules_of(version: Version, timed: Timed) -> tuple[Rule, ...]:
    """The rules that set a limit for a target, in the order in which they are tried."""
    return tuple(rule for rule in version.rules if timed in rule.limits)


def placed(tickets: pl.DataFrame, rules: Sequence[Rule]) -> pl.Series:
    """The place of the first rule that each ticket fits, UInt32; null where none does."""
    place = pl.lit(None, pl.UInt32)
    for number, rule in reversed(list(enumerate(rules))):
        place = pl.when(claimed(tickets, rule.when)).then(pl.lit(number, pl.UInt32)).otherwise(place)
    return tickets.with_columns(rule=place)["rule"]  # a rule for all is one value until it stands beside them


def followed(rules: Sequence[Rule], facts: Facts) -> tuple[str, ...]:
    """The columns of ``when`` that change while a clock runs, as far as the history tells of it."""
    asked = {name.lower() for rule in rules for name in rule.when}
    every = {name for name, sight in _FOLLOWED.items() if facts.observes.get(sight) == Extent.EVERY}
    return tuple(name for name in _FOLLOWED if name in asked & every)


def changes(facts: Facts, columns: Sequence[str]) -> pl.DataFrame:
    """row, at, and the ``columns``: the value that an event of that instant sets, else null; in order."""
    schema = {"row": pl.UInt32(), "at": INSTANT, **dict.fromkeys(columns, pl.String())}
    history = facts.dataset.history
    if not columns or not isinstance(history, Log):
        return pl.DataFrame(schema=schema)
    events = history.frame.filter(pl.col("kind").cast(pl.String).is_in(list(columns)))
    if facts.settings.as_of is not None:
        events = events.filter(pl.col("at") <= pl.lit(facts.settings.as_of, INSTANT))
    set_to = [
        pl.when(pl.col("kind").cast(pl.String) == name).then(pl.col("value").cast(pl.String)).alias(name)
        for name in columns
    ]
    rows = facts.tickets.lazy().select(pl.col("ticket_id").cast(pl.String)).with_row_index("row")
    keyed = events.select(pl.col("ticket_id").cast(pl.String), "at", "seq", *set_to)
    found = keyed.join(rows, on="ticket_id").sort("row", "at", "seq").collect()
    return found.select("row", "at", *columns)


def moments(facts: Facts, clocks: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """clock, row, at, ``columns``: how each clock found its ticket at its start, and after each change while it ran.

    ``clocks`` has clock, row, started_at, end. A ticket whose past says nothing of a column has today's value.
    """
    happened = changes(facts, columns)
    births = clocks.select("clock", "row", at="started_at", end="end", started_at="started_at")
    later = births.drop("at").join(happened, on="row").filter(pl.col("at") < pl.col("end"))
    every = pl.concat(
        [births.with_columns(pl.lit(None, pl.String).alias(name) for name in columns), later], how="diagonal"
    )
    # Of one instant the birth stands first: what an event of that instant sets is how the clock found its ticket.
    every = every.sort("clock", "at", maintain_order=True)
    known = every.with_columns(pl.col(name).forward_fill().over("clock") for name in columns)
    inside = known.filter(pl.col("at") >= pl.col("started_at"))
    last = inside.unique(("clock", "at"), keep="last", maintain_order=True)
    told = happened.select("row").unique().with_columns(told=pl.lit(value=True))
    today = facts.tickets.select(pl.col(name).cast(pl.String).alias(f"_{name}") for name in columns).with_row_index(
        "row"
    )
    beside = last.join(today, on="row", how="left", maintain_order="left").join(
        told, on="row", how="left", maintain_order="left"
    )
    silent = pl.col("told").is_null()
    return beside.select(
        "clock", "row", "at", *(pl.when(silent).then(f"_{name}").otherwise(name).alias(name) for name in columns)
    )


def judged(
    facts: Facts,
    clocks: pl.DataFrame,
    *,
    timed: Timed,
    version: Version,
    calendar: Calendar,
    opened: Elapsed,
) -> pl.DataFrame:
    """clock, rule (place among ``rules_of``), target_us, good_us of every clock, in their order; null: no rule fits."""
    rules = rules_of(version, timed)
    columns = followed(rules, facts)
    spots = moments(facts, clocks, columns)
    tickets = facts.tickets.select(pl.exclude(columns)).select(pl.all().gather(pl.lit(spots["row"])))
    place = placed(tickets.hstack(spots.select(columns)), rules)
    words = pause_words(timed, version)
    spots = spots.with_columns(rule=place, shown_us=_shown(facts, clocks, spots, words=words, opened=opened))
    spots = spots.with_columns(_limits(spots, rules, timed, calendar, opened))
    return _decided(spots, clocks, version)


def _shown(
    facts: Facts, clocks: pl.DataFrame, spots: pl.DataFrame, *, words: Sequence[str], opened: Elapsed
) -> pl.Series:
    """What each clock showed at each moment: open time since its start, less pauses."""
    starts = clocks.select("clock", "started_at")
    base = spots.select("clock", "row", end="at").join(starts, on="clock", how="left", maintain_order="left")
    keyed = base.select(pl.int_range(pl.len(), dtype=pl.UInt32).alias("clock"), "row", "started_at", "end")
    still = pauses(facts, keyed.filter(pl.col("end") > pl.col("started_at")), words, opened)
    ran = opened(pl.col("end")) - opened(pl.col("started_at")) - pl.col("paused_us").fill_null(0)
    return keyed.join(still, on="clock", how="left", maintain_order="left").select(ran.alias("shown_us")).to_series()


def _limits(
    spots: pl.DataFrame, rules: Sequence[Rule], timed: Timed, calendar: Calendar, opened: Elapsed
) -> list[pl.Series]:
    target = pl.repeat(None, spots.height, dtype=pl.Int64, eager=True)
    good = pl.repeat(None, spots.height, dtype=pl.Int64, eager=True)
    for number, rule in enumerate(rules):
        mine = (spots["rule"] == number).fill_null(value=False)
        rows = mine.arg_true()
        if not len(rows):
            continue
        limit = rule.limits[timed]
        target = target.scatter(rows, allowed(spots["at"].gather(rows), limit, calendar, opened))
        if limit.good_s is not None:
            good = good.scatter(rows, round(limit.good_s * 1_000_000))
    return [target.alias("limit_us"), good.alias("good_us")]


def _decided(spots: pl.DataFrame, clocks: pl.DataFrame, version: Version) -> pl.DataFrame:
    """The limit that counts for each clock, by what a change while it runs means."""
    limit = pl.col("limit_us").fill_null(_NEVER)
    first = pl.col("clock") != pl.col("clock").shift(1).fill_null(-1)
    last = pl.col("clock") != pl.col("clock").shift(-1).fill_null(-1)
    if version.priority == "at_start":
        chosen = spots.filter(first).with_columns(end_us=limit)
    elif version.priority == "current":
        chosen = spots.filter(last).with_columns(end_us=limit)
    elif version.priority == "reset":
        chosen = spots.filter(last).with_columns(end_us=pl.col("shown_us") + limit)
    else:
        chosen = spots.with_columns(end_us=_candidates(version, limit, first=first, last=last))
        chosen = chosen.filter(pl.col("end_us").is_not_null()).sort("clock", "end_us", maintain_order=True)
        chosen = chosen.unique("clock", keep="first", maintain_order=True)
    known = pl.col("end_us") < _NEVER
    decided = chosen.select(
        "clock",
        pl.when(known).then("rule").alias("rule"),
        pl.when(known).then("end_us").alias("target_us"),
        pl.when(known).then("good_us").alias("good_us"),
    )
    return clocks.select("clock").join(decided, on="clock", how="left", maintain_order="left")


def _candidates(version: Version, limit: pl.Expr, *, first: pl.Expr, last: pl.Expr) -> pl.Expr:
    """What each moment would set the end to; the least of a clock's counts.

    ``at_event``: a limit shorter than the one before runs from the change; a longer one changes nothing.
    ``carry_elapsed``: the time already run counts against every limit for as long as it held.
    """
    if version.priority == "at_event":
        shorter = limit < limit.shift(1)
        return pl.when(first).then(limit).when(shorter).then(pl.col("shown_us") + limit)
    overrun = pl.col("shown_us").shift(-1) > limit
    return pl.when(last | overrun).then(limit)

"""Moments at which clocks stop, from the history: replies, solutions, changes of the status; ``row``, ``at``."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from supportkpi.facts import Facts
from supportkpi.schema import DONE, INSTANT, Actor, Kind, Status, log


def agents_said(facts: Facts) -> tuple[Actor, ...]:
    """Whose messages are a first response: bots, too, where the report counts them."""
    bots = facts.settings.first_response.bots == "include"
    return (Actor.agent, Actor.bot) if bots else (Actor.agent,)


def told_by(facts: Facts, actors: Sequence[Actor]) -> pl.DataFrame:
    """row, at of the public messages of some actors, in order."""
    said = (pl.col("kind").cast(pl.String) == Kind.message.value) & pl.col("public")
    mine = said & pl.col("actor").cast(pl.String).is_in([actor.value for actor in actors])
    events = log(facts.dataset).filter(mine.fill_null(value=False))
    if facts.settings.as_of is not None:
        events = events.filter(pl.col("at") <= pl.lit(facts.settings.as_of, INSTANT))
    rows = numbered(facts).lazy()
    found = events.select(pl.col("ticket_id").cast(pl.String), "at").join(rows, on="ticket_id")
    return found.select("row", "at").sort("row", "at").collect()


def numbered(facts: Facts) -> pl.DataFrame:
    """ticket_id, row: the place of each ticket."""
    return facts.tickets.select(pl.col("ticket_id").cast(pl.String)).with_row_index("row")


def turned(facts: Facts) -> pl.DataFrame:
    """row, done, start, end (null while it lasts): each stretch in which a ticket stood solved, or did not."""
    done = pl.col("status").is_in([*DONE, Status.deleted.value])
    turns = facts.intervals.select("ticket_id", "start", "end", done=done)
    fresh = (turns["ticket_id"] != turns["ticket_id"].shift(1)).fill_null(value=True)
    changed = (turns["done"] != turns["done"].shift(1)).fill_null(value=True)
    stretches = turns.with_columns(stretch=(fresh | changed).cum_sum())
    spans = stretches.group_by("stretch", "ticket_id", "done").agg(pl.col("start").min(), pl.col("end").last())
    return spans.with_columns(pl.col("ticket_id").cast(pl.String)).join(numbered(facts), on="ticket_id")


def solutions(facts: Facts) -> pl.DataFrame:
    """row, at of every solution."""
    return turned(facts).filter("done").select("row", at="start")


def away_from_new(facts: Facts) -> pl.DataFrame:
    """row, at of every status but new that a ticket was moved to: the one in which it was made is no move."""
    own = pl.col("ticket_id") == pl.col("ticket_id").shift(1)
    moved = own.fill_null(value=False) & (pl.col("status") != Status.new.value)
    found = facts.intervals.filter(moved).select(pl.col("ticket_id").cast(pl.String), at="start")
    return found.join(numbered(facts), on="ticket_id").select("row", "at")


def placed_on(spans: pl.DataFrame, moments: pl.DataFrame, *, after: bool = False) -> pl.Series:
    """The first moment of the ticket at or after each ``started_at`` (``after``: later than it), row for row."""
    asked = spans.select(pl.col("row").cast(pl.UInt32), "started_at").with_row_index("_place")
    known = asked.filter(pl.col("started_at").is_not_null()).sort("started_at")
    found = known.join_asof(
        moments.select(pl.col("row").cast(pl.UInt32), "at", found="at").sort("at"),
        left_on="started_at",
        right_on="at",
        by="row",
        strategy="forward",
        allow_exact_matches=not after,
        check_sortedness=False,  # sorted above; polars cannot check it ticket by ticket
    ).select("_place", pl.col("found").cast(INSTANT))
    return asked.select("_place").join(found, on="_place", how="left", maintain_order="left")["found"]

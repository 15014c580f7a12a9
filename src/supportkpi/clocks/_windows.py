"""When each clock runs: its start, its stop, and what stopped it; one row a ticket and cycle."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

import polars as pl

from supportkpi.clocks._moments import agents_said, away_from_new, placed_on, solutions, told_by, turned
from supportkpi.facts import Facts
from supportkpi.schema import INSTANT, Actor
from supportkpi.sla import Timed, Version

WINDOWS: Mapping[str, pl.DataType] = {
    "row": pl.UInt32(),  # place of the ticket in facts.tickets
    "cycle": pl.UInt32(),  # from 1
    "started_at": INSTANT,
    "stopped_at": INSTANT,  # null while it runs
    "until": INSTANT,  # where observation ends
    "is_unanswered": pl.Boolean(),  # stopped by a solution, without a reply
}
ANCHORS = {"clock_start": "clock_start_at", "first_request": "first_request_at", "handoff": "handoff_at"}
_FIRST_STOPS = {"reply": "first_reply_at", "status": "intervals", "assignment": "first_assigned_at"}
_SINCE = {"last_reply": "replies", "last_contact": "wait_s", "request": "wait_s"}


def needs(timed: Timed, version: Version) -> tuple[str, ...]:
    """The facts without which a clock cannot be read under a version."""
    if timed == "first_response":
        return ("created_at", *(_FIRST_STOPS[stop] for stop in version.stops_on))
    if timed == "update":
        return ("created_at", _SINCE[version.update_since])
    return _NEEDS[timed]


_NEEDS: Mapping[Timed, tuple[str, ...]] = {
    "next_response": ("wait_s",),
    "resolution": ("created_at", "resolved_at"),
    "escalation": ("created_at", "escalated_at"),
}


def anchored(facts: Facts, version: Version) -> str | None:
    """The fact at which the first clock starts, where the version names another than the report's and it is shown."""
    column = ANCHORS.get(version.anchor)
    return None if column is None or column in facts.unobserved else column


def windows(facts: Facts, timed: Timed, version: Version) -> pl.DataFrame:
    """The clocks of all tickets of the population for one target: columns of WINDOWS, by row, then cycle.

    A clock whose stop lies before its start tells of wrong times, not of work: it is none (method 2.1: invalid).
    """
    made = _MAKERS[timed](facts, version)
    whole = made.select(pl.col(name).cast(dtype) for name, dtype in WINDOWS.items())
    sound = pl.col("stopped_at").is_null() | (pl.col("stopped_at") >= pl.col("started_at"))
    return whole.filter(pl.col("started_at").is_not_null() & sound).sort("row", "cycle")


def _tickets(facts: Facts) -> pl.DataFrame:
    numbered = facts.tickets.with_row_index("row").filter(pl.col("exclusion").is_null())
    return numbered.with_columns(cycle=pl.lit(1), is_unanswered=pl.lit(value=False))


def _first_response(facts: Facts, version: Version) -> pl.DataFrame:
    column = anchored(facts, version)
    started = pl.col("anchor_at") if column is None else pl.coalesce(column, "anchor_at")
    tickets = _tickets(facts).filter("has_first_response").with_columns(started_at=started)
    tickets = tickets.with_columns(_answered_at=_answered(facts, tickets, version))
    if not version.solve_ends_reply:
        return tickets.with_columns(stopped_at="_answered_at")
    tickets = tickets.with_columns(_solved_at=_first_solved(facts, tickets))
    solved, answered = pl.col("_solved_at"), pl.col("_answered_at")
    unanswered = solved.is_not_null() & (answered.is_null() | (solved < answered))
    known = answered.is_not_null() | solved.is_not_null() | ~pl.col("is_resolved").fill_null(value=False)
    return tickets.filter(known).with_columns(stopped_at=pl.min_horizontal(answered, solved), is_unanswered=unanswered)


def _answered(facts: Facts, tickets: pl.DataFrame, version: Version) -> pl.Series:
    """The first of what stops the clock, at or after its start; of a reply the one that the report counts, too."""
    stops = []
    if "reply" in version.stops_on:
        reply = pl.col("first_reply_at")  # may lie before the creation: wrong times, not no reply
        if anchored(facts, version) is not None:
            replies = placed_on(tickets, told_by(facts, agents_said(facts)))
            tickets = tickets.with_columns(_reply_at=replies)
            reply = pl.when(pl.col("started_at") == pl.col("anchor_at")).then(reply).otherwise("_reply_at")
        stops.append(reply)
    if "status" in version.stops_on:
        tickets = tickets.with_columns(_moved_at=placed_on(tickets, away_from_new(facts)))
        stops.append(pl.col("_moved_at"))
    if "assignment" in version.stops_on:
        stops.append(pl.when(pl.col("first_assigned_at") >= pl.col("started_at")).then("first_assigned_at"))
    return tickets.select(pl.min_horizontal(stops).cast(INSTANT)).to_series()


def _first_solved(facts: Facts, tickets: pl.DataFrame) -> pl.Series:
    """The first solution at or after each start, as far as the export shows solutions."""
    if "intervals" not in facts.unobserved:
        return placed_on(tickets, solutions(facts))
    seen = [pl.when(pl.col(name) >= pl.col("started_at")).then(name) for name in ("first_solved_at", "resolved_at")]
    return tickets.select(pl.coalesce(seen)).to_series()


def _next_response(facts: Facts, version: Version) -> pl.DataFrame:
    waits = facts.waits if facts.settings.next_response.include_first else facts.waits.filter(~pl.col("is_first"))
    rows = _tickets(facts).select("row", "ticket_id", "until", "resolved_at")
    asked = waits.join(rows, on="ticket_id").sort("row", "asked_at").with_columns(started_at="asked_at")
    replied = pl.coalesce("answered_at", placed_on(asked, told_by(facts, (Actor.agent,)), after=True))
    asked = asked.with_columns(_replied_at=replied, stopped_at=replied)
    if version.solve_ends_reply:
        asked = asked.with_columns(_solved_at=_solved_after(facts, asked))
        asked = asked.with_columns(stopped_at=pl.min_horizontal("_replied_at", "_solved_at"))
        # What is said on a ticket that stands solved waits for nobody.
        asked = asked.filter(pl.col("stopped_at").is_not_null() | pl.col("resolved_at").is_null())
    # A run of messages is one wait, also where a solved ticket was closed in its midst.
    again = (pl.col("row") == pl.col("row").shift(1)) & pl.col("stopped_at").eq_missing(pl.col("stopped_at").shift(1))
    asked = asked.filter(~again.fill_null(value=False))
    return asked.with_columns(
        cycle=pl.int_range(pl.len()).over("row") + 1,
        is_unanswered=pl.col("_replied_at").ne_missing(pl.col("stopped_at")) & pl.col("stopped_at").is_not_null(),
    )


def _solved_after(facts: Facts, asked: pl.DataFrame) -> pl.Series:
    """The solution after each message; one of the same instant where the order of the events says that it came after.

    Without every status the end of the wait is what the events of solving say.
    """
    if "intervals" in facts.unobserved:
        ended = pl.when(pl.col("is_ended_by_solve")).then(pl.coalesce("ended_at", "resolved_at"))
        return asked.select(ended).to_series()
    solved = solutions(facts)
    at_once = placed_on(asked, solved) == asked["asked_at"]
    later = placed_on(asked, solved, after=True)
    same = (at_once & (asked["ended_at"] == asked["asked_at"]) & asked["is_ended_by_solve"]).fill_null(value=False)
    return asked["asked_at"].zip_with(same, later)


def _resolution(facts: Facts, version: Version) -> pl.DataFrame:
    tickets = _tickets(facts).filter(pl.col("created_at").is_not_null())
    if version.reopen == "restart" and "intervals" not in facts.unobserved:
        return _cycles(tickets, facts)
    known = pl.col("resolved_at").is_not_null() | ~pl.col("is_resolved")  # solved at an unknown time is no clock
    return tickets.filter(known).with_columns(started_at="created_at", stopped_at="resolved_at")


def _cycles(tickets: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """One window a stretch from creation or reopening to the next solution."""
    running = turned(facts).filter(~pl.col("done")).join(tickets.select("row", "until"), on="row")
    return running.sort("row", "start").with_columns(
        cycle=pl.int_range(pl.len()).over("row") + 1,
        started_at="start",
        stopped_at="end",
        is_unanswered=pl.lit(value=False),
    )


def _update(facts: Facts, version: Version) -> pl.DataFrame:
    """From what makes the customer wait for news to the next reply of an agent, or to the solution.

    ``last_reply``: from each reply (and from creation). ``last_contact``: from the last contact of either side before
    it. ``request``: from the oldest message of the customer that is unanswered.
    """
    tickets = _tickets(facts).filter(pl.col("created_at").is_not_null())
    rows = tickets.select("row", "until", "created_at", "resolved_at", "is_outbound")
    replies = told_by(facts, (Actor.agent,))
    asking = rows.filter(~pl.col("is_outbound")) if version.update_since == "request" else rows
    births = asking.select("row", at="created_at")
    begins = pl.concat([births, replies if version.update_since == "last_reply" else _spoken(facts, version)])
    spans = begins.join(rows, on="row").filter(pl.col("at") >= pl.col("created_at")).unique(("row", "at"))
    spans = spans.rename({"at": "started_at"}).sort("row", "started_at")
    spans = spans.with_columns(_reply_at=placed_on(spans, replies, after=True))
    spans = spans.with_columns(stopped_at=pl.min_horizontal("_reply_at", "resolved_at"))
    spans = spans.filter(pl.col("resolved_at").is_null() | (pl.col("started_at") < pl.col("resolved_at")))
    keep: Literal["first", "last"] = "last" if version.update_since == "last_contact" else "first"
    # Several that wait for one reply are one clock.
    one = spans.unique(("row", "_reply_at"), keep=keep, maintain_order=True)
    return one.with_columns(cycle=pl.int_range(pl.len()).over("row") + 1, is_unanswered=pl.lit(value=False))


def _spoken(facts: Facts, version: Version) -> pl.DataFrame:
    customers = (Actor.customer,)
    return told_by(facts, customers if version.update_since == "request" else (*customers, Actor.agent))


def _escalation(facts: Facts, version: Version) -> pl.DataFrame:
    del version
    tickets = _tickets(facts).filter(pl.col("escalated_at").is_not_null() & pl.col("created_at").is_not_null())
    return tickets.with_columns(started_at="created_at", stopped_at="escalated_at")


_MAKERS: Mapping[Timed, Callable[[Facts, Version], pl.DataFrame]] = {
    "first_response": _first_response,
    "next_response": _next_response,
    "resolution": _resolution,
    "update": _update,
    "escalation": _escalation,
}

"""When each clock runs: its start, its stop, and what stopped it; one row a ticket and cycle."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl

from supportkpi.facts import Facts
from supportkpi.schema import DONE, INSTANT, Actor, Kind, Log, Status
from supportkpi.sla import Timed, Version

WINDOWS: Mapping[str, pl.DataType] = {
    "row": pl.UInt32(),  # place of the ticket in facts.tickets
    "cycle": pl.UInt32(),  # from 1
    "started_at": INSTANT,
    "stopped_at": INSTANT,  # null while it runs
    "until": INSTANT,  # where observation ends
    "is_unanswered": pl.Boolean(),  # stopped by a solution, without a reply
}
_ANCHORS = {"created": "created_at", "first_request": "first_request_at", "handoff": "handoff_at"}
NEEDS: Mapping[Timed, tuple[str, ...]] = {
    "first_response": ("created_at", "first_reply_at"),
    "next_response": ("waits",),
    "resolution": ("created_at", "resolved_at"),
    "update": ("created_at", "waits"),
    "escalation": ("created_at", "escalated_at"),
}
"""Facts without which a clock cannot be read."""


def windows(facts: Facts, timed: Timed, version: Version) -> pl.DataFrame:
    """The clocks of all tickets of the population for one target: columns of WINDOWS, by row, then cycle."""
    made = _MAKERS[timed](facts, version)
    return made.select(pl.col(name).cast(dtype) for name, dtype in WINDOWS.items()).sort("row", "cycle")


def _tickets(facts: Facts) -> pl.DataFrame:
    numbered = facts.tickets.with_row_index("row").filter(pl.col("exclusion").is_null())
    return numbered.with_columns(cycle=pl.lit(1), is_unanswered=pl.lit(value=False))


def _first_response(facts: Facts, version: Version) -> pl.DataFrame:
    tickets = _tickets(facts).filter("has_first_response").with_columns(started_at=_anchor(facts, version))
    stops = [name for name in version.stops_on if name in _STOPS]
    answered = pl.min_horizontal(*(_STOPS[name] for name in stops)) if stops else pl.col("first_reply_at")
    tickets = tickets.with_columns(_answered_at=pl.when(answered >= pl.col("started_at")).then(answered))
    solved = pl.col("first_solved_at") if version.solve_ends_reply else pl.lit(None, INSTANT)
    unanswered = pl.col("_answered_at").is_null() & solved.is_not_null()
    return tickets.filter(pl.col("started_at").is_not_null()).with_columns(
        stopped_at=pl.when(unanswered).then(solved).otherwise("_answered_at"), is_unanswered=unanswered
    )


_STOPS: Mapping[str, pl.Expr] = {
    "reply": pl.col("first_reply_at"),
    "status": pl.col("taken_at"),
    "assignment": pl.col("first_assigned_at"),
}


def _anchor(facts: Facts, version: Version) -> pl.Expr:
    column = _ANCHORS.get(version.anchor, "created_at")
    if column in facts.unobserved or version.anchor == "created":
        return pl.col("anchor_at")
    return pl.coalesce(column, "anchor_at")


def _next_response(facts: Facts, version: Version) -> pl.DataFrame:
    waits = facts.waits if facts.settings.next_response.include_first else facts.waits.filter(~pl.col("is_first"))
    rows = _tickets(facts).select("row", "ticket_id", "until", "resolved_at")
    joined = waits.join(rows, on="ticket_id").sort("row", "asked_at")
    ended = pl.coalesce("ended_at", pl.when(pl.col("resolved_at") >= pl.col("asked_at")).then("resolved_at"))
    return joined.with_columns(
        cycle=pl.int_range(pl.len()).over("row") + 1,
        started_at="asked_at",
        stopped_at=ended if version.solve_ends_reply else pl.col("answered_at"),
        is_unanswered=pl.col("is_ended_by_solve") & pl.lit(version.solve_ends_reply),
    )


def _resolution(facts: Facts, version: Version) -> pl.DataFrame:
    tickets = _tickets(facts).filter(pl.col("created_at").is_not_null())
    if version.reopen == "restart" and "intervals" not in facts.unobserved:
        return _cycles(tickets, facts)
    known = pl.col("resolved_at").is_not_null() | ~pl.col("is_resolved")  # solved at an unknown time is no clock
    return tickets.filter(known).with_columns(started_at="created_at", stopped_at="resolved_at")


def _cycles(tickets: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """One window a stretch from creation or reopening to the next solution."""
    done = pl.col("status").is_in([*DONE, Status.deleted.value])
    turns = facts.intervals.select("ticket_id", "start", "end", done=done)
    fresh = (turns["ticket_id"] != turns["ticket_id"].shift(1)).fill_null(value=True)
    turned = (turns["done"] != turns["done"].shift(1)).fill_null(value=True)
    stretches = turns.with_columns(stretch=(fresh | turned).cum_sum())
    spans = stretches.group_by("stretch", "ticket_id", "done").agg(pl.col("start").min(), pl.col("end").last())
    running = spans.filter(~pl.col("done")).join(tickets.select("row", "ticket_id", "until"), on="ticket_id")
    return running.sort("row", "start").with_columns(
        cycle=pl.int_range(pl.len()).over("row") + 1,
        started_at="start",
        stopped_at="end",
        is_unanswered=pl.lit(value=False),
    )


def _update(facts: Facts, version: Version) -> pl.DataFrame:
    """From each contact that the customer hears of to the next one, while the ticket is not solved."""
    rows = _tickets(facts).select("row", "ticket_id", "until", "created_at", "resolved_at")
    marks = _contacts(facts, version).join(rows, on="ticket_id").select("row", "at")
    births = rows.select("row", at="created_at").drop_nulls()
    moments = pl.concat([births, marks]).unique().sort("row", "at")
    following = pl.when(pl.col("row") == pl.col("row").shift(-1)).then(pl.col("at").shift(-1))
    spans = moments.with_columns(next=following).join(rows.drop("created_at"), on="row", maintain_order="left")
    ends = pl.min_horizontal("next", "resolved_at")
    spans = spans.filter(pl.col("resolved_at").is_null() | (pl.col("at") < pl.col("resolved_at")))
    return spans.with_columns(
        cycle=pl.int_range(pl.len()).over("row") + 1,
        started_at="at",
        stopped_at=ends,
        is_unanswered=pl.lit(value=False),
    )


def _contacts(facts: Facts, version: Version) -> pl.DataFrame:
    """ticket_id, at of the public messages from which an update clock counts anew."""
    history = facts.dataset.history
    if not isinstance(history, Log):
        return pl.DataFrame(schema={"ticket_id": pl.String(), "at": INSTANT})
    actors = {"last_reply": (Actor.agent,), "last_contact": (Actor.agent, Actor.customer), "request": (Actor.customer,)}
    said = [actor.value for actor in actors[version.update_since]]
    told = (pl.col("kind").cast(pl.String) == Kind.message.value) & pl.col("public")
    mine = history.frame.filter(told & pl.col("actor").cast(pl.String).is_in(said))
    if facts.settings.as_of is not None:
        mine = mine.filter(pl.col("at") <= pl.lit(facts.settings.as_of, INSTANT))
    return mine.select(pl.col("ticket_id").cast(pl.String), "at").collect()


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

"""Where the first response starts and ends: who opened a ticket, from when on it waits, which reply counts (2.1)."""

from __future__ import annotations

import polars as pl

from supportkpi.decisions import Settings
from supportkpi.facts.keyed import KEY, Keyed, placed
from supportkpi.schema import Actor, Extent, Log, Sight, Status


def anchors(tickets: pl.DataFrame, statuses: pl.DataFrame, events: Keyed, settings: Settings) -> pl.DataFrame:
    """Adds is_outbound, has_first_response (is FRT asked of it), anchor_at (its start), first_reply_at (end)."""
    dataset = events.dataset
    replied = pl.col("first_agent_reply_at")
    others = pl.min_horizontal("first_request_at", "first_bot_reply_at")  # an automatic reply answers a customer
    by_message = replied.is_not_null() & (replied >= pl.col("created_at")) & (others.is_null() | (replied < others))
    known = pl.coalesce("opener", "opened_by")
    said = pl.when(known.is_not_null()).then(known == Actor.agent.value)
    requests = dataset.observes.get(Sight.request, Extent(0)) & Extent.FIRST
    outbound: pl.Expr = said.otherwise(by_message.fill_null(value=False)) if requests else said
    tickets = tickets.with_columns(is_outbound=outbound.fill_null(value=False))
    counted = ~pl.col("is_outbound") | pl.lit(settings.first_response.outbound != "exclude")
    tickets = tickets.with_columns(has_first_response=counted)
    tickets = tickets.with_columns(anchor_at=_anchor(tickets, statuses, settings))
    return _first_replies(tickets, events, settings)


def _anchor(tickets: pl.DataFrame, statuses: pl.DataFrame, settings: Settings) -> pl.Series:
    options = settings.first_response
    anchor = pl.col("created_at")
    if options.anchor == "first_customer_message":
        anchor = pl.coalesce("first_request_at", "created_at")
    elif options.anchor == "clock_start":
        anchor = pl.coalesce("clock_start_at", "created_at")
    elif options.anchor == "handoff":
        anchor = pl.coalesce("handoff_at", "created_at")
    elif options.anchor == "reopen_after_bot":
        tickets = tickets.hstack(placed(_reopened_before_reply(tickets, statuses), tickets[KEY]))
        anchor = pl.coalesce("_reopened_at", "created_at")
    if options.outbound == "anchor_customer":
        anchor = pl.when(pl.col("is_outbound")).then(pl.col("first_request_at")).otherwise(anchor)
    return tickets.select(anchor.alias("anchor_at")).to_series()


def _reopened_before_reply(tickets: pl.DataFrame, statuses: pl.DataFrame) -> pl.DataFrame:
    """KEY, _reopened_at: when a ticket that a bot had solved came back, before any human had replied."""
    done = pl.col("status").is_in((Status.solved.value, Status.closed.value))
    came_back = ~done & done.shift(1) & (pl.col(KEY) == pl.col(KEY).shift(1))
    return (
        statuses.filter(came_back)
        .join(tickets.select(KEY, "first_agent_reply_at"), on=KEY)
        .filter(pl.col("first_agent_reply_at").is_null() | (pl.col("start") <= pl.col("first_agent_reply_at")))
        .group_by(KEY)
        .agg(pl.col("start").min().alias("_reopened_at"))
    )


def _first_replies(tickets: pl.DataFrame, events: Keyed, settings: Settings) -> pl.DataFrame:
    """The reply that counts: the first one, or the first at or after an anchor that is later than creation."""
    options = settings.first_response
    reply = pl.col("first_agent_reply_at")
    if options.bots == "include":
        reply = pl.min_horizontal("first_agent_reply_at", "first_bot_reply_at")
    tickets = tickets.with_columns(first_reply_at=reply)
    moved = tickets.filter(
        (pl.col("anchor_at") > pl.col("created_at")) | (pl.lit(options.outbound == "zendesk") & pl.col("is_outbound"))
    ).select(KEY, "anchor_at", "first_reply_at", "is_outbound", "created_at")
    if moved.is_empty():
        return tickets
    later = placed(_replies_after(moved, events, settings), tickets[KEY])
    is_moved = pl.col("_moved").fill_null(value=False)
    return (
        tickets.hstack(later)
        .with_columns(first_reply_at=pl.when(is_moved).then("_later_at").otherwise("first_reply_at"))
        .drop("_moved", "_later_at")
    )


def _replies_after(moved: pl.DataFrame, events: Keyed, settings: Settings) -> pl.DataFrame:
    """KEY, _later_at, _moved: the first reply at or after each anchor (``zendesk``: strictly after creation)."""
    strict = pl.lit(settings.first_response.outbound == "zendesk") & pl.col("is_outbound")
    counts = pl.when(strict).then(pl.col("at") > pl.col("created_at")).otherwise(pl.col("at") >= pl.col("anchor_at"))
    if isinstance(events.dataset.history, Log):
        actors = [Actor.agent.value] + ([Actor.bot.value] if settings.first_response.bots == "include" else [])
        replies = (
            events.until(settings.as_of)
            .filter((pl.col("kind") == "message") & pl.col("public") & pl.col("actor").cast(pl.String).is_in(actors))
            .select(KEY, "at")
        )
        known = moved.lazy().join(replies, on=KEY, how="left").collect()
    else:
        known = moved.with_columns(at=pl.col("first_reply_at"))
    return known.group_by(KEY).agg(
        pl.when(counts).then("at").min().alias("_later_at"), pl.lit(value=True).alias("_moved").first()
    )

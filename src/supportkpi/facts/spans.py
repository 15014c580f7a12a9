"""Spans of every ticket in seconds, on the calendar clock and on the ticket's business calendar."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import polars as pl

from supportkpi.decisions import CalendarChoice, Settings
from supportkpi.facts.choices import ON_CALENDAR, on_calendar
from supportkpi.facts.declared import SPANS, Span
from supportkpi.schema import INSTANT, Actor, Dataset, Extent, Log, Sight, Status

_SECOND = 1_000_000


def anchors(tickets: pl.DataFrame, statuses: pl.DataFrame, dataset: Dataset, settings: Settings) -> pl.DataFrame:
    """Adds is_outbound, has_first_response (is FRT asked of it), anchor_at (its start), first_reply_at (end)."""
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
    return _first_replies(tickets, dataset, settings)


def _anchor(tickets: pl.DataFrame, statuses: pl.DataFrame, settings: Settings) -> pl.Series:
    options = settings.first_response
    anchor = pl.col("created_at")
    if options.anchor == "first_customer_message":
        anchor = pl.coalesce("first_request_at", "created_at")
    elif options.anchor == "handoff":
        anchor = pl.coalesce("handoff_at", "created_at")
    elif options.anchor == "reopen_after_bot":
        tickets = tickets.join(
            _reopened_before_reply(tickets, statuses), on="ticket_id", how="left", maintain_order="left"
        )
        anchor = pl.coalesce("_reopened_at", "created_at")
    if options.outbound == "anchor_customer":
        anchor = pl.when(pl.col("is_outbound")).then(pl.col("first_request_at")).otherwise(anchor)
    return tickets.select(anchor.alias("anchor_at")).to_series()


def _reopened_before_reply(tickets: pl.DataFrame, statuses: pl.DataFrame) -> pl.DataFrame:
    """ticket_id, _reopened_at: when a ticket that a bot had solved came back, before any human had replied."""
    done = pl.col("status").is_in((Status.solved.value, Status.closed.value))
    came_back = ~done & done.shift(1) & (pl.col("ticket_id") == pl.col("ticket_id").shift(1))
    return (
        statuses.filter(came_back)
        .join(tickets.select("ticket_id", "first_agent_reply_at"), on="ticket_id")
        .filter(pl.col("first_agent_reply_at").is_null() | (pl.col("start") <= pl.col("first_agent_reply_at")))
        .group_by("ticket_id")
        .agg(pl.col("start").min().alias("_reopened_at"))
    )


def _first_replies(tickets: pl.DataFrame, dataset: Dataset, settings: Settings) -> pl.DataFrame:
    """The reply that counts: the first one, or the first at or after an anchor that is later than creation."""
    options = settings.first_response
    reply = pl.col("first_agent_reply_at")
    if options.bots == "include":
        reply = pl.min_horizontal("first_agent_reply_at", "first_bot_reply_at")
    tickets = tickets.with_columns(first_reply_at=reply)
    moved = tickets.filter(
        (pl.col("anchor_at") > pl.col("created_at")) | (pl.lit(options.outbound == "zendesk") & pl.col("is_outbound"))
    ).select("ticket_id", "anchor_at", "first_reply_at", "is_outbound", "created_at")
    if moved.is_empty():
        return tickets
    later = _replies_after(moved, dataset, settings)
    return (
        tickets.join(later, on="ticket_id", how="left", maintain_order="left")
        .with_columns(
            first_reply_at=pl.when(pl.col("_moved").fill_null(value=False))
            .then("_later_at")
            .otherwise("first_reply_at")
        )
        .drop("_moved", "_later_at")
    )


def _replies_after(moved: pl.DataFrame, dataset: Dataset, settings: Settings) -> pl.DataFrame:
    """ticket_id, _later_at, _moved: the first reply at or after each anchor (``zendesk``: strictly after creation)."""
    strict = pl.lit(settings.first_response.outbound == "zendesk") & pl.col("is_outbound")
    counts = pl.when(strict).then(pl.col("at") > pl.col("created_at")).otherwise(pl.col("at") >= pl.col("anchor_at"))
    if isinstance(dataset.history, Log):
        actors = [Actor.agent.value] + ([Actor.bot.value] if settings.first_response.bots == "include" else [])
        replies = dataset.history.frame.filter(
            (pl.col("kind") == "message") & pl.col("public") & pl.col("actor").cast(pl.String).is_in(actors)
        ).select("ticket_id", "at")
        if settings.as_of is not None:
            replies = replies.filter(pl.col("at") <= pl.lit(settings.as_of, INSTANT))
        known = moved.lazy().join(replies, on="ticket_id", how="left").collect()
    else:
        known = moved.with_columns(at=pl.col("first_reply_at"))
    return known.group_by("ticket_id").agg(
        pl.when(counts).then("at").min().alias("_later_at"), pl.lit(value=True).alias("_moved").first()
    )


def measured(tickets: pl.DataFrame, settings: Settings, as_of: datetime | None) -> pl.DataFrame:
    """Adds ``until`` (where observation of a ticket ends), ``on_calendar``, and the columns of every Span."""
    limit = pl.lit(as_of, INSTANT)
    tickets = tickets.with_columns(until=pl.min_horizontal("observed_until", limit))
    columns = [expr for span in SPANS for expr in _calendar_columns(span)]
    tickets = tickets.with_columns(columns)
    if not settings.calendars:
        return tickets
    tickets = tickets.with_columns(on_calendar(tickets, settings.calendars))
    return tickets.with_columns(_business_columns(tickets, settings.calendars))


def _ended(span: Span) -> pl.Expr:
    return pl.col(span.end) >= pl.col(span.start)


def _calendar_columns(span: Span) -> list[pl.Expr]:
    start, end, until = pl.col(span.start), pl.col(span.end), pl.col("until")
    return [
        (pl.when(_ended(span)).then((end - start).dt.total_microseconds()) / _SECOND).alias(f"{span.name}_s"),
        (pl.when(span.open & (until >= start)).then((until - start).dt.total_microseconds()) / _SECOND).alias(
            f"{span.name}_age_s"
        ),
        (end < start).fill_null(value=False).alias(f"{span.name}_invalid"),
    ]


def _business_columns(tickets: pl.DataFrame, choices: Sequence[CalendarChoice]) -> list[pl.Expr]:
    """Business seconds of every span, each ticket on the first calendar whose ``when`` fits it."""
    instants = list(dict.fromkeys(name for span in SPANS for name in (span.start, span.end, "until")))
    bounds = tickets.select(
        pl.min_horizontal(pl.col(instants).min()).alias("lo"), pl.max_horizontal(pl.col(instants).max()).alias("hi")
    )
    first, last = bounds.row(0)
    if first is None:
        return [
            pl.lit(None, pl.Float64).alias(f"{span.name}_business{part}_s") for span in SPANS for part in ("", "_age")
        ]
    clocks = [choice.calendar.elapsed(first, last) for choice in choices]
    opened = tickets.select(_on_calendar(pl.col(name), choices, clocks).alias(name) for name in instants)
    ended = {span.name: tickets.select(_ended(span)).to_series() for span in SPANS}
    running = {
        span.name: tickets.select(span.open & (pl.col("until") >= pl.col(span.start))).to_series() for span in SPANS
    }
    columns: list[pl.Expr] = []
    for span in SPANS:
        start = opened[span.start]
        done = (opened[span.end] - start) / _SECOND
        age = (opened["until"] - start) / _SECOND
        columns.append(pl.when(pl.lit(ended[span.name])).then(pl.lit(done)).alias(f"{span.name}_business_s"))
        columns.append(pl.when(pl.lit(running[span.name])).then(pl.lit(age)).alias(f"{span.name}_business_age_s"))
    return columns


def _on_calendar(
    instant: pl.Expr, choices: Sequence[CalendarChoice], clocks: Sequence[Callable[[pl.Expr], pl.Expr]]
) -> pl.Expr:
    if len(choices) == 1 and not choices[0].when:
        return clocks[0](instant)
    chain = pl.lit(None, pl.Int64)
    for number, clock in enumerate(clocks):
        chain = pl.when(pl.col(ON_CALENDAR) == number).then(clock(instant)).otherwise(chain)
    return chain


def elapsed_until(tickets: pl.DataFrame, end: datetime, settings: Settings | None) -> pl.Series:
    """Seconds from each ticket's creation to an instant; on its business calendar when settings are given."""
    at = pl.lit(end, INSTANT)
    if settings is None or tickets.is_empty():
        return tickets.select(((at - pl.col("created_at")).dt.total_microseconds() / _SECOND).alias("s")).to_series()
    first = tickets["created_at"].min()
    first = first if isinstance(first, datetime) else end
    clocks = [choice.calendar.elapsed(min(first, end), end) for choice in settings.calendars]
    to, since = (_on_calendar(instant, settings.calendars, clocks) for instant in (at, pl.col("created_at")))
    return tickets.select(((to - since) / _SECOND).alias("s")).to_series()

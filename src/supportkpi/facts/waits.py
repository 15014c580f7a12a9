"""Waits of customers: each run of their messages until a public message of a human agent, or until a solution (2.1)."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from supportkpi.decisions import CalendarChoice, NextResponse, Settings
from supportkpi.facts.batches import Batch, by_batch, joined
from supportkpi.facts.choices import ON_CALENDAR
from supportkpi.facts.clock import SECOND, clock_over
from supportkpi.facts.keyed import KEY, Keyed, in_order, inserted, with_tickets
from supportkpi.facts.statuses import STATUS
from supportkpi.schema import DONE, INSTANT, Actor, Kind

WAITS = {
    "ticket_id": pl.String(),
    "asked_at": INSTANT,
    "answered_at": INSTANT,
    "ended_at": INSTANT,  # by the answer, or by the solution
    "is_first": pl.Boolean(),
    "is_ended_by_solve": pl.Boolean(),
    "wait_s": pl.Float64(),
    "wait_age_s": pl.Float64(),
    "wait_business_s": pl.Float64(),
    "wait_business_age_s": pl.Float64(),
}
_ASK, _ANSWER, _SOLVE = 0, 1, 2
_SAME_NEXT = (pl.col(KEY) == pl.col(KEY).shift(-1)).fill_null(value=False)
_SAME_LAST = (pl.col(KEY) == pl.col(KEY).shift(1)).fill_null(value=False)


def waits(events: Keyed, tickets: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """Columns of WAITS, a row a wait, by ticket and time; spans in seconds.

    The creation of a ticket asks, too, unless an agent opened it. Of several messages in a row the oldest starts the
    wait (``start: latest``: the newest). ``is_first``: no human had replied to the ticket before, so that its answer is
    the first response. A wait that a solution ended has no answer and is not open; nor is one on a ticket that stands
    solved. ``wait_age_s`` is the time so far of the others that have no answer.
    """
    return joined(by_batch(events, lambda batch: _of(batch, batch.of(tickets), settings)))


def _of(batch: Batch, tickets: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    found = _paired(_told(batch.events, tickets, settings), settings.next_response)
    rows = with_tickets(found, tickets)
    is_open = pl.col("answered_at").is_null() & ~pl.col("is_ended_by_solve")
    done = pl.col("is_resolved").fill_null(value=True)
    rows = rows.with_columns(
        is_first=pl.col("is_first") & ~pl.col("is_outbound"),
        is_ended_by_solve=pl.col("is_ended_by_solve") | (is_open & done),
    )
    rows = rows.with_columns(_spans(rows, settings.calendars))
    return rows.select(pl.col(name).cast(dtype) for name, dtype in WAITS.items())


def readable(tickets: pl.DataFrame) -> list[str]:
    """The columns of the tickets that waits read."""
    known = (KEY, "ticket_id", "created_at", "is_outbound", "is_resolved", "until", ON_CALENDAR)
    return [name for name in known if name in tickets.columns]


def _told(events: Keyed, tickets: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """(KEY, at, seq, what) of everything that asks, answers or solves, in order."""
    seen = events.until(settings.as_of)
    asks, answers = (pl.col("actor") == actor.value for actor in (Actor.customer, Actor.agent))
    said, stated = pl.col("kind") == Kind.message.value, pl.col("kind") == Kind.status.value
    done = pl.col("value").cast(STATUS, strict=False).is_in(DONE)
    what = pl.when(stated).then(pl.when(done).then(_SOLVE)).when(asks).then(_ASK).otherwise(_ANSWER)
    some = seen.filter(stated | (said & pl.col("public") & (asks | answers)))
    told = some.select(KEY, "at", pl.col("seq").cast(pl.Int64), what=what.cast(pl.UInt8)).drop_nulls("what")
    asked = tickets.filter(~pl.col("is_outbound") & pl.col("created_at").is_not_null())
    births = asked.select(
        KEY, pl.col("created_at").alias("at"), pl.lit(-1, pl.Int64).alias("seq"), pl.lit(_ASK, pl.UInt8).alias("what")
    )
    return inserted(births, in_order(told.collect(), "at"), "at")


def _paired(told: pl.DataFrame, options: NextResponse) -> pl.DataFrame:
    """(KEY, asked_at, answered_at, ended_at, is_first, is_ended_by_solve) of every run of messages that ask."""
    asks, answers = pl.col("what") == _ASK, pl.col("what") == _ANSWER
    again = _SAME_LAST & asks.shift(1) if options.start == "oldest" else _SAME_NEXT & asks.shift(-1)
    answered = answers.cast(pl.UInt32).cum_sum()
    marked = told.with_columns(answered=answered, before=pl.when(~_SAME_LAST).then(answered - answers).forward_fill())
    turns = marked.filter(~(asks & again.fill_null(value=False)))
    next_what = pl.when(_SAME_NEXT).then(pl.col("what").shift(-1))
    return (
        turns.with_columns(next_what=next_what, next_at=pl.col("at").shift(-1))
        .filter(asks)
        .select(
            KEY,
            pl.col("at").alias("asked_at"),
            answered_at=pl.when(pl.col("next_what") == _ANSWER).then("next_at"),
            ended_at=pl.when(pl.col("next_what").is_in([_ANSWER, _SOLVE])).then("next_at"),
            is_first=pl.col("answered") == pl.col("before"),
            is_ended_by_solve=(pl.col("next_what") == _SOLVE).fill_null(value=False),
        )
    )


def _spans(rows: pl.DataFrame, choices: Sequence[CalendarChoice]) -> list[pl.Expr]:
    start, end, until = pl.col("asked_at"), pl.col("answered_at"), pl.col("until")
    lasts = end.is_null() & ~pl.col("is_ended_by_solve") & (until >= start)
    exact = pl.when(lasts).then((until - start).dt.total_microseconds())
    columns = [
        ((end - start).dt.total_microseconds() / SECOND).alias("wait_s"),
        (exact / SECOND).alias("wait_age_s"),
    ]
    if not choices:
        return [*columns, *(pl.lit(None, pl.Float64).alias(f"wait_business{part}_s") for part in ("", "_age"))]
    clock = clock_over(rows.select("asked_at", "answered_at", "until"), choices)
    return [
        *columns,
        ((clock(end) - clock(start)) / SECOND).alias("wait_business_s"),
        (pl.when(lasts).then(clock(until) - clock(start)) / SECOND).alias("wait_business_age_s"),
    ]

"""Spans of every ticket in seconds, on the calendar clock and on the ticket's business calendar."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import polars as pl

from supportkpi.decisions import CalendarChoice, Settings
from supportkpi.facts.choices import on_calendar
from supportkpi.facts.clock import SECOND, clock_over
from supportkpi.facts.declared import GIVEN_ONLY, PARTS, SPANS, Span
from supportkpi.facts.sums import summed_columns
from supportkpi.schema import INSTANT


def clocked(tickets: pl.DataFrame, settings: Settings, as_of: datetime | None, export: datetime | None) -> pl.DataFrame:
    """Adds ``until`` (where observation of a ticket ends) and ``on_calendar`` (where there are calendars).

    What was open in the newest files is taken as open until an ``as_of`` later than the ``export``.
    """
    limit, newest = pl.lit(as_of, INSTANT), pl.col("observed_until").max()
    seen = pl.min_horizontal("observed_until", limit)
    if as_of is not None and export is not None and as_of > export:
        seen = pl.when(pl.col("observed_until") == newest).then(limit).otherwise(seen)
    tickets = tickets.with_columns(until=seen)
    return tickets.with_columns(on_calendar(tickets, settings.calendars)) if settings.calendars else tickets


def measured(
    tickets: pl.DataFrame, statuses: pl.DataFrame, settings: Settings, reasons: Mapping[str, str]
) -> pl.DataFrame:
    """Adds the columns of every Span; those of a span that has a reason not to be shown hold nothing."""
    shown = [span for span in SPANS if f"{span.name}_s" not in reasons]
    dated, summed = [span for span in shown if not span.statuses], [span for span in shown if span.statuses]
    columns = [*_calendar_columns(dated), *_business_columns(tickets, dated, settings.calendars)]
    if summed:
        columns += summed_columns(tickets, statuses, summed, settings.calendars)
    made = {column.meta.output_name() for column in columns}
    parts = PARTS if settings.calendars else ("_s", "_age_s", "_invalid")
    names = [*(span.name for span in SPANS), *GIVEN_ONLY]
    wanted = [f"{name}{part}" for name in names for part in parts]
    columns += [_nothing(name) for name in wanted if name not in made]
    return tickets.with_columns(columns)


def _nothing(name: str) -> pl.Expr:
    """A column of which nothing is known: one null for all rows takes no memory."""
    return pl.lit(None, pl.Boolean if name.endswith("_invalid") else pl.Float64).alias(name)


def _ended(span: Span) -> pl.Expr:
    return pl.col(span.end) >= pl.col(span.start)


def _running(span: Span) -> pl.Expr:
    return span.open & (pl.col("until") >= pl.col(span.start))


def _calendar_columns(spans: Sequence[Span]) -> Iterator[pl.Expr]:
    for span in spans:
        start, end, until = pl.col(span.start), pl.col(span.end), pl.col("until")
        done, so_far = ((instant - start).dt.total_microseconds() / SECOND for instant in (end, until))
        yield pl.when(_ended(span)).then(done).alias(f"{span.name}_s")
        if span.may_last:
            yield pl.when(_running(span)).then(so_far).alias(f"{span.name}_age_s")
        yield (end < start).fill_null(value=False).alias(f"{span.name}_invalid")


def _business_columns(
    tickets: pl.DataFrame, spans: Sequence[Span], choices: Sequence[CalendarChoice]
) -> Iterator[pl.Expr]:
    """Business seconds of every span, each ticket on the first calendar whose ``when`` fits it."""
    if not choices or not spans:
        return
    instants = list(dict.fromkeys(name for span in spans for name in (span.start, span.end, "until")))
    clock = clock_over(tickets.select(instants), choices)
    opened = tickets.select(clock(pl.col(name)).alias(name) for name in instants)
    truths = tickets.select(
        *(_ended(span).alias(f"{span.name} ended") for span in spans),
        *(_running(span).alias(f"{span.name} running") for span in spans),
    )
    for span in spans:
        start = opened[span.start]
        done, age = (opened[span.end] - start) / SECOND, (opened["until"] - start) / SECOND
        ended, running = (pl.lit(truths[f"{span.name} {state}"]) for state in ("ended", "running"))
        yield pl.when(ended).then(pl.lit(done)).alias(f"{span.name}_business_s")
        if span.may_last:
            yield pl.when(running).then(pl.lit(age)).alias(f"{span.name}_business_age_s")


def elapsed_until(tickets: pl.DataFrame, end: datetime, settings: Settings | None) -> pl.Series:
    """Seconds from each ticket's creation to an instant; on its business calendar when settings are given."""
    at = pl.lit(end, INSTANT)
    if settings is None or tickets.is_empty():
        return tickets.select(((at - pl.col("created_at")).dt.total_microseconds() / SECOND).alias("s")).to_series()
    first = tickets["created_at"].min()
    first = first if isinstance(first, datetime) else end
    edges = pl.DataFrame({"at": [min(first, end), end]}, schema={"at": INSTANT})
    clock = clock_over(edges, settings.calendars)
    return tickets.select(((clock(at) - clock(pl.col("created_at"))) / SECOND).alias("s")).to_series()

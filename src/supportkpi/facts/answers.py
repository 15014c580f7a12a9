"""Survey answers as facts: beside their ticket's columns, each with the instant that dates it and its customer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Literal

import polars as pl

from supportkpi.decisions import Ces
from supportkpi.facts.declared import FACTS, SPANS
from supportkpi.schema import INSTANT, SURVEYS, Dataset, Instrument

Attribution = Literal["rated", "solved", "created"]
TRANSACTIONAL = timedelta(hours=24)
"""An answer this soon after a solution is about that contact (method 2.5)."""


def answers(
    dataset: Dataset, tickets: pl.DataFrame, as_of: datetime | None
) -> tuple[pl.DataFrame, dict[str, Attribution]]:
    """The surveys with ``dated_at``, ``customer``, ``is_excluded``, their ticket's columns; what dates each instrument.

    An answer is dated when it was given; without such a date by its ticket's last solution, else by its creation (the
    first of these that any answer of the instrument has serves all of them). An offer that nobody answered is dated
    like the answers where it can be, else when it was sent. ``customer`` is the ticket's requester, else the one who
    answered; ``is_transactional`` says whether a solution of theirs had come within the day before.
    """
    surveys = _canonical(dataset.surveys)
    if as_of is not None:
        unborn = dataset.tickets.select("ticket_id").join(tickets.select("ticket_id"), on="ticket_id", how="anti")
        surveys = surveys.filter(pl.col("at").is_null() | (pl.col("at") <= pl.lit(as_of, INSTANT)))
        surveys = surveys.join(unborn, on="ticket_id", how="anti", maintain_order="left")
    joined = surveys.hstack(beside(surveys["ticket_id"], tickets.select(_shown(tickets, surveys))))
    attribution = {name.value: by for name in Instrument if (by := _dating(joined, name)) is not None}
    known = joined.with_columns(
        dated_at=_dated(attribution),
        customer=pl.coalesce("requester_id", "respondent_id").str.to_lowercase(),
        is_excluded=pl.col("exclusion").is_not_null(),
    )
    return _with_streams(known, tickets), attribution


def beside(ids: pl.Series, tickets: pl.DataFrame) -> pl.DataFrame:
    """The other columns of the tickets, row for row with ``ids``; null where there is no ticket of that id."""
    if ids.equals(tickets["ticket_id"]):  # ratings that stand in the table of tickets: no need to look for them
        return tickets.drop("ticket_id")
    if ids.is_empty():
        return tickets.drop("ticket_id").clear()
    return ids.to_frame().join(tickets, on="ticket_id", how="left", maintain_order="left").drop("ticket_id")


def effort_wording(surveys: pl.DataFrame, options: Ces) -> Iterator[str]:
    """Which end of an effort question is easy, a sentence: to take it the wrong way round is the usual error (2.6)."""
    mine = surveys.filter(pl.col("instrument") == Instrument.ces.value)
    if mine.is_empty():
        return
    if options.version == "1.0":
        yield "effort answers are of version 1.0: a high score is much effort, a low one little"
    elif options.scale is not None:
        yield "effort answers are of version 2.0: a high score agrees that it was easy, a low one that it was hard"
    elif "1-7" in mine.get_column("scale", default=pl.Series(dtype=pl.String)) or mine["score"].max() == 7:
        yield (
            "effort answers are read as version 2.0: 7 agrees that it was easy, 1 that it was hard; where high is much "
            'effort say ces: {version: "1.0"} in the config'
        )


def _shown(tickets: pl.DataFrame, surveys: pl.DataFrame) -> list[str]:
    """The ticket columns that an answer takes over: what it is dated, filtered and grouped by."""
    facts, spans = {fact.name for fact in FACTS}, tuple(f"{span.name}_" for span in SPANS)
    kept = {"ticket_id", "created_at", "resolved_at", "exclusion"}
    return [
        name
        for name in tickets.columns
        if name in kept or not (name in surveys.columns or name in facts or name.startswith(("given_", *spans)))
    ]


def _canonical(surveys: pl.DataFrame) -> pl.DataFrame:
    return surveys.with_columns(
        pl.lit(None, dtype).alias(name) for name, dtype in SURVEYS.items() if name not in surveys.columns
    )


_DATES: Mapping[Attribution, str] = {"rated": "at", "solved": "resolved_at", "created": "created_at"}


def _dating(joined: pl.DataFrame, instrument: Instrument) -> Attribution | None:
    """The first date that any answer of an instrument has."""
    mine = joined.filter(pl.col("instrument") == instrument.value)
    return next((name for name, column in _DATES.items() if mine[column].null_count() < mine.height), None)


def _dated(attribution: Mapping[str, Attribution]) -> pl.Expr:
    dated = pl.lit(None, INSTANT)
    for instrument, name in attribution.items():
        dated = pl.when(pl.col("instrument") == str(instrument)).then(_DATES[name]).otherwise(dated)
    unanswered = pl.when(pl.col("score").is_null()).then(pl.coalesce("offered_at", "resolved_at", "created_at"))
    return pl.coalesce(dated, unanswered)


def _with_streams(answers: pl.DataFrame, tickets: pl.DataFrame) -> pl.DataFrame:
    """Adds is_transactional: within a day of the customer's last solution; null where that cannot be told."""
    rows = answers.select("at", "customer").with_row_index("_row").drop_nulls()
    known = tickets.select("exclusion", "requester_id", "resolved_at") if rows.height else tickets.clear()
    solved = (
        known.filter(pl.col("exclusion").is_null())
        .select(customer=pl.col("requester_id").str.to_lowercase(), _solved_at="resolved_at")
        .drop_nulls()
    )
    if solved.is_empty():
        return answers.with_columns(is_transactional=pl.lit(None, pl.Boolean))
    last = rows.sort("at").join_asof(
        solved.sort("_solved_at"),
        left_on="at",
        right_on="_solved_at",
        by="customer",
        strategy="backward",
        check_sortedness=False,
    )
    soon = (pl.col("at") - pl.col("_solved_at") <= TRANSACTIONAL).fill_null(value=False)
    streams = last.select("_row", is_transactional=soon)
    counted = answers.with_row_index("_row").join(streams, on="_row", how="left", maintain_order="left")
    return counted.drop("_row")

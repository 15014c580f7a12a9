"""Survey answers as facts: beside their ticket's columns, each with the instant that dates it and the customer behind it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import polars as pl

from supportkpi.facts.declared import FACTS, SPANS
from supportkpi.schema import INSTANT, SURVEYS, Dataset

Attribution = Literal["rated", "solved", "created"]


def answers(dataset: Dataset, tickets: pl.DataFrame, as_of: datetime | None) -> tuple[pl.DataFrame, Attribution | None]:
    """The surveys with ``dated_at``, ``customer``, ``is_excluded`` and their ticket's columns; and what dates them.

    An answer is dated when it was given; without such a date by its ticket's last solution, else by its creation
    (the first of these that any answer has serves all). ``customer`` is the ticket's requester, else the respondent.
    """
    surveys = _canonical(dataset.surveys)
    if as_of is not None:
        surveys = surveys.filter(pl.col("at").is_null() | (pl.col("at") <= pl.lit(as_of, INSTANT)))
    beside = tickets.select(_shown(tickets, surveys))
    joined = surveys.join(beside, on="ticket_id", how="left", maintain_order="left")
    attribution, dated = _dating(joined)
    return (
        joined.with_columns(
            dated_at=dated,
            customer=pl.coalesce("requester_id", "respondent_id").str.to_lowercase(),
            is_excluded=pl.col("exclusion").is_not_null(),
        ),
        attribution,
    )


def _shown(tickets: pl.DataFrame, surveys: pl.DataFrame) -> list[str]:
    """The ticket columns that an answer takes over: what it is dated, filtered and grouped by."""
    facts, spans = {fact.name for fact in FACTS}, tuple(f"{span.name}_" for span in SPANS)
    kept = {"ticket_id", "created_at", "resolved_at", "exclusion"}
    return [
        name
        for name in tickets.columns
        if name in kept
        or not (name in surveys.columns or name in facts or name.startswith(("given_", *spans)))
    ]


def _canonical(surveys: pl.DataFrame) -> pl.DataFrame:
    return surveys.with_columns(
        pl.lit(None, dtype).alias(name) for name, dtype in SURVEYS.items() if name not in surveys.columns
    )


def _dating(joined: pl.DataFrame) -> tuple[Attribution | None, pl.Expr]:
    choices: tuple[tuple[Attribution, str], ...] = (
        ("rated", "at"),
        ("solved", "resolved_at"),
        ("created", "created_at"),
    )
    for name, column in choices:
        if joined[column].null_count() < joined.height:
            return name, pl.col(column)
    return None, pl.lit(None, INSTANT)

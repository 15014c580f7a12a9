"""Survey answers as facts: beside their ticket's columns, each with the instant that dates it and the customer behind it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import polars as pl

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
    beside = tickets.select(pl.exclude([name for name in surveys.columns if name != "ticket_id"]))
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

"""Questions of surveys with a column an answer: one choice is one column again, named as the question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from supportkpi.loaders.tables._table import Table

Choices = Mapping[str, Mapping[str, str]]
"""By the column that a question is named in: its columns and the answer that each stands for."""


def gathered(table: Table, choices: Choices) -> Table:
    """The table with one column for each question of which every respondent chose one answer at most.

    A question of which several were chosen keeps its columns, and so does what was written below "Other".
    """
    for question, labels in choices.items():
        table = _one(table, question, labels)
    return table


def _one(table: Table, question: str, labels: Mapping[str, str]) -> Table:
    known = {column: label for column, label in labels.items() if column in table.columns}
    frame = table.frame.select(pl.col(column).cast(pl.String).str.strip_chars() for column in known).collect()
    chosen = {column: label for column, label in known.items() if _is_choice(frame[column], label)}
    filled = pl.sum_horizontal(frame[column].is_not_null() for column in chosen) if chosen else None
    open_ended = len(known) - len(chosen)
    if filled is None or question not in chosen or len(chosen) < 2 or open_ended > 1:
        return table
    most = frame.select(filled.max()).item()
    if most != 1:
        return table
    answers = [pl.when(pl.col(column).is_not_null()).then(pl.lit(label)) for column, label in chosen.items()]
    gone = [column for column in chosen if column != question]
    return replace(
        table,
        frame=table.frame.with_columns(pl.coalesce(answers).alias(question)).drop(gone),
        columns=tuple(column for column in table.columns if column not in gone),
        questions={column: text for column, text in table.questions.items() if column not in gone},
        notes=(*table.notes, f"{len(chosen)} columns of answers to {question[:60]!r} read as one"),
    )


def _is_choice(values: pl.Series, label: str) -> bool:
    """Whether a column holds nothing but its answer, as text or as the number of its place."""
    told = values.drop_nulls().unique().to_list()
    return not told or (len(told) == 1 and (told[0].casefold() == label.casefold() or told[0].isdecimal()))

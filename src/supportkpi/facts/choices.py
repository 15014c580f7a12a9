"""Which business calendar each ticket runs on: the first whose ``when`` fits it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from supportkpi.decisions import CalendarChoice
from supportkpi.texts import meant

ON_CALENDAR = "on_calendar"
"""The ticket column that holds the place of its calendar among the settings' calendars; null: on none."""
ALIASES = {
    "organization": "organization_id",
    "requester": "requester_id",
    "assignee": "assignee_id",
    "agent": "assignee_id",
}
"""Short names of ticket columns, as people write them."""
PERSONS = ("assignee_id", "requester_id")
"""Ticket columns that hold persons."""


def on_calendar(tickets: pl.DataFrame, choices: Sequence[CalendarChoice]) -> pl.Expr:
    """The place of each ticket's calendar among the choices, UInt32; null where none claims it."""
    place = pl.lit(None, pl.UInt32)
    for number, choice in reversed(list(enumerate(choices))):
        place = pl.when(claimed(tickets, choice.when)).then(pl.lit(number, pl.UInt32)).otherwise(place)
    return place.alias(ON_CALENDAR)


def claimed(tickets: pl.DataFrame, when: Mapping[str, Sequence[str]]) -> pl.Expr:
    """Whether every column of ``when`` has one of its values: ours or the vendor's own word, letter case aside."""
    claims = pl.lit(value=True)
    for name, values in when.items():
        words = [value.lower() for value in values]
        said = [_says(tickets.schema[column], column, words) for column in _columns(tickets, name)]
        claims = claims & (pl.any_horizontal(said) if said else pl.lit(value=False))
    return claims


def _says(dtype: pl.DataType, column: str, words: Sequence[str]) -> pl.Expr:
    """Whether a column has one of some words, all lower; of a list of words any."""
    if isinstance(dtype, pl.List):
        said = pl.col(column).list.eval(pl.element().cast(pl.String).str.to_lowercase().is_in(words)).list.any()
    else:
        said = pl.col(column).cast(pl.String).str.to_lowercase().is_in(words)
    return said.fill_null(value=False)


def _columns(tickets: pl.DataFrame, name: str) -> list[str]:
    """The columns that a name in ``when`` stands for: its own, and the one with the vendor's words."""
    # a header of the file may differ from a column of ours by its capitals alone: ours come first
    known = {column.lower(): column for column in reversed(tickets.columns)}
    asked = {**ALIASES, "tag": "tags"}.get(name.lower(), name.lower())
    return [known[wanted] for wanted in (asked, f"{asked}_raw") if wanted in known]


def _words(column: pl.Series) -> list[str]:
    each = column.explode() if isinstance(column.dtype, pl.List) else column
    return each.cast(pl.String).drop_nulls().unique().to_list()


def idle(tickets: pl.DataFrame, choices: Sequence[CalendarChoice]) -> Iterator[str]:
    """What the calendars ask for and no ticket has, a sentence each."""
    for choice in choices:
        yield from unmet(tickets, choice.when, of=f"calendar {choice.name}")


def unmet(tickets: pl.DataFrame, when: Mapping[str, Sequence[str]], *, of: str) -> Iterator[str]:
    """The columns and values of a ``when`` that no ticket has, a sentence each; the names of persons are not told."""
    for name, values in when.items():
        columns = _columns(tickets, name)
        shown = {word for column in columns for word in _words(tickets[column])}
        if not shown:
            yield f"{of} is for tickets by {name}, which no ticket has"
            continue
        present = {word.lower() for word in shown}
        for value in values:
            if value.lower() not in present:
                hint = None if {*columns} & {*PERSONS} else meant(value, sorted(shown))
                yield f'{of} is for {name} "{value}", which no ticket has{f": {hint}" if hint else ""}'

"""How each row of a log says that its ticket stands: an event where that differs from the row before."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from supportkpi.loaders.logs._gather import Rows
from supportkpi.loaders.logs._lookup import looked_up
from supportkpi.loaders.logs._main import CODED, Words
from supportkpi.loaders.logs._words import level_of
from supportkpi.loaders.mapping._vocabulary import priority_of, status_of
from supportkpi.loaders.tables import ROW
from supportkpi.schema import EVENTS, Kind

KINDS: Mapping[str, Kind] = {
    "status": Kind.status,
    "priority": Kind.priority,
    "group": Kind.group,
    "assignee_id": Kind.assignee,
    "level": Kind.level,
}
"""Columns that say how a ticket stands, and the kind of event that a change of each is."""
STEP = 8
"""Places of events a row: ``seq // STEP`` is the data row."""
_MAY_BE_NOBODY = ("group", "assignee_id")


def stated(rows: Rows) -> list[str]:
    """The columns of a log that say how tickets stand."""
    return [name for name in KINDS if rows.has(name)]


def state_events(rows: Rows, actors: pl.DataFrame, words: Words, *, dense: bool) -> list[pl.DataFrame]:
    """The changes (EVENTS) that the columns of state tell; ``actors`` gives actor and actor_id of each ``_row``.

    In a ``dense`` log an empty cell says "nobody"; where other rows stand between the updates, it says nothing.
    """
    names = stated(rows)
    if not names:
        return []
    placed = rows.frame.select(ROW, "ticket_id", "at", *names).sort("ticket_id", "at", ROW)
    made = []
    for place, name in enumerate(names, start=2):
        empty_tells = dense and name in _MAY_BE_NOBODY
        some = placed.select(ROW, "ticket_id", "at", pl.col(name).alias("word"))
        some = some if empty_tells else some.filter(pl.col("word").is_not_null())
        first = (pl.col("ticket_id") != pl.col("ticket_id").shift(1)).fill_null(value=True)
        changed = ~pl.col("word").eq_missing(pl.col("word").shift(1)) & ~first
        begins = first & pl.col("word").is_not_null()
        made.append(_events(some.filter(changed | begins), actors, name, words, place))
    return made


def _events(some: pl.DataFrame, actors: pl.DataFrame, name: str, words: Words, place: int) -> pl.DataFrame:
    word = some["word"]
    readers = {"status": words.statuses, "priority": words.table("priority")}
    value = word
    if name == "status":
        value = looked_up(word, lambda text: status_of(text, readers["status"]), pl.String()).cast(CODED)
    elif name == "priority":
        value = looked_up(word, lambda text: priority_of(text, readers["priority"]), pl.String()).cast(CODED)
    elif name == "level":
        value = looked_up(word, level_of, pl.String()).cast(CODED)
    raw = (
        word if name in ("status", "priority", "level") else pl.Series([None], dtype=CODED).new_from_index(0, len(word))
    )
    made = {
        "seq": pl.col(ROW) * STEP + place,
        "kind": pl.lit(KINDS[name].value, EVENTS["kind"]),
        "public": pl.lit(None, pl.Boolean),
        "value": pl.lit(value),
        "raw": pl.lit(raw),
    }
    beside = some.with_columns(expr.alias(column) for column, expr in made.items())
    return beside.join(actors, on=ROW, how="left", maintain_order="left").select(list(EVENTS))

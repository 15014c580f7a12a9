"""Where a log and a final column tell the same instant (engine.md 2).

The final column stands for the last solution and the last closing when it is not earlier than the log's; differences
are counted. The creation of a table of tickets stands for that of a log.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from supportkpi.schema import EVENTS, Kind, Status

FINALS: Mapping[str, Status | None] = {"created_at": None, "solved_at": Status.solved, "closed_at": Status.closed}
_NAMES = {"solved_at": "the solution", "closed_at": "the closing"}


def with_finals(events: pl.LazyFrame, finals: pl.DataFrame) -> tuple[pl.LazyFrame, tuple[str, ...]]:
    """The events with the final instants of their tickets (ticket_id and any of FINALS), and what was found of them."""
    notes: list[str] = []
    for column, status in FINALS.items():
        if column not in finals.columns or not finals[column].count():
            continue
        known = finals.select(pl.col("ticket_id").cast(pl.Categorical()), pl.col(column).alias("_final")).drop_nulls()
        if status is None:
            events = _created(events, known)
        else:
            events, said = _done(events, known, status, _NAMES[column])
            notes += said
    return events, tuple(notes)


def _created(events: pl.LazyFrame, known: pl.DataFrame) -> pl.LazyFrame:
    """The events with one creation a ticket, at the instant that the table of tickets gives."""
    made = pl.col("kind") == Kind.created.value
    mine = events.filter(made).join(known.lazy(), on="ticket_id", how="semi").collect()
    first = mine.sort("at", "seq").unique("ticket_id", keep="first").select("ticket_id", "seq")
    who = mine.sort("at", "seq").group_by("ticket_id").agg(pl.col("actor", "actor_id").drop_nulls().first())
    one = mine.join(first, on=["ticket_id", "seq"], how="semi").drop("actor", "actor_id")
    moved = one.join(who, on="ticket_id").join(known, on="ticket_id").with_columns(pl.col("_final").alias("at"))
    rest = events.join(mine.select("ticket_id", "seq", "kind").lazy(), on=["ticket_id", "seq", "kind"], how="anti")
    return pl.concat([rest, moved.select(list(EVENTS)).lazy()])


def _done(events: pl.LazyFrame, known: pl.DataFrame, status: Status, name: str) -> tuple[pl.LazyFrame, list[str]]:
    """The events with the last step into a status at the final instant, moved there or added."""
    steps = events.filter(pl.col("kind") == Kind.status.value).join(known.lazy(), on="ticket_id").collect()
    steps = steps.sort("ticket_id", "at", "seq")
    last = steps.filter(pl.col("value") == status.value).unique("ticket_id", keep="last")
    newer = last.filter(pl.col("_final") > pl.col("at"))
    since = newer.select("ticket_id", pl.col("at").alias("_last"))
    between = steps.join(since, on="ticket_id").filter(pl.col("at").is_between("_last", "_final", closed="right"))
    moved = newer.join(between, on="ticket_id", how="anti")
    added = known.join(last, on="ticket_id", how="anti").vstack(
        newer.join(between, on="ticket_id", how="semi").select("ticket_id", "_final")
    )
    rest = events.join(moved.select("ticket_id", "seq").lazy(), on=["ticket_id", "seq"], how="anti")
    places = events.join(added.lazy(), on="ticket_id", how="semi").group_by("ticket_id").agg(pl.col("seq").max())
    placed = added.join(places.collect(), on="ticket_id", how="left")
    made = [moved.with_columns(pl.col("_final").alias("at")).select(list(EVENTS)), _steps(placed, status)]
    differ = last.filter(pl.col("_final") != pl.col("at")).height
    tickets = "1 ticket" if differ == 1 else f"{differ:,} tickets"
    said = f"{name} of {tickets} stands otherwise in its own column than in the history: the later is taken"
    return pl.concat([rest, *(frame.lazy() for frame in made)]), [said] if differ else []


def _steps(rows: pl.DataFrame, status: Status) -> pl.DataFrame:
    """A step into a status at the final instant of each ticket, by nobody knows whom."""
    coded = pl.Categorical()
    blank = {name: pl.lit(None, coded if dtype == pl.String else dtype) for name, dtype in EVENTS.items()}
    made = blank | {
        "ticket_id": pl.col("ticket_id"),
        "at": pl.col("_final"),
        "seq": pl.col("seq").fill_null(0),  # that of the ticket's last event: no row tells of the step itself
        "kind": pl.lit(Kind.status.value, EVENTS["kind"]),
        "value": pl.lit(status.value, coded),
    }
    return rows.select(value.alias(column) for column, value in made.items())

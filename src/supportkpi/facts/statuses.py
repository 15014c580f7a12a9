"""Status intervals, and what they say about solving: when first, when last, whether it stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import polars as pl

from supportkpi.schema import DONE, INSTANT, Dataset, Exclusion, Extent, Kind, Log, Sight, Status

INTERVALS = {"ticket_id": pl.String(), "status": pl.String(), "start": INSTANT, "end": INSTANT}


def shows_every_status(dataset: Dataset) -> bool:
    """Whether the history holds every change of status, so that intervals can be trusted."""
    return isinstance(dataset.history, Log) and dataset.observes.get(Sight.status, Extent(0)) == Extent.EVERY


def intervals(dataset: Dataset, tickets: pl.DataFrame, as_of: datetime | None) -> pl.DataFrame:
    """(ticket_id, status, start, end) in order, end null while it lasts; empty unless every status is shown.

    A ticket's life starts in status new at its creation, unless an event of that instant or before says otherwise. Of
    several events at one instant the last in the file stands.
    """
    if not shows_every_status(dataset) or not isinstance(dataset.history, Log):
        return pl.DataFrame(schema=INTERVALS)
    changes = dataset.history.frame.filter(
        (pl.col("kind") == Kind.status.value) & pl.col("value").is_in([status.value for status in Status])
    ).select("ticket_id", pl.col("value").alias("status"), pl.col("at").alias("start"), pl.col("seq").cast(pl.Int64))
    if as_of is not None:
        changes = changes.filter(pl.col("start") <= pl.lit(as_of, INSTANT))
    births = tickets.lazy().select(
        "ticket_id",
        pl.lit(Status.new.value).alias("status"),
        pl.col("created_at").alias("start"),
        pl.lit(-1, pl.Int64).alias("seq"),
    )
    ordered = pl.concat([births.drop_nulls("start"), changes]).sort("ticket_id", "start", "seq").collect()
    # A status stamped before the creation is a wrong clock: a birth behind it would undo what it says.
    ordered = ordered.filter(
        (pl.col("seq") >= 0) | (pl.col("ticket_id") != pl.col("ticket_id").shift(1)).fill_null(value=True)
    )
    same_next = pl.col("ticket_id") == pl.col("ticket_id").shift(-1)
    return ordered.select(
        "ticket_id", "status", "start", pl.when(same_next).then(pl.col("start").shift(-1)).alias("end")
    ).filter(pl.col("end").is_null() | (pl.col("end") > pl.col("start")))


def resolution(
    tickets: pl.DataFrame,
    statuses: pl.DataFrame,
    dataset: Dataset,
    *,
    as_of: datetime | None,
    reasons: Mapping[str, str],
) -> pl.DataFrame:
    """Adds first_solved_at, last_solved_at, resolved_at, is_resolved (null: unknown), solve_events and reopens.

    Also ``shortest_solved``: the shortest time for which a solution stood before the ticket was reopened.

    Solved and closed are one state: closing a solved ticket later is bookkeeping, not a resolution (method 2.2, rt-06).
    """
    if shows_every_status(dataset):
        entries = _entries(statuses)
        joined = tickets.join(entries, on="ticket_id", how="left", maintain_order="left").with_columns(
            pl.col("is_resolved").fill_null(value=False),
            pl.col("solve_events", "reopens").fill_null(0),
            exclusion=pl.coalesce(
                pl.col("exclusion"),
                pl.when(pl.col("_last_status") == Status.deleted.value).then(
                    pl.lit(Exclusion.deleted.value, pl.Enum(Exclusion))
                ),
            ),
        )
    else:
        joined = tickets.with_columns(*_from_edges(as_of, dated="last_solve_at" not in reasons))
    resolved_at = pl.when(pl.col("is_resolved")).then(pl.col("last_solved_at")).alias("resolved_at")
    return joined.with_columns(resolved_at).drop("_last_status", strict=False)


def _entries(statuses: pl.DataFrame) -> pl.DataFrame:
    """One row a ticket: what its intervals say about entering and leaving the solved state."""
    done = pl.col("status").is_in(DONE)
    before = pl.when(pl.col("ticket_id") == pl.col("ticket_id").shift(1)).then(done.shift(1)).fill_null(value=False)
    marked = statuses.select("ticket_id", "start", "status", "end", done.alias("done"), before.alias("before"))
    entered, left = pl.col("done") & ~pl.col("before"), ~pl.col("done") & pl.col("before")
    last = pl.col("end").is_null()
    return (
        marked.with_columns(
            entered_at=pl.when(entered).then("start"),
            left_at=pl.when(left).then("start"),
            now=pl.when(last).then("status"),
        )
        .with_columns(stood=pl.col("left_at") - pl.col("entered_at").forward_fill())
        .group_by("ticket_id")
        .agg(
            pl.col("entered_at").min().alias("first_solved_at"),
            pl.col("entered_at").max().alias("last_solved_at"),
            pl.col("entered_at").count().cast(pl.UInt32).alias("solve_events"),
            pl.col("left_at").count().cast(pl.UInt32).alias("reopens"),
            pl.col("stood").min().alias("shortest_solved"),
            pl.col("now").max().is_in(DONE).alias("is_resolved"),
            pl.col("now").max().alias("_last_status"),
        )
    )


def _from_edges(as_of: datetime | None, *, dated: bool) -> list[pl.Expr]:
    """The same from first and last instants and the current status of a flat export.

    A status word that nobody mapped leaves the ticket unresolved as unknown (null), unless it has a date of solution.
    With an ``as_of`` before the export the current status is later than what is asked about, so the visible instants
    decide; where solutions have no dates at all, whether a ticket that is solved today was solved then is unknown.
    """
    first = pl.coalesce("first_solve_at", "first_close_at")
    last = pl.coalesce("last_solve_at", "last_close_at", "first_solve_at", "first_close_at")
    by_status = pl.col("status").cast(pl.String).is_in(DONE)
    by_instant = last.is_not_null()
    unknown_word = pl.col("status").is_null() & pl.col("status_raw").is_not_null()
    is_resolved = (
        pl.when(pl.col("status").is_not_null())
        .then(by_status)
        .when(unknown_word & ~by_instant)
        .then(None)
        .otherwise(by_instant)
    )
    if as_of is not None:
        puzzling = (by_status | unknown_word) & ~by_instant & pl.lit(not dated)
        then = pl.when(~puzzling.fill_null(value=False)).then(by_instant)
        is_resolved = pl.when(pl.col("observed_until") > pl.lit(as_of, INSTANT)).then(then).otherwise(is_resolved)
    return [
        first.alias("first_solved_at"),
        last.alias("last_solved_at"),
        is_resolved.alias("is_resolved"),
        pl.when(last.is_not_null()).then(1).otherwise(0).cast(pl.UInt32).alias("solve_events"),
        pl.lit(None, pl.UInt32).alias("reopens"),
        pl.lit(None, pl.Duration("us")).alias("shortest_solved"),
    ]

"""Status intervals, and what they say about solving: when first, when last, whether it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl

from supportkpi.facts.declared import shows
from supportkpi.facts.keyed import KEY, Keyed, begins, counted, inserted, placed
from supportkpi.schema import DONE, INSTANT, Actor, Dataset, Exclusion, Extent, Kind, Log, Sight, Status

STATUS, ACTOR = pl.Enum(Status), pl.Enum(Actor)
WORD = pl.Categorical()
INTERVALS = {
    KEY: pl.UInt32(),
    "status": STATUS,
    "raw": WORD,
    "by": ACTOR,
    "start": INSTANT,
    "end": INSTANT,
}


def shows_every_status(dataset: Dataset) -> bool:
    """Whether the history holds every change of status, so that intervals can be trusted."""
    return isinstance(dataset.history, Log) and shows(dataset, Sight.status, Extent.EVERY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statuses:
    """The statuses of every ticket, as far as the history shows them.

    ``frame``: columns of INTERVALS in order, end null while it lasts; ``by`` is who changed the status, ``raw`` their
    word. It is empty unless the history shows every change (``are_shown``) in words that are understood (``are_read``).
    """

    frame: pl.DataFrame
    are_shown: bool = False
    are_read: bool = True

    @property
    def are_known(self) -> bool:
        """Whether the intervals can be trusted."""
        return self.are_shown and self.are_read


def intervals(events: Keyed, tickets: pl.DataFrame, as_of: datetime | None) -> Statuses:
    """The status intervals of every ticket.

    A ticket's life starts in status new at its creation, unless an event of that instant or before says otherwise. Of
    several events at one instant the last in the file stands.
    """
    if not shows_every_status(events.dataset):
        return Statuses(frame=pl.DataFrame(schema=INTERVALS))
    changes = _changes(events, as_of)
    if changes.is_empty() and not events.holds("a word of the status is read", _are_read):
        return Statuses(frame=pl.DataFrame(schema=INTERVALS), are_shown=True, are_read=False)
    return Statuses(frame=_laid_out(changes, tickets), are_shown=True)


def _are_read(events: Keyed) -> bool:
    """Whether any word of the status is understood, or there is none at all."""
    words = events.events.filter(pl.col("kind") == Kind.status.value)
    counted = words.select(said=pl.len(), read=pl.col("value").cast(STATUS, strict=False).count())
    said, read = counted.collect().row(0)
    return bool(read) or not said


def _changes(events: Keyed, as_of: datetime | None) -> pl.DataFrame:
    """(KEY, status, raw, by, start, seq) of every change of a status that is understood, in order."""
    told = events.of(Kind.status, as_of).select(
        KEY,
        pl.col("value").cast(STATUS, strict=False).alias("status"),
        pl.col("raw").cast(WORD),
        pl.col("actor").alias("by"),
        pl.col("at").alias("start"),
        pl.col("seq").cast(pl.Int64),
    )
    return told.filter(pl.col("status").is_not_null()) if told["status"].has_nulls() else told


def _laid_out(changes: pl.DataFrame, tickets: pl.DataFrame) -> pl.DataFrame:
    births = tickets.select(
        KEY,
        pl.lit(Status.new.value, STATUS).alias("status"),
        pl.lit(None, WORD).alias("raw"),
        pl.lit(None, ACTOR).alias("by"),
        pl.col("created_at").alias("start"),
        pl.lit(-1, pl.Int64).alias("seq"),
    )
    ordered = inserted(births.drop_nulls("start"), changes, "start")
    # A status stamped before the creation is a wrong clock: a birth behind it would undo what it says.
    ordered = ordered.filter((pl.col("seq") >= 0) | (pl.col(KEY) != pl.col(KEY).shift(1)).fill_null(value=True))
    same_next = pl.col(KEY) == pl.col(KEY).shift(-1)
    return ordered.select(
        KEY, "status", "raw", "by", "start", pl.when(same_next).then(pl.col("start").shift(-1)).alias("end")
    ).filter(pl.col("end").is_null() | (pl.col("end") > pl.col("start")))


def named(frame: pl.DataFrame, tickets: pl.DataFrame) -> pl.DataFrame:
    """Intervals of the tickets that there are, under the ids of these: ticket_id, then INTERVALS without KEY."""
    ids = placed(tickets.select(KEY, "ticket_id"), frame[KEY])
    rows = frame.select("status", "start", "end", "raw", "by").insert_column(0, ids["ticket_id"])
    return rows.filter(pl.col("ticket_id").is_not_null()) if rows["ticket_id"].has_nulls() else rows


def resolution(
    tickets: pl.DataFrame, statuses: Statuses, *, as_of: datetime | None, reasons: Mapping[str, str]
) -> pl.DataFrame:
    """Adds first_solved_at, last_solved_at, resolved_at, solved_by, is_resolved (null: unknown), solve_events, reopens.

    Also ``shortest_solved``, the shortest time for which a solution stood before the ticket was reopened, and
    ``_shortest_asked``, the same of reopenings that no agent made.

    Solved and closed are one state: closing a solved ticket later is bookkeeping, not a resolution (method 2.2, rt-06).
    """
    if statuses.are_known:
        entries = placed(_entries(statuses.frame), tickets[KEY])
        joined = tickets.hstack(entries).with_columns(
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
        if not statuses.are_read:
            joined = joined.with_columns(is_resolved=pl.lit(None, pl.Boolean))
    resolved = pl.col("is_resolved")
    return joined.with_columns(
        pl.when(resolved).then(pl.col("last_solved_at")).alias("resolved_at"),
        pl.when(resolved).then(pl.col("solved_by")).alias("solved_by"),
    ).drop("_last_status", strict=False)


def _entries(statuses: pl.DataFrame) -> pl.DataFrame:
    """One row a ticket: what its intervals say about entering and leaving the solved state.

    Intervals stand in order and none is empty, so that the first and the last row of a ticket are its earliest and its
    latest.
    """
    done = pl.col("status").is_in(DONE)
    before = pl.when(pl.col(KEY) == pl.col(KEY).shift(1)).then(done.shift(1)).fill_null(value=False)
    marked = statuses.select(KEY, "start", "status", "end", "by", done.alias("done"), before.alias("before"))
    turns = marked.filter(pl.col("done") != pl.col("before"))
    last = statuses.select(KEY, "status").filter(begins(statuses[KEY]).shift(-1, fill_value=True))
    found = last.select(KEY, pl.col("status").alias("_last_status"), is_resolved=done)
    for each in (_entered(turns.filter("done")), _left(turns)):
        found = found.hstack(placed(each, found[KEY]))
    return found.with_columns(pl.col("solve_events", "reopens").fill_null(0))


def _entered(turns: pl.DataFrame) -> pl.DataFrame:
    """KEY, first_solved_at, last_solved_at, solved_by, solve_events of the tickets that were ever solved."""
    first = begins(turns[KEY])
    last = turns.filter(first.shift(-1, fill_value=True))
    return pl.DataFrame(
        [
            turns[KEY].filter(first),
            turns["start"].filter(first).alias("first_solved_at"),
            last["start"].alias("last_solved_at"),
            last["by"].alias("solved_by"),
            counted(first).alias("solve_events"),
        ]
    )


def _left(turns: pl.DataFrame) -> pl.DataFrame:
    """KEY, reopens, shortest_solved and _shortest_asked of the tickets that came back, out of steps in and out."""
    left = turns.with_columns(stood=pl.col("start") - pl.col("start").shift(1)).filter(~pl.col("done"))
    asked = pl.when((pl.col("by") != Actor.agent.value).fill_null(value=True)).then("stood")
    return left.group_by(KEY).agg(
        pl.len().cast(pl.UInt32).alias("reopens"),
        pl.col("stood").min().alias("shortest_solved"),
        asked.min().alias("_shortest_asked"),
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
        pl.lit(None, pl.Duration("us")).alias("_shortest_asked"),
        pl.when(pl.col("last_solve_at").is_not_null())
        .then("last_solve_by")
        .when(pl.col("last_close_at").is_not_null())
        .then("last_close_by")
        .alias("solved_by"),
    ]


def reopened(tickets: pl.DataFrame, window: timedelta) -> pl.DataFrame:
    """Adds is_reopened (within the window after a solution, not by an agent), is_reopened_by_agent, is_reopen_mature.

    Null of a ticket that was never solved. Mature: the window after the first solution is over, as far as anyone has
    looked (method 2.7: reopened by the customer; what a rule reopens, it reopens for a message of theirs).
    """
    solved = pl.col("first_solved_at").is_not_null()
    looked = pl.min_horizontal("observed_until", "until")  # not beyond the export, whatever is taken as open there
    asked = (pl.col("_shortest_asked") <= window).fill_null(value=False)
    soon = (pl.col("shortest_solved") <= window).fill_null(value=False)
    return tickets.with_columns(
        is_reopened=pl.when(solved).then(asked),
        is_reopened_by_agent=pl.when(solved).then(soon & ~asked),
        is_reopen_mature=pl.when(solved).then(pl.col("first_solved_at") + window <= looked),
    ).drop("_shortest_asked")

"""The events of a history under one integer a ticket, whatever type its ids have: what sorting and grouping go by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import polars as pl

from supportkpi.schema import INSTANT, Dataset, Kind, log

_READ_AGAIN = (Kind.status, Kind.group, Kind.assignee, Kind.message)
KEY = "_key"
"""Name of the integer (UInt32) that stands for a ticket while its history is folded."""
_BOTH, _BITS, _SECOND = "_both", 62, 1_000_000
_TELLS: Mapping[Kind, tuple[str, ...]] = {
    Kind.message: ("actor", "actor_id", "public"),
    Kind.status: ("actor", "value", "raw"),
}
"""What of an event is read, by its kind; of others the actor and the value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """``tickets`` tickets from the ``first`` on; all their events are ``height`` rows from ``start`` on, if known."""

    first: int
    tickets: int
    start: int = 0
    height: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyed:
    """The history of a dataset: ``events`` have the columns of EVENTS, ``KEY`` for ticket_id, in no order.

    ``keys`` are those of the tickets, row for row: their places; ``kinds`` are those of the events. No event is of a
    ticket that the dataset lacks. Of a batch of its tickets: the same of these alone, and the history that they
    are ``part_of``. ``in_order``: the events stand by ticket, instant and place in the file.
    """

    dataset: Dataset
    events: pl.LazyFrame
    keys: pl.Series
    kinds: frozenset[str]
    in_order: bool = False
    part_of: Keyed | None = None
    _held: dict[tuple[Kind, datetime | None], pl.DataFrame] = field(default_factory=dict)
    _known: dict[str, bool] = field(default_factory=dict)
    cuts: list[Cut] = field(default_factory=list)  # where it was cut into batches, once somebody has done so

    def holds(self, question: str, of: Callable[[Keyed], bool]) -> bool:
        """Whether something holds ``of`` the whole history, however few of its tickets these are: asked but once."""
        whole = self.part_of or self
        if question not in whole._known:
            whole._known[question] = of(whole)
        return whole._known[question]

    def until(self, as_of: datetime | None) -> pl.LazyFrame:
        """The events that are seen: those at ``as_of`` or before."""
        return self.events if as_of is None else self.events.filter(pl.col("at") <= pl.lit(as_of, INSTANT))

    def of(self, kind: Kind, as_of: datetime | None) -> pl.DataFrame:
        """The events of a kind that are seen, by ticket (KEY), instant, place in the file (at, seq).

        Beside these all have the actor; a message actor_id and public, a change of the status value and raw, others the
        value.
        """
        if (kind, as_of) in self._held:
            return self._held[kind, as_of]
        told = self.until(as_of).filter(pl.col("kind") == kind.value)
        told = told.select(KEY, "at", "seq", *_TELLS.get(kind, ("actor", "value")))
        rows = (told if kind.value in self.kinds else told.clear()).collect()
        rows = rows if self.in_order else in_order(rows, "at")
        if kind in _READ_AGAIN:
            self._held[kind, as_of] = rows
        return rows

    def forget(self) -> None:
        """Let go of the events that are held for those who ask again."""
        self._held.clear()


def keyed(dataset: Dataset) -> Keyed:
    """The events of either form of a history, keyed by the row of their ticket."""
    events, ids = log(dataset), dataset.tickets["ticket_id"]
    dtype = events.collect_schema()["ticket_id"]
    keys = pl.int_range(len(ids), dtype=pl.UInt32, eager=True).alias(KEY)
    kinds = frozenset(events.select(pl.col("kind").unique()).collect()["kind"].cast(pl.String).drop_nulls())
    if isinstance(dtype, pl.Categorical):
        rows = _rows_of(ids.cast(dtype).to_physical().cast(pl.UInt32))
        key = (
            pl.col("ticket_id")  # row for row, so that a filter of events may come before it
            .map_batches(
                lambda codes: rows.gather(codes.to_physical().cast(pl.UInt32), null_on_oob=True),
                return_dtype=pl.UInt32(),
                is_elementwise=True,
            )
            .alias(KEY)
        )
        has_strangers = events.select(key.is_null().any()).collect().item()
        known = events.with_columns(key).drop("ticket_id")
        known = known.filter(pl.col(KEY).is_not_null()) if has_strangers else known
    else:
        known = events.join(pl.DataFrame([ids, keys]).lazy(), on="ticket_id").drop("ticket_id")
    return Keyed(dataset=dataset, events=known, keys=keys, kinds=kinds)


def _rows_of(codes: pl.Series) -> pl.Series:
    """The row of a ticket by its code; null where no ticket has it."""
    top = codes.max()
    table = pl.repeat(None, top + 1 if isinstance(top, int) else 1, dtype=pl.UInt32, eager=True)
    return table.scatter(codes, pl.int_range(len(codes), dtype=pl.UInt32, eager=True)) if len(codes) else table


def placed(values: pl.DataFrame, keys: pl.Series) -> pl.DataFrame:
    """The columns of a frame of one row a key, row for row with ``keys``; null where it has none."""
    if values[KEY].equals(keys):
        return values.drop(KEY)
    at = places(values[KEY], keys)
    return pl.DataFrame([column.gather(at) for column in values.drop(KEY)])


def with_tickets(rows: pl.DataFrame, tickets: pl.DataFrame) -> pl.DataFrame:
    """The rows (KEY) of tickets that there are, beside the columns of these."""
    at = places(tickets[KEY], rows[KEY])
    if at.has_nulls():
        known = at.is_not_null()
        rows, at = rows.filter(known), at.filter(known)
    return rows.hstack([column.gather(at) for column in tickets.drop(KEY)])


def places(among: pl.Series, keys: pl.Series) -> pl.Series:
    """Where each key stands ``among`` keys that differ (UInt32); null where it does not.

    Keys are small numbers, so that a table of their places finds them at a third of the cost of a join.
    """
    if _are_places(among):
        return keys if len(among) > (keys.max() or 0) else keys.set(keys >= len(among), None)  # type: ignore[operator]
    highest = among.max()
    size = int(highest) + 1 if isinstance(highest, int) else 0
    table = pl.repeat(None, size, dtype=pl.UInt32, eager=True)
    if size:
        table = table.scatter(among, pl.int_range(len(among), dtype=pl.UInt32, eager=True))
    return table.gather(keys.set(keys >= size, None))


def _are_places(keys: pl.Series) -> bool:
    """Whether keys that differ are 0, 1, 2, …: those of all tickets, row for row."""
    return bool(len(keys)) and keys[0] == 0 and keys[-1] == len(keys) - 1 and keys.is_sorted()


def in_order(rows: pl.DataFrame, at: str) -> pl.DataFrame:
    """Rows by ticket (KEY), instant, place in the file (``seq``).

    Ticket and instant go into one integer where there is room for both: sorting by that, and leaving what is equal as
    it stands, takes half the time of sorting by three columns.
    """
    if are_placed(rows, at):
        return rows
    placed = rows["seq"].is_sorted()
    packed = _packed(rows, at)
    if packed is None:
        return rows.sort(KEY, at, "seq")
    rows = rows.with_columns(packed.alias(_BOTH))
    if not placed:
        rows = rows.sort("seq")
    return rows.sort(_BOTH, maintain_order=True).drop(_BOTH)


def inserted(firsts: pl.DataFrame, rows: pl.DataFrame, at: str) -> pl.DataFrame:
    """Rows in order with others among them, of each ticket at most one, that comes first where instants are equal.

    ``firsts`` have the columns of ``rows``, by KEY. Where none is later than the first row of its ticket, as creations
    hardly ever are, each row only moves down by the number of those above it, and nothing is sorted.
    """
    first = begins(rows[KEY]).arg_true().cast(pl.UInt32)
    row_of = places(rows[KEY].gather(first), firsts[KEY])
    known = row_of.is_not_null()
    earlier = firsts[at].filter(known) <= rows[at].gather(first.gather(row_of.filter(known)))
    if not (firsts[KEY].is_sorted() and rows[KEY].is_sorted() and earlier.all()):
        return in_order(pl.concat([firsts, rows]), at)
    every = pl.concat([firsts[KEY], rows[KEY]]).max()
    size = int(every) + 1 if isinstance(every, int) else 0
    has = pl.repeat(0, size, dtype=pl.UInt32, eager=True).scatter(firsts[KEY], 1)
    above = has.cum_sum().cast(pl.UInt32)
    place = pl.int_range(rows.height, dtype=pl.UInt32, eager=True) + above.gather(rows[KEY])
    total = rows.height + firsts.height
    order = pl.repeat(None, total, dtype=pl.UInt32, eager=True)
    order = order.scatter(place, pl.int_range(firsts.height, total, dtype=pl.UInt32, eager=True))
    order = order.scatter(order.is_null().arg_true(), pl.int_range(firsts.height, dtype=pl.UInt32, eager=True))
    return pl.concat([firsts, rows])[order]


def are_in_order(rows: pl.DataFrame, at: str) -> bool:
    """Whether rows stand by ticket (KEY), and those of each by an instant that all of them have."""
    if not rows[KEY].is_sorted() or rows[at].has_nulls():
        return False
    back = (pl.col(at) < pl.col(at).shift(1)) & (pl.col(KEY) == pl.col(KEY).shift(1))
    return not rows.select(back.any()).item()


def are_placed(rows: pl.DataFrame, at: str) -> bool:
    """Whether rows stand by ticket, instant and place in the file, all of which they have."""
    if not rows[KEY].is_sorted() or rows[at].has_nulls() or rows["seq"].has_nulls():
        return False
    earlier, tied = pl.col(at) < pl.col(at).shift(1), pl.col(at) == pl.col(at).shift(1)
    back = earlier | (tied & (pl.col("seq") < pl.col("seq").shift(1)))
    return not rows.select((back & (pl.col(KEY) == pl.col(KEY).shift(1))).any()).item()


def begins(keys: pl.Series) -> pl.Series:
    """Whether a row is the first of its ticket, where the rows of each stand together."""
    return (keys != keys.shift(1)).fill_null(value=True)


def counted(first: pl.Series) -> pl.Series:
    """How many rows each ticket has, of rows whose first ones are marked (UInt32)."""
    place = first.arg_true().cast(pl.UInt32)
    return place.shift(-1, fill_value=len(first)) - place


def _packed(rows: pl.DataFrame, at: str) -> pl.Series | None:
    """Ticket and instant in one integer that compares like both; None where an instant is absent or they do not fit."""
    instants = rows[at].to_physical()
    first, last, highest = instants.min(), instants.max(), rows[KEY].max()
    if instants.has_nulls() or not isinstance(first, int) or not isinstance(last, int) or not isinstance(highest, int):
        return None
    unit = _SECOND if bool(((instants - first) % _SECOND == 0).all()) else 1
    bits = ((last - first) // unit).bit_length()
    if bits + highest.bit_length() > _BITS:
        return None
    return rows[KEY].cast(pl.Int64) * (1 << bits) + (instants - first) // unit


def text(column: str) -> pl.Expr:
    """A column of words that a log may hold as String or Categorical, as String."""
    return pl.col(column).cast(pl.String)

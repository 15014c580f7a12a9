"""One row a ticket out of the rows of a log: how many they are, which is the newest, and how the ticket stands then."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from supportkpi.loaders._part import ROWS
from supportkpi.loaders.logs._main import CODED
from supportkpi.loaders.logs._values import Main
from supportkpi.loaders.tables import ROW
from supportkpi.schema import EVENTS, SOMEBODY, TICKETS, Actor, Kind

_BITS = 63
_UNITS = (1, 1_000, 1_000_000)
_LAST = {Kind.status: "status", Kind.priority: "priority", Kind.assignee: "assignee_id", Kind.group: "group"}


def latest(main: Main, *, standing: bool, born: bool = True, askers: bool = False) -> pl.DataFrame:
    """A row a ticket, in the order of the file: ticket_id, ``_rows``, the ``_row`` and instant of its oldest and its
    newest row (first_row, last_row, first_at, updated_at); with ``standing`` also status, priority, assignee_id and
    group as the last event of that kind left them (``NAME`` the value, ``NAME_raw`` the word); with ``askers`` also
    requester_id, the first customer that the rows name. Where nobody asks how a ticket was ``born``, the oldest row
    is not looked for, and the newest stands in its place.

    An instant and its place in the file are packed into one integer, so that one pass without any order is enough.
    """
    frame = main.frame
    key = _packed(frame)
    kinds = _kinds_of(main) if standing else []
    asks = pl.col("actor") == Actor.customer.value
    lone = frame.lazy().select(
        "ticket_id",
        key.alias("_key"),
        *([pl.when(asks).then(key).alias("_asks")] if askers else []),
        *(pl.when(pl.col("kind") == kind.value).then(key).alias(f"_{kind.value}") for kind in kinds),
    )
    folded = lone.group_by("ticket_id").agg(
        pl.len().cast(pl.UInt32).alias(ROWS),
        *([pl.col("_key").min().alias("_first")] if born else []),
        pl.col("_key").max().alias("_last"),
        *([pl.col("_asks").min()] if askers else []),
        *(pl.col(f"_{kind.value}").max() for kind in kinds),
    )
    tickets = folded.collect()
    mask = (1 << frame.height.bit_length()) - 1
    place = {name: tickets[name] & mask for name in tickets.columns if name not in ("ticket_id", ROWS)}
    first = place["_first" if born else "_last"]
    made = [
        frame[ROW].gather(first).alias("first_row"),
        frame[ROW].gather(place["_last"]).alias("last_row"),
        frame["at"].gather(first).alias("first_at"),
        frame["at"].gather(place["_last"]).alias("updated_at"),
    ]
    if askers:
        made.append(_requester(frame["actor_id"].gather(place["_asks"])))
    for kind in kinds:
        made += _standing(main, kind, place[f"_{kind.value}"])
    return tickets.select("ticket_id", ROWS).with_columns(made).sort("first_row")


def _requester(names: pl.Series) -> pl.Series:
    """Who asked, if the names tell customers apart at all."""
    known = names.cast(pl.String).str.to_lowercase().alias("requester_id")
    return known if known.n_unique() > 1 or len(known) == 1 else known.set(known.is_not_null(), None)


def _kinds_of(main: Main) -> list[Kind]:
    found = set(main.counts["kind"].unique().drop_nulls().cast(pl.String).to_list())
    return [kind for kind in _LAST if kind.value in found]


def _packed(frame: pl.DataFrame) -> pl.Expr:
    """The instant, as fine as there is room for, before the place in the file."""
    first, last = frame["at"].min(), frame["at"].max()
    bits = frame.height.bit_length()
    if not isinstance(first, datetime) or not isinstance(last, datetime):
        return pl.lit(0, pl.Int64)
    start = int(pl.select(pl.lit(first, frame.schema["at"]).cast(pl.Int64)).item())
    span = int((last - first).total_seconds() * 1_000_000) + 1
    unit = next(unit for unit in _UNITS if (span // unit).bit_length() + bits <= _BITS)
    since = (pl.col("at").cast(pl.Int64) - start) // unit
    return since * (1 << bits) + pl.int_range(pl.len(), dtype=pl.Int64)


def _standing(main: Main, kind: Kind, place: pl.Series) -> list[pl.Series]:
    name = _LAST[kind]
    last = main.frame.select(pl.col("kind", "word", *main.own).gather(pl.lit(place)))
    told = last.select(main.value.alias("value"), main.raw.alias("raw"))
    made = [told["value"].cast(pl.String).replace(SOMEBODY, None).cast(TICKETS[name], strict=False).alias(name)]
    if f"{name}_raw" in TICKETS:
        made.append(told["raw"].cast(pl.String).alias(f"{name}_raw"))
    return made


def as_creations(tickets: pl.DataFrame, at: str, step: int) -> pl.DataFrame:
    """An event of creation (EVENTS) for each ticket that has the instant ``at``, before all others of its first row."""
    blank = {name: pl.lit(None, CODED) for name in ("actor_id", "value", "raw")}
    made = {
        "ticket_id": pl.col("ticket_id").cast(CODED),
        "at": pl.col(at),
        "seq": pl.col("first_row") * step,
        "kind": pl.lit(Kind.created.value, EVENTS["kind"]),
        "actor": pl.lit(None, EVENTS["actor"]),
        "public": pl.lit(None, pl.Boolean),
        **blank,
    }
    return tickets.filter(pl.col(at).is_not_null()).select(made[name].alias(name) for name in EVENTS)

"""One row a ticket out of the rows of a log: how many they are, which is the newest, and how the ticket stands then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from supportkpi.loaders._part import ROWS
from supportkpi.loaders.logs._codes import CODE
from supportkpi.loaders.logs._main import CODED
from supportkpi.loaders.logs._order import Order
from supportkpi.loaders.logs._values import Main
from supportkpi.loaders.tables import ROW
from supportkpi.schema import EVENTS, SOMEBODY, TICKETS, Actor, Kind

_BITS = 63
_UNITS = (1, 1_000, 1_000_000)
_LAST = {Kind.status: "status", Kind.priority: "priority", Kind.assignee: "assignee_id", Kind.group: "group"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked of the rows of a ticket: how it stands at the end, its oldest row, the first customer named."""

    standing: bool
    born: bool = True
    askers: bool = False


def latest(main: Main, order: Order, asked: Asked) -> pl.DataFrame:
    """A row a ticket, in the order of the file: ticket_id, ``_rows``, the ``_row`` and instant of its oldest and its
    newest row (first_row, last_row, first_at, updated_at); with ``standing`` also status, priority, assignee_id and
    group as the last event of that kind left them (``NAME`` the value, ``NAME_raw`` the word); with ``askers`` also
    requester_id, the first customer that the rows name. Where nobody asks how a ticket was ``born``, the oldest row
    is not looked for, and the newest stands in its place.
    """
    frame = main.frame
    kinds = _kinds_of(main) if asked.standing else []
    tickets, place = (_by_order if order.is_oldest_first else _by_instant)(main, kinds, asked)
    first = place["_first" if asked.born else "_last"]
    made = [
        frame[ROW].gather(first).alias("first_row"),
        frame[ROW].gather(place["_last"]).alias("last_row"),
        frame["at"].gather(first).alias("first_at"),
        frame["at"].gather(place["_last"]).alias("updated_at"),
    ]
    if asked.askers:
        made.append(_requester(frame["actor_id"].gather(place["_asks"])))
    for kind in kinds:
        made += _standing(main, kind, place[f"_{kind.value}"])
    found = tickets.with_columns(made)
    return found if found["first_row"].is_sorted() else found.sort("first_row")


Places = Mapping[str, pl.Series]
"""Places in the frame, ticket by ticket: of the oldest row (_first), the newest, the last of each kind, the asker's."""


def _by_order(main: Main, kinds: Sequence[Kind], asked: Asked) -> tuple[pl.DataFrame, Places]:
    """The tickets and places of rows that stand in the order of time, ticket by ticket or all of them.

    Rows write their places into a table by ticket, one after another: what stands there in the end is the last.
    """
    frame = main.frame
    codes = frame["ticket_id"].to_physical().cast(pl.UInt32).alias("code")
    top = codes.max()
    known, counts, edges = _spans(codes)

    def last(rows: pl.Series, of: pl.Series) -> pl.Series:
        size = top + 1 if isinstance(top, int) else 0
        return pl.repeat(None, size, dtype=pl.UInt32, eager=True).scatter(of, rows).gather(known)

    def chosen(mask: pl.Expr) -> tuple[pl.Series, pl.Series]:
        rows = frame.select(mask.fill_null(value=False).alias("mask"))["mask"].arg_true().cast(pl.UInt32)
        return rows, codes.gather(rows)

    place = dict(edges)
    if not edges:
        every = pl.int_range(frame.height, dtype=pl.UInt32, eager=True)
        place["_last"] = last(every, codes)
        if asked.born:
            place["_first"] = last(every.reverse(), codes.reverse())
    if asked.askers:
        rows, of = chosen(main.actor == Actor.customer.value)
        place["_asks"] = last(rows.reverse(), of.reverse())
    for kind in kinds:
        place[f"_{kind.value}"] = last(*chosen(main.tells(kind)))
    return pl.DataFrame([frame["ticket_id"].gather(place["_last"]), counts.alias(ROWS)]), place


def _spans(codes: pl.Series) -> tuple[pl.Series, pl.Series, Places]:
    """The codes of tickets and how many rows each has; where these stand together also its first and its last."""
    begins = (codes != codes.shift(1)).fill_null(value=True).arg_true().cast(pl.UInt32)
    known = codes.gather(begins)
    if known.n_unique() == len(known):
        after = begins.shift(-1, fill_value=len(codes))
        return known, after - begins, {"_first": begins, "_last": after - 1}
    counts = codes.to_frame().lazy().group_by("code").agg(pl.len().cast(pl.UInt32).alias(ROWS)).collect()
    return counts["code"], counts[ROWS], {}


def _by_instant(main: Main, kinds: Sequence[Kind], asked: Asked) -> tuple[pl.DataFrame, Places]:
    """The tickets and places of rows in any order.

    An instant and its place in the file are packed into one integer, so that one pass without any order is enough.
    """
    frame = main.frame
    key = _packed(frame)
    asks = main.actor == Actor.customer.value
    lone = frame.lazy().select(
        "ticket_id",
        key.alias("_key"),
        *([pl.when(asks).then(key).alias("_asks")] if asked.askers else []),
        *(pl.when(main.tells(kind)).then(key).alias(f"_{kind.value}") for kind in kinds),
    )
    folded = lone.group_by("ticket_id").agg(
        pl.len().cast(pl.UInt32).alias(ROWS),
        *([pl.col("_key").min().alias("_first")] if asked.born else []),
        pl.col("_key").max().alias("_last"),
        *([pl.col("_asks").min()] if asked.askers else []),
        *(pl.col(f"_{kind.value}").max() for kind in kinds),
    )
    tickets = folded.collect()
    mask = (1 << frame.height.bit_length()) - 1
    place = {name: tickets[name] & mask for name in tickets.columns if name not in ("ticket_id", ROWS)}
    return tickets.select("ticket_id", ROWS), place


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
    held = [each for each in (CODE, "own") if each in main.frame.columns]
    last = main.frame.select(pl.col(held).gather(pl.lit(place)))
    told = last.select(main.value, main.raw)
    made = [told["value"].cast(pl.String).replace(SOMEBODY, None).cast(TICKETS[name], strict=False).alias(name)]
    if f"{name}_raw" in TICKETS:
        made.append(told["raw"].cast(pl.String).alias(f"{name}_raw"))
    return made


def as_creations(tickets: pl.DataFrame, at: str, step: int) -> pl.DataFrame:
    """An event of creation (EVENTS) for each ticket that has the instant ``at``, before all others of its first row."""
    return _at_first(tickets, at, step, Kind.created)


def on_first_line(tickets: pl.DataFrame, at: str, step: int) -> pl.DataFrame:
    """An event (EVENTS) for each ticket that has the instant ``at``: it stands on the first support line then."""
    found = _at_first(tickets, at, step, Kind.level)
    return found.with_columns(pl.lit("1", CODED).alias("value"))


def _at_first(tickets: pl.DataFrame, at: str, step: int, kind: Kind) -> pl.DataFrame:
    blank = {name: pl.lit(None, CODED) for name in ("actor_id", "value", "raw")}
    made = {
        "ticket_id": pl.col("ticket_id").cast(CODED),
        "at": pl.col(at),
        "seq": pl.col("first_row") * step,
        "kind": pl.lit(kind.value, EVENTS["kind"]),
        "actor": pl.lit(None, EVENTS["actor"]),
        "public": pl.lit(None, pl.Boolean),
        **blank,
    }
    return tickets.filter(pl.col(at).is_not_null()).select(made[name].alias(name) for name in EVENTS)

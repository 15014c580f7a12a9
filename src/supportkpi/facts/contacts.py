"""Contacts of one customer side by side: what came before a ticket was created, and what came after it was solved.

Two columns of integers are sorted once, the hash of the key and the instant; neighbours are compared, and the key
itself is looked at again in the pairs that were found. Windows over strings would cost four to ten times as much.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import polars as pl

from supportkpi.schema import INSTANT

_MICROSECOND = timedelta(microseconds=1)
_BITS, _SECOND = 62, 1_000_000
_SAME = pl.col("hash") == pl.col("hash").shift(1)


def folded(column: str) -> pl.Expr:
    """Who asked, as customers compare: letter case aside."""
    return pl.col(column).str.to_lowercase()


def around_solutions(tickets: pl.DataFrame, key: Sequence[pl.Expr], within: timedelta) -> pl.DataFrame:
    """What stands beside each ticket among those of the same key, row for row with the tickets.

    Columns: ``before`` (INSTANT), the last solution in the time ``within`` before the creation; ``after`` (INSTANT),
    the first creation ``within`` after the solution; ``is_beside``, whether an older ticket was open at the creation.
    What happened at the very instant is neither before nor after.

    Tickets that were excluded or lack a part of the key have no neighbours. A solution stamped before the creation
    counts as made with it, so that no ticket follows itself.
    """
    rows = _keyed(tickets, key)
    events = _in_order(rows)
    created = ~pl.col("is_end")
    tied = (_SAME & created & created.shift(1) & (pl.col("at") == pl.col("at").shift(1))).fill_null(value=False)
    standing = pl.col("moves").cum_sum() - pl.col("moves")
    marked = events.with_columns(
        # Of tickets created at one instant none is the older one: all see what the first of them saw.
        standing=pl.when(~tied).then(standing).forward_fill(),
        at_first=pl.when(_SAME.fill_null(value=False)).then(None).otherwise(standing).forward_fill(),
        **{f"{name}_before": pl.when("is_end").then(name).forward_fill() for name in ("hash", "at", "row")},
        **{f"{name}_after": pl.when(created).then(name).backward_fill() for name in ("hash", "at", "row")},
    )
    starts, stops = marked.filter(created), marked.filter("is_end")
    beside = starts.select("row", is_beside=pl.col("standing") > pl.col("at_first"))
    return pl.DataFrame(
        [
            _placed(_pairs(starts, "before", within, tickets, key), "before", tickets.height),
            _placed(_pairs(stops, "after", within, tickets, key), "after", tickets.height),
            _spread(beside, "is_beside", tickets.height),
        ]
    )


def around_creations(tickets: pl.DataFrame, key: Sequence[pl.Expr], within: timedelta) -> pl.DataFrame:
    """``before`` and ``after`` (INSTANT): the nearest creations of the same key before and after each creation."""
    rows = _keyed(tickets, key).drop_nulls("start").select("hash", at="start", row="row").sort("hash", "at")
    found = []
    for name, step in (("before", 1), ("after", -1)):
        tied = (pl.col("hash") == pl.col("hash").shift(step)) & (pl.col("at") == pl.col("at").shift(step))
        apart = ~tied.fill_null(value=False)
        fill = pl.Expr.forward_fill if step == 1 else pl.Expr.backward_fill
        marked = rows.with_columns(
            fill(pl.when(apart).then(pl.col(column).shift(step))).alias(f"{column}_{name}")
            for column in ("hash", "at", "row")
        )
        found.append(_placed(_pairs(marked, name, within, tickets, key), name, tickets.height))
    return pl.DataFrame(found)


def first_after(tickets: pl.DataFrame, happened: pl.DataFrame, within: timedelta) -> pl.Series:
    """The first thing that a customer did ``within`` the time after each ticket's solution (INSTANT), by ticket.

    ``happened`` has requester_id and ``at``; at the very instant of the solution is not after it.
    """
    who = happened.select(folded("requester_id").alias("who"), "at").drop_nulls()
    known = tickets.select(who=folded("requester_id"), end=pl.col("resolved_at"))
    people = pl.concat([known["who"], who["who"]])
    hashes = people.hash()
    ends = known.select(
        hash=hashes.head(tickets.height), at=pl.col("end").to_physical(), row=pl.int_range(pl.len(), dtype=pl.UInt32)
    ).filter(known["who"].is_not_null() & known["end"].is_not_null())
    acts = who.select(
        hash=hashes.tail(who.height),
        at=pl.col("at").to_physical(),
        row=pl.int_range(pl.len(), dtype=pl.UInt32) + tickets.height,
    )
    events = pl.concat([ends.with_columns(is_end=True), acts.with_columns(is_end=False)], how="vertical_relaxed")
    did = ~pl.col("is_end")
    marked = events.sort("hash", "at", "is_end").with_columns(
        pl.when(did).then(name).backward_fill().alias(f"{name}_after") for name in ("hash", "at", "row")
    )
    near = _near(marked.filter("is_end"), "after", within)
    same = people.gather(near["row"]) == people.gather(near["row_after"])
    return _placed(near.filter(same), "after", tickets.height)


def _keyed(tickets: pl.DataFrame, key: Sequence[pl.Expr]) -> pl.DataFrame:
    """``hash`` of the key, ``row``, ``start`` and ``end`` in microseconds, of the tickets whose key another one has."""
    parts = [part.alias(f"key{place}") for place, part in enumerate(key)]
    rows = tickets.select(
        pl.struct(parts).hash().alias("hash"),
        pl.int_range(pl.len(), dtype=pl.UInt32).alias("row"),
        pl.col("created_at").to_physical().alias("start"),
        pl.when(pl.col("resolved_at").is_not_null())
        .then(pl.max_horizontal("resolved_at", "created_at"))
        .to_physical()
        .alias("end"),
        (pl.col("exclusion").is_null() & pl.all_horizontal(part.is_not_null() for part in parts)).alias("linkable"),
    )
    return rows.filter("linkable").filter(pl.col("hash").is_duplicated())


def _in_order(rows: pl.DataFrame) -> pl.DataFrame:
    """Creations and ends in order: ``hash``, ``at``, ``row``, ``is_end``, ``moves`` (how many more stand open then).

    At one instant creations stand first: what was solved then had not been solved before. Hash, instant and side go
    into one integer where instants leave room for it: the less is sorted, the quicker.
    """
    first = rows.select(pl.min_horizontal(pl.col("start", "end").min())).item()
    last = rows.select(pl.max_horizontal(pl.col("start", "end").max())).item()
    since = (pl.col("start", "end") - first) % _SECOND == 0
    unit = _SECOND if bool(rows.select(pl.all_horizontal(since.all())).item()) else 1
    bits = ((last - first) // unit).bit_length() + 1 if first is not None else 1
    if first is None or bits + rows.height.bit_length() > _BITS:
        return _sides(rows).sort("hash", "at", "is_end")
    numbered = rows.with_columns(hash=pl.col("hash").rank("dense").cast(pl.Int64))
    packed = pl.col("hash") * (1 << bits) + (pl.col("at") - first) // unit * 2 + pl.col("is_end").cast(pl.Int64)
    events = _sides(numbered).select("row", "moves", packed=packed).sort("packed")
    return events.select(
        "row",
        "moves",
        hash=pl.col("packed") // (1 << bits),
        at=(pl.col("packed") % (1 << bits)) // 2 * unit + first,
        is_end=(pl.col("packed") % 2).cast(pl.Boolean),
    )


def _sides(rows: pl.DataFrame) -> pl.DataFrame:
    creations = rows.drop_nulls("start").select("hash", "row", at="start", is_end=False, moves=pl.lit(1, pl.Int32))
    open_once = pl.when(pl.col("start").is_not_null()).then(pl.lit(-1, pl.Int32)).otherwise(pl.lit(0, pl.Int32))
    return pl.concat([creations, rows.drop_nulls("end").select("hash", "row", at="end", is_end=True, moves=open_once)])


def _near(rows: pl.DataFrame, side: str, within: timedelta) -> pl.DataFrame:
    """The rows whose neighbour on one side has the same hash and lies within the time."""
    gap = (pl.col(f"at_{side}") - pl.col("at")).abs()
    return rows.filter((pl.col(f"hash_{side}") == pl.col("hash")) & (gap <= within // _MICROSECOND))


def _pairs(
    rows: pl.DataFrame, side: str, within: timedelta, tickets: pl.DataFrame, key: Sequence[pl.Expr]
) -> pl.DataFrame:
    """``_near``, of which the keys themselves are the same."""
    near = _near(rows, side, within)
    parts = [part.alias(f"key{place}") for place, part in enumerate(key)]
    needed = tickets.select({name for part in key for name in part.meta.root_names()})
    one, other = (needed[near[name]].select(parts) for name in ("row", f"row_{side}"))
    same = [one[name] == other[name] for name in one.columns]
    return near.filter(pl.all_horizontal(same)) if near.height else near


def _placed(found: pl.DataFrame, side: str, height: int) -> pl.Series:
    return _spread(found.select("row", pl.col(f"at_{side}").alias(side)), side, height).cast(INSTANT)


def _spread(found: pl.DataFrame, name: str, height: int) -> pl.Series:
    """A column of ``found`` at its rows among ``height`` rows, null at the others."""
    empty = pl.Series(name, [None], dtype=found.schema[name]).new_from_index(0, height)
    return empty.scatter(found["row"], found[name])

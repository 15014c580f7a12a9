"""One row a ticket out of all files: the newest of its sort of row wins, other sorts fill what it has no column for.

Rows come in three sorts: of a table of tickets, of histories that bring their own ticket, and gathered from events.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import polars as pl

from supportkpi.loaders._part import ROWS, Part
from supportkpi.loaders.wide._rows import all_differ
from supportkpi.schema import INSTANT

PART = "_part"
_SORT, _PLACE, _NAME = "_sort", "_place", "_name"
_GATHERED, _HISTORY, _TABLE = range(3)
_NOTHING: Mapping[int, Collection[str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Single:
    """``frame``: one row a ticket, ``_part`` the file that it came from. ``kept``: one row a ticket and sort of row.

    ``doubled``: data rows by part that a newer one of their sort has replaced; ``told``: rows gathered from events that
    did not become the ticket's row, and yet stand for events that count (ticket_id, ``_part``, ``_rows``).
    """

    frame: pl.DataFrame
    kept: pl.DataFrame
    doubled: Mapping[int, int] = field(default_factory=dict)
    told: pl.DataFrame | None = None


def stacked(parts: Sequence[Part]) -> pl.DataFrame:
    """The rows of all parts that tell of tickets, each with its part, its sort and the newest instant of its file."""
    frames = []
    names = sorted({part.table.name for part in parts})
    for index, part in enumerate(parts):
        if part.of_tickets:
            sort = _GATHERED if part.derived else _HISTORY if part.events is not None else _TABLE
            frames.append(
                part.frame.with_columns(
                    pl.lit(index, pl.UInt32).alias(PART),
                    pl.lit(sort, pl.UInt8).alias(_SORT),
                    pl.lit(names.index(part.table.name), pl.UInt32).alias(_NAME),
                    pl.lit(part.newest.max(), INSTANT).alias("observed_until"),
                )
            )
    if not frames:
        return pl.DataFrame(
            schema={
                "ticket_id": pl.String,
                "observed_until": INSTANT,
                PART: pl.UInt32,
                _SORT: pl.UInt8,
                _NAME: pl.UInt32,
            }
        )
    return frames[0] if len(frames) == 1 else pl.concat(frames, how="diagonal_relaxed")


def single(rows: pl.DataFrame, columns: Mapping[int, Collection[str]] = _NOTHING) -> Single:
    """One row a ticket: the newest by its own date of change, else that of the file that reaches furthest.

    Rows gathered from events come last; between equals the name of the file decides, never the order of files.
    ``columns`` are those of each part: what the file of the newest row has no column for, the others tell.
    """
    if all_differ(rows["ticket_id"]):
        return Single(frame=rows, kept=rows)
    placed = rows.with_row_index(_PLACE)
    kept = _newest(placed, ["ticket_id", _SORT])
    lost = placed.join(kept.select(_PLACE), on=_PLACE, how="anti")
    frame = _newest(kept.with_columns(pl.col(_SORT) > _GATHERED), ["ticket_id"], before=(_SORT,))
    weight = pl.col(ROWS).fill_null(1) if ROWS in lost.columns else pl.lit(1)
    lost = lost.with_columns(weight.cast(pl.Int64).alias(ROWS))
    told = lost.filter(pl.col(_SORT) == _GATHERED).select("ticket_id", PART, ROWS)
    news, again = _with_news(lost.filter(pl.col(_SORT) > _GATHERED), frame, columns)
    counts = again.group_by(PART).agg(pl.col(ROWS).sum())
    if frame.height < kept.height or told.height:
        frame = _filled(frame, placed, _having(placed))
    elif lost.height and len({frozenset(names) for names in columns.values()}) > 1:
        frame = _filled(frame, placed, columns)
    return Single(
        frame=frame.drop(_PLACE),
        kept=kept.drop(_PLACE),
        doubled={int(part): int(count) for part, count in counts.rows()},
        told=pl.concat([told, news]),
    )


def _with_news(
    lost: pl.DataFrame, frame: pl.DataFrame, columns: Mapping[int, Collection[str]]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows that did not win: those of files that have columns which the winner's file has not, and the others."""
    named = {part: {*names} - {"ticket_id", "_row", ROWS} for part, names in columns.items()}
    pairs = [(part, other) for part in named for other in named if named[part] - named[other]]
    more = pl.DataFrame(pairs, schema={PART: lost.schema[PART], "_winner": lost.schema[PART]}, orient="row")
    beside = lost.join(frame.select("ticket_id", pl.col(PART).alias("_winner")), on="ticket_id", how="left")
    news = beside.join(more, on=[PART, "_winner"], how="semi")
    again = beside.join(more, on=[PART, "_winner"], how="anti")
    return news.select("ticket_id", PART, ROWS), again


def _newest(placed: pl.DataFrame, keys: Sequence[str], before: Sequence[str] = ()) -> pl.DataFrame:
    dated = ["updated_at"] if "updated_at" in placed.columns else []
    by = [*before, *dated, "observed_until", _NAME, _PLACE]
    return placed.sort(by, nulls_last=False).unique(keys, keep="last", maintain_order=True).sort(_PLACE)


def _having(placed: pl.DataFrame) -> dict[int, list[str]]:
    """The columns in which each part has a value anywhere."""
    names = [name for name in placed.columns if name != PART]
    found = placed.group_by(PART).agg(pl.col(names).is_not_null().any())
    return {row[PART]: [name for name in names if row[name]] for row in found.to_dicts()}


def _filled(frame: pl.DataFrame, placed: pl.DataFrame, columns: Mapping[int, Collection[str]]) -> pl.DataFrame:
    """The rows with what the files that did not win know in columns that the winning file does not have at all."""
    order = [*(["updated_at"] if "updated_at" in placed.columns else []), "observed_until", _NAME, _PLACE]
    names = [name for name in placed.columns if name not in ("ticket_id", PART, _SORT, _NAME, _PLACE, ROWS, "_row")]
    others = placed.join(frame.select(_PLACE), on=_PLACE, how="anti").sort(order, nulls_last=False)
    last = others.group_by("ticket_id").agg(pl.col(name).drop_nulls().last() for name in names)
    has = {name: [part for part, own in columns.items() if name in own] for name in names}
    has["observed_until"] = [*columns]
    joined = frame.join(last, on="ticket_id", how="left", suffix="_other", maintain_order="left")
    filled = [
        pl.when(pl.col(PART).is_in(has[name])).then(pl.col(name)).otherwise(pl.col(f"{name}_other")).alias(name)
        for name in names
    ]
    until = pl.max_horizontal("observed_until", "observed_until_other").alias("observed_until")  # any file knows it
    return joined.with_columns(filled).with_columns(until).drop(f"{name}_other" for name in names)


def by_reason(rows: Single, index: int) -> dict[str | None, int]:
    """The data rows of a part by why their ticket left the population, None: it did not."""
    mine = [rows.kept.filter(pl.col(PART) == index)]
    if rows.told is not None:
        mine.append(rows.told.filter(pl.col(PART) == index))
    counts: dict[str | None, int] = {}
    for frame in mine:
        for why, count in _weighed(frame, rows).rows():
            counts[why] = counts.get(why, 0) + int(count)
    return counts


def by_ticket(told: pl.DataFrame | None, rows: Single) -> dict[str, int]:
    """The data rows (``_rows`` each, else one) that tell of tickets which left the population, by their reason."""
    if told is None or "ticket_id" not in told.columns or "exclusion" not in rows.frame.columns:
        return {}
    weight = pl.col(ROWS) if ROWS in told.columns else pl.lit(1)
    gone = rows.frame.select("ticket_id", pl.col("exclusion").cast(pl.String)).drop_nulls("exclusion")
    mine = told.select(pl.col("ticket_id").cast(pl.String), weight.cast(pl.Int64).alias(ROWS))
    found = mine.join(gone, on="ticket_id", how="inner").group_by("exclusion").agg(pl.col(ROWS).sum())
    return {str(why): int(count) for why, count in found.rows()}


def _weighed(frame: pl.DataFrame, rows: Single) -> pl.DataFrame:
    weight = pl.col(ROWS).fill_null(1) if ROWS in frame.columns else pl.lit(1)
    reason = pl.lit(None, pl.String)
    if "exclusion" in rows.frame.columns:
        reason = pl.col("exclusion").cast(pl.String)
        if rows.frame is not rows.kept:
            decided = rows.frame.select("ticket_id", "exclusion")
            frame = frame.drop("exclusion", strict=False).join(decided, on="ticket_id", how="left")
    return (
        frame.lazy()
        .select(reason.alias("reason"), weight.cast(pl.Int64).alias("rows"))
        .group_by("reason")
        .agg(pl.col("rows").sum())
        .collect()
    )

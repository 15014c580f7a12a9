"""Parts to one Dataset: files joined, the same ticket twice made one, every row accounted for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import reduce

import polars as pl

from supportkpi.loaders._collect import kept
from supportkpi.loaders._kept import public_name
from supportkpi.loaders._part import Part
from supportkpi.loaders._surveys import surveys_of
from supportkpi.loaders.tables import ROW
from supportkpi.schema import (
    INSTANT,
    SURVEYS,
    TICKETS,
    Dataset,
    Extent,
    FileLedger,
    Sight,
    Stamp,
    Stamps,
)

DUPLICATE = "duplicate"
_FILE = "_file"
_RATING_SIGHTS = (Sight.rating, Sight.offer)


def join(parts: Sequence[Part]) -> Dataset:
    """The Dataset of all parts."""
    tables = [part for part in parts if not part.survey]
    rows = _stacked(tables)
    rows, doubled = _single(rows)
    stamps = _stamps(tables)
    ledger = [_ledger(part, rows, doubled, index) for index, part in enumerate(parts)]
    return Dataset(
        history=Stamps(frame=rows.select("ticket_id", *(stamp.column for stamp in stamps)), stamps=stamps),
        tickets=_tickets(rows),
        surveys=_surveys(parts, rows),
        observes=_observes(parts, stamps),
        ledger=tuple(ledger),
        rejects=tuple(reject for part in parts for reject in part.rejects),
        provenance=tuple(part.provenance for part in parts),
        assumptions=tuple(dict.fromkeys(said for part in parts for said in part.assumptions)),
    )


def _stacked(tables: Sequence[Part]) -> pl.DataFrame:
    """The rows of all ticket tables, each with its file and the newest instant of it."""
    frames = []
    for part in tables:
        newest = part.newest.max()
        frames.append(
            part.frame.with_columns(
                pl.lit(part.table.name).alias(_FILE), pl.lit(newest, INSTANT).alias("observed_until")
            )
        )
    if not frames:
        return pl.DataFrame(
            schema={"ticket_id": pl.String, "observed_until": INSTANT, _FILE: pl.String, ROW: pl.UInt32}
        )
    return frames[0] if len(frames) == 1 else pl.concat(frames, how="diagonal_relaxed")


def _single(rows: pl.DataFrame) -> tuple[pl.DataFrame, Mapping[str, int]]:
    """One row a ticket: the newest by its own date of change, else the later one; and the others by file."""
    if rows["ticket_id"].n_unique() == rows.height:
        return rows, {}
    placed = rows.with_row_index("_place")
    by = ["updated_at", "_place"] if "updated_at" in rows.columns else ["_place"]
    one = placed.sort(by, nulls_last=False).unique("ticket_id", keep="last", maintain_order=True).sort("_place")
    left = placed.join(one.select("_place"), on="_place", how="anti")
    counts = Counter(left[_FILE].to_list())
    return one.drop("_place"), dict(counts)


def _stamps(tables: Sequence[Part]) -> tuple[Stamp, ...]:
    """The stamps that every table has; of one in two grains the coarser."""
    if not tables:
        return ()
    common: list[Stamp] = []
    for stamp in tables[0].stamps:
        same = [other for part in tables for other in part.stamps if other.column == stamp.column]
        if len(same) == len(tables):
            common.append(replace(stamp, precision_s=max(other.precision_s for other in same)))
    return tuple(common)


def _observes(parts: Sequence[Part], stamps: tuple[Stamp, ...]) -> dict[Sight, Extent]:
    """What all ticket tables show, each Sight to the smaller extent; ratings are shown by any file that has them."""
    tables = [part.observes for part in parts if not part.survey]
    shows: dict[Sight, Extent] = {}
    if tables:
        for sight in Sight:
            extent = reduce(lambda a, b: a & b, (seen.get(sight, Extent(0)) for seen in tables))
            if extent and sight not in _RATING_SIGHTS:
                shows[sight] = extent
    rated = [part.observes for part in parts if Sight.rating in part.observes]
    if rated:
        shows[Sight.rating] = reduce(lambda a, b: a & b, (seen[Sight.rating] for seen in rated))
    asked = [part.observes for part in parts if any(reading.claim.field == "csat" for reading in part.rated)]
    if asked and all(Sight.offer in seen for seen in asked):
        shows[Sight.offer] = Extent.EVERY
    return shows


def _tickets(rows: pl.DataFrame) -> pl.DataFrame:
    canonical = [name for name in TICKETS if name in rows.columns]
    others = {name: public_name(name.removeprefix(kept(""))) for name in rows.columns if name.startswith(kept(""))}
    exprs = [pl.col(name).cast(TICKETS[name]) for name in canonical]
    return rows.select(*exprs, *(pl.col(name).alias(to) for name, to in others.items() if to not in canonical))


def _surveys(parts: Sequence[Part], rows: pl.DataFrame) -> pl.DataFrame:
    made = []
    for part in parts:
        if not part.rated:
            continue
        frame = part.frame if part.survey else rows.filter(pl.col(_FILE) == part.table.name)
        made.append(surveys_of(frame, part.rated, alone=part.survey))
    if not made:
        return pl.DataFrame(schema=dict(SURVEYS))
    surveys = made[0] if len(made) == 1 else pl.concat(made, how="diagonal_relaxed")
    return surveys.rename(
        {name: public_name(name.removeprefix(kept(""))) for name in surveys.columns if name.startswith(kept(""))}
    )


def _ledger(part: Part, rows: pl.DataFrame, doubled: Mapping[str, int], index: int) -> FileLedger:
    table = part.table
    excluded = Counter(dict(table.excluded))
    if part.survey:
        used = part.frame.height
    else:
        mine = rows.filter(pl.col(_FILE) == table.name)
        reasons = mine["exclusion"].drop_nulls().value_counts().rows() if "exclusion" in mine.columns else []
        excluded.update({str(reason): int(count) for reason, count in reasons})
        used = mine.height - sum(int(count) for _, count in reasons)
        if doubled.get(table.name):
            excluded[DUPLICATE] += doubled[table.name]
    return FileLedger(
        path=table.name,
        rows_read=table.rows + len(table.rejects) + sum(table.excluded.values()),
        used=used,
        excluded=dict(excluded),
        rejected=dict(Counter(reject.slug for reject in part.rejects)),
    )

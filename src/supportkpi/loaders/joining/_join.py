"""Parts to one Dataset: files joined, the same ticket twice made one, every row accounted for.

Tables of tickets alone stay wide (Stamps). As soon as one part has events the history is a Log: ``_union`` makes it,
and the tickets of wide parts give their events too. What stands beside tickets never touches any of that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce

import polars as pl

from supportkpi.loaders._part import Part
from supportkpi.loaders.beside._customers import with_customers
from supportkpi.loaders.beside._side import activity_of, policies_of, series_of
from supportkpi.loaders.joining._cover import shown_of_all, sure, told_together
from supportkpi.loaders.joining._single import PART, Single, by_reason, by_ticket, single, stacked
from supportkpi.loaders.joining._union import union
from supportkpi.loaders.wide._collect import kept
from supportkpi.loaders.wide._kept import public_name
from supportkpi.loaders.wide._surveys import surveys_of
from supportkpi.schema import (
    SURVEYS,
    TICKETS,
    Dataset,
    Extent,
    FileLedger,
    Log,
    Sight,
    Stamp,
    Stamps,
)

DUPLICATE = "duplicate"
_RATING_SIGHTS = (Sight.rating, Sight.offer)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Joined:
    """The history of all parts, what it shows, and the data rows that only said again what others had said."""

    history: Log | Stamps
    observes: Mapping[Sight, Extent]
    doubled: Mapping[int, int] = field(default_factory=dict)
    assumptions: tuple[str, ...] = ()


def join(parts: Sequence[Part]) -> Dataset:
    """The Dataset of all parts."""
    parts = sure(parts)
    rows = single(stacked(parts), {place: part.frame.columns for place, part in enumerate(parts) if part.of_tickets})
    joined = _history(parts, rows)
    ledger = [_ledger(part, rows, joined, index) for index, part in enumerate(parts)]
    tickets, met = with_customers(_tickets(rows.frame), parts)
    said = [said for part in parts for said in part.assumptions] + [*met]
    return Dataset(
        history=joined.history,
        tickets=tickets,
        surveys=_surveys(parts, rows.frame),
        observes={**joined.observes, **_ratings(parts)},
        series=series_of(parts),
        activity=activity_of(parts),
        policies=policies_of(parts),
        ledger=tuple(ledger),
        rejects=tuple(reject for part in parts for reject in part.rejects),
        provenance=tuple(part.provenance for part in parts),
        assumptions=tuple(dict.fromkeys((*said, *joined.assumptions))),
    )


def _history(parts: Sequence[Part], rows: Single) -> _Joined:
    if any(part.events is not None for part in parts):
        told = union(parts, rows)
        return _Joined(
            history=Log(frame=told.events, grains=told.grains),
            observes=told.observes,
            doubled=_in_population(told.doubled, rows.frame),
            assumptions=told.assumptions,
        )
    tables = [part for part in parts if part.of_tickets]
    groups = _groups(tables)
    stamps = _stamps(tables, groups)
    frame = rows.frame.select("ticket_id", *(stamp.column for stamp in stamps))
    shows = shown_of_all([[tables[place].observes for place in group] for group in groups])
    observes = {sight: extent for sight, extent in shows.items() if sight not in _RATING_SIGHTS}
    return _Joined(history=Stamps(frame=frame, stamps=stamps), observes=observes)


def _in_population(doubled: pl.DataFrame, tickets: pl.DataFrame) -> dict[int, int]:
    """The doubled data rows by part, of tickets that did not leave the population: the others are counted as that."""
    if "exclusion" in tickets.columns:
        left = tickets.filter(pl.col("exclusion").is_not_null())
        doubled = doubled.join(left, on="ticket_id", how="anti")
    counts = doubled.group_by(PART).agg(pl.col("rows").sum())
    return {int(part): int(count) for part, count in counts.rows()}


def _stamps(tables: Sequence[Part], groups: Sequence[Sequence[int]]) -> tuple[Stamp, ...]:
    """The stamps that every ticket has from some table that tells of it; of one in two grains the coarser."""
    found: dict[str, list[Stamp]] = {}
    for part in tables:
        for stamp in part.stamps:
            found.setdefault(stamp.column, []).append(stamp)
    has = {
        name: {place for place, part in enumerate(tables) if any(one.column == name for one in part.stamps)}
        for name in found
    }
    shared = [name for name in found if all(not has[name].isdisjoint(group) for group in groups)]
    return tuple(replace(found[name][0], precision_s=max(one.precision_s for one in found[name])) for name in shared)


def _groups(tables: Sequence[Part]) -> list[list[int]]:
    """Which tables tell of one ticket together, each such set once; where all are alike, each by itself."""
    alike = len({tuple(sorted(stamp.column for stamp in part.stamps)) for part in tables}) < 2
    if alike and len({tuple(sorted(part.observes.items())) for part in tables}) < 2:
        return [[place] for place in range(len(tables))]
    return told_together({place: part.frame["ticket_id"] for place, part in enumerate(tables)})


def _ratings(parts: Sequence[Part]) -> dict[Sight, Extent]:
    """What is shown of ratings: by any file that has them."""
    shows: dict[Sight, Extent] = {}
    rated = [part.observes for part in parts if Sight.rating in part.observes]
    if rated:
        shows[Sight.rating] = reduce(lambda a, b: a & b, (seen[Sight.rating] for seen in rated))
    asked = [part.observes for part in parts if _asks_for_satisfaction(part)]
    if asked and all(Sight.offer in seen for seen in asked):
        shows[Sight.offer] = Extent.EVERY
    return shows


def _asks_for_satisfaction(part: Part) -> bool:
    if part.surveys is not None:
        return bool((part.surveys["instrument"] == "csat").any())
    return any(reading.claim.field == "csat" for reading in part.rated)


def _tickets(rows: pl.DataFrame) -> pl.DataFrame:
    canonical = [name for name in TICKETS if name in rows.columns]
    others = {name: public_name(name.removeprefix(kept(""))) for name in rows.columns if name.startswith(kept(""))}
    exprs = [pl.col(name).cast(TICKETS[name]) for name in canonical]
    return rows.select(*exprs, *(pl.col(name).alias(to) for name, to in others.items() if to not in canonical))


def _surveys(parts: Sequence[Part], rows: pl.DataFrame) -> pl.DataFrame:
    made = [part.surveys for part in parts if part.surveys is not None]
    for index, part in enumerate(parts):
        if part.rated:
            frame = part.frame if part.survey else rows.filter(pl.col(PART) == index)
            made.append(surveys_of(frame, part.rated, alone=part.survey))
    if not made:
        return pl.DataFrame(schema=dict(SURVEYS))
    surveys = made[0] if len(made) == 1 else pl.concat(made, how="diagonal_relaxed")
    return surveys.rename(
        {name: public_name(name.removeprefix(kept(""))) for name in surveys.columns if name.startswith(kept(""))}
    )


def _ledger(part: Part, rows: Single, joined: _Joined, index: int) -> FileLedger:
    table = part.table
    excluded = Counter({**table.excluded, **part.excluded})
    if part.side is not None:
        left = by_ticket(part.side.tickets, rows)
        used = part.side.used - sum(left.values())
        excluded.update(part.side.excluded)
        excluded.update(left)
    elif part.survey:
        left = by_ticket(part.frame, rows)
        used = part.frame.height - sum(left.values())
        excluded.update(left)
    else:
        doubled = rows.doubled.get(index, 0) + joined.doubled.get(index, 0)
        counts = by_reason(rows, index)
        used = counts.pop(None, 0) - joined.doubled.get(index, 0)
        excluded.update({reason: count for reason, count in counts.items() if reason is not None})
        if doubled:
            excluded[DUPLICATE] += doubled
    return FileLedger(
        path=table.name,
        rows_read=table.rows + len(table.rejects) + sum(table.excluded.values()),
        used=used,
        excluded=dict(excluded),
        rejected=dict(Counter(reject.slug for reject in part.rejects)),
    )

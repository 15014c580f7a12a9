"""The tickets of a log: what their newest rows say in columns of tickets, read as any table of tickets is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from supportkpi.loaders._part import ROWS, Part, Request
from supportkpi.loaders.logs._states import KINDS
from supportkpi.loaders.mapping._fields import LOG_ONLY
from supportkpi.loaders.mapping._recognise import normal
from supportkpi.loaders.tables import ROW, Table
from supportkpi.loaders.wide._kept import keepable
from supportkpi.loaders.wide._sample import Sample, words_of
from supportkpi.loaders.wide._settle import Settled
from supportkpi.loaders.wide._wide import Ask, told_part
from supportkpi.schema import TICKETS, Exclusion, Status

_AT = "_at"


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketRows:
    """``part``: the tickets as a table of tickets would tell them; ``keep``: the kept columns."""

    part: Part
    keep: tuple[str, ...]


def ticket_rows(
    settled: Settled, sample: Sample, request: Request, latest: pl.DataFrame, instants: pl.DataFrame, *, dense: bool
) -> TicketRows:
    """The tickets of a log: ticket columns of the newest row; where rows are sparse, the last value of each column.

    ``instants``: the ``_row`` and instant ``at`` of the rows that count.
    """
    own = _without_log(settled, dense=dense)
    columns = _columns(own, settled, request)
    table = _newest_rows(sample, latest, columns) if len(columns) > 1 else _named(sample, latest, columns[0])
    if not dense and len(columns) > 1:
        table = _filled(table, sample, columns, instants)
    last = Sample(table, sample.missing)
    keep = keepable(last, own, request.columns) if len(columns) > 1 else ()
    part = told_part(own, last, keep, Ask(reading=request.reading, strict=False))
    return TicketRows(part=replace(part, frame=_beside(part.frame, latest)), keep=keep)


def _without_log(settled: Settled, *, dense: bool) -> Settled:
    """The claims on columns of tickets. Between other rows a column of state is told by the events."""
    states = () if dense else ("level",)
    claims = tuple(claim for claim in settled.claims if claim.field not in (*LOG_ONLY, *states))
    plan = replace(settled.plan, claims=tuple(claim for claim in settled.plan.claims if claim.field not in LOG_ONLY))
    dates = {name: reading for name, reading in settled.dates.items() if name != "at"}
    return replace(settled, plan=plan, claims=claims, dates=dates)


def _columns(own: Settled, settled: Settled, request: Request) -> list[str]:
    """The columns to read of the newest rows, the id first: claimed ones, and those that may be kept."""
    ticket = own.claim("ticket_id")
    claimed = [claim.column for claim in own.claims]
    wanted = None if request.columns is None else {normal(name) for name in request.columns}
    said = {claim.column for claim in (*settled.claims, *settled.dropped)}
    others = [
        column
        for column in request.table.columns
        if column not in said and (wanted is None or normal(column) in wanted)
    ]
    first = ticket.column if ticket is not None else claimed[0]
    return list(dict.fromkeys([first, *claimed, *others]))


def _named(sample: Sample, latest: pl.DataFrame, ticket: str) -> Table:
    """The newest rows with nothing but the id: the file need not be read again for it."""
    names = latest.select(pl.col("last_row").alias(ROW), pl.col("ticket_id").cast(pl.String).alias(ticket)).sort(ROW)
    return replace(sample.table, columns=(ticket,), frame=names.lazy(), rows=names.height, rejects=(), excluded={})


def _newest_rows(sample: Sample, latest: pl.DataFrame, columns: Sequence[str]) -> Table:
    rows = latest["last_row"]
    frame = sample.table.frame.filter(pl.col(ROW).is_in(rows.implode())).select(ROW, *columns).collect().sort(ROW)
    return replace(sample.table, columns=tuple(columns), frame=frame.lazy(), rows=frame.height, rejects=(), excluded={})


def _filled(table: Table, sample: Sample, columns: Sequence[str], instants: pl.DataFrame) -> Table:
    """The newest rows with the last value, by its instant, of each column that they leave empty; the id leads."""
    frame, ticket = table.frame.collect(), columns[0]
    gaps = [column for column in columns[1:] if frame[column].null_count()]
    if not gaps:
        return table
    cells = {
        column: words_of(column, sample.schema[column], sample.missing)
        for column in gaps
        if sample.schema[column] == pl.String
    }
    full = sample.table.frame.select(ROW, ticket, *(cells.get(column, pl.col(column)).alias(column) for column in gaps))
    placed = full.join(instants.lazy().select(ROW, pl.col("at").alias(_AT)), on=ROW)
    last = (
        placed.group_by(ticket)
        .agg(
            pl.col(column)
            .filter(pl.col(column).is_not_null())
            .sort_by(pl.col(_AT).filter(pl.col(column).is_not_null()), pl.col(ROW).filter(pl.col(column).is_not_null()))
            .last()
            for column in gaps
        )
        .collect()
    )
    joined = frame.join(last, on=ticket, how="left", suffix=" _last", maintain_order="left")
    filled = joined.with_columns(pl.coalesce(column, f"{column} _last").alias(column) for column in gaps)
    return replace(table, frame=filled.select(frame.columns).lazy())


def _beside(frame: pl.DataFrame, latest: pl.DataFrame) -> pl.DataFrame:
    """The tickets with how many rows tell of each, and with how the events leave it where no column says so."""
    names = ["requester_id", "status_raw", "priority_raw", *KINDS]
    more = [name for name in (ROWS, "updated_at", *names) if name in latest.columns and name not in frame.columns]
    kept = frame.drop("updated_at", strict=False)
    beside = latest.select("last_row", "updated_at", *(name for name in more if name != "updated_at"))
    joined = kept.join(beside, left_on=ROW, right_on="last_row", how="left", maintain_order="left")
    if "status" not in more:
        return joined
    untold = pl.col("status").is_null() & pl.col("status_raw").is_null()  # without any, a ticket is new
    status = pl.when(untold).then(pl.lit(Status.new.value, TICKETS["status"])).otherwise("status").alias("status")
    gone = pl.lit(Exclusion.deleted.value, TICKETS["exclusion"])
    reason = pl.col("exclusion") if "exclusion" in joined.columns else pl.lit(None, TICKETS["exclusion"])
    left = pl.when(pl.col("status") == Status.deleted.value).then(gone)
    return joined.with_columns(status, pl.coalesce(reason, left).alias("exclusion"))

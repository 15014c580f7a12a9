"""A Dataset from frames that a program has already, in the types of the canonical schema."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from supportkpi import schema
from supportkpi.errors import ShapeWrong, Where
from supportkpi.schema import EVENTS, SERIES, SURVEYS, TICKETS, Dataset, Extent, Log, Sight

Columns = Mapping[str, pl.DataType]
_NEEDED = {
    "events": ("ticket_id", "at", "kind"),
    "tickets": ("ticket_id",),
    "surveys": ("instrument", "score"),
    "series": ("name", "start", "end", "value"),
}


def dataset(
    *,
    events: pl.DataFrame | None = None,
    tickets: pl.DataFrame | None = None,
    surveys: pl.DataFrame | None = None,
    series: pl.DataFrame | None = None,
    observes: dict[Sight, Extent] | None = None,
) -> Dataset:
    """A Dataset from frames with the columns of EVENTS, TICKETS, SURVEYS and SERIES; absent columns are null.

    ``observes`` says what the events can show; by default every kind of event that occurs, of every ticket.

    Raises:
        ShapeWrong: a column is missing, or cannot be read as the type that it has here.
    """
    log = _canonical(events, EVENTS, "events")
    until = log["at"].max()
    if tickets is None:
        tickets = log.select(pl.col("ticket_id").unique(maintain_order=True))
    if "observed_until" not in tickets.columns:
        tickets = tickets.with_columns(pl.lit(until, schema.INSTANT).alias("observed_until"))
    kept = {name: dtype for name, dtype in TICKETS.items() if name in tickets.columns}
    return schema.check(
        Dataset(
            history=Log(frame=log.lazy()),
            tickets=tickets.with_columns(_cast(tickets, kept, "tickets").get_columns()),
            surveys=_canonical(surveys, SURVEYS, "surveys"),
            series=_canonical(series, SERIES, "series"),
            observes=_seen(log) if observes is None else observes,
        )
    )


def _canonical(frame: pl.DataFrame | None, wanted: Columns, name: str) -> pl.DataFrame:
    """A frame with all the columns that are wanted and no others; absent ones are null."""
    if frame is None:
        return pl.DataFrame(schema=dict(wanted))
    for column in _NEEDED[name]:
        if column not in frame.columns:
            message = f"the {name} frame has no column {column}"
            raise ShapeWrong(message, hint=f"it needs {', '.join(_NEEDED[name])}", where=Where(column=column))
    there = _cast(frame, {column: dtype for column, dtype in wanted.items() if column in frame.columns}, name)
    return there.select(
        pl.col(column) if column in frame.columns else _default(column, dtype) for column, dtype in wanted.items()
    )


def _cast(frame: pl.DataFrame, wanted: Columns, name: str) -> pl.DataFrame:
    """The columns in the types that are wanted, where no value is lost by it."""
    columns = []
    for column, dtype in wanted.items():
        try:
            columns.append(frame[column].cast(dtype))
        except pl.exceptions.PolarsError as error:
            message = f"{name}.{column} is {frame.schema[column]}, which cannot be read as {dtype}"
            raise ShapeWrong(message, hint="give the column in that type", where=Where(column=column)) from error
    return pl.DataFrame(columns)


def _default(name: str, dtype: pl.DataType) -> pl.Expr:
    return pl.int_range(pl.len(), dtype=pl.UInt32).alias("seq") if name == "seq" else pl.lit(None, dtype).alias(name)


def _seen(log: pl.DataFrame) -> dict[Sight, Extent]:
    """Everything of each kind of event that occurs; messages show replies, requests and notes alike."""
    kinds = set(log["kind"].cast(pl.String).unique().to_list())
    seen = [Sight(kind) for kind in kinds if kind in set(Sight)]
    if "message" in kinds:
        seen += [Sight.request, Sight.reply, Sight.bot_reply, Sight.note]
    if "status" in kinds:
        seen += [Sight.solve, Sight.reopen]
    return dict.fromkeys(seen, Extent.EVERY)

"""Groups and filters: a dimension is a ticket column, or a stretch of the local time of a KPI's own attribution."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from supportkpi.errors import DimensionUnknown, OptionWrong, ValueUnknown
from supportkpi.periods import bucket
from supportkpi.schema import CHANNELS, PRIORITIES, Status
from supportkpi.texts import nearest

TIMES = ("hour", "weekday", "day", "week", "month", "quarter")
STRETCHES = ("day", "week", "month", "quarter")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ALIASES = {
    "organization": "organization_id",
    "requester": "requester_id",
    "assignee": "assignee_id",
    "agent": "assignee_id",
}
MOST_GROUPS = 2_000
_ORDERS: Mapping[str, tuple[str, ...]] = {
    "priority": PRIORITIES,
    "channel": CHANNELS,
    "status": tuple(status.value for status in Status),
    "weekday": WEEKDAYS,
}
_NOT_DIMENSIONS = ("ticket_id", "merged_into", "cost", "tags")


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """The group of every row of a frame: ``codes`` UInt32 into ``labels``; the total has one group without labels."""

    codes: pl.Series
    labels: tuple[Mapping[str, str | None], ...]


def dimensions(tickets: pl.DataFrame) -> list[str]:
    """Names that ``by`` and ``where`` take: the ticket columns that hold any value, and the stretches of time."""
    kinds = (pl.String, pl.Enum, pl.Categorical, pl.Boolean)
    columns = [
        name
        for name, dtype in tickets.schema.items()
        if isinstance(dtype, kinds)
        and name not in _NOT_DIMENSIONS
        and not name.startswith(("given_", "is_"))
        and not name.endswith("_invalid")
        and tickets[name].null_count() < tickets.height
    ]
    short = [alias for alias, column in ALIASES.items() if column in columns]
    return [*(name for name in columns if name not in ALIASES.values()), *short, *TIMES]


def column_of(dimension: str, tickets: pl.DataFrame) -> str:
    """The ticket column behind a dimension's name.

    Raises:
        DimensionUnknown: the data has none of that name.
    """
    known = dimensions(tickets)
    folded = {name.casefold(): name for name in known}
    found = folded.get(dimension.casefold())
    if found is None and ALIASES.get(dimension, dimension) in tickets.columns and dimension in (*ALIASES, *_ORDERS):
        return ALIASES.get(dimension, dimension)  # a canonical dimension that this export does not fill: one null group
    if found is None:
        close = nearest(dimension, known)
        hint = f"did you mean {close}? " if close else ""
        raise DimensionUnknown(f"the data has no dimension {dimension!r}", hint=f"{hint}it has {', '.join(known)}")
    return ALIASES.get(found, found)


def grouped(frame: pl.DataFrame, dims: Sequence[str], dated: str, timezone: str) -> Groups:
    """The group of every row by ``dims``, sorted by their natural order, rows without a value last.

    Raises:
        OptionWrong: more groups than a report can show.
    """
    if not dims:
        return Groups(codes=pl.repeat(0, frame.height, dtype=pl.UInt32, eager=True), labels=({},))
    parts = [_coded(frame, dim, dated, timezone) for dim in dims]
    codes, labels = parts[0]
    combined = [{dims[0]: label} for label in labels]
    for dim, (more, more_labels) in zip(dims[1:], parts[1:], strict=True):
        codes = (codes.cast(pl.Int64) * len(more_labels) + more).rename("code")
        combined = [{**group, dim: label} for group in combined for label in more_labels]
    return _dense(codes, combined)


def _coded(frame: pl.DataFrame, dim: str, dated: str, timezone: str) -> tuple[pl.Series, list[str | None]]:
    values = frame.select(_values(frame, dim, dated, timezone)).to_series()
    distinct = values.drop_nulls().unique()
    if len(distinct) > MOST_GROUPS:
        raise OptionWrong(
            f"{dim} has {len(distinct):,} different values, more than the {MOST_GROUPS:,} that a breakdown can show",
            hint="filter with --where first, or choose a coarser dimension",
        )
    labels = sorted(distinct.to_list(), key=_order_of(dim))
    coded = values.cast(pl.Enum(labels)).to_physical().cast(pl.UInt32).fill_null(len(labels))
    return coded, [*labels, None]


def _values(frame: pl.DataFrame, dim: str, dated: str, timezone: str) -> pl.Expr:
    if dim in TIMES:
        return bucket(pl.col(dated), dim, timezone).cast(pl.String)
    column = column_of(dim, frame)
    return pl.col(column).cast(pl.String)


def _order_of(dim: str) -> object:
    order = {word: rank for rank, word in enumerate(_ORDERS.get(dim, ()))}
    return lambda label: (order.get(label, len(order)), label)


def _dense(codes: pl.Series, labels: list[dict[str, str | None]]) -> Groups:
    """Codes without gaps: only groups that occur."""
    present = codes.unique().sort().to_list()
    if len(present) > MOST_GROUPS:
        raise OptionWrong(f"{len(present):,} groups are more than the {MOST_GROUPS:,} that a breakdown can show")
    lookup = (
        pl.Series([0] * len(labels), dtype=pl.UInt32).scatter(present, list(range(len(present)))) if present else codes
    )
    return Groups(codes=lookup.gather(codes).rename("code"), labels=tuple(labels[code] for code in present))


def chosen(tickets: pl.DataFrame, where: Sequence[str], timezone: str) -> pl.Expr:
    """Whether a ticket passes every filter ``DIM=VALUE`` or ``DIM!=VALUE``; the same DIM repeated with ``=`` is OR.

    An empty value is null; a comma splits only where the whole text does not occur; letter case does not matter. The
    vendor's own word works as well as ours (``priority=P1``).

    Raises:
        OptionWrong, DimensionUnknown, ValueUnknown: see their messages.
    """
    wanted: dict[str, list[pl.Expr]] = {}
    passes = pl.lit(value=True)
    for text in where:
        dim, operator, value = _parsed(text)
        fits = _fits(tickets, dim, value, timezone)
        if operator == "!=":
            passes = passes & ~fits
        else:
            wanted.setdefault(dim, []).append(fits)
    for options in wanted.values():
        passes = passes & pl.any_horizontal(options)
    return passes


def _parsed(text: str) -> tuple[str, str, str]:
    dim, equals, value = text.partition("=")
    if not equals or not dim.strip("! "):
        raise OptionWrong(
            f"--where {text!r} is not DIM=VALUE", hint='write --where priority=high or --where "channel!=email"'
        )
    return dim.rstrip("!").strip(), "!=" if dim.endswith("!") else "=", value.strip()


def _fits(tickets: pl.DataFrame, dim: str, value: str, timezone: str) -> pl.Expr:
    if dim in TIMES:
        return (bucket(pl.col("created_at"), dim, timezone).cast(pl.String) == value).fill_null(value=False)
    column = column_of(dim, tickets)
    columns = [column, *(raw for raw in (f"{column}_raw",) if raw in tickets.columns)]
    if not value:
        return pl.col(column).is_null()
    known = {name: _words(tickets, name) for name in columns}
    folded = value.casefold()
    if any(folded in words for words in known.values()):
        options = [folded]
    else:
        options = [part.strip().casefold() for part in value.split(",")]
    for option in options:
        if not any(option in words for words in known.values()):
            raise ValueUnknown(f"{dim} is never {option!r}", hint=_occurring(tickets, column, option))
    return pl.any_horizontal(
        pl.col(name).cast(pl.String).str.to_lowercase().is_in(options).fill_null(value=False) for name in columns
    )


def _words(tickets: pl.DataFrame, column: str) -> set[str]:
    return {word.lower() for word in tickets[column].drop_nulls().cast(pl.String).unique().to_list()}


def _occurring(tickets: pl.DataFrame, column: str, asked: str) -> str:
    common = tickets[column].drop_nulls().cast(pl.String).value_counts(sort=True)
    shown = ", ".join(f"{word} ({count:,})" for word, count in common.head(8).iter_rows())
    close = nearest(asked, common[column].to_list())
    guess = f"did you mean {close}? " if close else ""
    return f"{guess}the data has {shown}" + (" and more" if common.height > 8 else "")

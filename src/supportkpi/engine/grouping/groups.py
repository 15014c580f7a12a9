"""Groups and filters: a dimension is a ticket column, or a stretch of the local time of a KPI's own attribution."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from supportkpi.engine.grouping.derived import AGENT, BAND, DERIVED, owned
from supportkpi.engine.grouping.people import People, digest
from supportkpi.errors import DimensionUnknown, OptionWrong, ValueUnknown
from supportkpi.facts import ALIASES
from supportkpi.periods import bucket, ordinal
from supportkpi.schema import CHANNELS, INSTANT, PRIORITIES, Status
from supportkpi.texts import nearest
from supportkpi.workers import workers

TIMES = ("hour", "weekday", "day", "week", "month", "quarter")
STRETCHES = ("day", "week", "month", "quarter")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LONG_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTH, _DAY = r"\d{4}-(?:0[1-9]|1[0-2])", r"(?:0[1-9]|[12]\d|3[01])"
_SHAPES: Mapping[str, str] = {
    "hour": r"[01]\d|2[0-3]",
    "weekday": "|".join(WEEKDAYS),
    "day": f"{_MONTH}-{_DAY}",
    "week": r"\d{4}-w(?:0[1-9]|[1-4]\d|5[0-3])",
    "month": _MONTH,
    "quarter": r"\d{4}-q[1-4]",
}
_LIKE: Mapping[str, str] = {
    "hour": "09, from 00 to 23",
    "weekday": "mon",
    "day": "2026-03-15",
    "week": "2026-W07",
    "month": "2026-03",
    "quarter": "2026-Q1",
}
RULE = "rule"
"""The dimension that only clocks have: which rule of the service levels judges them."""
MOST_GROUPS = 2_000
_MOST_HEADERS = 12
_QUARTER = 15 * 60 * 1_000_000  # microseconds
GROUPING = "group of "
"""What stands before the name of a dimension in the column of its groups."""
NAMED = People()
"""Nobody is shown by code."""
_ORDERS: Mapping[str, tuple[str, ...]] = {
    "priority": PRIORITIES,
    "channel": CHANNELS,
    "status": tuple(status.value for status in Status),
    "weekday": WEEKDAYS,
    **{name: each.values for name, each in DERIVED.items()},
}
_NOT_DIMENSIONS = ("ticket_id", "merged_into", "cost", "tags", "opened_by")


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """The group of every row of a frame: ``codes`` UInt32 into ``labels``; the total has one group without labels.

    Persons are labelled by code, where they are not shown by name: what is made of groups never holds the name.
    """

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
        and not name.startswith(("given_", "is_", "has_", "_"))
        and not name.endswith("_invalid")
        and tickets[name].null_count() < tickets.height
    ]
    short = [alias for alias, column in ALIASES.items() if column in columns]
    return [*(name for name in columns if name not in ALIASES.values()), *short, *DERIVED, *TIMES]


def known_as(dimension: str, *frames: pl.DataFrame, headers: Sequence[str] = ()) -> str:
    """A dimension by its own name, whatever the case it was asked in; of the first frame that has it.

    ``headers`` are columns of the files that would be read if they were asked for.

    Raises:
        DimensionUnknown: the data has none of that name.
    """
    known = list(dict.fromkeys(name for frame in frames for name in dimensions(frame)))
    # A canonical dimension that this export does not fill is one group without a value, not an error.
    names = (*ALIASES, *ALIASES.values(), *DERIVED, *_ORDERS, RULE, *known)
    folded = {name.removeprefix("raw.").casefold(): name for name in known}  # a column that had to make way for ours
    folded |= {name.casefold(): name for name in reversed(names)}  # "Priority" of the file gives way to our priority
    folded.setdefault("load", BAND)  # as rules may call it
    if (found := folded.get(dimension.casefold())) is not None:
        ours = found in ALIASES and any(source_of(found) in frame.columns for frame in frames)
        return dimension if dimension in known and not ours else found
    close = nearest(dimension, [*known, *headers])
    hint = f"did you mean {close}? " if close else ""
    more = f", {len(headers) - _MOST_HEADERS} more" if len(headers) > _MOST_HEADERS else ""
    own = f"; columns of the files: {', '.join(headers[:_MOST_HEADERS])}{more}" if headers else ""
    raise DimensionUnknown(f"the data has no dimension {dimension!r}", hint=f"{hint}it has {', '.join(known)}{own}")


def whole(dim: str) -> str:
    """A dimension as it was asked for: agent for ``agent as solver``."""
    return AGENT if dim.startswith(f"{AGENT} as ") else dim


def source_of(dimension: str) -> str:
    """The ticket column that a dimension stands for."""
    return ALIASES.get(dimension, dimension)


def grouped(frame: pl.DataFrame, dims: Sequence[str], dated: str, timezone: str, people: People = NAMED) -> Groups:
    """The group of every row by ``dims``, sorted by their natural order, persons by code, rows without a value last.

    Raises:
        OptionWrong: more groups than a report can show.
    """
    if not dims:
        return Groups(codes=pl.repeat(0, frame.height, dtype=pl.UInt32, eager=True), labels=({},))
    parts = [_coded(frame, dim, dated, timezone, people) for dim in dims]
    codes, labels = parts[0]
    combined = [{dims[0]: label} for label in labels]
    for dim, (more, more_labels) in zip(dims[1:], parts[1:], strict=True):
        codes = (codes.cast(pl.Int64) * len(more_labels) + more).rename("code")
        combined = [{**group, dim: label} for group in combined for label in more_labels]
    return _dense(codes, combined)


Made = list[tuple[str, pl.Series, pl.Series]]
"""Dimensions, their values and the same as Enum: what tickets and answers have alike is worked out once."""


def named(
    frame: pl.DataFrame, dims: Collection[str], timezone: str, people: People = NAMED, *, made: Made | None = None
) -> pl.DataFrame:
    """The frame with its dimensions as Enum columns, so that every frame made from it groups by small integers.

    ``made`` is what other frames of the run have; it grows.

    Raises:
        OptionWrong: a dimension has more values than a breakdown can show.
    """
    made = [] if made is None else made
    columns = {
        name: _once(frame.select(_label(frame, name)).to_series(), name, people, made)
        for name in dims
        if name not in TIMES
    }
    dates = [dated for dated in ("created_at", "resolved_at", "dated_at") if dated in frame.columns]
    stretches = [(dim, dated) for dim in dims if dim in TIMES for dated in dates]
    with workers() as pool:
        timed = pool.map(lambda stretch: _timed(frame[stretch[1]], stretch[0], timezone), stretches)
        columns |= {_stretch(*stretch): values for stretch, values in zip(stretches, timed, strict=True)}
    return frame.with_columns(values.alias(_grouping(name)) for name, values in columns.items())


def begun(frame: pl.DataFrame, dims: Collection[str], column: str, timezone: str) -> pl.DataFrame:
    """The frame with its hours of the day and weekdays taken from where each row begins, not from its ticket."""
    wanted = [dim for dim in ("hour", "weekday") if dim in dims]
    return frame.with_columns(
        _timed(frame[column], dim, timezone).alias(_grouping(_stretch(dim, "created_at"))) for dim in wanted
    )


def _grouping(dim: str) -> str:
    return f"{GROUPING}{dim}"


def _stretch(dim: str, dated: str) -> str:
    return f"{dim} of {dated}"


def _label(frame: pl.DataFrame, dim: str) -> pl.Expr:
    column = source_of(dim)
    if column not in frame.columns:
        return pl.repeat(None, pl.len(), dtype=pl.String)
    return pl.col(column) if isinstance(frame.schema[column], pl.Enum) else pl.col(column).cast(pl.String)


def _once(values: pl.Series, dim: str, people: People, made: Made) -> pl.Series:
    for other, known, as_enum in made:
        if whole(other) == whole(dim) and known.dtype == values.dtype and known.equals(values):
            return as_enum
    found = _named(values, dim, people)
    made.append((dim, values, found))
    return found


def _named(values: pl.Series, dim: str, people: People) -> pl.Series:
    distinct = values.drop_nulls().unique()
    if len(distinct) > MOST_GROUPS:
        raise OptionWrong(
            f"{dim} has {len(distinct):,} different values, more than the {MOST_GROUPS:,} that a breakdown can show",
            hint="filter with --where first, or choose a coarser dimension",
        )
    enum = pl.Enum(sorted(distinct.to_list(), key=_order_of(dim, people)))
    if not isinstance(values.dtype, pl.Enum):
        return values.cast(enum)
    words = pl.Series([word if word in enum.categories else None for word in values.dtype.categories], dtype=pl.String)
    return words.cast(enum).gather(values.to_physical()).alias(values.name)


def _timed(instants: pl.Series, dim: str, timezone: str) -> pl.Series:
    """The label of each instant's stretch of local time, worked out once for each quarter of an hour that occurs.

    No clock since 1990 has been apart from UTC by anything but whole quarters, so that all stretches are made of them.
    """
    quarters = instants.cast(INSTANT).to_physical() // _QUARTER
    low, high = quarters.min(), quarters.max()
    if not isinstance(low, int) or not isinstance(high, int):
        return pl.Series(dim, [None] * len(instants), dtype=pl.Enum([]))
    if high - low < len(instants):
        every, place = pl.int_range(low, high + 1, eager=True), quarters - low
    else:
        every = quarters.drop_nulls().unique().sort()
        place = every.search_sorted(quarters).zip_with(quarters.is_not_null(), pl.Series([None], dtype=pl.UInt32))
    begun = (every * _QUARTER).cast(INSTANT).alias("at").to_frame()
    numbered = begun.with_columns(number=ordinal(pl.col("at"), dim, timezone))
    each = numbered.unique("number", keep="first").select(
        "number", label=bucket(pl.col("at"), dim, timezone).cast(pl.String)
    )
    enum = pl.Enum(sorted(each["label"].unique().to_list(), key=_order_of(dim)))
    labels = numbered.join(each, on="number", how="left", maintain_order="left")["label"].cast(enum)
    return labels.gather(place)


def _coded(
    frame: pl.DataFrame, dim: str, dated: str, timezone: str, people: People
) -> tuple[pl.Series, list[str | None]]:
    column = _grouping(_stretch(dim, dated) if dim in TIMES else dim)
    if column in frame.columns:
        values = frame[column]
    elif dim in TIMES:
        values = _timed(frame[dated], dim, timezone)
    else:
        values = _named(frame.select(_label(frame, dim)).to_series(), dim, people)
    labels = [people.shown(whole(dim), label) for label in values.dtype.categories]  # type: ignore[attr-defined]
    return values.to_physical().cast(pl.UInt32).fill_null(len(labels)), [*labels, None]


def _order_of(dim: str, people: People = NAMED) -> Callable[[str], tuple[int, str]]:
    if people.hides(whole(dim)):
        return lambda label: (0, digest(label))
    order = {word: rank for rank, word in enumerate(_ORDERS.get(dim, ()))}
    return lambda label: (order.get(label, len(order)), label)


def _dense(codes: pl.Series, labels: list[dict[str, str | None]]) -> Groups:
    """Codes without gaps: only groups that occur."""
    present = codes.unique().sort().to_list()
    if present == list(range(len(labels))) and codes.dtype == pl.UInt32 and len(present) <= MOST_GROUPS:
        return Groups(codes=codes.rename("code"), labels=tuple(labels))
    if len(present) > MOST_GROUPS:
        raise OptionWrong(f"{len(present):,} groups are more than the {MOST_GROUPS:,} that a breakdown can show")
    lookup = (
        pl.Series([0] * len(labels), dtype=pl.UInt32).scatter(present, list(range(len(present)))) if present else codes
    )
    return Groups(codes=lookup.gather(codes).rename("code"), labels=tuple(labels[code] for code in present))


def chosen(
    frames: Sequence[pl.DataFrame],
    where: Sequence[str],
    timezone: str,
    *,
    among: Sequence[pl.DataFrame],
    people: People = NAMED,
    owner: str = "assignee",
) -> list[pl.DataFrame]:
    """The rows of every frame that pass all filters ``DIM=VALUE`` or ``DIM!=VALUE``; a DIM repeated with ``=`` is OR.

    An empty value is null; a comma splits only where the whole text does not occur; letter case does not matter. The
    vendor's own word works as well as ours (``priority=P1``), a person's code as well as the id. Dimensions and values
    are known when a frame of ``among`` has them. ``owner`` says whom the dimension agent means.

    Raises:
        OptionWrong, DimensionUnknown, ValueUnknown: see their messages.
    """
    wanted: dict[str, list[_Filter]] = {}
    for text in where:
        found = _filter(among, text, people, owner)
        wanted.setdefault(text if found.negated else found.dim, []).append(found)
    passed = list(frames)
    for options in wanted.values():
        passed = [frame.filter(pl.any_horizontal(_fits(frame, one, timezone) for one in options)) for frame in passed]
    return passed


@dataclass(frozen=True, slots=True, kw_only=True)
class _Filter:
    """One ``--where``: ``words`` in small letters, empty for rows without a value."""

    dim: str
    negated: bool
    words: tuple[str, ...]


def _filter(frames: Sequence[pl.DataFrame], text: str, people: People, owner: str) -> _Filter:
    asked, operator, value = parsed(text)
    dim = known_as(asked, *frames)
    if dim == RULE and not any(RULE in frame.columns for frame in frames):
        hint = "--by rule shows each; choose its tickets by what the rule goes by: --where priority=urgent"
        raise DimensionUnknown("a rule is of clocks, not of tickets: --where cannot choose by it", hint=hint)
    folded = value.lower()  # as polars does it: casefold would make "ss" of a "ß"
    column = owned(dim, owner) if any(owned(dim, owner) in frame.columns for frame in frames) else dim
    if dim in TIMES or not value:
        return _Filter(dim=column, negated=operator == "!=", words=_stretches(dim, folded))
    known = {word for frame in frames for name in _everywhere(frame, dim) for word in _words(frame, name)}
    known |= set(DERIVED[dim].values) if dim in DERIVED else set()
    words: list[str] = []
    for option in [folded] if folded in known else [part.strip() for part in folded.split(",")]:
        meant = [option] if option in known else people.meant(dim, option)
        if not meant:
            raise ValueUnknown(f"{dim} is never {option!r}", hint=_occurring(frames, dim, option, people))
        words += meant
    return _Filter(dim=column, negated=operator == "!=", words=tuple(words))


def _stretches(dim: str, text: str) -> tuple[str, ...]:
    """The stretches of time of ``sat,sun`` or ``monday``, ``9``, ``2026-q1``, written as a breakdown labels them."""
    options = [part.strip() for part in text.split(",") if part.strip()]
    said = tuple(
        option[:3] if dim == "weekday" and option in _LONG_WEEKDAYS else option.zfill(2) if dim == "hour" else option
        for option in options
    )
    for option, label in zip(options, said, strict=True):
        if not re.fullmatch(_SHAPES[dim], label):
            raise ValueUnknown(f"{dim} is never {option!r}", hint=f"write {dim}={_LIKE[dim]}")
    return said


def _columns(frame: pl.DataFrame, dim: str) -> list[str]:
    return [name for name in (source_of(dim), f"{source_of(dim)}_raw") if name in frame.columns]


def _everywhere(frame: pl.DataFrame, dim: str) -> list[str]:
    """The columns in which the values of a dimension are looked for: of agents every kind of owner."""
    owners = [name for name in frame.columns if dim == AGENT and whole(name) == AGENT]
    return [*_columns(frame, dim), *owners]


def parsed(text: str) -> tuple[str, str, str]:
    """Dimension, operator and value of a filter ``DIM=VALUE`` or ``DIM!=VALUE``. Raises OptionWrong."""
    dim, equals, value = text.partition("=")
    if not equals or not dim.strip("! "):
        raise OptionWrong(
            f"--where {text!r} is not DIM=VALUE", hint='write --where priority=high or --where "channel!=email"'
        )
    return dim.rstrip("!").strip(), "!=" if dim.endswith("!") else "=", value.strip()


def _fits(frame: pl.DataFrame, asked: _Filter, timezone: str) -> pl.Expr:
    if asked.dim in TIMES:
        dates = [name for name in ("created_at", "dated_at") if name in frame.columns]  # an answer without a ticket
        values = [bucket(pl.coalesce(dates), asked.dim, timezone).cast(pl.String)]
    else:
        values = [pl.col(name).cast(pl.String) for name in _columns(frame, asked.dim)]
    if not asked.words:
        fits = values[0].is_null() if values else pl.lit(value=True)
    else:
        said = [value.str.to_lowercase().is_in(asked.words).fill_null(value=False) for value in values]
        fits = pl.any_horizontal(said) if said else pl.lit(value=False)
    return ~fits if asked.negated else fits


def _words(tickets: pl.DataFrame, column: str) -> set[str]:
    return {word.lower() for word in tickets[column].drop_nulls().cast(pl.String).unique().to_list()}


def _occurring(frames: Sequence[pl.DataFrame], dim: str, asked: str, people: People) -> str:
    """The commonest values of a dimension as a breakdown shows them, and the nearest of all; of persons codes alone."""
    columns = [frame[name].cast(pl.String).drop_nulls() for frame in frames for name in _everywhere(frame, dim)]
    columns = [column for column in columns if len(column)]
    words = next(iter(columns), None)
    if words is None:
        return f"the data has no value of {dim}"
    common = words.value_counts(sort=True).sort("count", words.name, descending=[True, False])
    shown = ", ".join(f"{people.shown(dim, word)} ({count:,})" for word, count in common.head(8).iter_rows())
    every: dict[str, str] = {}  # a word of ours goes before the same of the export in other letters
    for column in columns:
        for word in column.unique(maintain_order=True).to_list():
            every.setdefault(word.lower(), word)
    close = None if people.hides(dim) else nearest(asked, list(every.values()))
    guess = f"did you mean {close}? " if close else ""
    return f"{guess}the data has {shown}" + (" and more" if common.height > 8 else "")

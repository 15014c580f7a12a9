"""Frames as files and back: each column comes back in its type and every value as it was.

Parquet keeps types itself. CSV and NDJSON hold instants, dates, decimals and lists as text; the manifest names the
types that they return to.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from supportkpi.clocks import CLOCKS
from supportkpi.errors import DatasetBroken, ShapeWrong, Where
from supportkpi.schema import EVENTS, INSTANT, SURVEYS, TICKETS

FORMS: Mapping[str, str] = {"parquet": "Parquet", "csv": "CSV", "ndjson": "NDJSON"}
"""The forms of the files, by their suffix."""
_INSTANT = "%Y-%m-%dT%H:%M:%S%.6fZ"
_WHOLE = (pl.Int8(), pl.Int16(), pl.Int32(), pl.Int64(), pl.UInt8(), pl.UInt16(), pl.UInt32(), pl.UInt64())
_PLAIN = (pl.String(), pl.Boolean(), pl.Float64(), pl.Float32(), *_WHOLE)
_ENUMS = {
    f"Enum {name}": dtype
    for frame in (EVENTS, TICKETS, SURVEYS, CLOCKS)
    for name, dtype in frame.items()
    if dtype == pl.Enum
}
_NAMED: Mapping[str, pl.DataType] = {
    **{str(dtype): dtype for dtype in _PLAIN},
    "Categorical": pl.Categorical(),
    "Date": pl.Date(),
    "Instant": INSTANT,
    "Decimal": pl.Decimal(18, 4),
    "Words": pl.List(pl.String()),
    "Span": pl.Duration("us"),
    **_ENUMS,
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")


def types_of(schema: Mapping[str, pl.DataType], *, frame: str) -> dict[str, str]:
    """The name of each column's type, as the manifest holds it.

    Raises:
        ShapeWrong: a column has a type that no form can hold.
    """
    return {column: _name(column, dtype, frame) for column, dtype in schema.items()}


def _name(column: str, dtype: pl.DataType, frame: str) -> str:
    candidates = (f"Enum {column}", *_NAMED)  # customers and agents are also those who open tickets: its own name first
    name = next((one for one in candidates if _NAMED.get(one) == dtype), None)
    if name is None:
        message = f"{frame}.{column} is {dtype}, which cannot be written and read back"
        raise ShapeWrong(message, hint="make it text, a number or an instant in UTC", where=Where(column=column))
    return name


def written(frame: pl.LazyFrame, types: Mapping[str, str], path: Path, form: str) -> None:
    """Write a frame to a file, in the form asked for; nothing is collected."""
    if form == "parquet":
        frame.sink_parquet(path)
    elif form == "ndjson":
        frame.select(_as_text(column, name) for column, name in types.items()).sink_ndjson(path)
    else:
        plain = frame.select(_harmless(_as_text(column, name), name).alias(column) for column, name in types.items())
        plain.rename(_headers(types)).sink_csv(path, quote_style="non_numeric")


def _headers(types: Mapping[str, str]) -> dict[str, str]:
    """The columns whose names a spreadsheet would take for formulas, and their headers."""
    return {column: f"'{column}" for column in types if column.startswith(_FORMULA)}


def _as_text(column: str, name: str) -> pl.Expr:
    """A column in a type that text can hold."""
    value = pl.col(column)
    if name == "Instant":
        return value.dt.to_string(_INSTANT)
    if name == "Words":
        return pl.when(value.is_not_null()).then(pl.struct(value.alias("words")).struct.json_encode()).alias(column)
    if name == "Span":
        return value.dt.total_microseconds()
    if isinstance(_NAMED[name], pl.String | pl.Boolean) or _NAMED[name].is_float() or _NAMED[name].is_integer():
        return value
    return value.cast(pl.String)


def _harmless(value: pl.Expr, name: str) -> pl.Expr:
    """Text that no spreadsheet takes for a formula: an apostrophe before it, which reading takes away again."""
    if not _is_text(name):
        return value
    begins = pl.any_horizontal(value.str.starts_with(mark) for mark in _FORMULA)
    return pl.when(begins).then(pl.lit("'") + value).otherwise(value)


def _is_text(name: str) -> bool:
    return name in ("String", "Categorical") or name.startswith("Enum ")


def read(path: Path, types: Mapping[str, str], form: str) -> pl.LazyFrame:
    """The frame of a file, its columns in the types of the manifest.

    Raises:
        DatasetBroken: the manifest names a type that this version does not know.
    """
    unknown = next((name for name in types.values() if name not in _NAMED), None)
    if unknown is not None:
        message = f"a column has the type {unknown!r}, which this version does not know"
        raise DatasetBroken(message, hint="read the folder with the version that wrote it", where=Where(path=str(path)))
    if form == "parquet":
        return pl.scan_parquet(path, glob=False).select(pl.col(name).cast(_NAMED[kind]) for name, kind in types.items())
    plain = {column: _text_type(name) for column, name in types.items()}
    if form == "ndjson":
        return _typed(pl.scan_ndjson(path, schema=plain), types)
    headers = _headers(types)
    schema = {headers.get(column, column): dtype for column, dtype in plain.items()}
    scanned = pl.scan_csv(path, schema=schema, glob=False, truncate_ragged_lines=False)
    scanned = scanned.rename({header: column for column, header in headers.items()})
    taken = {column for column, name in types.items() if _is_text(name)}
    return _typed(
        scanned.with_columns(pl.col(column).str.replace("^'", "") for column in types if column in taken), types
    )


def _text_type(name: str) -> pl.DataType:
    dtype = pl.Int64() if name == "Span" else _NAMED[name]
    return dtype if isinstance(dtype, pl.Boolean) or dtype.is_float() or dtype.is_integer() else pl.String()


def _typed(frame: pl.LazyFrame, types: Mapping[str, str]) -> pl.LazyFrame:
    return frame.select(_in_type(column, name) for column, name in types.items())


def _in_type(column: str, name: str) -> pl.Expr:
    value = pl.col(column)
    if name == "Instant":
        return value.str.to_datetime(_INSTANT.replace("%.6fZ", "%.fZ"), time_unit="us").dt.replace_time_zone("UTC")
    if name == "Date":
        return value.str.to_date("%Y-%m-%d")
    if name == "Words":
        return value.str.json_decode(pl.Struct({"words": _NAMED[name]})).struct.field("words").alias(column)
    return value.cast(_NAMED[name])

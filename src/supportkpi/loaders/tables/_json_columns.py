"""Records to columns of text, one a path; lists as JSON text."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache

import polars as pl

from supportkpi.errors import JsonBroken, Where
from supportkpi.loaders.tables._json_text import Number
from supportkpi.loaders.tables._table import ROW, unique

CELLS = 50_000_000  # cells that a list of unlike records may make
_MANY = 5_000

_Row = dict[str, str | None]


def columns_of(records: Sequence[Mapping[str, object]], path: str) -> tuple[tuple[str, ...], pl.LazyFrame]:
    """The columns of the records and their frame, which is only built when it is asked for.

    Raises:
        JsonBroken: the records have hardly a key in common.
    """
    paths, filled = _paths(records, path)
    for name in [name for name in _parents(paths) if name in paths and name not in filled]:
        del paths[name]  # null where it is no object: the columns below it tell all that it does
    columns = unique(_writable(name).strip() for name in paths)
    schema = {ROW: pl.UInt32(), **dict.fromkeys(columns, pl.String())}
    keys = dict(zip(columns, paths, strict=True))
    once = cache(lambda: _frame(records, keys))  # a table is collected several times over
    return columns, pl.defer(once, schema=schema)


def _paths(records: Sequence[Mapping[str, object]], path: str) -> tuple[dict[str, None], set[str]]:
    """Every path of the records in order, and those of them that have a value."""
    paths: dict[str, None] = {}
    filled: set[str] = set()
    for record in records:
        _walk(record, "", paths, filled)
        if len(paths) > _MANY and len(paths) * len(records) > CELLS:
            raise JsonBroken("the records have hardly a key in common", where=Where(path=path))
    return paths, filled


def _walk(value: Mapping[str, object], prefix: str, paths: dict[str, None], filled: set[str]) -> None:
    for key, inner in value.items():
        if isinstance(inner, dict):
            _walk(inner, f"{prefix}{key}.", paths, filled)
            continue
        name = f"{prefix}{key}" if prefix else key
        if name not in filled:
            paths[name] = None
            if inner is not None and inner != "":
                filled.add(name)


def _parents(paths: Mapping[str, None]) -> set[str]:
    return {name[:at] for name in paths for at in range(len(name)) if name[at] == "."}


def _frame(records: Sequence[Mapping[str, object]], keys: Mapping[str, str]) -> pl.DataFrame:
    rows: list[_Row] = []
    for record in records:
        row: _Row = {}
        _flatten(record, "", row)
        rows.append(row)
    series = [pl.Series(ROW, range(len(rows)), dtype=pl.UInt32)]
    series += [_series(name, [row.get(key) for row in rows]) for name, key in keys.items()]
    return pl.DataFrame(series)


def _flatten(value: Mapping[str, object], prefix: str, row: _Row) -> None:
    for key, inner in value.items():
        if isinstance(inner, dict):
            _flatten(inner, f"{prefix}{key}.", row)
        else:
            row[f"{prefix}{key}"] = _text(inner)


def _text(value: object) -> str | None:
    """A value as the text of a cell; nothing and an empty string are no value."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Number | int):
        return value.text if isinstance(value, Number) else str(value)
    try:
        return json.dumps(value, ensure_ascii=False)
    except RecursionError:  # lists in lists without end say nothing that a cell could hold
        return None


def _series(name: str, values: list[str | None]) -> pl.Series:
    try:
        return pl.Series(name, values, dtype=pl.String)
    except UnicodeEncodeError:  # half a pair of surrogates, which JSON can write and text cannot hold
        return pl.Series(name, [None if value is None else _writable(value) for value in values], dtype=pl.String)


def _writable(text: str) -> str:
    return text.encode("utf-8", errors="replace").decode("utf-8")

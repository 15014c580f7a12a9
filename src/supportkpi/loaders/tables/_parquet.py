"""Parquet to a table: typed columns, those of trees as one column a path."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

import polars as pl

from supportkpi.errors import TableBroken, Where
from supportkpi.loaders.tables._bytes import Source, titled
from supportkpi.loaders.tables._table import ROW, Table, clean, unique

SMALL = 64 << 20  # bytes of a file that is simply held
DEEP = 6  # trees in trees that become columns


def read_parquet(source: Source) -> Table:
    """The table of a Parquet file: its types stay, except that lists become JSON text; bytes are left out.

    Raises TableBroken where the file is damaged or has no column.
    """
    try:
        frame = _flat(pl.scan_parquet(_body(source), glob=False))
        columns = tuple(frame.collect_schema())
        if not columns:
            raise TableBroken("the Parquet file has no column", hint="export it again", where=Where(path=source.name))
        frame = frame.with_row_index(ROW).with_columns(pl.col(ROW).cast(pl.UInt32))
        if source.size <= SMALL:
            frame = frame.collect().lazy()
            rows = int(frame.select(pl.len()).collect().item())
        else:  # every page once, so that a damaged one is told here
            rows = int(frame.select(pl.len(), *(pl.col(name).hash().max() for name in columns)).collect().item(0, 0))
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError):
        raise TableBroken(
            f"{titled(source.name)} is a damaged Parquet file", hint="export it again", where=Where(path=source.name)
        ) from None
    return Table(
        name=source.name,
        path=source.name,
        format="parquet",
        columns=columns,
        frame=frame,
        rows=rows,
        sha256=source.digest(),
        notes=source.notes,
        first_line=1,
        body=source.body,
    )


def _body(source: Source) -> io.BytesIO | str:
    return io.BytesIO(source.everything()) if source.data is not None or source.file is None else str(source.file)


def _flat(frame: pl.LazyFrame) -> pl.LazyFrame:
    """The columns as cells: trees as one column a path, texts without blanks, lists as JSON text."""
    for _ in range(DEEP):
        schema = frame.collect_schema()
        if not any(isinstance(dtype, pl.Struct) for dtype in schema.values()):
            break
        frame = frame.select(part for name, dtype in schema.items() for part in _parts(name, dtype))
    schema = frame.collect_schema()
    kept = {name: cell for name, dtype in schema.items() if (cell := _cell(name, dtype)) is not None}
    columns = unique(clean(name) for name in kept)
    return frame.select(cell.alias(column) for cell, column in zip(kept.values(), columns, strict=True))


def _parts(name: str, dtype: pl.DataType) -> Iterator[pl.Expr]:
    if not isinstance(dtype, pl.Struct):
        yield pl.col(name)
        return
    for field in dtype.fields:
        yield pl.col(name).struct.field(field.name).alias(f"{name}.{field.name}")


def _cell(name: str, dtype: pl.DataType) -> pl.Expr | None:
    """A column as the readers of values take it; None for one of bytes and other things that are no cell."""
    cell = pl.col(name)
    if isinstance(dtype, pl.Categorical | pl.Enum):
        cell, dtype = cell.cast(pl.String), pl.String()
    if dtype == pl.String:
        return pl.when(cell != "").then(cell)
    if dtype == pl.Null or isinstance(dtype, pl.Decimal):
        return cell.cast(pl.String if dtype == pl.Null else pl.Float64)
    if isinstance(dtype, pl.List | pl.Array):
        return pl.map_batches([name], lambda found: _as_json(found[0]), return_dtype=pl.String, is_elementwise=True)
    return cell if dtype.is_numeric() or dtype.is_temporal() or dtype == pl.Boolean else None


def _as_json(lists: pl.Series) -> pl.Series:
    texts = [None if one is None else json.dumps(one, ensure_ascii=False, default=str) for one in lists.to_list()]
    return pl.Series(lists.name, texts, dtype=pl.String)

"""Bytes to Table: what the bytes of a file say, before anyone asks what it means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from supportkpi.schema import Reject

ROW = "_row"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What one table of a file says.

    ``frame`` is lazy: ``_row`` (UInt32, 0-based number of the data row), then one column a header, String unless the
    source is typed (XLSX cells, Parquet); an empty cell is null. ``columns`` are the frame's column names without
    ``_row``: the header cells as found, trimmed, a repeated header as "Labels", "Labels (2)", "Labels (3)", an empty
    one as "column 7". From JSON there is one column a path ("via.channel"), lists as JSON text.
    ``rows`` counts the data rows that can be read; ``rejects`` are those that cannot (ragged rows, a cut record) and
    ``excluded`` those that are no data (footer). rows + rejects + excluded = data rows of the file.
    """

    name: str  # as the user called it: "tickets.csv", "book.xlsx[Sheet1]", "-"
    path: str
    format: str  # csv | tsv | json | ndjson | xlsx
    columns: tuple[str, ...]
    frame: pl.LazyFrame
    rows: int
    sha256: str
    encoding: str = "UTF-8"
    delimiter: str | None = None
    first_line: int = 2  # physical line of data row 0, where the format has lines
    records: tuple[Mapping[str, object], ...] = ()  # parsed records of JSON sources, for nested loaders
    rejects: tuple[Reject, ...] = ()
    excluded: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()  # sentences for a person: "cp1251", "3 title lines skipped", "total line skipped"

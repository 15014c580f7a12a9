"""What one table of a file says, and how its columns are named."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import polars as pl

from supportkpi.schema import Provenance, Reject

ROW = "_row"
RAGGED = "ragged-row"  # more or fewer cells than the header has
CUT = "cut-record"  # the file ends inside it
STRAY = "not-a-record"  # an element of a JSON list, or a line, that is no object

TOP = 20_000  # rows at the beginning of a table that are looked at before all of it is read

_EDGES = "\ufeff\xa0 \t\r\n\x00\x1a\u200b"


class Doubted(Exception):
    """A row of a hopeful scan has more cells than the header, or none: only a careful reading will do."""


@dataclass(frozen=True, slots=True)
class Top:
    """The first TOP rows of a frame that has more, read already: a scan for them alone would map the whole file."""

    of: pl.LazyFrame
    rows: pl.DataFrame


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What one table of a file says.

    ``frame`` is lazy: ``_row`` (UInt32, 0-based number of the data row), then one column a header, String unless the
    source is typed (XLSX cells, Parquet); an empty cell is null. Rejected rows keep their number, so ``_row`` rises
    but may have gaps. ``columns`` are the frame's column names without
    ``_row``: the header cells as found, trimmed, a repeated header as "Labels", "Labels (2)", "Labels (3)", an empty
    one as "column 7". From JSON there is one column a path ("via.channel"), lists as JSON text.
    ``rows`` counts the data rows that can be read; ``rejects`` are those that cannot (ragged rows, a cut record) and
    ``excluded`` those that are no data (footer). rows + rejects + excluded = data rows of the file (no blank ones).
    """

    name: str  # as the user called it: "tickets.csv", "book.xlsx[Sheet1]", "-"
    path: str
    format: str  # csv | tsv | json | ndjson | xlsx | xls | ods | parquet | html
    columns: tuple[str, ...]
    frame: pl.LazyFrame
    rows: int
    sha256: str
    encoding: str = "UTF-8"
    delimiter: str | None = None
    first_line: int = 2  # physical line of data row 0, where the format has lines
    records: tuple[Mapping[str, object], ...] = ()  # parsed records of JSON sources, for nested loaders
    beside: Mapping[str, object] = field(default_factory=dict)  # what their envelope holds beside them: users, groups
    rejects: tuple[Reject, ...] = ()
    excluded: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()  # sentences for a person: "cp1251", "3 title lines skipped", "total line skipped"
    sure: bool = True  # False: who collects ``_row`` may get Doubted, and has to read the table again with ``surely``
    questions: Mapping[str, str] = field(default_factory=dict)  # of a survey: what was asked, by column
    zone: str | None = None  # the zone of its dates, where the file itself names one
    body: bytes | None = None  # what was read, where it cannot be read again from ``path`` (standard input)
    top: Top | None = None  # where they are known; of no other frame than this one

    def head(self, rows: int) -> pl.LazyFrame:
        """The first rows."""
        known = self.top is not None and self.top.of is self.frame and rows <= self.top.rows.height
        return (self.top.rows.lazy() if self.top is not None and known else self.frame).head(rows)

    def provenance(self, helpdesk: str, title: str, *, zone: str = "UTC", zone_source: str = "file") -> Provenance:
        """Where the table came from, read as ``helpdesk``: every row of the file counts, left out or not."""
        return Provenance(
            path=self.name,
            sha256=self.sha256,
            helpdesk=helpdesk,
            title=title,
            format=self.format,
            encoding=self.encoding,
            delimiter=self.delimiter,
            rows=self.rows + len(self.rejects) + sum(self.excluded.values()),
            zone=zone,
            zone_source=zone_source,
            notes=self.notes,
        )


def clean(cell: str) -> str:
    """A header cell as a person reads it: no marks, no outer quotes, inner white space collapsed."""
    text = cell.replace("\xa0", " ").replace("ï»¿", "").strip(_EDGES)
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        text = text[1:-1].strip(_EDGES)
    return re.sub(r"\s+", " ", text.strip('"'))


def unique(cells: Iterable[str]) -> tuple[str, ...]:
    """Column names in order: a repeated one is numbered, an empty one gets its place, none is ``_row`` or a pattern."""
    taken = {ROW: 1}
    names: list[str] = []
    for place, cell in enumerate(cells, start=1):
        name = wanted = _no_pattern(cell) or f"column {place}"
        while name in taken:
            taken[wanted] += 1
            name = f"{wanted} ({taken[wanted]})"
        taken.setdefault(wanted, 1)
        taken[name] = taken.get(name, 1)
        names.append(name)
    return tuple(names)


def _no_pattern(name: str) -> str:
    """A name that polars does not take for all columns, or for those that match an expression."""
    return f"({name})" if name == "*" or (name.startswith("^") and name.endswith("$")) else name

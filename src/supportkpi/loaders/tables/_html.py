"""Tables inside web pages: what several helpdesks save under a name that ends in .xls."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

from supportkpi.decisions import Reading
from supportkpi.errors import EncodingWrong
from supportkpi.loaders.tables._bytes import Source, web_page
from supportkpi.loaders.tables._csv import read_csv
from supportkpi.loaders.tables._encodings import Decoded, decode, marked
from supportkpi.loaders.tables._table import Table

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_SILENT = frozenset(("script", "style", "head", "title"))
_WIDEST = 1_000  # columns that a cell may be wide


@dataclass(slots=True)
class _Grid:
    """The rows of one table; a cell over several columns is followed by empty ones."""

    rows: list[list[str]] = field(default_factory=list)
    cell: list[str] | None = None
    span: int = 1


class _Tables(HTMLParser):
    """Collects the tables of a page; one inside a cell of another is a table of its own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[_Grid] = []
        self._open: list[_Grid] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        """Opens tables, rows and cells."""
        if tag in _SILENT:
            self._silent += 1
        elif tag == "table":
            self._open.append(_Grid())
            self.found.append(self._open[-1])
        elif self._open and tag == "tr":
            self._close_cell()
            self._open[-1].rows.append([])
        elif self._open and tag in ("td", "th"):
            self._close_cell()
            span = dict(attrs).get("colspan") or "1"
            self._open[-1].cell, self._open[-1].span = [], int(span) if span.isdecimal() and len(span) < 5 else 1
        elif self._open and tag == "br" and self._open[-1].cell is not None:
            self._open[-1].cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """Closes cells, rows and tables."""
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif self._open and tag in ("td", "th", "tr", "table"):
            self._close_cell()
            if tag == "table":
                self._open.pop()

    def handle_data(self, data: str) -> None:
        """The text of a cell."""
        if self._open and not self._silent and self._open[-1].cell is not None:
            self._open[-1].cell.append(data)

    def _close_cell(self) -> None:
        grid = self._open[-1]
        if grid.cell is None:
            return
        if not grid.rows:
            grid.rows.append([])
        lines = "".join(grid.cell).replace("\xa0", " ").split("\n")
        grid.rows[-1].append("\n".join(" ".join(line.split()) for line in lines).strip())
        grid.rows[-1].extend([""] * (min(grid.span, _WIDEST) - 1))
        grid.cell = None


def read_html(source: Source, reading: Reading) -> Table:
    """The largest table of a web page, read as a delimited text would be.

    Raises:
        FormatUnknown: the page holds no table of several rows and columns.
        KpiError: what the table holds is none of ours.
    """
    text = _text(source, reading)
    page = _Tables()
    try:
        page.feed(text.text)
        page.close()
    except (AssertionError, ValueError):  # what the parser of the standard library says of torn declarations
        raise web_page(source.name) from None
    rows = _largest(page.found, source.name)
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(rows)
    table = read_csv(source, Reading(delimiter=","), Decoded(written.getvalue(), text.encoding), sure=True)
    notes = ("the file is a web page: its largest table is read", *([text.note] if text.note else []))
    return replace(table, format="html", delimiter=None, notes=(*notes, *table.notes))


def _text(source: Source, reading: Reading) -> Decoded:
    """The text of the page, in the encoding that it names itself where nobody else does."""
    said = _CHARSET.search(source.head[:4096])
    data, asked = source.everything(), reading.encoding
    if asked is None and said is not None and marked(source.head) is None:
        try:
            return decode(data, path=source.name, asked=said[1].decode("ascii"), clipped=source.cut)
        except EncodingWrong:  # the page is wrong about itself
            pass
    return decode(data, path=source.name, asked=asked, clipped=source.cut)


def _largest(found: Sequence[_Grid], path: str) -> list[list[str]]:
    grids = [[row for row in grid.rows if row] for grid in found]
    tables = [rows for rows in grids if len(rows) > 1 and max(len(row) for row in rows) > 1]
    if not tables:
        raise web_page(path)
    rows = max(tables, key=lambda rows: sum(len(row) for row in rows))
    width = max(len(row) for row in rows)
    return [row + [""] * (width - len(row)) for row in rows]

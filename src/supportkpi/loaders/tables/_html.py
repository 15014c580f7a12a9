"""Tables inside web pages: what several helpdesks save under a name that ends in .xls."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from html import unescape

from supportkpi.decisions import Reading
from supportkpi.errors import EncodingWrong
from supportkpi.loaders.tables._bytes import Source, web_page
from supportkpi.loaders.tables._csv import read_csv
from supportkpi.loaders.tables._encodings import Decoded, decode, marked
from supportkpi.loaders.tables._table import Table

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_TAG = re.compile(r"<(/?)(table|tr|td|th|br|script|style|head|title)\b([^<>]{0,2000})>", re.IGNORECASE)
_OTHER_TAG = re.compile(r"<[a-zA-Z/!?][^<>]{0,2000}>")
_SPAN = re.compile(r"\bcolspan\s*=\s*[\"']?\s*(\d{1,4})", re.IGNORECASE)
_SILENT = frozenset(("script", "style", "head", "title"))
_WIDEST = 1_000  # columns that a cell may be wide


@dataclass(slots=True)
class _Grid:
    """The rows of one table; a cell over several columns is followed by empty ones."""

    rows: list[list[str]] = field(default_factory=list)
    cell: list[str] | None = None
    span: int = 1
    torn: bool = False  # the page ends inside its last row

    def begin(self, attributes: str) -> None:
        """Opens a cell."""
        self.end()
        said = _SPAN.search(attributes)
        self.cell, self.span = [], int(said[1]) if said else 1

    def end(self) -> None:
        """Closes the cell that is open."""
        if self.cell is None:
            return
        if not self.rows:
            self.rows.append([])
        self.rows[-1].append(_plain("".join(self.cell)))
        self.rows[-1].extend([""] * (min(self.span, _WIDEST) - 1))
        self.cell = None


def _plain(text: str) -> str:
    """What a cell shows: no tags, no entities, single spaces, its own line breaks."""
    if "<" in text:
        text = _OTHER_TAG.sub("", text)
    if "&" in text:
        text = unescape(text)
    if "\n" not in text:
        return " ".join(text.split())
    return "\n".join(" ".join(line.split()) for line in text.split("\n")).strip()


def _grids(text: str) -> list[_Grid]:
    """The tables of a page; one inside a cell of another is a table of its own."""
    found: list[_Grid] = []
    opened: list[_Grid] = []
    at = silent = 0
    for tag in _TAG.finditer(text):
        if opened and not silent and opened[-1].cell is not None:
            opened[-1].cell.append(_one_line(text[at : tag.start()]))
        at = tag.end()
        name, closes = tag[2].lower(), bool(tag[1])
        if name in _SILENT:
            silent = max(0, silent + (-1 if closes else 1))
        elif name == "table" and not closes:
            opened.append(_Grid())
            found.append(opened[-1])
        elif opened:
            _told(opened, name, tag[3], closes=closes)
    for grid in opened:
        grid.end()
        grid.torn = grid.torn and bool(grid.rows and grid.rows[-1])
    return found


def _one_line(text: str) -> str:
    """Text between tags: where its lines end means nothing."""
    return text.replace("\r", " ").replace("\n", " ")


def _told(opened: list[_Grid], name: str, attributes: str, *, closes: bool) -> None:
    """What a tag inside a table does to it."""
    grid = opened[-1]
    if name == "br":
        if grid.cell is not None:
            grid.cell.append("\n")
        return
    grid.torn = not closes or name in ("td", "th")
    if closes or name == "tr":
        grid.end()
    if closes and name == "table":
        opened.pop()
    elif not closes and name == "tr":
        grid.rows.append([])
    elif not closes:
        grid.begin(attributes)


def _without_comments(text: str) -> str:
    """The page without comments; one that nobody closed goes to the end."""
    parts = []
    at = 0
    while (start := text.find("<!--", at)) >= 0:
        parts.append(text[at:start])
        end = text.find("-->", start + 4)
        if end < 0:
            return "".join(parts)
        at = end + 3
    return "".join((*parts, text[at:]))


def read_html(source: Source, reading: Reading) -> Table:
    """The largest table of a web page, read as a delimited text would be.

    Raises:
        FormatUnknown: the page holds no table of several rows and columns.
        KpiError: what the table holds is none of ours.
    """
    text = _text(source, reading)
    rows = _largest(_grids(_without_comments(text.text)), source.name)
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
    """The rows of the table with the most cells, all of one width but one that the end of the page has cut."""
    grids = [([row for row in grid.rows if row], grid.torn) for grid in found]
    tables = [(rows, torn) for rows, torn in grids if len(rows) > 1 and max(len(row) for row in rows) > 1]
    if not tables:
        raise web_page(path)
    rows, torn = max(tables, key=lambda table: sum(len(row) for row in table[0]))
    width = max(len(row) for row in rows)
    whole = [row + [""] * (width - len(row)) for row in (rows[:-1] if torn else rows)]
    return [*whole, rows[-1][: width - 1]] if torn else whole

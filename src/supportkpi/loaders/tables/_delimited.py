"""Text with delimiters: its records with their lines, its delimiter, where its header stands and what surrounds it."""

from __future__ import annotations

import csv
import math
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from supportkpi.errors import FileEmpty, OptionWrong, TableBroken, Where
from supportkpi.loaders.tables._footers import BLANKS, DEEP, footer_from, is_blank
from supportkpi.loaders.tables._survey_rows import Heading, heading, is_lower_row
from supportkpi.loaders.tables._table import clean, unique

DELIMITERS = (";", "\t", "|", ",")  # of two that fit alike the comma is the one that stands before decimals
NO_DELIMITER = "\x1f"  # what a table of one column is split by
LOOK = 200  # records that are looked at
PREAMBLE = 30  # records that may stand above a header
_NAMED = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": " "}
_VALUE = re.compile(r"[-+]?[\d.,:\s/%-]*\d[\d.,:\s/%-]*([T ]\d\d:.*|[AaPp][Mm]|Z)?")


@dataclass(frozen=True, slots=True)
class Record:
    """One record: the physical line that it starts on, its cells, whether the text ends inside its quotes."""

    line: int
    cells: list[str]
    open: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where a table lies in a text. ``width`` cells belong to columns; ``needed`` of them must be there in each row.

    ``spare`` empty cells stand behind them in every row: a delimiter at the end of the line.
    """

    delimiter: str
    columns: tuple[str, ...]
    needed: int
    first_line: int
    spare: int = 0
    delimiters_above: int = 0
    notes: tuple[str, ...] = ()
    questions: Mapping[str, str] = field(default_factory=dict)  # by column, of surveys
    zone: str | None = None
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # answers by column, by question
    fullest: tuple[str, str] = ("", "")  # the columns that are empty in the fewest rows at the top, short ones first

    @property
    def width(self) -> int:
        """Cells of a whole row."""
        return len(self.columns)

    def fits(self, cells: Sequence[str]) -> bool:
        """Whether a row has the cells that it needs, and none with a value beyond the last column."""
        return self.needed <= len(cells) and (len(cells) <= self.width or is_blank(cells[self.width :]))


def normal_lines(text: str) -> str:
    """Line ends that a record reader understands: CR-only files and doubled CRs become LF, a stray CR a space."""
    text = text.rstrip("\x00")
    if "\r" not in text:
        return text
    text = text.replace("\r\r\n", "\r\n")
    if text.endswith("\r"):
        text = text[:-1] + "\n"
    stray = text.count("\r") - text.count("\r\n")
    if stray == 0:
        return text
    if stray > text.count("\n"):
        return text.replace("\r\n", "\n").replace("\r", "\n")
    return re.sub(r"\r(?!\n)", " ", text)


class _Feed:
    """Physical lines of a text, one by one, with a way back."""

    def __init__(self, text: str) -> None:
        self.text, self.at, self.line, self.starved = text, 0, 0, False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        start = self.at
        if start >= len(self.text):
            self.starved = True
            raise StopIteration
        self.at = self.text.find("\n", start) + 1 or len(self.text)
        self.line += 1
        return self.text[start : self.at]


def records(text: str, delimiter: str, layout: Layout | None = None) -> Iterator[Record]:
    """Every record of the text, blank lines included.

    With a layout, a quote that nobody closed costs its own line and not the lines behind it: where a record of several
    lines has the wrong number of cells and the lines inside it are good records by themselves, reading goes on there.
    """
    csv.field_size_limit(sys.maxsize)  # the limit of the standard library is for strangers' memory, not for long cells
    feed = _Feed(text)
    reader = csv.reader(feed, delimiter=delimiter)
    while True:
        start, line = feed.at, feed.line
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            cells = [text[start : feed.at].rstrip("\r\n")]
            reader = csv.reader(feed, delimiter=delimiter)
        many = feed.line - line > 1
        if layout is not None and many and (feed.starved or not layout.fits(cells)):
            second = text.find("\n", start) + 1
            if _good_alone(text[second : feed.at], layout):
                feed.at, feed.line, feed.starved = second, line + 1, False
                yield Record(line + 1, [text[start:second].rstrip("\r\n")])
                continue
        yield Record(line + 1, cells, feed.starved)
        if feed.starved:
            return


def _good_alone(inside: str, layout: Layout) -> bool:
    """Whether most of the lines that a quote swallowed are whole records by themselves."""
    if layout.width < 2:
        return False
    lines = inside.split("\n", LOOK)[:LOOK]
    found = [record.cells for record in records("\n".join(lines), layout.delimiter) if record.cells]
    whole = sum(len(cells) == layout.width for cells in found)
    return whole > 0 and whole * 2 >= len(found)


def asked_delimiter(asked: str) -> str:
    """The delimiter that an option names. Raises OptionWrong."""
    delimiter = _NAMED.get(asked.lower(), asked)
    if len(delimiter) != 1 or delimiter in '"\r\n' or not delimiter.isascii():
        raise OptionWrong(f"--delimiter takes one character or a name, not {asked!r}", hint="for example ';' or tab")
    return delimiter


def find_layout(text: str, *, path: str, delimiter: str | None = None, clipped: bool = False) -> Layout:
    """Find delimiter, header and first data row in the beginning of a text (``clipped``: there is more of it).

    Raises FileEmpty for nothing but blanks, TableBroken where no header can be found.
    """
    said = _excel_line(text)
    known = asked_delimiter(delimiter) if delimiter is not None else said
    chosen = known or _delimiter(text, clipped) or NO_DELIMITER
    found = _sample(text, chosen, clipped)
    if all(is_blank(record.cells) for record in found[1 if said else 0 :]):
        if clipped:
            raise TableBroken("no line ends within the first megabyte", where=Where(path=path))
        raise FileEmpty(f"{path} holds nothing but blanks", hint="export it again", where=Where(path=path))
    return lay_out(found, path=path, delimiter=chosen, said=1 if said else 0)


def lay_out(found: Sequence[Record], *, path: str, delimiter: str, said: int = 0) -> Layout:
    """Find the header among the first records of a table and lay its columns out; ``said`` lines are about the format.

    Raises TableBroken where there is no header, or one column that hides a delimiter.
    """
    at = _with_groups(found, _header_at(found, said), said)
    _check_one_column(found[at : at + 2], path, delimiter)
    return _lay_out(found, at, delimiter, path, titles=sum(not is_blank(record.cells) for record in found[said:at]))


def _sample(text: str, delimiter: str, clipped: bool) -> list[Record]:
    found: list[Record] = []
    for record in records(text, delimiter):
        found.append(record)
        if len(found) == LOOK:
            return found
    return found[:-1] if clipped else found


def _excel_line(text: str) -> str | None:
    """The delimiter of Excel's own first line ``sep=;``."""
    match = re.match(r'\ufeff?"?sep=(.)"?[\r\n]', text, re.IGNORECASE)
    return match.group(1) if match and match.group(1) in (*DELIMITERS, " ", ":") else None


def _delimiter(text: str, clipped: bool) -> str | None:
    """The delimiter under which most records have the same number of cells, more cells counting for more."""
    found = {delimiter: _counts(text, delimiter, clipped) for delimiter in DELIMITERS}
    for whole in (True, False):  # the last line may be half a record: it is asked only when the others say nothing
        last = -1 if whole and not clipped and not text.endswith("\n") else None
        scores = {delimiter: _evenness(counts[:last]) for delimiter, counts in found.items()}
        best = max(scores, key=lambda delimiter: scores[delimiter])
        if scores[best] > 0:
            return best
    return None


def _counts(text: str, delimiter: str, clipped: bool) -> list[int]:
    """How many cells the first records have."""
    return [len(record.cells) for record in _sample(text, delimiter, clipped) if not is_blank(record.cells)]


def _evenness(counts: list[int]) -> float:
    several = Counter(count for count in counts if count > 1)
    if not several:
        return 0.0
    usual, _ = max(several.items(), key=lambda item: (item[1], item[0]))
    start = next(at for at, count in enumerate(counts) if count > 1)
    body = counts[start:]
    near = sum(1.0 if count == usual else 0.5 if abs(count - usual) == 1 and usual > 3 else 0.0 for count in body)
    if usual <= 3 and start > 0 and near < 0.9 * len(body):  # sentences with a comma under a header without one
        return 0.0
    share = near / (len(body) + start / 2)
    return share * (1 + math.log2(usual)) if share >= 0.3 else 0.0


def _filled(cells: Sequence[str]) -> int:
    return sum(1 for cell in cells if cell.strip(BLANKS))


def _header_at(found: Sequence[Record], skip: int) -> int:
    """The place of the header: the first record more than half full, unless that one holds values."""
    full = max(_filled(record.cells) for record in found[:PREAMBLE])
    first = next(at for at, record in enumerate(found) if at >= skip and not is_blank(record.cells))
    for at, record in enumerate(found[:PREAMBLE]):
        if at < first or is_blank(record.cells):
            continue
        filled = _filled(record.cells)
        if filled * 2 > full:
            return first if _filled(found[first].cells) * 2 >= full and _holds_values(record.cells) else at
    return first


def _with_groups(found: Sequence[Record], at: int, skip: int) -> int:
    """The place of the row above, where that names the groups of these columns and those that stand alone."""
    above = [record.cells for record in found[max(skip, at - 1) : at]]
    return at - 1 if above and _filled(above[0]) > 1 and is_lower_row(above[0], found[at].cells) else at


def _holds_values(cells: Sequence[str]) -> bool:
    return any(_VALUE.fullmatch(cell.strip()) for cell in cells)


def _check_one_column(top: Sequence[Record], path: str, chosen: str) -> None:
    """One column must not hide a delimiter: three names or more in the header, and as many parts in the row below."""
    header = top[0]
    if len(header.cells) > 1:
        return
    for other in (*DELIMITERS, "^", "~", ":", "\x01"):
        names = [cell.strip() for cell in header.cells[0].split(other)]
        below = all(is_blank(row.cells) or row.cells[0].count(other) == len(names) - 1 for row in top[1:])
        if other != chosen and len(names) > 2 and below and all(0 < len(name) <= 40 for name in names):
            shown = {"\t": "a tab", "\x01": "the character 01"}.get(other, f"{other!r}")
            raise TableBroken(
                f"only one column can be read, but its header {header.cells[0][:60]!r} is separated by {shown}",
                hint="give the delimiter with --delimiter",
                where=Where(path=path, line=header.line),
            )


def _lay_out(found: Sequence[Record], at: int, delimiter: str, path: str, *, titles: int) -> Layout:
    header = found[at]
    names = [clean(cell) for cell in header.cells]
    _check_header(names, header, path)
    top = heading(names, [record.cells for record in found[at + 1 : at + 4]])
    names, below = list(top.names), _below_heading(found, at + 1 + top.rows)
    rows = [record.cells for record in found[below:] if not is_blank(record.cells)]
    rows = rows[: footer_from(rows[-DEEP:], len(names)) + max(0, len(rows) - DEEP)]
    names = names[: _columns(names, rows)]
    needed = max((place for place, name in enumerate(names, start=1) if name), default=1)
    longer = sum(len(cells) > len(names) and not is_blank(cells[len(names) :]) for cells in rows)
    if rows and longer * 2 > len(rows) and longer > 1:
        raise TableBroken(
            f"the header names {len(names)} columns, but most rows have more values",
            hint="give the delimiter with --delimiter, or complete the header",
            where=Where(path=path, line=header.line),
        )
    lean = [cells for cells in rows if len(cells) < needed]
    notes = [*_preamble_notes(titles), *_heading_notes(top)]
    if len(lean) > 2 and len(lean) * 2 > len(rows) and delimiter != NO_DELIMITER:
        needed = min(len(cells) for cells in lean)
        notes.append("rows leave out empty cells at their end; they are read as empty")
    above = sum(max(len(record.cells) - 1, 0) for record in found[:below])
    columns = unique(names)
    return Layout(
        delimiter=delimiter,
        columns=columns,
        needed=needed,
        first_line=found[below].line if below < len(found) else _line_after(found),
        spare=_spare(names, rows),
        delimiters_above=above,
        notes=tuple(notes),
        questions={columns[place]: text for place, text in top.questions.items() if place < len(columns)},
        zone=top.zone,
        fullest=_fullest(columns, rows),
        choices={
            columns[first]: {columns[place]: answer for place, answer in answers.items() if place < len(columns)}
            for first, answers in top.choices.items()
            if first < len(columns)
        },
    )


def _fullest(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[str, str]:
    def emptiness(place: int) -> tuple[int, int]:
        cells = [cells[place] if place < len(cells) else "" for cells in rows]
        return sum(not cell for cell in cells), sum(map(len, cells))

    first, *others = sorted(range(len(columns)), key=emptiness)
    return columns[first], columns[others[0] if others else first]


def _line_after(found: Sequence[Record]) -> int:
    last = found[-1]
    return last.line + 1 + sum(cell.count("\n") for cell in last.cells)


def _columns(names: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    """How many columns there are: unnamed ones at the end count only where a row has something in them."""
    named = max((place for place, name in enumerate(names, start=1) if name), default=0)
    used = max((len(names) for cells in rows if not is_blank(cells[named : len(names)])), default=named)
    return max(named, used, 1)


def _spare(names: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    usual = Counter(len(cells) for cells in rows).most_common(1)
    return max(0, usual[0][0] - len(names)) if usual else 0


def _check_header(names: Sequence[str], header: Record, path: str) -> None:
    named = [name for name in names if name]
    values = sum(_VALUE.fullmatch(name) is not None for name in named)
    if not named or (len(named) > 1 and values * 2 > len(named)):
        raise TableBroken(
            "there is no header row: the first row holds values",
            hint="put a row with the columns' names on top",
            where=Where(path=path, line=header.line),
        )


def _below_heading(found: Sequence[Record], below: int) -> int:
    """The place of the first data row: behind the rows of the header and blank ones."""
    while below < len(found) and is_blank(found[below].cells):
        below += 1
    return below


def _heading_notes(top: Heading) -> Iterator[str]:
    if top.grouped:
        yield "the header has two rows: names of groups above those of their columns"
    elif top.rows > 0:
        yield f"{top.rows} {'row' if top.rows == 1 else 'rows'} of question texts under the header skipped"


def _preamble_notes(count: int) -> Iterator[str]:
    if count > 0:
        yield f"{count} title {'line' if count == 1 else 'lines'} above the header skipped"

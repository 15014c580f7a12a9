"""A page laid out in columns of a terminal: width-correct for wide letters, escaped, coloured only when asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len, chop_cells, set_cell_size

from supportkpi.reporters._page import Column, Grid, Lines, Page, Tone

_GAP = 2
_DOT = " · "
_LABEL_AT_LEAST = 12
_LABEL_AT_MOST = 40
Shared = tuple[int, ...]
"""Widths that the first columns of several tables have in common."""
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_SGR = {"strong": "1", "faint": "2", "good": "32", "bad": "31", "title": "1;4"}


def visible(text: str) -> str:
    r"""Text on one line without control characters: ``\n``, ``\x1b``, ``\u202e`` instead."""
    return _UNSAFE.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


@dataclass(frozen=True, slots=True)
class Canvas:
    """A terminal: its width, and whether it has colours."""

    width: int
    color: bool

    def paint(self, text: str, tone: str) -> str:
        """Text in a tone; the verdict's colour follows its sign."""
        if tone == "verdict":
            tone = {"✓": "good", "✗": "bad"}.get(text.strip()[:1], "")
        if not self.color or tone not in _SGR or not text.strip():
            return text
        return f"\x1b[{_SGR[tone]}m{text}\x1b[0m"

    def page(self, page: Page) -> str:
        """The whole page."""
        lines = self._head(page)
        family = _family(page)
        for block in page.blocks:
            lines += self._grid(block, family) if isinstance(block, Grid) else self._lines(block)
        return "".join(f"{line.rstrip()}\n" for line in lines)

    def _head(self, page: Page) -> list[str]:
        title = visible(page.title).upper()
        first, *rest = [[visible(part) for part in parts] for parts in page.head]
        lines = self._flow([title, *first], "   ")
        lines[0] = lines[0].replace(title, self.paint(title, "strong"), 1)
        return lines + [line for parts in rest for line in self._flow(parts, "  ")]

    def _flow(self, parts: Sequence[str], between: str) -> list[str]:
        """Parts on as few lines as they need; one that is too wide for a line is wrapped."""
        lines = [""]
        for part in parts:
            joined = f"{lines[-1]}{between}{part}" if lines[-1] else part
            if cell_len(joined) <= self.width:
                lines[-1] = joined
            else:
                lines += wrapped(part, self.width)
        return [line for line in lines if line]

    # --- labelled lines --------------------------------------------------------------------------------------------

    def _lines(self, block: Lines) -> list[str]:
        if not block.lines:
            return []
        entries = [(visible(label), visible(text)) for label, text in block.lines]
        widest = max(cell_len(label) for label, _ in entries)
        room = min(widest, _LABEL_AT_MOST, self.width // 3) + _GAP
        lines = ["", *([self.paint(visible(block.title), "strong")] if block.title else [])]
        for label, text in entries:
            texts = wrapped(text, self.width - room)
            fits = cell_len(label) + _GAP <= room
            lines += [] if fits else [self.paint(label, "strong")]
            labels = [label if fits else "", *[""] * (len(texts) - 1)]
            lines += [
                self.paint(_padded(each, room), "strong") + line for each, line in zip(labels, texts, strict=True)
            ]
        return lines

    # --- tables ----------------------------------------------------------------------------------------------------

    def _grid(self, grid: Grid, family: dict[str, Shared]) -> list[str]:
        kept = [index for index, column in enumerate(grid.columns) if column.only != "document"]
        rows = [[visible(row[index]) for index in kept] for row in grid.rows]
        columns = [grid.columns[index] for index in kept]
        shared = family.get(grid.family, ())
        parts = self._stacked(grid, columns, rows) if grid.stack else [self._narrowed(grid, columns, rows, shared)]
        title = [self.paint(visible(grid.title), "strong")] if grid.title else []
        lines = ["", *title]
        for index, (shown, body) in enumerate(parts):
            lines += [""] if index else []
            lines += self._table(grid, shown, body, shared)
        return lines + [line for note in grid.notes for line in wrapped(visible(note), self.width)]

    def _narrowed(
        self, grid: Grid, columns: list[Column], rows: list[list[str]], shared: Shared
    ) -> tuple[list[Column], list[list[str]]]:
        """The columns that find room: those that may go are left out in their order."""
        going = sorted((column.drop, i) for i, column in enumerate(columns) if column.drop is not None)
        gone: set[int] = set()
        for _, index in going:
            if self._width(grid, columns, rows, shared, without=gone) <= self.width:
                break
            gone.add(index)
        kept = [index for index in range(len(columns)) if index not in gone]
        return [columns[index] for index in kept], [[row[index] for index in kept] for row in rows]

    def _width(
        self, grid: Grid, columns: list[Column], rows: list[list[str]], shared: Shared, *, without: set[int]
    ) -> int:
        widths = _widths(columns, rows, shared)
        kept = [widths[i] for i, column in enumerate(columns) if i not in without and not column.tail]
        return grid.indent + sum(kept) + _GAP * (len(kept) - 1)

    def _stacked(
        self, grid: Grid, columns: list[Column], rows: list[list[str]]
    ) -> list[tuple[list[Column], list[list[str]]]]:
        """The columns in portions that fit, each behind the key columns; a value and its n stay together."""
        widths = _widths(columns, rows, ())
        used = grid.indent + sum(min(width, _LABEL_AT_MOST) + _GAP for width in widths[: grid.keys])
        portions: list[list[int]] = [[]]
        room = self.width - used
        for pair in _pairs(columns, grid.keys):
            need = sum(widths[index] + _GAP for index in pair)
            if portions[-1] and sum(widths[index] + _GAP for index in portions[-1]) + need - _GAP > room:
                portions.append([])
            portions[-1] += pair
        picked = [[*range(grid.keys), *portion] for portion in portions]
        return [([columns[i] for i in pick], [[row[i] for i in pick] for row in rows]) for pick in picked]

    def _table(self, grid: Grid, columns: list[Column], rows: list[list[str]], shared: Shared) -> list[str]:
        widths = _widths(columns, rows, shared)
        fixed = [index for index, column in enumerate(columns) if not column.tail]
        surplus = grid.indent + sum(widths[i] for i in fixed) + _GAP * (len(fixed) - 1) - self.width
        _shrink(widths, [index for index in fixed if columns[index].align == "left"], surplus)
        head = "".join(
            _aligned(visible(column.title), widths[i] + (grid.indent if i == 0 else 0), column) + " " * _GAP
            for i, column in enumerate(columns)
            if not column.tail
        )
        lines = [self.paint(head.rstrip(), "strong")]
        for row in rows:
            lines += self._row(grid, columns, row, widths)
        return lines

    def _row(self, grid: Grid, columns: list[Column], row: list[str], widths: list[int]) -> list[str]:
        plain, painted, tails = " " * grid.indent, " " * grid.indent, []
        for index, (column, cell) in enumerate(zip(columns, row, strict=True)):
            if column.tail:
                tails += [(cell, column.tone)] if cell else []
                continue
            text, gap = _aligned(cell, widths[index], column), " " * _GAP
            plain, painted = plain + text + gap, painted + self.paint(text, column.tone) + gap
        lines = [painted]
        for cell, tone in tails:
            if cell_len(plain) + cell_len(cell) <= self.width:
                lines[0] += self.paint(cell, tone)
            elif cell_len(plain.rstrip()) + _GAP + cell_len(cell) <= self.width:
                lines[0] = painted.rstrip() + " " * _GAP + self.paint(cell, tone)
            else:
                under = " " * (grid.indent + 2)
                lines += [under + self.paint(line, tone) for line in wrapped(cell, self.width - len(under))]
        return lines if plain.strip() or len(lines) == 1 or lines[0].strip() else lines[1:]


def _family(page: Page) -> dict[str, Shared]:
    """The widths of the first two columns that the grids of each family share."""
    widths: dict[str, Shared] = {}
    for block in page.blocks:
        if isinstance(block, Grid) and block.family:
            name, value = (max((cell_len(visible(row[i])) for row in block.rows), default=0) for i in (0, 1))
            before = widths.get(block.family, (0, 0))
            widths[block.family] = (max(before[0], name), max(before[1], value))
    return widths


def _widths(columns: list[Column], rows: list[list[str]], shared: Shared) -> list[int]:
    widths = []
    for index, column in enumerate(columns):
        cells = [visible(column.title), *(row[index] for row in rows)]
        widths.append(max([*shared[index : index + 1], *(cell_len(cell) for cell in cells)]))
    return widths


def _pairs(columns: list[Column], keys: int) -> list[list[int]]:
    """Columns behind the keys, each with the faint one that belongs to it."""
    pairs: list[list[int]] = []
    for index in range(keys, len(columns)):
        belongs: Tone = columns[index].tone
        if pairs and belongs == "faint":
            pairs[-1].append(index)
        else:
            pairs.append([index])
    return pairs


def _shrink(widths: list[int], indices: list[int], surplus: int) -> None:
    """Take what is too much from the widest of the texts, none below what a name needs."""
    while surplus > 0:
        index = max(indices, key=lambda each: widths[each], default=None)
        if index is None or widths[index] <= _LABEL_AT_LEAST:
            return
        widths[index] -= 1
        surplus -= 1


def _aligned(text: str, width: int, column: Column) -> str:
    if cell_len(text) > width:
        return set_cell_size(text, max(width - 1, 0)).rstrip() + "…" if width else ""
    space = " " * (width - cell_len(text))
    return space + text if column.align == "right" else text + space


def _padded(text: str, width: int) -> str:
    return text + " " * (width - cell_len(text))


def wrapped(text: str, width: int) -> list[str]:
    """Lines of whole words, none wider than ``width``; a word that is too wide is cut."""
    width = max(width, 1)
    lines = [""]
    for index, part in enumerate(text.split(_DOT)):
        # a command between dots is to be copied, so it stays whole where a line has room for it
        words = [part] if index and cell_len(part) <= width else part.split(" ")
        for place, word in enumerate(words):
            between = _DOT if index and place == 0 else " "
            joined = f"{lines[-1]}{between}{word}" if lines[-1] else word
            if cell_len(joined) <= width:
                lines[-1] = joined
            else:
                lines += chop_cells(word, width)
    return [line for line in lines if line] or [""]

"""Rows below the data that are no data: totals, confidentiality lines, when and by whom a report was made."""

from __future__ import annotations

import re
from collections.abc import Sequence

DEEP = 25  # rows at the end that may be a footer
BLANKS = " \t\xa0\x00\x1a\ufeff"  # what a blank cell may hold

_COUNT = r"(\s*[:=(-]?\s*\d[\d\s.,]*\s*(records?|rows?|tickets?|cases?|items?|строк\w*|запис\w*|заяв\w*)?\s*\)?)?"
_TOTAL = re.compile(
    r"((grand |sub|sub-|overall |report )?totals?|sum|count|итого|всего|(общий )?итог|промежуточный итог|"
    r"total (general|geral|général|records|rows|tickets|cases)|gesamt(summe|ergebnis)?|summe|somme|totale|suma|razem|"
    r"всего (записей|строк|заявок|обращений))[:.]?" + _COUNT,
    re.IGNORECASE,
)
_PHRASE = re.compile(
    r"confidential|copyright|©|\(c\) ?\d{4}|all rights reserved|generated (by|on|at|from)\b|"
    r"report (generated|run|created)|"
    r"(exported|printed|created|downloaded) (by|on|at|from)\b.{0,60}$|filtered by|applied filters|"
    r"(data )?as of\b|end of (report|file)|"
    r"\d[\d\s,.]* (records?|rows?|tickets?|cases?|results?|строк\w*|запис\w*|заяв\w*)( \w+)?\.?$|reporting period|"
    r"(записей|строк|показано|выгружено|сформирован\w*|дата (выгрузки|формирования)|отч[её]т (создан|сформирован))\b",
    re.IGNORECASE,
)


def is_blank(cells: Sequence[str]) -> bool:
    """Whether no cell holds anything."""
    return not any(cell.strip(BLANKS) for cell in cells)


def is_footer(cells: Sequence[str]) -> bool:
    """Whether a row is a total, or one or two cells of a sentence about the report; each on one line."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    if any("\n" in cell for cell in cells):
        return False
    if not filled or not cells[0].strip():
        return bool(filled) and len(cells) > 2 and _TOTAL.fullmatch(filled[0]) is not None and len(filled) <= 3
    return _TOTAL.fullmatch(filled[0]) is not None or (len(filled) <= 2 and _PHRASE.match(filled[0]) is not None)


def footer_from(rows: Sequence[Sequence[str]], width: int) -> int:
    """Where the footer begins among the last rows of a table (their number if there is none), blank rows included."""
    start = _block_from(rows, width)
    for at in range(start - 1, -1, -1):
        if is_footer(rows[at]) or _is_remark(rows, at, width):
            start = at
        elif not is_blank(rows[at]):
            break
    while start > 0 and is_blank(rows[start - 1]):
        start -= 1
    return start


def _block_from(rows: Sequence[Sequence[str]], width: int) -> int:
    """Where lone cells below the last blank row begin, if one of them is a footer's: all of them are then about it."""
    start = len(rows)
    while start > 0 and not is_blank(rows[start - 1]) and is_blank(rows[start - 1][1:]):
        start -= 1
    after_blank = 0 < start < len(rows) and is_blank(rows[start - 1])
    return start if after_blank and width > 3 and any(is_footer(row) for row in rows[start:]) else len(rows)


def _is_remark(rows: Sequence[Sequence[str]], at: int, width: int) -> bool:
    """A lone cell of several words below a blank row, in a table of four columns or more, is about the table."""
    after_blank = at > 0 and is_blank(rows[at - 1])
    words = rows[at][0].split() if rows[at] else []
    return after_blank and width > 3 and len(words) > 1 and is_blank(rows[at][1:])

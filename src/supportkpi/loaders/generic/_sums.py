"""Tables whose rows sum up many tickets or calls: by agent, by half-hour, by queue. Their rows are no tickets."""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from supportkpi.errors import NotRecognised, Where
from supportkpi.loaders.generic._headers import folded
from supportkpi.loaders.values._values import decimal_mark, number
from supportkpi.loaders.wide._sample import Sample

_MANY = (
    r"(?:calls|tickets|chats|cases|requests|e?-?mails|contacts|conversations|incidents|interactions|issues|звонк\w+"
    r"|обращени\w+|заяв\w+|тикет\w+|чат\w+|вызов\w+|llamadas|chamadas|chamados|anrufe|appels)"
)
_FATE = (
    r"(?:offered|answered|handled|abandoned|received|created|closed|resolved|solved|assigned|missed|transferred"
    r"|taken|inbound|outbound|incoming|lost"
    r"|принят\w*|решен\w*|закрыт\w*|поступи\w*|пропущен\w*|обработан\w*|создан\w*|отвечен\w*|потерян\w*)"
)
# Patterns that few runs ask are texts: re compiles each when it is first used, and keeps it.
_COUNT = (
    rf"^(?:(?:total |all |number of |no of |# |count of |num |n )*{_MANY} {_FATE}|{_FATE} {_MANY}"
    rf"|(?:total|number of|no of|# of|count of|кол во|количество|число|всего) {_MANY}|{_FATE}|{_MANY})"
    r"(?: (?:count|total|всего|шт))?$"
)
_FIGURE = (
    r"\b(?:avg|average|mean|median|asa|aht|acw|средн\w*|rate|service level|occupancy|adherence"
    r"|utili[sz]ation|media|promedio|durchschnitt\w*|moyenne)\b|%"
)
_AVERAGE = r"\b(?:avg|average|mean|median|средн\w*|медиан\w*|media|mediana|promedio|durchschnitt\w*|moyenne)\b"
_INTERVAL = r"\b(?:interval|half hour|time slot|slot|hour of day|интервал\w*|получас\w*|intervalo|intervall)\b"
_ENOUGH = 3
"""Counts of things from which on a row is taken for a sum; a rate beside them counts for one, averages for two."""
_MOST = 30_000
"""Numbers beyond may be days of a spreadsheet's calendar or seconds since 1970."""
_HOUR = r"(?:[01]?\d|2[0-4])[:.]\d{2}(?:[:.]\d{2})?"
_CLOCK = rf"^{_HOUR}(?:\s*(?:[-–—]|to|до)\s*{_HOUR})?$"


def sums_up(sample: Sample) -> bool:
    """Whether the headers are those of counts and averages, and their cells numbers."""
    columns = sample.table.columns
    counts = [column for column in columns if re.search(_COUNT, folded(column)) and _is_counted(sample, column)]
    figures = [column for column in columns if column not in counts and re.search(_FIGURE, folded(column))]
    averages = [column for column in figures if re.search(_AVERAGE, folded(column))]
    return bool(counts) and len(counts) + max(bool(figures), min(len(averages), 2)) >= _ENOUGH


def _is_counted(sample: Sample, column: str) -> bool:
    """Whether cells are counts: whole numbers that are neither a yes or no nor an instant as a number."""
    present = sample.words(column).drop_nulls()
    read = present.to_frame().select(number(pl.col(present.name), decimal=decimal_mark(present))).to_series()
    top = read.max()
    return not read.null_count() and isinstance(top, float) and 1 < top < _MOST and bool((read % 1 == 0).all())


def intervals(sample: Sample, columns: Sequence[str]) -> str | None:
    """The column of half-hours or hours among these, None where there is none."""
    for column in columns:
        present = sample.words(column).drop_nulls()
        if len(present) and (re.search(_INTERVAL, folded(column)) or present.str.contains(_CLOCK).all()):
            return column
    return None


def refusal_of_sums(sample: Sample, by: str | None = None) -> NotRecognised:
    """The error about a table of sums."""
    what = f"each row sums up what came in one interval ({by!r})" if by else "each row sums up many tickets or calls"
    return NotRecognised(
        f"{what}, and there is no column of tickets",
        hint="export the tickets or calls themselves; or add the rows up to one a day or month: "
        "such figures are read beside tickets",
        where=Where(path=sample.table.name),
    )

"""Date and time in two columns: read as one, under the name of the date."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import time as midnight
from itertools import pairwise

import polars as pl

from supportkpi.loaders.generic._headers import folded, synonyms
from supportkpi.loaders.mapping._fields import FIELDS, Sort
from supportkpi.loaders.tables import Table
from supportkpi.loaders.wide._sample import Sample

_NO_YEAR = 1904
"""Up to here workbooks keep times of day: 1899, 1900 and 1904 are how they write "no day"."""
_DATE = frozenset(("date", "day", "дата", "день", "datum", "fecha", "data", "dia", "jour", "giorno"))
_TIME = frozenset(("time", "время", "zeit", "uhrzeit", "uhr", "hora", "heure", "ora", "orario", "tijd", "tijdstip"))
_COMPOUND = re.compile(r"(\w{3})(datum|uhrzeit|zeit)\b")
"""What German writes as one word: Meldedatum and Meldezeit."""
_NOTE = re.compile(r"\s*[(\[][^)\]]*[)\]]\s*$")
_CLOCK = r"^(?:[01]?\d|2[0-3])[:.hH]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?\s?(?:[AaPp]\.?\s?[Mm]\.?|Uhr|h)?$"
_MIDNIGHT = r"[ T]+(?:0?0:00(?::00(?:[.,]0+)?)?|12:00(?::00)?\s?[Aa][Mm])Z?$"
"""What databases write behind a day that has no time of its own: 2024-03-04 00:00:00.000."""
_DAY = r"^(?:\p{L}+[.,]{0,2}\s)?\S*\d{1,4}[-/., ]+\S+(?:[-/., ]+\S+){0,5}$"
"""A day in figures or in words: 04.03.2024, 4 de marzo de 2024, Mo, 4. März 2024."""


def with_whole_dates(sample: Sample, *, said: frozenset[str] = frozenset()) -> tuple[Table, tuple[str, ...]]:
    """The table with each date that has its time of day in a column beside it made whole, and a note for each.

    The column of the time is gone then, lest it be taken for a duration; columns that the user has ``said`` something
    of stay as they are.
    """
    table = sample.table
    named = [*_pairs(table.columns), *_neighbours(table.columns)]
    pairs = [(date, time) for date, time in named if time not in said and _is_half(sample, date, time)]
    clocks = _clocks(sample, pairs, said)
    if not pairs and not clocks:
        return table, ()
    whole = [_joined(sample, date, time).alias(date) for date, time in pairs]
    whole += [_joined(sample, date, time).alias(time) for date, time in clocks]
    notes = [f"{date!r} is read together with {time!r}" for date, time in pairs]
    notes += [f"{time!r} is read as a time of the day in {date!r}" for date, time in clocks]
    times = {time for _, time in pairs}
    columns = tuple(column for column in table.columns if column not in times)
    return replace(table, columns=columns, frame=table.frame.with_columns(whole).drop(times)), tuple(notes)


def _clocks(sample: Sample, pairs: Sequence[tuple[str, str]], said: frozenset[str]) -> list[tuple[str, str]]:
    """Columns of times of day that are called after instants ("Call started", "Closed"), with the one day of a row."""
    columns, halves = sample.table.columns, {time for _, time in pairs}
    days = [column for column in columns if _rest(column, _DATE) is not None]
    free = [column for column in columns if column not in {*halves, *days, *said} and _names_an_instant(column)]
    if len(days) != 1 or days[0] in said:
        return []
    return [(days[0], column) for column in free if _is_half(sample, days[0], column)]


def _names_an_instant(column: str) -> bool:
    """Whether a header is that of an instant and of nothing that lasts."""
    sorts = {FIELDS[name].sort for name in synonyms().matches(column)}
    return Sort.instant in sorts and Sort.span not in sorts


def _pairs(columns: tuple[str, ...]) -> list[tuple[str, str]]:
    """Columns whose headers differ in "date" and "time" only."""
    times = {_rest(column, _TIME): column for column in reversed(columns) if _rest(column, _TIME) is not None}
    pairs = []
    for column in columns:
        rest = _rest(column, _DATE)
        if rest is not None and rest in times and times[rest] != column:
            pairs.append((column, times[rest]))
    return pairs


def _neighbours(columns: tuple[str, ...]) -> list[tuple[str, str]]:
    """A bare "Time" right behind a date that has no time of its own name: "Date reported, Time"."""
    paired = {name for pair in _pairs(columns) for name in pair}
    bare = [(date, time) for date, time in pairwise(columns) if _rest(time, _TIME) == "" and not paired & {date, time}]
    return [(date, time) for date, time in bare if _rest(date, _DATE) is not None or _names_an_instant(date)]


def _rest(header: str, words: frozenset[str]) -> str | None:
    parts = _COMPOUND.sub(r"\1 \2", folded(_NOTE.sub("", header))).split()  # "Time (Y:M:D)": how it is written
    if not words & set(parts):
        return None
    return " ".join(part for part in parts if part not in words)


def _joined(sample: Sample, date: str, time: str) -> pl.Expr:
    if sample.schema[date].is_temporal():
        clock = pl.col(time).cast(pl.Time) if sample.schema[time] != pl.Time else pl.col(time)
        since = pl.duration(microseconds=clock.cast(pl.Int64) // 1000)
        return pl.col(date).cast(pl.Datetime("us")) + since.fill_null(pl.duration())
    clock = pl.col(time).str.replace(r"(\d)[hH](\d)", "${1}:${2}")
    text = pl.concat_str(pl.col(date).str.replace(_MIDNIGHT, ""), clock, separator=" ", ignore_nulls=True)
    return pl.when(pl.col(date).is_not_null()).then(text)


def _are_typed_halves(days: pl.Series, clocks: pl.Series) -> bool:
    """Whether a workbook's cells are days and times of day: dates at midnight, and times on no day at all."""
    if days.dtype != pl.Date and not (isinstance(days.dtype, pl.Datetime) and days.dtype.time_zone is None):
        return False
    if clocks.dtype != pl.Time and not isinstance(clocks.dtype, pl.Datetime):
        return False
    if days.dtype != pl.Date and not bool((days.dt.time() == midnight()).all()):
        return False
    timeless = clocks.dtype == pl.Time or bool((clocks.dt.year() <= _NO_YEAR).all())
    return timeless and days.count() > 0 and clocks.count() > 0


def _is_half(sample: Sample, date: str, time: str) -> bool:
    if sample.schema[date].is_temporal() and sample.schema[time].is_temporal():
        return _are_typed_halves(sample.frame[date], sample.frame[time])
    if sample.schema[date] != pl.String or sample.schema[time] != pl.String:
        return False
    days, clocks = sample.words(date).drop_nulls().str.replace(_MIDNIGHT, ""), sample.words(time).drop_nulls()
    if not len(days) or not len(clocks):
        return False
    lone = ~days.str.contains(":", literal=True)
    return bool(clocks.str.contains(_CLOCK).all() and lone.all() and (days.str.contains(_DAY)).mean() == 1.0)

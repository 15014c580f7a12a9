"""Whether the values of a column are what its header promises: the second half of every generic guess."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from supportkpi.errors import DataContradictory, DatesAmbiguous
from supportkpi.loaders.generic._headers import synonyms
from supportkpi.loaders.mapping._fields import FIELDS, Sort
from supportkpi.loaders.mapping._vocabulary import channel_of, priority_of, status_of
from supportkpi.loaders.values._dates import choose_dates
from supportkpi.loaders.values._spans import choose_spans
from supportkpi.loaders.values._values import boolean, decimal_mark, number, score
from supportkpi.loaders.wide._sample import Sample

_MOST_WORDS = {"status": 80, "priority": 30, "channel": 80, "tier": 50, "language": 100, "currency": 50}
_LONGEST = 60
_MOSTLY = 0.9
_SORTS_OF = frozenset(("category", "region", "tier"))
"""Words that sort tickets: where most rows have one of their own, it is a subject or an address."""
_LEFT = 0.05
"""Share of negative durations from which on they are the time that is left of a target."""
_CUSTOM = re.compile(
    r"^(?:custom field|campo personalizado|champ personnalis|benutzerdefiniert|(?:пользовательское|настраиваемое) поле)"
)
"""Jira's own fields: the "Time to …" among them is what is left of an SLA, not what it took."""
_ENOUGH = 10
EMPTY = "no value in it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What a column's values say for a field: whether they leave no doubt, and the sentence about it."""

    sure: bool
    evidence: str
    unit: str | None = None


def check(field: str, column: str, sample: Sample, words: Mapping[str, str] | None = None) -> Check | None:
    """The evidence that a column's values are those of a field, None when they are not; ``words`` have a meaning."""
    values = sample.words(column)
    if field == "ticket_id":
        return _check_id(values)
    if values.null_count() == len(values):
        return _check_empty(field, column)
    sort = FIELDS[field].sort
    if sort is Sort.instant:
        return _check_instant(column, sample)
    if sort is Sort.span:
        return _check_span(column, sample)
    if sort is Sort.word:
        return _check_word(field, values, words or {})
    found = _check_number(field, sort, values)
    wordy = found is not None and not found.sure and sort is Sort.score
    return None if wordy and (field == "nps" or synonyms().is_text(column)) else found


def _check_empty(field: str, column: str) -> Check | None:
    """An empty column may only be what nothing else could be, and never ratings: they must be seen to be such."""
    if FIELDS[field].sort is Sort.score:
        return None
    others = [name for name in synonyms().matches(column) if FIELDS[name].sort is not FIELDS[field].sort]
    return None if others else Check(sure=False, evidence=EMPTY)


def _check_id(values: pl.Series) -> Check | None:
    present = values.drop_nulls()
    if not len(values):
        return Check(sure=True, evidence="no rows")
    if len(present) < 0.5 * len(values) or (present.str.len_chars().mean() or 0) > _LONGEST:  # type: ignore[operator]
        return None
    distinct = present.n_unique()
    if distinct < len(present):
        return Check(sure=distinct > _MOSTLY * len(present), evidence=f"{len(present) - distinct:,} rows repeat an id")
    return Check(sure=len(present) >= _MOSTLY * len(values), evidence=f"unique, {_shape(present)}")


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _shape(ids: pl.Series) -> str:
    if ids.str.contains(r"^\d+$").all():
        lengths = sorted(ids.str.len_chars().unique().to_list())
        return _many(lengths[0], "digit") if len(lengths) == 1 else f"{lengths[0]} to {lengths[-1]} digits"
    return "codes" if ids.str.contains(r"\d").all() else "text"


def _check_instant(column: str, sample: Sample) -> Check | None:
    try:
        reading = choose_dates(sample.dated(column), header=column, zone="UTC", dayfirst=True)
    except (DatesAmbiguous, DataContradictory):
        return Check(sure=True, evidence="dates")
    if reading is None or (reading.bare and _may_be_a_number(column)):
        return None
    return Check(sure=reading.share >= _MOSTLY, evidence=f"dates as {reading.format}")


def _may_be_a_number(column: str) -> bool:
    return any(FIELDS[name].sort in (Sort.span, Sort.amount) for name in synonyms().matches(column))


def _check_span(column: str, sample: Sample) -> Check | None:
    if _check_instant(column, sample) is not None:
        return None
    values = sample.words(column)
    reading = choose_spans(values, column, None)
    if reading is None or _CUSTOM.search(column.casefold()):
        return None
    below = values.to_frame().select((reading.seconds(pl.col(values.name)) < 0).mean()).item()
    if below is not None and below >= _LEFT:
        return None
    return Check(sure=True, evidence=f"durations as {reading.shape}")


def _check_word(field: str, values: pl.Series, table: Mapping[str, str]) -> Check | None:
    present = values.drop_nulls()
    distinct = present.n_unique()
    if field in _MOST_WORDS and distinct > _MOST_WORDS[field]:
        return None
    if field in _SORTS_OF and len(present) >= _ENOUGH and 2 * distinct > len(present):
        return None
    if field != "tags" and (present.str.len_chars().mean() or 0) > _LONGEST:  # type: ignore[operator]
        return None
    known = {"status": status_of, "priority": priority_of, "channel": channel_of}.get(field)
    counted = _many(distinct, "different value")
    if known is None:
        return Check(sure=True, evidence=counted)
    words = present.value_counts()
    count = words["count"]
    read = pl.Series([known(word, table) is not None for word in words[present.name]], dtype=pl.Boolean)
    understood = count.filter(read).sum() / len(present)
    strange = len(words) - read.sum()
    said = _many(distinct, "word") + (f", {strange} not understood" if strange else "")
    if understood == 0 and field == "channel":
        return Check(sure=False, evidence=said)
    return Check(sure=understood >= 0.5, evidence=said)


def _check_number(field: str, sort: Sort, values: pl.Series) -> Check | None:
    present = values.drop_nulls()
    cells = pl.col(present.name)
    amounts = number(cells, decimal=decimal_mark(present))
    read = {Sort.flag: boolean(cells), Sort.amount: amounts}.get(sort, score(cells))
    share = present.to_frame().select(read.is_not_null().mean()).item()
    if sort is Sort.score and share < _MOSTLY:
        few = present.n_unique() <= 12 and (present.str.len_chars().max() or 0) <= _LONGEST  # type: ignore[operator]
        return Check(sure=False, evidence=_many(present.n_unique(), "word")) if few else None
    if share < _MOSTLY:
        return None
    noun = {Sort.flag: "yes or no", Sort.amount: "numbers"}.get(sort, _many(len(present), "rating"))
    return Check(sure=True, evidence=noun)

"""Stretches of days as people write them beside a figure: ``2026-01``, ``Jan 2026``, ``I кв. 2026``, ``2026-W07``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import pairwise

from supportkpi.loaders.values._date_words import MONTHS

GRAINS = ("day", "week", "month", "quarter", "half", "year")
"""How long a stretch is, the shortest first."""
_YEARS = (1990, 2099)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
_Y, _QN = r"(?P<y>(?:19|20)\d\d)", r"(?P<q>[1-4]|iv|i{1,3}|[1-4](?:st|nd|rd|th|-?й|-?ый|-?ий))"
_YEAR_WORD = r"(?:\s*(?:г\.?|год\w?|year))?"
_QUARTER = r"(?:q|quarter|кв\.?|квартал\w?|trim\w*|t|quartal)"
_SEP = r"[\s.,/_-]*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """The first and the last day of a stretch, and how long it is meant to be."""

    start: date
    end: date
    grain: str


def months_of(year: int, first: int, count: int, grain: str) -> Stretch:
    """So many months from one of a year on."""
    begin, after = first - 1, first - 1 + count
    last = date(year + after // 12, after % 12 + 1, 1) - timedelta(days=1)
    return Stretch(start=date(year + begin // 12, begin % 12 + 1, 1), end=last, grain=grain)


def _month(found: re.Match[str]) -> Stretch | None:
    number = int(found["m"])
    return months_of(_year(found["y"]), number, 1, "month") if 1 <= number <= 12 else None


def _named(found: re.Match[str]) -> Stretch | None:
    number = month_number(found["w"])
    return months_of(_year(found["y"]), number, 1, "month") if number is not None else None


def _quarter(found: re.Match[str]) -> Stretch | None:
    word = found["q"].lower()
    number = _ROMAN.get(word) or int(word[0])
    return months_of(_year(found["y"]), 3 * number - 2, 3, "quarter")


def _half(found: re.Match[str]) -> Stretch | None:
    return months_of(_year(found["y"]), 6 * int(found["h"]) - 5, 6, "half")


def _week(found: re.Match[str]) -> Stretch | None:
    try:
        monday = date.fromisocalendar(int(found["y"]), int(found["n"]), 1)
    except ValueError:
        return None
    return Stretch(start=monday, end=monday + timedelta(days=6), grain="week")


def _day(found: re.Match[str]) -> Stretch | None:
    try:
        day = date(int(found["y"]), int(found["m"]), int(found["d"]))
    except ValueError:
        return None
    return Stretch(start=day, end=day, grain="day")


def _whole_year(found: re.Match[str]) -> Stretch | None:
    return months_of(int(found["y"]), 1, 12, "year")


_MIDNIGHT = r"(?:[T\s]00:00(?::00(?:\.0+)?)?(?:Z|[+-]00:?00)?)?"
_FORMS: tuple[tuple[str, Callable[[re.Match[str]], Stretch | None]], ...] = (
    (rf"{_Y}-(?P<m>\d\d?)-(?P<d>\d\d?){_MIDNIGHT}", _day),
    (rf"{_Y}[./](?P<m>\d\d?)[./](?P<d>\d\d?){_MIDNIGHT}", _day),
    (rf"(?P<d>\d\d?)\.(?P<m>\d\d?)\.{_Y}{_MIDNIGHT}", _day),
    (rf"{_Y}[-./\s]?(?P<m>\d\d)", _month),
    (rf"{_Y}[-./](?P<m>\d)", _month),
    (rf"{_Y}\s?[-.]?m(?P<m>\d\d?)", _month),
    (rf"(?P<m>\d\d?)[-./]{_Y}{_YEAR_WORD}", _month),
    (rf"(?P<w>[^\W\d_]{{3,}})\.?{_SEP}(?P<y>(?:19|20)?\d\d){_YEAR_WORD}", _named),
    (rf"{_Y}{_YEAR_WORD},?{_SEP}(?P<w>[^\W\d_]{{3,}})\.?", _named),
    (rf"{_Y}{_SEP}{_QUARTER}{_SEP}{_QN}", _quarter),
    (rf"{_QUARTER}{_SEP}{_QN}{_SEP}{_Y}{_YEAR_WORD}", _quarter),
    (rf"{_QN}{_SEP}{_QUARTER}{_SEP}{_Y}{_YEAR_WORD}", _quarter),
    (rf"{_Y}{_SEP}h(?P<h>[12])", _half),
    (rf"h(?P<h>[12]){_SEP}{_Y}", _half),
    (rf"{_Y}{_SEP}(?:w|wk|week|kw|нед\.?|неделя)\s*(?P<n>\d\d?)", _week),
    (rf"(?:w|wk|week|kw|нед\.?|неделя)\s*(?P<n>\d\d?){_SEP}{_Y}{_YEAR_WORD}", _week),
    (rf"{_Y}{_YEAR_WORD}", _whole_year),
)
"""How stretches are written, each with its year."""
_SLASHED = re.compile(rf"(?P<a>\d\d?)[/-](?P<b>\d\d?)[/-]{_Y}{_MIDNIGHT}")


@cache
def _forms() -> tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Stretch | None]], ...]:
    """The forms as patterns, compiled when the first text with a digit is read: most headers have none."""
    return tuple((re.compile(pattern, re.IGNORECASE), make) for pattern, make in _FORMS)


def month_number(word: str) -> int | None:
    """The month of a name in the languages of the exports, 1 to 12."""
    return MONTHS.get(word.strip(". ").lower())


def stretch(text: str, *, dayfirst: bool | None = None) -> Stretch | None:
    """The stretch that a text names, or None; ``03/04/2026`` needs ``dayfirst``."""
    if not any(letter.isdecimal() for letter in text):  # without a year it is no stretch
        return None
    plain = re.sub(r"[\s\u00a0\u202f]+", " ", text).strip(" ,;")
    for pattern, make in _forms():
        if (found := pattern.fullmatch(plain)) is not None:
            made = make(found)
            if made is not None:
                return made if _YEARS[0] <= made.start.year <= _YEARS[1] else None
    if (found := _SLASHED.fullmatch(plain)) is None or dayfirst is None:
        return None
    day, month = (found["a"], found["b"]) if dayfirst else (found["b"], found["a"])
    return _day_of(int(found["y"]), int(month), int(day))


def _day_of(year: int, month: int, day: int) -> Stretch | None:
    try:
        made = date(year, month, day)
    except ValueError:
        return None
    return Stretch(start=made, end=made, grain="day")


def order_of(words: Iterable[str]) -> tuple[bool, bool] | None:
    """Whether slashed dates can be read day first and month first; None where there are none.

    Of two readings the one in which every date begins a month is meant: figures are of months.
    """
    found = [match for word in words if (match := _SLASHED.fullmatch(word.strip())) is not None]
    if not found:
        return None
    day, month = (all(int(match[part]) <= 12 for match in found) for part in ("b", "a"))
    first = [all(int(match[part]) == 1 for match in found) for part in ("a", "b")]
    if day and month and any(first) and len(found) > 1:
        return first[0], first[1] and not first[0]
    same = all(match["a"] == match["b"] for match in found)
    return (day, month and not same) if day else (day, month)


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def as_months(stretches: Mapping[str, Stretch]) -> dict[str, Stretch]:
    """Days that stand one for each month (its first, its last, its fifteenth) as the months that they stand for."""
    days = list(stretches.values())
    months = {(one.start.year, one.start.month) for one in days}
    edge = all(one.start.day == 1 or (one.start + timedelta(days=1)).day == 1 for one in days)
    one_each = len(months) == len({one.start for one in days}) and (edge or len(days) > 2)
    if not days or any(one.grain != "day" for one in days) or not one_each:
        return dict(stretches)
    return {word: months_of(one.start.year, one.start.month, 1, "month") for word, one in stretches.items()}


def as_weeks(stretches: Mapping[str, Stretch], *, ending: bool) -> dict[str, Stretch]:
    """Days of one weekday, whole weeks apart, as the weeks that they begin (or end)."""
    days = sorted({one.start for one in stretches.values()})
    gaps = {(after - before).days for before, after in pairwise(days)}
    if len(days) < 3 or any(gap % 7 for gap in gaps) or any(one.grain != "day" for one in stretches.values()):
        return dict(stretches)
    back = timedelta(days=6)
    return {
        word: Stretch(start=one.start - back, end=one.start, grain="week")
        if ending
        else Stretch(start=one.start, end=one.start + back, grain="week")
        for word, one in stretches.items()
    }

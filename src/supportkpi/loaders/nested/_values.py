"""Values of parsed records, whatever their types turn out to be: nothing here trusts what a key promises."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from email.utils import parsedate_to_datetime
from types import MappingProxyType

import polars as pl

from supportkpi.loaders.tables._json_text import Number

Record = Mapping[str, object]

_NOTHING: Record = MappingProxyType({})
_NAMES = ("name", "value", "displayName", "display", "title", "label", "login", "username", "tag", "key", "id")
"""Where an object that stands for a word keeps it, in order of trial."""
_LONGEST = 200
_YEAR_FIRST = re.compile(r"\d{4}-?\d\d")
_DAY_FIRST = re.compile(r"\b(\d\d)\.(\d\d)\.(\d{4})\b")
_TRUTHS = {"true": True, "false": False, "yes": True, "no": False, "1": True, "0": False}


def inner(value: object) -> Record:
    """An object, empty where the value is none."""
    return value if isinstance(value, dict) else _NOTHING


def objects(value: object) -> list[Record]:
    """The objects of a list, none where the value is no list; one that pages gave twice, under one id, once."""
    found: list[Record] = [one for one in value if type(one) is dict] if type(value) is list else []
    ids = [name for one in found if type(name := one.get("id")) in (int, str)]
    return found if len(set(ids)) == len(ids) else _once(found)


def _once(found: list[Record]) -> list[Record]:
    seen: dict[object, Record] = {}
    named = [(one, name if type(name := one.get("id")) in (int, str) else None) for one in found]
    return [one for one, name in named if name is None or seen.setdefault(name, one) is one or seen[name] != one]


def listed(value: object, *wrappers: str) -> list[Record] | None:
    """The objects of a list, or of the list in an object under one of the keys; None where there is none."""
    if isinstance(value, list):
        return objects(value)
    if isinstance(value, dict):
        held = next((value[key] for key in wrappers if isinstance(value.get(key), list)), None)
        return objects(held) if held is not None else None
    return None


def ident(value: object) -> str | None:
    """An id or a word as text: numbers as they are written; objects, lists, truths and blanks are none."""
    if type(value) is int:
        return str(value)
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, Number):
        return value.text.removesuffix(".0")
    return None


def word(value: object) -> str | None:
    """A short word: the value itself, what an object is called, or the words of a list with commas between them."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return next((found for key in _NAMES if (found := ident(value.get(key))) is not None), None)
    if isinstance(value, list):
        words = [found for one in value if (found := word(one) if isinstance(one, dict) else ident(one)) is not None]
        return ", ".join(words) or None
    return ident(value)


def words(value: object) -> list[str] | None:
    """The words of a list of words or of named objects, or of one text with commas or spaces; None for no list."""
    if isinstance(value, list):
        found = [word(one) for one in value]
        return [one for one in found if one is not None]
    if isinstance(value, str):
        return [one.strip() for one in value.split("," if "," in value else None) if one.strip()]
    return None


def truth(value: object) -> bool | None:
    """Yes or no; None for anything else."""
    if isinstance(value, bool):
        return value
    text = ident(value)
    return _TRUTHS.get(text.casefold()) if text is not None else None


def number(value: object) -> float | None:
    """A finite number; None for anything else, truths among them."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if abs(found) < 1e15 else None


def first(record: Record, *keys: str) -> object:
    """The first value that is there under one of the keys."""
    return next((value for key in keys if (value := record.get(key)) is not None), None)


def values_at(rows: Sequence[Record], paths: Iterable[str]) -> list[object]:
    """Of each record what stands at the first path that has a value there; a path goes into objects by dots."""
    columns = [
        [at_path(row, path) for row in rows] if "." in path else [row.get(path) for row in rows] for path in paths
    ]
    if len(columns) < 2:
        return columns[0] if columns else [None] * len(rows)
    return [next((value for value in values if value is not None), None) for values in zip(*columns, strict=True)]


def at_path(record: Record, path: str) -> object:
    """What stands at a path; a key with dots of its own is tried first, a number in it is a place in a list."""
    if path in record:
        return record[path]
    key, _, rest = path.partition(".")
    value = record.get(key)
    if rest and isinstance(value, list):
        place, _, rest = rest.partition(".")
        value = value[int(place)] if place.isdecimal() and int(place) < len(value) else None
        if not rest:
            return value
    return at_path(value, rest) if rest and isinstance(value, dict) else None


def named(value: object) -> str | None:
    """What an element calls the record that it belongs to: an id, or a link that ends in one."""
    text = ident(value)
    if text is None or "://" not in text:
        return text
    return text.partition("?")[0].rstrip("/").rpartition("/")[2].removesuffix(".json") or None


def texts(values: Sequence[object], name: str = "") -> pl.Series:
    """Values as a column of text; blanks are null, what is no scalar is its JSON."""
    try:
        found = pl.Series(name, values, dtype=pl.String)
    except (TypeError, UnicodeEncodeError, pl.exceptions.PolarsError):
        found = pl.Series(name, [_text(value) for value in values], dtype=pl.String)
    trimmed = found.str.strip_chars()
    return trimmed.set(trimmed == "", None)


def _text(value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        value = ident(value) or json.dumps(value, ensure_ascii=False, default=str)[:_LONGEST]
    return writable(value)


def writable(text: str) -> str:
    """A text without halves of pairs of surrogates, which JSON can write and text cannot hold."""
    return text.encode("utf-8", errors="replace").decode("utf-8")


def chronological(found: list[Record], *keys: str) -> list[Record]:
    """The objects oldest first, where the export lists them newest first; their order in the file stands otherwise."""
    if len(found) < 2:
        return found
    head, tail = moment(first(found[0], *keys)), moment(first(found[-1], *keys))
    return found[::-1] if head is not None and tail is not None and head > tail else found


def _year_first(value: str) -> tuple[float, str]:
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return 0.0, value
    return (0.0, value) if at.tzinfo is None else (at.timestamp(), "")


def moment(value: object) -> tuple[float, str] | None:
    """Where an instant stands among others of its look: numbers, years first, days first with dots, or as in letters.

    None for looks whose order is not told: "03/04/2026" may be either day.
    """
    seconds = number(value)
    if seconds is not None:
        return seconds, ""
    if not isinstance(value, str):
        return None
    if _YEAR_FIRST.match(value):
        return _year_first(value)
    days_first = _DAY_FIRST.search(value)
    if days_first:
        day, month, year = days_first.groups()
        return float(year + month + day), (value[: days_first.start()] + value[days_first.end() :]).strip()
    try:
        return parsedate_to_datetime(value).timestamp(), ""
    except (ValueError, TypeError, OverflowError):
        return None

"""Which ticket is meant: by its id, ``#66871``, or the address of its page; the nearest ids where there is none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from urllib.parse import unquote

import polars as pl

from supportkpi.errors import TicketUnknown

_BEFORE = re.compile(r"^(?:ticket|request|issue|incident|тикет|заявка|обращение)?[\s:]*[#№]?\s*", re.IGNORECASE)
_ADDRESS = re.compile(r"^(?:https?://|www\.)", re.IGNORECASE)
_PARTS = re.compile(r"[/?&=;#\s]+")
_MOST = 3
_POOL = 5_000  # ids that are compared letter by letter


def ticket_of(ids: pl.Series, asked: str) -> str:
    """The id of ``ids`` that is meant.

    Raises:
        TicketUnknown: no ticket has that id; with the nearest that there are.
    """
    known = ids.cast(pl.String)
    for wanted in _wanted(asked):
        if (known == wanted).any():
            return wanted
        alike = known.filter(known.str.to_lowercase() == wanted.lower())
        if len(alike):
            return str(alike[0])
    raise TicketUnknown(f"no ticket has the id {_shown(asked)!r}", hint=_hint(known, asked))


def _wanted(asked: str) -> Iterator[str]:
    """What the id may be: as it stands, without what people write before it; of an address its parts, last first."""
    text = asked.strip()
    yield text
    if _ADDRESS.match(text):
        yield from (part for part in reversed(_PARTS.split(unquote(text))) if part)
        return
    bare = _BEFORE.sub("", text)
    if bare and bare != text:
        yield bare


def _shown(asked: str) -> str:
    """What was asked for; of an address the part with the most digits, which is most like an id."""
    text = asked.strip()
    if not _ADDRESS.match(text):
        return text
    return max(_wanted(text), key=lambda part: (part != text, sum(letter.isdigit() for letter in part)))


def _hint(known: pl.Series, asked: str) -> str:
    if known.is_empty():
        return "the files have no tickets"
    near = _near(known, _BEFORE.sub("", _shown(asked)))
    return f"the nearest are {', '.join(near)}" if near else f"ids look like {known[0]}"


def _near(known: pl.Series, wanted: str) -> list[str]:
    """The numbers around a number; else the ids that are written most like it."""
    if wanted.isdecimal():
        numbers = known.filter(known.str.contains(r"^\d{1,18}$")).cast(pl.Int64)
        away = (numbers - int(wanted)).abs() if int(wanted) < 1 << 62 else numbers
        return [str(number) for number in sorted(numbers.gather(away.arg_sort().head(_MOST)).to_list())]
    start = wanted[:2].lower()
    pool = known.filter(known.str.to_lowercase().str.starts_with(start)) if len(known) > _POOL else known
    return get_close_matches(wanted, pool.head(_POOL).to_list(), n=_MOST, cutoff=0.6)

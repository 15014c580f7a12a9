"""Which ticket is meant: by its id, ``#66871``, or the address of its page; the nearest ids where there is none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from itertools import pairwise

import polars as pl

from supportkpi.errors import TicketUnknown

_BEFORE = re.compile(r"^(?:ticket|request|issue|incident|тикет|заявка|обращение)?[\s:]*[#№]?\s*", re.IGNORECASE)
_ADDRESS = re.compile(r"^(?:https?://|www\.)", re.IGNORECASE)
_ESCAPED = re.compile(rb"%([0-9a-fA-F]{2})")
_PARTS = re.compile(r"[/?&=;#\s]+")
_TICKETS = re.compile(
    r"(?:tickets?|requests?|issues?|incidents?|cases?|conversations?|browse|zoom)(?:_?id)?", re.IGNORECASE
)
_NUMBER = re.compile(r"[0-9]{1,18}")
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
    """What the id may be: as it stands, without what people write before it; of an address its parts."""
    text = asked.strip()
    yield text
    if _ADDRESS.match(text):
        yield from _parts_of(text)
        return
    bare = _BEFORE.sub("", text)
    if bare and bare != text:
        yield bare


def _parts_of(address: str) -> Iterator[str]:
    """The parts of an address: what follows a word for tickets, then those of its path, its fragment, its query."""
    rest, _, fragment = address.partition("#")
    rest, _, query = rest.partition("?")
    path = rest.partition("://")[2] or rest
    sections = [[part for part in _PARTS.split(_plain(text)) if part] for text in (path, fragment, query)]
    for parts in sections:
        yield from (part for word, part in pairwise(parts) if _TICKETS.fullmatch(word))
    for parts in sections:
        yield from reversed(parts)


def _plain(text: str) -> str:
    """The text of a part of an address, its ``%3D`` as the letters that they stand for."""
    decoded = _ESCAPED.sub(lambda found: bytes.fromhex(found[1].decode()), text.encode())
    return decoded.decode(errors="replace")


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
    if _NUMBER.fullmatch(wanted):
        numbers = known.filter(known.str.contains(f"^{_NUMBER.pattern}$")).cast(pl.Int64)
        away = (numbers - int(wanted)).abs()
        return [str(number) for number in sorted(numbers.gather(away.arg_sort().head(_MOST)).to_list())]
    start = wanted[:2].lower()
    pool = known.filter(known.str.to_lowercase().str.starts_with(start)) if len(known) > _POOL else known
    folded = {each.lower(): each for each in pool.head(_POOL).to_list()}
    return [folded[each] for each in get_close_matches(wanted.lower(), folded, n=_MOST, cutoff=0.6)]

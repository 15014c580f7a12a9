"""Spans to the second, dates and instants, as receipts show them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_date

from supportkpi import durations
from supportkpi.errors import DurationWrong
from supportkpi.reporters._words import Words

_DAY, _HOUR, _MINUTE = 86_400, 3_600, 60


def whole(seconds: float) -> int:
    """Seconds without a fraction, halves up."""
    return int(Decimal(repr(seconds)).quantize(Decimal(1), ROUND_HALF_UP))


def span(seconds: float, words: Words, *, days: bool = False) -> str:
    """``2h 08m 18s``, ``25h 00m``, ``6d 18h 49m 48s``: every second, without those that are nought at the end."""
    rest = whole(abs(seconds))
    units = [("d", _DAY)] if days else []
    parts: list[str] = []
    for unit, size in [*units, ("h", _HOUR), ("m", _MINUTE), ("s", 1)]:
        n, rest = divmod(rest, size)
        if parts or n or unit == "s":
            parts.append(_unit(words, words.number(n).rjust(2, "0") if parts else words.number(n), unit))
    if len(parts) > 2 and whole(abs(seconds)) % _MINUTE == 0:
        parts.pop()
    return ("−" if seconds < 0 else "") + " ".join(parts)


def _unit(words: Words, number: str, unit: str) -> str:
    _ = words.gettext
    forms = {"d": _("{n}d"), "h": _("{n}h"), "m": _("{n}m"), "s": _("{n}s")}
    return forms[unit].format(n=number)


def rounded(seconds: Sequence[float]) -> list[int]:
    """Whole seconds that add up to the rounded sum."""
    found, total, said = [], 0.0, 0
    for each in seconds:
        total += each
        upto = whole(round(total, 6))
        found.append(upto - said)
        said = upto
    return found


def limit(text: str, seconds: float | None, words: Words) -> str:
    """A limit: a time in our words, working days and deadlines in those of the agreement."""
    if text:
        try:
            durations.parse(text)
        except DurationWrong:
            return text
    return text if seconds is None else words.exact_duration(seconds, days=False)


def day(each: date, words: Words, *, year: bool = False) -> str:
    """``Thu 5 Mar``."""
    text = format_date(each, "EEE d MMM yyyy" if year else "EEE d MMM", locale=words.locale)
    return str(text).replace("\u202f", "\u00a0")


def moment(at: datetime, zone: str, words: Words, *, of: date | None = None) -> str:
    """``Thu 5 Mar 16:40:12``; the clock alone on the day ``of``; seconds where there are any."""
    local = at.astimezone(ZoneInfo(zone))
    time = f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"
    return time if local.date() == of else f"{day(local.date(), words)} {time}"

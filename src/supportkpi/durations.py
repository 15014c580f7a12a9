"""Durations as people write them, to and from seconds; a week is 7 days, a day 24 hours."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from supportkpi.errors import DurationWrong

WEEK, DAY, HOUR, MINUTE = 604_800.0, 86_400.0, 3_600.0, 60.0

_UNITS = """
w  604800 w wk wks week weeks нед неделя недели недель неделю semana semanas sem woche wochen semaine semaines
d  86400  d day days д дн день дня дней сут сутки суток día días dia dias tag tage tagen jour jours j
h  3600   h hr hrs hour hours ч час часа часов hora horas std stunde stunden heure heures
m  60     m min mins minute minutes мин минута минуты минуту минут м minuto minutos minuten mn
s  1      s sec secs second seconds с сек секунда секунды секунду секунд seg segundo segundos
s  1      sek sekunde sekunden seconde secondes
d  86400  giorno giorni gg dag dagen
h  3600   ora ore uur uren
m  60     minuto minuti minuut
s  1      secondo secondi seconden
ms 0.001  ms msec msecs millisecond milliseconds мс миллисекунда миллисекунды миллисекунд milisegundos
"""
_LINES = [line.split() for line in _UNITS.strip().splitlines()]
SECONDS: Mapping[str, float] = {word: float(line[1]) for line in _LINES for word in line[2:]}
"""Unit word (en, ru, es, pt, de, fr, it, nl) -> its seconds; months and years have no fixed length and are not here."""

WORDS: Mapping[str, tuple[str, ...]] = {
    unit: tuple(word for line in _LINES if line[0] == unit for word in line[2:]) for unit in ("w", *"dhms", "ms")
}
"""Unit -> its words."""

JOINERS = r"(?:and|и|e|y|und|et)"

_CLOCK = re.compile(r"(\d+):([0-5]?\d):([0-5]?\d(?:\.\d+)?)")
_ISO = re.compile(r"p(?:(\d+(?:\.\d+)?)w)?(?:(\d+(?:\.\d+)?)d)?(?:t(?:([\d.]+)h)?(?:([\d.]+)m)?(?:([\d.]+)s)?)?")
_PART = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([^\W\d_]+)\.?\s*(?:,|\b" + JOINERS + r"\b)?\s*")
_HINT = "write 45m, 1h 30m, PT1H30M, 00:45:00 or 2 ч 10 мин"


def parse(text: str) -> float:
    """Seconds of a duration written by a person: ``1h 30m``, ``PT1H30M``, ``27:10:00``, ``2 ч 10 мин``.

    A week is 7 days and a day 24 hours.

    Raises:
        DurationWrong: no duration, no unit, a negative one, or a unit without a fixed length (month, year).
    """
    plain = re.sub(r"[\u00a0\u202f\u2009\s]+", " ", text).strip().casefold()
    plain = re.sub(r"(?<=\d),(?=\d)", ".", plain)
    seconds = _seconds(plain)
    if seconds is None or not math.isfinite(seconds):
        raise DurationWrong(f"{_short(text)} is no duration", hint=_why(plain))
    return seconds


def _seconds(plain: str) -> float | None:
    if clock := _CLOCK.fullmatch(plain):
        return float(clock[1]) * HOUR + float(clock[2]) * MINUTE + float(clock[3])
    if (iso_form := _ISO.fullmatch(plain)) and any(iso_form.groups()):
        sizes = (WEEK, DAY, HOUR, MINUTE, 1.0)
        try:
            return sum(float(part) * size for part, size in zip(iso_form.groups(), sizes, strict=True) if part)
        except ValueError:
            return None
    return _worded(re.sub(r"(\d\s?[hч])\s?([0-5]\d)$", r"\1\2m", plain))


def _worded(plain: str) -> float | None:
    """Numbers with units, each unit once and smaller than the one before it: 1d 2h, not 2h 1d 3h."""
    total, at, last = 0.0, 0, math.inf
    while at < len(plain):
        part = _PART.match(plain, at)
        size = SECONDS.get(part[2]) if part else None
        if part is None or size is None or size >= last or (part[2] == "м" and math.isinf(last)):
            return None
        total, at, last = total + float(part[1]) * size, part.end(), size
    return total if at else None


def _why(plain: str) -> str:
    if re.fullmatch(r"\d+(\.\d+)?", plain):
        return f"a number needs a unit: {plain}m, {plain}h or {plain}s"
    if plain.startswith("-"):
        return "a duration is not negative here"
    if re.fullmatch(r"\d+:\d\d", plain):
        return f"hours or minutes first? write {plain}:00, or 1h 30m"
    if re.fullmatch(r"[\d.]+ ?м\.?", plain):
        return "м alone may be minutes or months: write мин"
    if re.search(r"\d ?(mo|mon|мес|mes|mois|y|yr|год|лет|año|ano|jahr|an)", plain) or re.match(r"p\d+[my]", plain):
        return "months and years have no fixed length: write weeks or days"
    return _HINT


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:37] + "...")


def iso(seconds: float) -> str:
    """An ISO 8601 duration in hours, minutes and seconds: 5400 -> ``PT1H30M``; never days, 0 -> ``PT0S``."""
    whole = round(abs(seconds) * 1_000_000)
    minutes, micros = divmod(whole, 60_000_000)
    hours, minutes = divmod(minutes, 60)
    rest = f"{micros / 1_000_000:.6f}".rstrip("0").rstrip(".")
    parts = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "") + (f"{rest}S" if micros else "")
    return ("-" if seconds < 0 and whole else "") + "PT" + (parts or "0S")

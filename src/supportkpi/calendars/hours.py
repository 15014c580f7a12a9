"""Working hours as people write them: ``mon-fri 09:00-13:00 14:00-18:00; sat 10-14`` to spans of a local day."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import NoReturn

from supportkpi.errors import HoursWrong

Span = tuple[int, int]
"""Opening and closing in seconds after the midnight of the day that the span starts on; closing may pass 86,400."""

DAY = 86_400
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_ENGLISH = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_RUSSIAN = ("понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье")
_NAMES: dict[str, int] = {
    **{name: number for names in (WEEKDAYS, _ENGLISH, _RUSSIAN) for number, name in enumerate(names)},
    **{name: number for number, name in enumerate(("пн", "вт", "ср", "чт", "пт", "сб", "вс"))},
    "tues": 1,
    "thur": 3,
    "thurs": 3,
}
_GROUPS: dict[str, str] = {
    **dict.fromkeys(("daily", "everyday", "ежедневно"), "mon-sun"),
    **dict.fromkeys(("weekdays", "будни"), "mon-fri"),
    **dict.fromkeys(("weekend", "weekends", "выходные"), "sat-sun"),
}
_DASH = r"\s*[-–—]\s*"
_CLOCK = r"\d{1,2}(?:[:.]\d{2})?"
_SPAN = re.compile(rf"({_CLOCK}){_DASH}({_CLOCK})")
_NAME = r"[^\W\d_]+\.?"
_DAYS = rf"{_NAME}(?:{_DASH}{_NAME})?(?:\s*,\s*{_NAME}(?:{_DASH}{_NAME})?)*"
_GROUP = re.compile(rf"({_DAYS})\s*:?\s*((?:{_SPAN.pattern}[\s,]*)+)(?:;|$|(?=[^\W\d_]))\s*")
_AROUND_THE_CLOCK = re.compile(r"\s*24\s*[x×х/*]\s*7\s*", re.IGNORECASE)  # the third letter is Cyrillic

_EXAMPLE = 'write for example "mon-fri 09:00-18:00" or "mon-fri 09:00-13:00 14:00-18:00; sat 10:00-14:00"'


def parse_hours(text: str) -> dict[str, tuple[str, ...]]:
    """Weekly hours from one line, as the ``hours`` of a Calendar: ``{"mon-fri": ("09:00-18:00",)}``.

    ``24x7`` is every hour of the week; days may be English or Russian; groups are parted by ``;``. Raises HoursWrong.
    """
    if _AROUND_THE_CLOCK.fullmatch(text):
        return {"daily": ("00:00-24:00",)}
    hours: dict[str, tuple[str, ...]] = {}
    position, line = 0, text.strip().strip(";").strip()
    while position < len(line):
        group = _GROUP.match(line, position)
        if group is None:
            _refuse(text, line[position:])
        key = _key(group[1])
        if key in hours:
            raise HoursWrong(
                f'"{key}" is there twice in "{text}"', hint="write all spans of a day behind its name once"
            )
        hours[key] = written(spans([match[0] for match in _SPAN.finditer(group[2])], of=key))
        position = group.end()
    if not hours:
        raise HoursWrong("no hours were given", hint=_EXAMPLE)
    week(hours)  # the same day in two groups is found here
    return hours


def _refuse(text: str, rest: str) -> NoReturn:
    """Say which part of a line of hours cannot be read."""
    if _SPAN.match(rest):
        raise HoursWrong(
            f'"{text}" does not say on which days', hint=f'write for example "mon-fri {rest}" or "daily {rest}"'
        )
    raise HoursWrong(f'"{rest}" cannot be read as working hours', hint=_EXAMPLE)


def week(hours: Mapping[str, Sequence[str]]) -> tuple[tuple[Span, ...], ...]:
    """The spans of each of the seven days, Monday first. Raises HoursWrong: a day named twice, spans that overlap."""
    found: dict[int, tuple[str, tuple[Span, ...]]] = {}
    for key, texts in hours.items():
        open_spans = spans(texts, of=key)
        for day in _weekdays(key):
            if day in found:
                raise HoursWrong(
                    f'{WEEKDAYS[day]} has hours twice: in "{found[day][0]}" and in "{key}"',
                    hint="name each day once, for example mon-thu and fri",
                )
            found[day] = (key, open_spans)
    return tuple(found[day][1] if day in found else () for day in range(7))


def spans(texts: Sequence[str], *, of: str, may_overlap: bool = False) -> tuple[Span, ...]:
    """The spans of one day in time order; ``of`` names the day in messages. Raises HoursWrong when two overlap."""
    parts = re.split(r"[\s,;]+(?=\d)", re.sub(_DASH, "-", texts.strip())) if isinstance(texts, str) else texts
    parsed = sorted(_span(part, of=of) for part in parts if str(part).strip())
    for (_, closing), (opening, _) in pairwise(parsed):
        if opening < closing and not may_overlap:
            raise HoursWrong(
                f"the hours of {of} overlap: {', '.join(written(parsed))}", hint="part them or join them into one span"
            )
    return tuple(parsed)


def written(day: Sequence[Span]) -> tuple[str, ...]:
    """Spans as text, ``09:00-18:00``; a closing past midnight as the hour of the next day, midnight itself as 24:00."""
    return tuple(
        f"{_clock(opening)}-{_clock(closing if closing <= DAY else closing - DAY)}" for opening, closing in day
    )


def calendar_date(value: date) -> date:
    """A plain date of a date or datetime. Raises HoursWrong for anything else."""
    if not isinstance(value, date):
        raise HoursWrong(f"{value!r} is no date", hint="holidays, days and breaks are given by date: 2026-12-25")
    return value.date() if isinstance(value, datetime) else value


def _span(text: str, *, of: str) -> Span:
    """One ``HH:MM-HH:MM``; a closing before its opening is on the next day."""
    match = _SPAN.fullmatch(text.strip()) if isinstance(text, str) else None
    if match is None:
        raise HoursWrong(
            f'"{text}" in the hours of {of} is no span of time',
            hint='write "09:00-18:00"; midnight at the end is 24:00',
        )
    opening, closing = (_seconds(part, text=text, of=of) for part in match.groups())
    if opening == closing:
        raise HoursWrong(
            f'"{text}" in the hours of {of} opens and closes at once', hint='the whole day is "00:00-24:00"'
        )
    if opening == DAY:
        raise HoursWrong(f'"{text}" in the hours of {of} opens at 24:00', hint="put it on the next day from 00:00")
    return opening, closing if closing > opening else closing + DAY


def _seconds(clock: str, *, text: str, of: str) -> int:
    """Seconds after midnight of ``9``, ``09:00`` or ``24:00``."""
    hour, _, minute = clock.replace(".", ":").partition(":")
    seconds = int(hour) * 3600 + int(minute or 0) * 60
    if int(minute or 0) > 59 or seconds > DAY:
        raise HoursWrong(
            f'"{text}" in the hours of {of} has no such time of day: {clock}', hint="times go from 00:00 to 24:00"
        )
    return seconds


def _clock(seconds: int) -> str:
    """``09:00`` of seconds after midnight."""
    return f"{seconds // 3600:02d}:{seconds % 3600 // 60:02d}"


def _key(days: str) -> str:
    """Day names of a line in the canonical words: ``Пн – Пт`` is ``mon-fri``."""
    parts = []
    for part in days.split(","):
        ends = [_weekday(name, of=days) for name in re.split(_DASH, _GROUPS.get(_plain(part), part))]
        parts.append("-".join(WEEKDAYS[end] for end in ends))
    return ",".join(parts)


def _weekdays(key: str) -> list[int]:
    """The days that a key such as ``mon-fri``, ``fri-mon``, ``mon,wed`` or ``daily`` names, 0 for Monday."""
    days: list[int] = []
    for part in str(key).split(","):
        first, *rest = (_weekday(name, of=key) for name in re.split(_DASH, _GROUPS.get(_plain(part), part)))
        if len(rest) > 1:
            raise HoursWrong(f'"{key}" names no days', hint="a range has two ends: mon-fri")
        days += [(first + step) % 7 for step in range(((rest[0] if rest else first) - first) % 7 + 1)]
    if len(set(days)) < len(days):
        raise HoursWrong(f'"{key}" names a day twice', hint="name each day once, for example mon-thu and fri")
    return days


def _weekday(name: str, *, of: str) -> int:
    """The number of a day's name, English or Russian, short or whole."""
    if (number := _NAMES.get(_plain(name))) is None:
        raise HoursWrong(
            f'"{name.strip()}" in "{of}" is no day of the week',
            hint="days are mon tue wed thu fri sat sun, mon-fri or daily",
        )
    return number


def _plain(name: str) -> str:
    return name.strip().rstrip(".").casefold()

"""Where a number becomes words: shares, durations, points, counts, dates, in the manner of a language.

A text never shows what is not so: 0 % and 100 % are truly that, and a value that would round onto the other side of its
target is given more digits (method 0.6). Null is never given to these functions: they print what is there.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_interval, format_skeleton
from babel.numbers import format_decimal

from supportkpi.report import RowTarget
from supportkpi.translations import catalogue

NOTHING = "–"
COMPARE: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
}
_SIGNS = {"<=": "≤", ">=": "≥"}
_MOST_DIGITS = 6
_WHOLE_FROM = 1000
MONEY = "money"
"""The unit of amounts without a currency."""
_DAY, _HOUR, _MINUTE = 86_400, 3_600, 60
_SECONDS = {"d": _DAY, "h": _HOUR, "m": _MINUTE, "s": 1}
_LOCALES = {"en": "en_GB"}  # day before month, as the program's own texts are written


@dataclass(frozen=True)  # without slots: the locale is found once and kept
class Words:
    """The words of one language."""

    lang: str = "en"

    @cached_property
    def locale(self) -> Locale:
        """Number and date habits of the language; those of English where the language is unknown."""
        try:
            return Locale.parse(_LOCALES.get(self.lang, self.lang))
        except (UnknownLocaleError, ValueError):
            return Locale.parse(_LOCALES["en"])

    def gettext(self, text: str) -> str:
        """The sentence in this language."""
        return catalogue(self.lang).gettext(text)

    def ngettext(self, one: str, many: str, n: int, **more: str) -> str:
        """The sentence in the number form that n takes, with ``{n}`` and ``more`` filled in."""
        return catalogue(self.lang).ngettext(one, many, n).format(n=self.number(n), **more)

    # --- numbers ---------------------------------------------------------------------------------------------------

    def number(self, value: float | Decimal, digits: int = 0, *, sign: bool = False) -> str:
        """1,969 or 38.6 with that many decimals, halves away from zero; ``sign`` writes the plus, too."""
        exact = _exact(value)
        rounded = exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        text = format_decimal(abs(rounded), format=pattern, locale=self.locale)
        return _spaced(("−" if rounded < 0 else "+" if sign and rounded > 0 else "") + text)

    def share(self, value: float, digits: int = 1, target: RowTarget | None = None) -> str:
        """A ratio as percent: 38.6 %."""
        return self.percent_sign(self.number(_exact(value) * 100, share_digits(value, digits, target)))

    def percent_sign(self, text: str) -> str:
        """The number with its percent sign."""
        return self.gettext("{number} %").format(number=text)

    def points(self, value: float, digits: int = 1, target: RowTarget | None = None) -> str:
        """A score from -100 to +100 with its sign: +38.8."""
        return self.number(value, _digits(_exact(value), digits, (0,), target), sign=True)

    def amount(self, value: float, digits: int = 1, target: RowTarget | None = None) -> str:
        """A plain number: whole ones without decimals, others with ``digits``."""
        exact = _exact(value)
        return self.number(exact, _digits(exact, 0 if exact == exact.to_integral() else digits, (0,), target))

    def money(self, value: float, unit: str, target: RowTarget | None = None) -> str:
        """An amount with its currency, if one is known: EUR 12.89; whole from a thousand on."""
        exact = _exact(value)
        digits = 0 if exact == exact.to_integral() or abs(exact) >= _WHOLE_FROM else 2
        return self._priced(self.number(exact, _digits(exact, digits, (0,), target)), unit)

    def _priced(self, number: str, unit: str) -> str:
        return number if unit == MONEY else self.gettext("{currency} {number}").format(currency=unit, number=number)

    # --- durations -------------------------------------------------------------------------------------------------

    def duration(self, seconds: float, *, days: bool = True, target: RowTarget | None = None) -> str:
        """Two units: 45s, 58m 00s, 21h 32m, 1d 02h; ``days`` False (business time) stays in hours."""
        exact = _exact(seconds)
        for grain in _grains(abs(exact), days=days):
            rounded = (exact / grain).quantize(Decimal(1), ROUND_HALF_UP) * grain
            if (rounded != 0 or exact == 0) and not _misleads(rounded, exact, target):
                break
        coarser = _grains(abs(rounded), days=days)[0]  # 23h 59m 40s becomes 24h 00m, and that is 1d 00h
        grain = coarser if rounded % coarser == 0 else grain
        return ("−" if rounded < 0 else "") + self._units(abs(rounded), grain, days=days)

    def in_unit(self, seconds: float, unit: str, *, target: RowTarget | None = None) -> str:
        """One unit alone, for times that are no more exact than that: 0d, 3d, 2.4d; 27h."""
        exact = _exact(seconds) / _SECONDS[unit]
        wanted = None if target is None else replace(target, value=float(_exact(target.value) / _SECONDS[unit]))
        return self._unit(
            self.number(exact, _digits(exact, 0 if exact == exact.to_integral() else 1, (0,), wanted)), unit
        )

    def exact_duration(self, seconds: float, *, days: bool = True) -> str:
        """All units that are not zero: 1h, 1d 12h, 1m 30s; for what a person has chosen."""
        parts = [(n, unit) for n, unit in _parts(_exact(seconds), days=days) if n != 0]
        return " ".join(self._unit(self.number(n, _decimals(n)), unit) for n, unit in parts) or self._unit("0", "s")

    def _units(self, seconds: Decimal, grain: Decimal, *, days: bool) -> str:
        parts = [(n, unit) for n, unit in _parts(seconds, days=days) if _SECONDS[unit] >= grain]
        first = next((i for i, (n, _) in enumerate(parts) if n != 0), len(parts) - 1)
        texts: list[str] = []
        for n, unit in parts[first:]:
            digits = _decimals(grain) if unit == "s" else 0
            width = 2 + (digits + 1 if digits else 0) if texts else 0
            texts.append(self._unit(self.number(n, digits).rjust(width, "0"), unit))
        return " ".join(texts)

    def _unit(self, number: str, unit: str) -> str:
        _ = self.gettext
        forms = {"d": _("{n}d"), "h": _("{n}h"), "m": _("{n}m"), "s": _("{n}s")}
        return forms[unit].format(n=number)

    # --- targets ---------------------------------------------------------------------------------------------------

    def target(self, target: RowTarget, unit: str, *, days: bool = True) -> str:
        """The wanted value with its sign: ≤ 45m, ≥ 90 %, ≥ +50, ≥ 20 a month."""
        value = _exact(each(target).value)
        if unit == "s":
            text = self.exact_duration(target.value, days=days)
        elif unit == "ratio":
            text = self.percent_sign(self.number(value * 100, _decimals(value * 100)))
        else:
            text = self.number(value, _decimals(value), sign=unit == "points")
            text = self._priced(text, unit) if is_money(unit) else text
        return f"{_SIGNS.get(target.op, target.op)} {self.per(text, target.per)}"

    def per(self, text: str, stretch: str | None) -> str:
        """A value for each day, week, month, quarter or year: 20 a month."""
        _ = self.gettext
        forms = {
            "day": _("{value} a day"),
            "week": _("{value} a week"),
            "month": _("{value} a month"),
            "quarter": _("{value} a quarter"),
            "year": _("{value} a year"),
        }
        return text if stretch is None else forms[stretch].format(value=text)

    # --- dates -----------------------------------------------------------------------------------------------------

    def days(self, start: date, end: date) -> str:
        """A span of days: 28 Feb – 31 Mar 2026."""
        return _spaced(format_interval(start, end, "yMMMd", locale=self.locale))

    def instant(self, at: datetime, zone: str) -> str:
        """An instant to the minute in a zone: 2 Apr 2026 05:12."""
        local = at.astimezone(ZoneInfo(zone))
        return _spaced(f"{format_skeleton('yMMMd', local, locale=self.locale)} {local:%H:%M}")


def is_money(unit: str) -> bool:
    """Whether a unit is money: of a currency by its code, or of one that nobody named."""
    return unit == MONEY or (len(unit) == 3 and unit.isupper())


def each(target: RowTarget) -> RowTarget:
    """The target of one month (or other stretch), as it was asked for, of one that is held against several."""
    if target.per is None or target.periods is None:
        return target
    return replace(target, value=round(target.value / target.periods, 9))


def share_digits(value: float, digits: int, target: RowTarget | None = None) -> int:
    """Decimals that a percent needs, at least ``digits``, that show neither a false 0 or 100 nor a false verdict."""
    if value in (0, 1):
        return 0
    scaled = None if target is None else RowTarget(op=target.op, value=float(_exact(target.value) * 100), text="")
    return _digits(_exact(value) * 100, digits, (0, 100), scaled)


def _digits(exact: Decimal, digits: int, landmarks: tuple[int, ...], target: RowTarget | None) -> int:
    for more in range(digits, _MOST_DIGITS):
        shown = exact.quantize(Decimal(1).scaleb(-more), ROUND_HALF_UP)
        if any(shown == mark != exact for mark in landmarks):
            continue
        if not _misleads(shown, exact, target):
            return more
    return _MOST_DIGITS


def _misleads(shown: Decimal, exact: Decimal, target: RowTarget | None) -> bool:
    """Whether the shown value stands otherwise to the target than the value itself."""
    if target is None:
        return False
    wanted, meets = _exact(target.value), COMPARE[target.op]
    return meets(shown, wanted) != meets(exact, wanted)


def _grains(seconds: Decimal, *, days: bool) -> list[Decimal]:
    """What a duration of that size is rounded to, coarsest first."""
    coarse = [Decimal(grain) for grain in (_HOUR, _MINUTE, 1)]
    start = 0 if days and seconds >= _DAY else 1 if seconds >= _HOUR else 2
    return coarse[start:] + [Decimal(1).scaleb(-digits) for digits in range(1, _MOST_DIGITS + 1)]


def _parts(seconds: Decimal, *, days: bool) -> list[tuple[Decimal, str]]:
    hours, rest = divmod(seconds, _HOUR)
    minutes, rest = divmod(rest, _MINUTE)
    if not days:
        return [(hours, "h"), (minutes, "m"), (rest, "s")]
    whole, hours = divmod(hours, 24)
    return [(whole, "d"), (hours, "h"), (minutes, "m"), (rest, "s")]


def _exact(value: float | Decimal) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(repr(value))


def _decimals(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return min(max(0, -exponent), _MOST_DIGITS) if isinstance(exponent, int) else 0


def _spaced(text: str) -> str:
    """Thin spaces as plain ones: terminals and mail programs draw them badly."""
    return text.replace("\u2009", " ").replace("\u202f", "\u00a0")

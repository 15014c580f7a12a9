"""Targets as people write them: ``>= 90%``, ``PT1H``, ``EUR 12``, ``≥ 20 шт./мес`` (method 2.16)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Literal

from supportkpi import durations
from supportkpi.decisions import Operator, Target
from supportkpi.errors import DurationWrong, OptionWrong, TargetWrong

Stretch = Literal["day", "week", "month", "quarter", "year"]
CLOCKS = ("business", "calendar")

# Patterns that few runs ask are texts: re compiles each when it is first used, and keeps it.
_KEY = r"(?P<kpi>\w+)(?:\.(?P<stat>\w+?))??(?:\.(?P<clock>business|calendar))?"
_OPERATOR = r"(<=|=<|≤|⩽|>=|=>|≥|⩾|==|=|<|>)\s*"
_OPERATORS: Mapping[str, Operator] = {
    **dict.fromkeys(("<=", "=<", "≤", "⩽"), "<="),
    **dict.fromkeys((">=", "=>", "≥", "⩾"), ">="),
    **dict.fromkeys(("=", "=="), "="),
    "<": "<",
    ">": ">",
}
_DIRECTIONS: Mapping[str, Operator] = {"lower": "<=", "higher": ">="}
_STRETCHES: Mapping[str, Stretch] = {
    **dict.fromkeys(("day", "d", "день", "дн", "сут"), "day"),
    **dict.fromkeys(("week", "wk", "w", "неделю", "неделя", "нед"), "week"),
    **dict.fromkeys(("month", "mo", "месяц", "мес"), "month"),
    **dict.fromkeys(("quarter", "q", "квартал", "кв"), "quarter"),
    **dict.fromkeys(("year", "yr", "y", "год", "г"), "year"),
}
SIGNS: Mapping[str, str] = {
    "€": "EUR",
    "$": "USD",
    "£": "GBP",
    "₽": "RUB",
    "руб": "RUB",
    "руб.": "RUB",
    "р.": "RUB",
    "₴": "UAH",
    "₸": "KZT",
    "₹": "INR",
}
"""Signs and short words of currencies, and their codes."""
_CURRENCY = rf"[A-Za-z]{{3}}|{'|'.join(re.escape(sign) for sign in sorted(SIGNS, key=len, reverse=True))}"
_AMOUNT = r"[-+]?\d[\d .,]*|[-+]?[.,]\d+"
_MONEY = rf"(?:(?P<before>{_CURRENCY})\s*)?(?P<number>{_AMOUNT})(?:\s*(?P<after>{_CURRENCY}))?"
_THINGS = (
    r"tickets?|pcs\.?|items?|articles?|updates?|visits?|customers?|clients?|users?|replies|шт\.?|раза?|заяв(?:ок|ки|ка)"
    r"|обращени[йея]|стат(?:ей|ьи|ья)|обновлени[йея]|клиент(?:ов|а)?|пользовател(?:ей|я|ь)|ответ(?:ов|а)?"
)
_PIECES = rf"(?P<number>{_AMOUNT})\s*(?:{_THINGS})?"
_POINTS = rf"(?P<number>{_AMOUNT})\s*(?:%|points?|pts?\.?|п\.?|пунктов|баллов)?"
_SCORE = rf"(?P<number>{_AMOUNT})"
_DAYS = rf"(?P<number>{_AMOUNT})\s*(?:d|days?|дн\.?|дня|дней)?"
_PER = r"\s*(?:/|\bper\b|\ban?\b|\beach\b|\bв\b|\bза\b)\s*(?P<stretch>[^\W\d_]+)\.?$"

Value = tuple[float, str | None]  # in the KPI's unit, and the currency


def parse(key: str, text: str | float, *, unit: str, direction: str) -> Target:
    """The target that a key and its words set, for a KPI of that unit and direction (``lower``, ``higher`` or none).

    A duration is in seconds, a share in 0-1 (a bare number above 1 is percent, up to 1 it is refused), points, scores,
    money and counts are what is written. Without an operator it is the KPI's direction.

    Raises:
        TargetWrong: the words cannot be read, or do not fit the KPI's unit.
    """
    if isinstance(text, bool):
        raise TargetWrong(f"the target of {key} is no number", hint=_example(unit))
    written = f"{text:.15g}" if isinstance(text, int | float) else text.strip()
    kpi, stat, clock = split_key(key)
    operator, rest = _split_operator(key, _plain(written), direction)
    rest, per = _split_per(rest, unit)
    value, currency = _valued(key, rest, written, unit)
    return Target(kpi=kpi, stat=stat, clock=clock, op=operator, value=value, currency=currency, per=per, text=written)


def split_key(key: str) -> tuple[str, str | None, str | None]:
    """KPI, statistic and clock of ``KPI[.STAT][.CLOCK]``.

    Raises:
        TargetWrong: the key has another shape.
    """
    found = re.fullmatch(_KEY, key.strip())
    if found is None:
        raise TargetWrong(f'"{key}" names no KPI', hint="write KPI, KPI.STAT, KPI.CLOCK or KPI.STAT.CLOCK")
    return found["kpi"], found["stat"], found["clock"]


def split_option(text: str) -> tuple[str, str]:
    """Key and words of an option ``KPI=VALUE``; ``csat>=90%`` is taken as ``csat=>=90%`` is.

    Raises:
        OptionWrong: there is no value, or no KPI.
    """
    found = re.fullmatch(r"\s*([\w.]+)\s*(?:=\s*(?=[<>=≤≥⩽⩾])|=(?![<>])|(?=[<>≤≥⩽⩾]))\s*(\S.*?)\s*", text)
    if found is None:
        hint = 'write --target csat=90% or --target "nps=>= 50"'
        raise OptionWrong(f'--target "{text}" is not KPI=VALUE', hint=hint)
    return found[1], found[2]


def _plain(text: str) -> str:
    """Compatibility forms made plain (no-break spaces, full-width signs), a typeset minus as a hyphen."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text).replace("\u2212", "-")).strip()


def _split_operator(key: str, plain: str, direction: str) -> tuple[Operator, str]:
    """The operator, written or by the KPI's direction, and what follows it."""
    if found := re.match(_OPERATOR, plain):
        return _OPERATORS[found[1]], plain[found.end() :]
    if direction in _DIRECTIONS:
        return _DIRECTIONS[direction], plain
    message = f'the target "{plain}" of {key} does not say which side is good'
    raise TargetWrong(message, hint=f'write ">= {plain}" or "<= {plain}"')


def _split_per(rest: str, unit: str) -> tuple[str, Stretch | None]:
    """What stands before ``/month``, and the stretch; only counts and money are per anything."""
    found = re.search(_PER, rest) if unit in _ADDED_UP else None
    if found is None or found["stretch"].casefold() not in _STRETCHES:
        return rest, None
    return rest[: found.start()], _STRETCHES[found["stretch"].casefold()]


def _valued(key: str, rest: str, written: str, unit: str) -> Value:
    """The value in the KPI's unit; a reader says what is wrong, the key and an example are added here."""
    try:
        return _READERS.get(unit, _scored)(rest)
    except _Unread as unread:
        hint = unread.hint or _example(unit)
        raise TargetWrong(f'the target "{written}" of {key} {unread}', hint=hint) from unread


class _Unread(Exception):
    """Why words are no value: the end of a sentence, and a hint of its own."""

    def __init__(self, why: str, hint: str | None = None) -> None:
        super().__init__(why)
        self.hint = hint


def _duration(rest: str) -> Value:
    if re.fullmatch(r"[-+]?[\d.,]+", rest):
        raise _Unread("has no unit", f"write {rest}m or {rest}h")
    try:
        return durations.parse(rest), None
    except DurationWrong as wrong:
        raise _Unread("is no duration", wrong.hint) from wrong


def _share(rest: str) -> Value:
    found = re.fullmatch(rf"(?P<number>{_AMOUNT})\s*(?P<percent>%)?", rest)
    if found is None:
        raise _Unread("is no share")
    number = _number(found["number"])
    if number < 0:
        raise _Unread("is below 0 %")
    if found["percent"] is None and number <= 1:
        whole = f"{number * 100:.10g}"
        raise _Unread(f"may mean {whole} % or {number:.10g} %", f"write {whole}% or {number:.10g}%")
    return float(Decimal(repr(number)) / 100), None  # 8.04 / 100 is no 0.0804, and a share of just that would miss it


def _points(rest: str) -> Value:
    found = re.fullmatch(_POINTS, rest)
    if found is None:
        raise _Unread("is no number of points")
    points = _number(found["number"])
    if not -100 <= points <= 100:
        raise _Unread("is outside -100 to 100")
    return points, None


def _money(rest: str) -> Value:
    found = re.fullmatch(_MONEY, rest)
    if found is None or (found["before"] and found["after"]):
        raise _Unread("is no amount of money")
    code = found["before"] or found["after"]
    return _number(found["number"], grouped=True), None if code is None else SIGNS.get(code.lower(), code.upper())


def _counted(rest: str) -> Value:
    found = re.fullmatch(_PIECES, rest)
    if found is None:
        raise _Unread("is no count")
    return _number(found["number"], grouped=True), None


def _scored(rest: str) -> Value:
    found = re.fullmatch(_SCORE, rest)
    if found is None:
        raise _Unread("is no number")
    return _number(found["number"]), None


def _aged(rest: str) -> Value:
    if found := re.fullmatch(_DAYS, rest):
        return _number(found["number"]), None
    return _duration(rest)[0] / durations.DAY, None


_READERS: Mapping[str, Callable[[str], Value]] = {
    "s": _duration,
    "ratio": _share,
    "points": _points,
    "money": _money,
    "tickets": _counted,
    "requesters": _counted,
    "replies": _counted,
    "count": _counted,
    "score": _scored,
    "days": _aged,
}
_ADDED_UP = ("tickets", "money", "count", "requesters", "replies")
_EXAMPLES: Mapping[str, str] = {
    "s": "write a duration: 45m, 1h 30m or PT1H30M",
    "ratio": "write a share: 90%",
    "points": "write points from -100 to 100: 50",
    "money": "write an amount: EUR 12",
    "tickets": "write a count: 500",
    "days": "write days: 3 or 36h",
}


def _example(unit: str) -> str:
    return _EXAMPLES.get(unit, "write a number: 4.5")


def _number(text: str, *, grouped: bool = False) -> float:
    """A number with ``.`` or ``,`` before its decimals; spaces part thousands, and so does the first of both signs.

    Where thousands are likely (``grouped``), one sign with three digits behind it is ambiguous and refused.
    """
    plain = text.strip().rstrip(".,")
    if re.search(r"\d ", plain) and not re.fullmatch(r"[-+]?\d{1,3}( \d{3})+([.,]\d+)?", plain):
        raise _Unread("is no number")
    plain = plain.replace(" ", "")
    for thousands, decimal in ((",", "."), (".", ",")):
        if re.fullmatch(rf"[-+]?\d{{1,3}}(?:\{thousands}\d{{3}})+\{decimal}\d+", plain):
            return float(plain.replace(thousands, "").replace(decimal, "."))
    if grouped and re.fullmatch(r"[-+]?[1-9]\d{0,2}([.,]\d{3})+", plain):
        digits = re.sub(r"[.,]", "", plain)
        raise _Unread("may mean thousands or decimals", f"write {digits} or {plain.replace(',', '.')}0")
    if not re.fullmatch(r"[-+]?(\d+([.,]\d*)?|[.,]\d+)", plain):
        raise _Unread("is no number")
    return float(plain.replace(",", "."))

"""Plain figures to numbers: amounts with their currency, shares with their percent sign, and what their unit is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from supportkpi.durations import SECONDS
from supportkpi.loaders.generic._headers import folded
from supportkpi.loaders.values._numbers import decimal_mark, numbers
from supportkpi.targets import SIGNS

_CODES = (
    "AED AMD ARS AUD AZN BGN BRL BYN CAD CHF CLP CNY COP CZK DKK EUR GBP GEL HKD HUF IDR ILS INR JPY KGS KRW KZT MDL "
    "MXN MYR NOK NZD PEN PHP PLN RON RSD RUB RUR SAR SEK SGD THB TJS TRY TWD UAH USD UZS VND ZAR"
)
_WORDS: Mapping[str, str] = {
    **{code.lower(): code for code in _CODES.split()},
    **dict.fromkeys(("руб", "рублей", "рубли", "рубль", "rur", "р"), "RUB"),
    **dict.fromkeys(("евро", "euro", "euros"), "EUR"),
    **dict.fromkeys(("доллар", "долларов", "долл", "dollar", "dollars"), "USD"),
    **dict.fromkeys(("тенге",), "KZT"),
    **{sign.lower(): code for sign, code in SIGNS.items()},
}
_MONEY = re.compile("|".join(re.escape(word) for word in sorted(_WORDS, key=len, reverse=True) if not word.isalpha()))
_IN_CELL = r"(?i)^\s*([a-z]{3}|[€$£₽₴₸₹])\s*|\s*([a-z]{3}|[€$£₽₴₸₹]|руб\.?|р\.|рублей|евро|тенге|долл\.?)\s*$"
# Patterns that few runs ask are texts: re compiles each when it is first used, and keeps it.
_SHARE = (
    r"\brates?\b|share|percent|\bpct\b|porcent|prozent|pourcent|ratio|retention|churn|conversion|доля|процент|удержани"
    r"|отток|конверси|tasa|taxa|quote|taux|%"
)
_POINTS = r"\bnps\b|net promoter|лояльност"
_SCORE = r"\bcsat\b|\bces\b|score|rating|average|\bavg\b|\bmean\b|median|index|средн|балл|рейтинг|оценк|индекс|медиан"
_TIME = r"\btime\b|duration|время|длительност|tiempo|tempo|zeit|temps|\bfrt\b|\baht\b|\brt\b"
_COST = (
    r"\bcosts?\b|expens|payroll|salar|расход|затрат|стоимост|зарплат|бюджет|\bamount\b|\bсумма\b|betrag|montant|importe"
    r"|\bmonto\b|gasto|custo|kosten|depense"
)
_UNITS: Mapping[str, tuple[str, ...]] = {
    "ratio": ("%", "percent", "pct", "процент", "проценты", "процентов", "share", "доля", "ratio"),
    "points": ("points", "point", "pp", "пп", "п п", "пункт", "пункты", "пунктов"),
    "score": ("score", "балл", "баллы", "баллов", "stars", "звезд"),
    "days": ("days", "day", "дн", "дней", "дни", "сут", "суток"),
}
_UNIT: Mapping[str, str] = {word: unit for unit, words in _UNITS.items() for word in words}


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """What figures are counted in, and what a written one is in that; ``said`` is what it rests on."""

    name: str  # count, money, ratio, points, score, s, days
    factor: float = 1.0  # seconds of the unit that a duration is written in
    is_percent: bool = False
    currency: str | None = None
    said: str = ""


def figures(words: pl.Series) -> pl.Series:
    """Numbers (Float64) of cells such as ``12 000 EUR``, ``94,5 %``, ``1,234.5``; null where there is none."""
    bare = words.to_frame("v").select(pl.col("v").str.replace_all(_IN_CELL, "")).to_series()
    return numbers(bare, decimal_mark(bare))


def currency_in(words: pl.Series) -> pl.Series:
    """The code of the currency that each cell names, null where it names none."""
    said = pl.coalesce(pl.col("v").str.extract(_IN_CELL, 1), pl.col("v").str.extract(_IN_CELL, 2))
    bare = said.str.to_lowercase().str.strip_chars(". ")
    known = pl.lit(None, pl.String)
    for word, code in _WORDS.items():
        known = pl.when(bare == word).then(pl.lit(code)).otherwise(known)
    return words.to_frame("v").select(known).to_series()


def currency_of(text: str) -> str | None:
    """The currency that a header or the cell of a unit names."""
    if (sign := _MONEY.search(text.lower())) is not None:
        return _WORDS[sign[0]]
    return next((_WORDS[word] for word in folded(text).split() if word in _WORDS and word != "р"), None)


def without_unit(header: str) -> str:
    """A header without its currency and unit: ``Amount, EUR`` is "amount"; ``Retention, %`` is "retention"."""
    bare = re.sub(r"[(\[][^)\]]*[)\]]", " ", header)
    words = [word for word in folded(_MONEY.sub(" ", bare.lower())).split() if word not in _WORDS or word == "try"]
    while len(words) > 1 and (words[-1] in _UNIT or words[-1] in SECONDS):
        words.pop()
    return " ".join(words)


def unit_of(name: str, values: pl.Series, *, cells: pl.Series, words: Sequence[str], money: bool) -> Unit:
    """What the figures of a name are counted in: as a column of units says, else their signs, else the name itself."""
    for word in words:
        if (found := _worded(word, values)) is not None:
            return found
    if cells.str.ends_with("%").any() or "%" in name:
        return Unit(name="ratio", is_percent=True, said="the percent sign")
    if money or currency_of(name) is not None:
        return Unit(name="money", currency=currency_of(name), said="its currency")
    return _named(folded(name), values)


def _worded(word: str, values: pl.Series) -> Unit | None:
    plain = folded(word) or word.strip()
    if plain in SECONDS and plain not in _UNIT:
        return Unit(name="s", factor=SECONDS[plain], said="its unit")
    if (code := currency_of(word)) is not None:
        return Unit(name="money", currency=code, said="its unit")
    name = _UNIT.get(plain.split(" ")[0] if plain else "", _UNIT.get(plain))
    if name == "ratio":
        return _share(values, "its unit", percent="%" in word or "p" in plain[:1] or "пр" in plain[:2])
    return (
        Unit(name=name, said="its unit") if name is not None else Unit(name="count", said="its unit") if plain else None
    )


def _named(name: str, values: pl.Series) -> Unit:
    """What a name alone says; a figure that is not known to be anything else is a count."""
    if re.search(_POINTS, name):
        return Unit(name="points", said="its name")
    if re.search(_COST, name):
        return Unit(name="money", said="its name")
    if re.search(_TIME, name) and (
        found := next((SECONDS[word] for word in name.split()[::-1] if word in SECONDS), None)
    ):
        return Unit(name="s", factor=found, said="its name")
    low, high = values.min(), values.max()
    if isinstance(low, float) and isinstance(high, float) and low >= 0 and high <= 100 and re.search(_SHARE, name):
        return _share(values, "its name", percent=high > 1)
    return Unit(name="score", said="its name") if re.search(_SCORE, name) else Unit(name="count", said="nothing else")


def _share(values: pl.Series, said: str, *, percent: bool) -> Unit:
    high = values.max()
    whole = percent and isinstance(high, float) and high > 1
    return Unit(name="ratio", is_percent=whole, said=said)

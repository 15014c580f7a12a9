"""Durations of a column: what the values look like decides first, the header or the mapping only where they do not.

A header that says "hours" over cells like ``12:34:56`` means a clock, and a bare number without a unit anywhere means
nothing: such a column has no reading, and neither has one of instants.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from supportkpi.durations import JOINERS, SECONDS, WORDS
from supportkpi.loaders.values._batches import Reader, first_read, spread, staged
from supportkpi.loaders.values._date_notations import washed
from supportkpi.loaders.values._numbers import decimal_mark, numbers
from supportkpi.loaders.values._quick import QuickNumbers

LEAST_SHARE = 0.5
"""Share of a column's values that must be durations for the column to be one."""

LONGEST = 100 * 366 * 86_400.0
"""Seconds beyond which a value is no duration of anybody's work, but a number that lost its decimal mark."""

_PROBE, _SAMPLE, _LONGEST_TEXT = 64, 4096, 60
_EPOCH, _NIGHT = datetime(1970, 1, 1), datetime(1899, 12, 31)  # noqa: DTZ001
_SIGN, _FRACTION = r"(?P<sign>[-+−–])?\s?", r"(?:[.,](?P<f>\d+))?"
_CLOCK = rf"(?P<h>\d+):(?P<m>[0-5]?\d):(?P<s>[0-5]\d){_FRACTION}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanReading:
    """How one column of durations is read: ``shape`` as printed, ``share`` of the sample that could be read."""

    shape: str
    share: float
    readers: tuple[Reader, ...]
    stated: bool = False  # the unit comes from the header or the mapping, not from the values
    size: float | None = None  # seconds of a unit, where the values are numbers with a decimal point

    def quick(self) -> QuickNumbers | None:
        """A quick reader of plain numbers, None where the values are no such."""
        return QuickNumbers(size=self.size, most=LONGEST) if self.size is not None else None

    def seconds(self, expr: pl.Expr) -> pl.Expr:
        """The durations in seconds (Float64); null where a value does not fit."""
        return staged(expr, pl.Float64(), *self.readers)


def choose_spans(values: pl.Series, header: str, unit: str | None = None) -> SpanReading | None:
    """The one reading of a column's durations, or None where the values are none or lack a unit.

    Args:
        values: the column or a sample of it, missing marks already null.
        header: the column's name; ``(min)``, ``in hours``, ``, ч`` or ``_s`` in it is the unit of bare numbers.
        unit: the mapping's unit of bare numbers (seconds, minutes, hours, days, ms); it stands above the header's.
    """
    sample = spread(values, _SAMPLE)
    if not len(sample):
        return None
    if sample.dtype == pl.String:
        return _shaped(sample, header) or _numbered(sample, header, unit)
    if sample.dtype.is_numeric():
        return _numbered(sample, header, unit)
    return _typed(sample)


def _shaped(sample: pl.Series, header: str) -> SpanReading | None:
    """The shapes that say themselves what they are, the most frequent first; those that would clash are left out."""
    probe = spread(sample, _PROBE)
    if (probe.str.contains(r"\d") & (probe.str.len_chars() <= _LONGEST_TEXT)).mean() == 0.0:
        return None
    looks = probe.alias("v").to_frame().select(washed(pl.col("v")))
    hits = looks.select(pl.col("v").str.contains(pattern).any().alias(name) for name, pattern in _PATTERNS.items())
    counts = {name: _SHAPES[name](sample).count() if hit else 0 for name, hit in hits.row(0, named=True).items()}
    for name in _clashing(counts, header):
        counts.pop(name)
    names = sorted((name for name, count in counts.items() if count), key=lambda name: -counts[name])
    if not names or (names == ["words"] and _only_letter_m(sample) and header_unit(header) != "m"):
        return None
    readers = tuple(_SHAPES[name] for name in (*names, *(name for name in counts if name not in names)))
    share = first_read(sample, pl.Float64(), *readers).count() / len(sample)
    return SpanReading(shape=names[0], share=share, readers=readers) if share >= LEAST_SHARE else None


def _clashing(counts: Mapping[str, int], header: str) -> Iterator[str]:
    """The shapes that would read the same text in another way than the header or most of the column does."""
    three = "d:HH:MM" if re.search(r"(?<![\w:])d+:hh?:mm(?!:?\w)", header.lower()) else "H:MM:SS"
    yield "H:MM:SS" if three == "d:HH:MM" else "d:HH:MM"
    short = "M:SS" if re.search(r"(?<![\w:])mm?:ss\b", header.lower()) else "H:MM"
    yield "M:SS" if short == "H:MM" else "H:MM"
    if counts[short] and counts[three]:  # 45:10 beside 1:45:10 may be either: the rarer of the two stays unread
        yield short if counts[three] >= counts[short] else three


def _only_letter_m(sample: pl.Series) -> bool:
    """Whether nothing tells if ``м`` is minutes or months: there is no other Russian unit in the column."""
    return bool(sample.str.to_lowercase().str.contains(r"^\s*\d+\s*м\.?\s*$").all())


def _numbered(sample: pl.Series, header: str, unit: str | None) -> SpanReading | None:
    code = _CODES.get(unit or "") or header_unit(header)
    if code is None:
        return None
    size, mark = SECONDS[code], decimal_mark(sample)
    none = _lone_negative(numbers(sample, mark))

    def read(values: pl.Series) -> pl.Series:
        found = numbers(values, mark)
        return _plausible((found if none is None else found.set(found == none, None)) * size)

    found = read(sample).count()
    share = found / len(sample) if none is None else found / max(1, int((numbers(sample, mark) != none).sum()))
    shape = ("decimal " if _broken(numbers(sample, mark)) else "") + _NAMES[code]
    if share < LEAST_SHARE:
        return None
    plain = size if mark == "." and sample.dtype == pl.String and none is None else None
    return SpanReading(shape=shape, share=share, readers=(read,), stated=True, size=plain)


def _lone_negative(values: pl.Series) -> float | None:
    """What stands for no duration: the only negative number of a column, again and again, such as -1 or -999."""
    below = values.filter(values < 0)
    return float(below[0]) if len(below) > 1 and below.n_unique() == 1 and float(below[0]).is_integer() else None


def _broken(values: pl.Series) -> bool:
    return bool((values != values.floor()).any())


def _typed(sample: pl.Series) -> SpanReading | None:
    """Cells that a workbook calls times: durations, times of a day, or dates before 1905."""
    if sample.dtype not in (pl.Duration, pl.Time) and not (
        sample.dtype.is_temporal() and bool((_years(sample) <= 1904).mean() == 1.0)
    ):
        return None
    return SpanReading(shape="time cells", share=1.0, readers=(_cells,))


def _years(values: pl.Series) -> pl.Series:
    return values.dt.year()


def _cells(values: pl.Series) -> pl.Series:
    if values.dtype == pl.Duration:
        return values.dt.total_microseconds() / 1e6
    if values.dtype == pl.Time:
        return values.cast(pl.Int64) / 1e9
    wall = values.cast(pl.Datetime("us"))
    days = (wall - _NIGHT).dt.total_microseconds() / 1e6
    return days.zip_with(days >= 0, days + 86_400)  # 1899-12-30 is how some writers spell "no day"


# --- shapes ----------------------------------------------------------------------------------------------------------


def _parts(values: pl.Series, pattern: str) -> pl.DataFrame:
    frame = values.cast(pl.String).alias("v").to_frame().select(washed(pl.col("v")))
    return frame.select(pl.col("v").str.extract_groups(pattern)).unnest("v")


def _reader(pattern: str, sizes: Mapping[str, float], *, sign_of_days: bool = False) -> Reader:
    """A reader of one pattern: named parts times their sizes in seconds; at least one part must be there."""

    def read(values: pl.Series) -> pl.Series:
        parts = _parts(values, pattern)
        amounts = {
            name: pl.col(name).str.replace(",", ".", literal=True).cast(pl.Float64, strict=False) * size
            for name, size in sizes.items()
        }
        total = pl.sum_horizontal(amounts.values())
        if "f" in parts.columns:
            total += pl.concat_str(pl.lit("0."), pl.col("f"), ignore_nulls=False).cast(pl.Float64).fill_null(0)
        minus = pl.col("sign").is_in(["-", "−", "–"]).fill_null(value=False)
        negative = total - 2 * amounts["d"] if sign_of_days else -total
        seconds = pl.when(minus).then(negative).otherwise(total)
        found = pl.any_horizontal(pl.col(name).is_not_null() for name in sizes)
        return _plausible(parts.select(pl.when(found).then(seconds).alias("v")).to_series())

    return read


def _plausible(seconds: pl.Series) -> pl.Series:
    return seconds.set(~seconds.is_finite() | (seconds.abs() > LONGEST), None)


def _since_epoch(values: pl.Series) -> pl.Series:
    """Offsets from 1970-01-01 written as instants; a column of instants of today has none."""
    parts = _parts(values, _EPOCH_TIME)
    days = (pl.col("day").str.to_date("%Y-%m-%d", strict=False) - _EPOCH.date()).dt.total_days()
    part = {name: pl.col(name).cast(pl.Float64, strict=False) for name in "hms"}
    fraction = pl.concat_str(pl.lit("0."), pl.col("f"), ignore_nulls=False).cast(pl.Float64).fill_null(0)
    seconds = days * 86_400.0 + part["h"] * 3600 + part["m"] * 60 + part["s"] + fraction
    return parts.select(seconds.alias("v")).to_series()


def _worded() -> str:
    """The pattern of ``1 d 2 h``, ``134 д., 14 ч., 57 м.``, ``1 dias 18 horas 47 minutos``."""
    amount = r"\d+(?:\.\d+|,\d{1,2})?"
    parts = []
    for unit, words in WORDS.items():
        spelled = "|".join(sorted(words, key=len, reverse=True))
        parts.append(rf"(?:(?P<{unit}>{amount})\s*(?:{spelled})\.?[\s,]*(?:{JOINERS}\s+)?)?")
    return rf"^{_SIGN}{''.join(parts)}$"


_EPOCH_TIME = (
    r"^(?P<day>1970-\d{2}-\d{2})[t ](?P<h>\d{2}):(?P<m>\d{2}):(?P<s>\d{2})(?:\.(?P<f>\d+))?(?:z| ?utc|\+00:?00)?$"
)
_ISO_PART = r"\d+(?:[.,]\d+)?"
_ISO = (
    rf"^{_SIGN}p(?:0+y)?(?:0+m)?(?:(?P<w>{_ISO_PART})w)?(?:(?P<d>{_ISO_PART})d)?"
    rf"(?:t(?:(?P<h>{_ISO_PART})h)?(?:(?P<m>{_ISO_PART})m)?(?:(?P<s>{_ISO_PART})s)?)?$"
)
_DAY = "|".join(sorted(WORDS["d"], key=len, reverse=True))

_PATTERNS: Mapping[str, str] = {
    "H:MM:SS": rf"^{_SIGN}{_CLOCK}$",
    "H:MM": rf"^{_SIGN}(?P<h>\d+)(?::|\s?h\s?)(?P<m>[0-5]\d)(?:\s?(?:hrs?|hours?|h|ч|час|std)\.?)?$",
    "M:SS": rf"^{_SIGN}(?P<m>\d+):(?P<s>[0-5]\d){_FRACTION}$",
    "d.HH:MM:SS": rf"^{_SIGN}(?P<d>\d+)[.:]{_CLOCK}$",
    "d:HH:MM": rf"^{_SIGN}(?P<d>\d+):(?P<h>[01]?\d|2[0-3]):(?P<m>[0-5]\d)$",
    "days H:MM:SS": (
        rf"^{_SIGN}(?P<d>\d+)\s*(?:{_DAY})[.,]?\s*\+?"
        rf"(?P<h>\d+):(?P<m>[0-5]\d)(?::(?P<s>[0-5]\d){_FRACTION})?$"
    ),
    "ISO 8601": _ISO,
    "words": _worded(),
    "time since 1970-01-01": _EPOCH_TIME,
}
_SHAPES: Mapping[str, Reader] = {
    name: _reader(
        pattern,
        {unit: SECONDS[unit] for unit in WORDS if f"<{unit}>" in pattern},
        sign_of_days="days" in name,  # "-1 day, 23:00:00" is how Python and pandas write minus one hour
    )
    for name, pattern in _PATTERNS.items()
} | {"time since 1970-01-01": _since_epoch}


# --- units in headers ------------------------------------------------------------------------------------------------

_NAMES = {"ms": "milliseconds", "s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_CODES = {**{name: code for code, name in _NAMES.items()}, **{code: code for code in _NAMES}, "min": "m"}
_UNIT_WORDS = {
    "ms": "ms|msecs?|millis|milliseconds?|мс|миллисекунд(?:ы|ах)?",
    "s": "s|secs?|seconds?|с|сек|секунд(?:ы|ах)?|seg|segs|segundos?|sek|sekunden?|secondes?|secondi|seconden",
    "m": "m|mins?|minutes?|мин|минут(?:ы|ах)?|minutos?|minuten?|minuti|mn",
    "h": "h|hrs?|hours?|ч|час(?:ы|ов|ах)?|hs|horas?|std|stunden?|heures?|ore|uur|uren",
    "d": "d|days?|дн|дней|дни|дня|днях|сут|суток|сутки|сутках|d[ií]as?|tage?n?|jours?|giorni|dagen",
}
_UNTIL = "to|until|till|taken|needed|spent|for|до|на|para|hasta|até|ate|bis|avant|jusqu|pour"
"""What follows a unit that begins a header: "Days to resolve"."""
_PLACES: tuple[Callable[[str], str], ...] = (
    lambda unit: rf"[(\[](?:(?:in|в|em|en)\s+)?(?:{unit})\.?[)\]]",
    lambda unit: rf"(?<![^\s_])(?:in|в|em|en)[\s_]+(?:{unit})(?![^\s_,.(])",
    lambda unit: rf",\s*(?:{unit})\.?$",
    lambda unit: rf"_(?:{unit})$",
    lambda unit: rf"(?<!business)(?<!working)(?<!office)(?<!opening)(?<!calendar)[\s_](?:(?![a-zчдс]\b)(?:{unit}))$",
    lambda unit: rf"^(?:no\.? of |number of |# of |кол-во |количество )?(?![a-zчдс]\b)(?:{unit})\s(?:{_UNTIL})\b",
)


def header_unit(header: str) -> str | None:
    """The unit that a header names (ms, s, m, h, d) or None: ``(hrs)``, ``in minutes``, ``, ч``, ``InMin``, ``_s``."""
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header.strip()).lower()
    text = re.sub(r"[\s\u00a0\u202f]+", " ", text)
    text = re.sub(r"(?<=\w)\(s\)", "", text)  # "Ticket(s)" is a plural
    for place in _PLACES:
        for code, unit in _UNIT_WORDS.items():
            if re.search(place(unit), text):
                return code
    return None

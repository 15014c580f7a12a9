"""Ways of writing an instant: what each looks like, and how a column of it is read.

A ``Step`` turns a column of text into walls: the local date and time that is written there, and the offset from UTC
where one stands beside it. Steps are strict: a value that does not fit whole, or is no date of the calendar, is null.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

import polars as pl

from supportkpi.loaders.values._date_words import MONTHS, WEEKDAYS, offset_of

LOCAL = pl.Datetime("us")
FIRST, LAST = datetime(1990, 1, 1), datetime(2101, 1, 1)  # noqa: DTZ001  (walls have no zone)
"""Instants before or after are taken for misread numbers, never for tickets."""

_UNIX = datetime(1970, 1, 1)  # noqa: DTZ001

Order = Literal["dayfirst", "monthfirst"]


@dataclass(frozen=True, slots=True)
class Wall:
    """What stands in a column: ``local`` (Datetime us, no zone) and ``offset`` (seconds east of UTC, null if none)."""

    local: pl.Series
    offset: pl.Series | int | None  # an int holds for every value, None says that no value has one


class Step(Protocol):
    """One way of reading a column of text."""

    def read(self, values: pl.Series) -> Wall:
        """The walls of the values, null where they are written in another way."""


# --- notations -------------------------------------------------------------------------------------------------------

_ZONE = (
    r"(?:\s*\(?(?P<z>z|[+-]\d{1,2}(?::?\d{2})?|(?:utc|gmt)\s?[+-]\d{1,2}(?::?\d{2})?|[a-zа-я]{2,5})\)?"
    r"(?:\s?[\[(][^\])]*[\])])?)?"
)
_CLOCK = r"(?P<H>\d{1,2})[:.h](?P<M>\d{2})(?:[:.](?P<S>\d{2})(?:[.,](?P<f>\d{1,9}))?)?"
_HALF = r"(?:\s?(?P<p>[ap])\.?\s?m\.?)?(?:\s?uhr)?"
_GAP = r"(?:\s?t\s?|[\s,]+(?:(?:at|в|à|um|às|a las|las|el|-|–|—)\s+)?)"
_TIME = rf"(?:{_GAP}{_CLOCK}{_HALF}{_ZONE})?"
_ISO_TIME = rf"(?:(?:{_GAP}|:){_CLOCK}{_HALF}{_ZONE})?"
_DAY_NAME = r"(?:(?P<w>\p{L}+)\.?,?\s+(?:-\s+)?)?"
_WORD, _YEAR, _BETWEEN = r"(?P<word>\p{L}+)\.?", r"(?P<y>\d{4}|\d{2})", r"[\s\-/,.]*(?:del?\s+)?"


@dataclass(frozen=True, slots=True)
class Notation:
    """A pattern over lower-case text; its parts are y, m or word, d, or a and b in either order, then H M S f p z w."""

    name: str  # printed: "yyyy-mm-dd", "dd/mm/yyyy" with day and month as they were decided
    pattern: str
    numeric: bool = False  # day and month are both numbers, and either may come first
    mark: str = ""
    bare: bool = False  # nothing but digits


def _ymd(mark: str, middle: str = "m", last: str = "d") -> Notation:
    sign = re.escape(mark)
    pattern = rf"^{_DAY_NAME}(?P<y>\d{{4}}){sign}(?P<{middle}>\d{{1,2}}){sign}(?P<{last}>\d{{1,2}}){_ISO_TIME}$"
    return Notation(f"yyyy{mark}{2 * middle}{mark}{2 * last}", pattern, mark=mark)


def day_before_month(notation: Notation) -> Notation:
    """The notation of the same mark in which the day stands between the year and the month: 2026-31-01."""
    return _ymd(notation.mark, "d", "m")


def _numeric(mark: str) -> Notation:
    sign = re.escape(mark)
    pattern = rf"^{_DAY_NAME}(?P<a>\d{{1,2}}){sign}(?P<b>\d{{1,2}}){sign}{_YEAR}(?:\s?г(?:\.|ода)?)?{_TIME}$"
    return Notation(f"dd{mark}mm{mark}yyyy", pattern, numeric=True, mark=mark)


NOTATIONS = (
    _ymd("-"),
    _ymd("/"),
    _ymd("."),
    _numeric("/"),
    _numeric("."),
    _numeric("-"),
    Notation(
        "HH:MM:SS dd.mm.yyyy",
        rf"^{_CLOCK}{_HALF},?\s+(?P<a>\d{{1,2}})[./-](?P<b>\d{{1,2}})[./-]{_YEAR}(?:\s?г(?:\.|ода)?)?{_ZONE}$",
        numeric=True,
    ),
    Notation(
        "dd mmm yyyy",
        rf"^{_DAY_NAME}(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|º|ª)?{_BETWEEN}{_WORD}{_BETWEEN}{_YEAR}(?:\s?г(?:\.|ода)?)?{_TIME}$",
    ),
    Notation(
        "mmm dd, yyyy",
        rf"^{_DAY_NAME}{_WORD}[\s\-/]*(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:,\s*|[\s\-/]+){_YEAR}{_TIME}$",
    ),
    Notation("yyyy mmm dd", rf"^(?P<y>\d{{4}})[\s\-/.]+{_WORD}[\s\-/]+(?P<d>\d{{1,2}}){_TIME}$"),
    Notation(
        "mmm dd HH:MM:SS yyyy",
        rf"^{_DAY_NAME}{_WORD}\s+(?P<d>\d{{1,2}})\s+{_CLOCK}{_HALF}{_ZONE}\s+(?P<y>\d{{4}})$",
    ),
    Notation(
        "yyyymmdd",
        rf"^(?P<y>\d{{4}})(?P<m>\d{{2}})(?P<d>\d{{2}})(?:[t ]?(?P<H>\d{{2}})(?P<M>\d{{2}})(?P<S>\d{{2}})?{_ZONE})?$",
        bare=True,
    ),
)


def washed(values: pl.Expr) -> pl.Expr:
    """Text as the patterns want it: lower case, plain spaces, no marks of writing direction, no space around."""
    spaces = values.str.to_lowercase().str.replace_all(r"[\u{a0}\u{202f}\u{2009}\u{2007}]", " ")
    return spaces.str.replace_all(r"[\u{200e}\u{200f}\u{200b}\u{feff}]", "").str.strip_chars()


# --- steps -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Careful:
    """Reads a notation part by part: every time and every zone that may follow its date."""

    notation: Notation
    dayfirst: bool = True

    def read(self, values: pl.Series) -> Wall:
        """The walls of the values."""
        frame = values.alias("v").to_frame().select(washed(pl.col("v")).str.extract_groups(self.notation.pattern))
        parts = frame.unnest("v")
        offset = _offsets(parts["z"])
        parts = parts.select(**_whole(parts.columns, self.dayfirst)).with_columns(offset)
        walls = parts.with_columns(sound=_sound()).select(local=_local(), offset=pl.when("sound").then(offset.name))
        return Wall(walls["local"], None if walls["offset"].is_null().all() else walls["offset"])


def _whole(names: list[str], dayfirst: bool) -> dict[str, pl.Expr]:
    """The parts as whole numbers; a part that the notation lacks, or the value leaves out, is 0 or null."""
    number = {name: pl.col(name).cast(pl.Int64) for name in names if name in "ymdabHMS"}
    if "a" in names:
        number["d"], number["m"] = (number["a"], number["b"]) if dayfirst else (number["b"], number["a"])
    if "word" in names:
        number["m"] = pl.col("word").replace_strict(dict(MONTHS), default=None, return_dtype=pl.Int64)
    century = pl.when(pl.col("y").str.len_bytes() > 2).then(0).when(number["y"] < 69).then(2000).otherwise(1900)
    parts = {"y": number["y"] + century, "m": number["m"], "d": number["d"]}
    parts |= {name: number[name].fill_null(0) if name in number else pl.lit(0, pl.Int64) for name in "HMS"}
    micros = pl.col("f").str.pad_end(6, "0").str.head(6).cast(pl.Int64).fill_null(0) if "f" in names else pl.lit(0)
    half = pl.col("p") if "p" in names else pl.lit(None, pl.String)
    day_name = pl.col("w").is_in(WEEKDAYS).fill_null(True) if "w" in names else pl.lit(True)
    return parts | {"f": micros, "half": half, "named": day_name, "zoned": pl.col("z").is_not_null()}


def _sound() -> pl.Expr:
    """Whether the parts are a time that exists; the day is judged against its month later."""
    hours = pl.when(pl.col("half").is_null()).then(pl.col("H") <= 23).otherwise(pl.col("H").is_between(1, 12))
    in_range = pl.col("y").is_between(FIRST.year, LAST.year - 1) & pl.col("m").is_between(1, 12)
    zone = ~pl.col("zoned") | pl.col("offset").is_not_null()
    return in_range & hours & (pl.col("M") <= 59) & (pl.col("S") <= 59) & pl.col("named") & zone


def _local() -> pl.Expr:
    part = {name: pl.when("sound").then(name) for name in "ymd"}
    month = pl.date(part["y"], part["m"], 1)
    hour = pl.when(pl.col("half").is_null()).then("H").otherwise(pl.col("H") % 12 + 12 * (pl.col("half") == "p"))
    seconds = (((pl.col("d") - 1) * 24 + hour) * 60 + pl.col("M")) * 60 + pl.col("S")
    instant = (month.cast(LOCAL).cast(pl.Int64) + seconds * 1_000_000 + pl.col("f")).cast(LOCAL)
    return pl.when(part["d"].is_between(1, month.dt.month_end().dt.day())).then(instant)


def _offsets(zones: pl.Series) -> pl.Series:
    """Seconds east of UTC of zone texts; a column has few distinct ones, so each is read once."""
    known = {zone: offset_of(zone) for zone in zones.unique().drop_nulls()}
    return zones.replace_strict(known or {"": None}, default=None, return_dtype=pl.Int64).alias("offset")


@dataclass(frozen=True, slots=True)
class Fast:
    """Reads one exact layout: ``format`` over the first ``head`` characters (None: over all), then a zone."""

    format: str
    head: int | None = None

    def could(self, values: pl.Series) -> bool:
        """Whether it reads any of a few values, a zone behind them aside: quicker to know than what it reads."""
        return _stamp(values if self.head is None else values.str.head(self.head), self.format).count() > 0

    def read(self, values: pl.Series) -> Wall:
        """The walls of the values."""
        if self.head is None:
            return Wall(_within(_stamp(values, self.format)), None)
        tails = values.str.slice(self.head)
        first = tails.first(ignore_nulls=True)
        offset = offset_of(first) if isinstance(first, str) else None
        if offset is not None and (tails == first).all():  # one zone in the whole batch, as in nearly every file
            return Wall(_within(_stamp(values.str.head(self.head), self.format)), offset)
        offsets = _offsets(tails)
        local = _stamp(values.str.head(self.head), self.format)
        fits = offsets.is_not_null() & (values.str.len_chars() > self.head)
        return Wall(_within(local.set(~fits, None)), offsets)


@dataclass(frozen=True, slots=True)
class Given:
    """Reads a format that a person gave in strptime codes."""

    format: str

    def read(self, values: pl.Series) -> Wall:
        """The walls of the values; a format with ``%z`` is UTC already."""
        stamps = values.str.strip_chars().str.to_datetime(self.format, strict=False, time_unit="us", cache=False)
        if isinstance(stamps.dtype, pl.Datetime) and stamps.dtype.time_zone is not None:
            return Wall(_within(stamps.dt.convert_time_zone("UTC").dt.replace_time_zone(None)), 0)
        return Wall(_within(stamps), None)


@dataclass(frozen=True, slots=True)
class Counted:
    """Reads numbers that count time from an epoch: ``size`` microseconds a unit; Unix counts are UTC, Excel's local."""

    name: str
    size: float
    epoch: datetime
    utc: bool

    def read(self, values: pl.Series) -> Wall:
        """The walls of the values."""
        if values.dtype == pl.String:
            text = values.str.strip_chars().str.replace(",", ".", literal=True)
            plain = text.str.contains(r"^\d+(?:\.\d*)?$").fill_null(value=False)
            values = text.set(~plain, None)
        start = (self.epoch - _UNIX).days * 86_400_000_000
        grain = 1 if self.utc else 1_000  # a serial's binary fraction is off by less than a millisecond
        micros = (values.cast(pl.Float64, strict=False) * self.size / grain).round() * grain + start
        local = micros.cast(pl.Int64, strict=False).cast(LOCAL)
        return Wall(_within(local), 0 if self.utc else None)


_DAY = 86_400e6
COUNTS: Mapping[str, Counted] = {
    "unix": Counted("unix seconds", 1e6, _UNIX, utc=True),
    "unix-ms": Counted("unix milliseconds", 1e3, _UNIX, utc=True),
    "unix-us": Counted("unix microseconds", 1, _UNIX, utc=True),
    "unix-ns": Counted("unix nanoseconds", 1e-3, _UNIX, utc=True),
    "excel": Counted("Excel serial", _DAY, datetime(1899, 12, 30), utc=False),  # noqa: DTZ001
    "excel-1904": Counted("Excel serial (1904)", _DAY, datetime(1904, 1, 1), utc=False),  # noqa: DTZ001
}
"""Counted times by the name that a mapping or an option gives them; the 1904 epoch only by name."""


def _stamp(values: pl.Series, layout: str) -> pl.Series:
    return values.str.to_datetime(layout, strict=False, time_unit="us", cache=False)


def _within(local: pl.Series) -> pl.Series:
    outside = ~local.is_between(FIRST, LAST, closed="left")
    return local.set(outside, None) if outside.any() else local


# --- the fastest step for a column ------------------------------------------------------------------------------------

_CLOCKS = (" %H:%M:%S", " %H:%M", "", " %I:%M %p", " %I:%M:%S %p", " %I:%M%p", ", %H:%M", ", %H:%M:%S", ", %I:%M %p")
_ISO_HEADS = ((" %H:%M:%S", 19), ("T%H:%M:%S", 19), ("T%H:%M:%S%.3f", 23), (" %H:%M:%S%.3f", 23), ("T%H:%M:%S%.6f", 26),
              (" %H:%M:%S%.6f", 26), (" %H:%M", 16), ("T%H:%M", 16), ("", 10))  # fmt: skip


def fast_steps(notation: Notation, *, dayfirst: bool) -> list[Fast]:
    """Exact layouts of a notation that are worth trying on a sample."""
    if notation.numeric:
        one, two = ("%d", "%m") if dayfirst else ("%m", "%d")
        mark = notation.mark
        return [Fast(f"{one}{mark}{two}{mark}{year}{clock}") for year in ("%Y", "%y") for clock in _CLOCKS]
    if notation.name == "dd mmm yyyy":
        dates = [f"%d{mark}%B{mark}{year}" for mark in (" ", "/", "-") for year in ("%Y", "%y")]
        return [Fast(date + clock) for date in dates for clock in _CLOCKS[:5]]
    if notation.name == "mmm dd, yyyy":
        return [Fast("%B %d, %Y" + clock) for clock in _CLOCKS]
    if notation.name.startswith("yyyy") and notation.mark:
        middle, last = ("%m", "%d") if "mm" in notation.name[:7] else ("%d", "%m")
        date = f"%Y{notation.mark}{middle}{notation.mark}{last}"
        exact = [Fast(date + clock) for clock, _ in _ISO_HEADS] + [Fast(date + " %H:%M:%S%.f")]
        return exact + [Fast(date + clock, head) for clock, head in _ISO_HEADS if clock]
    return []

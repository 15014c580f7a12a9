"""Formats and zones as people name them: what an option, a mapping or a header says, and what is printed."""

from __future__ import annotations

import re
from datetime import datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import polars as pl

from supportkpi.errors import OptionWrong, ZoneUnknown
from supportkpi.loaders.values._date_notations import COUNTS, Careful, Given, Order, Step, Wall

_PRINTED = {
    "%Y": "yyyy", "%y": "yy", "%m": "mm", "%d": "dd", "%B": "mmm", "%H": "HH", "%I": "hh", "%M": "MM", "%S": "SS",
    "%p": "AM", "%.f": ".fff", "%.3f": ".fff", "%.6f": ".ffffff",
}  # fmt: skip
_CODES = {
    "yyyy": "%Y", "yy": "%y", "mmmm": "%B", "mmm": "%B", "mm": "%m", "dd": "%d", "HH": "%H", "hh": "%I", "MM": "%M",
    "SS": "%S", "AM": "%p", ".ffffff": "%.f", ".fff": "%.f", "+hh:mm": "%z",
}  # fmt: skip
_MONTHFIRST = {
    "dd/mm/yyyy": "mm/dd/yyyy", "dd.mm.yyyy": "mm.dd.yyyy", "dd-mm-yyyy": "mm-dd-yyyy",
    "HH:MM:SS dd.mm.yyyy": "HH:MM:SS mm.dd.yyyy",
}  # fmt: skip
_KNOWN = r"(?:[^%]|%(?:\.\d?f|[YymdBbHIMSpzTFDaAejR%]))*"


def shown(main: Careful, wall: Wall, layout: str | None) -> str:
    """A reading as it is printed: ``dd.mm.yyyy HH:MM``."""
    name = main.notation.name if main.dayfirst else _MONTHFIRST.get(main.notation.name, main.notation.name)
    if layout is None:
        timed = (wall.local.dt.time() != time(0)).any()
        text = name + (" HH:MM" if timed and "HH" not in name else "")
    else:
        text = re.sub(r"%\.?\d?\w", lambda code: _PRINTED.get(code[0], code[0]), layout)
    return text + ("" if wall.offset is None else "+hh:mm")


def step_named(text: str) -> Step:
    """The step of a format as a person gives it: strptime codes, a printed format, or the name of a count.

    Raises:
        OptionWrong: nobody knows such a format.
    """
    if text.lower() in COUNTS:
        return COUNTS[text.lower()]
    layout = text
    if "%" not in text:
        tokens = "|".join(map(re.escape, sorted(_CODES, key=len, reverse=True)))
        layout = re.sub(tokens, lambda token: _CODES[token[0]], text)
    layout = layout.replace(".%f", "%.f").replace("%-", "%")
    if "%" not in layout or not re.fullmatch(_KNOWN, layout) or not _readable(Given(layout)):
        hint = 'write strptime codes, for example "%d.%m.%Y %H:%M"'
        raise OptionWrong(f"the date format {text!r} cannot be read", hint=hint)
    return Given(layout)


def _readable(step: Given) -> bool:
    try:
        step.read(pl.Series(["x"]))
    except pl.exceptions.PolarsError:
        return False
    return True


def order_of(step: Step) -> Order | None:
    """The order that a given format states, None if day and month cannot be confused in it."""
    if not isinstance(step, Given):
        return None
    day, month, year = (max(map(step.format.find, codes)) for codes in (("%d", "%e"), ("%m",), ("%Y", "%y")))
    if min(day, month) < 0 or -1 < year < min(day, month):
        return None
    return "dayfirst" if day < month else "monthfirst"


def header_zone(header: str) -> str | None:
    """The zone that a header states: ``Created At (UTC)``, ``Start Date (GMT+3)``, ``Opened in Europe/Berlin``."""
    found = re.search(r"[(\[]\s*([A-Za-zА-Яа-я_]+(?:/[A-Za-z_\-/]+)?(?:\s?[+-]\d{1,2})?)\s*[)\]]\s*$", header)
    found = found or re.search(r"\bin ([A-Z][A-Za-z_]+/[A-Za-z_\-/]+)\s*$|[\s_](UTC|utc|GMT)\s*$", header)
    if found is None:
        return None
    text = next(part for part in found.groups() if part)
    if text.upper() in ("UTC", "GMT", "Z"):
        return "UTC"
    if text.upper() in ("MSK", "МСК"):
        return "Europe/Moscow"
    if fixed := re.fullmatch(r"(?:UTC|GMT)\s?([+-])0?(\d{1,2})", text, re.IGNORECASE):
        sign = "-" if fixed[1] == "+" else "+"  # the IANA names Etc/GMT-3 for three hours east
        return f"Etc/GMT{sign}{int(fixed[2])}" if 0 < int(fixed[2]) <= 12 else None
    return text if "/" in text and _exists(text) else None


def _exists(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def check_zone(zone: str) -> None:
    """Refuses a zone that nobody knows.

    Raises:
        ZoneUnknown: no time zone has that name.
    """
    if not _exists(zone):
        raise ZoneUnknown(f"no time zone is named {zone!r}", hint="name it like Europe/Moscow, America/New_York or UTC")
    probe = pl.Series([datetime(2026, 1, 1)])  # noqa: DTZ001
    try:
        probe.dt.replace_time_zone(zone)
    except pl.exceptions.ComputeError as error:
        hint = "name it like Europe/Moscow, America/New_York or UTC"
        raise ZoneUnknown(f"the time zone {zone!r} cannot be used for data", hint=hint) from error

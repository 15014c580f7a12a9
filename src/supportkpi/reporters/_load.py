"""Load on the page: one line by hour of the day, and in full the hours of the week with what was worked off in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from babel.dates import get_day_names

from supportkpi.report import Report, Series
from supportkpi.reporters._cells import COUNTS_BELOW
from supportkpi.reporters._page import Block, Column, Grid, Lines
from supportkpi.reporters._words import NOTHING, Words

BARS = "▁▂▃▄▅▆▇█"
_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HOURS = range(24)
_DAY, _LARGE = 24, 20
_NEEDED = frozenset({"weekday", "hour", "n", "exposure"})
Slots = Mapping[tuple[str, int], Mapping[str, float | None]]


def line(report: Report, words: Words) -> list[Lines]:
    """By hour, UTC 00 ▁▂█ 23, and of enough the busiest hour and day of the week; nothing where nothing came in."""
    slots = _slots(_named(report, "load"))
    rates = [_rate(slots, hour=at) for at in _HOURS]
    if not any(rates):
        return []
    _ = words.gettext
    label = _("By hour, {zone}").format(zone=report.method.timezone)
    drawn = f"00 {bars(rates)} 23"
    if sum(slot["n"] or 0.0 for slot in slots.values()) < COUNTS_BELOW:  # of a few any hour would be the busiest
        return [Lines(lines=((label, drawn),))]
    busiest = max(_HOURS, key=lambda hour: rates[hour] or 0.0)
    days = {name: _rate(slots, day=name) or 0.0 for name in _WEEK}
    day = max(days, key=lambda name: days[name])
    said = _("busiest {hour}:00; {day}, {n} a day").format(
        hour=f"{busiest:02}", day=_day_name(day, words), n=_text(days[day] * _DAY, words)
    )
    return [Lines(lines=((label, f"{drawn}   {said}"),))]


def bars(values: Sequence[float | None]) -> str:
    """One sign a value, its height by the greatest of them; a space where there is none, the lowest bar for nought."""
    top = max((value for value in values if value is not None), default=0.0)
    return "".join(" " if value is None else BARS[_step(value, top)] for value in values)


def _step(value: float, top: float) -> int:
    return min(len(BARS) - 1, int(value / top * len(BARS))) if top > 0 else 0


def heat(report: Report, words: Words) -> list[Block]:
    """The arrivals of an hour, a line an hour of the day and a column a day of the week."""
    slots = _slots(_named(report, "load"))
    if not any(slot["n"] for slot in slots.values()):
        return []
    _ = words.gettext
    title = _("Tickets created an hour, by hour of the week, {zone}").format(zone=report.method.timezone)
    return [_week(title, slots, words)]


def layers(report: Report, words: Words) -> list[Block]:
    """What was worked off by hour of the day beside what came in; and arrivals outside of working hours."""
    return [*_worked(report, words), *_off_hours(report, words)]


def _week(title: str, slots: Slots, words: Words) -> Grid:
    _ = words.gettext
    days = tuple(Column(title=_day_name(day, words, width="abbreviated")) for day in _WEEK)
    columns = (
        Column(title=_("hour"), align="left"),
        *days,
        Column(title=_("all"), tone="strong"),
        Column(title="", align="left"),
    )
    whole = {hour: _rate(slots, hour=hour) for hour in _HOURS}
    top = max((rate for rate in whole.values() if rate is not None), default=0.0)
    rows = []
    for hour in _HOURS:
        cells = [_per_hour(slots[day, hour]["n"], slots[day, hour]["exposure"], words) for day in _WEEK]
        rows.append((f"{hour:02}", *cells, _text(whole[hour], words), _bar(whole[hour], top)))
    every = [_rate(slots, day=name) for name in _WEEK]
    total = _rate(slots)
    rows.append((_("all"), *(_text(rate, words) for rate in every), _text(total, words), ""))
    return Grid(title=title, columns=columns, rows=tuple(rows), indent=2, stack=True)


def _worked(report: Report, words: Words) -> list[Block]:
    _ = words.gettext
    titles = {
        "load": _("created"),
        "load.replies": _("replies"),
        "load.solved": _("solved"),
        "load.agents": _("agents at work"),
    }
    shown = {name: _slots(found) for name in titles if (found := _named(report, name)) is not None}
    if len(shown) < len({"load", "load.solved"}):
        return []
    rows = [(f"{hour:02}", *(_text(_rate(slots, hour=hour), words) for slots in shown.values())) for hour in _HOURS]
    columns = (Column(title=_("hour"), align="left"), *(Column(title=titles[name]) for name in shown))
    title = _("What comes in and what is worked off, an hour, {zone}").format(zone=report.method.timezone)
    return [Grid(title=title, columns=columns, rows=tuple(rows), indent=2, stack=True)]


def _off_hours(report: Report, words: Words) -> list[Block]:
    found = next((series for series in report.series if series.id == "load.off_hours"), None)
    if found is None:
        return []
    _ = words.gettext
    names = {"inside": _("inside working hours"), "outside": _("outside working hours")}
    rows = []
    for point in found.points:
        cell = dict(zip(found.columns, point, strict=True))
        n, share, answered, median = (
            cell[name] for name in ("n", "share", "first_response_n", "first_response_median_s")
        )
        rows.append(
            (
                names.get(str(cell["working_hours"]), str(cell["working_hours"])),
                _whole(n, words),
                words.share(share) if isinstance(share, float | int) else NOTHING,
                words.duration(median) if isinstance(median, float | int) else NOTHING,
                _whole(answered, words),
            )
        )
    columns = (
        Column(title=_("created"), align="left"),
        Column(title=_("n")),
        Column(title=_("share")),
        Column(title=_("first response, 24/7, median"), tone="strong"),
        Column(title=_("n")),
    )
    title = _("When tickets come in, calendar {name}").format(name=report.method.calendar or "")
    return [Grid(title=title, columns=columns, rows=tuple(rows), indent=2, stack=True)]


def _named(report: Report, name: str) -> Series | None:
    return next((each for each in report.series if each.id == name and _NEEDED.issubset(each.columns)), None)


def _slots(series: Series | None) -> Slots:
    """The points of a series by weekday and hour."""
    found: dict[tuple[str, int], dict[str, float | None]] = {}
    for point in series.points if series is not None else ():
        cell = dict(zip(series.columns, point, strict=True)) if series is not None else {}
        numbers = {name: value if isinstance(value, float | int) else None for name, value in cell.items()}
        found[str(cell["weekday"]), int(numbers["hour"] or 0)] = numbers
    return found


def _rate(slots: Slots, *, day: str | None = None, hour: int | None = None) -> float | None:
    """How many an hour, in all or of one day or hour; None where the period has no such hours."""
    kept = [slot for (on, at), slot in slots.items() if day in (None, on) and hour in (None, at)]
    hours = sum(slot["exposure"] or 0.0 for slot in kept)
    return sum(slot["n"] or 0.0 for slot in kept) / hours if hours else None


def _per_hour(n: float | None, hours: float | None, words: Words) -> str:
    return _text(n / hours if n is not None and hours else None, words)


def _text(rate: float | None, words: Words) -> str:
    """A rate with as many digits as tell it from its neighbours: 0.17, 3.4, 94."""
    if rate is None:
        return NOTHING
    if rate == 0 or rate >= 1:
        return words.number(rate, 0 if rate == 0 or rate >= _LARGE else 1)
    return words.number(rate, next((digits for digits in (2, 3, 4) if round(rate, digits) > 0), 5))


def _whole(value: float | str | None, words: Words) -> str:
    return words.number(value) if isinstance(value, float | int) else NOTHING


def _bar(rate: float | None, top: float) -> str:
    """A bar of up to twelve blocks."""
    return "" if rate is None or top <= 0 else "█" * round(rate / top * 12)


def _day_name(day: str, words: Words, *, width: Literal["wide", "abbreviated"] = "wide") -> str:
    names = get_day_names(width, "stand-alone", locale=words.locale)
    return str(names[_WEEK.index(day)])

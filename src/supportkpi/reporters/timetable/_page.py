"""The page of a timetable: a line a week (or a day), the exceptions with their reasons, totals, worked examples."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from babel.dates import get_day_names

from supportkpi.reporters._layout import wrapped
from supportkpi.reporters._page import Column, Grid, Lines, Page
from supportkpi.reporters._words import NOTHING, Words
from supportkpi.reporters.receipt._spans import day as day_text
from supportkpi.reporters.receipt._spans import moment, span
from supportkpi.timetables import Day, Reason, Timetable


def page(found: Timetable, words: Words, *, full: bool = False, width: int | None = None) -> Page:
    """The whole page; ``full``: a line a day. ``width`` None: a document, whose lines are not wrapped."""
    _ = words.gettext
    rows = _by_day(found, words) if full else _by_week(found, words)
    columns = (
        Column(title=_("day") if full else _("week"), align="left"),
        Column(title=_("open"), align="left"),
        Column(title=_("hours")),
        Column(title=_("exceptions"), align="left", tail=True, tone="faint"),
    )
    lines = rows if width is None else (line for row in rows for line in _wrapped(row, width // 2))
    table = Grid(columns=columns, rows=tuple(lines))
    blocks = (table, Lines(lines=tuple(_foot(found, words))))
    first, *rest = _head(found, words)
    if width is None:
        return Page(title=_("Calendar {name}").format(name=found.name), head=(first, *rest), blocks=blocks)
    # a terminal's title is in capitals, and the name of a calendar is not
    return Page(title=_("Calendar"), head=((found.name, *first), *rest), blocks=blocks)


def _head(found: Timetable, words: Words) -> Iterator[tuple[str, ...]]:
    _ = words.gettext
    days = words.ngettext("{n} working day", "{n} working days", found.working_days)
    yield (
        words.days(found.start, found.end),
        days,
        _("{hours} open").format(hours=span(found.open_s, words)),
        found.timezone,
    )
    for since, hours in found.versions:
        if len(found.versions) > 1 or since is not None:
            start = _("from {day}").format(day=day_text(since, words, year=True)) if since is not None else _("before")
            yield start, hours or _("no weekly hours")
    if len(found.versions) == 1 and found.versions[0][0] is None:
        yield (found.versions[0][1] or _("no weekly hours"),)
    if found.country is not None:
        yield (_("public holidays: {country} ({source})").format(country=found.country, source=found.source),)
    if found.when:
        chosen = "; ".join(f"{name}: {', '.join(values)}" for name, values in found.when.items())
        yield (_("for tickets with {columns}").format(columns=chosen),)


def _wrapped(row: tuple[str, ...], room: int) -> Iterator[tuple[str, ...]]:
    """A row, and the rest of its hours below it."""
    first, *rest = wrapped(row[1], room)
    yield (row[0], first, row[2], "" if rest else row[3])
    for place, line in enumerate(rest, start=1):
        yield ("", line, "", row[3] if place == len(rest) else "")


# --- weeks and days --------------------------------------------------------------------------------------------------


def _by_week(found: Timetable, words: Words) -> Iterator[tuple[str, ...]]:
    for _, group in groupby(found.days, key=lambda each: each.day.isocalendar()[:2]):
        days = list(group)
        first, last = days[0].day, days[-1].day
        said = "; ".join(text for each in days if (text := exception(each, words)))
        yield words.days(first, last), _runs(days, words), _hours(sum(each.open_s for each in days), words), said


def _runs(days: Sequence[Day], words: Words) -> str:
    """``Mon–Fri 09:00-18:00; Sat 10:00-15:00``: days in a row with the same hours together."""
    names = get_day_names("abbreviated", locale=words.locale)
    parts = []
    for spans, group in groupby(days, key=lambda each: each.spans):
        run = list(group)
        if spans:
            ends = [names[each.day.weekday()] for each in (run[0], run[-1])]
            parts.append(f"{ends[0] if len(run) == 1 else '–'.join(ends)} {' '.join(spans)}")
    return "; ".join(parts) or words.gettext("closed")


def _by_day(found: Timetable, words: Words) -> Iterator[tuple[str, ...]]:
    for each in found.days:
        opened = " ".join(each.spans) or words.gettext("closed")
        hours = _hours(each.open_s, words)
        yield day_text(each.day, words, year=found.start.year != found.end.year), opened, hours, _told(each, words)


def _hours(seconds: float, words: Words) -> str:
    return span(seconds, words) if seconds else NOTHING


def exception(each: Day, words: Words) -> str:
    """``Mon 9 Mar closed: International Women's Day, moved from Sun 8 Mar``."""
    if not each.reasons:
        return ""
    opened = " ".join(each.spans) or words.gettext("closed")
    return f"{day_text(each.day, words)} {opened}: {_told(each, words)}"


def _told(each: Day, words: Words) -> str:
    return ", ".join(reason(why, words) for why in each.reasons)


def reason(why: Reason, words: Words) -> str:
    """Why a day is an exception."""
    _ = words.gettext
    day = "" if why.day is None else day_text(why.day, words)
    texts = {
        "day_off": _("day off by its date"),
        "holiday": why.name or _("public holiday"),
        "moved": _("{name}, moved from {day}") if why.name else _("day off moved from {day}"),
        "eve": _("{text} shorter before {name}") if why.name else _("{text} shorter before a holiday"),
        "worked": _("worked for {day}") if day else _("worked weekend day"),
        "special": _("special hours by its date") if why.text else _("closed by its date"),
        "break": _("break {text}"),
        "version": _("new hours from here on: {text}"),
    }
    text = texts[why.kind]
    return text if why.kind == "holiday" else text.format(name=why.name, day=day, text=why.text)


# --- foot ------------------------------------------------------------------------------------------------------------


def _foot(found: Timetable, words: Words) -> Iterator[tuple[str, str]]:
    _ = words.gettext
    label = _("due")
    for each in found.examples:
        start, due = (moment(at, found.timezone, words) for at in (each.start, each.due))
        yield label, _("{limit} from {start} is {due}").format(limit=each.limit, start=start, due=due)
        label = ""
    if found.country is not None:
        yield (
            _("freeze"),
            _("{option} writes these dates out for the settings; new lists of holidays then change nothing").format(
                option="--freeze"
            ),
        )

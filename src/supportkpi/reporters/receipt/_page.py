"""The page of a receipt: the story with a column for each clock, the sums, what the report counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from zoneinfo import ZoneInfo

from rich.cells import cell_len

from supportkpi.receipts import CLOSED, Effect, Entry, Receipt
from supportkpi.reporters._layout import visible, wrapped
from supportkpi.reporters._page import Block, Column, Grid, Lines, Page
from supportkpi.reporters._words import Words
from supportkpi.reporters.lists._records import link_of
from supportkpi.reporters.receipt._spans import day
from supportkpi.reporters.receipt._sums import Notes, numbered, sums
from supportkpi.reporters.receipt._told import marks, what, who
from supportkpi.reporters.receipt._whys import figures

_GAP, _LEAST, _MOST = 2, 24, 44
Row = tuple[str, ...]


def page(receipt: Receipt, words: Words, *, width: int | None = None) -> Page:
    """The whole page; ``width`` None: a document, whose lines are not wrapped."""
    _ = words.gettext
    notes = numbered(receipt)
    blocks: list[Block] = [_story(receipt, words, notes, width)] if receipt.entries else []
    blocks.append(Lines(lines=tuple(sums(receipt, words, notes))))
    shown = tuple(figures(receipt, words))
    if shown:
        blocks.append(Lines(title=_("In the report"), lines=shown))
    first, *rest = _head(receipt, words)
    if width is None or receipt.ticket == receipt.ticket.upper():
        title = _("Ticket {id}").format(id=receipt.ticket)
        return Page(title=title, head=(first, *rest), blocks=tuple(blocks))
    # a terminal's title is in capitals, and the id is not
    return Page(title=_("Ticket"), head=((receipt.ticket, *first), *rest), blocks=tuple(blocks))


# --- head ------------------------------------------------------------------------------------------------------------


def _head(receipt: Receipt, words: Words) -> Iterator[Row]:
    _ = words.gettext
    known = dict(receipt.columns)
    priority, status = known.pop("priority", None), known.pop("status", None)
    parts = [visible(value) for value in known.values()]
    if priority is not None:
        parts.append(_("priority {name}").format(name=_priority(receipt, priority, words)))
    if status is not None:
        parts.append(_("status {name}").format(name=status))
    yield tuple(parts) or (_("nothing is known of it but its events"),)
    link = link_of(receipt.ticket, receipt.links)
    if link is not None:
        yield (link,)
    if receipt.exclusion is not None:
        yield (_("excluded as {kind}: it counts nowhere").format(kind=receipt.exclusion),)
    zone = receipt.method.timezone
    clock = _("24/7 clock") if receipt.calendar is None else _("calendar {name}").format(name=receipt.calendar)
    hours = () if receipt.calendar is None or receipt.hours == receipt.calendar else (receipt.hours,)
    last = (
        (_("as of {instant}").format(instant=words.instant(receipt.observed_until, zone)),)
        if receipt.observed_until
        else ()
    )
    yield (clock, *hours, zone, *last)
    if receipt.is_wide:
        yield (_("a row a ticket: only its dates are known, not what happened in between"),)
    if not receipt.clocks and not receipt.missing and receipt.exclusion is None:
        yield (_("no service levels: --sla {option} shows the clocks").format(option='"first_response=4h"'),)


def _priority(receipt: Receipt, last: str, words: Words) -> str:
    """``normal, from Fri 6 Mar high``."""
    told = [entry for entry in receipt.entries if entry.kind == "priority" and entry.value is not None]
    if not told:
        return last
    zone = ZoneInfo(receipt.method.timezone)
    parts = [told[0].before or told[0].value or last]
    for entry in told if told[0].before else told[1:]:
        since = day(entry.at.astimezone(zone).date(), words)
        parts.append(words.gettext("from {day} {value}").format(day=since, value=entry.value))
    return ", ".join(parts)


# --- story -----------------------------------------------------------------------------------------------------------


def _story(receipt: Receipt, words: Words, notes: Notes, width: int | None) -> Grid:
    _ = words.gettext
    titles = {
        "first_response": _("first reply"),
        "next_response": _("next reply"),
        "resolution": _("resolution"),
        "update": _("news"),
        "escalation": _("escalation"),
    }
    marked = {mark.target for entry in receipt.entries for mark in entry.marks}
    targets = [name for name in titles if name in marked]
    rows = [_row(group, receipt, words, (targets, notes)) for group in _joined(receipt.entries)]
    rows = list(_dated(rows, receipt, words))
    columns = [
        Column(title=_("when, {zone}").format(zone=_city(receipt.method.timezone))),
        Column(title=_("what"), align="left"),
        Column(title=_("by"), align="left", tone="faint"),
        *(Column(title=titles[name], align="left", tone="strong") for name in targets),
    ]
    if width is None:
        return Grid(columns=tuple(columns), rows=tuple(cells for cells, _ in rows))
    return _fitted(columns, [cells for cells, _ in rows], width)


Joined = tuple[Entry, ...]


def _joined(entries: Sequence[Entry]) -> Iterator[Joined]:
    """Events of one instant and one author are one line."""

    def one(entry: Entry) -> tuple[object, ...]:
        return entry.at, entry.actor, entry.by, entry.kind == CLOSED, entry.kind in ("cause", "clock")

    for _, group in groupby(entries, key=one):
        yield tuple(group)


def _row(group: Joined, receipt: Receipt, words: Words, of: tuple[list[str], Notes]) -> tuple[Row, Joined]:
    targets, notes = of
    zone = receipt.method.timezone
    said = ", ".join(dict.fromkeys(text for entry in group if (text := what(entry, words, zone))))
    cells = []
    for target in targets:
        mine = [mark for entry in group for mark in entry.marks if mark.target == target]
        numbers = {
            place: notes[mark.target, mark.cycle, group[0].at]
            for place, mark in enumerate(mine)
            if mark.effect is Effect.moves or mark.why == "limit_stays"
        }
        cells.append(marks(mine, words, numbers))
    return ("", said, who(group[0], words), *cells), group


def _dated(rows: Sequence[tuple[Row, Joined]], receipt: Receipt, words: Words) -> Iterator[tuple[Row, Joined]]:
    """The rows with their local time, and the day where it is another than that of the row above."""
    zone, before, instant = ZoneInfo(receipt.method.timezone), None, None
    for cells, group in rows:
        local = group[0].at.astimezone(zone)
        time = "" if group[0].at == instant else f"{local:%H:%M:%S}"
        if local.date() != before:
            year = before is None or local.year != before.year
            time = f"{day(local.date(), words, year=year)} {local:%H:%M:%S}"
        before, instant = local.date(), group[0].at
        yield (time, *cells[1:]), group


def _city(zone: str) -> str:
    return zone.rpartition("/")[2].replace("_", " ")


# --- room ------------------------------------------------------------------------------------------------------------


def _fitted(columns: Sequence[Column], rows: Sequence[Row], width: int) -> Grid:
    """The table in its room: what happened is wrapped; too narrow for a column a clock, their marks stand behind."""
    widths = [
        max(cell_len(visible(cell)) for cell in [column.title, *(row[i] for row in rows)])
        for i, column in enumerate(columns)
    ]
    others = sum(each for i, each in enumerate(widths) if i != 1) + _GAP * (len(columns) - 1)
    room = min(width - others, _MOST)
    if room < min(widths[1], _LEAST) and len(columns) > 3:
        titles = [column.title for column in columns[3:]]
        rows = [(*row[:3], _beside(titles, row[3:])) for row in rows]
        columns = [*columns[:3], Column(title="", align="left", tail=True, tone="strong")]
        room = min(width - sum(widths[i] for i in (0, 2)) - 2 * _GAP, _MOST)
    return Grid(columns=tuple(columns), rows=tuple(line for row in rows for line in _lines(row, max(room, 12))))


def _beside(titles: Sequence[str], cells: Row) -> str:
    return "; ".join(f"{title} {cell}" for title, cell in zip(titles, cells, strict=True) if cell)


def _lines(row: Row, room: int) -> Iterator[Row]:
    """A row, and the rest of what happened below it."""
    first, *rest = wrapped(visible(row[1]), room)
    yield (row[0], first, *row[2:])
    for line in rest:
        yield ("", line, *("" for _ in row[2:]))

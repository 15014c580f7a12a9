"""In full: how many tickets were answered, and solved, within an hour, a day, a week."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from supportkpi.report import Report, Series
from supportkpi.reporters._cells import clock_words, title
from supportkpi.reporters._page import Block, Column, Grid
from supportkpi.reporters._words import NOTHING, Words

KIND = "survival"
_NEEDED = frozenset({"clock", "within_s", "share", "low", "high", "otherwise", "open"})
Cell = Mapping[str, float | int | str | None]


def curves(report: Report, words: Words) -> list[Block]:
    """A table for each clock of each curve: a line a time, what had become of the tickets by then."""
    found = [each for each in report.series if each.kind == KIND and _NEEDED.issubset(each.columns)]
    return [grid for series in found for grid in _grids(report, series, words)]


def _grids(report: Report, series: Series, words: Words) -> Iterator[Grid]:
    cells = [dict(zip(series.columns, point, strict=True)) for point in series.points]
    for clock in dict.fromkeys(str(cell["clock"]) for cell in cells):
        mine = [cell for cell in cells if cell["clock"] == clock]
        yield _grid(report, series.kpi, clock, mine, words)


def _grid(report: Report, kpi: str, clock: str, cells: Sequence[Cell], words: Words) -> Grid:
    _ = words.gettext
    answers = kpi == "first_response_time"
    columns = [
        Column(title=_("within"), align="left"),
        Column(title=_("answered") if answers else _("solved"), tone="strong"),
        Column(title=_("likely range")),
        Column(title=_("solved unanswered") if answers else _("closed unsolved")),
        Column(title=_("still open")),
    ]
    rows = [_line(cell, words, days=clock != "business") for cell in cells]
    kept = [at for at in range(len(columns)) if at != 3 or any(cell["otherwise"] for cell in cells)]
    named = ", ".join(part for part in (title(report, kpi), clock_words(report, clock, words)) if part)
    return Grid(
        title=_("{kpi}: how many within, open tickets included").format(kpi=named),
        columns=tuple(columns[at] for at in kept),
        rows=tuple(tuple(row[at] for at in kept) for row in rows),
        indent=2,
    )


def _line(cell: Cell, words: Words, *, days: bool) -> tuple[str, ...]:
    seconds, low, high = (_number(cell[name]) for name in ("within_s", "low", "high"))
    between = NOTHING
    if low is not None and high is not None:
        between = f"{words.number(low * 100)}–{words.share(high, 0)}"
    return (
        words.exact_duration(seconds or 0.0, days=days),
        _share(cell["share"], words),
        between,
        _share(cell["otherwise"], words),
        _share(cell["open"], words),
    )


def _share(value: float | int | str | None, words: Words) -> str:
    number = _number(value)
    return NOTHING if number is None else words.share(number, 0)


def _number(value: float | int | str | None) -> float | None:
    return float(value) if isinstance(value, float | int) else None

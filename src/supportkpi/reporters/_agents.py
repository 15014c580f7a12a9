"""The table of agents on the page: volume beside quality, every share with what it is made of, no ranks."""

from __future__ import annotations

from collections.abc import Mapping

from supportkpi.report import Report
from supportkpi.reporters._cells import COUNTS_BELOW
from supportkpi.reporters._page import Block, Column, Grid
from supportkpi.reporters._words import NOTHING, Words

_TOO_FEW = 5
Cells = Mapping[str, float | int | str | None]


def agents(report: Report, words: Words) -> list[Block]:
    """A line an agent, in the order of the report; nothing where the export names none."""
    series = next((series for series in report.series if series.kind == "agents"), None)
    if series is None:
        return []
    _ = words.gettext
    lines = [dict(zip(series.columns, point, strict=True)) for point in series.points]
    days = report.method.calendar is None
    made = {
        _("replies"): [_count(line, "replies", words) for line in lines],
        _("solved"): [_count(line, "solved", words) for line in lines],
        _("with high CSAT"): [_count(line, "solved_with_high_csat", words) for line in lines],
        _("active days"): [_count(line, "active_days", words) for line in lines],
        _("solved a day"): [_amount(line, "solved_per_active_day", words) for line in lines],
        _("FRT, median"): [_span(line, "first_response", words, days=days) for line in lines],
        _("RT, median"): [_span(line, "resolution", words, days=days) for line in lines],
        _("CSAT"): [_share(line, "csat_x", "csat_n", words) for line in lines],
        _("answered"): [_share(line, "surveys_answered", "surveys_offered", words) for line in lines],
        _("FCR"): [_share(line, "first_contact_resolution_x", "first_contact_resolution_n", words) for line in lines],
        _("reopened"): [_share(line, "reopened_x", "reopened_n", words) for line in lines],
        _("returned"): [_share(line, "returned_x", "returned_n", words) for line in lines],
        _("escalated"): [_share(line, "escalated_x", "escalated_n", words) for line in lines],
    }
    shown = {title: cells for title, cells in made.items() if any(cell != NOTHING for cell in cells)}
    return [
        Grid(
            title=_("Agents"),
            columns=(Column(title=_("agent"), align="left"), *(Column(title=title) for title in shown)),
            rows=tuple(
                (str(line["agent"]), *(cells[index] for cells in shown.values())) for index, line in enumerate(lines)
            ),
            indent=2,
            stack=True,
            notes=(_("In no order of merit: at such numbers most differences between agents are chance."),),
        )
    ]


def _number(line: Cells, name: str) -> float | int | None:
    value = line.get(name)
    return value if isinstance(value, float | int) else None


def _count(line: Cells, name: str, words: Words) -> str:
    value = _number(line, name)
    return NOTHING if value is None else words.number(value)


def _amount(line: Cells, name: str, words: Words) -> str:
    value = _number(line, name)
    return NOTHING if value is None else words.number(value, 0 if value == 0 else 1 if value >= 1 else 2)


def _span(line: Cells, kpi: str, words: Words, *, days: bool) -> str:
    """The median with its n; of fewer than five nothing but n."""
    value, n = _number(line, f"{kpi}_median_s"), _number(line, f"{kpi}_n")
    if value is None or not n:
        return NOTHING
    of = words.gettext("n {n}").format(n=words.number(n))
    return of if n < _TOO_FEW else f"{words.duration(value, days=days)} ({of})"


def _share(line: Cells, part: str, whole: str, words: Words) -> str:
    """87 of 100 (87 %); of fewer than twenty the counts alone."""
    x, n = _number(line, part), _number(line, whole)
    if x is None or not n:
        return NOTHING
    made_of = words.gettext("{part} of {whole}").format(part=words.number(x), whole=words.number(n))
    return made_of if n < COUNTS_BELOW else f"{words.share(x / n, 0)} ({made_of})"

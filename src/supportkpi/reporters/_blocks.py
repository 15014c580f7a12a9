"""The blocks of one screen: Speed, Once and for all, Satisfaction, Volume."""

from __future__ import annotations

from supportkpi.report import Report, Row, State
from supportkpi.reporters._cells import COUNTS_BELOW, basis, clock_words, few, likely, reason, remarks, title, value
from supportkpi.reporters._lines import Line, attributions, blocks
from supportkpi.reporters._page import Column, Grid
from supportkpi.reporters._words import NOTHING, Words

FAMILY = "kpis"
_OPEN_SAID_FROM = 0.01
"""From this share of unfinished tickets on, a duration has a line in which they count."""


def kpi_blocks(report: Report, words: Words, *, full: bool) -> list[Grid]:
    """A grid for every block that has something to show, service levels apart; ``full``: of all KPIs."""
    _ = words.gettext
    titles = {
        "speed": _("Speed"),
        "once": _("Once and for all"),
        "satisfaction": _("Satisfaction"),
        "volume": _("Volume"),
        "other": _("Other"),
    }
    make = {"speed": _speed}
    return [
        make.get(name, _values)(report, titles[name], found, words)
        for name, found in blocks(report, full=full).items()
        if name in titles
    ]


def label(report: Report, line: Line, *, several: bool, words: Words) -> str:
    """A line's name; its clock where the report has two, its attribution where the KPI has several."""
    dated = by_attribution(line.attribution, words) if several and line.attribution is not None else ""
    parts = (title(report, line.kpi), clock_words(report, line.clock, words), dated)
    return ", ".join(part for part in parts if part)


def by_attribution(attribution: str, words: Words) -> str:
    """What puts a ticket into the period."""
    _ = words.gettext
    known = {
        "created": _("by creation"),
        "solved": _("by solve"),
        "rated": _("by rating"),
        "handled": _("by handling"),
        "instant": _("at the end"),
    }
    return known.get(attribution, attribution)


def _speed(report: Report, heading: str, found: list[Line], words: Words) -> Grid:
    _ = words.gettext
    columns = (
        Column(title=heading, align="left"),
        Column(title=_("median"), tone="strong"),
        Column(title=_("p90")),
        Column(title=_("mean")),
        Column(title=_("n")),
        Column(title="", align="left", tail=True, tone="faint"),
    )
    several = attributions(found)
    rows: dict[str, list[tuple[str, ...]]] = {}
    for line in found:
        name = label(report, line, several=several[line.kpi] > 1, words=words)
        rows.setdefault(line.kpi, []).extend(_durations(line, name, words))
    said = tuple(row for of_kpi in rows.values() for row in _said_once(of_kpi))
    return Grid(columns=columns, rows=said, family=FAMILY, indent=2)


def _said_once(rows: list[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """The rows, each remark at its first place: the second clock of a KPI has the same ones."""
    first = {row[-1]: index for index, row in reversed(list(enumerate(rows)))}
    return tuple(row if first[row[-1]] == index else (*row[:-1], "") for index, row in enumerate(rows))


def _durations(line: Line, name: str, words: Words) -> list[tuple[str, ...]]:
    """One line, or two: with the unfinished tickets, and of the finished ones alone."""
    _ = words.gettext
    row = line.rows.get("median") or line.head
    if not line.shown or row.state is State.empty:
        said = _absent(line.head, words)
        return [(name, NOTHING, NOTHING, NOTHING, words.number(row.n) if line.shown else NOTHING, said)]
    p90, mean = line.rows.get("p90"), line.rows.get("mean")
    cells = (
        value(row, words),
        value(p90, words) if p90 is not None else NOTHING,
        value(mean, words) if mean is not None and not few(mean) else NOTHING,
        words.number(row.n),
    )
    said = ", ".join([*remarks(row, words), *_small(row, words)])
    whole = line.rows.get("km_median")
    n_open = max((each.n_open or 0 for each in line.rows.values()), default=0)
    if whole is None or not _matters(row.n, n_open):
        return [(name, *cells, said)]
    first = line.kpi in ("first_response_time", "next_response_time")
    finished = (_("{kpi}, answered only") if first else _("{kpi}, solved only")).format(kpi=name)
    return [_with_open(whole, row.n, n_open, name=name, words=words), (finished, *cells, _without_open(row, words))]


def _matters(n: int, n_open: int) -> bool:
    return n_open > 0 and n_open >= _OPEN_SAID_FROM * (n + n_open)


def _with_open(row: Row, n: int, n_open: int, *, name: str, words: Words) -> tuple[str, ...]:
    many = words.ngettext
    if row.value is None:
        said = many("not reached: {n} is unfinished", "not reached: {n} are unfinished", n_open)
    else:
        said = many("{n} open counts as unfinished", "{n} open count as unfinished", n_open)
    label = words.gettext("{kpi}, open incl.").format(kpi=name)
    return (label, value(row, words), NOTHING, NOTHING, words.number(n + n_open), said)


def _without_open(row: Row, words: Words) -> str:
    rest = [said for said in remarks(row, words) if said not in _open_remark(row, words)]
    return ", ".join([words.gettext("what most helpdesks show"), *rest, *_small(row, words)])


def _open_remark(row: Row, words: Words) -> list[str]:
    return remarks(row, words)[:1] if row.n_open else []


def _small(row: Row, words: Words) -> list[str]:
    if few(row):
        return [words.gettext("too few for more than a median")]
    return [words.gettext("too few for percentiles")] if row.n < COUNTS_BELOW else []


def _values(report: Report, heading: str, found: list[Line], words: Words) -> Grid:
    columns = (
        Column(title=heading, align="left"),
        Column(title=words.gettext("value"), tone="strong"),
        Column(title="", align="right"),
        Column(title=words.gettext("likely")),
        Column(title="", align="left", tail=True, tone="faint"),
    )
    several = attributions(found)
    rows = [_value_line(line, label(report, line, several=several[line.kpi] > 1, words=words), words) for line in found]
    return Grid(columns=columns, rows=_said_once(rows), family=FAMILY, indent=2)


def _value_line(line: Line, name: str, words: Words) -> tuple[str, ...]:
    row = line.head
    if not line.shown or row.state is State.empty:
        return (name, NOTHING, words.gettext("n {n}").format(n=0) if line.shown else "", "", _absent(row, words))
    said = [*_beside(line, words), *remarks(row, words), *(row.reason or ())]
    made_of = "" if value(row, words) == basis(row, words) and row.unit != "points" else basis(row, words)
    return (name, value(row, words), made_of, likely(row, words), ", ".join(said))


def _beside(line: Line, words: Words) -> list[str]:
    """Further statistics that a value wants beside it: days of work of a backlog, p90 of an age."""
    _ = words.gettext
    texts = {"days_of_work": _("{value} of work"), "p90": _("p90 {value}"), "per_month": _("{value} a month")}
    rows = [(line.rows[stat], text) for stat, text in texts.items() if stat in line.rows and line.head.stat != stat]
    said = [text.format(value=value(row, words)) for row, text in rows if value(row, words) != NOTHING]
    if line.head.unit == "points":
        said.append(_("promoters : passives : detractors"))
    return said


def _absent(row: Row, words: Words) -> str:
    if row.state is State.empty:
        return reason(row) or words.gettext("nothing to measure")
    if row.state is State.needs_answer:
        return words.gettext("needs an answer, below")
    return words.gettext("not in this file, below")

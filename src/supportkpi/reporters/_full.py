"""What ``--full`` adds: every statistic with its range and counts, the files, the definitions."""

from __future__ import annotations

from supportkpi.report import Definition, Report, Row, State
from supportkpi.reporters._agents import agents
from supportkpi.reporters._blocks import by_attribution
from supportkpi.reporters._breakdown import group_value
from supportkpi.reporters._cells import (
    clock_words,
    count_words,
    likely,
    reason,
    size,
    stat_title,
    title,
    value,
    verdict,
)
from supportkpi.reporters._curves import curves
from supportkpi.reporters._load import layers
from supportkpi.reporters._page import Block, Column, Grid, Lines
from supportkpi.reporters._words import NOTHING, Words

_UNSEEN = (State.not_observed, State.needs_answer)


def everything(report: Report, words: Words) -> list[Block]:
    """A table for every KPI that has rows, shares by time, load and agents, then the files and the definitions."""
    beside = [*curves(report, words), *layers(report, words), *agents(report, words)]
    return [*_statistics(report, words), *beside, *_files(report, words), *_definitions(report, words)]


def _statistics(report: Report, words: Words) -> list[Block]:
    """One table a KPI, attribution and set of dimensions; none where a KPI has nothing but reasons."""
    sets: dict[tuple[str, str | None, tuple[str, ...]], list[Row]] = {}
    for row in report.cells:
        sets.setdefault((row.kpi, row.attribution, tuple(row.group)), []).append(row)
    seen = [rows for rows in sets.values() if any(row.state not in _UNSEEN for row in rows)]
    return [_grid(report, rows, words) for rows in seen]


def _grid(report: Report, rows: list[Row], words: Words) -> Grid:
    _ = words.gettext
    columns = [
        Column(title=_("statistic"), align="left"),
        Column(title=_("clock"), align="left"),
        *(Column(title=name, align="left") for name in rows[0].group),
        Column(title=_("value"), tone="strong"),
        Column(title=_("n")),
        Column(title=_("likely range"), drop=2),
        Column(title=_("verdict"), align="left", tone="verdict", drop=1),
        Column(title=_("counts"), align="left", tail=True, tone="faint"),
    ]
    clocks = len({row.clock for row in rows}) > 1
    body, before = [], ""
    for row in rows:
        said = _said(row, words)
        body.append((*_cells(row, words, clocks=clocks), said if said != before else ""))
        before = said
    kept = [index for index, column in enumerate(columns) if column.tail or any(line[index] for line in body)]
    return Grid(
        title=_heading(report, rows[0], words, clocks=clocks),
        columns=tuple(columns[index] for index in kept),
        rows=tuple(tuple(line[index] for index in kept) for line in body),
        indent=2,
    )


def _heading(report: Report, row: Row, words: Words, *, clocks: bool) -> str:
    clock = "" if clocks else clock_words(report, row.clock, words)
    dated = by_attribution(row.attribution, words) if row.attribution is not None else ""
    grouped = words.gettext("by {dimensions}").format(dimensions=", ".join(row.group)) if row.group else ""
    return ", ".join(part for part in (title(report, row.kpi), clock, dated, grouped) if part)


def _cells(row: Row, words: Words, *, clocks: bool) -> tuple[str, ...]:
    names = {"calendar": words.gettext("24/7"), "business": words.gettext("business")}
    wanted = words.target(row.target, row.unit, days=row.clock != "business") if row.target is not None else ""
    return (
        stat_title(row.stat, words),
        names[row.clock] if clocks and row.clock is not None else "",
        *(group_value(part, words) for part in row.group.values()),
        value(row, words),
        words.number(size(row)),
        likely(row, words) or NOTHING,
        f"{wanted} {verdict(row, words)}".strip(),
    )


def _said(row: Row, words: Words) -> str:
    parts = [words.ngettext("{n} open", "{n} open", row.n_open)] if row.n_open else []
    parts += [count_words(name, count, words) for name, count in row.counts.items() if count != 0]
    parts += [words.gettext("the export's own figures")] if row.basis == "given" else []
    return ", ".join(part for part in (*parts, reason(row)) if part)


def _files(report: Report, words: Words) -> list[Block]:
    entries: list[tuple[str, str]] = []
    for source in report.inputs:
        zone = words.gettext("times in {zone}").format(zone=source.zone)
        rows = words.ngettext("{n} row", "{n} rows", source.rows)
        entries.append((source.path, ", ".join((source.title, rows, source.encoding, zone))))
        entries += [("", note) for note in source.notes]
    return [Lines(title=words.gettext("Files"), lines=tuple(entries))] if entries else []


def _definitions(report: Report, words: Words) -> list[Block]:
    wanted = dict.fromkeys(row.kpi for row in report.cells)
    known = report.method.definitions
    entries = tuple(entry for kpi in wanted if kpi in known for entry in _definition(report, known[kpi]))
    return [Lines(title=words.gettext("Definitions"), lines=entries)] if entries else []


def _definition(report: Report, definition: Definition) -> list[tuple[str, str]]:
    texts = [definition.definition, definition.why, *definition.caveats]
    return [(title(report, definition.kpi) if i == 0 else "", text) for i, text in enumerate(texts) if text]

"""What ``--full`` adds: every statistic with its range and counts, the files, the definitions."""

from __future__ import annotations

from supportkpi.report import Definition, Report, Row, State
from supportkpi.reporters._blocks import by_attribution
from supportkpi.reporters._breakdown import group_value
from supportkpi.reporters._cells import count_words, likely, reason, size, stat_title, title, value, verdict
from supportkpi.reporters._page import Block, Column, Grid, Lines
from supportkpi.reporters._words import NOTHING, Words


def everything(report: Report, words: Words) -> list[Block]:
    """A table for every KPI that has rows, then the files and the definitions."""
    return [*_statistics(report, words), *_files(report, words), *_definitions(report, words)]


def _statistics(report: Report, words: Words) -> list[Block]:
    by_kpi: dict[tuple[str, str | None], list[Row]] = {}
    for row in report.cells:
        if row.state not in (State.not_observed, State.needs_answer):
            by_kpi.setdefault((row.kpi, row.attribution), []).append(row)
    return [_grid(report, kpi, rows, words) for (kpi, _), rows in by_kpi.items()]


def _grid(report: Report, kpi: str, rows: list[Row], words: Words) -> Grid:
    _ = words.gettext
    dated = by_attribution(rows[0].attribution, words) if rows[0].attribution is not None else ""
    columns = (
        Column(title=_("statistic"), align="left"),
        Column(title=_("clock"), align="left"),
        Column(title=_("group"), align="left"),
        Column(title=_("value"), tone="strong"),
        Column(title=_("n")),
        Column(title=_("likely range"), drop=2),
        Column(title=_("verdict"), align="left", tone="verdict", drop=1),
        Column(title=_("counts"), align="left", tail=True, tone="faint"),
    )
    body, before = [], ""
    for row in rows:
        said = _said(row, words)
        body.append((*_cells(row, words), said if said != before else ""))
        before = said
    kept = [index for index, column in enumerate(columns) if column.tail or any(line[index] for line in body)]
    return Grid(
        title=", ".join(part for part in (title(report, kpi), dated) if part),
        columns=tuple(columns[index] for index in kept),
        rows=tuple(tuple(line[index] for index in kept) for line in body),
        indent=2,
    )


def _cells(row: Row, words: Words) -> tuple[str, ...]:
    clocks = {"calendar": words.gettext("24/7"), "business": words.gettext("business")}
    group = ", ".join(f"{name} {group_value(part, words)}" for name, part in row.group.items())
    wanted = words.target(row.target, row.unit, days=row.clock != "business") if row.target is not None else ""
    return (
        stat_title(row.stat, words),
        clocks[row.clock] if row.clock is not None else "",
        group,
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

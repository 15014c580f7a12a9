"""The breakdowns: for each ``by`` a table with the total first, then one line a group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from supportkpi.report import Report, Row, State
from supportkpi.reporters._cells import clock_words, mark, short, size, stat_title, value
from supportkpi.reporters._lines import Line, lines, on_screen
from supportkpi.reporters._page import Column, Grid
from supportkpi.reporters._service import by_rule
from supportkpi.reporters._words import NOTHING, Words

SCREEN_GROUPS = 20
_COUNTED_UNITS = ("s", "ratio", "points", "score", "days")
"""Units whose values rest on an n of their own; a count of tickets is its own n."""
Group = tuple[tuple[str, str | None], ...]
Key = tuple[str, str, str | None]  # kpi, stat, clock
Rows = Mapping[Key, Row]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Measure:
    """One measure of a breakdown: a column of values, with n beside it and room for the verdict's sign where needed."""

    key: Key
    title: str
    with_n: bool
    marked: bool


def breakdowns(report: Report, words: Words, *, full: bool) -> list[Grid]:
    """A grid for every set of dimensions that the report was broken down by."""
    sets: dict[tuple[str, ...], dict[Group, dict[Key, Row]]] = {}
    chosen = on_screen(report)
    for row in report.cells:
        if not row.group or by_rule(row):
            continue
        if row.state is not State.not_observed and (full or row.kpi in chosen):
            rows = sets.setdefault(tuple(row.group), {}).setdefault(tuple(row.group.items()), {})
            rows.setdefault((row.kpi, row.stat, row.clock), row)
    told = [{group: rows for group, rows in groups.items() if not _is_nobody(group, rows)} for groups in sets.values()]
    return [_grid(report, groups, words=words, full=full) for groups in told if groups]


def _is_nobody(group: Group, rows: Rows) -> bool:
    """Whether a line without a value would say nothing: what has no month because it was not solved in any."""
    return any(label is None for _, label in group) and not any(row.n or row.n_open for row in rows.values())


def _grid(report: Report, groups: Mapping[Group, Rows], *, words: Words, full: bool) -> Grid:
    totals: Rows = {(row.kpi, row.stat, row.clock): row for row in reversed(report.cells) if not row.group}
    names = [name for name, _ in next(iter(groups))]
    measures = _measures(report, groups, words)
    kept = list(groups) if full else _largest(groups)
    columns = [Column(title=name, align="left") for name in names]
    for measure in measures:
        columns.append(Column(title=measure.title))
        columns += [Column(title=words.gettext("n"), tone="faint")] if measure.with_n else []
    everything = [words.gettext("all"), *[""] * (len(names) - 1)]
    body = [(*everything, *_texts(totals, measures, words))]
    body += [(*_labels(group, words), *_texts(groups[group], measures, words)) for group in kept]
    return Grid(
        title=words.gettext("By {dimensions}").format(dimensions=", ".join(names)),
        columns=tuple(columns),
        rows=tuple(body),
        stack=True,
        keys=len(names),
        notes=() if len(kept) == len(groups) else (_left_out(len(kept), len(groups), words),),
    )


def _left_out(shown: int, there: int, words: Words) -> str:
    text = words.gettext("the {shown} largest of {there}; all with --full")
    return text.format(shown=words.number(shown), there=words.number(there))


def _largest(groups: Mapping[Group, Rows]) -> list[Group]:
    """The groups that rest on most, in their own order."""
    size = {group: max(row.n for row in rows.values()) for group, rows in groups.items()}
    largest = set(sorted(size, key=lambda group: -size[group])[:SCREEN_GROUPS])
    return [group for group in groups if group in largest]


def _measures(report: Report, groups: Mapping[Group, Rows], words: Words) -> list[_Measure]:
    """What is shown of each KPI and clock: see ``_stats``; only what any group has."""
    found: dict[Key, _Measure] = {}
    for line in lines(report):
        for stat in _stats(line, groups.values()) if line.shown else ():
            key = (line.kpi, stat, line.clock)
            rows = [group for group in groups.values() if key in group]
            if rows and key not in found:
                found[key] = _Measure(
                    key=key,
                    title=_title(report, key, words),
                    with_n=line.rows[stat].unit in _COUNTED_UNITS,
                    marked=any(_mark(group, key, words) for group in rows),
                )
    return list(found.values())


def _stats(line: Line, groups: Iterable[Rows]) -> list[str]:
    """The statistics to show: with a target on a median the one that it is judged on, else the usual; other targets."""
    every = [line.rows, *({key[1]: row for key, row in group.items() if _of(line, key)} for group in groups)]
    judged = {stat for rows in every for stat, row in rows.items() if row.target is not None}
    unfinished = any(row.n_open for row in line.rows.values())
    usual = "km_median" if unfinished and "km_median" in line.rows and "resolution" in line.kpi else line.head.stat
    if judged & {"median", "km_median"}:  # a group without unfinished tickets is judged on the plain median
        usual = "km_median" if "km_median" in judged else "median"
    return [usual, *(stat for stat in line.rows if stat in judged - {usual, "median", "km_median"})]


def _of(line: Line, key: Key) -> bool:
    return (key[0], key[2]) == (line.kpi, line.clock)


def _mark(rows: Rows, key: Key, words: Words) -> str:
    """The verdict's sign; where nothing is unfinished the two medians are one, and either may carry it."""
    row = rows.get(key)
    plain = rows.get((key[0], "median", key[2])) if key[1] == "km_median" else None
    if row is not None and row.target is None and plain is not None and not plain.n_open:
        row = plain
    return mark(row, words) if row is not None else ""


def _title(report: Report, key: Key, words: Words) -> str:
    kpi, stat, clock = key
    parts = [short(report, kpi)]
    if stat != "value":
        parts.append(words.gettext("open incl.") if stat == "km_median" else stat_title(stat, words))
    return " ".join([*parts, clock_words(report, clock, words)]).strip()


def _texts(rows: Rows, measures: list[_Measure], words: Words) -> list[str]:
    texts: list[str] = []
    for measure in measures:
        row = rows.get(measure.key)
        sign = f" {_mark(rows, measure.key, words)}".ljust(2) if measure.marked else ""
        texts.append((NOTHING if row is None else value(row, words)) + sign)
        if measure.with_n:
            texts.append(NOTHING if row is None else words.number(size(row)))
    return texts


def _labels(group: Group, words: Words) -> list[str]:
    return [group_value(part, words) for _, part in group]


def group_value(value: str | None, words: Words) -> str:
    """A group's value, and words where there is nothing to see."""
    if value is None:
        return words.gettext("(no value)")
    return value if value.strip() else words.gettext("(blank)")

"""The scorecard: every KPI that has a target, in total, with what it was, how sure that is, and the verdict."""

from __future__ import annotations

from dataclasses import replace

from supportkpi.report import Report, Row, State
from supportkpi.reporters._cells import (
    clock_words,
    coarse,
    exact,
    few,
    likely,
    reason,
    short,
    size,
    stat_title,
    title,
    too_coarse,
    value,
    verdict,
)
from supportkpi.reporters._page import Column, Grid
from supportkpi.reporters._words import NOTHING, Words, each


def judged(report: Report) -> list[Row]:
    """Totals that are held against a target."""
    return [row for row in report.cells if row.target is not None and not row.group]


def sentence(report: Report, words: Words) -> str:
    """How many targets are met: of those that could be judged, and how many could not."""
    rows = judged(report)
    decided = [row for row in rows if verdict(row, words)[:1] in ("✓", "✗")]
    met = sum(row.verdict == "met" for row in decided)
    many = words.ngettext
    said = many("{met} of {n} target met.", "{met} of {n} targets met.", len(decided), met=words.number(met))
    rest = len(rows) - len(decided)
    unjudged = many("{n} target cannot be judged.", "{n} targets cannot be judged.", rest)
    return " ".join([*([said] if decided else []), *([unjudged] if rest else [])])


def scorecard(report: Report, words: Words) -> Grid | None:
    """KPI, target, actual, n, likely range, verdict; in documents also description, period and certainty.

    A target on a KPI that the export cannot show has its reason behind the verdict. None without targets.
    """
    rows = judged(report)
    if not rows:
        return None
    _ = words.gettext
    columns = (
        Column(title=_("KPI"), align="left"),
        Column(title=_("description"), align="left", only="document"),
        Column(title=_("target")),
        Column(title=_("actual"), tone="strong"),
        Column(title=_("period"), align="left", only="document"),
        Column(title=_("n"), drop=2),
        Column(title=_("likely range"), drop=1),
        Column(title=_("verdict"), align="left", tone="verdict"),
        Column(title=_("certainty"), align="left", only="document"),
        Column(title="", align="left", tail=True, tone="faint"),
    )
    return Grid(
        columns=columns,
        rows=tuple(_line(report, row, words) for row in rows),
        notes=_unsure([row for row in rows if verdict(row, words).endswith("?")], words),
    )


def _unsure(rows: list[Row], words: Words) -> tuple[str, ...]:
    """What the question mark behind a verdict means."""
    _ = words.gettext
    if not rows:
        return ()
    chance = [row for row in rows if not coarse(row)]
    exact_enough = len(chance) == len(rows)
    notes = []
    if chance and all(likely(row, words) for row in chance):
        notes.append(_("? the target lies within the likely range: chance could explain the verdict"))
    elif chance:
        notes.append(_("? the target lies within the likely range, or there is none: chance could explain the verdict"))
    return (*notes, *(() if exact_enough else (too_coarse(words),)))


def _line(report: Report, row: Row, words: Words) -> tuple[str, ...]:
    definition, row = report.method.definitions.get(row.kpi), _of_one(row)
    seen = row.state not in (State.not_observed, State.needs_answer)
    return (
        name(report, row, words),
        definition.definition if definition is not None else "",
        words.target(row.target, row.unit, days=row.clock != "business") if row.target is not None else NOTHING,
        words.per(value(row, words), row.target.per if row.target is not None and row.value is not None else None),
        period(row, words),
        words.number(size(row)) if seen else NOTHING,
        (likely(row, words) if not few(row) else "") or NOTHING,
        verdict(row, words),
        _certainty(row, words),
        reason(row),
    )


def _of_one(row: Row) -> Row:
    """The row of one month, where the target is for each month: what both say is then told in the same terms."""
    target = row.target
    if target is None or target.per is None or not target.periods:
        return row
    value, low, high = (None if end is None else end / target.periods for end in (row.value, row.low, row.high))
    return replace(row, value=value, low=low, high=high, target=replace(each(target), periods=None))


def _certainty(row: Row, words: Words) -> str:
    """Whether chance could explain the verdict; nothing where there is none, or where nothing was left to chance."""
    _ = words.gettext
    if verdict(row, words)[:1] not in ("✓", "✗") or exact(row):
        return NOTHING
    return _("uncertain") if row.certainty == "uncertain" else _("sure")


def name(report: Report, row: Row, words: Words) -> str:
    """FRT, median; with the clock where it is not the one that the report names at its head."""
    definition = report.method.definitions.get(row.kpi)
    main = definition is not None and len(title(report, row.kpi)) <= 24 and row.unit != "s"
    parts = [title(report, row.kpi) if main else short(report, row.kpi)]
    if row.stat != "value":
        parts.append(stat_title(row.stat, words))
    parts.append(clock_words(report, row.clock, words))
    return ", ".join(part for part in parts if part)


def period(row: Row, words: Words) -> str:
    """The row's period by its label."""
    return words.gettext("whole file") if row.period in ("", "all") else row.period

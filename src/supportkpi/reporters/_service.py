"""Service levels on the page: a table for each limit, a line a rule and all in the end, with what bounds the share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from supportkpi.report import Agreement, Promise, Report, Row, State
from supportkpi.reporters._cells import PERCENTILES_FROM, coarse, likely, short, too_coarse, value, verdict
from supportkpi.reporters._lines import Line, block_of, blocks, lines, on_screen
from supportkpi.reporters._page import Block, Column, Grid, Lines
from supportkpi.reporters._words import NOTHING, Words, share_digits
from supportkpi.sla import Limit

BLOCK = "service"
FAMILY = "sla"
RULE = "rule"
_OPTION = '--sla "first_response=4h"'
_ALWAYS = {None, "24x7"}
_WIDE, _NARROW = 0.02, 0.001
_COUNTED = ("met", "breached_closed", "breached_open")
_UNDECIDED = ("running", "paused")


def service(report: Report, words: Words, *, full: bool) -> list[Block]:
    """A table for every limit that was judged; a line that says how to have one, where none was."""
    found = [line for line in blocks(report, full=full).get(BLOCK, []) if line.shown]
    if found:
        return [_grid(report, line, words) for line in found]
    asked = any(block_of(line) == BLOCK and line.kpi in on_screen(report) for line in lines(report))
    if report.method.sla is not None or not asked:
        return []
    text = words.gettext("not judged: no targets given or in the file.  {option}").format(option=_OPTION)
    return [Lines(lines=((words.gettext("SLA"), text),))]


def is_said(report: Report, row: Row, *, full: bool) -> bool:
    """Whether a missing row of a service level is told by its own block, or by the agreement that has no such limit."""
    if not row.kpi.startswith("sla_") or full:
        return False
    known = report.method.sla
    if known is not None:
        return row.kpi != "sla_all" and row.kpi not in {promise.kpi for promise in known.promises}
    return not any(line.shown for line in lines(report) if block_of(line) == BLOCK)


def by_rule(row: Row) -> bool:
    """Whether a row stands in the table of its limit."""
    return tuple(row.group) == (RULE,) and row.kpi.startswith("sla_")


def versions(report: Report, words: Words) -> list[str]:
    """``SLA 2026-01-01 (office)``: versions by their dates, calendars of their clocks; of the export, its own."""
    _ = words.gettext
    known = report.method.sla
    if known is None:
        own = any(line.shown for line in lines(report) if block_of(line) == BLOCK)
        return [_("SLA of the export")] if own else []
    dated = [label or (_("from the start") if len(known.versions) > 1 else "") for label in known.versions]
    hours = dict.fromkeys(_hours(promise.calendar, words) for promise in known.promises)
    named = " ".join(part for part in (_("SLA"), ", ".join(label for label in dated if label)) if part)
    return [f"{named} ({', '.join(hours)})"]


def any_late(report: Report) -> bool:
    """Whether a clock on the page was missed by an agreement: then there are tickets to look at."""
    late = ("breached_closed", "breached_open")
    return report.method.sla is not None and any(
        line.head.counts.get(name) for line in lines(report) if block_of(line) == BLOCK for name in late
    )


def _hours(calendar: str | None, words: Words) -> str:
    return words.gettext("24/7") if calendar in _ALWAYS else str(calendar)


# --- one limit -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Level:
    """One line of the table: a rule or all, its row, and what was promised."""

    label: str
    row: Row | None  # None: no ticket fits the rule
    promises: Sequence[Promise]

    @property
    def goal(self) -> float | None:
        """The share that is wanted of it."""
        if self.row is None:
            return self.promises[-1].goal
        return self.row.target.value if self.row.target is not None else None

    def verdict(self, words: Words) -> str:
        """Whether the goal is met."""
        if self.row is None:
            return words.gettext("– no data") if self.goal is not None else ""
        return verdict(self.row, words)


def _grid(report: Report, line: Line, words: Words) -> Grid:
    levels = _levels(report, line, words)
    columns = _columns(short(report, line.kpi), words)
    clocks = {_hours(promise.calendar, words) for level in levels for promise in level.promises}
    rows = [_cells(level, words, named=len(clocks) > 1) for level in levels]
    kept = [place for place, column in enumerate(columns) if _is_kept(place, column, rows)]
    return Grid(
        columns=tuple(columns[place] for place in kept),
        rows=tuple(tuple(row[place] for place in kept) for row in rows),
        family=FAMILY,
        indent=2,
        notes=tuple(_notes(report, line, levels, words)),
    )


def _columns(name: str, words: Words) -> tuple[Column, ...]:
    _ = words.gettext
    return (
        Column(title=name, align="left"),
        Column(title=_("target")),
        Column(title=_("goal")),
        Column(title=_("met"), drop=2),
        Column(title=_("late"), drop=3),
        Column(title=_("open late"), drop=4),
        Column(title=_("in SLA"), tone="strong"),
        Column(title=_("likely range"), drop=1),
        Column(title=_("verdict"), align="left", tone="verdict"),
    )


def _is_kept(place: int, column: Column, rows: Sequence[tuple[str, ...]]) -> bool:
    """Counts are always there; targets, goals, ranges and verdicts where any line has one."""
    return column.drop in (2, 3, 4) or any(row[place] not in ("", NOTHING) for row in rows)


def _levels(report: Report, line: Line, words: Words) -> list[_Level]:
    """The rules in their order, then all; one rule for all tickets is all."""
    known = report.method.sla
    promised = _promised(known, line.kpi)
    rows = {
        row.group[RULE] or "": row
        for row in report.cells
        if row.kpi == line.kpi and row.stat == line.head.stat and by_rule(row) and row.group[RULE] is not None
    }
    everything = words.gettext("all")
    if len(rows) == 1 and promised.keys() <= rows.keys() and not line.head.counts.get("no_target"):
        ((name, row),) = rows.items()
        one = row if line.head.target is None else line.head
        return [_Level(label=everything, row=one, promises=promised.get(name, ()))]
    names = dict.fromkeys([*promised, *rows])
    found = [_Level(label=name, row=rows.get(name), promises=promised.get(name, ())) for name in names]
    return [*found, _Level(label=everything, row=line.head, promises=())]


def _promised(known: Agreement | None, kpi: str) -> Mapping[str, Sequence[Promise]]:
    found: dict[str, list[Promise]] = {}
    for promise in known.promises if known is not None else ():
        if promise.kpi == kpi:
            found.setdefault(promise.rule, []).append(promise)
    return found


def _cells(level: _Level, words: Words, *, named: bool) -> tuple[str, ...]:
    row = level.row
    goal = words.share(level.goal, 0) if level.goal is not None else ""
    return (
        level.label,
        _limits(level.promises, words, named=named),
        goal,
        *(_count(row, name, words) for name in _COUNTED),
        value(row, words) if row is not None else NOTHING,
        (likely(row, words) if row is not None else "") or NOTHING,
        level.verdict(words),
    )


def _count(row: Row | None, name: str, words: Words) -> str:
    """How many clocks ended so; a dash for none that is open and late, which is as it should be."""
    n = row.counts.get(name) if row is not None else None
    return NOTHING if n is None or (n == 0 and name == _COUNTED[-1]) else words.number(n)


def _limits(promises: Iterable[Promise], words: Words, *, named: bool) -> str:
    """The limit of a rule, with its calendar where rules have several; of versions that differ one after the other."""
    each = ((limit(promise.limit, words), _hours(promise.calendar, words)) for promise in promises)
    return " → ".join(dict.fromkeys(f"{text} {hours}" if named else text for text, hours in each))


def limit(asked: Limit, words: Words) -> str:
    """4h, 15m–30m, 3bd, end of week."""
    _ = words.gettext
    if asked.deadline is not None:
        ends = {"end_of_day": _("end of day"), "end_of_week": _("end of week"), "end_of_month": _("end of month")}
        end = ends[asked.deadline]
        return _("{end} after {n}bd").format(end=end, n=asked.days) if asked.days else end
    if asked.seconds is None:
        return _("{n}bd").format(n=asked.days)
    text = words.exact_duration(asked.seconds, days=False)
    return text if asked.good_s is None else f"{words.exact_duration(asked.good_s, days=False)}–{text}"


# --- what bounds the share -------------------------------------------------------------------------------------------


def _notes(report: Report, line: Line, levels: Sequence[_Level], words: Words) -> Iterable[str]:
    """By how much the late ones are late, what is open, set aside or without a limit; what a doubtful verdict means."""
    said = [*_late(report, line, words), *_running(line, words), *_external(line, words), *_outside(line, words)]
    if said:
        yield " · ".join(said)
    if said := [*_good(report, line, levels, words), *_rigid(line, words)]:
        yield " · ".join(said)
    unsure = [level.row for level in levels if level.row is not None and level.verdict(words).endswith("?")]
    if any(not coarse(row) for row in unsure):
        yield words.gettext("? the goal lies within the likely range: chance could explain the verdict")
    if any(coarse(row) for row in unsure):
        yield too_coarse(words)


def _late(report: Report, line: Line, words: Words) -> list[str]:
    """Late by: median 1h 29m, p90 12h 16m."""
    _ = words.gettext
    median, p90 = line.rows.get("late_median"), line.rows.get("late_p90")
    if median is None or median.value is None:
        return []
    known = report.method.sla
    promises = known.promises if known is not None else ()
    own = [promise for promise in promises if promise.kpi == line.kpi]  # of all limits together none
    hours = {promise.calendar for promise in own or promises}
    days = hours <= _ALWAYS
    clock = "calendar" if days else "business"
    parts = [_("median {value}").format(value=words.duration(median.value, days=days))]
    if p90 is not None and p90.n >= PERCENTILES_FROM:
        tail = value(replace(p90, stat="p90", clock=clock), words)  # type: ignore[arg-type]
        parts += [_("p90 {value}").format(value=tail)] if tail != NOTHING else []
    return [_("late by: {values}").format(values=", ".join(parts))]


def _running(line: Line, words: Words) -> list[str]:
    """66 clocks still run: 83–91 %: what the share becomes if all of them are missed, or all met."""
    n = sum(line.head.counts.get(name, 0) for name in _UNDECIDED)
    rows = (line.rows.get(name) for name in ("pessimistic", "optimistic"))
    ends = [row.value for row in rows if row is not None and row.value is not None]
    if not n or len(ends) != 2:
        return []
    gap = ends[1] - ends[0]
    least = 0 if gap >= _WIDE else 1 if gap >= _NARROW else 2  # so that the two ends can be told apart
    digits = max(share_digits(end, least) for end in ends)
    span = words.percent_sign("–".join(words.number(Decimal(repr(end)) * 100, digits) for end in ends))
    return [words.ngettext("{n} clock still runs: {span}", "{n} clocks still run: {span}", n, span=span)]


def _good(report: Report, line: Line, levels: Sequence[_Level], words: Words) -> list[str]:
    """Urgent: 31 % within 15m: the share at the better end of a range, which is shown and not judged."""
    _ = words.gettext
    shown = {tuple(row.group.items()): row for row in report.cells if row.kpi == line.kpi and row.stat == "good"}
    said = []
    for level in levels:
        ends = dict.fromkeys(p.limit.good_s for p in level.promises if p.limit.good_s is not None)
        row = shown.get(tuple(level.row.group.items())) if level.row is not None and len(ends) == 1 else None
        if row is not None and row.value is not None:
            end = words.exact_duration(next(iter(ends)), days=False)
            said.append(
                _("{rule}: {share} within {limit}").format(rule=level.label, share=value(row, words), limit=end)
            )
    return said


def _rigid(line: Line, words: Words) -> list[str]:
    """What the share would be if no limit went by load (method 7.6: both are always shown)."""
    row = line.rows.get("rigid")
    if row is None or row.value is None:
        return []
    return [words.gettext("without limits by load {share}").format(share=value(row, words))]


def _external(line: Line, words: Words) -> list[str]:
    """Both figures where agreed causes are set aside (method 2.8, sla-08)."""
    n, whole = line.head.counts.get("external", 0), line.rows.get("with_external")
    if not n or whole is None or whole.state not in (State.ok, State.too_few):
        return []
    share = value(whole, words)
    return [
        words.ngettext(
            "{n} set aside for an external cause; with it {share}",
            "{n} set aside for external causes; with them {share}",
            n,
            share=share,
        )
    ]


def _outside(line: Line, words: Words) -> list[str]:
    counts, many = line.head.counts, words.ngettext
    said = [many("{n} without a limit", "{n} without a limit", n)] if (n := counts.get("no_target", 0)) else []
    if n := counts.get("uncertain", 0):
        close = "{n} nearer to its limit than the file tells", "{n} nearer to their limit than the file tells"
        said.append(many(*close, n))
    return [*said, *([words.gettext("the export's own figures")] if line.head.basis == "given" else [])]

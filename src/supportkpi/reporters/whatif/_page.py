"""The page of what-if: each target's rules under every scenario, then limits swept, limits to promise, months."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from supportkpi.metrics import catalogue
from supportkpi.report import Row
from supportkpi.reporters._head import period
from supportkpi.reporters._page import Block, Column, Grid, Lines, Page
from supportkpi.reporters._words import NOTHING, Words
from supportkpi.reporters.whatif._labels import labels, told_of
from supportkpi.reporters.whatif._limits import solve_blocks, sweep_blocks
from supportkpi.reporters.whatif._months import month_blocks
from supportkpi.sla import Timed
from supportkpi.whatifs import Change, Scenario, WhatIf

RULE = "rule"
_NAMED = 5


def page(found: WhatIf, words: Words) -> Page:
    """The whole page."""
    _ = words.gettext
    rules = found.method
    first = [period(rules, words), rules.timezone]
    if rules.as_of is not None:
        first.append(_("as of {instant}").format(instant=words.instant(rules.as_of, rules.timezone)))
    head = [tuple(first)]
    if rules.where:
        head.append((_("only {filters}").format(filters=", ".join(rules.where)),))
    head.append((_("The past judged again under other service levels. It says what was, and forecasts nothing."),))
    known = labels(found, words)
    head.append((_("Held against {name}.").format(name=known[found.base.name]),))
    head += [(f"{label}: {name}",) for name, label in known.items() if label != name]
    told = told_of(found)
    blocks: list[Block] = [block for timed in told for block in _target(found, timed, words)]
    blocks += _same_as_before(found, told, words)
    blocks += [*sweep_blocks(found, words), *solve_blocks(found, words), *month_blocks(found, words)]
    if found.notes:
        blocks.append(
            Lines(lines=tuple((_("Note") if not place else "", text) for place, text in enumerate(found.notes)))
        )
    return Page(title=_("What if"), head=tuple(head), blocks=tuple(blocks))


def _same_as_before(found: WhatIf, told: tuple[Timed, ...], words: Words) -> Iterator[Block]:
    """The targets that no scenario changes, in a line."""
    said = []
    for timed in found.targets:
        row = found.base.row(timed, {}) if timed not in told and len(found.scenarios) > 1 else None
        if row is not None and row.value is not None:
            share = words.share(row.value, 1, row.target)
            said.append(f"{title(timed, words)} {share} (n {words.number(row.n)})")
    if said:
        yield Lines(lines=((words.gettext("Unchanged"), " · ".join(said)),))


def title(timed: Timed, words: Words) -> str:
    """The name of a target's KPI."""
    return words.gettext(catalogue()[f"sla_{timed}"].title)


def _target(found: WhatIf, timed: Timed, words: Words) -> Iterator[Block]:
    """One table by rule with the total, then one of each other breakdown that says something else."""
    rows = [row for row in found.base.rows if row.kpi == f"sla_{timed}"]
    dims = list(dict.fromkeys(tuple(row.group) for scenario in found.scenarios for row in scenario.rows))
    yield _grid(found, timed, (RULE,), words, named=title(timed, words), total=True, notes=_turned(found, timed, words))
    for names in dims:
        if names not in ((), (RULE,)) and not _same(rows, names) and len(_groups(found, timed, names)) > 1:
            by = words.gettext("{target}, by {dimension}").format(
                target=title(timed, words), dimension=", ".join(names)
            )
            yield _grid(found, timed, names, words, named=by)


def _same(rows: list[Row], names: tuple[str, ...]) -> bool:
    """Whether a breakdown by priority would only say again what the rules say, which choose by it."""
    if names != ("priority",):
        return False
    parts = [sorted((row.n, row.x or 0) for row in rows if tuple(row.group) == dims) for dims in ((RULE,), names)]
    return parts[0] == parts[1]


def _grid(
    found: WhatIf,
    timed: Timed,
    dims: tuple[str, ...],
    words: Words,
    *,
    named: str,
    total: bool = False,
    notes: tuple[str, ...] = (),
) -> Grid:
    """A line a group and scenario."""
    _ = words.gettext
    hours = dims == (RULE,) and _calendars_differ(found, timed)
    columns = (
        Column(title=", ".join(dims), align="left"),
        Column(title=_("scenario"), align="left"),
        *((Column(title=_("limit")),) if dims == (RULE,) else ()),
        *((Column(title=_("hours"), align="left", drop=1),) if hours else ()),
        Column(title=_("n"), drop=3),
        Column(title=_("in time"), tone="strong"),
        Column(title=_("change"), drop=2),
        *((Column(title=_("goal")),) if dims == (RULE,) else ()),
        Column(title=_("+late")),
        Column(title=_("+met")),
        Column(title="", align="left", tail=True, tone="faint"),
    )
    lines = [line for group in _groups(found, timed, dims) for line in _lines(found, timed, group, words, hours=hours)]
    if total:
        lines += [
            (_("all"), *rest) if first == "" and not place else (first, *rest)
            for place, (first, *rest) in enumerate(_lines(found, timed, {}, words, hours=hours))
        ]
    kept = [
        place for place, column in enumerate(columns) if column.title not in _turns_of(words) or _says(lines, place)
    ]
    return Grid(
        title=named,
        columns=tuple(columns[place] for place in kept),
        rows=tuple(tuple(line[place] for place in kept) for line in lines),
        notes=notes,
    )


def _turns_of(words: Words) -> tuple[str, ...]:
    return words.gettext("change"), words.gettext("+late"), words.gettext("+met")


def _says(lines: list[tuple[str, ...]], place: int) -> bool:
    """Whether any line has a number in a column."""
    return any(line[place] not in ("", NOTHING) for line in lines)


def _groups(found: WhatIf, timed: Timed, dims: tuple[str, ...]) -> list[Mapping[str, str | None]]:
    """The groups of a breakdown in the order of BASE, those that only others have behind; rules without clocks, too."""
    groups: dict[tuple[str | None, ...], Mapping[str, str | None]] = {}
    clocks: dict[tuple[str | None, ...], int] = {}
    for scenario in found.scenarios:
        for row in scenario.rows:
            if row.kpi == f"sla_{timed}" and tuple(row.group) == dims:
                place = tuple(row.group.values())
                groups.setdefault(place, row.group)
                clocks[place] = clocks.get(place, 0) + row.n + (row.n_open or 0)
    return [group for place, group in groups.items() if clocks[place] or dims == (RULE,)]


def _lines(
    found: WhatIf, timed: Timed, group: Mapping[str, str | None], words: Words, *, hours: bool
) -> Iterator[tuple[str, ...]]:
    names = [label if label is not None else words.gettext("none of these") for label in group.values()]
    shown = labels(found, words)
    for place, scenario in enumerate(found.scenarios):
        row = scenario.row(timed, group)
        change = found.change(scenario.name, timed, group)
        first = " / ".join(names) if not place else ""
        by_rule = not group or tuple(group) == (RULE,)
        limits = _limit(scenario, timed, group if row else {}, words, hours=hours) if by_rule else ()
        yield (first, shown[scenario.name], *limits, *_figures(row, change, words, by_rule=bool(limits)))


def _calendars_differ(found: WhatIf, timed: Timed) -> bool:
    return len({term.calendar for each in found.scenarios for term in each.terms if term.target == timed}) > 1


def _limit(
    scenario: Scenario, timed: Timed, group: Mapping[str, str | None], words: Words, *, hours: bool
) -> tuple[str, ...]:
    """The limit of a rule, and on whose hours its clock runs, where that is not the same everywhere."""
    term = scenario.term(group[RULE], timed) if group else None
    limit = (term.limit if term is not None else NOTHING) if group else ""
    calendar = "" if term is None else words.gettext("24/7") if term.calendar in (None, "24x7") else term.calendar
    return (limit, calendar or "") if hours else (limit,)


def _figures(row: Row | None, change: Change | None, words: Words, *, by_rule: bool) -> tuple[str, ...]:
    goal = _goal(row, words)
    late, met = (_count(n, words) if change is not None else "" for n in _turns(change))
    value = NOTHING if row is None or row.value is None else words.share(row.value, 1, row.target)
    return (
        words.number(row.n) if row is not None else NOTHING,
        value,
        _delta(change, words),
        *((goal,) if by_rule else ()),
        late,
        met,
        _remark(row, change, words),
    )


def _turns(change: Change | None) -> tuple[int, int]:
    return (0, 0) if change is None else (change.newly_breached, change.newly_met)


def _count(n: int, words: Words) -> str:
    return words.number(n) if n else NOTHING


def _goal(row: Row | None, words: Words) -> str:
    """``95 % ✗``."""
    if row is None or row.target is None:
        return ""
    sign = {"met": "✓", "missed": "✗"}.get(row.verdict or "", " ")
    percent = row.target.value * 100
    return f"{words.percent_sign(words.number(percent, 0 if round(percent, 6) == round(percent) else 1))} {sign}"


def _delta(change: Change | None, words: Words) -> str:
    if change is None:
        return ""
    if change.delta is None:
        return NOTHING
    if change.delta == 0:
        return "="
    digits = 1 if abs(change.delta) >= 0.0005 else 2
    return words.gettext("{points} pp").format(points=words.number(change.delta * 100, digits, sign=True))


def _remark(row: Row | None, change: Change | None, words: Words) -> str:
    """What the share leaves out: clocks that still run, and tickets that have a limit in one of the two only."""
    many, said = words.ngettext, []
    if row is not None and row.n_open:
        said.append(many("{n} still runs", "{n} still run", row.n_open))
    if change is not None and change.newly_judged:
        said.append(many("{n} has a limit now", "{n} have a limit now", change.newly_judged))
    if change is not None and change.no_longer_judged:
        said.append(many("{n} has none any more", "{n} have none any more", change.no_longer_judged))
    if change is not None and change.undecided:
        said.append(many("{n} is no longer late, and open", "{n} are no longer late, and open", change.undecided))
    return ", ".join(said)


def _turned(found: WhatIf, timed: Timed, words: Words) -> tuple[str, ...]:
    """Who is newly late, the longest first, and newly met."""
    said = []
    for scenario in found.scenarios[1:]:
        change = found.change(scenario.name, timed, {})
        if change is None:
            continue
        for n, tickets, text in (
            (change.newly_breached, change.breached, words.gettext("newly late under {name}: {tickets}")),
            (change.newly_met, change.met, words.gettext("newly met under {name}: {tickets}")),
        ):
            if tickets:
                said.append(text.format(name=labels(found, words)[scenario.name], tickets=_ids(tickets, n, words)))
    if said:
        said.append(words.gettext("every one of them: --changed FILE.csv"))
    return tuple(said)


def _ids(tickets: tuple[str, ...], n: int, words: Words) -> str:
    shown = ", ".join(f"#{ticket}" for ticket in tickets[:_NAMED])
    return shown if n <= _NAMED else words.gettext("{tickets} … of {n}").format(tickets=shown, n=words.number(n))

"""Limits over the same clocks: the share met at each, and the one that a share would have met."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from supportkpi.metrics import catalogue
from supportkpi.reporters._page import Block, Column, Grid
from supportkpi.reporters._words import NOTHING, Words
from supportkpi.sla import Timed
from supportkpi.whatifs import Crossing, Scenario, Solve, Sweep, WhatIf

RULE = "rule"
_EVERY = "24x7"


def sweep_blocks(found: WhatIf, words: Words) -> Iterator[Block]:
    """A table a sweep: its limits beside one another, the present one in brackets."""
    for sweep in found.sweeps:
        yield _sweep(sweep, words)
    for crossing in found.crossings:
        yield _crossing(crossing, words)


def _sweep(sweep: Sweep, words: Words) -> Grid:
    _ = words.gettext
    columns = [Column(title=f"[{point.limit}]" if point.is_present else point.limit) for point in sweep.points]
    shares = [NOTHING if point.value is None else words.share(point.value) for point in sweep.points]
    kpi = words.gettext(catalogue()[f"sla_{sweep.target}"].title)
    ns = [point.n for point in sweep.points]
    n = words.number(max(ns)) if ns else "0"
    running = max((point.n_open for point in sweep.points), default=0)
    notes = [_("The limit in brackets is the present one.")] if any(point.is_present for point in sweep.points) else []
    if running:
        notes.append(
            words.ngettext(
                "{n} clock still runs: it counts where it is over the limit.",
                "up to {n} clocks still run: they count where they are over the limit.",
                running,
            )
        )
    return Grid(
        title=_("{target}: {rule}, share met at each limit (n {n})").format(target=kpi, rule=sweep.rule, n=n),
        columns=(Column(title=_("limit"), align="left"), *columns),
        rows=((_("in time"), *shares), (_("more by"), *_gains(sweep, words))),
        stack=True,
        notes=tuple(notes),
    )


def _crossing(crossing: Crossing, words: Words) -> Grid:
    """A line a limit of the first rule, a column a limit of the second."""
    _ = words.gettext
    first, second = crossing.rules

    def named(limits: tuple[str, ...], present: int) -> list[str]:
        return [f"[{text}]" if place == present else text for place, text in enumerate(limits)]

    rows, columns = named(crossing.rows, crossing.present[0]), named(crossing.columns, crossing.present[1])
    shares = [
        [words.share(x / n) if n else NOTHING for n, x in zip(ns, xs, strict=True)]
        for ns, xs in zip(crossing.n, crossing.x, strict=True)
    ]
    kpi = _(catalogue()[f"sla_{crossing.target}"].title)
    return Grid(
        title=_("{target}, all tickets: {first} down, {second} across").format(target=kpi, first=first, second=second),
        columns=(Column(title=first, align="left"), *(Column(title=text) for text in columns)),
        rows=tuple((name, *line) for name, line in zip(rows, shares, strict=True)),
        stack=True,
        notes=(_("The limits in brackets are the present ones."),),
    )


def _gains(sweep: Sweep, words: Words) -> Iterator[str]:
    """By how many points each limit is met more than the one before it."""
    before: float | None = None
    for point in sweep.points:
        if before is None or point.value is None:
            yield ""
        else:
            yield words.gettext("{points} pp").format(points=words.number((point.value - before) * 100, 1))
        before = point.value


def solve_blocks(found: WhatIf, words: Words) -> Iterator[Block]:
    """A table a target and share: what would have been met by it, and what is safe to promise."""
    for timed, share in dict.fromkeys((each.target, each.share) for each in found.solves):
        mine = [each for each in found.solves if (each.target, each.share) == (timed, share)]
        months = [each for each in mine if found.per is not None and tuple(each.group) == (found.per,)]
        shown = [each for each in mine if each not in months]
        yield _solve(found, (timed, share), shown, months, words)


def _solve(found: WhatIf, asked: tuple[Timed, float], shown: list[Solve], months: list[Solve], words: Words) -> Grid:
    (timed, share), _ = asked, words.gettext
    percent = words.percent_sign(words.number(share * 100, 0 if round(share * 100, 6) == round(share * 100) else 1))
    columns = (
        Column(title=_("tickets"), align="left"),
        Column(title=_("n"), drop=1),
        Column(title=_("{share} would have been met by").format(share=percent), tone="strong"),
        Column(title=_("likely at most")),
        Column(title=_("safe to promise"), tone="strong"),
        Column(title="", align="left", tail=True, tone="faint"),
    )
    kpi = words.gettext(catalogue()[f"sla_{timed}"].title)
    rows = tuple(_solved(found.base, timed, each, words) for each in shown)
    return Grid(
        title=_("{target}: which limit {share} would have met").format(target=kpi, share=percent),
        columns=columns,
        rows=rows,
        notes=(
            *_every(found, percent, shown, months, words),
            _("Safe to promise: the upper end of the interval, up to the next round step. {hours}").format(
                hours=_hours(found.base, timed, words)
            ),
        ),
    )


def _solved(base: Scenario, timed: Timed, each: Solve, words: Words) -> tuple[str, ...]:
    days = on_the_clock(base, timed, each.group)
    seconds = NOTHING if each.seconds is None else words.duration(each.seconds, days=days)
    high = NOTHING if each.high is None else words.duration(each.high, days=days)
    safe = NOTHING if each.safe_s is None else words.exact_duration(each.safe_s, days=False)
    running = words.ngettext("{n} still runs", "{n} still run", each.n_open) if each.n_open else ""
    remark = ", ".join(part for part in (each.reason, running) if part)
    return (_named(each.group, words), words.number(each.n), seconds, high, safe, remark)


def _named(group: Mapping[str, str | None], words: Words) -> str:
    if not group:
        return words.gettext("all")
    names = [label if label is not None else words.gettext("none of these") for label in group.values()]
    return " / ".join(names) if tuple(group) == (RULE,) else f"{', '.join(group)} {' / '.join(names)}"


def on_the_clock(base: Scenario, timed: Timed, group: Mapping[str, str | None]) -> bool:
    """Whether the clocks of a group run around the clock, so that a day of them has 24 hours."""
    terms = [term for term in base.terms if term.target == timed]
    mine = [term for term in terms if term.rule == group.get(RULE)] or terms
    return all(term.calendar in (None, "24x7") for term in mine)


def _hours(base: Scenario, timed: Timed, words: Words) -> str:
    names = {term.calendar or _EVERY for term in base.terms if term.target == timed}
    if names <= {_EVERY}:
        return words.gettext("Every hour counts.")
    if len(names) == 1:
        return words.gettext("Hours are those of {calendar}.").format(calendar=names.pop())
    return words.gettext("Each rule counts its own hours.")


def _every(found: WhatIf, percent: str, shown: list[Solve], months: list[Solve], words: Words) -> Iterator[str]:
    """What it would take in every month, which is more than all months together need."""
    whole = next((each for each in shown if not each.group), None)
    known = [each for each in months if each.seconds is not None]
    if whole is None or whole.seconds is None or not known or found.per is None:
        return
    hardest = max(known, key=lambda each: each.seconds or 0.0)
    assert hardest.seconds is not None  # noqa: S101 - only such are known
    days = on_the_clock(found.base, whole.target, {})
    yield words.gettext("{share} in every {per} would have needed {worst} ({label}); all together {pooled}.").format(
        share=percent,
        per=found.per,
        worst=words.duration(hardest.seconds, days=days),
        label=hardest.group[found.per],
        pooled=words.duration(whole.seconds, days=days),
    )

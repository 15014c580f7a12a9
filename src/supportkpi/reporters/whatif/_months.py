"""Contracts are judged by month: the share of each, how many were kept, what may still be missed, what is paid back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from supportkpi.decisions import Credits
from supportkpi.metrics import catalogue
from supportkpi.report import RowTarget
from supportkpi.reporters._page import Block, Column, Grid
from supportkpi.reporters._words import MONEY, NOTHING, Words
from supportkpi.reporters.whatif._labels import labels, told_of
from supportkpi.sla import Timed
from supportkpi.whatifs import Run, Stretch, WhatIf

RULE = "rule"


def month_blocks(found: WhatIf, words: Words) -> Iterator[Block]:
    """A table a target: a line a scenario and rule, what they come to, then every stretch."""
    told = told_of(found) if len(found.scenarios) > 1 else found.targets
    for timed in dict.fromkeys(run.target for run in found.runs if run.target in told):
        mine = [run for run in found.runs if run.target == timed and _says(run)]
        if mine:
            yield _grid(found, timed, mine, words)


def _says(run: Run) -> bool:
    return bool(run.stretches) and run.group.get(RULE, "") is not None


def _grid(found: WhatIf, timed: Timed, mine: list[Run], words: Words) -> Grid:
    _ = words.gettext
    stretches = sorted({each.label for run in mine for each in run.stretches})
    paid = any(run.credit is not None for run in mine)
    groups = list(dict.fromkeys(run.group.get(RULE) or "" for run in mine))
    columns = (
        Column(title=_("rule"), align="left"),
        Column(title=_("scenario"), align="left"),
        Column(title=_("goal")),
        Column(title=_("all")),
        Column(title=_("kept"), tone="strong"),
        Column(title=_("worst")),
        Column(title=_("may miss"), tone=""),
        *((Column(title=_("credits")),) if paid else ()),
        *(Column(title=label) for label in stretches),
    )
    ordered = [name for name in groups if name] + [name for name in groups if not name]
    rows = []
    for name in ordered:
        for place, run in enumerate(run for run in mine if (run.group.get(RULE) or "") == name):
            label = "" if place else name or _("all")
            rows.append(_line(run, stretches, label, words, _shown(found, run, words, paid=paid)))
    kpi = words.gettext(catalogue()[f"sla_{timed}"].title)
    return Grid(
        title=_("{target}, {per} by {per}").format(target=kpi, per=found.per),
        columns=columns,
        rows=tuple(rows),
        stack=True,
        keys=2,
        notes=tuple(_notes(found, mine, stretches, words)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """How the lines of a scenario begin, and what it pays back; ``paid``: whether any does."""

    scenario: str
    credits: Credits | None
    paid: bool


def _shown(found: WhatIf, run: Run, words: Words, *, paid: bool) -> _Shown:
    scenario = next(each for each in found.scenarios if each.name == run.scenario)
    return _Shown(scenario=labels(found, words)[run.scenario], credits=scenario.credits, paid=paid)


def _line(run: Run, stretches: list[str], name: str, words: Words, shown: _Shown) -> tuple[str, ...]:
    cells = {each.label: _cell(each, run.goal, words) for each in run.stretches}
    goal = "" if run.goal is None else words.target(_target(run.goal), "ratio")
    kept = words.gettext("{met} of {all}").format(met=run.met, all=run.judged) if run.judged else ""
    return (
        name,
        shown.scenario,
        goal,
        NOTHING if run.value is None else words.share(run.value),
        kept,
        run.worst.label if run.worst is not None else NOTHING,
        _may_miss(run.stretches[-1], words),
        *((_credit(run, shown.credits, words),) if shown.paid else ()),
        *(cells.get(label, NOTHING) for label in stretches),
    )


def _target(goal: float) -> RowTarget:
    return RowTarget(op=">=", value=goal, text="")


def _cell(stretch: Stretch, goal: float | None, words: Words) -> str:
    if stretch.value is None:
        return NOTHING
    share = words.share(stretch.value, 1, _target(goal) if goal is not None else None)
    return f"{share} ✗" if stretch.is_met is False else f"{share}  " if stretch.is_met else share


def _may_miss(stretch: Stretch, words: Words) -> str:
    if stretch.may_miss is None:
        return ""
    if stretch.may_miss < 0:
        return words.gettext("{n} too many").format(n=words.number(-stretch.may_miss))
    return words.number(stretch.may_miss)


def _credit(run: Run, credits: Credits | None, words: Words) -> str:
    if run.credit is None or credits is None:
        return ""
    return money(run.credit, credits, words)


def money(amount: Decimal, credits: Credits, words: Words) -> str:
    """An amount in the currency of the credits."""
    return words.money(float(amount), credits.currency or MONEY)


def _notes(found: WhatIf, mine: list[Run], stretches: list[str], words: Words) -> Iterator[str]:
    _ = words.gettext
    last, known = stretches[-1] if stretches else "", labels(found, words)
    if any(run.goal is not None for run in mine):
        yield _("may miss: how many clocks of {label} may still be missed, those that run counted in.").format(
            label=last
        )
    base = [run for run in mine if run.scenario == found.base.name and run.goal is not None]
    few = min(base, key=lambda run: run.n, default=None)
    if few is not None and few.goal is not None and any(each.n + each.n_open for each in few.stretches):
        yield _smallest(few, few.goal, words)
    for scenario in found.scenarios:
        if scenario.credits is not None and (scenario is found.base or scenario.credits != found.base.credits):
            yield _terms(known[scenario.name], scenario.credits, words)
    for run in mine:
        lows = [each.credit_low for each in run.stretches if each.credit_low is not None]
        highs = [each.credit_high for each in run.stretches if each.credit_high is not None]
        credits = next(each.credits for each in found.scenarios if each.name == run.scenario)
        if lows and highs and credits is not None and sum(lows) != sum(highs):
            yield _("{scenario}: by chance alone credits lie between {low} and {high}").format(
                scenario=known[run.scenario],
                low=money(sum(lows, Decimal()), credits, words),
                high=money(sum(highs, Decimal()), credits, words),
            )


def _smallest(run: Run, goal: float, words: Words) -> str:
    """What a share is worth in tickets, where there are the fewest."""
    least = min((each for each in run.stretches if each.n + each.n_open), key=lambda each: each.n + each.n_open)
    whole = least.n + least.n_open
    missed = (least.may_miss or 0) + (least.n - least.x)
    name = run.group.get(RULE)
    return words.ngettext(
        "{goal} of {all} clocks ({label}) leaves {n} to miss; one is {share} pp.",
        "{goal} of {all} clocks ({label}) leaves {n} to miss; one is {share} pp.",
        missed,
        goal=words.percent_sign(words.number(goal * 100, 0 if round(goal * 100, 6) == round(goal * 100) else 1)),
        all=words.number(whole),
        label=f"{name}, {least.label}" if name else least.label,
        share=words.number(100 / whole, 1),
    )


def _terms(name: str, credits: Credits, words: Words) -> str:
    """``credits of now.yaml: EUR 1,000 a month; 5 % below 95 %, 10 % below 90 %``."""
    _ = words.gettext
    steps = []
    for (met, _paid_above), (_met_below, paid) in zip(credits.tiers, credits.tiers[1:], strict=False):
        steps.append(
            _("{paid} below {met}").format(
                paid=words.percent_sign(words.number(paid * 100, 0 if paid * 100 == int(paid * 100) else 1)),
                met=words.percent_sign(words.number(met * 100, 0 if met * 100 == int(met * 100) else 1)),
            )
        )
    if credits.per_breach is not None:
        steps.append(_("{amount} a missed clock").format(amount=money(credits.per_breach, credits, words)))
    if credits.cap is not None:
        steps.append(_("{amount} a month at most").format(amount=money(credits.cap, credits, words)))
    return _("credits of {name}: {base} a month; {steps}").format(
        name=name, base=money(credits.base, credits, words), steps=", ".join(steps)
    )

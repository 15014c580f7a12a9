"""Month by month: whether a contract was kept, how many more may be missed, what it pays back (method 7.4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from math import floor

from supportkpi.decisions import Credits
from supportkpi.engine.grouping.groups import RULE
from supportkpi.engine.statistics.intervals import wilson
from supportkpi.engine.whatif.tally import Count
from supportkpi.sla import Timed
from supportkpi.whatifs import Group, Run, Scenario, Stretch

MONTH = "month"
Counted = Mapping[tuple[str | None, ...], Count]


def credit(credits: Credits, share: Fraction | float) -> Decimal:
    """What a month pays back at a share met: that of the best tier which is reached, of the last one below all.

    A share exactly at a tier has reached it.
    """
    exact = share if isinstance(share, Fraction) else Fraction(repr(share))
    paid = next((paid for met, paid in credits.tiers if exact >= Fraction(met)), credits.tiers[-1][1])
    return _capped(credits, credits.base * paid)


def _capped(credits: Credits, amount: Decimal) -> Decimal:
    return amount if credits.cap is None else min(amount, credits.cap)


def runs(scenario: Scenario, timed: Timed, counted: Counted, per: str, conf: float) -> Iterator[Run]:
    """All stretches of a scenario and target: of all clocks together, then of each rule.

    ``counted`` has the counts by (stretch,) and by (stretch, rule).
    """
    paid = scenario.credits if per == MONTH and scenario.credits is not None else None
    if paid is not None and paid.target not in (None, timed):
        paid = None
    groups: dict[tuple[str | None, ...], dict[str, Count]] = {(): {}}
    for (label, *rest), count in counted.items():
        groups.setdefault(tuple(rest), {})[label or ""] = count
    for place, stretches in groups.items():
        rule = place[0] if place else None
        group: Group = {RULE: rule} if place else {}
        goal = _goal(scenario, timed, rule, whole=not place)
        terms = tuple(
            _stretch(label, count, goal, None if place else paid, conf) for label, count in sorted(stretches.items())
        )
        n, x = sum(each.n for each in terms), sum(each.x for each in terms)
        yield Run(
            scenario=scenario.name,
            target=timed,
            group=group,
            goal=goal,
            stretches=terms,
            n=n,
            x=x,
            value=x / n if n else None,
        )


def _goal(scenario: Scenario, timed: Timed, rule: str | None, *, whole: bool) -> float | None:
    """The goal of a rule; of all together the one that all rules have."""
    if not whole:
        term = scenario.term(rule, timed)
        return term.goal if term is not None else None
    goals = {term.goal for term in scenario.terms if term.target == timed}
    return goals.pop() if len(goals) == 1 else None


def _stretch(label: str, count: Count, goal: float | None, paid: Credits | None, conf: float) -> Stretch:
    n, x = count.n, count.x
    met = None if goal is None or not n else Fraction(x, n) >= Fraction(repr(goal))
    ends = wilson(x, n, conf)
    return Stretch(
        label=label,
        n=n,
        x=x,
        n_open=count.running,
        value=count.value,
        is_met=met,
        may_miss=None if goal is None else may_miss(goal, n + count.running) - (n - x),
        credit=_paid(paid, x, n),
        credit_low=None if paid is None or ends is None else credit(paid, ends[1]),
        credit_high=None if paid is None or ends is None else credit(paid, ends[0]),
    )


def may_miss(goal: float, n: int) -> int:
    """How many of n clocks a goal leaves to miss."""
    return floor((1 - Fraction(repr(goal))) * n)


def _paid(paid: Credits | None, x: int, n: int) -> Decimal | None:
    if paid is None or not n:
        return None
    return _capped(paid, credit(paid, Fraction(x, n)) + (paid.per_breach or Decimal()) * (n - x))

"""What-if: the same history judged under other service levels, and what changes; it forecasts nothing (method 7.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import polars as pl

from supportkpi.decisions import Credits, Settings
from supportkpi.report import Ledger, Method, Row
from supportkpi.schema import Provenance
from supportkpi.sla import Timed

Group = Mapping[str, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """Settings by a name: those of BASE with other service levels, calendars, agreed causes or credits."""

    name: str
    settings: Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One limit of one rule: as it was written, the calendar of its clock (None: around the clock), its goal."""

    rule: str
    target: Timed
    limit: str
    seconds: float | None = None  # None: working days, or a deadline
    calendar: str | None = None
    goal: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A day, week, month or quarter of one scenario: clocks met among those decided, and whether its goal was.

    ``may_miss``: how many more clocks may be missed before the goal is, the running ones counted in; below 0: how many
    too many were. ``credit`` is what it pays back, ``credit_low`` and ``credit_high`` at the ends of its interval.
    """

    label: str
    n: int
    x: int
    n_open: int
    value: float | None
    is_met: bool | None
    may_miss: int | None = None
    credit: Decimal | None = None
    credit_low: Decimal | None = None
    credit_high: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """All stretches of one scenario, target and rule (group {} of all), and what they come to."""

    scenario: str
    target: Timed
    group: Group
    goal: float | None
    stretches: tuple[Stretch, ...]
    n: int
    x: int
    value: float | None

    @property
    def met(self) -> int:
        """How many stretches met the goal."""
        return sum(1 for each in self.stretches if each.is_met)

    @property
    def judged(self) -> int:
        """How many stretches had a goal and clocks to judge."""
        return sum(1 for each in self.stretches if each.is_met is not None)

    @property
    def worst(self) -> Stretch | None:
        """The stretch with the least share; of several the first."""
        valued = [each for each in self.stretches if each.value is not None]
        return min(valued, key=lambda each: each.value or 0.0, default=None)

    @property
    def credit(self) -> Decimal | None:
        """What all stretches pay back; None where none was agreed."""
        paid = [each.credit for each in self.stretches if each.credit is not None]
        return sum(paid, Decimal()) if paid else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One set of service levels over the history: a row a target and group, of BASE's rules by name."""

    name: str
    rows: tuple[Row, ...]
    terms: tuple[Term, ...]
    credits: Credits | None = None

    def row(self, target: Timed, group: Group) -> Row | None:
        """The row of a target and a group."""
        same = (row for row in self.rows if row.kpi == f"sla_{target}" and dict(row.group) == dict(group))
        return next(same, None)

    def term(self, rule: str | None, target: Timed) -> Term | None:
        """What a rule of BASE has become: the limit of the rule of that name, else of the only one that there is."""
        mine = [term for term in self.terms if term.target == target]
        named = [term for term in mine if term.rule == rule]
        return named[-1] if named else mine[0] if len(mine) == 1 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What one scenario changes for a target and a group: clocks by what becomes of them, and the tickets behind.

    ``newly_judged`` had no limit under BASE, ``no_longer_judged`` has none now, ``undecided`` was late and still runs.
    ``delta`` is the difference of the shares. Tickets, TICKETS at most: newly late the longest first, newly met the
    shortest.
    """

    scenario: str
    target: Timed
    group: Group
    newly_met: int = 0
    newly_breached: int = 0
    newly_judged: int = 0
    no_longer_judged: int = 0
    undecided: int = 0
    delta: float | None = None
    met: tuple[str, ...] = ()
    breached: tuple[str, ...] = ()


TICKETS = 50
"""How many tickets a Change names of each kind; ``WhatIf.moved`` has all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One limit of a sweep: the share that would have been met under it."""

    limit: str
    seconds: float | None
    n: int
    x: int
    n_open: int
    value: float | None
    low: float | None = None
    high: float | None = None
    is_present: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """The share met as a function of one rule's limit, on the clock of BASE."""

    rule: str
    target: Timed
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """Two sweeps crossed: of all clocks of a target ``x`` met among ``n`` decided, at every pair of two rules' limits.

    ``rows`` are limits of the first rule, ``columns`` of the second; ``present`` is the place of those that hold.
    """

    target: Timed
    rules: tuple[str, str]
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    n: tuple[tuple[int, ...], ...]
    x: tuple[tuple[int, ...], ...]
    present: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Solve:
    """The smallest limit that a share of the clocks of a group would have met (method 7.3).

    ``seconds`` on the clock of BASE: nearest rank, with open tickets Kaplan-Meier; ``low`` and ``high`` its interval.
    ``safe_s``: the upper end rounded up to a step that people promise. ``needs``: the n from which there is an upper
    end.
    """

    target: Timed
    group: Group
    share: float
    n: int
    n_open: int
    needs: int
    seconds: float | None = None
    low: float | None = None
    high: float | None = None
    safe_s: float | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """What was asked, answered: ``scenarios`` begins with BASE; ``moved`` are all clocks that changed, if asked for."""

    scenarios: tuple[Scenario, ...]
    changes: tuple[Change, ...]
    method: Method
    ledger: Ledger
    per: str | None = None
    runs: tuple[Run, ...] = ()
    sweeps: tuple[Sweep, ...] = ()
    crossings: tuple[Crossing, ...] = ()
    solves: tuple[Solve, ...] = ()
    notes: tuple[str, ...] = ()
    inputs: tuple[Provenance, ...] = ()
    moved: pl.DataFrame = field(default_factory=pl.DataFrame)

    @property
    def base(self) -> Scenario:
        """What the others are held against."""
        return self.scenarios[0]

    @property
    def targets(self) -> tuple[Timed, ...]:
        """The targets that any scenario has a limit for, in their order."""
        found = [term.target for scenario in self.scenarios for term in scenario.terms]
        rows = {row.kpi for scenario in self.scenarios for row in scenario.rows}
        return tuple(name for name in dict.fromkeys(found) if f"sla_{name}" in rows)

    def change(self, scenario: str, target: Timed, group: Group) -> Change | None:
        """What a scenario changes for a target and a group."""
        for change in self.changes:
            if (change.scenario, change.target, dict(change.group)) == (scenario, target, dict(group)):
                return change
        return None

"""What a KPI is: everything about one in its one file, each holding one METRIC of constant expressions over the facts.

The registry is the listing of this folder. Which facts a metric reads is derived from its expressions, and so are the
listing, the ``explain`` page, the README table and the JSON descriptions.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Literal

import polars as pl

from supportkpi.report import RMST_DAYS
from supportkpi.sla import Timed

SLA_STATS = (
    *("value", "pessimistic", "optimistic", "mature", "closed_only", "with_external", "coverage"),
    *("good", "rigid", "late_median", "late_p90"),
)
"""``good``: within the better end of a range; ``rigid``: as if no limit went by load. Both only where there is any."""
SLA_UNITS = {"late_median": "s", "late_p90": "s"}
DURATION_STATS = ("median", "mean", "p90", "p95", "km_median", "hardest_decile_mean")
SURVIVAL_STATS = (*DURATION_STATS, "rmst")
RMST = (
    f"rmst is the mean of the part of it that falls into the first {RMST_DAYS} days, of solved and open tickets alike, "
    f"on the 24/7 clock: known as soon as the oldest open one has been open for so long."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """Durations: the Span of that name on each clock; ``given`` names the export's own figures without instants."""

    span: str
    given: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A share: ``success`` among ``decided``. ``cluster`` is the column whose rows are not independent (method 3.1)."""

    success: pl.Expr
    decided: pl.Expr
    cluster: str | None = None
    net: pl.Expr | None = None  # also decided, for the stat `net`: tickets that could have succeeded at all


@dataclass(frozen=True, slots=True, kw_only=True)
class Satisfaction:
    """The shares of rated answers on their scales (method 2.4)."""

    instrument: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NetShare:
    """Promoters less detractors of a 0-10 question, in points (method 2.5)."""

    instrument: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanScore:
    """The mean of the scores of one instrument on their scale."""

    instrument: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseShare:
    """Answers among the surveys offered; among the solved tickets where offers are not shown (method 2.4)."""

    instrument: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitTimes:
    """How long customers waited, a row a wait; open waits are observations that have not ended (method 2.1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """How many of something a ticket has: the sum of ``of`` over the tickets that are ``each``."""

    of: pl.Expr
    each: pl.Expr


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many rows hold ``which``."""

    which: pl.Expr


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """Solutions over creations, each side by its own date (method 2.11)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """How many tickets are open at an instant, and how many days of work they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StockAge:
    """How long the tickets that are open at an instant have been open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The user's own figures of that name: added up over the period, or their mean where adding makes no sense."""

    series: str
    is_total: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CostPerContact:
    """Costs of the period over its contacts, each over its own days (method 2.10)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compliance:
    """Clocks met among those decided (method 2.8); ``timed`` None: all the limits of a ticket together."""

    timed: Timed | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SatisfiedCount:
    """How many solved tickets have a satisfied rating (method 2.12)."""

    instrument: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How easy it was made: share, mean and net of the scores of an effort question (method 2.6)."""

    instrument: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatShare:
    """Tickets that repeat another of the same customer: looking back, looking forward, by customer (method 2.7)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedShare:
    """Customers who were active again after a solution and had no repeat (method 2.7, rep-08)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Requesters:
    """How many customers the tickets ``which`` are of; ``for_each``: how many of these there are for each customer."""

    which: pl.Expr
    for_each: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TagShare:
    """Tickets with a tag, with each of the most frequent ones and with any at all."""


Measure = (
    Distribution
    | Rate
    | Satisfaction
    | NetShare
    | MeanScore
    | ResponseShare
    | WaitTimes
    | Ratio
    | Count
    | Closure
    | Stock
    | StockAge
    | Figures
    | CostPerContact
    | Compliance
    | SatisfiedCount
    | Effort
    | RepeatShare
    | ReturnedShare
    | Requesters
    | TagShare
)
DatedBy = Literal["created", "solved", "rated", "handled", "instant"]
Owner = Literal["first_replier", "solver", "rated_agent", "tier1_owner", "assignee"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The same KPI over figures that the export carries itself (``given_`` columns), with its own counts."""

    measure: Rate | Ratio
    counts: Mapping[str, pl.Expr] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it reads."""
        parts = [getattr(self.measure, part.name) for part in fields(self.measure)]
        return tuple(dict.fromkeys(name for part in (*parts, *self.counts.values()) for name in _roots(part)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One KPI. ``definition`` and ``why`` are sentences; ``counts`` are whole numbers shown beside the value.

    ``eligible`` chooses the population among tickets that were not excluded; what it leaves out is counted as excluded.
    ``rank`` orders the catalogue. ``reads`` names facts beyond those that the expressions name.
    """

    name: str
    title: str
    abbr: str
    unit: str
    direction: Literal["lower", "higher", "none"]
    definition: str
    why: str
    over: Literal["tickets", "waits", "surveys", "series", "clocks"]
    dated_by: DatedBy
    measure: Measure
    rank: float
    headline: bool = False  # on the one screen; the others are in full reports, or when they are asked for
    owner: Owner = "assignee"  # whom the dimension `agent` means (method 2.12)
    stats: tuple[str, ...] = ("value",)
    stat_units: Mapping[str, str] = field(default_factory=dict)  # of stats whose unit is another than the KPI's
    eligible: pl.Expr = field(default_factory=lambda: pl.lit(value=True))
    counts: Mapping[str, pl.Expr] = field(default_factory=dict)
    reads: tuple[str, ...] = ()
    given: Given | None = None  # what the export's own figures say where the history does not
    min_sample: int = 5
    caveats: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    shown_with: tuple[str, ...] = ()
    revision: int = 1

    def unit_of(self, stat: str) -> str:
        """The unit of one statistic."""
        return self.stat_units.get(stat, self.unit)

    @property
    def adds_up(self) -> bool:
        """Whether two months have twice as much of it as one."""
        return isinstance(self.measure, Count) or (isinstance(self.measure, Figures) and self.measure.is_total)

    @property
    def facts(self) -> tuple[str, ...]:
        """The fact columns that this KPI cannot do without, in the order in which they are named."""
        named = [*self.reads]
        if isinstance(self.measure, Distribution):
            named.append(f"{self.measure.span}_s")
        named += [name for part in fields(self.measure) for name in _roots(getattr(self.measure, part.name))]
        return tuple(dict.fromkeys(named))


def _roots(value: object) -> list[str]:
    return value.meta.root_names() if isinstance(value, pl.Expr) else []


@cache
def catalogue() -> dict[str, Metric]:
    """Every KPI by its id, in catalogue order."""
    found = sorted(_modules(), key=lambda metric: metric.rank)
    return {metric.name: metric for metric in found}


def _modules() -> Iterator[Metric]:
    for module in pkgutil.iter_modules(__path__):
        yield importlib.import_module(f"{__name__}.{module.name}").METRIC

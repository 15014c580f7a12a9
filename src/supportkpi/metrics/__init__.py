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

DURATION_STATS = ("median", "mean", "p90", "p95", "km_median", "hardest_decile_mean")


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """Durations: the Span of that name on each clock; ``given`` names the export's own figures without instants."""

    span: str
    given: str | None = None
    censored: bool = True  # open tickets are observations that have not ended (method 4.2)


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


Measure = Distribution | Rate | Satisfaction | NetShare | MeanScore | ResponseShare | Count | Closure | Stock | StockAge | Figures | CostPerContact
DatedBy = Literal["created", "solved", "rated", "handled", "instant"]
Owner = Literal["first_replier", "solver", "rated_agent", "tier1_owner", "assignee"]


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
    over: Literal["tickets", "surveys", "series"]
    dated_by: DatedBy
    measure: Measure
    rank: int
    owner: Owner = "assignee"  # whom the dimension `agent` means (method 2.12)
    stats: tuple[str, ...] = ("value",)
    stat_units: Mapping[str, str] = field(default_factory=dict)  # of stats whose unit is another than the KPI's
    eligible: pl.Expr = field(default_factory=lambda: pl.lit(value=True))
    counts: Mapping[str, pl.Expr] = field(default_factory=dict)
    reads: tuple[str, ...] = ()
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

"""What files can give: how they were read, and which KPIs are exact, approximate or impossible with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from supportkpi import engine
from supportkpi.decisions import Settings
from supportkpi.metrics import Metric
from supportkpi.pipeline.measuring import fold, known_kpis
from supportkpi.report import WHOLE_DAYS, Report
from supportkpi.schema import Dataset


@dataclass(frozen=True, slots=True, kw_only=True)
class Ability:
    """What an export can give of one KPI: exactly, with a remark, or not at all, and why."""

    metric: Metric
    verdict: str  # exact | remark | no
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """How the files were read, and which KPIs they can give."""

    dataset: Dataset
    abilities: tuple[Ability, ...]
    as_of: datetime | None


def inspect(data: Dataset, settings: Settings | None = None) -> Inspection:
    """How a Dataset was read and what it can give, KPI by KPI."""
    known = fold(data, settings)
    report = engine.measure(known, settings=settings or known.settings, detail=False)
    abilities = tuple(_ability(metric, report) for metric in known_kpis(data).values())
    return Inspection(dataset=data, abilities=abilities, as_of=known.as_of)


def _ability(metric: Metric, report: Report) -> Ability:
    rows = [row for row in report.cells if row.kpi == metric.name and not row.group]
    head = rows[0]
    if head.state.value in ("not_observed", "needs_answer"):
        return Ability(metric=metric, verdict="no", reasons=head.reason or ())
    given = [row.clock for row in rows[:1] if row.basis == "given" and row.clock is not None]
    remarks = [f"the export's own figures on the {clock} clock" for clock in given]
    remarks += ["in whole days: the dates have no time of the day"] if head.counts.get(WHOLE_DAYS) else []
    if head.state.value == "empty":
        return Ability(metric=metric, verdict="remark", reasons=(*remarks, "no ticket has it"))
    return Ability(metric=metric, verdict="remark" if remarks else "exact", reasons=tuple(remarks))

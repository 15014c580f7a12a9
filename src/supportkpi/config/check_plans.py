"""The checks of a config, and those that targets on the command line are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from supportkpi import targets as target_grammar
from supportkpi.decisions import Check, Settings, Target
from supportkpi.errors import ConfigValue, KpiError, KpiUnknown, OptionWrong, Where
from supportkpi.metrics import Compliance, Metric
from supportkpi.texts import Node, meant, refused

if TYPE_CHECKING:
    from supportkpi.config.check_keys import CheckKeys

GOAL, TARGET = "goal", "target"
RULE = "rule"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckPlan:
    """A check as it was written, with its place; its KPI is looked up when all KPIs are known."""

    keys: CheckKeys
    expr: str
    warn: str
    where: Where | None = None


def planned_checks(checks: Sequence[CheckKeys], node: Node) -> tuple[CheckPlan, ...]:
    """The plans of the ``checks`` section, their comparisons as they were written."""
    return tuple(
        CheckPlan(
            keys=keys,
            expr=_written(node, number, "expr"),
            warn=_written(node, number, "warn"),
            where=node.place("checks", number),
        )
        for number, keys in enumerate(checks)
    )


def _written(node: Node, number: int, key: str) -> str:
    path, at = node.descend(("checks", number, key))
    return (at.text or "") if path[-1:] == [key] else ""


def checks_of(plans: Sequence[CheckPlan], settings: Settings, kpis: Mapping[str, Metric]) -> tuple[Check, ...]:
    """The checks, each KPI and comparison read; targets of the settings that no check names are checks, too.

    Raises:
        KpiUnknown: a check names no KPI. A misspelt one never passes.
        TargetWrong, ConfigValue: a comparison does not fit its KPI.
    """
    return tuple(_placed(plan, settings, kpis) for plan in plans)


def of_targets(targets: Sequence[Target]) -> tuple[Check, ...]:
    """The checks of ``--target``: each a comparison of its own."""
    return tuple(
        Check(kpi=target.kpi, stat=target.stat, clock=target.clock, expr=target, no_data="fail") for target in targets
    )


def _placed(plan: CheckPlan, settings: Settings, kpis: Mapping[str, Metric]) -> Check:
    try:
        return _check(plan, settings, kpis)
    except KpiError as error:
        if plan.where is None or error.where is not None:
            raise
        raise refused(error, plan.where) from error


def _check(plan: CheckPlan, settings: Settings, kpis: Mapping[str, Metric]) -> Check:
    keys = plan.keys
    if keys.max_age is not None:
        return Check(max_age_s=keys.max_age, no_data=keys.no_data, where=plan.where)
    kpi, part, clock = target_grammar.split_key(keys.kpi or "")
    if kpi not in kpis:
        hint = meant(kpi, kpis) or "supportkpi kpis lists them"
        raise KpiUnknown(f'no KPI is called "{kpi}"', hint=hint)
    metric = kpis[kpi]
    stat = part if part in metric.stats else None
    count = part if part is not None and stat is None else None
    by = tuple(keys.by)
    if plan.expr == GOAL:
        if not isinstance(metric.measure, Compliance) or by not in ((), (RULE,)):
            message = "only service levels have goals, one a rule"
            raise ConfigValue(message, hint='write {kpi: sla_resolution, expr: ">= 90%"}')
        by = (RULE,)
    if settings.sla is None and isinstance(metric.measure, Compliance) and plan.expr == GOAL:
        raise OptionWrong(
            f"{kpi} has no goal: there is no sla in the config", hint='write sla:, or --sla "first_response=4h"'
        )
    whole = part if count is None else None
    compared = partial(_compared, of=(metric, whole, count), key=keys.kpi or "", settings=settings)
    return Check(
        kpi=kpi,
        stat=stat,
        clock=clock,
        count=count,
        by=by,
        expr=None if plan.expr == GOAL else compared(plan.expr),
        warn=compared(plan.warn) if plan.warn else None,
        min_n=keys.min_n,
        no_data=keys.no_data,
        confidence=keys.confidence,
        where=plan.where,
    )


def _compared(text: str, *, of: tuple[Metric, str | None, str | None], key: str, settings: Settings) -> Target:
    """What a comparison says, in the unit of the statistic, or in tickets where a count is compared."""
    metric, stat, count = of
    if text == TARGET:
        found = [each for each in settings.targets if each.kpi == metric.name and each.stat in (None, stat)]
        if not found:
            hint = f"write targets: {{{metric.name}: …}}, or a comparison"
            raise ConfigValue(f"{metric.name} has no target", hint=hint)
        return found[0]
    if count is not None:
        return target_grammar.parse(metric.name, text, unit="tickets", direction="lower")
    return target_grammar.parse(key, text, unit=metric.unit_of(stat or ""), direction=metric.direction)

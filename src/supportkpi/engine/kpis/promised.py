"""What was agreed, for a reader of the report: limits, goals, calendars and versions that hold for its tickets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from supportkpi.report import Agreement, Promise
from supportkpi.sla import TIMED, Sla, Version


def agreement(sla: Sla | None, first: datetime | None, last: datetime | None) -> Agreement | None:
    """The service levels in force for tickets created between two instants; None where nothing was agreed."""
    if sla is None:
        return None
    versions = sla.between(first, last)
    promises = [promise for version in versions for promise in _promises(version)]
    return Agreement(versions=tuple(version.label for version in versions), promises=tuple(promises))


def _promises(version: Version) -> Iterator[Promise]:
    for rule in version.rules:
        for timed in TIMED:
            if timed in rule.limits:
                yield Promise(
                    kpi=f"sla_{timed}",
                    rule=rule.name,
                    limit=rule.limits[timed],
                    goal=rule.goals.get(timed),
                    calendar=rule.calendar or version.calendar,
                    version=version.label,
                )

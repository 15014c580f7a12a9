"""Which KPIs a run is about, in plain words, and the fingerprint of what decides their numbers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace

from supportkpi.decisions import SECTIONS, Settings
from supportkpi.errors import KpiUnknown
from supportkpi.metrics import Metric, catalogue
from supportkpi.report import Definition
from supportkpi.sla import Sla
from supportkpi.texts import nearest
from supportkpi.version import MINOR

_NEWER = ("easy_from", "hard_to")
"""Options that came after the first fingerprints."""


def selected(kpis: Sequence[str], own: Mapping[str, Metric] | None = None) -> list[Metric]:
    """Metrics by id in catalogue order, the user's ``own`` series behind them; all without ids.

    Raises:
        KpiUnknown: an id is neither in the catalogue nor a series.
    """
    known = {**catalogue(), **(own or {})}
    for name in kpis:
        if name not in known:
            close = nearest(name, list(known))
            raise KpiUnknown(
                f"no KPI is called {name!r}", hint=f"did you mean {close}?" if close else "supportkpi kpis lists them"
            )
    return [metric for name, metric in known.items() if not kpis or name in kpis]


def labelled(metric: Metric, settings: Settings) -> Definition:
    """A metric as plain words, under the company's own name for it if the settings have one."""
    own = settings.labels.get(metric.name)
    return defined(metric) if own is None else replace(defined(metric), title=own, abbr=own)


def defined(metric: Metric) -> Definition:
    """A metric as plain words, for the report and the catalogue."""
    return Definition(
        kpi=metric.name,
        title=metric.title,
        abbr=metric.abbr,
        unit=metric.unit,
        direction=metric.direction,
        definition=metric.definition,
        why=metric.why,
        stats=metric.stats,
        revision=metric.revision,
        caveats=metric.caveats,
        shown_with=metric.shown_with,
        headline=metric.headline or metric.over == "series",
        sources=metric.sources,
        reads=metric.facts,
    )


def _written(sla: Sla | None) -> str:
    """Service levels as one text, the same in every run: sets of tickets in order."""
    causes = [sorted(cause.tickets) for cause in sla.exclusions] if sla is not None else []
    return repr(sla) + (repr(causes) if causes else "")


def fingerprint(metrics: Sequence[Metric], settings: Settings) -> str:
    """SHA-256 of what decides the numbers, apart from the data: definitions, stats, settings, calendars, minor version.

    Two reports of the same fingerprint compare; inputs, period, as_of and names do not enter it.
    """
    definitions = [[metric.name, metric.revision, metric.stats, metric.definition] for metric in metrics]
    text = json.dumps([MINOR, definitions, deciding(settings)], sort_keys=True, default=str, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _said(options: dict[str, object]) -> dict[str, object]:
    """Options of a KPI, the newer ones only where they are set: older fingerprints of the same numbers stay."""
    return {name: value for name, value in options.items() if value is not None or name not in _NEWER}


def deciding(settings: Settings) -> dict[str, object]:
    """What of settings decides the numbers, by its name: what the fingerprint is made of."""
    return {
        "timezone": settings.timezone,
        **{name: _said(asdict(getattr(settings, name))) for name in SECTIONS},
        "conf": settings.conf,
        "statuses": dict(settings.statuses),
        "responders": {actor: list(names) for actor, names in settings.responders.items()},
        "dimensions": [asdict(dimension) for dimension in settings.dimensions],
        "sla": _written(settings.sla),
        "calendars": [
            [choice.name, choice.rules or choice.calendar.describe(), dict(choice.when)]
            for choice in settings.calendars
        ],
    }

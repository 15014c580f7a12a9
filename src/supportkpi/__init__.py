"""Support KPIs from exported ticket data: the same verbs as the command line, polars frames in and out.

Everything is loaded when it is first asked for, so that ``import supportkpi`` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from supportkpi import version

__version__ = version.VERSION

_HOMES = {
    "Calendar": "calendars",
    "Dataset": "schema",
    "Facts": "facts",
    "KpiError": "errors",
    "Metric": "metrics",
    "Report": "report",
    "Settings": "decisions",
    "business_seconds": "calendars",
    "check": "pipeline",
    "convert": "pipeline",
    "dataset": "pipeline",
    "due_at": "calendars",
    "explain": "pipeline",
    "fold": "pipeline",
    "inspect": "pipeline",
    "load": "pipeline",
    "measure": "pipeline",
    "reconcile": "pipeline",
    "render": "pipeline",
    "settings": "pipeline",
    "tickets": "pipeline",
    "whatif": "pipeline",
}
__all__ = sorted(_HOMES)  # noqa: PLE0605

if TYPE_CHECKING:
    from supportkpi.calendars import Calendar, business_seconds, due_at
    from supportkpi.decisions import Settings
    from supportkpi.errors import KpiError
    from supportkpi.facts import Facts
    from supportkpi.metrics import Metric
    from supportkpi.pipeline import (
        check,
        convert,
        dataset,
        explain,
        fold,
        inspect,
        load,
        measure,
        reconcile,
        render,
        settings,
        tickets,
        whatif,
    )
    from supportkpi.report import Report
    from supportkpi.schema import Dataset


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return [*__all__, "__version__"]

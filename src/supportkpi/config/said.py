"""What a config and the options over it say, before the data and the KPIs are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from supportkpi.decisions import Reading

if TYPE_CHECKING:
    from supportkpi.config.agreements import SlaPlan
    from supportkpi.config.check_plans import CheckPlan
    from supportkpi.config.plans import CalendarPlan
    from supportkpi.decisions import Credits, Dimension
    from supportkpi.errors import Where


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A key of ``targets`` or ``labels``, or an option, with its words and its place."""

    key: str
    text: str
    where: Where | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """What a config and the options over it say, before the data and the KPIs are known.

    ``timezone`` None: not said. ``notes`` are sentences on what was read and has no effect.
    """

    path: str | None = None
    timezone: str | None = None
    calendar: str | None = None
    plans: tuple[CalendarPlan, ...] = ()
    targets: tuple[Line, ...] = ()
    labels: tuple[Line, ...] = ()
    sections: Mapping[str, object] = field(default_factory=dict)  # options of KPIs, by their field of Settings
    max_rejects: float | None = None
    reading: Reading = field(default_factory=Reading)
    dimensions: tuple[Dimension, ...] = ()
    names: bool = False
    links: str | None = None
    sla: SlaPlan | None = None
    checks: tuple[CheckPlan, ...] = ()
    credits: Credits | None = None
    notes: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The ticket columns by which calendars, rules and classes choose their tickets."""
        calendars = [column for plan in self.plans for column in plan.when]
        classes = [column for made in self.dimensions for each in made.classes for column in each.when]
        return tuple(dict.fromkeys((*calendars, *classes, *(self.sla.columns if self.sla else ()))))

    @property
    def names_country(self) -> bool:
        """Whether calendars depend on the years of the data."""
        return any(version.country is not None for plan in self.plans for version in plan.versions)

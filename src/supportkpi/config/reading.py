"""The text of a config against its vocabulary: what each section says, every fault with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from supportkpi.config.agreements import planned
from supportkpi.config.calendar_plans import calendar_plan, default_calendar, idle_calendars
from supportkpi.config.check_plans import planned_checks
from supportkpi.config.dimensions import dimensions, idle_levels, with_levels
from supportkpi.config.keys import ConfigKeys
from supportkpi.config.plans import ALWAYS, always
from supportkpi.config.said import Config, Line
from supportkpi.decisions import SECTIONS, Escalation, Reading
from supportkpi.errors import ConfigValue
from supportkpi.scales import scale
from supportkpi.texts import Node, validate


def config_of(node: Node) -> Config:
    """The config of a text that was read. Raises as ``read_config``."""
    keys = validate(node, ConfigKeys)
    _check_csat(keys, node)
    plans = tuple(calendar_plan(name, versions, keys, node) for name, versions in keys.calendars.items())
    made, sections = dimensions(keys.dimensions, node), _sections(keys)
    source, agreement = keys.source, planned(keys.sla, keys.exclusions, node, known=keys.calendars)
    return Config(
        path=node.where.path,
        timezone=keys.timezone,
        calendar=default_calendar(keys, node),
        plans=(*plans, always()) if keys.calendar == ALWAYS else plans,
        targets=tuple(_lines(node, "targets")),
        labels=tuple(_lines(node, "labels")),
        sections=sections | {"escalation": with_levels(Escalation(**keys.escalation.model_dump()), made, node)},
        max_rejects=keys.max_rejects,
        reading=Reading(
            source_timezone=source.timezone,
            statuses=dict(keys.statuses),
            csat_scale=keys.csat.scale,
            responders={str(actor): names for actor, names in keys.responders.items()},
            **source.model_dump(exclude={"timezone"}),
        ),
        dimensions=made,
        names=keys.privacy.names,
        links=keys.links,
        sla=agreement,
        checks=planned_checks(keys.checks, node),
        credits=keys.credits.credits() if keys.credits is not None else None,
        notes=(*idle_calendars(keys, agreement.calendars() if agreement else ()), *idle_levels(made)),
    )


def _sections(keys: ConfigKeys) -> dict[str, object]:
    """The options of KPIs, a dataclass each."""
    return {name: kind(**getattr(keys, name).model_dump()) for name, kind in SECTIONS.items()}


def _lines(node: Node, section: str) -> Iterator[Line]:
    """The keys of a section with their values as they were written."""
    below = node.child(section)
    if below is not None and isinstance(below.value, Mapping):
        for key, value in below.value.items():
            yield Line(key=key, text=value.text or "", where=value.where)


def _check_csat(keys: ConfigKeys, node: Node) -> None:
    """Refuse a threshold that no score of the declared scale can have."""
    if keys.csat.scale is None or keys.csat.satisfied_from is None:
        return
    bounds = scale(keys.csat.scale)
    if not bounds.low < keys.csat.satisfied_from <= bounds.high:
        message = (
            f"`csat.satisfied_from` takes a score above {bounds.low:g} up to {bounds.high:g} on the scale {bounds.name}"
        )
        raise ConfigValue(message, where=node.place("csat", "satisfied_from"))

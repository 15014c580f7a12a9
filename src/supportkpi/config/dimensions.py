"""``dimensions`` of the config: ticket columns that the helpdesk does not have, made of those that it has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from supportkpi.decisions import Class, Dimension, Escalation
from supportkpi.engine.grouping.derived import AGENT, DERIVED
from supportkpi.engine.grouping.groups import TIMES
from supportkpi.errors import ConfigValue
from supportkpi.schema import TICKETS
from supportkpi.texts import Node

if TYPE_CHECKING:
    from supportkpi.config.keys import DimensionKeys

LEVEL = "level"
LEVELS = range(1, 10)
_TAKEN = (*TIMES, *DERIVED, AGENT, "assignee", "requester", "organization", "ticket_id", "merged_into", "currency")


def dimensions(given: Mapping[str, DimensionKeys], node: Node) -> tuple[Dimension, ...]:
    """The dimensions in the order of the file.

    Raises:
        ConfigValue: a name that has a meaning of its own, a class without columns, a level that is no support line.
    """
    found = []
    for name, keys in given.items():
        _refuse_taken(name, node)
        classes = tuple(Class(value=value, when=dict(when)) for value, when in (keys.model_extra or {}).items())
        for value in [each.value for each in classes if not each.when]:
            where = node.key_place("dimensions", name, value)
            message = f"`dimensions.{name}.{value}` names no column"
            raise ConfigValue(message, hint=f"write {value}: {{organization: [Northwind]}}", where=where)
        if not classes:
            where = node.key_place("dimensions", name)
            message = f"`dimensions.{name}` has no value that a ticket could have"
            raise ConfigValue(message, hint="write {vip: {organization: [Northwind]}, else: standard}", where=where)
        if name == LEVEL:
            _refuse_no_line([*(each.value for each in classes), *([keys.otherwise] if keys.otherwise else [])], node)
        found.append(Dimension(name=name, classes=classes, otherwise=keys.otherwise))
    return tuple(found)


def _refuse_taken(name: str, node: Node) -> None:
    taken = name.lower() in _TAKEN or name.endswith("_raw") or not isinstance(TICKETS.get(name, pl.String()), pl.String)
    if taken or (name in TICKETS and name.endswith("_id")):
        message = f"`dimensions.{name}`: {name} has a meaning of its own"
        raise ConfigValue(message, hint="give the dimension another name", where=node.key_place("dimensions", name))


def _refuse_no_line(values: Sequence[str], node: Node) -> None:
    for value in values:
        if not (value.isdigit() and int(value) in LEVELS):
            message = f'`dimensions.{LEVEL}` takes support lines from {LEVELS[0]} to {LEVELS[-1]}, not "{value}"'
            where = node.key_place("dimensions", LEVEL)
            raise ConfigValue(message, hint="write {1: {group: [First line]}, 2: {group: [Engineers]}}", where=where)


def with_levels(escalation: Escalation, found: Sequence[Dimension], node: Node) -> Escalation:
    """The options of escalations with the support lines of the groups, where the dimension level says them.

    Raises:
        ConfigValue: ``escalation.levels`` says them, too.
    """
    lines = {group: line for dimension in found if dimension.name == LEVEL for group, line in _lines(dimension)}
    if not lines:
        return escalation
    if escalation.levels:
        message = "`dimensions.level` and `escalation.levels` both say which group is which support line"
        raise ConfigValue(message, hint="leave one of them out", where=node.key_place("escalation", "levels"))
    return replace(escalation, levels=lines)


def _lines(dimension: Dimension) -> Iterator[tuple[str, int]]:
    """The groups that alone decide a line: what the changes of group in a history can be read by."""
    for each in dimension.classes:
        if [name.lower() for name in each.when] == ["group"]:
            for words in each.when.values():
                yield from ((group, int(each.value)) for group in words)


def idle_levels(found: Sequence[Dimension]) -> Iterator[str]:
    """Support lines that no escalation can follow: those that are not made of groups alone."""
    for dimension in found:
        for each in dimension.classes if dimension.name == LEVEL else ():
            if [name.lower() for name in each.when] != ["group"]:
                yield f"dimension level: {each.value} is by more than the group, so escalations do not follow it"

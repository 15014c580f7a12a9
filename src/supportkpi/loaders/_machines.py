"""Agents who bear the names of machines: said, so that the config can tell them from people.

Where a log says nothing of roles such authors are taken for bots (``logs._main``). Here somebody has called them
agents, or they are in charge of tickets; so they stay what they are called, and the file's notes name them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fnmatch import fnmatchcase

import polars as pl

from supportkpi.decisions import Reading
from supportkpi.loaders._part import Part
from supportkpi.loaders.logs._words import is_machine
from supportkpi.schema import Actor, Kind

_MOST_NAMED = 3
_MANY = 5_000  # people; where there are more, the column holds something else


def noticed(part: Part, reading: Reading) -> Part:
    """The part with a note about agents of its tickets that seem to be bots, unless the user has named them."""
    said = [name.casefold() for names in reading.responders.values() for name in names]
    found = sorted({name for name in _agents(part) if is_machine(name) and not _is_said(name, said)})
    if not found:
        return part
    provenance = replace(part.provenance, notes=(*part.provenance.notes, _note(found)))
    return replace(part, provenance=provenance)


def _is_said(name: str, patterns: list[str]) -> bool:
    return any(fnmatchcase(name.casefold(), pattern) for pattern in patterns)


def _agents(part: Part) -> Iterator[str]:
    """Who is in charge of tickets, and of records with their history who wrote as an agent."""
    if not part.of_tickets:
        return
    columns = [part.frame["assignee_id"]] if "assignee_id" in part.frame.columns else []
    if part.events is not None and not part.derived:
        wrote = (pl.col("actor") == Actor.agent.value) & (pl.col("kind") == Kind.message.value)
        columns.append(part.events.filter(wrote).select(pl.col("actor_id").unique()).collect()["actor_id"])
    for column in columns:
        names = column.unique().drop_nulls()
        yield from names.cast(pl.String) if len(names) <= _MANY else ()


def _note(names: list[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    shown = ", ".join(names[:_MOST_NAMED])
    lone = f"{shown} bears the name of a machine and counts as an agent: if it is a bot, say so"
    several = f"{shown}{more} bear the names of machines and count as agents: if they are bots, say so"
    return f'{lone if len(names) == 1 else several} under responders: {{bot: ["{names[0]}"]}} in the config'

"""The strata of a sample: tickets by the values of dimensions, persons by code."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from supportkpi.decisions import Settings
from supportkpi.engine.grouping.derived import AGENT, owned
from supportkpi.engine.grouping.groups import grouped, known_as
from supportkpi.engine.grouping.views import View
from supportkpi.errors import OptionWrong

_WHOSE = ("assignee", "solver", "first_replier")
"""Whom the dimension agent means in a sample: the first that the export shows."""
NO_VALUE = "(no value)"


def strata(ids: pl.Series, seen: View, per: Sequence[str], settings: Settings) -> pl.Series:
    """The stratum of each ticket by its label; one for all without dimensions.

    Raises:
        OptionWrong: the export does not show a dimension.
    """
    if not per:
        return pl.repeat("", len(ids), dtype=pl.String, eager=True)
    columns = dict.fromkeys(_column(known_as(name, *seen.among), seen) for name in per)
    tickets = ids.to_frame("ticket_id").join(seen.facts.tickets, on="ticket_id", how="left", maintain_order="left")
    groups = grouped(tickets, tuple(columns), "created_at", settings.timezone, seen.people)
    labels = [", ".join(NO_VALUE if value is None else value for value in label.values()) for label in groups.labels]
    return pl.Series(labels, dtype=pl.String).gather(groups.codes)


def _column(dim: str, seen: View) -> str:
    """The column that a dimension is read from."""
    if dim != AGENT:
        if dim in seen.unobserved:
            raise OptionWrong(f"--per {dim}: {seen.unobserved[dim]}", hint="name another dimension")
        return dim
    for owner in _WHOSE:
        column = owned(AGENT, owner)
        if column not in seen.unobserved and seen.facts.tickets[column].count():
            return column
    why = next(iter(seen.unobserved.values()), "no ticket has an agent")
    raise OptionWrong(f"--per agent: {why}", hint="name another dimension, such as --per group")

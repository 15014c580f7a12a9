"""The part of a table that only names or sorts things: what it gave to others, or that no KPI needs it."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from supportkpi.loaders._part import Part, Side
from supportkpi.loaders.tables import Table
from supportkpi.loaders.wide._sample import Sample
from supportkpi.policies import Policies
from supportkpi.schema import ColumnReading, Provenance

NEEDLESS = "not_needed"
_JOINED = "joined to the other tables by its key"


def aside(table: Table, *, helpdesk: str, title: str, used: bool, policies: Policies | None = None) -> Part:
    """The part of a table of names or of things that no KPI needs; its rows are ``used`` where others took from it.

    ``policies``: the hours and promises that it holds.
    """
    return Part(
        table=table,
        frame=pl.DataFrame(),
        survey=False,
        rated=(),
        observes={},
        side=Side(used=table.rows if used else 0, excluded={} if used else {NEEDLESS: table.rows}, policies=policies),
        rejects=table.rejects,
        provenance=_provenance(table, helpdesk, title, used=used),
    )


def _provenance(table: Table, helpdesk: str, title: str, *, used: bool) -> Provenance:
    sample = Sample(table)
    columns = tuple(
        ColumnReading(column=column, field=None, confidence="ignored", evidence="", filled=sample.filled(column))
        for column in (() if used else table.columns)
    )
    note = _JOINED if used and table.rows else ""
    return replace(
        table.provenance(helpdesk, title),
        columns=columns,
        notes=(*table.notes, *((note,) if note else ())),
    )

"""Service levels as if no limit went by load: what stands beside adaptive ones, so that they excuse nothing unseen."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from supportkpi.clocks._bands import BANDS, NAMES
from supportkpi.clocks._ledger import ledger
from supportkpi.facts import Facts
from supportkpi.sla import Rule, Sla

_KEY = ["row", "target", "cycle"]


def without_load(facts: Facts, sla: Sla) -> Sla | None:
    """The agreement without its load bands: rules of a normal hour hold for all, others fall away; None: it has none.

    A column that the export itself calls load or band is a column like any other.
    """
    names = {name for name in NAMES if name not in facts.tickets.columns}
    if not any(_by_load(rule, names) for version in sla.versions for rule in version.rules):
        return None
    versions = tuple(
        replace(version, rules=tuple(each for rule in version.rules for each in _rigid(rule, names)))
        for version in sla.versions
    )
    return replace(sla, versions=versions)


def rigid(facts: Facts, sla: Sla, clocks: pl.DataFrame) -> pl.DataFrame:
    """The clocks of ``ledger(facts, sla)`` with ``rigid``: their states without load bands, null without any."""
    other = without_load(facts, sla)
    if other is None:
        return clocks.with_columns(rigid=pl.lit(None, clocks.schema["state"]))
    judged = ledger(facts, other).select(*_KEY, rigid="state")
    return clocks.join(judged, on=_KEY, how="left", maintain_order="left")


def _by_load(rule: Rule, names: set[str]) -> bool:
    return any(name.lower() in names for name in rule.when)


def _rigid(rule: Rule, names: set[str]) -> tuple[Rule, ...]:
    asked = [value.lower() for name, values in rule.when.items() if name.lower() in names for value in values]
    if asked and BANDS[0] not in asked:
        return ()
    return (replace(rule, when={name: values for name, values in rule.when.items() if name.lower() not in names}),)

"""The export's own verdicts and deadlines as clocks that others can be held against, for what-if."""

from __future__ import annotations

import polars as pl

from supportkpi.clocks._given import given
from supportkpi.clocks.replay import CODE, Judged
from supportkpi.facts import Facts
from supportkpi.sla import TIMED, Sla, Timed

RULE = "as exported"
"""The one rule of these clocks: the export does not say by which each was judged."""


class Exported:
    """What the helpdesk itself made of every clock, by its own calendar and pauses."""

    rules = (RULE,)

    def __init__(self, facts: Facts) -> None:
        """Of an export without verdicts and deadlines there are none."""
        self._facts = facts
        self._clocks = given(facts)

    @property
    def targets(self) -> tuple[Timed, ...]:
        """The targets that the export judges."""
        found = set() if self._clocks is None else set(self._clocks["target"].cast(pl.String))
        return tuple(timed for timed in TIMED if timed in found)

    def judged(self, sla: Sla, timed: Timed) -> Judged | None:
        """The clocks of a target, whatever the agreement; their time is that of the clock on the wall."""
        if self._clocks is None or timed not in self.targets:
            return None
        clocks = self._clocks.filter(pl.col("target") == timed).sort("row")
        until = self._facts.tickets["until"].gather(clocks["row"])
        ran = (pl.coalesce("stopped_at", pl.lit(until)) - pl.col("started_at")).dt.total_microseconds()
        states = pl.col("state").cast(pl.String).replace_strict({str(state): code for state, code in CODE.items()})
        return Judged(
            clocks=clocks.select(
                *("row", "cycle"),
                ran.alias("elapsed_us"),
                pl.col("stopped_at").is_not_null().alias("is_stopped"),
                pl.lit(0, pl.UInt32).alias("rule"),
                pl.lit(None, pl.Int64).alias("target_us"),
                states.cast(pl.UInt8).alias("state"),
            ),
            rules=self.rules,
            layout=(self, timed),
        )

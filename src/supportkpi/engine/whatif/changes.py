"""Who is newly met and newly late under other service levels, by group and by name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from supportkpi.clocks import State
from supportkpi.clocks.replay import Judged
from supportkpi.engine.grouping.groups import RULE
from supportkpi.engine.whatif.tally import BREACHED, DECIDED, MET, OPEN, SET_ASIDE, Bench, Count, Dims, Turn
from supportkpi.sla import Timed
from supportkpi.whatifs import TICKETS, Change, Group

_SECOND = 1_000_000
_NAMES = pl.Series([*(state.value for state in State), "no_clock"])
Tickets = tuple[str, ...]
Place = tuple[Dims, tuple[str | None, ...]]
Named = dict[Place, Tickets]


def change(scenario: str, timed: Timed, group: Group, count: Count, was: float | None) -> Change:
    """What becomes of the clocks of a group; ``was`` is the share that it had under BASE."""
    judged = (*DECIDED, *OPEN)
    return Change(
        scenario=scenario,
        target=timed,
        group=group,
        newly_met=count.turned(BREACHED, MET),
        newly_breached=count.turned((*MET, *OPEN), BREACHED),
        newly_judged=count.turned(SET_ASIDE, judged),
        no_longer_judged=count.turned(judged, SET_ASIDE),
        undecided=count.turned(BREACHED, OPEN),
        delta=None if was is None or count.value is None else count.value - was,
    )


NEWLY_MET = Turn(before=BREACHED, now=MET, longest=False)
NEWLY_BREACHED = Turn(before=(*MET, *OPEN), now=BREACHED, longest=True)


def named(
    bench: Bench, mine: Judged | None, turn: Turn, total: Count, tickets: pl.DataFrame, *, views: Sequence[Dims]
) -> Named:
    """The tickets that took a turn, of every group: newly late the longest first, newly met the shortest."""
    if mine is None or not total.turned(turn.before, turn.now):
        return {}
    few = bench.turned(mine, turn, TICKETS).sort("elapsed_us", "row", descending=[turn.longest, False])
    few = few.join(bench.counted.cells, on="cell", how="left", maintain_order="left")
    few = few.with_columns(ticket=tickets["ticket_id"].gather(few["row"]).cast(pl.String))
    return {place: names for dims in views for place, names in _listed(few, dims, bench)}


def _listed(few: pl.DataFrame, dims: Dims, bench: Bench) -> Iterator[tuple[Place, Tickets]]:
    labels = {**bench.counted.labels, RULE: (*bench.rules, None)}
    groups = few.partition_by(dims, as_dict=True, maintain_order=True) if dims else {(): few}
    for codes, rows in groups.items():
        names = tuple(dict.fromkeys(rows["ticket"].to_list()))[:TICKETS]
        yield (dims, tuple(labels[dim][code] for dim, code in zip(dims, codes, strict=True))), names


def moved(bench: Bench, mine: Judged | None, tickets: pl.DataFrame, *, scenario: str, timed: Timed) -> pl.DataFrame:
    """Every clock that became another: scenario, target, ticket_id, cycle, rule, priority, was, is, and its seconds."""
    clocks = bench.clocks(mine).filter(pl.col("base") != pl.col("mine"))
    rules = pl.Series([*bench.rules, None], dtype=pl.String)
    beside = clocks.select("row", "cycle").with_columns(
        pl.lit(scenario).alias("scenario"),
        pl.lit(timed, pl.String).alias("target"),
        tickets["ticket_id"].cast(pl.String).gather(clocks["row"]).alias("ticket_id"),
        rules.gather(clocks["rule"]).alias("rule"),
        _NAMES.gather(clocks["base"]).alias("was"),
        _NAMES.gather(clocks["mine"]).alias("is"),
        (clocks["elapsed_us"] / _SECOND).alias("elapsed_s"),
        (clocks["was_us"] / _SECOND).alias("limit_was_s"),
        (clocks["target_us"] / _SECOND).alias("limit_s"),
    )
    if "priority" in tickets.columns:
        beside = beside.with_columns(priority=tickets["priority"].cast(pl.String).gather(clocks["row"]))
    else:
        beside = beside.with_columns(priority=pl.lit(None, pl.String))
    return beside.sort("row", "cycle").select(
        *("scenario", "target", "ticket_id", "cycle", "rule", "priority", "was", "is"),
        *("elapsed_s", "limit_was_s", "limit_s"),
    )

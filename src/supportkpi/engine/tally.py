"""Clocks counted by what they were and what they become: a small table a scenario, from which all is added up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from supportkpi.clocks import State
from supportkpi.clocks.replay import CODE, Judged
from supportkpi.decisions import Settings
from supportkpi.engine.groups import RULE, grouped
from supportkpi.engine.people import People

ABSENT = len(State)
"""The code of a clock that a scenario does not have."""
MET = (CODE[State.met],)
BREACHED = (CODE[State.breached_closed], CODE[State.breached_open])
OPEN = (CODE[State.running], CODE[State.paused])
DECIDED = (*MET, *BREACHED)
SET_ASIDE = (CODE[State.excluded], CODE[State.no_target], ABSENT)
_STATES = 8
Dims = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """The tickets that count: ``cell`` of every ticket of the facts (null: it does not), what a cell stands for.

    ``cells``: cell (UInt32) and the code of each dimension; ``labels`` are a dimension's values by their codes.
    """

    cell: pl.Series
    cells: pl.DataFrame
    labels: Mapping[str, tuple[str | None, ...]]


def population(
    tickets: pl.DataFrame, dims: Sequence[str], *, of: int, settings: Settings, people: People
) -> Population:
    """The cells of some tickets; ``_row`` is the place of each among ``of``.

    Raises:
        OptionWrong: a dimension has more values than a breakdown can show.
    """
    key = pl.repeat(0, tickets.height, dtype=pl.Int64, eager=True)
    coded, labels = {}, {}
    for dim in dims:
        groups = grouped(tickets, (dim,), "created_at", settings.timezone, people)
        coded[dim], labels[dim] = groups.codes, tuple(label[dim] for label in groups.labels)
        key = key * max(len(groups.labels), 1) + groups.codes.cast(pl.Int64)
    cell = (key.rank("dense") - 1).cast(pl.UInt32).alias("cell")
    cells = pl.DataFrame([cell, *(codes.alias(dim) for dim, codes in coded.items())]).unique("cell").sort("cell")
    empty = pl.repeat(None, of, dtype=pl.UInt32, eager=True)
    return Population(cell=empty.scatter(tickets["_row"], cell), cells=cells, labels=labels)


class Bench:
    """The clocks of one target under BASE, and what others make of them, clock by clock."""

    def __init__(self, counted: Population, base: Judged | None, rules: Sequence[str]) -> None:
        """``rules`` are BASE's, by whose names all is told; without ``base`` it has no limit for the target."""
        self.counted, self.base, self.rules = counted, base, tuple(rules)
        self._codes = self._coded(base.clocks, base.rules, base.clocks["state"]) if base is not None else None

    def counts(self, mine: Judged | None) -> pl.DataFrame:
        """cell, rule (place among ``rules``, behind them: none), base, mine (codes of states), n."""
        if self.base is None and mine is None:
            return _spread(pl.Series([], dtype=pl.Int64), len(self.rules) + 1)
        if self.base is not None and self._codes is not None and (mine is None or mine.layout is self.base.layout):
            states = mine.clocks["state"] if mine is not None else pl.repeat(ABSENT, len(self._codes), eager=True)
            return _spread(self._codes + states.cast(pl.Int64), len(self.rules) + 1)
        both = self.clocks(mine)
        place = both["cell"].cast(pl.Int64) * (len(self.rules) + 1) + both["rule"].cast(pl.Int64)
        codes = (place * _STATES + both["base"].cast(pl.Int64)) * _STATES + both["mine"].cast(pl.Int64)
        return _spread(codes, len(self.rules) + 1)

    def clocks(self, mine: Judged | None) -> pl.DataFrame:
        """row, cycle, cell, rule, base, mine, elapsed_us, was_us, target_us of every clock of either side."""
        left = self._side(self.base, "base", "was_us")
        right = self._side(mine, "mine", "target_us")
        if self.base is not None and mine is not None and mine.layout is self.base.layout:
            both = left.hstack(right.select("mine", "target_us"))
        else:
            both = left.join(right, on=("row", "cycle"), how="full", coalesce=True, maintain_order="left_right")
            both = both.with_columns(
                pl.coalesce("rule", "rule_right").alias("rule"),
                elapsed_us=pl.coalesce("elapsed_us_right", "elapsed_us"),
            )
        known = both.with_columns(
            pl.col("base", "mine").fill_null(ABSENT), cell=self.counted.cell.gather(both["row"])
        ).filter(pl.col("cell").is_not_null())
        return known.select("row", "cycle", "cell", "rule", "base", "mine", "elapsed_us", "was_us", "target_us")

    def _side(self, judged: Judged | None, state: str, limit: str) -> pl.DataFrame:
        if judged is None:
            kinds = {"row": pl.UInt32, "cycle": pl.UInt32, "elapsed_us": pl.Int64, "rule": pl.UInt32}
            return pl.DataFrame(schema={**kinds, state: pl.UInt8, limit: pl.Int64})
        return judged.clocks.select(
            "row",
            "cycle",
            "elapsed_us",
            self._places(judged.clocks["rule"], judged.rules).alias("rule"),
            pl.col("state").alias(state),
            pl.col("target_us").alias(limit),
        )

    def _places(self, rule: pl.Series, names: Sequence[str]) -> pl.Series:
        """The place of each clock's rule among BASE's, by its name; behind them where it is none of them."""
        none = len(self.rules)
        known = {name: place for place, name in enumerate(self.rules)}
        table = pl.Series([*(known.get(name, none) for name in names), none], dtype=pl.UInt32)
        return table.gather(rule.fill_null(len(names)))

    def _coded(self, clocks: pl.DataFrame, names: Sequence[str], state: pl.Series) -> pl.Series:
        """Cell, rule and state of each clock as one number, with room for another state; null: it does not count."""
        cell = self.counted.cell.gather(clocks["row"]).cast(pl.Int64)
        place = cell * (len(self.rules) + 1) + self._places(clocks["rule"], names).cast(pl.Int64)
        return (place * _STATES + state.cast(pl.Int64)) * _STATES


def _spread(codes: pl.Series, rules: int) -> pl.DataFrame:
    """The counts of codes, taken apart again."""
    counted = codes.alias("code").drop_nulls().value_counts(name="n").sort("code")
    code, place = pl.col("code"), pl.col("code") // (_STATES * _STATES)
    return counted.select(
        cell=(place // rules).cast(pl.UInt32),
        rule=(place % rules).cast(pl.UInt32),
        base=(code // _STATES % _STATES).cast(pl.UInt8),
        mine=(code % _STATES).cast(pl.UInt8),
        n=pl.col("n").cast(pl.Int64),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """The clocks of one group by (state under BASE, state now)."""

    pairs: Mapping[tuple[int, int], int]

    def of(self, states: Sequence[int]) -> int:
        """How many are now in one of the states."""
        return sum(n for (_, mine), n in self.pairs.items() if mine in states)

    def turned(self, before: Sequence[int], now: Sequence[int]) -> int:
        """How many were in one of the states under BASE, and are in one of the others now."""
        return sum(n for (base, mine), n in self.pairs.items() if base in before and mine in now)

    @property
    def n(self) -> int:
        """Clocks decided."""
        return self.of(DECIDED)

    @property
    def x(self) -> int:
        """Clocks met."""
        return self.of(MET)

    @property
    def running(self) -> int:
        """Clocks that run or stand still, not over their limit."""
        return self.of(OPEN)

    @property
    def value(self) -> float | None:
        """The share met of those decided; None of none."""
        return self.x / self.n if self.n else None


def by(
    counts: pl.DataFrame, counted: Population, dims: Dims, rules: Sequence[str]
) -> dict[tuple[str | None, ...], Count]:
    """The counts of every group, by its labels: BASE's rules in the order in which they are tried, others sorted."""
    codes = [dim for dim in dims if dim != RULE]
    beside = counts.join(counted.cells.select("cell", *codes), on="cell", how="left") if codes else counts
    keys = [RULE if dim == RULE else dim for dim in dims]
    summed = beside.group_by(*keys, "base", "mine").agg(pl.col("n").sum()).sort(*keys, "base", "mine")
    labels = {**{dim: counted.labels[dim] for dim in codes}, RULE: (*rules, None)}
    found: dict[tuple[str | None, ...], dict[tuple[int, int], int]] = {}
    for *place, base, mine, n in summed.select(*keys, "base", "mine", "n").iter_rows():
        group = tuple(labels[dim][code] for dim, code in zip(dims, place, strict=True))
        found.setdefault(group, {})[base, mine] = n
    if not dims:
        found.setdefault((), {})
    return {group: Count(pairs=pairs) for group, pairs in found.items()}

"""Clocks counted by what they were and what they become: a small table a scenario, from which all is added up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import polars as pl

from supportkpi.clocks import State
from supportkpi.clocks.replay import CODE, Judged
from supportkpi.decisions import Settings
from supportkpi.engine.grouping.groups import RULE, grouped
from supportkpi.engine.grouping.people import People

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What may become of a clock: its states under BASE, those now, and whether the longest is the most remarkable."""

    before: tuple[int, ...]
    now: tuple[int, ...]
    longest: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """Places of clocks in order; ``codes`` of cell and rule, and where the clocks of each begin."""

    order: pl.Series
    codes: list[int]
    starts: list[int]


class Bench:
    """The clocks of one target under BASE, and what others make of them, clock by clock."""

    def __init__(self, counted: Population, base: Judged | None, rules: Sequence[str]) -> None:
        """``rules`` are BASE's, by whose names all is told; without ``base`` it has no limit for the target."""
        self.counted, self.base, self.rules = counted, base, tuple(rules)
        self._codes = self._coded(base) if base is not None else None
        self._ordered: _Line | None = None

    def counts(self, mine: Judged | None) -> pl.DataFrame:
        """rule (place among ``rules``, behind them: none), the codes of the dimensions, base, mine (states), n."""
        if self._codes is not None and (mine is None or self.aligned(mine)):
            states = mine.clocks["state"] if mine is not None else pl.repeat(ABSENT, len(self._codes), eager=True)
            codes = self._codes + states.cast(pl.Int64)
        else:
            both = self.clocks(mine)
            place = both["cell"].cast(pl.Int64) * (len(self.rules) + 1) + both["rule"].cast(pl.Int64)
            codes = (place * _STATES + both["base"].cast(pl.Int64)) * _STATES + both["mine"].cast(pl.Int64)
        return _spread(codes, len(self.rules) + 1).join(self.counted.cells, on="cell", how="left")

    def aligned(self, mine: Judged) -> bool:
        """Whether another agreement has the clocks of BASE, row for row."""
        if self.base is None:
            return False
        ours, theirs = self.base.clocks, mine.clocks
        return mine.layout is self.base.layout or (
            ours["row"].equals(theirs["row"]) and ours["cycle"].equals(theirs["cycle"])
        )

    def turned(self, mine: Judged, turn: Turn, most: int) -> pl.DataFrame:
        """row, cell, rule, elapsed_us of the clocks that took a turn: of each cell and rule the ``most`` remarkable."""
        if self.base is None or not self.aligned(mine):
            both = self.clocks(mine).filter(pl.col("base").is_in(turn.before) & pl.col("mine").is_in(turn.now))
            ranked = both.sort("elapsed_us", "row", descending=[turn.longest, False])
            some = ranked.group_by("cell", "rule", maintain_order=True).head(most)
            return some.select("row", "cell", "rule", "elapsed_us")
        line = self._line()
        was, now = self.base.clocks["state"], mine.clocks["state"]
        places = (_among(was, turn.before) & _among(now, turn.now)).gather(line.order).arg_true()
        edges = places.search_sorted(pl.Series([*line.starts, len(line.order)], dtype=places.dtype)).to_list()
        if turn.longest:
            spans = [(low, min(low + most, high)) for low, high in pairwise(edges)]
        else:
            spans = [(max(high - most, low), high) for low, high in pairwise(edges)]
        picked = pl.concat([places.slice(low, high - low) for low, high in spans])
        sizes = pl.Series([high - low for low, high in spans])
        clocks, rows = mine.clocks, line.order.gather(picked)
        code = pl.Series(line.codes, dtype=pl.Int64).repeat_by(sizes).explode(empty_as_null=False)
        return pl.DataFrame(
            {
                "row": clocks["row"].gather(rows),
                "cell": (code // (len(self.rules) + 1)).cast(pl.UInt32),
                "rule": (code % (len(self.rules) + 1)).cast(pl.UInt32),
                "elapsed_us": self.base.clocks["elapsed_us"].gather(rows),
            }
        )

    def _line(self) -> _Line:
        """BASE's clocks by cell and rule, the longest first: in order once for all that have the same clocks."""
        if self._ordered is None:
            assert self.base is not None  # noqa: S101 - asked only where it has clocks
            assert self._codes is not None  # noqa: S101 - as above
            place = self._codes // (_STATES * _STATES)
            frame = pl.DataFrame({"place": place, "elapsed": self.base.clocks["elapsed_us"]}).with_row_index("at")
            frame = frame.drop_nulls("place").sort("place", "elapsed", "at", descending=[False, True, False])
            runs = frame["place"].rle().struct.unnest()
            starts = (runs["len"].cum_sum() - runs["len"]).to_list()
            self._ordered = _Line(order=frame["at"], codes=runs["value"].to_list(), starts=starts)
        return self._ordered

    def clocks(self, mine: Judged | None) -> pl.DataFrame:
        """row, cycle, cell, rule, base, mine, elapsed_us, was_us, target_us of every clock of either side."""
        left = self._side(self.base, "base", "was_us")
        right = self._side(mine, "mine", "target_us")
        if mine is not None and self.aligned(mine):
            both = left.drop("elapsed_us").hstack(right.select("mine", "target_us", "elapsed_us"))
        else:
            both = left.join(right, on=("row", "cycle"), how="full", coalesce=True, maintain_order="left_right")
            both = both.with_columns(
                rule=pl.coalesce("rule", "rule_right"), elapsed_us=pl.coalesce("elapsed_us_right", "elapsed_us")
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

    def _coded(self, base: Judged) -> pl.Series:
        """Cell, rule and state of each clock as one number, with room for another state; null: it does not count."""
        clocks = base.clocks
        cell = self.counted.cell.gather(clocks["row"]).cast(pl.Int64)
        place = cell * (len(self.rules) + 1) + self._places(clocks["rule"], base.rules).cast(pl.Int64)
        return (place * _STATES + clocks["state"].cast(pl.Int64)) * _STATES


def _among(states: pl.Series, codes: Sequence[int]) -> pl.Series:
    """Whether each state is one of some; a few comparisons of bytes are quicker than looking them up."""
    found = states == codes[0]
    for code in codes[1:]:
        found = found | (states == code)
    return found


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
    counts: pl.DataFrame, labels: Mapping[str, tuple[str | None, ...]], dims: Dims, rules: Sequence[str]
) -> dict[tuple[str | None, ...], Count]:
    """The counts of every group, by its labels: BASE's rules in the order in which they are tried, others sorted."""
    summed = counts.group_by(*dims, "base", "mine").agg(pl.col("n").sum()).sort(*dims, "base", "mine")
    named = {**labels, RULE: (*rules, None)}
    found: dict[tuple[str | None, ...], dict[tuple[int, int], int]] = {}
    for *place, base, mine, n in summed.select(*dims, "base", "mine", "n").iter_rows():
        group = tuple(named[dim][code] for dim, code in zip(dims, place, strict=True))
        found.setdefault(group, {})[base, mine] = n
    if not dims:
        found.setdefault((), {})
    return {group: Count(pairs=pairs) for group, pairs in found.items()}

"""Clocks that are late, and those that will be soon: lists on each ticket's own clock (engine.md 4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import polars as pl

from supportkpi.clocks import CLOCKS, State, due_at, given, given_due, ledger, unobserved
from supportkpi.decisions import Settings
from supportkpi.errors import OptionWrong
from supportkpi.facts import Facts
from supportkpi.lists import CLOCK, SHOWN, Head, List, Patience, Spread
from supportkpi.schema import INSTANT
from supportkpi.sla import Timed

DECIDED = (State.met.value, State.breached_closed.value, State.breached_open.value)
LATE = (State.breached_closed.value, State.breached_open.value)
OPEN = (State.running.value, State.paused.value)
_HINT = 'give --sla "first_response=4h resolution=16h", or sla: in the config'
_ENOUGH = 20
"""Late clocks from which on it says something how much the worst twentieth of them holds."""
_GRAIN = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """All clocks of a run, ``frame``: the ledger of the agreement, else of the export's own deadlines and verdicts."""

    facts: Facts
    settings: Settings
    frame: pl.DataFrame
    basis: Literal["derived", "given"]

    @property
    def targets(self) -> tuple[str, ...]:
        """The targets that any clock is of, in their order."""
        found = set(self.frame["target"].cast(pl.String).unique().to_list())
        return tuple(name for name in self.frame.schema["target"].categories if name in found)  # type: ignore[attr-defined]

    def due(self, clocks: pl.DataFrame) -> pl.DataFrame:
        """Some of the clocks with due_at: when they run out."""
        if clocks.is_empty():
            return clocks.with_columns(due_at=pl.lit(None, INSTANT))
        if self.settings.sla is None:
            return clocks.with_columns(due_at=given_due(self.facts, clocks))
        return clocks.with_columns(due_at=due_at(self.facts, self.settings.sla, clocks))

    def left(self, clocks: pl.DataFrame) -> pl.DataFrame:
        """Some of the clocks with left_s: how much of the limit an open one has left, at the end of observation."""
        if self.settings.sla is not None:
            return clocks.with_columns(left_s=pl.col("target_s") - pl.col("elapsed_s"))
        until = self.facts.tickets["until"].gather(clocks["row"])
        due = given_due(self.facts, clocks)
        return clocks.with_columns(left_s=(due - until).dt.total_microseconds() / 1_000_000)

    def late_from(self, clocks: pl.DataFrame) -> pl.Series:
        """The first open instant at which each clock is late, where it is used up: the next opening after closing."""
        if self.settings.sla is None or clocks.is_empty():
            return pl.repeat(None, clocks.height, dtype=INSTANT, eager=True)
        over = due_at(self.facts, self.settings.sla, clocks.with_columns(pl.col("target_s") + _GRAIN))
        return over.dt.truncate("1s")


def bench(facts: Facts, settings: Settings) -> Bench:
    """The clocks under the agreement of the settings, else by the deadlines that the export carries."""
    if settings.sla is not None:
        return Bench(facts=facts, settings=settings, frame=ledger(facts, settings.sla), basis="derived")
    carried = given(facts)
    empty = pl.DataFrame(schema={"row": pl.UInt32(), **CLOCKS})
    return Bench(facts=facts, settings=settings, frame=empty if carried is None else carried, basis="given")


def chosen(clocks: Bench, tickets: pl.DataFrame, timed: Timed | None) -> pl.DataFrame:
    """The clocks of some tickets, of one target or of all.

    Raises:
        OptionWrong: nothing sets a limit, or the export does not show what would stop the clock.
    """
    sla = clocks.settings.sla
    if sla is None and clocks.frame.is_empty():
        raise OptionWrong("there are no limits: neither the config nor the export has any", hint=_HINT)
    if timed is not None and timed not in clocks.targets:
        why = unobserved(clocks.facts, timed, sla) if sla is not None and timed in sla.timed() else ()
        if sla is None or timed not in sla.timed():
            raise OptionWrong(f"nothing sets a limit for {timed}", hint=f"limits are for {', '.join(_limited(clocks))}")
        if why:
            message = f"this export cannot show clocks of {timed}: {'; '.join(why)}"
            raise OptionWrong(message, hint="supportkpi inspect FILES says what the files can give")
    frame = clocks.frame if timed is None else clocks.frame.filter(pl.col("target") == timed)
    return frame.join(tickets.select(pl.col("ticket_id").cast(pl.String)), on="ticket_id", how="semi")


def _limited(clocks: Bench) -> tuple[str, ...]:
    sla = clocks.settings.sla
    return clocks.targets if sla is None else sla.timed()


def breached(clocks: Bench, tickets: pl.DataFrame, timed: Timed | None, kpi: str | None) -> tuple[pl.DataFrame, Head]:
    """A row a ticket with a clock that missed: the one that waits still, then the latest; and what they come to."""
    every = chosen(clocks, tickets, timed)
    late = every.filter(pl.col("state").cast(pl.String).is_in(LATE))
    worst = _one_each(late.with_columns(_open=pl.col("state") == State.breached_open.value), ("_open", "late_s"))
    head = Head(
        list=List.breached,
        n=late.height,
        of=every.filter(pl.col("state").cast(pl.String).is_in(DECIDED)).height,
        n_open=int((late["state"] == State.breached_open.value).sum()),
        what=kpi,
        spread=spread(late["late_s"]),
        beside={
            "tickets": worst.height,
            "external": int((every["state"] == State.excluded.value).sum()),
            "unanswered": int(late["is_unanswered"].sum()),
        },
        is_business=bool(late["calendar"].count()),
        basis=clocks.basis,
    )
    return _shown(clocks, worst), head


def at_risk(
    clocks: Bench, tickets: pl.DataFrame, timed: Timed | None, kpi: str | None, *, within: Patience
) -> tuple[pl.DataFrame, Head]:
    """A row a ticket with an open clock that has no more than so much open time left, the least first."""
    every = clocks.left(chosen(clocks, tickets, timed))
    is_open = pl.col("state").cast(pl.String).is_in(OPEN)
    soon = every.filter(is_open & (pl.col("left_s") <= (within.seconds or 0.0)))
    worst = _one_each(
        soon.with_columns(_runs=pl.col("state") == State.running.value, _less=-pl.col("left_s")), ("_runs", "_less")
    )
    head = Head(
        list=List.at_risk,
        n=soon.height,
        of=every.filter(is_open).height,
        n_open=soon.height,
        what=kpi,
        limit=within.text,
        beside={
            "tickets": worst.height,
            "late": int((every["state"] == State.breached_open.value).sum()),
            "paused": int((soon["state"] == State.paused.value).sum()),
        },
        is_business=bool(soon["calendar"].count()),
        basis=clocks.basis,
    )
    return _shown(clocks, worst), head


def _one_each(clocks: pl.DataFrame, first: tuple[str, ...]) -> pl.DataFrame:
    """One clock a ticket: the greatest by ``first``, in that order."""
    down = [True] * len(first)
    ordered = clocks.sort(*first, "target", "cycle", descending=[*down, False, False], nulls_last=True)
    return ordered.unique("ticket_id", keep="first", maintain_order=True)


def _shown(clocks: Bench, rows: pl.DataFrame) -> pl.DataFrame:
    """ticket_id, and the columns of SHOWN behind ``on_``."""
    full = clocks.due(rows)
    if "left_s" not in full.columns:
        full = full.with_columns(left_s=pl.lit(None, pl.Float64))
    used_up = (pl.col("left_s") == 0) & (pl.col("state") == State.running.value)
    late_from = clocks.late_from(full)
    full = full.with_columns(late_from_at=pl.when(used_up & (late_from > pl.col("due_at"))).then(late_from))
    return full.select("ticket_id", *(pl.col(name).cast(dtype).alias(f"on_{name}") for name, dtype in SHOWN.items()))


def spread(seconds: pl.Series) -> Spread | None:
    """What times come to: their sum, median, ninth decile (linear), and what the worst twentieth of them holds."""
    known = seconds.drop_nulls().sort(descending=True)
    if known.is_empty():
        return None
    total, worst = float(known.sum()), -(-len(known) // 20)
    enough = len(known) >= _ENOUGH and total > 0
    return Spread(
        n=len(known),
        total_s=total,
        median_s=float(known.quantile(0.5, "linear") or 0.0),
        p90_s=float(known.quantile(0.9, "linear") or 0.0),
        worst=worst,
        worst_share=float(known.head(worst).sum()) / total if enough else None,
    )


def beside(clocks: pl.DataFrame, targets: tuple[str, ...]) -> pl.DataFrame:
    """ticket_id, and for each target the columns of CLOCK behind its name; of several cycles the worst.

    Targets of several cycles also have ``TARGET_cycles``. The worst is an overdue open one, then a late one, then the
    one that took most of its limit.
    """
    wide = clocks.select(pl.col("ticket_id").unique(maintain_order=True))
    rank = pl.lit(0)
    for place, state in enumerate(_FROM_BEST, start=1):
        rank = pl.when(pl.col("state") == state.value).then(pl.lit(place)).otherwise(rank)
    ranked = clocks.with_columns(_rank=rank, _used=pl.col("elapsed_s") / pl.col("target_s"))
    for target in targets:
        mine = ranked.filter(pl.col("target") == target).with_columns(cycles=pl.len().over("ticket_id"))
        worst = _one_each(mine, ("_rank", "late_s", "_used"))
        columns = [pl.col(name).cast(dtype).alias(f"{target}_{name}") for name, dtype in CLOCK.items()]
        cycles = [pl.col("cycles").alias(f"{target}_cycles")] if target in _SEVERAL else []
        wide = wide.join(worst.select("ticket_id", *columns, *cycles), on="ticket_id", how="left")
    return wide


_FROM_BEST = (State.excluded, State.met, State.paused, State.running, State.breached_closed, State.breached_open)
_SEVERAL = ("next_response", "update")


def behind(clocks: Bench, tickets: pl.DataFrame, timed: Timed | None, kpi: str) -> tuple[pl.DataFrame, Head]:
    """A row a ticket with a clock of a service level: in_n decided, in_x met in all its cycles, in_n_open running.

    Without a target the KPI is of tickets: one is decided when all its clocks are, and set aside when any is.
    """
    every, joint, state = chosen(clocks, tickets, timed), timed is None, pl.col("state").cast(pl.String)
    if joint:
        every = every.filter(~(state == State.excluded.value).any().over("ticket_id"))
    marks = every.select(
        "ticket_id", in_n=state.is_in(DECIDED), late=state.is_in(LATE), in_n_open=state.is_in(OPEN)
    ).filter(pl.col("in_n") | pl.col("in_n_open"))
    each = marks.group_by("ticket_id", maintain_order=True).agg(pl.col("in_n", "late", "in_n_open").any())
    each = each.with_columns(pl.col("in_n") & ~(pl.col("in_n_open") & joint))
    counted = each if joint else marks
    each = each.with_columns(in_x=pl.col("in_n") & ~pl.col("late") & ~pl.col("in_n_open")).drop("late")
    known = every.filter(state.is_in((*DECIDED, *OPEN)))
    known = known.with_columns(_runs=state.is_in(OPEN) & joint, _open=state == State.breached_open.value)
    head = Head(
        list=List.kpi,
        n=each.height,
        what=kpi,
        beside={
            "n": int(counted["in_n"].sum()),
            "x": int((counted["in_n"] & ~counted["late"]).sum()),
            "n_open": int(counted["in_n_open"].sum()),
        },
        is_business=bool(every["calendar"].count()),
        basis=clocks.basis,
    )
    worst = _one_each(known, ("_runs", "_open", "late_s"))
    return _shown(clocks, worst).join(each, on="ticket_id", maintain_order="left"), head

"""What each clock of a ticket came to: the open time of every day that it counted, and what it did not count.

The pieces are laid out anew from the calendar and the statuses, and add up to what the ledger shows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Literal

import polars as pl

from supportkpi.calendars import Calendar, to_utc, zone_of
from supportkpi.clocks import due_at, ledger
from supportkpi.clocks.traces import Spot, Stretch, Trace, external_causes, follow
from supportkpi.facts import Facts
from supportkpi.receipts import Change, Clock, Otherwise, Piece, Stood
from supportkpi.schema import DONE
from supportkpi.sla import Sla, Timed, Version

_MICRO = timedelta(microseconds=1)
_SECOND = 1_000_000
Mode = Literal["at_event", "at_start", "current", "carry_elapsed", "reset"]
MODES: tuple[Mode, ...] = ("at_event", "at_start", "current", "carry_elapsed", "reset")
SOLVED = "solved"


@dataclass(frozen=True, kw_only=True)  # without slots: what runs is laid out once and kept
class Followed:
    """A clock with its trace, laid out on the time line."""

    ticket: str
    clock: Clock
    trace: Trace
    stands: tuple[tuple[str, Stretch], ...]  # by status

    @cached_property
    def running(self) -> tuple[Stretch, ...]:
        """The stretches outside of pauses, open or not."""
        return tuple(_less((self.trace.started_at, self.trace.end), self.trace.stands))

    def counted(self, calendar: Calendar | None = None) -> Iterator[Stretch]:
        """The open stretches in which the clock ran."""
        for low, high in self.running:
            yield from opened(calendar or self.trace.run_on, low, high)

    def shown(self, at: datetime) -> float:
        """What the clock showed at an instant, in seconds."""
        return _seconds((low, min(high, at)) for low, high in self.counted() if low < at)


def followed(facts: Facts, sla: Sla, clocks: pl.DataFrame) -> list[Followed]:
    """The clocks (rows of the ledger of these facts) with their accounts."""
    due = due_at(facts, sla, clocks).to_list()
    traces = follow(facts, sla, clocks)
    mine = external_causes(facts, sla).filter(pl.col("ticket_id").is_in(clocks["ticket_id"].unique().to_list()))
    causes = {ticket: (tuple(names), mended) for ticket, names, mended in mine.iter_rows()}
    others = _others(facts, sla, clocks, traces)
    found = []
    for place, row in enumerate(clocks.iter_rows(named=True)):
        trace = traces[place]
        made = Followed(
            ticket=row["ticket_id"],
            clock=_bare(row, due[place], trace),
            trace=trace,
            stands=tuple(_named(facts, row, trace)),
        )
        taken_out, mended = causes.get(row["ticket_id"], ((), None)) if row["state"] == "excluded" else ((), None)
        clock = replace(
            made.clock,
            pieces=tuple(_pieces(made.counted(), facts.settings.timezone)),
            stood=tuple(_stood(made)),
            changes=tuple(_changes(made)),
            otherwise=tuple(_otherwise(row, others)),
            causes=taken_out,
            restored_at=mended,
        )
        found.append(replace(made, clock=clock))
    return found


def _bare(row: Mapping[str, object], due: datetime | None, trace: Trace) -> Clock:
    """The row of the ledger as it stands."""
    same = ("target", "cycle", "state", "judged", "version", "rule", "calendar", "started_at", "stopped_at")
    spans = ("elapsed_s", "target_s", "good_s", "late_s", "is_unanswered", "is_uncertain")
    ruled = next((spot.rule for spot in trace.spots if spot.rule is not None and spot.rule.name == row["rule"]), None)
    timed: Timed = row["target"]  # type: ignore[assignment]
    return Clock(
        **{name: row[name] for name in (*same, *spans)},  # type: ignore[arg-type]
        due_at=due,
        limit="" if ruled is None else ruled.limits[timed].text,
        boundary="inclusive" if trace.version is None else trace.version.boundary,
        mode="at_event" if trace.version is None else trace.version.priority,
    )


# --- pieces ----------------------------------------------------------------------------------------------------------


def opened(calendar: Calendar, low: datetime, high: datetime) -> Iterator[Stretch]:
    """The open stretches between two instants."""
    yield from calendar.intervals(low, high).iter_rows()


def _less(whole: Stretch, cuts: Sequence[Stretch]) -> Iterator[Stretch]:
    """What is left of a stretch; the cuts are in order and lie within it."""
    start = whole[0]
    for low, high in cuts:
        if start < low:
            yield start, low
        start = max(start, high)
    if start < whole[1]:
        yield start, whole[1]


def _seconds(stretches: Iterator[Stretch]) -> float:
    return sum((high - low) // _MICRO for low, high in stretches) / _SECOND


def _pieces(stretches: Iterator[Stretch], timezone: str) -> Iterator[Piece]:
    """Open seconds by local day."""
    days: dict[date, int] = {}
    for low, high in stretches:
        for day, micros in _by_day(low, high, timezone):
            days[day] = days.get(day, 0) + micros
    yield from (Piece(day=day, seconds=micros / _SECOND) for day, micros in days.items())


def _by_day(low: datetime, high: datetime, timezone: str) -> Iterator[tuple[date, int]]:
    zone = zone_of(timezone)
    while low < high:
        day = low.astimezone(zone).date()
        midnight = to_utc(datetime.combine(day + timedelta(days=1), time()), timezone)
        end = min(high, midnight)
        yield day, (end - low) // _MICRO
        low = end


# --- what was not counted --------------------------------------------------------------------------------------------


def _named(facts: Facts, row: Mapping[str, object], trace: Trace) -> Iterator[tuple[str, Stretch]]:
    """Each stretch in which the clock stood still, with the status that the ticket had in it."""
    if not trace.stands:
        return
    mine = facts.intervals.filter(pl.col("ticket_id") == row["ticket_id"]).sort("start")
    known = mine.select(pl.col("status").cast(pl.String), pl.col("raw").cast(pl.String), "start", "end").rows()
    timed: Timed = row["target"]  # type: ignore[assignment]
    words = () if trace.version is None else trace.version.pause_on.get(timed, ())
    folded = {word.casefold() for word in words} | set(DONE)
    for low, high in trace.stands:
        status, raw = next(
            (status, raw) for status, raw, start, end in known if start <= low and (end is None or end > low)
        )
        yield (SOLVED if status in DONE else status if status in folded else raw or status), (low, high)


def _stood(made: Followed) -> Iterator[Stood]:
    """Open seconds by status, then by agreed cause."""
    spans: dict[str, float] = {}
    for status, (low, high) in made.stands:
        spans[status] = spans.get(status, 0.0) + _seconds(opened(made.trace.run_on, low, high))
    yield from (Stood(status=status, seconds=seconds) for status, seconds in spans.items())
    calendar, before = made.trace.calendar, _seconds(made.counted(made.trace.calendar))
    for cause in made.trace.causes:
        if cause.start is None or cause.end is None:
            continue
        calendar = calendar.less([(cause.start, cause.end)])
        after = _seconds(made.counted(calendar))
        if after < before:
            yield Stood(cause=cause.name, seconds=before - after)
        before = after


# --- other limits ----------------------------------------------------------------------------------------------------


def limit_of(spot: Spot, timed: str) -> str:
    """The limit of a rule in the words of the agreement."""
    return "" if spot.rule is None else spot.rule.limits[timed].text  # type: ignore[index]


def _changes(made: Followed) -> Iterator[Change]:
    timed, spots = made.clock.target, made.trace.spots
    for before, after in pairwise(spots):
        yield Change(
            at=after.at,
            shown_s=made.shown(after.at),
            from_rule=before.rule.name if before.rule is not None else None,
            from_limit=limit_of(before, timed),
            to_rule=after.rule.name if after.rule is not None else None,
            to_limit=limit_of(after, timed),
            before_s=before.target_s,
            after_s=after.target_s,
        )


_Others = Mapping[tuple[object, ...], tuple[Otherwise, ...]]


def _others(facts: Facts, sla: Sla, clocks: pl.DataFrame, traces: Sequence[Trace]) -> _Others:
    """Clocks that met several rules, judged in every way in which a change can be read."""
    places = [place for place, trace in enumerate(traces) if len(trace.spots) > 1]
    if not places:
        return {}
    wanted = {_key(row) for row in clocks[places].iter_rows(named=True)}
    found: dict[tuple[object, ...], tuple[Otherwise, ...]] = {}
    for mode in MODES:
        for row in ledger(facts, _read_as(sla, mode)).iter_rows(named=True):
            if (key := _key(row)) in wanted:
                made = Otherwise(mode=mode, state=row["judged"], elapsed_s=row["elapsed_s"], target_s=row["target_s"])
                found[key] = (*found.get(key, ()), made)
    return found


def _read_as(sla: Sla, mode: Mode) -> Sla:
    versions: tuple[Version, ...] = tuple(replace(version, priority=mode) for version in sla.versions)
    return replace(sla, versions=versions)


def _key(row: Mapping[str, object]) -> tuple[object, ...]:
    return row["ticket_id"], row["target"], row["cycle"]


def _otherwise(row: Mapping[str, object], others: _Others) -> Iterator[Otherwise]:
    """The ways that would have come to something else."""
    for other in others.get(_key(row), ()):
        if (other.target_s, other.state) != (row["target_s"], row["judged"]):
            yield other

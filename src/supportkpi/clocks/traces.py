"""Clocks followed one by one: when each stood still, and which rules it met on its way; what a receipt tells.

The ledger says what a clock came to. This says how: its parts add up to what the ledger shows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from supportkpi.calendars import Calendar
from supportkpi.clocks._decided import decided
from supportkpi.clocks._ledger import during
from supportkpi.clocks._readings import Clockwork, extends, over, standing, stops
from supportkpi.clocks._rules import rules_of, spots
from supportkpi.clocks._terms import cuts_of, marked, named, pausing, run_on, touches
from supportkpi.facts import Facts
from supportkpi.schema import INSTANT
from supportkpi.sla import Exclusion, Rule, Sla, Timed, Version

_SECOND = 1_000_000
Stretch = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A rule that a clock came under, and the limit that held from then on: None without any."""

    at: datetime
    rule: Rule | None
    target_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """One clock from its start to its stop, or to where observation ends.

    It shows the open time of ``run_on`` (``calendar`` less the agreed pauses ``causes``) outside of ``stands``.
    """

    version: Version | None  # None: created before the first
    started_at: datetime
    end: datetime
    calendar: Calendar
    run_on: Calendar
    stands: tuple[Stretch, ...]
    causes: tuple[Exclusion, ...]
    spots: tuple[Spot, ...]


def follow(facts: Facts, sla: Sla, clocks: pl.DataFrame) -> tuple[Trace, ...]:
    """The traces of some clocks, in their order: rows of ``ledger``, few at a time."""
    beside = facts.tickets.select(pl.col("ticket_id").cast(pl.String), "until", cuts=marked(facts, sla))
    asked = clocks.drop("row", strict=False).with_row_index("clock")
    placed = asked.join(beside.with_row_index("row"), on="ticket_id", how="left", maintain_order="left")
    spans = placed.with_columns(end=pl.max_horizontal(pl.coalesce("stopped_at", "until"), "started_at"))
    found = [_followed(facts, sla, one) for one in spans.iter_slices(1)]
    return tuple(found)


def _followed(facts: Facts, sla: Sla, span: pl.DataFrame) -> Trace:
    """The trace of one clock (one row)."""
    clock = span.row(0, named=True)
    timed: Timed = clock["target"]
    version = next((each for each in sla.versions if named(each) == clock["version"]), None)
    calendar = run_on(sla, clock["calendar"])
    on = calendar.less(cuts_of(sla, clock["cuts"]))
    words = () if version is None else _still(timed, version)
    return Trace(
        version=version,
        started_at=clock["started_at"],
        end=clock["end"],
        calendar=calendar,
        run_on=on,
        stands=tuple(_stretches(facts, span, words)),
        causes=tuple(cause for cause, mark in zip(pausing(sla), clock["cuts"], strict=True) if mark == "1"),
        spots=() if version is None else tuple(_spots(facts, span, timed, version, _work(span, calendar, on))),
    )


def _work(span: pl.DataFrame, calendar: Calendar, on: Calendar) -> Clockwork:
    return Clockwork(calendar=calendar, opened=over(span, on))


def _still(timed: Timed, version: Version) -> tuple[str, ...]:
    """The statuses in which the clock shows the same: where solved time moves the limit, it runs."""
    running = extends(timed, version)
    return tuple(word for word in standing(timed, version) if word not in running)


def _stretches(facts: Facts, span: pl.DataFrame, words: Sequence[str]) -> Iterator[Stretch]:
    found = stops(facts, span, words).sort("low")
    yield from found.filter(pl.col("low") < pl.col("high")).select("low", "high").iter_rows()


def _spots(facts: Facts, span: pl.DataFrame, timed: Timed, version: Version, work: Clockwork) -> Iterator[Spot]:
    """Each rule that held, with the limit as it was decided by all that had happened so far."""
    rules = rules_of(version, timed)
    # spots numbers clocks by their rows; one alone is number 0
    alone = span.with_columns(clock=pl.lit(0, pl.UInt32))
    found = spots(facts, alone, rules)
    if found.height == 1 and not extends(timed, version):  # nothing but its start decided it
        place, target = found["rule"][0], span["target_s"][0]
        yield Spot(at=found["at"][0], rule=None if place is None else rules[place], target_s=target)
        return
    for number, (at, place) in enumerate(found.select("at", "rule").iter_rows(), start=1):
        limits = decided(facts, alone, found.head(number), timed=timed, version=version, on=work)
        target = limits["target_us"].item()
        yield Spot(
            at=at,
            rule=None if place is None else rules[place],
            target_s=None if target is None else target / _SECOND,
        )


def external_causes(facts: Facts, sla: Sla | None) -> pl.DataFrame:
    """ticket_id, causes (List of names), restored_at: the agreed causes that take a ticket's clocks out.

    That of its own column stands first. ``restored_at`` is when the last of them was mended, where that is known.
    """
    own = pl.col("external_cause") if "external_cause" in facts.tickets.columns else pl.lit(None, pl.String)
    mended = [pl.col("restored_at")] if "restored_at" in facts.tickets.columns else []
    agreed = [cause for cause in (sla.exclusions if sla is not None else ()) if cause.effect == "exclude"]
    touched = [(touches(facts, cause) & during(cause)).fill_null(value=False) for cause in agreed]
    named_causes = [pl.when(hit).then(pl.lit(cause.name)) for hit, cause in zip(touched, agreed, strict=True)]
    mended += [
        pl.when(hit).then(pl.lit(cause.restored_at, INSTANT)) for hit, cause in zip(touched, agreed, strict=True)
    ]
    return facts.tickets.select(
        pl.col("ticket_id").cast(pl.String),
        causes=pl.concat_list(own, *named_causes).list.drop_nulls(),
        restored_at=pl.max_horizontal(mended) if mended else pl.lit(None, INSTANT),
    )

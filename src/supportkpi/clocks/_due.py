"""When a clock runs out: the exact inverse of its reading, for rows that a list or a receipt shows (engine.md 4)."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from supportkpi.calendars import Calendar
from supportkpi.calendars import due_at as due_after
from supportkpi.clocks._limits import due_on
from supportkpi.clocks._readings import extends, moved, over, standing
from supportkpi.clocks._terms import cuts_of, marked, named, run_on
from supportkpi.facts import Facts
from supportkpi.schema import INSTANT
from supportkpi.sla import Sla, Timed, Version

_SECOND = 1_000_000
_SAME = ("version", "target", "calendar", "cuts")


def due_at(facts: Facts, sla: Sla, clocks: pl.DataFrame) -> pl.Series:
    """When each clock of a ledger runs out, as of now: Datetime UTC, row for row; null without a target.

    It is the first instant at which the clock shows its target (``target_s``): start, limit, and what it stood still
    so far; a clock that stands still now runs out that much later. A limit in working days, or to the end of a week,
    that no pause moved keeps its wall time even where that is an opening. ``clocks`` are rows of ``ledger(facts, sla)``
    or a part of it, in any order.

    Raises:
        CalendarHorizon: the calendar closes for good before the clock can run out.
    """
    asked = clocks.with_row_index("clock")
    tickets = facts.tickets.select(pl.col("ticket_id").cast(pl.String), "until", cuts=marked(facts, sla))
    beside = asked.drop("row", strict=False).join(
        tickets.with_row_index("row"), on="ticket_id", how="left", maintain_order="left"
    )
    spans = beside.filter(pl.col("target_s").is_not_null()).with_columns(
        target_us=(pl.col("target_s") * _SECOND).round().cast(pl.Int64),
        end=pl.max_horizontal(pl.coalesce("stopped_at", "until"), "started_at"),
    )
    parts = list(_parts(facts, sla, spans))
    empty = pl.DataFrame(schema={"clock": pl.UInt32, "due_at": INSTANT})
    found = pl.concat([empty, *parts])
    return asked.select("clock").join(found, on="clock", how="left", maintain_order="left")["due_at"]


def _parts(facts: Facts, sla: Sla, spans: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """clock, due_at of the clocks that run alike."""
    versions = {named(version): version for version in reversed(sla.versions)}
    for (label, target, name, marks), mine in spans.partition_by(_SAME, as_dict=True, maintain_order=True).items():
        calendar = run_on(sla, name)
        on = calendar.less(cuts_of(sla, marks))
        due = _inverse(facts, mine, versions[label], target, on)
        yield mine.select("clock", due_at=_kept(due, mine, versions[label], target, calendar=calendar, on=on))


def _inverse(facts: Facts, spans: pl.DataFrame, version: Version, timed: Timed, on: Calendar) -> pl.Series:
    """The first instant at which each clock shows its target."""
    words = tuple(word for word in standing(timed, version) if word not in extends(timed, version))
    quota = spans["target_us"] + moved(facts, spans, words=words, of=words, opened=over(spans, on))
    return due_after(spans["started_at"], quota / _SECOND, on)


def _kept(
    due: pl.Series, spans: pl.DataFrame, version: Version, timed: Timed, *, calendar: Calendar, on: Calendar
) -> pl.Series:
    """The due instants, with the wall time of working days and deadlines where the clock shows the same there."""
    for rule in version.rules:
        limit = rule.limits.get(timed)
        rows = (spans["rule"] == rule.name).fill_null(value=False).arg_true()
        if limit is None or limit.seconds is not None or not len(rows):
            continue
        wall = due_on(spans["started_at"].gather(rows), limit, calendar)
        both = pl.DataFrame({"wall": wall, "due": due.gather(rows)})
        opened = over(both.rename({"wall": "end", "due": "started_at"}), on)
        same = both.select(opened(pl.col("wall")) == opened(pl.col("due"))).to_series()
        due = due.scatter(rows, wall.zip_with(same.fill_null(value=False), both["due"]))
    return due

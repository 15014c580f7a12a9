"""What clocks run on: a calendar by name, and the agreed stretches of time that are cut out of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import polars as pl

from supportkpi.calendars import Calendar
from supportkpi.facts import Facts, claimed
from supportkpi.schema import INSTANT
from supportkpi.sla import Exclusion, Sla, Version


def named(version: Version) -> str:
    """What a version is called in the ledger: its label, else its date, else nothing."""
    return version.label or (version.since.date().isoformat() if version.since is not None else "")


def run_on(sla: Sla, name: str | None) -> Calendar:
    """The calendar of a name; around the clock without one."""
    return Calendar.always() if name is None else sla.calendars[name]


def pausing(sla: Sla) -> list[Exclusion]:
    """The agreed causes in whose time clocks stand still."""
    return [cause for cause in sla.exclusions if cause.effect == "pause"]


def marked(facts: Facts, sla: Sla) -> pl.Series:
    """Which of the agreed pauses touch each ticket: a 1 or a 0 for each of them, in order."""
    touched = [touches(facts, cause).fill_null(value=False) for cause in pausing(sla)]
    marks = [pl.when(each).then(pl.lit("1")).otherwise(pl.lit("0")) for each in touched]
    beside = pl.concat_str(marks) if marks else pl.lit("")
    return facts.tickets.with_columns(cuts=beside)["cuts"]


def cuts_of(sla: Sla, marks: str) -> Sequence[tuple[datetime, datetime]]:
    """The stretches of time of the pauses that are marked."""
    causes = [cause for cause, mark in zip(pausing(sla), marks, strict=True) if mark == "1"]
    return [(cause.start, cause.end) for cause in causes if cause.start is not None and cause.end is not None]


def touches(facts: Facts, cause: Exclusion) -> pl.Expr:
    """Whether a cause is about a ticket: by its id and its columns, where the cause names any."""
    ids = pl.col("ticket_id").cast(pl.String).is_in(sorted(cause.tickets)) if cause.tickets else pl.lit(value=True)
    return ids & claimed(facts.tickets, cause.when)


def held(tickets: pl.DataFrame, sla: Sla) -> pl.Series:
    """The place of the version that each ticket is judged by, that of its creation; -1: created before the first.

    A ticket without a creation date belongs to the last.
    """
    created = pl.col("created_at")
    since = [None if version.since is None else pl.lit(version.since, INSTANT) for version in sla.versions]
    place = pl.lit(-1, pl.Int32)
    for number, start in enumerate(since):
        begun = pl.lit(value=True) if start is None else (created >= start).fill_null(value=True)
        place = pl.when(begun).then(pl.lit(number, pl.Int32)).otherwise(place)
    return tickets.with_columns(_held=place)["_held"]

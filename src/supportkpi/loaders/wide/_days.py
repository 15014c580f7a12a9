"""Days without a time of the day: which instants are, and how the others of a ticket are held against them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import time

import polars as pl

from supportkpi.loaders.mapping._fields import FIELDS, STAMPED
from supportkpi.loaders.values._dates import DateReading
from supportkpi.loaders.wide._settle import Settled
from supportkpi.schema import INSTANT

FIRST = 1_000
"""Rows that mostly tell already that a column holds more than days."""
NO_HALVES = "{column!r} runs from 1 to 12 o'clock and tells neither AM nor PM: only its days are taken"
_TELLING, _HOURS, _SMALL = 50, 9, (1, 2, 3)
"""Instants, hours of the day and hours among these from which on it shows that a half of the day is missing."""
_EARLY, _SOME = 3, 0.01
"""Rows, and their share, whose ends come before the creation then."""


def days_of(frame: pl.DataFrame, settled: Settled) -> set[str]:
    """The stamps of which every one stands at midnight."""
    days = set()
    for name in STAMPED:
        reading = settled.dates.get(name)
        if reading is None or not frame[name].count():
            continue
        if all(at_midnight(instants, _zone(reading)) for instants in (frame[name].head(FIRST), frame[name])):
            days.add(name)
    return days


def at_midnight(instants: pl.Series, zone: str) -> bool:
    """Whether all instants that there are stand at the beginning of a day of the zone."""
    local = instants.drop_nulls().dt.convert_time_zone(zone)
    return bool((local.dt.time() == time()).all())


def without_halves(frame: pl.DataFrame, settled: Settled) -> tuple[pl.DataFrame, set[str]]:
    """The rows with days for the instants whose time lost its AM or PM; and which these are.

    So it is where instants run from 1 to 12 o'clock, as those of a desk far from UTC may, and some ends even come
    before their creation: an afternoon reads as the small hours.
    """
    read = {name: reading for name in STAMPED if (reading := settled.dates.get(name)) is not None}
    lost = {name: reading for name, reading in read.items() if not reading.zoned and _has_half(frame[name], reading)}
    if not lost or "created_at" not in read:
        return frame, set()
    ends = [pl.col(name) < pl.col("created_at") for name in read if name != "created_at"]
    early = int(frame.select(pl.any_horizontal(pl.lit(value=False), *ends).sum()).item())
    if early < max(_EARLY, _SOME * frame.height):
        return frame, set()
    return frame.with_columns(day_of(pl.col(name), reading).alias(name) for name, reading in lost.items()), {*lost}


def _has_half(instants: pl.Series, reading: DateReading) -> bool:
    """Whether instants run from 1 to 12 o'clock, noon and the small hours among them, and never to 13 or 0."""
    for some in (instants.head(FIRST), instants):
        hours = some.drop_nulls().dt.convert_time_zone(_zone(reading)).dt.hour()
        found = {*hours.unique().to_list()}
        if len(hours) < _TELLING or not found <= {*range(1, 13)} or len(found) < _HOURS or not {12, *_SMALL} <= found:
            return False
    return True


def in_whole_days(
    frame: pl.DataFrame, settled: Settled, days: Collection[str], timed: Collection[str]
) -> tuple[pl.DataFrame, Collection[str]]:
    """The instants moved so that whole days lie between ``days`` and ``timed`` ones; and which have moved.

    Days stand at the time of the creation, where that has one: no end on that day is before it. Where the creation is
    a day, all others are days as well: counted from its midnight on, the time of the day of an answer would be a part
    of the wait, half a day on average that never was.
    """
    created = settled.dates.get("created_at")
    if created is None or "created_at" not in frame.columns:
        return frame, ()
    moving = [name for name in (timed if "created_at" in days else days) if FIELDS[name].stamp is not None]
    begun = day_of(pl.col("created_at"), created)
    if "created_at" in days:
        moved = [day_of(pl.col(name), created).alias(name) for name in moving]
    else:
        hour = (pl.col("created_at") - begun).fill_null(pl.duration())
        moved = [(pl.col(name) + hour).cast(INSTANT).alias(name) for name in moving]
    return frame.with_columns(moved), moving


def days_said(settled: Settled, days: Collection[str], moved: Collection[str], lost: Collection[str]) -> Iterator[str]:
    """A sentence about days without a time of the day, and one about those that stand at the hour of the creation.

    ``lost`` are days whose times had to be left out.
    """
    for claim in settled.claims:
        if claim.field in lost:
            yield NO_HALVES.format(column=claim.column)
    days = {*days} - {*lost}
    at_hour = {*moved} & {*days}
    too = "; so what has a time counts in whole days, too" if {*moved} - {*days} else ""
    for some, more in (
        ({*days} - at_hour, too),
        (at_hour, "; they count in whole days, at the hour of the creation"),
    ):
        columns = [claim.column for claim in settled.claims if claim.field in some]
        if columns:
            stands = "stand" if len(columns) > 1 else "stands"
            listed = ", ".join(f"{column!r}" for column in columns)
            yield f"{listed} {stands} at 00:00 throughout: days without a time of day{more}"


def day_of(at: pl.Expr, reading: DateReading) -> pl.Expr:
    """The beginning of the local day of an instant."""
    return at.dt.convert_time_zone(_zone(reading)).dt.truncate("1d").dt.convert_time_zone("UTC").cast(INSTANT)


def _zone(reading: DateReading) -> str:
    return "UTC" if reading.zoned else reading.zone

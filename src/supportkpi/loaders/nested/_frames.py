"""Plain rows of a History to frames: its events and ratings, dates read, and records whose dates nobody can read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from supportkpi.loaders.nested._clock import Clock
from supportkpi.loaders.nested._history import CREATED, STATUS, History
from supportkpi.loaders.nested._values import texts
from supportkpi.schema import EVENTS, INSTANT, SURVEYS

RECORD = "_record"
_ORDER = (RECORD, "at", "kind", "actor", "actor_id", "public", "raw")
_CREATION = "created_at"
_LONGEST = 30
_WEIGHTY = (CREATED, STATUS)
"""Kinds of events without which the rest of a ticket would be told wrong: one without a date rejects its record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A date of a record that nobody can read: where it stands, what stands there, and whether a clock skipped it."""

    record: int
    column: str
    value: str | None
    gap: bool = False


def events_of(history: History, clock: Clock) -> tuple[pl.DataFrame, list[Fault]]:
    """``_record``, then the columns of EVENTS but ticket_id and value, in order of the file; and the faults.

    Raises:
        DatesUnreadable: most dates of one kind of event are none.
    """
    frame = _of_the_born(_plain(history))
    paths = {CREATED: _CREATION, **history.paths}
    labels = dict.fromkeys(paths.get(kind, "events") for kind in frame["kind"].unique(maintain_order=True).to_list())
    parts, faults, lost = [], [], []
    for label in labels:
        own = [kind for kind in paths if paths[kind] == label]
        rows = pl.col("kind").is_in(own) if label in paths.values() else ~pl.col("kind").is_in([*paths])
        part = frame.filter(rows)
        read = clock.read(part["at"], label, needed=True)
        if read is None:
            continue
        part = part.with_columns(read.alias("_at"))
        bad = part.filter(_is_bad())
        faults += _faults(bad.filter(pl.col("kind").is_in(_WEIGHTY)), label, clock)
        lost.append((label, part.height, bad))
        parts.append(part.drop("at").rename({"_at": "at"}).drop_nulls("at"))
    gone = {fault.record for fault in faults}
    for label, count, bad in lost:
        history.notes += _left_out(bad.filter(~pl.col(RECORD).is_in(gone)), count, label)
    return (pl.concat(parts).sort("seq") if parts else _empty()), faults


def _plain(history: History) -> pl.DataFrame:
    """The events as they were found: dates still text."""
    columns = list(zip(*history.events, strict=True)) if history.events else [() for _ in _ORDER]
    made = dict(zip(_ORDER, columns, strict=True))
    return pl.DataFrame(
        [
            pl.Series(RECORD, made[RECORD], dtype=pl.UInt32),
            texts(made["at"], "at"),
            pl.Series("kind", made["kind"], dtype=EVENTS["kind"]),
            pl.Series("actor", made["actor"], dtype=EVENTS["actor"]),
            texts(made["actor_id"], "actor_id"),
            pl.Series("public", made["public"], dtype=pl.Boolean),
            texts(made["raw"], "raw"),
        ]
    ).with_row_index("seq")


def _of_the_born(frame: pl.DataFrame) -> pl.DataFrame:
    """The events without those at a creation that has no instant: how a ticket began, what it opened with."""
    timeless = pl.col("at").is_null()
    unborn = frame.filter((pl.col("kind") == CREATED) & timeless)[RECORD]
    return frame.filter(~(timeless & pl.col(RECORD).is_in(unborn.implode()))) if len(unborn) else frame


def _empty() -> pl.DataFrame:
    return pl.DataFrame(
        schema={"seq": pl.UInt32, RECORD: pl.UInt32}
        | {name: EVENTS[name] for name in ("kind", "actor", "actor_id", "public", "raw", "at")}
    )


def _is_bad() -> pl.Expr:
    """Which events have no instant that can be read; a creation may be absent, any other event has its time."""
    return pl.col("_at").is_null() & ((pl.col("kind") != CREATED) | pl.col("at").is_not_null())


def _faults(bad: pl.DataFrame, label: str, clock: Clock) -> list[Fault]:
    """The first unreadable date of each record."""
    wrong = bad.unique(RECORD, keep="first", maintain_order=True)
    if wrong.is_empty():
        return []
    gaps = clock.gap(wrong["at"], label)
    return [
        Fault(record=record, column=label, value=value, gap=bool(gap))
        for record, value, gap in zip(wrong[RECORD].to_list(), wrong["at"].to_list(), gaps.to_list(), strict=True)
    ]


def _left_out(bad: pl.DataFrame, count: int, label: str) -> list[str]:
    """A sentence about messages, assignments and the like that go without their ticket, for want of a date."""
    if bad.is_empty():
        return []
    first = bad.row(0, named=True)
    value = (first["at"] or "")[:_LONGEST]
    said = "event has a date" if bad.height == 1 else f"of {count:,} events have dates"
    where = f"record {first[RECORD] + 1}: {value!r}"
    return [f"{bad.height:,} {said} in {label} that nobody can read ({where}): left out"]


def with_moved(events: pl.DataFrame, history: History) -> pl.DataFrame:
    """The events with those that are known by their distance from the creation of their ticket."""
    if not history.moved:
        return events
    record, seconds, kind, actor, public, raw = zip(*history.moved, strict=True)
    born = events.filter(pl.col("kind") == CREATED).select(RECORD, pl.col("at").alias("born"))
    moved = (
        pl.DataFrame(
            [
                pl.Series(RECORD, record, dtype=pl.UInt32),
                pl.Series("seconds", seconds, dtype=pl.Float64),
                pl.Series("kind", kind, dtype=EVENTS["kind"]),
                pl.Series("actor", actor, dtype=EVENTS["actor"]),
                pl.Series("public", public, dtype=pl.Boolean),
                texts(raw, "raw"),
            ]
        )
        .join(born, on=RECORD, how="inner", maintain_order="left")
        .with_columns(
            at=(pl.col("born") + pl.duration(microseconds=(pl.col("seconds") * 1_000_000).round().cast(pl.Int64))),
            actor_id=pl.lit(None, pl.String),
        )
        .with_row_index("seq", offset=len(history.events))
    )
    return pl.concat([events, moved.select(events.columns)])


def surveys_of(history: History, clock: Clock) -> pl.DataFrame | None:
    """``_record`` and the columns of SURVEYS but those of the ticket; None where there are no ratings."""
    if not history.ratings:
        return None
    record, at, instrument, score, answer, scale, agent = zip(*history.ratings, strict=True)
    told = clock.read(texts(at), "rated at", needed=False)
    return pl.DataFrame(
        [
            pl.Series(RECORD, record, dtype=pl.UInt32),
            pl.Series("instrument", instrument, dtype=SURVEYS["instrument"]),
            told.alias("at") if told is not None else pl.Series("at", [None] * len(at), dtype=INSTANT),
            pl.Series("score", score, dtype=pl.Float64),
            texts(answer, "answer"),
            texts(scale, "scale"),
            texts(agent, "agent_id"),
        ]
    )


def numbers(values: Sequence[float | None], name: str) -> pl.Series:
    """Numbers as a column."""
    return pl.Series(name, values, dtype=pl.Float64)

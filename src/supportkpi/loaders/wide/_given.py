"""Given times of tickets: some are none, and the others make the instants and deadlines that are not there."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

import polars as pl

from supportkpi.loaders.mapping._claims import SAID
from supportkpi.loaders.mapping._fields import FIELDS, PROMISED, SPAN_STAMPS
from supportkpi.loaders.wide._days import day_of
from supportkpi.loaders.wide._settle import Settled
from supportkpi.schema import DONE, INSTANT, Stamp, Status

_PRECISION = {
    "minutes": 60.0,
    "hours": 3600.0,
    "days": 86_400.0,
    "decimal hours": 36.0,
    "decimal days": 864.0,
    "H:MM": 60.0,
}
_FEWEST_AGES, _AGED = 2, 0.9
"""Open tickets, and their share, whose "time to the solution" must end at one moment to be their age."""
_ROUNDED, _AGREED = 3_600, 0.9
"""Seconds by which a given time may be rounded, and the share of tickets whose time agrees with their dates."""
_NOUGHTS, _FINISHED = 3, 10
"""Noughts of open tickets, and finished tickets without any, from which on a nought is no duration."""
_WAITS = r"wait|queue|\bring|ожидан|очеред|warte|espera|attente"


def promised(frame: pl.DataFrame, settled: Settled) -> tuple[pl.DataFrame, list[str]]:
    """Deadlines from the creation plus a promised time, where the file has no deadline itself; and what is said."""
    said: list[str] = []
    for name, due in PROMISED.items():
        claim = settled.claim(name)
        if claim is None or name not in settled.spans:
            continue
        if not settled.has(due) and settled.has("created_at"):
            frame = frame.with_columns(_moved(name).cast(INSTANT).alias(due))
            said.append(f"{claim.column!r} is a time promised from the creation on, around the clock")
        frame = frame.drop(name)
    return frame, said


def round_the_clock(settled: Settled, rebuilt: Collection[str]) -> tuple[str, ...]:
    """A sentence for each duration that was guessed by its header: nothing says on which hours it ran."""
    told = []
    for name, target in SPAN_STAMPS.items():
        claim = settled.claim(name)
        if claim is not None and target in rebuilt and settled.plan.id == "generic" and claim.evidence != SAID:
            office = name.removeprefix("given_").removesuffix("_s") + "_business_s"
            told.append(
                f"{claim.column!r} is taken for time around the clock (in office hours: "
                f'--map {office}="{claim.column}")'
            )
    return tuple(told)


def without_ages(frame: pl.DataFrame, settled: Settled) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Times to the solution without those of open tickets, where they all run to one moment: that of the export."""
    if not settled.has("created_at") or "status" not in frame.columns:
        return frame, ()
    open_ones = ~pl.col("status").is_in(list(DONE))
    notes = []
    for name in ("given_resolution_s", "given_first_resolution_s"):
        claim = settled.claim(name)
        if claim is None or name not in settled.spans:
            continue
        grain = timedelta(days=1, seconds=_PRECISION.get(settled.spans[name].shape, 0.0))
        some = frame.select("created_at", "status", name).filter(open_ones).select("created_at", end=_moved(name))
        ends, begun = some["end"], some.filter(pl.col("end").is_not_null())["created_at"]
        if ends.count() < max(_FEWEST_AGES, _AGED * len(ends)) or _spread(ends) > grain or _spread(begun) <= grain:
            continue
        frame = frame.with_columns(pl.when(~open_ones.fill_null(value=False)).then(pl.col(name)).alias(name))
        notes.append(f"{claim.column!r} of {ends.count():,} open tickets is their age on one day: not used for them")
    return frame, tuple(notes)


def _spread(instants: pl.Series) -> timedelta:
    low, high = instants.min(), instants.max()
    return high - low if isinstance(low, datetime) and isinstance(high, datetime) else timedelta()


def _moved(span: str) -> pl.Expr:
    """The creation plus a given time."""
    return pl.col("created_at") + pl.duration(microseconds=(pl.col(span) * 1_000_000).round().cast(pl.Int64))


def rebuilt_from(frame: pl.DataFrame, settled: Settled, days: Collection[str]) -> tuple[pl.DataFrame, dict[str, Stamp]]:
    """Instants from the creation plus given calendar time, where the file has no such instant, or its day only.

    Where the creation is a day, an end with a time could only count in days as well: times that agree tell more.
    """
    made: dict[str, Stamp] = {}
    if not settled.has("created_at"):
        return frame, made
    for name, target in SPAN_STAMPS.items():
        stamp = FIELDS[target].stamp
        if not settled.has(name) or name not in settled.spans or stamp is None:
            continue
        timed = settled.has(target) and target not in days
        if timed and not ("created_at" in days and _agree(frame, name, target)):
            continue
        moved = _moved(name).cast(INSTANT)
        if target in frame.columns:
            moved = pl.coalesce(moved, day_of(pl.col(target), settled.dates["created_at"]) if timed else target)
        frame = frame.with_columns(moved.alias(target)).drop(name)
        made[target] = replace(stamp, precision_s=_PRECISION.get(settled.spans[name].shape, 0.0))
    return frame, made


def without_zeros(frame: pl.DataFrame, settled: Settled) -> pl.DataFrame:
    """Given times without the zeros that mean "none yet", as the mapping, the status or the counter of replies says."""
    frame = _without_unanswered(frame, settled)
    made = []
    for name, target in SPAN_STAMPS.items():
        for given in (name, name.replace("_s", "_business_s") if name.endswith("_s") else name):
            if settled.has(given):
                none = (pl.col(given) == 0) & (_nothing_yet(frame, target) | _only_open_are_zero(frame, given))
                made.append(pl.when(~none.fill_null(value=False)).then(pl.col(given)).alias(given))
    frame = frame.with_columns(made)
    bare = [claim.field for claim in settled.claims if claim.no_zero and frame[claim.field].dtype.is_numeric()]
    return frame.with_columns(pl.when(pl.col(name) != 0).then(pl.col(name)).alias(name) for name in bare)


def _only_open_are_zero(frame: pl.DataFrame, given: str) -> pl.Expr:
    """True where noughts are for "none yet": several tickets have one, and no finished one, of which there are many."""
    if "status" not in frame.columns:
        return pl.lit(value=False)
    done, zero = pl.col("status").is_in(list(DONE)), pl.col(given) == 0
    zeros, finished, both = frame.select(
        (zero & ~done).sum().alias("zeros"),
        (done & pl.col(given).is_not_null()).sum().alias("finished"),
        (zero & done).sum().alias("both"),
    ).row(0)
    return pl.lit(zeros >= _NOUGHTS and finished >= _FINISHED and both == 0)


def _without_unanswered(frame: pl.DataFrame, settled: Settled) -> pl.DataFrame:
    """The rows without the noughts of a call that nobody took: no talk, and so a wait that no answer ended."""
    given = [name for name in ("given_first_response_s", "given_handle_s") if settled.has(name)]
    if len(given) < 2 or not (frame["given_handle_s"] > 0).any():
        return frame
    claims = [claim for name in given if (claim := settled.claim(name)) is not None]
    waits = re.search(_WAITS, claims[0].column.lower()) is not None  # how long somebody waited who then hung up
    noughts = given[1:] if waits else given
    untaken = pl.all_horizontal(pl.col(name) == 0 for name in noughts).fill_null(value=False)
    return frame.with_columns(pl.when(~untaken).then(pl.col(name)).alias(name) for name in given)


def _nothing_yet(frame: pl.DataFrame, target: str) -> pl.Expr:
    nothing = pl.lit(value=False)
    if target == "first_reply_at":
        if "status" in frame.columns:
            nothing = nothing | (pl.col("status") == Status.new.value).fill_null(value=False)
        if "given_replies" in frame.columns:
            nothing = nothing | (pl.col("given_replies") == 0).fill_null(value=False)
        if target in frame.columns and frame[target].count():
            nothing = nothing | pl.col(target).is_null()
    elif "status" in frame.columns:
        nothing = ~pl.col("status").is_in(list(DONE)).fill_null(value=False)
    return nothing


def _agree(frame: pl.DataFrame, span: str, target: str) -> bool:
    """Whether times to an end are what lies between it and some moment of the day of the creation."""
    begun = (pl.col(target) - pl.col("created_at")).dt.total_seconds() - pl.col(span)
    share = frame.select(begun.is_between(-_ROUNDED, 86_400 + _ROUNDED).mean()).item()
    return share is not None and share >= _AGREED

"""Rows of a ticket table to the canonical frame: stamps, tickets' columns, and what of a ticket's life they show."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import polars as pl

from supportkpi.loaders.mapping._fields import FIELDS, STAMPED
from supportkpi.loaders.mapping._vocabulary import channel_of, exclusion_of, plain, priority_of, status_of
from supportkpi.loaders.wide._coded import as_text, coded, meant, once_a_word
from supportkpi.loaders.wide._days import days_of, days_said, in_whole_days, without_halves
from supportkpi.loaders.wide._given import promised, rebuilt_from, round_the_clock, without_ages, without_zeros
from supportkpi.loaders.wide._settle import Settled
from supportkpi.schema import BY_DAY, DONE, INSTANT, TICKETS, Actor, Exclusion, Extent, Sight, Stamp, Status, observed

_SOLVES = ("first_solved_at", "solved_at", "closed_at")
_EMPTY_TELLS_NOTHING = frozenset(("created_at", "first_reply_at", "first_assigned_at", "assigned_at", *_SOLVES))
_DECADES = timedelta(days=20 * 365)
TOPS = 12
"""Newest instants looked at, to see whether the first of them stands alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a ticket table tells: its rows in canonical columns, its stamps, and the words nobody could map."""

    frame: pl.DataFrame
    stamps: tuple[Stamp, ...]
    observes: Mapping[Sight, Extent]
    unmapped: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()


def tell(frame: pl.DataFrame, settled: Settled, statuses: Mapping[str, str]) -> Told:
    """The rows of a ticket table in canonical columns; ``statuses`` are the user's own words, above the mapping's."""
    frame, unmapped = _words(frame, settled, statuses)
    frame = _flags(frame, settled)
    stamps: dict[str, Stamp] = {}
    for name in STAMPED:
        stamp = FIELDS[name].stamp
        if settled.has(name) and stamp is not None:
            stamps[name] = stamp
    frame = without_zeros(frame, settled)
    frame, ages = without_ages(frame, settled)
    frame, due = promised(frame, settled)
    frame, far = _without_far(frame, settled)
    frame, lost = without_halves(frame, settled)
    days = days_of(frame, settled)
    frame, rebuilt = rebuilt_from(frame, settled, days)
    stamps.update(rebuilt)
    bare = days - rebuilt.keys()
    frame, aligned = in_whole_days(frame, settled, bare, stamps.keys() - days - rebuilt.keys())
    stamps |= {name: replace(stamps[name], precision_s=BY_DAY) for name in (*bare, *aligned) if name in stamps}
    frame, told, empty = _without_empty(frame, stamps, settled)
    late = {claim.field for claim in settled.claims if claim.unit == "late"}
    frame = _decided(frame, late)
    shows = observed(told)
    if settled.has("status"):
        shows[Sight.status] = Extent.LAST
    assumed = (*due, *round_the_clock(settled, rebuilt), *days_said(settled, bare, aligned, lost))
    return Told(
        frame=frame, stamps=told, observes=shows, unmapped=unmapped, notes=(*ages, *far, *empty), assumptions=assumed
    )


# --- words -----------------------------------------------------------------------------------------------------------


def _words(
    frame: pl.DataFrame, settled: Settled, statuses: Mapping[str, str]
) -> tuple[pl.DataFrame, dict[str, dict[str, int]]]:
    unmapped: dict[str, dict[str, int]] = {}
    said = {plain(word): to for word, to in statuses.items()}
    tables = {
        "status": {**settled.plan.words("status"), **said},
        "priority": settled.plan.words("priority"),
        "channel": settled.plan.words("channel"),
    }
    readers = {"status": status_of, "priority": priority_of, "channel": channel_of}
    for name, reader in readers.items():
        if not settled.has(name):
            continue
        words, table = frame[name], tables[name]
        read, unknown = coded(words, lambda word, r=reader, t=table: r(word, t), TICKETS[name])  # type: ignore[misc]
        if unknown:
            unmapped[name] = unknown
        frame = frame.with_columns(read.alias(name), as_text(words).alias(f"{name}_raw"))
        if name == "status":
            frame = frame.with_columns(_excluded_by_word(words, settled).alias("exclusion"))
    return frame, unmapped


def _excluded_by_word(words: pl.Series, settled: Settled) -> pl.Series:
    table = settled.plan.words("exclusion")

    def reason(word: str) -> str | None:
        given = table.get(plain(word))
        if given is not None:
            return given
        found = exclusion_of(word)
        deleted = found is None and status_of(word, settled.plan.words("status")) is Status.deleted
        return Exclusion.deleted.value if deleted else found.value if found else None

    return meant(words, reason, TICKETS["exclusion"])


def _flags(frame: pl.DataFrame, settled: Settled) -> pl.DataFrame:
    """Exclusion by columns before exclusion by the status word, by tags last; the opener; tags; money."""
    dtype = TICKETS["exclusion"]
    reason = pl.col("exclusion") if "exclusion" in frame.columns else pl.lit(None, dtype)
    for name in reversed(Exclusion):
        if settled.has(name.value):
            reason = pl.when(pl.col(name.value)).then(pl.lit(name.value, dtype)).otherwise(reason)
    if settled.has("merged_into"):
        reason = pl.when(pl.col("merged_into").is_not_null()).then(pl.lit("merged", dtype)).otherwise(reason)
    if settled.has("tags") and settled.plan.words("exclusion"):
        reason = pl.coalesce(reason, pl.lit(_tagged(frame["tags"], settled)))
    made = [reason.alias("exclusion")]
    if settled.has("submitter") and settled.has("requester_name"):
        same = pl.col("submitter").str.to_lowercase() == pl.col("requester_name").str.to_lowercase()
        opener = pl.when(same).then(pl.lit(Actor.customer.value)).when(~same).then(pl.lit(Actor.agent.value))
        made.append(opener.cast(TICKETS["opener"]).alias("opener"))
    elif settled.has("opener"):
        table = {**{actor.value: actor.value for actor in Actor}, **settled.plan.words("role")}
        said = meant(frame["opener"], lambda word: table.get(plain(word)), TICKETS["opener"])
        made.append(pl.lit(said).alias("opener"))
    if settled.has("tags"):
        made.append(pl.lit(_tags(frame["tags"])).alias("tags"))
    if settled.has("cost"):
        made.append(pl.col("cost").cast(TICKETS["cost"]))
    made += [pl.col(name).round().cast(pl.Int64) for name in ("given_reopens", "given_replies") if settled.has(name)]
    return frame.with_columns(made)


def _tagged(tags: pl.Series, settled: Settled) -> pl.Series:
    """Why a ticket is out by its tags: by those that the mapping lists as words of exclusion."""
    reason = pl.lit(None, TICKETS["exclusion"])
    for word, meaning in settled.plan.words("exclusion").items():
        spelled = "[ _-]".join(map(re.escape, word.split()))  # words compare with blanks, tags have none
        alone = rf"(?i)(?:^|[\s,;|\[\"']){spelled}(?:$|[\s,;|\]\"'])"
        there = pl.col("tags").str.contains(alone)
        reason = pl.when(there).then(pl.lit(meaning, TICKETS["exclusion"])).otherwise(reason)
    return once_a_word(tags, lambda words: words.alias("tags").to_frame().with_columns(reason=reason)["reason"])


_OBJECTS = r"^\[\s*\{"
_NAMED = r"""["'](?:name|label|title)["']\s*:\s*["']((?:[^"'\\]|\\.)*)["']"""
"""What an object in a list of tags is called."""


def _tags(values: pl.Series) -> pl.Series:
    """Lists as text to lists: JSON or Python lists, of words or of named objects; commas, semicolons, else spaces."""
    some = values.drop_nulls().head(10_000).cast(pl.String)
    text, marks = pl.col("tags"), ",;| "
    if some.str.starts_with("[").any():
        text, marks = text.str.strip_chars("[] ").str.replace_all("[\"']", ""), ","
    mark = next((mark for mark in marks if some.str.contains(mark, literal=True).any()), marks[-1])
    parts = (
        text.str.split(mark)
        .list.eval(pl.element().str.strip_chars())
        .list.eval(pl.element().filter(pl.element() != ""))
    )
    if some.str.contains(_OBJECTS).any():
        named = pl.col("tags").str.extract_all(_NAMED).list.eval(pl.element().str.extract(_NAMED, 1))
        parts = pl.when(pl.col("tags").str.contains(_OBJECTS)).then(named).otherwise(parts)
    return once_a_word(values, lambda words: words.alias("tags").to_frame().select(parts).to_series())


# --- stamps ----------------------------------------------------------------------------------------------------------


def _without_far(frame: pl.DataFrame, settled: Settled) -> tuple[pl.DataFrame, list[str]]:
    """What happened to tickets without dates that stand for none: 2099-12-31, decades behind the newest creation."""
    newest = frame["created_at"].max() if "created_at" in frame.columns else None
    notes: list[str] = []
    if not isinstance(newest, datetime):
        return frame, notes
    for name in (*STAMPED, "updated_at"):
        claim = settled.claim(name)
        last = frame[name].max() if claim is not None and name in frame.columns else None
        if claim is None or name == "created_at" or not isinstance(last, datetime) or last - newest <= _DECADES:
            continue
        near = frame[name] <= newest + _DECADES
        notes.append(
            f"{int((~near).sum()):,} values of {claim.column!r} lie more than twenty years behind the newest ticket, "
            f"such as {last:%Y-%m-%d}: taken as missing"
        )
        frame = frame.with_columns(pl.when(near).then(name).alias(name))
    return frame, notes


def _without_empty(
    frame: pl.DataFrame, stamps: Mapping[str, Stamp], settled: Settled
) -> tuple[pl.DataFrame, tuple[Stamp, ...], tuple[str, ...]]:
    """The stamps without those that are empty in every row although tickets are done: nobody fills that column."""
    solves = [pl.col(name).is_not_null() for name in _SOLVES if name in stamps]
    done = pl.col("status").is_in(list(DONE)) if "status" in frame.columns else pl.lit(value=False)
    count = frame.select(pl.any_horizontal(done.fill_null(value=False), *solves).sum()).item() if frame.height else 0
    kept: list[Stamp] = []
    notes: list[str] = []
    for name in STAMPED:
        if name not in stamps:
            continue
        empty = frame.height > 0 and frame[name].null_count() == frame.height
        if empty and name in _EMPTY_TELLS_NOTHING and (count or name == "created_at"):
            claim = settled.claim(name)
            frame = frame.drop(name)
            if claim is not None and (name not in _SOLVES or not any(other in kept_names(kept) for other in _SOLVES)):
                notes.append(f"{claim.column!r} has no value in any row, though {count:,} tickets are done: not used")
            continue
        kept.append(stamps[name])
    return frame, tuple(kept), tuple(notes)


def kept_names(stamps: list[Stamp]) -> set[str]:
    """The columns of stamps."""
    return {stamp.column for stamp in stamps}


def _decided(frame: pl.DataFrame, late: Collection[str]) -> pl.DataFrame:
    """Leaves undecided whether an unfinished ticket was answered or solved in time, whatever the export says.

    Verdicts that are ``late`` only tell of limits that have passed by now.
    """
    solved = [pl.col(column).is_not_null() for column in _SOLVES if column in frame.columns]
    done = pl.col("status").is_in(list(DONE)) if "status" in frame.columns else pl.lit(value=False)
    over = pl.any_horizontal(done.fill_null(value=False), *solved)
    if not solved:  # nothing says of these that they are unfinished: the export knows better than silence
        over |= pl.col("status").is_null() if "status" in frame.columns else pl.lit(value=True)
    settled = {"given_sla_resolution_met": over}
    if "first_reply_at" in frame.columns:  # without that column nothing says which tickets still wait for an answer
        settled["given_sla_first_response_met"] = over | pl.col("first_reply_at").is_not_null()
    elif "given_sla_first_response_met" in late:
        settled["given_sla_first_response_met"] = over
    return frame.with_columns(
        pl.when(over | ~pl.col(name)).then(pl.col(name)).alias(name)
        for name, over in settled.items()
        if name in frame.columns
    )


def newest(frame: pl.DataFrame, stamps: tuple[Stamp, ...]) -> pl.Series:
    """The newest instants of things that happened, newest first: never of deadlines."""
    columns = [stamp.column for stamp in stamps]
    columns += [name for name in ("updated_at", "rated_at", "offered_at") if name in frame.columns]
    tops = [frame[name].top_k(TOPS).drop_nulls().alias("at") for name in columns]
    if not tops:
        return pl.Series("at", [], dtype=INSTANT)
    return pl.concat(tops).sort(descending=True).head(TOPS)

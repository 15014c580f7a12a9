"""Rows of a ticket table to the canonical frame: stamps, tickets' columns, and what of a ticket's life they show."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import polars as pl

from supportkpi.loaders.mapping._claims import SAID
from supportkpi.loaders.mapping._fields import FIELDS, SPAN_STAMPS, STAMPED
from supportkpi.loaders.mapping._vocabulary import channel_of, exclusion_of, plain, priority_of, status_of
from supportkpi.loaders.wide._coded import as_text, coded, meant, once_a_word
from supportkpi.loaders.wide._days import day_of, days_of, days_said, in_whole_days, without_halves
from supportkpi.loaders.wide._settle import Settled
from supportkpi.schema import BY_DAY, DONE, INSTANT, TICKETS, Actor, Exclusion, Extent, Sight, Stamp, Status, observed

_SOLVES = ("first_solved_at", "solved_at", "closed_at")
_EMPTY_TELLS_NOTHING = frozenset(("created_at", "first_reply_at", "first_assigned_at", "assigned_at", *_SOLVES))
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
_DECADES = timedelta(days=20 * 365)
_NOUGHTS, _FINISHED = 3, 10
"""Noughts of open tickets, and finished tickets without any, from which on a nought is no duration."""
_WAITS = r"wait|queue|\bring|ожидан|очеред|warte|espera|attente"
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
    frame = _without_zeros(frame, settled)
    frame, ages = _without_ages(frame, settled)
    frame, far = _without_far(frame, settled)
    frame, lost = without_halves(frame, settled)
    days = days_of(frame, settled)
    frame, rebuilt = _rebuilt(frame, settled, days)
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
    assumed = (*_round_the_clock(settled, rebuilt), *days_said(settled, bare, aligned, lost))
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


def _round_the_clock(settled: Settled, rebuilt: Collection[str]) -> tuple[str, ...]:
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


def _without_ages(frame: pl.DataFrame, settled: Settled) -> tuple[pl.DataFrame, tuple[str, ...]]:
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


def _rebuilt(frame: pl.DataFrame, settled: Settled, days: Collection[str]) -> tuple[pl.DataFrame, dict[str, Stamp]]:
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


def _agree(frame: pl.DataFrame, span: str, target: str) -> bool:
    """Whether times to an end are what lies between it and some moment of the day of the creation."""
    begun = (pl.col(target) - pl.col("created_at")).dt.total_seconds() - pl.col(span)
    share = frame.select(begun.is_between(-_ROUNDED, 86_400 + _ROUNDED).mean()).item()
    return share is not None and share >= _AGREED


def _without_zeros(frame: pl.DataFrame, settled: Settled) -> pl.DataFrame:
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

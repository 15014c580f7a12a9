"""Records to the frame of tickets: fields at their paths, words to ours, one row a ticket, and why others have none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from supportkpi.decisions import Reading
from supportkpi.errors import MappingInvalid
from supportkpi.loaders.mapping._fields import FIELDS, Sort
from supportkpi.loaders.mapping._vocabulary import channel_of, exclusion_of, plain, priority_of, status_of
from supportkpi.loaders.nested._clock import Clock
from supportkpi.loaders.nested._frames import RECORD
from supportkpi.loaders.nested._history import History, Nested
from supportkpi.loaders.nested._values import Record, number, texts, truth, values_at, word, words
from supportkpi.loaders.wide._coded import coded, codes_of, meant
from supportkpi.schema import TICKETS, ColumnReading, Exclusion, Status

_COLUMNS = frozenset((*TICKETS, "updated_at")) - {"observed_until"}
_FLAGGED = tuple(reason.value for reason in Exclusion)
_READERS = {"status": status_of, "priority": priority_of, "channel": channel_of}
_BETWEEN = "\x1f"


@dataclass(slots=True, kw_only=True)
class Rows:
    """The tickets while they are being made: ``frame`` has a row a record, in their order."""

    frame: pl.DataFrame
    columns: list[ColumnReading] = field(default_factory=list)
    unmapped: dict[str, dict[str, int]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


class Vocabulary:
    """What the words of a file mean: by its reader, by the file itself, by the user, by what all helpdesks share."""

    def __init__(self, reader: Nested, history: History, reading: Reading) -> None:
        said = {plain(text): to for text, to in reading.statuses.items()}
        own = {name: {plain(text): to for text, to in table.items()} for name, table in reader.words.items()}
        file = {name: {plain(text): to for text, to in table.items()} for name, table in history.words.items()}
        names = {*own, *file, "status"}
        self.tables: Mapping[str, Mapping[str, str]] = {
            name: {**own.get(name, {}), **file.get(name, {}), **(said if name == "status" else {})} for name in names
        }

    def read(self, raw: pl.Series, name: str, dtype: pl.DataType) -> tuple[pl.Series, dict[str, int]]:
        """A column of words of a field by their meaning, and the words that have none."""
        table, reader = self.tables.get(name, {}), _READERS[name]
        return coded(raw.cast(codes_of(name)), lambda text: reader(text, table), dtype)

    def exclusion(self, raw: pl.Series) -> pl.Series:
        """Why tickets in these statuses are none of the population."""
        given, statuses = self.tables.get("exclusion", {}), self.tables.get("status", {})

        def reason(text: str) -> str | None:
            if plain(text) in given:
                return given[plain(text)]
            found = exclusion_of(text)
            gone = found is None and status_of(text, statuses) is Status.deleted
            return Exclusion.deleted.value if gone else found.value if found else None

        return meant(raw.cast(codes_of("status")), reason, TICKETS["exclusion"])


def paths_of(reader: Nested, chosen: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """The paths of each field, those of ``--map`` before the reader's own.

    Raises:
        MappingInvalid: a field is asked for that the history itself tells.
    """
    for name in chosen:
        if name not in _COLUMNS and name not in _FLAGGED:
            raise MappingInvalid(
                f"{name} is read from the history of the records, not from a column",
                hint="leave it out, or read the file as a plain table: --helpdesk generic",
            )
    return {**reader.columns, **{name: (path,) for name, path in chosen.items()}}


def rows_of(
    rows: Sequence[Record],
    paths: Mapping[str, tuple[str, ...]],
    history: History,
    clock: Clock,
    *,
    said: Mapping[str, str],
) -> Rows:
    """The fields of each record, words as they are written; ``said`` are the fields that the user has placed."""
    made = Rows(frame=pl.DataFrame([pl.Series(RECORD, range(len(rows)), dtype=pl.UInt32)]))
    cells = {name: values_at(rows, where) for name, where in paths.items()}
    cells.update({name: values for name, values in history.values.items() if name not in said})
    columns = []
    for name, values in cells.items():
        where = next((path for path in paths.get(name, ()) if _is_there(rows, path)), None)
        column = _column(name, values, clock, made, where or paths.get(name, (name,))[0])
        if column is None:
            continue
        columns.append(column)
        filled = column.count() / len(column) if len(column) else 0.0
        if where is not None and filled:
            evidence = clock.evidence(where) if name == "updated_at" else "you said so" if name in said else "the key"
            made.columns.append(
                ColumnReading(column=where, field=name, confidence="sure", evidence=evidence, filled=filled)
            )
    made.frame = made.frame.with_columns(columns)
    return made


def _is_there(rows: Sequence[Record], path: str) -> bool:
    return any(value is not None for value in values_at(rows[:1_000], (path,)))


def _column(name: str, values: Sequence[object], clock: Clock, made: Rows, where: str) -> pl.Series | None:
    """The column of a field; None for one that holds nothing that can be read."""
    if name == "tags":
        return _lists([words(value) for value in values], name)
    sort = FIELDS[name].sort if name in FIELDS else None
    if sort is Sort.instant:
        text = texts(values, name)
        read = clock.read(text, where, needed=False)
        lost = 0 if read is None else int((text.is_not_null() & read.is_null()).sum())
        if lost:
            made.notes.append(f"{lost:,} values of {where!r} are no dates: taken as missing")
        return read.alias(name) if read is not None else None
    if sort is Sort.flag:
        return pl.Series(name, [truth(value) for value in values], dtype=pl.Boolean)
    if sort in (Sort.span, Sort.amount):
        amounts = pl.Series(name, [number(value) for value in values], dtype=pl.Float64)
        return amounts.round().cast(pl.Int64) if name in ("given_reopens", "given_replies") else amounts
    text = texts([value if isinstance(value, str) else word(value) for value in values], name)
    return text.str.to_lowercase() if name == "requester_id" else text


def _lists(values: Sequence[list[str] | None], name: str) -> pl.Series:
    """Lists of words as a column."""
    joined = texts([None if one is None else _BETWEEN.join(one) for one in values], name)
    empty = [one is not None and not one for one in values]
    parts = joined.str.split(_BETWEEN)
    return parts.to_frame().select(
        pl.when(pl.Series(empty)).then(pl.lit([], dtype=pl.List(pl.String))).otherwise(pl.col(name)).alias(name)
    )[name]


def with_words(made: Rows, vocabulary: Vocabulary, kept: Sequence[pl.Series]) -> None:
    """Status, priority and channel by their meaning, the words beside them; why tickets leave the population.

    The kept columns come last.
    """
    closed = [name for name in ("opener", "exclusion") if name in made.frame.columns]
    frame = made.frame.with_columns(pl.col(name).cast(TICKETS[name], strict=False) for name in closed)
    reason = pl.col("exclusion") if "exclusion" in closed else pl.lit(None, TICKETS["exclusion"])
    if "status" in frame.columns:
        frame = frame.with_columns(vocabulary.exclusion(frame["status"]).alias("_reason"))
        reason = pl.coalesce(reason, "_reason")
    for name in reversed(_FLAGGED):
        if name in frame.columns:
            flagged = pl.col(name).fill_null(value=False)
            reason = pl.when(flagged).then(pl.lit(name, TICKETS["exclusion"])).otherwise(reason)
    if "merged_into" in frame.columns:
        merged = pl.col("merged_into").is_not_null()
        reason = pl.when(merged).then(pl.lit("merged", TICKETS["exclusion"])).otherwise(reason)
    for name in _READERS:
        if name in frame.columns:
            read, unknown = vocabulary.read(frame[name], name, TICKETS[name])
            frame = frame.with_columns(frame[name].alias(f"{name}_raw"), read.alias(name))
            if unknown:
                made.unmapped[name] = unknown
    frame = frame.with_columns(reason.alias("exclusion"))
    if "cost" in frame.columns:
        frame = frame.with_columns(pl.col("cost").cast(TICKETS["cost"], strict=False))
    gone = [name for name in ("_reason", *_FLAGGED) if name in frame.columns and name not in TICKETS]
    made.frame = frame.drop(gone).with_columns(kept)


def newest_only(frame: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """One row a ticket, the newest by its own date of change, else the later one; and how many others there were."""
    if frame["ticket_id"].n_unique() == frame.height:
        return frame, 0
    by = ["updated_at", RECORD] if "updated_at" in frame.columns else [RECORD]
    one = frame.sort(by, nulls_last=False).unique("ticket_id", keep="last", maintain_order=True).sort(RECORD)
    return one, frame.height - one.height


def counted(reasons: Mapping[int, str], left: pl.DataFrame) -> dict[str, int]:
    """How many records are no tickets, by what they are; rejected ones are counted as that."""
    there = set(left[RECORD].to_list())
    return dict(Counter(what for place, what in reasons.items() if place in there))

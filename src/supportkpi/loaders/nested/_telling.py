"""Records of a recognised system to a Story: tickets, events, ratings, and what the export shows of all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from operator import or_

import polars as pl

from supportkpi.loaders._part import Request
from supportkpi.loaders._story import Story
from supportkpi.loaders.mapping._recognise import by_header, normal
from supportkpi.loaders.nested._clock import Clock
from supportkpi.loaders.nested._custom import tell_listed, with_custom
from supportkpi.loaders.nested._frames import RECORD, Fault, events_of, surveys_of, with_moved
from supportkpi.loaders.nested._history import STATUS, History, Nested, Records, Responders, Source
from supportkpi.loaders.nested._paths_kept import kept_columns
from supportkpi.loaders.nested._tickets import Rows, Vocabulary, counted, newest_only, paths_of, rows_of, with_words
from supportkpi.loaders.nested._values import at_path, number
from supportkpi.loaders.tables import Table, lines_of
from supportkpi.loaders.tables._collector import collector_paused
from supportkpi.schema import DONE, EVENTS, SURVEYS, ColumnReading, Extent, Kind, Reject, Sight, Status

BAD_DATE, DST_GAP, NO_ID = "bad-date", "dst-gap", "no-id"
DUPLICATE = "duplicate"


def story_of(reader: Nested, request: Request) -> Story:
    """The story that the records of a table tell.

    Raises:
        MappingInvalid: ``--map`` places a field that the history itself tells.
        DatesUnreadable, DatesAmbiguous: the dates of the events cannot be read.
    """
    table, reading = request.table, request.reading
    said = _said(request)
    own = paths_of(reader, said)
    paths = with_custom(own, table.columns, table.records)
    records = Records(rows=table.records, beside=table.beside, responders=Responders(reading.responders))
    clock = Clock(reading, table.name, reader.dates)
    with collector_paused():
        history = reader.tell(records)
        tell_listed(records.rows, paths, history)
        events, faults = events_of(history, clock)
        made = rows_of(records.rows, paths, history, clock, said=said)
        surveys = surveys_of(history, clock)
        columns, read = kept_columns(
            table, history, taken=_taken(reader, own if request.columns else paths, request), wanted=request.columns
        )
    vocabulary = Vocabulary(reader, history, reading)
    with_words(made, vocabulary, columns)
    tickets, rejects, excluded = _sound(made, faults, history, table)
    events, strange = _told(with_moved(events, history), tickets, vocabulary)
    _merge(made.unmapped, strange)
    observes, partly = _observes(history.sources, tickets, events)
    return Story(
        helpdesk=reader.id,
        title=reader.title,
        tickets=tickets.drop(RECORD),
        events=events.lazy(),
        observes=observes,
        surveys=_answers(surveys, tickets),
        rejects=rejects,
        excluded=excluded,
        notes=(*history.notes, *_pages(records, table), *made.notes, *_contradictions(events, tickets, observes)),
        unmapped=made.unmapped,
        assumptions=(*history.assumptions, *clock.assumptions, *partly),
        columns=(*made.columns, *_read_besides(reader, table), *read),
        zone=clock.zone,
        zone_source=clock.source,
    )


def _said(request: Request) -> dict[str, str]:
    """The paths that ``--map`` gives to fields, of those that this table has."""
    here = by_header(request.table.columns) if request.chosen else {}
    return {name: here[normal(path)] for name, path in request.chosen.items() if normal(path) in here}


def _taken(reader: Nested, paths: Mapping[str, tuple[str, ...]], request: Request) -> set[str]:
    """The paths that are no columns of their own: they are read, or hold what nobody asked for."""
    never = reader.never if request.columns is None else ()
    return {*reader.reads, *never, *(path for where in paths.values() for path in where)}


def _read_besides(reader: Nested, table: Table) -> Iterable[ColumnReading]:
    """How the paths are read that are no field of a ticket: its creation, its history, its rating."""
    for path, name in reader.reads.items():
        if path in table.columns:
            has = sum(at_path(row, path) is not None for row in table.records) / max(1, len(table.records))
            yield ColumnReading(column=path, field=name, confidence="sure", evidence="the key", filled=has)


def _pages(records: Records, table: Table) -> Iterable[str]:
    """A sentence about an envelope that counts more records than the file holds."""
    counts = [number(records.beside.get(key)) for key in ("count", "total", "total_count", "totalElements")]
    said = max((count for count in counts if count is not None), default=0)
    held = len(records.rows) + len(table.rejects)
    if said > held:
        yield f"the file holds {held:,} of the {said:,.0f} records that it counts: export the other pages too"


# --- which records are tickets ---------------------------------------------------------------------------------------


def _sound(
    made: Rows, faults: Sequence[Fault], history: History, table: Table
) -> tuple[pl.DataFrame, tuple[Reject, ...], dict[str, int]]:
    """One row a ticket; a reject for each record without an id or with a date nobody can read; what the others are."""
    frame = made.frame
    first = {fault.record: fault for fault in reversed(faults)}
    nameless = frame.filter(pl.col("ticket_id").is_null())[RECORD].to_list()
    wrong = {place: Fault(record=place, column="", value=None) for place in nameless}
    wrong = {**first, **wrong}
    others = frame.filter(~pl.col(RECORD).is_in(list(wrong)))
    excluded = counted(history.excluded, others)
    tickets, doubled = newest_only(others.filter(~pl.col(RECORD).is_in(list(history.excluded))))
    if doubled:
        excluded[DUPLICATE] = doubled
    return tickets, _rejects(wrong, made, table), excluded


def _rejects(wrong: Mapping[int, Fault], made: Rows, table: Table) -> tuple[Reject, ...]:
    lines = lines_of(table, list(wrong)) if wrong else {}
    id_path = next((column.column for column in made.columns if column.field == "ticket_id"), "id")
    rejects = []
    for place in sorted(wrong):
        fault, line = wrong[place], lines.get(place)
        slug = NO_ID if not fault.column else DST_GAP if fault.gap else BAD_DATE
        where = "" if line is not None else f"record {place + 1}" + (": " if fault.value is not None else "")
        value = f"{where}{fault.value or ''}" or None
        column = fault.column or id_path
        rejects.append(Reject(path=table.name, line=line, column=column, slug=slug, value=value))
    return tuple(rejects)


# --- events ----------------------------------------------------------------------------------------------------------


def _told(
    events: pl.DataFrame, tickets: pl.DataFrame, vocabulary: Vocabulary
) -> tuple[pl.DataFrame, dict[str, dict[str, int]]]:
    """The events of the tickets that stand, words by their meaning; and the words that have none."""
    names = tickets.select(RECORD, "ticket_id")
    own = events.join(names, on=RECORD, how="inner", maintain_order="left")
    value, strange = pl.col("raw"), {}
    for name in (Kind.status.value, Kind.priority.value):
        words = own["raw"].set(own["kind"] != name, None)
        read, unknown = vocabulary.read(words, name, pl.String())
        own = own.with_columns(read.alias(f"_{name}"))
        value = pl.when(pl.col("kind") == name).then(pl.col(f"_{name}")).otherwise(value)
        if unknown:
            strange[name] = unknown
    return own.with_columns(value.alias("value")).select(list(EVENTS)), strange


def _merge(unmapped: dict[str, dict[str, int]], more: Mapping[str, Mapping[str, int]]) -> None:
    """Adds the words of events that stand in no ticket now."""
    for name, words in more.items():
        known = unmapped.setdefault(name, {})
        known.update({word: rows for word, rows in words.items() if word not in known})


def _answers(surveys: pl.DataFrame | None, tickets: pl.DataFrame) -> pl.DataFrame | None:
    if surveys is None:
        return None
    who = ["requester_id"] if "requester_id" in tickets.columns else []
    own = surveys.join(tickets.select(RECORD, "ticket_id", *who), on=RECORD, how="inner", maintain_order="left")
    named = {"requester_id": "respondent_id"} if who else {}
    return own.rename(named).select([name for name in SURVEYS if name in own.rename(named).columns])


# --- what is shown ---------------------------------------------------------------------------------------------------


def _observes(
    sources: Sequence[Source], tickets: pl.DataFrame, events: pl.DataFrame
) -> tuple[dict[Sight, Extent], list[str]]:
    """What the export shows of each ticket that counts: of some that lack a list the smaller extent; who lacks it."""
    counted = tickets.filter(pl.col("exclusion").is_null())
    used = (counted if counted.height else tickets)[RECORD].to_list()
    shows: dict[Sight, Extent] = {}
    if (events["kind"] == Kind.created.value).any():
        shows[Sight.created] = Extent.EVERY
    if "status_raw" in tickets.columns and tickets["status_raw"].count():
        shows[Sight.status] = Extent.LAST
    kinds = Counter(tuple(source.has[place] for source in sources) for place in used)
    for sight in Sight:
        extents = [_extent(sources, has, sight) for has in kinds]
        extent = reduce(lambda one, other: one & other, extents) if extents else Extent(0)
        if extent:
            shows[sight] = shows.get(sight, Extent(0)) | extent
    return shows, list(_partly(sources, kinds, len(used)))


def _extent(sources: Sequence[Source], has: Sequence[bool], sight: Sight) -> Extent:
    found = (source.shows.get(sight, Extent(0)) for source, there in zip(sources, has, strict=True) if there)
    return reduce(or_, found, Extent(0))


def _partly(sources: Sequence[Source], kinds: Mapping[tuple[bool, ...], int], count: int) -> Iterable[str]:
    for index, source in enumerate(sources):
        lacking = sum(rows for has, rows in kinds.items() if not has[index])
        if source.is_told and 0 < lacking < count:
            yield (
                f"{lacking:,} of {count:,} tickets come without {source.name}: "
                "what only these show is not used for any ticket"
            )


def _contradictions(events: pl.DataFrame, tickets: pl.DataFrame, observes: Mapping[Sight, Extent]) -> list[str]:
    """A sentence about tickets whose last change of status is not what their status is now."""
    if observes.get(Sight.status) != Extent.EVERY or "status" not in tickets.columns:
        return []
    changes = events.filter((pl.col("kind") == STATUS) & pl.col("value").is_not_null()).sort("ticket_id", "at", "seq")
    last = changes.unique("ticket_id", keep="last", maintain_order=True).select("ticket_id", "value")
    both = (
        tickets.filter(pl.col("exclusion").is_null())
        .select("ticket_id", pl.col("status").cast(pl.String))
        .join(last, on="ticket_id", how="left")
    )
    both = both.with_columns(pl.col("value").fill_null(Status.new.value)).drop_nulls("status")
    wrong = both.filter(pl.col("status").is_in(DONE) != pl.col("value").is_in(DONE)).height
    if not wrong:
        return []
    said = "ticket is" if wrong == 1 else "tickets are"
    return [f"the status of {wrong:,} {said} not the last one of the history: the history counts"]

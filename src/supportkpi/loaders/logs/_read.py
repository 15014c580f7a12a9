"""A settled log to a Part: its events in a compact frame, its tickets, and what it shows of each of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import polars as pl

from supportkpi.loaders._part import Part, Request
from supportkpi.loaders._story import newest_of
from supportkpi.loaders.joining._finals import FINALS, with_finals
from supportkpi.loaders.logs._beginnings import begins_before
from supportkpi.loaders.logs._gather import Rows, gather, oldest_first
from supportkpi.loaders.logs._last import Asked, as_creations, latest, on_first_line
from supportkpi.loaders.logs._main import Words
from supportkpi.loaders.logs._once import once
from supportkpi.loaders.logs._order import by_ticket, order_of
from supportkpi.loaders.logs._sights import Shown, sights
from supportkpi.loaders.logs._states import KINDS, STEP, state_events, stated
from supportkpi.loaders.logs._tickets import TicketRows, ticket_rows
from supportkpi.loaders.logs._values import Main, main_events
from supportkpi.loaders.tables import ROW
from supportkpi.loaders.wide._kept import columns_read
from supportkpi.loaders.wide._sample import Sample
from supportkpi.loaders.wide._settle import Settled
from supportkpi.schema import Actor, Dataset, Extent, Kind, Sight, Stamps, log, observed

DUPLICATE = "duplicate"
MOST_NAMED = 1_000
BORN = "a ticket begins with its first row in the log: no row and no column says when it was created"


@dataclass(frozen=True, slots=True)
class _Log:
    """What is known of a log on the way to its part."""

    rows: Rows
    main: Main
    tickets: pl.DataFrame  # what latest gives
    told: TicketRows
    dense: bool  # every row says how the ticket stands, and nothing else


def read_log(settled: Settled, sample: Sample, request: Request, *, notes: tuple[str, ...]) -> Part:
    """The part of a log.

    Raises:
        KpiError: its columns contradict themselves.
    """
    words = Words(settled, request.reading)
    rows = gather(words, sample)
    order = order_of(rows.frame)
    rows, again = once(rows, order, sample)
    rows, order, sample = oldest_first(rows, order, sample)
    frame, order = by_ticket(rows.frame, order)
    rows = replace(rows, frame=frame)
    if settled.plan.log == "message":
        rows = _without_standing(rows)
    states = stated(rows)
    dense = bool(states) and not any(settled.has(name) for name in ("activity", "field", "role"))
    main = main_events(_without_states(rows, states), words)
    asks = rows.has("actor_id") and not settled.has("requester_id")
    askers = asks and bool((main.counts["actor"] == Actor.customer.value).any())
    created, rises = (bool((main.counts["kind"] == kind.value).any()) for kind in (Kind.created, Kind.level))
    standing = latest(main, order, Asked(standing=not dense, born=not created or rises, askers=askers))
    told = ticket_rows(settled, sample, request, standing, rows.frame.select(ROW, "at"), dense=dense)
    made = _Log(rows, main, standing, told, dense)
    part = _part(made, settled, sample, words, notes)
    return replace(part, excluded={**part.excluded, DUPLICATE: again}) if again else part


def _without_standing(rows: Rows) -> Rows:
    """The rows of messages without the columns that say on every row of a ticket the same: how it stands at the end."""
    states = stated(rows)
    if not states:
        return rows
    values = rows.frame.group_by("ticket_id").agg(pl.col(states).drop_nulls().n_unique())
    return replace(rows, frame=rows.frame.drop(name for name in states if not (values[name] > 1).any()))


def _without_states(rows: Rows, states: list[str]) -> Rows:
    """The rows without the changes that a column of state tells as well."""
    kinds = [KINDS[name].value for name in states]
    if not kinds:
        return rows
    kind = pl.when(~pl.col("kind").is_in(kinds)).then("kind").alias("kind")
    return replace(rows, frame=rows.frame.drop(states), told=rows.told.with_columns(kind))


def _unknown(rows: Rows) -> dict[str, Mapping[str, int]]:
    counts = dict(rows.unknown.most_common(MOST_NAMED))
    return {"activity": counts} if counts else {}


def _part(made: _Log, settled: Settled, sample: Sample, words: Words, notes: tuple[str, ...]) -> Part:
    shown = sights(made.main, stated(made.rows))
    born = _born(made, shown, words)
    events, said = _events(made, words, born)
    part = made.told.part
    observes = {**_from_stamps(made, shown), **shown.observes, **born.observes, **_ratings(part)}
    observes[Sight.event] = Extent.EVERY
    notes = (*notes, *part.provenance.notes, *shown.notes, *_lost(made, born), *_twice(made.rows.twice))
    assumptions = dict.fromkeys((*part.assumptions, *made.main.assumptions, *shown.assumptions, *said))
    provenance = replace(
        part.provenance,
        rows=sample.table.rows + len(sample.table.rejects) + sum(sample.table.excluded.values()),
        columns=columns_read(sample, settled, made.told.keep),
        notes=notes,
        unmapped={**part.provenance.unmapped, **_unknown(made.rows)},
        zone_source=settled.zone_source,
        zone=settled.zone,
    )
    return replace(
        part,
        table=sample.table,
        observes=observes,
        stamps=(),
        events=events,
        derived=True,
        events_per_row=STEP,
        rejects=(*sample.table.rejects, *made.rows.rejects),
        provenance=provenance,
        assumptions=tuple(assumptions),
        assumed=born.assumed,
        newest=newest_of(events, part.frame, part.surveys),
    )


@dataclass(frozen=True, slots=True)
class _Born:
    """Where creations come from: a column (``at``), rows of their own, or the first row of each ticket."""

    at: str | None
    observes: Mapping[Sight, Extent]
    assumed: Mapping[Sight, str]


def _born(made: _Log, shown: Shown, words: Words) -> _Born:
    every = {Sight.created: Extent.EVERY}
    if any(stamp.column == "created_at" for stamp in made.told.part.stamps):
        return _Born("created_at", every, {})
    if Sight.created in shown.observes:
        return _Born(None, every, {})
    if not words.settled.plan.begins or begins_before(made.rows, made.main, made.tickets["first_row"]):
        return _Born(None, {}, {})
    return _Born("first_at", every, {Sight.created: BORN})


def _events(made: _Log, words: Words, born: _Born) -> tuple[pl.LazyFrame, tuple[str, ...]]:
    """All events of the log: those of the rows, the changes, the creations, and what final columns add."""
    more = state_events(made.rows, _actors(made), words, dense=made.dense) if stated(made.rows) else []
    rows = pl.concat([frame.select(pl.col("seq") // STEP) for frame in more]) if more else None
    spoken = _main(made, pl.DataFrame(schema={ROW: pl.UInt32}) if rows is None else rows.rename({"seq": ROW}).unique())
    if born.at is not None:
        more.append(as_creations(_with_creations(made), born.at, STEP))
    if not any(words.settled.has(name) for name in ("field", "new")):
        more += _rising(made)
    finals = made.told.part.frame.select("ticket_id", *_finals(made, tuple(FINALS)))
    stamps = _other_stamps(made)
    events = pl.concat([spoken, *(frame.lazy() for frame in more), *stamps]) if more or stamps else spoken
    if len(finals.columns) > (2 if "created_at" in finals.columns else 1):
        events, said = with_finals(events, finals.drop("created_at", strict=False))
        return events.collect().lazy(), said
    return events, ()


def _rising(made: _Log) -> list[pl.DataFrame]:
    """That tickets stood on the first line before they were escalated, where rows tell of nothing but escalations."""
    rises = made.main.frame.filter(made.main.tells(Kind.level)).select("ticket_id", ROW)
    if rises.is_empty():
        return []
    first = rises.group_by("ticket_id").agg(pl.col(ROW).min())  # the row that the event stands for
    tickets = made.tickets.filter(~pl.col("first_row").is_in(rises[ROW].implode()))
    below = tickets.join(first, on="ticket_id", how="inner", maintain_order="left").with_columns(first_row=pl.col(ROW))
    return [on_first_line(below, "first_at", STEP)]


def _with_creations(made: _Log) -> pl.DataFrame:
    """The tickets beside the creation that a column of theirs tells."""
    names = _finals(made, ("created_at",))
    told = made.told.part.frame.select(pl.col("ticket_id").cast(pl.Categorical()), *names)
    return made.tickets.join(told, on="ticket_id", how="left", maintain_order="left") if names else made.tickets


def _finals(made: _Log, names: tuple[str, ...]) -> list[str]:
    stamps = {stamp.column for stamp in made.told.part.stamps}
    return [name for name in names if name in stamps]


def _main(made: _Log, changed: pl.DataFrame) -> pl.LazyFrame:
    """The rows' own events; a row that tells nothing known is a message of nobody, so that its instant counts.

    Of a dense log only the rows that change nothing stand for themselves.
    """
    frame = made.main.frame.with_columns(made.main.event).lazy()  # a byte a row: whoever asks for a kind looks at all
    if made.dense:
        frame = frame.join(changed.lazy(), on=ROW, how="anti")
    return frame.select(
        pl.col("ticket_id"),
        pl.col("at"),
        (pl.col(ROW) * STEP + 1).alias("seq"),
        pl.col("kind"),
        made.main.by,
        _author(made),
        made.main.public,
        made.main.value.alias("value"),
        made.main.raw.alias("raw"),
    )


def _author(made: _Log) -> pl.Expr:
    known = made.rows.has("actor_id")
    return pl.col("actor_id") if known else pl.lit(None, pl.Categorical()).alias("actor_id")


def _actors(made: _Log) -> pl.DataFrame:
    return made.main.frame.select(ROW, made.main.actor, _author(made))


def _other_stamps(made: _Log) -> list[pl.LazyFrame]:
    """The events of columns of tickets that the log itself does not show, such as the first reply."""
    part = made.told.part
    stamps = tuple(
        stamp
        for stamp in part.stamps
        if stamp.column not in FINALS
        and not (set(observed((stamp,))) & set(sights(made.main, stated(made.rows)).observes))
    )
    if not stamps:
        return []
    frame = part.frame.select("ticket_id", *(stamp.column for stamp in stamps))
    wide = log(Dataset(history=Stamps(frame=frame, stamps=stamps), tickets=frame, surveys=frame, observes={}))
    coded = [pl.col(name).cast(pl.Categorical()) for name in ("ticket_id", "actor_id", "value", "raw")]
    return [wide.with_columns(coded)]


def _from_stamps(made: _Log, shown: Shown) -> dict[Sight, Extent]:
    """What columns of tickets show beside the log."""
    known = {sight: extent for sight, extent in made.told.part.observes.items() if sight not in shown.observes}
    return {sight: extent for sight, extent in known.items() if sight not in (Sight.rating, Sight.offer)}


def _ratings(part: Part) -> dict[Sight, Extent]:
    return {sight: extent for sight, extent in part.observes.items() if sight in (Sight.rating, Sight.offer)}


def _lost(made: _Log, born: _Born) -> tuple[str, ...]:
    """A word about tickets that begin before the log does: it has rows of creation, but none of theirs."""
    if born.at is not None or Sight.created not in born.observes:
        return ()
    created = made.main.frame.filter(made.main.tells(Kind.created))["ticket_id"].n_unique()
    lost = made.tickets.height - created
    if lost <= 0:
        return ()
    return (
        f"{lost:,} of {made.tickets.height:,} tickets have no row of their creation: they began before the log does",
    )


def _twice(count: int) -> tuple[str, ...]:
    return (f"{count:,} instants stand in an hour that the clock ran twice: the earlier one is taken",) if count else ()

"""Jira's CSV: a row an issue, with a column for each comment, label and logged work; comments become messages.

A comment is ``date;account;text``, logged work ``text;date;account;seconds``. The file says neither who is an agent nor
which comments are internal: the reporter is taken for the customer, anyone else for an agent, and it is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from supportkpi.loaders._part import Part, Request
from supportkpi.loaders._story import newest_of
from supportkpi.loaders.generic._headers import folded
from supportkpi.loaders.logs._lookup import looked_up
from supportkpi.loaders.logs._main import CODED, named
from supportkpi.loaders.mapping._recognise import by_header, normal
from supportkpi.loaders.tables import ROW, Table
from supportkpi.loaders.values._dates import choose_dates
from supportkpi.loaders.wide._wide import wide_part
from supportkpi.schema import (
    DONE,
    EVENTS,
    TICKETS,
    Actor,
    ColumnReading,
    Dataset,
    Extent,
    Kind,
    Sight,
    Stamps,
    Status,
    log,
    observed,
)

_COMMENTS = frozenset(
    (
        *("comment", "comments", "comentario", "comentarios", "comentar", "comentário", "comentários"),
        *("kommentar", "kommentare", "commentaire", "commentaires", "комментарий", "комментарии"),
    )
)
_WORK = frozenset(("log work", "registro de trabajo"))
_PERSONAL = frozenset(("watchers", "watchers id", "attachment", "interesados", "adjunto", "adjuntos"))
_LABELS = frozenset(("labels", "etiquetas"))
_REPORTERS = ("reporter id", "id del informador", "reporter", "informador", "autor")
_CREATORS = ("creator id", "id del creador", "creator", "creador", "ersteller")
_CATEGORIES = ("status category", "categoría de estado")
_DONE = ("done", "listo", "completado", "готово", "fertig", "terminé", "concluído")
_STARTED = ("in progress", "en curso", "en progreso", "в работе", "in arbeit", "en cours", "em andamento")
_CELL = r"(?s)^([^;]+);([^;]+);"
AUTHORS = "Jira comments: the reporter is the customer, anyone else an agent; every comment is taken as public"


def issues_part(request: Request) -> Part:
    """The part of a CSV of Jira issues.

    Raises:
        KpiError: the table contradicts itself.
    """
    part = _with_category(wide_part(replace(request, table=_issues(request.table))), request.table)
    part = _with_opener(_with_work(part, request.table), request)
    comments = _columns(request.table, _COMMENTS)
    return _with_comments(part, request, comments) if comments else part


def _columns(table: Table, names: frozenset[str]) -> list[str]:
    return [column for column in table.columns if folded(column) in names]


def _issues(table: Table) -> Table:
    """The table without the columns of texts and persons, all labels of an issue in one column."""
    others = _columns(table, _COMMENTS | _WORK | _PERSONAL)
    table = replace(
        table,
        columns=tuple(column for column in table.columns if column not in others),
        frame=table.frame.drop(others),
    )
    labels = _columns(table, _LABELS)
    if len(labels) < 2:
        return table
    joined = pl.concat_str(labels, separator=",", ignore_nulls=True).alias(labels[0])
    frame = table.frame.with_columns(pl.when(pl.any_horizontal(pl.col(labels).is_not_null())).then(joined))
    columns = tuple(column for column in table.columns if column not in labels[1:])
    return replace(table, columns=columns, frame=frame.drop(labels[1:]))


def _with_category(part: Part, table: Table) -> Part:
    """The part with the status where only its category is known, and never against the category."""
    column = next((by_header(table.columns)[name] for name in _CATEGORIES if name in by_header(table.columns)), None)
    if column is None or "status" not in part.frame.columns:
        return part
    words = table.frame.select(ROW, pl.col(column).str.strip_chars().str.to_lowercase().alias("_category")).collect()
    beside = part.frame.join(words, on=ROW, how="left", maintain_order="left")
    status, category = pl.col("status"), pl.col("_category")
    done = category.is_in(list(_DONE))
    named = pl.when(category.is_in(list(_STARTED))).then(pl.lit("open")).otherwise(pl.lit("new"))
    decided = (
        pl.when(done & ~status.is_in(list(DONE)).fill_null(value=False)).then(pl.lit(Status.solved.value))
        .when(~done & (status.is_null() | status.is_in(list(DONE)))).then(named)
        .otherwise(status.cast(pl.String))
    )  # fmt: skip
    decided = pl.when(category.is_null()).then(status.cast(pl.String)).otherwise(decided)
    frame = beside.with_columns(decided.cast(TICKETS["status"]).alias("status")).drop("_category")
    unmapped = {name: words for name, words in part.provenance.unmapped.items() if name != "status"}
    known = frame["status"].null_count() == 0
    return replace(
        part, frame=frame, provenance=replace(part.provenance, unmapped=unmapped) if known else part.provenance
    )


def _with_opener(part: Part, request: Request) -> Part:
    """The part with who opened each issue: the first comment does not tell, for the description is none of them."""
    reporter, creator = _people(request.table)
    if reporter is None:
        return part
    asked, by = (pl.col(name).str.strip_chars() for name in (reporter, creator or reporter))
    people = request.table.frame.select(ROW, asked.alias("_asked"), pl.coalesce(by, asked).alias("_by")).collect()
    beside = part.frame.select(ROW).join(people, on=ROW, how="left", maintain_order="left")
    said = looked_up(beside["_by"], lambda author: named(author, request.reading), EVENTS["actor"])
    same = pl.col("_asked") == pl.col("_by")
    told = pl.when(same).then(pl.lit(Actor.customer.value)).when(~same).then(pl.lit(Actor.agent.value))
    opener = beside.select(pl.coalesce(pl.lit(said).cast(pl.String), told).cast(TICKETS["opener"]).alias("opener"))
    return replace(part, frame=part.frame.with_columns(opener.to_series()))


def _people(table: Table) -> tuple[str | None, str | None]:
    """The columns of reporter and creator, both of accounts or both of names; the reporter's alone without such two."""
    headers = by_header(table.columns)
    pairs = [(headers.get(normal(r)), headers.get(normal(c))) for r, c in zip(_REPORTERS, _CREATORS, strict=True)]
    whole = (pair for pair in pairs if None not in pair)
    return next(whole, next((pair for pair in pairs if pair[0] is not None), (None, None)))


def _with_work(part: Part, table: Table) -> Part:
    """The part with the time that was logged, where the export has no total of it."""
    work = _columns(table, _WORK)
    if not work or "given_handle_s" in part.frame.columns:
        return part
    seconds = pl.col("cell").str.extract(r";(\d+)\s*$").cast(pl.Float64)
    summed = (
        _cells(table, work).select(ROW, seconds.alias("given_handle_s")).group_by(ROW).agg(pl.sum("given_handle_s"))
    )
    return replace(part, frame=part.frame.join(summed, on=ROW, how="left", maintain_order="left"))


def _cells(table: Table, columns: Sequence[str]) -> pl.DataFrame:
    """Every cell of repeated columns that holds something: ``_row``, ``place`` of the column, ``cell``."""
    frame = table.frame.select(ROW, *columns).collect()
    places = {column: str(place) for place, column in enumerate(columns)}
    long = frame.rename(places).unpivot(index=ROW, variable_name="place", value_name="cell")
    return long.drop_nulls("cell").with_columns(pl.col("place").cast(pl.UInt32)).sort(ROW, "place")


def _with_comments(part: Part, request: Request, columns: Sequence[str]) -> Part:
    """The part as a history: its stamps as events, and each comment as a message."""
    cells = _cells(request.table, columns)
    whole = cells.with_columns(
        cells["cell"].str.extract(_CELL, 1).alias("date"), cells["cell"].str.extract(_CELL, 2).alias("by")
    )
    reading = choose_dates(whole["date"].head(20_000), header="Comment", zone=part.provenance.zone, dayfirst=True)
    if whole.is_empty() or reading is None:
        return part
    dated = whole.with_columns(reading.parse(pl.col("date")).alias("at"))
    lost = dated["at"].null_count()
    note = (f"{lost:,} comments do not begin with a date: left out",) if lost else ()
    messages = _messages(dated.drop_nulls("at"), part, request)
    events = pl.concat([_stamps(part, after=messages), messages.lazy()])
    shows = {Sight.request: Extent.EVERY, Sight.reply: Extent.EVERY, Sight.event: Extent.EVERY}
    return replace(
        part,
        events=events,
        stamps=(),
        observes={**part.observes, **shows},
        provenance=replace(
            part.provenance,
            columns=(*part.provenance.columns, _read_as_messages(request.table, columns, messages.height)),
            notes=(*part.provenance.notes, *note),
        ),
        assumptions=(*part.assumptions, AUTHORS),
        newest=newest_of(events, part.frame, None),
    )


def _read_as_messages(table: Table, columns: Sequence[str], count: int) -> ColumnReading:
    said = f"{count:,} comments in {len(columns):,} columns"
    filled = float(table.frame.select(pl.any_horizontal(pl.col(columns).is_not_null()).mean()).collect().item() or 0)
    return ColumnReading(column=columns[0], field="message", confidence="sure", evidence=said, filled=filled)


def _stamps(part: Part, *, after: pl.DataFrame) -> pl.LazyFrame:
    """The instants of the issue as events, without the first reply: the comments tell it.

    Instants are whole minutes: who answers and resolves in one of them has answered first.
    """
    stamps = tuple(stamp for stamp in part.stamps if Sight.reply not in observed((stamp,)))
    frame = part.frame.select("ticket_id", *(stamp.column for stamp in stamps))
    wide = log(Dataset(history=Stamps(frame=frame, stamps=stamps), tickets=frame, surveys=frame, observes={}))
    last = int(after["seq"].max() or 0) + 1  # type: ignore[arg-type]
    seq = pl.when(pl.col("kind") == Kind.status.value).then(pl.col("seq") + last).otherwise("seq").cast(pl.UInt32)
    return wide.with_columns(
        seq.alias("seq"), *(pl.col(name).cast(CODED) for name in ("ticket_id", "actor_id", "value", "raw"))
    )


def _messages(comments: pl.DataFrame, part: Part, request: Request) -> pl.DataFrame:
    headers = by_header(request.table.columns)
    reporter = next((headers[normal(name)] for name in _REPORTERS if normal(name) in headers), None)
    known = pl.col(reporter) if reporter is not None else pl.lit(None, pl.String)
    asked = request.table.frame.select(ROW, known.str.strip_chars().alias("_reporter")).collect()
    beside = comments.join(part.frame.select(ROW, "ticket_id"), on=ROW, maintain_order="left")
    beside = beside.join(asked, on=ROW, how="left", maintain_order="left")
    who = beside["by"].str.strip_chars().cast(CODED)
    said = looked_up(who, lambda author: named(author, request.reading), EVENTS["actor"])
    same = who.cast(pl.String) == beside["_reporter"]
    names = pl.Series([Actor.agent.value, Actor.customer.value], dtype=EVENTS["actor"])
    actor = names.gather(same.fill_null(value=False).cast(pl.UInt32))
    actor = said.zip_with(said.is_not_null(), actor)
    made = {
        "ticket_id": pl.col("ticket_id").cast(CODED),
        "at": pl.col("at"),
        "seq": pl.col("place") + len(part.stamps),
        "kind": pl.lit(Kind.message.value, EVENTS["kind"]),
        "actor": pl.lit(actor),
        "actor_id": pl.lit(who),
        "public": pl.lit(value=True),
        "value": pl.lit(None, CODED),
        "raw": pl.lit(None, CODED),
    }
    return beside.select(made[name].alias(name) for name in EVENTS)

"""Targets beside tickets: a table with one row a target, or one row what happened to one, to a row a ticket.

What a target is about stands in a word of its own. Cancelled targets do not count; of a first response the first one
counts, of resolutions all of them. A target that runs and is not missed has no verdict yet.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import polars as pl

from supportkpi.loaders._part import ROWS, Part, Request
from supportkpi.loaders.mapping._claims import Plan, plan_of, with_choices
from supportkpi.loaders.mapping._fields import FIELDS
from supportkpi.loaders.mapping._recognise import recognise
from supportkpi.loaders.mapping._vocabulary import plain
from supportkpi.loaders.tables import ROW
from supportkpi.loaders.wide._coded import coded, codes_of
from supportkpi.loaders.wide._collect import collect
from supportkpi.loaders.wide._kept import columns_read
from supportkpi.loaders.wide._rows import rejected, sound_ids, unread
from supportkpi.loaders.wide._sample import Sample
from supportkpi.loaders.wide._settle import Settled, settle
from supportkpi.loaders.wide._stamps import TOPS
from supportkpi.schema import INSTANT, Provenance, Stamp, observed

_ABOUT = (
    (
        "first_response",
        re.compile(r"respon|repl|reaction|acknowledg|ответ|реакц|respuesta|resposta|antwort|réponse", re.I),
    ),
    ("resolution", re.compile(r"resol|solv|close|fix|complet|решен|закры|lösung|résol", re.I)),
)
"""What the name of a target is about, in order of trial: "P1 response", "Priority 1 resolution (1 hour)"."""
_STAGES = {
    **dict.fromkeys(("in progress", "paused", "running", "active"), "running"),
    **dict.fromkeys(("completed", "achieved", "ended", "met", "done"), "ended"),
    **dict.fromkeys(("breached", "missed", "overdue"), "breached"),
    **dict.fromkeys(("cancelled", "canceled"), "cancelled"),
}
_TELLING = ("applied", "ended", "breached")
_COLUMNS: Mapping[str, pl.DataType] = {
    "target": pl.String(),
    "stage": pl.String(),
    "cycle": pl.String(),
    "at": INSTANT,
    "due_at": INSTANT,
    "met_at": INSTANT,
    "breached": pl.Boolean(),
}


def targets_part(request: Request) -> Part | None:
    """The part of a table of targets, which a mapping has to know; None for any other table.

    Raises:
        KpiError: its dates or ids do not allow a reading.
    """
    mapping, columns = request.mapping, request.table.columns
    if mapping is None and request.reading.helpdesk != "generic":
        mapping = recognise(columns, path=request.table.name)
    if mapping is None or mapping.rows != "target" or not request.table.rows:
        return None
    plan = with_choices(plan_of(mapping, columns), request.chosen, columns)
    if plan.claim("ticket_id") is None or plan.claim("target") is None:
        return None
    sample = request.sample.without(plan.missing)
    settled = settle(plan, sample, request.reading)
    return _part(settled, sample)


def _part(settled: Settled, sample: Sample) -> Part:
    cells = collect(settled, sample, ())
    lost = cells.frame.filter(pl.col("ticket_id").is_null())
    rejects = rejected(lost.select(ROW, "ticket_id"), [], settled, sample) if lost.height else ()
    known = cells.frame.drop_nulls("ticket_id")
    rows, unknown = _read(known, settled, sample)
    frame = _tickets(rows, needs_policy="applied" in settled.plan.words("stage").values())
    frame, said = _answered(frame, rows)
    stamps = _stamps(frame)
    table = sample.table
    return Part(
        table=table,
        frame=frame,
        survey=False,
        rated=(),
        observes=observed(stamps),
        stamps=stamps,
        only_adds=True,
        rejects=(*table.rejects, *rejects),
        provenance=_provenance(settled, sample, unknown, notes=tuple(unread(cells, known, settled))),
        assumptions=(*_assumptions(settled), *said),
        newest=pl.concat([rows["at"], rows["met_at"].alias("at")]).drop_nulls().sort(descending=True).head(TOPS),
    )


def _read(cells: pl.DataFrame, settled: Settled, sample: Sample) -> tuple[pl.DataFrame, dict[str, dict[str, int]]]:
    """The rows with all of _COLUMNS, words by their meaning; and the words that have none."""
    frame = cells
    unknown: dict[str, dict[str, int]] = {}
    for name, meaning in (("target", _about), ("stage", _stage)):
        if name in frame.columns:
            known = partial(meaning, table=settled.plan.words(name))
            read, strange = coded(frame[name].cast(codes_of(name)), known, pl.String())
            frame = frame.with_columns(read.alias(name))
            unknown |= {name: strange} if strange else {}
    absent = [pl.lit(None, dtype).alias(name) for name, dtype in _COLUMNS.items() if name not in frame.columns]
    claim = settled.claim("ticket_id")
    if claim is not None:
        frame = frame.with_columns(sound_ids(frame["ticket_id"], claim.column, sample))
    return frame.with_columns(absent).with_columns(pl.col("cycle").cast(pl.String)), unknown


def _about(text: str, table: Mapping[str, str]) -> str | None:
    given = table.get(plain(text), table.get("*"))
    return given or next((about for about, pattern in _ABOUT if pattern.search(text)), None)


def _stage(text: str, table: Mapping[str, str]) -> str | None:
    return table.get(plain(text)) or _STAGES.get(plain(text))


def _tickets(rows: pl.DataFrame, *, needs_policy: bool) -> pl.DataFrame:
    """One row a ticket: deadlines, verdicts, the instant of the first reply, and how many rows tell of it."""
    every = rows.group_by("ticket_id", maintain_order=True).agg(pl.len().cast(pl.UInt32).alias(ROWS))
    counting = rows.filter(pl.col("stage").ne_missing("cancelled")).sort("at", ROW, nulls_last=True)
    for about in ("first_response", "resolution"):
        mine = counting.filter(pl.col("target") == about)
        if mine.is_empty():
            continue
        if about == "first_response":
            number = pl.col("cycle").cast(pl.Float64, strict=False)
            told = pl.when(pl.col("stage").is_in(_TELLING)).then(number)  # others are numbered 0 as well
            mine = mine.filter((number == told.min().over("ticket_id")) | number.is_null())
        said = mine.group_by("ticket_id").agg(*_told(about, needs_policy=needs_policy))
        said = said.select("ticket_id", *(name for name in said.columns[1:] if said[name].count()))
        every = every.join(said, on="ticket_id", how="left", maintain_order="left")
    return every


def _told(about: str, *, needs_policy: bool) -> list[pl.Expr]:
    """What all rows of one sort of target of a ticket tell together."""
    ended = (pl.col("stage") == "ended") | (pl.col("stage").is_null() & pl.col("met_at").is_not_null())
    missed = pl.col("breached").fill_null(value=False) | (pl.col("stage") == "breached").fill_null(value=False)
    applied = (pl.col("stage") == "applied").any() if needs_policy else pl.lit(value=True)
    verdict = pl.when(missed.any()).then(pl.lit(value=False)).when(applied & ended.any()).then(pl.lit(value=True))
    made = [
        pl.col("due_at").drop_nulls().last().alias(f"{about}_due_at"),
        verdict.alias(f"given_sla_{about}_met"),
    ]
    if about == "first_response":
        at = pl.coalesce("met_at", pl.col("at"))
        made.append(at.filter(ended.fill_null(value=False)).min().alias("first_reply_at"))
    return made


def _answered(frame: pl.DataFrame, rows: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
    """The tickets without their first replies where some of them have no target that would tell of one."""
    told = rows.filter(pl.col("target") == "first_response")["ticket_id"].n_unique()
    lacking = frame.height - told
    if not lacking or "first_reply_at" not in frame.columns:
        return frame, []
    said = f"{lacking:,} of {frame.height:,} tickets have no target of the first response: when any was answered is not"
    return frame.drop("first_reply_at"), [f"{said} used"]


def _stamps(frame: pl.DataFrame) -> tuple[Stamp, ...]:
    stamp = FIELDS["first_reply_at"].stamp
    return (stamp,) if stamp is not None and "first_reply_at" in frame.columns else ()


def _assumptions(settled: Settled) -> tuple[str, ...]:
    said = ["dates without a zone are read as UTC (--source-tz)"] if settled.zone_source == "assumed" else []
    return (*settled.assumptions, *said)


def _provenance(
    settled: Settled, sample: Sample, unknown: Mapping[str, Mapping[str, int]], *, notes: tuple[str, ...]
) -> Provenance:
    plan: Plan = settled.plan
    table = sample.table
    return replace(
        table.provenance(plan.id, plan.title, zone=settled.zone, zone_source=settled.zone_source),
        columns=columns_read(sample, settled, ()),
        notes=(*table.notes, *notes),
        unmapped=unknown,
    )

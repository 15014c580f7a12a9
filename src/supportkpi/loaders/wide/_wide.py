"""A table with one row a ticket, or one row an answer, to a Part."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import polars as pl

from supportkpi.decisions import Reading
from supportkpi.loaders._part import Part, Request
from supportkpi.loaders.generic._borrowed import borrows
from supportkpi.loaders.generic._checks import EMPTY, check
from supportkpi.loaders.generic._generic import beside, further, guess
from supportkpi.loaders.generic._questions import questions
from supportkpi.loaders.generic._refusals import refusal, refuse_messages, refuse_silent
from supportkpi.loaders.generic._sums import refusal_of_sums, sums_up
from supportkpi.loaders.mapping._claims import SAID, Claim, Plan, plan_of, with_choices
from supportkpi.loaders.mapping._fields import FIELDS, LOG_ONLY, Sort
from supportkpi.loaders.mapping._mapping import HelpdeskMapping
from supportkpi.loaders.mapping._recognise import by_header, normal, recognise
from supportkpi.loaders.values._halves import with_whole_dates
from supportkpi.loaders.wide._answers import counting, kinds_of
from supportkpi.loaders.wide._collect import collect
from supportkpi.loaders.wide._kept import columns_read, keepable
from supportkpi.loaders.wide._rows import numbered, sound_ids, sound_rows, unread, without_totals
from supportkpi.loaders.wide._sample import Sample
from supportkpi.loaders.wide._settle import Settled, settle
from supportkpi.loaders.wide._stamps import TOPS, Told, newest, tell
from supportkpi.loaders.wide._surveys import Rated, rate, shown
from supportkpi.schema import Provenance

_FAR = 10
"""How many usual distances, and more than a day, the newest instant must lie ahead to be worth a word."""


def wide_part(request: Request) -> Part:
    """The part of a table of tickets or answers; the last reader that is asked, so it refuses what it cannot read.

    Raises:
        KpiError: the table is no table of tickets or answers, or contradicts itself.
    """
    table, reading, chosen, columns = request.table, request.reading, request.chosen, request.columns
    sample = request.sample
    table, halves = with_whole_dates(sample, said=frozenset(_here(chosen, table.columns).values()))
    sample = Sample(table) if halves else sample
    plan = _plan(sample, chosen, request.mapping, generic=reading.helpdesk == "generic")
    sample = sample.without(plan.missing)
    settled = settle(_needed(plan, columns), sample, reading)
    if plan.id == "generic" and not plan.survey and "ticket_id" not in chosen and sums_up(sample):
        raise refusal_of_sums(sample)
    refuse_silent(plan, sample)
    refuse_messages(plan, sample)
    keep = tuple(dict.fromkeys((*keepable(sample, settled, columns), *kinds_of(settled, table.columns))))
    return told_part(settled, sample, keep, Ask(reading=reading, notes=halves))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """How the rows of a settled table are to be told: ``notes`` are said first.

    Of a log ``strict`` is False: its rows were judged by the event's own instant, and another date is missing at worst.
    """

    reading: Reading
    notes: tuple[str, ...] = ()
    strict: bool = True


def told_part(settled: Settled, sample: Sample, keep: Sequence[str], ask: Ask) -> Part:
    """The part that the rows of a settled table come to."""
    table, reading, survey = sample.table, ask.reading, settled.plan.survey
    cells, left = without_totals(numbered(collect(settled, sample, keep), settled, table), settled)
    frame, rejects = sound_rows(cells, settled, sample) if ask.strict else (cells.frame, ())
    claim = settled.claim("ticket_id")
    if claim is not None and "ticket_id" not in cells.numerals:
        frame = frame.with_columns(sound_ids(frame["ticket_id"], claim.column, sample))
    frame, left = counting(frame, settled) if survey else (frame, left)
    told = Told(frame=frame, stamps=(), observes={}) if survey else tell(frame, settled, reading.statuses)
    rated = rate(told.frame, settled, reading)
    settled = _with_order(_with_scales(settled, rated), told.frame)
    tops = newest(told.frame, told.stamps)
    notes = (
        *table.notes,
        *ask.notes,
        *settled.plan.notes,
        *told.notes,
        *unread(cells, frame, settled),
        *_twice(cells.twice),
        *_lone(tops),
    )
    observes = {**told.observes, **shown(told.frame, rated, alone=survey)}
    return Part(
        table=table,
        frame=told.frame,
        survey=survey,
        rated=rated,
        observes=observes,
        stamps=told.stamps,
        excluded=left,
        rejects=(*table.rejects, *rejects),
        provenance=_provenance(settled, sample, keep, notes=notes, unmapped=told.unmapped),
        assumptions=_assumptions(settled, rated, told),
        newest=tops,
    )


def _plan(sample: Sample, chosen: Mapping[str, str], mapping: HelpdeskMapping | None, *, generic: bool) -> Plan:
    columns = sample.table.columns
    if mapping is None and not generic:
        mapping = recognise(columns, path=sample.table.name)
        if mapping is not None and (_has_no_id(mapping, chosen, columns) or _is_borrowed(mapping, sample)):
            mapping = None  # a register that calls a few columns as that helpdesk does
    if mapping is None:
        plan = with_choices(guess(sample, _here(chosen, columns)), chosen, columns)
    else:
        plan = _asked_by_words(_of_tickets(plan_of(mapping, columns)), sample, chosen)
        plan = with_choices(_completed(plan, sample, chosen, mapping), chosen, columns)
    if not plan.survey and plan.claim("ticket_id") is None:
        raise refusal(sample)
    return replace(plan, claims=tuple(_in_its_words(claim, sample) for claim in plan.claims))


def _in_its_words(claim: Claim, sample: Sample) -> Claim:
    """The claim on a yes or no that the user has named, with the words of its column: "breached" is no "met"."""
    if claim.sort is not Sort.flag or claim.evidence != SAID or claim.flags:
        return claim
    found = check(claim.field, claim.column, sample)
    return replace(claim, flags=found.flags, undecided=found.undecided) if found is not None else claim


def _has_no_id(mapping: HelpdeskMapping, chosen: Mapping[str, str], columns: Collection[str]) -> bool:
    """Whether a mapping of tickets finds no column for their id, and nobody has named one."""
    aliases = mapping.columns.get("ticket_id", ())
    headers = by_header(columns)
    return mapping.rows == "ticket" and "ticket_id" not in chosen and not any(normal(one) in headers for one in aliases)


def _is_borrowed(mapping: HelpdeskMapping, sample: Sample) -> bool:
    """Whether the names of a table of tickets are those of a helpdesk by chance."""
    plan = plan_of(mapping, sample.table.columns)
    return not plan.survey and not plan.log and borrows(sample, plan)


def _completed(plan: Plan, sample: Sample, chosen: Mapping[str, str], mapping: HelpdeskMapping) -> Plan:
    """The plan of a mapping with what words and values tell of columns that it does not know.

    Of a layout that is known in part every such column counts, of another those that leave no doubt.
    """
    if plan.survey or plan.log:
        return plan
    taken = {**{claim.field: claim.column for claim in plan.claims}, **_here(chosen, sample.table.columns)}
    if mapping.confidence != "partial":
        return replace(plan, claims=(*plan.claims, *further(sample, taken, plan.title)))
    found = (claim for claim in beside(sample, taken).values() if claim.evidence != EMPTY)
    return replace(plan, claims=(*plan.claims, *found))


def _asked_by_words(plan: Plan, sample: Sample, chosen: Mapping[str, str]) -> Plan:
    """The plan of a survey tool, whose headers are questions, with the questions that ask for a rating."""
    if not plan.survey or any(claim.sort is Sort.score for claim in plan.claims):
        return plan
    asked = {name for name in chosen if FIELDS[name].sort is Sort.score}
    taken = {**{claim.field: claim.column for claim in plan.claims}, **_here(chosen, sample.table.columns)}
    found = questions(sample, taken, title=plan.title, needed=not asked)
    return replace(plan, claims=(*plan.claims, *found))


def _of_tickets(plan: Plan) -> Plan:
    """The plan without what only logs have: a log that has a row a ticket is a table of tickets.

    Its instants are then those of the newest update of each.
    """
    if not plan.log:
        return plan
    newest = plan.claim("at") if plan.log == "update" and plan.claim("updated_at") is None else None
    claims = (replace(claim, field="updated_at") if claim is newest else claim for claim in plan.claims)
    return replace(plan, claims=tuple(claim for claim in claims if claim.field not in LOG_ONLY))


def _needed(plan: Plan, columns: Collection[str] | None) -> Plan:
    """The plan without what only shows who opened a ticket when it cannot, and without tags that nobody needs."""
    idle = {"submitter", "requester_name"}
    if all(plan.claim(name) is not None for name in idle):
        idle = set()
    tags = plan.claim("tags")
    asked = (
        columns is None or bool(plan.words("exclusion")) or (tags is not None and {"tags", tags.column} & set(columns))
    )
    if tags is not None and not asked:
        idle.add("tags")
    return replace(plan, claims=tuple(claim for claim in plan.claims if claim.field not in idle))


def _here(chosen: Mapping[str, str], columns: Collection[str]) -> dict[str, str]:
    headers = by_header(columns)
    return {name: headers[normal(column)] for name, column in chosen.items() if normal(column) in headers}


def _with_order(settled: Settled, frame: pl.DataFrame) -> Settled:
    """The guessed claims on instants with how many of them lie before the creation: most must not."""
    if settled.plan.id != "generic" or "created_at" not in frame.columns:
        return settled
    claims = []
    for claim in settled.claims:
        if claim.sort is Sort.instant and claim.field != "created_at" and claim.field in frame.columns:
            both = frame.select((pl.col(claim.field) < pl.col("created_at")).alias("early"))["early"].drop_nulls()
            early = int(both.sum())
            said = f"{early:,} before the creation" if early else "never before the creation"
            sure = "assumed" if early > len(both) / 2 else claim.confidence
            if len(both):
                claim = replace(claim, confidence=sure, evidence=f"{said}; {claim.evidence}")  # noqa: PLW2901
        claims.append(claim)
    return replace(settled, claims=tuple(claims))


def _with_scales(settled: Settled, rated: tuple[Rated, ...]) -> Settled:
    """The claims with what is known of the scale of each rating."""
    known = {reading.claim.field: reading.guess for reading in rated}
    claims = []
    for claim in settled.claims:
        found = known.get(claim.field)
        if found is not None:
            scale = f"scale {found.scale}" if found.scale else "scale not known"
            sure = claim.confidence if found.basis in ("stated", "header") or claim.field != "csat" else "assumed"
            claim = replace(claim, confidence=sure, evidence=f"{claim.evidence}; {scale}")  # noqa: PLW2901
        claims.append(claim)
    return replace(settled, claims=tuple(claims))


def _assumptions(settled: Settled, rated: tuple[Rated, ...], told: Told) -> tuple[str, ...]:
    said = [*settled.assumptions, *(claim.assumed for claim in settled.claims if claim.assumed), *told.assumptions]
    if settled.zone_source == "assumed" and settled.dates:
        said.append("dates without a zone are read as UTC (--source-tz)")
    said += [reading.assumption for reading in rated if reading.assumption is not None]
    return tuple(said)


def _twice(count: int) -> tuple[str, ...]:
    if not count:
        return ()
    return (f"{count:,} instants stand in an hour that the clock ran twice: the earlier one is taken",)


def _lone(tops: pl.Series) -> tuple[str, ...]:
    """A word about one instant that is far ahead of all others: everything is censored at it."""
    if len(tops) < TOPS:
        return ()
    first, second, last = tops[0], tops[1], tops[-1]
    usual = (second - last) / (TOPS - 2)
    if first - second <= max(timedelta(days=1), _FAR * usual):
        return ()
    return (f"the newest instant, {first:%Y-%m-%d %H:%M}, stands alone: the next one is {second:%Y-%m-%d %H:%M}",)


def _provenance(
    settled: Settled,
    sample: Sample,
    keep: Collection[str],
    *,
    notes: tuple[str, ...],
    unmapped: Mapping[str, Mapping[str, int]],
) -> Provenance:
    table = sample.table
    return replace(
        table.provenance(settled.plan.id, settled.plan.title, zone=settled.zone, zone_source=settled.zone_source),
        columns=columns_read(sample, settled, keep),
        notes=notes,
        unmapped=unmapped,
        on_demand=("tags",) if settled.has("tags") and not settled.plan.words("exclusion") else (),
    )

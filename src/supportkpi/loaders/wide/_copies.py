"""Ends that are no ends: those that repeat the creation in every row, and dates on which work on a ticket began."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from supportkpi.loaders.generic._headers import folded
from supportkpi.loaders.mapping._claims import SAID, Claim, Plan
from supportkpi.loaders.mapping._vocabulary import status_of
from supportkpi.loaders.wide._sample import Sample
from supportkpi.schema import DONE

_ENDS = ("solved_at", "first_solved_at", "closed_at")
_LEAST = 5
"""Rows that are the same by chance no more, where a time of the day stands beside the date."""
_CLOCK = r"\d:\d{2}"
_ATTENDED = re.compile(r"\b(?:atendimento|atendid[oa]|atencion)\b")
_TO_THE_END = re.compile(r"\b(?:fi[nm]|final|termin|conclu|encerr|cierre|fech(?!a\b))")
"""When a ticket was attended to: the end in one list, and in the next, beside a date of closing, the beginning."""


_BEGUN = "when work on it began"


def without_copies(plan: Plan, sample: Sample) -> tuple[Plan, tuple[Claim, ...]]:
    """The plan without ends that are none, and the claims on them; a column that was named stays."""
    copies = (*_copies(plan, sample), *_begun(plan, sample))
    taken = {claim.field for claim in copies}
    return replace(plan, claims=tuple(claim for claim in plan.claims if claim.field not in taken)), copies


def said_of(claim: Claim, created: str) -> str:
    """The sentence about an end that was left out."""
    if claim.evidence.startswith(_BEGUN):
        say = f'--map solved_at="{claim.column}"'
        return f"{claim.column!r} is taken for when work began, not for the end of a ticket ({say})"
    return f"{claim.column!r} repeats {created!r} in every row: it is not read as the end of a ticket"


def _copies(plan: Plan, sample: Sample) -> Iterator[Claim]:
    created = plan.claim("created_at")
    if created is None:
        return
    for field in _ENDS:
        claim = plan.claim(field)
        if claim is None or claim.evidence == SAID or claim.column == created.column:
            continue
        heads = sample.cells(created.column), sample.cells(claim.column)
        if not _same(*heads) or not (sample.is_whole or _same(*(sample.whole(one.name) for one in heads))):
            continue
        said = f"the same as {created.column!r} in every row"
        yield replace(claim, confidence="not loaded", evidence=said)


def _begun(plan: Plan, sample: Sample) -> Iterator[Claim]:
    """The date on which tickets were attended to, where another one closes them and those that go on have it, too."""
    claim, end, status = plan.claim("solved_at"), plan.claim("closed_at"), plan.claim("status")
    if claim is None or end is None or claim.evidence == SAID or claim.column == end.column:
        return
    header = folded(claim.column)
    if not _ATTENDED.search(header) or _TO_THE_END.search(header):
        return
    going = over = 0
    if status is not None:
        rows = pl.DataFrame(
            {"at": sample.words(claim.column), "end": sample.words(end.column), "word": sample.words(status.column)}
        ).filter(pl.col("at").is_not_null() & pl.col("end").is_null() & pl.col("word").is_not_null())
        for word, count in rows["word"].value_counts().rows():
            read = status_of(word, plan.words("status"))
            over += count if read is not None and read.value in DONE else 0
            going += count if read is not None and read.value not in DONE else 0
    if going > over or (not over and "atendimento" in header):
        yield replace(claim, confidence="not loaded", evidence=f"{_BEGUN}: {end.column!r} is the end")


def _same(created: pl.Series, end: pl.Series) -> bool:
    if created.dtype != pl.String or end.dtype != pl.String or end.count() < _LEAST:
        return False
    clocked = end.drop_nulls().str.contains(_CLOCK).all()
    return bool(clocked) and end.n_unique() > 1 and end.count() == created.count() and bool((created == end).all())

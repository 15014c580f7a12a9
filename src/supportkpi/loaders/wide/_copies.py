"""Ends that are no ends: columns that repeat the creation in every row, to the minute, also of tickets that go on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from supportkpi.loaders.mapping._claims import SAID, Claim, Plan
from supportkpi.loaders.wide._sample import Sample

_ENDS = ("solved_at", "first_solved_at", "closed_at")
_LEAST = 5
"""Rows that are the same by chance no more, where a time of the day stands beside the date."""
_CLOCK = r"\d:\d{2}"


def without_copies(plan: Plan, sample: Sample) -> tuple[Plan, tuple[Claim, ...]]:
    """The plan without the ends that repeat the creation, and the claims on them; a column that was named stays."""
    copies = tuple(_copies(plan, sample))
    taken = {claim.field for claim in copies}
    return replace(plan, claims=tuple(claim for claim in plan.claims if claim.field not in taken)), copies


def said_of(claim: Claim, created: str) -> str:
    """The sentence about an end that was left out."""
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


def _same(created: pl.Series, end: pl.Series) -> bool:
    if created.dtype != pl.String or end.dtype != pl.String or end.count() < _LEAST:
        return False
    clocked = end.drop_nulls().str.contains(_CLOCK).all()
    return bool(clocked) and end.n_unique() > 1 and end.count() == created.count() and bool((created == end).all())

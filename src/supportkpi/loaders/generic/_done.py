"""Tickets of which only a yes or no says whether they are solved: "Resolved: Y" instead of a date or a status."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import polars as pl

from supportkpi.loaders.generic._headers import ENTITY, folded, synonyms
from supportkpi.loaders.generic._verdicts import NO, YES
from supportkpi.loaders.mapping._claims import Claim
from supportkpi.loaders.values._values import boolean
from supportkpi.loaders.wide._sample import Sample
from supportkpi.schema import Status

_ASKED = re.compile(r"^(?:is|was|has been|been|ist|est|esta|foi) ")
_ENDS = {"solved_at": Status.solved, "closed_at": Status.closed}


def done_by_flag(sample: Sample, chosen: Mapping[str, Claim]) -> tuple[Claim, Mapping[str, str]] | None:
    """The claim on a column of yes and no as the status, and what its words mean; None where more is told, or none."""
    if {"status", *_ENDS} & chosen.keys():
        return None
    used = {claim.column for claim in chosen.values()}
    free = [column for column in sample.table.columns if column not in used]
    for field, status in _ENDS.items():
        column = next((one for one in free if _says(one, field) and _is_flag(sample.words(one))), None)
        if column is not None:
            return _as_status(column, status)
    return None


def _says(column: str, field: str) -> bool:
    return synonyms().matches(_ASKED.sub("", folded(column))).get(field, 0.0) >= ENTITY - 1


def _is_flag(words: pl.Series) -> bool:
    present = words.drop_nulls()
    return bool(len(present)) and bool(
        present.to_frame().select(boolean(pl.col(present.name)).is_not_null().all()).item()
    )


def _as_status(column: str, status: Status) -> tuple[Claim, Mapping[str, str]]:
    assumed = f"{column!r} says yes or no: yes is read as {status.value}, no as open"
    claim = Claim(field="status", column=column, confidence="likely", evidence="yes or no", assumed=assumed)
    meanings: Sequence[tuple[tuple[str, ...], Status]] = ((YES, status), (NO, Status.open))
    return claim, {word: meaning.value for words, meaning in meanings for word in words}

"""A column that could be the ticket's id though its header is none that is known."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from supportkpi.loaders.generic._checks import check
from supportkpi.loaders.generic._headers import folded, synonyms
from supportkpi.loaders.mapping._claims import Claim
from supportkpi.loaders.wide._sample import Sample

_ID_WORDS = frozenset(
    (
        "id",
        "number",
        "key",
        "no",
        "num",
        "nr",
        "nro",
        "code",
        "ref",
        "номер",
        "код",
        "numero",
        "nummer",
        "folio",
        "protocolo",
        "codigo",
        "kennung",
        "identifiant",
        "n",
        "n°",
        "№",
        "#",
    )
)
"""Words of a header that a number or a code has."""
_CODE = r"^[A-Za-zА-Яа-я]{1,12}[-_ #/]?\d+$"
_NUMBERED = r"^(?:[A-Za-zА-Яа-я]{1,12}[-_ #/]?)?\d{1,18}$"
_CLOCK = r"\d:\d{2}"
_LEAST_CASES, _NEARLY_ALL = 3, 0.9
_TELLING = (
    *("created_at", "status", "solved_at", "closed_at", "first_reply_at", "resolution_due_at"),
    *("given_first_response_s", "given_resolution_s", "given_handle_s"),
)


def id_of(sample: Sample, chosen: Mapping[str, Claim]) -> Claim | None:
    """A column that is called a number or a code, or holds codes such as ISS-17, and is different in every row."""
    told = [claim for claim in chosen.values() if claim.field in _TELLING]
    tells = any(claim.confidence == "sure" for claim in told) or len(told) > 1
    free = may_be_ids(sample, chosen) if tells else []
    named = [column for column in free if _ID_WORDS & set(folded(column).split())]
    coded = [column for column in free if sample.words(column).str.contains(_CODE).all()]
    for column in (*named, *coded):
        found = check("ticket_id", column, sample)
        if found is not None and found.sure:
            return Claim(field="ticket_id", column=column, confidence="assumed", evidence=found.evidence)
    return _repeated(sample, chosen) if tells else None


def _repeated(sample: Sample, chosen: Mapping[str, Claim]) -> Claim | None:
    """A number that several rows share, and with it the minute of their creation: rows of one case, not cases.

    Lists that were joined with categories, messages or labels have such rows; each would count as a case of its own.
    """
    created = chosen.get("created_at")
    if created is None:
        return None
    used = {claim.column for claim in chosen.values()}
    began = sample.words(created.column)
    if not began.drop_nulls().str.contains(_CLOCK).all():
        return None
    for column in sample.table.columns:
        if column not in used and _tells_cases_apart(sample.words(column), began) and not _is_a_customer(column):
            return _claim_on_repeated(column, sample.words(column))
    return None


def _tells_cases_apart(values: pl.Series, began: pl.Series) -> bool:
    """Whether numbers repeat, each with one instant, and hardly an instant has two of them."""
    pair = pl.DataFrame({"number": values, "began": began}).drop_nulls("number")
    cases = pair["number"].n_unique()
    if cases < _LEAST_CASES or cases == len(pair) or len(pair) < _NEARLY_ALL * len(values):
        return False
    if not pair["number"].str.contains(_NUMBERED).all() or pair.n_unique() != cases:
        return False
    return pair["began"].n_unique() >= _NEARLY_ALL * cases


def _is_a_customer(column: str) -> bool:
    names = synonyms()
    return names.is_text(column) or "requester_id" in names.matches(column)


def _claim_on_repeated(column: str, values: pl.Series) -> Claim:
    present = values.drop_nulls()
    return Claim(
        field="ticket_id",
        column=column,
        confidence="assumed",
        evidence=f"{len(present) - present.n_unique():,} rows repeat an id",
        assumed=f"{column!r} is taken for the ticket's id: rows that share it were created in the same minute",
    )


def may_be_ids(sample: Sample, chosen: Mapping[str, Claim]) -> list[str]:
    """The columns that stand for nothing else yet and are different in every row."""
    used = {
        claim.column for claim in chosen.values() if claim.field not in ("category", "requester_id", "organization_id")
    }
    free = []
    for column in sample.table.columns:
        found = None if column in used else check("ticket_id", column, sample)
        if found is not None and found.sure and sample.words(column).str.contains(r"\d").all():
            free.append(column)
    return free

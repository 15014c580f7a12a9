"""A column that could be the ticket's id though its header is none that is known."""

from __future__ import annotations

from collections.abc import Mapping

from supportkpi.loaders.generic._checks import check
from supportkpi.loaders.generic._headers import folded
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
    return None


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

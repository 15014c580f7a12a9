"""Registers without an id: a row a case, with its date and what became of it, kept by hand or published nameless."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from supportkpi.loaders.generic._headers import synonyms
from supportkpi.loaders.generic._ids import may_be_ids
from supportkpi.loaders.generic._refusals import like_ids, sums_or_averages
from supportkpi.loaders.mapping._claims import Claim
from supportkpi.loaders.tables import ROW
from supportkpi.loaders.wide._sample import Sample

_LIVED = frozenset(
    (
        *("status", "first_reply_at", "solved_at", "closed_at", "first_solved_at", "first_assigned_at"),
        *("first_response_due_at", "resolution_due_at", "given_first_response_s", "given_resolution_s"),
        *("given_handle_s", "given_sla_first_response_met", "given_sla_resolution_met"),
    )
)
"""What becomes of a case: a table of visits, payments or shifts says none of it."""
_CONCERNS = frozenset(
    ("requester_id", "organization_id", "channel", "category", "priority", "group", "assignee_id", "opener", "csat")
)
_ALIKE, _CLOCK = 3, r"\d:\d{2}"
"""So many columns have to agree, as two of a few days do by chance; the minute of the creation agrees by itself."""
_LEAST_CASES, _NEARLY_ALL = 3, 0.9
_TAKEN = frozenset(("given_first_response_s", "given_handle_s"))
_ENDS = ("first_reply_at", "solved_at", "closed_at", "resolution_due_at", "priority")
_OF_ONE = (
    *("created_at", "solved_at", "closed_at", "priority", "opener"),
    *("requester_id", "organization_id", "assignee_id"),
)
"""What rows of one ticket say alike, whatever else of it they list one by one."""
ASSUMED = "no column holds an id: each row with a date of its creation is taken for a ticket of its own"


def is_register(sample: Sample, chosen: Mapping[str, Claim]) -> bool:
    """Whether each row is a case although nothing numbers them: it began, went on, and was somebody's concern.

    Not where a column may be the id after all: where it is the only one it is taken, of several one is asked for.
    """
    return _are_cases(sample, chosen) and not unnamed_ids(sample, chosen)


def _are_cases(sample: Sample, chosen: Mapping[str, Claim]) -> bool:
    created = chosen.get("created_at")
    if created is None or "ticket_id" in chosen or not _LIVED & chosen.keys() or not _CONCERNS & chosen.keys():
        return False
    return not sums_or_averages(sample)


def lone_id(sample: Sample, chosen: Mapping[str, Claim]) -> Claim | None:
    """The one column of numbers or codes that is different in every row of a register, whatever it is called.

    The rows are the cases either way: no figure depends on it.
    """
    near = unnamed_ids(sample, chosen) if _are_cases(sample, chosen) else []
    if len(near) != 1:
        return None
    said = f"{near[0]!r} is taken for the id: it alone is different in every row"
    return Claim(
        field="ticket_id", column=near[0], confidence="assumed", evidence="different in every row", assumed=said
    )


def is_rated_register(sample: Sample, chosen: Mapping[str, Claim]) -> bool:
    """Whether rated rows are cases and no answers to a survey: a date that answers never have, and an end or a rank."""
    created = chosen.get("created_at")
    if created is not None and chosen.keys() >= _TAKEN:  # a wait and a talk are those of a call
        return is_register(sample, chosen)
    if created is None or created.confidence != "sure" or "rated_at" in synonyms().matches(created.column):
        return False
    return any(name in chosen for name in _ENDS) and is_register(sample, chosen)


def unnamed_ids(sample: Sample, chosen: Mapping[str, Claim]) -> list[str]:
    """Columns that may number the cases: not the telephones and addresses of the people who called."""
    names = synonyms()
    near = like_ids(sample, may_be_ids(sample, chosen))
    return [one for one in near if not names.is_text(one) and "requester_id" not in names.matches(one)]


def shared_id(sample: Sample, chosen: Mapping[str, Claim]) -> Claim | None:
    """A column of codes that comes again, each time with the same dates and people: several rows of one ticket.

    Of a join each category, answer or attachment of a ticket has a row: to count rows would be to count some often.
    """
    created = chosen.get("created_at")
    if created is None:
        return None
    known = [claim.column for name in _OF_ONE if (claim := chosen.get(name)) is not None and claim.column != ROW]
    began = sample.words(created.column)
    timed = bool(began.drop_nulls().str.contains(_CLOCK).all())
    if len(known) < _ALIKE and not timed:
        return None
    taken = {claim.column for claim in chosen.values()}
    for column in like_ids(sample, [one for one in sample.table.columns if one not in taken]):
        words = sample.words(column)
        if not _comes_again(words, began, alone=len(known) < _ALIKE):
            continue
        count = words.n_unique()
        if all(pl.DataFrame({"id": words, "v": sample.words(one)}).n_unique() == count for one in known):
            again = f"{len(words) - count:,} rows repeat it, with the same dates and people"
            said = f"{column!r} is taken for the id: its rows of one value have the same dates and people"
            return Claim(field="ticket_id", column=column, confidence="assumed", evidence=again, assumed=said)
    return None


def _comes_again(words: pl.Series, began: pl.Series, *, alone: bool) -> bool:
    """Whether codes repeat and are as many as the creations, or more: not many more where only these have to agree."""
    count, moments = words.n_unique(), began.drop_nulls().n_unique()
    if words.null_count() or count == len(words) or count < moments:
        return False
    return not alone or (count >= _LEAST_CASES and moments >= _NEARLY_ALL * count)


def by_row() -> Claim:
    """The claim on the number of the row as the id."""
    return Claim(field="ticket_id", column=ROW, confidence="assumed", evidence="the row's number", assumed=ASSUMED)

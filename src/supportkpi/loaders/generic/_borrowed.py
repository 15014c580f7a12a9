"""Whether a table only borrows names of a helpdesk: the rest of it says what that helpdesk would call otherwise."""

from __future__ import annotations

from collections.abc import Mapping

from supportkpi.loaders.generic._headers import EXACT, synonyms
from supportkpi.loaders.mapping._claims import Plan
from supportkpi.loaders.wide._sample import Sample

_PARTS: Mapping[str, str] = {
    "created_at": "creation",
    "first_reply_at": "first response",
    "given_first_response_s": "first response",
    "solved_at": "solution",
    "closed_at": "solution",
    "given_resolution_s": "solution",
    "status": "status",
    "priority": "priority",
    "channel": "channel",
    "assignee_id": "assignee",
    "group": "group",
    "requester_id": "requester",
    "csat": "rating",
}
"""What a table of tickets is made of, by the fields that say it."""
_LEAST = 2


def borrows(sample: Sample, plan: Plan) -> bool:
    """Whether headers name several parts of a ticket that the plan of a known layout leaves out.

    They are at least half as many as those that it reads: an export with a few columns of a team's own is still one.
    """
    told = {_PARTS[claim.field] for claim in plan.claims if claim.field in _PARTS}
    taken = {claim.column for claim in plan.claims}
    left = [column for column in sample.table.columns if column not in taken]
    if len(left) < _LEAST:
        return False
    missed = {part for column in left for part in _named(column) if part not in told}
    return len(missed) >= _LEAST and 2 * len(missed) > len(told)


def _named(column: str) -> set[str]:
    """The part that a header names by itself, without a doubt."""
    scores = synonyms().matches(column)
    best = max(scores.values(), default=0.0)
    return {_PARTS[name] for name, score in scores.items() if name in _PARTS and score == best and score > EXACT - 1}

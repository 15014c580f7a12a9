"""The questions of a survey tool, whose headers are whatever its author asked: which of them ask for a rating."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from supportkpi.errors import NotRecognised, Where
from supportkpi.loaders.generic._generic import allotted, bids_on
from supportkpi.loaders.generic._headers import ENTITY, folded
from supportkpi.loaders.generic._order import Bid
from supportkpi.loaders.generic._refusals import listed
from supportkpi.loaders.generic._survey import INSTRUMENTS
from supportkpi.loaders.mapping._claims import Claim
from supportkpi.loaders.mapping._fields import FIELDS, Sort
from supportkpi.loaders.mapping._mapping import Rating
from supportkpi.loaders.values._anchors import is_turned
from supportkpi.loaders.values._ratings import header_scale
from supportkpi.loaders.wide._sample import Sample

_LINKS = ("ticket_id", "requester_id", "assignee_id")
"""What a hidden field of a form may carry from the ticket, where its name leaves no doubt."""


def questions(sample: Sample, taken: Mapping[str, str], *, title: str, needed: bool) -> tuple[Claim, ...]:
    """The claims on the questions of a survey that ask for a rating, by their words.

    Raises:
        NotRecognised: there is none, though one is ``needed``.
    """
    bids = bids_on(sample, taken)
    found = allotted(sample, [bid for bid in bids if FIELDS[bid.field].sort is Sort.score], taken)
    if not found and needed:
        raise _no_question(sample, title)
    for name, claim in [*found.items()]:
        instrument = _worded(sample.table.questions.get(claim.column, claim.column)) or name
        if instrument not in found:
            del found[name]
            found[instrument] = replace(claim, field=instrument)
    found = {name: replace(claim, rating=_rating(claim, sample)) for name, claim in found.items()}
    used = {*taken.values(), *(claim.column for claim in found.values())}
    links = [bid for bid in bids if bid.field in _LINKS and bid.score >= ENTITY - 1 and bid.column not in used]
    return (*found.values(), *_linked(links, sample))


def _rating(claim: Claim, sample: Sample) -> Rating:
    """A rating on the scale that its question states."""
    asked = sample.table.questions.get(claim.column, "")
    scale = header_scale(asked) or header_scale(claim.column)
    return Rating(column=(claim.column,), scale=scale, turned=claim.field != "nps" and is_turned(asked, ()))


def _linked(links: Sequence[Bid], sample: Sample) -> Iterator[Claim]:
    """The claims on what hidden fields carry: they may be empty for most answers."""
    done: set[str] = set()
    for bid in links:
        if bid.field not in done and bid.column not in done and sample.filled(bid.column):
            done |= {bid.field, bid.column}
            yield Claim(field=bid.field, column=bid.column, confidence="likely", evidence="the header")


def _worded(text: str) -> str | None:
    return next((name for name, pattern in INSTRUMENTS.items() if pattern.search(folded(text))), None)


def _no_question(sample: Sample, title: str) -> NotRecognised:
    """The error about a survey of which no question is known to be one of ours."""
    numbered = [column for column in sample.table.columns if _may_be_a_score(column, sample)]
    nearest = numbered[0] if numbered else "COLUMN"
    few = f"; columns with a few small numbers are {listed(numbered[:12])}" if numbered else ""
    return NotRecognised(
        f"no question of the {title} asks for satisfaction, recommendation or effort by its words{few}",
        hint=f'name the one that does: --map csat="{nearest}" (or nps, ces)',
        where=Where(path=sample.table.name),
    )


def _may_be_a_score(column: str, sample: Sample) -> bool:
    present = sample.words(column).drop_nulls()
    few = 0 < present.n_unique() <= 11
    return few and bool(present.str.contains(r"^(?:10|\d)$").all())

"""A file of answers to a survey that no mapping knows: its scores, whose they are, when they were given."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace

import polars as pl

from supportkpi.loaders.generic._checks import EMPTY, check
from supportkpi.loaders.generic._headers import asks, folded, synonyms
from supportkpi.loaders.mapping._claims import Claim, Plan
from supportkpi.loaders.mapping._fields import FIELDS, SURVEY_FIELDS, Sort
from supportkpi.loaders.wide._sample import Sample

_OF_TICKETS = frozenset(
    (
        *("status", "priority", "closed_at", "first_reply_at", "first_assigned_at", "resolution_due_at", "updated_at"),
        *("given_first_response_s", "given_resolution_s", "given_sla_resolution_met"),
    )
)
_ENDS = ("solved_at", "first_solved_at")
_HANDED_IN = frozenset(
    (
        *("completion time", "end time", "time completed", "completed", "completed at", "submitted at", "submit time"),
        *("время завершения", "время выполнения", "время окончания", "hora de finalizacion", "hora de conclusao"),
        *("fertigstellungszeit", "heure de fin", "end date", "date completed", "finished", "finished at"),
    )
)
_BORN = re.compile(r"birth|\bdob\b|рожд|nasc|nacim|geburt|naiss|expir|expiry|valid|warrant|гарант")
_MIDDLE = frozenset(("passive", "passives", "neutral", "neutrals", "нейтрал", "нейтралы", "нейтральный", "пассивный"))
_NPS_GROUPS = _MIDDLE | frozenset(
    (
        *("promoter", "promoters", "detractor", "detractors", "промоутер", "промоутеры", "критик", "критики"),
        *("сторонник", "сторонники", "детрактор", "детракторы", "promotor", "promotores", "detractores"),
        *("kritiker", "neutro", "neutros", "promoteur", "détracteur", "passif"),
    )
)
SURVEY_CLAIMS = (*SURVEY_FIELDS, "ticket_id", "requester_id", "assignee_id")
INSTRUMENTS: Mapping[str, re.Pattern[str]] = {
    "nps": re.compile(r"\bnps|promoter|recommend|recomend|рекоменд|лояльн|empfehl"),
    "ces": re.compile(r"\bces\b|effort|усили|esfuerzo|esfor[cç]o"),
}
"""Words in a question that say what it asks, where it is not satisfaction."""


def is_form(chosen: Mapping[str, Claim]) -> bool:
    """Whether rows with an id and dates are answers to a form: what is rated is a question, and nothing is of a ticket.

    The date at which a form was handed in is no solution.
    """
    asked = any(FIELDS[name].sort is Sort.score and asks(claim.column) for name, claim in chosen.items())
    ends = [claim for name, claim in chosen.items() if name in _ENDS]
    return asked and not _OF_TICKETS & chosen.keys() and all(folded(claim.column) in _HANDED_IN for claim in ends)


def has_nps_groups(sample: Sample) -> bool:
    """Whether a column sorts answers into promoters, passives and detractors: what is scored beside it is an NPS."""
    return any(_is_nps_group(sample.words(column)) for column in sample.table.columns)


def _is_nps_group(words: pl.Series) -> bool:
    present = words.drop_nulls()
    if not len(present) or present.n_unique() > len(_NPS_GROUPS):
        return False
    told = {word.casefold() for word in present.unique()}
    return told <= _NPS_GROUPS and not told <= _MIDDLE


def survey(sample: Sample, chosen: Mapping[str, Claim], taken: Mapping[str, str]) -> Plan:
    """A file of answers: its scores, whose they are, when they were given."""
    claims = {name: claim for name, claim in chosen.items() if name in SURVEY_CLAIMS and name not in taken}
    if "rated_at" not in claims:
        for name in ("created_at", "updated_at"):
            if name in chosen:
                claims["rated_at"] = replace(chosen[name], field="rated_at")
                break
    if "rated_at" not in claims and "rated_at" not in taken:
        claims |= _only_date(sample, {*taken.values(), *(claim.column for claim in claims.values())})
    if "ticket_id" in claims and not _is_ticket_link(claims["ticket_id"].column):
        del claims["ticket_id"]
    instrument, claim, sure = _instrument(sample, claims)
    if instrument != claim.field:
        del claims[claim.field]
        claims[instrument] = replace(claim, field=instrument, confidence="likely" if sure else "assumed")
    return Plan(id="generic", title="survey answers", claims=tuple(claims.values()), survey=True)


def _only_date(sample: Sample, used: Collection[str]) -> dict[str, Claim]:
    """The claim on the one column of dates that there is, whatever it is called: "Visit date"."""
    free = [column for column in sample.table.columns if column not in used and not _BORN.search(folded(column))]
    dated = [(column, found) for column in free if (found := check("rated_at", column, sample)) and found.sure]
    dated = [(column, found) for column, found in dated if found.evidence != EMPTY]
    if len(dated) != 1:
        return {}
    column, found = dated[0]
    said = f"{column!r} is the only date of an answer: it is taken for that of the rating"
    one = Claim(field="rated_at", column=column, confidence="assumed", evidence=found.evidence, assumed=said)
    return {"rated_at": one}


def _is_ticket_link(column: str) -> bool:
    """A survey's own "id" is the answer's; a ticket's is called one."""
    return bool(synonyms().noise & set(folded(column).split()))


def _instrument(sample: Sample, claims: Mapping[str, Claim]) -> tuple[str, Claim, bool]:
    """What a survey asked: by the header of its score, else by the name of the file, else satisfaction."""
    scores = [claim for name, claim in claims.items() if FIELDS[name].sort is Sort.score]
    claim = scores[0]
    if len(scores) > 1 or claim.field != "csat":
        return claim.field, claim, True
    if has_nps_groups(sample):
        return "nps", claim, True
    for text in (folded(claim.column), folded(sample.table.name)):
        for instrument, pattern in INSTRUMENTS.items():
            if pattern.search(text):
                return instrument, claim, True
    return "csat", claim, claim.confidence == "sure"

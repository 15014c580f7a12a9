"""Activity: what customers did, a row an order or a login, in a table beside the tickets (who and when, no ticket)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from supportkpi.loaders._part import Part, Request, Side
from supportkpi.loaders.beside._series import stem
from supportkpi.loaders.generic._checks import check
from supportkpi.loaders.generic._headers import ENTITY, folded, synonyms
from supportkpi.loaders.mapping._claims import SAID, Claim, Plan
from supportkpi.loaders.mapping._fields import FIELDS, STAMPED, Sort
from supportkpi.loaders.mapping._recognise import by_header, normal, recognise
from supportkpi.loaders.wide._sample import Sample
from supportkpi.loaders.wide._settle import settle
from supportkpi.loaders.wide._wide import Ask, told_part

NO_CUSTOMER, NO_DATE = "no_customer", "no_date"
_AT = "created_at"
# Patterns that few runs ask are texts: re compiles each when it is first used, and keeps it.
_DEEDS = (
    r"\b(?:orders?|purchas\w*|log ?ins?|sign ?ins?|sessions?|visits?|visited|payments?|paid|invoices?|transactions?"
    r"|checkouts?|activit\w+|active|заказ\w*|покуп\w*|вход\w*|визит\w*|оплат\w*|платеж\w*|сесси\w*"
    r"|pedidos?|compras?|accesos?|acessos?|sesion\w*|visitas?|pagos?|bestell\w*|kauf\w*|anmeld\w*|besuch\w*|zahlung\w*"
    r"|commandes?|achats?|connexions?|visites?|paiements?)\b"
)
"""Words of what a customer does without asking for help."""
_LAST = r"\b(?:last|latest|first|previous|последн\w*|перв\w*|ultim\w+|letzt\w+|derniere?)\b"
"""Words of a date that is one among many: of a row a customer, not of a row a deed."""
_OF_TICKETS = frozenset(
    (
        *(name for name in STAMPED if name != _AT),
        *(name for name, known in FIELDS.items() if known.sort in (Sort.score, Sort.span)),
        *("assignee_id", "priority", "resolution_due_at", "first_response_due_at", "given_reopens"),
    )
)
"""Fields that only tickets and answers have."""
_TEXTS = frozenset(("subject", "summary", "description", "тема", "описание", "asunto", "assunto", "betreff", "sujet"))
_MOSTLY = 0.5


def activity_part(request: Request) -> Part | None:
    """The part of a table of what customers did, None where the table is of another kind."""
    if not may_stand_beside(request):
        return None
    sample = Sample(request.table)
    found = _columns(sample, said_here(request))
    if found is None:
        return None
    who, when = found
    claims = (_claim("requester_id", who, request), _claim(_AT, when, request))
    settled = settle(
        Plan(id="activity", title="what customers did", claims=claims, survey=True), sample, request.reading
    )
    if not all(settled.has(claim.field) for claim in claims):
        return None
    part = told_part(settled, sample, (), Ask(reading=request.reading))
    rows = part.frame.select("requester_id", at=pl.col(_AT))
    known = rows.drop_nulls()
    lacking = {
        NO_CUSTOMER: rows["requester_id"].null_count(),
        NO_DATE: rows.filter(pl.col("requester_id").is_not_null())["at"].null_count(),
    }
    side = Side(used=known.height, activity=known, excluded={why: count for why, count in lacking.items() if count})
    columns = tuple(replace(one, field="at") if one.field == _AT else one for one in part.provenance.columns)
    provenance = replace(part.provenance, columns=columns)
    return replace(part, frame=pl.DataFrame(), survey=False, side=side, provenance=provenance)


def may_stand_beside(request: Request) -> bool:
    """Whether nobody has said, and no helpdesk is known by its headers, that the table holds tickets."""
    if request.mapping is not None or "ticket_id" in said_here(request) or not request.table.rows:
        return False
    return recognise(request.table.columns, path=request.table.name) is None


def said_here(request: Request) -> dict[str, str]:
    """Field to column of this table, by ``--map``."""
    headers = by_header(request.table.columns)
    return {name: headers[normal(column)] for name, column in request.chosen.items() if normal(column) in headers}


def strong(column: str) -> frozenset[str]:
    """The fields that a header names outright."""
    return frozenset(name for name, score in synonyms().matches(column).items() if score >= ENTITY - 1)


def tells_of_tickets(sample: Sample) -> bool:
    """Whether a column is one that only tickets or answers have: by the headers, then by the words of a status."""
    columns = sample.table.columns
    if any(_is_of_tickets(column) for column in columns):
        return True
    statuses = [column for column in columns if "status" in strong(column) and not is_deed(column)]
    found = [check("status", column, sample) for column in statuses]
    return any(one is not None and one.sure for one in found)


def _is_of_tickets(column: str) -> bool:
    fields, words = strong(column), folded(column)
    if words in _TEXTS or ("ticket_id" in fields and _names_tickets(words)):
        return True
    return bool(fields & _OF_TICKETS) and not fields & {"requester_id"} and not is_deed(column)


def _names_tickets(words: str) -> bool:
    return bool(synonyms().noise & set(words.split()))


def _claim(field: str, column: str, request: Request) -> Claim:
    said = said_here(request).get(field) == column
    return Claim(field=field, column=column, confidence="sure" if said else "likely", evidence=SAID if said else "")


def _columns(sample: Sample, said: Mapping[str, str]) -> tuple[str, str] | None:
    """The columns of who and when: two columns alone, or with others where the words are those of deeds."""
    columns = sample.table.columns
    people = [column for column in columns if "requester_id" in strong(column)]
    who = said.get("requester_id") or (people[0] if people else None)
    if who is None or tells_of_tickets(sample):
        return None
    dated = [column for column in columns if column != who and _is_dated(column, sample)]
    deeds = any(is_deed(text) for text in (*columns, stem(sample.table.name)))
    when = said.get(_AT) or _of_deed(dated)
    if when is None or (len(columns) > 2 and not deeds):
        return None
    return who, when


def _of_deed(dated: list[str]) -> str | None:
    """The one date, or the one that a word of a deed stands before; no last or first one of many."""
    each = [column for column in dated if not re.search(_LAST, folded(column))]
    named = each if len(dated) == 1 else [column for column in each if is_deed(column)]
    return named[0] if named else None


def is_deed(header: str) -> bool:
    """Whether a header speaks of what a customer does."""
    return bool(re.search(_DEEDS, folded(header)))


def _is_dated(column: str, sample: Sample) -> bool:
    """Whether a column holds dates by its values, and by its header where plain numbers could be such."""
    values = sample.words(column)
    if values.count() < _MOSTLY * len(values):
        return False
    found = check("updated_at", column, sample)
    if found is None or not found.sure:
        return False
    numbers = values.drop_nulls().str.contains(r"^\d+(?:[.,]\d+)?$").all()
    return not numbers or any(FIELDS[name].sort is Sort.instant for name in strong(column) if name in FIELDS)

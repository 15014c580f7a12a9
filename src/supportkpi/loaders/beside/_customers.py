"""Customers: a table with a row a customer (requester or organization) whose columns the tickets take."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from supportkpi.errors import NotRecognised, Where
from supportkpi.loaders._part import Part, Request, Side
from supportkpi.loaders.beside._activity import (
    NO_CUSTOMER,
    is_deed,
    may_stand_beside,
    said_here,
    strong,
    tells_of_tickets,
)
from supportkpi.loaders.beside._series import stem
from supportkpi.loaders.generic._headers import folded
from supportkpi.loaders.generic._survey import has_nps_groups
from supportkpi.loaders.mapping._claims import SAID, Claim, Plan
from supportkpi.loaders.wide._collect import kept
from supportkpi.loaders.wide._kept import keepable, public_name
from supportkpi.loaders.wide._sample import Sample
from supportkpi.loaders.wide._settle import settle
from supportkpi.loaders.wide._wide import Ask, told_part
from supportkpi.schema import TICKETS

KEY = "key."
"""Before the columns by which the customers of a file may be known, in ``Side.customers``."""
_WHO = ("requester_id", "organization_id")
_ATTRIBUTES = ("tier", "region", "language")
_PEOPLE = re.compile(
    r"\b(?:customers?|clients?|users?|contacts?|accounts?|organi[sz]ations?|compan(?:y|ies)|requesters?|subscribers?"
    r"|end users|клиент\w*|заказчик\w*|пользовател\w*|контакт\w*|контрагент\w*|компани\w*|организаци\w*"
    r"|clientes?|usuarios?|empresas?|kunden|nutzer|firmen|utilisateurs?|societes?|entreprises?)\b"
)
_IDS = frozenset(("id", "email", "e mail", "email address", "key", "uuid", "external id", "name", "код", "почта"))
_TRAITS = re.compile(
    r"\b(?:sign ?up|signed up|registered|registration|since|churn\w*|cancel\w*|renew\w*|mrr|arr|segment|plan|tariff"
    r"|industry|health|отток\w*|регистрац\w*|тариф\w*|сегмент\w*|отрасл\w*|подписк\w*)\b"
)
_TICKETS = re.compile(r"\b(?:tickets?|cases?|requests?|support|service|helpdesk|incidents?|заявк\w*|обращени\w*)\b")
_MOST_TITLES = 6
_UNIQUE = 0.9
"""Share of rows that must have a customer of their own."""


def customers_part(request: Request) -> Part | None:
    """The part of a table of customers, None where the table is of another kind."""
    if not may_stand_beside(request):
        return None
    sample, said = Sample(request.table), said_here(request)
    called = folded(stem(request.table.name))
    named = bool(_PEOPLE.search(called)) and not _TICKETS.search(called)
    deeds = not named and any(is_deed(column) for column in request.table.columns)
    if deeds or has_nps_groups(sample) or tells_of_tickets(sample):
        return None
    keys = [column for column in said.values() if column in (said.get(name) for name in _WHO)] or _keys(sample, named)
    found = {name: _first(sample, name, keys) for name in _ATTRIBUTES}
    claims = tuple(
        Claim(field=name, column=column, confidence="likely", evidence=SAID if name in said else "its header")
        for name, column in found.items()
        if column is not None
    )
    tells = claims or any(_TRAITS.search(folded(column)) for column in request.table.columns)
    if not keys or not (tells or (named and sample.words(keys[0]).drop_nulls().is_unique().all())):
        return None
    return _part(request, sample, keys, claims)


def _keys(sample: Sample, named: bool) -> list[str]:
    """The columns by which customers are known, each of another customer in nearly every row."""
    columns = sample.table.columns
    ids = [column for column in columns if folded(column) in _IDS] if named else []
    if not named and any("ticket_id" in strong(column) for column in columns):
        return []
    known = [column for column in columns if strong(column) & {*_WHO} and column not in ids]
    return [column for column in (*known, *ids) if _is_key(sample.words(column))]


def _is_key(words: pl.Series) -> bool:
    present = words.drop_nulls()
    some = 2 * len(present) > len(words)
    return some and present.n_unique() >= _UNIQUE * len(present) - 1  # a short table may say one thing twice


def _first(sample: Sample, name: str, keys: Sequence[str]) -> str | None:
    """The column that a header names outright as a canonical one, with values that repeat."""
    fits = [column for column in sample.table.columns if name in strong(column) and column not in keys]
    return next((column for column in fits if sample.words(column).count()), None)


def _part(request: Request, sample: Sample, keys: Sequence[str], claims: tuple[Claim, ...]) -> Part:
    plan = Plan(id="customers", title="customers", claims=claims, survey=True)
    settled = settle(plan, sample, request.reading)
    asked = request.columns
    keep = [column for column in keepable(sample, settled, asked) if column not in keys]
    part = told_part(settled, sample, [*keys, *keep], Ask(reading=request.reading))
    rows = part.frame.select(
        *(pl.col(kept(column)).str.to_lowercase().alias(f"{KEY}{column}") for column in keys),
        *(pl.col(claim.field).cast(pl.String) for claim in settled.claims),
        *(pl.col(kept(column)).alias(public_name(column)) for column in keep),
    )
    first = f"{KEY}{keys[0]}"
    known = rows.filter(pl.any_horizontal(pl.col(f"{KEY}{column}").is_not_null() for column in keys))
    alone = known.filter(pl.col(first).is_null())
    one = pl.concat([known.filter(pl.col(first).is_not_null()).unique(first, keep="last", maintain_order=True), alone])
    lacking = {NO_CUSTOMER: rows.height - known.height, "duplicate": known.height - one.height}
    side = Side(used=one.height, customers=one, excluded={why: count for why, count in lacking.items() if count})
    columns = tuple(
        replace(one, field="requester_id", confidence="likely", evidence="tells customers apart")
        if one.column in keys
        else one
        for one in part.provenance.columns
    )
    provenance = replace(part.provenance, columns=columns)
    return replace(part, frame=pl.DataFrame(), survey=False, side=side, provenance=provenance)


def with_customers(tickets: pl.DataFrame, parts: Sequence[Part]) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """The tickets with the columns of their customers, and a sentence for each file about how many were found.

    Canonical columns are filled where a ticket lacks a value; others stand beside those that it has, never over them.

    Raises:
        NotRecognised: there is nothing but what customers are or did: no tickets and no answers.
    """
    _refuse_alone(parts)
    said = []
    for part in parts:
        if part.side is not None and part.side.customers is not None:
            tickets, sentence = _joined(tickets, part.side.customers, part.table.name)
            said.append(sentence)
    return tickets, tuple(said)


def _refuse_alone(parts: Sequence[Part]) -> None:
    sides = [part.side for part in parts if part.side is not None and part.side.series is None]
    if sides and len(sides) == len(parts):
        if all(side.customers is None and side.activity is None for side in sides):
            raise NotRecognised(
                f"{_titles(parts)}: rows that name or sort things, and none of tickets or answers beside them",
                hint='give the tickets too; where these rows are tickets, say --map ticket_id="COLUMN"',
                where=Where(path=parts[0].table.name),
            )
        raise NotRecognised(
            "there is a table of what customers are or did, and none of tickets or answers beside it",
            hint='give the tickets too; where these rows are tickets, say --map ticket_id="COLUMN"',
            where=Where(path=parts[0].table.name),
        )


def _titles(parts: Sequence[Part]) -> str:
    """What the tables are, each once."""
    titles = list(dict.fromkeys(part.provenance.title for part in parts))
    more = f" and {len(titles) - _MOST_TITLES} more" if len(titles) > _MOST_TITLES else ""
    return ", ".join(titles[:_MOST_TITLES]) + more


def _joined(tickets: pl.DataFrame, customers: pl.DataFrame, path: str) -> tuple[pl.DataFrame, str]:
    """The tickets beside the customers by the pair of columns that has most in common."""
    keys = [name for name in customers.columns if name.startswith(KEY)]
    pairs = [(name, key) for name in _WHO if name in tickets.columns for key in keys]
    met = {pair: _met(tickets, customers, *pair) for pair in pairs}
    best = max(met, key=lambda pair: met[pair], default=None)
    if best is None or not met[best]:
        return tickets, f"{path}: none of its customers is one of the tickets'"
    name, key = best
    once = customers.drop_nulls(key).unique(key, keep="last", maintain_order=True)
    known = once.select(pl.col(key).alias("_key"), pl.exclude(keys).name.prefix("_of_"))
    beside = tickets.with_columns(pl.col(name).str.to_lowercase().alias("_key")).join(
        known, on="_key", how="left", maintain_order="left"
    )
    columns = [column.removeprefix("_of_") for column in known.columns if column != "_key"]
    filled = [
        pl.coalesce(column, f"_of_{column}").alias(column) if column in tickets.columns else pl.col(f"_of_{column}")
        for column in columns
        if column in TICKETS or column not in tickets.columns
    ]
    made = beside.with_columns(one.alias(one.meta.output_name().removeprefix("_of_")) for one in filled)
    people = once[key].is_in(tickets[name].str.to_lowercase().unique().implode()).sum()
    sentence = (
        f"{path}: {people:,} of {once.height:,} customers have tickets, {met[best]:,} of {tickets.height:,} tickets "
        f"have one of them (by {key.removeprefix(KEY)!r})"
    )
    return made.drop("_key", *(f"_of_{column}" for column in columns)), sentence


def _met(tickets: pl.DataFrame, customers: pl.DataFrame, name: str, key: str) -> int:
    """How many tickets have one of the customers."""
    people = customers[key].drop_nulls().unique()
    return int(tickets[name].str.to_lowercase().is_in(people.implode()).sum())

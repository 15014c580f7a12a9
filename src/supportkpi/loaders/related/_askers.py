"""Whose tickets they are, where a ticket names its customer twice: by the key that another file knows customers by.

A ticket may have a customer's number and an e-mail address. What customers are, or did, stands in another file under
one of the two: that one is the requester.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from supportkpi.loaders._part import Part, Request
from supportkpi.loaders.beside._activity import strong, tells_of_tickets
from supportkpi.loaders.generic._headers import folded, synonyms
from supportkpi.loaders.mapping._recognise import recognise

_FIELD = "requester_id"
_ADDRESS = frozenset(("email", "e mail", "email address", "почта"))


def with_askers(requests: Sequence[Request | Part]) -> list[Request | Part]:
    """The requests, those of tickets with the requester by the key that they share with a file of customers."""
    made = [*requests]
    plain = {place: one for place, one in enumerate(requests) if isinstance(one, Request) and one.mapping is None}
    known = {place: keys for place, one in plain.items() if (keys := _keys(one))}
    for place, one in plain.items():
        columns = _people(one) if place not in known and _FIELD not in one.chosen else []
        if len(columns) > 1:
            found = _best(one, columns, {other: plain[other] for other in known}, known)
            if found is not None:
                column, name = found
                made[place] = replace(one, chosen={**one.chosen, _FIELD: column}, reasons={_FIELD: f"as in {name}"})
    return made


def _keys(request: Request) -> list[str]:
    """The columns by which a file that tells of no tickets may know customers."""
    columns = [column for column in request.table.columns if _is_person(column)]
    if not columns or not request.table.rows or tells_of_tickets(request.sample):
        return []
    return columns


def _people(request: Request) -> list[str]:
    """The columns of a table of tickets that may say who asked; none of an export whose helpdesk is known."""
    if recognise(request.table.columns, path=request.table.name) is not None:
        return []
    return [column for column in request.table.columns if _is_person(column)]


def _is_person(column: str) -> bool:
    return _FIELD in strong(column) or folded(column) in _ADDRESS or synonyms().core(folded(column)) in _ADDRESS


def _best(
    tickets: Request, columns: Sequence[str], others: Mapping[int, Request], keys: Mapping[int, Sequence[str]]
) -> tuple[str, str] | None:
    """The column of the tickets with most values in a key of another file, and that file; None where none has any."""
    found = []
    for column in columns:
        mine = _values(tickets, column)
        for place, other in others.items():
            for key in keys[place]:
                met = len(mine & _values(other, key))
                found.append((met, column, other.table.name))
    best = max(found, key=lambda one: (one[0], one[1], one[2]), default=(0, "", ""))
    return (best[1], best[2]) if best[0] else None


def _values(request: Request, column: str) -> set[str]:
    words: pl.Series = request.sample.words(column).drop_nulls().str.to_lowercase().unique()
    return set(words)

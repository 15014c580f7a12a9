"""Keys of tables that no source names: ``users.csv`` beside ``tickets.csv``, whose ``assignee_id`` is one of its ids.

A table names things when it is called after what it names and has a key and a name for it. A column leads to it when
its header says so and its values are keys of it; neither alone is enough, for small numbers are keys of anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from supportkpi.loaders._part import Part, Request
from supportkpi.loaders.beside._activity import strong
from supportkpi.loaders.beside._customers import customers_part
from supportkpi.loaders.generic._headers import folded, synonyms
from supportkpi.loaders.logs._words import role_of
from supportkpi.loaders.related._aside import aside
from supportkpi.loaders.related._called import called, said, singulars, sort_of
from supportkpi.loaders.related._follow import KEY, beside, listed
from supportkpi.loaders.related._page import Follow
from supportkpi.loaders.tables import Table
from supportkpi.loaders.wide._sample import Sample, words_of

_PERSON, _CUSTOMER, _GROUP, _FIRM = "person", "customer", "group", "organization"
_OF_TICKETS = frozenset(("solved_at", "closed_at", "first_reply_at", "assignee_id", "given_resolution_s", "csat"))
_FOUND, _TOLD = 0.5, 0.5
"""Share of a column's values that must be keys, and of roles that must be known."""
_MOST_BESIDE = 4
"""Columns up to which a table of tickets and tags holds nothing else."""
ROLE = "author role"
_FULL = "full name"
_WHOLE = frozenset(("name", "full name", "display name", "contact name"))
_HALVES = (("first name", "last name"), ("firstname", "lastname"), ("имя", "фамилия"))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Names:
    """A table that names things: what sort they are, its key, the name and where persons have one their role."""

    place: int
    table: Table
    called: str
    sort: str
    key: str
    label: str
    role: str | None
    keys: frozenset[str]


def by_keys(requests: Sequence[Request]) -> list[Request | Part]:
    """The requests with names in the place of ids that lead to another table; parts for those that only name things."""
    names = [name for place, one in enumerate(requests) if (name := _names(place, one.table)) is not None]
    made: list[Request | Part] = [*requests]
    if not names:
        return made
    used: dict[int, set[str]] = {}
    mine = {name.place for name in names}
    for place, one in enumerate(requests):
        if place not in mine:
            made[place] = replace(one, table=_joined(one.table, names, used))
    for found in names:
        told = _beside_tickets(found, requests[found.place], used.get(found.place), alone=len(mine) == len(requests))
        made[found.place] = told if told is not None else made[found.place]
    return made


def _beside_tickets(names: _Names, request: Request, used: set[str] | None, *, alone: bool) -> Part | None:
    """The part of a table of names; None where it says of customers more than what they are called."""
    asks = used is None or bool(used & said().asks)
    if asks and names.sort in (_PERSON, _CUSTOMER, _FIRM) and tells_of_customers(request):
        return None
    is_used = request.is_told or (bool(used) and not alone)
    return aside(request.table, helpdesk="generic", title=f"names of {names.called}", used=is_used)


def names_things(table: Table) -> bool:
    """Whether a table is one of names, which ``by_keys`` follows."""
    return _names(0, table) is not None


def tells_of_customers(request: Request) -> bool:
    """Whether a table of names says more of customers than what they are called and that they are customers."""
    part = customers_part(request)
    if part is None or part.side is None:
        return False
    told = part.side.customers
    return told is None or any(not name.startswith("key.") and name != "role" for name in told.columns)


def _names(place: int, table: Table) -> _Names | None:
    """The table as one of names, None where it is not called after what it names, or tells of tickets."""
    name, sort = called(table), sort_of(table)
    if sort is None or not table.rows:
        return None
    if any(strong(column) & _OF_TICKETS for column in table.columns if folded(column) not in said().labels):
        return None
    table = _with_whole_names(table)
    headers = {folded(column): column for column in reversed(table.columns)}
    own = [f"{one} {tail}" for one in singulars(name) for tail in said().keys]
    key = next((headers[one] for one in (*own, *said().keys) if one in headers), None)
    own = [f"{one} {tail}" for one in singulars(name) for tail in ("name", "title", "label")]
    label = next((headers[one] for one in (*own, *said().labels) if one in headers), None)
    if key is None or label is None:
        return None
    keys = _words(table, key)
    if keys.null_count() or keys.n_unique() < len(keys):
        return None
    role = next((headers[one] for one in said().roles if one in headers and sort == _PERSON), None)
    role = role if role is not None and _are_roles(table, role) else None
    return _Names(
        place=place, table=table, called=name, sort=sort, key=key, label=label, role=role, keys=frozenset(keys)
    )


def _with_whole_names(table: Table) -> Table:
    """The table with first and last names together, where it has no column of whole ones."""
    headers = {folded(column): column for column in reversed(table.columns)}
    pair = next(([headers[half] for half in halves] for halves in _HALVES if {*halves} <= {*headers}), None)
    if pair is None or _WHOLE & {*headers}:
        return table
    schema = table.frame.collect_schema()
    whole = pl.concat_str([words_of(column, schema[column]) for column in pair], separator=" ", ignore_nulls=True)
    frame = table.frame.with_columns(pl.when(whole != "").then(whole).alias(_FULL))
    return replace(table, columns=(*table.columns, _FULL), frame=frame)


def _are_roles(table: Table, column: str) -> bool:
    words = _words(table, column).drop_nulls().unique()
    return bool(len(words)) and sum(role_of(word, {}) is not None for word in words) >= _TOLD * len(words)


def _words(table: Table, column: str) -> pl.Series:
    schema = table.frame.collect_schema()
    return table.frame.select(words_of(column, schema[column]).alias("v")).collect()["v"]


def _joined(table: Table, names: Sequence[_Names], used: dict[int, set[str]]) -> Table:
    """The table with names in the place of the keys in its columns, and the roles of those who wrote its rows."""
    sample = Sample(table)
    for column in table.columns:
        found = _leads(column, sample, names)
        if found is None:
            continue
        header = _bare(column)
        used.setdefault(found.place, set()).add(header)
        speaks = header in said().speaks or (header == "agent" and found.role is not None)
        if speaks and found.role is not None and _is_said(table):
            table = beside(
                table, [column], _lookup(found, found.role, ROLE), Follow(column=(column,), to="", into=ROLE)
            )
        if header not in said().asks and found.sort != _CUSTOMER:
            known = _lookup(found, found.label, found.label)
            table = beside(table, [column], known, Follow(column=(column,), to="", into=column))
    return table


def _leads(column: str, sample: Sample, names: Sequence[_Names]) -> _Names | None:
    """The table whose keys a column holds: of several the one that has most of them, then the first by its name."""
    header = _bare(column)
    fits = [one for one in names if header in said().leads.get(one.sort, ()) or header in singulars(one.called)]
    fits += [one for one in names if one not in fits and any(header.endswith(f" {n}") for n in singulars(one.called))]
    if not fits or sample.schema[column].is_temporal():
        return None
    values = sample.words(column).drop_nulls().unique()
    speaks = header in said().speaks  # customers and agents stand in one column, and a table names the agents alone
    shares = [
        (
            sum(value in one.keys for value in values)
            / max(1, min(len(values), len(one.keys) if speaks else len(values))),
            one,
        )
        for one in fits
    ]
    best = max(shares, key=lambda pair: (pair[0], pair[1].called), default=None)
    return best[1] if best is not None and best[0] >= _FOUND and len(values) else None


def _bare(column: str) -> str:
    """A header without the "id" behind it."""
    words = folded(column).split()
    while len(words) > 1 and words[-1] in said().keys:
        words.pop()
    return " ".join(words)


def _is_said(table: Table) -> bool:
    """Whether the rows are what was said or done: they name the ticket by a key of its own, and have no role yet."""
    names = synonyms()
    of_ticket = any("ticket_id" in strong(column) and _bare(column) != folded(column) for column in table.columns)
    return (
        of_ticket and not any(folded(column) in (*said().roles, ROLE) for column in table.columns) and bool(names.noise)
    )


def _lookup(names: _Names, column: str, into: str) -> pl.DataFrame:
    """``_key`` and what a column says; names that two keys share with the key behind them."""
    keys, words = _words(names.table, names.key), _words(names.table, column)
    frame = pl.DataFrame({KEY: keys, into: words}).sort(KEY)
    if into != names.label or names.sort not in (_PERSON, _GROUP, _FIRM):
        return frame
    shared = pl.col(into).is_duplicated() & pl.col(into).is_not_null()
    with_key = pl.concat_str(into, pl.lit(" ("), KEY, pl.lit(")"))
    return frame.with_columns(pl.when(shared).then(with_key).otherwise(into).alias(into))


# --- lists -----------------------------------------------------------------------------------------------------------


def with_tags(requests: Sequence[Request | Part]) -> list[Request | Part]:
    """The requests with the tags of another table, one row a ticket and tag, in a column of the tickets."""
    made = [*requests]
    for place, one in enumerate(requests):
        pair = _tag_columns(one.table) if isinstance(one, Request) and len(requests) > 1 else None
        if pair is None or not isinstance(one, Request):
            continue
        ticket, tag = pair
        keys = set(_words(one.table, ticket).drop_nulls())
        for other, to in enumerate(made):
            key = _holds(to.table, keys) if isinstance(to, Request) and other != place else None
            if key is not None and isinstance(to, Request):
                schema = one.table.frame.collect_schema()
                rows = one.table.frame.select(
                    words_of(ticket, schema[ticket]).alias(KEY), words_of(tag, schema[tag]).alias("tags")
                ).collect()
                table = beside(to.table, [key], listed(rows), Follow(column=(key,), to="", into="tags"))
                made[other] = replace(to, table=table)
                made[place] = aside(one.table, helpdesk="generic", title="tags of tickets", used=True)
                break
    return made


def _tag_columns(table: Table) -> tuple[str, str] | None:
    """The columns of ticket and tag of a table that has hardly anything else."""
    if len(table.columns) > _MOST_BESIDE:
        return None
    headers = {folded(column): column for column in table.columns}
    tag = next((headers[name] for name in said().tags if name in headers), None)
    ticket = next((c for c in table.columns if "ticket_id" in strong(c) and _bare(c) != folded(c)), None)
    return (ticket, tag) if tag is not None and ticket is not None else None


def _holds(table: Table, keys: set[str]) -> str | None:
    """The column of a table of tickets in which most of the keys stand, each once."""
    if any(folded(column) == "tags" for column in table.columns):
        return None
    for column in table.columns:
        if "ticket_id" in strong(column) or folded(column) in said().keys:
            words = _words(table, column).drop_nulls()
            if words.n_unique() == len(words) and len(keys & set(words)) >= _FOUND * len(keys):
                return column
    return None

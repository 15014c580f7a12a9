"""Audit records: rows that name their object by a type and an id, and hold what changed as JSON in one cell.

What libraries of versions and audits write beside a table of tickets: ``item_type, item_id, object_changes``,
``content_type, object_pk, changes``, ``subject_type, subject_id, properties``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from supportkpi.loaders.generic._headers import folded
from supportkpi.loaders.logs._headers import has_changes
from supportkpi.loaders.logs._objects import comes_again, is_ticket, type_beside
from supportkpi.loaders.logs._plan import case_of
from supportkpi.loaders.logs._words import changed_of
from supportkpi.loaders.mapping._recognise import recognise
from supportkpi.loaders.tables import ROW, Table
from supportkpi.loaders.wide._sample import Sample, words_of

_CHANGES = re.compile(
    r"^(?:(?:object|audited|field|attribute|model|tracked) )?"
    r"(?:changes|changed|change ?set|changed fields|diff|delta|modifications|properties|attributes"
    r"|new values?|after|new data|row data|metadata|meta|payload|details|event data|data|event details|context|extra)"
    r"(?: json)?$"
)
_OF_PAIRS = re.compile(r"change|diff|delta|modification")
"""Of records of JSON other such keys hold how a ticket stands: "attributes.status"."""
_INNER = ("attributes", "after", "new", "changes", "diff", "new values")
_NEW = ("to", "new", "after", "new value", "current", "1")
_OLD = ("from", "old", "before", "old value", "previous", "previous value", "0")
_LOOKED_AT = 2_000
_MOSTLY = 0.5
OTHERS = "other_records"


@dataclass(frozen=True, slots=True, order=True)
class _Path:
    """Where in a column of JSON the new value of a field stands."""

    field: str
    column: str
    path: str  # as json_path_match takes it


def audited(sample: Sample) -> tuple[Table, tuple[str, ...]] | None:
    """The table with the id of each row's ticket and how it stands since; None where no cell tells of changes."""
    paths = list(_paths(sample))
    object_id = case_of(sample) if paths or has_changes(sample.table.columns) else None
    if object_id is None or not comes_again(sample, object_id):
        return None
    if recognise(sample.table.columns, path=sample.table.name) is not None:
        return None
    if not paths:  # a field, what it was and what it is: of tickets, and of what else is audited with them
        only = _of_tickets(sample, object_id)
        return None if only is sample.table else (_named(only, object_id), ())
    table = _of_tickets(sample, object_id)
    made = {
        field: pl.coalesce(_cell(one, sample) for one in sorted(paths, key=_pair_first) if one.field == field)
        for field in dict.fromkeys(one.field for one in paths)
    }
    gone = {object_id, *made, *(one.column for one in paths), *_own_ids(table.columns)}
    kept = [column for column in table.columns if column not in gone]
    frame = table.frame.with_columns(pl.col(object_id).alias("ticket_id"), *(e.alias(n) for n, e in made.items()))
    columns = ("ticket_id", *kept, *made)
    note = f"tickets are named by {object_id!r}, their changes stand in {paths[0].column!r}"
    every = dict.fromkeys((*table.columns, *columns))
    return replace(table, columns=columns, frame=frame.select(ROW, *every)), (note,)


def _named(table: Table, object_id: str) -> Table:
    """The table with its objects under the name of tickets, and no other ids of rows beside them."""
    gone = {object_id, *_own_ids(table.columns)}
    columns = ("ticket_id", *(column for column in table.columns if column not in gone))
    frame = table.frame.with_columns(pl.col(object_id).alias("ticket_id"))
    return replace(table, columns=columns, frame=frame.select(ROW, *dict.fromkeys((*table.columns, *columns))))


def _own_ids(columns: Sequence[str]) -> Iterator[str]:
    return (column for column in columns if folded(column) in ("id", "uuid", "ticket id", "version id", "audit id"))


# --- the object ------------------------------------------------------------------------------------------------------


def _of_tickets(sample: Sample, object_id: str) -> Table:
    """The table without the rows about anything but tickets, where their types tell them apart."""
    table = sample.table
    kind = type_beside(table.columns, object_id)
    if kind is None or sample.words(kind).drop_nulls().n_unique() < 2:
        return table
    cell = words_of(kind, sample.schema[kind])
    every = table.frame.select(cell.unique().alias(kind)).collect().to_series().drop_nulls()
    mine = [word for word in every if is_ticket(word)]
    if not mine:
        return table
    is_mine = cell.is_in(mine).fill_null(value=False)
    rows = int(table.frame.filter(is_mine).select(pl.len()).collect().item())
    excluded = {**table.excluded, OTHERS: table.excluded.get(OTHERS, 0) + table.rows - rows}
    return replace(table, frame=table.frame.filter(is_mine), rows=rows, excluded=excluded)


# --- what changed ----------------------------------------------------------------------------------------------------


def _paths(sample: Sample) -> Iterator[_Path]:
    """Where the new values of what a ticket can change stand, as the sample shows them."""
    for column in sample.table.columns:
        if _CHANGES.match(folded(column)):
            yield from dict.fromkeys(_inside(sample, column))
        elif "." in column:
            yield from _flat(sample, column)


def _inside(sample: Sample, column: str) -> Iterator[_Path]:
    cells = sample.words(column).drop_nulls().head(_LOOKED_AT)
    found = [_parsed(cell) for cell in cells]
    objects = [one for one in found if one is not None]
    if len(objects) < _MOSTLY * len(cells):
        return
    for one in objects:
        for key, value in one.items():
            if folded(key) in _INNER and isinstance(value, dict):
                yield from (
                    path for inner, one_value in value.items() for path in _new(column, f"$.{key}", inner, one_value)
                )
            else:
                yield from _new(column, "$", key, value)


def _flat(sample: Sample, column: str) -> Iterator[_Path]:
    """Of records of JSON, whose keys are columns: "status.newValue" beside the old one, the pair "changes.status"."""
    above, _, key = column.rpartition(".")
    if folded(key) in _NEW:
        beside = any(
            folded(one.rpartition(".")[2]) in _OLD for one in sample.table.columns if one.startswith(f"{above}.")
        )
        field = _field(above.rpartition(".")[2]) if beside else None
        if field is not None:
            yield _Path(field, column, "")
        return
    top, field = folded(column.partition(".")[0]), _field(key)
    cells = sample.words(column).drop_nulls().head(_LOOKED_AT) if field is not None else ()
    if field is not None and len(cells) and _OF_PAIRS.search(top) and _CHANGES.match(top):
        pairs = sum(cell.startswith("[") for cell in cells)
        yield _Path(field, column, "$[1]" if pairs > _MOSTLY * len(cells) else "")


def _new(column: str, above: str, key: str, value: object) -> Iterator[_Path]:
    field = _field(key)
    if field is None:
        return
    at = f"{above}['{key}']" if re.search(r"\W", key) else f"{above}.{key}"
    if isinstance(value, list) and len(value) == 2:  # before and after
        yield _Path(field, column, f"{at}[1]")
    elif isinstance(value, dict):
        inner = next((name for name in value if folded(name) in _NEW), None)
        if inner is not None:
            yield _Path(field, column, f"{at}.{inner}")
    elif not isinstance(value, list):
        yield _Path(field, column, at)


def _field(key: str) -> str | None:
    """The state of a ticket that a key names, by itself or as the new one: "status", "new_status", "to"."""
    words = folded(key)
    if words in _NEW[:-1]:
        return "new value"
    found = changed_of(re.sub(r"^(?:new|to|current) | (?:to|after)$", "", words), {})
    return {"assignee": "assignee_id"}.get(found, found) if found not in (None, "created") else None


def _parsed(cell: str) -> Mapping[str, object] | None:
    if not cell.startswith("{"):
        return None
    try:
        found = json.loads(cell)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _pair_first(one: _Path) -> tuple[bool, str]:
    """A pair before the plain value: of a pair the plain path would give both."""
    return not one.path.endswith("[1]"), one.path


def _cell(one: _Path, sample: Sample) -> pl.Expr:
    text = words_of(one.column, sample.schema[one.column])
    value = text.str.json_path_match(one.path) if one.path else text
    return pl.when(~value.str.starts_with("[") & ~value.is_in(["None", "null"])).then(value)

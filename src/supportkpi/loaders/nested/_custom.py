"""Custom fields of records by what they are called: a category that a helpdesk has no field of its own for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from supportkpi.loaders.generic._headers import ENTITY, folded, synonyms
from supportkpi.loaders.nested._history import History
from supportkpi.loaders.nested._values import Record, ident, objects, values_at, word

_HOLDERS = frozenset(
    (
        "custom attributes",
        "custom fields",
        "custom field",
        "custom data",
        "custom",
        "customer fields",
        "cf",
        "meta fields",
    )
)
"""What objects are called, folded, whose keys the users of a helpdesk have named."""
_FIELDS = ("category", "region", "tier", "language")
_MARKS = ("cf_", "custom_")
_LOOKED_AT = 200


def with_custom(
    paths: Mapping[str, tuple[str, ...]], columns: Sequence[str], rows: Sequence[Record]
) -> dict[str, tuple[str, ...]]:
    """The paths of the fields, and for those that no record has the custom field that bears their name."""
    found = dict(paths)
    own = {column: called for column in columns if (called := _called(column))}
    for name in _FIELDS if own else ():
        if _is_there(rows, paths.get(name, ())):
            continue
        fits = (column for column, called in own.items() if synonyms().matches(called).get(name, 0.0) >= ENTITY)
        held = next((one for one in fits if _is_there(rows, (one,))), None)
        if held is not None:
            found[name] = (*paths.get(name, ()), held)
    return found


def tell_listed(rows: Sequence[Record], paths: Mapping[str, tuple[str, ...]], history: History) -> None:
    """Custom fields that stand in a list of names and values: as the field that a name bears, else as kept columns."""
    for called, values in _listed(rows).items():
        matches = synonyms().matches(called)
        name = next((one for one in _FIELDS if matches.get(one, 0.0) >= ENTITY), None)
        if name is not None and name not in history.values and not _is_there(rows, paths.get(name, ())):
            history.values[name] = values
        elif called not in history.kept:
            history.kept[called] = values


def _listed(rows: Sequence[Record]) -> dict[str, list[object]]:
    """The values of each custom field by its name, one a record; what a choice is called stands for its number."""
    holders = {key for row in rows[:_LOOKED_AT] for key, held in row.items() if held and _is_list(key, held)}
    found: dict[str, list[object]] = {}
    for place, row in enumerate(rows) if holders else ():
        for one in (one for key in holders for one in objects(row.get(key))):
            name, value = ident(one.get("name")), word(one.get("text")) or word(one.get("value"))
            if name is not None and value is not None:
                found.setdefault(name, [None] * len(rows))[place] = value
    return found


def _is_list(key: str, held: object) -> bool:
    return isinstance(held, list) and folded(key) in _HOLDERS and any("name" in one for one in objects(held))


def _is_there(rows: Sequence[Record], paths: Sequence[str]) -> bool:
    return any(value is not None for path in paths for value in values_at(rows, (path,)))


def _called(column: str) -> str | None:
    """What a custom field is called, None for a path that leads to no custom field."""
    holder, _, last = column.rpartition(".")
    if folded(holder.rpartition(".")[2]) not in _HOLDERS:
        return None
    return next((last.removeprefix(mark) for mark in _MARKS if last.startswith(mark)), last)

"""Custom fields of records by what they are called: a category that a helpdesk has no field of its own for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from supportkpi.loaders.generic._headers import ENTITY, folded, synonyms
from supportkpi.loaders.nested._values import Record, values_at

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


def with_custom(
    paths: Mapping[str, tuple[str, ...]], columns: Sequence[str], rows: Sequence[Record]
) -> dict[str, tuple[str, ...]]:
    """The paths of the fields, and for those that no record has the custom field that bears their name."""
    found = dict(paths)
    own = {column: called for column in columns if (called := _called(column))}
    for name in _FIELDS if own else ():
        if any(value is not None for path in paths.get(name, ()) for value in values_at(rows, (path,))):
            continue
        fits = (column for column, called in own.items() if synonyms().matches(called).get(name, 0.0) >= ENTITY)
        held = next((one for one in fits if any(value is not None for value in values_at(rows, (one,)))), None)
        if held is not None:
            found[name] = (*paths.get(name, ()), held)
    return found


def _called(column: str) -> str | None:
    """What a custom field is called, None for a path that leads to no custom field."""
    holder, _, last = column.rpartition(".")
    if folded(holder.rpartition(".")[2]) not in _HOLDERS:
        return None
    return next((last.removeprefix(mark) for mark in _MARKS if last.startswith(mark)), last)

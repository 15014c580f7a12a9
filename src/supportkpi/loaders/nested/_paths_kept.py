"""Which other values of records stay for ``--by`` and ``--where``: short words that repeat, never texts or persons."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

import polars as pl

from supportkpi.loaders.mapping._recognise import normal
from supportkpi.loaders.nested._history import History
from supportkpi.loaders.nested._values import at_path, texts, word, writable
from supportkpi.loaders.tables import ROW, Table
from supportkpi.loaders.wide._collect import kept
from supportkpi.loaders.wide._kept import why_not
from supportkpi.loaders.wide._sample import Sample
from supportkpi.schema import TICKETS, ColumnReading

_TEXTS = frozenset(
    (
        *("body", "html_body", "plain_body", "remark", "comment", "description", "subject", "summary", "title", "text"),
        *("content", "message", "note", "reason_text", "name", "email", "phone", "displayname", "emailaddress"),
        *("avatarurls", "url", "self", "html_url", "firstname", "lastname", "login", "username"),
    )
)
"""Last parts of paths that hold texts, persons or addresses: kept only when they are asked for."""
_NUMBERED = re.compile(r"(?:^|\.)\d+\.")
"""A path through an object whose keys are numbers: a list, which is no column."""


def _is_text(path: str) -> bool:
    return not _TEXTS.isdisjoint(path.casefold().rsplit(".", 1)[-1:])


def _is_below(path: str, never: Collection[str]) -> bool:
    return any(path.startswith(f"{one}.") for one in never)


def kept_columns(
    table: Table, history: History, *, taken: Collection[str], wanted: Collection[str] | None
) -> tuple[list[pl.Series], list[ColumnReading]]:
    """The kept columns, a value a record, named as Story names them; and how each other path is said to be read.

    ``taken`` are paths that stand for a field or are never kept. Of ``wanted`` names all that are there are kept.
    """
    names = None if wanted is None else {normal(name) for name in wanted}
    paths = [path for path in table.columns if path not in taken and not _NUMBERED.search(path)]
    paths = [path for path in paths if not _is_below(path, history.never)]
    if names is not None:
        paths = [path for path in paths if normal(path) in names and path not in TICKETS]
    else:
        paths = [path for path in paths if not _is_text(path)]
    found: dict[str, pl.Series] = {}
    for path in paths:
        values = [at_path(row, path) for row in table.records]
        if names is not None or not any(isinstance(value, list) for value in values):
            told = [value if isinstance(value, str) else word(value) for value in values]
            found[writable(path)] = texts(told, writable(path))
    for name, values in history.kept.items():
        if names is None or normal(name) in names:
            found[writable(name)] = texts(values, writable(name))
    reasons = _reasons(found) if names is None else {}
    columns = [column.alias(kept(name)) for name, column in found.items() if reasons.get(name) is None]
    return columns, [_read(name, column, reasons.get(name)) for name, column in found.items()]


def _reasons(found: Mapping[str, pl.Series]) -> dict[str, str | None]:
    """Why a column is not kept, None for those that are."""
    if not found:
        return {}
    frame = pl.DataFrame(list(found.values())).with_row_index(ROW)
    sample = Sample(
        Table(name="", path="", format="json", columns=tuple(found), frame=frame.lazy(), rows=frame.height, sha256="")
    )
    return {name: why_not(name, sample) for name in found}


def _read(name: str, column: pl.Series, reason: str | None) -> ColumnReading:
    filled = column.count() / len(column) if len(column) else 0.0
    distinct = column.drop_nulls().n_unique()
    said = f"{distinct:,} different value{'' if distinct == 1 else 's'}"
    sure = "kept" if reason is None else "not loaded"
    return ColumnReading(column=name, field=None, confidence=sure, evidence=reason or said, filled=filled)

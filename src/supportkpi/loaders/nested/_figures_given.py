"""Numbers of records that the helpdesk worked out itself: seconds, counts, and whether a target was met."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from supportkpi.loaders.mapping._fields import FIELDS, Sort, span_field
from supportkpi.loaders.mapping._mapping import VERDICTS, Given
from supportkpi.loaders.mapping._vocabulary import plain, status_of
from supportkpi.loaders.nested._history import History
from supportkpi.loaders.nested._lists import value_at
from supportkpi.loaders.nested._system import System
from supportkpi.loaders.nested._values import Record, number, texts, truth, word
from supportkpi.loaders.values._spans import choose_spans
from supportkpi.schema import DONE


def givens(system: System, rows: Sequence[Record], history: History, missing: frozenset[str]) -> list[str]:
    """Put the given numbers of the records into the history; what has to be said of them."""
    said = []
    for name, entries in system.given.items():
        for given in entries:
            field = _field(name, given)
            found = [value_at(row, given.column, missing) for row in rows]
            if field in history.values or all(one is None for one in found):
                continue
            figures = _figures(field, found, given)
            if given.unit == "late":
                pairs = zip(figures, rows, strict=True)
                figures = [met if met is not True or _is_over(system, row) else None for met, row in pairs]
            history.values[field] = figures
            said += [f"{given.column[0]}: {given.assumed}"] if given.assumed else []
    return said


def _is_over(system: System, row: Record) -> bool:
    """Whether a ticket is done or was answered: until then a limit that has not passed may still be missed."""
    table = {plain(text): to for text, to in system.values.get("status", {}).items()}
    status = word(value_at(row, system.columns.get("status", ())))
    done = status is not None and status_of(status, table) in DONE
    return done or value_at(row, system.columns.get("first_reply_at", ())) is not None


def _field(name: str, given: Given) -> str:
    plainly = f"given_{name}"
    return plainly if plainly in FIELDS and given.unit in (None, *VERDICTS) else span_field(name, given.clock)


def _figures(field: str, found: Sequence[object], given: Given) -> list[object]:
    sort = FIELDS[field].sort
    if given.unit == "left":
        numbers = [number(one) for one in found]
        return [None if one is None or (one == 0 and given.zero == "missing") else one >= 0 for one in numbers]
    if sort is Sort.flag:
        table = {plain(text): said for text, said in given.values.items()}
        return [None if one is None else table.get(plain(str(word(one))), truth(one)) for one in found]
    if sort is not Sort.span:
        return [number(one) for one in found]
    cells, unit = texts(found, "v"), given.unit if given.unit not in ("words", "clock") else None
    if given.zero == "missing":
        cells = cells.set(cells.str.contains(r"^0+(?:[.:]0+)*$"), None)
    reading = choose_spans(cells.drop_nulls(), given.column[0], unit)
    if reading is None:
        return [None] * len(found)
    return [*cells.to_frame().select(reading.seconds(pl.col("v"))).to_series().to_list()]

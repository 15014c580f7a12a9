"""The vocabulary of a source of several tables: one closed YAML file says what each is and how they hang together.

A table is read by the words of a helpdesk's mapping (columns, values, ratings, dates), beside which stands by which
names and headers it is known, which of its columns are keys of other tables, and which rows are none.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict

from supportkpi.errors import MappingInvalid
from supportkpi.loaders.mapping._mapping import (
    Columns,
    Confidence,
    Dates,
    Givens,
    HelpdeskMapping,
    Names,
    Rating,
    Values,
)
from supportkpi.loaders.related._called import SOURCES

_READ_AS: Mapping[str, Literal["ticket", "update", "message", "survey", "target"]] = {
    "ticket": "ticket",
    "history": "update",
    "comment": "message",
    "survey": "survey",
    "target": "target",
}


def _listed(value: object) -> object:
    return value if isinstance(value, list | tuple | None) else [value]


class _Closed(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Follow(_Closed):
    """A column that holds the key of a row of another table, and what is taken from there.

    Without ``take`` it is what that table calls its rows (``label``), or else the key itself. Taken columns stand as
    "COLUMN.TAKEN" beside the others, or in place of ``into``; ``where`` names the rows in which the column is that key.
    """

    column: Names
    to: str
    take: Names = ()
    key: Names = ()
    where: dict[str, Names] = {}
    into: str = ""


class Made(_Closed):
    """A column that is made of another one before keys are followed.

    A copy; with ``values`` the words instead of those that it names, and nothing (or with ``others`` the word itself)
    for the rest; ``where`` and ``filled`` (a column that is not empty) name the rows in which that holds.
    """

    into: str
    column: str
    values: dict[str, str] = {}
    others: bool = False
    where: dict[str, Names] = {}
    filled: str = ""


class Meaning(_Closed):
    """What the words of a table mean for a field, by another column that sorts them."""

    field: Literal["status", "priority", "channel"]
    word: str
    by: str
    values: dict[str, str]


class TablePage(_Closed):
    """One table of a source.

    ``has``: headers that it must have; ``sure``: they alone give it away, else its name must be one of ``names``.
    ``rows``: what its rows are; a lookup is joined to the others, a list too (several rows a key), of nothing no KPI
    has any need. ``drop``: reason -> column -> values of rows that are none; ``only``: of rows that alone count, once
    all keys were followed, "*" any value. ``apart``: labels that two keys share get their key beside them.
    ``newest``: the column by which the last of several rows of a key counts. ``begins: false``: the rows of a history
    do not tell how a ticket began.
    """

    title: str = ""
    names: Names = ()
    has: Names
    lacks: Names = ()
    sure: bool = False
    rows: Literal["ticket", "history", "comment", "survey", "target", "lookup", "list", "nothing"]
    begins: bool = True
    key: Names = ("id",)
    label: str = ""
    apart: bool = False
    newest: str = ""
    drop: dict[str, dict[str, Names]] = {}
    only: dict[str, dict[str, Names]] = {}
    made: Annotated[tuple[Made, ...], BeforeValidator(_listed)] = ()
    follow: Annotated[tuple[Follow, ...], BeforeValidator(_listed)] = ()
    meaning: Annotated[tuple[Meaning, ...], BeforeValidator(_listed)] = ()
    columns: Columns = {}
    values: Values = {}
    missing: Names = ()
    given: Givens = {}
    ratings: dict[Literal["csat", "nps", "ces"], Rating] = {}
    dates: Dates = Dates()
    keep: Literal["all"] | Names = "all"

    @property
    def is_read(self) -> bool:
        """Whether its rows are tickets, events or answers, and not only what these name."""
        return self.rows in _READ_AS


class Source(_Closed):
    """The tables of one system as a warehouse or a backup holds them; ``nothing``: names of those that no KPI needs."""

    id: str
    title: str
    confidence: Confidence = "confirmed"
    tables: dict[str, TablePage]
    nothing: Names = ()

    def mapping(self, name: str, words: Mapping[str, Mapping[str, str]]) -> HelpdeskMapping:
        """The mapping by which a table is read; ``words`` are meanings that other tables give, below its own."""
        page = self.tables[name]
        own = {str(field): table for field, table in page.values.items()}
        told = {
            "id": self.id,
            "title": f"{self.title}: {page.title or name.replace('_', ' ')}",
            "rows": _READ_AS[page.rows],
            "values": {field: {**words.get(field, {}), **own.get(field, {})} for field in {**words, **own}},
            "keep": () if page.keep == "all" and page.rows != "ticket" else page.keep,
        }
        same = {name: getattr(page, name) for name in ("columns", "missing", "given", "ratings", "dates", "begins")}
        return HelpdeskMapping.model_validate({**same, **told})

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that its tables can fill."""
        found = [name for page in self.tables.values() for name in (*page.columns, *page.ratings)]
        return tuple(dict.fromkeys(found))


@cache
def sources() -> Mapping[str, Source]:
    """Every source by its id: a file each in the folder, none to be entered anywhere.

    Raises:
        MappingInvalid: a file follows a key to a table that it does not name.
    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found = {
        path.stem: Source.model_validate(yaml.load(path.read_text("utf-8"), Loader=loader))  # noqa: S506
        for path in sorted(SOURCES.glob("*.yaml"))
    }
    for source in found.values():
        for name, page in source.tables.items():
            for one in page.follow:
                if one.to not in source.tables:
                    raise MappingInvalid(f"{source.id}: {name} follows a key to {one.to!r}, which is no table of it")
    return found

"""Which table of which source a file is: by its headers, and by its name where headers of many tables are alike."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from supportkpi.loaders.beside._series import stem
from supportkpi.loaders.generic._headers import folded
from supportkpi.loaders.related._page import Source, TablePage, sources
from supportkpi.loaders.tables import Table

_SYNCED = re.compile(
    r"^_(?:fivetran|airbyte|sdc|dlt|segment|hevo|rivery|portable|estuary|dagster|cdc)_|^_?(?:dbt_scd_id|etl_loaded_at)$",
    re.IGNORECASE,
)
"""Columns that a connector to a warehouse adds to every table."""
_AROUND = frozenset(
    (
        "data",
        "seed",
        "export",
        "exported",
        "table",
        "tbl",
        "sample",
        "dump",
        "csv",
        "full",
        "raw",
        "stg",
        "staging",
        "src",
        "source",
        "base",
        "int",
        "dim",
        "fct",
        "fact",
        "public",
        "dbo",
        "prod",
        "production",
        "warehouse",
        "fivetran",
        "airbyte",
        "stitch",
        "singer",
        "zendesk",
        "support",
        "intercom",
        "jira",
        "salesforce",
        "sfdc",
        "hubspot",
        "servicenow",
        "snow",
        "qualtrics",
        "backup",
        "all",
        "my",
        "latest",
        "current",
    )
)
"""Words around the name of a table that do not belong to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A file that is a known table of a source."""

    source: Source
    name: str

    @property
    def page(self) -> TablePage:
        """What is said of the table."""
        return self.source.tables[self.name]


def is_synced(table: Table) -> bool:
    """Whether a connector to a warehouse has written the table."""
    return any(_SYNCED.match(column) for column in table.columns)


def called(table: Table) -> str:
    """The name of a table as it is called without what stands around it: "ticket field history"."""
    words = [word for word in folded(stem(table.name)).split() if not word.isdecimal()]
    while len(words) > 1 and words[-1] in _AROUND:
        words.pop()
    while len(words) > 1 and words[0] in _AROUND:
        words.pop(0)
    return " ".join(words)


def known(tables: Sequence[Table], *, only: str | None = None) -> dict[int, Named]:
    """The tables that a source names, by their places; ``only``: the one source that is asked for.

    A table that could be of several sources is of the one of which most others are; lookups alone are of none.
    """
    pages = {name: source for name, source in sources().items() if only in (None, name)}
    found = {name: _of(source, tables) for name, source in pages.items()}
    read = {name: of for name, of in found.items() if any(pages[name].tables[one].is_read for one in of.values())}
    weight = Counter({name: len(of) for name, of in read.items()})
    made: dict[int, Named] = {}
    for place, table in enumerate(tables):
        mine = [name for name, of in read.items() if place in of]
        best = max(mine, key=lambda name: (_score(pages[name], read[name][place]), weight[name]), default=None)
        if best is not None:
            made[place] = Named(source=pages[best], name=read[best][place])
        elif not read and is_synced(table):
            alone = next((name for name, of in found.items() if place in of), None)
            if alone is not None:
                made[place] = Named(source=pages[alone], name=found[alone][place])
    return made


def _score(source: Source, name: str) -> int:
    return len(source.tables[name].has)


def _of(source: Source, tables: Sequence[Table]) -> dict[int, str]:
    """The tables of one source: of several pages that fit a table the one with most headers."""
    found: dict[int, str] = {}
    for place, table in enumerate(tables):
        headers, name = frozenset(folded(column) for column in table.columns), called(table)
        fits = {page: len(one.has) for page, one in source.tables.items() if _fits(one, headers, name)}
        if fits:
            found[place] = max(fits, key=lambda page: (_names(source.tables[page], name), fits[page]))
    return found


def _fits(page: TablePage, headers: frozenset[str], name: str) -> bool:
    if not all(folded(header) in headers for header in page.has) or any(folded(one) in headers for one in page.lacks):
        return False
    return page.sure or _names(page, name)


def _names(page: TablePage, name: str) -> bool:
    return any(name in (folded(one), f"{folded(one)}s") for one in page.names)


def needless(table: Table, source: Source) -> bool:
    """Whether a table is one that the source has and no KPI needs."""
    name = called(table)
    return any(name in (folded(one), f"{folded(one)}s") for one in source.nothing)


def column_of(table: Table, name: str) -> str | None:
    """The column of a table by its header, letter case and punctuation aside."""
    return _headers(table).get(folded(name))


def _headers(table: Table) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for column in table.columns:
        found.setdefault(folded(column), column)
    return found

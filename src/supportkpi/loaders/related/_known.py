"""Which table of which source a file is: by its headers, and by its name where headers of many tables are alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from supportkpi.loaders.generic._headers import folded
from supportkpi.loaders.related._called import called, is_synced
from supportkpi.loaders.related._page import Source, TablePage, sources
from supportkpi.loaders.tables import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A file that is a known table of a source."""

    source: Source
    name: str

    @property
    def page(self) -> TablePage:
        """What is said of the table."""
        return self.source.tables[self.name]


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
